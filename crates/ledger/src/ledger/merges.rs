//! Who is one person: the one place that knows, now and as of any entry.

use super::{Ledger, LineRow, RecordRow, VolunteerRow, post::at};
use crate::{
    About, ActorNo, EntryNo, GiftNo, LineKind, LotMove, MergeNo, MergeState, Minutes, NewMerge,
    PassbookNo, Points, RecordNo, Taker, lot::Lots,
};
use jiff::civil::Date;

/// A merge, as it stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MergeRow {
    /// The entry that proposed it.
    pub entry: EntryNo,
    /// Who proposed it.
    pub actor: ActorNo,
    /// Which numbers.
    pub merge: NewMerge,
    /// Where it stands.
    pub state: MergeState,
    /// The entry that made the two one person.
    pub merged: Option<EntryNo>,
    /// Who last proposed to undo it.
    pub undo_by: Option<ActorNo>,
    /// The entry that made them two again.
    pub undone: Option<EntryNo>,
    /// The entry that changed it last.
    pub decided: EntryNo,
}

impl MergeRow {
    /// Whether the two were one person after an entry; none: are now.
    fn holds(&self, as_of: Option<EntryNo>) -> bool {
        let Some(as_of) = as_of else { return self.merged.is_some() && self.undone.is_none() };
        self.merged.is_some_and(|it| it <= as_of) && self.undone.is_none_or(|it| as_of < it)
    }

    /// Who proposed what waits for an approver.
    pub fn proposer(&self) -> Option<ActorNo> {
        match self.state {
            MergeState::Proposed => Some(self.actor),
            MergeState::UndoProposed => self.undo_by,
            MergeState::Merged | MergeState::Undone | MergeState::Refused => None,
        }
    }
}

impl Ledger<'_> {
    /// A merge.
    pub fn merge(&self, merge: MergeNo) -> Option<&MergeRow> {
        self.merges.get(at(merge.get()))
    }

    /// Every merge, oldest first.
    pub fn merges(&self) -> impl DoubleEndedIterator<Item = &MergeRow> {
        self.merges.iter()
    }

    /// Merges that wait for an approver, oldest first.
    pub fn merges_waiting(&self) -> impl Iterator<Item = &MergeRow> + '_ {
        self.merges_waiting.iter().filter_map(|(no, ())| self.merge(*no))
    }

    /// The merges that a passbook is a side of, oldest first.
    pub fn merges_of(&self, passbook: PassbookNo) -> impl Iterator<Item = &MergeRow> + '_ {
        // Most banks have few, and most passbooks none.
        let first = (passbook, MergeNo::FIRST);
        let any = self.merges.first().is_some();
        let keys = any.then(|| self.merges_of.range(first..(passbook.next(), MergeNo::FIRST)));
        keys.into_iter().flatten().filter_map(|((_, no), ())| self.merge(*no))
    }

    /// The merge by which a passbook is another's now.
    pub fn merged(&self, passbook: PassbookNo) -> Option<&MergeRow> {
        self.merged_as_of(passbook, None)
    }

    fn merged_as_of(&self, passbook: PassbookNo, as_of: Option<EntryNo>) -> Option<&MergeRow> {
        self.merges_of(passbook).find(|it| it.merge.from == passbook && it.holds(as_of))
    }

    /// Who someone is: the passbook that is kept of all the person's numbers.
    pub fn person(&self, passbook: PassbookNo) -> PassbookNo {
        self.person_as_of(passbook, None)
    }

    /// Who someone was after an entry; none: is now.
    pub fn person_as_of(&self, passbook: PassbookNo, as_of: Option<EntryNo>) -> PassbookNo {
        let next = |it: &PassbookNo| self.merged_as_of(*it, as_of).map(|row| row.merge.into);
        std::iter::successors(Some(passbook), next).last().unwrap_or(passbook)
    }

    /// Whether an entry after one changed who is one person.
    pub(crate) fn merged_since(&self, entry: EntryNo) -> bool {
        let since = |it: &Option<EntryNo>| it.is_some_and(|it| entry < it);
        self.merges().any(|it| [it.merged, it.undone].iter().any(since))
    }

    /// The volunteer that someone is.
    pub(crate) fn person_row(&self, passbook: PassbookNo) -> Option<&VolunteerRow> {
        self.volunteer(self.person(passbook))
    }

    /// The numbers that count for a passbook after an entry, none: now: its own first, then those
    /// that were merged into it. Of one that is itself another's there are none, so that nobody is
    /// counted twice.
    pub fn numbers(
        &self,
        passbook: PassbookNo,
        as_of: Option<EntryNo>,
    ) -> impl Iterator<Item = PassbookNo> + use<> {
        let own = self.merged_as_of(passbook, as_of).is_none().then_some(passbook);
        let others = own.map(|it| self.under_of(it, |row| row.holds(as_of))).unwrap_or_default();
        own.into_iter().chain(others)
    }

    /// The numbers that were merged into one, and into those, without it.
    fn under_of(
        &self,
        passbook: PassbookNo,
        counts: impl Fn(&MergeRow) -> bool,
    ) -> Vec<PassbookNo> {
        let mut found: Vec<PassbookNo> = Vec::new();
        let mut next = Some(passbook);
        let mut looked_at = 0_usize;
        while let Some(into) = next {
            for row in self.merges_of(into).filter(|it| it.merge.into == into && counts(it)) {
                let from = row.merge.from;
                if from != passbook && !found.contains(&from) {
                    found.push(from);
                }
            }
            next = found.get(looked_at).copied();
            looked_at = looked_at.saturating_add(1);
        }
        found
    }
}

