//! Rewards, redemptions and holds, as they stand now.

use std::sync::Arc;

use lovebank_formula::Formula;

use super::{Ledger, post::at};
use crate::{
    About, ActorNo, EntryNo, HelpNo, HoldNo, PassbookNo, Points, RedemptionNo, RedemptionState,
    Reward, RewardMode, RewardNo, Timestamp, priority::Asker,
};

/// A reward, as it stands now.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct RewardRow {
    /// The entry that published it.
    pub entry: EntryNo,
    /// As published.
    pub reward: Arc<Reward>,
    /// Who may have it.
    pub eligibility: Option<Arc<Formula>>,
    /// All places there ever were.
    pub stock: u32,
    /// Places that are free.
    pub left: u32,
    /// How many requests wait.
    pub waiting: u32,
    /// Whether its window closed and its places were allocated.
    pub allocated: bool,
    /// Whether it takes no more requests.
    pub withdrawn: bool,
}

impl RewardRow {
    /// Whether an order was found out that who waits keeps.
    pub fn is_ranked(&self) -> bool {
        self.allocated && matches!(self.reward.mode, RewardMode::Window { .. })
    }
}

/// A redemption, as it stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RedemptionRow {
    /// The entry that made it.
    pub entry: EntryNo,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// What is asked for.
    pub reward: RewardNo,
    /// Who asks.
    pub passbook: PassbookNo,
    /// The lower end of the asker's age in decades.
    pub age_band: Option<u8>,
    /// Its hold.
    pub hold: Option<HoldNo>,
    /// Where it stands.
    pub state: RedemptionState,
    /// Its place in the order, once that was found out; 1 is first.
    pub rank: Option<u32>,
    /// Until when it waits, or its place can be used.
    pub ends: Timestamp,
    /// The entry in which its order was found out.
    pub ranked_by: Option<EntryNo>,
    /// The entry that gave it a place.
    pub placed_by: Option<EntryNo>,
    /// The entry that gave it a place or ended it last.
    pub decided: Option<EntryNo>,
    /// Who stood behind that.
    pub decided_by: Option<ActorNo>,
    /// The entry that gave back what it took.
    pub reversed: Option<EntryNo>,
    /// The volunteer's redemption before it.
    pub(crate) before: Option<RedemptionNo>,
}

impl RedemptionRow {
    /// Who asks, and since when.
    pub fn asker(&self) -> Asker {
        Asker { passbook: self.passbook, age_band: self.age_band, since: Some(self.requested_at) }
    }

    /// Where it stands in the queue: the rank that was found out, or none.
    pub(crate) fn queue_key(&self, no: RedemptionNo) -> (RewardNo, u32, RedemptionNo) {
        (self.reward, self.rank.unwrap_or(u32::MAX), no)
    }

    pub(crate) fn decide(&mut self, state: RedemptionState, (entry, actor): (EntryNo, ActorNo)) {
        (self.state, self.decided, self.decided_by) = (state, Some(entry), Some(actor));
    }

    /// Whether it waits for a place.
    pub fn waits(&self) -> bool {
        self.state == RedemptionState::Waiting
    }

    /// Whether it still can change.
    pub fn is_open(&self) -> bool {
        matches!(self.state, RedemptionState::Waiting | RedemptionState::Allocated)
    }
}

/// A hold, as it stands now: captured, released, expired and remaining make up its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HoldRow {
    /// The entry that made it.
    pub entry: EntryNo,
    /// Whose points.
    pub passbook: PassbookNo,
    /// What for: a redemption or a help request.
    pub about: About,
    /// How many were set aside.
    pub points: Points,
    /// How many of them were taken.
    pub captured: Points,
    /// How many of them were set free.
    pub released: Points,
    /// How many of them became free because their time ran out.
    pub expired: Points,
    /// Until when it lasts.
    pub expires: Timestamp,
}

impl HoldRow {
    /// What it still keeps.
    pub fn remaining(&self) -> Points {
        let gone = self.captured.plus(self.released).and_then(|it| it.plus(self.expired));
        gone.and_then(|it| self.points.minus(it)).unwrap_or(Points::ZERO)
    }
}

/// What falls due, and is then settled by the bank itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Due {
    /// The window of a reward closes.
    Window(RewardNo),
    /// A redemption's time runs out.
    Redemption(RedemptionNo),
    /// A help request's time runs out.
    Help(HelpNo),
    /// Lots of a passbook expire: last of what falls due at an instant, so that holds that end
    /// then keep nothing back.
    Lots(PassbookNo),
}

impl Ledger<'_> {
    /// A reward.
    pub fn reward(&self, reward: RewardNo) -> Option<&RewardRow> {
        self.rewards.get(at(reward.get()))
    }

    /// Every reward, oldest first.
    pub fn rewards(&self) -> impl DoubleEndedIterator<Item = &RewardRow> {
        self.rewards.iter()
    }

    /// A redemption.
    pub fn redemption(&self, redemption: RedemptionNo) -> Option<&RedemptionRow> {
        self.redemptions.get(at(redemption.get()))
    }

    /// How many redemptions there are; they are numbered up to it.
    pub fn redemption_count(&self) -> usize {
        self.redemptions.len()
    }

    /// The redemptions of a volunteer, newest first.
    pub fn redemptions_of(
        &self,
        passbook: PassbookNo,
    ) -> impl Iterator<Item = (RedemptionNo, &RedemptionRow)> + '_ {
        let last = |it| self.passbook(it).and_then(|it| it.last_redemption);
        self.newest_first(passbook, last, |it| self.redemption(it).map(|row| (row, row.before)))
    }

    /// A hold.
    pub fn hold(&self, hold: HoldNo) -> Option<&HoldRow> {
        self.holds.get(at(hold.get()))
    }

    /// Those who wait for a reward: by the rank that was found out, then by request.
    pub fn waiting_for(
        &self,
        reward: RewardNo,
    ) -> impl Iterator<Item = (RedemptionNo, &RedemptionRow)> + '_ {
        let keys = self.waiting.range(queue(reward));
        keys.filter_map(|((_, _, no), ())| Some((*no, self.redemption(*no)?)))
    }

    /// What falls due first, and when.
    pub fn next_due(&self) -> Option<(Timestamp, Due)> {
        self.dues.first_in(..).map(|it| *it.0)
    }

    /// All that falls due at an instant.
    pub(crate) fn due_at(&self, at: Timestamp) -> impl Iterator<Item = Due> + '_ {
        let first = (at, Due::Window(RewardNo::FIRST));
        self.dues.range(first..).map(|it| *it.0).take_while(move |it| it.0 == at).map(|it| it.1)
    }
}

fn queue(reward: RewardNo) -> std::ops::Range<(RewardNo, u32, RedemptionNo)> {
    (reward, 0, RedemptionNo::FIRST)..(reward.next(), 0, RedemptionNo::FIRST)
}
