//! The reference engine: what every other engine must be indistinguishable from.

use std::sync::{Arc, PoisonError, RwLock};

use lovebank_ledger::EntryNo;

use crate::{
    AppendError, Head, Journal, READ_BYTES_MAX, ReadError, ReadJournal, Sealed, check_group,
};

/// A journal in memory, for tests.
#[derive(Debug, Default)]
pub struct MemoryJournal {
    entries: MemoryReader,
    head: Option<Head>,
}

/// Reads a journal in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryReader(Arc<RwLock<Vec<Sealed>>>);

impl Journal for MemoryJournal {
    type Reader = MemoryReader;

    fn head(&self) -> Head {
        self.head.unwrap_or(Head::EMPTY)
    }

    fn append(&mut self, expected: Head, group: &[Sealed]) -> Result<Head, AppendError> {
        let head = check_group(self.head(), expected, group)?;
        let mut entries = self.entries.0.write().unwrap_or_else(PoisonError::into_inner);
        entries.extend_from_slice(group);
        self.head = Some(head);
        Ok(head)
    }

    fn reader(&self) -> MemoryReader {
        self.entries.clone()
    }
}

impl ReadJournal for MemoryReader {
    fn read(&self, from: EntryNo, limit: usize) -> Result<Vec<Sealed>, ReadError> {
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let skip = usize::try_from(from.get().saturating_sub(1)).unwrap_or(usize::MAX);
        let mut bytes = 0_usize;
        let within = |it: &&Sealed| {
            let room = bytes < READ_BYTES_MAX;
            bytes = bytes.saturating_add(it.bytes().len());
            room
        };
        Ok(entries.iter().skip(skip).take(limit).take_while(within).cloned().collect())
    }
}
