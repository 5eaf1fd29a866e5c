//! `migrate`: the walk of a restore, from a stopped bank's directory to another.

use std::path::{Path, PathBuf};

use clap::Args;
use lovebank_backup::journal_entries;
use lovebank_vault::{Vault, copy_stopped};

use super::{
    backup::{vault_unfit, vault_unopened},
    restore::{Walk, told},
};
use crate::{
    fail::{Exit, Fail},
    session::Session,
    stopped::{Dirs, Engine, Place, Source},
};

pub(super) const HELP: &str = "\
Example: lovebank-admin migrate --from data --into new
Nothing about the bank is changed: its copies are copied into --into, which needs room for them
meanwhile, and opened there.";

/// Where copies of the source are, in the directory of what is unfinished.
const SOURCE: &str = "source";

/// Moves a bank.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// Directory of the bank, which must be stopped; it is only read
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Directory of its journal's second copy, or off [default: mirror in it, if it is there]
    #[arg(long, value_name = "DIR")]
    from_mirror: Option<PathBuf>,
    /// The engine that kept the journal
    #[arg(long, value_enum, default_value_t = Engine::Sled)]
    from_engine: Engine,
    /// Go on where two copies are not alike and no note tells how far one of them had come
    #[arg(long)]
    accept_one_copy: bool,
    /// Directory for the bank: empty, or not there yet
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// Directory for the second copy of the journal [default: the bank makes it at its start]
    #[arg(long, value_name = "DIR")]
    mirror: Option<PathBuf>,
    /// The engine that keeps the journal
    #[arg(long, value_enum, default_value_t = Engine::Sled)]
    engine: Engine,
}

impl Migrate {
    pub(crate) fn run(self, session: &Session) -> Result<Exit, Fail> {
        if !self.from.join("journal").is_dir() {
            let from = self.from.display();
            return Err(Fail::usage(
                format!("--from {from}: it holds no journal"),
                format!("--from {from}：其中没有总流水"),
            ));
        }
        let place = Place::new(&self.into, self.mirror.as_deref())?;
        session.remark(
            "the copies are copied, and opened there: the bank is left as it is",
            "先复制各副本再打开：原银行不会改动",
        );
        let scratch = place.unfinished().join(SOURCE);
        let mut dirs = Dirs::of(&self.from, self.from_mirror.as_deref());
        dirs.accept_one = self.accept_one_copy;
        let source = Source::open(self.from_engine, &dirs, &scratch)?;
        if !source.is_in_order {
            session.remark(
                "a copy was not whole, as after a crash or by damage, and was mended in the place \
                 of the new bank: audit --data tells what was wrong",
                "有副本不完整（崩溃或损坏所致），已在新目录中修复；用 audit --data 查看问题所在",
            );
        }
        let walk = Walk { session, place: &place, engine: self.engine, entries: source.head().no };
        let restored = walk.go(journal_entries(&source.reader()), None)?;
        self.copy_vault(&place.unfinished(), restored.ledger.people_count())?;
        drop(source);
        place.finish()?;
        told(session, &self.into, &restored, None)
    }

    /// Copies the vault; what a crash left to do in it is done in the copy.
    fn copy_vault(&self, into: &Path, people: u64) -> Result<(), Fail> {
        let unfit = |err| vault_unfit(&self.into, &err);
        if !copy_stopped(&self.from, into).map_err(unfit)? {
            return if people == 0 { Ok(()) } else { Err(no_vault(&self.from, people)) };
        }
        let vault = Vault::open(into).map_err(|err| vault_unopened(&self.into, &err))?;
        vault.scrub().map(drop).map_err(unfit)
    }
}

fn no_vault(from: &Path, people: u64) -> Fail {
    let from = from.display();
    Fail::error(
        format!(
            "the journal knows {people} volunteers, and {from} holds no vault with their names: \
             put it back, or restore both from a backup"
        ),
        format!(
            "总流水中有 {people} 名志愿者，而 {from} 中没有个人信息库：请放回，或从备份恢复两者"
        ),
    )
}
