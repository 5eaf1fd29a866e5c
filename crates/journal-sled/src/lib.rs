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
    read::SledReader,
    report::{Finding, OpenReport, Severity},
};
use self::{frame::pack, lock::Lock, mirror::Mirror};

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
        let frames = pack(group);
        // One after the other: a power cut finds at most one of them half written.
        for it in self.copies() {
            it.write(&frames)?;
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
        let entries = self.first.entries().clone();
        SledReader::new(entries, Arc::clone(&self.durable), Arc::clone(&self.lock))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use lovebank_journal::{ReadJournal as _, chain::made_up_group};
    use lovebank_ledger::EntryNo;

    use super::*;

    #[test]
    fn a_sync_that_fails_is_the_last_thing_written() {
        for failing in [1, 2] {
            let dir = tempfile::tempdir().unwrap();
            let config = SledConfig {
                data: dir.path().join("data"),
                mirror: Some(dir.path().join("mirror")),
                cache_bytes: 1 << 20,
            };
            let (mut journal, _) = SledJournal::open(&config).unwrap();
            let group = made_up_group(journal.head(), 3, 100);
            let head = journal.append(Head::EMPTY, &group).unwrap();
            let next = made_up_group(head, 2, 100);
            let copy =
                if failing == 1 { &mut journal.first } else { journal.second.as_mut().unwrap() };
            // What is no file cannot be synced.
            let working = copy.replace_file(File::open("/dev/null").unwrap());
            let failed = journal.append(head, &next);
            assert!(
                matches!(failed, Err(AppendError::Engine { doing: "syncing", .. })),
                "{failed:?}"
            );
            let copy =
                if failing == 1 { &mut journal.first } else { journal.second.as_mut().unwrap() };
            copy.replace_file(working);
            for group in [&next[..], &[]] {
                let again = journal.append(head, group);
                assert!(matches!(again, Err(AppendError::Poisoned)), "{again:?}");
            }
            assert_eq!(journal.head(), head);
            let read = journal.reader().read(EntryNo::new(1).unwrap(), 10).unwrap();
            assert_eq!(read, group, "nobody reads what was not acknowledged");
            drop(journal);
            let (journal, report) = SledJournal::open(&config).unwrap();
            assert!([3, 5].contains(&journal.head().no), "{report}");
        }
    }
}
