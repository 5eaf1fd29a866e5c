//! Events (事件): what an entry says happened.

use jiff::civil::Date;

use crate::{
    Activity, ActivityNo, Allocation, BatchKey, Branch, BranchName, BranchNo, CheckInClosed,
    Credited, DrawApproved, DrawNo, Evaluation, GiftNo, HelpNo, HelpSaid, HelpSettled, HonourEvent,
    ImportPart, ItemRefused, Kin, MergeNo, Minute, Moves, NeedClass, NewDraw, NewGift, NewHelp,
    NewMerge, NewRecord, NewRedemption, PassbookNo, Reason, RecordNo, RedemptionNo, Registration,
    Restored, Reward, RewardNo, RowOutcome, RulebookVersion, Timestamp, TokenGrant, TokenNo,
    VolunteerStatus, party::BankOpened,
};

/// What happened, in the past tense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The bank began: always entry 1.
    BankOpened(BankOpened),
    /// A branch joined the tree.
    BranchCreated(Branch),
    /// A branch got another name.
    BranchRenamed {
        /// Which.
        branch: BranchNo,
        /// Its name from now on.
        name: BranchName,
    },
    /// Volunteers were registered, each with an empty passbook.
    VolunteersRegistered {
        /// Those who were.
        volunteers: Vec<Registration>,
        /// Items of the batch that were not.
        refused: Vec<ItemRefused>,
    },
    /// A volunteer's home branch changed.
    VolunteerMoved {
        /// Whose.
        passbook: PassbookNo,
        /// The home branch from now on.
        branch: BranchNo,
    },
    /// A volunteer was suspended, made active again, or closed.
    VolunteerStatusChanged {
        /// Whose.
        passbook: PassbookNo,
        /// The status from now on.
        status: VolunteerStatus,
        /// What a passbook that was closed gave away.
        gift: Option<NewGift>,
        /// Places that were free, and that one who takes part again waited for.
        moves: Moves,
    },
    /// A volunteer's personal data was erased; the number is free again.
    PersonErased {
        /// Whose.
        passbook: PassbookNo,
    },
    /// An activity with a time of its own was created, at which volunteers can check in.
    ActivityCreated(Activity),
    /// Hours were recorded: one or a sheet.
    HoursRecorded {
        /// Activities first served at in this entry.
        activities: Vec<Activity>,
        /// The records made.
        records: Vec<NewRecord>,
        /// Items of the batch that were refused.
        refused: Vec<ItemRefused>,
    },
    /// Pending records took effect.
    HoursApproved {
        /// Each with the points it earned.
        records: Vec<Credited>,
        /// Items that were refused.
        refused: Vec<ItemRefused>,
    },
    /// Pending records were refused by an approver.
    HoursRejected {
        /// Which.
        records: Vec<RecordNo>,
        /// Why.
        reason: Reason,
        /// Items that were refused.
        refused: Vec<ItemRefused>,
    },
    /// Posted records were taken back.
    HoursReversed {
        /// Which.
        records: Vec<RecordNo>,
        /// Why.
        reason: Reason,
        /// Items that were refused.
        refused: Vec<ItemRefused>,
    },
    /// A record was taken back and booked anew.
    HoursCorrected {
        /// The record taken back.
        old: RecordNo,
        /// Why.
        reason: Reason,
        /// Activities first served at in this entry.
        activities: Vec<Activity>,
        /// What stands instead.
        new: NewRecord,
    },
    /// Hours were deducted for a reason.
    HoursDeducted {
        /// Activities first named in this entry.
        activities: Vec<Activity>,
        /// The deduction, a record below zero.
        record: NewRecord,
        /// Why.
        reason: Reason,
    },
    /// The quality of a service was evaluated (67号 Art. 10).
    HoursEvaluated {
        /// Which.
        record: RecordNo,
        /// How good, and when that was said.
        evaluation: Evaluation,
    },
    /// A part of an imported sheet was taken in.
    HoursImported {
        /// The batch.
        import: ImportPart,
        /// Activities first served at in this entry.
        activities: Vec<Activity>,
        /// One outcome for every row.
        rows: Vec<RowOutcome>,
    },
    /// What an import brought was taken back, or a part of it.
    ImportUndone {
        /// The batch.
        batch: BatchKey,
        /// Whether passbooks may owe points for it.
        debts: bool,
        /// How many of what the batch speaks of were looked at, in their order.
        looked_at: u32,
        /// Whether nothing is left of it.
        last: bool,
        /// Records that counted.
        reversed: Vec<RecordNo>,
        /// Records that waited for an approver.
        rejected: Vec<RecordNo>,
        /// Values that count again.
        restored: Vec<Restored>,
    },
    /// A volunteer came to an activity.
    CheckedIn {
        /// Who.
        passbook: PassbookNo,
        /// To what.
        activity: ActivityNo,
        /// When.
        at: Minute,
    },
    /// A volunteer left an activity, which made a record.
    CheckedOut(CheckInClosed),
    /// A check-in was taken back before it made a record.
    CheckInCancelled {
        /// Whose.
        passbook: PassbookNo,
    },
    /// Check-ins whose check-out never came were closed at their activity's end.
    CheckInsClosed {
        /// Each with what came of it.
        closed: Vec<CheckInClosed>,
    },
    /// A rulebook was adopted.
    RulebookAdopted {
        /// Its version.
        version: RulebookVersion,
        /// The first day it decides.
        in_force_from: Date,
        /// The document.
        text: String,
    },
    /// How much a volunteer is in need was said.
    NeedClassSet {
        /// Whose.
        passbook: PassbookNo,
        /// From now on.
        class: NeedClass,
    },
    /// Something about rewards and redemptions.
    Reward(RewardEvent),
    /// Something about gifts, kin and pools.
    Gift(GiftEvent),
    /// Something about help between volunteers.
    Help(HelpEvent),
    /// Something about stars, awards, runs and certificates.
    Honour(HonourEvent),
    /// Something about one person under two numbers.
    Merge(MergeEvent),
    /// The day of some lots was over.
    PointsExpired {
        /// When it was.
        as_of: Timestamp,
        /// Whose were looked at; what a hold keeps stays.
        passbooks: Vec<PassbookNo>,
    },
    /// A token was issued.
    TokenIssued(TokenGrant),
    /// A token was revoked.
    TokenRevoked {
        /// Which.
        token: TokenNo,
    },
}

