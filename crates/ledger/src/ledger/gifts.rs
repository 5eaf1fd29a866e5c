//! Gifts, kin and draws, as they stand now.

use std::collections::BTreeMap;

use super::{Ledger, post::at};
use crate::{
    ActorNo, BranchNo, DrawNo, DrawState, EntryNo, GiftNo, Kin, NewDraw, NewGift, PassbookNo,
    Timestamp, priority::Asker,
};

/// A gift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GiftRow {
    /// The entry that made it.
    pub entry: EntryNo,
    /// Who stood behind it.
    pub actor: ActorNo,
    /// As made.
    pub gift: NewGift,
    /// The branch whose pool got it, or what was above the taker's cap.
    pub pool: BranchNo,
    /// The entry that took it back.
    pub reversed: Option<EntryNo>,
}

/// Two volunteers of one family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KinRow {
    /// Who asked for it.
    pub actor: ActorNo,
    /// Whether an approver confirmed it.
    pub confirmed: bool,
}

/// A draw on a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DrawRow {
    /// The entry that asked for it.
    pub entry: EntryNo,
    /// Who stood behind that.
    pub actor: ActorNo,
    /// When.
    pub requested_at: Timestamp,
    /// As asked for.
    pub draw: NewDraw,
    /// Where it stands.
    pub state: DrawState,
}

impl DrawRow {
    /// For whom, and since when.
    pub fn asker(&self) -> Asker {
        let NewDraw { passbook, age_band, .. } = self.draw;
        Asker { passbook, age_band, since: Some(self.requested_at) }
    }
}

impl Ledger<'_> {
    /// A gift.
    pub fn gift(&self, gift: GiftNo) -> Option<&GiftRow> {
        self.gifts.get(at(gift.get()))
    }

    /// Whether two volunteers are kin, as asked for or confirmed.
    pub fn kin(&self, kin: Kin) -> Option<KinRow> {
        let rows = self.kin_pairs(kin).into_iter().filter_map(|it| self.kin.get(&it).copied());
        rows.max_by_key(|it| it.confirmed)
    }

    /// Under which numbers two people may be said to be kin, in one direction.
    pub(super) fn kin_pairs(&self, kin: Kin) -> Vec<(PassbookNo, PassbookNo)> {
        let numbers = |it| self.numbers(self.person(it), None);
        let second = |first| numbers(kin.second()).map(move |it| (first, it));
        numbers(kin.first()).flat_map(second).collect()
    }

    /// Whether an approver confirmed that two volunteers are kin.
    pub fn is_kin(&self, kin: Kin) -> bool {
        self.kin(kin).is_some_and(|it| it.confirmed)
    }

    /// The kin of a volunteer, as asked for or confirmed.
    pub fn kin_of(&self, passbook: PassbookNo) -> impl Iterator<Item = (PassbookNo, KinRow)> + '_ {
        let mut known: BTreeMap<PassbookNo, KinRow> = BTreeMap::new();
        for no in self.numbers(passbook, None) {
            let range = (no, PassbookNo::FIRST)..(no.next(), PassbookNo::FIRST);
            for ((_, kin), row) in self.kin.range(range) {
                let known = known.entry(self.person(*kin)).or_insert(*row);
                known.confirmed |= row.confirmed;
            }
        }
        known.into_iter()
    }

    /// Who inherits a volunteer's points: whom the number that is kept named, else another of the
    /// person's.
    pub fn beneficiary(&self, passbook: PassbookNo) -> Option<PassbookNo> {
        let person = self.person(passbook);
        let named = |it| self.beneficiaries.get(&it).map(|it| self.person(*it));
        self.numbers(person, None).filter_map(named).find(|it| *it != person)
    }

    /// A draw.
    pub fn draw(&self, draw: DrawNo) -> Option<&DrawRow> {
        self.draws.get(at(draw.get()))
    }

    /// Draws that wait on any pool.
    pub(crate) fn all_draws_waiting(&self) -> impl Iterator<Item = (DrawNo, &DrawRow)> + '_ {
        let keys = self.draws_waiting.iter().map(|it| it.0.1);
        keys.filter_map(|it| Some((it, self.draw(it)?)))
    }

    /// Draws that wait on the pool of a branch, oldest first.
    pub fn draws_waiting(&self, pool: BranchNo) -> impl Iterator<Item = (DrawNo, &DrawRow)> + '_ {
        let range = (pool, DrawNo::FIRST)..(pool.next(), DrawNo::FIRST);
        let keys = self.draws_waiting.range(range).map(|it| it.0.1);
        keys.filter_map(|it| Some((it, self.draw(it)?)))
    }
}
