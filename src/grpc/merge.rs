//! `MergeService`: one person under two numbers.

use lovebank_ledger::{
    Account, Entry, Event, MergeEvent, MergeRow, MergeState, Minutes, PassbookNo, Points, Verb,
};
use lovebank_wire::{
    message,
    page::{self, Page},
    request, scalar,
    v1::{self, merge_service_server::MergeService},
};
use tonic::{Request, Response, Status};

use super::{
    door::{Caller, Door, read_seq, receipt},
    people::numbers_of,
};

/// Merges that one answer looks at.
const LOOKED_AT_MAX: usize = 10_000;

#[derive(Debug, Clone)]
pub(super) struct Merges(pub(super) Door);

#[tonic::async_trait]
impl MergeService for Merges {
    async fn propose_merge(
        &self,
        call: Request<v1::ProposeMergeRequest>,
    ) -> Result<Response<v1::ProposeMergeResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ProposeMerge)?;
        let message = call.into_inner();
        let command = request::propose_merge(&message, &caller.resolve())?;
        let made = caller.submit("ProposeMerge", &message, command).await?;
        let merge_no = if let Event::Merge(MergeEvent::MergeProposed(it)) = &made.entry.event {
            it.no.get()
        } else {
            0
        };
        Ok(Response::new(v1::ProposeMergeResponse { receipt: Some(receipt(&made)), merge_no }))
    }

    async fn confirm_merge(
        &self,
        call: Request<v1::ConfirmMergeRequest>,
    ) -> Result<Response<v1::ConfirmMergeResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ConfirmMerge)?;
        let message = call.into_inner();
        let command = request::confirm_merge(&message)?;
        let made = caller.submit("ConfirmMerge", &message, command).await?;
        let (minutes, points) = arrived(&made.entry);
        Ok(Response::new(v1::ConfirmMergeResponse {
            receipt: Some(receipt(&made)),
            minutes: minutes.get(),
            points: Some(scalar::to_points(points)),
        }))
    }

    async fn propose_merge_undo(
        &self,
        call: Request<v1::ProposeMergeUndoRequest>,
    ) -> Result<Response<v1::ProposeMergeUndoResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ProposeMerge)?;
        let message = call.into_inner();
        let command = request::propose_merge_undo(&message)?;
        let made = caller.submit("ProposeMergeUndo", &message, command).await?;
        Ok(Response::new(v1::ProposeMergeUndoResponse { receipt: Some(receipt(&made)) }))
    }

    async fn confirm_merge_undo(
        &self,
        call: Request<v1::ConfirmMergeUndoRequest>,
    ) -> Result<Response<v1::ConfirmMergeUndoResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ConfirmMerge)?;
        let message = call.into_inner();
        let command = request::confirm_merge_undo(&message)?;
        let made = caller.submit("ConfirmMergeUndo", &message, command).await?;
        let (minutes, points) = arrived(&made.entry);
        Ok(Response::new(v1::ConfirmMergeUndoResponse {
            receipt: Some(receipt(&made)),
            minutes: minutes.get(),
            points: Some(scalar::to_points(points)),
        }))
    }

    async fn refuse_merge(
        &self,
        call: Request<v1::RefuseMergeRequest>,
    ) -> Result<Response<v1::RefuseMergeResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ProposeMerge)?;
        let message = call.into_inner();
        let command = request::refuse_merge(&message)?;
        let made = caller.submit("RefuseMerge", &message, command).await?;
        Ok(Response::new(v1::RefuseMergeResponse { receipt: Some(receipt(&made)) }))
    }

    async fn list_merges(
        &self,
        call: Request<v1::ListMergesRequest>,
    ) -> Result<Response<v1::ListMergesResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadVolunteers)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let size = scalar::page_size(message.page_size)?;
        let cleared = v1::ListMergesRequest {
            waiting_only: message.waiting_only,
            volunteer_number: message.volunteer_number.clone(),
            ..<_>::default()
        };
        let question = page::question("ListMerges", &cleared);
        let before = Page::parse(&message.page_token, &question)?.map_or(u64::MAX, |it| it.cursor);
        let (mut merges, last, seq) = select(&caller, &message, (before, size))?;
        add_numbers(&caller, &mut merges).await?;
        let next = last.map(|cursor| Page { seq, cursor, detail: Vec::new() }.token(&question));
        Ok(Response::new(v1::ListMergesResponse {
            read_seq: seq,
            merges,
            next_page_token: next.unwrap_or_default(),
        }))
    }
}

/// What an entry of a merge moved: its last line is that of the passbook that gets it.
fn arrived(entry: &Entry) -> (Minutes, Points) {
    let mut lines = entry.postings.iter().filter(|it| matches!(it.account, Account::Passbook(_)));
    lines.next_back().map_or((Minutes::ZERO, Points::ZERO), |it| (it.minutes, it.points))
}

type Found = (Vec<v1::Merge>, Option<u64>, u64);

/// Merges that fit and of which the caller sees a side; where to go on, if there may be more.
fn select(
    caller: &Caller,
    message: &v1::ListMergesRequest,
    (before, size): (u64, usize),
) -> Result<Found, Status> {
    let ledger = caller.bank.reader.ledger();
    let authority = caller.authority(&ledger)?;
    let of = if message.volunteer_number.is_empty() {
        None
    } else {
        Some(caller.passbook(&ledger, Verb::ReadVolunteers, &message.volunteer_number)?)
    };
    let sees = |no| authority.on_passbook(Verb::ReadVolunteers, no).is_ok();
    let fits = |it: &MergeRow| {
        let sides = [it.merge.from, it.merge.into];
        let waits = matches!(it.state, MergeState::Proposed | MergeState::UndoProposed);
        (waits || !message.waiting_only)
            && of.is_none_or(|it| sides.contains(&it))
            && sides.into_iter().any(sees)
    };
    let (mut found, mut last) = (Vec::new(), None);
    let older = ledger.merges().rev().filter(|it| it.merge.no.get() < before);
    for (looked, row) in older.enumerate() {
        if found.len() == size || looked == LOOKED_AT_MAX {
            return Ok((found, last, read_seq(&ledger)));
        }
        last = Some(row.merge.no.get());
        if fits(row) {
            found.push(message::merge(&ledger, row));
        }
    }
    Ok((found, None, read_seq(&ledger)))
}

/// Adds the volunteer numbers, each where the caller may see it.
async fn add_numbers(caller: &Caller, merges: &mut [v1::Merge]) -> Result<(), Status> {
    let sides = merges.iter().flat_map(|it| [it.passbook_no, it.into_passbook_no]);
    let seen: Vec<u64> = {
        let ledger = caller.bank.reader.ledger();
        let authority = caller.authority(&ledger)?;
        let sees = |no: &u64| {
            let no = PassbookNo::new(*no);
            no.is_ok_and(|it| authority.on_passbook(Verb::ReadVolunteers, it).is_ok())
        };
        sides.filter(sees).collect()
    };
    let numbers = numbers_of(caller, seen.into_iter()).await?;
    let number = |no: u64| numbers.get(&no).cloned().unwrap_or_default();
    for it in merges {
        it.volunteer_number = number(it.passbook_no);
        it.into_volunteer_number = number(it.into_passbook_no);
    }
    Ok(())
}
