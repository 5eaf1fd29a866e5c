//! What callers ask for about gifts, kin and pools.

use crate::{BranchCode, DrawNo, GiftNo, Positive, Reason, Verb, VolunteerRef};

/// One verb about gifts, kin and pools, and its operands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the verb of the same name")]
pub enum GiftCommand {
    GivePoints {
        from: VolunteerRef,
        to: GiftTo,
        points: Positive,
    },
    ReverseGift {
        gift: GiftNo,
        reason: Reason,
    },
    RequestKin {
        volunteer: VolunteerRef,
        kin: VolunteerRef,
    },
    ConfirmKin {
        volunteer: VolunteerRef,
        kin: VolunteerRef,
    },
    EndKin {
        volunteer: VolunteerRef,
        kin: VolunteerRef,
    },
    NameBeneficiary {
        volunteer: VolunteerRef,
        /// None: nobody any more.
        beneficiary: Option<VolunteerRef>,
    },
    RequestDraw {
        volunteer: VolunteerRef,
        pool: BranchCode,
        points: Positive,
        /// The lower end of the age in decades, from the vault.
        age_band: Option<u8>,
    },
    ApproveDraw {
        draw: DrawNo,
    },
    RejectDraw {
        draw: DrawNo,
        reason: Reason,
    },
}

/// To whom points are given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GiftTo {
    /// To a volunteer.
    Volunteer(VolunteerRef),
    /// To the pool of a branch.
    Pool(BranchCode),
}

impl GiftCommand {
    /// The verb that authority is asked for.
    pub fn verb(&self) -> Verb {
        match self {
            Self::GivePoints { .. } | Self::NameBeneficiary { .. } => Verb::GivePoints,
            Self::ReverseGift { .. } => Verb::ReverseGift,
            Self::RequestKin { .. } | Self::EndKin { .. } => Verb::RequestKin,
            Self::ConfirmKin { .. } => Verb::ConfirmKin,
            Self::RequestDraw { .. } => Verb::RequestDraw,
            Self::ApproveDraw { .. } | Self::RejectDraw { .. } => Verb::ApproveDraw,
        }
    }
}
