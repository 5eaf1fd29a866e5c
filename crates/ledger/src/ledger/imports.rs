//! Import batches, and what their rows said: from that follows what stands once one is undone.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
};

use jiff::civil::Date;

use super::{Balance, Ledger, RecordRow, RecordState};
use crate::{
    ActivityNo, ActorNo, BatchKey, BatchNo, BranchNo, EntryNo, FileDigest, Minute, Minutes,
    NewRecord, PassbookNo, Reason, RecordNo, Refusal, ServiceTime,
};

/// An import batch (批次): a file, taken in with some choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ImportBatch {
    /// Its number, in the order of coming.
    pub no: BatchNo,
    /// The file, where it was told.
    pub file: Option<FileDigest>,
    /// Whose sheet it is; none where no row said anything.
    pub branch: Option<BranchNo>,
    /// Who began to take it in.
    pub actor: ActorNo,
    /// The entry of its first part.
    pub first: EntryNo,
    /// The entry of its last part so far.
    pub last: EntryNo,
    /// Parts taken in.
    pub parts: u32,
    /// Whether the last part was.
    pub ended: bool,
    /// What came of its rows.
    pub rows: RowCounts,
    /// What it moved on passbooks and pools, when it was taken in.
    pub moved: Balance,
    /// How far it was undone, if it was.
    pub undo: Option<ImportUndo>,
}

/// What came of the rows of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct RowCounts {
    /// Made a record.
    pub new: u32,
    /// Took an earlier value back, and booked another or none.
    pub corrected: u32,
    /// Said what stood already, or nothing.
    pub same: u32,
    /// Were refused.
    pub refused: u32,
}

/// How far a batch was undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ImportUndo {
    /// Who began to.
    pub actor: ActorNo,
    /// The first entry of it.
    pub first: EntryNo,
    /// The last entry of it so far.
    pub last: EntryNo,
    /// Whether nothing is left.
    pub done: bool,
    /// Whether passbooks may owe points for it.
    pub debts: bool,
    /// Records taken back.
    pub taken_back: u32,
    /// Values that count again.
    pub restored: u32,
    /// What it moved on passbooks and pools.
    pub moved: Balance,
}

impl ImportBatch {
    /// Whether rows may still be taken in, or told again: what was undone is not.
    pub fn stands(&self) -> Result<(), Refusal> {
        match self.undo {
            Some(undo) => Err(Refusal::ImportUndone { entry: undo.last }),
            None => Ok(()),
        }
    }
}

/// What a row speaks of: two rows of one volunteer that speak of the same thing correct each
/// other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Matter {
    activity: ActivityNo,
    when: When,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum When {
    Total,
    Start(Minute),
    Day(Date),
    Deducted(Date),
}

impl Matter {
    pub(crate) fn total(activity: ActivityNo) -> Self {
        Self { activity, when: When::Total }
    }

    pub(crate) fn of_new(it: &NewRecord) -> Self {
        Self::new(it.activity, it.time, it.minutes)
    }

    pub(crate) fn of(it: &RecordRow) -> Self {
        Self::new(it.activity, it.time, it.minutes)
    }

    fn new(activity: ActivityNo, time: ServiceTime, minutes: Minutes) -> Self {
        let when = match time {
            ServiceTime::Span(_) => When::Total,
            ServiceTime::Interval(it) => When::Start(it.start()),
            ServiceTime::Day(date) if minutes.is_negative() => When::Deducted(date),
            ServiceTime::Day(date) => When::Day(date),
        };
        Self { activity, when }
    }
}

/// What a row said that made no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Saying {
    pub(crate) batch: BatchNo,
    pub(crate) matter: Matter,
    pub(crate) word: Word,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Word {
    /// What this record says.
    Same(RecordNo),
    /// Nothing: no record is to stand, and this one stood until then.
    Nothing(Option<RecordNo>),
}

/// All that was said of one thing, in order, and what stands.
#[derive(Debug, Default)]
pub(crate) struct History {
    said: Vec<Said>,
    pub(crate) standing: Option<RecordNo>,
}

#[derive(Debug)]
struct Said {
    at: (EntryNo, u32),
    record: Option<RecordNo>,
    /// By which batch; none: by a person.
    by: Option<BatchNo>,
}

impl History {
    /// Whether a batch had a say.
    pub(crate) fn speaks(&self, batch: BatchNo) -> bool {
        self.said.iter().any(|it| it.by == Some(batch))
    }

    /// What is to stand without some batches: what was last said by anyone else.
    pub(crate) fn without(&self, undone: impl Fn(BatchNo) -> bool) -> Option<RecordNo> {
        let last = self.said.iter().rev().find(|it| it.by.is_none_or(|by| !undone(by)));
        last.and_then(|it| it.record)
    }
}

