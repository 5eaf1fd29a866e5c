//! The ledger (总账): what the journal adds up to.
//!
//! Every table is a persistent map, so that a clone shares all that stays the same: readers hold
//! one that is durable, the writer one that is ahead, and a rehearsal another, at the price of
//! what differs between them.

mod post;
mod query;
mod rows;

use imbl::{HashMap, OrdMap, OrdSet, Vector};

pub use post::Damage;
pub use query::{AgendaConflict, LinesAsOf};
pub use rows::{
    Balance, BranchYear, ImportRowState, LineRow, OpenCheckIn, PassbookRow, RecordRow, RecordState,
    RulebookRow, TokenRow, VolunteerRow,
};

use crate::{
    Account, Activity, ActivityName, ActivityNo, ActorNo, BatchKey, Branch, BranchNo, Category,
    EntryNo, Fingerprint, Handle, Minute, NumberTag, PassbookNo, Place, RecordNo, RequestId, Seal,
    Timestamp, TokenHash, TokenNo, VolunteerId, Zone,
};
use rows::Slot;
pub(crate) use rows::Total;

/// All that the entries up to the head add up to. `Ledger = fold(post, journal)`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// The bank's name and zone, once it is open.
    pub(crate) bank: Option<Bank>,
    /// When each entry was recorded; its length is the head.
    pub(crate) recorded: Vector<Timestamp>,
    pub(crate) seal: Option<Seal>,
    pub(crate) requests: HashMap<RequestId, (EntryNo, Fingerprint)>,
    pub(crate) rulebooks: Vector<RulebookRow>,
    pub(crate) branches: Vector<Branch>,
    /// By code in lower case.
    pub(crate) branch_codes: OrdMap<String, BranchNo>,
    pub(crate) actors: Vector<Handle>,
    pub(crate) actor_handles: HashMap<Handle, ActorNo>,
    pub(crate) tokens: Vector<TokenRow>,
    pub(crate) token_hashes: HashMap<TokenHash, TokenNo>,
    pub(crate) volunteers: Vector<VolunteerRow>,
    pub(crate) volunteer_tags: HashMap<NumberTag, PassbookNo>,
    pub(crate) volunteer_ids: HashMap<VolunteerId, PassbookNo>,
    pub(crate) passbooks: Vector<PassbookRow>,
    pub(crate) lines: Vector<LineRow>,
    pub(crate) accounts: OrdMap<Account, Balance>,
    pub(crate) activities: Vector<Activity>,
    pub(crate) activity_keys: HashMap<ActivityKey, ActivityNo>,
    pub(crate) records: Vector<RecordRow>,
    /// What each volunteer did when: the truth about overlaps and full days.
    pub(crate) agenda: OrdMap<(PassbookNo, Minute, RecordNo), Slot>,
    /// Totals without days, which a later sheet may correct.
    pub(crate) totals: HashMap<(PassbookNo, ActivityNo), Total>,
    pub(crate) pending: OrdSet<(BranchNo, RecordNo)>,
    pub(crate) check_ins: OrdMap<PassbookNo, OpenCheckIn>,
    pub(crate) passbook_years: OrdMap<(PassbookNo, i16, BranchNo), i64>,
    pub(crate) branch_years: OrdMap<(BranchNo, i16), BranchYear>,
    pub(crate) imports: OrdMap<BatchKey, ImportRowState>,
    pub(crate) import_entries: OrdMap<EntryNo, BatchKey>,
}

/// What the bank is, for ever.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bank {
    pub(crate) name: crate::BranchName,
    pub(crate) zone: Zone,
}

/// What makes an activity the same.
pub(crate) type ActivityKey = (BranchNo, ActivityName, Option<Category>, Option<Place>);
