//! `audit`: whether the past is as it was written, and adds up to what the bank says.

mod drift;
mod files;
mod online;

use std::path::PathBuf;

use clap::Args;
use lovebank_audit::{Finding, Mark, MarkedBy, Report, Severity};
use lovebank_journal::Head;
use lovebank_ledger::Seal;
use serde_json::Value;

use crate::{
    fail::{Exit, Fail},
    progress::Progress,
    session::Session,
    show::{Column, Part, narrow, text, wide},
    stopped::{Copies, Dirs},
};

pub(super) const HELP: &str = "\
Example: lovebank-admin audit
Example: lovebank-admin audit --data /var/lib/lovebank --witness 1200:5f0c…
Example: lovebank-admin audit --backup full.backup monday.backup
Exit code 3: the journal holds, but a copy of it or its note does not.
Exit code 4: the journal does not hold, or a backup is damaged.";

/// Audits the journal.
#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// Data directory of a stopped bank [default: ask the running bank]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Directory of its second copy, or off [default: mirror in the data directory, if it is there]
    #[arg(long, value_name = "DIR", requires = "data")]
    mirror: Option<PathBuf>,
    /// Where copies of the copies are opened, so that nothing is changed [default: that of the system]
    #[arg(long, value_name = "DIR", requires = "data")]
    scratch: Option<PathBuf>,
    /// A full backup, and those after it in order
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "data")]
    backup: Vec<PathBuf>,
    /// An entry and its seal that were written down earlier: the journal must have it
    #[arg(long, value_name = "ENTRY:SEAL", value_parser = witness)]
    witness: Vec<Head>,
}

const AUDITED: &[Column] = &[
    narrow("holds", "journal holds", "流水成立"),
    narrow("entries", "entries", "流水数"),
    narrow("added_up", "added up to entry", "已加总至流水"),
    narrow("seal", "seal", "封印"),
    narrow("state_digest", "digest of what it adds up to", "总账摘要"),
    narrow("compared", "compared with the running bank", "已与运行中的总账核对"),
    narrow("findings", "findings", "发现"),
];

const FINDINGS: &[Column] = &[
    narrow("code", "code", "代码"),
    narrow("what", "what", "问题"),
    narrow("entry", "entry", "流水号"),
    narrow("until", "until", "至"),
    narrow("copy", "copy", "副本"),
    narrow("expected", "expected", "应为"),
    narrow("found", "found", "实为"),
    wide("advice", "what to do", "处理"),
];

impl Audit {
    /// Whether no bank is asked.
    pub(crate) fn is_of_files(&self) -> bool {
        self.data.is_some() || !self.backup.is_empty()
    }

    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mark = |head: &Head| Mark { head: *head, by: MarkedBy::Witness };
        let marks: Vec<_> = self.witness.iter().map(mark).collect();
        let report = match &self.data {
            Some(data) => {
                let dirs = Dirs::of(data, self.mirror.as_deref()).all;
                tokio::task::block_in_place(|| self.stopped(session, &dirs, marks))?
            }
            None if self.is_of_files() => {
                tokio::task::block_in_place(|| files::audit(session, &self.backup, marks))?
            }
            None => online::audit(session, marks).await?,
        };
        show(session, &report, !self.is_of_files())
    }

    fn stopped(
        &self,
        session: &Session,
        dirs: &[PathBuf],
        marks: Vec<Mark>,
    ) -> Result<Report, Fail> {
        let mut scratch = tempfile::Builder::new();
        let scratch = scratch.prefix("lovebank-audit-");
        let scratch = match &self.scratch {
            Some(dir) => scratch.tempdir_in(dir).map_err(|err| Fail::file(dir, &err)),
            None => scratch.tempdir().map_err(|err| Fail::local(&err)),
        }?;
        session.remark(
            "the copies are copied, and opened there: what is audited is not changed",
            "先复制各副本再打开：被审计的目录不会改动",
        );
        let copies = Copies::open(dirs, scratch.path())?;
        let progress = Progress::of(session, copies.entries());
        let mut done = 0;
        let report = copies.audit(marks, |entries| {
            progress.further(entries.saturating_sub(done));
            done = entries;
        });
        progress.end();
        Ok(report)
    }
}

fn witness(typed: &str) -> Result<Head, String> {
    let bad = || "write the entry number, a colon and the seal: 1200:5f0c… (64 digits)".to_owned();
    let (no, seal) = typed.split_once(':').ok_or_else(bad)?;
    let seal = hex::decode(seal).ok().and_then(|it| Seal::from_slice(&it)).ok_or_else(bad)?;
    let no = no.parse().ok().filter(|it| 0 < *it).ok_or_else(bad)?;
    Ok(Head { no, seal })
}

/// Tells what was found, and what it comes to.
fn show(session: &Session, report: &Report, compared: bool) -> Result<Exit, Fail> {
    let severity = report.severity();
    let more: u64 = report.more.iter().map(|it| it.count).fold(0, u64::saturating_add);
    let listed = u64::try_from(report.findings.len()).unwrap_or(u64::MAX);
    let row: Vec<Value> = vec![
        (severity != Some(Severity::Journal)).into(),
        report.head.no.into(),
        report.added_up.into(),
        report.head.seal.to_string().into(),
        report.state.digest.to_string().into(),
        compared.into(),
        listed.saturating_add(more).into(),
    ];
    let findings = report.findings.iter().map(|it| finding(session, it));
    let shown = session.show(&[
        Part::row("audit", AUDITED, row),
        Part::rows("findings", FINDINGS, findings.collect()).base(),
    ]);
    Fail::unless_enough(shown)?;
    remarks(session, report);
    Ok(match severity {
        None => Exit::Done,
        Some(Severity::Beside) => Exit::Rejected,
        Some(Severity::Journal) => Exit::Broken,
    })
}

fn finding(session: &Session, it: &Finding) -> Vec<Value> {
    let texts = it.texts();
    let said = |it: &lovebank_audit::Said| text(session.lang.pick(&it.english, &it.chinese));
    vec![
        it.what.code().into(),
        said(&texts.what),
        it.entry.into(),
        it.until.into(),
        it.copy.clone().into(),
        said(&texts.expected),
        said(&texts.found),
        said(&texts.advice),
    ]
}

/// What to do, once for each code, and what is not listed.
fn remarks(session: &Session, report: &Report) {
    let mut told: Vec<(&str, String)> = Vec::new();
    for it in &report.findings {
        let advice = it.texts().advice;
        let advice = session.lang.pick(advice.english, advice.chinese);
        let key = (it.what.code(), advice);
        if !told.contains(&key) {
            session.remark(&format!("{}: {}", key.0, key.1), &format!("{}：{}", key.0, key.1));
            told.push(key);
        }
    }
    for it in &report.more {
        session.remark(
            &format!("{}: {} more are not listed", it.code, it.count),
            &format!("{}：另有 {} 项未列出", it.code, it.count),
        );
    }
    if report.added_up < report.head.no {
        let (at, head) = (report.added_up, report.head.no);
        session.remark(
            &format!("added up to entry {at} of {head} only: mend what is found, and audit again"),
            &format!("只加总到流水 {at}（共 {head}）：处理后请再次审计"),
        );
    }
}
