//! The ledger (总账): what the journal adds up to.
//!
//! Readers see one ledger, of durable entries. The writer decides on one above it that is ahead
//! by the group in hand; once the group is durable, the lower absorbs what the upper changed.

mod diary;
mod digest;
mod gifts;
mod help;
mod honours;
pub(crate) mod imports;
mod lots;
mod merges;
mod post;
mod query;
mod rows;
mod shelf;
mod shelf_query;
mod table;

pub use digest::{STATE_FORMAT, StateSummary, TableDigest};
pub use gifts::{DrawRow, GiftRow, KinRow};
pub use help::HelpRow;
pub use honours::{AnswerRow, CertificateRow, ExceptionRow, HonourRow, ObjectionRow, RunRow};
pub use imports::{ImportBatch, ImportUndo, RowCounts};
pub use merges::MergeRow;
pub use post::{Damage, Fault};
pub use query::{AgendaConflict, LinesAsOf};
pub use rows::{
    Balance, BranchYear, LineRow, OpenCheckIn, PassbookRow, RecordRow, RecordState, RulebookRow,
    TokenRow, VolunteerRow,
};
pub use shelf::{Due, HoldRow, RedemptionRow, RewardRow};

use crate::{
    About, Account, Activity, ActivityName, ActivityNo, ActorNo, BatchKey, BatchNo, Branch,
    BranchNo, Category, DrawNo, EntryNo, Fingerprint, Handle, HelpNo, HonourNo, Lot, LotMove,
    MergeNo, NumberTag, ObjectionNo, PassbookNo, Place, Points, ProgrammeName, RecordNo,
    RedemptionNo, RequestId, RewardNo, Seal, Timestamp, TokenHash, TokenNo, VolunteerId,
    VolunteerStatus, Zone,
};
use diary::Diary;
pub use diary::{Month, ServiceClass};
use imports::{Matter, Saying};
pub(crate) use rows::{Said, Total};
use table::{List, Map, Tree};

