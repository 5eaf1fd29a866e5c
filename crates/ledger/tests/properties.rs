//! Random histories of a bank, compared step by step with a naive model of it.
//!
//! After every command: the ledger and the model agree on whether it is refused, on every balance,
//! year, pool and record; the invariants hold; a refused command has changed nothing; the same
//! request again is the same entry; and a ledger that lies above another, as the writer's does,
//! decides the same.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    clippy::as_conversions,
    clippy::too_many_lines,
    reason = "tests"
)]

#[path = "properties/booking.rs"]
mod booking;
#[path = "properties/model.rs"]
mod model;
#[path = "properties/ops.rs"]
mod ops;
#[path = "properties/rows.rs"]
mod rows;

use jiff::civil::Date;
use lovebank_ledger::{
    Account, BatchMode, BranchName, Changes, Command, Context, Decision, Entry, EntryNo, Event,
    Ledger, NewGrant, NewScope, NewVolunteer, PassbookNo, Purpose, Reason, RecordState, Refusal,
    Refused, Role, RowVerdict, Timestamp, TokenNo, Zone, invariants,
};
use lovebank_testkit::{Bank, Town, counter_seal, number, volunteer_id};
use model::{Actor, Letters, Model, State};
use ops::{BRANCHES, Step};
use proptest::{collection::vec, prelude::*};

/// A bank, the model of it, and the writer's pair of ledgers.
struct World {
    town: Town,
    model: Model,
    actors: Vec<(Option<TokenNo>, Actor)>,
    /// The first day of services.
    origin: Date,
    files: u32,
    last: Option<(Context, Command, Option<EntryNo>)>,
    lower: Ledger<'static>,
    ahead: Option<Changes>,
}

impl World {
    fn new((zone, start): (&str, &str)) -> Self {
        let zone = Zone::named(zone).unwrap();
        let town = Town::within(Bank::with(zone.clone(), lovebank_ledger::DEFAULT_RULEBOOK));
        let origin: Date = start.parse().unwrap();
        let rules = ops::rules(Date::constant(2020, 1, 1), (0, 0, 0)).0;
        let lower = town.ledger().clone();
        let model = Model::new(zone, rules);
        let mut it = Self {
            town,
            model,
            actors: Vec::new(),
            origin,
            files: 0,
            last: None,
            lower,
            ahead: None,
        };
        let noon = it.model.zone.day(origin).unwrap().0.get() + 3 * 1440 + 720;
        it.set(noon.into());
        it.people();
        it
    }

    fn set(&mut self, minute: i64) {
        self.model.now = minute;
        self.town.set(Timestamp::from_micros(minute * 60_000_000));
    }

    fn people(&mut self) {
        let bank = Actor { name: "bank", roles: vec![(Role::Approver, "LG")], own: None };
        self.actors.push((None, bank));
        for (serial, home) in [(0, "N1"), (1, "N1"), (2, "N2"), (3, "B1")] {
            let item = NewVolunteer {
                volunteer: volunteer_id(serial),
                tag: number(&serial.to_string()),
                branch: Town::code(home),
                joined: self.origin,
            };
            let mode = BatchMode::Atomic;
            self.ask(0, &Command::RegisterVolunteers { items: vec![item], mode });
        }
        self.actor("clerk", &[(Role::Clerk, "N1")], None);
        self.actor("clerk-2", &[(Role::Clerk, "N2")], None);
        self.actor("approver", &[(Role::Approver, "N1")], None);
        self.actor("street", &[(Role::Approver, "NW")], None);
        self.actor("district", &[(Role::Approver, "LG")], None);
        self.actor("volunteer", &[], Some(0));
        self.actor("clerk-too", &[(Role::Clerk, "N1")], Some(1));
        self.actor("approver-too", &[(Role::Approver, "NW")], Some(2));
        self.actor("clerk", &[(Role::Approver, "N1")], None);
        self.actor("auditor", &[(Role::Auditor, "LG")], None);
        // Tokens were issued behind the writer's back.
        self.lower = self.town.ledger().clone();
        self.ahead = None;
    }

