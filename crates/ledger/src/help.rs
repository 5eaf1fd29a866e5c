//! Help requests (互助): a volunteer asks for another's hours and pays points for them. The
//! helper earns minutes as by any service; the points move from asker to helper.

use crate::{
    ActivityNo, HelpNo, Interval, Minutes, NewHold, NewRecord, PassbookNo, Points, Timestamp,
};

/// The most volunteers who offer themselves for one request.
pub const OFFERS_MAX: usize = 20;
/// The most open requests of one volunteer.
pub const HELP_OPEN_MAX: usize = 20;

/// A request as an entry makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewHelp {
    /// Its number.
    pub no: HelpNo,
    /// Who asks.
    pub asker: PassbookNo,
    /// For what.
    pub activity: ActivityNo,
    /// When.
    pub window: Interval,
    /// The points set aside for it, where it costs any.
    pub hold: Option<NewHold>,
    /// The lower end of the asker's age in decades, where the vault knew a birth date.
    pub age_band: Option<u8>,
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HelpState {
    /// It waits for offers, or for the asker to accept one.
    Open,
    /// An offer was accepted.
    Agreed,
    /// One side said how long it took; the other says so too, or is silent.
    Said,
    /// The sides differ, or a rule wants an approver's word.
    Disputed,
    /// It was served and paid for.
    Confirmed,
    /// It was given up.
    Cancelled,
    /// Nobody came in time.
    Expired,
}

/// A side of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Who asked.
    Asker,
    /// Who helps.
    Helper,
}

/// What a request that is settled comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HelpSettled {
    /// Which.
    pub help: HelpNo,
    /// The helper's record; none where nothing was served.
    pub record: Option<NewRecord>,
    /// Points taken from the asker's hold; what is left of it is free again.
    pub captured: Points,
}

/// What someone said of a request, and what comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HelpSaid {
    /// Which.
    pub help: HelpNo,
    /// Who said it.
    pub side: Side,
    /// How long it took.
    pub minutes: Minutes,
    /// What comes of it.
    pub outcome: HelpOutcome,
}

/// What comes of a side's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelpOutcome {
    /// The other side has until then to say otherwise.
    Waits(Timestamp),
    /// Both say the same.
    Settled(HelpSettled),
    /// They differ, or a rule wants an approver's word.
    Disputed,
}