/// All that the entries up to the head add up to. `Ledger = fold(post, journal)`.
///
/// A ledger may lie above another one: it is then ahead of that by the entries posted to it, and
/// holds only what they change.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger<'b> {
    /// The bank's name and zone, once it is open.
    pub(crate) bank: Option<Bank>,
    /// When each entry was recorded; its length is the head.
    pub(crate) recorded: List<'b, Timestamp>,
    pub(crate) seal: Option<Seal>,
    pub(crate) requests: Map<'b, RequestId, (EntryNo, Fingerprint)>,
    pub(crate) rulebooks: List<'b, RulebookRow>,
    pub(crate) branches: List<'b, Branch>,
    /// By code in lower case.
    pub(crate) branch_codes: Map<'b, String, BranchNo>,
    pub(crate) actors: List<'b, Handle>,
    pub(crate) actor_handles: Map<'b, Handle, ActorNo>,
    pub(crate) tokens: List<'b, TokenRow>,
    pub(crate) token_hashes: Map<'b, TokenHash, TokenNo>,
    /// Passbooks that are an actor's own by any token there ever was.
    pub(crate) own_passbooks: Tree<'b, (ActorNo, PassbookNo), ()>,
    pub(crate) volunteers: List<'b, VolunteerRow>,
    /// Where volunteers were at home until an entry moved them.
    pub(crate) homes: Tree<'b, (PassbookNo, EntryNo), BranchNo>,
    pub(crate) volunteer_tags: Map<'b, NumberTag, PassbookNo>,
    pub(crate) volunteer_ids: Map<'b, VolunteerId, PassbookNo>,
    pub(crate) passbooks: List<'b, PassbookRow>,
    /// What each volunteer did when: the truth about overlaps and full days.
    pub(crate) diaries: List<'b, Diary>,
    pub(crate) lines: List<'b, LineRow>,
    pub(crate) accounts: Tree<'b, Account, Balance>,
    pub(crate) activities: List<'b, Activity>,
    pub(crate) activity_keys: Map<'b, ActivityKey, ActivityNo>,
    /// What service is told apart by in totals, and the class of each activity.
    pub(crate) classes: List<'b, ServiceClass>,
    pub(crate) class_nos: Map<'b, ServiceClass, u32>,
    pub(crate) activity_classes: List<'b, u32>,
    pub(crate) records: List<'b, RecordRow>,
    /// Totals without days, which a later sheet may correct.
    pub(crate) totals: Map<'b, (PassbookNo, ActivityNo), Total>,
    /// What was rejected, or taken back by hand: a sheet that says it again does not undo that.
    pub(crate) taken_back: Map<'b, (PassbookNo, ActivityNo, Said), RecordNo>,
    pub(crate) pending: Tree<'b, (BranchNo, RecordNo), ()>,
    pub(crate) check_ins: Tree<'b, PassbookNo, OpenCheckIn>,
    pub(crate) branch_years: Tree<'b, (BranchNo, i16), BranchYear>,
    pub(crate) imports: Tree<'b, BatchKey, ImportBatch>,
    /// In the order of coming.
    pub(crate) batch_keys: List<'b, BatchKey>,
    /// Who took in a part of each batch.
    pub(crate) importers: Tree<'b, (BatchNo, ActorNo), ()>,
    /// What rows said that made no record, by whom, entry and line.
    pub(crate) sayings: Tree<'b, (PassbookNo, EntryNo, u32), Saying>,
    /// Of what each batch has a say; of what was undone it has none any more.
    pub(crate) said_in: Tree<'b, (BatchNo, PassbookNo, Matter), ()>,
    /// Records that only count again, and the first that said what they say.
    pub(crate) restored: Map<'b, RecordNo, RecordNo>,
    pub(crate) import_entries: Map<'b, EntryNo, BatchKey>,
    pub(crate) rewards: List<'b, RewardRow>,
    pub(crate) redemptions: List<'b, RedemptionRow>,
    /// Requests that wait, by reward and by the rank that was found out.
    pub(crate) waiting: Tree<'b, (RewardNo, u32, RedemptionNo), ()>,
    pub(crate) holds: List<'b, HoldRow>,
    /// Points that expire.
    pub(crate) lots: Tree<'b, (PassbookNo, Lot), Points>,
    /// What was taken out of lots for what may yet be taken back. Of a merge: what the one that was
    /// merged brought and has there, and what expired of the one that is kept since.
    pub(crate) spent: Map<'b, (PassbookNo, About), Vec<LotMove>>,
    /// What falls due, soonest first.
    pub(crate) dues: Tree<'b, (Timestamp, Due), ()>,
    pub(crate) gifts: List<'b, GiftRow>,
    /// In both directions.
    pub(crate) kin: Tree<'b, (PassbookNo, PassbookNo), KinRow>,
    pub(crate) beneficiaries: Map<'b, PassbookNo, PassbookNo>,
    pub(crate) draws: List<'b, DrawRow>,
    pub(crate) draws_waiting: Tree<'b, (BranchNo, DrawNo), ()>,
    pub(crate) helps: List<'b, HelpRow>,
    pub(crate) helps_open: Tree<'b, (PassbookNo, HelpNo), ()>,
    /// What the status of volunteers was until an entry changed it.
    pub(crate) statuses: Tree<'b, (PassbookNo, EntryNo), VolunteerStatus>,
    /// Whose personal data was erased, by which entry.
    pub(crate) erased: Tree<'b, PassbookNo, EntryNo>,
    pub(crate) honours: List<'b, HonourRow>,
    pub(crate) honours_of: Tree<'b, (PassbookNo, HonourNo), ()>,
    /// Who was nominated, by which entry, and by which branch.
    pub(crate) nominations: Tree<'b, (ProgrammeName, i16, PassbookNo), (EntryNo, BranchNo)>,
    pub(crate) runs: List<'b, RunRow>,
    pub(crate) objections: List<'b, ObjectionRow>,
    pub(crate) objections_about: Tree<'b, (PassbookNo, ObjectionNo), ()>,
    pub(crate) certificates: List<'b, CertificateRow>,
    pub(crate) merges: List<'b, MergeRow>,
    /// By both sides.
    pub(crate) merges_of: Tree<'b, (PassbookNo, MergeNo), ()>,
    /// Those that wait for an approver.
    pub(crate) merges_waiting: Tree<'b, MergeNo, ()>,
}

