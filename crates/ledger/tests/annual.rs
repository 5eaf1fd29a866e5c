//! Years of service, every question beside a brute-force scan of the journal.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

use std::collections::BTreeMap;

use jiff::civil::date;
use lovebank_ledger::{
    ActivityName, ActivityNo, ActivityRef, AnnualFilter, BatchMode, BranchNo, Category, Command,
    Entry, EntryNo, Event, LineKind, Minutes, Month, NamedActivity, PassbookNo, Reason, RecordNo,
    Role, Service, TokenNo, VolunteerStatus, annual_recognition, annual_summary, branch_statistics,
};
use lovebank_testkit::{Town, interval};
use proptest::{collection::vec, option, prelude::*};

const BRANCHES: [&str; 6] = ["LG", "NW", "BJ", "N1", "N2", "B1"];
/// Hours of the stars.
const STARS: [i64; 5] = [2, 3, 4, 6, 8];
const CATEGORIES: [Option<&str>; 3] = [None, Some("敬老"), Some("巡河")];

#[derive(Debug, Clone)]
enum Step {
    /// Who, at which branch and of which category, on which day after 2023-12-25, for how long.
    Serve {
        who: usize,
        at: usize,
        category: usize,
        day: i64,
        minutes: u32,
    },
    Reverse {
        record: usize,
    },
    Correct {
        record: usize,
        minutes: u32,
    },
    Deduct {
        who: usize,
        day: i64,
        minutes: i64,
    },
    Move {
        who: usize,
        to: usize,
    },
    Status {
        who: usize,
        status: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    // Both sides of two New Years, a leap day among them.
    let day = || prop_oneof![0..14_i64, 60..75_i64, 365..380_i64];
    prop_oneof![
        8 => (0..4_usize, 3..6_usize, 0..3_usize, day(), 1..240_u32)
            .prop_map(|(who, at, category, day, minutes)| {
                Step::Serve { who, at, category, day, minutes }
            }),
        2 => (0..30_usize).prop_map(|record| Step::Reverse { record }),
        2 => (0..30_usize, 1..240_u32)
            .prop_map(|(record, minutes)| Step::Correct { record, minutes }),
        1 => (0..4_usize, day(), 1..90_i64)
            .prop_map(|(who, day, minutes)| Step::Deduct { who, day, minutes }),
        2 => (0..4_usize, 3..6_usize).prop_map(|(who, to)| Step::Move { who, to }),
        1 => (0..4_usize, 0..3_usize).prop_map(|(who, status)| Step::Status { who, status }),
    ]
}

struct World {
    town: Town,
    clerk: TokenNo,
    approver: TokenNo,
    minute: i64,
}

impl World {
    fn new() -> Self {
        let mut rulebook = lovebank_ledger::DEFAULT_RULEBOOK.to_owned();
        for (hours, few) in [100, 300, 600, 1000, 1500].into_iter().zip(STARS) {
            let few = format!("hours = {few} }}");
            rulebook = rulebook.replace(&format!("hours = {hours} }}"), &few);
        }
        let bank = lovebank_testkit::Bank::with(lovebank_testkit::zone(), &rulebook);
        let mut town = Town::within(bank);
        town.at("2025-06-01 09:00");
        let clerk = town.staff("clerk", Role::Clerk, Some("LG"));
        let approver = town.staff("approver", Role::Approver, Some("LG"));
        for who in 0..4 {
            town.volunteer(&who.to_string(), ["N1", "N2", "B1", "N1"][who]);
        }
        Self { town, clerk, approver, minute: 0 }
    }