/// What happened to rewards and redemptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RewardEvent {
    /// A reward was published.
    RewardPublished(Reward),
    /// A reward got more places.
    StockAdded {
        /// Which.
        reward: RewardNo,
        /// How many.
        places: u32,
        /// Who got them at once.
        moves: Moves,
    },
    /// A reward was withdrawn: nobody can ask for it any more, and who waited waits no more.
    RewardWithdrawn {
        /// Which.
        reward: RewardNo,
        /// Who waited.
        moves: Moves,
    },
    /// A reward was asked for.
    RedemptionRequested {
        /// The request.
        redemption: NewRedemption,
        /// Whether it got a place at once.
        moves: Moves,
    },
    /// A request or a place was given up.
    RedemptionCancelled(Moves),
    /// A reward was got.
    RedemptionFulfilled(Moves),
    /// Who had a place did not come.
    RedemptionMissed(Moves),
    /// A redemption was taken back.
    RedemptionReversed {
        /// Which.
        redemption: RedemptionNo,
        /// Why.
        reason: Reason,
    },
    /// A window closed, and its places were given by priority.
    WindowClosed(Allocation),
    /// The time of requests or places ran out.
    RedemptionsExpired {
        /// When it did.
        as_of: Timestamp,
        /// Whose, and who got their places.
        moves: Moves,
    },
}

/// What happened to gifts, kin and pools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GiftEvent {
    /// Points were given.
    PointsGiven(NewGift),
    /// A gift was taken back.
    GiftReversed {
        /// Which.
        gift: GiftNo,
        /// Why.
        reason: Reason,
    },
    /// Two volunteers were said to be kin.
    KinRequested(Kin),
    /// An approver confirmed it.
    KinConfirmed(Kin),
    /// They are kin no more, for the bank.
    KinEnded(Kin),
    /// Who inherits a volunteer's points was named.
    BeneficiaryNamed {
        /// Whose.
        passbook: PassbookNo,
        /// From now on; none: the pool.
        beneficiary: Option<PassbookNo>,
    },
    /// Points of a pool were asked for.
    DrawRequested(NewDraw),
    /// They were paid.
    DrawApproved(DrawApproved),
    /// They were refused.
    DrawRejected {
        /// Which.
        draw: DrawNo,
        /// Why.
        reason: Reason,
    },
}

/// What happened to one person under two numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeEvent {
    /// Two numbers were said to be one person.
    MergeProposed(NewMerge),
    /// An approver confirmed it: what the one had is the other's from now on.
    MergeConfirmed {
        /// Which.
        merge: MergeNo,
    },
    /// It was refused, or taken back.
    MergeRefused {
        /// Which.
        merge: MergeNo,
        /// Why.
        reason: Reason,
    },
    /// A merge was said to be wrong.
    MergeUndoProposed {
        /// Which.
        merge: MergeNo,
    },
    /// That was refused, or taken back.
    MergeUndoRefused {
        /// Which.
        merge: MergeNo,
        /// Why.
        reason: Reason,
    },
    /// An approver confirmed it: each has its own again.
    MergeUndone {
        /// Which.
        merge: MergeNo,
    },
}

/// What happened to help between volunteers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelpEvent {
    /// Help was asked for.
    HelpAsked {
        /// Activities first named in this entry.
        activities: Vec<Activity>,
        /// The request.
        help: NewHelp,
    },
    /// A volunteer offered to help.
    HelpOffered {
        /// With what.
        help: HelpNo,
        /// Who.
        helper: PassbookNo,
    },
    /// An offer was taken back; where it was accepted, the request is open again.
    OfferWithdrawn {
        /// With what.
        help: HelpNo,
        /// Whose.
        helper: PassbookNo,
    },
    /// An offer was accepted.
    OfferAccepted {
        /// With what.
        help: HelpNo,
        /// Whose.
        helper: PassbookNo,
        /// Until when something must be said of it.
        due: Timestamp,
    },
    /// A request was given up.
    HelpCancelled {
        /// Which.
        help: HelpNo,
    },
    /// A side said how long it took.
    HelpConfirmed(HelpSaid),
    /// The other side was silent, and so agreed.
    HelpSilent {
        /// When the time to speak was over.
        as_of: Timestamp,
        /// What had been said, and what comes of it.
        said: HelpSaid,
    },
    /// An approver had the last word.
    HelpResolved(HelpSettled),
    /// Nobody came, or nobody said anything, in time.
    HelpExpired {
        /// When the time was over.
        as_of: Timestamp,
        /// Which.
        help: HelpNo,
    },
}
