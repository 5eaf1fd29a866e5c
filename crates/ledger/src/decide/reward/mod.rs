//! Rewards and redemptions.

mod places;
mod publish;
mod redeem;

pub(super) use places::{RewardDue, places_for, settle_due};

use super::{Desk, Outcome, Refused};
use crate::{Event, Posting, Price, RewardCommand, RewardEvent};

type RewardOutcome = Result<(RewardEvent, Vec<Posting>), Refused>;

pub(super) fn decide(desk: Desk<'_>, command: &RewardCommand) -> Outcome {
    let outcome = match command {
        RewardCommand::PublishReward(it) => publish::publish(&desk, it),
        RewardCommand::AddStock { reward, places } => publish::add_stock(&desk, *reward, *places),
        RewardCommand::WithdrawReward { reward } => publish::withdraw(&desk, *reward),
        RewardCommand::RequestRedemption { volunteer, reward, age_band } => {
            redeem::request(&desk, *volunteer, *reward, *age_band)
        }
        RewardCommand::CancelRedemption { redemption } => redeem::cancel(&desk, *redemption),
        RewardCommand::FulfillRedemption { redemption, points } => {
            redeem::fulfill(desk, *redemption, points.map(Price::points))
        }
        RewardCommand::MissRedemption { redemption } => redeem::miss(desk, *redemption),
        RewardCommand::ReverseRedemption { redemption, reason } => {
            redeem::reverse(desk, *redemption, *reason)
        }
    };
    outcome.map(|(event, postings)| (Event::Reward(event), postings))
}
