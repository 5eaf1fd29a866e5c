//! Taking in a sheet, part by part. A rehearsal goes the same way and ends before the append.

use std::collections::{HashMap, HashSet};

use lovebank_ledger::{
    BatchMode, Command, Entry, EntryNo, Event, Fingerprint, NumberTag, RequestId, RowVerdict,
    VolunteerRef,
};
use lovebank_vault::{Person, PersonName};
use lovebank_wire::{Fault, Malformed, message, request, scalar, status, v1};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio_stream::{StreamExt as _, wrappers::ReceiverStream};
use tonic::{Status, Streaming};

use super::{
    door::{Caller, number, personal, receipt},
    people::{annotate, annotation, forget, missing},
    register::{Registering, registrations},
    status::{STOPPING, unreadable},
};
use crate::writer::{NotPosted, Receipt, Rehearsal, Submission};

/// Answers that may wait for a slow caller.
const AHEAD: usize = 4;

type Answer = Result<v1::ImportHoursResponse, Status>;

/// Takes parts in until the caller ends the stream; the first failure ends it.
pub(super) fn run(
    caller: Caller,
    mut parts: Streaming<v1::ImportHoursRequest>,
) -> ReceiverStream<Answer> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let work = async move {
        let ended = take_in(&caller, &mut parts, &sender).await;
        if let Err(status) = ended {
            // A caller that went away needs no word.
            sender.send(Err(status)).await.ok();
        }
    };
    tokio::spawn(tracing::Instrument::in_current_span(work));
    ReceiverStream::new(receiver)
}

async fn take_in(
    caller: &Caller,
    parts: &mut Streaming<v1::ImportHoursRequest>,
    sender: &mpsc::Sender<Answer>,
) -> Result<(), Status> {
    use v1::import_hours_request::Kind;
    let first = parts.next().await.transpose()?.and_then(|it| it.kind);
    let Some(Kind::Header(header)) = first else { return Err(missing("header").into()) };
    let mut import =
        Import { caller, header, rehearsal: Rehearsal::default(), rehearsed: HashSet::new() };
    let mut stopping = caller.bank.stopping.clone();
    loop {
        let message = tokio::select! {
            message = parts.next() => message.transpose()?,
            _ = stopping.wait_for(|it| *it) => return Err(STOPPING.into()),
        };
        let Some(message) = message else { return Ok(()) };
        let Some(Kind::Part(part)) = message.kind else { return Err(missing("part").into()) };
        let answer = import.part(&part).await?;
        if sender.send(Ok(answer)).await.is_err() {
            return Ok(());
        }
    }
}

struct Import<'a> {
    caller: &'a Caller,
    header: v1::ImportHeader,
    rehearsal: Rehearsal,
    /// Whom the rehearsal has registered.
    rehearsed: HashSet<NumberTag>,
}

