//! What callers ask for about rewards and redemptions.

use lovebank_formula::Formula;

use crate::{
    BranchCode, Limit, Price, Reason, RedemptionNo, RewardKind, RewardMode, RewardName, RewardNo,
    RewardText, Stock, Verb, VolunteerRef,
};

/// One verb about rewards and redemptions, and its operands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the verb of the same name")]
pub enum RewardCommand {
    PublishReward(PublishReward),
    AddStock {
        reward: RewardNo,
        places: u32,
    },
    WithdrawReward {
        reward: RewardNo,
    },
    RequestRedemption {
        volunteer: VolunteerRef,
        reward: RewardNo,
        /// The lower end of the asker's age in decades, from the vault.
        age_band: Option<u8>,
    },
    CancelRedemption {
        redemption: RedemptionNo,
    },
    FulfillRedemption {
        redemption: RedemptionNo,
        /// Fewer points than are held; the rest is free again.
        points: Option<Price>,
    },
    MissRedemption {
        redemption: RedemptionNo,
    },
    ReverseRedemption {
        redemption: RedemptionNo,
        reason: Reason,
    },
}

/// A reward to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishReward {
    /// The branch that offers it.
    pub branch: BranchCode,
    /// What it is called.
    pub name: RewardName,
    /// What it is.
    pub text: Option<RewardText>,
    /// What kind it is.
    pub kind: RewardKind,
    /// What one place costs.
    pub price: Price,
    /// How many places there are.
    pub stock: Stock,
    /// How often one person may have it.
    pub limit: Option<Limit>,
    /// Who may have it.
    pub eligibility: Option<Formula>,
    /// Who comes first.
    pub mode: RewardMode,
}

impl RewardCommand {
    /// The verb that authority is asked for.
    pub fn verb(&self) -> Verb {
        match self {
            Self::PublishReward(_) | Self::AddStock { .. } | Self::WithdrawReward { .. } => {
                Verb::PublishReward
            }
            Self::RequestRedemption { .. } | Self::CancelRedemption { .. } => {
                Verb::RequestRedemption
            }
            Self::FulfillRedemption { .. } => Verb::FulfillRedemption,
            Self::MissRedemption { .. } => Verb::MissRedemption,
            Self::ReverseRedemption { .. } => Verb::ReverseRedemption,
        }
    }
}