    fn actor(&mut self, name: &'static str, roles: &[(Role, &'static str)], own: Option<usize>) {
        let mut grants: Vec<NewGrant> = roles
            .iter()
            .map(|(role, branch)| NewGrant {
                role: *role,
                scope: NewScope::Branch(Town::code(branch)),
            })
            .collect();
        if let Some(own) = own {
            let scope = NewScope::Volunteer(Town::volunteer_ref(&own.to_string()));
            grants.push(NewGrant { role: Role::Volunteer, scope });
        }
        let token = self.town.token(name, grants);
        self.actors.push((Some(token), Actor { name, roles: roles.to_vec(), own }));
    }

    fn step(&mut self, actor: usize, step: &Step) {
        match step {
            Step::Wait { minutes } => self.set(self.model.now + i64::from(*minutes)),
            Step::Again => self.again(),
            Step::Reuse => self.reuse(),
            Step::Adopt { days, at_once, rate, cap } => {
                self.adopt(*days, (*at_once, *rate, *cap));
            }
            _ => {
                let usual = ops::usual(step);
                let actor = if actor < 40 { usual[actor % usual.len()] } else { actor % 11 };
                let command = self.command(step).unwrap();
                self.ask(actor, &command);
            }
        }
    }

    fn adopt(&mut self, days: u8, choice: (u8, u8, u8)) {
        let mut from = self.model.today();
        for _ in 0..days {
            from = from.tomorrow().unwrap();
        }
        let (rules, rulebook) = ops::rules(from, choice);
        let same = self.model.rules.last().unwrap().serial == rules.serial;
        let command = Command::AdoptRulebook { in_force_from: from, rulebook };
        let decided = self.decide(None, &command);
        assert_eq!(decided.is_err(), same);
        if !same {
            self.model.rules.push(rules);
        }
    }

    /// A command, to the ledger and to the model.
    fn ask(&mut self, actor: usize, command: &Command) {
        let (token, actor) = self.actors[actor].clone();
        let expected = self.model.apply(&actor, command);
        let decided = self.decide(token, command);
        match (&expected, &decided) {
            (Ok(letters), Ok(entry)) => assert_eq!(*letters, self::letters(command, entry)),
            (Err(_), Err(_)) => {}
            _ => panic!("{} asks {command:?}: {expected:?}, but {decided:?}", actor.name),
        }
        self.compare();
    }

    /// Decides under a fresh request id, by both ways of laying ledgers.
    fn decide(&mut self, token: Option<TokenNo>, command: &Command) -> Result<Entry, Refused> {
        let id = self.town.fresh_request();
        let context = self.town.context(token, id, command);
        let before = self.town.ledger().clone();
        let decided = self.town.request(&context, command);
        let upper = match self.ahead.take() {
            Some(changes) => self.lower.under(changes),
            None => self.lower.above(),
        };
        let mut upper = upper;
        assert_eq!(upper.decide(&context, command), decided);
        let decided = match decided {
            Ok(Decision::New(entry)) => {
                upper.post(&entry, counter_seal(&entry)).unwrap();
                Ok(*entry)
            }
            Ok(Decision::Replay(no)) => panic!("a fresh request made entry {no} before"),
            Err(refused) => {
                assert!(before == *self.town.ledger(), "a refused command changed the ledger");
                Err(refused)
            }
        };
        let changes = upper.into_changes();
        if self.town.journal().len().is_multiple_of(3) {
            self.lower.absorb(changes);
            assert!(self.lower == *self.town.ledger(), "absorbing is not posting");
        } else {
            self.ahead = Some(changes);
        }
        let made = decided.as_ref().ok().map(|it| it.no);
        self.last = Some((context, command.clone(), made));
        decided
    }

    fn again(&mut self) {
        if let Some((context, command, Some(entry))) = self.last.clone() {
            let later = Context { now: self.town.now(), ..context };
            let decided = self.town.request(&later, &command);
            assert_eq!(decided, Ok(Decision::Replay(entry)));
            if let Some(changes) = self.ahead.take() {
                let upper = self.lower.under(changes);
                assert_eq!(upper.decide(&later, &command), Ok(Decision::Replay(entry)));
                self.ahead = Some(upper.into_changes());
            }
        }
    }

    fn reuse(&mut self) {
        if let Some((context, _, Some(entry))) = self.last.clone() {
            let name = BranchName::new("南湾").unwrap();
            let command = Command::RenameBranch { branch: Town::code("N1"), name };
            let other = self.town.context(None, context.request, &command);
            let refused = self.town.request(&other, &command).unwrap_err();
            assert_eq!(refused.refusal, Refusal::RequestIdReused { entry });
        }
    }

    fn compare(&self) {
        let (ledger, model) = (self.town.ledger(), &self.model);
        assert_eq!(ledger.volunteer_count(), model.volunteers.len());
        assert_eq!(ledger.record_count(), model.records.len());
        assert_eq!(ledger.activities().count(), model.activities.len());
        for who in 0..model.volunteers.len() {
            let no = PassbookNo::new(who as u64 + 1).unwrap();
            let row = ledger.passbook(no).unwrap();
            let balance = (row.minutes.get(), row.points.hundredths());
            assert_eq!(balance, (model.minutes(who), model.points(who)), "passbook {no}");
            for (year, branch, minutes) in ledger.passbook_years(no) {
                let code = ledger.branch(branch).unwrap().code.to_string();
                assert_eq!(minutes.get(), model.year(who, year, &code), "{year} of {no}");
            }
            assert_eq!(ledger.check_in(no).is_some(), model.check_ins.contains_key(&who));
            let home = ledger.branch(ledger.volunteer(no).unwrap().branch).unwrap();
            assert_eq!(home.code.as_str(), model.volunteers[who].home);
        }
        for code in BRANCHES {
            let branch = ledger.branch_by_code(&Town::code(code)).unwrap().no;
            let pool = ledger.balance(Account::Bank(branch, Purpose::Pool));
            assert_eq!(pool.points.hundredths(), model.pool(code), "pool of {code}");
        }
        for (no, expected) in (1..).zip(&model.records) {
            let row = ledger.record(lovebank_ledger::RecordNo::new(no).unwrap()).unwrap();
            let state = match row.state {
                RecordState::Pending => State::Pending(row.level.unwrap()),
                RecordState::Posted => State::Posted,
                RecordState::Rejected => State::Rejected,
                RecordState::Reversed if row.reason == Some(Reason::Resent) => State::Resent,
                RecordState::Reversed => State::Reversed,
            };
            assert_eq!(state, expected.state, "record {no}");
            assert_eq!((row.time, row.date), (expected.time, expected.date), "record {no}");
            assert_eq!(row.minutes.get(), expected.minutes, "record {no}");
        }
        let mut breaches = Vec::new();
        invariants::state(ledger, &mut breaches);
        assert_eq!(breaches, []);
    }
}

