//! `VolunteerService`.

use lovebank_ledger::{
    BatchMode, Command, Event, NeedClass, PassbookNo, Refusal, Registration, Verb, VolunteerRef,
    VolunteerStatus,
};
use lovebank_vault::{Cursor, Query};
use lovebank_wire::{
    Fault, Malformed, kinds,
    page::{self, Page},
    request, scalar, status,
    v1::{self, volunteer_service_server::VolunteerService},
};
use tonic::{Request, Response, Status};

use super::{
    branch::within,
    door::{Caller, Door, all_refused, personal, read_seq, receipt, to_the_end},
    people::{add_person, missing, people, person, volunteer},
    register::{Registering, registrations, today},
    shared_phones::{self, add_likely},
};
use crate::writer::{Receipt, Submission};

#[derive(Debug, Clone)]
pub(super) struct Volunteers(pub(super) Door);

#[tonic::async_trait]
impl VolunteerService for Volunteers {
    async fn register_volunteer(
        &self,
        call: Request<v1::RegisterVolunteerRequest>,
    ) -> Result<Response<v1::RegisterVolunteerResponse>, Status> {
        let caller = self.0.enter(&call, Verb::RegisterVolunteers)?;
        let message = call.into_inner();
        to_the_end(async move { register(&caller, &message).await }).await.map(Response::new)
    }

    async fn batch_register_volunteers(
        &self,
        call: Request<v1::BatchRegisterVolunteersRequest>,
    ) -> Result<Response<v1::BatchRegisterVolunteersResponse>, Status> {
        let caller = self.0.enter(&call, Verb::RegisterVolunteers)?;
        let message = call.into_inner();
        to_the_end(async move { register_batch(&caller, &message).await }).await.map(Response::new)
    }

