//! What can be found, and how bad it is.

use lovebank_ledger::{Account, ActorNo, Balance, EntryNo, LineNo, PassbookNo, Timestamp};

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The copy of the journal that it is about; none: the journal as such.
    pub copy: Option<String>,
    /// The entry, or the first of several.
    pub entry: Option<u64>,
    /// The last of several.
    pub until: Option<u64>,
    /// What.
    pub what: What,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The journal holds; something beside it does not.
    Beside,
    /// The journal does not hold.
    Journal,
}

/// What is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A copy is not there.
    CopyMissing,
    /// A copy does not open, or cannot be read to its end.
    CopyUnreadable {
        /// What the engine says.
        why: String,
    },
    /// What is kept in a place is no entry.
    CopyMalformed {
        /// What it is.
        why: String,
    },
    /// A copy lacks entries that another has.
    CopyLacks,
    /// A copy ends before another.
    CopyBehind {
        /// Where the other ends.
        other: u64,
    },
    /// The note beside a copy is gone or cannot be read.
    NoteUnreadable,
    /// Entries stand after the last that was acknowledged.
    Unacknowledged {
        /// The last that was.
        noted: u64,
    },
    /// The copies hold different entries from here on, and neither is shown to be the right one.
    CopiesDiffer {
        /// In what.
        field: &'static str,
        /// What the one says.
        one: String,
        /// What the other says.
        other: String,
    },
    /// There is no such entry.
    Missing,
    /// Two entries stand in each other's place.
    Swapped {
        /// The other one.
        with: u64,
    },
    /// An entry too many: its number is that of another one.
    Added {
        /// The place where it stands.
        place: u64,
    },
    /// An entry is not the one that was sealed.
    Changed {
        /// In what.
        field: &'static str,
        /// What it should be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// The bytes are no entry.
    Unreadable {
        /// Why.
        why: String,
    },
    /// It was recorded no later than the one before.
    TimeWentBack {
        /// When that one was.
        before: Timestamp,
        /// When it was.
        found: Timestamp,
    },
    /// Its request made another entry before.
    RequestTwice {
        /// Which.
        first: EntryNo,
    },
    /// Its postings do not sum to zero.
    Unbalanced {
        /// What they sum to.
        sum: Balance,
    },
    /// A balance is not the one before and the amount.
    Drifted {
        /// Whose.
        account: Account,
        /// The line of the passbook.
        line: Option<LineNo>,
        /// What it should be.
        expected: Balance,
        /// What it is.
        found: Balance,
    },
    /// A line of a passbook is not the next.
    LineOutOfOrder {
        /// Whose.
        passbook: PassbookNo,
        /// The next.
        expected: LineNo,
        /// What it says.
        found: Option<LineNo>,
    },
    /// It names an actor that there is not.
    ActorUnknown {
        /// Which.
        actor: ActorNo,
    },
    /// It does not follow from those before it.
    Impossible {
        /// Why.
        why: &'static str,
    },
    /// An invariant does not hold.
    Invariant {
        /// Its number, as `lovebank_ledger::invariants::check` lists them.
        number: u8,
        /// What was found.
        what: String,
    },
    /// The journal does not have the head that is known from elsewhere.
    HeadDiffers {
        /// Whether someone wrote it down, or the running bank told it.
        witness: bool,
        /// The seal it should have.
        expected: String,
        /// The seal it has.
        found: String,
    },
    /// The journal ends before an entry that is known to have been there.
    EndsEarly {
        /// Its last entry.
        found: u64,
    },
    /// The ledger of the running bank is not what its journal adds up to.
    StateDrifted {
        /// The table of the ledger.
        table: String,
        /// The row, from 1, where it could be found out.
        row: Option<u64>,
        /// What the journal adds up to.
        expected: String,
        /// What the bank holds.
        found: String,
    },
}

impl What {
    /// Its name, for programs and for the runbook.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CopyMissing => "COPY_MISSING",
            Self::CopyUnreadable { .. } => "COPY_UNREADABLE",
            Self::CopyMalformed { .. } => "COPY_MALFORMED",
            Self::CopyLacks => "COPY_LACKS",
            Self::CopyBehind { .. } => "COPY_BEHIND",
            Self::NoteUnreadable => "NOTE_UNREADABLE",
            Self::Unacknowledged { .. } => "ENTRY_UNACKNOWLEDGED",
            Self::CopiesDiffer { .. } => "COPIES_DIFFER",
            Self::Missing => "ENTRY_MISSING",
            Self::Swapped { .. } => "ENTRIES_SWAPPED",
            Self::Added { .. } => "ENTRY_ADDED",
            Self::Changed { .. } => "ENTRY_CHANGED",
            Self::Unreadable { .. } => "ENTRY_UNREADABLE",
            Self::TimeWentBack { .. } => "TIME_WENT_BACK",
            Self::RequestTwice { .. } => "REQUEST_TWICE",
            Self::Unbalanced { .. } => "POSTINGS_UNBALANCED",
            Self::Drifted { .. } => "BALANCE_DRIFTED",
            Self::LineOutOfOrder { .. } => "LINE_OUT_OF_ORDER",
            Self::ActorUnknown { .. } => "ACTOR_UNKNOWN",
            Self::Impossible { .. } => "ENTRY_IMPOSSIBLE",
            Self::Invariant { .. } => "INVARIANT_BROKEN",
            Self::HeadDiffers { .. } => "HEAD_DIFFERS",
            Self::EndsEarly { .. } => "JOURNAL_ENDS_EARLY",
            Self::StateDrifted { .. } => "STATE_DRIFTED",
        }
    }
}

impl What {
    /// Whether it is about entries as they stand, wherever they are kept.
    pub(crate) fn is_of_an_entry(&self) -> bool {
        matches!(
            self,
            Self::Missing
                | Self::Swapped { .. }
                | Self::Added { .. }
                | Self::Changed { .. }
                | Self::Unreadable { .. }
                | Self::EndsEarly { .. }
        )
    }
}

impl Finding {
    /// About an entry of the journal.
    pub fn at(entry: u64, what: What) -> Self {
        Self { copy: None, entry: Some(entry), until: None, what }
    }

    /// About entries, both included.
    pub fn among(entry: u64, until: u64, what: What) -> Self {
        Self { until: Some(until).filter(|it| entry < *it), ..Self::at(entry, what) }
    }

    /// About no entry.
    pub fn general(what: What) -> Self {
        Self { copy: None, entry: None, until: None, what }
    }

    /// About a copy.
    pub fn of(self, copy: Option<&str>) -> Self {
        Self { copy: copy.map(str::to_owned), ..self }
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        if self.copy.is_some() { Severity::Beside } else { Severity::Journal }
    }
}
