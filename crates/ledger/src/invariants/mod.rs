//! The invariants of the bank as one checkable function.

mod lots;
mod people;
mod shelf;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;

use crate::{
    About, Account, Balance, BranchNo, BranchYear, Damage, Entry, Interval, Ledger, LineKind,
    LineRow, Minutes, PassbookNo, Points, RecordNo, RecordRow, RecordState, Seal, ServiceTime,
};

/// Minutes of a civil day, the most that any rulebook allows.
const DAY: i64 = 1440;

/// An invariant that does not hold: which, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// The number of the invariant, as [`check`] lists them.
    pub invariant: u8,
    /// What was found, in words.
    pub what: String,
}

/// Checks a ledger against the journal it is said to add up to.
///
/// 1. entry numbers have no gap; recorded times rise; every entry names the seal before it
/// 2. the postings of an entry sum to zero in each register; so do all accounts together
/// 3. running balance of line k = line k−1 + its amount; the balance is the sum of the lines
/// 4. no record takes time that another of the volunteer takes, and no day is too full; what a
///    passbook holds is what its open holds keep, and a hold's parts are its points
/// 5. one entry at most for a request id
/// 7. totals of a year = the sum of its lines, for a person and a branch alike
/// 8. a record is reversed at most once; it has a line when it counts, and two once reversed
/// 10. ledger = fold(post, journal)
/// 11. places left and places taken are the stock; who waits stands in the queue
/// 12. the lots of a passbook hold no more than its balance, none of them is empty, and each will
///     be looked at: when its day is over, or when the hold ends that keeps it
/// 13. a number that is another's has nothing, and what counts for a person is what its numbers
///     served, whatever passbook the lines stand in
///
/// 6 and 9 are about commands and crashes, and are shown by tests. Empty: all hold.
pub fn check<'a>(
    ledger: &Ledger,
    journal: impl IntoIterator<Item = (&'a Entry, Seal)>,
) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut folded = Ledger::default();
    let mut reversed = HashSet::new();
    for (entry, seal) in journal {
        // 1, 2, 3 and 5 for the entry are asserted by post.
        let mut faults = Vec::new();
        let posted = folded.post_as_stated(entry, seal, &mut faults);
        for fault in faults {
            let damage = Damage { entry: entry.no, what: fault.what() };
            breach(&mut breaches, fault.invariant(), &damage);
        }
        if let Err(damage) = posted {
            breach(&mut breaches, 1, &damage);
            return breaches;
        }
        let twice = entry.postings.iter().filter(|it| it.kind == LineKind::Reversed);
        for record in twice.filter_map(|it| it.about?.record()) {
            if !reversed.insert(record) {
                breach(&mut breaches, 8, &format!("record {record} was reversed twice"));
            }
        }
    }
    if folded != *ledger {
        breach(&mut breaches, 10, &"the ledger is not what its journal adds up to");
    }
    state(ledger, &mut breaches);
    breaches
}

/// Checks what can be seen in a ledger alone: 2, 3, 4, 7, 8, 11, 12 and 13.
pub fn state(ledger: &Ledger, breaches: &mut Vec<Breach>) {
    sums(ledger, breaches);
    let mut years = BTreeMap::new();
    for no in passbooks(ledger) {
        let mut own: Vec<_> = ledger.lines(no, None).collect();
        own.reverse();
        balances(ledger, no, &own, breaches);
        totals(ledger, &own, &mut years);
        people::check(ledger, no, breaches);
        states(ledger, no, breaches);
        overlaps(ledger, no, breaches);
        days(ledger, no, breaches);
    }
    let kept: BTreeMap<_, _> =
        ledger.branch_years().map(|(branch, year, it)| ((branch, year), it)).collect();
    if years != kept {
        breach(breaches, 7, &"the totals of a branch are not the sum of its lines");
    }
    shelf::check(ledger, breaches);
    lots::check(ledger, breaches);
}

fn passbooks(ledger: &Ledger) -> impl Iterator<Item = PassbookNo> {
    let count = u64::try_from(ledger.volunteer_count()).unwrap_or(u64::MAX);
    (1..=count).filter_map(|it| PassbookNo::new(it).ok())
}

fn sums(ledger: &Ledger, breaches: &mut Vec<Breach>) {
    let own = passbooks(ledger).map(|no| ledger.balance(Account::Passbook(no)));
    let sum =
        own.chain(ledger.accounts().map(|(_, it)| it)).try_fold(Balance::default(), |sum, it| {
            Some(Balance {
                minutes: sum.minutes.plus(it.minutes)?,
                points: sum.points.plus(it.points)?,
            })
        });
    if sum != Some(Balance::default()) {
        let what = sum.map_or_else(
            || "more than can be counted".to_owned(),
            |it| format!("{} minutes and {} points", it.minutes, it.points),
        );
        breach(breaches, 2, &format!("all accounts together are {what}, and not zero"));
    }
}

fn balances(ledger: &Ledger, no: PassbookNo, lines: &[LineRow], breaches: &mut Vec<Breach>) {
    let (mut minutes, mut points) = (Minutes::ZERO, Points::ZERO);
    for (expected, line) in (1..).zip(lines) {
        minutes = minutes.plus(line.minutes).unwrap_or_default();
        points = points.plus(line.points).unwrap_or_default();
        if (line.no.get(), minutes, points) != (expected, line.minutes_after, line.points_after) {
            breach(breaches, 3, &format!("line {expected} of passbook {no} does not follow"));
        }
    }
    let row = ledger.passbook(no).copied().unwrap_or_default();
    if (row.minutes, row.points) != (minutes, points) {
        breach(breaches, 3, &format!("passbook {no} is not the sum of its lines"));
    }
}

