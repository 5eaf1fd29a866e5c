//! `backup verify` and `backup show`: files, without a bank.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::{Timestamp, tz::TimeZone};
use lovebank_backup::{Backup, BadBackup, Fault, Files};
use lovebank_vault::{SealedFault, SealedHeader, Unopened, check_sealed};
use lovebank_wire::scalar;
use serde_json::Value;

use super::told::{bad_backup, bad_vault};
use crate::{
    fail::{Exit, Fail},
    progress::Progress,
    session::Session,
    show::{Column, Part, narrow, wide},
    verb::tie::{Tie, Tied},
    when::shown,
};

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Backups in order, each after the one before; sealed vaults among them
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Backups and sealed vaults
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

const COLUMNS: &[Column] = &[
    narrow("file", "file", "文件"),
    narrow("kind", "kind", "种类"),
    narrow("made_at", "made", "生成时间"),
    narrow("first_seq", "first entry", "首条流水"),
    narrow("last_seq", "last entry", "末条流水"),
    narrow("bytes", "bytes", "字节"),
    narrow("seal", "seal of the last", "末条封印"),
    wide("seal_before", "seal before the first", "首条之前的封印"),
    wide("bank", "seal of entry 1", "首条流水的封印"),
    narrow("recipient", "sealed to", "收件公钥"),
];

impl Show {
    pub(super) fn run(self, session: &Session) -> Result<Exit, Fail> {
        let rows = self.files.iter().map(|path| match Backup::open(path) {
            Ok(it) => Ok(of_backup(&it, &session.zone)),
            Err(err) => match check_sealed(path) {
                Ok(it) => Ok(of_vault(path, &it, &session.zone)),
                Err(Unopened { fault: SealedFault::NotSealed, .. }) => Err(bad_backup(&err)),
                Err(err) => Err(bad_vault(&err)),
            },
        });
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        session.show(&[Part::rows("backups", COLUMNS, rows)])?;
        session.remark(
            "as the files say of themselves; backup verify reads them whole",
            "以上为文件自称；backup verify 会完整读取并核对",
        );
        Ok(Exit::Done)
    }
}

impl Verify {
    pub(super) fn run(self, session: &Session) -> Result<Exit, Fail> {
        let (mut journals, mut rows, mut ties) = (Vec::new(), Vec::new(), Vec::new());
        for path in &self.files {
            match check_sealed(path) {
                Ok(it) => {
                    rows.push(of_vault(path, &it, &session.zone));
                    ties.push((path, Tie::of(&it)));
                }
                Err(Unopened { fault: SealedFault::NotSealed, .. }) => journals.push(path.clone()),
                Err(err) => return Err(bad_vault(&err)),
            }
        }
        let files = Files::in_order(&journals).map_err(|err| bad_backup(&err))?;
        let count = files.iter().fold(0, |sum: u64, it| sum.saturating_add(it.header().count()));
        let progress = Progress::of(session, count);
        for entry in files.entries() {
            let entry = entry.map_err(|err| bad_backup(&err))?;
            for (_, it) in &ties {
                it.pass(&entry);
            }
            progress.further(1);
        }
        progress.end();
        if let Some((path, it)) = ties.iter().find(|(_, it)| it.tied() == Tied::Other) {
            let path = path.display();
            return Err(it.other().told(&format!("{path}: "), &format!("{path}：")));
        }
        let whole = files.iter().next().is_none_or(|it| it.header().is_full());
        let journals = files.iter().map(|it| of_backup(it, &session.zone));
        rows.splice(0..0, journals);
        Fail::unless_enough(session.show(&[Part::rows("backups", COLUMNS, rows)]))?;
        for (path, it) in &ties {
            let path = path.display();
            it.remark(session, (&format!("{path}: "), &format!("{path}：")));
        }
        if !whole {
            session.remark(
                "each of them holds; to restore, the full backup before them is needed too",
                "以上文件都成立；恢复时还须给出之前的完整备份",
            );
        }
        Ok(Exit::Done)
    }
}

/// Backups from entry 1 on.
pub(crate) fn from_the_first(paths: &[PathBuf]) -> Result<Files, Fail> {
    Files::open(paths).map_err(|err| match err {
        BadBackup { ref path, fault: Fault::NotABackup } if check_sealed(path).is_ok() => {
            let path = path.display();
            Fail::usage(
                format!(
                    "{path} is a sealed vault and holds no journal: restore takes it with --vault, \
                     and backup verify checks it"
                ),
                format!(
                    "{path} 是加密的个人信息库，其中没有总流水：恢复时用 --vault 给出，\
                     用 backup verify 核对"
                ),
            )
        }
        err => bad_backup(&err),
    })
}

fn of_backup(it: &Backup, zone: &TimeZone) -> Vec<Value> {
    let header = it.header();
    vec![
        it.path().display().to_string().into(),
        if header.is_full() { "full" } else { "increment" }.into(),
        made(header.made_at, zone),
        header.first().into(),
        header.last.no.into(),
        it.bytes().into(),
        header.last.seal.to_string().into(),
        header.before.seal.to_string().into(),
        header.bank.to_string().into(),
        Value::Null,
    ]
}

fn of_vault(path: &Path, it: &SealedHeader, zone: &TimeZone) -> Vec<Value> {
    vec![
        path.display().to_string().into(),
        "vault".into(),
        made(it.made_at, zone),
        Value::Null,
        it.head.into(),
        path.metadata().map_or(Value::Null, |it| it.len().into()),
        it.seal.map(|it| it.to_string()).into(),
        Value::Null,
        Value::Null,
        it.recipient.to_string().into(),
    ]
}

/// A time that a file tells, which may be any number.
fn made(seconds: u64, zone: &TimeZone) -> Value {
    let second = i64::try_from(seconds).ok().and_then(|it| Timestamp::from_second(it).ok());
    let time = second.map(|it| {
        let micros = it.as_microsecond();
        scalar::to_timestamp(lovebank_ledger::Timestamp::from_micros(micros))
    });
    shown(time.as_ref(), zone).into()
}
