//! Posting what concerns gifts, kin and pools.

use super::{Posted, at, expect};
use crate::{
    DrawNo, DrawState, Entry, GiftEvent, Kin, NewDraw, NewGift, PassbookNo, Taker,
    ledger::{DrawRow, GiftRow, KinRow, Ledger},
};

impl Ledger<'_> {
    pub(super) fn post_gift_event(&mut self, event: &GiftEvent, entry: &Entry) -> Posted {
        match event {
            GiftEvent::PointsGiven(it) => self.post_gift(it, entry),
            GiftEvent::GiftReversed { gift, .. } => {
                let row = self.gifts.get_mut(at(gift.get())).ok_or("no such gift")?;
                if row.reversed.replace(entry.no).is_some() {
                    return Err("the gift was taken back before");
                }
                Ok(())
            }
            GiftEvent::KinRequested(it) => {
                let row = KinRow { actor: entry.actor, confirmed: false };
                self.kin.insert((it.first(), it.second()), row);
                self.kin.insert((it.second(), it.first()), row);
                Ok(())
            }
            GiftEvent::KinConfirmed(it) => {
                let known = self.kin_keys(*it);
                if known.is_empty() {
                    return Err("no such kin");
                }
                for (key, row) in known {
                    self.kin.insert(key, KinRow { confirmed: true, ..row });
                }
                Ok(())
            }
            GiftEvent::KinEnded(it) => {
                for (key, _) in self.kin_keys(*it) {
                    self.kin.remove(&key);
                }
                Ok(())
            }
            GiftEvent::BeneficiaryNamed { passbook, beneficiary } => {
                match beneficiary {
                    Some(it) => self.beneficiaries.insert(*passbook, *it),
                    None => {
                        for it in self.numbers(*passbook, None) {
                            self.beneficiaries.remove(&it);
                        }
                    }
                }
                Ok(())
            }
            GiftEvent::DrawRequested(it) => self.post_draw(it, entry),
            GiftEvent::DrawApproved(it) => self.settle_draw(it.draw, DrawState::Approved),
            GiftEvent::DrawRejected { draw, .. } => self.settle_draw(*draw, DrawState::Rejected),
        }
    }

    /// What is known of two people, in both directions and under all their numbers.
    fn kin_keys(&self, kin: Kin) -> Vec<((PassbookNo, PassbookNo), KinRow)> {
        let pairs = self.kin_pairs(kin).into_iter().flat_map(|(a, b)| [(a, b), (b, a)]);
        pairs.filter_map(|it| Some((it, *self.kin.get(&it)?))).collect()
    }

    pub(super) fn post_gift(&mut self, it: &NewGift, entry: &Entry) -> Posted {
        let pool = match it.to {
            Taker::Pool(branch) => branch,
            Taker::Passbook(taker) => self.volunteer(taker).ok_or("no such passbook")?.branch,
        };
        let (entry, actor) = (entry.no, entry.actor);
        self.gifts.push(GiftRow { entry, actor, gift: *it, pool, reversed: None });
        expect(it.no.get(), self.gifts.len())
    }

    fn post_draw(&mut self, it: &NewDraw, entry: &Entry) -> Posted {
        self.draws.push(DrawRow {
            entry: entry.no,
            actor: entry.actor,
            requested_at: entry.recorded_at,
            draw: *it,
            state: DrawState::Waiting,
        });
        self.draws_waiting.insert((it.pool, it.no), ());
        expect(it.no.get(), self.draws.len())
    }

    fn settle_draw(&mut self, no: DrawNo, state: DrawState) -> Posted {
        let row = self.draws.get_mut(at(no.get())).ok_or("no such draw")?;
        if row.state != DrawState::Waiting {
            return Err("the draw was decided before");
        }
        row.state = state;
        let pool = row.draw.pool;
        self.draws_waiting.remove(&(pool, no));
        Ok(())
    }
}
