//! Errors by operation. None says anything of a person: `SQLite` is only ever given statements
//! with the values apart, so its own messages cannot either.

use std::{io, path::PathBuf};

use lovebank_ledger::VolunteerId;
use thiserror::Error;

/// The vault could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Its directory or file could not be made, or made private.
    #[error("{} could not be made, or made private: see that this user owns it", path.display())]
    Files {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its file is damaged.
    #[error(
        "{} is damaged ({finding}): keep it aside and restore the backup that was taken together \
         with the journal", path.display()
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What `SQLite` found first.
        finding: String,
    },
    /// The file is a database of something else.
    #[error("{} is not a vault: point the data directory at the bank's own", path.display())]
    NotAVault {
        /// Which file.
        path: PathBuf,
    },
    /// A later release wrote the file.
    #[error(
        "the vault has schema {found} and this release knows up to {known}: start the release \
         that wrote it, or a later one"
    )]
    Newer {
        /// The file's schema.
        found: u32,
        /// The last schema known here.
        known: u32,
    },
    /// The system gave no random bytes for the secret.
    #[error("the system gave no random bytes for the vault's secret")]
    Random(#[source] getrandom::Error),
    /// `SQLite` could not do it.
    #[error("the vault could not be opened")]
    Sqlite(#[from] rusqlite::Error),
}

/// The vault did not take a change.
#[derive(Debug, Error)]
pub enum WriteError {
    /// More at once than the vault takes.
    #[error("{given} at once: give {most} at most")]
    TooMany {
        /// How many were given.
        given: usize,
        /// How many it takes.
        most: usize,
    },
    /// An annotation is about a volunteer of whom the vault holds nothing.
    #[error("the vault holds nothing of volunteer {0}: annotate only those it knows")]
    UnknownVolunteer(VolunteerId),
    /// A sweep would take more than a crash can leave: the journal is not this vault's.
    #[error(
        "the journal knows {known} of the vault's people and not {orphans}: nothing was swept; \
         see that vault and journal belong together"
    )]
    StrangeJournal {
        /// How many the journal knows.
        known: u64,
        /// How many it does not.
        orphans: u64,
    },
    /// The journal is shorter than it was: a sweep would take what people wrote.
    #[error(
        "the journal ends with entry {head}, and the vault has seen entry {seen}: nothing was \
         swept; restore the journal that belongs to this vault, or both from one backup"
    )]
    OlderJournal {
        /// The journal's last entry.
        head: u64,
        /// The last one that the vault saw.
        seen: u64,
    },
    /// Numbers have other tags here than in the journal: the vault is another bank's.
    #[error(
        "{foreign} volunteer numbers have other tags in the journal than this vault gives them: \
         it is another bank's; put the vault back that belongs to this journal"
    )]
    StrangeVault {
        /// How many.
        foreign: u64,
    },
    /// The vault lacks people whom the journal knows.
    #[error(
        "the journal knows {lacking} volunteers who are not erased and of whom the vault holds \
         nothing (it holds {known}): put the vault back that belongs to this journal, or restore \
         both from one backup"
    )]
    Lacking {
        /// How many it holds of those whom the journal knows.
        known: u64,
        /// How many it lacks.
        lacking: u64,
    },
    /// The copy's file could not be made.
    #[error("{} could not be written", path.display())]
    Copy {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// `SQLite` could not do it.
    #[error("the vault could not be written")]
    Sqlite(#[from] rusqlite::Error),
}

impl WriteError {
    /// Whether the disk is full: nothing was changed, and the same works once there is room.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Sqlite(err) => is_full(err),
            Self::Copy { source, .. } => has_no_room(source),
            Self::TooMany { .. }
            | Self::UnknownVolunteer(_)
            | Self::StrangeJournal { .. }
            | Self::OlderJournal { .. }
            | Self::StrangeVault { .. }
            | Self::Lacking { .. } => false,
        }
    }
}

impl OpenError {
    /// Whether the disk is full: the same works once there is room.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Sqlite(err) => is_full(err),
            Self::Files { source, .. } => has_no_room(source),
            Self::Damaged { .. }
            | Self::NotAVault { .. }
            | Self::Newer { .. }
            | Self::Random(_) => false,
        }
    }
}

fn is_full(err: &rusqlite::Error) -> bool {
    err.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
}

fn has_no_room(err: &io::Error) -> bool {
    matches!(err.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// The vault could not be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// More at once than the vault gives.
    #[error("{given} at once: ask for {most} at most")]
    TooMany {
        /// How many were asked for.
        given: usize,
        /// How many it gives.
        most: usize,
    },
    /// `SQLite` could not do it.
    #[error("the vault could not be read")]
    Sqlite(#[from] rusqlite::Error),
}
