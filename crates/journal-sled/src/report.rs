//! What opening found and did, for the log.

use std::{fmt, path::PathBuf, time::Duration};

use lovebank_journal::Head;

use crate::Damage;

/// What opening found and did.
#[derive(Debug, Clone)]
pub struct OpenReport {
    /// The last entry.
    pub head: Head,
    /// How many entries there are.
    pub entries: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// How many copies are kept.
    pub copies: usize,
    /// How long the copies took to be opened and read whole, side by side.
    pub verified_in: Duration,
    /// How long all of it took.
    pub opened_in: Duration,
    /// What was out of the ordinary, in the order it was found.
    pub findings: Vec<Finding>,
}

/// Something out of the ordinary, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// There was no journal: a new one was begun.
    Begun {
        /// Where.
        dir: PathBuf,
    },
    /// A copy was made of the other one, for the first time.
    Made {
        /// Where.
        dir: PathBuf,
        /// How many entries.
        entries: u64,
    },
    /// A copy was gone, and was made anew from the other one.
    Restored {
        /// Where.
        dir: PathBuf,
        /// How many entries.
        entries: u64,
    },
    /// A copy lacked the end that a crash can leave out, and got it from the other one.
    CaughtUp {
        /// Where.
        dir: PathBuf,
        /// Its last entry before.
        from: u64,
        /// Its last entry now.
        to: u64,
        /// The copies of which no note tells how far they had come: nobody knows that nothing is
        /// lost unless there is none.
        unnoted: Vec<PathBuf>,
    },
    /// A copy was damaged, and was replaced from the other one.
    Replaced {
        /// Where.
        dir: PathBuf,
        /// What was wrong with it.
        damage: Damage,
        /// Where the damaged one is kept.
        aside: PathBuf,
        /// How many entries the new one has.
        entries: u64,
        /// The copies of which no note tells how far they had come: nobody knows that nothing is
        /// lost unless there is none.
        unnoted: Vec<PathBuf>,
    },
    /// Parts of an entry that was never acknowledged were removed.
    Trimmed {
        /// Where.
        dir: PathBuf,
        /// The entry.
        no: u64,
        /// How many parts.
        parts: u16,
    },
    /// Something unfinished was deleted.
    Cleared {
        /// What.
        path: PathBuf,
    },
    /// The note of how far a copy had come cannot be read: it was written anew.
    NoteUnreadable {
        /// Where.
        dir: PathBuf,
    },
    /// Values lie outside the log, where sled does not make them durable.
    Blobs {
        /// Where.
        dir: PathBuf,
        /// How many.
        count: usize,
    },
}

/// Who should hear of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Whoever reads the log: a crash or a new setting explains it.
    Info,
    /// The operator, today: a disk or a hand did harm.
    Warn,
}

impl OpenReport {
    /// The worst of its findings.
    pub fn severity(&self) -> Severity {
        self.findings.iter().map(Finding::severity).max().unwrap_or(Severity::Info)
    }
}

impl Finding {
    /// Who should hear of it.
    pub fn severity(&self) -> Severity {
        match self {
            // A crash leaves the notes.
            Self::CaughtUp { unnoted, .. } if !unnoted.is_empty() => Severity::Warn,
            Self::Begun { .. }
            | Self::Made { .. }
            | Self::CaughtUp { .. }
            | Self::Trimmed { .. }
            | Self::Cleared { .. } => Severity::Info,
            Self::Restored { .. }
            | Self::Replaced { .. }
            | Self::NoteUnreadable { .. }
            | Self::Blobs { .. } => Severity::Warn,
        }
    }
}

impl fmt::Display for OpenReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { head, entries, bytes, copies, .. } = self;
        let (verified, opened) = (self.verified_in.as_millis(), self.opened_in.as_millis());
        write!(f, "{entries} entries, {bytes} bytes, {copies} copies, seal {}, ", head.seal)?;
        write!(f, "verified in {verified} ms, opened in {opened} ms")?;
        self.findings.iter().try_for_each(|it| write!(f, "\n{it}"))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begun { dir } => write!(f, "a new journal was begun in {}", dir.display()),
            Self::Made { dir, entries } => {
                write!(f, "the copy {} was made, {entries} entries", dir.display())
            }
            Self::Restored { dir, entries } => write!(
                f,
                "the copy {} was gone and was made anew from the other, {entries} entries; \
                 find out why",
                dir.display()
            ),
            Self::CaughtUp { dir, from, to, unnoted } => write!(
                f,
                "the copy {} ended with entry {from} and was caught up to {to}, {}",
                dir.display(),
                known(unnoted, "as after a crash")
            ),
            Self::Replaced { dir, damage, aside, entries, unnoted } => write!(
                f,
                "the copy {} WAS DAMAGED: {damage}; it was made anew from the other, {entries} \
                 entries, {}; the damaged one is kept as {}; check the disk",
                dir.display(),
                known(unnoted, "nothing is lost"),
                aside.display()
            ),
            Self::Trimmed { dir, no, parts } => write!(
                f,
                "{parts} parts of entry {no}, never acknowledged, were removed from {}",
                dir.display()
            ),
            Self::Cleared { path } => write!(f, "{} was unfinished and deleted", path.display()),
            Self::NoteUnreadable { dir } => {
                write!(f, "the note in {} could not be read and was written anew", dir.display())
            }
            Self::Blobs { dir, count } => write!(
                f,
                "{count} values of {} lie outside the log, in blobs/: they were synced now, \
                 and none should be there",
                dir.display()
            ),
        }
    }
}

/// What is known of the end of a journal whose copies were not alike.
fn known(unnoted: &[PathBuf], noted: &str) -> String {
    if unnoted.is_empty() {
        return noted.to_owned();
    }
    let dirs: Vec<_> = unnoted.iter().map(|it| it.display().to_string()).collect();
    format!(
        "and no note tells how far {} had come: compare the last entry with what was written down",
        dirs.join(" and ")
    )
}
