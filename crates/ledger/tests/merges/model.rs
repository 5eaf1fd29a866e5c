//! A bank with merges in the plainest way: every point on its own, and of each number what it did.

use std::collections::BTreeSet;

use jiff::{Span, civil::Date};

use crate::purse::{Point, Purse};

/// How many numbers there are in the street.
pub(crate) const PEOPLE: usize = 4;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) cap: Option<i64>,
    pub(crate) expire: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    Done,
    Ended,
}

/// Hours under a number; below zero they were deducted.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) who: usize,
    pub(crate) hours: i64,
    pub(crate) state: State,
    pub(crate) by_approver: bool,
    /// Points above the cap.
    over: i64,
    /// What was deducted, or paid by who was helped.
    took: Vec<Point>,
    payer: Option<usize>,
}

impl Record {
    /// Whether somebody else paid for it.
    pub(crate) fn is_help(&self) -> bool {
        self.payer.is_some()
    }
}

#[derive(Debug, Clone)]
struct Gift {
    from: usize,
    to: Option<usize>,
    over: i64,
    took: Vec<Point>,
    back: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Wish {
    who: usize,
    since: Date,
    price: i64,
    state: State,
    took: Vec<Point>,
}

/// A merge that stands.
#[derive(Debug, Clone)]
struct Merge {
    from: usize,
    into: usize,
    /// What the one brought, and what came to it since.
    own: i64,
    /// Of which points that was made, but for what was taken of it.
    had: Vec<Point>,
    /// What expired since.
    gone: Vec<Point>,
}

#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) rules: Rules,
    pub(crate) today: Date,
    pub(crate) purses: [Purse; PEOPLE],
    pub(crate) records: Vec<Record>,
    pub(crate) wishes: Vec<Wish>,
    gifts: Vec<Gift>,
    into: [Option<usize>; PEOPLE],
    merges: Vec<Merge>,
    /// What a number would have, had it never been merged; where nothing expires.
    pub(crate) alone: [i64; PEOPLE],
    pub(crate) pools: i64,
    pub(crate) redeemed: i64,
    pub(crate) expired: i64,
}

impl Model {
    pub(crate) fn new(rules: Rules, today: Date) -> Self {
        Self {
            rules,
            today,
            purses: <_>::default(),
            records: Vec::new(),
            wishes: Vec::new(),
            gifts: Vec::new(),
            into: [None; PEOPLE],
            merges: Vec::new(),
            alone: [0; PEOPLE],
            pools: 0,
            redeemed: 0,
            expired: 0,
        }
    }

    /// A number, the one it was merged into, and so on.
    fn chain(&self, who: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(who), |it| self.into[*it])
    }

    pub(crate) fn person(&self, who: usize) -> usize {
        self.chain(who).last().unwrap()
    }

    pub(crate) fn is_kept(&self, who: usize) -> bool {
        self.into[who].is_none()
    }

    /// Whether more than one number is the person's.
    pub(crate) fn is_several(&self, who: usize) -> bool {
        let person = self.person(who);
        (0..PEOPLE).any(|it| it != person && self.person(it) == person)
    }

    pub(crate) fn merge_count(&self) -> usize {
        self.merges.len()
    }

    /// Who was given to, if that was no pool.
    pub(crate) fn taker(&self, no: usize) -> Option<usize> {
        self.gifts[no].to
    }

    pub(crate) fn gift_count(&self) -> usize {
        self.gifts.len()
    }

    /// Minutes that count for someone.
    pub(crate) fn minutes(&self, who: usize) -> i64 {
        let own = |it: &&Record| it.state == State::Done && self.person(it.who) == who;
        self.records.iter().filter(own).map(|it| it.hours * 60).sum()
    }

    /// Points that records brought into the bank.
    pub(crate) fn issued(&self) -> i64 {
        let counts = self.records.iter().filter(|it| it.state == State::Done && !it.is_help());
        counts.map(|it| it.hours).sum()
    }

    pub(crate) fn expire(&mut self) {
        for who in 0..PEOPLE {
            let gone = self.purses[who].expire(self.today);
            self.expired += count(&gone);
            let person = self.into;
            let under = |mut it: usize| {
                while let Some(next) = person[it] {
                    it = next;
                }
                it == who
            };
            for merge in self.merges.iter_mut().filter(|it| under(it.into)) {
                merge.gone.extend(&gone);
            }
        }
    }

    /// Points that come today.
    fn fresh(&self, points: i64) -> Vec<Point> {
        let day = self.today.first_of_month() + Span::new().months(3);
        let one = if self.rules.expire { Point { day, earned: true } } else { Point::LASTING };
        vec![one; usize::try_from(points).unwrap()]
    }

    fn room(&self, who: usize, points: i64) -> i64 {
        let held = self.purses[self.person(who)].balance();
        self.rules.cap.map_or(points, |cap| points.min((cap - held).max(0)))
    }

    /// Counts what a thing of a number moves in each merge that the two are to be told apart from.
    fn tell(&mut self, who: usize, points: i64, had: impl Fn(&mut Vec<Point>)) {
        self.alone[who] += points;
        let chain: BTreeSet<usize> = self.chain(who).collect();
        for it in self.merges.iter_mut().filter(|it| chain.contains(&it.from)) {
            it.own += points;
            had(&mut it.had);
        }
    }

    fn put(&mut self, who: usize, points: Vec<Point>) {
        let person = self.person(who);
        let all = count(&points);
        let stay = self.purses[person].put(points);
        self.tell(who, all, |it| it.extend(&stay));
    }

    fn take(&mut self, who: usize, points: i64) -> Vec<Point> {
        let (person, today) = (self.person(who), self.today);
        let taken = self.purses[person].take(points, today);
        self.tell(who, -points, |it| less(it, points));
        taken
    }

    fn capture(&mut self, who: usize, points: i64) -> Vec<Point> {
        let person = self.person(who);
        let taken = self.purses[person].capture(points);
        self.tell(who, -points, |it| less(it, points));
        taken
    }

    /// After a debt, as many come back where they lay as did lie there, the longest lasting; what
    /// is over by then is new, and what is more, too.
    fn put_back(&mut self, who: usize, points: i64, mut lay: Vec<Point>) {
        let person = self.person(who);
        let kept = points - self.purses[person].pay(points);
        let back = kept.min(count(&lay));
        lay.sort_unstable();
        let mut stay = lay.split_off(lay.len() - usize::try_from(back).unwrap());
        stay.retain(|it| self.today < it.day);
        stay.extend(self.fresh(kept - count(&stay)));
        self.purses[person].put(stay.clone());
        self.tell(who, points, |it| it.extend(&stay));
    }
}

