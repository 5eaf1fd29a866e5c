//! Correcting, deducting and evaluating.

use super::{
    Desk, Outcome,
    desk::Booking,
    settle_hours::{by, settled},
};
use crate::{
    ActivityRef, Evaluation, Event, HelpNo, Minutes, Points, Provenance, Reason, RecordNo,
    RecordRow, RecordState, Refusal, Service, ServiceTime, Standing, Verb, VolunteerRef,
};

/// Takes a record back and books it anew, in one entry.
pub(super) fn correct(
    mut desk: Desk<'_>,
    old: RecordNo,
    activity: Option<&ActivityRef>,
    service: Service,
    reason: Reason,
) -> Outcome {
    let row = settled(&desk, old, (Verb::CorrectHours, RecordState::Posted))?;
    let activity = match activity {
        Some(it) => desk.activity_of(it, Verb::CorrectHours)?,
        None => row.activity,
    };
    let branch = desk.activity(activity)?.branch;
    desk.authority.on_branch(Verb::CorrectHours, branch)?;
    if (row.activity, row.time, row.minutes) == (activity, service.time(), service.minutes()) {
        return Err(Refusal::NothingChanges.into());
    }
    let total = |it: ServiceTime| matches!(it, ServiceTime::Span(_));
    if total(service.time()) && !total(row.time) {
        return Err(Refusal::TotalsOnlyImported.into());
    }
    desk.reversal_lines(&row, old)?;
    let paid = still_paid(&desk, &row, service.minutes())?;
    let new = desk.book(Booking {
        index: 0,
        passbook: row.passbook,
        activity,
        service,
        provenance: row.provenance,
        evaluation: row.evaluation,
        forgotten: false,
        mends: true,
        paid,
        assent: by(Verb::CorrectHours),
    })?;
    if let Standing::Pending(level) = new.standing {
        return Err(Refusal::HigherApproverRequired { record: old, level }.into());
    }
    let activities = std::mem::take(&mut desk.activities);
    Ok((Event::HoursCorrected { old, reason, activities, new }, desk.postings()?))
}

/// What the asker of a help request pays for it once it is mended: never more than before.
fn still_paid(
    desk: &Desk<'_>,
    row: &RecordRow,
    minutes: Minutes,
) -> Result<Option<(HelpNo, Points)>, Refusal> {
    let Some(help) = row.help else { return Ok(None) };
    let before = row.credit.points.plus(row.credit.overflow).ok_or(Refusal::OutOfRange)?;
    Ok(Some((help, desk.price(row.activity, minutes)?.min(before))))
}

/// Takes hours for a reason; the register may go below zero.
pub(super) fn deduct(
    mut desk: Desk<'_>,
    volunteer: VolunteerRef,
    activity: &ActivityRef,
    service: Service,
    reason: Reason,
) -> Outcome {
    let passbook = desk.passbook(volunteer)?;
    let activity = desk.activity_of(activity, Verb::DeductHours)?;
    let branch = desk.activity(activity)?.branch;
    desk.authority.on_branch(Verb::DeductHours, branch)?;
    if !service.minutes().is_negative() {
        return Err(Refusal::NotADeduction.into());
    }
    if !matches!(service.time(), ServiceTime::Day(_)) {
        return Err(Refusal::TotalsOnlyImported.into());
    }
    let record = desk.book(Booking {
        index: 0,
        passbook,
        activity,
        service,
        provenance: Provenance::Clerk,
        evaluation: None,
        forgotten: false,
        mends: false,
        paid: None,
        assent: by(Verb::DeductHours),
    })?;
    let activities = std::mem::take(&mut desk.activities);
    Ok((Event::HoursDeducted { activities, record, reason }, desk.postings()?))
}

/// Says how good a service was.
pub(super) fn evaluate(desk: &Desk<'_>, record: RecordNo, evaluation: Evaluation) -> Outcome {
    let row = desk.record(record)?;
    let branch = desk.activity(row.activity)?.branch;
    desk.authority.on_branch(Verb::EvaluateHours, branch)?;
    if desk.authority.is_own(row.passbook) {
        return Err(Refusal::OwnRecord { record }.into());
    }
    if matches!(row.state, RecordState::Rejected | RecordState::Reversed) {
        return Err(Refusal::RecordState { record, state: row.state }.into());
    }
    desk.check_past(evaluation.date)?;
    if row.evaluation == Some(evaluation) {
        return Err(Refusal::NothingChanges.into());
    }
    Ok((Event::HoursEvaluated { record, evaluation }, Vec::new()))
}
