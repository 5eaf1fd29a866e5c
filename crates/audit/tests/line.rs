//! Whatever entry is tampered with, and however: it is found, and named.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]
#![allow(clippy::arithmetic_side_effects, reason = "a test may panic")]

use lovebank_audit::{Audit, Mark, MarkedBy, OF_A_CODE_MAX, Report};
use lovebank_journal::{Head, codec};
use lovebank_ledger::{
    BranchName, DEFAULT_RULEBOOK, Entry, Founding, Handle, Ledger, Role, Rulebook, TokenHash,
};
use lovebank_testkit::{Bank, Town, timestamp, zone};

/// The entries of a small town, as stored.
fn town() -> (Vec<Vec<u8>>, Ledger<'static>) {
    let founding = Founding {
        name: BranchName::new("爱心银行").unwrap(),
        zone: zone(),
        rulebook: Rulebook::parse(DEFAULT_RULEBOOK).unwrap(),
        operator: Handle::new("operator").unwrap(),
        token: TokenHash::new([0; 32]),
    };
    let seal = |it: &Entry| codec::seal(it).seal();
    let mut town = Town::within(Bank::founded(&founding, timestamp("2020-01-01 00:00"), seal));
    for no in 0..4 {
        town.staff(&format!("clerk-{no}"), Role::Clerk, None);
        town.volunteer(&format!("甲{no}"), "N1");
    }
    let entries = town.journal().iter().map(|it| codec::encode(&it.0)).collect();
    (entries, town.ledger().clone())
}

fn head(entries: &[Vec<u8>]) -> Head {
    entries.iter().fold(Head::EMPTY, |head, it| head.over(it).unwrap())
}

/// Audits stored bytes, beside the head that the bank tells.
fn audit(told: Head, stored: impl IntoIterator<Item = Vec<u8>>) -> Report {
    let mut audit = Audit::begin(vec![Mark { head: told, by: MarkedBy::Bank }], told.no);
    for (place, bytes) in (1..).zip(stored) {
        audit.take(place, bytes);
    }
    audit.end()
}

#[track_caller]
fn names(report: &Report, codes: &[&str], entry: usize) {
    let entry = Some(u64::try_from(entry).unwrap() + 1);
    let named = |it: &lovebank_audit::Finding| codes.contains(&it.what.code()) && it.entry == entry;
    assert!(report.findings.iter().any(named), "{codes:?} {entry:?}: {:#?}", report.findings);
}

#[test]
fn what_was_not_touched_is_clean_and_adds_up_to_the_same_state() {
    let (entries, ledger) = town();
    let report = audit(head(&entries), entries.clone());
    assert_eq!(report.findings, []);
    assert_eq!((report.head, report.added_up), (head(&entries), head(&entries).no));
    assert_eq!(report.ledger, ledger);
    assert_eq!(report.state, ledger.state_digest());
}

#[test]
fn every_dropped_entry_is_found() {
    let (entries, _) = town();
    for at in 0..entries.len() {
        let mut stored = entries.clone();
        stored.remove(at);
        let report = audit(head(&entries), stored);
        names(&report, &["ENTRY_MISSING", "JOURNAL_ENDS_EARLY"], at);
    }
}

#[test]
fn every_swapped_pair_is_found() {
    let (entries, _) = town();
    for at in 0..entries.len() {
        for other in at + 1..entries.len() {
            let mut stored = entries.clone();
            stored.swap(at, other);
            let report = audit(head(&entries), stored);
            names(&report, &["ENTRIES_SWAPPED"], at);
        }
    }
}

#[test]
fn every_entry_that_stands_twice_is_found() {
    let (entries, _) = town();
    for at in 0..entries.len() {
        for place in 0..=entries.len() {
            let mut stored = entries.clone();
            stored.insert(place, entries[at].clone());
            let report = audit(head(&entries), stored);
            names(&report, &["ENTRY_ADDED"], at);
        }
    }
}

#[test]
fn every_changed_byte_is_found() {
    let (entries, _) = town();
    for at in 0..entries.len() {
        for byte in (0..entries[at].len()).step_by(7) {
            let mut stored = entries.clone();
            stored[at][byte] ^= 0x01;
            let report = audit(head(&entries), stored);
            assert!(!report.findings.is_empty(), "byte {byte} of entry {}", at + 1);
        }
        // One that says the same in all that makes a chain.
        let mut entry = codec::decode(&entries[at]).unwrap();
        entry.fingerprint = lovebank_ledger::Fingerprint::new([9; 16]);
        let mut stored = entries.clone();
        stored[at] = codec::encode(&entry);
        let report = audit(head(&entries), stored);
        names(&report, &["ENTRY_CHANGED", "HEAD_DIFFERS"], at);
    }
}

#[test]
fn what_is_found_is_bounded_and_the_rest_is_counted() {
    let (entries, _) = town();
    let stored = vec![vec![0xff; 3]; OF_A_CODE_MAX + 5];
    let report = audit(head(&entries), stored);
    let listed = report.findings.iter().filter(|it| it.what.code() == "ENTRY_UNREADABLE").count();
    assert_eq!(listed, OF_A_CODE_MAX);
    assert_eq!(report.more[0].code, "ENTRY_UNREADABLE");
    assert_eq!(report.more[0].count, 5);
    let report = audit(head(&entries), vec![vec![0xff; 3]; OF_A_CODE_MAX]);
    assert_eq!(report.more, []);
}

#[test]
fn a_finding_says_what_it_is_in_both_languages() {
    let (entries, _) = town();
    let mut stored = entries.clone();
    stored.remove(3);
    let report = audit(head(&entries), stored);
    let texts = report.findings[0].texts();
    assert_eq!(texts.what.english, "the entry is missing");
    assert_eq!(texts.what.chinese, "分录缺失");
    assert!(texts.advice.chinese.contains("备份"));
}
