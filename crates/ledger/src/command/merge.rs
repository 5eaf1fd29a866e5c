//! What is asked about one person under two numbers.

use crate::{MergeNo, Reason, Verb, VolunteerRef};

/// Merges of volunteers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the verb of the same name")]
pub enum MergeCommand {
    /// Says that two numbers are one person; the second is kept.
    ProposeMerge { volunteer: VolunteerRef, into: VolunteerRef },
    /// The other of two people agrees.
    ConfirmMerge { merge: MergeNo },
    /// Says that a merge was wrong.
    ProposeMergeUndo { merge: MergeNo },
    /// The other of two people agrees.
    ConfirmMergeUndo { merge: MergeNo },
    /// Refuses what is proposed; who proposed it takes it back so.
    RefuseMerge { merge: MergeNo, reason: Reason },
}

impl MergeCommand {
    pub(super) fn verb(&self) -> Verb {
        match self {
            Self::ProposeMerge { .. }
            | Self::ProposeMergeUndo { .. }
            | Self::RefuseMerge { .. } => Verb::ProposeMerge,
            Self::ConfirmMerge { .. } | Self::ConfirmMergeUndo { .. } => Verb::ConfirmMerge,
        }
    }
}
