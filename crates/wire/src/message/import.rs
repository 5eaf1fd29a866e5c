//! Import batches, as messages.

use lovebank_ledger::{ActorNo, BatchKey, Entry, EntryNo, Event, ImportBatch, ImportUndo, Ledger};

use crate::{scalar, v1};

/// How a batch stands.
pub fn import_state(it: &ImportBatch) -> v1::ImportState {
    match it.undo {
        Some(undo) if undo.done => v1::ImportState::Undone,
        Some(_) => v1::ImportState::Undoing,
        None if it.ended => v1::ImportState::Ended,
        None => v1::ImportState::Begun,
    }
}

/// An import batch.
pub fn import_batch(ledger: &Ledger<'_>, key: BatchKey, it: &ImportBatch) -> v1::ImportBatch {
    v1::ImportBatch {
        batch_key: key.as_bytes().to_vec(),
        file_digest: it.file.map_or_else(Vec::new, |it| it.as_bytes().to_vec()),
        state: import_state(it).into(),
        branch_code: it.branch.map_or_else(String::new, |it| super::branch_code(ledger, it)),
        actor: actor(ledger, it.actor),
        begin_time: recorded(ledger, it.first),
        end_time: recorded(ledger, it.last),
        first_seq: it.first.get(),
        last_seq: it.last.get(),
        parts: it.parts,
        new_rows: it.rows.new,
        corrected_rows: it.rows.corrected,
        same_rows: it.rows.same,
        refused_rows: it.rows.refused,
        minutes: it.moved.minutes.get(),
        points: Some(scalar::to_points(it.moved.points)),
        undo: it.undo.map(|it| import_undo(ledger, &it)),
    }
}

fn import_undo(ledger: &Ledger<'_>, it: &ImportUndo) -> v1::ImportUndo {
    v1::ImportUndo {
        actor: actor(ledger, it.actor),
        begin_time: recorded(ledger, it.first),
        end_time: recorded(ledger, it.last),
        first_seq: it.first.get(),
        last_seq: it.last.get(),
        taken_back: it.taken_back,
        restored: it.restored,
        minutes: it.moved.minutes.get(),
        points: Some(scalar::to_points(it.moved.points)),
        debts: it.debts,
    }
}

/// What an entry undid; nothing where it undid no import.
pub fn undone(part: u32, receipt: v1::Receipt, entry: &Entry) -> Option<v1::UndoImportResponse> {
    let Event::ImportUndone { last, reversed, rejected, restored, .. } = &entry.event else {
        return None;
    };
    let moved = entry.moved();
    let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Some(v1::UndoImportResponse {
        receipt: Some(receipt),
        part,
        last: *last,
        taken_back: small(reversed.len().saturating_add(rejected.len())),
        restored: small(restored.len()),
        minutes: moved.minutes.get(),
        points: Some(scalar::to_points(moved.points)),
    })
}

fn actor(ledger: &Ledger<'_>, no: ActorNo) -> String {
    ledger.handle(no).map(ToString::to_string).unwrap_or_default()
}

fn recorded(ledger: &Ledger<'_>, entry: EntryNo) -> Option<prost_types::Timestamp> {
    ledger.recorded_at(entry).map(scalar::to_timestamp)
}
