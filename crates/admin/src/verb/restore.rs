//! `restore`: from backups to a bank that opens.

use std::{
    cell::Cell,
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use lovebank_backup::{NotRestored, Restored, restore};
use lovebank_journal::{Journal, Sealed};
use lovebank_ledger::{EntryNo, Ledger, NumberTag, PassbookNo, VolunteerId};
use lovebank_vault::{
    Beside, Fitted, MayLack, SealedHeader, Standing, Vault, VaultKey, WriteError, check_sealed,
    unseal,
};
use serde_json::Value;

use super::{
    backup::{bad_backup, bad_vault, from_the_first, vault_unfit, vault_unopened},
    tie::{Tie, Tied},
};
use crate::{
    fail::{Exit, Fail},
    progress::Progress,
    session::Session,
    show::{Column, Part, narrow},
    stopped::{Engine, Place},
};

pub(super) const HELP: &str = "\
Example: lovebank-admin restore full.backup monday.backup --vault monday.backup.vault --key vault.key --into data
Every entry is checked and added up anew. The directory is a bank's once all of it holds, and empty
before. Whom the journal says are erased, or entries after the one restored to, stay erased.";

/// Restores a bank.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// A full backup, and those after it in order
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Directory for the bank: empty, or not there yet
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// Directory for the second copy of the journal [default: the bank makes it at its start]
    #[arg(long, value_name = "DIR")]
    mirror: Option<PathBuf>,
    /// Leave out what came after this entry
    #[arg(long, value_name = "ENTRY")]
    to_entry: Option<u64>,
    /// The sealed vault: of the last of the files, or later
    #[arg(long, value_name = "FILE", requires = "key")]
    vault: Option<PathBuf>,
    /// The key that opens it
    #[arg(long, value_name = "FILE", requires = "vault")]
    key: Option<PathBuf>,
    /// Go on without the names of those whom no vault given here holds
    #[arg(long)]
    accept_lost_names: bool,
    /// The engine that keeps the journal
    #[arg(long, value_enum, default_value_t = Engine::Sled)]
    engine: Engine,
}

const COLUMNS: &[Column] = &[
    narrow("directory", "directory", "目录"),
    narrow("seq", "last entry", "末条流水"),
    narrow("seal", "seal", "封印"),
    narrow("volunteers", "volunteers", "志愿者"),
    narrow("absent", "without names", "缺个人信息"),
    narrow("removed", "erased, or unknown to the journal", "已删除或总流水中没有"),
];

impl Restore {
    pub(crate) fn run(self, session: &Session) -> Result<Exit, Fail> {
        let files = from_the_first(&self.files)?;
        let to = self.to_entry.map(|it| {
            EntryNo::new(it).map_err(|_| {
                Fail::usage("--to-entry: entries are numbered from 1", "--to-entry：流水号从 1 起")
            })
        });
        let key = self.key.as_ref().map(|it| key(it)).transpose()?;
        let header = self.vault.as_deref().map(check_sealed).transpose();
        let header = header.map_err(|err| bad_vault(&err))?;
        let tie = header.as_ref().map(Tie::of);
        let place = Place::new(&self.into, self.mirror.as_deref())?;
        let entries = files.entries().map(|it| {
            let sealed = it.map_err(NotRestored::from)?;
            if let Some(it) = &tie {
                it.pass(&sealed);
            }
            Ok(sealed)
        });
        let walk = Walk { session, place: &place, engine: self.engine, entries: files.last().no };
        let restored = walk.go(entries, to.transpose()?)?;
        let knew_until = match header.zip(tie) {
            Some((header, tie)) => self.knew_until(session, (&header, &tie), &restored)?,
            None => 0,
        };
        let fitted = match self.vault.as_deref().zip(key) {
            Some((sealed, key)) => {
                let opened = unseal(sealed, &key, &place.unfinished());
                opened.map_err(|err| bad_vault(&err))?;
                Some(self.fit(&place.unfinished(), &restored, knew_until)?)
            }
            None if restored.ledger.people_count() == 0 => None,
            None if self.accept_lost_names => Some(self.fit(&place.unfinished(), &restored, 0)?),
            None => return Err(no_vault(restored.ledger.people_count())),
        };
        place.finish()?;
        told(session, &self.into, &restored, fitted)
    }

