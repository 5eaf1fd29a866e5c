//! The settings: the only reader of the environment.
//!
//! A flag comes before `LOVEBANK_<SETTING>`, that before the file of `--config`, that before the
//! default. Every layer says the same names and is read by the same parsers.

mod layers;
mod parse;
#[cfg(test)]
mod tests;

use std::{
    ffi::OsString,
    net::SocketAddr,
    path::{Component, Path, PathBuf},
};

use clap::{ArgAction, Args};
use lovebank_vault::Recipient;

pub use layers::{Instead, Origin, Problem};
pub use parse::LogFormat;
use parse::{address, address_or_off, bank_name, log_filter, origin, recipient, whole, zone};

/// Turns a setting off that has a default.
const OFF: &str = "off";

/// An address, or none where the setting is `off`.
pub type AddressOrOff = Option<SocketAddr>;

/// Every setting, checked. [`Config::default`] is what `deploy/lovebank.toml` explains.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Config {
    /// Directory of the bank: its journal, its vault and its first operator token
    #[arg(long, value_name = "DIR", default_value = "./data", help_heading = "Bank")]
    pub data: PathBuf,

    /// Directory of the journal's second copy, best on another disk, or off [default: mirror/ in
    /// data]
    ///
    /// Once loaded, this is `None` only where it is off.
    #[arg(long, value_name = "DIR", help_heading = "Bank")]
    pub mirror: Option<PathBuf>,

    /// Name of the bank; read when it is first opened
    #[arg(long, value_name = "TEXT", help_heading = "Bank")]
    #[arg(default_value = "爱心银行", value_parser = bank_name)]
    pub bank_name: String,

    /// IANA time zone of the bank's dates; read when it is first opened
    #[arg(long, value_name = "ZONE", help_heading = "Bank")]
    #[arg(default_value = "Asia/Shanghai", value_parser = zone)]
    pub zone: String,

    /// First rulebook, a TOML file; read when the bank is first opened [default: built in]
    #[arg(long, value_name = "FILE", help_heading = "Bank")]
    pub rulebook: Option<PathBuf>,

    /// File outside the data directory that tells how far the journal had come; a bank behind it
    /// does not open
    #[arg(long, value_name = "FILE", help_heading = "Bank")]
    pub witness_file: Option<PathBuf>,

    /// Public key to which the vault is sealed for backups; `lovebank-admin backup key` makes one
    #[arg(long, value_name = "KEY", help_heading = "Bank", value_parser = recipient)]
    pub vault_recipient: Option<Recipient>,

    /// Address of gRPC; one that is not loopback needs TLS or --allow-insecure
    #[arg(long, value_name = "ADDRESS", help_heading = "Network")]
    #[arg(default_value = "127.0.0.1:50051", value_parser = address)]
    pub listen: SocketAddr,

    /// PEM file of the certificate chain; needs --tls-key
    #[arg(long, value_name = "FILE", help_heading = "Network")]
    pub tls_cert: Option<PathBuf>,

    /// PEM file of the private key; needs --tls-cert
    #[arg(long, value_name = "FILE", help_heading = "Network")]
    pub tls_key: Option<PathBuf>,

    /// Whether other machines may call without TLS: tokens and names then travel readable
    #[arg(long, value_name = "BOOL", help_heading = "Network", default_value = "false")]
    #[arg(action = ArgAction::Set, num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "true", value_parser = parse::yes_or_no)]
    pub allow_insecure: bool,

    /// Address of /metrics and /healthz, or off; plain HTTP, no personal data
    #[arg(long, value_name = "ADDRESS", help_heading = "Network")]
    #[arg(default_value = "127.0.0.1:50052", value_parser = address_or_off)]
    pub metrics_listen: AddressOrOff,

    /// Origins whose web pages may call by gRPC-Web, with commas between; none: same origin only
    #[arg(long, value_name = "ORIGINS", help_heading = "Network")]
    #[arg(value_delimiter = ',', value_parser = origin)]
    pub grpc_web_origins: Vec<String>,

    /// Commands that may wait for the writer, 1 to 65536; more are turned away at once
    #[arg(long, value_name = "N", help_heading = "Limits")]
    #[arg(default_value = "4096", value_parser = whole::<usize, 1, 65_536>)]
    pub queue_max: usize,

    /// Commands that one append makes durable, 1 to 4096
    #[arg(long, value_name = "N", help_heading = "Limits")]
    #[arg(default_value = "1024", value_parser = whole::<usize, 1, 4096>)]
    pub group_max: usize,

    /// Bytes of one request, 65536 to 67108864
    #[arg(long, value_name = "BYTES", help_heading = "Limits")]
    #[arg(default_value = "4194304", value_parser = whole::<usize, 65_536, 67_108_864>)]
    pub request_bytes_max: usize,

    /// Seconds that a call may take, 1 to 3600; a call without a deadline has this one
    #[arg(long, value_name = "SECONDS", help_heading = "Limits")]
    #[arg(default_value = "30", value_parser = whole::<u64, 1, 3600>)]
    pub request_timeout_s: u64,

    /// Calls at a time on one connection, 1 to 4096
    #[arg(long, value_name = "N", help_heading = "Limits")]
    #[arg(default_value = "256", value_parser = whole::<u32, 1, 4096>)]
    pub streams_max: u32,

    /// Callers that may watch the journal at a time, 0 to 100000
    #[arg(long, value_name = "N", help_heading = "Limits")]
    #[arg(default_value = "1000", value_parser = whole::<usize, 0, 100_000>)]
    pub watchers_max: usize,

    /// Cache of the journal in MiB, 8 to 65536; it may use up to four times that
    #[arg(long, value_name = "MIB", help_heading = "Limits")]
    #[arg(default_value = "64", value_parser = whole::<u64, 8, 65_536>)]
    pub cache_mib: u64,

    /// Seconds that running calls have to end when the bank stops, 0 to 600
    #[arg(long, value_name = "SECONDS", help_heading = "Limits")]
    #[arg(default_value = "20", value_parser = whole::<u64, 0, 600>)]
    pub shutdown_grace_s: u64,

    /// What is logged: a level, or levels by module such as info,h2=warn
    #[arg(long, value_name = "FILTER", help_heading = "Log")]
    #[arg(default_value = "info", value_parser = log_filter)]
    pub log: String,

    /// How a line of the log looks: text or json
    #[arg(long, value_name = "FORMAT", help_heading = "Log")]
    #[arg(default_value = "text", value_parser = LogFormat::parse)]
    pub log_format: LogFormat,
}