    async fn get_volunteer(
        &self,
        call: Request<v1::GetVolunteerRequest>,
    ) -> Result<Response<v1::GetVolunteerResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadVolunteers)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let (no, read_seq) = {
            let ledger = caller.bank.reader.ledger();
            let no = caller.passbook(&ledger, Verb::ReadVolunteers, &message.volunteer_number)?;
            (no, read_seq(&ledger))
        };
        let volunteer = shown(&caller, vec![no]).await?.into_iter().next();
        Ok(Response::new(v1::GetVolunteerResponse { read_seq, volunteer }))
    }

    async fn list_volunteers(
        &self,
        call: Request<v1::ListVolunteersRequest>,
    ) -> Result<Response<v1::ListVolunteersResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadVolunteers)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let size = scalar::page_size(message.page_size)?;
        let cleared = v1::ListVolunteersRequest {
            branch_code: message.branch_code.clone(),
            status: message.status,
            ..<_>::default()
        };
        let question = page::question("ListVolunteers", &cleared);
        let begin = Page::parse(&message.page_token, &question)?.map_or(0, |it| it.cursor);
        let (numbers, more, seq) = select(&caller, &message, (begin, size))?;
        let next =
            Page { seq, cursor: numbers.last().map_or(0, |it| it.get()), detail: Vec::new() };
        Ok(Response::new(v1::ListVolunteersResponse {
            read_seq: seq,
            volunteers: shown(&caller, numbers).await?,
            next_page_token: if more { next.token(&question) } else { String::new() },
        }))
    }

    async fn find_volunteers(
        &self,
        call: Request<v1::FindVolunteersRequest>,
    ) -> Result<Response<v1::FindVolunteersResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadVolunteers)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let size = scalar::page_size(message.page_size)?;
        let query = Query::parse(&message.query);
        let query = query.map_err(|err| Malformed::new("query", personal(&err)))?;
        let cleared = v1::FindVolunteersRequest { query: message.query.clone(), ..<_>::default() };
        let question = page::question("FindVolunteers", &cleared);
        let page = Page::parse(&message.page_token, &question)?;
        if let Some(own) = only_own(&caller)? {
            return found_own(&caller, own, &query).await.map(Response::new);
        }
        let mut after = None;
        if let Some(page) = page {
            let place = caller.vault(move |vault| Cursor::from_bytes(vault, &page.detail)).await?;
            let place = place.ok_or_else(|| Malformed::new("page_token", Fault::NotAToken))?;
            after = Some(place);
        }
        let found = caller.vault(move |vault| vault.find(&query, size, after.as_ref())).await?;
        let (seq, numbers) = {
            let ledger = caller.bank.reader.ledger();
            let authority = caller.authority(&ledger)?;
            let seen = |no: &PassbookNo| authority.on_passbook(Verb::ReadVolunteers, *no).is_ok();
            let numbers = found.people.iter().filter_map(|(id, _)| ledger.passbook_of(id));
            (read_seq(&ledger), numbers.filter(seen).collect())
        };
        let next = found.next.map(|it| Page { seq, cursor: 0, detail: it.to_bytes() });
        Ok(Response::new(v1::FindVolunteersResponse {
            read_seq: seq,
            volunteers: shown(&caller, numbers).await?,
            next_page_token: next.map(|it| it.token(&question)).unwrap_or_default(),
        }))
    }

    async fn list_shared_phones(
        &self,
        call: Request<v1::ListSharedPhonesRequest>,
    ) -> Result<Response<v1::ListSharedPhonesResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadSharedPhones)?;
        shared_phones::list(&caller, call.get_ref().min_seq).await.map(Response::new)
    }

    async fn update_person(
        &self,
        call: Request<v1::UpdatePersonRequest>,
    ) -> Result<Response<v1::UpdatePersonResponse>, Status> {
        let caller = self.0.enter(&call, Verb::UpdatePerson)?;
        let message = call.into_inner();
        let asked = message.person.as_ref().ok_or_else(|| missing("person"))?;
        let (no, id) = {
            let ledger = caller.bank.reader.ledger();
            let no = caller.passbook(&ledger, Verb::UpdatePerson, &message.volunteer_number)?;
            (no, ledger.volunteer(no).map(|it| it.volunteer))
        };
        let id = id.ok_or_else(|| status::refused_read(Refusal::VolunteerUnknown))?;
        let known = caller.vault(move |vault| vault.get(id)).await?;
        // The number stays as it was registered, however the caller named the volunteer. Of one
        // whose data a restore did not find it is the one that the caller knows.
        let number = known.map(|it| it.number);
        let number = number.as_ref().map_or(message.volunteer_number.as_str(), |it| it.as_str());
        let new = person("person", number, Some(asked), today(&caller))?;
        if !caller.keep(move |vault| vault.update(id, &new)).await? {
            return Err(status::refused_read(Refusal::VolunteerUnknown));
        }
        let volunteer = shown(&caller, vec![no]).await?.into_iter().next();
        Ok(Response::new(v1::UpdatePersonResponse { volunteer }))
    }

    async fn move_volunteer(
        &self,
        call: Request<v1::MoveVolunteerRequest>,
    ) -> Result<Response<v1::MoveVolunteerResponse>, Status> {
        let caller = self.0.enter(&call, Verb::MoveVolunteer)?;
        let message = call.into_inner();
        let command = Command::MoveVolunteer {
            volunteer: named(&caller, &message.volunteer_number)?,
            branch: request::branch_code("branch_code", &message.branch_code)?,
        };
        let made = caller.submit("MoveVolunteer", &message, command).await?;
        Ok(Response::new(v1::MoveVolunteerResponse { receipt: Some(receipt(&made)) }))
    }

    async fn set_volunteer_status(
        &self,
        call: Request<v1::SetVolunteerStatusRequest>,
    ) -> Result<Response<v1::SetVolunteerStatusResponse>, Status> {
        let caller = self.0.enter(&call, Verb::SetVolunteerStatus)?;
        let message = call.into_inner();
        let command = Command::SetVolunteerStatus {
            volunteer: named(&caller, &message.volunteer_number)?,
            status: kinds::volunteer_status("status", message.status)?,
        };
        let made = caller.submit("SetVolunteerStatus", &message, command).await?;
        Ok(Response::new(v1::SetVolunteerStatusResponse { receipt: Some(receipt(&made)) }))
    }

    async fn set_need_class(
        &self,
        call: Request<v1::SetNeedClassRequest>,
    ) -> Result<Response<v1::SetNeedClassResponse>, Status> {
        let caller = self.0.enter(&call, Verb::SetNeedClass)?;
        let message = call.into_inner();
        let most = i64::from(NeedClass::MAX);
        let fault = Fault::OutOfRange { least: 0, most };
        let class = NeedClass::new(message.need_class);
        let class = class.ok_or_else(|| Malformed::new("need_class", fault))?;
        let volunteer = named(&caller, &message.volunteer_number)?;
        let command = Command::SetNeedClass { volunteer, class };
        let made = caller.submit("SetNeedClass", &message, command).await?;
        Ok(Response::new(v1::SetNeedClassResponse { receipt: Some(receipt(&made)) }))
    }

    async fn erase_person(
        &self,
        call: Request<v1::ErasePersonRequest>,
    ) -> Result<Response<v1::ErasePersonResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ErasePerson)?;
        let message = call.into_inner();
        to_the_end(async move { erase(&caller, &message).await }).await.map(Response::new)
    }
}

