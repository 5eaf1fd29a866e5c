//! The bank again, as naive as can be: lists that are walked from end to end, every sum taken
//! anew, every day counted minute by minute. It shares no rule with the ledger.

use std::collections::BTreeMap;

use jiff::civil::Date;
use lovebank_ledger::{
    ActivityName, ActivityRef, BatchMode, BranchCode, Command, Interval, Level, NumberTag,
    RecordHours, RecordNo, Role, ServiceTime, VolunteerRef, VolunteerStatus, Zone,
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
    /// Reversed by what a later sheet says.
    Resent,
}

#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) who: usize,
    pub(super) activity: usize,
    pub(super) time: ServiceTime,
    pub(super) date: Date,
    /// Minutes on each civil day.
    pub(super) days: BTreeMap<Date, i64>,
    pub(super) minutes: i64,
    pub(super) state: State,
    pub(super) recorder: &'static str,
    pub(super) from_sheet: bool,
    pub(super) scanned: bool,
    pub(super) points: i64,
    pub(super) overflow: i64,
    pub(super) home: String,
}

#[derive(Debug, Clone)]
pub(super) struct Volunteer {
    pub(super) tag: Option<NumberTag>,
    pub(super) home: String,
    pub(super) status: VolunteerStatus,
    /// Hundredths of points given away when the passbook was closed.
    pub(super) given: i64,
}

#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) branch: String,
    pub(super) name: ActivityName,
    pub(super) window: Option<Interval>,
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
    pub(super) batches: BTreeMap<[u8; 32], (u32, bool)>,
    /// What closed passbooks gave to the pool of each branch.
    pub(super) pools: BTreeMap<String, i64>,
}

#[derive(Clone, Copy)]
pub(super) enum Assent {
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
            pools: BTreeMap::new(),
        }
    }

    pub(super) fn date_of(&self, minute: i64) -> Date {
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
                let at = it.settle(actor, *no)?;
                let State::Pending(level) = it.records[at].state else { return Err("state") };
                let branch = it.branch_of(it.records[at].activity);
                if !approves(actor, &branch, level) {
                    return Err("higher");
                }
                it.credit(at);
                Ok(())
            }),
            Command::RejectHours { records, mode, .. } => self.batch(records, *mode, |it, no| {
                let at = it.settle(actor, *no)?;
                let State::Pending(level) = it.records[at].state else { return Err("state") };
                let branch = it.branch_of(it.records[at].activity);
                if !approves(actor, &branch, level) {
                    return Err("higher");
                }
                it.records[at].state = State::Rejected;
                Ok(())
            }),
            Command::ReverseHours { records, mode, .. } => self.batch(records, *mode, |it, no| {
                let at = it.settle(actor, *no)?;
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
                it.volunteers.push(Volunteer {
                    tag,
                    home,
                    status: VolunteerStatus::Active,
                    given: 0,
                });
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
                if *status == VolunteerStatus::Closed {
                    // Nobody is a beneficiary here, so what can be spent goes to the pool.
                    let left = self.points(who).max(0);
                    self.volunteers[who].given += left;
                    *self.pools.entry(self.volunteers[who].home.clone()).or_default() += left;
                }
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

    pub(super) fn find(&self, volunteer: VolunteerRef) -> Result<usize, No> {
        let VolunteerRef::Tag(tag) = volunteer else { panic!("the model knows tags") };
        self.volunteers.iter().position(|it| it.tag == Some(tag)).ok_or("volunteer")
    }

    pub(super) fn branch_of(&self, activity: usize) -> String {
        self.activities[activity].branch.clone()
    }

    pub(super) fn intern(&mut self, branch: &BranchCode, name: &ActivityName) -> usize {
        let same =
            |it: &Place| it.window.is_none() && it.branch == branch.as_str() && it.name == *name;
        self.activities.iter().position(same).unwrap_or_else(|| {
            let (branch, name) = (branch.to_string(), name.clone());
            self.activities.push(Place { branch, name, window: None });
            self.activities.len() - 1
        })
    }

    pub(super) fn activity(
        &mut self,
        it: &ActivityRef,
        approver: Option<&Actor>,
    ) -> Result<usize, No> {
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
    pub(super) fn settle(&self, actor: &Actor, no: RecordNo) -> Result<usize, No> {
        let at = usize::try_from(no.get()).unwrap() - 1;
        let record = self.records.get(at).ok_or("record")?;
        allowed(actor, &[Role::Approver], &self.branch_of(record.activity))?;
        if record.recorder == actor.name || actor.own == Some(record.who) {
            return Err("own");
        }
        Ok(at)
    }
}

fn above(branch: &str) -> Option<&'static str> {
    TREE.iter().find(|it| it.0 == branch).and_then(|it| it.1)
}

pub(super) fn allowed(actor: &Actor, roles: &[Role], branch: &str) -> Result<(), No> {
    let mut here = Some(branch);
    while let Some(code) = here {
        if actor.roles.iter().any(|(role, on)| roles.contains(role) && *on == code) {
            return Ok(());
        }
        here = above(code);
    }
    Err("scope")
}

pub(super) fn is_clerk(role: Role) -> bool {
    matches!(role, Role::Clerk | Role::Approver)
}

pub(super) fn clerk(actor: &Actor, branch: &str) -> Result<(), No> {
    allowed(actor, &[Role::Clerk, Role::Approver], branch)
}

pub(super) fn approves(actor: &Actor, branch: &str, level: Level) -> bool {
    let needed = match level {
        Level::Branch => branch,
        Level::Above => above(branch).unwrap_or(branch),
    };
    allowed(actor, &[Role::Approver], needed).is_ok()
}
