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

use lovebank_ledger::{
    EntryNo, Rulebook, RulebookVersion,
    recognition::{self, Fate, Inputs, Seat},
};
use proptest::{collection::vec, option, prelude::*, sample::subsequence};

use model::{CONDITIONS, KEYS, Places, Question, Scan};
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
}
