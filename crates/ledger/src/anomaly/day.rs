//! Impossible days: more hours than a person serves on one day, or on each day of a span.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Anomaly, AnomalyKind, AnomalyRules, hours, stands};
use crate::{Ledger, PassbookNo, Provenance, RecordNo, RecordRow, ServiceTime};

pub(super) fn find(ledger: &Ledger<'_>, rules: &AnomalyRules) -> Vec<Anomaly> {
    let last = u64::try_from(ledger.volunteer_count()).unwrap_or(u64::MAX);
    let passbooks = (1..=last).filter_map(|it| PassbookNo::new(it).ok());
    passbooks.flat_map(|it| of(ledger, it, rules)).collect()
}

fn of(ledger: &Ledger<'_>, passbook: PassbookNo, rules: &AnomalyRules) -> Vec<Anomaly> {
    let mut days: BTreeMap<Date, (i64, Vec<RecordNo>)> = BTreeMap::new();
    let mut found = Vec::new();
    for (no, row) in ledger.records_of(passbook).filter(|(_, it)| stands(it)) {
        let minutes = row.minutes.get();
        match row.time {
            ServiceTime::Interval(_) | ServiceTime::Day(_) => {
                let (sum, records) = days.entry(row.date).or_default();
                *sum = sum.saturating_add(minutes);
                records.push(no);
            }
            ServiceTime::Span(it) if is_too_much(row, it.days(), rules) => {
                let days = (it.from(), it.to());
                found.push(impossible(passbook, days, (minutes, it.days()), vec![no]));
            }
            ServiceTime::Span(_) => {}
        }
    }
    days.retain(|_, (sum, _)| rules.day_minutes < *sum);
    let days = days.into_iter();
    found.extend(
        days.map(|(day, (sum, records))| impossible(passbook, (day, day), (sum, 1), records)),
    );
    found
}

/// What was taken over from an earlier system has the days of no service.
fn is_too_much(row: &RecordRow, days: i64, rules: &AnomalyRules) -> bool {
    row.provenance != Provenance::Opening
        && rules.day_minutes.saturating_mul(days) < row.minutes.get()
}

fn impossible(
    passbook: PassbookNo,
    days: (Date, Date),
    (minutes, count): (i64, i64),
    records: Vec<RecordNo>,
) -> Anomaly {
    let a_day = minutes.checked_div(count).unwrap_or(minutes);
    let (from, until) = days;
    let served = hours(a_day);
    let said = if count == 1 {
        (
            format!("passbook {passbook} served {served} hours on {from}"),
            format!("存折 {passbook} 在 {from} 服务了 {served} 小时"),
        )
    } else {
        (
            format!("passbook {passbook} served {served} hours a day from {from} to {until}"),
            format!("存折 {passbook} 自 {from} 至 {until} 平均每天服务 {served} 小时"),
        )
    };
    let figures = vec![("minutes_a_day", a_day), ("minutes", minutes), ("days", count)];
    Anomaly {
        passbooks: vec![passbook],
        days: Some(days),
        records,
        ..Anomaly::new(AnomalyKind::ImpossibleDay, figures, said)
    }
}
