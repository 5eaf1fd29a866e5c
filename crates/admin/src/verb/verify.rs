//! `verify`: reading the whole journal and adding it up anew.

use clap::Args;
use serde_json::Value;

use super::replay::replay;
use crate::{
    fail::{Exit, Fail},
    session::Session,
    show::{Column, Part, narrow},
};

/// Reads the whole journal and adds it up anew.
#[derive(Debug, Args)]
pub(crate) struct Verify {}

const VERIFIED: &[Column] = &[
    narrow("holds", "holds", "成立"),
    narrow("entries", "entries", "流水数"),
    narrow("seal", "seal", "封印"),
];

impl Verify {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let read = replay(session, None).await?;
        let holds = read.holds(session);
        let seal = read.head.seal.to_string();
        let row: Vec<Value> = vec![holds.into(), read.head.no.into(), seal.into()];
        Fail::unless_enough(session.show(&[Part::row("verified", VERIFIED, row)]))?;
        Ok(if holds { Exit::Done } else { Exit::Broken })
    }
}
