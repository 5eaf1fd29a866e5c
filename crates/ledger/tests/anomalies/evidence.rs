//! What each kind of anomaly tells as its evidence: whom, who, when, and which records, gifts and
//! entries, no more and no fewer.

use crate::street::{Street, street};
use lovebank_ledger::{
    ActorNo, Command, DEFAULT_RULEBOOK, PassbookNo, RecordNo, Role,
    anomaly::{Anomaly, AnomalyKind},
};

/// Whose, by whom, the days, and how many records, gifts and entries.
type Told = (Vec<PassbookNo>, Vec<ActorNo>, String, [usize; 3]);

fn told(it: &Anomaly) -> Told {
    let days = it.days.map(|(from, until)| format!("{from} to {until}")).unwrap_or_default();
    let counts = [it.records.len(), it.gifts.len(), it.entries.len()];
    (it.passbooks.clone(), it.actors.clone(), days, counts)
}

fn of(who: &[usize]) -> Vec<PassbookNo> {
    who.iter().map(|it| Street::passbook(*it)).collect()
}

/// Who recorded what was recorded last.
fn recorder(street: &Street) -> ActorNo {
    let ledger = street.town.ledger();
    let last = RecordNo::new(u64::try_from(ledger.record_count()).unwrap()).unwrap();
    ledger.record(last).unwrap().recorder
}

#[test]
fn of_a_day() {
    let mut street = street();
    for (start, minutes) in [("06:00", 470), ("14:00", 490), ("22:30", 1)] {
        street.serve(street.clerks[0], 3, &format!("2025-11-04 {start}"), minutes);
    }
    let it = street.only(AnomalyKind::ImpossibleDay);
    assert_eq!(told(&it), (of(&[3]), vec![], "2025-11-04 to 2025-11-04".to_owned(), [3, 0, 3]));
}

#[test]
fn of_a_copied_sheet() {
    let mut street = street();
    for on in ["2025-11-18", "2025-11-04"] {
        for who in 0..10 {
            street.serve(street.clerks[0], who, &format!("{on} 14:0{who}"), 151);
        }
    }
    let it = street.only(AnomalyKind::ClonedSheet);
    let all: Vec<usize> = (0..10).collect();
    assert_eq!(told(&it), (of(&all), vec![], "2025-11-04 to 2025-11-18".to_owned(), [20, 0, 20]));
}

#[test]
fn of_a_december() {
    let mut street = street();
    for on in 1..=13 {
        street.serve(street.clerks[on % 2], 0, &format!("2025-03-{on:02} 09:00"), 461);
    }
    street.serve(street.clerks[0], 0, "2025-12-30 09:00", 7);
    let it = street.only(AnomalyKind::YearEnd);
    assert_eq!(told(&it), (of(&[0]), vec![], "2025-12-01 to 2025-12-31".to_owned(), [1, 0, 1]));
}

#[test]
fn of_the_hours_of_kin() {
    let mut street = street();
    let clerk = street.who_serves("clerk-kin", Role::Clerk, 0);
    street.kin(0, 1);
    street.serve(clerk, 1, "2025-11-05 09:00", 61);
    street.serve(clerk, 1, "2025-11-04 09:00", 61);
    let by = recorder(&street);
    let it = street.only(AnomalyKind::KinApproved);
    assert_eq!(told(&it), (of(&[1]), vec![by], "2025-11-04 to 2025-11-05".to_owned(), [2, 0, 2]));
}

#[test]
fn of_a_trade() {
    let mut street = street();
    let one = street.who_serves("approver-a", Role::Approver, 0);
    let other = street.who_serves("approver-b", Role::Approver, 1);
    let mut by = Vec::new();
    for (who, approver, on) in [(1, one, "2025-11-06"), (0, other, "2025-11-04")] {
        for minutes in [541, 542] {
            let on = if minutes == 541 { on } else { "2025-11-05" };
            street.serve(street.clerks[0], who, &format!("{on} 09:00"), minutes);
            let last = u64::try_from(street.town.ledger().record_count()).unwrap();
            let records = vec![RecordNo::new(last).unwrap()];
            let mode = lovebank_ledger::BatchMode::Atomic;
            street.town.must(approver, &Command::ApproveHours { records, mode });
        }
        by.push(street.town.ledger().token(approver).unwrap().grant.actor);
    }
    by.sort_unstable();
    let it = street.only(AnomalyKind::TradedApprovals);
    // Each record by the entry that recorded it and the entry that approved it.
    assert_eq!(told(&it), (of(&[0, 1]), by, "2025-11-04 to 2025-11-06".to_owned(), [4, 0, 8]));
}

#[test]
fn of_a_telephone() {
    let street = street();
    let found = street.told(DEFAULT_RULEBOOK, &[of(&[0, 3])]).found;
    assert_eq!(found.len(), 1);
    assert_eq!(told(&found[0]), (of(&[0, 3]), vec![], String::new(), [0, 0, 0]));
}

#[test]
fn of_round_hours() {
    let mut street = street();
    let clerk = street.town.staff("clerk-round", Role::Clerk, Some("N1"));
    for days in 0..50 {
        let start = format!("2025-{:02}-{:02} 10:00", 9 + days / 28, 1 + days % 28);
        street.serve(clerk, days % 12, &start, 120);
    }
    let by = recorder(&street);
    let it = street.only(AnomalyKind::RoundHours);
    assert_eq!((it.passbooks.len(), it.actors.as_slice(), it.days), (0, [by].as_slice(), None));
}

#[test]
fn of_a_night() {
    let mut street = street();
    street.serve(street.clerks[0], 2, "2025-11-05 22:00", 61);
    street.serve(street.clerks[0], 1, "2025-11-04 05:59", 61);
    let it = street.only(AnomalyKind::OutsideOpening);
    assert_eq!(told(&it), (of(&[1, 2]), vec![], "2025-11-04 to 2025-11-05".to_owned(), [2, 0, 2]));
}

#[test]
fn of_check_outs_that_never_came() {
    let mut street = street();
    for on in ["2026-04-02", "2026-04-03", "2026-04-04"] {
        street.check_in(5, on);
        if on == "2026-04-04" {
            // What was recorded at that time leaves nothing to record of the check-in.
            street.serve(street.clerks[0], 5, &format!("{on} 09:30"), 60);
        }
        street.close();
    }
    let it = street.only(AnomalyKind::ForgottenCheckOuts);
    assert_eq!(told(&it), (of(&[5]), vec![], "2026-04-02 to 2026-04-04".to_owned(), [2, 0, 3]));
}

#[test]
fn of_gifts() {
    let mut street = street();
    for from in 1..=5 {
        street.give(from, 0, &format!("2026-04-0{} 09:00", from + 1));
    }
    let it = street.only(AnomalyKind::GiftBurst);
    let all: Vec<usize> = (0..=5).collect();
    assert_eq!(told(&it), (of(&all), vec![], "2026-04-02 to 2026-04-06".to_owned(), [0, 5, 5]));
}
