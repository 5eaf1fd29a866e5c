//! `backup create`: from the stream of a running bank to a file.

use std::path::PathBuf;

use clap::Args;
use lovebank_backup::{Backup, BackupWriter, Header, Plan};
use lovebank_journal::Head;
use lovebank_ledger::Seal;
use lovebank_wire::v1;
use serde_json::Value;

use super::{
    told::{bad_backup, not_written},
    vault,
};
use crate::{
    entries::Entries,
    fail::{Exit, Fail},
    session::Session,
    show::{Column, Part, narrow},
};

pub(super) const HELP: &str = "\
Example: lovebank-admin backup create monday.backup --after full.backup
The file is written aside, checked, synced and read back before it has its name; none is written
over. The vault goes to FILE.vault, sealed to the key that the bank's settings name.";

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// File for the journal; it must not be there yet
    file: PathBuf,
    /// Only what came after this backup
    #[arg(long, value_name = "FILE")]
    after: Option<PathBuf>,
    /// File for the sealed vault [default: FILE.vault]
    #[arg(long, value_name = "FILE", conflicts_with = "journal_only")]
    vault: Option<PathBuf>,
    /// Leave the vault out: names and numbers are then not backed up
    #[arg(long)]
    journal_only: bool,
}

const COLUMNS: &[Column] = &[
    narrow("file", "file", "文件"),
    narrow("first_seq", "first entry", "首条流水"),
    narrow("last_seq", "last entry", "末条流水"),
    narrow("bytes", "bytes", "字节"),
    narrow("seal", "seal of the last", "末条封印"),
    narrow("vault_file", "sealed vault", "加密的个人信息库"),
    narrow("vault_bytes", "bytes", "字节"),
];

impl Create {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let vault = (!self.journal_only).then(|| self.vault_file());
        // Before anything is written: what would stop it later.
        if let Some(path) = &vault {
            vault::begin(session, path).await?;
        }
        let after = self.after.as_ref().map(|it| Backup::open(it)).transpose();
        let after = after.map_err(|err| bad_backup(&err))?.map(|it| *it.header());
        let told = session.bank.journal().get_head(v1::GetHeadRequest::default()).await?;
        let last = head(&told.into_inner())?;
        let made = if is_new(session, after.as_ref(), last)? {
            Some(self.journal(session, after, last).await?)
        } else {
            None
        };
        let sealed = match &vault {
            Some(path) => {
                let fetched = vault::fetch(session, path, last.no).await;
                Some(fetched.map_err(|it| without_vault(it, made.as_ref()))?)
            }
            None => None,
        };
        let mut row: Vec<Value> = match &made {
            Some(it) => vec![
                it.path().display().to_string().into(),
                it.header().first().into(),
                it.header().last.no.into(),
                it.bytes().into(),
                it.header().last.seal.to_string().into(),
            ],
            None => vec![Value::Null; 5],
        };
        row.push(vault.map(|it| it.display().to_string()).into());
        row.push(sealed.into());
        Fail::unless_enough(session.show(&[Part::row("backup", COLUMNS, row)]))?;
        Ok(Exit::Done)
    }

    fn vault_file(&self) -> PathBuf {
        self.vault.clone().unwrap_or_else(|| {
            let mut name = self.file.as_os_str().to_owned();
            name.push(".vault");
            name.into()
        })
    }

    async fn journal(
        &self,
        session: &Session,
        after: Option<Header>,
        last: Head,
    ) -> Result<Backup, Fail> {
        let made_at = u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or_default();
        let plan = Plan { made_at, after, last };
        let mut writer = BackupWriter::create(&self.file, plan).map_err(|err| not_written(&err))?;
        let from_seq = after.map_or(1, |it| it.last.no.saturating_add(1));
        let mut entries = Entries::of(session, from_seq, last.no);
        while let Some(page) = entries.page().await? {
            for it in &page {
                writer.push(&it.entry).map_err(|err| not_written(&err))?;
            }
        }
        drop(entries);
        // Reading it back takes a while where it is large.
        let done = tokio::task::spawn_blocking(move || writer.finish()).await;
        done.map_err(|err| Fail::local(&err))?.map_err(|err| not_written(&err))
    }
}

/// The vault failed, and the journal is a file already.
fn without_vault(fail: Fail, made: Option<&Backup>) -> Fail {
    let Some(file) = made.map(|it| it.path().display().to_string()) else { return fail };
    fail.told(
        &format!(
            "{file} holds the journal and is whole; the vault is not backed up: take another \
             backup, with --after {file}. "
        ),
        &format!(
            "{file} 中的总流水备份完整，个人信息库未备份：请再做一次备份，并加 --after {file}。"
        ),
    )
}

fn head(told: &v1::GetHeadResponse) -> Result<Head, Fail> {
    let seal = Seal::from_slice(&told.seal).ok_or_else(|| Fail::incomplete("a seal"))?;
    Ok(Head { no: told.seq, seal })
}

/// Whether the journal goes on after a backup; it must not have gone another way.
fn is_new(session: &Session, after: Option<&Header>, last: Head) -> Result<bool, Fail> {
    let Some(before) = after.map(|it| it.last) else { return Ok(true) };
    if last.no < before.no {
        return Err(Fail {
            exit: Exit::Broken,
            ..Fail::error(
                format!(
                    "the backup ends with entry {}, and the bank with entry {}: the bank was set \
                     back, or is another one",
                    before.no, last.no
                ),
                format!(
                    "备份止于流水 {}，而总流水止于 {}：总流水被倒退过，或不是同一银行",
                    before.no, last.no
                ),
            )
        });
    }
    if last.no != before.no {
        return Ok(true);
    }
    if last.seal != before.seal {
        return Err(Fail {
            exit: Exit::Broken,
            ..Fail::error(
                format!("the bank has another entry {} than the backup ends with", last.no),
                format!("总流水的流水 {} 与备份的末条不同", last.no),
            )
        });
    }
    session.remark(
        "the journal has nothing new since that backup: no file is made of it",
        "该备份之后没有新的流水：不再生成文件",
    );
    Ok(false)
}
