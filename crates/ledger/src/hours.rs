//! Hours: activities, the records of service at them, and what an import makes of a sheet.

use jiff::civil::Date;

use crate::{
    ActivityName, ActivityNo, BatchKey, BranchNo, Category, FileDigest, HelpNo, Interval, Minutes,
    PassbookNo, Place, Points, RecordNo, RecordState, RefusalNote, Span,
};

/// What was served at: made on first use, or created with a time of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Activity {
    /// Its number.
    pub no: ActivityNo,
    /// The branch that organised it.
    pub branch: BranchNo,
    /// What it is called.
    pub name: ActivityName,
    /// Its category.
    pub category: Option<Category>,
    /// Where.
    pub place: Option<Place>,
    /// From when to when, where it was created for check-ins.
    pub window: Option<Interval>,
}

/// When a service took place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ServiceTime {
    /// From a minute to a minute.
    Interval(Interval),
    /// Somewhen on a day.
    Day(Date),
    /// Over some days, which the sheet does not tell.
    Span(Span),
}

/// An hours record (服务记录) as it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewRecord {
    /// Its number.
    pub no: RecordNo,
    /// The item of the batch, or the line of the sheet.
    pub index: u32,
    /// Who served.
    pub passbook: PassbookNo,
    /// At what.
    pub activity: ActivityNo,
    /// When.
    pub time: ServiceTime,
    /// The civil date it counts for.
    pub date: Date,
    /// How long; below zero for a deduction.
    pub minutes: Minutes,
    /// How it came to be known.
    pub provenance: Provenance,
    /// What it credits at once, or who must say yes first.
    pub standing: Standing,
    /// Whether the check-out never came.
    pub forgotten: bool,
    /// How good it was.
    pub evaluation: Option<Evaluation>,
    /// The help request whose asker pays for it.
    pub help: Option<HelpNo>,
}

/// Whether a new record takes effect at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Posted(Credit),
    /// It waits for an approver.
    Pending(Level),
}

impl Standing {
    /// The state a record begins in.
    pub fn state(self) -> RecordState {
        match self {
            Self::Posted(_) => RecordState::Posted,
            Self::Pending(_) => RecordState::Pending,
        }
    }

    /// Who must say yes, where someone must.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Posted(_) => None,
            Self::Pending(level) => Some(level),
        }
    }

    /// What it credits at once.
    pub fn credit(self) -> Credit {
        match self {
            Self::Posted(credit) => credit,
            Self::Pending(_) => Credit::default(),
        }
    }
}

/// Points that a record credited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Credit {
    /// To the passbook.
    pub points: Points,
    /// To the pool of the volunteer's branch, above the cap.
    pub overflow: Points,
}

/// Who must say yes to a pending record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// An approver of the organising branch.
    Branch,
    /// An approver of the branch above it.
    Above,
}

/// How a record came to be known (来源), kept for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provenance {
    /// Scanned in and out.
    Scanned,
    /// Entered by a clerk.
    Clerk,
    /// From a paper sheet.
    Paper,
    /// From an imported file.
    Import,
    /// By the volunteer's own word.
    SelfReported,
    /// Taken over from an earlier system.
    Opening,
    /// Another volunteer was helped, and paid for it.
    Help,
}

/// The quality of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Evaluation {
    /// 1 (poor) to 5 (excellent).
    pub grade: Grade,
    /// The date of the evaluation.
    pub date: Date,
}

/// A grade from 1 (poor) to 5 (excellent).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grade(u8);

impl Grade {
    /// Accepts 1 to 5.
    pub fn new(grade: u32) -> Option<Self> {
        u8::try_from(grade).ok().filter(|it| (1..=5).contains(it)).map(Self)
    }

    /// The plain number.
    pub fn get(self) -> u32 {
        u32::from(self.0)
    }
}

/// Why hours were taken back, refused or deducted. Free words belong in the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The same service was recorded already.
    Duplicate,
    /// The service did not take place.
    NotServed,
    /// Date or time were wrong.
    WrongTime,
    /// It was someone else.
    WrongVolunteer,
    /// The activity was another.
    WrongActivity,
    /// A rule was broken.
    RuleBroken,
    /// A later sheet gave another value.
    Resent,
    /// The import that brought it was undone.
    Undone,
    /// Something else; the note in the vault says what.
    Other,
}

/// An item of a batch that was refused, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRefused {
    /// The item, from 0.
    pub index: u32,
    /// Why.
    pub refusal: RefusalNote,
}

/// A pending record that took effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credited {
    /// Which.
    pub record: RecordNo,
    /// What it credited.
    pub credit: Credit,
}

/// A part of an import batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportPart {
    /// The batch: a digest of the file and the choices it was read with.
    pub batch: BatchKey,
    /// Which part, from 0.
    pub part: u32,
    /// Whether it is the last.
    pub last: bool,
    /// The file, where it is told.
    pub file: Option<FileDigest>,
}

/// What came of a row of an imported sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOutcome {
    /// The line of the file, from 1.
    pub line: u32,
    /// What came of it.
    pub verdict: RowVerdict,
}

/// The verdict (判定) on a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowVerdict {
    /// A record was made.
    New(NewRecord),
    /// The same stands already, from an earlier batch or file.
    Same(RecordNo),
    /// The same stands already, from this batch.
    Duplicate(RecordNo),
    /// An earlier value was taken back and booked anew.
    Corrected {
        /// The record taken back; none where the value before was zero.
        old: Option<RecordNo>,
        /// What stands instead.
        new: NewRecord,
    },
    /// An earlier record was taken back: the sheet now says zero.
    Reversed(RecordNo),
    /// A total of zero, which makes no record; a later value of the pair corrects it.
    Zero {
        /// Whose.
        passbook: PassbookNo,
        /// At what.
        activity: ActivityNo,
    },
    /// A total of zero, as it stands already; of whom and at what, entries of old do not say.
    SameZero(Option<(PassbookNo, ActivityNo)>),
    /// The row was refused.
    Refused(RefusalNote),
}

/// A check-in that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckInClosed {
    /// Whose.
    pub passbook: PassbookNo,
    /// The record made; none where it would have broken a rule, or was under a minute.
    pub record: Option<NewRecord>,
    /// Why there is none.
    pub refusal: Option<RefusalNote>,
}

/// A value that counts again, since the import that had mended it was undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// The record whose value it is.
    pub old: RecordNo,
    /// The record taken back for it; none where the value since was nothing.
    pub instead_of: Option<RecordNo>,
    /// What stands from now on: recorded by whom, and of which home, are as of `old`.
    pub new: NewRecord,
}