type Years = BTreeMap<(BranchNo, i16), BranchYear>;

fn totals(ledger: &Ledger, lines: &[LineRow], years: &mut Years) {
    let about = |line: &LineRow| {
        let row = ledger.record(line.about?.record()?)?;
        Some((row, ledger.activity(row.activity)?.branch))
    };
    for (line, (row, branch)) in lines.iter().filter_map(|it| Some((it, about(it)?))) {
        let year = row.date.year();
        let overflow = match line.kind {
            LineKind::Reversed => row.credit.overflow.negated(),
            LineKind::Earned | LineKind::Opened | LineKind::Deducted | LineKind::Helped => {
                row.credit.overflow
            }
            LineKind::Redeemed
            | LineKind::Given
            | LineKind::Received
            | LineKind::Drawn
            | LineKind::Paid
            | LineKind::Expired
            | LineKind::Honoured
            | LineKind::Revoked
            | LineKind::Merged
            | LineKind::Parted => Points::ZERO,
        };
        let total = years.entry((branch, year)).or_default();
        total.minutes = total.minutes.plus(line.minutes).unwrap_or_default();
        let points = total.points.plus(line.points).and_then(|it| it.plus(overflow));
        total.points = points.unwrap_or_default();
    }
}

/// A record has the lines of its state, and waits when it is pending.
fn states(ledger: &Ledger, no: PassbookNo, breaches: &mut Vec<Breach>) {
    let mut of_record: BTreeMap<RecordNo, Vec<Minutes>> = BTreeMap::new();
    for (line, _) in ledger.lines_of_records(no) {
        if let Some(record) = line.about.and_then(About::record) {
            of_record.entry(record).or_default().push(line.minutes);
        }
    }
    for (record, row) in ledger.records_under(no) {
        let expected = match row.state {
            RecordState::Pending | RecordState::Rejected => vec![],
            RecordState::Posted => vec![row.minutes],
            RecordState::Reversed => vec![row.minutes, row.minutes.negated()],
        };
        if of_record.remove(&record).unwrap_or_default() != expected {
            let state = row.state;
            breach(breaches, 8, &format!("record {record} is {state}; its lines are of another"));
        }
        let branch = ledger.activity(row.activity).map(|it| it.branch);
        let waits = branch.is_some_and(|it| ledger.pending.get(&(it, record)).is_some());
        if waits != (row.state == RecordState::Pending) {
            breach(breaches, 8, &format!("record {record} waits, or does not, against its state"));
        }
    }
}

/// The records that take time of a volunteer: those that count or wait.
fn taking<'a>(
    ledger: &'a Ledger<'_>,
    no: PassbookNo,
) -> impl Iterator<Item = (RecordNo, &'a RecordRow)> {
    let takes = |row: &RecordRow| {
        matches!(row.state, RecordState::Pending | RecordState::Posted)
            && !row.minutes.is_negative()
    };
    ledger.records_of(no).filter(move |(_, row)| takes(row))
}

fn overlaps(ledger: &Ledger, no: PassbookNo, breaches: &mut Vec<Breach>) {
    let intervals = taking(ledger, no).filter_map(|(record, row)| match row.time {
        ServiceTime::Interval(it) => Some((it, record)),
        ServiceTime::Day(_) | ServiceTime::Span(_) => None,
    });
    let mut taken: Vec<(Interval, RecordNo)> = intervals.collect();
    taken.sort_by_key(|(it, _)| it.start());
    for pair in taken.windows(2) {
        if let [(a, first), (b, second)] = pair
            && a.overlaps(*b)
        {
            breach(breaches, 4, &format!("records {first} and {second} overlap"));
        }
    }
}

fn days(ledger: &Ledger, no: PassbookNo, breaches: &mut Vec<Breach>) {
    let mut days: BTreeMap<Date, i64> = BTreeMap::new();
    let mut add = |date: Date, minutes: i64| {
        let sum = days.entry(date).or_default();
        *sum = sum.saturating_add(minutes);
    };
    for (_, row) in taking(ledger, no) {
        match row.time {
            ServiceTime::Interval(it) => {
                // A service of at most a day touches its own day, the next, and where a day is
                // short the one after.
                let touched = std::iter::successors(Some(row.date), |it| it.tomorrow().ok());
                for date in touched.take(3) {
                    if let Some((from, until)) = ledger.day(date) {
                        add(date, it.start().max(from).until(it.end().min(until)).max(0));
                    }
                }
            }
            ServiceTime::Day(date) => add(date, row.minutes.get()),
            ServiceTime::Span(_) => {}
        }
    }
    for (date, minutes) in days.into_iter().filter(|(_, it)| DAY < *it) {
        breach(breaches, 4, &format!("{date} of passbook {no} holds {minutes} minutes"));
    }
}

fn breach(breaches: &mut Vec<Breach>, invariant: u8, what: &impl ToString) {
    breaches.push(Breach { invariant, what: what.to_string() });
}
