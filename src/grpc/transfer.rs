//! `TransferService`.

use lovebank_ledger::{
    Account, DrawRow, DrawState, Entry, Event, GiftEvent, PassbookNo, Purpose, Refusal, Verb,
    priority,
};
use lovebank_wire::{
    Fault, Malformed, message,
    page::{self, Page},
    request, scalar, status,
    v1::{self, transfer_service_server::TransferService},
};
use tonic::{Request, Response, Status};

use super::{
    door::{Door, read_seq, receipt},
    people::age_band,
};

#[derive(Debug, Clone)]
pub(super) struct Transfers(pub(super) Door);

#[tonic::async_trait]
impl TransferService for Transfers {
    async fn give_points(
        &self,
        call: Request<v1::GivePointsRequest>,
    ) -> Result<Response<v1::GivePointsResponse>, Status> {
        let caller = self.0.enter(&call, Verb::GivePoints)?;
        let message = call.into_inner();
        let command = request::give_points(&message, &caller.resolve())?;
        let made = caller.submit("GivePoints", &message, command).await?;
        let gift = if let Event::Gift(GiftEvent::PointsGiven(it)) = &made.entry.event {
            Some(message::gift(&caller.bank.reader.ledger(), it, false))
        } else {
            None
        };
        Ok(Response::new(v1::GivePointsResponse { receipt: Some(receipt(&made)), gift }))
    }

