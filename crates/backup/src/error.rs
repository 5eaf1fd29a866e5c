//! What can be wrong, said to the person who has to act.

use std::{io, path::PathBuf};

use lovebank_journal::{AppendError, Broken, ENTRY_BYTES_MAX, ReadError, codec::BadEntry};
use lovebank_ledger::Damage;

/// A file that is not to be restored from, and why.
#[derive(Debug, thiserror::Error)]
#[error("{}", path.display())]
pub struct BadBackup {
    /// Which file.
    pub path: PathBuf,
    /// What is wrong with it.
    #[source]
    pub fault: Fault,
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It could not be read.
    #[error("it could not be read")]
    Io(#[source] io::Error),
    /// It is something else.
    #[error("it is no backup of a journal")]
    NotABackup,
    /// A later release wrote it.
    #[error("it has another version of the format: use the release that wrote it, or a later one")]
    OtherVersion,
    /// It ends before its end.
    #[error("it was cut short: copy it anew, or take another backup")]
    CutShort,
    /// Its header cannot be.
    #[error("its header says entries {first} to {last}, which cannot be")]
    Header {
        /// The first entry that it says.
        first: u64,
        /// The last.
        last: u64,
    },
    /// It cannot be unpacked.
    #[error("its entries from {no} on cannot be unpacked: bytes were changed or are missing")]
    Packed {
        /// The entry that was due.
        no: u64,
        /// Why.
        source: io::Error,
    },
    /// An entry that no journal takes.
    #[error("entry {no} says {bytes} bytes, and an entry has {ENTRY_BYTES_MAX} at most")]
    TooLarge {
        /// Its number.
        no: u64,
        /// What it says.
        bytes: u64,
    },
    /// An entry does not continue the one before.
    #[error("entry {no} does not continue the chain: it was changed, or does not belong here")]
    Broken {
        /// Its number.
        no: u64,
        /// Why.
        source: Broken,
    },
    /// The last entry is another than the header's.
    #[error("it ends with another entry {no} than its header says")]
    OtherEnd {
        /// The number of both.
        no: u64,
    },
    /// More stands behind the last entry.
    #[error("more follows its last entry {no}: it was put together with something else")]
    More {
        /// The last entry.
        no: u64,
    },
    /// The digest is over other bytes.
    #[error("its digest does not hold: bytes were changed")]
    Digest,
    /// The first file does not begin with entry 1.
    #[error("it begins with entry {first}: give the full backup before it, and the files in order")]
    NotFull {
        /// Its first entry.
        first: u64,
    },
    /// It does not follow the file before it.
    #[error(
        "it begins with entry {first}, and {due} is due: give the files in order, none left out"
    )]
    OutOfOrder {
        /// Its first entry.
        first: u64,
        /// The one after the last of the file before.
        due: u64,
    },
    /// Its first entry is not that of the bank its header names.
    #[error("entry 1 is not that of the bank its header names: bytes were changed")]
    NotItsBank,
    /// It is of another bank than the file before it.
    #[error("it is of another bank than the file before it")]
    OtherBank,
    /// It follows another entry than the one that the file before ends with.
    #[error(
        "it goes on from another entry {no} than the file before it ends with: \
         two histories of one bank, as after a restore; see which of them is the true one"
    )]
    OtherHistory {
        /// The number of both.
        no: u64,
    },
    /// Too many files.
    #[error("it is one of {given} files, and {most} are taken: take a full backup")]
    TooMany {
        /// How many were given.
        given: usize,
        /// How many are taken.
        most: usize,
    },
}

impl PartialEq for Fault {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

/// A backup could not be written; nothing has its name.
#[derive(Debug, thiserror::Error)]
pub enum NotWritten {
    /// A file of that name is there.
    #[error("{} is there already: a backup is never written over, choose another name", .0.display())]
    Exists(PathBuf),
    /// The file system refused something.
    #[error("{doing} {} failed", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An entry that no journal takes.
    #[error("entry {no} has {bytes} bytes, and an entry has {ENTRY_BYTES_MAX} at most")]
    TooLarge {
        /// Its number.
        no: u64,
        /// How many.
        bytes: usize,
    },
    /// What was given does not continue the journal.
    #[error("entry {no} does not continue the journal as it was backed up before")]
    Broken {
        /// The entry.
        no: u64,
        /// Why.
        source: Broken,
    },
    /// The journal ended elsewhere than was told.
    #[error("the journal ended with entry {found}, and another end was told, with entry {told}")]
    OtherEnd {
        /// Where it ended.
        found: u64,
        /// What was told.
        told: u64,
    },
    /// It reads back as something else.
    #[error("what was written does not read back: the disk is failing")]
    ReadBack(#[from] BadBackup),
}

/// A journal could not be restored.
#[derive(Debug, thiserror::Error)]
pub enum NotRestored {
    /// A file is at fault.
    #[error(transparent)]
    Backup(#[from] BadBackup),
    /// The journal it comes from cannot be read.
    #[error("the journal it comes from cannot be read")]
    Read(#[from] ReadError),
    /// An entry cannot be understood.
    #[error("entry {no} cannot be understood")]
    Entry {
        /// Its number.
        no: u64,
        /// Why.
        source: BadEntry,
    },
    /// An entry does not add up.
    #[error(transparent)]
    Damage(#[from] Damage),
    /// What it adds up to does not hold.
    #[error("what the entries add up to does not hold: invariant {invariant}: {what}")]
    Breach {
        /// Which.
        invariant: u8,
        /// What was found.
        what: String,
    },
    /// The journal to restore into is not empty.
    #[error("the journal to restore into ends with entry {0}: only an empty one is restored into")]
    NotEmpty(u64),
    /// There is no such entry.
    #[error("there is no entry {asked}: the last one is {last}")]
    Beyond {
        /// The one asked for.
        asked: u64,
        /// The last there is.
        last: u64,
    },
    /// The engine failed.
    #[error("the entries could not be written")]
    Append(#[from] AppendError),
}
