//! The command line of a Love Bank.

use std::process::ExitCode;

use clap::Parser as _;
use lovebank_admin::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    match lovebank_admin::run(Cli::parse()).await {
        Ok(code) => ExitCode::from(code),
        Err(err) => {
            eprintln!("lovebank-admin: {err:#}");
            ExitCode::FAILURE
        }
    }
}
