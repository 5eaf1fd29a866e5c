//! The bank again, as naive as can be: lists that are walked from end to end, every sum taken
//! anew, every day counted minute by minute. It shares no rule with the ledger.

use std::collections::BTreeMap;

use jiff::civil::Date;
use lovebank_ledger::{
    ActivityName, ActivityRef, BatchMode, BranchCode, Command, ImportHours, Interval, Level,
    NumberTag, RecordHours, RecordNo, Role, RowService, Service, ServiceTime, VolunteerRef,
    VolunteerStatus, Zone,
};

/// Refused; why, in a word of the model's own.
pub(super) type No = &'static str;

/// A branch in the tree of the town.
pub(super) const TREE: [(&str, Option<&str>); 6] = [
    ("LG", None),
    ("NW", Some("LG")),
    ("BJ", Some("LG")),
    ("N1", Some("NW")),
    ("N2", Some("NW")),
    ("B1", Some("BJ")),
];

/// Who asks: a name, roles on branches, and a passbook of one's own.
#[derive(Debug, Clone)]
pub(super) struct Actor {
    pub(super) name: &'static str,
    pub(super) roles: Vec<(Role, &'static str)>,
    pub(super) own: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Pending(Level),
    Posted,
    Rejected,
    Reversed,
}

#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) who: usize,
    pub(super) activity: usize,
    pub(super) time: ServiceTime,
    pub(super) date: Date,
    /// Minutes on each civil day.
    days: BTreeMap<Date, i64>,
    pub(super) minutes: i64,
    pub(super) state: State,
    recorder: &'static str,
    from_sheet: bool,
    scanned: bool,
    pub(super) points: i64,
    pub(super) overflow: i64,
    pub(super) home: String,
}

#[derive(Debug, Clone)]
pub(super) struct Volunteer {
    tag: Option<NumberTag>,
    pub(super) home: String,
    status: VolunteerStatus,
}

#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) branch: String,
    name: ActivityName,
    window: Option<Interval>,
}

/// A rulebook: from when, at once, with the branch, at most, rate in hundredths, cap, serial.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) from: Date,
    pub(super) at_once: i64,
    pub(super) branch: i64,
    pub(super) rate: i64,
    pub(super) cap: Option<i64>,
    pub(super) serial: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) zone: Zone,
    pub(super) now: i64,
    pub(super) rules: Vec<Rules>,
    pub(super) volunteers: Vec<Volunteer>,
    pub(super) activities: Vec<Place>,
    pub(super) records: Vec<Record>,
    pub(super) check_ins: BTreeMap<usize, (usize, i64)>,
    batches: BTreeMap<[u8; 32], (u32, bool)>,
}

#[derive(Clone, Copy)]
enum Assent {
    Ladder,
    Wanted,
    Given,
}

/// What came of the items or rows of a command: one letter each.
pub(super) type Letters = String;

impl Model {
    pub(super) fn new(zone: Zone, rules: Rules) -> Self {
        Self {
            zone,
            now: 0,
            rules: vec![rules],
            volunteers: Vec::new(),
            activities: Vec::new(),
            records: Vec::new(),
            check_ins: BTreeMap::new(),
            batches: BTreeMap::new(),
        }
    }

    fn date_of(&self, minute: i64) -> Date {
        self.zone.date_of(lovebank_ledger::Minute::new(minute).unwrap())
    }

    pub(super) fn today(&self) -> Date {
        self.date_of(self.now)
    }

    pub(super) fn in_force(&self) -> Rules {
        let today = self.today();
        let mut latest = self.rules.iter().rev();
        *latest.find(|it| it.from <= today).unwrap_or(&self.rules[0])
    }

    /// Applies a command, or leaves all as it was.
    pub(super) fn apply(&mut self, actor: &Actor, command: &Command) -> Result<Letters, No> {
        let before = self.clone();
        let done = self.act(actor, command);
        if done.is_err() {
            *self = before;
        }
        done
    }

