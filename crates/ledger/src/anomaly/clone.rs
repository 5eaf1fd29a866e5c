//! Cloned sheets: the same people with the same times of day, on two days or at two activities.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Anomaly, AnomalyKind, AnomalyRules, figure, served};
use crate::{ActivityNo, Ledger, PassbookNo, RecordNo, RecordRow, ServiceTime};

/// The records of an activity on a day, or over a span.
type Sheet = (ActivityNo, Date, Option<Date>);
/// Who served, from which minute of the day on where that is known, and for how long.
type Row = (PassbookNo, Option<i64>, i64);

pub(super) fn find(ledger: &Ledger<'_>, rules: &AnomalyRules) -> Vec<Anomaly> {
    let mut sheets: BTreeMap<Sheet, Vec<(Row, RecordNo)>> = BTreeMap::new();
    for (no, row) in served(ledger) {
        sheets.entry(sheet(row)).or_default().push((line(ledger, row), no));
    }
    let mut alike: BTreeMap<Vec<Row>, Vec<(Sheet, Vec<RecordNo>)>> = BTreeMap::new();
    for (sheet, mut lines) in sheets {
        lines.sort_unstable();
        let (rows, records): (Vec<Row>, Vec<RecordNo>) = lines.into_iter().unzip();
        if rules.cloned_volunteers <= people(&rows).len() {
            alike.entry(rows).or_default().push((sheet, records));
        }
    }
    alike.retain(|_, sheets| 1 < sheets.len());
    alike.into_iter().map(|(rows, sheets)| cloned(ledger, &rows, &sheets)).collect()
}

/// Who is in the rows of a sheet, which are sorted: each once.
fn people(rows: &[Row]) -> Vec<PassbookNo> {
    let mut people: Vec<PassbookNo> = rows.iter().map(|it| it.0).collect();
    people.dedup();
    people
}

fn sheet(row: &RecordRow) -> Sheet {
    match row.time {
        ServiceTime::Interval(_) | ServiceTime::Day(_) => (row.activity, row.date, None),
        ServiceTime::Span(it) => (row.activity, it.to(), Some(it.from())),
    }
}

fn line(ledger: &Ledger<'_>, row: &RecordRow) -> Row {
    let start = match row.time {
        ServiceTime::Interval(it) => ledger.day(row.date).map(|day| day.0.until(it.start())),
        ServiceTime::Day(_) | ServiceTime::Span(_) => None,
    };
    (row.passbook, start, row.minutes.get())
}

fn cloned(ledger: &Ledger<'_>, rows: &[Row], sheets: &[(Sheet, Vec<RecordNo>)]) -> Anomaly {
    let (passbooks, count) = (people(rows), sheets.len());
    let people = passbooks.len();
    let named: Vec<String> = sheets.iter().take(3).map(|(it, _)| name(ledger, *it)).collect();
    let (english, chinese) = (named.join(", "), named.join("、"));
    let days = sheets.iter().map(|(it, _)| it.2.unwrap_or(it.1));
    let days = days.min().zip(sheets.iter().map(|(it, _)| it.1).max());
    let said = (
        format!("{count} sheets have the same {people} volunteers with the same times: {english}"),
        format!("{count} 张表的 {people} 名志愿者及其时间完全相同：{chinese}"),
    );
    // The copies first by turns, so that records of each are told.
    let longest = sheets.iter().map(|(_, it)| it.len()).max().unwrap_or(0);
    let by_turns = (0..longest).flat_map(|at| sheets.iter().filter_map(move |it| it.1.get(at)));
    let figures = vec![("sheets", figure(count)), ("volunteers", figure(people))];
    Anomaly {
        passbooks,
        days,
        records: by_turns.copied().collect(),
        ..Anomaly::new(AnomalyKind::ClonedSheet, figures, said)
    }
}

/// A sheet, by its activity and day.
fn name(ledger: &Ledger<'_>, (activity, day, from): Sheet) -> String {
    let name = ledger.activity(activity).map_or_else(String::new, |it| it.name.to_string());
    let from = from.map(|it| format!("{it}..")).unwrap_or_default();
    format!("{name} {from}{day}")
}
