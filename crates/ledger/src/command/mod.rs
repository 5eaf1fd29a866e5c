//! What callers ask for, already well-formed.

mod gift;
mod help;
mod honour;
mod merge;
mod reward;

use jiff::civil::Date;

use crate::{
    ActivityName, ActivityNo, BatchKey, BranchCode, BranchKind, BranchName, Category, Evaluation,
    Fingerprint, Handle, ImportPart, Interval, Minutes, NeedClass, NumberTag, PassbookNo, Place,
    Provenance, Reason, RecordNo, RequestId, Role, Rulebook, ServiceTime, Span, Timestamp,
    TokenHash, TokenNo, Verb, VolunteerId, VolunteerStatus,
};

pub use gift::{GiftCommand, GiftTo};
pub use help::HelpCommand;
pub use honour::{CertificateOf, HonourCommand, HonourItem, StarItem};
pub use merge::MergeCommand;
pub use reward::{PublishReward, RewardCommand};

/// The most items of a batch.
pub const BATCH_MAX: usize = 1000;

/// What stands around a command: all that the rules need from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The time, read once at the edge.
    pub now: Timestamp,
    /// The caller's name for the request.
    pub request: RequestId,
    /// A digest of what it asks.
    pub fingerprint: Fingerprint,
    /// The token it came with; none: the bank itself.
    pub token: Option<TokenNo>,
}

/// Whether a batch stands or falls as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchMode {
    /// One refused item refuses all.
    Atomic,
    /// Each item for itself.
    ItemByItem,
}

/// One verb of the service and its operands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the verb of the same name")]
pub enum Command {
    CreateBranch {
        code: BranchCode,
        name: BranchName,
        kind: BranchKind,
        parent: Option<BranchCode>,
    },
    RenameBranch {
        branch: BranchCode,
        name: BranchName,
    },
    RegisterVolunteers {
        items: Vec<NewVolunteer>,
        mode: BatchMode,
    },
    MoveVolunteer {
        volunteer: VolunteerRef,
        branch: BranchCode,
    },
    SetVolunteerStatus {
        volunteer: VolunteerRef,
        status: VolunteerStatus,
    },
    ErasePerson {
        volunteer: VolunteerRef,
    },
    CreateActivity {
        activity: NamedActivity,
        window: Interval,
    },
    RecordHours(RecordHours),
    ApproveHours {
        records: Vec<RecordNo>,
        mode: BatchMode,
    },
    RejectHours {
        records: Vec<RecordNo>,
        reason: Reason,
        mode: BatchMode,
    },
    ReverseHours {
        records: Vec<RecordNo>,
        reason: Reason,
        mode: BatchMode,
    },
    CorrectHours {
        record: RecordNo,
        activity: Option<ActivityRef>,
        service: Service,
        reason: Reason,
    },
    DeductHours {
        volunteer: VolunteerRef,
        activity: ActivityRef,
        service: Service,
        reason: Reason,
    },
    EvaluateHours {
        record: RecordNo,
        evaluation: Evaluation,
    },
    ImportHours(ImportHours),
    UndoImport {
        batch: BatchKey,
        debts: bool,
    },
    CheckIn {
        volunteer: VolunteerRef,
        activity: ActivityNo,
    },
    CheckOut {
        volunteer: VolunteerRef,
    },
    CancelCheckIn {
        volunteer: VolunteerRef,
    },
    /// The bank's own: closes what is due.
    CloseForgottenCheckIns,
    AdoptRulebook {
        in_force_from: Date,
        rulebook: Rulebook,
    },
    SetNeedClass {
        volunteer: VolunteerRef,
        class: NeedClass,
    },
    /// About rewards and redemptions.
    Reward(RewardCommand),
    /// About gifts, kin and pools.
    Gift(GiftCommand),
    /// About help between volunteers.
    Help(HelpCommand),
    /// About stars, awards, runs and certificates.
    Honour(HonourCommand),
    /// About one person under two numbers.
    Merge(MergeCommand),
    /// The bank's own: settles what fell due first.
    SettleDue,
    IssueToken {
        hash: TokenHash,
        handle: Handle,
        grants: Vec<NewGrant>,
        expires: Option<Timestamp>,
    },
    RevokeToken {
        token: TokenNo,
    },
}

/// A volunteer to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVolunteer {
    /// A fresh random id.
    pub volunteer: VolunteerId,
    /// A keyed digest of the number.
    pub tag: NumberTag,
    /// The home branch.
    pub branch: BranchCode,
    /// The date joined.
    pub joined: Date,
}

/// How a command names a volunteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolunteerRef {
    /// By a digest of the volunteer number.
    Tag(NumberTag),
    /// By the number of the passbook.
    Passbook(PassbookNo),
}

/// How a command names an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActivityRef {
    /// One that is known.
    No(ActivityNo),
    /// By its description; made on first use.
    Named(NamedActivity),
}

