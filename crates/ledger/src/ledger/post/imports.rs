//! Posting what sheets brought, and what takes it back.

use super::Posted;
use crate::{
    BatchKey, BatchNo, Entry, Event, ImportPart, NewRecord, PassbookNo, Reason, RecordNo, Restored,
    RowOutcome, RowVerdict,
    ledger::{
        Balance, ImportBatch, ImportUndo, Ledger, RecordState, RowCounts, Total,
        imports::{Matter, Saying, Word},
    },
};

impl Ledger<'_> {
    pub(super) fn post_import(
        &mut self,
        import: &ImportPart,
        rows: &[RowOutcome],
        entry: &Entry,
    ) -> Posted {
        let batch = self.batch(import, entry)?;
        self.import_entries.insert(entry.no, import.batch);
        self.importers.insert((batch.no, entry.actor), ());
        rows.iter().try_for_each(|it| self.post_row(it, entry, batch.no))?;
        let branch = batch.branch.or_else(|| self.branch_of(rows));
        let rows = rows.iter().fold(batch.rows, count);
        let moved = plus(batch.moved, entry.moved())?;
        let (parts, ended, last) = (import.part.saturating_add(1), import.last, entry.no);
        let batch = ImportBatch { branch, last, parts, ended, rows, moved, ..batch };
        self.imports.insert(import.batch, batch);
        Ok(())
    }

    /// The batch as it was before a part of it, which may be its first.
    fn batch(&mut self, import: &ImportPart, entry: &Entry) -> Result<ImportBatch, &'static str> {
        if let Some(known) = self.import(&import.batch) {
            return Ok(known);
        }
        self.batch_keys.push(import.batch);
        let no = u64::try_from(self.batch_keys.len()).unwrap_or(u64::MAX);
        Ok(ImportBatch {
            no: BatchNo::new(no).map_err(|_| "too many imports")?,
            file: import.file,
            branch: None,
            actor: entry.actor,
            first: entry.no,
            last: entry.no,
            parts: 0,
            ended: false,
            rows: RowCounts::default(),
            moved: Balance::default(),
            undo: None,
        })
    }

    fn branch_of(&self, rows: &[RowOutcome]) -> Option<crate::BranchNo> {
        let activity = rows.iter().find_map(|it| match it.verdict {
            RowVerdict::New(new) | RowVerdict::Corrected { new, .. } => Some(new.activity),
            RowVerdict::Same(no) | RowVerdict::Duplicate(no) | RowVerdict::Reversed(no) => {
                self.record(no).map(|it| it.activity)
            }
            RowVerdict::Zero { activity, .. } => Some(activity),
            RowVerdict::SameZero(of) => of.map(|it| it.1),
            RowVerdict::Refused(_) => None,
        });
        activity.and_then(|it| self.activity(it)).map(|it| it.branch)
    }

    fn post_row(&mut self, row: &RowOutcome, entry: &Entry, batch: BatchNo) -> Posted {
        match &row.verdict {
            RowVerdict::Corrected { old: Some(old), new } => {
                self.replace(*old, new, Reason::Resent, entry)?;
                self.made(batch, new);
                Ok(())
            }
            RowVerdict::New(new) | RowVerdict::Corrected { old: None, new } => {
                self.post_record(new, entry, None)?;
                self.made(batch, new);
                Ok(())
            }
            RowVerdict::Zero { passbook, activity } => {
                self.totals.insert((*passbook, *activity), Total::Zero);
                let said = (*passbook, Matter::total(*activity), Word::Nothing(None));
                self.say(said, batch, (entry, row.line));
                Ok(())
            }
            RowVerdict::SameZero(Some((passbook, activity))) => {
                let said = (*passbook, Matter::total(*activity), Word::Nothing(None));
                self.say(said, batch, (entry, row.line));
                Ok(())
            }
            RowVerdict::Reversed(old) => {
                self.settle(*old, RecordState::Reversed, entry.no, Some(Reason::Resent))?;
                self.say_of(*old, Word::Nothing(Some(*old)), batch, (entry, row.line))
            }
            RowVerdict::Same(no) => self.say_of(*no, Word::Same(*no), batch, (entry, row.line)),
            RowVerdict::SameZero(None) | RowVerdict::Duplicate(_) | RowVerdict::Refused(_) => {
                Ok(())
            }
        }
    }

    fn made(&mut self, batch: BatchNo, new: &NewRecord) {
        self.said_in.insert((batch, new.passbook, Matter::of_new(new)), ());
    }

    fn say_of(
        &mut self,
        record: RecordNo,
        word: Word,
        batch: BatchNo,
        at: (&Entry, u32),
    ) -> Posted {
        let row = self.record(record).ok_or("no such record")?;
        let said = (row.passbook, Matter::of(row), word);
        self.say(said, batch, at);
        Ok(())
    }

    fn say(
        &mut self,
        (passbook, matter, word): (PassbookNo, Matter, Word),
        batch: BatchNo,
        (entry, line): (&Entry, u32),
    ) {
        self.sayings.insert((passbook, entry.no, line), Saying { batch, matter, word });
        self.said_in.insert((batch, passbook, matter), ());
    }

    pub(super) fn post_undo(&mut self, entry: &Entry) -> Posted {
        let Event::ImportUndone { batch, debts, looked_at, last, reversed, rejected, restored } =
            &entry.event
        else {
            return Err("it undoes no import");
        };
        let undone = Some(Reason::Undone);
        for no in reversed {
            self.settle(*no, RecordState::Reversed, entry.no, undone)?;
        }
        for no in rejected {
            self.settle(*no, RecordState::Rejected, entry.no, undone)?;
        }
        restored.iter().try_for_each(|it| self.restore(it, entry))?;
        self.forget(batch, *looked_at)?;
        let taken_back = small(reversed.len().saturating_add(rejected.len()));
        let (known, restored) =
            (self.import(batch).ok_or("no such import")?, small(restored.len()));
        let before = known.undo.unwrap_or(ImportUndo {
            actor: entry.actor,
            first: entry.no,
            last: entry.no,
            done: false,
            debts: false,
            taken_back: 0,
            restored: 0,
            moved: Balance::default(),
        });
        let undo = ImportUndo {
            last: entry.no,
            done: *last,
            debts: before.debts || *debts,
            taken_back: before.taken_back.saturating_add(taken_back),
            restored: before.restored.saturating_add(restored),
            moved: plus(before.moved, entry.moved())?,
            ..before
        };
        self.imports.insert(*batch, ImportBatch { undo: Some(undo), ..known });
        Ok(())
    }

    /// Of what was looked at, the batch has no say any more.
    fn forget(&mut self, batch: &BatchKey, looked_at: u32) -> Posted {
        let no = self.import(batch).ok_or("no such import")?.no;
        let mut left = usize::try_from(looked_at).unwrap_or(usize::MAX);
        while 0 < left {
            let said = self.next_said(no, None, left);
            let (passbook, matters) = said.ok_or("it looked at more than there is")?;
            left = left.saturating_sub(matters.len());
            for matter in matters {
                self.said_in.remove(&(no, passbook, matter));
            }
        }
        Ok(())
    }

    /// Recorded by whom, and whose pool has the overflow, is as it was.
    fn restore(&mut self, it: &Restored, entry: &Entry) -> Posted {
        let old = *self.record(it.old).ok_or("no such record")?;
        let origin = self.origin(it.old);
        self.post_record(&it.new, entry, None)?;
        let row = self.record_mut(it.new.no)?;
        (row.home, row.recorder) = (old.home, old.recorder);
        self.record_mut(it.instead_of.unwrap_or(it.old))?.replaced_by = Some(it.new.no);
        self.restored.insert(it.new.no, origin);
        Ok(())
    }
}

fn count(mut rows: RowCounts, row: &RowOutcome) -> RowCounts {
    let count = match row.verdict {
        RowVerdict::New(_) => &mut rows.new,
        RowVerdict::Corrected { .. } | RowVerdict::Reversed(_) => &mut rows.corrected,
        RowVerdict::Same(_)
        | RowVerdict::SameZero(_)
        | RowVerdict::Duplicate(_)
        | RowVerdict::Zero { .. } => &mut rows.same,
        RowVerdict::Refused(_) => &mut rows.refused,
    };
    *count = count.saturating_add(1);
    rows
}

fn plus(a: Balance, b: Balance) -> Result<Balance, &'static str> {
    let minutes = a.minutes.plus(b.minutes).ok_or("its minutes are out of range")?;
    let points = a.points.plus(b.points).ok_or("its points are out of range")?;
    Ok(Balance { minutes, points })
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