    /// The entry up to which a sealed vault knew everyone of this journal.
    fn knew_until(
        &self,
        session: &Session,
        (header, tie): (&SealedHeader, &Tie),
        restored: &Restored,
    ) -> Result<u64, Fail> {
        match tie.tied() {
            Tied::This => Ok(header.head),
            Tied::Other if self.accept_lost_names => Ok(0),
            Tied::Other => Err(not_of_this(tie)),
            Tied::Later | Tied::Untold => {
                tie.remark(session, ("", ""));
                Ok(knew_by_time(header, restored))
            }
        }
    }

    fn fit(&self, data: &Path, restored: &Restored, knew_until: u64) -> Result<Fitted, Fail> {
        let vault = Vault::open(data).map_err(|err| vault_unopened(&self.into, &err))?;
        let (erased, anyone) = (&restored.erased_later, self.accept_lost_names);
        let fitted = fit(&vault, restored, MayLack { erased, knew_until, anyone });
        fitted.map_err(|err| {
            let WriteError::Lacking { lacking, .. } = err else {
                return vault_unfit(&self.into, &err);
            };
            Fail::error(
                format!(
                    "the journal knows {lacking} volunteers of whom this vault holds nothing: it \
                     is older; give a later one, or restore --to-entry of its backup, or say \
                     --accept-lost-names"
                ),
                format!(
                    "总流水中有 {lacking} 名志愿者不在此个人信息库中：它较旧；请给出较新的，\
                     或用 --to-entry 恢复到它的备份，或加 --accept-lost-names"
                ),
            )
        })
    }
}

fn not_of_this(tie: &Tie) -> Fail {
    let fail = tie.other();
    Fail {
        english: format!(
            "{}; give a vault of this history, or go on with --accept-lost-names: whom only the \
             other history knows is removed from it",
            fail.english
        ),
        chinese: format!(
            "{}；请给出这段历史的个人信息库，或加 --accept-lost-names：只在另一段历史中的人会被删除",
            fail.chinese
        ),
        ..fail
    }
}

/// The entry up to which a sealed vault knew everyone, where nothing tells of which history it is.
/// One that was sealed before the last entry was recorded counted other entries: the bank was set
/// back in between.
fn knew_by_time(header: &SealedHeader, restored: &Restored) -> u64 {
    let last = EntryNo::new(restored.head.no).ok();
    let recorded = last.and_then(|it| restored.ledger.recorded_at(it));
    let recorded = recorded.map_or(0, |it| it.micros().div_euclid(1_000_000));
    if i64::try_from(header.made_at).is_ok_and(|it| recorded <= it) { header.head } else { 0 }
}

/// Makes a vault belong to a journal that was restored.
fn fit(vault: &Vault, restored: &Restored, may_lack: MayLack<'_>) -> Result<Fitted, WriteError> {
    let ledger = &restored.ledger;
    let standing = |it: &VolunteerId| {
        let row = ledger.passbook_of(it).and_then(|no| ledger.volunteer(no));
        match row.map(|it| it.tag) {
            Some(Some(tag)) => Standing::Known(tag),
            Some(None) => Standing::Erased,
            None => Standing::Unknown,
        }
    };
    let beside = Beside {
        head: restored.head.no,
        people: ledger.people_count(),
        standing: &standing,
        request: &|it| ledger.request(it).is_some(),
    };
    vault.fit(beside, &mut people(ledger), may_lack)
}

/// Everyone who is not erased.
fn people<'a>(ledger: &'a Ledger<'_>) -> impl Iterator<Item = (VolunteerId, NumberTag)> + 'a {
    let count = u64::try_from(ledger.volunteer_count()).unwrap_or(u64::MAX);
    let rows = (1..=count).filter_map(|it| ledger.volunteer(PassbookNo::new(it).ok()?));
    rows.filter_map(|it| Some((it.volunteer, it.tag?)))
}

