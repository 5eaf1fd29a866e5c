//! Flags over environment over file over defaults, and where a faulty value came from.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fmt::{self, Write as _},
    fs,
    io::Write as _,
    path::PathBuf,
    process::ExitCode,
};

use clap::{
    ArgMatches, Command, CommandFactory as _, FromArgMatches as _, Parser,
    error::{ContextKind, ContextValue, ErrorKind},
    parser::ValueSource,
};
use thiserror::Error;

use super::Config;

/// Every setting's name in the environment is this and the name in upper case.
const PREFIX: &str = "LOVEBANK_";

const EXAMPLES: &str = "\
Every setting can also stand in the environment, or as a line of the file that --config names.
A flag comes first, then the environment, then the file, then the default.

Examples:
  lovebank
      a bank in ./data on 127.0.0.1:50051, for this machine only
  lovebank --data /var/lib/lovebank --mirror /mnt/second/lovebank --metrics-listen off
      the journal on two disks, no metrics
  lovebank --listen 0.0.0.0:50051 --tls-cert cert.pem --tls-key key.pem
      for other machines
  LOVEBANK_LOG_FORMAT=json lovebank --config lovebank.toml --print-config
      shows what would hold, and where each setting comes from";

/// The service of a Love Bank (爱心银行)
#[derive(Debug, Parser)]
#[command(name = "lovebank", version, after_help = EXAMPLES, max_term_width = 100)]
struct Line {
    /// File of settings, TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Show the settings as a file and where each comes from, and stop
    #[arg(long)]
    print_config: bool,
    #[command(flatten)]
    settings: Config,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag,
    /// The environment, under this name.
    Env(String),
    /// This file.
    File(PathBuf),
    /// Nowhere: it is the default.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("the command line"),
            Self::Env(name) => write!(f, "the environment ({name})"),
            Self::File(path) => write!(f, "the file {}", path.display()),
            Self::Default => f.write_str("the default"),
        }
    }
}

/// How the secret half of a vault's key begins.
const SECRET: &str = "lovebank-key-";

/// What is wrong with the settings, and the mend.
#[derive(Debug, Error)]
pub enum Problem {
    /// A value that the setting cannot have.
    #[error("{setting} = {value:?}, from {origin}: {mend}")]
    Value {
        /// The setting.
        setting: String,
        /// Its value as given.
        value: String,
        /// Where it was given.
        origin: Origin,
        /// What to do.
        mend: String,
    },
    /// The file cannot be read.
    #[error("the file {} cannot be read: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file is not TOML.
    #[error("the file {} is not TOML: {cause}", path.display())]
    NotToml {
        /// The file.
        path: PathBuf,
        /// Why, and where.
        cause: Box<toml::de::Error>,
    },
    /// The file names what is no setting.
    #[error("{name:?} in the file {} is no setting; there are: {known}", path.display())]
    Unknown {
        /// What it names.
        name: String,
        /// The file.
        path: PathBuf,
        /// Every setting.
        known: String,
    },
}

/// What is done instead of starting a bank.
#[derive(Debug)]
pub enum Instead {
    /// The command line asked for help or the version, or was not understood.
    Usage(clap::Error),
    /// The settings were asked for.
    Shown(String),
    /// The settings are at fault.
    Faulty(Problem),
}

