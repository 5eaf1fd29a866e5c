//! The model's rules on time and points, minute by minute.

use std::collections::BTreeMap;

use jiff::civil::Date;
use lovebank_ledger::{ActivityRef, Level, RecordNo, Role, Service, ServiceTime, VolunteerStatus};

use super::model::{Actor, Assent, Letters, Model, No, Record, State, allowed, approves};

impl Model {
    pub(super) fn correct(
        &mut self,
        actor: &Actor,
        no: RecordNo,
        activity: Option<&ActivityRef>,
        service: Service,
    ) -> Result<Letters, No> {
        let at = self.settle(actor, no)?;
        if self.records[at].state != State::Posted {
            return Err("state");
        }
        let old = self.records[at].clone();
        let activity = match activity {
            Some(it) => self.activity(it, Some(actor))?,
            None => old.activity,
        };
        allowed(actor, &[Role::Approver], &self.branch_of(activity))?;
        let same = (activity, service.time(), service.minutes().get());
        if same == (old.activity, old.time, old.minutes) {
            return Err("nothing");
        }
        let is_span = |it: ServiceTime| matches!(it, ServiceTime::Span(_));
        if is_span(service.time()) && !is_span(old.time) {
            return Err("span");
        }
        self.records[at].state = State::Reversed;
        let new = self.rebook(actor.name, (old.who, activity, service), Assent::Given)?;
        let new = &mut self.records[new];
        new.scanned = old.scanned;
        if let State::Pending(level) = new.state {
            let branch = self.activities[activity].branch.clone();
            if !approves(actor, &branch, level) {
                return Err("higher");
            }
            let at = self.records.len() - 1;
            self.credit(at);
        }
        Ok(Letters::new())
    }

    /// The level of the ladder that a service needs with all that its days hold.
    pub(super) fn level(
        &self,
        who: usize,
        days: &BTreeMap<Date, i64>,
    ) -> Result<Option<Level>, No> {
        let rules = self.in_force();
        let mut level = None;
        for (date, minutes) in days {
            let known = self.counting(who).filter_map(|it| it.days.get(date));
            let sum = minutes + known.sum::<i64>();
            let day = self.zone.day(*date).unwrap();
            if 1440.min(day.0.until(day.1)) < sum {
                return Err("full");
            }
            if rules.branch < sum {
                level = Some(Level::Above);
            } else if rules.at_once < sum {
                level = level.or(Some(Level::Branch));
            }
        }
        Ok(level)
    }

    pub(super) fn counting(&self, who: usize) -> impl Iterator<Item = &Record> {
        let counts = |it: &&Record| matches!(it.state, State::Pending(_) | State::Posted);
        self.records.iter().filter(move |it| it.who == who).filter(counts)
    }

    /// Books a record if no rule stands against it; its place in the list.
    pub(super) fn book(
        &mut self,
        recorder: &'static str,
        (who, activity, service): (usize, usize, Service),
        assent: Assent,
    ) -> Result<usize, No> {
        if 0 <= service.minutes().get() && self.volunteers[who].status != VolunteerStatus::Active {
            return Err("inactive");
        }
        self.rebook(recorder, (who, activity, service), assent)
    }

    /// Books what stands instead of a record, whether or not the volunteer still takes part.
    pub(super) fn rebook(
        &mut self,
        recorder: &'static str,
        (who, activity, service): (usize, usize, Service),
        assent: Assent,
    ) -> Result<usize, No> {
        let minutes = service.minutes().get();
        if minutes == 0 {
            return Err("zero");
        }
        let mut days = BTreeMap::new();
        let date = match service.time() {
            ServiceTime::Interval(it) => {
                let (start, end) = (i64::from(it.start().get()), i64::from(it.end().get()));
                if self.now < end {
                    return Err("future");
                }
                let overlaps = |other: &Record| match other.time {
                    ServiceTime::Interval(other) => (start..end).any(|minute| {
                        let minute = u32::try_from(minute).unwrap();
                        other.start().get() <= minute && minute < other.end().get()
                    }),
                    ServiceTime::Day(_) | ServiceTime::Span(_) => false,
                };
                if self.counting(who).any(overlaps) {
                    return Err("overlap");
                }
                for minute in start..end {
                    *days.entry(self.date_of(minute)).or_insert(0) += 1;
                }
                self.date_of(start)
            }
            ServiceTime::Day(date) => {
                if self.today() < date || minutes < -1440 {
                    return Err("future");
                }
                if 0 < minutes {
                    let mut known = self.counting(who);
                    if known.any(|it| {
                        it.activity == activity && it.time == service.time() && 0 < it.minutes
                    }) {
                        return Err("twice");
                    }
                    drop(known);
                    days.insert(date, minutes);
                }
                date
            }
            ServiceTime::Span(span) => {
                let total = |it: &Record| {
                    it.activity == activity && matches!(it.time, ServiceTime::Span(_))
                };
                if self.today() < span.to()
                    || span.days() * 1440 < minutes.abs()
                    || self.counting(who).any(total)
                {
                    return Err("span");
                }
                span.to()
            }
        };
        let level = self.level(who, &days)?;
        let state = match (assent, level) {
            (Assent::Ladder, None) => State::Posted,
            (Assent::Given, level) => level.map_or(State::Posted, State::Pending),
            (Assent::Ladder | Assent::Wanted, level) => {
                State::Pending(level.unwrap_or(Level::Branch))
            }
        };
        let home = self.volunteers[who].home.clone();
        self.records.push(Record {
            who,
            activity,
            time: service.time(),
            date,
            days,
            minutes,
            state,
            recorder,
            from_sheet: false,
            scanned: false,
            points: 0,
            overflow: 0,
            home,
        });
        let at = self.records.len() - 1;
        if state == State::Posted {
            self.credit(at);
        }
        Ok(at)
    }

    pub(super) fn credit(&mut self, at: usize) {
        let rules = self.in_force();
        // Hundredths of points: minutes × rate ÷ 60, halves to even.
        let product = self.records[at].minutes * rules.rate;
        let (whole, rest) = (product.div_euclid(60), product.rem_euclid(60));
        let up = 30 < rest || rest == 30 && whole.rem_euclid(2) == 1;
        let points = whole + i64::from(up);
        // A record that is being credited counts for nothing yet.
        self.records[at].state = State::Rejected;
        let held = self.points(self.records[at].who);
        let kept = match rules.cap {
            Some(cap) if 0 <= points => points.min((cap - held).max(0)),
            _ => points,
        };
        let home = self.volunteers[self.records[at].who].home.clone();
        let record = &mut self.records[at];
        (record.state, record.home) = (State::Posted, home);
        (record.points, record.overflow) = (kept, points - kept);
    }

    pub(super) fn posted(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|it| it.state == State::Posted)
    }

    pub(super) fn points(&self, who: usize) -> i64 {
        let earned: i64 = self.posted().filter(|it| it.who == who).map(|it| it.points).sum();
        earned - self.volunteers[who].given
    }

    pub(super) fn minutes(&self, who: usize) -> i64 {
        self.posted().filter(|it| it.who == who).map(|it| it.minutes).sum()
    }

    pub(super) fn pool(&self, branch: &str) -> i64 {
        let given = self.pools.get(branch).copied().unwrap_or_default();
        given + self.posted().filter(|it| it.home == branch).map(|it| it.overflow).sum::<i64>()
    }

    pub(super) fn year(&self, who: usize, year: i16, branch: &str) -> i64 {
        let own = self.posted().filter(|it| it.who == who && it.date.year() == year);
        own.filter(|it| self.branch_of(it.activity) == branch).map(|it| it.minutes).sum()
    }
}
