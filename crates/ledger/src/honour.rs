//! Honours (荣誉): stars and awards, and how a year's awards come to be.

use std::fmt;

use jiff::civil::Date;

use crate::{
    BranchNo, CertificateNo, EntryNo, HonourNo, ItemRefused, ObjectionNo, PassbookNo,
    ProgrammeName, Reason, ResultDigest, RulebookVersion, RunNo,
};

/// The most volunteers that one run honours: they become one entry.
pub const WINNERS_MAX: usize = 10_000;
/// The most exceptions of a run.
pub const EXCEPTIONS_MAX: usize = 100;
/// The most objections to a run.
pub const OBJECTIONS_MAX: usize = 1000;
/// The highest star.
pub const STAR_MAX: u8 = 10;

/// Who honours: the level of an award, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HonourLevel {
    /// 社区.
    Community,
    /// 街道.
    Street,
    /// 区.
    District,
    /// 市.
    City,
    /// 省.
    Province,
    /// 国家.
    Nation,
}

impl HonourLevel {
    /// All levels, lowest first.
    pub const ALL: [Self; 6] =
        [Self::Community, Self::Street, Self::District, Self::City, Self::Province, Self::Nation];
}

/// What an honour is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Title {
    /// A star (星级).
    Star {
        /// Of which scheme.
        scheme: ProgrammeName,
        /// How many: 1 to [`STAR_MAX`].
        level: u8,
        /// The year it is for, where the scheme is one of years.
        year: Option<i16>,
    },
    /// An award (表彰).
    Award {
        /// Of which programme.
        programme: ProgrammeName,
        /// The year it is for.
        year: i16,
        /// Who honours.
        level: HonourLevel,
    },
}

/// How an honour that no run gave came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HonourSource {
    /// An approver gave a star that was reached.
    Approved,
    /// It was given before the bank, or outside of it, and written down.
    Recorded,
}

/// How an honour came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HonourOrigin {
    /// By someone's word.
    Given(HonourSource),
    /// A run that is final gave it.
    Run(RunNo),
}

/// An honour as an entry gives it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NewHonour {
    /// Its number.
    pub no: HonourNo,
    /// The item of the batch.
    pub index: u32,
    /// Who is honoured.
    pub passbook: PassbookNo,
    /// With what.
    pub title: Title,
    /// The day it was given.
    pub given: Date,
}

/// Which days of service a run or a scheme looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Days {
    /// The first day.
    pub from: Date,
    /// The last day, the cut-off (截止日).
    pub until: Date,
}

/// A run as an entry makes it: what its result follows from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NewRun {
    /// Its number.
    pub no: RunNo,
    /// Of which programme.
    pub programme: ProgrammeName,
    /// The version of the rulebook that says it.
    pub rulebook: RulebookVersion,
    /// For which year.
    pub year: i16,
    /// Of which days.
    pub days: Days,
    /// Only those at home in this branch or below it; none: the whole bank.
    pub branch: Option<BranchNo>,
    /// What was known after this entry.
    pub as_of: EntryNo,
    /// The lower ends of age bands, each with who was in it on the cut-off: the vault's birth
    /// dates, as far as the programme asks for them.
    pub ages: Vec<AgeBand>,
    /// What came of it.
    pub result: RunResult,
}

/// What came of a run: enough to give the awards, and to see that a list is that of the run.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RunResult {
    /// A digest of the whole sheet, of all who were looked at.
    pub digest: ResultDigest,
    /// Those who are chosen, in their order: at most [`WINNERS_MAX`].
    pub chosen: Vec<Winner>,
}

/// One who is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Winner {
    /// Who.
    pub passbook: PassbookNo,
    /// The place; equals share one.
    pub place: u32,
}

/// Who is in a band of ages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AgeBand {
    /// Its lower end, in years.
    pub from: u8,
    /// Who is in it, rising.
    pub passbooks: Vec<PassbookNo>,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunState {
    /// It can be looked at, and exceptions can be made.
    Draft,
    /// It hangs out for all to see (公示).
    Published,
    /// Its awards are given.
    Final,
    /// It was given up.
    Withdrawn,
}