impl Instead {
    /// Tells it on the stream where it belongs; the code to exit with.
    pub fn exit(&self) -> ExitCode {
        // Where nobody listens any more, the exit code still tells.
        match self {
            Self::Usage(err) => {
                err.print().ok();
                u8::try_from(err.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
            }
            Self::Shown(text) => {
                std::io::stdout().write_all(text.as_bytes()).ok();
                ExitCode::SUCCESS
            }
            Self::Faulty(problem) => {
                writeln!(std::io::stderr(), "lovebank: {problem}").ok();
                ExitCode::from(2)
            }
        }
    }
}

impl From<Problem> for Instead {
    fn from(problem: Problem) -> Self {
        Self::Faulty(problem)
    }
}

type Env<'a> = &'a dyn Fn(&str) -> Option<OsString>;

pub(super) fn load(mut args: Vec<OsString>, env: Env<'_>) -> Result<Config, Instead> {
    let command = command();
    let flags = command.clone().try_get_matches_from(&args);
    let flags = flags.map_err(|err| explain(err, |_| Origin::Flag))?;
    let named = || env(&env_name("config")).map(PathBuf::from);
    let file = match flags.get_one("config").cloned().or_else(named) {
        Some(path) => File::read(path)?,
        None => File::default(),
    };
    let mut origins = BTreeMap::new();
    let mut below = Vec::new();
    for setting in settings(&command) {
        let (origin, values) = if flags.value_source(&setting) == Some(ValueSource::CommandLine) {
            (Origin::Flag, Vec::new())
        } else if let Some(value) = env(&env_name(&setting)) {
            (Origin::Env(env_name(&setting)), vec![value])
        } else if let Some(values) = file.values.get(&setting) {
            (Origin::File(file.path.clone()), values.clone())
        } else {
            (Origin::Default, Vec::new())
        };
        below.extend(values.iter().map(|it| flag(&setting, it)));
        origins.insert(setting, origin);
    }
    // What the layers below say goes before the flags, as flags: one parser, one set of errors.
    args.splice(1.min(args.len())..1.min(args.len()), below);
    let origin = |it: &str| origins.get(it).cloned().unwrap_or(Origin::Flag);
    let matches = command.try_get_matches_from(&args).map_err(|err| explain(err, origin))?;
    let line = Line::from_arg_matches(&matches).map_err(Instead::Usage)?;
    line.settings.check().map_err(|(setting, mend)| Problem::Value {
        setting: setting.to_owned(),
        value: raw(&matches, setting).join(","),
        origin: origin(setting),
        mend: mend.to_owned(),
    })?;
    if line.print_config {
        return Err(Instead::Shown(shown(&matches, &origins)));
    }
    Ok(line.settings.settle())
}

/// The command line, with each setting's name in the environment in its help.
pub(super) fn command() -> Command {
    Line::command().mut_args(|arg| {
        let id = arg.get_id().as_str();
        if ["print_config", "help", "version"].contains(&id) {
            return arg;
        }
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let help = format!("{help} [env: {}]", env_name(id));
        arg.help(help).long_help(None)
    })
}

/// The name of every setting.
pub(super) fn settings(command: &Command) -> impl Iterator<Item = String> {
    let names = command.get_arguments().map(|it| it.get_id().as_str());
    names
        .filter(|it| !["config", "print_config", "help", "version"].contains(it))
        .map(str::to_owned)
}

fn env_name(setting: &str) -> String {
    format!("{PREFIX}{}", setting.to_uppercase())
}

fn flag(setting: &str, value: &OsStr) -> OsString {
    let mut flag = OsString::from(format!("--{}=", setting.replace('_', "-")));
    flag.push(value);
    flag
}

/// What a file says.
#[derive(Debug, Default)]
struct File {
    path: PathBuf,
    values: BTreeMap<String, Vec<OsString>>,
}

impl File {
    fn read(path: PathBuf) -> Result<Self, Problem> {
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(path, &text),
            Err(cause) => Err(Problem::Unreadable { path, cause }),
        }
    }

    fn parse(path: PathBuf, text: &str) -> Result<Self, Problem> {
        let table: toml::Table = text
            .parse()
            .map_err(|cause| Problem::NotToml { path: path.clone(), cause: Box::new(cause) })?;
        let known: Vec<_> = settings(&command()).collect();
        let mut values = BTreeMap::new();
        for (name, value) in table {
            if !known.contains(&name) {
                return Err(Problem::Unknown { name, path, known: known.join(", ") });
            }
            let list = name == "grpc_web_origins";
            let Some(texts) = texts(&value, list) else {
                return Err(not_a_value(name, &value, path));
            };
            values.insert(name, texts);
        }
        Ok(Self { path, values })
    }
}

