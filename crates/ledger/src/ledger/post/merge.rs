//! Posting what makes two numbers one person, and two again. What they have is in the postings.

use super::{Posted, at, expect};
use crate::{
    Entry, EntryNo, MergeEvent, MergeNo, MergeState, NewMerge, PassbookNo,
    ledger::{Ledger, MergeRow},
};

impl Ledger<'_> {
    pub(super) fn post_merge_event(&mut self, event: &MergeEvent, entry: &Entry) -> Posted {
        let no = entry.no;
        match event {
            MergeEvent::MergeProposed(it) => self.post_merge(it, entry),
            MergeEvent::MergeConfirmed { merge } => {
                let row = self.step(*merge, no, (MergeState::Proposed, MergeState::Merged))?;
                let NewMerge { from, into, .. } = row.merge;
                self.kept(from)?;
                self.kept(into)?;
                let row = self.merges.get_mut(at(merge.get())).ok_or("no such merge")?;
                row.merged = Some(no);
                Ok(())
            }
            MergeEvent::MergeRefused { merge, .. } => {
                self.step(*merge, no, (MergeState::Proposed, MergeState::Refused)).map(|_| ())
            }
            MergeEvent::MergeUndoProposed { merge } => {
                let row = self.step(*merge, no, (MergeState::Merged, MergeState::UndoProposed))?;
                row.undo_by = Some(entry.actor);
                Ok(())
            }
            MergeEvent::MergeUndoRefused { merge, .. } => {
                self.step(*merge, no, (MergeState::UndoProposed, MergeState::Merged)).map(|_| ())
            }
            MergeEvent::MergeUndone { merge } => {
                let row = self.step(*merge, no, (MergeState::UndoProposed, MergeState::Undone))?;
                row.undone = Some(no);
                Ok(())
            }
        }
    }

    fn post_merge(&mut self, it: &NewMerge, entry: &Entry) -> Posted {
        if [it.from, it.into].iter().any(|it| self.volunteer(*it).is_none()) {
            return Err("no such passbook");
        }
        if it.from == it.into {
            return Err("a passbook is not merged into itself");
        }
        self.merges.push(MergeRow {
            entry: entry.no,
            actor: entry.actor,
            merge: *it,
            state: MergeState::Proposed,
            merged: None,
            undo_by: None,
            undone: None,
            decided: entry.no,
        });
        self.merges_of.insert((it.from, it.no), ());
        self.merges_of.insert((it.into, it.no), ());
        self.merges_waiting.insert(it.no, ());
        expect(it.no.get(), self.merges.len())
    }

    /// What is another's already is merged no more, so that numbers never go round.
    fn kept(&self, passbook: PassbookNo) -> Posted {
        let merged = self.merged(passbook).is_some();
        if merged { Err("a passbook that it merges is another's already") } else { Ok(()) }
    }

    /// Moves a merge from one state to the next.
    fn step(
        &mut self,
        no: MergeNo,
        entry: EntryNo,
        (from, to): (MergeState, MergeState),
    ) -> Result<&mut MergeRow, &'static str> {
        let row = self.merges.get_mut(at(no.get())).ok_or("no such merge")?;
        if row.state != from {
            return Err("a merge is not in the state that it leaves");
        }
        (row.state, row.decided) = (to, entry);
        match row.proposer() {
            Some(_) => self.merges_waiting.insert(no, ()),
            None => self.merges_waiting.remove(&no),
        }
        Ok(row)
    }
}
