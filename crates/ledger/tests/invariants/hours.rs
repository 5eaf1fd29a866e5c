//! Records and their lines: time that is taken twice, days too full, lines of another.

use lovebank_ledger::{
    About, BatchMode, Command, Credit, Credited, Event, Level, LineKind, Points, Reason, RecordNo,
    ServiceTime, Standing,
};
use lovebank_testkit::{day, interval};

use crate::street::{HOUR, Street};

fn at(start: &str, minutes: u32) -> ServiceTime {
    ServiceTime::Interval(interval(&format!("2026-03-01 {start}"), minutes))
}

#[test]
fn two_records_of_one_time_are_found_and_adjacent_ones_are_not() {
    let mut street = Street::new();
    street.serve(at("10:00", 60), 60);
    street.serve(at("08:00", 60), 60);
    street.found(&[]);
    street.serve(at("10:59", 60), 60);
    street.found(&[(4, "records 2 and 4 overlap")]);
}

#[test]
fn what_was_taken_back_takes_no_time() {
    let mut street = Street::new();
    let records = vec![RecordNo::FIRST];
    let (reason, mode) = (Reason::Other, BatchMode::Atomic);
    street.town.must(street.approver, &Command::ReverseHours { records, reason, mode });
    street.serve(at("09:30", 60), 60);
    street.found(&[]);
}

#[test]
fn a_day_of_more_than_1440_minutes_is_found() {
    let mut street = Street::new();
    street.serve(ServiceTime::Day(day("2026-03-01")), 1380);
    street.found(&[]);
    // From 23:59 until 00:01: a minute of the full day, and one of the next.
    street.serve(at("23:59", 2), 2);
    street.found(&[(4, "2026-03-01 of passbook 1 holds 1441 minutes")]);
}

#[test]
fn a_deduction_takes_nothing_of_a_day() {
    let mut street = Street::new();
    street.serve(ServiceTime::Day(day("2026-03-01")), -60);
    street.serve(ServiceTime::Day(day("2026-03-01")), 1380);
    street.found(&[]);
    street.serve(ServiceTime::Day(day("2026-03-01")), 1);
    street.found(&[(4, "2026-03-01 of passbook 1 holds 1441 minutes")]);
}

#[test]
fn a_record_that_counts_and_has_no_line_is_found_and_so_is_one_that_waits_and_has_one() {
    let mut street = Street::new();
    street.forge_record(street.record(at("10:00", 60), HOUR), None);
    street.found(&[(8, "record 2 is posted; its lines are of another")]);

    let mut street = Street::new();
    let mut record = street.record(at("10:00", 60), (60, 0));
    record.standing = Standing::Pending(Level::Branch);
    street.forge_record(record, None);
    street.found(&[]);
    let said = (LineKind::Earned, About::Record(record.no));
    let approved = Credited { record: record.no, credit: Credit::default() };
    let event = Event::HoursApproved { records: vec![approved], refused: Vec::new() };
    street.forge(event, street.line(said, (60, 0), Vec::new()));
    street.found(&[]);

    let mut street = Street::new();
    street.forge_record(record, Some((60, 0)));
    street.found(&[(8, "record 2 is pending; its lines are of another")]);
}

#[test]
fn a_line_of_other_minutes_than_its_record_is_found() {
    let mut street = Street::new();
    street.forge_record(street.record(at("10:00", 60), HOUR), Some((61, 100)));
    street.found(&[(8, "record 2 is posted; its lines are of another")]);
}

#[test]
fn a_record_that_is_taken_back_twice_is_found() {
    let mut street = Street::new();
    let mut take_back = || {
        let records = vec![RecordNo::FIRST];
        let event = Event::HoursReversed { records, reason: Reason::Other, refused: Vec::new() };
        let said = (LineKind::Reversed, About::Record(RecordNo::FIRST));
        street.forge(event, street.line(said, (-60, -100), Vec::new()));
    };
    take_back();
    take_back();
    street.found(&[
        (8, "record 1 was reversed twice"),
        (8, "record 1 is reversed; its lines are of another"),
    ]);
}

#[test]
fn a_year_of_a_branch_that_its_lines_do_not_come_to_is_found() {
    let mut street = Street::new();
    let overflow = Points::from_hundredths(1);
    let credit = Credit { points: Points::from_hundredths(100), overflow };
    let again = Credited { record: RecordNo::FIRST, credit };
    let event = Event::HoursApproved { records: vec![again], refused: Vec::new() };
    street.forge(event, Vec::new());
    street.found(&[(7, "the totals of a branch are not the sum of its lines")]);
}
