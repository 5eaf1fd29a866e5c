//! What an undo comes to at its edges: points that are gone, deductions, parts and counts.

use lovebank_ledger::{
    ActivityName, BatchMode, Command, GiftCommand, GiftTo, ImportHours, ImportPart, ImportRow,
    Minutes, PassbookNo, Points, Positive, Reason, Refusal, Role, RowCounts, Service,
};
use lovebank_testkit::{Town, day, interval};

use super::{Bank, Said, key, row};

#[test]
fn points_that_are_spent_are_owed_only_where_that_is_said() {
    let mut bank = Bank::new();
    bank.take(0, &[vec![(0, 0, 0, 4), (1, 0, 0, 4)]]);
    let own = bank.town.own_token("own", "1");
    let points = Points::from_hundredths(150);
    let gift = Positive::new(points).unwrap();
    let (from, to) = (Town::volunteer_ref("1"), GiftTo::Pool(Town::code("N1")));
    bank.town.must(own, &Command::Gift(GiftCommand::GivePoints { from, to, points: gift }));
    let before = bank.town.ledger().clone();
    let command = |debts| Command::UndoImport { batch: key(0), debts };
    let refused = bank.town.ask(bank.approver, &command(false)).unwrap_err();
    let Refusal::PointsSpent { passbook, missing, passbooks } = refused.refusal else {
        panic!("{refused}")
    };
    assert_eq!((passbook.get(), missing, passbooks), (1, points, 1));
    assert!(before == *bank.town.ledger(), "a refusal changes nothing");
    bank.town.must(bank.approver, &command(true));
    let undo = bank.town.ledger().import(&key(0)).unwrap().undo.unwrap();
    assert!(undo.debts && undo.done, "and that it was said stays known");
    let owing = bank.town.ledger().passbook(passbook).unwrap();
    assert_eq!((owing.minutes, owing.points), (Minutes::ZERO, points.negated()));
    assert_eq!(bank.town.breaches(), []);
}

#[test]
fn points_that_expired_are_owed_by_who_had_them() {
    let mut bank = Bank::expiring();
    bank.take(0, &[vec![(0, 0, 0, 4)]]);
    bank.at("2026-06-01 00:00");
    let command = |debts| Command::UndoImport { batch: key(0), debts };
    let refused = bank.town.ask(bank.approver, &command(false)).unwrap_err();
    let missing = Points::from_hundredths(200);
    assert!(matches!(refused.refusal, Refusal::PointsSpent { missing: it, .. } if it == missing));
    bank.town.must(bank.approver, &command(true));
    let passbook = bank.town.ledger().passbook(PassbookNo::FIRST).unwrap();
    assert_eq!((passbook.minutes, passbook.points), (Minutes::ZERO, missing.negated()));
    assert_eq!(bank.town.breaches(), []);
}

#[test]
fn a_batch_is_its_branchs_also_where_it_said_nothing_new() {
    let mut bank = Bank::new();
    let said: [&[Said]; 3] = [&[(0, 0, 0, 4)], &[(0, 0, 0, 4)], &[(1, 1, 0, 0)]];
    let other = bank.town.staff("approver-bj", Role::Approver, Some("BJ"));
    let n1 = bank.town.ledger().branch_by_code(&Town::code("N1")).unwrap().no;
    for (file, rows) in said.into_iter().enumerate() {
        bank.take(file, &[rows.to_vec()]);
        assert_eq!(bank.town.ledger().import(&key(file)).unwrap().branch, Some(n1));
        let command = Command::UndoImport { batch: key(file), debts: true };
        let refused = bank.town.ask(other, &command).unwrap_err().refusal;
        assert_eq!(refused, Refusal::OutOfScope { branch: Town::code("N1") });
    }
}

#[test]
fn a_deduction_that_a_sheet_changed_stands_again_once_the_sheet_is_undone() {
    let mut bank = Bank::new();
    bank.take(0, &[vec![(0, 0, 1, -1)]]);
    bank.take(1, &[vec![(0, 0, 1, -2)]]);
    let minutes = |bank: &Bank| {
        let balance = bank.town.ledger().passbook(PassbookNo::FIRST).unwrap();
        balance.minutes.get()
    };
    assert_eq!(minutes(&bank), -60);
    bank.undo(1);
    assert_eq!(minutes(&bank), -30);
    bank.undo(0);
    assert_eq!(minutes(&bank), 0);
    assert_eq!(bank.town.breaches(), []);
}

#[test]
fn what_a_batch_said_counts_until_its_own_turn_comes() {
    let last = ActivityName::new("活动1200").unwrap();
    let undone = |with_another: bool| {
        let mut bank = Bank::new();
        let rows = (1..=1200_u32).map(|line| ImportRow {
            name: ActivityName::new(&format!("活动{line}")).unwrap(),
            ..row((u8::from(600 < line), 0, 0, 1), line)
        });
        let mut take = |file, part, last, rows: &[ImportRow]| {
            let part = ImportPart { batch: key(file), part, last, file: None };
            let span = lovebank_ledger::Span::new(day("2025-01-01"), day("2025-12-31")).unwrap();
            let (branch, rows) = (Town::code("N1"), rows.to_vec());
            let import = ImportHours { part, branch, opening: false, span: Some(span), rows };
            bank.town.must(bank.clerk, &Command::ImportHours(import));
        };
        let rows: Vec<ImportRow> = rows.collect();
        take(0, 0, false, &rows[..600]);
        take(0, 1, true, &rows[600..]);
        if with_another {
            take(1, 0, true, &[ImportRow { name: last.clone(), ..row((1, 0, 0, 3), 1) }]);
        }
        // Two of 600 do not go into one entry: the second volunteer is left.
        bank.town.must(bank.approver, &Command::UndoImport { batch: key(0), debts: true });
        assert!(!bank.town.ledger().import(&key(0)).unwrap().undo.unwrap().done);
        if with_another {
            bank.undo(1);
        }
        let half = bank.totals();
        bank.undo(0);
        assert!(bank.totals().is_empty());
        half
    };
    assert_eq!(undone(true), undone(false));
}