/// What came of the items of a command, as the model says it.
fn letters(command: &Command, entry: &Entry) -> Letters {
    let batch = |count: usize, refused: &[lovebank_ledger::ItemRefused]| {
        let no = |at: usize| refused.iter().any(|it| it.index as usize == at);
        (0..count).map(|at| if no(at) { 'n' } else { 'y' }).collect()
    };
    match (command, &entry.event) {
        (Command::RecordHours(it), Event::HoursRecorded { refused, .. }) => {
            batch(it.items.len(), refused)
        }
        (Command::ApproveHours { records, .. }, Event::HoursApproved { refused, .. })
        | (Command::RejectHours { records, .. }, Event::HoursRejected { refused, .. })
        | (Command::ReverseHours { records, .. }, Event::HoursReversed { refused, .. }) => {
            batch(records.len(), refused)
        }
        (
            Command::RegisterVolunteers { items, .. },
            Event::VolunteersRegistered { refused, .. },
        ) => batch(items.len(), refused),
        (_, Event::CheckInsClosed { closed }) => {
            closed.iter().map(|it| if it.record.is_some() { 'y' } else { 'n' }).collect()
        }
        (_, Event::HoursImported { rows, .. }) => rows
            .iter()
            .map(|it| match it.verdict {
                RowVerdict::New(_) | RowVerdict::Corrected { old: None, .. } => 'n',
                RowVerdict::Corrected { old: Some(_), .. } => 'c',
                RowVerdict::Reversed(_) => 'r',
                RowVerdict::Refused(_) => 'x',
                RowVerdict::Same(_)
                | RowVerdict::Duplicate(_)
                | RowVerdict::Zero { .. }
                | RowVerdict::SameZero(_) => 's',
            })
            .collect(),
        _ => Letters::new(),
    }
}

const SETTINGS: [(&str, &str); 3] = [
    // New Year's midnight.
    ("Asia/Shanghai", "2025-12-29"),
    // A day of 23 hours, and one of 25.
    ("Europe/Berlin", "2026-03-27"),
    ("Europe/Berlin", "2026-10-23"),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_is_what_the_model_says(
        setting in prop::sample::select(SETTINGS.to_vec()),
        steps in vec((0_usize..50, ops::step()), 10..60),
    ) {
        let mut world = World::new(setting);
        for (count, (actor, step)) in (1..).zip(&steps) {
            world.step(*actor, step);
            if count % 20 == 0 {
                prop_assert_eq!(world.town.breaches(), []);
            }
        }
        prop_assert_eq!(world.town.breaches(), []);
        prop_assert!(world.town.replayed() == *world.town.ledger());
        if let Some(changes) = world.ahead.take() {
            world.lower.absorb(changes);
        }
        prop_assert!(world.lower == *world.town.ledger());
    }
}