impl Ledger<'_> {
    /// An import batch.
    pub fn import(&self, batch: &BatchKey) -> Option<ImportBatch> {
        self.imports.get(batch).copied()
    }

    /// Every import batch, oldest first.
    pub fn imports(&self) -> impl DoubleEndedIterator<Item = (BatchKey, ImportBatch)> + '_ {
        self.batch_keys.iter().filter_map(|key| Some((*key, self.import(key)?)))
    }

    /// Whether an actor took in a part of a batch, whatever came of its rows.
    pub(crate) fn took_part(&self, actor: ActorNo, batch: BatchNo) -> bool {
        self.importers.get(&(batch, actor)).is_some()
    }

    /// The import that an entry is a part of.
    pub fn imported_by(&self, entry: EntryNo) -> Option<BatchKey> {
        self.import_entries.get(&entry).copied()
    }

    /// The import that brought a record, or the one that it counts again for.
    pub fn brought_by(&self, record: RecordNo) -> Option<BatchKey> {
        self.imported_by(self.record(self.origin(record))?.entry)
    }

    /// The record that first said what a record says, which only counts again.
    pub(crate) fn origin(&self, record: RecordNo) -> RecordNo {
        self.restored.get(&record).copied().unwrap_or(record)
    }

    /// The next volunteer of whom a batch speaks, after some, and of what: at most so many.
    pub(crate) fn next_said(
        &self,
        batch: BatchNo,
        after: Option<(PassbookNo, Matter)>,
        most: usize,
    ) -> Option<(PassbookNo, Vec<Matter>)> {
        let first = (batch, PassbookNo::FIRST, Matter::total(ActivityNo::FIRST));
        let mut from = after.map_or(Bound::Included(first), |(passbook, matter)| {
            Bound::Excluded((batch, passbook, matter))
        });
        let mut found: Option<(PassbookNo, Vec<Matter>)> = None;
        while let Some(&(of, passbook, matter)) =
            self.said_in.first_in((from, Bound::Unbounded)).map(|it| it.0)
        {
            let (whose, matters) = found.get_or_insert_with(|| (passbook, Vec::new()));
            if of != batch || *whose != passbook || matters.len() == most {
                break;
            }
            matters.push(matter);
            from = Bound::Excluded((of, passbook, matter));
        }
        found.filter(|it| !it.1.is_empty())
    }

    /// Whether what a batch said of something was undone.
    pub(crate) fn is_undone(&self, batch: BatchNo, said: (PassbookNo, Matter)) -> bool {
        let undone = || {
            let place = super::post::at(batch.get());
            self.batch_keys.get(place).and_then(|it| self.import(it)).and_then(|it| it.undo)
        };
        self.said_in.get(&(batch, said.0, said.1)).is_none() && undone().is_some()
    }

    /// All that was said of a volunteer, by what it speaks of. Deductions of one day may stand
    /// side by side, each with its own history.
    pub(crate) fn histories(&self, passbook: PassbookNo) -> BTreeMap<Matter, Vec<History>> {
        let mut records: Vec<(RecordNo, &RecordRow)> = self.records_under(passbook).collect();
        records.reverse();
        let mut places: HashMap<RecordNo, (Matter, usize)> = HashMap::new();
        let mut all: BTreeMap<Matter, Vec<History>> = BTreeMap::new();
        for (no, row) in records {
            let matter = Matter::of(row);
            let of_matter = all.entry(matter).or_default();
            let apart = matches!(matter.when, When::Deducted(_));
            let known = places.get(&no).filter(|it| it.0 == matter).map(|it| it.1);
            let chain = known.unwrap_or(if apart { of_matter.len() } else { 0 });
            if of_matter.len() <= chain {
                of_matter.push(History::default());
            }
            places.insert(no, (matter, chain));
            places.extend(row.replaced_by.map(|it| (it, (matter, chain))));
            if let Some(history) = of_matter.get_mut(chain) {
                self.said_by(history, no, row);
            }
        }
        let first = (passbook, EntryNo::FIRST, 0)..(passbook.next(), EntryNo::FIRST, 0);
        for ((_, entry, line), saying) in self.sayings.range(first) {
            let (about, record) = match saying.word {
                Word::Same(no) => (Some(no), Some(self.origin(no))),
                Word::Nothing(no) => (no, None),
            };
            let place = about.and_then(|it| places.get(&it)).copied();
            let (matter, chain) = place.unwrap_or((saying.matter, 0));
            let said = Said { at: (*entry, *line), record, by: Some(saying.batch) };
            // Of what no record ever stood for, none is to stand.
            if let Some(history) = all.get_mut(&matter).and_then(|it| it.get_mut(chain)) {
                history.said.push(said);
            }
        }
        for history in all.values_mut().flatten() {
            history.said.sort_by_key(|it| (it.at, it.record.is_some()));
        }
        all
    }

    /// What a record says, and that a person took it back.
    fn said_by(&self, history: &mut History, no: RecordNo, row: &RecordRow) {
        let by = self.imported_by(row.entry).and_then(|it| self.import(&it)).map(|it| it.no);
        // What only counts again was said by its origin.
        if self.restored.get(&no).is_none() {
            history.said.push(Said { at: (row.entry, row.index), record: Some(no), by });
        }
        match (row.state, row.reason) {
            (RecordState::Pending | RecordState::Posted, _) => history.standing = Some(no),
            (_, Some(Reason::Resent | Reason::Undone)) => {}
            (RecordState::Rejected | RecordState::Reversed, _) => {
                let at = (row.decided.unwrap_or(row.entry), 0);
                history.said.push(Said { at, record: None, by: None });
            }
        }
    }
}
