//! Merges of two numbers of one person.

use lovebank_ledger::{MergeEvent, MergeNo, NewMerge, PassbookNo};

use super::{
    BadEntry,
    kinds::{self, kind},
    scalar::{number, stored},
    v1::{self, merge_event::Event as Stored},
};

impl From<&MergeEvent> for v1::MergeEvent {
    fn from(it: &MergeEvent) -> Self {
        let merge_no = |it: MergeNo| stored(it.get());
        Self {
            event: Some(match it {
                MergeEvent::MergeProposed(it) => Stored::Proposed(it.into()),
                MergeEvent::MergeConfirmed { merge } => {
                    Stored::Confirmed(v1::MergeConfirmed { merge_no: merge_no(*merge) })
                }
                MergeEvent::MergeRefused { merge, reason } => Stored::Refused(v1::MergeRefused {
                    merge_no: merge_no(*merge),
                    reason: v1::Reason::from(*reason).into(),
                }),
                MergeEvent::MergeUndoProposed { merge } => {
                    Stored::UndoProposed(v1::MergeUndoProposed { merge_no: merge_no(*merge) })
                }
                MergeEvent::MergeUndoRefused { merge, reason } => {
                    Stored::UndoRefused(v1::MergeUndoRefused {
                        merge_no: merge_no(*merge),
                        reason: v1::Reason::from(*reason).into(),
                    })
                }
                MergeEvent::MergeUndone { merge } => {
                    Stored::Undone(v1::MergeUndone { merge_no: merge_no(*merge) })
                }
            }),
        }
    }
}

impl TryFrom<v1::MergeEvent> for MergeEvent {
    type Error = BadEntry;

    fn try_from(it: v1::MergeEvent) -> Result<Self, BadEntry> {
        let event = it.event.ok_or(BadEntry::Missing { field: "MergeEvent.event" })?;
        let merge = |no, field| number(no, MergeNo::new, field);
        Ok(match event {
            Stored::Proposed(it) => Self::MergeProposed(it.try_into()?),
            Stored::Confirmed(it) => {
                Self::MergeConfirmed { merge: merge(it.merge_no, "MergeConfirmed.merge_no")? }
            }
            Stored::Refused(it) => Self::MergeRefused {
                merge: merge(it.merge_no, "MergeRefused.merge_no")?,
                reason: kind(it.reason, kinds::reason, "MergeRefused.reason")?,
            },
            Stored::UndoProposed(it) => {
                Self::MergeUndoProposed { merge: merge(it.merge_no, "MergeUndoProposed.merge_no")? }
            }
            Stored::UndoRefused(it) => Self::MergeUndoRefused {
                merge: merge(it.merge_no, "MergeUndoRefused.merge_no")?,
                reason: kind(it.reason, kinds::reason, "MergeUndoRefused.reason")?,
            },
            Stored::Undone(it) => {
                Self::MergeUndone { merge: merge(it.merge_no, "MergeUndone.merge_no")? }
            }
        })
    }
}

impl From<&NewMerge> for v1::NewMerge {
    fn from(it: &NewMerge) -> Self {
        Self {
            no: stored(it.no.get()),
            from_passbook_no: stored(it.from.get()),
            into_passbook_no: stored(it.into.get()),
        }
    }
}

impl TryFrom<v1::NewMerge> for NewMerge {
    type Error = BadEntry;

    fn try_from(it: v1::NewMerge) -> Result<Self, BadEntry> {
        Ok(Self {
            no: number(it.no, MergeNo::new, "NewMerge.no")?,
            from: number(it.from_passbook_no, PassbookNo::new, "NewMerge.from_passbook_no")?,
            into: number(it.into_passbook_no, PassbookNo::new, "NewMerge.into_passbook_no")?,
        })
    }
}
