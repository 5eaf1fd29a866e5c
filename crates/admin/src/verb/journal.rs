//! `journal`: the entries as they are stored.

use clap::{Args, Subcommand};
use jiff::tz::TimeZone;
use lovebank_journal::codec;
use lovebank_wire::{scalar, v1};
use serde_json::Value;

use crate::{
    cli::Format,
    fail::{Exit, Fail},
    out,
    session::Session,
    show::{Column, Part, Shown, narrow, row_text, wide},
    when::shown,
};

/// The journal.
#[derive(Debug, Subcommand)]
pub(crate) enum Journal {
    /// Show the last entry and its seal
    #[command(after_help = "Example: lovebank-admin journal head")]
    Head,
    /// Show entries in order; as JSON and CSV with the bytes that are sealed
    #[command(after_help = "Example: lovebank-admin journal entries --from 1 --format json")]
    Entries(Entries),
}

#[derive(Debug, Args)]
pub(crate) struct Entries {
    /// The first
    #[arg(long, value_name = "ENTRY", default_value_t = 1)]
    from: u64,
    /// The last [default: the last there is]
    #[arg(long, value_name = "ENTRY", conflicts_with = "follow")]
    to: Option<u64>,
    /// Go on with new entries as they come, until interrupted
    #[arg(long)]
    follow: bool,
}

impl Journal {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Head => head(session).await,
            Self::Entries(it) => it.run(session).await,
        }
    }
}

async fn head(session: &Session) -> Result<Exit, Fail> {
    const COLUMNS: &[Column] = &[
        narrow("seq", "entry", "流水号"),
        narrow("seal", "seal", "封印"),
        narrow("recorded_at", "recorded", "登记时间"),
    ];
    let request = v1::GetHeadRequest::default();
    let it = session.bank.journal().get_head(request).await?.into_inner();
    let recorded = shown(it.recorded_at.as_ref(), &session.zone);
    let row = vec![it.seq.into(), hex::encode(it.seal).into(), recorded.into()];
    session.show(&[Part::row("head", COLUMNS, row)])?;
    Ok(Exit::Done)
}

impl Shown for v1::StoredEntry {
    const COLUMNS: &'static [Column] = &[
        narrow("seq", "entry", "流水号"),
        narrow("recorded_at", "recorded", "登记时间"),
        narrow("event", "event", "事件"),
        narrow("bytes", "bytes", "字节"),
        wide("entry", "as stored", "原文"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        let entry = codec::decode(&self.entry).ok();
        let recorded = entry.as_ref().map(|it| scalar::to_timestamp(it.recorded_at));
        vec![
            self.seq.into(),
            shown(recorded.as_ref(), zone).into(),
            entry.as_ref().map(|it| name(&format!("{:?}", it.event))).into(),
            self.entry.len().into(),
            hex::encode(&self.entry).into(),
        ]
    }
}

/// The name of a variant.
fn name(debug: &str) -> String {
    debug.chars().take_while(char::is_ascii_alphanumeric).collect()
}

impl Entries {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::StreamEntriesRequest {
            from_seq: self.from,
            to_seq: self.to.unwrap_or(0),
            follow: self.follow,
        };
        let mut pages = session.bank.journal().stream_entries(request).await?.into_inner();
        session.must_print()?;
        let mut first = session.format == Format::Csv;
        while let Some(page) = pages.message().await? {
            for entry in &page.entries {
                out::answer(row_text(session, entry, std::mem::take(&mut first))?.as_bytes())?;
            }
        }
        Ok(Exit::Done)
    }
}
