//! A bank with merges in the plainest way: every point on its own, and of each number what it did.

mod people;
mod spend;

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
            let under: Vec<bool> = (0..PEOPLE).map(|it| self.person(it) == who).collect();
            for merge in self.merges.iter_mut().filter(|it| under[it.into]) {
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
        self.tell(who, -points, |it| less(it, points, today));
        taken
    }

    fn capture(&mut self, who: usize, points: i64) -> Vec<Point> {
        let (person, today) = (self.person(who), self.today);
        let taken = self.purses[person].capture(points);
        self.tell(who, -points, |it| less(it, points, today));
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

/// What people serve, and what becomes of it.
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
}

pub(crate) fn count(points: &[Point]) -> i64 {
    i64::try_from(points.len()).unwrap()
}

/// Takes those that would be spent first; what is over is gone already.
fn less(points: &mut Vec<Point>, count: i64, today: Date) {
    points.sort_unstable();
    let over = points.partition_point(|it| it.day <= today);
    let end = points.len().min(over + usize::try_from(count).unwrap());
    points.drain(over..end);
}
