//! Anomalies: each kind is planted in an honest street and found alone; the street itself has none.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

mod evidence;
mod looks;
mod people;
mod street;

use lovebank_ledger::{
    ActivityName, ActivityRef, BatchKey, BatchMode, Command, DEFAULT_RULEBOOK, GiftCommand,
    ImportHours, ImportPart, ImportRow, Minutes, NamedActivity, RecordNo, Role, RowService,
    Rulebook, Service, Span,
    anomaly::{ANOMALIES_MAX, Anomalies, Anomaly, AnomalyKind, EVIDENCE_MAX},
};
use lovebank_testkit::{Town, day, interval};
use street::{Street, street};

#[test]
fn an_honest_street_has_none() {
    let street = street();
    assert!(street.town.ledger().record_count() > 300);
    assert_eq!(street.told(DEFAULT_RULEBOOK, &[]), Anomalies::default());
}

#[test]
fn a_day_with_more_than_sixteen_hours_is_impossible() {
    let mut street = street();
    street.serve(street.clerks[0], 0, "2025-11-04 06:00", 470);
    street.serve(street.clerks[0], 0, "2025-11-04 14:00", 490);
    assert_eq!(street.found(), [], "sixteen hours are not more than sixteen");
    street.serve(street.clerks[0], 0, "2025-11-04 22:30", 1);
    let it = street.only(AnomalyKind::ImpossibleDay);
    assert_eq!(it.passbooks, [Street::passbook(0)]);
    assert_eq!((it.records.len(), it.figures[0]), (3, ("minutes_a_day", 961)));
    assert_eq!(it.english, "passbook 1 served 16:01 hours on 2025-11-04");
    assert_eq!(it.chinese, "存折 1 在 2025-11-04 服务了 16:01 小时");
}

#[test]
fn a_total_of_more_than_sixteen_hours_a_day_is_impossible() {
    let mut street = street();
    let row = |line, minutes| ImportRow {
        line,
        volunteer: Street::of(usize::try_from(line).unwrap()),
        name: ActivityName::new("夏令营").unwrap(),
        category: None,
        place: None,
        service: RowService::Total(Minutes::new(minutes)),
    };
    let import = ImportHours {
        part: ImportPart { batch: BatchKey::new([7; 32]), part: 0, last: true, file: None },
        branch: Town::code("N1"),
        opening: false,
        span: Some(Span::new(day("2025-07-01"), day("2025-07-02")).unwrap()),
        rows: vec![row(1, 1920), row(2, 1921)],
    };
    street.town.must(street.approver, &Command::ImportHours(import));
    let it = street.only(AnomalyKind::ImpossibleDay);
    assert_eq!(it.passbooks, [Street::passbook(2)]);
    assert_eq!(it.figures[1], ("minutes", 1921));
}

#[test]
fn a_sheet_that_was_copied_to_another_day_is_found() {
    let mut street = street();
    for on in ["2025-11-04", "2025-11-18"] {
        for who in 0..9 {
            street.serve(street.clerks[0], who, &format!("{on} 14:0{who}"), 151);
        }
    }
    assert_eq!(street.found(), [], "nine are fewer than ten");
    for on in ["2025-11-04", "2025-11-18"] {
        street.serve(street.clerks[0], 9, &format!("{on} 14:09"), 151);
    }
    let it = street.only(AnomalyKind::ClonedSheet);
    assert_eq!((it.passbooks.len(), it.records.len()), (10, 20));
    assert_eq!(it.figures, [("sheets", 2), ("volunteers", 10), ("changed_rows", 0)]);
    let said = "same times: 社区巡河 2025-11-04, 社区巡河 2025-11-18";
    assert!(it.english.contains(said), "{}", it.english);
    assert!(it.chinese.contains("完全相同"), "{}", it.chinese);
}

