//! Posting the lines of passbooks, the bank's own accounts and the totals of months.

use super::{Posted, at};
use crate::{
    About, Account, Entry, EntryNo, LineKind, Minutes, PassbookNo, Points, Posting,
    ledger::{Balance, Ledger, LineRow, Month},
};

impl Ledger<'_> {
    pub(super) fn post_postings(&mut self, entry: &Entry) -> Posted {
        let (mut minutes, mut points) = (Minutes::ZERO, Points::ZERO);
        for posting in &entry.postings {
            minutes = minutes.plus(posting.minutes).ok_or("its minutes are out of range")?;
            points = points.plus(posting.points).ok_or("its points are out of range")?;
            match posting.account {
                Account::Passbook(passbook) => self.post_line(passbook, posting, entry.no)?,
                Account::Bank(..) => self.post_account(posting)?,
            }
        }
        if minutes.is_zero() && points.is_zero() {
            return Ok(());
        }
        Err("its postings do not sum to zero")
    }

    fn post_account(&mut self, posting: &Posting) -> Posted {
        let before = self.accounts.get(&posting.account).copied().unwrap_or_default();
        let after = Balance { minutes: posting.minutes_after, points: posting.points_after };
        follows(before, posting, after)?;
        self.accounts.insert(posting.account, after);
        Ok(())
    }

    fn post_line(&mut self, no: PassbookNo, posting: &Posting, entry: EntryNo) -> Posted {
        let position = u32::try_from(self.lines.len()).map_err(|_| "too many lines")?;
        let row = self.passbooks.get_mut(at(no.get())).ok_or("no such passbook")?;
        let after = Balance { minutes: posting.minutes_after, points: posting.points_after };
        follows(Balance { minutes: row.minutes, points: row.points }, posting, after)?;
        let line = posting.line.ok_or("a passbook's posting has no line")?;
        let before = row.last_line;
        row.lines = row.lines.saturating_add(1);
        row.last_line = position.saturating_add(1);
        row.minutes = after.minutes;
        row.points = after.points;
        let lines = row.lines;
        self.lines.push(LineRow {
            no: line,
            entry,
            kind: posting.kind,
            about: posting.about,
            minutes: posting.minutes,
            minutes_after: after.minutes,
            points: posting.points,
            points_after: after.points,
            before,
        });
        self.post_lots(no, posting)?;
        self.post_totals(no, posting)?;
        if line.get() == u64::from(lines) { Ok(()) } else { Err("its line is not the next") }
    }

    /// Totals by month and year: of the civil date the record counts for.
    fn post_totals(&mut self, no: PassbookNo, posting: &Posting) -> Posted {
        let Some(record) = posting.about.and_then(About::record) else { return Ok(()) };
        let row = self.record(record).ok_or("no such record")?;
        let (date, credit) = (row.date, row.credit);
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
            | LineKind::Revoked => Points::ZERO,
        };
        let total = self.branch_years.at((branch, date.year()));
        let points = total.points.plus(posting.points).and_then(|it| it.plus(overflow));
        total.minutes = total.minutes.plus(posting.minutes).ok_or("a year is out of range")?;
        total.points = points.ok_or("a year is out of range")?;
        Ok(())
    }
}

fn follows(before: Balance, posting: &Posting, after: Balance) -> Posted {
    let minutes = before.minutes.plus(posting.minutes);
    let points = before.points.plus(posting.points);
    if (minutes, points) == (Some(after.minutes), Some(after.points)) {
        return Ok(());
    }
    Err("a balance is not the one before plus the amount")
}
