//! Lots (批次): the points of a passbook that expire, by the day on which they are gone.
//!
//! Points lie in lots only where the rulebook lets points expire; what lies in no lot lasts for
//! ever. Points of one class that expire on one day are one lot.
//!
//! Points are spent in this order: the lot that expires soonest first, on one day what was given
//! before what was earned, and what lasts for ever at last. What lies in a lot whose day is over
//! is there only because a hold keeps it: a capture takes it first, everything else last.

use std::collections::BTreeMap;

use jiff::{Span, civil::Date};

use crate::{LineKind, Points};

/// Where the points of a lot come from; the first is spent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LotClass {
    /// From others: gifts, and draws on a pool.
    Given,
    /// From service, also where it was paid for, and what came back by a reversal.
    Earned,
}

impl LotClass {
    /// The class of points that a line brings.
    pub(crate) fn of(kind: LineKind) -> Self {
        match kind {
            LineKind::Received | LineKind::Drawn => Self::Given,
            LineKind::Earned
            | LineKind::Opened
            | LineKind::Deducted
            | LineKind::Reversed
            | LineKind::Redeemed
            | LineKind::Given
            | LineKind::Paid
            | LineKind::Helped
            | LineKind::Expired
            | LineKind::Honoured
            | LineKind::Revoked
            | LineKind::Merged
            | LineKind::Parted => Self::Earned,
        }
    }
}

/// A lot of a passbook; their order is that in which they are spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lot {
    /// The day on which they are gone: the one before is the last on which they can be spent.
    pub expires: Date,
    /// Where they come from.
    pub class: LotClass,
}

/// What an entry puts into a lot, or below zero takes out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LotMove {
    /// Which.
    pub lot: Lot,
    /// How many.
    pub points: Points,
}

impl LotMove {
    /// What leaves a lot.
    pub(crate) fn out(&self) -> (Lot, Points) {
        (self.lot, self.points.negated())
    }
}

/// The lots of a passbook.
pub(crate) type Lots = BTreeMap<Lot, Points>;

/// Points on their way from one passbook to another, in the order in which they were taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Carried {
    pub(crate) lots: Vec<(Lot, Points)>,
    pub(crate) lasting: Points,
}

/// The day on which points of a day are gone, so many months later: they last to the end of that
/// month, so that lots are few.
pub(crate) fn expires(credited: Date, months: u32) -> Option<Date> {
    let months = i32::try_from(months).ok()?.checked_add(1)?;
    credited.first_of_month().checked_add(Span::new().try_months(months).ok()?).ok()
}

/// All of some lots together.
pub(crate) fn sum(lots: &Lots) -> Points {
    lots.values().fold(Points::ZERO, |sum, it| plus(sum, *it))
}

/// Takes points out of the lots that a filter picks, in their order; what was taken.
pub(crate) fn take(
    lots: &mut Lots,
    points: Points,
    picks: impl Fn(Lot) -> bool,
) -> Vec<(Lot, Points)> {
    let mut left = points;
    let mut taken = Vec::new();
    for (lot, there) in lots.iter_mut().filter(|(lot, _)| picks(**lot)) {
        let part = left.min(*there);
        if !part.is_zero() {
            (*there, left) = (minus(*there, part), minus(left, part));
            taken.push((*lot, part));
        }
    }
    lots.retain(|_, points| !points.is_zero());
    taken
}

impl Carried {
    /// All of it.
    pub(crate) fn points(&self) -> Points {
        self.lots.iter().fold(self.lasting, |sum, it| plus(sum, it.1))
    }

    /// What was given to another is of the class of gifts from there on.
    pub(crate) fn given(mut self) -> Self {
        for (lot, _) in &mut self.lots {
            lot.class = LotClass::Given;
        }
        self
    }

    /// Of what was carried, as much as arrives: what lasts longest stays with the taker, and what
    /// a debt or a cap takes expires soonest.
    pub(crate) fn arriving(mut self, points: Points) -> Vec<(Lot, Points)> {
        let mut left = minus(points, points.min(self.lasting));
        let mut kept = Vec::new();
        // What a hold kept past its day was taken last, and lasts least.
        self.lots.sort_unstable();
        for (lot, carried) in self.lots.into_iter().rev() {
            let part = left.min(carried);
            left = minus(left, part);
            if !part.is_zero() {
                kept.push((lot, part));
            }
        }
        kept
    }
}

/// Amounts of one passbook are within half of the range, so that neither of these is ever out of
/// it.
fn plus(a: Points, b: Points) -> Points {
    a.plus(b).unwrap_or(a)
}

fn minus(a: Points, b: Points) -> Points {
    a.minus(b).unwrap_or(Points::ZERO)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn lot(month: i8, class: LotClass) -> Lot {
        Lot { expires: date(2030, month, 1), class }
    }

    fn points(whole: i64) -> Points {
        Points::from_hundredths(whole.saturating_mul(100))
    }

    fn some() -> Lots {
        let lots = [
            (lot(2, LotClass::Earned), 10),
            (lot(2, LotClass::Given), 5),
            (lot(1, LotClass::Earned), 3),
        ];
        lots.into_iter().map(|(lot, it)| (lot, points(it))).collect()
    }

    #[test]
    fn points_last_to_the_end_of_the_month() {
        assert_eq!(expires(date(2026, 3, 31), 36), Some(date(2029, 4, 1)));
        assert_eq!(expires(date(2026, 1, 1), 1), Some(date(2026, 3, 1)));
        assert_eq!(expires(date(9990, 1, 1), 1200), None);
    }

    #[test]
    fn what_expires_soonest_is_spent_first_and_what_was_given_before_what_was_earned() {
        let mut lots = some();
        let taken = take(&mut lots, points(10), |_| true);
        let order = [
            (lot(1, LotClass::Earned), points(3)),
            (lot(2, LotClass::Given), points(5)),
            (lot(2, LotClass::Earned), points(2)),
        ];
        assert_eq!(taken, order);
        assert_eq!((sum(&lots), lots.len()), (points(8), 1));
        assert_eq!(take(&mut lots, points(20), |_| true), [(lot(2, LotClass::Earned), points(8))]);
        assert!(lots.is_empty());
    }

    #[test]
    fn of_what_is_carried_the_longest_lasting_arrives() {
        let mut lots = some();
        let lots = take(&mut lots, points(18), |_| true);
        let carried = Carried { lots, lasting: points(4) }.given();
        let given = |month, it| (lot(month, LotClass::Given), points(it));
        assert_eq!(carried.clone().arriving(points(4)), []);
        assert_eq!(carried.clone().arriving(points(6)), [given(2, 2)]);
        assert_eq!(carried.arriving(points(22)), [given(2, 10), given(2, 5), given(1, 3)]);
    }
}
