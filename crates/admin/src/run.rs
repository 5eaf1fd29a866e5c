//! From what was typed to an exit code.

use std::ffi::OsString;

use clap::{Arg, Command, CommandFactory as _, FromArgMatches as _};

use crate::{
    chinese,
    cli::{Cli, Lang},
    fail::Exit,
    out,
    session::Session,
};

/// Does what was typed; the exit code.
pub async fn run() -> u8 {
    let typed: Vec<OsString> = std::env::args_os().collect();
    let lang = lang_of_help(&typed);
    let command = lang.pick(Cli::command(), chinese::told(Cli::command()));
    let parsed = command.try_get_matches_from(typed).and_then(|it| Cli::from_arg_matches(&it));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(err) => {
            // Where even that cannot be written there is nobody to tell.
            err.print().ok();
            if err.use_stderr() {
                out::complain(lang.pick("", "命令看不懂：请用 --help 查看用法"));
            }
            return Exit::from_clap(&err).code();
        }
    };
    let lang = cli.globals.lang;
    let done = match Session::begin(cli.globals, cli.verb.caller()).await {
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

/// The language of the help, which is wanted before all of it is understood.
fn lang_of_help(typed: &[OsString]) -> Lang {
    let said = |it: &OsString| it.to_str().map(str::to_owned);
    let words: Vec<String> = typed.iter().filter_map(said).collect();
    let after = words.iter().zip(words.iter().skip(1)).filter(|(it, _)| *it == "--lang");
    let joined = words.iter().filter_map(|it| it.strip_prefix("--lang="));
    let given = after.map(|(_, lang)| lang.as_str()).chain(joined).last();
    let environment = || {
        let lang = Arg::new("lang").long("lang").env("LOVEBANK_LANG");
        let found = Command::new("").arg(lang).try_get_matches_from([""]).ok()?;
        found.get_one::<String>("lang").cloned()
    };
    let lang = given.map(str::to_owned).or_else(environment);
    if lang.as_deref() == Some("zh") { Lang::Zh } else { Lang::En }
}
