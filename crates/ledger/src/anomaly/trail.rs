//! What the ledger does not keep and the journal tells: who approved, and what was closed for want
//! of a check-out.

use std::collections::HashMap;

use crate::{ActorNo, Entry, EntryNo, Event, PassbookNo, RecordNo, Timestamp};

/// Gathered entry by entry: a few bytes for each approval and each check-out that never came.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    pub(super) approvers: HashMap<RecordNo, (ActorNo, EntryNo)>,
    pub(super) forgotten: Vec<Forgotten>,
}

/// A check-in whose check-out never came.
#[derive(Debug, Clone, Copy)]
pub(super) struct Forgotten {
    pub(super) passbook: PassbookNo,
    pub(super) entry: EntryNo,
    pub(super) at: Timestamp,
    /// What was recorded all the same.
    pub(super) record: Option<RecordNo>,
}

impl Trail {
    /// Takes note of an entry.
    pub fn take(&mut self, entry: &Entry) {
        if let Event::HoursApproved { records, .. } = &entry.event {
            let approved = records.iter().map(|it| (it.record, (entry.actor, entry.no)));
            self.approvers.extend(approved);
        }
        if let Event::CheckInsClosed { closed } = &entry.event {
            self.forgotten.extend(closed.iter().map(|it| Forgotten {
                passbook: it.passbook,
                entry: entry.no,
                at: entry.recorded_at,
                record: it.record.map(|it| it.no),
            }));
        }
    }
}
