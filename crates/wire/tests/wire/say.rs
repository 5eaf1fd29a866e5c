//! Short ways to say requests. Whatever they say is well-formed until a test spoils it.

use lovebank_ledger::{NumberTag, VolunteerRef};
use lovebank_wire::{Fault, Parsed, v1};
use prost_types::Timestamp;

/// Noon of 2026-03-01 in Shanghai, in seconds.
pub(crate) const NOON: i64 = 1_772_337_600;

pub(crate) fn resolve(text: &str) -> Result<VolunteerRef, Fault> {
    match text {
        "" => Err(Fault::Missing),
        _ => Ok(VolunteerRef::Tag(NumberTag::new([7; 16]))),
    }
}

/// The first fault, and how many there are.
pub(crate) fn fault<T: std::fmt::Debug>(parsed: Parsed<T>) -> (String, Fault, usize) {
    let err = parsed.expect_err("it cannot be understood");
    let first = err.violations().next().expect("there is one").clone();
    (first.field, first.fault, err.violations().count())
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp { seconds, nanos: 0 }
}

pub(crate) fn interval() -> v1::Interval {
    v1::Interval { start_time: Some(at(NOON)), end_time: Some(at(NOON + 3600)) }
}

pub(crate) fn date() -> v1::Date {
    v1::Date { year: 2026, month: 3, day: 1 }
}

pub(crate) fn day(minutes: i32) -> v1::DayMinutes {
    v1::DayMinutes { date: Some(date()), minutes }
}

pub(crate) fn activity() -> v1::Activity {
    let (branch_code, name) = ("N1".to_owned(), "夜间巡逻".to_owned());
    v1::Activity { branch_code, name, ..v1::Activity::default() }
}

pub(crate) fn item() -> v1::HoursItem {
    v1::HoursItem {
        volunteer_number: "0042".to_owned(),
        time: Some(v1::hours_item::Time::Interval(interval())),
        ..v1::HoursItem::default()
    }
}

pub(crate) fn sheet() -> v1::BatchRecordHoursRequest {
    v1::BatchRecordHoursRequest {
        activity: Some(activity()),
        items: vec![item(); 3],
        ..v1::BatchRecordHoursRequest::default()
    }
}

pub(crate) fn reversal() -> v1::ReverseHoursRequest {
    v1::ReverseHoursRequest {
        record_nos: vec![1, 2],
        reason: v1::Reason::Other.into(),
        ..v1::ReverseHoursRequest::default()
    }
}

pub(crate) fn header() -> v1::ImportHeader {
    v1::ImportHeader {
        batch_key: vec![9; 32],
        branch_code: "N1".to_owned(),
        span: Some(v1::Span { from: Some(date()), to: Some(date()) }),
        ..v1::ImportHeader::default()
    }
}

pub(crate) fn row() -> v1::ImportRow {
    v1::ImportRow {
        line: 2,
        volunteer_number: "0042".to_owned(),
        activity: "夜间巡逻".to_owned(),
        time: Some(v1::import_row::Time::TotalMinutes(90)),
        ..v1::ImportRow::default()
    }
}

pub(crate) fn part(rows: Vec<v1::ImportRow>) -> v1::ImportPart {
    v1::ImportPart { part: 0, last: true, rows }
}

pub(crate) fn token() -> v1::IssueTokenRequest {
    let grant = v1::Grant {
        role: v1::Role::Clerk.into(),
        scope: Some(v1::grant::Scope::BranchCode("N1".to_owned())),
    };
    v1::IssueTokenRequest {
        handle: "clerk-n1".to_owned(),
        grants: vec![grant],
        ..v1::IssueTokenRequest::default()
    }
}
