//! Events of rewards and redemptions.

use lovebank_ledger::{RedemptionNo, RewardEvent, RewardNo, Timestamp};

use crate::codec::{
    BadEntry,
    kinds::{self, kind},
    reward::{request, stored_request},
    scalar::{number, present, stored},
    v1::{self, reward_event::Event as Stored},
};

impl From<&RewardEvent> for v1::RewardEvent {
    fn from(it: &RewardEvent) -> Self {
        let event = match it {
            RewardEvent::RewardPublished(it) => Stored::Published(it.into()),
            RewardEvent::StockAdded { reward, places, moves } => {
                Stored::StockAdded(v1::StockAdded {
                    reward_no: stored(reward.get()),
                    places: *places,
                    moves: Some(moves.into()),
                })
            }
            RewardEvent::RewardWithdrawn { reward, moves } => {
                Stored::Withdrawn(v1::RewardWithdrawn {
                    reward_no: stored(reward.get()),
                    moves: Some(moves.into()),
                })
            }
            RewardEvent::RedemptionRequested { redemption, moves } => {
                Stored::Requested(v1::RedemptionRequested {
                    moves: Some(moves.into()),
                    ..stored_request(redemption)
                })
            }
            RewardEvent::RedemptionCancelled(it) => Stored::Cancelled(it.into()),
            RewardEvent::RedemptionFulfilled(it) => Stored::Fulfilled(it.into()),
            RewardEvent::RedemptionMissed(it) => Stored::Missed(it.into()),
            RewardEvent::RedemptionReversed { redemption, reason } => {
                Stored::Reversed(v1::RedemptionReversed {
                    redemption_no: stored(redemption.get()),
                    reason: v1::Reason::from(*reason).into(),
                })
            }
            RewardEvent::WindowClosed(it) => Stored::WindowClosed(it.into()),
            RewardEvent::RedemptionsExpired { as_of, moves } => {
                Stored::Expired(v1::RedemptionsExpired {
                    as_of_micros: as_of.micros(),
                    moves: Some(moves.into()),
                })
            }
        };
        Self { event: Some(event) }
    }
}

impl TryFrom<v1::RewardEvent> for RewardEvent {
    type Error = BadEntry;

    fn try_from(it: v1::RewardEvent) -> Result<Self, BadEntry> {
        let event = it.event.ok_or(BadEntry::Missing { field: "RewardEvent.event" })?;
        Ok(match event {
            Stored::Published(it) => Self::RewardPublished(it.try_into()?),
            Stored::StockAdded(it) => Self::StockAdded {
                reward: number(it.reward_no, RewardNo::new, "StockAdded.reward_no")?,
                places: it.places,
                moves: present(it.moves, "StockAdded.moves")?,
            },
            Stored::Withdrawn(it) => Self::RewardWithdrawn {
                reward: number(it.reward_no, RewardNo::new, "RewardWithdrawn.reward_no")?,
                moves: present(it.moves, "RewardWithdrawn.moves")?,
            },
            Stored::Requested(it) => Self::RedemptionRequested {
                redemption: request(&it)?,
                moves: present(it.moves, "RedemptionRequested.moves")?,
            },
            Stored::Cancelled(it) => Self::RedemptionCancelled(it.try_into()?),
            Stored::Fulfilled(it) => Self::RedemptionFulfilled(it.try_into()?),
            Stored::Missed(it) => Self::RedemptionMissed(it.try_into()?),
            Stored::Reversed(it) => {
                let field = "RedemptionReversed.redemption_no";
                Self::RedemptionReversed {
                    redemption: number(it.redemption_no, RedemptionNo::new, field)?,
                    reason: kind(it.reason, kinds::reason, "RedemptionReversed.reason")?,
                }
            }
            Stored::WindowClosed(it) => Self::WindowClosed(it.try_into()?),
            Stored::Expired(it) => Self::RedemptionsExpired {
                as_of: Timestamp::from_micros(it.as_of_micros),
                moves: present(it.moves, "RedemptionsExpired.moves")?,
            },
        })
    }
}
