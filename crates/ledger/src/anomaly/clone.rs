//! Cloned sheets: the same people with the same times of day, on two days or at two activities;
//! also where some of the rows were changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use super::{Anomaly, AnomalyKind, AnomalyRules, figure, served};
use crate::{ActivityNo, Ledger, PassbookNo, RecordNo, RecordRow, ServiceTime};

/// The records of an activity on a day, or over a span.
type Sheet = (ActivityNo, Date, Option<Date>);
/// Who served, from which minute of the day on where that is known, and for how long.
type Row = (PassbookNo, Option<i64>, i64);

/// Sheets with the very same rows.
struct Group {
    rows: Vec<Row>,
    sheets: Vec<(Sheet, Vec<RecordNo>)>,
}

/// Other groups that a group is compared with, at most: those that have a seldom row of it too.
const COMPARED_MAX: usize = 1_000;

pub(super) fn find(ledger: &Ledger<'_>, rules: &AnomalyRules) -> Vec<Anomaly> {
    let groups = groups(ledger, rules);
    let seldom = Seldom::of(&groups, rules.cloned_changes);
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        if told.contains(&at) {
            continue;
        }
        let (mut alike, mut changed) = (vec![group], 0);
        for (other, it) in seldom.beside(at, &groups) {
            if told.contains(&other) {
                continue;
            }
            if let Some(rows) = changes(&group.rows, &it.rows, rules.cloned_changes) {
                told.insert(other);
                alike.push(it);
                changed = changed.max(rows);
            }
        }
        let sheets: Vec<_> = alike.iter().flat_map(|it| &it.sheets).collect();
        if 1 < sheets.len() {
            found.push(cloned(ledger, &group.rows, (&sheets, changed)));
        }
    }
    found
}

/// The sheets that are large enough, in the order of their rows.
fn groups(ledger: &Ledger<'_>, rules: &AnomalyRules) -> Vec<Group> {
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
    alike.into_iter().map(|(rows, sheets)| Group { rows, sheets }).collect()
}

/// The most seldom rows of each group, one more than may be changed: of two groups that are alike
/// but for these, one at least is among those of both.
struct Seldom {
    of: Vec<Vec<Row>>,
    groups: HashMap<Row, Vec<usize>>,
}

impl Seldom {
    fn of(groups: &[Group], changes: usize) -> Self {
        let mut often: HashMap<Row, usize> = HashMap::new();
        for row in groups.iter().flat_map(|it| &it.rows) {
            let count = often.entry(*row).or_default();
            *count = count.saturating_add(1);
        }
        let mut seldom = Self { of: Vec::new(), groups: HashMap::new() };
        for (at, group) in groups.iter().enumerate() {
            let mut rows = group.rows.clone();
            rows.sort_unstable_by_key(|it| (often.get(it).copied(), *it));
            rows.truncate(changes.saturating_add(1));
            for row in &rows {
                seldom.groups.entry(*row).or_default().push(at);
            }
            seldom.of.push(rows);
        }
        seldom
    }

    /// The later groups that may be like one.
    fn beside<'a>(
        &'a self,
        at: usize,
        groups: &'a [Group],
    ) -> impl Iterator<Item = (usize, &'a Group)> {
        let rows = self.of.get(at).into_iter().flatten();
        let all = rows.filter_map(|it| self.groups.get(it)).flatten();
        let later: BTreeSet<usize> = all.copied().filter(|it| at < *it).collect();
        later.into_iter().take(COMPARED_MAX).filter_map(|it| Some((it, groups.get(it)?)))
    }
}

/// How many rows of either, which are sorted, the other does not have; none if more than so many.
fn changes(one: &[Row], other: &[Row], most: usize) -> Option<usize> {
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    let (mut gone, mut new) = (0_usize, 0_usize);
    while gone.max(new) <= most {
        match (left.peek(), right.peek()) {
            (None, None) => return Some(gone.max(new)),
            (Some(a), Some(b)) if a == b => {
                left.next();
                right.next();
            }
            (Some(a), b) if b.is_none_or(|b| a < b) => {
                left.next();
                gone = gone.saturating_add(1);
            }
            _ => {
                right.next();
                new = new.saturating_add(1);
            }
        }
    }
    None
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

fn cloned(
    ledger: &Ledger<'_>,
    rows: &[Row],
    (sheets, changed): (&[&(Sheet, Vec<RecordNo>)], usize),
) -> Anomaly {
    let (passbooks, count) = (people(rows), sheets.len());
    let people = passbooks.len();
    let named: Vec<String> = sheets.iter().take(3).map(|(it, _)| name(ledger, *it)).collect();
    let (english, chinese) = (named.join(", "), named.join("、"));
    let but = match changed {
        0 => (String::new(), "完全相同".to_owned()),
        it => (format!(", but for {it} of their rows at most"), format!("除至多 {it} 行外都相同")),
    };
    let days = sheets.iter().map(|(it, _)| it.2.unwrap_or(it.1));
    let days = days.min().zip(sheets.iter().map(|(it, _)| it.1).max());
    let said = (
        format!(
            "{count} sheets have the same {people} volunteers with the same times{}: {english}",
            but.0
        ),
        format!("{count} 张表的 {people} 名志愿者及其时间{}：{chinese}", but.1),
    );
    // The copies first by turns, so that records of each are told.
    let longest = sheets.iter().map(|(_, it)| it.len()).max().unwrap_or(0);
    let by_turns = (0..longest).flat_map(|at| sheets.iter().filter_map(move |it| it.1.get(at)));
    let figures = vec![
        ("sheets", figure(count)),
        ("volunteers", figure(people)),
        ("changed_rows", figure(changed)),
    ];
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
