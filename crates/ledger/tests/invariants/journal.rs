//! A journal that was changed, and a ledger that is another's.

use lovebank_ledger::{
    Entry, EntryNo, Ledger, LineNo, Minutes, Points, Seal, Service, Timestamp, invariants,
};
use lovebank_testkit::{Town, interval};

use crate::street::Street;

/// What the bank gave for the first hour.
const GIVEN: Points = Points::from_hundredths(-100);

/// A street with two hours of service, in its last two entries.
fn street() -> Street {
    let mut street = Street::new();
    let service = Service::interval(interval("2026-03-01 10:00", 60));
    street.town.record(street.clerk, Town::activity("N1", "敬老"), "1", service).unwrap();
    street
}

/// The first thing that is found of a ledger whose journal was changed in its last entry.
fn first_found(change: impl FnOnce(&mut Entry, &Street)) -> (u8, String) {
    let street = street();
    let mut journal: Vec<(Entry, Seal)> = street.town.journal().to_vec();
    change(&mut journal.last_mut().unwrap().0, &street);
    let journal = journal.iter().map(|(entry, seal)| (entry, *seal));
    let found = invariants::check(street.town.ledger(), journal);
    let first = found.first().unwrap();
    (first.invariant, first.what.clone())
}

#[test]
fn a_ledger_of_another_journal_is_found() {
    let street = street();
    let journal = street.town.journal().iter().map(|(entry, seal)| (entry, *seal));
    let short = journal.clone().take(street.town.journal().len() - 1);
    let found = invariants::check(street.town.ledger(), short);
    let words = "the ledger is not what its journal adds up to";
    assert_eq!(found, [invariants::Breach { invariant: 10, what: words.to_owned() }]);
    assert_eq!(invariants::check(street.town.ledger(), journal), []);
}

#[test]
fn a_changed_entry_is_found_by_what_it_breaks() {
    let last = street().head();
    let says = |what: &str| format!("entry {last} does not follow from those before it: {what}");
    let back = |it: Timestamp| Timestamp::from_micros(it.micros() - 1);
    assert_eq!(
        first_found(|it, street| it.recorded_at = before(street)),
        (1, says("it was recorded before the entry before it"))
    );
    assert_eq!(
        first_found(|it, street| it.recorded_at = back(before(street))),
        (1, says("it was recorded before the entry before it"))
    );
    assert_eq!(
        first_found(|it, _| it.previous = Seal::new([7; 32])),
        (1, says("it names another seal before it"))
    );
    let next = last.next();
    assert_eq!(
        first_found(|it, _| it.no = next),
        (
            1,
            format!(
                "entry {next} does not follow from those before it: its number is not the next"
            )
        )
    );
    assert_eq!(
        first_found(|it, _| drop(it.postings.pop())),
        (2, says("its postings do not sum to zero"))
    );
    // In one register alone.
    assert_eq!(
        first_found(
            |it, _| (it.postings[1].points, it.postings[1].points_after) = (Points::ZERO, GIVEN)
        ),
        (2, says("its postings do not sum to zero"))
    );
    assert_eq!(
        first_found(|it, _| it.postings[0].points_after = Points::ZERO),
        (3, says("a balance is not the one before plus the amount"))
    );
    assert_eq!(
        first_found(|it, _| it.postings[0].line = Some(LineNo::FIRST)),
        (3, says("its line is not the next"))
    );
    assert_eq!(
        first_found(|it, street| it.request = street.town.entry(EntryNo::FIRST).request),
        (5, says("its request made an entry before"))
    );
}

fn before(street: &Street) -> Timestamp {
    let no = EntryNo::new(street.head().get() - 1).unwrap();
    street.town.ledger().recorded_at(no).unwrap()
}

/// What is found in a ledger alone that took the last entry over as that stated itself.
fn found_in_state(change: impl FnOnce(&mut Entry)) -> Vec<(u8, String)> {
    let street = street();
    let mut journal: Vec<(Entry, Seal)> = street.town.journal().to_vec();
    change(&mut journal.last_mut().unwrap().0);
    let (mut ledger, mut faults, mut found) = (Ledger::default(), Vec::new(), Vec::new());
    for (entry, seal) in &journal {
        ledger.post_as_stated(entry, *seal, &mut faults).unwrap();
    }
    assert_eq!(faults.len(), 1);
    invariants::state(&ledger, &mut found);
    found.into_iter().map(|it| (it.invariant, it.what)).collect()
}

#[test]
fn sums_and_lines_that_do_not_follow_are_found_in_the_ledger_alone() {
    let sum = found_in_state(|it| drop(it.postings.pop()));
    let words = "all accounts together are 60 minutes and 1.00 points, and not zero";
    assert_eq!(sum, [(2, words.to_owned())]);

    let line = found_in_state(|it| it.postings[0].line = Some(LineNo::FIRST));
    assert_eq!(line, [(3, "line 2 of passbook 1 does not follow".to_owned())]);

    let balance = found_in_state(|it| it.postings[0].minutes_after = Minutes::new(60));
    let words: Vec<&str> = balance.iter().map(|it| it.1.as_str()).collect();
    let together = "all accounts together are -60 minutes and 0.00 points, and not zero";
    let sum = "passbook 1 is not the sum of its lines";
    let served = "passbook 1 has 60 minutes; its numbers served 120";
    assert_eq!(words, [together, "line 2 of passbook 1 does not follow", sum, served]);
}
