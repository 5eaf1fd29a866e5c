//! The way to the bank: its address, the token, and a no in the caller's language.

use std::{fs, path::Path};

use anyhow::{Context as _, anyhow};
use tonic::{Request, Status, transport::Channel};
use tonic_types::StatusExt as _;

use crate::cli::{Cli, Lang};

/// A connection with a token.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) channel: Channel,
    token: tonic::metadata::MetadataValue<tonic::metadata::Ascii>,
    lang: Lang,
}

impl Client {
    pub(crate) async fn connect(cli: &Cli) -> anyhow::Result<Self> {
        let endpoint = Channel::from_shared(cli.server.clone()).context("--server")?;
        let channel = endpoint.connect().await;
        let channel = channel.with_context(|| {
            format!("cannot reach the bank at {}: start it, or give --server", cli.server)
        })?;
        let token = token(&cli.token_file)?;
        let token = format!("Bearer {token}").parse().context("the token is no header")?;
        Ok(Self { channel, token, lang: cli.lang })
    }

    /// A message with the token.
    pub(crate) fn ask<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", self.token.clone());
        request
    }

    /// A no for a person.
    pub(crate) fn no(&self, status: &Status) -> anyhow::Error {
        let reason = status.get_details_error_info().map(|it| format!(" ({})", it.reason));
        let chinese = status.get_details_localized_message().map(|it| it.message);
        let text = match (self.lang, chinese) {
            (Lang::Zh, Some(chinese)) => chinese,
            (Lang::En | Lang::Zh, _) => status.message().to_owned(),
        };
        let text = if text.is_empty() { status.code().to_string() } else { text };
        anyhow!("{text}{}", reason.unwrap_or_default())
    }

    pub(crate) fn lang(&self) -> Lang {
        self.lang
    }
}

fn token(path: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(path).with_context(|| {
        format!("cannot read the token file {}: give --token-file", path.display())
    })?;
    Ok(text.trim().to_owned())
}

/// A fresh request id.
pub(crate) fn fresh() -> String {
    uuid::Uuid::new_v4().to_string()
}
