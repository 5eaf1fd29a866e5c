//! Cloned sheets: the same people with the same times of day, on two days or at two activities;
//! also where some of the rows were changed.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

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

/// Other groups that a group is compared with, at most: those that have a seldom row of it too, and
/// are not told yet.
const COMPARED_MAX: usize = 1_000;

/// Groups that are copies of each other.
#[derive(Default)]
struct Copies<'a> {
    alike: Vec<&'a Group>,
    /// How many rows of one were changed, at most.
    changed: usize,
    /// How many of their sheets were not compared with all that may be copies of them.
    uncompared: usize,
}

/// Sheets that are copies of each other; and how many were not compared with all that may be.
pub(super) fn find(ledger: &Ledger<'_>, rules: &AnomalyRules) -> (Vec<Anomaly>, usize) {
    let groups = groups(ledger, rules);
    let (mut found, mut uncompared) = (Vec::new(), 0_usize);
    for it in copies(&groups, rules.cloned_changes) {
        uncompared = uncompared.saturating_add(it.uncompared);
        if 1 < it.alike.iter().flat_map(|it| &it.sheets).count() {
            found.push(cloned(ledger, &it.alike, it.changed));
        }
    }
    (found, uncompared)
}

/// Every group once, with those that are copies of it, or of a copy.
fn copies(groups: &[Group], most: usize) -> Vec<Copies<'_>> {
    let seldom = Seldom::of(groups, most);
    let mut told = BTreeSet::new();
    let of = |at| told.insert(at).then(|| copies_of(at, groups, (&seldom, most), &mut told));
    (0..groups.len()).filter_map(of).collect()
}

fn copies_of<'a>(
    at: usize,
    groups: &'a [Group],
    (seldom, most): (&Seldom, usize),
    told: &mut BTreeSet<usize>,
) -> Copies<'a> {
    let mut copies = Copies::default();
    let mut next = VecDeque::from([at]);
    while let Some(one) = next.pop_front() {
        let Some(group) = groups.get(one) else { continue };
        copies.alike.push(group);
        let (beside, all) = seldom.beside(one, told);
        if !all {
            copies.uncompared = copies.uncompared.saturating_add(group.sheets.len());
        }
        for other in beside {
            let rows = groups.get(other).and_then(|it| changes(&group.rows, &it.rows, most));
            if let Some(rows) = rows {
                told.insert(other);
                next.push_back(other);
                copies.changed = copies.changed.max(rows);
            }
        }
    }
    copies
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
        let mut seldom = Self { of: Vec::new(), groups: HashMap::new() };
        if changes == 0 {
            return seldom;
        }
        let mut often: HashMap<Row, usize> = HashMap::new();
        for row in groups.iter().flat_map(|it| &it.rows) {
            let count = often.entry(*row).or_default();
            *count = count.saturating_add(1);
        }
        for (at, group) in groups.iter().enumerate() {
            let counted = group.rows.iter().map(|it| (often.get(it).copied(), *it));
            let mut counted: Vec<_> = counted.collect();
            counted.sort_unstable();
            let most = changes.saturating_add(1);
            let rows: Vec<Row> = counted.into_iter().take(most).map(|it| it.1).collect();
            for row in &rows {
                seldom.groups.entry(*row).or_default().push(at);
            }
            seldom.of.push(rows);
        }
        seldom
    }

    /// Groups that may be like one and are not told yet, up to the most; and whether that is all.
    fn beside(&self, at: usize, told: &BTreeSet<usize>) -> (BTreeSet<usize>, bool) {
        let mut found = BTreeSet::new();
        let rows = self.of.get(at).into_iter().flatten();
        let all = rows.filter_map(|it| self.groups.get(it)).flatten();
        for other in all.copied().filter(|it| !told.contains(it)) {
            if COMPARED_MAX <= found.len() && !found.contains(&other) {
                return (found, false);
            }
            found.insert(other);
        }
        (found, true)
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
    (ledger.person(row.passbook), start, row.minutes.get())
}

