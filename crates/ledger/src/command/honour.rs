//! What callers ask for about stars, awards, runs and certificates.

use jiff::civil::Date;

use crate::{
    BatchMode, BranchCode, Days, EntryNo, HonourNo, ObjectionNo, PassbookNo, ProgrammeName, Reason,
    RunNo, Title, Verb, VolunteerRef,
};

/// One verb about honours, and its operands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the verb of the same name")]
pub enum HonourCommand {
    AwardStars {
        scheme: ProgrammeName,
        /// For which year, where the scheme is one of years.
        year: i16,
        /// 1 to [`BATCH_MAX`](crate::BATCH_MAX).
        items: Vec<StarItem>,
        mode: BatchMode,
    },
    RecordHonours {
        /// 1 to [`BATCH_MAX`](crate::BATCH_MAX).
        items: Vec<HonourItem>,
        mode: BatchMode,
    },
    RevokeHonour {
        honour: HonourNo,
        reason: Reason,
    },
    Nominate {
        volunteer: VolunteerRef,
        programme: ProgrammeName,
        year: i16,
    },
    CreateRun {
        programme: ProgrammeName,
        year: i16,
        /// Later days do not count; none: all days of the year.
        cut_off: Option<Date>,
        /// Only those at home in this branch or below it; none: the whole bank.
        branch: Option<BranchCode>,
        /// What was known after this entry; none: the last one.
        as_of: Option<EntryNo>,
        /// Ages in years on the last day that is looked at, from the vault, where the programme
        /// asks for them.
        ages: Vec<(PassbookNo, u8)>,
    },
    ProposeException {
        run: RunNo,
        volunteer: VolunteerRef,
        /// The condition, by its place in the programme, from 0.
        condition: u8,
    },
    ConfirmException {
        run: RunNo,
        volunteer: VolunteerRef,
        condition: u8,
    },
    PublishRun {
        run: RunNo,
    },
    FileObjection {
        run: RunNo,
        /// Whose place is in question.
        about: VolunteerRef,
    },
    ResolveObjection {
        objection: ObjectionNo,
        /// Whether it is right.
        upheld: bool,
    },
    FinalizeRun {
        run: RunNo,
    },
    WithdrawRun {
        run: RunNo,
        reason: Reason,
    },
    IssueCertificate {
        volunteer: VolunteerRef,
        of: CertificateOf,
    },
}

/// A star to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StarItem {
    /// To whom.
    pub volunteer: VolunteerRef,
    /// Which: 1 to [`STAR_MAX`](crate::STAR_MAX).
    pub level: u8,
    /// The age in years, from the vault, where the scheme asks for it.
    pub age: Option<u8>,
}

/// An honour to write down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HonourItem {
    /// Whose.
    pub volunteer: VolunteerRef,
    /// Which.
    pub title: Title,
    /// The day it was given.
    pub given: Date,
}

/// What a certificate is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateOf {
    /// Service on some days.
    Service(Days),
    /// An honour that is held.
    Honour(HonourNo),
}

impl HonourCommand {
    /// The verb that authority is asked for.
    pub fn verb(&self) -> Verb {
        match self {
            Self::AwardStars { .. } => Verb::AwardStars,
            Self::RecordHonours { .. } => Verb::RecordHonours,
            Self::RevokeHonour { .. } => Verb::RevokeHonour,
            Self::Nominate { .. } => Verb::Nominate,
            Self::CreateRun { .. }
            | Self::PublishRun { .. }
            | Self::ResolveObjection { .. }
            | Self::FinalizeRun { .. }
            | Self::WithdrawRun { .. } => Verb::RunAwards,
            Self::ProposeException { .. } | Self::ConfirmException { .. } => Verb::MakeException,
            Self::FileObjection { .. } => Verb::FileObjection,
            Self::IssueCertificate { .. } => Verb::IssueCertificate,
        }
    }
}
