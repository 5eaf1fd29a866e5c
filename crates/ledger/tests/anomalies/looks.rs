//! What looks like an anomaly and is none, and one that takes several years to show.

use std::collections::BTreeSet;

use lovebank_ledger::{
    ActivityName, BatchKey, BatchMode, Command, GiftCommand, GiftNo, ImportHours, ImportPart,
    ImportRow, Minutes, Reason, RecordNo, RowService, Service, Span, anomaly::AnomalyKind,
};
use lovebank_testkit::{Town, day};

use crate::street::{Street, street};

#[test]
fn each_kind_has_a_name_of_its_own_that_can_be_typed() {
    let names: BTreeSet<String> = AnomalyKind::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), AnomalyKind::ALL.len());
    for name in names {
        let typed = name.chars().all(|it| it.is_ascii_lowercase() || it == '-');
        assert!(typed && !name.is_empty(), "{name:?}");
    }
}

#[test]
fn hours_that_were_taken_back_or_turned_down_show_nothing() {
    let mut street = street();
    street.serve(street.clerks[0], 0, "2025-11-04 06:00", 470);
    street.serve(street.clerks[0], 0, "2025-11-04 14:00", 490);
    street.serve(street.clerks[0], 0, "2025-11-04 22:30", 1);
    street.only(AnomalyKind::ImpossibleDay);
    let count = u64::try_from(street.town.ledger().record_count()).unwrap();
    let record = |back: u64| vec![RecordNo::new(count - back).unwrap()];
    let (reason, mode) = (Reason::NotServed, BatchMode::Atomic);
    let reject = Command::RejectHours { records: record(0), reason, mode };
    street.town.must(street.approver, &reject);
    assert_eq!(street.found(), [], "turned down");
    street.serve(street.clerks[0], 0, "2025-11-04 22:30", 1);
    street.only(AnomalyKind::ImpossibleDay);
    let reverse = Command::ReverseHours { records: record(2), reason, mode };
    street.town.must(street.approver, &reverse);
    assert_eq!(street.found(), [], "taken back");
}

#[test]
fn a_deduction_is_no_service_of_a_day() {
    let mut street = street();
    street.serve(street.clerks[0], 0, "2025-11-04 06:00", 470);
    street.serve(street.clerks[0], 0, "2025-11-04 14:00", 491);
    let deduct = Command::DeductHours {
        volunteer: Street::of(0),
        activity: Town::activity("N1", "社区巡河"),
        service: Service::day(day("2025-11-04"), Minutes::new(-300)),
        reason: Reason::RuleBroken,
    };
    street.town.must(street.approver, &deduct);
    let it = street.only(AnomalyKind::ImpossibleDay);
    assert_eq!((it.figures[0], it.records.len()), (("minutes_a_day", 961), 2));
}

#[test]
fn a_star_that_december_just_reached_after_years_is_found() {
    let mut street = street();
    // 38:25 in one year and 61:28 in the next: 0:07 are missing of the first star.
    for on in 1..=13 {
        let year = if on <= 5 { 2024 } else { 2025 };
        street.serve(street.clerks[on % 2], 0, &format!("{year}-03-{on:02} 09:00"), 461);
    }
    street.serve(street.clerks[0], 0, "2025-12-30 09:00", 6);
    assert_eq!(street.found(), [], "a minute is missing");
    street.serve(street.clerks[0], 0, "2025-12-31 09:00", 1);
    let it = street.only(AnomalyKind::YearEnd);
    assert_eq!(it.passbooks, [Street::passbook(0)]);
    assert!(it.english.contains("lacked 0:07 of 100 hours in all"), "{}", it.english);
    assert!(it.chinese.contains("距累计 100 小时还差 0:07"), "{}", it.chinese);
}

