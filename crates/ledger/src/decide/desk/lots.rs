//! Which lots the amounts of a command move.

use jiff::civil::Date;

use super::{Book, Desk};
use crate::{
    Balance, LineKind, Lot, LotClass, LotMove, PassbookNo, Points, Refusal,
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
        (points, kind): (Points, LineKind),
        through: Through,
    ) -> Vec<LotMove> {
        let today = self.today;
        let months = self.rules.as_ref().and_then(|it| it.expire_months());
        let book = self.book_of(passbook);
        if points.is_negative() {
            let wanted = points.negated();
            let taken = match through {
                Through::Exactly(lots) => {
                    let lots = lots.into_iter();
                    lots.flat_map(|(lot, it)| take(&mut book.lots, it, |own| own == lot)).collect()
                }
                Through::Rules | Through::Carried(_) => spend(book, (wanted, kind), today),
            };
            let moved = taken.into_iter();
            return moved.map(|(lot, it)| LotMove { lot, points: it.negated() }).collect();
        }
        // What pays a debt is gone.
        let kept = points.min(book.balance.points).max(Points::ZERO);
        let put = match through {
            Through::Carried(it) => it.arriving(kept),
            Through::Rules | Through::Exactly(_) => {
                let expires = months.and_then(|it| expires(today, it));
                let lot = expires.map(|expires| Lot { expires, class: LotClass::of(kind) });
                lot.filter(|_| !kept.is_zero()).map(|it| (it, kept)).into_iter().collect()
            }
        };
        for (lot, points) in &put {
            let there = book.lots.entry(*lot).or_default();
            *there = there.plus(*points).unwrap_or(*there);
        }
        put.into_iter().map(|(lot, points)| LotMove { lot, points }).collect()
    }

    /// Takes what a gift is made of; the lines are the caller's.
    pub(in crate::decide) fn carried(moves: &[LotMove], points: Points) -> Carried {
        let lots: Vec<_> = moves.iter().map(|it| (it.lot, it.points.negated())).collect();
        let in_lots = lots.iter().fold(Points::ZERO, |sum, it| sum.plus(it.1).unwrap_or(sum));
        Carried { lots, lasting: points.minus(in_lots).unwrap_or(Points::ZERO) }
    }

    /// Lets the lots of a passbook expire whose day is over by a date; how many points. What is
    /// held keeps those that would be captured first.
    pub(in crate::decide) fn expire(
        &mut self,
        passbook: PassbookNo,
        date: Date,
    ) -> Result<Points, Refusal> {
        let held = self.ledger.passbook(passbook).map_or(Points::ZERO, |it| it.held);
        let over = |lot: Lot| lot.expires <= date;
        let mut lots = self.book_of(passbook).lots.clone();
        take(&mut lots, held, over);
        lots.retain(|it, _| over(*it));
        let points = lot::sum(&lots);
        if !points.is_zero() {
            let through = Through::Exactly(lots.into_iter().collect());
            self.expired_line(passbook, points.negated(), through)?;
        }
        Ok(points)
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