/// Sheets of ten, of which the later differ from the first: so many rows have another time, and so
/// many another name.
fn copies(changed: &[(usize, usize)]) -> Street {
    let mut street = street();
    for (copy, (times, names)) in [(0, 0)].iter().chain(changed).enumerate() {
        for row in 0..10 {
            let minutes = if row < *times { 152 } else { 151 };
            let who = if 10 - names <= row { row + 2 } else { row };
            let start = format!("2025-11-{:02} 14:0{row}", 4 + copy);
            street.serve(street.clerks[0], who, &start, minutes);
        }
    }
    street
}

#[test]
fn a_sheet_that_was_copied_with_names_or_times_changed_is_found() {
    let rows = |it: &Anomaly| it.figures.iter().find(|it| it.0 == "changed_rows").unwrap().1;
    for (times, names) in [(1, 0), (0, 1), (2, 0), (0, 2), (1, 1)] {
        let it = copies(&[(times, names)]).only(AnomalyKind::ClonedSheet);
        assert_eq!(rows(&it), i64::try_from(times + names).unwrap());
        assert!(it.english.contains("same times, but for "), "{}", it.english);
        assert!(it.chinese.contains("行外都相同"), "{}", it.chinese);
    }
    for other in [(3, 0), (1, 2)] {
        assert_eq!(copies(&[other]).found(), [], "{other:?}");
    }
    // Several copies of one are one thing.
    let it = copies(&[(1, 0), (0, 2), (0, 0)]).only(AnomalyKind::ClonedSheet);
    assert_eq!((it.figures[0], rows(&it)), (("sheets", 4), 2));
    // Also where two copies are alike by way of the one that both were made from.
    let mut street = street();
    for (copy, changed) in [(0, 0..2), (1, 8..10), (2, 0..0)] {
        for row in 0..10 {
            let minutes = if changed.contains(&row) { 150 + copy } else { 152 };
            let start = format!("2025-11-{:02} 14:0{row}", 4 + copy);
            street.serve(street.clerks[0], row, &start, minutes);
        }
    }
    let it = street.only(AnomalyKind::ClonedSheet);
    assert_eq!((it.figures[0], rows(&it)), (("sheets", 3), 2));
    // Who was put in, and who was left out, are both named; what differs comes first.
    let street = copies(&[(0, 1)]);
    let it = street.only(AnomalyKind::ClonedSheet);
    assert_eq!((it.passbooks.len(), it.figures[1]), (11, ("volunteers", 11)));
    let whose = |it: &RecordNo| street.town.ledger().record(*it).unwrap().passbook;
    let first: Vec<_> = it.records.iter().take(2).map(whose).collect();
    assert_eq!(first, [Street::passbook(9), Street::passbook(11)]);
    // The rulebook says how many.
    let exact = DEFAULT_RULEBOOK.replace("cloned_changes = 2", "cloned_changes = 0");
    assert_eq!(copies(&[(1, 0)]).told(&exact, &[]), Anomalies::default());
    assert_eq!(copies(&[(0, 0)]).told(&exact, &[]).found.len(), 1);
    let half = DEFAULT_RULEBOOK.replace("cloned_changes = 2", "cloned_changes = 5");
    assert!(Rulebook::parse(&half).unwrap_err().to_string().contains("anomalies.cloned_changes"));
    // Rules of before do not, and small sheets of theirs are taken as ever.
    for (people, changes) in [(2, 0), (4, 1), (10, 2)] {
        let rules = DEFAULT_RULEBOOK
            .replace("cloned_volunteers = 10", &format!("cloned_volunteers = {people}"))
            .replace("cloned_changes = 2\n", "");
        assert_eq!(Rulebook::parse(&rules).unwrap().anomalies().cloned_changes, changes);
    }
}

