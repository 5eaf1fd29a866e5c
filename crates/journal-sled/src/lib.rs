//! The journal in an embedded sled database, on two mirrors.
//!
//! One tree, to which frames of entries are only ever added; a barrier of our own after sled's
//! flush, which is none; a second copy, written after the first; and an opening that believes
//! neither before it has read both whole. `README.md` says what is promised and what is stored.

mod assembly;
mod decide;
mod error;
mod frame;
mod heal;
mod inspect;
mod lock;
mod look;
mod mirror;
mod note;
mod open;
mod place;
mod read;
mod report;
mod scan;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use lovebank_journal::{AppendError, Head, Journal, Sealed, check_group};

pub use self::{
    error::{Damage, Found, OpenError, Reason, Refused},
    inspect::{Copied, Held, Inspected, Kept, Noted, Stored, copy, inspect},
    read::SledReader,
    report::{Finding, OpenReport, Severity},
};
use self::{lock::Lock, mirror::Mirror};

/// Where the journal lives.
#[derive(Debug, Clone)]
pub struct SledConfig {
    /// The data directory: the first copy is its `journal/`.
    pub data: PathBuf,
    /// The directory of the second copy, best on another disk: the copy is its `journal/`.
    pub mirror: Option<PathBuf>,
    /// How much of the first copy sled keeps in memory; it takes 2 to 4 times as much.
    pub cache_bytes: u64,
}

/// The journal, open for its one writer.
#[derive(Debug)]
pub struct SledJournal {
    first: Mirror,
    second: Option<Mirror>,
    head: Head,
    durable: Arc<AtomicU64>,
    poisoned: bool,
    /// Held after the copies are closed.
    lock: Arc<Lock>,
}

impl SledJournal {
    /// Opens the journal of a data directory, verified whole; begins one where there is none.
    pub fn open(config: &SledConfig) -> Result<(Self, OpenReport), OpenError> {
        open::open(config)
    }

    fn write(&self, head: Head, group: &[Sealed]) -> Result<(), AppendError> {
        // One after the other: a power cut finds at most one of them half written.
        for it in self.copies() {
            it.write(group)?;
        }
        let copies = self.copies().count();
        self.copies().try_for_each(|it| it.note(head, copies))
    }

    fn copies(&self) -> impl Iterator<Item = &Mirror> {
        std::iter::once(&self.first).chain(&self.second)
    }
}

impl Journal for SledJournal {
    type Reader = SledReader;

    fn head(&self) -> Head {
        self.head
    }

    fn append(&mut self, expected: Head, group: &[Sealed]) -> Result<Head, AppendError> {
        if self.poisoned {
            return Err(AppendError::Poisoned);
        }
        let head = check_group(self.head, expected, group)?;
        if group.is_empty() {
            return Ok(head);
        }
        // Poisoned until it is known to be durable: a failed sync is never tried again.
        self.poisoned = true;
        self.write(head, group)?;
        self.poisoned = false;
        self.head = head;
        self.durable.store(head.no, Ordering::Release);
        Ok(head)
    }

    fn reader(&self) -> SledReader {
        let copies = self.copies().map(|it| it.entries().clone()).collect();
        SledReader::new(copies, Arc::clone(&self.durable), Arc::clone(&self.lock))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use lovebank_journal::{ReadJournal as _, chain::made_up_group};
    use lovebank_ledger::EntryNo;
    use tempfile::TempDir;

    use super::*;

    /// A journal of three entries on two copies.
    struct Bank {
        journal: SledJournal,
        config: SledConfig,
        group: Vec<Sealed>,
        _dir: TempDir,
    }

    impl Bank {
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let (data, mirror) = (dir.path().join("data"), Some(dir.path().join("mirror")));
            let config = SledConfig { data, mirror, cache_bytes: 1 << 20 };
            let (mut journal, _) = SledJournal::open(&config).unwrap();
            let group = made_up_group(journal.head(), 3, 100);
            journal.append(Head::EMPTY, &group).unwrap();
            Self { journal, config, group, _dir: dir }
        }

        fn copy(&mut self, which: usize) -> &mut Mirror {
            let Self { journal: SledJournal { first, second, .. }, .. } = self;
            if which == 1 { first } else { second.as_mut().unwrap() }
        }

        fn next(&self) -> Vec<Sealed> {
            made_up_group(self.journal.head(), 2, 100)
        }

        /// An append fails while `doing`, and nothing works or shows after it.
        fn check_poisoned(mut self, doing: &str, mend: impl FnOnce(&mut Self)) {
            let (head, next) = (self.journal.head(), self.next());
            match self.journal.append(head, &next) {
                Err(AppendError::Engine { doing: found, .. }) => assert_eq!(found, doing),
                other => panic!("{other:?}"),
            }
            mend(&mut self);
            for group in [&next[..], &[]] {
                let again = self.journal.append(head, group);
                assert!(matches!(again, Err(AppendError::Poisoned)), "{again:?}");
            }
            assert_eq!(self.journal.head(), head);
            let read = self.journal.reader().read(EntryNo::new(1).unwrap(), 10).unwrap();
            assert_eq!(read, self.group, "nobody reads what was not acknowledged");
            let Self { journal, config, .. } = self;
            drop(journal);
            let (journal, report) = SledJournal::open(&config).unwrap();
            assert!([3, 5].contains(&journal.head().no), "{report}");
        }
    }

    #[test]
    fn a_sync_that_fails_is_the_last_thing_written() {
        for failing in [1, 2] {
            let mut bank = Bank::new();
            // What is no file cannot be synced.
            let working = bank.copy(failing).replace_file(File::open("/dev/null").unwrap());
            bank.check_poisoned("syncing", |bank| drop(bank.copy(failing).replace_file(working)));
        }
    }

    #[test]
    fn a_value_that_leaves_the_log_is_not_acknowledged() {
        let bank = Bank::new();
        let blob = bank.config.data.join("journal/blobs/1");
        fs::write(&blob, b"").unwrap();
        bank.check_poisoned("syncing", |_| fs::remove_file(blob).unwrap());
    }

    #[test]
    fn nothing_stored_is_written_over() {
        let mut bank = Bank::new();
        let key = frame::Key::of(4).bytes();
        bank.copy(2).entries().insert(key, b"stranger").unwrap();
        bank.check_poisoned("inserting", |_| ());
    }

    #[test]
    fn a_reader_turns_to_the_second_copy() {
        let mut bank = Bank::new();
        let reader = bank.journal.reader();
        bank.copy(1).entries().remove(frame::Key::of(1).bytes()).unwrap();
        assert_eq!(reader.read(EntryNo::new(2).unwrap(), 10).unwrap(), bank.group[1..]);
        bank.copy(2).entries().insert(frame::Key::of(1).bytes(), b"stranger").unwrap();
        reader.read(EntryNo::new(2).unwrap(), 10).unwrap_err();
    }
}