    async fn reverse_gift(
        &self,
        call: Request<v1::ReverseGiftRequest>,
    ) -> Result<Response<v1::ReverseGiftResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReverseGift)?;
        let message = call.into_inner();
        let command = request::reverse_gift(&message)?;
        let made = caller.submit("ReverseGift", &message, command).await?;
        Ok(Response::new(v1::ReverseGiftResponse { receipt: Some(receipt(&made)) }))
    }

    async fn request_kin(
        &self,
        call: Request<v1::RequestKinRequest>,
    ) -> Result<Response<v1::RequestKinResponse>, Status> {
        let caller = self.0.enter(&call, Verb::RequestKin)?;
        let message = call.into_inner();
        let command = request::request_kin(&message, &caller.resolve())?;
        let made = caller.submit("RequestKin", &message, command).await?;
        Ok(Response::new(v1::RequestKinResponse { receipt: Some(receipt(&made)) }))
    }

    async fn confirm_kin(
        &self,
        call: Request<v1::ConfirmKinRequest>,
    ) -> Result<Response<v1::ConfirmKinResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ConfirmKin)?;
        let message = call.into_inner();
        let command = request::confirm_kin(&message, &caller.resolve())?;
        let made = caller.submit("ConfirmKin", &message, command).await?;
        Ok(Response::new(v1::ConfirmKinResponse { receipt: Some(receipt(&made)) }))
    }

    async fn end_kin(
        &self,
        call: Request<v1::EndKinRequest>,
    ) -> Result<Response<v1::EndKinResponse>, Status> {
        let caller = self.0.enter(&call, Verb::RequestKin)?;
        let message = call.into_inner();
        let command = request::end_kin(&message, &caller.resolve())?;
        let made = caller.submit("EndKin", &message, command).await?;
        Ok(Response::new(v1::EndKinResponse { receipt: Some(receipt(&made)) }))
    }

    async fn name_beneficiary(
        &self,
        call: Request<v1::NameBeneficiaryRequest>,
    ) -> Result<Response<v1::NameBeneficiaryResponse>, Status> {
        let caller = self.0.enter(&call, Verb::GivePoints)?;
        let message = call.into_inner();
        let command = request::name_beneficiary(&message, &caller.resolve())?;
        let made = caller.submit("NameBeneficiary", &message, command).await?;
        Ok(Response::new(v1::NameBeneficiaryResponse { receipt: Some(receipt(&made)) }))
    }

    async fn approve_draw(
        &self,
        call: Request<v1::ApproveDrawRequest>,
    ) -> Result<Response<v1::ApproveDrawResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ApproveDraw)?;
        let message = call.into_inner();
        let command = request::approve_draw(&message)?;
        let made = caller.submit("ApproveDraw", &message, command).await?;
        Ok(Response::new(v1::ApproveDrawResponse { receipt: Some(receipt(&made)) }))
    }

    async fn reject_draw(
        &self,
        call: Request<v1::RejectDrawRequest>,
    ) -> Result<Response<v1::RejectDrawResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ApproveDraw)?;
        let message = call.into_inner();
        let command = request::reject_draw(&message)?;
        let made = caller.submit("RejectDraw", &message, command).await?;
        Ok(Response::new(v1::RejectDrawResponse { receipt: Some(receipt(&made)) }))
    }

    async fn list_kin(
        &self,
        call: Request<v1::ListKinRequest>,
    ) -> Result<Response<v1::ListKinResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadPassbooks)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let ledger = caller.bank.reader.ledger();
        let no = caller.passbook(&ledger, Verb::ReadPassbooks, &message.volunteer_number)?;
        // Of a number that was merged the person's, where the caller may see that one too.
        let person = ledger.person(no);
        let authority = caller.authority(&ledger)?;
        let seen = authority.on_passbook(Verb::ReadPassbooks, person).is_ok();
        let person = if seen { person } else { no };
        let kin = ledger
            .kin_of(person)
            .map(|(no, row)| v1::Kin { passbook_no: no.get(), confirmed: row.confirmed });
        Ok(Response::new(v1::ListKinResponse {
            read_seq: read_seq(&ledger),
            kin: kin.collect(),
            beneficiary_passbook_no: ledger.beneficiary(person).map_or(0, PassbookNo::get),
        }))
    }

    async fn request_draw(
        &self,
        call: Request<v1::RequestDrawRequest>,
    ) -> Result<Response<v1::RequestDrawResponse>, Status> {
        let caller = self.0.enter(&call, Verb::RequestDraw)?;
        let message = call.into_inner();
        let age = age_band(&caller, &message.volunteer_number).await?;
        let command = request::request_draw(&message, &caller.resolve(), age)?;
        let made = caller.submit("RequestDraw", &message, command).await?;
        let draw = if let Event::Gift(GiftEvent::DrawRequested(it)) = &made.entry.event {
            let ledger = caller.bank.reader.ledger();
            let Entry { no, actor, recorded_at, .. } = &*made.entry;
            let row = DrawRow {
                entry: *no,
                actor: *actor,
                requested_at: *recorded_at,
                draw: *it,
                state: DrawState::Waiting,
            };
            Some(message::draw(&ledger, it.no, &row, 0))
        } else {
            None
        };
        Ok(Response::new(v1::RequestDrawResponse { receipt: Some(receipt(&made)), draw }))
    }

    async fn list_draws(
        &self,
        call: Request<v1::ListDrawsRequest>,
    ) -> Result<Response<v1::ListDrawsResponse>, Status> {
        let caller = self.0.enter(&call, Verb::RequestDraw)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let code = request::branch_code("pool_branch_code", &message.pool_branch_code)?;
        let size = scalar::page_size(message.page_size)?;
        let cleared = v1::ListDrawsRequest {
            pool_branch_code: message.pool_branch_code.clone(),
            ..<_>::default()
        };
        let question = page::question("ListDraws", &cleared);
        let page = Page::parse(&message.page_token, &question)?;
        let ledger = caller.bank.reader.ledger();
        let branch = ledger.branch_by_code(&code).map(|it| it.no);
        let unknown = Refusal::BranchUnknown { branch: code };
        let branch = branch.ok_or(unknown).map_err(status::refused_read)?;
        let authority = caller.authority(&ledger)?;
        authority.on_branch(Verb::RequestDraw, branch).map_err(status::refused_read)?;
        let ranked = priority::draws(&ledger, branch, caller.bank.clock.now());
        let view = page::view(ranked.iter().map(|it| it.no.get()));
        if page.as_ref().is_some_and(|it| it.detail != view) {
            return Err(Malformed::new("page_token", Fault::Changed).into());
        }
        let first = page.map_or(0, |it| usize::try_from(it.cursor).unwrap_or(usize::MAX));
        let next = first.saturating_add(size);
        let draws = (1..).zip(&ranked).skip(first).take(size).filter_map(|(rank, it)| {
            Some(message::draw(&ledger, it.no, ledger.draw(it.no)?, rank))
        });
        let cursor = u64::try_from(next).unwrap_or(u64::MAX);
        let seq = read_seq(&ledger);
        let more = next < ranked.len();
        let next = more.then(|| Page { seq, cursor, detail: view }.token(&question));
        let pool = ledger.balance(Account::Bank(branch, Purpose::Pool)).points;
        Ok(Response::new(v1::ListDrawsResponse {
            read_seq: seq,
            draws: draws.collect(),
            pool: Some(scalar::to_points(pool)),
            next_page_token: next.unwrap_or_default(),
        }))
    }
}