/// The days a result hangs out (公示期).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NoticePeriod {
    /// The first day, on which it was published.
    pub first: Date,
    /// The last day on which an objection is taken.
    pub last: Date,
    /// Whether the calendar of the rulebook knows all its days.
    pub certain: bool,
}

/// What an objection came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectionAnswer {
    /// It was not right: the result stands.
    Dismissed,
    /// It was right, and the volunteer is out: the result without, which is a draft again.
    Removed(RunResult),
    /// It was right, and the volunteer was not chosen: the run is given up, so that another can be
    /// made once what was wrong is mended.
    RunGivenUp,
}

/// An objection as an entry makes it; its words are the vault's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewObjection {
    /// Its number.
    pub no: ObjectionNo,
    /// To which run.
    pub run: RunNo,
    /// Whose place is in question.
    pub about: PassbookNo,
}

/// What a certificate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CertificateKind {
    /// The time served (志愿服务记录证明).
    Service {
        /// On which days.
        days: Days,
        /// How long.
        minutes: i64,
        /// How many services.
        services: u32,
    },
    /// An honour.
    Honour(HonourNo),
}

/// A certificate as an entry makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NewCertificate {
    /// Its number.
    pub no: CertificateNo,
    /// For whom.
    pub passbook: PassbookNo,
    /// The branch that issues it: the home branch.
    pub branch: BranchNo,
    /// The day of issue.
    pub issued: Date,
    /// What it says.
    pub kind: CertificateKind,
}

/// What happened about honours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HonourEvent {
    /// Stars were given to those who reached them, or honours from elsewhere written down.
    HonoursGiven {
        /// How they came to be known.
        source: HonourSource,
        /// Each of them.
        honours: Vec<NewHonour>,
        /// Items that were refused.
        refused: Vec<ItemRefused>,
    },
    /// An honour was taken back.
    HonourRevoked {
        /// Which.
        honour: HonourNo,
        /// Why.
        reason: Reason,
    },
    /// A volunteer was nominated (提名) for a programme.
    Nominated {
        /// Who.
        passbook: PassbookNo,
        /// For what.
        programme: ProgrammeName,
        /// Of which year.
        year: i16,
        /// By which branch.
        branch: BranchNo,
    },
    /// A run was made.
    RunCreated(NewRun),
    /// Someone asks that a condition be waived for a volunteer; the reason is the vault's.
    ExceptionProposed {
        /// Of which run.
        run: RunNo,
        /// For whom.
        passbook: PassbookNo,
        /// The condition, by its place in the programme, from 0.
        condition: u8,
    },
    /// Someone else agrees.
    ExceptionConfirmed {
        /// Of which run.
        run: RunNo,
        /// For whom.
        passbook: PassbookNo,
        /// The condition.
        condition: u8,
        /// What comes of the run with it.
        result: RunResult,
    },
    /// A run was hung out.
    RunPublished {
        /// Which.
        run: RunNo,
        /// For how long.
        notice: NoticePeriod,
    },
    /// Someone objects.
    ObjectionFiled(NewObjection),
    /// An objection was answered.
    ObjectionResolved {
        /// Which.
        objection: ObjectionNo,
        /// What it came to.
        answer: ObjectionAnswer,
    },
    /// The awards of a run were given.
    RunFinalized {
        /// Which.
        run: RunNo,
        /// Each of them.
        honours: Vec<NewHonour>,
    },
    /// A run was given up.
    RunWithdrawn {
        /// Which.
        run: RunNo,
        /// Why.
        reason: Reason,
    },
    /// A certificate was issued.
    CertificateIssued(NewCertificate),
}

impl Title {
    /// The name of its scheme or programme.
    pub fn name(&self) -> &ProgrammeName {
        match self {
            Self::Star { scheme, .. } => scheme,
            Self::Award { programme, .. } => programme,
        }
    }
}

impl fmt::Display for Title {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Star { scheme, level, year: None } => write!(f, "{scheme} {level}"),
            Self::Star { scheme, level, year: Some(year) } => write!(f, "{scheme} {level} {year}"),
            Self::Award { programme, year, .. } => write!(f, "{programme} {year}"),
        }
    }
}
