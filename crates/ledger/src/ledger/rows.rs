//! What stands in the tables of the ledger.

use jiff::civil::Date;

use crate::{
    About, ActivityNo, ActorNo, BranchNo, Credit, EntryNo, Evaluation, HelpNo, Level, LineKind,
    LineNo, Minute, Minutes, NeedClass, NewRecord, NumberTag, PassbookNo, Points, Provenance,
    Reason, RecordNo, RedemptionNo, Rulebook, RulebookVersion, ServiceTime, TokenGrant,
    VolunteerId, VolunteerStatus,
};

/// A volunteer, as the ledger knows one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VolunteerRow {
    /// The key of the personal data in the vault.
    pub volunteer: VolunteerId,
    /// A keyed digest of the number; none once the person is erased.
    pub tag: Option<NumberTag>,
    /// The home branch.
    pub branch: BranchNo,
    /// The date joined.
    pub joined: Date,
    /// Whether the volunteer takes part.
    pub status: VolunteerStatus,
    /// How much the volunteer is in need.
    pub need: NeedClass,
}

/// Where a passbook stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct PassbookRow {
    /// The minutes register.
    pub minutes: Minutes,
    /// The points register; below zero is a debt.
    pub points: Points,
    /// Points set aside by open holds, part of the points register.
    pub held: Points,
    /// Points that lie in lots, and so will expire; part of the points register.
    pub in_lots: Points,
    /// How many lines it has.
    pub lines: u32,
    /// Position of the last line among all lines, from 1; 0: none.
    pub(crate) last_line: u32,
    /// The last record of the volunteer.
    pub(crate) last_record: Option<RecordNo>,
    /// The last redemption of the volunteer.
    pub(crate) last_redemption: Option<RedemptionNo>,
}

impl PassbookRow {
    /// Points that can be spent: what is posted less what is held. Below zero is a debt.
    pub fn available(&self) -> Points {
        // Both are within half of the range, or the postings would have been refused.
        self.points.minus(self.held).unwrap_or(Points::ZERO)
    }
}

/// A line of a passbook (存折行).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LineRow {
    /// Its number within the passbook.
    pub no: LineNo,
    /// The entry that made it.
    pub entry: EntryNo,
    /// Why it stands there.
    pub kind: LineKind,
    /// What it is about.
    pub about: Option<About>,
    /// Minutes moved.
    pub minutes: Minutes,
    /// Minutes after it.
    pub minutes_after: Minutes,
    /// Points moved.
    pub points: Points,
    /// Points after it.
    pub points_after: Points,
    /// Position of the line before it, as in [`PassbookRow`].
    pub(crate) before: u32,
}

/// An account's two balances.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Balance {
    /// The minutes register.
    pub minutes: Minutes,
    /// The points register.
    pub points: Points,
}

/// Whether a record counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordState {
    /// It waits for an approver.
    Pending,
    /// It counts.
    Posted,
    /// An approver refused it.
    Rejected,
    /// It counted, and was taken back.
    Reversed,
}

/// An hours record, as it stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RecordRow {
    /// The entry that made it.
    pub entry: EntryNo,
    /// The item of that entry's batch, or the line of its sheet.
    pub index: u32,
    /// Who recorded it.
    pub recorder: ActorNo,
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
    /// Whether it counts.
    pub state: RecordState,
    /// Who must say yes, or had to.
    pub level: Option<Level>,
    /// What it credited, once posted.
    pub credit: Credit,
    /// The volunteer's home branch when it was recorded or took effect: its pool has the
    /// overflow.
    pub home: BranchNo,
    /// Whether the check-out never came.
    pub forgotten: bool,
    /// How good it was.
    pub evaluation: Option<Evaluation>,
    /// The entry that approved, rejected or reversed it last.
    pub decided: Option<EntryNo>,
    /// Why it was rejected, reversed or deducted.
    pub reason: Option<Reason>,
    /// What stands instead of it.
    pub replaced_by: Option<RecordNo>,
    /// The help request whose asker paid for it.
    pub help: Option<HelpNo>,
    /// The volunteer's record before it.
    pub(crate) before: Option<RecordNo>,
}

impl RecordRow {
    /// A record as an entry makes it: nothing was decided about it since.
    pub fn new(
        it: &NewRecord,
        (entry, recorder): (EntryNo, ActorNo),
        home: BranchNo,
        reason: Option<Reason>,
    ) -> Self {
        Self {
            entry,
            index: it.index,
            recorder,
            passbook: it.passbook,
            activity: it.activity,
            time: it.time,
            date: it.date,
            minutes: it.minutes,
            provenance: it.provenance,
            state: it.standing.state(),
            level: it.standing.level(),
            credit: it.standing.credit(),
            home,
            forgotten: it.forgotten,
            evaluation: it.evaluation,
            decided: None,
            reason,
            replaced_by: None,
            help: it.help,
            before: None,
        }
    }
}

/// What was last said of a total without days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Total {
    /// That it is nothing: no record stands for it.
    Zero,
    /// What this record says.
    Record(RecordNo),
}

/// What a record says of a volunteer and an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Said(Option<ServiceTime>, Minutes);

impl Said {
    /// Of a total the span is no part of it: each sheet has its own.
    pub(crate) fn new((time, minutes): (ServiceTime, Minutes)) -> Self {
        Self(Some(time).filter(|it| !matches!(it, ServiceTime::Span(_))), minutes)
    }
}

/// A check-in that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OpenCheckIn {
    /// At what.
    pub activity: ActivityNo,
    /// Since when.
    pub at: Minute,
    /// Who checked the volunteer in.
    pub actor: ActorNo,
}

/// A version of the rulebook, and from when it decides.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct RulebookRow {
    /// Its version.
    pub version: RulebookVersion,
    /// The first day it decides.
    pub in_force_from: Date,
    /// The rules.
    pub rules: std::sync::Arc<Rulebook>,
}

/// A token, and whether it was revoked.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct TokenRow {
    /// As issued.
    pub grant: TokenGrant,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// What a branch organised in a year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct BranchYear {
    /// Minutes served, less those taken back.
    pub minutes: Minutes,
    /// Points earned, the overflow included, less those taken back.
    pub points: Points,
}
