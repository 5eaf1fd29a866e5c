//! Import batches: which there are, and undoing one. The whole of it is tried first, so that what
//! is refused is refused before anything is recorded.

use lovebank_ledger::{
    Authority, BatchKey, Command, Event, Fingerprint, ImportBatch, Refusal, RequestId, Verb,
};
use lovebank_wire::{
    message,
    page::{self, Page},
    request, scalar, status, v1,
};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::{
    branch::within,
    door::{Caller, read_seq, receipt},
    parts::Stream,
    status::unreadable,
};
use crate::writer::{NotPosted, Receipt, Rehearsal, Submission};

/// Answers that may wait for a slow caller.
const AHEAD: usize = 4;

pub(super) fn get(
    caller: &Caller,
    it: &v1::GetImportRequest,
) -> Result<v1::GetImportResponse, Status> {
    let key = scalar::batch_key("batch_key", &it.batch_key)?;
    let ledger = caller.bank.reader.ledger();
    let batch = ledger.import(&key).ok_or(Refusal::ImportUnknown);
    let batch = batch.map_err(status::refused_read)?;
    sees(&caller.authority(&ledger)?, &batch).map_err(status::refused_read)?;
    let batch = Some(message::import_batch(&ledger, key, &batch));
    Ok(v1::GetImportResponse { read_seq: read_seq(&ledger), batch })
}

/// Whether a batch is within reach; of one that says nothing nobody knows whose it is.
fn sees(authority: &Authority<'_>, batch: &ImportBatch) -> Result<(), Refusal> {
    let verb = Verb::ReadImports;
    match batch.branch {
        Some(branch) => authority.on_branch(verb, branch),
        None if authority.in_bank(verb) => Ok(()),
        None => Err(Refusal::BankWideOnly { verb }),
    }
}

pub(super) fn list(
    caller: &Caller,
    it: &v1::ListImportsRequest,
) -> Result<v1::ListImportsResponse, Status> {
    let size = scalar::page_size(it.page_size)?;
    let state = request::import_state("state", it.state)?;
    let cleared = v1::ListImportsRequest {
        min_seq: 0,
        page_size: 0,
        page_token: String::new(),
        ..it.clone()
    };
    let question = page::question("ListImports", &cleared);
    let begin = Page::parse(&it.page_token, &question)?.map_or(u64::MAX, |it| it.cursor);
    let ledger = caller.bank.reader.ledger();
    let top = within(&ledger, &it.branch_code)?;
    let authority = caller.authority(&ledger)?;
    let fits = |batch: &ImportBatch| {
        let below = |top| batch.branch.is_some_and(|it| ledger.ancestry(it).any(|it| it == top));
        batch.no.get() < begin
            && top.is_none_or(below)
            && state.is_none_or(|it| it == message::import_state(batch))
            && sees(&authority, batch).is_ok()
    };
    let mut rest = ledger.imports().rev().filter(|it| fits(&it.1));
    let page: Vec<(BatchKey, ImportBatch)> = rest.by_ref().take(size).collect();
    let more = page.len() == size && rest.next().is_some();
    let seq = read_seq(&ledger);
    let cursor = page.last().map_or(0, |it| it.1.no.get());
    let next = Page { seq, cursor, detail: Vec::new() };
    Ok(v1::ListImportsResponse {
        read_seq: seq,
        batches: page.iter().map(|it| message::import_batch(&ledger, it.0, &it.1)).collect(),
        next_page_token: if more { next.token(&question) } else { String::new() },
    })
}

/// Undoes a batch to its end, though the caller goes away: half of it undone helps nobody.
pub(super) fn undo(
    caller: Caller,
    it: &v1::UndoImportRequest,
) -> Result<Stream<v1::UndoImportResponse>, Status> {
    let request = scalar::request_id(&it.request_id)?;
    let command = request::undo_import(it)?;
    tracing::Span::current().record("request.id", &it.request_id);
    let cleared =
        v1::UndoImportRequest { request_id: String::new(), validate_only: false, ..it.clone() };
    let fingerprint = caller.bank.vault.keyed(scalar::fingerprint("UndoImport", &cleared));
    let undo = Undo { caller, request, fingerprint, command };
    let (sender, receiver) = mpsc::channel(AHEAD);
    let only = it.validate_only;
    let work = async move {
        let answers = Answers { sender, only };
        if let Err(status) = undo.run(&answers).await {
            answers.sender.send(Err(status)).await.ok();
        }
    };
    tokio::spawn(tracing::Instrument::in_current_span(work));
    Ok(ReceiverStream::new(receiver))
}

struct Answers {
    sender: mpsc::Sender<Result<v1::UndoImportResponse, Status>>,
    /// Whether it is only tried.
    only: bool,
}

struct Undo {
    caller: Caller,
    request: RequestId,
    fingerprint: Fingerprint,
    command: Command,
}

impl Undo {
    async fn run(&self, answers: &Answers) -> Result<(), Status> {
        let tried = self.tried().await?;
        for (part, made) in (0..).zip(&tried).filter(|_| answers.only) {
            tell(answers, part, made).await;
        }
        let mut part = 0;
        let mut last = answers.only;
        while !last {
            let made = self.caller.bank.writer.submit(self.submission(part)).await?;
            last = is_last(&made);
            tell(answers, part, &made).await;
            part = part.saturating_add(1);
        }
        Ok(())
    }

    /// Every part, above what is durable.
    async fn tried(&self) -> Result<Vec<Receipt>, Status> {
        let (bank, mut rehearsal) = (self.caller.bank.clone(), Rehearsal::default());
        let (mut made, mut part) = (Vec::new(), 0);
        while !made.last().is_some_and(is_last) {
            let (next, reader) = (self.submission(part), bank.clone());
            let stepped = tokio::task::spawn_blocking(move || {
                let step = rehearsal.step(&reader.reader, &reader.clock, next);
                (rehearsal, step)
            });
            let step: Result<Result<Receipt, NotPosted>, _>;
            (rehearsal, step) = stepped.await.map_err(|err| unreadable(&err))?;
            made.push(step.map_err(|err| unreadable(&err))??);
            part = part.saturating_add(1);
        }
        Ok(made)
    }

    fn submission(&self, part: u32) -> Submission {
        Submission {
            request: self.request_id(part),
            fingerprint: self.fingerprint,
            token: Some(self.caller.token),
            validate_only: false,
            command: self.command.clone(),
        }
    }

    /// The first part has the caller's own, the others one that follows from it.
    fn request_id(&self, part: u32) -> RequestId {
        if part == 0 {
            return self.request;
        }
        let digest = Sha256::new()
            .chain_update("lovebank.v1.UndoImport\0")
            .chain_update(self.request.as_bytes())
            .chain_update(part.to_be_bytes())
            .finalize();
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(digest) {
            *to = from;
        }
        RequestId::new(bytes)
    }
}

/// Whether nothing is left of the batch; an entry of another kind ends it too.
fn is_last(made: &Receipt) -> bool {
    if let Event::ImportUndone { last, .. } = &made.entry.event { *last } else { true }
}

/// A caller that went away needs no word.
async fn tell(answers: &Answers, part: u32, made: &Receipt) {
    if let Some(answer) = message::undone(part, receipt(made), &made.entry) {
        answers.sender.send(Ok(answer)).await.ok();
    }
}