#[test]
fn a_threshold_that_december_just_reached_is_found() {
    let mut street = street();
    // 99:47 before December; 100 hours is the threshold of a year, and of the first star.
    for on in 1..=13 {
        street.serve(street.clerks[on % 2], 0, &format!("2025-03-{on:02} 09:00"), 461);
    }
    street.serve(street.clerks[0], 0, "2025-12-30 09:00", 6);
    assert_eq!(street.found(), [], "a minute is missing");
    street.serve(street.clerks[0], 0, "2025-12-31 09:00", 1);
    let it = street.only(AnomalyKind::YearEnd);
    let december = [("december_minutes", 7), ("threshold_minutes", 6000), ("above_minutes", 0)];
    assert_eq!((it.records.len(), it.figures.as_slice()), (2, december.as_slice()));
    assert!(it.english.contains("lacked 0:07 of 100 hours of 2025"), "{}", it.english);
    street.serve(street.clerks[0], 0, "2025-12-29 09:00", 120);
    street.only(AnomalyKind::YearEnd);
    street.serve(street.clerks[0], 0, "2025-12-28 09:00", 1);
    assert_eq!(street.found(), [], "more than two hours above");
}

#[test]
fn a_total_of_a_year_is_not_of_december() {
    let mut street = street();
    let row = ImportRow {
        line: 2,
        volunteer: Street::of(0),
        name: ActivityName::new("全年服务").unwrap(),
        category: None,
        place: None,
        service: RowService::Total(Minutes::new(6060)),
    };
    let import = ImportHours {
        part: ImportPart { batch: BatchKey::new([7; 32]), part: 0, last: true, file: None },
        branch: Town::code("N1"),
        opening: false,
        span: Some(Span::new(day("2025-01-01"), day("2025-12-31")).unwrap()),
        rows: vec![row],
    };
    street.town.must(street.approver, &Command::ImportHours(import));
    assert_eq!(street.found(), []);
}

#[test]
fn five_with_two_shifts_are_not_ten() {
    let mut street = street();
    for on in ["2025-11-04", "2025-11-18"] {
        for (who, hour) in (0..5).flat_map(|it| [(it, "09"), (it, "14")]) {
            street.serve(street.clerks[0], who, &format!("{on} {hour}:0{who}"), 61);
        }
    }
    assert_eq!(street.found(), []);
}

#[test]
fn a_clerk_who_records_or_approves_kin_is_found() {
    let mut street = street();
    let clerk = street.who_serves("clerk-kin", Role::Clerk, 0);
    street.serve(clerk, 1, "2025-11-04 09:00", 61);
    assert_eq!(street.found(), [], "they are not kin yet");
    let (volunteer, kin) = (Street::of(1), Street::of(0));
    let asked = GiftCommand::RequestKin { volunteer, kin };
    street.town.must(street.clerks[1], &Command::Gift(asked));
    assert_eq!(street.found(), [], "one says so, and nobody confirmed it");
    street.gift(GiftCommand::EndKin { volunteer, kin });
    street.kin(0, 1);
    let it = street.only(AnomalyKind::KinApproved);
    assert_eq!((it.passbooks.as_slice(), it.records.len()), ([Street::passbook(1)].as_slice(), 1));
    assert!(it.english.starts_with("clerk-kin recorded or approved 1 records"), "{}", it.english);
    // Nine hours by another's word, which the one approves.
    let approver = street.who_serves("approver-kin", Role::Approver, 2);
    street.kin(2, 3);
    street.serve(street.clerks[0], 3, "2025-11-05 09:00", 541);
    let records =
        vec![RecordNo::new(u64::try_from(street.town.ledger().record_count()).unwrap()).unwrap()];
    let mode = BatchMode::Atomic;
    street.town.must(approver, &Command::ApproveHours { records, mode });
    let found = street.found();
    assert_eq!(found.len(), 2, "{found:#?}");
    assert_eq!(found[0].figures, [("minutes", 541), ("records", 1)]);
    assert_eq!(found[0].entries.len(), 2, "that which recorded, and that which approved");
}

