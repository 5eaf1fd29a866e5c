//! Posting what moves in lots.

use super::{Posted, at};
use crate::{
    About, LineKind, Lot, LotMove, NewMerge, PassbookNo, Points, Posting, Timestamp,
    ledger::{Due, Ledger},
    lot::{self, Lots},
};

impl Ledger<'_> {
    /// Puts points into lots and takes them out, as the entry says.
    pub(super) fn post_lots(
        &mut self,
        passbook: PassbookNo,
        posting: &Posting,
        at: Timestamp,
    ) -> Posted {
        let spends = posting.points.is_negative() && posting.kind != LineKind::Reversed;
        let kept = posting.about.filter(|_| spends && !posting.lots.is_empty());
        if let Some(about) = kept.filter(|it| self.is_brought(passbook, *it)) {
            self.spent.insert((passbook, about), posting.lots.clone());
        }
        self.post_since(posting, at);
        if posting.kind == LineKind::Expired {
            self.post_gone(passbook, &posting.lots);
        }
        posting.lots.iter().try_for_each(|it| self.post_lot(passbook, *it))
    }

    /// Whether it is not what a merge takes for a debt: that is the other's.
    fn is_brought(&self, passbook: PassbookNo, about: About) -> bool {
        match about {
            About::Merge(it) => self.merge(it).is_some_and(|it| it.merge.from == passbook),
            About::Record(_)
            | About::Redemption(_)
            | About::Gift(_)
            | About::Draw(_)
            | About::Help(_)
            | About::Honour(_) => true,
        }
    }

    /// What a number's own things move while it is another's, lies with what it brought, as if it
    /// were alone: so it is told apart again. What is over by then is gone, and nothing is taken of it.
    fn post_since(&mut self, posting: &Posting, at: Timestamp) {
        let about = posting.about;
        let whose = about.and_then(|it| self.whose(it, (posting.kind, posting.points)));
        for it in whose.map(|it| self.merges_above(it)).unwrap_or_default() {
            let key = (it.from, About::Merge(it.no));
            let had = self.spent.get(&key).into_iter().flatten();
            let mut lots: Lots = had.map(LotMove::out).collect();
            if posting.points.is_negative() {
                let lasts = |it| self.expiry(it).is_some_and(|end| at < end);
                lot::take(&mut lots, posting.points.negated(), lasts);
            } else {
                for it in &posting.lots {
                    let there = lots.entry(it.lot).or_default();
                    *there = there.plus(it.points).unwrap_or(*there);
                }
            }
            let had: Vec<LotMove> =
                lots.into_iter().map(|(lot, it)| LotMove { lot, points: it.negated() }).collect();
            if !had.is_empty() || self.spent.get(&key).is_some() {
                self.spent.insert(key, had);
            }
        }
    }

    /// Of what expires while several numbers are one person, remembers by merge what it was: from
    /// there it may have come.
    fn post_gone(&mut self, passbook: PassbookNo, gone: &[LotMove]) {
        let others: Vec<PassbookNo> = self.numbers(passbook, None).skip(1).collect();
        for other in others {
            let Some(NewMerge { no, into, .. }) = self.merged(other).map(|it| it.merge) else {
                continue;
            };
            let key = (into, About::Merge(no));
            let mut all = self.spent.get(&key).cloned().unwrap_or_default();
            for it in gone {
                match all.iter_mut().find(|known| known.lot == it.lot) {
                    Some(known) => known.points = known.points.plus(it.points).unwrap_or(it.points),
                    None => all.push(*it),
                }
            }
            self.spent.insert(key, all);
        }
    }

    fn post_lot(&mut self, passbook: PassbookNo, it: LotMove) -> Posted {
        let key = (passbook, it.lot);
        let before = self.lots.get(&key).copied().unwrap_or_default();
        let after = before.plus(it.points).ok_or("a lot is out of range")?;
        if after.is_negative() {
            return Err("more is taken out of a lot than lay in it");
        }
        let row = self.passbooks.get_mut(at(passbook.get())).ok_or("no such passbook")?;
        row.in_lots = row.in_lots.plus(it.points).ok_or("lots are out of range")?;
        let due = (self.expiry(it.lot).ok_or("a lot expires outside the calendar")?, passbook);
        if !after.is_zero() {
            self.lots.insert(key, after);
            if !it.points.is_negative() {
                self.dues.insert((due.0, Due::Lots(passbook)), ());
            }
            return Ok(());
        }
        self.lots.remove(&key);
        if !self.has_lot_of(passbook, it.lot) {
            self.dues.remove(&(due.0, Due::Lots(passbook)));
        }
        Ok(())
    }

    fn has_lot_of(&self, passbook: PassbookNo, lot: Lot) -> bool {
        self.lots(passbook).any(|(it, _)| it.expires == lot.expires)
    }

    /// What was looked at is not due any more: what is left of it is held.
    pub(super) fn post_expired(&mut self, as_of: Timestamp, passbooks: &[PassbookNo]) -> Posted {
        for due in passbooks.iter().map(|it| (as_of, Due::Lots(*it))) {
            self.dues.get(&due).ok_or("no lot of it was due")?;
            self.dues.remove(&due);
        }
        Ok(())
    }

    /// A hold ends: lots that it kept past their day are to be looked at again.
    pub(super) fn look_at_lots(&mut self, passbook: PassbookNo) {
        let Some(now) = self.recorded.last().copied() else { return };
        let over = |(lot, points): (Lot, Points)| {
            !points.is_zero() && self.expiry(lot).is_some_and(|it| it <= now)
        };
        if self.lots(passbook).any(over) {
            self.dues.insert((now, Due::Lots(passbook)), ());
        }
    }
}