impl Config {
    /// Reads the settings of this process.
    pub fn load(args: impl IntoIterator<Item = OsString>) -> Result<Self, Instead> {
        layers::load(args.into_iter().collect(), &|name| std::env::var_os(name))
    }

    /// The defaults, for a bank in another directory.
    #[expect(clippy::missing_panics_doc, reason = "a test loads the defaults")]
    pub fn in_directory(data: impl AsRef<Path>) -> Self {
        let mut flag = OsString::from("--data=");
        flag.push(data.as_ref());
        layers::load(vec!["lovebank".into(), flag], &|_| None).expect("the defaults are in order")
    }

    /// The certificate chain and the private key, where there is TLS.
    pub fn tls(&self) -> Option<(&Path, &Path)> {
        self.tls_cert.as_deref().zip(self.tls_key.as_deref())
    }

    /// What no setting can show alone: the setting at fault, and the mend.
    fn check(&self) -> Result<(), (&'static str, &'static str)> {
        match (&self.tls_cert, &self.tls_key) {
            (Some(_), None) => {
                return Err(("tls_cert", "tls_key is missing: give both files, or neither"));
            }
            (None, Some(_)) => {
                return Err(("tls_key", "tls_cert is missing: give both files, or neither"));
            }
            (Some(_), Some(_)) | (None, None) => {}
        }
        if !self.listen.ip().is_loopback() && self.tls().is_none() && !self.allow_insecure {
            return Err((
                "listen",
                "other machines can reach it, and tokens would travel readable: give tls_cert \
                 and tls_key, or say allow_insecure = true where something in front does TLS",
            ));
        }
        if self.metrics_listen == Some(self.listen) && self.listen.port() != 0 {
            return Err(("metrics_listen", "listen has this address: choose another port, or off"));
        }
        if self.mirror.as_ref() == Some(&self.data) {
            return Err(("mirror", "data is the same directory: a mirror is a second one"));
        }
        if self.witness_file.as_deref().is_some_and(|it| self.keeps(it)) {
            return Err((
                "witness_file",
                "it is within data or mirror, and would be set back with them: put it elsewhere, \
                 best on another machine's disk",
            ));
        }
        Ok(())
    }

    /// Whether a file is within data or mirror, by whatever way: as it is called, where it is read,
    /// and where one that is put in its place would be.
    fn keeps(&self, file: &Path) -> bool {
        let called = full(file);
        let beside = called.parent().zip(called.file_name()).map(|(it, name)| real(it).join(name));
        // With a `..` in it, a name does not say where it leads.
        let direct = !called.components().any(|it| it == Component::ParentDir);
        let named = direct.then(|| called.clone());
        let places: Vec<_> = [real(file)].into_iter().chain(named).chain(beside).collect();
        let kept = std::iter::once(&self.data).chain(&self.mirror);
        let mut kept = kept.flat_map(|it| [full(it), real(it)]);
        kept.any(|dir| places.iter().any(|it| it.starts_with(&dir)))
    }

    /// The mirror as it is used: one beside the journal unless another is given, or none.
    fn settle(mut self) -> Self {
        let given = self.mirror.take().unwrap_or_else(|| self.data.join("mirror"));
        self.mirror = (given != Path::new(OFF)).then_some(given);
        self
    }
}

fn full(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The most links that are followed from one to the next, as Linux has it.
const LINKS_MAX: u8 = 40;

/// The full path, without links and `..`: also of what is not there yet.
fn real(path: &Path) -> PathBuf {
    followed(path, LINKS_MAX)
}

fn followed(path: &Path, links: u8) -> PathBuf {
    if let Ok(it) = path.canonicalize() {
        return it;
    }
    let full = full(path);
    let Some(parent) = full.parent() else { return full };
    let mut real = followed(parent, links);
    // A link may lead to what is made at the first start.
    if let (Some(left), Ok(target)) = (links.checked_sub(1), full.read_link()) {
        return followed(&real.join(target), left);
    }
    match full.file_name() {
        Some(name) => real.push(name),
        // It ends with `..`.
        None => drop(real.pop()),
    }
    real
}

impl Default for Config {
    fn default() -> Self {
        Self::in_directory("./data")
    }
}
