//! Which lots the amounts of a command move.

use jiff::civil::Date;

use super::{Book, Desk};
use crate::{
    About, Balance, LineKind, Lot, LotClass, LotMove, PassbookNo, Points, Refusal,
    lot::{self, Carried, expires, take},
};

/// Where the points of a line come from, or go to.
pub(in crate::decide) enum Through {
    /// As the rules say.
    Rules,
    /// From another passbook, in the lots they lay in there.
    Carried(Carried),
    /// Out of these lots: what expires.
    Exactly(Vec<(Lot, Points)>),
}

impl Desk<'_> {
    /// What a line moves in lots; the book has its new balance already.
    pub(super) fn lots_of(
        &mut self,
        passbook: PassbookNo,
        (points, kind, about): (Points, LineKind, Option<About>),
        through: Through,
    ) -> Vec<LotMove> {
        if points.is_negative() {
            let taken = self.taken(passbook, (points.negated(), kind), through);
            let moved = taken.into_iter();
            return moved.map(|(lot, it)| LotMove { lot, points: it.negated() }).collect();
        }
        let put = self.put((passbook, about), (points, kind), through);
        let book = self.book_at(passbook);
        for (lot, points) in &put {
            let there = book.lots.entry(*lot).or_default();
            *there = there.plus(*points).unwrap_or(*there);
        }
        put.into_iter().map(|(lot, points)| LotMove { lot, points }).collect()
    }

    fn taken(
        &mut self,
        passbook: PassbookNo,
        (wanted, kind): (Points, LineKind),
        through: Through,
    ) -> Vec<(Lot, Points)> {
        let today = self.today;
        let book = self.book_at(passbook);
        let lasted = book.lasting(wanted);
        let taken: Vec<(Lot, Points)> = match through {
            Through::Exactly(lots) => {
                let lots = lots.into_iter();
                lots.flat_map(|(lot, it)| take(&mut book.lots, it, |own| own == lot)).collect()
            }
            Through::Rules | Through::Carried(_) => spend(book, (wanted, kind), today),
        };
        if kind == LineKind::Reversed {
            let in_lots = taken.iter().fold(Points::ZERO, |sum, it| sum.plus(it.1).unwrap_or(sum));
            let rest = wanted.minus(in_lots).unwrap_or(Points::ZERO).min(lasted);
            book.returned.lots.extend(taken.iter().copied());
            book.returned.lasting = book.returned.lasting.plus(rest).unwrap_or(rest);
        }
        taken
    }

    /// Where points go: what comes back lies where it lay, and so does what is booked anew; what
    /// is new expires by the rules of today.
    fn put(
        &mut self,
        (passbook, about): (PassbookNo, Option<About>),
        (points, kind): (Points, LineKind),
        through: Through,
    ) -> Vec<(Lot, Points)> {
        let today = self.today;
        let months = self.rules.as_ref().and_then(|it| it.expire_months());
        let spent = about.and_then(|it| self.ledger.spent_for(passbook, it));
        let spent = Self::carried(spent.map(Vec::as_slice).unwrap_or_default(), points);
        let book = self.book_at(passbook);
        // What pays a debt is gone.
        let kept = points.min(book.balance.points).max(Points::ZERO);
        let carried = match through {
            Through::Carried(it) => return it.arriving(kept),
            Through::Rules | Through::Exactly(_) if kind == LineKind::Reversed => spent,
            Through::Rules | Through::Exactly(_) => std::mem::take(&mut book.returned),
        };
        let back = kept.min(carried.points());
        let mut fresh = kept.minus(back).unwrap_or(Points::ZERO);
        let mut put = carried.arriving(back);
        // What is over meanwhile would be gone at once.
        for (_, points) in put.iter().filter(|it| it.0.expires <= today) {
            fresh = fresh.plus(*points).unwrap_or(fresh);
        }
        put.retain(|it| today < it.0.expires);
        let lot = months.and_then(|it| expires(today, it));
        let lot = lot.map(|expires| Lot { expires, class: LotClass::of(kind) });
        put.extend(lot.filter(|_| !fresh.is_zero()).map(|it| (it, fresh)));
        put
    }

    /// Takes what a gift is made of; the lines are the caller's.
    pub(in crate::decide) fn carried(moves: &[LotMove], points: Points) -> Carried {
        let lots: Vec<_> = moves.iter().map(|it| (it.lot, it.points.negated())).collect();
        let in_lots = lots.iter().fold(Points::ZERO, |sum, it| sum.plus(it.1).unwrap_or(sum));
        Carried { lots, lasting: points.minus(in_lots).unwrap_or(Points::ZERO) }
    }

    /// Which lots points leave in that go back to where some came from: in those they came in, as
    /// far as they are there, then in none, at last in those that are spent first.
    pub(super) fn going(
        &mut self,
        passbook: PassbookNo,
        points: Points,
        came: &[LotMove],
    ) -> Vec<(Lot, Points)> {
        let today = self.today;
        let book = self.book_at(passbook);
        let mut lasting = book.lasting(Points::ZERO);
        let mut lots = book.lots.clone();
        let mut left = points.max(Points::ZERO);
        let mut taken = Vec::new();
        let less = |left: Points, taken: &[(Lot, Points)]| {
            taken.iter().fold(left, |left, it| left.minus(it.1).unwrap_or(Points::ZERO))
        };
        for it in came.iter().filter(|it| today < it.lot.expires) {
            let part = take(&mut lots, it.points.negated().min(left), |own| own == it.lot);
            left = less(left, &part);
            taken.extend(part);
        }
        lasting = lasting.min(left);
        left = left.minus(lasting).unwrap_or(Points::ZERO);
        for over in [false, true] {
            let part = take(&mut lots, left, |it| (it.expires <= today) == over);
            left = less(left, &part);
            taken.extend(part);
        }
        taken
    }

    /// Lets the lots of a passbook expire whose day is over by a date; how many points. What is
    /// held keeps those that would be captured first.
    pub(in crate::decide) fn expire(
        &mut self,
        passbook: PassbookNo,
        date: Date,
    ) -> Result<Points, Refusal> {
        let over = |lot: Lot| lot.expires <= date;
        let mut lots = self.book_at(passbook).lots.clone();
        lots.retain(|it, _| over(*it));
        // A hold keeps what it was made of, not what was over before it.
        let mut kept = Points::ZERO;
        for (lot, points) in &mut lots {
            let held = self.ledger.held_before(passbook, *lot);
            let free = held.minus(kept).unwrap_or(Points::ZERO).max(Points::ZERO);
            let keeps = free.min(*points);
            kept = kept.plus(keeps).unwrap_or(kept);
            *points = points.minus(keeps).unwrap_or(Points::ZERO);
        }
        lots.retain(|_, points| !points.is_zero());
        let points = lot::sum(&lots);
        if !points.is_zero() {
            let through = Through::Exactly(lots.into_iter().collect());
            self.expired_line(passbook, points.negated(), through)?;
        }
        Ok(points)
    }
}

impl Book {
    /// What lay in no lot before so many points left, which the balance is already less.
    fn lasting(&self, left: Points) -> Points {
        let before = self.balance.points.plus(left).unwrap_or(left).max(Points::ZERO);
        before.minus(lot::sum(&self.lots)).unwrap_or(Points::ZERO).max(Points::ZERO)
    }
}

/// Takes points out of a book, whose balance is already less.
fn spend(book: &mut Book, (wanted, kind): (Points, LineKind), today: Date) -> Vec<(Lot, Points)> {
    let Book { balance: Balance { points: after, .. }, lots, .. } = book;
    let over = |lot: Lot| lot.expires <= today;
    if matches!(kind, LineKind::Redeemed | LineKind::Paid) {
        return take(lots, wanted, |_| true);
    }
    let mut taken = take(lots, wanted, |it| !over(it));
    // What lies in no lot comes next; only where that is not enough, what a hold keeps.
    let short = lot::sum(lots).minus(*after).unwrap_or(Points::ZERO).max(Points::ZERO);
    taken.extend(take(lots, short, over));
    taken
}
