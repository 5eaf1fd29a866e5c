//! What people spend, give, ask for and pay, and what comes back of it.

use super::{Gift, Model, Record, State, Wish, count};
use crate::purse::Point;

impl Model {
    pub(crate) fn deduct(&mut self, who: usize, hours: i64) -> bool {
        if !self.is_kept(who) {
            return false;
        }
        let mut took = self.take(who, hours);
        // What was not there comes back in no lot.
        took.resize(usize::try_from(hours).unwrap(), Point::LASTING);
        let (state, by_approver, hours) = (State::Done, true, -hours);
        self.records.push(Record { who, hours, state, by_approver, over: 0, took, payer: None });
        true
    }

    pub(crate) fn can_spend(&self, who: usize, points: i64) -> bool {
        self.is_kept(who) && points <= self.purses[who].available()
    }

    pub(crate) fn give(&mut self, from: usize, to: Option<usize>, points: i64) -> bool {
        let fits = to.is_none_or(|it| it != from && self.is_kept(it));
        if !fits || !self.can_spend(from, points) {
            return false;
        }
        let kept = to.map_or(0, |it| self.room(it, points));
        let took = self.take(from, points);
        let over = points - kept;
        self.pools += over;
        if let Some(to) = to {
            let given = took.iter().skip(usize::try_from(over).unwrap()).map(|it| it.given());
            self.put(to, given.collect());
        }
        self.gifts.push(Gift { from, to, over, took, back: false });
        true
    }

    pub(crate) fn ungive(&mut self, no: usize) -> bool {
        let gift = self.gifts[no].clone();
        if gift.back {
            return false;
        }
        self.gifts[no].back = true;
        let points = count(&gift.took);
        self.put_back(gift.from, points, gift.took);
        if let Some(to) = gift.to {
            self.take(to, points - gift.over);
        }
        self.pools -= gift.over;
        true
    }

    pub(crate) fn wish(&mut self, who: usize, price: i64) -> bool {
        if !self.can_spend(who, price) {
            return false;
        }
        let since = self.today;
        self.purses[who].hold(since, price);
        self.wishes.push(Wish { who, since, price, state: State::Open, took: Vec::new() });
        true
    }

    pub(crate) fn cancel(&mut self, no: usize) -> bool {
        let it = &mut self.wishes[no];
        if it.state != State::Open {
            return false;
        }
        it.state = State::Ended;
        self.purses[it.who].release(it.since, it.price);
        true
    }

    pub(crate) fn fulfil(&mut self, no: usize) -> bool {
        let Wish { who, since, price, state, .. } = self.wishes[no].clone();
        if state != State::Open || self.purses[who].balance() < price {
            return false;
        }
        self.purses[who].release(since, price);
        self.wishes[no].state = State::Done;
        self.wishes[no].took = self.capture(who, price);
        self.redeemed += price;
        true
    }

    pub(crate) fn restore(&mut self, no: usize) -> bool {
        let Wish { who, price, state, took, .. } = self.wishes[no].clone();
        if state != State::Done {
            return false;
        }
        self.wishes[no].state = State::Ended;
        self.redeemed -= price;
        self.put_back(who, price, took);
        true
    }

    /// What was held for it is paid.
    pub(crate) fn help(&mut self, asker: usize, who: usize, hours: i64) {
        let (state, payer) = (State::Done, Some(asker));
        let (by_approver, took) = (false, Vec::new());
        self.records.push(Record { who, hours, state, by_approver, over: 0, took, payer });
        let no = self.records.len() - 1;
        self.credit(no, Vec::new());
        self.records[no].took = self.capture(asker, hours);
    }
}
