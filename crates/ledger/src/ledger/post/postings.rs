//! Posting the lines of passbooks, the bank's own accounts and the totals of months.

use super::{Fault, Posted, Sink, at};
use crate::{
    About, Account, Entry, LineKind, LineNo, Minutes, PassbookNo, Points, Posting,
    ledger::{Balance, Ledger, LineRow, Month},
};

impl Ledger<'_> {
    pub(super) fn post_postings(&mut self, entry: &Entry, sink: &mut Sink<'_>) -> Posted {
        let (mut minutes, mut points) = (Minutes::ZERO, Points::ZERO);
        for posting in &entry.postings {
            minutes = minutes.plus(posting.minutes).ok_or("its minutes are out of range")?;
            points = points.plus(posting.points).ok_or("its points are out of range")?;
            match posting.account {
                Account::Passbook(passbook) => {
                    self.post_line(passbook, posting, (entry, sink))?;
                }
                Account::Bank(..) => self.post_account(posting, sink)?,
            }
        }
        if minutes.is_zero() && points.is_zero() {
            return Ok(());
        }
        sink(Fault::Sum { sum: Balance { minutes, points } })
    }

    fn post_account(&mut self, posting: &Posting, sink: &mut Sink<'_>) -> Posted {
        let before = self.accounts.get(&posting.account).copied().unwrap_or_default();
        let after = Balance { minutes: posting.minutes_after, points: posting.points_after };
        follows(before, posting, sink)?;
        self.accounts.insert(posting.account, after);
        Ok(())
    }

    fn post_line(
        &mut self,
        no: PassbookNo,
        posting: &Posting,
        (entry, sink): (&Entry, &mut Sink<'_>),
    ) -> Posted {
        let position = u32::try_from(self.lines.len()).map_err(|_| "too many lines")?;
        let row = self.passbooks.get_mut(at(no.get())).ok_or("no such passbook")?;
        let after = Balance { minutes: posting.minutes_after, points: posting.points_after };
        follows(Balance { minutes: row.minutes, points: row.points }, posting, sink)?;
        let line = posting.line.ok_or("a passbook's posting has no line")?;
        let before = row.last_line;
        row.lines = row.lines.saturating_add(1);
        row.last_line = position.saturating_add(1);
        row.minutes = after.minutes;
        row.points = after.points;
        let lines = row.lines;
        self.lines.push(LineRow {
            no: line,
            entry: entry.no,
            kind: posting.kind,
            about: posting.about,
            minutes: posting.minutes,
            minutes_after: after.minutes,
            points: posting.points,
            points_after: after.points,
            before,
        });
        self.post_lots(no, posting, entry.recorded_at)?;
        self.post_totals(posting)?;
        let expected = LineNo::new(lines.into()).map_err(|_| "too many lines")?;
        if line == expected { Ok(()) } else { sink(Fault::Line { passbook: no, expected }) }
    }

    /// Totals by month and year: of the civil date the record counts for.
    fn post_totals(&mut self, posting: &Posting) -> Posted {
        let Some(record) = posting.about.and_then(About::record) else { return Ok(()) };
        let row = self.record(record).ok_or("no such record")?;
        // It counts under the number it was recorded under, in whosever passbook the line is.
        let (no, date, credit) = (row.passbook, row.date, row.credit);
        let class = *self.activity_classes.get(at(row.activity.get())).ok_or("no such activity")?;
        let index = usize::try_from(class).unwrap_or(usize::MAX);
        let branch = self.classes.get(index).ok_or("no such class")?.branch;
        let diary = self.diary_mut(no)?;
        diary.add(Month::of(date), class, posting.minutes).ok_or("a month is out of range")?;
        let overflow = match posting.kind {
            LineKind::Reversed => credit.overflow.negated(),
            LineKind::Earned | LineKind::Opened | LineKind::Deducted | LineKind::Helped => {
                credit.overflow
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
        let total = self.branch_years.at((branch, date.year()));
        let points = total.points.plus(posting.points).and_then(|it| it.plus(overflow));
        total.minutes = total.minutes.plus(posting.minutes).ok_or("a year is out of range")?;
        total.points = points.ok_or("a year is out of range")?;
        Ok(())
    }
}

fn follows(before: Balance, posting: &Posting, sink: &mut Sink<'_>) -> Posted {
    let minutes = before.minutes.plus(posting.minutes).ok_or("a balance is out of range")?;
    let points = before.points.plus(posting.points).ok_or("a balance is out of range")?;
    let expected = Balance { minutes, points };
    let found = Balance { minutes: posting.minutes_after, points: posting.points_after };
    if expected == found {
        return Ok(());
    }
    let Posting { account, line, .. } = *posting;
    sink(Fault::Balance { account, line, expected, found })
}
