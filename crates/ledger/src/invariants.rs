//! The invariants of the bank as one checkable function.

use std::collections::{BTreeMap, HashSet};

use crate::{
    Account, Balance, Entry, Ledger, LineKind, Minutes, PassbookNo, Points, RecordNo, RecordState,
    Seal, ServiceTime,
};

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
/// 4. no record takes time that another of the volunteer takes, and no day is too full
/// 5. one entry at most for a request id
/// 7. totals of a year = the sum of its lines, for a person and a branch alike
/// 8. a record is reversed at most once
/// 10. ledger = fold(post, journal)
///
/// 6 and 9 are about commands and crashes, and are shown by tests. Empty: all hold.
pub fn check<'a>(
    ledger: &Ledger,
    journal: impl IntoIterator<Item = (&'a Entry, Seal)>,
) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut folded = Ledger::default();
    let mut requests = HashSet::new();
    let mut reversed = HashSet::new();
    for (entry, seal) in journal {
        // 1, 2 and 3 for the entry are asserted by post.
        if let Err(damage) = folded.post(entry, seal) {
            breach(&mut breaches, 1, &damage);
            return breaches;
        }
        if !requests.insert(entry.request) {
            breach(&mut breaches, 5, &format!("entry {} has the request of another", entry.no));
        }
        let twice = entry.postings.iter().filter(|it| it.kind == LineKind::Reversed);
        for record in twice.filter_map(|it| it.record) {
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

/// Checks what can be seen in a ledger alone: 2, 3, 4 and 7.
pub fn state(ledger: &Ledger, breaches: &mut Vec<Breach>) {
    sums(ledger, breaches);
    let mut years = BTreeMap::new();
    for no in passbooks(ledger) {
        lines(ledger, no, &mut years, breaches);
        agenda(ledger, no, breaches);
    }
    let totals: BTreeMap<_, _> =
        ledger.branch_years().map(|(branch, year, it)| ((branch, year), it.minutes)).collect();
    if years != totals {
        breach(breaches, 7, &"the totals of a branch are not the sum of its lines");
    }
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
        breach(breaches, 2, &format!("all accounts together are {sum:?} and not zero"));
    }
}

type Years = BTreeMap<(crate::BranchNo, i16), Minutes>;

fn lines(ledger: &Ledger, no: PassbookNo, years: &mut Years, breaches: &mut Vec<Breach>) {
    let mut own: BTreeMap<(i16, crate::BranchNo), i64> = BTreeMap::new();
    let (mut minutes, mut points) = (Minutes::ZERO, Points::ZERO);
    let mut lines: Vec<_> = ledger.lines(no, None).collect();
    lines.reverse();
    for (expected, line) in (1..).zip(&lines) {
        minutes = minutes.plus(line.minutes).unwrap_or_default();
        points = points.plus(line.points).unwrap_or_default();
        if (line.no.get(), minutes, points) != (expected, line.minutes_after, line.points_after) {
            breach(breaches, 3, &format!("line {expected} of passbook {no} does not follow"));
        }
        let record = line.record.and_then(|it| ledger.record(it));
        if let Some((row, activity)) =
            record.and_then(|it| Some((it, ledger.activity(it.activity)?)))
        {
            let year = row.date.year();
            let sum = own.entry((year, activity.branch)).or_default();
            *sum = sum.saturating_add(line.minutes.get());
            let total = years.entry((activity.branch, year)).or_default();
            *total = total.plus(line.minutes).unwrap_or_default();
        }
    }
    let row = ledger.passbook(no).copied().unwrap_or_default();
    if (row.minutes, row.points) != (minutes, points) {
        breach(breaches, 3, &format!("passbook {no} is not the sum of its lines"));
    }
    let kept: BTreeMap<_, _> =
        ledger.passbook_years(no).map(|(year, branch, it)| ((year, branch), it.get())).collect();
    if kept != own {
        breach(breaches, 7, &format!("the years of passbook {no} are not the sum of its lines"));
    }
}

fn agenda(ledger: &Ledger, no: PassbookNo, breaches: &mut Vec<Breach>) {
    let counts = |state| matches!(state, RecordState::Pending | RecordState::Posted);
    let mut taken: Vec<(crate::Interval, RecordNo)> = ledger
        .records_of(no)
        .filter(|(_, row)| counts(row.state) && !row.minutes.is_negative())
        .filter_map(|(record, row)| match row.time {
            ServiceTime::Interval(it) => Some((it, record)),
            ServiceTime::Day(_) | ServiceTime::Span(_) => None,
        })
        .collect();
    taken.sort_by_key(|(it, _)| it.start());
    for pair in taken.windows(2) {
        if let [(a, first), (b, second)] = pair
            && a.overlaps(*b)
        {
            breach(breaches, 4, &format!("records {first} and {second} overlap"));
        }
    }
}

fn breach(breaches: &mut Vec<Breach>, invariant: u8, what: &impl ToString) {
    breaches.push(Breach { invariant, what: what.to_string() });
}
