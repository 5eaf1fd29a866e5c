//! Selections, beside a brute-force scan of the journal: random towns, random programmes.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    reason = "tests"
)]

mod model;
mod town;

use jiff::civil::{Date, date};
use lovebank_ledger::{
    Days, EntryNo, PassbookNo, ProgrammeName, Rulebook, RulebookVersion,
    recognition::{self, Ages, Fate, Inputs, Reaching, Seat, Standing},
};
use proptest::{collection::vec, option, prelude::*, sample::subsequence};

use model::{CONDITIONS, KEYS, Places, Question, SCHEMES, Scan};
use town::{World, step};

fn question() -> impl Strategy<Value = Question> {
    let places = (option::of(1..5_u32), option::of((any::<bool>(), 0..3_u32)), any::<bool>());
    (
        subsequence((0..CONDITIONS.len()).collect::<Vec<_>>(), 0..4),
        subsequence((0..KEYS.len()).collect::<Vec<_>>(), 0..KEYS.len()),
        places,
        any::<bool>(),
        option::of(1..24_u32),
    )
        .prop_map(|(conditions, keys, (most, per_branch, best), all_in, months)| Question {
            conditions,
            keys,
            places: Places { most, per_branch, best },
            all_in,
            months,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_selection_is_what_a_scan_of_the_journal_says(
        steps in vec(step(), 1..60),
        until in 0..1000_u64,
        now in any::<bool>(),
        question in question(),
        year in 2023..2027_i16,
        branch in option::of(0..6_usize),
    ) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
        }
        let (ledger, journal) = (world.town.ledger(), world.town.journal());
        let length = u64::try_from(journal.len()).unwrap();
        let as_of = EntryNo::new(if now { length } else { until % length + 1 }).unwrap();
        let scan = Scan::of(journal.iter().map(|it| &it.0).filter(|it| it.no <= as_of));

        let rules = Rulebook::parse(&question.document()).unwrap();
        let programme = &rules.programmes()[0];
        let days = programme.days(year, None).unwrap();
        let of = (programme, RulebookVersion::FIRST);
        let mut inputs = Inputs::new(ledger, of, (year, days), as_of);
        inputs.branch = branch.map(|it| world.branch(it));
        let selection = recognition::select(ledger, &inputs);
        let seen: Vec<_> = selection.candidates.iter().map(|it| {
            let chosen = matches!(it.fate, Fate::Chosen(_));
            let tie = it.fate == Fate::Chosen(Seat::Tie);
            (it.passbook, it.minutes.get(), it.failed, it.place, chosen, tie)
        }).collect();
        let expected = scan.select(ledger, &question, (year, days), inputs.branch);
        prop_assert_eq!(&seen, &expected, "{}", question.document());

        // After more entries, and from lines instead of totals: the same bytes.
        let digest = recognition::digest(ledger, &inputs, &selection);
        world.step(&town::Step::Serve { who: 0, day: 3, minutes: 7 });
        world.step(&town::Step::Move { who: 1, to: 5 });
        let ledger = world.town.ledger();
        let mut later = Inputs::new(ledger, of, (year, days), as_of);
        later.branch = inputs.branch;
        let again = recognition::select(ledger, &later);
        prop_assert_eq!(&again, &selection);
        prop_assert_eq!(recognition::digest(ledger, &later, &again), digest);
    }
    #[test]
    fn stars_that_are_reached_are_what_a_scan_of_the_journal_says(
        steps in vec(step(), 1..60),
        until in 0..1000_u64,
        year in 2023..2026_i16,
        branch in option::of(0..6_usize),
    ) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
        }
        let (ledger, journal) = (world.town.ledger(), world.town.journal());
        let length = u64::try_from(journal.len()).unwrap();
        let as_of = EntryNo::new(if until < 500 { length } else { until % length + 1 }).unwrap();
        let scan = Scan::of(journal.iter().map(|it| &it.0).filter(|it| it.no <= as_of));
        let branch = branch.map(|it| world.branch(it));
        let today = date(2025, 6, 1);
        let first = |year| Date::new(year, 1, 1).unwrap();
        let last = first(year + 1).yesterday().unwrap().min(today);
        let rules = Rulebook::parse(&[lovebank_ledger::DEFAULT_RULEBOOK, SCHEMES].join("\n"));
        let rules = rules.unwrap();
        for (name, days) in [
            ("asked", Days { from: first(1970), until: today }),
            ("yearly", Days { from: first(year), until: last }),
        ] {
            let scheme = rules.scheme(&ProgrammeName::new(name).unwrap()).unwrap();
            let moment = (year, today, as_of);
            let reaching = Reaching::new(ledger, scheme, moment, Ages::default()).unwrap();
            let found = reaching.candidates(branch);
            let seen: Vec<_> = found.iter().map(|it| (it.passbook, it.star.level, it.held)).collect();
            prop_assert_eq!(&seen, &scan.stars(ledger, (name, (year, days)), branch), "{}", name);
            for (passbook, level, held) in seen {
                prop_assert_eq!(reaching.held(passbook), held);
                let reached = reaching.of(passbook);
                let reached = reached.iter().filter(|it| it.is_reached()).map(|it| it.star.level);
                prop_assert_eq!(reached.max(), Some(level));
            }
        }
    }

    #[test]
    fn drift_and_each_outcome_are_what_two_scans_of_the_journal_say(
        steps in vec(step(), 1..40),
        later in vec(step(), 1..20),
        question in question(),
        year in 2023..2026_i16,
    ) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
        }
        let as_of = world.town.ledger().head().unwrap();
        let scan = |world: &World, until: EntryNo| {
            Scan::of(world.town.journal().iter().map(|it| &it.0).filter(|it| it.no <= until))
        };
        let then = scan(&world, as_of);
        for step in &later {
            world.step(step);
        }
        let ledger = world.town.ledger();
        let head = ledger.head().unwrap();
        // What is known of service now, and of everything else then.
        let now = scan(&world, as_of).with_service_of(scan(&world, head));
        let rules = Rulebook::parse(&question.document()).unwrap();
        let programme = &rules.programmes()[0];
        let days = programme.days(year, None).unwrap();
        let of = (programme, RulebookVersion::FIRST);
        let inputs = Inputs::new(ledger, of, (year, days), as_of);
        let before = recognition::select(ledger, &inputs);
        let after = recognition::select(ledger, &inputs.clone().served_as_of(ledger, head));
        let seen: Vec<_> = recognition::drift(&before, &after)
            .iter()
            .map(|it| (it.passbook, standing(it.then), standing(it.now)))
            // Whether by a place of the branch or of all is not told apart here.
            .filter(|it| it.1 != it.2)
            .collect();
        let rows = |it: &Scan| it.select(ledger, &question, (year, days), None);
        let (then, now) = (rows(&then), rows(&now));
        let of = |rows: &[model::Row], who| {
            let row = rows.iter().find(|it| it.0 == who);
            row.map_or((0, None, None), |it| (it.1, it.3, Some((it.4, it.5))))
        };
        let chosen = |it: &(i64, Option<u32>, Option<(bool, bool)>)| {
            it.2.is_some_and(|it| it.0)
        };
        let known: Vec<PassbookNo> = then.iter().map(|it| it.0).collect();
        let fresh = now.iter().map(|it| it.0).filter(|it| !known.contains(it));
        let mut fresh: Vec<_> = fresh.collect();
        fresh.sort();
        let expected: Vec<_> = known.iter().copied().chain(fresh)
            .map(|who| (who, of(&then, who), of(&now, who)))
            .filter(|it| it.1 != it.2 && (chosen(&it.1) || chosen(&it.2)))
            .collect();
        prop_assert_eq!(&seen, &expected, "{}", question.document());

        // "Why not me?": the conditions that are not met, the place, and nothing of others.
        for who in (1..=6).map(|it| PassbookNo::new(it).unwrap()) {
            let it = recognition::explain(ledger, &inputs, &before, who).unwrap();
            let row = then.iter().find(|it| it.0 == who);
            prop_assert_eq!(it.fate.is_some(), row.is_some());
            let Some(row) = row else { continue };
            prop_assert_eq!((it.minutes.get(), it.place), (row.1, row.3));
            let failed = it.conditions.iter().enumerate().filter(|it| !it.1.0.met);
            prop_assert_eq!(failed.fold(0, |bits, it| bits | 1 << it.0), row.2);
        }
    }
}

/// Minutes, place, and whether chosen, and as an equal; none: not looked at.
fn standing(it: Standing) -> (i64, Option<u32>, Option<(bool, bool)>) {
    let fate = it.fate.map(|it| (matches!(it, Fate::Chosen(_)), it == Fate::Chosen(Seat::Tie)));
    (it.minutes.get(), it.place, fate)
}
