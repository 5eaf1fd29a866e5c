//! `migrate`: the walk of a restore, from a stopped bank's directory to another.

use std::{
    fs::DirBuilder,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

use clap::Args;
use lovebank_backup::journal_entries;
use lovebank_journal::Journal as _;
use lovebank_vault::Vault;

use super::restore::{Walk, told};
use crate::{
    fail::{Exit, Fail},
    session::Session,
    stopped::{Engine, Place},
};

/// Moves a bank.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// Directory of the bank, which must be stopped; opened as the bank opens it, so that damage is
    /// healed there
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Directory of its journal's second copy [default: mirror in it, where there is one]
    #[arg(long, value_name = "DIR")]
    from_mirror: Option<PathBuf>,
    /// The engine that kept the journal
    #[arg(long, value_enum, default_value_t = Engine::Sled)]
    from_engine: Engine,
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
        let beside = Some(self.from.join("mirror")).filter(|it| it.join("journal").is_dir());
        let from_mirror = self.from_mirror.clone().or(beside);
        let from = self.from_engine.open(&self.from, from_mirror.as_deref())?;
        let place = Place::new(&self.into, self.mirror.as_deref())?;
        let (reader, entries) = (from.reader(), from.head().no);
        let walk = Walk { session, place: &place, engine: self.engine, entries };
        let restored = walk.go(journal_entries(&reader), None)?;
        if self.from.join("vault").is_dir() {
            copy_vault(&self.from, &place.unfinished())?;
        }
        place.finish()?;
        told(session, &self.into, &restored, None)
    }
}

fn copy_vault(from: &Path, into: &Path) -> Result<(), Fail> {
    let directory = into.join("vault");
    DirBuilder::new().mode(0o700).create(&directory).map_err(|err| Fail::file(&directory, &err))?;
    let vault = Vault::open(from).map_err(|err| Fail::local(&err))?;
    vault.copy_to(&directory.join("vault.sqlite")).map_err(|err| Fail::local(&err))
}
