//! Registering volunteers, and what becomes of them.

use std::collections::HashSet;

use super::{Desk, Outcome, each, gift::give_all, reward::places_for};
use crate::{
    BatchMode, BranchCode, Event, HelpRow, Moves, NeedClass, NewVolunteer, PassbookNo, Refusal,
    Registration, Verb, VolunteerRef, VolunteerStatus,
};

pub(super) fn register(desk: &Desk<'_>, items: &[NewVolunteer], mode: BatchMode) -> Outcome {
    let (mut tags, mut ids) = (HashSet::new(), HashSet::new());
    let mut next = u64::try_from(desk.ledger.volunteer_count()).unwrap_or(u64::MAX);
    let (volunteers, refused) = each(items, mode, |index, it| {
        let branch = desk.branch(&it.branch)?.no;
        let (tag, id) = (desk.ledger.resolve(VolunteerRef::Tag(it.tag)), it.volunteer);
        if tag.or(desk.ledger.passbook_of(&id)).is_some()
            || tags.contains(&it.tag)
            || ids.contains(&id)
        {
            return Err(Refusal::NumberTaken);
        }
        desk.authority.on_branch(Verb::RegisterVolunteers, branch)?;
        if desk.today < it.joined {
            let (until, now) = (it.joined.to_string(), desk.today.to_string());
            return Err(Refusal::Future { until, now });
        }
        next = next.saturating_add(1);
        let passbook = PassbookNo::new(next).map_err(|_| Refusal::OutOfRange)?;
        tags.insert(it.tag);
        ids.insert(id);
        let NewVolunteer { volunteer, tag, joined, .. } = *it;
        Ok(Registration { index, passbook, volunteer, tag, branch, joined })
    })?;
    Ok((Event::VolunteersRegistered { volunteers, refused }, Vec::new()))
}

pub(super) fn relocate(desk: &Desk<'_>, volunteer: VolunteerRef, branch: &BranchCode) -> Outcome {
    let branch = desk.branch(branch)?.no;
    let passbook = desk.passbook(volunteer)?;
    desk.authority.on_passbook(Verb::MoveVolunteer, passbook)?;
    desk.authority.on_branch(Verb::MoveVolunteer, branch)?;
    if desk.ledger.volunteer(passbook).is_some_and(|it| it.branch == branch) {
        return Err(Refusal::NothingChanges.into());
    }
    Ok((Event::VolunteerMoved { passbook, branch }, Vec::new()))
}

/// Suspends, closes or makes active again. What a passbook that is closed can spend goes to the
/// beneficiary or the pool; its minutes stay as honour.
pub(super) fn set_status(
    mut desk: Desk<'_>,
    volunteer: VolunteerRef,
    status: VolunteerStatus,
) -> Outcome {
    let passbook = desk.passbook(volunteer)?;
    desk.authority.on_passbook(Verb::SetVolunteerStatus, passbook)?;
    if desk.ledger.volunteer(passbook).is_some_and(|it| it.status == status) {
        return Err(Refusal::NothingChanges.into());
    }
    let mut gift = None;
    if status == VolunteerStatus::Closed {
        let mut open = desk.ledger.redemptions_of(passbook).filter(|(_, it)| it.is_open());
        if let Some((redemption, _)) = open.next() {
            return Err(Refusal::RedemptionsOpen { redemption }.into());
        }
        drop(open);
        let side = |it: &HelpRow| it.asker == passbook || it.helper == Some(passbook);
        if let Some((help, row)) = desk.ledger.helps_open().find(|(_, it)| side(it)) {
            return Err(Refusal::HelpState { help, state: row.state }.into());
        }
        gift = give_all(&mut desk, passbook)?;
    }
    let moves = if status == VolunteerStatus::Active {
        places_for(&desk, passbook)
    } else {
        Moves::default()
    };
    Ok((Event::VolunteerStatusChanged { passbook, status, gift, moves }, desk.postings()?))
}

/// A person is erased under every number, whichever is named.
pub(super) fn erase(desk: &Desk<'_>, volunteer: VolunteerRef) -> Outcome {
    let passbook = desk.person(volunteer)?;
    desk.authority.on_passbook(Verb::ErasePerson, passbook)?;
    let row = desk.ledger.volunteer(passbook).ok_or(Refusal::VolunteerUnknown)?;
    if row.tag.is_none() {
        return Err(Refusal::NothingChanges.into());
    }
    Ok((Event::PersonErased { passbook }, Vec::new()))
}

pub(super) fn need(desk: &Desk<'_>, volunteer: VolunteerRef, class: NeedClass) -> Outcome {
    let passbook = desk.passbook(volunteer)?;
    desk.authority.on_passbook(Verb::SetNeedClass, passbook)?;
    let row = desk.ledger.volunteer(passbook).ok_or(Refusal::VolunteerUnknown)?;
    if desk.authority.is_own(passbook) {
        return Err(Refusal::OwnPassbook.into());
    }
    if row.need == class {
        return Err(Refusal::NothingChanges.into());
    }
    Ok((Event::NeedClassSet { passbook, class }, Vec::new()))
}
