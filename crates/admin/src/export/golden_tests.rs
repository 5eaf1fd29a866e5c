//! The columns of exports and the journal for hledger, as they are for ever.

use std::{fs, io::Write as _, path::PathBuf, process::Command as Process};

use lovebank_ledger::{
    BatchMode, Command, GiftCommand, GiftTo, Points, Positive, Reason, Role, Service,
};
use lovebank_testkit::{Town, day, interval};

use super::{Cell, Column, Form, POSTINGS, PlainText, Postings, STATEMENT, Sink, TOTALS, Totals};
use crate::file::NewFile;

/// A bank in which something of every kind of row happened.
fn town() -> Town {
    let mut town = Town::new();
    town.at("2026-03-02 09:00");
    let clerk = town.staff("clerk", Role::Clerk, Some("NW"));
    let approver = town.staff("approver", Role::Approver, Some("NW"));
    town.volunteer("1", "N1");
    town.volunteer("2", "N2");
    let served = |start, minutes| Service::interval(interval(start, minutes));
    let river = || Town::activity("N1", "社区巡河");
    let first = town.record(clerk, river(), "1", served("2026-03-01 14:00", 150)).unwrap();
    town.record(clerk, river(), "2", served("2026-02-28 09:00", 50)).unwrap();
    town.at("2026-04-01 00:00");
    let points = Positive::new(Points::from_hundredths(75)).unwrap();
    let (from, to) = (Town::volunteer_ref("2"), GiftTo::Pool(Town::code("N2")));
    town.must(clerk, &Command::Gift(GiftCommand::GivePoints { from, to, points }));
    let (records, reason, mode) = (vec![first], Reason::WrongTime, BatchMode::Atomic);
    town.must(approver, &Command::ReverseHours { records, reason, mode });
    let (volunteer, branch) = (Town::volunteer_ref("1"), Town::code("N2"));
    town.must(clerk, &Command::MoveVolunteer { volunteer, branch });
    let service = Service::day(day("2026-03-01"), lovebank_ledger::Minutes::new(120));
    town.record(clerk, river(), "1", service).unwrap();
    town
}

fn golden(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden")).join(name)
}

/// Where a column must change after all: delete the file, run the test, read the difference.
fn is_golden(name: &str, made: &[u8]) {
    let path = golden(name);
    if !path.exists() {
        fs::write(&path, made).unwrap();
        panic!("{} was not there: it is now, and is to be read and committed", path.display());
    }
    let (made, kept) = (String::from_utf8_lossy(made), fs::read_to_string(&path).unwrap());
    assert_eq!(made, kept, "{}", path.display());
}

fn table(name: &str, columns: &'static [Column], rows: &[Vec<Cell>]) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    let form = Form::of(&path, false).unwrap();
    let mut sink = Sink::new(form, NewFile::create(&path).unwrap(), columns).unwrap().unwrap();
    for it in rows {
        assert_eq!(it.len(), columns.len());
        sink.row(it).unwrap();
    }
    sink.end().unwrap().keep().unwrap();
    is_golden(name, &fs::read(path).unwrap());
}

#[test]
fn the_journal_has_a_row_for_each_posting_and_none_is_lost() {
    let (town, mut postings) = (town(), Postings::default());
    let rows: Vec<_> = town.journal().iter().flat_map(|(it, _)| postings.rows(it)).collect();
    table("postings.csv", POSTINGS, &rows);
    table("postings.jsonl", POSTINGS, &rows);
}

#[test]
fn totals_add_up_to_nothing_in_each_month() {
    let (town, mut totals) = (town(), Totals::default());
    town.journal().iter().for_each(|(it, _)| totals.add(it).unwrap());
    let rows: Vec<_> = totals.rows().collect();
    for month in ["2026-03", "2026-04"] {
        let of = |row: &&Vec<Cell>| row[0] == Cell::text(month);
        let minutes = rows.iter().filter(of).map(|it| it[5].said().unwrap());
        assert_eq!(minutes.map(|it| it.parse::<i64>().unwrap()).sum::<i64>(), 0, "{month}");
        let points = rows.iter().filter(of).map(|it| it[6].said().unwrap());
        let sum: rust_decimal::Decimal =
            points.map(|it| it.parse::<rust_decimal::Decimal>().unwrap()).sum();
        assert!(sum.is_zero(), "{month}: {sum}");
    }
    table("totals.csv", TOTALS, &rows);
}

#[test]
fn a_statement_keeps_its_columns() {
    table("statement.csv", STATEMENT, &[]);
}

#[test]
fn the_journal_is_one_that_hledger_checks_strictly() {
    let (town, mut plain, mut bytes) = (town(), PlainText::default(), Vec::new());
    PlainText::begin(&mut bytes).unwrap();
    for (entry, _) in town.journal() {
        plain.entry(&mut bytes, entry).unwrap();
    }
    is_golden("bank.journal", &bytes);
    let check = |args: &[&str]| {
        Process::new("hledger").args(args).arg("-f").arg(golden("bank.journal")).output()
    };
    let Ok(checked) = check(&["check", "--strict", "ordereddates"]) else {
        // Past the capture of the test's output: who reads the log has to see it.
        let told =
            std::io::stderr().write_all(b"hledger is not installed: its check was NOT run\n");
        return told.unwrap();
    };
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let balance = check(&["balance", "-N", "--flat", "-O", "csv"]).unwrap();
    let balance = String::from_utf8(balance.stdout).unwrap();
    assert!(balance.contains("\"passbook:1\",\"120 minutes, 2.00 points\""), "{balance}");
    assert!(balance.contains("\"passbook:2\",\"50 minutes, 0.08 points\""), "{balance}");
    assert!(balance.contains("\"branch:LG:NW:N2:pool\",\"0.75 points\""), "{balance}");
}
