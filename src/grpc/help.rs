//! `HelpService`.

use lovebank_ledger::{Command, Event, HelpCommand, HelpEvent, HelpNo, Verb};
use lovebank_vault::{Annotation, Note};
use lovebank_wire::{
    Malformed, request, scalar,
    v1::{self, help_service_server::HelpService},
};
use tonic::{Request, Response, Status};

use super::{
    door::{Caller, Door, personal, receipt},
    hours::Noted,
    list_help,
    people::{Annotations, age_band},
};

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
        let mut command = request::ask_for_help(&message, &caller.resolve(), age)?;
        let notes = take_place(&mut command)?.into_iter();
        let notes = notes.map(|it| (it.0, message.volunteer_number.clone(), it.2)).collect();
        let change = Noted { caller: &caller, notes };
        let made = change.submit("AskForHelp", &message, command).await??;
        let mut asked = None;
        // Of a dry run the number may be another's by now.
        if let Event::Help(HelpEvent::HelpAsked { help, .. }) = &made.entry.event
            && !made.validated_only
        {
            asked = stands(&caller, help.no.get()).await?;
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
        let help_request = stands(&caller, message.help_no).await?;
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
        let help_request = stands(&caller, message.help_no).await?;
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
        let (read_seq, found) = list_help::get(&caller, help).await?;
        Ok(Response::new(v1::GetHelpRequestResponse { read_seq, help_request: Some(found) }))
    }

    async fn list_help_requests(
        &self,
        call: Request<v1::ListHelpRequestsRequest>,
    ) -> Result<Response<v1::ListHelpRequestsResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadHelp)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        Ok(Response::new(list_help::list(&caller, &message).await?))
    }
}

/// A request as it stands after a change, for who made that.
async fn stands(caller: &Caller, no: u64) -> Result<Option<v1::Help>, Status> {
    let Ok(no) = HelpNo::new(no) else { return Ok(None) };
    if caller.bank.reader.ledger().help(no).is_none() {
        return Ok(None);
    }
    Ok(Some(list_help::get(caller, no).await?.1))
}

/// An address is personal: it goes to the vault, and the journal does not know it.
fn take_place(command: &mut Command) -> Result<Annotations, Status> {
    let Command::Help(HelpCommand::AskForHelp { activity, .. }) = command else {
        return Ok(Vec::new());
    };
    let Some(place) = activity.place.take() else { return Ok(Vec::new()) };
    let note = Note::parse(place.as_str());
    let note = note.map_err(|err| Malformed::new("activity.place", personal(&err)))?;
    let annotation = Annotation { attestor: None, recorder: None, note: Some(note) };
    Ok(vec![(0, String::new(), annotation)])
}
