//! From what was typed to an exit code.

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::{cli::Cli, fail::Exit, out, session::Session};

/// Does what was typed; the exit code.
pub async fn run() -> u8 {
    let parsed = Cli::command().try_get_matches().and_then(|it| Cli::from_arg_matches(&it));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(err) => {
            // Where even that cannot be written there is nobody to tell.
            err.print().ok();
            return Exit::from_clap(&err).code();
        }
    };
    let lang = cli.globals.lang;
    let done = match Session::begin(cli.globals).await {
        Ok(session) => cli.verb.run(&session).await,
        Err(fail) => Err(fail),
    };
    match done {
        Ok(exit) => exit.code(),
        Err(fail) => {
            out::complain(&fail.text(lang));
            fail.exit.code()
        }
    }
}
