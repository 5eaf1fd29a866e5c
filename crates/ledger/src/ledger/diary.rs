//! A volunteer's diary: what was done when, and how much in which month.

use jiff::civil::Date;

use crate::{BranchNo, Category, Minute, Minutes, RecordNo};

/// What one volunteer's records take of the time, in the order of their beginning, and what
/// they come to by month, organising branch and category.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Diary {
    slots: Vec<SlotRow>,
    pub(crate) months: Vec<MonthRow>,
}

/// A record in the diary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SlotRow {
    pub(crate) start: Minute,
    pub(crate) record: RecordNo,
    pub(crate) slot: Slot,
}

/// What a record takes of a volunteer's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Slot {
    /// From the start until this minute.
    Until(Minute),
    /// So many minutes of the day that begins at the start.
    Loose(u16),
}

/// A calendar month (月), counted from January of the year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// The month of a day.
    pub fn of(date: Date) -> Self {
        let months = i32::from(date.year()).saturating_mul(12);
        Self(months.saturating_add(i32::from(date.month())).saturating_sub(1))
    }

    /// The calendar year.
    pub fn year(self) -> i16 {
        i16::try_from(self.0.div_euclid(12)).unwrap_or(i16::MAX)
    }

    /// Within the year, from 0, January.
    pub fn index(self) -> usize {
        usize::try_from(self.0.rem_euclid(12)).unwrap_or(0)
    }

    /// The month after it.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// What service is told apart by in totals.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServiceClass {
    /// The branch that organises it.
    pub branch: BranchNo,
    /// Its category, where it has one.
    pub category: Option<Category>,
}

/// Minutes of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct MonthRow {
    pub(crate) month: Month,
    /// Its place among the classes of service.
    pub(crate) class: u32,
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

    /// Adds to a month; `None` beyond the range.
    pub(crate) fn add(&mut self, month: Month, class: u32, minutes: Minutes) -> Option<()> {
        let key = (month, class);
        match self.months.binary_search_by_key(&key, |it| (it.month, it.class)) {
            Ok(index) => {
                let row = self.months.get_mut(index)?;
                row.minutes = row.minutes.plus(minutes)?;
            }
            Err(index) => self.months.insert(index, MonthRow { month, class, minutes }),
        }
        Some(())
    }
}
