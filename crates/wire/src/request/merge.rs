//! `MergeService`.

use lovebank_ledger::{Command, MergeCommand, MergeNo};

use super::{Resolve, volunteer};
use crate::{Parsed, both, kinds, scalar::number, v1};

/// `ProposeMerge`.
pub fn propose_merge(it: &v1::ProposeMergeRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let from = volunteer("volunteer_number", &it.volunteer_number, resolve);
    let into = volunteer("into_volunteer_number", &it.into_volunteer_number, resolve);
    let (volunteer, into) = both(from, into)?;
    Ok(Command::Merge(MergeCommand::ProposeMerge { volunteer, into }))
}

/// `ConfirmMerge`.
pub fn confirm_merge(it: &v1::ConfirmMergeRequest) -> Parsed<Command> {
    let merge = number("merge_no", it.merge_no, MergeNo::new)?;
    Ok(Command::Merge(MergeCommand::ConfirmMerge { merge }))
}

/// `ProposeMergeUndo`.
pub fn propose_merge_undo(it: &v1::ProposeMergeUndoRequest) -> Parsed<Command> {
    let merge = number("merge_no", it.merge_no, MergeNo::new)?;
    Ok(Command::Merge(MergeCommand::ProposeMergeUndo { merge }))
}

/// `ConfirmMergeUndo`.
pub fn confirm_merge_undo(it: &v1::ConfirmMergeUndoRequest) -> Parsed<Command> {
    let merge = number("merge_no", it.merge_no, MergeNo::new)?;
    Ok(Command::Merge(MergeCommand::ConfirmMergeUndo { merge }))
}

/// `RefuseMerge`.
pub fn refuse_merge(it: &v1::RefuseMergeRequest) -> Parsed<Command> {
    let merge = number("merge_no", it.merge_no, MergeNo::new);
    let (merge, reason) = both(merge, kinds::given_reason(it.reason))?;
    Ok(Command::Merge(MergeCommand::RefuseMerge { merge, reason }))
}