fn cloned(ledger: &Ledger<'_>, alike: &[&Group], changed: usize) -> Anomaly {
    let sheets: Vec<_> = alike.iter().flat_map(|it| &it.sheets).collect();
    let mut passbooks: Vec<PassbookNo> = alike.iter().flat_map(|it| people(&it.rows)).collect();
    passbooks.sort_unstable();
    passbooks.dedup();
    let count = sheets.len();
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
    // First what differs; then the copies by turns, so that records of each are told.
    let differing = differing(alike);
    let longest = sheets.iter().map(|(_, it)| it.len()).max().unwrap_or(0);
    let by_turns = (0..longest).flat_map(|at| sheets.iter().filter_map(move |it| it.1.get(at)));
    let others = by_turns.copied().filter(|it| !differing.contains(it));
    let records = differing.iter().copied().chain(others).collect();
    let figures = vec![
        ("sheets", figure(count)),
        ("volunteers", figure(people)),
        ("changed_rows", figure(changed)),
    ];
    Anomaly { passbooks, days, records, ..Anomaly::new(AnomalyKind::ClonedSheet, figures, said) }
}

/// The records of rows that not all of the groups have.
fn differing(alike: &[&Group]) -> BTreeSet<RecordNo> {
    let Some((first, others)) = alike.split_first() else { return BTreeSet::new() };
    let in_all = |row: &Row| others.iter().all(|it| it.rows.binary_search(row).is_ok());
    let common: BTreeSet<&Row> = first.rows.iter().filter(|it| in_all(it)).collect();
    let of_group = |it: &&Group| {
        let records = |at: usize| it.sheets.iter().filter_map(move |sheet| sheet.1.get(at));
        let rows = it.rows.iter().enumerate().filter(|(_, row)| !common.contains(row));
        rows.flat_map(|(at, _)| records(at).copied()).collect::<Vec<_>>()
    };
    alike.iter().flat_map(of_group).collect()
}

/// A sheet, by its activity and day.
fn name(ledger: &Ledger<'_>, (activity, day, from): Sheet) -> String {
    let name = ledger.activity(activity).map_or_else(String::new, |it| it.name.to_string());
    let from = from.map(|it| format!("{it}..")).unwrap_or_default();
    format!("{name} {from}{day}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(who: u64, minutes: usize) -> Row {
        (PassbookNo::new(who).unwrap(), None, i64::try_from(minutes).unwrap())
    }

    /// A group of one sheet.
    fn group(mut rows: Vec<Row>) -> Group {
        rows.sort_unstable();
        let sheet = (ActivityNo::new(1).unwrap(), Date::ZERO, None);
        Group { rows, sheets: vec![(sheet, Vec::new())] }
    }

    /// Twelve served: who is always the same, who is never, and ten of two lengths each.
    fn of_twelve(never: usize, lengths: usize) -> Group {
        let of_two = (3..13).zip(0..).map(|(who, bit)| row(who, lengths >> bit & 1));
        group([row(1, 60), row(2, never)].into_iter().chain(of_two).collect())
    }

    /// A group, and so many that have a seldom row of it: the last is a copy but for one row.
    fn beside(others: usize) -> Vec<Group> {
        let mut groups: Vec<Group> = (0..others).map(|it| of_twelve(it, it)).collect();
        groups.push(of_twelve(others, 0));
        // What makes the rows of the ten less seldom than that of the first.
        let often = (3..13).flat_map(|who| [row(who, 0), row(who, 1)]);
        groups.push(group(often.flat_map(|it| vec![it; 2_000]).collect()));
        groups
    }

    #[test]
    fn a_sheet_that_is_not_compared_with_all_is_told() {
        let told = |others| {
            let groups = beside(others);
            let copies = copies(&groups, 1);
            let cloned = copies.iter().filter(|it| 1 < it.alike.len()).count();
            (cloned, copies.iter().map(|it| it.uncompared).sum::<usize>())
        };
        assert_eq!(told(COMPARED_MAX), (1, 0), "the last of the most is compared");
        assert_eq!(told(COMPARED_MAX + 1), (0, 1), "one past it is not, and that is told");
    }
}
