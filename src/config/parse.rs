//! Text to setting: what a value may be. An error is the mend, to stand after "use".

use std::{fmt, net::SocketAddr, str::FromStr as _};

use lovebank_ledger::{BranchName, Zone};
use lovebank_vault::Recipient;
use tracing_subscriber::EnvFilter;

use super::{AddressOrOff, OFF};

/// The longest origin: that of the longest host name.
const ORIGIN_MAX: usize = 300;

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

impl LogFormat {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("text or json".to_owned()),
        }
    }
}

/// A whole number from `MIN` to `MAX`.
pub(super) fn whole<T: TryFrom<u32>, const MIN: u32, const MAX: u32>(
    text: &str,
) -> Result<T, String> {
    let within = text.parse().ok().filter(|it| (MIN..=MAX).contains(it));
    within
        .and_then(|it| T::try_from(it).ok())
        .ok_or_else(|| format!("a whole number from {MIN} to {MAX}"))
}

pub(super) fn yes_or_no(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "true or false".to_owned())
}

pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "an IP address and a port, such as 127.0.0.1:50051, [::1]:50051 or 0.0.0.0:50051".to_owned()
    })
}

pub(super) fn address_or_off(text: &str) -> Result<AddressOrOff, String> {
    if text == OFF {
        return Ok(None);
    }
    address(text).map(Some).map_err(|err| format!("{err}, or off"))
}

pub(super) fn zone(text: &str) -> Result<String, String> {
    Zone::named(text)
        .map(|it| it.name().to_owned())
        .map_err(|_| "the name of an IANA time zone, such as Asia/Shanghai".to_owned())
}

pub(super) fn recipient(text: &str) -> Result<Recipient, String> {
    text.parse()
        .map_err(|err| format!("the public key that `lovebank-admin backup key` shows ({err})"))
}

pub(super) fn bank_name(text: &str) -> Result<String, String> {
    let told = |err| format!("a text of 1 to {} printable characters ({err})", BranchName::MAX);
    BranchName::new(text).map(|it| it.to_string()).map_err(told)
}

pub(super) fn log_filter(text: &str) -> Result<String, String> {
    let told = |err: &dyn fmt::Display| {
        format!("off, error, warn, info, debug or trace, alone or as in info,h2=warn ({err})")
    };
    if text.trim().is_empty() {
        return Err(told(&"it is empty"));
    }
    EnvFilter::from_str(text).map(|_| text.to_owned()).map_err(|err| told(&err))
}

/// An origin as browsers say it: a scheme, a host, a port if it is not the scheme's own.
pub(super) fn origin(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let fit = |it: u8| {
        it.is_ascii_lowercase()
            || it.is_ascii_digit()
            || matches!(it, b'.' | b'-' | b':' | b'[' | b']')
    };
    let whole = host.is_some_and(|it| !it.is_empty() && it.bytes().all(fit));
    if whole && text.len() <= ORIGIN_MAX {
        Ok(text.to_owned())
    } else {
        Err("a scheme and a host in lower case, such as https://desk.example.org or \
             http://localhost:8080, without a path"
            .to_owned())
    }
}
