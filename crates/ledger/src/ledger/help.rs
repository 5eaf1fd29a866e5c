//! Help requests, as they stand now.

use super::{Ledger, post::at};
use crate::{
    ActivityNo, ActorNo, EntryNo, HelpNo, HelpState, HoldNo, Interval, Minutes, PassbookNo,
    RecordNo, RequestId, Side, Timestamp, priority::Asker,
};

/// A help request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HelpRow {
    /// The entry that made it.
    pub entry: EntryNo,
    /// Who stood behind that.
    pub actor: ActorNo,
    /// The request that made it: the key of what the vault keeps of it.
    pub request: RequestId,
    /// When.
    pub requested_at: Timestamp,
    /// Who asks.
    pub asker: PassbookNo,
    /// For what.
    pub activity: ActivityNo,
    /// When it is to be.
    pub window: Interval,
    /// The points set aside.
    pub hold: Option<HoldNo>,
    /// The lower end of the asker's age in decades.
    pub age_band: Option<u8>,
    /// Where it stands.
    pub state: HelpState,
    /// Who offered, in the order of offers.
    pub offers: Vec<PassbookNo>,
    /// Who stood behind each offer.
    pub(crate) offerers: Vec<(PassbookNo, ActorNo)>,
    /// Who acted for which side: asked, accepted, offered what was accepted, spoke.
    pub(crate) hands: Vec<(Side, ActorNo)>,
    /// Whose offer was accepted.
    pub helper: Option<PassbookNo>,
    /// What was said first, by whom.
    pub said: Option<(Side, Minutes)>,
    /// Who stood behind that.
    pub said_by: Option<ActorNo>,
    /// What the other side said then.
    pub answered: Option<Minutes>,
    /// When it falls due: an open one ends, silence agrees.
    pub due: Option<Timestamp>,
    /// The helper's record.
    pub record: Option<RecordNo>,
    /// The entry that changed it last.
    pub decided: EntryNo,
}

impl HelpRow {
    /// Who asks, and since when.
    pub fn who_asks(&self) -> Asker {
        Asker { passbook: self.asker, age_band: self.age_band, since: Some(self.requested_at) }
    }

    /// Whether an actor acted for a side.
    pub(crate) fn has_hand_of(&self, actor: ActorNo) -> bool {
        self.hands.iter().any(|it| it.1 == actor)
    }

    /// Whether a side is known to another than the actor who spoke for the other side.
    pub(crate) fn is_known_beside(&self, side: Side, speaker: Option<ActorNo>) -> bool {
        self.hands.iter().any(|it| it.0 == side && Some(it.1) != speaker)
    }

    /// Whether it still can change.
    pub fn is_open(&self) -> bool {
        match self.state {
            HelpState::Open | HelpState::Agreed | HelpState::Said | HelpState::Disputed => true,
            HelpState::Confirmed | HelpState::Cancelled | HelpState::Expired => false,
        }
    }
}

impl Ledger<'_> {
    /// A help request.
    pub fn help(&self, help: HelpNo) -> Option<&HelpRow> {
        self.helps.get(at(help.get()))
    }

    /// How many help requests there are; they are numbered up to it.
    pub fn help_count(&self) -> usize {
        self.helps.len()
    }

    /// Every help request, newest first.
    pub fn helps_newest_first(&self) -> impl Iterator<Item = (HelpNo, &HelpRow)> + '_ {
        let count = u64::try_from(self.helps.len()).unwrap_or(u64::MAX);
        let numbers = (1..=count).rev().filter_map(|it| HelpNo::new(it).ok());
        numbers.filter_map(|it| Some((it, self.help(it)?)))
    }

    /// Help requests that still can change, by who asks.
    pub fn helps_open(&self) -> impl Iterator<Item = (HelpNo, &HelpRow)> + '_ {
        self.helps_open.iter().filter_map(|((_, no), ())| Some((*no, self.help(*no)?)))
    }

    /// Those of one who asks, oldest first.
    pub fn helps_open_of(
        &self,
        asker: PassbookNo,
    ) -> impl Iterator<Item = (HelpNo, &HelpRow)> + '_ {
        let own = self.helps_open.range((asker, HelpNo::FIRST)..(asker.next(), HelpNo::FIRST));
        own.filter_map(|((_, no), ())| Some((*no, self.help(*no)?)))
    }
}
