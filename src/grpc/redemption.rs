//! `RedemptionService`.

use lovebank_ledger::{
    ActorNo, EntryNo, Event, RedemptionNo, RedemptionState, Refusal, RewardEvent, RewardNo, Verb,
};
use lovebank_wire::{
    message, request, scalar, status,
    v1::{self, redemption_service_server::RedemptionService},
};
use tonic::{Request, Response, Status};

use super::{
    code,
    door::{Caller, Door, read_seq, receipt},
    list_rewards,
    people::{age_band, numbers_of},
    queue,
    status::unreadable,
};

#[derive(Debug, Clone)]
pub(super) struct Redemptions(pub(super) Door);

#[tonic::async_trait]
impl RedemptionService for Redemptions {
    async fn publish_reward(
        &self,
        call: Request<v1::PublishRewardRequest>,
    ) -> Result<Response<v1::PublishRewardResponse>, Status> {
        let caller = self.0.enter(&call, Verb::PublishReward)?;
        let message = call.into_inner();
        let command = request::publish_reward(&message)?;
        let made = caller.submit("PublishReward", &message, command).await?;
        let mut reward_no = 0;
        if let Event::Reward(RewardEvent::RewardPublished(it)) = &made.entry.event {
            reward_no = it.no.get();
        }
        Ok(Response::new(v1::PublishRewardResponse { receipt: Some(receipt(&made)), reward_no }))
    }

    async fn add_stock(
        &self,
        call: Request<v1::AddStockRequest>,
    ) -> Result<Response<v1::AddStockResponse>, Status> {
        let caller = self.0.enter(&call, Verb::PublishReward)?;
        let message = call.into_inner();
        let command = request::add_stock(&message)?;
        let made = caller.submit("AddStock", &message, command).await?;
        Ok(Response::new(v1::AddStockResponse { receipt: Some(receipt(&made)) }))
    }

    async fn withdraw_reward(
        &self,
        call: Request<v1::WithdrawRewardRequest>,
    ) -> Result<Response<v1::WithdrawRewardResponse>, Status> {
        let caller = self.0.enter(&call, Verb::PublishReward)?;
        let message = call.into_inner();
        let command = request::withdraw_reward(&message)?;
        let made = caller.submit("WithdrawReward", &message, command).await?;
        Ok(Response::new(v1::WithdrawRewardResponse { receipt: Some(receipt(&made)) }))
    }

    async fn cancel_redemption(
        &self,
        call: Request<v1::CancelRedemptionRequest>,
    ) -> Result<Response<v1::CancelRedemptionResponse>, Status> {
        let caller = self.0.enter(&call, Verb::RequestRedemption)?;
        let message = call.into_inner();
        let command = request::cancel_redemption(&message)?;
        let made = caller.submit("CancelRedemption", &message, command).await?;
        Ok(Response::new(v1::CancelRedemptionResponse { receipt: Some(receipt(&made)) }))
    }

    async fn mark_no_show(
        &self,
        call: Request<v1::MarkNoShowRequest>,
    ) -> Result<Response<v1::MarkNoShowResponse>, Status> {
        let caller = self.0.enter(&call, Verb::MissRedemption)?;
        let message = call.into_inner();
        let command = request::mark_no_show(&message)?;
        let made = caller.submit("MarkNoShow", &message, command).await?;
        Ok(Response::new(v1::MarkNoShowResponse { receipt: Some(receipt(&made)) }))
    }

