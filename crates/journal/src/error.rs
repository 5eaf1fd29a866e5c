//! What can fail, by operation.

use std::{error::Error, io::ErrorKind};

use crate::Broken;

type Source = Box<dyn Error + Send + Sync>;

/// Appending failed: nothing may be assumed about the group until a restart.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The group was made for another head; nothing was written.
    #[error("the group continues entry {expected}, and the journal ends with {found}")]
    NotTheHead {
        /// The head the group was made for.
        expected: u64,
        /// The journal's head.
        found: u64,
    },
    /// An entry does not continue the one before; nothing was written.
    #[error("entry {no} does not continue the journal")]
    Broken {
        /// The entry.
        no: u64,
        /// Why.
        source: Broken,
    },
    /// More than a group or an entry can be; nothing was written.
    #[error("{what} of {size} is over the bound of {most}")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// How large it is.
        size: usize,
        /// How large it may be.
        most: usize,
    },
    /// An earlier append failed; nothing more is written until a restart.
    #[error("an earlier append failed")]
    Poisoned,
    /// There was no room for the group; some first entries of it may be there.
    #[error("there is no room to make the group durable: {doing}")]
    Full {
        /// What it was doing.
        doing: &'static str,
        /// What failed.
        source: Source,
    },
    /// The engine could not make the group durable.
    #[error("the engine could not make the group durable: {doing}")]
    Engine {
        /// What it was doing.
        doing: &'static str,
        /// What failed.
        source: Source,
    },
}

impl AppendError {
    /// The error of an engine that failed at its files: no room is told apart, since it is mended
    /// by hand and harms nothing that is stored.
    pub fn of_files(
        doing: &'static str,
        kind: ErrorKind,
        source: impl Error + Send + Sync + 'static,
    ) -> Self {
        let source = Box::new(source);
        let full = [ErrorKind::StorageFull, ErrorKind::QuotaExceeded, ErrorKind::FileTooLarge];
        if full.contains(&kind) {
            Self::Full { doing, source }
        } else {
            Self::Engine { doing, source }
        }
    }

    /// Whether nothing was tried: the group was not fit, and the engine goes on.
    pub fn is_unfit(&self) -> bool {
        match self {
            Self::NotTheHead { .. } | Self::Broken { .. } | Self::TooLarge { .. } => true,
            Self::Poisoned | Self::Full { .. } | Self::Engine { .. } => false,
        }
    }
}

/// Reading failed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Stored bytes are not an entry, or do not continue the one before.
    #[error("entry {no} is damaged: {what}")]
    Damaged {
        /// Its number.
        no: u64,
        /// What is wrong with it.
        what: String,
    },
    /// The engine could not read.
    #[error("the engine could not read")]
    Engine(#[source] Source),
}