#[test]
fn two_who_record_each_others_own_hours_are_found() {
    let mut street = street();
    let one = street.who_serves("clerk-a", Role::Clerk, 0);
    let other = street.who_serves("clerk-b", Role::Clerk, 1);
    for on in ["2025-11-04", "2025-11-05"] {
        street.serve(one, 1, &format!("{on} 09:00"), 61);
    }
    street.serve(other, 0, "2025-11-04 11:00", 61);
    assert_eq!(street.found(), [], "once is not twice");
    street.serve(other, 0, "2025-11-05 11:00", 61);
    let it = street.only(AnomalyKind::TradedApprovals);
    assert_eq!((it.actors.len(), it.passbooks.len(), it.records.len()), (2, 2, 4));
    assert_eq!(
        it.english,
        "clerk-a recorded or approved 2 records of clerk-b's own, and clerk-b 2 of clerk-a's own"
    );
}

#[test]
fn one_telephone_for_two_families_is_found() {
    let mut street = street();
    street.kin(0, 1);
    street.kin(1, 2);
    let phones = |who: &[usize]| vec![who.iter().map(|it| Street::passbook(*it)).collect()];
    let family = street.told(DEFAULT_RULEBOOK, &phones(&[2, 0, 1]));
    assert_eq!(family.found, [], "kin of kin are one family");
    let told = street.told(DEFAULT_RULEBOOK, &phones(&[0, 1, 3])).found;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].kind, AnomalyKind::SharedPhone);
    assert_eq!(told[0].figures, [("volunteers", 3), ("families", 2)]);
}

#[test]
fn a_clerk_whose_hours_are_all_round_is_found() {
    let mut street = street();
    let clerk = street.town.staff("clerk-round", Role::Clerk, Some("N1"));
    for days in 0..49 {
        let start = format!("2025-{:02}-{:02} 10:00", 9 + days / 28, 1 + days % 28);
        street.serve(clerk, days % 12, &start, 120);
    }
    assert_eq!(street.found(), [], "49 are fewer than 50");
    street.serve(clerk, 0, "2025-11-20 10:00", 60);
    let it = street.only(AnomalyKind::RoundHours);
    assert_eq!(it.figures[0], ("round_percent", 100));
    assert_eq!(it.records.len(), EVIDENCE_MAX);
}

#[test]
fn service_at_night_is_found_unless_it_is_of_the_night() {
    let mut street = street();
    street.serve(street.clerks[0], 0, "2025-11-04 06:00", 61);
    street.serve(street.clerks[0], 0, "2025-11-04 21:59", 61);
    assert_eq!(street.found(), [], "up to the minute of opening and closing");
    street.serve(street.clerks[0], 1, "2025-11-04 05:59", 61);
    street.serve(street.clerks[0], 2, "2025-11-04 22:00", 61);
    let it = street.only(AnomalyKind::OutsideOpening);
    assert_eq!((it.passbooks.len(), it.records.len()), (2, 2));
    assert!(it.chinese.contains("2025-11-04 05:59 至 2025-11-04 07:00"), "{}", it.chinese);

    let mut watch = self::street();
    let patrol = NamedActivity {
        branch: Town::code("N1"),
        name: ActivityName::new("巡逻").unwrap(),
        category: Some(lovebank_ledger::Category::new("夜间巡逻").unwrap()),
        place: None,
    };
    let service = Service::interval(interval("2025-11-04 23:00", 301));
    watch.town.record(watch.clerks[0], ActivityRef::Named(patrol), "0", service).unwrap();
    watch.only(AnomalyKind::OutsideOpening);
    let rules =
        DEFAULT_RULEBOOK.replace("night_categories = []", "night_categories = [\"夜间巡逻\"]");
    assert_eq!(watch.told(&rules, &[]).found, []);
}