/// What is one person's, whatever number it stands under.
impl Ledger<'_> {
    /// The passbooks that may have lines about a passbook's records: all that it ever was one
    /// person with.
    fn lines_about(&self, passbook: PassbookNo) -> Vec<PassbookNo> {
        let mut found = vec![passbook];
        let mut looked_at = 0_usize;
        while let Some(it) = found.get(looked_at).copied() {
            for row in self.merges_of(it).filter(|it| it.merged.is_some()) {
                let NewMerge { from, into, .. } = row.merge;
                for other in [from, into] {
                    if !found.contains(&other) {
                        found.push(other);
                    }
                }
            }
            looked_at = looked_at.saturating_add(1);
        }
        found
    }

    /// The lines about records that counted for a passbook after an entry; none: that count now.
    /// While two numbers were one person, a line about a record of the one stands in the other.
    pub fn service_lines(
        &self,
        passbook: PassbookNo,
        as_of: Option<EntryNo>,
    ) -> impl Iterator<Item = (LineRow, &RecordRow)> + '_ {
        self.service_lines_of(self.numbers(passbook, as_of).collect(), as_of)
    }

    /// The lines about records of some numbers after an entry; none: now.
    pub(crate) fn service_lines_of(
        &self,
        numbers: Vec<PassbookNo>,
        as_of: Option<EntryNo>,
    ) -> impl Iterator<Item = (LineRow, &RecordRow)> + '_ {
        let books = numbers.first().map(|it| self.lines_about(*it)).unwrap_or_default();
        let lines = books.into_iter().flat_map(move |it| self.lines(it, as_of));
        let served = lines.filter_map(|it| Some((it, self.record(it.about?.record()?)?)));
        served.filter(move |(_, row)| numbers.contains(&row.passbook))
    }

    /// All lines about the records under one number, wherever they stand, oldest first.
    pub(crate) fn lines_of_records(&self, passbook: PassbookNo) -> Vec<(LineRow, &RecordRow)> {
        let lines = self.lines_about(passbook).into_iter().flat_map(|it| self.lines(it, None));
        let served = lines.filter_map(|it| Some((it, self.record(it.about?.record()?)?)));
        let mut own: Vec<_> = served.filter(|it| it.1.passbook == passbook).collect();
        own.sort_by_key(|it| (it.0.entry, it.0.no));
        own
    }

    /// The first day that any of a person's numbers joined.
    pub(crate) fn joined(&self, passbook: PassbookNo, as_of: Option<EntryNo>) -> Option<Date> {
        let numbers = self.numbers(passbook, as_of);
        numbers.filter_map(|it| self.volunteer(it)).map(|it| it.joined).min()
    }

    /// What was taken out of lots for something that may be taken back, whatever number did.
    pub(crate) fn spent_for(&self, passbook: PassbookNo, about: About) -> Option<&Vec<LotMove>> {
        let own = self.spent.get(&(passbook, about));
        own.or_else(|| self.numbers(passbook, None).find_map(|it| self.spent.get(&(it, about))))
    }

    /// Rows of all a person's numbers, newest first: each number has a chain of its own.
    pub(super) fn newest_first<'a, N: Copy + Ord + 'a, R: 'a>(
        &'a self,
        passbook: PassbookNo,
        last: impl Fn(PassbookNo) -> Option<N>,
        row: impl Fn(N) -> Option<(&'a R, Option<N>)> + 'a,
    ) -> impl Iterator<Item = (N, &'a R)> + 'a {
        let mut heads: Vec<N> = self.numbers(passbook, None).filter_map(last).collect();
        std::iter::from_fn(move || {
            let (place, no) = heads.iter().copied().enumerate().max_by_key(|it| it.1)?;
            let (found, before) = row(no)?;
            match before.zip(heads.get_mut(place)) {
                Some((before, head)) => *head = before,
                None => {
                    heads.swap_remove(place);
                }
            }
            Some((no, found))
        })
    }

    /// What came to a person since an entry by lines about what one of some numbers had done
    /// before: it goes with that number when the two are told apart again.
    pub(crate) fn came_since(
        &self,
        passbook: PassbookNo,
        since: EntryNo,
        numbers: &[PassbookNo],
    ) -> impl Iterator<Item = LineRow> {
        let books: Vec<PassbookNo> =
            self.lines_about(passbook).into_iter().filter(|it| !numbers.contains(it)).collect();
        let lines = books
            .into_iter()
            .flat_map(move |it| self.lines(it, None).take_while(move |it| since < it.entry));
        let whose = |it: &LineRow| self.whose(it.about?, (it.kind, it.points));
        lines.filter(move |it| whose(it).is_some_and(|it| numbers.contains(&it)))
    }

    /// What expired, since two numbers are one person, of the points that are the one's that was
    /// merged: what its lots still held when they were over is not the other's to give back.
    pub(crate) fn gone_of(&self, merge: NewMerge) -> Points {
        let moves = |it| self.spent.get(&(it, About::Merge(merge.no)));
        let had: Lots = moves(merge.from).into_iter().flatten().map(LotMove::out).collect();
        let gone = moves(merge.into).into_iter().flatten().map(LotMove::out);
        let gone = gone.map(|(lot, it)| had.get(&lot).copied().unwrap_or_default().min(it));
        gone.fold(Points::ZERO, |sum, it| sum.plus(it).unwrap_or(sum))
    }

    /// The merges by which a number is another's, and that one another's again.
    pub(crate) fn merges_above(&self, passbook: PassbookNo) -> Vec<NewMerge> {
        let next = |it: PassbookNo| self.merged(it).map(|it| it.merge);
        std::iter::successors(next(passbook), |it| next(it.into)).collect()
    }

    /// A number and those that were merged into it, also while it is another's.
    pub(crate) fn numbers_under(&self, passbook: PassbookNo) -> Vec<PassbookNo> {
        let mut numbers = vec![passbook];
        numbers.extend(self.under_of(passbook, |it| it.holds(None)));
        numbers
    }

    /// What an entry took out of a passbook.
    pub(crate) fn moved_by(&self, passbook: PassbookNo, entry: EntryNo) -> (Minutes, Points) {
        let mut lines = self.lines(passbook, Some(entry)).take_while(|it| it.entry == entry);
        let moved = lines.next().map(|it| (it.minutes.negated(), it.points.negated()));
        moved.unwrap_or_default()
    }

    /// Under which number that stands what a line is about.
    pub(super) fn whose(
        &self,
        about: About,
        (kind, points): (LineKind, Points),
    ) -> Option<PassbookNo> {
        match about {
            About::Record(it) => self.record(it).map(|it| it.passbook),
            About::Redemption(it) => self.redemption(it).map(|it| it.passbook),
            About::Gift(it) => self.side_of(it, (kind, points)),
            About::Draw(it) => self.draw(it).map(|it| it.draw.passbook),
            About::Help(it) => self.help(it).map(|it| it.asker),
            About::Honour(_) | About::Merge(_) => None,
        }
    }

    /// Of a gift, the side whose line it is: what was given goes out, or comes back.
    fn side_of(&self, gift: GiftNo, (kind, points): (LineKind, Points)) -> Option<PassbookNo> {
        let gift = self.gift(gift)?.gift;
        let back = kind == LineKind::Reversed;
        match gift.to {
            Taker::Passbook(taker) if points.is_negative() == back => Some(taker),
            Taker::Passbook(_) | Taker::Pool(_) => Some(gift.from),
        }
    }
}

impl Ledger<'_> {
    /// The records under one number alone, newest first.
    pub fn records_under(
        &self,
        passbook: PassbookNo,
    ) -> impl Iterator<Item = (RecordNo, &RecordRow)> + '_ {
        let last = self.passbook(passbook).and_then(|it| it.last_record);
        let numbers = std::iter::successors(last, |it| self.record(*it)?.before);
        numbers.filter_map(|it| Some((it, self.record(it)?)))
    }
}
