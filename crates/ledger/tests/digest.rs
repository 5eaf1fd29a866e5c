//! The digest of a state: the same for the same journal, another for whatever differs.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use lovebank_ledger::{Interval, Minutes, Role, STATE_FORMAT, Service};
use lovebank_testkit::{Town, day, minute};

const GOLDEN: &str = "472eb683d55c078eb70494b3905966409eec31ca3df6cb1a4f173e988ba3a367";

fn town() -> Town {
    let mut town = Town::new();
    let clerk = town.staff("clerk", Role::Clerk, None);
    town.at("2026-03-01 20:00");
    for name in ["甲", "乙", "丙"] {
        town.volunteer(name, "N1");
        let at = |it: &str| minute(&format!("2026-03-01 {it}:00"));
        let service = Service::interval(Interval::new(at("09"), at("11")).unwrap());
        town.record(clerk, Town::activity("N1", "社区巡河"), name, service).unwrap();
    }
    town
}

/// Backups and audits compare digests of one format. Where this fails, a row says more than it
/// did, or otherwise: raise `STATE_FORMAT`, and put the new digest here. (The default rulebook is in the
/// journal, too: where only its text changed, the format stays.)
#[test]
fn a_state_keeps_its_digest_as_long_as_its_format() {
    let summary = town().ledger().state_digest();
    assert_eq!(STATE_FORMAT, 3);
    assert_eq!(summary.digest.to_string(), GOLDEN);
}

#[test]
fn the_same_journal_gives_the_same_digest_and_another_entry_another() {
    let mut town = town();
    let before = town.ledger().state_digest();
    assert_eq!(town.replayed().state_digest(), before);
    town.volunteer("丁", "N2");
    let after = town.ledger().state_digest();
    assert_eq!(after.entry, before.entry + 1);
    assert_ne!(after.digest, before.digest);
    let differ = before.tables.iter().zip(&after.tables).filter(|(a, b)| a.digest != b.digest);
    let names: Vec<_> = differ.map(|(it, _)| it.name).collect();
    assert!(names.contains(&"volunteers") && names.contains(&"passbooks"), "{names:?}");
    assert!(!names.contains(&"records") && !names.contains(&"lines"), "{names:?}");
}

#[test]
fn the_row_that_differs_can_be_found() {
    let mut town = town();
    let before = town.ledger().clone();
    let clerk = town.staff("clerk-2", Role::Clerk, None);
    let at = |it: &str| minute(&format!("2026-03-01 {it}:00"));
    let service = Service::interval(Interval::new(at("12"), at("13")).unwrap());
    town.record(clerk, Town::activity("N1", "社区巡河"), "乙", service).unwrap();
    let same = |row: u64| {
        let rows = row..row + 1;
        let own = before.rows_digest("passbooks", rows.clone()).unwrap();
        town.ledger().rows_digest("passbooks", rows).unwrap() == own
    };
    assert_eq!([same(0), same(1), same(2)], [true, false, true]);
    assert_eq!(before.rows_digest("wallets", 0..1), None);
    let none = before.rows_digest("passbooks", 7..9);
    assert_eq!(none, before.rows_digest("passbooks", 3..3), "past the last there is nothing");
}

#[test]
fn a_minute_on_another_day_of_a_month_is_another_diary() {
    let diaries = |minutes: [i64; 2]| {
        let mut town = town();
        let clerk = town.staff("clerk-2", Role::Clerk, None);
        for (date, minutes) in ["2026-02-01", "2026-02-02"].into_iter().zip(minutes) {
            let service = Service::day(day(date), Minutes::new(minutes));
            town.record(clerk, Town::activity("N1", "社区巡河"), "甲", service).unwrap();
        }
        let tables = town.ledger().state_digest().tables;
        tables.into_iter().find(|it| it.name == "diaries").unwrap().digest
    };
    assert_eq!(diaries([60, 61]), diaries([60, 61]));
    assert_ne!(diaries([60, 61]), diaries([61, 60]));
}