    fn act(&mut self, actor: &Actor, command: &Command) -> Result<Letters, No> {
        match command {
            Command::RecordHours(it) => self.record(actor, it),
            Command::ApproveHours { records, mode } => self.batch(records, *mode, |it, no| {
                let at = it.settle(actor, *no, true)?;
                let State::Pending(level) = it.records[at].state else { return Err("state") };
                let branch = it.branch_of(it.records[at].activity);
                if !approves(actor, &branch, level) {
                    return Err("higher");
                }
                it.credit(at);
                Ok(())
            }),
            Command::RejectHours { records, mode, .. } => self.batch(records, *mode, |it, no| {
                let at = it.settle(actor, *no, true)?;
                let State::Pending(level) = it.records[at].state else { return Err("state") };
                let branch = it.branch_of(it.records[at].activity);
                if !approves(actor, &branch, level) {
                    return Err("higher");
                }
                it.records[at].state = State::Rejected;
                Ok(())
            }),
            Command::ReverseHours { records, mode, .. } => self.batch(records, *mode, |it, no| {
                let at = it.settle(actor, *no, true)?;
                if it.records[at].state != State::Posted {
                    return Err("state");
                }
                it.records[at].state = State::Reversed;
                Ok(())
            }),
            Command::CorrectHours { record, activity, service, .. } => {
                self.correct(actor, *record, activity.as_ref(), *service)
            }
            Command::DeductHours { volunteer, activity, service, .. } => {
                let who = self.find(*volunteer)?;
                let activity = self.activity(activity, Some(actor))?;
                allowed(actor, &[Role::Approver], &self.branch_of(activity))?;
                let day = matches!(service.time(), ServiceTime::Day(_));
                if !day || 0 <= service.minutes().get() {
                    return Err("deduction");
                }
                self.book(actor.name, (who, activity, *service), Assent::Given)?;
                Ok(Letters::new())
            }
            Command::ImportHours(it) => self.import(actor, it),
            Command::CreateActivity { activity, window } => {
                clerk(actor, activity.branch.as_str())?;
                let (branch, name) = (activity.branch.to_string(), activity.name.clone());
                self.activities.push(Place { branch, name, window: Some(*window) });
                Ok(Letters::new())
            }
            Command::CheckIn { volunteer, activity } => {
                let at = usize::try_from(activity.get()).unwrap() - 1;
                self.check_in(actor, self.find(*volunteer)?, at)
            }
            Command::CheckOut { volunteer } => {
                let who = self.may_leave(actor, *volunteer)?;
                self.check_out(actor.name, who, self.now, Assent::Ladder)?;
                Ok(Letters::new())
            }
            Command::CancelCheckIn { volunteer } => {
                let who = self.may_leave(actor, *volunteer)?;
                self.check_ins.remove(&who);
                Ok(Letters::new())
            }
            Command::CloseForgottenCheckIns => self.close(actor),
            Command::RegisterVolunteers { items, mode } => self.batch(items, *mode, |it, item| {
                if it.find(VolunteerRef::Tag(item.tag)).is_ok() {
                    return Err("taken");
                }
                clerk(actor, item.branch.as_str())?;
                if it.today() < item.joined {
                    return Err("future");
                }
                let (tag, home) = (Some(item.tag), item.branch.to_string());
                it.volunteers.push(Volunteer { tag, home, status: VolunteerStatus::Active });
                Ok(())
            }),
            Command::MoveVolunteer { volunteer, branch } => {
                let who = self.find(*volunteer)?;
                clerk(actor, &self.volunteers[who].home)?;
                clerk(actor, branch.as_str())?;
                if self.volunteers[who].home == branch.as_str() {
                    return Err("nothing");
                }
                self.volunteers[who].home = branch.to_string();
                Ok(Letters::new())
            }
            Command::SetVolunteerStatus { volunteer, status } => {
                let who = self.find(*volunteer)?;
                allowed(actor, &[Role::Approver], &self.volunteers[who].home)?;
                if self.volunteers[who].status == *status {
                    return Err("nothing");
                }
                self.volunteers[who].status = *status;
                Ok(Letters::new())
            }
            Command::ErasePerson { volunteer } => {
                let who = self.find(*volunteer)?;
                allowed(actor, &[Role::Approver], &self.volunteers[who].home)?;
                self.volunteers[who].tag = None;
                Ok(Letters::new())
            }
            _ => panic!("the model does not know {command:?}"),
        }
    }

