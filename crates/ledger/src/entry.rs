//! Entries (分录): the immutable, balanced, numbered facts of the journal.

use crate::{
    ActorNo, Balance, BranchNo, DrawNo, EntryNo, Event, Fingerprint, GiftNo, HelpNo, HonourNo,
    LineNo, LotMove, MergeNo, Minutes, PassbookNo, Points, RecordNo, RedemptionNo, RequestId,
    RulebookVersion, Seal, Timestamp,
};

/// One decided fact and the postings that carry it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands in the journal.
    pub no: EntryNo,
    /// When it was recorded: later than every entry before it.
    pub recorded_at: Timestamp,
    /// The seal of the entry before it.
    pub previous: Seal,
    /// Who stands behind it.
    pub actor: ActorNo,
    /// The request that caused it.
    pub request: RequestId,
    /// What that request asked.
    pub fingerprint: Fingerprint,
    /// The version of the rulebook that decided.
    pub rulebook: RulebookVersion,
    /// What happened.
    pub event: Event,
    /// What it moves; the amounts of each register sum to zero.
    pub postings: Vec<Posting>,
}

impl Entry {
    /// What it moves on passbooks and pools: what volunteers and the community have, or lack, by
    /// it.
    pub fn moved(&self) -> Balance {
        let theirs = |it: &&Posting| {
            matches!(it.account, Account::Passbook(_) | Account::Bank(_, Purpose::Pool))
        };
        let add = |sum: Balance, it: &Posting| Balance {
            minutes: sum.minutes.plus(it.minutes).unwrap_or(sum.minutes),
            points: sum.points.plus(it.points).unwrap_or(sum.points),
        };
        self.postings.iter().filter(theirs).fold(Balance::default(), add)
    }
}

/// One leg of an entry (记账行): an amount in both registers on one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// Where it is posted.
    pub account: Account,
    /// Why, as the line of a passbook says it.
    pub kind: LineKind,
    /// Minutes moved.
    pub minutes: Minutes,
    /// The account's minutes after it.
    pub minutes_after: Minutes,
    /// Points moved.
    pub points: Points,
    /// The account's points after it.
    pub points_after: Points,
    /// The line it makes, where the account is a passbook.
    pub line: Option<LineNo>,
    /// What it is about.
    pub about: Option<About>,
    /// The lots it puts points into, or takes them out of; what is not told here lies in none.
    pub lots: Vec<LotMove>,
}

/// What a line of a passbook is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// An hours record.
    Record(RecordNo),
    /// A redemption.
    Redemption(RedemptionNo),
    /// A gift.
    Gift(GiftNo),
    /// A draw on a pool.
    Draw(DrawNo),
    /// A help request.
    Help(HelpNo),
    /// An honour.
    Honour(HonourNo),
    /// A merge of two numbers.
    Merge(MergeNo),
}

impl About {
    /// The hours record, where it is one.
    pub fn record(self) -> Option<RecordNo> {
        match self {
            Self::Record(it) => Some(it),
            Self::Redemption(_)
            | Self::Gift(_)
            | Self::Draw(_)
            | Self::Help(_)
            | Self::Honour(_)
            | Self::Merge(_) => None,
        }
    }
}

/// Anything a posting can touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// A volunteer's passbook.
    Passbook(PassbookNo),
    /// An account of the bank's own, for one branch.
    Bank(BranchNo, Purpose),
}

/// What an account of the bank's own is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Where earned minutes and points come from (发放).
    Issuance,
    /// Points given to the community (捐赠), and the overflow above a cap.
    Pool,
    /// The other side of opening balances (期初).
    Opening,
    /// The other side of deductions.
    Adjustment,
    /// Points that were redeemed (兑换).
    Redeemed,
    /// Points that expired (过期).
    Expired,
}

/// Why a line stands in a passbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineKind {
    /// Service was recorded.
    Earned,
    /// An opening balance was taken over.
    Opened,
    /// Hours were deducted for a reason.
    Deducted,
    /// An earlier line was taken back (冲正).
    Reversed,
    /// Points were redeemed for a reward (兑换).
    Redeemed,
    /// Points were given away: to a volunteer, or to a pool (捐赠).
    Given,
    /// Points were received from a volunteer.
    Received,
    /// Points were drawn from a pool.
    Drawn,
    /// Points were paid for another's help (互助).
    Paid,
    /// Another was helped, and paid for it.
    Helped,
    /// Points expired.
    Expired,
    /// A star or an award was given (荣誉); it moves nothing.
    Honoured,
    /// A star or an award was taken back; it moves nothing.
    Revoked,
    /// Two numbers became one person (合并): what the one had is the other's.
    Merged,
    /// They became two again (撤销合并): each has its own.
    Parted,
}