#[test]
fn check_outs_that_never_came_are_found() {
    let mut street = street();
    for (times, on) in ["2026-04-02", "2026-04-03", "2026-04-04"].into_iter().enumerate() {
        street.check_in(0, on);
        street.close();
        let count = street.found().len();
        assert_eq!(count, usize::from(times == 2), "after {on}");
    }
    let it = street.only(AnomalyKind::ForgottenCheckOuts);
    assert_eq!(it.figures, [("check_ins", 3), ("recorded", 3)]);
    assert_eq!(it.entries.len(), 3);
}

#[test]
fn gifts_of_many_to_one_within_a_week_are_found() {
    let mut street = street();
    for (from, on) in [(1, "2026-04-02"), (2, "2026-04-10"), (3, "2026-04-11"), (4, "2026-04-12")] {
        street.give(from, 0, &format!("{on} 09:00"));
    }
    street.give(4, 0, "2026-04-13 09:00");
    street.give(5, 0, "2026-04-17 08:59");
    assert_eq!(street.found(), [], "four givers within a week");
    street.give(6, 0, "2026-04-17 09:00");
    assert_eq!(street.found(), [], "a week is over to the minute");
    let mut street = self::street();
    for from in 1..=5 {
        street.give(from, 0, &format!("2026-04-0{} 09:00", from + 1));
    }
    let it = street.only(AnomalyKind::GiftBurst);
    assert_eq!((it.passbooks.len(), it.gifts.len()), (6, 5));
    assert_eq!(it.figures[2], ("points_hundredths", 50));
}

#[test]
fn more_of_a_kind_than_are_told_are_counted() {
    let street = street();
    let pair = |no: usize| vec![Street::passbook(no), Street::passbook(no + 1)];
    let at_most: Vec<_> = (0..ANOMALIES_MAX).map(pair).collect();
    let told = street.told(DEFAULT_RULEBOOK, &at_most);
    assert_eq!((told.found.len(), told.left_out), (ANOMALIES_MAX, 0));
    let over: Vec<_> = (0..=ANOMALIES_MAX).map(pair).collect();
    let told = street.told(DEFAULT_RULEBOOK, &over);
    assert_eq!((told.found.len(), told.left_out), (ANOMALIES_MAX, 1));
}

#[test]
fn rules_of_before_have_the_documented_thresholds_and_bad_ones_are_refused() {
    let (before, after) = DEFAULT_RULEBOOK.split_once("[anomalies]").unwrap();
    let (table, rest) = after.split_once("# 优先: who").unwrap();
    let old = Rulebook::parse(&format!("{before}# 优先: who{rest}")).unwrap();
    let new = Rulebook::parse(DEFAULT_RULEBOOK).unwrap();
    assert_eq!(old.anomalies(), new.anomalies());
    assert!(table.contains("gift_givers"));
    for (from, to, says) in [
        ("day_minutes = 960", "day_minutes = 1441", "anomalies.day_minutes"),
        ("opens = \"06:00\"", "opens = \"6\"", "is no time"),
        ("closes = \"23:00\"", "closes = \"06:00\"", "not after"),
        ("gift_givers = 5", "gift_givers = 1", "anomalies.gift_givers"),
        ("gift_days = 7", "gift_day = 7", "gift_day"),
        ("year_end_hours = [100]", "year_end_hours = [0]", "anomalies.year_end_hours"),
    ] {
        assert!(DEFAULT_RULEBOOK.contains(from));
        let refused = Rulebook::parse(&DEFAULT_RULEBOOK.replace(from, to)).unwrap_err();
        assert!(refused.to_string().contains(says), "{refused}");
    }
    let night = |count| {
        let names: Vec<String> = (0..count).map(|it| format!("\"c{it}\"")).collect();
        let list = format!("night_categories = [{}]", names.join(","));
        Rulebook::parse(&DEFAULT_RULEBOOK.replace("night_categories = []", &list))
    };
    assert!(night(32).is_ok() && night(33).is_err());
}