    fn batch<T>(
        &mut self,
        items: &[T],
        mode: BatchMode,
        each: impl Fn(&mut Self, &T) -> Result<(), No>,
    ) -> Result<Letters, No> {
        let (mut letters, mut first) = (Letters::new(), None);
        for item in items {
            let before = self.clone();
            match each(self, item) {
                Ok(()) => letters.push('y'),
                Err(no) => {
                    *self = before;
                    letters.push('n');
                    first = first.or(Some(no));
                }
            }
        }
        match first {
            Some(no) if mode == BatchMode::Atomic || !letters.contains('y') => Err(no),
            _ => Ok(letters),
        }
    }

    fn find(&self, volunteer: VolunteerRef) -> Result<usize, No> {
        let VolunteerRef::Tag(tag) = volunteer else { panic!("the model knows tags") };
        self.volunteers.iter().position(|it| it.tag == Some(tag)).ok_or("volunteer")
    }

    fn branch_of(&self, activity: usize) -> String {
        self.activities[activity].branch.clone()
    }

    fn intern(&mut self, branch: &BranchCode, name: &ActivityName) -> usize {
        let same =
            |it: &Place| it.window.is_none() && it.branch == branch.as_str() && it.name == *name;
        self.activities.iter().position(same).unwrap_or_else(|| {
            let (branch, name) = (branch.to_string(), name.clone());
            self.activities.push(Place { branch, name, window: None });
            self.activities.len() - 1
        })
    }

    fn activity(&mut self, it: &ActivityRef, approver: Option<&Actor>) -> Result<usize, No> {
        match it {
            ActivityRef::No(no) => {
                let at = usize::try_from(no.get()).unwrap() - 1;
                self.activities.get(at).map(|_| at).ok_or("activity")
            }
            ActivityRef::Named(it) => {
                if let Some(actor) = approver {
                    allowed(actor, &[Role::Approver], it.branch.as_str())?;
                }
                Ok(self.intern(&it.branch, &it.name))
            }
        }
    }

    fn record(&mut self, actor: &Actor, it: &RecordHours) -> Result<Letters, No> {
        let mut reporter = actor.own.is_some();
        reporter |= actor.roles.iter().any(|it| is_clerk(it.0));
        if !reporter {
            return Err("role");
        }
        let activity = self.activity(&it.activity, None)?;
        let branch = self.branch_of(activity);
        self.batch(&it.items, it.mode, |model, item| {
            let who = model.find(item.volunteer)?;
            let own = actor.own == Some(who);
            if !own {
                clerk(actor, &branch)?;
            }
            if matches!(item.service.time(), ServiceTime::Span(_))
                || item.service.minutes().get() < 0
            {
                return Err("span");
            }
            let assent = if own { Assent::Wanted } else { Assent::Ladder };
            model.book(actor.name, (who, activity, item.service), assent).map(|_| ())
        })
    }

    /// Whether a record may be settled by an actor, as far as that is not a question of state.
    fn settle(&self, actor: &Actor, no: RecordNo, _: bool) -> Result<usize, No> {
        let at = usize::try_from(no.get()).unwrap() - 1;
        let record = self.records.get(at).ok_or("record")?;
        allowed(actor, &[Role::Approver], &self.branch_of(record.activity))?;
        if record.recorder == actor.name || actor.own == Some(record.who) {
            return Err("own");
        }
        Ok(at)
    }