/// The description of an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedActivity {
    /// The branch that organises it.
    pub branch: BranchCode,
    /// What it is called.
    pub name: ActivityName,
    /// Its category.
    pub category: Option<Category>,
    /// Where.
    pub place: Option<Place>,
}

/// When, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    time: ServiceTime,
    minutes: Minutes,
}

impl Service {
    /// From start to end.
    pub fn interval(interval: Interval) -> Self {
        let minutes = Minutes::new(interval.minutes());
        Self { time: ServiceTime::Interval(interval), minutes }
    }

    /// Some minutes of a day.
    pub fn day(date: Date, minutes: Minutes) -> Self {
        Self { time: ServiceTime::Day(date), minutes }
    }

    /// A total over some days.
    pub fn span(span: Span, minutes: Minutes) -> Self {
        Self { time: ServiceTime::Span(span), minutes }
    }

    /// When.
    pub fn time(self) -> ServiceTime {
        self.time
    }

    /// How long; below zero for a deduction.
    pub fn minutes(self) -> Minutes {
        self.minutes
    }
}

/// An activity sheet: one activity, and who served at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordHours {
    /// At what.
    pub activity: ActivityRef,
    /// How it came to be known.
    pub provenance: Provenance,
    /// Who, when: 1 to [`BATCH_MAX`].
    pub items: Vec<HoursItem>,
    /// Whether one refusal refuses all.
    pub mode: BatchMode,
}

/// A line of an activity sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoursItem {
    /// Who.
    pub volunteer: VolunteerRef,
    /// When, how long.
    pub service: Service,
    /// How good.
    pub evaluation: Option<Evaluation>,
}

/// A part of an imported sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportHours {
    /// Which part of which batch.
    pub part: ImportPart,
    /// The branch whose sheet it is.
    pub branch: BranchCode,
    /// Whether opening balances are taken over rather than service.
    pub opening: bool,
    /// The days over which totals were served.
    pub span: Option<Span>,
    /// 1 to [`BATCH_MAX`] rows, in the order of the file.
    pub rows: Vec<ImportRow>,
}

/// A row of an imported sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// The line of the file, from 1.
    pub line: u32,
    /// Who.
    pub volunteer: VolunteerRef,
    /// At what.
    pub name: ActivityName,
    /// Its category.
    pub category: Option<Category>,
    /// Where.
    pub place: Option<Place>,
    /// When, how long.
    pub service: RowService,
}

/// What a row says of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowService {
    /// From start to end.
    Interval(Interval),
    /// Some minutes of a day.
    Day(Date, Minutes),
    /// A total over the span of the sheet.
    Total(Minutes),
}

/// A role to grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// What the actor may do.
    pub role: Role,
    /// Where.
    pub scope: NewScope,
}

/// Where a role is to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewScope {
    /// Everywhere.
    Bank,
    /// On a branch and what is below it.
    Branch(BranchCode),
    /// On the volunteer's own passbook.
    Volunteer(VolunteerRef),
}

impl Command {
    /// The verb that authority is asked for.
    pub fn verb(&self) -> Verb {
        match self {
            Self::CreateBranch { .. } => Verb::CreateBranch,
            Self::RenameBranch { .. } => Verb::RenameBranch,
            Self::RegisterVolunteers { .. } => Verb::RegisterVolunteers,
            Self::MoveVolunteer { .. } => Verb::MoveVolunteer,
            Self::SetVolunteerStatus { .. } => Verb::SetVolunteerStatus,
            Self::ErasePerson { .. } => Verb::ErasePerson,
            Self::CreateActivity { .. } => Verb::CreateActivity,
            Self::RecordHours(_) => Verb::RecordHours,
            Self::ApproveHours { .. } => Verb::ApproveHours,
            Self::RejectHours { .. } => Verb::RejectHours,
            Self::ReverseHours { .. } => Verb::ReverseHours,
            Self::CorrectHours { .. } => Verb::CorrectHours,
            Self::DeductHours { .. } => Verb::DeductHours,
            Self::EvaluateHours { .. } => Verb::EvaluateHours,
            Self::ImportHours(_) => Verb::ImportHours,
            Self::UndoImport { .. } => Verb::UndoImport,
            Self::CheckIn { .. }
            | Self::CheckOut { .. }
            | Self::CancelCheckIn { .. }
            | Self::CloseForgottenCheckIns => Verb::CheckIn,
            Self::AdoptRulebook { .. } => Verb::AdoptRulebook,
            Self::SetNeedClass { .. } => Verb::SetNeedClass,
            Self::Reward(it) => it.verb(),
            Self::Gift(it) => it.verb(),
            Self::Help(it) => it.verb(),
            Self::Honour(it) => it.verb(),
            Self::Merge(it) => it.verb(),
            Self::SettleDue => Verb::SettleDue,
            Self::IssueToken { .. } | Self::RevokeToken { .. } => Verb::ManageTokens,
        }
    }
}
