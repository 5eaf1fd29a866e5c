//! `RedemptionService`.

use lovebank_ledger::{
    Event, Ledger, PassbookNo, RedemptionNo, RedemptionState, Refusal, RewardEvent, RewardMode,
    RewardNo, RewardRow, Timestamp, Verb,
};
use lovebank_wire::{
    message,
    page::{self, Page},
    request, scalar, status,
    v1::{self, redemption_service_server::RedemptionService},
};
use tonic::{Request, Response, Status};

use super::{
    code,
    door::{Caller, Door, read_seq, receipt},
    people::age_band,
    queue,
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
        let caller = self.0.enter(&call, Verb::FulfillRedemption)?;
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
            shown = known(&caller, redemption.no);
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
        let (receipt, shown) = (Some(receipt(&made)), known(&caller, redemption));
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
        rewards(&caller, &message).map(Response::new)
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
            let passbook = row.map_err(status::refused_read)?.passbook;
            let authority = caller.authority(&ledger)?;
            authority.on_passbook(Verb::ReadRewards, passbook).map_err(status::refused_read)?;
            read_seq(&ledger)
        };
        let redemption = known(&caller, redemption);
        Ok(Response::new(v1::GetRedemptionResponse { read_seq, redemption }))
    }

    async fn list_redemptions(
        &self,
        call: Request<v1::ListRedemptionsRequest>,
    ) -> Result<Response<v1::ListRedemptionsResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadRewards)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let size = scalar::page_size(message.page_size)?;
        let cleared = v1::ListRedemptionsRequest {
            volunteer_number: message.volunteer_number.clone(),
            ..<_>::default()
        };
        let question = page::question("ListRedemptions", &cleared);
        let page = Page::parse(&message.page_token, &question)?;
        let ledger = caller.bank.reader.ledger();
        let no = caller.passbook(&ledger, Verb::ReadRewards, &message.volunteer_number)?;
        let before = page.map_or(u64::MAX, |it| it.cursor);
        let mut rows = ledger.redemptions_of(no).filter(|(no, _)| no.get() < before);
        let shown: Vec<_> = rows.by_ref().take(size).collect();
        let next = shown.last().filter(|_| rows.next().is_some());
        let seq = read_seq(&ledger);
        let next = next.map(|(no, _)| Page { seq, cursor: no.get(), detail: Vec::new() });
        Ok(Response::new(v1::ListRedemptionsResponse {
            read_seq: seq,
            redemptions: shown
                .iter()
                .map(|(no, row)| message::redemption(&ledger, *no, row))
                .collect(),
            next_page_token: next.map(|it| it.token(&question)).unwrap_or_default(),
        }))
    }

    async fn list_queue(
        &self,
        call: Request<v1::ListQueueRequest>,
    ) -> Result<Response<v1::ListQueueResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadRewards)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        queue::list(&caller, &message).map(Response::new)
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

/// A redemption as it stands, with the code for its owner while there is a place.
fn known(caller: &Caller, no: RedemptionNo) -> Option<v1::Redemption> {
    let ledger = caller.bank.reader.ledger();
    let row = ledger.redemption(no)?;
    let mut shown = message::redemption(&ledger, no, row);
    let own =
        caller.authority(&ledger).is_ok_and(|it| it.owns(Verb::RequestRedemption, row.passbook));
    if own && row.state == RedemptionState::Allocated {
        shown.code = code::of(caller, no);
    }
    Some(shown)
}

fn rewards(
    caller: &Caller,
    message: &v1::ListRewardsRequest,
) -> Result<v1::ListRewardsResponse, Status> {
    let size = scalar::page_size(message.page_size)?;
    let cleared = v1::ListRewardsRequest {
        branch_code: message.branch_code.clone(),
        open_only: message.open_only,
        ..<_>::default()
    };
    let question = page::question("ListRewards", &cleared);
    let page = Page::parse(&message.page_token, &question)?;
    let code = request::optional_branch_code("branch_code", &message.branch_code)?;
    let ledger = caller.bank.reader.ledger();
    let branch = code.map(|branch| {
        let known = ledger.branch_by_code(&branch).map(|it| it.no);
        known.ok_or(Refusal::BranchUnknown { branch }).map_err(status::refused_read)
    });
    let branch = branch.transpose()?;
    let now = caller.bank.clock.now();
    let fits = |row: &&RewardRow| {
        branch.is_none_or(|it| ledger.ancestry(it).any(|it| it == row.reward.branch))
            && (!message.open_only || is_open(row, now))
    };
    let before = page.map_or(u64::MAX, |it| it.cursor);
    let rows = ledger.rewards().rev().filter(|it| it.reward.no.get() < before);
    let mut rows = rows.filter(fits);
    let shown: Vec<_> = rows.by_ref().take(size).collect();
    let next = shown.last().filter(|_| rows.next().is_some());
    let seq = read_seq(&ledger);
    let next = next.map(|it| Page { seq, cursor: it.reward.no.get(), detail: Vec::new() });
    Ok(v1::ListRewardsResponse {
        read_seq: seq,
        rewards: shown.iter().map(|it| message::reward(&ledger, it)).collect(),
        next_page_token: next.map(|it| it.token(&question)).unwrap_or_default(),
    })
}

/// Whether a reward can be asked for now.
fn is_open(row: &RewardRow, now: Timestamp) -> bool {
    !row.withdrawn
        && match &row.reward.mode {
            RewardMode::FirstCome => 0 < row.left,
            RewardMode::Window { window, .. } => window.opens() <= now && now < window.closes(),
            RewardMode::WaitingList { .. } => true,
        }
}

/// Whether the caller may see whose a place in a queue is.
pub(super) fn sees(caller: &Caller, ledger: &Ledger<'_>, passbook: PassbookNo) -> bool {
    let authority = caller.authority(ledger);
    authority.is_ok_and(|it| it.on_passbook(Verb::ReadRewards, passbook).is_ok())
}
