//! The model's sheets and check-ins.

use lovebank_ledger::{
    ImportHours, Interval, Role, RowService, Service, ServiceTime, VolunteerRef, VolunteerStatus,
};

use super::model::{Actor, Assent, Letters, Model, No, Record, State, allowed, clerk};

impl Model {
    pub(super) fn import(&mut self, actor: &Actor, it: &ImportHours) -> Result<Letters, No> {
        let branch = it.branch.as_str();
        clerk(actor, branch)?;
        let known = self.batches.get(it.part.batch.as_bytes()).copied().unwrap_or_default();
        if known.1 || known.0 != it.part.part {
            return Err("part");
        }
        let approver = allowed(actor, &[Role::Approver], branch).is_ok();
        if !approver && it.rows.iter().any(|it| matches!(it.service, RowService::Total(_))) {
            return Err("approver");
        }
        self.batches.insert(*it.part.batch.as_bytes(), (it.part.part + 1, it.part.last));
        let mut letters = Letters::new();
        for row in &it.rows {
            let before = self.clone();
            let service = match row.service {
                RowService::Interval(it) => Service::interval(it),
                RowService::Day(date, minutes) => Service::day(date, minutes),
                RowService::Total(minutes) => Service::span(it.span.unwrap(), minutes),
            };
            let letter = self.find(row.volunteer).and_then(|who| {
                let activity = self.intern(&it.branch, &row.name);
                self.row(actor, approver, (who, activity, service))
            });
            letters.push(letter.unwrap_or_else(|_| {
                *self = before;
                'x'
            }));
        }
        Ok(letters)
    }

    pub(super) fn row(
        &mut self,
        actor: &Actor,
        approver: bool,
        (who, activity, service): (usize, usize, Service),
    ) -> Result<char, No> {
        let minutes = service.minutes().get();
        let meant = |it: &Record| {
            it.who == who
                && it.activity == activity
                && matches!(it.state, State::Pending(_) | State::Posted)
                && match (it.time, service.time()) {
                    (ServiceTime::Interval(a), ServiceTime::Interval(b)) => a.start() == b.start(),
                    (ServiceTime::Day(a), ServiceTime::Day(b)) => {
                        a == b && (it.minutes < 0) == (minutes < 0)
                    }
                    (ServiceTime::Span(_), ServiceTime::Span(_)) => true,
                    _ => false,
                }
        };
        let span = matches!(service.time(), ServiceTime::Span(_));
        let assent = if actor.own == Some(who) { Assent::Wanted } else { Assent::Ladder };
        // A deduction of a day may have been made twice; the sheet means the last.
        let known = self.records.iter().rposition(meant);
        // What a person rejected or took back.
        let gone = self.records.iter().any(|it| {
            (it.who, it.activity, it.minutes) == (who, activity, minutes)
                && matches!(it.state, State::Rejected | State::Reversed)
                && match it.time {
                    ServiceTime::Span(_) => span,
                    time => time == service.time(),
                }
        });
        let Some(at) = known else {
            if gone {
                return Err("taken back");
            }
            if span && minutes == 0 {
                return Ok('s');
            }
            if minutes < 0 && !approver {
                return Err("approver");
            }
            let new = self.book(actor.name, (who, activity, service), assent)?;
            self.records[new].from_sheet = true;
            return Ok('n');
        };
        let old = self.records[at].clone();
        if old.minutes == minutes && (span || old.time == service.time()) {
            return Ok('s');
        }
        let own = actor.own == Some(who) || old.recorder == actor.name && !old.from_sheet;
        if gone || old.state != State::Posted || !approver || own {
            return Err("state");
        }
        self.records[at].state = State::Resent;
        if minutes == 0 {
            return Ok('r');
        }
        let new = self.rebook(actor.name, (who, activity, service), assent)?;
        self.records[new].from_sheet = true;
        if self.records[new].state == State::Posted { Ok('c') } else { Err("higher") }
    }

    pub(super) fn check_in(&mut self, actor: &Actor, who: usize, at: usize) -> Result<Letters, No> {
        let place = self.activities.get(at).ok_or("activity")?.clone();
        if actor.own != Some(who) {
            clerk(actor, &place.branch)?;
        }
        let window = place.window.ok_or("window")?;
        let today = self.today();
        let mut pairs = self.counting(who).filter(|it| it.scanned && it.activity == at);
        if self.volunteers[who].status != VolunteerStatus::Active
            || self.check_ins.contains_key(&who)
            || i64::from(window.end().get()) <= self.now
            || pairs.by_ref().filter(|it| it.date == today).count() >= 3
        {
            return Err("check-in");
        }
        drop(pairs);
        self.check_ins.insert(who, (at, self.now));
        Ok(Letters::new())
    }

    pub(super) fn may_leave(&self, actor: &Actor, volunteer: VolunteerRef) -> Result<usize, No> {
        let who = self.find(volunteer)?;
        let (at, _) = self.check_ins.get(&who).ok_or("out")?;
        if actor.own != Some(who) && clerk(actor, &self.volunteers[who].home).is_err() {
            clerk(actor, &self.branch_of(*at))?;
        }
        Ok(who)
    }

    pub(super) fn check_out(
        &mut self,
        recorder: &'static str,
        who: usize,
        end: i64,
        assent: Assent,
    ) -> Result<(), No> {
        let (at, since) = self.check_ins[&who];
        let window = self.activities[at].window.unwrap();
        let start = since.max(i64::from(window.start().get()));
        let end = end.min(i64::from(window.end().get()));
        let minute = |it| lovebank_ledger::Minute::new(it).unwrap();
        let it = Interval::new(minute(start), minute(end)).map_err(|_| "zero")?;
        let new = self.book(recorder, (who, at, Service::interval(it)), assent)?;
        self.records[new].scanned = true;
        self.check_ins.remove(&who);
        Ok(())
    }

    pub(super) fn close(&mut self, actor: &Actor) -> Result<Letters, No> {
        if actor.name != "bank" {
            return Err("bank");
        }
        let mut letters = Letters::new();
        for (who, (at, _)) in self.check_ins.clone() {
            if i64::from(self.activities[at].window.unwrap().end().get()) <= self.now {
                let closed = self.check_out("bank", who, i64::MAX, Assent::Wanted);
                letters.push(if closed.is_ok() { 'y' } else { 'n' });
                self.check_ins.remove(&who);
            }
        }
        if letters.is_empty() { Err("nothing") } else { Ok(letters) }
    }
}
