//! Recording hours: one, or a sheet.

use super::{
    Desk, Outcome,
    desk::{Assent, Booking},
    each,
};
use crate::{
    Activity, ActivityNo, Event, HoursItem, Interval, NamedActivity, NewRecord, Provenance,
    RecordHours, Refusal, Roles, ServiceTime, Verb,
};

pub(super) fn create_activity(desk: &Desk<'_>, it: &NamedActivity, window: Interval) -> Outcome {
    let branch = desk.branch(&it.branch)?.no;
    desk.authority.on_branch(Verb::CreateActivity, branch)?;
    let NamedActivity { name, category, place, .. } = it.clone();
    let no = desk.next_activity();
    let activity = Activity { no, branch, name, category, place, window: Some(window) };
    Ok((Event::ActivityCreated(activity), Vec::new()))
}

pub(super) fn decide(mut desk: Desk<'_>, it: &RecordHours) -> Outcome {
    let activity = desk.activity_of(&it.activity, Verb::RecordHours)?;
    let branch = desk.activity(activity)?.branch;
    let clerk = desk.authority.on_branch(Verb::RecordHours, branch);
    let (records, refused) = each(&it.items, it.mode, |index, item| {
        record(&mut desk, (index, item), activity, clerk.as_ref().map(|()| it.provenance))
    })?;
    let activities = std::mem::take(&mut desk.activities);
    Ok((Event::HoursRecorded { activities, records, refused }, desk.postings()?))
}

/// A clerk of the branch records anyone's hours; a volunteer only one's own, by one's own word.
fn record(
    desk: &mut Desk<'_>,
    (index, item): (u32, &HoursItem),
    activity: ActivityNo,
    clerk: Result<Provenance, &Refusal>,
) -> Result<NewRecord, Refusal> {
    let passbook = desk.passbook_for(Verb::RecordHours, item.volunteer)?;
    if let ServiceTime::Span(_) = item.service.time() {
        return Err(Refusal::TotalsOnlyImported);
    }
    // By whatever token of the actor: one's own hours wait for another's word.
    let own = desk.authority.owns(Verb::RecordHours, passbook) || desk.authority.is_own(passbook);
    let (provenance, assent) = match clerk {
        Ok(provenance) if !own => {
            let wanted = provenance == Provenance::SelfReported;
            (provenance, if wanted { Assent::Wanted } else { Assent::Ladder })
        }
        Ok(_) => (Provenance::SelfReported, Assent::Wanted),
        Err(_) if own => (Provenance::SelfReported, Assent::Wanted),
        Err(refusal) => return Err(refusal.clone()),
    };
    let HoursItem { service, evaluation, .. } = *item;
    if service.minutes().is_negative() {
        return Err(Refusal::NotADeduction);
    }
    check_provenance(provenance)?;
    if let Some(it) = evaluation {
        if own {
            let verb = Verb::EvaluateHours;
            return Err(Refusal::RoleRequired { verb, roles: Roles::of(verb) });
        }
        desk.check_past(it.date)?;
    }
    let forgotten = false;
    desk.book(Booking {
        index,
        passbook,
        activity,
        service,
        provenance,
        evaluation,
        forgotten,
        mends: false,
        paid: None,
        assent,
    })
}

/// Scans and imports are kept apart from what is entered by hand (志愿汇).
fn check_provenance(provenance: Provenance) -> Result<(), Refusal> {
    match provenance {
        Provenance::Clerk | Provenance::Paper | Provenance::SelfReported => Ok(()),
        Provenance::Scanned | Provenance::Import | Provenance::Opening | Provenance::Help => {
            Err(Refusal::ProvenanceReserved { provenance })
        }
    }
}
