//! Merges, as messages.

use lovebank_ledger::{EntryNo, Ledger, MergeRow, PassbookNo};

use crate::{kinds, scalar, v1};

/// A merge as it stands; the volunteer numbers are to be added.
pub fn merge(ledger: &Ledger<'_>, it: &MergeRow) -> v1::Merge {
    v1::Merge {
        merge_no: it.merge.no.get(),
        passbook_no: it.merge.from.get(),
        into_passbook_no: it.merge.into.get(),
        volunteer_number: String::new(),
        into_volunteer_number: String::new(),
        state: kinds::to_merge_state(it.state).into(),
        proposed_at: ledger.recorded_at(it.entry).map(scalar::to_timestamp),
        merged_seq: it.merged.map_or(0, EntryNo::get),
        undone_seq: it.undone.map_or(0, EntryNo::get),
    }
}

/// The numbers a volunteer is known under: the passbook that is kept, where it is another, and
/// those that were merged into this one.
pub fn numbers(ledger: &Ledger<'_>, no: PassbookNo) -> (u64, Vec<u64>) {
    let person = ledger.person(no);
    let into = if person == no { 0 } else { person.get() };
    (into, ledger.numbers(no, None).filter(|it| *it != no).map(PassbookNo::get).collect())
}
