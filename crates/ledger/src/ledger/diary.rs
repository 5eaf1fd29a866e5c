//! A volunteer's diary: what was done when, and how much in which year.

use crate::{BranchNo, Minute, Minutes, RecordNo};

/// What one volunteer's records take of the time, in the order of their beginning, and what
/// they come to by calendar year and organising branch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Diary {
    slots: Vec<SlotRow>,
    pub(crate) years: Vec<YearRow>,
}

/// A record in the diary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SlotRow {
    pub(crate) start: Minute,
    pub(crate) record: RecordNo,
    pub(crate) slot: Slot,
}

/// What a record takes of a volunteer's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// From the start until this minute.
    Until(Minute),
    /// So many minutes of the day that begins at the start.
    Loose(u16),
}

/// Minutes of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct YearRow {
    pub(crate) year: i16,
    pub(crate) branch: BranchNo,
    pub(crate) minutes: Minutes,
}

impl Diary {
    pub(crate) fn enter(&mut self, it: SlotRow) {
        let key = (it.start, it.record);
        let place = self.slots.partition_point(|other| (other.start, other.record) < key);
        self.slots.insert(place, it);
    }

    pub(crate) fn leave(&mut self, start: Minute, record: RecordNo) {
        self.slots.retain(|it| (it.start, it.record) != (start, record));
    }

    /// Slots that begin from a minute up to, and without, a later one.
    pub(crate) fn between(&self, from: Minute, until: Minute) -> impl Iterator<Item = &SlotRow> {
        let first = self.slots.partition_point(|it| it.start < from);
        self.slots.iter().skip(first).take_while(move |it| it.start < until)
    }

    /// Adds to a year; `None` beyond the range.
    pub(crate) fn add(&mut self, year: i16, branch: BranchNo, minutes: Minutes) -> Option<()> {
        let key = (year, branch);
        match self.years.binary_search_by_key(&key, |it| (it.year, it.branch)) {
            Ok(index) => {
                let row = self.years.get_mut(index)?;
                row.minutes = row.minutes.plus(minutes)?;
            }
            Err(index) => self.years.insert(index, YearRow { year, branch, minutes }),
        }
        Some(())
    }
}
