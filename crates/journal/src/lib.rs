//! The append-only journal.
//!
//! An engine keeps sealed entries and gives them back in order. It decides nothing: what an entry
//! says is the ledger's business, how it is written as bytes is [`codec`]'s, how entries are
//! chained is [`chain`]'s.

pub mod chain;
pub mod codec;
#[cfg(feature = "contract")]
pub mod contract;
mod error;
mod memory;

use lovebank_ledger::EntryNo;

pub use chain::{Broken, Head, Sealed};
pub use error::{AppendError, ReadError};
pub use memory::{MemoryJournal, MemoryReader};

/// The most bytes of an entry.
pub const ENTRY_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The most entries of a group.
pub const GROUP_MAX: usize = 4096;
/// The most bytes of a group, all entries together: a writer that stops taking at half of it has
/// room for any one entry more.
pub const GROUP_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The bytes after which one reading ends, whatever its limit; the entry that reaches them is whole.
pub const READ_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Where entries live. One writer owns it.
pub trait Journal: Send + 'static {
    /// What reads it.
    type Reader: ReadJournal;

    /// The last durable entry.
    fn head(&self) -> Head;

    /// Adds a group after a head: in order, durable on return.
    ///
    /// After a crash in the midst of it, some first entries of the group may be there, each whole.
    /// An error of the engine is final: every later call fails, and a restart tells what is
    /// durable.
    fn append(&mut self, expected: Head, group: &[Sealed]) -> Result<Head, AppendError>;

    /// A handle for reading, usable beside the writer.
    fn reader(&self) -> Self::Reader;
}

/// Reads a journal beside its writer.
pub trait ReadJournal: Clone + Send + Sync + 'static {
    /// Entries from a number on, in order, at most `limit`; none past the end.
    ///
    /// Fewer, but at least one, where they would hold more than [`READ_BYTES_MAX`]: read on after
    /// the last. Only what is durable is given, and no sync is waited for.
    fn read(&self, from: EntryNo, limit: usize) -> Result<Vec<Sealed>, ReadError>;
}

/// What every engine checks before it writes: the head, the chain and the bounds.
pub fn check_group(head: Head, expected: Head, group: &[Sealed]) -> Result<Head, AppendError> {
    if head != expected {
        return Err(AppendError::NotTheHead { expected: expected.no, found: head.no });
    }
    let too_large = |what, size, most| AppendError::TooLarge { what, size, most };
    if GROUP_MAX < group.len() {
        return Err(too_large("a group", group.len(), GROUP_MAX));
    }
    // One entry first: of two bounds that are broken, it is the one to mend.
    if let Some(it) = group.iter().find(|it| ENTRY_BYTES_MAX < it.bytes().len()) {
        return Err(too_large("an entry", it.bytes().len(), ENTRY_BYTES_MAX));
    }
    let bytes = group.iter().fold(0_usize, |sum, it| sum.saturating_add(it.bytes().len()));
    if GROUP_BYTES_MAX < bytes {
        return Err(too_large("the bytes of a group", bytes, GROUP_BYTES_MAX));
    }
    group.iter().try_fold(head, |head, it| {
        head.after(it).map_err(|source| AppendError::Broken { no: it.no().get(), source })
    })
}
