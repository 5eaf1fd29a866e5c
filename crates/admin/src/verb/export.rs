//! `export`: statements, the journal and its totals for other programs.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use lovebank_journal::Head;
use lovebank_wire::v1;
use serde_json::Value;

use super::{
    passbook::{self, AsOf},
    walk,
};
use crate::{
    export::{
        Column as Field, Form, POSTINGS, PlainText, Postings, STATEMENT, Sink, TOTALS, Totals,
        statement,
    },
    fail::{Exit, Fail},
    file::NewFile,
    pages::Limit,
    session::Session,
    show::{Column, Part, narrow},
};

/// Exports.
#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    /// Write the statement (对账单) of a volunteer: every line of the passbook, the oldest first
    #[command(
        after_help = "Example: lovebank-admin export statement 0300000001 --out 甲.csv --bom"
    )]
    Statement(Statement),
    /// Write the whole journal, a row for each posting, or as hledger reads it
    #[command(after_help = "Example: lovebank-admin export journal --out bank.journal")]
    Journal(To),
    /// Write what the journal adds up to, by month, branch, account and kind
    #[command(after_help = "Example: lovebank-admin export totals --out totals.parquet")]
    Totals(To),
}

/// Where to.
#[derive(Debug, Args)]
pub(crate) struct To {
    /// The new file; its ending says what it is: .csv, .jsonl, .parquet, or of the journal .journal
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Begin a CSV with the mark by which Excel knows UTF-8
    #[arg(long)]
    bom: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Statement {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    #[command(flatten)]
    as_of: AsOf,
    #[command(flatten)]
    to: To,
}

const EXPORTED: &[Column] = &[
    narrow("file", "file", "文件"),
    narrow("rows", "rows", "行数"),
    narrow("seq", "up to entry", "截至流水号"),
    narrow("seal", "its seal", "封印"),
];

impl Export {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Statement(it) => it.run(session).await,
            Self::Journal(it) => it.journal(session).await,
            Self::Totals(it) => it.totals(session).await,
        }
    }
}

impl To {
    /// The file, and the form it has.
    fn open(&self) -> Result<(NewFile, Form), Fail> {
        let form = Form::of(&self.out, self.bom)?;
        Ok((NewFile::create(&self.out)?, form))
    }

    /// The file as a table.
    fn table(&self, columns: &'static [Field]) -> Result<Sink, Fail> {
        let (file, form) = self.open()?;
        let sink = Sink::new(form, file, columns).map_err(|err| self.failed(&err))?;
        sink.ok_or_else(|| {
            Fail::usage(
                "hledger reads the journal only: end the name with .csv, .jsonl or .parquet",
                "hledger 只读总流水：文件名请以 .csv、.jsonl 或 .parquet 结尾",
            )
        })
    }

    fn failed(&self, err: &anyhow::Error) -> Fail {
        Fail::file(&self.out, &format!("{err:#}"))
    }

    async fn journal(self, session: &Session) -> Result<Exit, Fail> {
        if Form::of(&self.out, self.bom)? == Form::Hledger {
            return self.plain(session).await;
        }
        let mut sink = self.table(POSTINGS)?;
        let (mut postings, mut rows) = (Postings::default(), 0_u64);
        let head = walk::each(session, |entry| {
            for row in postings.rows(entry) {
                sink.row(&row).map_err(|err| self.failed(&err))?;
                rows = rows.saturating_add(1);
            }
            Ok(())
        });
        let head = head.await?;
        sink.end().map_err(|err| self.failed(&err))?.keep()?;
        self.told(session, rows, Some(head))
    }

    /// For hledger; its rows are transactions.
    async fn plain(self, session: &Session) -> Result<Exit, Fail> {
        let (mut file, _) = self.open()?;
        let failed = |err: std::io::Error| Fail::file(&self.out, &err);
        PlainText::begin(&mut file).map_err(failed)?;
        let mut plain = PlainText::default();
        let mut rows = 0_u64;
        let head = walk::each(session, |entry| {
            let written = plain.entry(&mut file, entry).map_err(failed)?;
            rows = rows.saturating_add(u64::from(written));
            Ok(())
        });
        let head = head.await?;
        file.keep()?;
        self.told(session, rows, Some(head))
    }

    async fn totals(self, session: &Session) -> Result<Exit, Fail> {
        let mut sink = self.table(TOTALS)?;
        let mut totals = Totals::default();
        let head = walk::each(session, |entry| {
            totals.add(entry).ok_or_else(|| {
                Fail::error(
                    format!("entry {}: a total leaves its range", entry.no),
                    format!("流水 {}：合计超出范围", entry.no),
                )
            })
        });
        let head = head.await?;
        let mut rows = 0_u64;
        for row in totals.rows() {
            sink.row(&row).map_err(|err| self.failed(&err))?;
            rows = rows.saturating_add(1);
        }
        sink.end().map_err(|err| self.failed(&err))?.keep()?;
        self.told(session, rows, Some(head))
    }

    fn told(&self, session: &Session, rows: u64, head: Option<Head>) -> Result<Exit, Fail> {
        let row: Vec<Value> = vec![
            self.out.display().to_string().into(),
            rows.into(),
            head.map(|it| it.no).into(),
            head.map(|it| it.seal.to_string()).into(),
        ];
        Fail::unless_enough(session.show(&[Part::row("exported", EXPORTED, row)]))?;
        Ok(Exit::Done)
    }
}

impl Statement {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut sink = self.to.table(STATEMENT)?;
        let passbook = passbook::get(session, &self.number, self.as_of.message()).await?;
        let all = Limit { limit: usize::MAX };
        let lines = passbook::lines(session, &self.number, self.as_of, all).await?.items;
        for line in lines.iter().rev() {
            let row = statement(passbook.passbook_no, line)?;
            sink.row(&row).map_err(|err| self.to.failed(&err))?;
        }
        whole(&passbook, lines.last())?;
        sink.end().map_err(|err| self.to.failed(&err))?.keep()?;
        self.to.told(session, u64::try_from(lines.len()).unwrap_or(u64::MAX), None)
    }
}

/// A statement begins with line 1, or it is none.
fn whole(passbook: &v1::Passbook, first: Option<&v1::PassbookLine>) -> Result<(), Fail> {
    let first = first.map_or(0, |it| it.line_no);
    if first == passbook.lines.min(1) { Ok(()) } else { Err(Fail::incomplete("line 1")) }
}