impl Import<'_> {
    async fn part(&mut self, part: &v1::ImportPart) -> Result<v1::ImportHoursResponse, Status> {
        let command = request::import_hours(&self.header, part, &self.caller.resolve())?;
        self.stands()?;
        let mut notes = Vec::new();
        for (index, row) in part.rows.iter().enumerate() {
            let note = annotation(&format!("part.rows[{index}]"), row.annotation.as_ref())?;
            notes.extend(note.map(|it| (row.line, row.volunteer_number.clone(), it)));
        }
        let request = self.request_id("rows", part.part);
        let submission = self.submission(request, self.fingerprint("rows", part), command);
        let registered =
            if self.header.register_missing { self.register(part, &submission).await? } else { 0 };
        let made = if self.header.validate_only {
            self.rehearse(submission).await?
        } else {
            let keys = annotate(self.caller, request, notes).await?;
            let made = self.caller.bank.writer.submit(submission).await;
            match &made {
                Err(err) if err.is_unknown() => {}
                Ok(made) => {
                    let kept = booked_lines(&made.entry);
                    forget(self.caller, keys, |line| kept.contains(&line)).await?;
                }
                Err(_) => forget(self.caller, keys, |_| false).await?,
            }
            made
        }?;
        let mut verdicts = Vec::new();
        if let Event::HoursImported { rows, .. } = &made.entry.event {
            verdicts = rows.iter().map(message::verdict).collect();
            self.tell_merged(part, made.entry.no, &mut verdicts);
        }
        let receipt = Some(receipt(&made));
        Ok(v1::ImportHoursResponse { receipt, part: part.part, registered, verdicts })
    }

    /// Says where a number that a row names was another's when the part was taken in.
    fn tell_merged(&self, part: &v1::ImportPart, entry: EntryNo, verdicts: &mut [v1::RowVerdict]) {
        let ledger = self.caller.bank.reader.ledger();
        if ledger.merges().next().is_none() {
            return;
        }
        let resolve = self.caller.resolve();
        let merged = part.rows.iter().filter_map(|row| {
            let named = ledger.resolve(resolve(&row.volunteer_number).ok()?)?;
            let person = ledger.person_as_of(named, Some(entry));
            (person != named).then_some((row.line, person.get()))
        });
        let merged: HashMap<u32, u64> = merged.collect();
        for it in verdicts {
            it.merged_into_passbook_no = merged.get(&it.line).copied().unwrap_or(0);
        }
    }

    /// A part of what was undone meanwhile is not told again as if it stood.
    fn stands(&self) -> Result<(), Status> {
        let batch = scalar::batch_key("header.batch_key", &self.header.batch_key)?;
        let known = self.caller.bank.reader.ledger().import(&batch);
        known.map_or(Ok(()), |it| it.stands()).map_err(status::refused_read)
    }

    /// Registers those of a part whom the bank does not know, unless the part would be refused.
    async fn register(&mut self, part: &v1::ImportPart, rows: &Submission) -> Result<u32, Status> {
        let request = self.request_id("people", part.part);
        if let Some(registered) = self.registered_before(request, rows.request)? {
            return Ok(registered);
        }
        let registering = self.unknown(part)?;
        if registering.items.is_empty() {
            return Ok(0);
        }
        let fingerprint = self.fingerprint("people", part);
        let made = if self.header.validate_only {
            let mode = BatchMode::ItemByItem;
            self.rehearsed.extend(registering.items.iter().map(|it| it.tag));
            let command = Command::RegisterVolunteers { items: registering.items, mode };
            self.rehearse(self.submission(request, fingerprint, command)).await?
        } else {
            let bank = &self.caller.bank;
            let tried = Rehearsal::default().step(&bank.reader, &bank.clock, rows.clone());
            tried.map_err(|err| unreadable(&err))??;
            let way = Way { import: self, request, fingerprint };
            registering.submit_as(self.caller, |command| way.submit(command)).await?
        }?;
        Ok(u32::try_from(registrations(&made.entry).len()).unwrap_or(u32::MAX))
    }

    /// How many a part registered when it was taken in; none where it was not yet. Who was erased
    /// since is not registered anew.
    fn registered_before(&self, people: RequestId, rows: RequestId) -> Result<Option<u32>, Status> {
        let (people, rows) = {
            let ledger = self.caller.bank.reader.ledger();
            (ledger.request(&people), ledger.request(&rows))
        };
        let Some((entry, _)) = people else { return Ok(rows.map(|_| 0)) };
        let made = self.caller.bank.reader.entry(entry).map_err(|err| unreadable(&err))?;
        Ok(Some(u32::try_from(registrations(&made).len()).unwrap_or(u32::MAX)))
    }

    fn unknown(&self, part: &v1::ImportPart) -> Result<Registering, Status> {
        let branch = request::branch_code("header.branch_code", &self.header.branch_code)?;
        let joined = scalar::optional_date("header.joined", self.header.joined.as_ref())?;
        let mut registering = Registering::none();
        let mut seen = HashSet::new();
        for (index, row) in part.rows.iter().enumerate() {
            let field = format!("part.rows[{index}]");
            let fault = |name: &str, fault: Fault| Malformed::new(format!("{field}.{name}"), fault);
            let no = number(&row.volunteer_number);
            let no = no.map_err(|it| fault("volunteer_number", it))?;
            let tag = self.caller.bank.vault.tag(&no);
            let known = self.caller.bank.reader.ledger().resolve(VolunteerRef::Tag(tag));
            if known.is_some() || self.rehearsed.contains(&tag) || !seen.insert(tag) {
                continue;
            }
            let name = match row.name.trim() {
                "" => None,
                text => Some(PersonName::parse(text).map_err(|it| fault("name", personal(&it)))?),
            };
            let person = Person { number: no, name, phone: None, note: None, birth: None };
            registering.add(self.caller, person, branch.clone(), joined);
        }
        Ok(registering)
    }

    /// Tries a command; a long row of them takes a while, and blocks.
    async fn rehearse(
        &mut self,
        submission: Submission,
    ) -> Result<Result<Receipt, NotPosted>, Status> {
        let (bank, mut rehearsal) = (self.caller.bank.clone(), std::mem::take(&mut self.rehearsal));
        let stepped = tokio::task::spawn_blocking(move || {
            let step = rehearsal.step(&bank.reader, &bank.clock, submission);
            (rehearsal, step)
        });
        let (rehearsal, step) = stepped.await.map_err(|err| unreadable(&err))?;
        self.rehearsal = rehearsal;
        step.map_err(|err| unreadable(&err))
    }

    fn submission(
        &self,
        request: RequestId,
        fingerprint: Fingerprint,
        command: Command,
    ) -> Submission {
        let (token, validate_only) = (Some(self.caller.token), false);
        Submission { request, fingerprint, token, validate_only, command }
    }

    /// A part of a batch has one request id for ever, so that it is taken in once.
    fn request_id(&self, what: &str, part: u32) -> RequestId {
        let digest = Sha256::new()
            .chain_update("lovebank.v1.ImportHours\0")
            .chain_update(what)
            .chain_update([0])
            .chain_update(&self.header.batch_key)
            .chain_update(part.to_be_bytes())
            .finalize();
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(digest) {
            *to = from;
        }
        RequestId::new(bytes)
    }

    fn fingerprint(&self, what: &str, part: &v1::ImportPart) -> Fingerprint {
        use v1::import_hours_request::Kind;
        // The key names the file already.
        let header = v1::ImportHeader {
            validate_only: false,
            file_digest: Vec::new(),
            ..self.header.clone()
        };
        let header = v1::ImportHoursRequest { kind: Some(Kind::Header(header)) };
        let header = scalar::fingerprint(what, &header);
        let part = v1::ImportHoursRequest { kind: Some(Kind::Part(part.clone())) };
        self.caller.bank.vault.keyed(scalar::fingerprint(&header.to_string(), &part))
    }
}

/// The way of one submission of an import.
struct Way<'a, 'b> {
    import: &'a Import<'b>,
    request: RequestId,
    fingerprint: Fingerprint,
}

impl Way<'_, '_> {
    async fn submit(&self, command: Command) -> Result<Result<Receipt, NotPosted>, Status> {
        let submission = self.import.submission(self.request, self.fingerprint, command);
        Ok(self.import.caller.bank.writer.submit(submission).await)
    }
}

/// The lines of the file that an entry booked.
fn booked_lines(entry: &Entry) -> Vec<u32> {
    let Event::HoursImported { rows, .. } = &entry.event else { return Vec::new() };
    let booked = rows
        .iter()
        .filter(|it| matches!(it.verdict, RowVerdict::New(_) | RowVerdict::Corrected { .. }));
    booked.map(|it| it.line).collect()
}