/// The texts of a value, as a flag would say them.
fn texts(value: &toml::Value, list: bool) -> Option<Vec<OsString>> {
    match value {
        toml::Value::String(text) => Some(vec![text.into()]),
        toml::Value::Integer(number) => Some(vec![number.to_string().into()]),
        toml::Value::Boolean(yes) => Some(vec![yes.to_string().into()]),
        toml::Value::Array(values) if list => {
            let texts = values.iter().map(|it| it.as_str().map(OsString::from));
            texts.collect()
        }
        toml::Value::Array(_)
        | toml::Value::Float(_)
        | toml::Value::Datetime(_)
        | toml::Value::Table(_) => None,
    }
}

fn not_a_value(setting: String, value: &toml::Value, path: PathBuf) -> Problem {
    let mend = match setting.as_str() {
        "grpc_web_origins" => "use texts in brackets, such as [\"https://desk.example.org\"]",
        _ => "use a text in quotes, a whole number, true or false",
    };
    let value = without_secrets(value.to_string());
    Problem::Value { setting, value, origin: Origin::File(path), mend: mend.to_owned() }
}

/// A value as it may stand in a log: the secret half of a key is not shown.
fn without_secrets(value: String) -> String {
    if value.contains(SECRET) { format!("{SECRET}…") } else { value }
}

/// A value that did not parse, as a problem of a setting; any other error as it is.
fn explain(err: clap::Error, origin: impl Fn(&str) -> Origin) -> Instead {
    let text = |kind| match err.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let named = text(ContextKind::InvalidArg).and_then(|it| it.strip_prefix("--"));
    let Some(named) = named.and_then(|it| it.split([' ', '=', '[']).next()) else {
        return Instead::Usage(err);
    };
    let setting = named.replace('-', "_");
    let value = without_secrets(text(ContextKind::InvalidValue).unwrap_or_default().to_owned());
    let mend = match (err.kind(), std::error::Error::source(&err)) {
        (ErrorKind::ValueValidation, Some(mend)) => format!("use {mend}"),
        (ErrorKind::InvalidValue, _) if value.is_empty() => "a value is needed".to_owned(),
        _ => return Instead::Usage(err),
    };
    let origin = origin(&setting);
    Problem::Value { setting, value, origin, mend }.into()
}

fn raw(matches: &ArgMatches, setting: &str) -> Vec<String> {
    let values = matches.get_raw(setting).into_iter().flatten();
    values.map(|it| it.to_string_lossy().into_owned()).collect()
}

/// The settings as a file that says the same, with where each comes from.
fn shown(matches: &ArgMatches, origins: &BTreeMap<String, Origin>) -> String {
    let mut text = String::new();
    for setting in settings(&command()) {
        let values = raw(matches, &setting);
        let origin = origins.get(&setting).unwrap_or(&Origin::Default);
        let line = match values.as_slice() {
            values if setting == "grpc_web_origins" => {
                let values = values.iter().cloned().map(toml::Value::String).collect();
                format!("{setting} = {}", toml::Value::Array(values))
            }
            [] => format!("# {setting} is not set"),
            [value, ..] => format!("{setting} = {}", literal(value)),
        };
        // Writing to a text cannot fail.
        writeln!(text, "{line}  # {origin}").ok();
    }
    text
}

fn literal(value: &str) -> String {
    let bare = value.parse::<u32>().is_ok() || value.parse::<bool>().is_ok();
    if bare { value.to_owned() } else { toml::Value::String(value.to_owned()).to_string() }
}

/// The settings of a file, for tests of the one that is deployed.
#[cfg(test)]
pub(super) fn of_file(path: &std::path::Path) -> Result<Config, Instead> {
    load(vec!["lovebank".into(), "--config".into(), path.into()], &|_| None)
}
