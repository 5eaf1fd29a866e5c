//! A journal in directories that go away after the test.
#![allow(dead_code, reason = "each test file takes what it needs")]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test may panic")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use lovebank_journal::{Head, Journal as _, ReadJournal as _, Sealed, chain::made_up_group};
use lovebank_journal_sled::{OpenError, OpenReport, SledConfig, SledJournal};
use lovebank_ledger::EntryNo;
use tempfile::TempDir;

pub(crate) struct Bank {
    dir: TempDir,
    mirrored: bool,
}

impl Bank {
    pub(crate) fn single() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), mirrored: false }
    }

    pub(crate) fn mirrored() -> Self {
        Self { mirrored: true, ..Self::single() }
    }

    pub(crate) fn mirror_on(&mut self) {
        self.mirrored = true;
    }

    pub(crate) fn mirror_off(&mut self) {
        self.mirrored = false;
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub(crate) fn mirror(&self) -> PathBuf {
        self.dir.path().join("mirror")
    }

    /// The directories of the two copies.
    pub(crate) fn copies(&self) -> [PathBuf; 2] {
        [self.data().join("journal"), self.mirror().join("journal")]
    }

    pub(crate) fn config(&self) -> SledConfig {
        let mirror = self.mirrored.then(|| self.mirror());
        SledConfig { data: self.data(), mirror, cache_bytes: 8 << 20 }
    }

    pub(crate) fn try_open(&self) -> Result<(SledJournal, OpenReport), OpenError> {
        SledJournal::open(&self.config())
    }

    pub(crate) fn open(&self) -> SledJournal {
        self.try_open().unwrap().0
    }

    /// Adds groups of the given sizes, and gives every entry of the journal.
    pub(crate) fn filled(&self, groups: &[(usize, usize)]) -> Vec<Sealed> {
        let mut journal = self.open();
        for (count, size) in groups {
            let group = made_up_group(journal.head(), *count, *size);
            journal.append(journal.head(), &group).unwrap();
        }
        all(&journal)
    }
}

pub(crate) fn all(journal: &SledJournal) -> Vec<Sealed> {
    let (reader, mut all) = (journal.reader(), Vec::new());
    loop {
        let from = head(&all).no + 1;
        let page = reader.read(EntryNo::new(from).unwrap(), usize::MAX).unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

pub(crate) fn head(entries: &[Sealed]) -> Head {
    entries.last().map_or(Head::EMPTY, |it| Head { no: it.no().get(), seal: it.seal() })
}

pub(crate) fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for it in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(it.file_name());
        if it.path().is_dir() {
            copy_tree(&it.path(), &to);
        } else {
            fs::copy(it.path(), to).unwrap();
        }
    }
}