#[test]
fn every_row_of_a_batch_is_counted_by_what_came_of_it() {
    let mut bank = Bank::new();
    bank.take(0, &[vec![(0, 0, 0, 2), (1, 0, 0, 2), (2, 0, 0, 2)]]);
    // The same, another value, nothing any more, and two that are new: one of them nothing.
    bank.take(
        1,
        &[vec![(0, 0, 0, 2), (1, 0, 0, 3), (2, 0, 0, 0)], vec![(3, 0, 0, 1), (3, 1, 0, 0)]],
    );
    let rows = |file| bank.town.ledger().import(&key(file)).unwrap().rows;
    let none = RowCounts::default();
    assert_eq!(rows(0), RowCounts { new: 3, ..none });
    assert_eq!(rows(1), RowCounts { new: 1, corrected: 2, same: 2, refused: 0 });
}

#[test]
fn an_undo_that_takes_nothing_from_one_in_debt_is_no_debt_of_it() {
    let mut bank = Bank::new();
    // The second file says the same anew, and counts.
    let said = vec![vec![(0, 0, 0, 4)]];
    bank.take(0, &said);
    bank.take(1, &said);
    let own = bank.town.own_token("own", "1");
    let service = Service::interval(interval("2026-03-05 09:00", 60));
    let record = bank.town.record(bank.clerk, Town::activity("N1", "扫街"), "1", service).unwrap();
    let points = Positive::new(Points::from_hundredths(300)).unwrap();
    let (from, to) = (Town::volunteer_ref("1"), GiftTo::Pool(Town::code("N1")));
    bank.town.must(own, &Command::Gift(GiftCommand::GivePoints { from, to, points }));
    let (reason, mode) = (Reason::NotServed, BatchMode::Atomic);
    let reverse = Command::ReverseHours { records: vec![record], reason, mode };
    bank.town.must(bank.approver, &reverse);
    let debt = |bank: &Bank| bank.town.ledger().passbook(PassbookNo::FIRST).unwrap().points;
    assert_eq!(debt(&bank).hundredths(), -100);
    let undo = |file| Command::UndoImport { batch: key(file), debts: false };
    bank.town.must(bank.approver, &undo(0));
    assert_eq!(debt(&bank).hundredths(), -100);
    let refused = bank.town.ask(bank.approver, &undo(1)).unwrap_err().refusal;
    let (passbook, missing) = (PassbookNo::FIRST, Points::from_hundredths(300));
    assert_eq!(refused, Refusal::PointsSpent { passbook, missing, passbooks: 1 });
}

#[test]
fn everybody_who_would_owe_is_counted() {
    let mut bank = Bank::new();
    bank.take(0, &[vec![(0, 0, 0, 4), (1, 0, 0, 4), (2, 0, 0, 4)]]);
    for who in ["1", "2"] {
        let own = bank.town.own_token(&format!("own-{who}"), who);
        let points = Positive::new(Points::from_hundredths(200)).unwrap();
        let (from, to) = (Town::volunteer_ref(who), GiftTo::Pool(Town::code("N1")));
        bank.town.must(own, &Command::Gift(GiftCommand::GivePoints { from, to, points }));
    }
    let command = Command::UndoImport { batch: key(0), debts: false };
    let refused = bank.town.ask(bank.approver, &command).unwrap_err().refusal;
    let passbook = PassbookNo::new(1).unwrap();
    let missing = Points::from_hundredths(200);
    assert_eq!(refused, Refusal::PointsSpent { passbook, missing, passbooks: 2 });
}

#[test]
fn what_an_undo_brings_back_is_counted_over_its_entries() {
    let mut bank = Bank::new();
    // The second file says each of 1,500 anew; without it the first counts again.
    for (file, minutes) in [(0, 1), (1, 2)] {
        let rows: Vec<ImportRow> = (0..1500_u32)
            .map(|line| ImportRow {
                name: ActivityName::new(&format!("活动{line}")).unwrap(),
                ..row((u8::try_from(line % 4).unwrap(), 0, 0, minutes), line + 1)
            })
            .collect();
        for (part, rows) in (0..).zip(rows.chunks(1000)) {
            let part = ImportPart { batch: key(file), part, last: part == 1, file: None };
            let span = lovebank_ledger::Span::new(day("2025-01-01"), day("2025-12-31")).unwrap();
            let (branch, rows) = (Town::code("N1"), rows.to_vec());
            let import = ImportHours { part, branch, opening: false, span: Some(span), rows };
            bank.town.must(bank.clerk, &Command::ImportHours(import));
        }
    }
    assert_eq!(bank.undo(1), 2);
    let undo = bank.town.ledger().import(&key(1)).unwrap().undo.unwrap();
    assert_eq!((undo.taken_back, undo.restored), (1500, 1500));
}
