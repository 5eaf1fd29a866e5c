//! Checking in and out of an activity: the record of a scan.

use super::{
    Desk, Outcome,
    desk::{Assent, Booking},
};
use crate::{
    ActivityNo, CheckInClosed, Event, Interval, Minute, OpenCheckIn, PassbookNo, Provenance,
    Refusal, Service, Verb, VolunteerRef, VolunteerStatus,
};

/// The most check-ins that one entry closes.
const CLOSED_MAX: usize = crate::BATCH_MAX;

pub(super) fn check_in(desk: &Desk<'_>, volunteer: VolunteerRef, activity: ActivityNo) -> Outcome {
    let passbook = desk.passbook_for(Verb::CheckIn, volunteer)?;
    let it = desk.activity(activity)?;
    authorise(desk, passbook, activity)?;
    let row = desk.ledger.volunteer(passbook).ok_or(Refusal::VolunteerUnknown)?;
    if row.status != VolunteerStatus::Active {
        return Err(Refusal::VolunteerNotActive { status: row.status }.into());
    }
    if let Some(open) = desk.ledger.check_in(passbook) {
        return Err(Refusal::AlreadyCheckedIn { activity: open.activity }.into());
    }
    let window = it.window.ok_or(Refusal::NoCheckInsHere { activity })?;
    if window.end() <= desk.this_minute {
        return Err(Refusal::ActivityOver { activity }.into());
    }
    let most = desk.rules.as_ref().map_or(0, |it| it.check_in_pairs());
    if most <= desk.pairs_today(passbook, activity) {
        return Err(Refusal::CheckInsUsedUp { activity, most }.into());
    }
    Ok((Event::CheckedIn { passbook, activity, at: desk.this_minute }, Vec::new()))
}

pub(super) fn check_out(mut desk: Desk<'_>, volunteer: VolunteerRef) -> Outcome {
    let (passbook, open) = open(&desk, volunteer)?;
    let end = desk.this_minute;
    let record = Some(close(&mut desk, passbook, open, (end, false))?);
    let closed = CheckInClosed { passbook, record, refusal: None };
    Ok((Event::CheckedOut(closed), desk.postings()?))
}

pub(super) fn cancel(desk: &Desk<'_>, volunteer: VolunteerRef) -> Outcome {
    let (passbook, _) = open(desk, volunteer)?;
    Ok((Event::CheckInCancelled { passbook }, Vec::new()))
}

/// Closes at the activity's end what was never checked out; flagged, and pending.
pub(super) fn close_forgotten(mut desk: Desk<'_>) -> Outcome {
    if !desk.authority.in_bank(Verb::CheckIn) {
        return Err(Refusal::BankWideOnly { verb: Verb::CheckIn }.into());
    }
    let due = desk.ledger.check_ins().filter_map(|(passbook, open)| {
        let end = desk.ledger.activity(open.activity)?.window?.end();
        (end <= desk.this_minute).then_some((passbook, open, end))
    });
    let due: Vec<_> = due.take(CLOSED_MAX).collect();
    if due.is_empty() {
        return Err(Refusal::NothingChanges.into());
    }
    let mut closed = Vec::with_capacity(due.len());
    for (passbook, open, end) in due {
        let (record, refusal) = match close(&mut desk, passbook, open, (end, true)) {
            Ok(record) => (Some(record), None),
            Err(refusal) => (None, Some(refusal.note())),
        };
        closed.push(CheckInClosed { passbook, record, refusal });
    }
    Ok((Event::CheckInsClosed { closed }, desk.postings()?))
}

fn open(desk: &Desk<'_>, volunteer: VolunteerRef) -> Result<(PassbookNo, OpenCheckIn), Refusal> {
    let passbook = desk.passbook_for(Verb::CheckIn, volunteer)?;
    desk.authority.on_passbook(Verb::CheckIn, passbook).or_else(|refusal| {
        match desk.ledger.check_in(passbook) {
            Some(open) => authorise(desk, passbook, open.activity),
            None => Err(refusal),
        }
    })?;
    let open = desk.ledger.check_in(passbook).ok_or(Refusal::NotCheckedIn)?;
    Ok((passbook, open))
}

/// A volunteer scans for oneself; a clerk of the organising branch for anyone.
fn authorise(desk: &Desk<'_>, passbook: PassbookNo, activity: ActivityNo) -> Result<(), Refusal> {
    if desk.authority.owns(Verb::CheckIn, passbook) {
        return Ok(());
    }
    if desk.authority.only_as_volunteer(Verb::CheckIn) {
        return Err(Refusal::NotYourPassbook);
    }
    desk.authority.on_branch(Verb::CheckIn, desk.activity(activity)?.branch)
}

fn close(
    desk: &mut Desk<'_>,
    passbook: PassbookNo,
    open: OpenCheckIn,
    (end, forgotten): (Minute, bool),
) -> Result<crate::NewRecord, Refusal> {
    // What counts is the activity's own time: coming early or leaving late adds nothing.
    let window = desk.activity(open.activity)?.window;
    let (start, end) =
        window.map_or((open.at, end), |it| (open.at.max(it.start()), end.min(it.end())));
    let interval = Interval::new(start, end).map_err(|_| Refusal::ZeroMinutes)?;
    desk.book(Booking {
        index: 0,
        passbook,
        activity: open.activity,
        service: Service::interval(interval),
        provenance: Provenance::Scanned,
        evaluation: None,
        forgotten,
        mends: false,
        paid: None,
        assent: if forgotten { Assent::Wanted } else { Assent::Ladder },
    })
}
