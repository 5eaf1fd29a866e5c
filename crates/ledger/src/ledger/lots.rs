//! The lots of passbooks, as they stand now.

use jiff::civil::Date;

use super::{Due, Ledger};
use crate::{Lot, LotClass, PassbookNo, Points, RewardNo, Timestamp, lot::Lots};

impl Ledger<'_> {
    /// The lots of a passbook in the order in which they are spent.
    pub fn lots(&self, passbook: PassbookNo) -> impl Iterator<Item = (Lot, Points)> + '_ {
        let least = |passbook| (passbook, Lot { expires: Date::MIN, class: LotClass::Given });
        // Most passbooks have none; those are not looked for.
        let has = self.passbook(passbook).is_some_and(|it| !it.in_lots.is_zero());
        let range = has.then(|| self.lots.range(least(passbook)..least(passbook.next())));
        range.into_iter().flatten().map(|((_, lot), points)| (*lot, *points))
    }

    /// The same, in hand.
    pub(crate) fn lots_in_hand(&self, passbook: PassbookNo) -> Lots {
        self.lots(passbook).collect()
    }

    /// When the points of a lot are gone.
    pub(crate) fn expiry(&self, lot: Lot) -> Option<Timestamp> {
        let (first, _) = self.day(lot.expires)?;
        Some(first.into())
    }

    /// What open holds keep that were made before the day of a lot was over.
    pub(crate) fn held_before(&self, passbook: PassbookNo, lot: Lot) -> Points {
        let expiry = self.expiry(lot);
        let before = |entry| self.recorded_at(entry).zip(expiry).is_some_and(|(at, end)| at < end);
        let holds = self.open_holds(passbook).into_iter().filter(|(_, it)| before(it.entry));
        let kept = holds.map(|(_, it)| it.remaining());
        kept.fold(Points::ZERO, |sum, it| sum.plus(it).unwrap_or(sum))
    }

    /// Whether the lots of a passbook are looked at when a day is over, or later.
    pub(crate) fn expects_expiry(&self, passbook: PassbookNo, expires: Date) -> bool {
        let Some((first, _)) = self.day(expires) else { return false };
        let (first, due) = (Timestamp::from(first), Due::Lots(passbook));
        if self.dues.get(&(first, due)).is_some() {
            return true;
        }
        let last = self.recorded.last().copied().unwrap_or_default();
        let from = (first, Due::Window(RewardNo::FIRST));
        let mut later = self.dues.range(from..).map(|it| *it.0).take_while(|it| it.0 <= last);
        later.any(|it| it.1 == due)
    }
}