/// What people do, and whether they may.
impl Model {
    pub(crate) fn serve(&mut self, who: usize, hours: i64, waits: bool) -> bool {
        if !self.is_kept(who) {
            return false;
        }
        let state = if waits { State::Open } else { State::Done };
        let (over, took, payer) = (0, Vec::new(), None);
        self.records.push(Record { who, hours, state, by_approver: false, over, took, payer });
        if !waits {
            self.credit(self.records.len() - 1, Vec::new());
        }
        true
    }

    fn credit(&mut self, no: usize, lay: Vec<Point>) {
        let (who, hours) = (self.records[no].who, self.records[no].hours);
        let kept = self.room(who, hours);
        self.records[no].over = hours - kept;
        self.pools += hours - kept;
        self.put_back(who, kept, lay);
    }

    pub(crate) fn approve(&mut self, no: usize) -> bool {
        let waits = self.records[no].state == State::Open;
        if waits {
            self.records[no].state = State::Done;
            self.credit(no, Vec::new());
        }
        waits
    }

    pub(crate) fn reverse(&mut self, no: usize) -> bool {
        let row = self.records[no].clone();
        if row.state != State::Done {
            return false;
        }
        self.records[no].state = State::Ended;
        if row.hours < 0 {
            self.put_back(row.who, -row.hours, row.took);
            return true;
        }
        self.pools -= row.over;
        self.take(row.who, row.hours - row.over);
        if let Some(payer) = row.payer {
            self.put_back(payer, row.hours, row.took);
        }
        true
    }

    /// Books a record anew, with as many other hours.
    pub(crate) fn correct(&mut self, no: usize, hours: i64) -> bool {
        let row = self.records[no].clone();
        if row.state != State::Done || row.hours == hours {
            return false;
        }
        self.records[no].state = State::Ended;
        self.pools -= row.over;
        let taken = self.take(row.who, row.hours - row.over);
        self.records.push(Record { hours, by_approver: !row.by_approver, ..row });
        self.credit(self.records.len() - 1, taken);
        true
    }

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

/// Who is one person.
impl Model {
    pub(crate) fn merge(&mut self, from: usize, into: usize) -> bool {
        let open = self.wishes.iter().any(|it| it.who == from && it.state == State::Open);
        if from == into || open || ![from, into].iter().all(|it| self.is_kept(*it)) {
            return false;
        }
        let had = std::mem::take(&mut self.purses[from]);
        let own = had.balance();
        self.purses[into].join(had.clone(), self.today);
        let (had, gone) = (had.points(), Vec::new());
        self.merges.push(Merge { from, into, own, had, gone });
        self.into[from] = Some(into);
        true
    }

    pub(crate) fn undo(&mut self, no: usize) -> bool {
        let Merge { from, into, own, had, gone } = self.merges[no].clone();
        let lost = in_common(&had, gone).min(own.max(0));
        let own = own - lost;
        if !self.is_kept(into) || 0 < own && self.purses[into].available() < own {
            return false;
        }
        self.merges.remove(no);
        self.into[from] = None;
        if own < 0 {
            let fresh = self.fresh(-own);
            self.purses[into].put(fresh);
            self.purses[from].take(-own, self.today);
        } else {
            let back = self.purses[into].part(own, had, self.today);
            self.purses[from].put(back);
        }
        true
    }
}

pub(crate) fn count(points: &[Point]) -> i64 {
    i64::try_from(points.len()).unwrap()
}

/// Takes those that would be spent first.
fn less(points: &mut Vec<Point>, count: i64) {
    points.sort_unstable();
    points.drain(..points.len().min(usize::try_from(count).unwrap()));
}

fn in_common(points: &[Point], mut others: Vec<Point>) -> i64 {
    let mut common = 0;
    for it in points {
        if let Some(at) = others.iter().position(|other| other == it) {
            others.swap_remove(at);
            common += 1;
        }
    }
    common
}
