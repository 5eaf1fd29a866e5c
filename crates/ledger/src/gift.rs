//! Gifts (捐赠), kin, and draws on a pool: points that move from one to another without service.

use crate::{BranchNo, DrawNo, GiftNo, PassbookNo, Points, Ranked};

/// The most kin that one volunteer has.
pub const KIN_MAX: usize = 20;
/// The most draws that wait on one pool.
pub const DRAWS_MAX: usize = 10_000;

/// Who gets a gift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Taker {
    /// A volunteer.
    Passbook(PassbookNo),
    /// The pool of a branch (公益池).
    Pool(BranchNo),
}

/// A gift as an entry makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NewGift {
    /// Its number.
    pub no: GiftNo,
    /// Who gives.
    pub from: PassbookNo,
    /// Who gets it.
    pub to: Taker,
    /// How many points leave the giver.
    pub points: Points,
    /// How many of them the taker's cap sends on to the pool of the taker's branch.
    pub overflow: Points,
}

/// Two volunteers of one family, in the order of their passbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kin {
    first: PassbookNo,
    second: PassbookNo,
}

impl Kin {
    /// Two different volunteers, in whatever order.
    pub fn new(a: PassbookNo, b: PassbookNo) -> Option<Self> {
        (a != b).then(|| Self { first: a.min(b), second: a.max(b) })
    }

    /// The one with the lower number.
    pub fn first(self) -> PassbookNo {
        self.first
    }

    /// The one with the higher number.
    pub fn second(self) -> PassbookNo {
        self.second
    }
}

/// A draw on a pool as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NewDraw {
    /// Its number.
    pub no: DrawNo,
    /// For whom.
    pub passbook: PassbookNo,
    /// The branch whose pool is drawn on.
    pub pool: BranchNo,
    /// How many points.
    pub points: Points,
    /// The lower end of the age in decades, where the vault knew a birth date.
    pub age_band: Option<u8>,
}

/// A draw that an approver said yes to, and why it was its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawApproved {
    /// Which.
    pub draw: DrawNo,
    /// How many points the volunteer's cap left in the pool.
    pub left: Points,
    /// It and the next, with what decided between them.
    pub ranked: Vec<Ranked<DrawNo>>,
}

/// Where a draw stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DrawState {
    /// It waits for an approver.
    Waiting,
    /// It was paid.
    Approved,
    /// It was refused.
    Rejected,
}

/// To whom volunteers may give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GiftsTo {
    /// To pools alone.
    Pool,
    /// To kin, and to pools.
    Kin,
    /// To any volunteer, and to pools.
    Anyone,
}
