//! What the journal adds up to, by month of recording, branch, account and kind.

use std::collections::BTreeMap;

use lovebank_ledger::{Account, BranchNo, Entry, LineKind, Minutes, Points, Purpose};

use super::{
    Cell, Column, Kind, column,
    known::{Known, purpose},
};

/// Its columns.
pub(crate) const TOTALS: &[Column] = &[
    column("month", Kind::Text),
    column("branch_code", Kind::Text),
    column("account", Kind::Text),
    column("kind", Kind::Text),
    column("postings", Kind::Whole),
    column("minutes", Kind::Whole),
    column("points", Kind::Points),
];

/// Year, month, branch, the purpose of an account of the bank's own or none of passbooks, kind.
type Key = (i16, i8, Option<BranchNo>, Option<Purpose>, LineKind);

/// Adds up entry after entry.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    known: Known,
    sums: BTreeMap<Key, Sum>,
}

#[derive(Debug, Default)]
struct Sum {
    postings: u64,
    minutes: Minutes,
    points: Points,
}

impl Totals {
    /// Adds an entry; none where a sum leaves the range of its register.
    pub(crate) fn add(&mut self, entry: &Entry) -> Option<()> {
        self.known.take(entry);
        let day = self.known.day(entry.recorded_at);
        for it in &entry.postings {
            let of = match it.account {
                Account::Passbook(_) => None,
                Account::Bank(_, of) => Some(of),
            };
            let branch = self.known.branch_of(it.account);
            let sum = self.sums.entry((day.year(), day.month(), branch, of, it.kind)).or_default();
            sum.postings = sum.postings.saturating_add(1);
            sum.minutes = sum.minutes.plus(it.minutes)?;
            sum.points = sum.points.plus(it.points)?;
        }
        Some(())
    }

    /// Every sum, in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Vec<Cell>> {
        self.sums.iter().map(|((year, month, branch, of, kind), sum)| {
            vec![
                Cell::Text(format!("{year:04}-{month:02}")),
                Cell::maybe(branch.and_then(|it| self.known.code(it)), Cell::text),
                Cell::text(of.map_or("passbooks", purpose)),
                Cell::Text(kind.to_string()),
                Cell::number(sum.postings),
                Cell::Whole(sum.minutes.get()),
                Cell::Points(sum.points),
            ]
        })
    }
}
