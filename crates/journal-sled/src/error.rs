//! Why a journal does not open, said to the person who has to act.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use lovebank_journal::Broken;

/// Opening failed. Nothing of the journal was removed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error(
        "the journal is in use: {lock} is held by {holder}; stop that process first, \
         and do not delete the file"
    )]
    InUse {
        /// The file that is locked.
        lock: PathBuf,
        /// Who holds it, as far as known.
        holder: String,
    },
    /// The mirror is to be where the first copy is, or one within the other.
    #[error("the mirror {0} is not apart from the data directory: give it one of its own")]
    SameDirectory(PathBuf),
    /// The file system refused something.
    #[error("{doing} {path} failed")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file or directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No copy can be trusted to hold every entry.
    #[error("{0}")]
    Refused(Box<Refused>),
    /// A copy could not be made whole from the other one.
    #[error("the copy {dir} could not be made whole: {what}; the other copy is unharmed")]
    Healing {
        /// The copy.
        dir: PathBuf,
        /// What went wrong.
        what: String,
    },
}

/// What was found in each copy, and why that is not enough.
#[derive(Debug)]
pub struct Refused {
    /// Why.
    pub reason: Reason,
    /// Each copy and what was found there.
    pub copies: Vec<(PathBuf, Found)>,
}

/// Why no copy can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Each copy is damaged.
    #[error("no copy of the journal is whole")]
    NoneWhole,
    /// The copies hold different entries.
    #[error("the copies of the journal hold different entries, at the latest from {no} on")]
    Diverging {
        /// The last number both have.
        no: u64,
    },
    /// The damaged copy had entries that the whole one has not.
    #[error(
        "one copy of the journal is damaged and had reached entry {seen}, \
         and the whole one ends with {whole}"
    )]
    Beyond {
        /// How far the damaged copy had come.
        seen: u64,
        /// The end of the whole one.
        whole: u64,
    },
}

/// What was found in one copy.
#[derive(Debug, Clone)]
pub enum Found {
    /// There is none.
    Missing,
    /// It is whole.
    Whole {
        /// Its last entry.
        no: u64,
    },
    /// It is damaged.
    Damaged {
        /// The last entry up to which it is whole.
        no: u64,
        /// The last entry that it shows any trace of.
        seen: u64,
        /// What is wrong.
        damage: Damage,
    },
}

/// What is wrong with a copy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// The directory has files, and none is the database.
    #[error("its database file is gone")]
    NoDatabase,
    /// The engine refuses to open it.
    #[error("it does not open: {0}")]
    Unopened(String),
    /// The engine fails in the midst of it.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// A key that no journal has.
    #[error("a foreign key follows entry {after}")]
    Foreign {
        /// The entry before.
        after: u64,
    },
    /// Entries are missing.
    #[error("entry {due} is missing, {found} is there")]
    Gap {
        /// What was due.
        due: u64,
        /// What is there.
        found: u64,
    },
    /// A value is not in the format.
    #[error("what is stored for entry {no} is no frame of entries")]
    Value {
        /// The entry it begins with.
        no: u64,
    },
    /// The chain of seals is broken.
    #[error("entry {no} does not continue the chain: {why}")]
    Chain {
        /// The entry.
        no: u64,
        /// Why.
        why: Broken,
    },
    /// A scan does not reach the last entry.
    #[error("a scan ends with entry {scanned}, and the last one is {last}")]
    EndsEarly {
        /// The end of the scan.
        scanned: u64,
        /// The last entry.
        last: u64,
    },
    /// It had acknowledged more than it holds.
    #[error("it ends with entry {found}, and entry {noted} had been acknowledged")]
    Short {
        /// Its end.
        found: u64,
        /// What it had noted.
        noted: u64,
    },
    /// It is further behind than a crash leaves a copy.
    #[error("it ends with entry {found}, and the other copy with {other}")]
    Behind {
        /// Its end.
        found: u64,
        /// The end of the other.
        other: u64,
    },
}

impl OpenError {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |source| Self::Io { doing, path, source }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the journal is not opened: {}", self.reason)?;
        for (dir, found) in &self.copies {
            writeln!(f, "  {}: {found}", dir.display())?;
        }
        f.write_str(
            "  what to do: keep each of these directories as it is (copy them elsewhere, delete \
             and repair nothing), then restore the journal from a backup: deploy/README.md, \
             \"Restore\"",
        )
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no journal"),
            Self::Whole { no } => write!(f, "whole, {no} entries"),
            Self::Damaged { no, seen, damage } => {
                write!(f, "damaged: {damage} (whole up to entry {no}, traces up to {seen})")
            }
        }
    }
}