async fn register(
    caller: &Caller,
    message: &v1::RegisterVolunteerRequest,
) -> Result<v1::RegisterVolunteerResponse, Status> {
    let asked = message.volunteer.as_ref().ok_or_else(|| missing("volunteer"))?;
    let mut new = Registering::none();
    new.parse(caller, "volunteer", asked)?;
    let branch_code = asked.branch_code.clone();
    let way = ("RegisterVolunteer", message);
    let made = new.submit(caller, way, BatchMode::Atomic).await??;
    let registered = registrations(&made.entry).first();
    let volunteer = registered.map(|it| v1::Volunteer {
        volunteer_number: asked.volunteer_number.trim().to_owned(),
        passbook_no: it.passbook.get(),
        branch_code,
        joined: Some(scalar::to_date(it.joined)),
        status: kinds::to_volunteer_status(VolunteerStatus::Active).into(),
        person: asked.person.clone(),
        ..<_>::default()
    });
    Ok(v1::RegisterVolunteerResponse { receipt: Some(receipt(&made)), volunteer })
}

async fn register_batch(
    caller: &Caller,
    message: &v1::BatchRegisterVolunteersRequest,
) -> Result<v1::BatchRegisterVolunteersResponse, Status> {
    let mode = scalar::batch_mode(message.mode)?;
    let mut new = Registering::none();
    let items = scalar::batch("volunteers", &message.volunteers)?;
    for (index, it) in items.iter().enumerate() {
        new.parse(caller, &format!("volunteers[{index}]"), it)?;
    }
    let result = new.submit(caller, ("BatchRegisterVolunteers", message), mode).await?;
    let mut likely = Vec::new();
    let mut answer = v1::BatchRegisterVolunteersResponse::default();
    match all_refused(result, message.mode)? {
        Err(refused) => answer.refused = status::refused_items(&refused.items),
        Ok(done) => {
            answer.receipt = Some(receipt(&done));
            if !done.validated_only {
                likely = registrations(&done.entry).to_vec();
            }
            if let Event::VolunteersRegistered { volunteers, refused } = &done.entry.event {
                answer.registered = volunteers.iter().map(registered).collect();
                answer.refused = status::refused_items(refused);
            }
        }
    }
    add_likely(caller, &likely, &mut answer).await;
    Ok(answer)
}

/// The journal first, then the vault.
async fn erase(
    caller: &Caller,
    message: &v1::ErasePersonRequest,
) -> Result<v1::ErasePersonResponse, Status> {
    let made = if message.volunteer_number.is_empty() {
        erase_by_passbook(caller, message).await?
    } else {
        let volunteer = named(caller, &message.volunteer_number)?;
        caller.submit("ErasePerson", message, Command::ErasePerson { volunteer }).await?
    };
    if let Event::PersonErased { passbook } = &made.entry.event
        && !made.validated_only
    {
        // What a crash leaves here, the sweep at the next start erases.
        let ids: Vec<_> = {
            let ledger = caller.bank.reader.ledger();
            let numbers = ledger.numbers(*passbook, None);
            numbers.filter_map(|it| Some(ledger.volunteer(it)?.volunteer)).collect()
        };
        for id in ids {
            caller.vault(move |vault| vault.erase(id)).await?;
        }
    }
    Ok(v1::ErasePersonResponse { receipt: Some(receipt(&made)) })
}

/// The one passbook that a caller sees who is nothing but a volunteer.
fn only_own(caller: &Caller) -> Result<Option<PassbookNo>, Status> {
    let ledger = caller.bank.reader.ledger();
    let authority = caller.authority(&ledger)?;
    let alone = authority.only_as_volunteer(Verb::ReadVolunteers);
    Ok(authority.own_passbook().filter(|_| alone))
}