/// What a ledger that lay above another changed, to be absorbed by that one.
#[derive(Debug)]
pub struct Changes(Ledger<'static>);

macro_rules! tables {
    ($each:ident) => {
        $each!(
            recorded,
            requests,
            rulebooks,
            branches,
            branch_codes,
            actors,
            actor_handles,
            tokens,
            token_hashes,
            own_passbooks,
            volunteers,
            homes,
            volunteer_tags,
            volunteer_ids,
            passbooks,
            diaries,
            lines,
            accounts,
            activities,
            activity_keys,
            classes,
            class_nos,
            activity_classes,
            records,
            totals,
            taken_back,
            pending,
            check_ins,
            branch_years,
            imports,
            batch_keys,
            importers,
            sayings,
            said_in,
            restored,
            import_entries,
            rewards,
            redemptions,
            waiting,
            holds,
            lots,
            spent,
            dues,
            gifts,
            kin,
            beneficiaries,
            draws,
            draws_waiting,
            helps,
            helps_open,
            statuses,
            erased,
            honours,
            honours_of,
            nominations,
            runs,
            objections,
            objections_about,
            certificates,
            merges,
            merges_of,
            merges_waiting
        )
    };
}

impl Ledger<'_> {
    /// What this ledger changes of the one below it.
    pub fn into_changes(self) -> Changes {
        macro_rules! detach {
            ($($table:ident),+) => {
                Ledger { bank: self.bank, seal: self.seal, $($table: self.$table.detach()),+ }
            };
        }
        Changes(tables!(detach))
    }
}

impl Ledger<'static> {
    /// An empty ledger with room for what so many entries mostly come to: tables that grow are
    /// copied, and what they leave behind stays with the process.
    pub fn with_room(entries: usize) -> Self {
        let mut ledger = Self::default();
        ledger.recorded.reserve(entries);
        ledger.requests.reserve(entries);
        ledger.records.reserve(entries);
        ledger.lines.reserve(entries);
        ledger
    }

    /// Every table by its name, for a digest of it.
    fn tables(&self) -> Vec<(&'static str, &dyn digest::Rows)> {
        macro_rules! named {
            ($($table:ident),+) => {
                vec![$((stringify!($table), digest::rows(&self.$table))),+]
            };
        }
        tables!(named)
    }

    /// A ledger above this one, as yet the same.
    pub fn above(&self) -> Ledger<'_> {
        macro_rules! above {
            ($($table:ident),+) => {
                Ledger {
                    bank: self.bank.clone(),
                    seal: self.seal,
                    $($table: self.$table.above()),+
                }
            };
        }
        tables!(above)
    }

    /// A ledger above this one that has changed before. This one must not have since.
    pub fn under(&self, changes: Changes) -> Ledger<'_> {
        macro_rules! under {
            ($($table:ident),+) => {
                Ledger {
                    bank: changes.0.bank,
                    seal: changes.0.seal,
                    $($table: self.$table.under(changes.0.$table)),+
                }
            };
        }
        tables!(under)
    }

    /// Takes over what a ledger above this one changed. This one must not have changed since.
    pub fn absorb(&mut self, changes: Changes) {
        macro_rules! absorb {
            ($($table:ident),+) => { $(self.$table.absorb(changes.0.$table);)+ };
        }
        self.bank = changes.0.bank;
        self.seal = changes.0.seal;
        tables!(absorb);
    }
}

/// What the bank is, for ever.
#[derive(Debug, Clone, PartialEq, Hash)]
pub(crate) struct Bank {
    pub(crate) name: crate::BranchName,
    pub(crate) zone: Zone,
}

/// What makes an activity the same.
pub(crate) type ActivityKey = (BranchNo, ActivityName, Option<Category>, Option<Place>);