    fn correct(
        &mut self,
        actor: &Actor,
        no: RecordNo,
        activity: Option<&ActivityRef>,
        service: Service,
    ) -> Result<Letters, No> {
        let at = self.settle(actor, no, true)?;
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
        let new = self.book(actor.name, (old.who, activity, service), Assent::Given)?;
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
    fn level(&self, who: usize, days: &BTreeMap<Date, i64>) -> Result<Option<Level>, No> {
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

    fn counting(&self, who: usize) -> impl Iterator<Item = &Record> {
        let counts = |it: &&Record| matches!(it.state, State::Pending(_) | State::Posted);
        self.records.iter().filter(move |it| it.who == who).filter(counts)
    }

    /// Books a record if no rule stands against it; its place in the list.
    fn book(
        &mut self,
        recorder: &'static str,
        (who, activity, service): (usize, usize, Service),
        assent: Assent,
    ) -> Result<usize, No> {
        let minutes = service.minutes().get();
        if 0 <= minutes && self.volunteers[who].status != VolunteerStatus::Active {
            return Err("inactive");
        }
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

    fn credit(&mut self, at: usize) {
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

    fn posted(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|it| it.state == State::Posted)
    }

    pub(super) fn points(&self, who: usize) -> i64 {
        self.posted().filter(|it| it.who == who).map(|it| it.points).sum()
    }

    pub(super) fn minutes(&self, who: usize) -> i64 {
        self.posted().filter(|it| it.who == who).map(|it| it.minutes).sum()
    }

    pub(super) fn pool(&self, branch: &str) -> i64 {
        self.posted().filter(|it| it.home == branch).map(|it| it.overflow).sum()
    }

    pub(super) fn year(&self, who: usize, year: i16, branch: &str) -> i64 {
        let own = self.posted().filter(|it| it.who == who && it.date.year() == year);
        own.filter(|it| self.branch_of(it.activity) == branch).map(|it| it.minutes).sum()
    }

    fn import(&mut self, actor: &Actor, it: &ImportHours) -> Result<Letters, No> {
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

    fn row(
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
        let Some(at) = known else {
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
        if old.state != State::Posted || !approver || own {
            return Err("state");
        }
        self.records[at].state = State::Reversed;
        if minutes == 0 {
            return Ok('r');
        }
        let new = self.book(actor.name, (who, activity, service), assent)?;
        self.records[new].from_sheet = true;
        if self.records[new].state == State::Posted { Ok('c') } else { Err("higher") }
    }

    fn check_in(&mut self, actor: &Actor, who: usize, at: usize) -> Result<Letters, No> {
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

    fn may_leave(&self, actor: &Actor, volunteer: VolunteerRef) -> Result<usize, No> {
        let who = self.find(volunteer)?;
        let (at, _) = self.check_ins.get(&who).ok_or("out")?;
        if actor.own != Some(who) && clerk(actor, &self.volunteers[who].home).is_err() {
            clerk(actor, &self.branch_of(*at))?;
        }
        Ok(who)
    }

    fn check_out(
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

    fn close(&mut self, actor: &Actor) -> Result<Letters, No> {
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

fn above(branch: &str) -> Option<&'static str> {
    TREE.iter().find(|it| it.0 == branch).and_then(|it| it.1)
}

fn allowed(actor: &Actor, roles: &[Role], branch: &str) -> Result<(), No> {
    let mut here = Some(branch);
    while let Some(code) = here {
        if actor.roles.iter().any(|(role, on)| roles.contains(role) && *on == code) {
            return Ok(());
        }
        here = above(code);
    }
    Err("scope")
}

fn is_clerk(role: Role) -> bool {
    matches!(role, Role::Clerk | Role::Approver)
}

fn clerk(actor: &Actor, branch: &str) -> Result<(), No> {
    allowed(actor, &[Role::Clerk, Role::Approver], branch)
}

fn approves(actor: &Actor, branch: &str, level: Level) -> bool {
    let needed = match level {
        Level::Branch => branch,
        Level::Above => above(branch).unwrap_or(branch),
    };
    allowed(actor, &[Role::Approver], needed).is_ok()
}
