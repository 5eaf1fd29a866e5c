//! Posting what makes two numbers one person, and two again. What they have is in the postings.

use super::{Posted, at, expect};
use crate::{
    Entry, EntryNo, MergeEvent, MergeNo, MergeState, NewMerge,
    ledger::{Ledger, MergeRow},
};

impl Ledger<'_> {
    pub(super) fn post_merge_event(&mut self, event: &MergeEvent, entry: &Entry) -> Posted {
        match event {
            MergeEvent::MergeProposed(it) => self.post_merge(it, entry),
            MergeEvent::MergeConfirmed { merge } => {
                let row = self.merge_mut(*merge, entry.no, MergeState::Merged)?;
                row.merged = Some(entry.no);
                Ok(())
            }
            MergeEvent::MergeRefused { merge, .. } => {
                self.merge_mut(*merge, entry.no, MergeState::Refused).map(|_| ())
            }
            MergeEvent::MergeUndoProposed { merge } => {
                let row = self.merge_mut(*merge, entry.no, MergeState::UndoProposed)?;
                row.undo_by = Some(entry.actor);
                Ok(())
            }
            MergeEvent::MergeUndoRefused { merge, .. } => {
                self.merge_mut(*merge, entry.no, MergeState::Merged).map(|_| ())
            }
            MergeEvent::MergeUndone { merge } => {
                let row = self.merge_mut(*merge, entry.no, MergeState::Undone)?;
                row.undone = Some(entry.no);
                Ok(())
            }
        }
    }

    fn post_merge(&mut self, it: &NewMerge, entry: &Entry) -> Posted {
        if [it.from, it.into].iter().any(|it| self.volunteer(*it).is_none()) {
            return Err("no such passbook");
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

    /// Moves a merge to its next state.
    fn merge_mut(
        &mut self,
        no: MergeNo,
        entry: EntryNo,
        state: MergeState,
    ) -> Result<&mut MergeRow, &'static str> {
        let row = self.merges.get_mut(at(no.get())).ok_or("no such merge")?;
        (row.state, row.decided) = (state, entry);
        match row.proposer() {
            Some(_) => self.merges_waiting.insert(no, ()),
            None => self.merges_waiting.remove(&no),
        }
        Ok(row)
    }
}