    fn step(&mut self, step: &Step) {
        self.minute += 1;
        match *step {
            Step::Serve { who, at, category, day, minutes } => {
                let service = Service::interval(interval(&start(day, self.minute), minutes));
                let activity = activity(at, category);
                // Some overlap, or fill a day: those make no record.
                self.town.record(self.clerk, activity, &who.to_string(), service).ok();
            }
            Step::Reverse { record } => {
                let Ok(record) = RecordNo::new(u64::try_from(record).unwrap()) else { return };
                let (reason, mode) = (Reason::Duplicate, BatchMode::Atomic);
                let records = vec![record];
                let command = Command::ReverseHours { records, reason, mode };
                self.town.ask(self.approver, &command).ok();
            }
            Step::Correct { record, minutes } => {
                let Ok(record) = RecordNo::new(u64::try_from(record).unwrap()) else { return };
                let Some(row) = self.town.ledger().record(record).copied() else { return };
                let start = format!("{} 10:00", row.date);
                let service = Service::interval(interval(&start, minutes));
                let reason = Reason::WrongTime;
                let command = Command::CorrectHours { record, activity: None, service, reason };
                self.town.ask(self.approver, &command).ok();
            }
            Step::Deduct { who, day, minutes } => {
                let volunteer = Town::volunteer_ref(&who.to_string());
                let service = Service::day(day_of(day), Minutes::new(-minutes));
                let ActivityRef::Named(activity) = activity(3, 0) else { return };
                let reason = Reason::RuleBroken;
                let activity = ActivityRef::Named(activity);
                let command = Command::DeductHours { volunteer, activity, service, reason };
                self.town.ask(self.approver, &command).ok();
            }
            Step::Move { who, to } => {
                let volunteer = Town::volunteer_ref(&who.to_string());
                let branch = Town::code(BRANCHES[to]);
                let command = Command::MoveVolunteer { volunteer, branch };
                self.town.ask(self.clerk, &command).ok();
            }
            Step::Status { who, status } => {
                use VolunteerStatus::{Active, Closed, Suspended};
                let volunteer = Town::volunteer_ref(&who.to_string());
                let status = [Active, Suspended, Closed][status];
                let command = Command::SetVolunteerStatus { volunteer, status };
                self.town.ask(self.approver, &command).ok();
            }
        }
    }

    fn branch(&self, at: usize) -> BranchNo {
        self.town.ledger().branch_by_code(&Town::code(BRANCHES[at])).unwrap().no
    }
}

fn day_of(day: i64) -> jiff::civil::Date {
    date(2023, 12, 25) + jiff::Span::new().days(day)
}

fn start(day: i64, turn: i64) -> String {
    format!("{} {:02}:30", day_of(day), turn * 5 % 24)
}

fn activity(at: usize, category: usize) -> ActivityRef {
    ActivityRef::Named(NamedActivity {
        branch: Town::code(BRANCHES[at]),
        name: ActivityName::new("服务").unwrap(),
        category: CATEGORIES[category].map(|it| Category::new(it).unwrap()),
        place: None,
    })
}

/// What the journal says, read entry by entry: no table of the ledger is asked but that of
/// activities, which never change.
#[derive(Default)]
struct Scan {
    /// Of each record: whose, the date, where, the minutes, and how often it stands.
    records: BTreeMap<RecordNo, (PassbookNo, jiff::civil::Date, ActivityNo, i64, i64)>,
    homes: BTreeMap<PassbookNo, BranchNo>,
    statuses: BTreeMap<PassbookNo, VolunteerStatus>,
}

impl Scan {
    fn of<'a>(journal: impl Iterator<Item = &'a Entry>) -> Self {
        let mut it = Self::default();
        for entry in journal {
            it.entry(entry);
        }
        it
    }

