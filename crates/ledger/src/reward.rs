//! Rewards (回馈) and redemptions (兑换): what volunteers get back.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::{
    BadTime, BranchNo, HoldNo, PassbookNo, Points, PolicyName, RedemptionNo, RewardName, RewardNo,
    RewardText, RulebookVersion, Timestamp,
};

/// The most places a reward has at a time.
pub const STOCK_MAX: u32 = 1_000_000;
/// The most requests that wait for one reward: all are ranked in one entry.
pub const QUEUE_MAX: usize = 10_000;
/// The most times that one person may redeem one reward in a period.
pub const LIMIT_MAX: u32 = 1000;

/// A reward as published.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reward {
    /// Its number.
    pub no: RewardNo,
    /// The branch that offers it, to its own volunteers and those of the branches below.
    pub branch: BranchNo,
    /// What it is called.
    pub name: RewardName,
    /// What it is.
    pub text: Option<RewardText>,
    /// What kind it is.
    pub kind: RewardKind,
    /// What one place costs; nothing: free.
    pub price: Points,
    /// How many places there are at first.
    pub stock: u32,
    /// How often one person may have it.
    pub limit: Option<Limit>,
    /// Who may have it: a condition over [`VARIABLES`](crate::priority::VARIABLES).
    pub eligibility: Option<Arc<str>>,
    /// Who comes first, and when that is found out.
    pub mode: RewardMode,
}

/// What kind a reward is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RewardKind {
    /// Goods (实物).
    Goods,
    /// A service (服务).
    Service,
    /// A privilege, such as a better place in a line (优待).
    Privilege,
    /// Entry to an event or a place (入场).
    Admission,
}

/// Who comes first, and when that is found out.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RewardMode {
    /// Who comes first is served first, while there are places.
    FirstCome,
    /// Requests are taken in a window; when it closes, places go by priority.
    Window {
        /// The window.
        window: Window,
        /// The order.
        policy: PolicyName,
    },
    /// Requests wait; each place that comes free goes to the first by priority.
    WaitingList {
        /// The order.
        policy: PolicyName,
    },
}

impl RewardMode {
    /// The policy that orders requests, where one does.
    pub fn policy(&self) -> Option<&PolicyName> {
        match self {
            Self::FirstCome => None,
            Self::Window { policy, .. } | Self::WaitingList { policy } => Some(policy),
        }
    }
}

/// When requests are taken, and until when places can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    opens: Timestamp,
    closes: Timestamp,
    fulfill_until: Timestamp,
}

impl Window {
    /// Accepts instants that follow one another.
    pub fn new(
        opens: Timestamp,
        closes: Timestamp,
        fulfill_until: Timestamp,
    ) -> Result<Self, BadTime> {
        if opens < closes && closes < fulfill_until {
            return Ok(Self { opens, closes, fulfill_until });
        }
        Err(BadTime::Backwards)
    }

    /// The first instant at which a request is taken.
    pub fn opens(self) -> Timestamp {
        self.opens
    }

    /// The first instant after it: then places are given.
    pub fn closes(self) -> Timestamp {
        self.closes
    }

    /// Until when a place can be used.
    pub fn fulfill_until(self) -> Timestamp {
        self.fulfill_until
    }
}

/// What one place costs: zero or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Price(Points);

impl Price {
    /// Accepts zero or more.
    pub fn new(points: Points) -> Option<Self> {
        (!points.is_negative()).then_some(Self(points))
    }

    /// The points.
    pub fn points(self) -> Points {
        self.0
    }
}

/// Points to move: more than zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Positive(Points);

impl Positive {
    /// Accepts more than zero.
    pub fn new(points: Points) -> Option<Self> {
        (Points::ZERO < points).then_some(Self(points))
    }

    /// The points.
    pub fn points(self) -> Points {
        self.0
    }
}

/// How many places there are: 0 to [`STOCK_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stock(u32);

impl Stock {
    /// Accepts 0 to [`STOCK_MAX`].
    pub fn new(places: u32) -> Option<Self> {
        (places <= STOCK_MAX).then_some(Self(places))
    }

    /// The plain number.
    pub fn get(self) -> u32 {
        self.0
    }
}

/// How often one person may have a reward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limit {
    /// So many times, 1 to [`LIMIT_MAX`].
    pub count: u32,
    /// In a period of this kind.
    pub period: Period,
}

/// A calendar period in the bank's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A month.
    Month,
    /// A quarter (Hailin: at most one redemption a quarter).
    Quarter,
    /// A year.
    Year,
    /// As long as the bank stands.
    Ever,
}

/// Where a redemption stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RedemptionState {
    /// It waits for a place.
    Waiting,
    /// It has a place.
    Allocated,
    /// It was got.
    Fulfilled,
    /// It was withdrawn.
    Cancelled,
    /// The volunteer did not come.
    NoShow,
    /// Its time ran out.
    Expired,
    /// It was got, and that was taken back (冲正).
    Reversed,
}

/// A request as an entry makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewRedemption {
    /// Its number.
    pub no: RedemptionNo,
    /// What is asked for.
    pub reward: RewardNo,
    /// Who asks.
    pub passbook: PassbookNo,
    /// The lower end of the asker's age in decades, where the vault knew a birth date.
    pub age_band: Option<u8>,
    /// Until when it waits, or its place can be used; its hold lasts as long.
    pub ends: Timestamp,
    /// The points set aside, where it costs any.
    pub hold: Option<NewHold>,
}

/// Points set aside (冻结).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewHold {
    /// Its number.
    pub no: HoldNo,
    /// How many points.
    pub points: Points,
}

/// What an entry makes of redemptions besides those it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moves {
    /// Those that ended.
    pub ended: Vec<Ended>,
    /// Those that got a place, without or by an order found out before.
    pub placed: Vec<Placed>,
    /// Places given by an order found out now.
    pub allocation: Option<Allocation>,
}

/// A redemption that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Which.
    pub redemption: RedemptionNo,
    /// How.
    pub state: RedemptionState,
    /// Points taken from its hold; what is left of it is free again.
    pub captured: Points,
}

/// A redemption that got a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Which.
    pub redemption: RedemptionNo,
    /// Until when it can be used.
    pub ends: Timestamp,
}

/// Places given by priority, and by what order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// Of what.
    pub reward: RewardNo,
    /// As of when.
    pub as_of: Timestamp,
    /// The version of the rulebook whose policy ordered it.
    pub rulebook: RulebookVersion,
    /// The policy.
    pub policy: PolicyName,
    /// How many of `ranked`, from the top, get a place.
    pub places: u32,
    /// Until when the places can be used.
    pub ends: Timestamp,
    /// Those ranked, first to last: all who wait when a window closes; of a waiting list those
    /// who get a place, and the next.
    pub ranked: Vec<Ranked>,
}

/// One of those ranked, with what decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked<N = RedemptionNo> {
    /// Which request.
    pub no: N,
    /// The values of the variables that the policy names.
    pub inputs: Vec<Input>,
    /// The score of each key of the policy; none where it could not be computed: it comes last.
    pub scores: Vec<Option<Decimal>>,
}

/// A value that went into a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The position of the variable in [`VARIABLES`](crate::priority::VARIABLES).
    pub variable: u8,
    /// Its value.
    pub value: lovebank_formula::Value,
}