/// A search of one who sees nobody else: it must not tell whom else it would find.
async fn found_own(
    caller: &Caller,
    own: PassbookNo,
    query: &Query,
) -> Result<v1::FindVolunteersResponse, Status> {
    let (id, read_seq) = {
        let ledger = caller.bank.reader.ledger();
        (ledger.volunteer(own).map(|it| it.volunteer), read_seq(&ledger))
    };
    let mut answer = v1::FindVolunteersResponse { read_seq, ..<_>::default() };
    if let Some(id) = id {
        let person = caller.vault(move |vault| vault.get(id)).await?;
        if person.is_some_and(|it| query.fits(&it)) {
            answer.volunteers = shown(caller, vec![own]).await?;
        }
    }
    Ok(answer)
}

/// An erasure by the number of the passbook, which may be a retry of one by the volunteer number:
/// that is gone, so that the entry tells whether it is the same request.
async fn erase_by_passbook(
    caller: &Caller,
    message: &v1::ErasePersonRequest,
) -> Result<Receipt, Status> {
    let no = scalar::number("passbook_no", message.passbook_no, PassbookNo::new)?;
    let command = Command::ErasePerson { volunteer: VolunteerRef::Passbook(no) };
    let request = scalar::request_id(&message.request_id)?;
    let known = caller.bank.reader.ledger().request(&request);
    let Some((entry, fingerprint)) = known else {
        return caller.submit("ErasePerson", message, command).await;
    };
    let token = Some(caller.token);
    let validate_only = message.validate_only;
    let submission = Submission { request, fingerprint, token, validate_only, command };
    let made = caller.bank.writer.submit(submission).await?;
    if made.entry.event == (Event::PersonErased { passbook: no }) {
        return Ok(made);
    }
    Err(status::refused_read(Refusal::RequestIdReused { entry }))
}

fn registered(it: &Registration) -> v1::RegisteredVolunteer {
    v1::RegisteredVolunteer { index: it.index, passbook_no: it.passbook.get() }
}

fn named(caller: &Caller, text: &str) -> Result<VolunteerRef, Malformed> {
    request::volunteer("volunteer_number", text, &caller.resolve())
}

/// Volunteers that fit, from a passbook number on; whether there are more.
fn select(
    caller: &Caller,
    message: &v1::ListVolunteersRequest,
    (begin, size): (u64, usize),
) -> Result<(Vec<PassbookNo>, bool, u64), Status> {
    let wanted = match message.status {
        0 => None,
        other => Some(kinds::volunteer_status("status", other)?),
    };
    let ledger = caller.bank.reader.ledger();
    let authority = caller.authority(&ledger)?;
    let top = within(&ledger, &message.branch_code)?;
    let count = u64::try_from(ledger.volunteer_count()).unwrap_or(u64::MAX);
    let own =
        authority.own_passbook().filter(|_| authority.only_as_volunteer(Verb::ReadVolunteers));
    let (begin, count) = match own {
        // One who sees nobody else is not let walk over everyone.
        Some(own) => (begin.max(own.get().saturating_sub(1)), own.get()),
        None => (begin, count),
    };
    let fits = |no: &PassbookNo| {
        let Some(row) = ledger.volunteer(*no) else { return false };
        wanted.is_none_or(|it| it == row.status)
            && top.is_none_or(|top| ledger.ancestry(row.branch).any(|it| it == top))
            && authority.on_passbook(Verb::ReadVolunteers, *no).is_ok()
    };
    let mut rest = (begin.saturating_add(1)..=count).filter_map(|it| PassbookNo::new(it).ok());
    let numbers: Vec<_> = rest.by_ref().filter(fits).take(size).collect();
    let more = numbers.len() == size && rest.any(|it| fits(&it));
    Ok((numbers, more, read_seq(&ledger)))
}

/// Volunteers with their people, in the order asked.
async fn shown(caller: &Caller, numbers: Vec<PassbookNo>) -> Result<Vec<v1::Volunteer>, Status> {
    let mut rows: Vec<_> = {
        let ledger = caller.bank.reader.ledger();
        numbers.into_iter().filter_map(|no| volunteer(&ledger, no)).collect()
    };
    let people = people(caller, rows.iter().map(|it| it.0).collect()).await?;
    for (id, it) in &mut rows {
        if let Some(person) = people.get(id).filter(|_| !it.erased) {
            add_person(it, person);
        }
    }
    Ok(rows.into_iter().map(|it| it.1).collect())
}