    async fn reverse_redemption(
        &self,
        call: Request<v1::ReverseRedemptionRequest>,
    ) -> Result<Response<v1::ReverseRedemptionResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReverseRedemption)?;
        let message = call.into_inner();
        let command = request::reverse_redemption(&message)?;
        let made = caller.submit("ReverseRedemption", &message, command).await?;
        Ok(Response::new(v1::ReverseRedemptionResponse { receipt: Some(receipt(&made)) }))
    }

    async fn request_redemption(
        &self,
        call: Request<v1::RequestRedemptionRequest>,
    ) -> Result<Response<v1::RequestRedemptionResponse>, Status> {
        let caller = self.0.enter(&call, Verb::RequestRedemption)?;
        let message = call.into_inner();
        let age = age_band(&caller, &message.volunteer_number).await?;
        let command = request::request_redemption(&message, &caller.resolve(), age)?;
        let made = caller.submit("RequestRedemption", &message, command).await?;
        let mut shown = None;
        if let Event::Reward(RewardEvent::RedemptionRequested { redemption, .. }) =
            &made.entry.event
        {
            // Of a dry run the number may be another's by now.
            if !made.validated_only {
                shown = known(&caller, redemption.no, Asked::By(made.entry.actor)).await?;
            }
        }
        let receipt = Some(receipt(&made));
        Ok(Response::new(v1::RequestRedemptionResponse { receipt, redemption: shown }))
    }

    async fn fulfill_redemption(
        &self,
        call: Request<v1::FulfillRedemptionRequest>,
    ) -> Result<Response<v1::FulfillRedemptionResponse>, Status> {
        let caller = self.0.enter(&call, Verb::FulfillRedemption)?;
        let message = call.into_inner();
        let redemption = code::redemption(&caller, &message.code)?;
        let command = request::fulfill_redemption(&message, redemption)?;
        let made = caller.submit("FulfillRedemption", &message, command).await?;
        let shown = known(&caller, redemption, Asked::InJournal).await?;
        let receipt = Some(receipt(&made));
        Ok(Response::new(v1::FulfillRedemptionResponse { receipt, redemption: shown }))
    }

    async fn get_reward(
        &self,
        call: Request<v1::GetRewardRequest>,
    ) -> Result<Response<v1::GetRewardResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadRewards)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let reward = scalar::number("reward_no", message.reward_no, RewardNo::new)?;
        let ledger = caller.bank.reader.ledger();
        let row = ledger.reward(reward).ok_or(Refusal::RewardUnknown { reward });
        let row = row.map_err(status::refused_read)?;
        Ok(Response::new(v1::GetRewardResponse {
            read_seq: read_seq(&ledger),
            reward: Some(message::reward(&ledger, row)),
        }))
    }

    async fn list_rewards(
        &self,
        call: Request<v1::ListRewardsRequest>,
    ) -> Result<Response<v1::ListRewardsResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadRewards)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        list_rewards::rewards(&caller, &message).map(Response::new)
    }

    async fn get_redemption(
        &self,
        call: Request<v1::GetRedemptionRequest>,
    ) -> Result<Response<v1::GetRedemptionResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadRewards)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let redemption = scalar::number("redemption_no", message.redemption_no, RedemptionNo::new)?;
        let read_seq = {
            let ledger = caller.bank.reader.ledger();
            let row = ledger.redemption(redemption);
            let row = row.ok_or(Refusal::RedemptionUnknown { redemption });
            list_rewards::may_see(&caller, &ledger, row.map_err(status::refused_read)?)?;
            read_seq(&ledger)
        };
        let redemption = known(&caller, redemption, Asked::InJournal).await?;
        Ok(Response::new(v1::GetRedemptionResponse { read_seq, redemption }))
    }

    async fn list_redemptions(
        &self,
        call: Request<v1::ListRedemptionsRequest>,
    ) -> Result<Response<v1::ListRedemptionsResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadRewards)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        list_rewards::redemptions(&caller, &message).await.map(Response::new)
    }

    async fn list_queue(
        &self,
        call: Request<v1::ListQueueRequest>,
    ) -> Result<Response<v1::ListQueueResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadRewards)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        queue::list(&caller, &message).await.map(Response::new)
    }

    async fn explain_priority(
        &self,
        call: Request<v1::ExplainPriorityRequest>,
    ) -> Result<Response<v1::ExplainPriorityResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadRewards)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        queue::explain(&caller, &message).map(Response::new)
    }
}

/// A redemption as it stands. Its code is for its owner, and for whoever of the staff asked for it
/// on the owner's behalf, while there is a place.
async fn known(
    caller: &Caller,
    no: RedemptionNo,
    asked: Asked,
) -> Result<Option<v1::Redemption>, Status> {
    let (mut shown, row, seen, actor, owner) = {
        let ledger = caller.bank.reader.ledger();
        let Some(row) = ledger.redemption(no).copied() else { return Ok(None) };
        let authority = caller.authority(&ledger)?;
        let owner = authority.owns(Verb::RequestRedemption, row.passbook);
        let staff = authority.on_passbook(Verb::RequestRedemption, row.passbook).is_ok();
        let actor = Some(authority.actor()).filter(|_| staff);
        let seen = list_rewards::may_see(caller, &ledger, &row).is_ok();
        (message::redemption(&ledger, no, &row), row, seen, actor, owner)
    };
    if seen {
        let numbers = numbers_of(caller, std::iter::once(shown.passbook_no)).await?;
        shown.volunteer_number = numbers.into_values().next().unwrap_or_default();
    } else {
        // A partner hands out by the code, to whomever shows it.
        shown.passbook_no = 0;
    }
    if row.state == RedemptionState::Allocated {
        let entitled = owner || actor.is_some() && actor == asked.actor(caller, row.entry).await?;
        if entitled {
            shown.code = code::of(caller, no);
        }
    }
    Ok(Some(shown))
}

/// Who asked for a redemption.
enum Asked {
    By(ActorNo),
    /// The journal is to be asked.
    InJournal,
}

impl Asked {
    async fn actor(&self, caller: &Caller, entry: EntryNo) -> Result<Option<ActorNo>, Status> {
        let reader = caller.bank.reader.clone();
        match self {
            Self::By(actor) => Ok(Some(*actor)),
            Self::InJournal => {
                let read = tokio::task::spawn_blocking(move || reader.entry(entry)).await;
                let entry = read.map_err(|err| unreadable(&err))?;
                Ok(Some(entry.map_err(|err| unreadable(&err))?.actor))
            }
        }
    }
}
