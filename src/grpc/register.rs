//! Registering volunteers: the vault first, the journal second, so that the journal never names
//! someone whom the vault does not know.

use lovebank_ledger::{
    BatchMode, BranchCode, Command, Entry, Event, NewVolunteer, Registration, VolunteerId,
};
use lovebank_vault::Person;
use lovebank_wire::{Parsed, request, scalar, v1};
use tonic::Status;

use super::{
    door::{Caller, Change},
    people::{fresh_id, person},
};
use crate::writer::{NotPosted, Receipt};

/// Volunteers to register, each with the person the vault is to keep.
pub(super) struct Registering {
    pub(super) items: Vec<NewVolunteer>,
    people: Vec<(VolunteerId, Person)>,
}

impl Registering {
    pub(super) fn none() -> Self {
        Self { items: Vec::new(), people: Vec::new() }
    }

    pub(super) fn parse(
        &mut self,
        caller: &Caller,
        field: &str,
        it: &v1::NewVolunteer,
    ) -> Parsed<()> {
        let person = person(field, &it.volunteer_number, it.person.as_ref(), today(caller))?;
        let code = request::branch_code("branch_code", &it.branch_code);
        let branch = code.map_err(|err| err.within(field))?;
        let joined = scalar::optional_date("joined", it.joined.as_ref());
        let joined = joined.map_err(|err| err.within(field))?;
        self.add(caller, person, branch, joined);
        Ok(())
    }

    pub(super) fn add(
        &mut self,
        caller: &Caller,
        person: Person,
        branch: BranchCode,
        joined: Option<jiff::civil::Date>,
    ) {
        let (volunteer, tag) = (fresh_id(), caller.bank.vault.tag(&person.number));
        let joined = joined.unwrap_or_else(|| today(caller));
        self.items.push(NewVolunteer { volunteer, tag, branch, joined });
        self.people.push((volunteer, person));
    }

    /// Registers them; what the journal did not take, the vault forgets.
    pub(super) async fn submit(
        self,
        caller: &Caller,
        (method, message): (&str, &impl Change),
        mode: BatchMode,
    ) -> Result<Result<Receipt, NotPosted>, Status> {
        let keep = !message.validate_only();
        self.kept(caller, mode, keep, |command| caller.try_submit(method, message, command)).await
    }

    /// As [`Self::submit`], item by item, on another way to the writer.
    pub(super) async fn submit_as<F>(
        self,
        caller: &Caller,
        submit: impl FnOnce(Command) -> F,
    ) -> Result<Result<Receipt, NotPosted>, Status>
    where
        F: Future<Output = Result<Result<Receipt, NotPosted>, Status>>,
    {
        self.kept(caller, BatchMode::ItemByItem, true, submit).await
    }

    async fn kept<F>(
        self,
        caller: &Caller,
        mode: BatchMode,
        keep: bool,
        submit: impl FnOnce(Command) -> F,
    ) -> Result<Result<Receipt, NotPosted>, Status>
    where
        F: Future<Output = Result<Result<Receipt, NotPosted>, Status>>,
    {
        let Self { items, people } = self;
        let ids: Vec<VolunteerId> = people.iter().map(|it| it.0).collect();
        if keep {
            caller.keep(move |vault| vault.put(&people)).await?;
        }
        let result = submit(Command::RegisterVolunteers { items, mode }).await;
        if keep && !matches!(&result, Ok(Err(err)) if err.is_unknown()) {
            // Where storage failed, the next start tells which of them the journal knows.
            let taken = result.as_ref().ok().and_then(|it| it.as_ref().ok());
            let taken = taken.map(|it| registrations(&it.entry)).unwrap_or_default();
            let known = |id: &VolunteerId| taken.iter().any(|it| it.volunteer == *id);
            let (kept, gone): (Vec<_>, Vec<_>) = ids.into_iter().partition(known);
            caller.vault(move |vault| vault.settle(&kept, &gone)).await?;
        }
        result
    }
}

/// Those whom an entry registered.
pub(super) fn registrations(entry: &Entry) -> &[Registration] {
    if let Event::VolunteersRegistered { volunteers, .. } = &entry.event {
        return volunteers;
    }
    &[]
}

/// The bank's own today.
pub(super) fn today(caller: &Caller) -> jiff::civil::Date {
    let ledger = caller.bank.reader.ledger();
    ledger.zone().map_or(jiff::civil::Date::ZERO, |it| it.date_at(caller.bank.clock.now()))
}