/// The walk from entries to a journal in its place.
pub(super) struct Walk<'a> {
    pub(super) session: &'a Session,
    pub(super) place: &'a Place,
    pub(super) engine: Engine,
    /// How many entries there are.
    pub(super) entries: u64,
}

impl Walk<'_> {
    pub(super) fn go(
        &self,
        entries: impl Iterator<Item = Result<Sealed, NotRestored>>,
        to: Option<EntryNo>,
    ) -> Result<Restored, Fail> {
        let (data, mirror) = (self.place.unfinished(), self.place.unfinished_mirror());
        let mut journal = self.engine.open(&data, mirror.as_deref())?;
        let progress = Progress::of(self.session, self.entries);
        let at = Cell::new(0);
        let restored = restore(entries, &mut journal, to, |no| {
            progress.further(no.saturating_sub(at.replace(no)));
        });
        progress.end();
        let restored = restored.map_err(|err| not_restored(&err))?;
        drop(journal);
        // Opening reads every copy whole once more.
        let again = self.engine.open(&data, mirror.as_deref())?.head();
        if again == restored.head {
            return Ok(restored);
        }
        Err(Fail::error(
            format!("what was restored reads back as entry {}: the disk is failing", again.no),
            format!("恢复后读回止于流水 {}：磁盘可能有故障", again.no),
        ))
    }
}

pub(super) fn told(
    session: &Session,
    into: &Path,
    restored: &Restored,
    fitted: Option<Fitted>,
) -> Result<Exit, Fail> {
    let fitted = fitted.unwrap_or_default();
    let row: Vec<Value> = vec![
        into.display().to_string().into(),
        restored.head.no.into(),
        restored.head.seal.to_string().into(),
        restored.ledger.volunteer_count().into(),
        fitted.absent.into(),
        fitted.people.into(),
    ];
    Fail::unless_enough(session.show(&[Part::row("restored", COLUMNS, row)]))?;
    if let absent @ 1.. = fitted.absent {
        session.remark(
            &format!(
                "{absent} volunteers have no names here: they were erased after that entry, or \
                 their names are lost"
            ),
            &format!("{absent} 名志愿者没有个人信息：在该流水之后已删除，或已丢失"),
        );
    }
    session.remark(
        "compare entry and seal with what was written down; then start the bank on the directory",
        "请与记下的流水号和封印核对，然后在此目录上启动",
    );
    Ok(Exit::Done)
}

fn key(path: &Path) -> Result<VaultKey, Fail> {
    let text = fs::read_to_string(path).map_err(|err| Fail::file(path, &err))?;
    text.parse().map_err(|err| Fail::file(path, &err))
}

fn no_vault(people: u64) -> Fail {
    Fail::usage(
        format!(
            "the journal knows {people} volunteers, and their names are in the vault: give --vault \
             and --key, or say --accept-lost-names"
        ),
        format!(
            "总流水中有 {people} 名志愿者，姓名等在个人信息库中：请给出 --vault 和 --key，\
             或加 --accept-lost-names"
        ),
    )
}

pub(super) fn not_restored(err: &NotRestored) -> Fail {
    let english = Fail::local(err).english;
    let told = |chinese: String| Fail::error(english.clone(), chinese);
    let broken = |it: Fail| Fail { exit: Exit::Broken, ..it };
    match err {
        NotRestored::Backup(err) => bad_backup(err),
        NotRestored::Read(_) => broken(told(format!("原总流水无法读取：{english}"))),
        NotRestored::Entry { no, .. } => broken(told(format!("流水 {no} 无法解读：{english}"))),
        NotRestored::Damage(it) => {
            broken(told(format!("流水 {} 与此前的流水不符：{}", it.entry, it.what)))
        }
        NotRestored::Breach { invariant, what } => {
            broken(told(format!("不变量 {invariant} 不成立：{what}")))
        }
        NotRestored::NotEmpty(no) => told(format!("目标总流水不是空的，止于流水 {no}")),
        NotRestored::Beyond { asked, last } => told(format!("没有流水 {asked}：末条为 {last}")),
        NotRestored::Append(_) => told(format!("无法写入：{english}")),
    }
}
