//! `AccessService` and `RulebookService`.

use lovebank_ledger::{Command, Event, Verb};
use lovebank_wire::{
    Fault, Malformed, message,
    page::{self, Page},
    request, scalar,
    v1::{self, access_service_server::AccessService, rulebook_service_server::RulebookService},
};
use tonic::{Request, Response, Status};

use super::{
    Secret,
    door::{Door, read_seq, receipt},
    moves,
    register::today,
};

#[derive(Debug, Clone)]
pub(super) struct Access(pub(super) Door);

#[tonic::async_trait]
impl AccessService for Access {
    async fn issue_token(
        &self,
        call: Request<v1::IssueTokenRequest>,
    ) -> Result<Response<v1::IssueTokenResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ManageTokens)?;
        let message = call.into_inner();
        let secret = Secret::generate().map_err(|err| {
            tracing::error!(error = %err, "no randomness");
            Status::internal("the system gives no randomness")
        })?;
        let command = request::issue_token(&message, secret.hash(), &caller.resolve())?;
        let made = caller.submit("IssueToken", &message, command).await?;
        let mut token_no = 0;
        if let Event::TokenIssued(it) = &made.entry.event {
            token_no = it.no.get();
        }
        let fresh = !made.replayed && !made.validated_only;
        let secret = if fresh { secret.reveal() } else { String::new() };
        let receipt = Some(receipt(&made));
        Ok(Response::new(v1::IssueTokenResponse { receipt, token_no, secret }))
    }

    async fn revoke_token(
        &self,
        call: Request<v1::RevokeTokenRequest>,
    ) -> Result<Response<v1::RevokeTokenResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ManageTokens)?;
        let message = call.into_inner();
        let token = request::token_no("token_no", message.token_no)?;
        let made = caller.submit("RevokeToken", &message, Command::RevokeToken { token }).await?;
        Ok(Response::new(v1::RevokeTokenResponse { receipt: Some(receipt(&made)) }))
    }

    async fn list_tokens(
        &self,
        call: Request<v1::ListTokensRequest>,
    ) -> Result<Response<v1::ListTokensResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ManageTokens)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let size = scalar::page_size(message.page_size)?;
        let question = page::question("ListTokens", &v1::ListTokensRequest::default());
        let begin = Page::parse(&message.page_token, &question)?.map_or(0, |it| it.cursor);
        let ledger = caller.bank.reader.ledger();
        let mut rest = ledger.tokens().filter(|it| begin < it.grant.no.get());
        let tokens: Vec<_> = rest.by_ref().take(size).collect();
        let more = rest.next().is_some();
        let seq = read_seq(&ledger);
        let cursor = tokens.last().map_or(0, |it| it.grant.no.get());
        let next = Page { seq, cursor, detail: Vec::new() };
        Ok(Response::new(v1::ListTokensResponse {
            read_seq: seq,
            tokens: tokens.into_iter().map(|it| message::token(&ledger, it)).collect(),
            next_page_token: if more { next.token(&question) } else { String::new() },
        }))
    }

    async fn who_am_i(
        &self,
        call: Request<v1::WhoAmIRequest>,
    ) -> Result<Response<v1::WhoAmIResponse>, Status> {
        let caller = self.0.enter(&call, Verb::WhoAmI)?;
        let ledger = caller.bank.reader.ledger();
        let token = ledger.token(caller.token).map(|it| message::token(&ledger, it));
        Ok(Response::new(v1::WhoAmIResponse { token }))
    }
}

#[derive(Debug, Clone)]
pub(super) struct Rulebooks(pub(super) Door);

#[tonic::async_trait]
impl RulebookService for Rulebooks {
    async fn get_rulebook(
        &self,
        call: Request<v1::GetRulebookRequest>,
    ) -> Result<Response<v1::GetRulebookResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadRulebook)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let today = today(&caller);
        let ledger = caller.bank.reader.ledger();
        let row = match message.version {
            0 => ledger.rulebook_on(today),
            version => ledger.rulebooks().find(|it| it.version.get() == version),
        };
        let row = row.ok_or_else(|| {
            let most = ledger.rulebooks().last().map_or(1, |it| it.version.get());
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            Malformed::new("version", Fault::OutOfRange { least: 0, most })
        })?;
        let rulebook = v1::Rulebook {
            version: row.version.get(),
            in_force_from: Some(scalar::to_date(row.in_force_from)),
            text: row.rules.text().to_owned(),
        };
        let read_seq = read_seq(&ledger);
        Ok(Response::new(v1::GetRulebookResponse { read_seq, rulebook: Some(rulebook) }))
    }

    async fn adopt_rulebook(
        &self,
        call: Request<v1::AdoptRulebookRequest>,
    ) -> Result<Response<v1::AdoptRulebookResponse>, Status> {
        let caller = self.0.enter(&call, Verb::AdoptRulebook)?;
        let message = call.into_inner();
        let command = request::adopt_rulebook(&message, today(&caller))?;
        let mut tried = None;
        if let Command::AdoptRulebook { rulebook, .. } = &command {
            tried = Some(rulebook.clone()).filter(|_| message.validate_only);
        }
        let made = caller.submit("AdoptRulebook", &message, command).await?;
        let mut answer =
            v1::AdoptRulebookResponse { receipt: Some(receipt(&made)), ..<_>::default() };
        if let Event::RulebookAdopted { version, .. } = &made.entry.event {
            answer.version = version.get();
        }
        if let Some(rules) = tried.filter(|_| made.validated_only) {
            (answer.moves, answer.more_moves) = moves::under(&caller, rules).await?;
        }
        Ok(Response::new(answer))
    }
}