    fn entry(&mut self, entry: &Entry) {
        let mut made = Vec::new();
        if let Event::VolunteersRegistered { volunteers, .. } = &entry.event {
            self.homes.extend(volunteers.iter().map(|it| (it.passbook, it.branch)));
        }
        if let Event::VolunteerMoved { passbook, branch } = &entry.event {
            self.homes.insert(*passbook, *branch);
        }
        if let Event::VolunteerStatusChanged { passbook, status, .. } = &entry.event {
            self.statuses.insert(*passbook, *status);
        }
        if let Event::HoursRecorded { records, .. } = &entry.event {
            made.extend(records.iter().copied());
        }
        if let Event::HoursCorrected { new, .. } = &entry.event {
            made.push(*new);
        }
        if let Event::HoursDeducted { record, .. } = &entry.event {
            made.push(*record);
        }
        for it in made {
            let row = (it.passbook, it.date, it.activity, it.minutes.get(), 0);
            self.records.insert(it.no, row);
        }
        let about =
            |it: &lovebank_ledger::Posting| it.about.and_then(lovebank_ledger::About::record);
        for (posting, record) in entry.postings.iter().filter_map(|it| Some((it, about(it)?))) {
            if posting.line.is_some() {
                let stands = if posting.kind == LineKind::Reversed { -1 } else { 1 };
                self.records.get_mut(&record).unwrap().4 += stands;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_question_is_answered_as_a_scan_of_the_journal_would(
        steps in vec(step(), 1..40),
        until in 0..1000_u64,
        now in any::<bool>(),
        home in option::of(0..6_usize),
        served in option::of(0..6_usize),
        least in prop_oneof![Just(0_i64), 1..400_i64],
        star in prop_oneof![Just(0_i64), 1..6_i64],
        active in any::<bool>(),
    ) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
        }
        let ledger = world.town.ledger();
        let journal = world.town.journal();
        let length = u64::try_from(journal.len()).unwrap();
        let last = until % length + 1;
        let as_of = EntryNo::new(if now { length } else { last }).unwrap();
        let entries = journal.iter().map(|it| &it.0).filter(|it| it.no <= as_of);
        let scan = Scan::of(entries);
        let asked = (!now).then_some(as_of);
        let filter = AnnualFilter {
            home: home.map(|it| world.branch(it)),
            served: served.map(|it| world.branch(it)),
            least: Minutes::new(least),
            star,
            active,
        };
        let total = |who: PassbookNo| {
            scan.records.values().filter(|it| it.0 == who).map(|it| it.3 * it.4).sum::<i64>()
        };
        let stars = |who| {
            let reached = STARS.iter().filter(|hours| **hours * 60 <= total(who)).count();
            i64::try_from(reached).unwrap()
        };
        let takes_part = |who: &PassbookNo| {
            scan.statuses.get(who).is_none_or(|it| *it == VolunteerStatus::Active)
        };
        let within = |branch: BranchNo, top: Option<BranchNo>| {
            top.is_none_or(|top| ledger.ancestry(branch).any(|it| it == top))
        };
        let place = |it: ActivityNo| ledger.activity(it).unwrap();
        for year in [2023_i16, 2024, 2025, 2026] {
            let mut sums: BTreeMap<PassbookNo, i64> = BTreeMap::new();
            for (who, on, at, minutes, stands) in scan.records.values() {
                if on.year() == year && within(place(*at).branch, filter.served) {
                    *sums.entry(*who).or_default() += minutes * stands;
                }
            }
            let fits = |(who, sum): &(PassbookNo, i64)| {
                let fits = 0 < *sum && least <= *sum && star <= stars(*who);
                fits && within(scan.homes[who], filter.home) && (!active || takes_part(who))
            };
            let mut expected: Vec<(PassbookNo, i64)> = sums.into_iter().filter(fits).collect();
            expected.sort_by_key(|it| (-it.1, it.0));
            let rows = annual_recognition(ledger, year, &filter, asked);
            let seen: Vec<_> = rows.iter().map(|it| (it.passbook, it.minutes.get())).collect();
            prop_assert_eq!(&seen, &expected, "{} {:?}", year, asked);
            for row in &rows {
                let better = rows.iter().filter(|it| row.minutes < it.minutes).count();
                prop_assert_eq!(usize::try_from(row.rank).unwrap(), better + 1);
                prop_assert_eq!(row.home, scan.homes[&row.passbook]);
                prop_assert_eq!(row.total.get(), total(row.passbook));
                prop_assert_eq!(row.star, stars(row.passbook));
            }
            // A branch with its children and the bank add up.
            let it = branch_statistics(ledger, year, filter.served, asked);
            let within_served = |at: ActivityNo| within(place(at).branch, filter.served);
            let rows = || scan.records.values().filter(|it| {
                it.1.year() == year && within_served(it.2)
            });
            let all: i64 = rows().map(|it| it.3 * it.4).sum();
            prop_assert_eq!(it.minutes.get(), all);
            prop_assert_eq!(it.rows.values().map(|it| it.minutes.get()).sum::<i64>(), all);
            prop_assert_eq!(it.branches.values().map(|it| it.get()).sum::<i64>(), all);
            for ((month, category), row) in &it.rows {
                let mut by: BTreeMap<PassbookNo, i64> = BTreeMap::new();
                for it in rows().filter(|it| Month::of(it.1) == *month) {
                    if place(it.2).category == *category {
                        *by.entry(it.0).or_default() += it.3 * it.4;
                    }
                }
                prop_assert_eq!(row.minutes.get(), by.values().sum::<i64>());
                let people = by.values().filter(|it| 0 < **it).count();
                prop_assert_eq!(usize::try_from(row.volunteers).unwrap(), people);
            }
            let bank = branch_statistics(ledger, year, None, asked);
            let tops = [0, 1, 2, 3, 4, 5].map(|it| world.branch(it));
            for top in tops {
                let one = branch_statistics(ledger, year, Some(top), asked);
                let below = bank.branches.iter().filter(|it| within(*it.0, Some(top)));
                prop_assert_eq!(one.minutes.get(), below.map(|it| it.1.get()).sum::<i64>());
            }
            for who in (1..=4).map(|it| PassbookNo::new(it).unwrap()) {
                let own = scan.records.values().filter(|it| it.0 == who && it.1.year() == year);
                let own: Vec<_> = own.filter(|it| it.4 != 0).collect();
                let it = annual_summary(ledger, who, year, asked);
                let sum = |of: &dyn Fn(jiff::civil::Date, ActivityNo) -> bool| {
                    own.iter().filter(|it| of(it.1, it.2)).map(|it| it.3 * it.4).sum::<i64>()
                };
                prop_assert_eq!(it.minutes.get(), sum(&|_, _| true));
                for (month, minutes) in (1_i8..).zip(it.months) {
                    prop_assert_eq!(minutes.get(), sum(&|on, _| on.month() == month));
                }
                for at in 0..6 {
                    let branch = world.branch(at);
                    let minutes = it.branches.get(&branch).map_or(0, |it| it.get());
                    prop_assert_eq!(minutes, sum(&|_, at| place(at).branch == branch));
                }
                for category in CATEGORIES.map(|it| it.map(|it| Category::new(it).unwrap())) {
                    let minutes = it.categories.get(&category).map_or(0, |it| it.get());
                    prop_assert_eq!(minutes, sum(&|_, at| place(at).category == category));
                }
                let mut activities: BTreeMap<ActivityNo, i64> = BTreeMap::new();
                for it in &own {
                    *activities.entry(it.2).or_default() += it.3 * it.4;
                }
                activities.retain(|_, minutes| *minutes != 0);
                let seen = it.activities.iter().map(|(at, minutes)| (*at, minutes.get()));
                prop_assert_eq!(seen.collect::<BTreeMap<_, _>>(), activities);
                let none = |it: &Minutes| it.is_zero();
                prop_assert!(!it.branches.values().chain(it.categories.values()).any(none));
                let services = || own.iter().filter(|it| 0 <= it.3).map(|it| it.1);
                prop_assert_eq!(usize::try_from(it.services).unwrap(), services().count());
                prop_assert_eq!(it.days, services().min().zip(services().max()));
            }
        }
    }
}

#[test]
fn a_year_ends_at_midnight_of_the_bank_and_a_place_can_be_shared() {
    let mut world = World::new();
    for (who, day, minutes) in [("0", "2024-12-31 23:30", 60), ("1", "2025-01-01 00:00", 60)] {
        let service = Service::interval(interval(day, minutes));
        world.town.record(world.clerk, activity(3, 0), who, service).unwrap();
    }
    let service = Service::interval(interval("2024-02-29 09:00", 60));
    world.town.record(world.clerk, activity(4, 0), "2", service).unwrap();
    let ledger = world.town.ledger();
    let rows = |year| annual_recognition(ledger, year, &AnnualFilter::default(), None);
    let seen = |year| rows(year).iter().map(|it| (it.rank, it.passbook.get())).collect::<Vec<_>>();
    assert_eq!(seen(2024), [(1, 1), (1, 3)], "a record counts whole for the date of its start");
    assert_eq!(seen(2025), [(1, 2)]);
    assert_eq!(seen(2023), []);
    let leap = annual_summary(ledger, PassbookNo::new(3).unwrap(), 2024, None);
    assert_eq!(leap.days, Some((date(2024, 2, 29), date(2024, 2, 29))));
    assert_eq!((leap.services, leap.points.hundredths()), (1, 100));
}
