//! The command line of a Love Bank.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    ExitCode::from(lovebank_admin::run().await)
}
