//! Merges (合并): one person under two numbers. One passbook is kept, the other stays beside it,
//! readable for ever; what the person did, has and may do is counted together.

use crate::{MergeNo, PassbookNo};

/// The most numbers that are one person.
pub const NUMBERS_MAX: usize = 8;
/// The most proposals, of merges and of their undoing, that wait in the bank.
pub const MERGES_MAX: usize = 1000;
/// The most pairs of records that a refusal names.
pub const CLASHES_MAX: usize = 20;

/// A merge as it is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NewMerge {
    /// Its number.
    pub no: MergeNo,
    /// The duplicate.
    pub from: PassbookNo,
    /// The one that is kept.
    pub into: PassbookNo,
}

/// Where a merge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MergeState {
    /// It waits for an approver.
    Proposed,
    /// The two are one person.
    Merged,
    /// They are one person, and an approver is asked to undo that.
    UndoProposed,
    /// They are two again.
    Undone,
    /// It was refused.
    Refused,
}
