//! Posting what concerns rewards, redemptions and holds.

use std::sync::Arc;

use lovebank_formula::Formula;

use super::{Posted, at, expect};
use crate::{
    About, ActorNo, Allocation, Ended, Entry, EntryNo, HoldNo, Moves, NewHold, NewRedemption,
    PassbookNo, Placed, Points, RedemptionNo, RedemptionState, Reward, RewardEvent, RewardMode,
    RewardNo, Timestamp,
    ledger::{Due, HoldRow, Ledger, PassbookRow, RedemptionRow, RewardRow},
    priority::VARIABLES,
};

/// The entry, and who stands behind it.
type By = (EntryNo, ActorNo);

impl Ledger<'_> {
    pub(super) fn post_reward_event(&mut self, event: &RewardEvent, entry: &Entry) -> Posted {
        let by = (entry.no, entry.actor);
        match event {
            RewardEvent::RewardPublished(it) => self.post_reward(it, entry.no),
            RewardEvent::StockAdded { reward, places, moves } => {
                let row = self.reward_mut(*reward)?;
                row.stock = row.stock.checked_add(*places).ok_or("its places are out of range")?;
                row.left = row.left.checked_add(*places).ok_or("its places are out of range")?;
                self.post_moves(moves, by)
            }
            RewardEvent::RewardWithdrawn { reward, moves } => {
                self.reward_mut(*reward)?.withdrawn = true;
                self.forget_window(*reward)?;
                self.post_moves(moves, by)
            }
            RewardEvent::RedemptionRequested { redemption, moves } => {
                self.post_request(redemption, entry)?;
                self.post_moves(moves, by)
            }
            RewardEvent::RedemptionCancelled(moves)
            | RewardEvent::RedemptionFulfilled(moves)
            | RewardEvent::RedemptionMissed(moves)
            | RewardEvent::RedemptionsExpired { moves, .. } => self.post_moves(moves, by),
            RewardEvent::RedemptionReversed { redemption, .. } => {
                self.post_reversal(*redemption, by)
            }
            RewardEvent::WindowClosed(it) => self.post_window(it, by),
        }
    }

    fn post_reward(&mut self, it: &Reward, entry: EntryNo) -> Posted {
        let formula = |text: &Arc<str>| Formula::condition(text, VARIABLES).map(Arc::new);
        let eligibility = it.eligibility.as_ref().map(formula).transpose();
        if let RewardMode::Window { window, .. } = &it.mode {
            self.dues.insert((window.closes(), Due::Window(it.no)), ());
        }
        self.rewards.push(RewardRow {
            entry,
            reward: Arc::new(it.clone()),
            eligibility: eligibility.map_err(|_| "its eligibility cannot be read")?,
            stock: it.stock,
            left: it.stock,
            waiting: 0,
            allocated: false,
            withdrawn: false,
        });
        expect(it.no.get(), self.rewards.len())
    }

    fn post_window(&mut self, it: &Allocation, entry: By) -> Posted {
        self.forget_window(it.reward)?;
        self.reward_mut(it.reward)?.allocated = true;
        self.post_allocation(it, entry)
    }

    /// Its window is closed, or will not be.
    fn forget_window(&mut self, reward: RewardNo) -> Posted {
        let row = self.reward(reward).ok_or("no such reward")?;
        if let RewardMode::Window { window, .. } = row.reward.mode {
            self.dues.remove(&(window.closes(), Due::Window(reward)));
        }
        Ok(())
    }

    fn post_request(&mut self, it: &NewRedemption, entry: &Entry) -> Posted {
        if let Some(hold) = &it.hold {
            let about = About::Redemption(it.no);
            self.post_hold(hold, (it.passbook, about), (it.ends, entry.no))?;
        }
        let before = self.book_mut(it.passbook)?.last_redemption.replace(it.no);
        let row = RedemptionRow {
            entry: entry.no,
            requested_at: entry.recorded_at,
            reward: it.reward,
            passbook: it.passbook,
            age_band: it.age_band,
            hold: it.hold.map(|it| it.no),
            state: RedemptionState::Waiting,
            rank: None,
            ends: it.ends,
            ranked_by: None,
            placed_by: None,
            decided: None,
            decided_by: None,
            reversed: None,
            before,
        };
        self.waiting.insert(row.queue_key(it.no), ());
        self.dues.insert((it.ends, Due::Redemption(it.no)), ());
        self.redemptions.push(row);
        let reward = self.reward_mut(it.reward)?;
        reward.waiting = reward.waiting.saturating_add(1);
        expect(it.no.get(), self.redemptions.len())
    }

    pub(super) fn post_moves(&mut self, moves: &Moves, entry: By) -> Posted {
        moves.ended.iter().try_for_each(|it| self.post_end(it, entry))?;
        moves.placed.iter().try_for_each(|it| self.post_place(it, entry))?;
        moves.allocation.as_ref().map_or(Ok(()), |it| self.post_allocation(it, entry))
    }

    fn post_allocation(&mut self, it: &Allocation, entry: By) -> Posted {
        for (place, ranked) in (1..).zip(&it.ranked) {
            self.leave_queue(ranked.no)?;
            let row = self.redemption_mut(ranked.no)?;
            row.ranked_by = Some(entry.0);
            // On a waiting list every place is found out anew.
            let keeps = self.reward(it.reward).is_some_and(RewardRow::is_ranked);
            let row = self.redemption_mut(ranked.no)?;
            row.rank = keeps.then_some(place);
            let key = row.queue_key(ranked.no);
            self.enter_queue(key)?;
            if place <= it.places {
                let placed = Placed { redemption: ranked.no, ends: it.ends };
                self.post_place(&placed, entry)?;
            }
        }
        Ok(())
    }

    fn post_place(&mut self, it: &Placed, entry: By) -> Posted {
        self.leave_queue(it.redemption)?;
        self.prolong(it.redemption, it.ends)?;
        let row = self.redemption_mut(it.redemption)?;
        row.decide(RedemptionState::Allocated, entry);
        row.placed_by = Some(entry.0);
        let reward = row.reward;
        let row = self.reward_mut(reward)?;
        row.left = row.left.checked_sub(1).ok_or("there is no place left")?;
        Ok(())
    }

    fn post_end(&mut self, it: &Ended, entry: By) -> Posted {
        let row = *self.redemption(it.redemption).ok_or("no such redemption")?;
        match row.state {
            RedemptionState::Waiting => self.leave_queue(it.redemption)?,
            RedemptionState::Allocated if it.state != RedemptionState::Fulfilled => {
                let reward = self.reward_mut(row.reward)?;
                reward.left = reward.left.saturating_add(1);
            }
            RedemptionState::Allocated => {}
            RedemptionState::Fulfilled
            | RedemptionState::Cancelled
            | RedemptionState::NoShow
            | RedemptionState::Expired
            | RedemptionState::Reversed => return Err("it ended before"),
        }
        self.dues.remove(&(row.ends, Due::Redemption(it.redemption)));
        self.redemption_mut(it.redemption)?.decide(it.state, entry);
        let expired = it.state == RedemptionState::Expired;
        row.hold.map_or(Ok(()), |hold| self.close_hold(hold, it.captured, expired))
    }

    /// One who did not come stays so: another has the place.
    fn post_reversal(&mut self, no: RedemptionNo, by: By) -> Posted {
        let row = self.redemption_mut(no)?;
        if row.reversed.replace(by.0).is_some() {
            return Err("it was taken back before");
        }
        if row.state == RedemptionState::Fulfilled {
            row.decide(RedemptionState::Reversed, by);
        }
        Ok(())
    }

    /// Sets points aside.
    pub(super) fn post_hold(
        &mut self,
        it: &NewHold,
        (passbook, about): (PassbookNo, About),
        (expires, entry): (Timestamp, EntryNo),
    ) -> Posted {
        self.holds.push(HoldRow {
            entry,
            passbook,
            about,
            points: it.points,
            captured: Points::ZERO,
            released: Points::ZERO,
            expired: Points::ZERO,
            expires,
        });
        expect(it.no.get(), self.holds.len())?;
        let book = self.book_mut(passbook)?;
        book.held = book.held.plus(it.points).ok_or("what is held is out of range")?;
        Ok(())
    }

    /// Takes some of what is held, and sets the rest free.
    pub(super) fn close_hold(&mut self, no: HoldNo, captured: Points, expired: bool) -> Posted {
        let hold = self.holds.get_mut(at(no.get())).ok_or("no such hold")?;
        let kept = hold.remaining();
        let free = kept.minus(captured).ok_or("more is captured than was held")?;
        if free.is_negative() || captured.is_negative() {
            return Err("more is captured than was held");
        }
        hold.captured = captured;
        if expired {
            hold.expired = free;
        } else {
            hold.released = free;
        }
        let passbook = hold.passbook;
        let book = self.book_mut(passbook)?;
        book.held = book.held.minus(kept).ok_or("what is held is out of range")?;
        self.look_at_lots(passbook);
        Ok(())
    }

    /// Gives a redemption another end, and its hold with it.
    fn prolong(&mut self, no: RedemptionNo, ends: Timestamp) -> Posted {
        let row = self.redemption_mut(no)?;
        let (before, hold) = (row.ends, row.hold);
        row.ends = ends;
        self.dues.remove(&(before, Due::Redemption(no)));
        self.dues.insert((ends, Due::Redemption(no)), ());
        if let Some(hold) = hold {
            self.holds.get_mut(at(hold.get())).ok_or("no such hold")?.expires = ends;
        }
        Ok(())
    }

    fn enter_queue(&mut self, key: (RewardNo, u32, RedemptionNo)) -> Posted {
        self.waiting.insert(key, ());
        let row = self.reward_mut(key.0)?;
        row.waiting = row.waiting.saturating_add(1);
        Ok(())
    }

    fn leave_queue(&mut self, no: RedemptionNo) -> Posted {
        let row = *self.redemption(no).ok_or("no such redemption")?;
        if row.state != RedemptionState::Waiting {
            return Err("it does not wait");
        }
        self.waiting.remove(&row.queue_key(no));
        let row = self.reward_mut(row.reward)?;
        row.waiting = row.waiting.saturating_sub(1);
        Ok(())
    }

    fn reward_mut(&mut self, no: RewardNo) -> Result<&mut RewardRow, &'static str> {
        self.rewards.get_mut(at(no.get())).ok_or("no such reward")
    }

    fn redemption_mut(&mut self, no: RedemptionNo) -> Result<&mut RedemptionRow, &'static str> {
        self.redemptions.get_mut(at(no.get())).ok_or("no such redemption")
    }

    fn book_mut(&mut self, no: PassbookNo) -> Result<&mut PassbookRow, &'static str> {
        self.passbooks.get_mut(at(no.get())).ok_or("no such passbook")
    }
}
