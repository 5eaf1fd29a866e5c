//! Lines of passbooks and what stands against them: the amounts of a command.

use std::collections::BTreeMap;

use super::{Booking, Desk, lots::Through};
use crate::{
    About, Account, ActivityNo, Balance, Credit, LineKind, LineNo, LotMove, Minutes, PassbookNo,
    Points, Posting, Provenance, Purpose, RecordNo, RecordRow, Refusal,
};

impl Desk<'_> {
    /// The points of minutes at an activity, split by the cap on what a passbook holds.
    pub(in crate::decide) fn credit(
        &mut self,
        passbook: PassbookNo,
        activity: ActivityNo,
        minutes: Minutes,
    ) -> Result<Credit, Refusal> {
        let points = self.price(activity, minutes)?;
        self.split(passbook, points)
    }

    /// The points that minutes at an activity are worth.
    pub(in crate::decide) fn price(
        &self,
        activity: ActivityNo,
        minutes: Minutes,
    ) -> Result<Points, Refusal> {
        let rules = self.rules.as_ref().ok_or(Refusal::OutOfRange)?;
        let rate = rules.coefficient(self.activity(activity)?.category.as_ref());
        rate.points(minutes).ok_or(Refusal::OutOfRange)
    }

    /// The points of a record: what another pays, or what its minutes earn.
    pub(in crate::decide) fn credit_of(&mut self, it: &Booking) -> Result<Credit, Refusal> {
        match it.paid {
            Some((_, points)) => self.split(it.passbook, points),
            None => self.credit(it.passbook, it.activity, it.service.minutes()),
        }
    }

    fn split(&mut self, passbook: PassbookNo, points: Points) -> Result<Credit, Refusal> {
        let rules = self.rules.clone().ok_or(Refusal::OutOfRange)?;
        let held = self.book_of(passbook).balance.points;
        let Some(cap) = rules.points_cap().filter(|_| !points.is_negative()) else {
            return Ok(Credit { points, overflow: Points::ZERO });
        };
        let room = cap.minus(held).ok_or(Refusal::OutOfRange)?.max(Points::ZERO);
        let kept = points.min(room);
        let overflow = points.minus(kept).ok_or(Refusal::OutOfRange)?;
        Ok(Credit { points: kept, overflow })
    }

    /// The lines of a record that takes effect; its overflow goes to the pool of its home.
    pub(in crate::decide) fn credit_lines(
        &mut self,
        row: &RecordRow,
        no: RecordNo,
        credit: Credit,
    ) -> Result<(), Refusal> {
        let (kind, _) = kind_of(row);
        self.move_lines(row, no, (kind, row.minutes, credit))
    }

    /// The lines that take a posted record back, exactly.
    pub(in crate::decide) fn reversal_lines(
        &mut self,
        row: &RecordRow,
        no: RecordNo,
    ) -> Result<(), Refusal> {
        let credit =
            Credit { points: row.credit.points.negated(), overflow: row.credit.overflow.negated() };
        self.move_lines(row, no, (LineKind::Reversed, row.minutes.negated(), credit))?;
        self.gone.insert(no);
        Ok(())
    }

    /// Moves amounts, or leaves all as it was.
    fn move_lines(
        &mut self,
        row: &RecordRow,
        no: RecordNo,
        (kind, minutes, credit): (LineKind, Minutes, Credit),
    ) -> Result<(), Refusal> {
        let branch = self.activity(row.activity)?.branch;
        let whole = credit.points.plus(credit.overflow).ok_or(Refusal::OutOfRange)?;
        let other = (Account::Bank(branch, kind_of(row).1), kind);
        let pool = (Account::Bank(row.home, Purpose::Pool), kind);
        // Who asked for help pays for it; else the points are issued.
        let payer = row.help.and_then(|it| Some((it, self.ledger.help(it)?.asker)));
        let issued = if payer.is_some() { Points::ZERO } else { whole };
        let other_after = self.contra_with(other, (minutes.negated(), issued.negated()))?;
        let pool_after = self.contra_with(pool, (Minutes::ZERO, credit.overflow))?;
        let why = (kind, Some(About::Record(no)));
        let passbook = self.ledger.person(row.passbook);
        self.line((passbook, Through::Rules), (minutes, credit.points), why)?;
        if let Some((help, payer)) = payer.filter(|_| !whole.is_zero()) {
            let paid = if kind == LineKind::Reversed { kind } else { LineKind::Paid };
            self.points_line(payer, whole.negated(), (paid, About::Help(help)))?;
        }
        self.contra.insert(other, other_after);
        if !credit.overflow.is_zero() {
            self.contra.insert(pool, pool_after);
        }
        Ok(())
    }

    /// Moves points between a passbook and an account of the bank: below zero, out of the
    /// passbook. Minutes are never touched.
    pub(in crate::decide) fn move_points(
        &mut self,
        (passbook, other): (PassbookNo, Account),
        points: Points,
        (kind, about): (LineKind, About),
    ) -> Result<(), Refusal> {
        self.points_line(passbook, points, (kind, about))?;
        self.bank_points(other, points.negated(), kind)
    }

    /// One line of a passbook that moves points alone.
    pub(in crate::decide) fn points_line(
        &mut self,
        passbook: PassbookNo,
        points: Points,
        (kind, about): (LineKind, About),
    ) -> Result<(), Refusal> {
        let passbook = self.ledger.person(passbook);
        self.line((passbook, Through::Rules), (Minutes::ZERO, points), (kind, Some(about)))
    }

    /// Moves all that one of two passbooks of a person has to the other, in the lots it lies in;
    /// points below zero are a debt, and move as one.
    pub(in crate::decide) fn hand_over(
        &mut self,
        (from, to): (PassbookNo, PassbookNo),
        (minutes, points): (Minutes, Points),
        (kind, about, came): (LineKind, About, &[LotMove]),
    ) -> Result<(), Refusal> {
        let out = self.going(from, points, came);
        let why = (kind, Some(about));
        self.line((from, Through::Exactly(out)), (minutes.negated(), points.negated()), why)?;
        let moved = self.lines.last().map(|it| it.lots.as_slice()).unwrap_or_default();
        let carried = Self::carried(moved, points);
        self.line((to, Through::Carried(carried)), (minutes, points), why)
    }

    /// Moves points from one passbook to another, in the lots they lie in; fewer may arrive than
    /// leave.
    pub(in crate::decide) fn pass_points(
        &mut self,
        (from, points): (PassbookNo, Points),
        (to, kept): (PassbookNo, Points),
        about: About,
    ) -> Result<(), Refusal> {
        self.points_line(from, points.negated(), (LineKind::Given, about))?;
        let moved = self.lines.last().map(|it| it.lots.as_slice()).unwrap_or_default();
        let carried = Self::carried(moved, points).given();
        if kept.is_zero() {
            return Ok(());
        }
        let why = (LineKind::Received, Some(about));
        self.line((to, Through::Carried(carried)), (Minutes::ZERO, kept), why)
    }

    /// The line of points that expired.
    pub(super) fn expired_line(
        &mut self,
        passbook: PassbookNo,
        points: Points,
        through: Through,
    ) -> Result<(), Refusal> {
        self.line((passbook, through), (Minutes::ZERO, points), (LineKind::Expired, None))
    }

    /// Moves points of an account of the bank.
    pub(in crate::decide) fn bank_points(
        &mut self,
        account: Account,
        points: Points,
        kind: LineKind,
    ) -> Result<(), Refusal> {
        if !points.is_zero() {
            let after = self.contra_with((account, kind), (Minutes::ZERO, points))?;
            self.contra.insert((account, kind), after);
        }
        Ok(())
    }

    /// One line of a passbook.
    fn line(
        &mut self,
        (passbook, through): (PassbookNo, Through),
        (minutes, points): (Minutes, Points),
        (kind, about): (LineKind, Option<About>),
    ) -> Result<(), Refusal> {
        let book = self.book_at(passbook);
        let after = add(book.balance, (minutes, points))?;
        book.balance = after;
        book.lines = book.lines.saturating_add(1);
        let line = LineNo::new(u64::from(book.lines)).ok();
        let lots = self.lots_of(passbook, (points, kind, about), through);
        self.lines.push(Posting {
            account: Account::Passbook(passbook),
            kind,
            minutes,
            minutes_after: after.minutes,
            points,
            points_after: after.points,
            line,
            about,
            lots,
        });
        Ok(())
    }

    fn contra_with(
        &self,
        key: (Account, LineKind),
        amount: (Minutes, Points),
    ) -> Result<Balance, Refusal> {
        add(self.contra.get(&key).copied().unwrap_or_default(), amount)
    }

    /// The postings of the entry: the lines in order, then one for each account of the bank.
    pub(in crate::decide) fn postings(self) -> Result<Vec<Posting>, Refusal> {
        let mut postings = self.lines;
        let mut balances: BTreeMap<Account, Balance> = BTreeMap::new();
        for ((account, kind), moved) in self.contra {
            let before = balances.get(&account).copied();
            let before = before.unwrap_or_else(|| self.ledger.balance(account));
            let after = add(before, (moved.minutes, moved.points))?;
            balances.insert(account, after);
            postings.push(Posting {
                account,
                kind,
                minutes: moved.minutes,
                minutes_after: after.minutes,
                points: moved.points,
                points_after: after.points,
                line: None,
                about: None,
                lots: Vec::new(),
            });
        }
        Ok(postings)
    }
}

/// What line a record makes, and which account stands against it.
fn kind_of(row: &RecordRow) -> (LineKind, Purpose) {
    if row.help.is_some() {
        (LineKind::Helped, Purpose::Issuance)
    } else if row.provenance == Provenance::Opening {
        (LineKind::Opened, Purpose::Opening)
    } else if row.minutes.is_negative() {
        (LineKind::Deducted, Purpose::Adjustment)
    } else {
        (LineKind::Earned, Purpose::Issuance)
    }
}

fn add(balance: Balance, (minutes, points): (Minutes, Points)) -> Result<Balance, Refusal> {
    Ok(Balance {
        minutes: balance.minutes.plus(minutes).ok_or(Refusal::OutOfRange)?,
        points: balance.points.plus(points).ok_or(Refusal::OutOfRange)?,
    })
}
