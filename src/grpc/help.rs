//! `HelpService`.

use lovebank_ledger::{
    Event, HelpEvent, HelpNo, HelpRow, Ledger, PassbookNo, Refusal, Verb, priority,
};
use lovebank_wire::{
    kinds, message, request, scalar, status,
    v1::{self, help_service_server::HelpService},
};
use tonic::{Request, Response, Status};

use super::{
    door::{Caller, Door, read_seq, receipt},
    people::age_band,
};

/// Requests that one answer shows.
const SHOWN: usize = 1000;

#[derive(Debug, Clone)]
pub(super) struct Helps(pub(super) Door);

#[tonic::async_trait]
impl HelpService for Helps {
    async fn ask_for_help(
        &self,
        call: Request<v1::AskForHelpRequest>,
    ) -> Result<Response<v1::AskForHelpResponse>, Status> {
        let caller = self.0.enter(&call, Verb::AskForHelp)?;
        let message = call.into_inner();
        let age = age_band(&caller, &message.volunteer_number).await?;
        let command = request::ask_for_help(&message, &caller.resolve(), age)?;
        let made = caller.submit("AskForHelp", &message, command).await?;
        let mut asked = None;
        if let Event::Help(HelpEvent::HelpAsked { help, .. }) = &made.entry.event {
            asked = known(&caller, help.no);
        }
        let receipt = Some(receipt(&made));
        Ok(Response::new(v1::AskForHelpResponse { receipt, help_request: asked }))
    }

    async fn offer_help(
        &self,
        call: Request<v1::OfferHelpRequest>,
    ) -> Result<Response<v1::OfferHelpResponse>, Status> {
        let caller = self.0.enter(&call, Verb::OfferHelp)?;
        let message = call.into_inner();
        let command = request::offer_help(&message, &caller.resolve())?;
        let made = caller.submit("OfferHelp", &message, command).await?;
        Ok(Response::new(v1::OfferHelpResponse { receipt: Some(receipt(&made)) }))
    }

    async fn withdraw_offer(
        &self,
        call: Request<v1::WithdrawOfferRequest>,
    ) -> Result<Response<v1::WithdrawOfferResponse>, Status> {
        let caller = self.0.enter(&call, Verb::OfferHelp)?;
        let message = call.into_inner();
        let command = request::withdraw_offer(&message, &caller.resolve())?;
        let made = caller.submit("WithdrawOffer", &message, command).await?;
        Ok(Response::new(v1::WithdrawOfferResponse { receipt: Some(receipt(&made)) }))
    }

    async fn accept_offer(
        &self,
        call: Request<v1::AcceptOfferRequest>,
    ) -> Result<Response<v1::AcceptOfferResponse>, Status> {
        let caller = self.0.enter(&call, Verb::AskForHelp)?;
        let message = call.into_inner();
        let command = request::accept_offer(&message)?;
        let made = caller.submit("AcceptOffer", &message, command).await?;
        Ok(Response::new(v1::AcceptOfferResponse { receipt: Some(receipt(&made)) }))
    }

    async fn cancel_help(
        &self,
        call: Request<v1::CancelHelpRequest>,
    ) -> Result<Response<v1::CancelHelpResponse>, Status> {
        let caller = self.0.enter(&call, Verb::AskForHelp)?;
        let message = call.into_inner();
        let command = request::cancel_help(&message)?;
        let made = caller.submit("CancelHelp", &message, command).await?;
        Ok(Response::new(v1::CancelHelpResponse { receipt: Some(receipt(&made)) }))
    }

    async fn confirm_help(
        &self,
        call: Request<v1::ConfirmHelpRequest>,
    ) -> Result<Response<v1::ConfirmHelpResponse>, Status> {
        let caller = self.0.enter(&call, Verb::AskForHelp)?;
        let message = call.into_inner();
        let command = request::confirm_help(&message, &caller.resolve())?;
        let made = caller.submit("ConfirmHelp", &message, command).await?;
        let help_request = HelpNo::new(message.help_no).ok().and_then(|it| known(&caller, it));
        Ok(Response::new(v1::ConfirmHelpResponse { receipt: Some(receipt(&made)), help_request }))
    }

    async fn resolve_help(
        &self,
        call: Request<v1::ResolveHelpRequest>,
    ) -> Result<Response<v1::ResolveHelpResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ResolveHelp)?;
        let message = call.into_inner();
        let command = request::resolve_help(&message)?;
        let made = caller.submit("ResolveHelp", &message, command).await?;
        let help_request = HelpNo::new(message.help_no).ok().and_then(|it| known(&caller, it));
        Ok(Response::new(v1::ResolveHelpResponse { receipt: Some(receipt(&made)), help_request }))
    }

    async fn get_help_request(
        &self,
        call: Request<v1::GetHelpRequestRequest>,
    ) -> Result<Response<v1::GetHelpRequestResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadHelp)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let help = scalar::number("help_no", message.help_no, HelpNo::new)?;
        let ledger = caller.bank.reader.ledger();
        let row = ledger.help(help).ok_or(Refusal::HelpUnknown { help });
        let row = row.map_err(status::refused_read)?;
        if !sees(&caller, &ledger, row)? {
            return Err(status::refused_read(Refusal::HelpUnknown { help }));
        }
        Ok(Response::new(v1::GetHelpRequestResponse {
            read_seq: read_seq(&ledger),
            help_request: Some(message::help(&ledger, help, row)),
        }))
    }

    async fn list_help_requests(
        &self,
        call: Request<v1::ListHelpRequestsRequest>,
    ) -> Result<Response<v1::ListHelpRequestsResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadHelp)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let state = match message.state {
            0 => None,
            other => Some(kinds::help_state("state", other)?),
        };
        let ledger = caller.bank.reader.ledger();
        let of = match message.volunteer_number.as_str() {
            "" => None,
            text => Some(caller.passbook(&ledger, Verb::ReadHelp, text)?),
        };
        let viewer = caller.authority(&ledger)?.own_passbook();
        let mut shown = Vec::new();
        for no in priority::helps(&ledger, viewer, caller.bank.clock.now()) {
            let Some(row) = ledger.help(no).filter(|it| sides(it, of)) else { continue };
            let fits = state.is_none_or(|it| it == row.state) && sees(&caller, &ledger, row)?;
            if fits && shown.len() < SHOWN {
                shown.push(message::help(&ledger, no, row));
            }
        }
        Ok(Response::new(v1::ListHelpRequestsResponse {
            read_seq: read_seq(&ledger),
            help_requests: shown,
        }))
    }
}

fn known(caller: &Caller, no: HelpNo) -> Option<v1::Help> {
    let ledger = caller.bank.reader.ledger();
    ledger.help(no).map(|it| message::help(&ledger, no, it))
}

fn sides(row: &HelpRow, of: Option<PassbookNo>) -> bool {
    of.is_none_or(|of| row.asker == of || row.helper == Some(of) || row.offers.contains(&of))
}

/// Everyone sees what is open, so as to offer; what is agreed, its sides and the staff.
fn sees(caller: &Caller, ledger: &Ledger<'_>, row: &HelpRow) -> Result<bool, Status> {
    let authority = caller.authority(ledger)?;
    let branch = ledger.activity(row.activity).map(|it| it.branch);
    let staff = branch.is_some_and(|it| authority.on_branch(Verb::ReadHelp, it).is_ok());
    let own = [Some(row.asker), row.helper].into_iter().flatten();
    let side = own.into_iter().any(|it| authority.on_passbook(Verb::ReadHelp, it).is_ok());
    Ok(row.state == lovebank_ledger::HelpState::Open || staff || side)
}