#[test]
fn a_threshold_reached_before_december_is_none_of_december() {
    let mut street = street();
    for on in 1..=13 {
        street.serve(street.clerks[on % 2], 0, &format!("2025-03-{on:02} 09:00"), 461);
    }
    street.serve(street.clerks[0], 0, "2025-11-30 09:00", 7);
    street.serve(street.clerks[0], 0, "2025-12-30 09:00", 10);
    assert_eq!(street.found(), [], "a hundred hours were full in November");
}

#[test]
fn what_shows_a_december_is_what_counts_of_it() {
    let mut street = street();
    for on in 1..=13 {
        street.serve(street.clerks[on % 2], 0, &format!("2025-03-{on:02} 09:00"), 461);
    }
    // An hour of the December before, and three that were taken back.
    street.serve(street.clerks[0], 0, "2024-12-30 09:00", 61);
    street.serve(street.clerks[0], 0, "2025-12-29 09:00", 181);
    let count = u64::try_from(street.town.ledger().record_count()).unwrap();
    let (reason, mode) = (Reason::NotServed, BatchMode::Atomic);
    let records = vec![RecordNo::new(count).unwrap()];
    street.town.must(street.approver, &Command::ReverseHours { records, reason, mode });
    street.serve(street.clerks[0], 0, "2025-12-30 09:00", 7);
    let found = street.found();
    let of_year: Vec<_> = found.iter().filter(|it| it.english.contains("hours of 2025")).collect();
    assert_eq!((of_year.len(), of_year[0].figures[0]), (1, ("december_minutes", 7)));
    assert_eq!(of_year[0].records, [RecordNo::new(count + 1).unwrap()]);
}

#[test]
fn balances_that_were_taken_over_are_round_by_nobodys_word() {
    let mut street = street();
    let row = |line: u32| ImportRow {
        line,
        volunteer: Street::of(usize::try_from(line % 12).unwrap()),
        name: ActivityName::new(&format!("期初 {line}")).unwrap(),
        category: None,
        place: None,
        service: RowService::Total(Minutes::new(60)),
    };
    let import = |opening, batch| ImportHours {
        part: ImportPart { batch: BatchKey::new([batch; 32]), part: 0, last: true, file: None },
        branch: Town::code("N1"),
        opening,
        span: Some(Span::new(day("2025-01-01"), day("2025-06-30")).unwrap()),
        rows: (1..=60).map(row).collect(),
    };
    street.town.must(street.approver, &Command::ImportHours(import(true, 1)));
    assert_eq!(street.found(), []);
    let rows = import(false, 2).rows.into_iter();
    let named = rows
        .map(|it| ImportRow {
            name: ActivityName::new(&format!("表 {}", it.line)).unwrap(), ..it
        });
    let sheet = ImportHours { rows: named.collect(), ..import(false, 2) };
    street.town.must(street.approver, &Command::ImportHours(sheet));
    street.only(AnomalyKind::RoundHours);
}

#[test]
fn a_balance_that_was_taken_over_is_no_day_and_no_december() {
    let mut street = street();
    let row = ImportRow {
        line: 1,
        volunteer: Street::of(0),
        name: ActivityName::new("期初").unwrap(),
        category: None,
        place: None,
        service: RowService::Total(Minutes::new(6000)),
    };
    let import = ImportHours {
        part: ImportPart { batch: BatchKey::new([7; 32]), part: 0, last: true, file: None },
        branch: Town::code("N1"),
        opening: true,
        span: Some(Span::new(day("2025-12-28"), day("2025-12-31")).unwrap()),
        rows: vec![row],
    };
    street.town.must(street.approver, &Command::ImportHours(import));
    assert_eq!(street.found(), []);
}

#[test]
fn a_gift_that_was_taken_back_is_of_no_burst() {
    let mut street = street();
    for from in 1..=5 {
        street.give(from, 0, &format!("2026-04-0{} 09:00", from + 1));
    }
    street.only(AnomalyKind::GiftBurst);
    street.gift(GiftCommand::ReverseGift { gift: GiftNo::FIRST, reason: Reason::Other });
    assert_eq!(street.found(), [], "four givers are left");
}
