//! Approving, rejecting and reversing records. Nobody settles what they recorded
//! themselves, nor what is in their own passbook.

use super::{Desk, Outcome, desk::Assent, each};
use crate::{
    BatchMode, Credited, Event, HelpRow, Level, Reason, RecordNo, RecordRow, RecordState, Refusal,
    Verb,
};

pub(super) fn approve(mut desk: Desk<'_>, records: &[RecordNo], mode: BatchMode) -> Outcome {
    let (records, refused) = each(records, mode, |_, record| {
        let row = settled(&desk, *record, (Verb::ApproveHours, RecordState::Pending))?;
        if desk.is_gone(*record) {
            return Err(Refusal::RecordState { record: *record, state: RecordState::Posted });
        }
        let home = desk.ledger.person_row(row.passbook).ok_or(Refusal::VolunteerUnknown)?.branch;
        let credit = desk.credit(row.passbook, row.activity, row.minutes)?;
        desk.credit_lines(&RecordRow { home, ..row }, *record, credit)?;
        desk.settle(*record);
        Ok(Credited { record: *record, credit })
    })?;
    Ok((Event::HoursApproved { records, refused }, desk.postings()?))
}

pub(super) fn reject(
    desk: &Desk<'_>,
    records: &[RecordNo],
    reason: Reason,
    mode: BatchMode,
) -> Outcome {
    let mut done = Vec::new();
    let (records, refused) = each(records, mode, |_, record| {
        settled(desk, *record, (Verb::RejectHours, RecordState::Pending))?;
        if done.contains(record) {
            return Err(Refusal::RecordState { record: *record, state: RecordState::Rejected });
        }
        done.push(*record);
        Ok(*record)
    })?;
    Ok((Event::HoursRejected { records, reason, refused }, Vec::new()))
}

pub(super) fn reverse(
    mut desk: Desk<'_>,
    records: &[RecordNo],
    reason: Reason,
    mode: BatchMode,
) -> Outcome {
    let (records, refused) = each(records, mode, |_, record| {
        let row = settled(&desk, *record, (Verb::ReverseHours, RecordState::Posted))?;
        if desk.is_gone(*record) {
            return Err(Refusal::RecordState { record: *record, state: RecordState::Reversed });
        }
        desk.reversal_lines(&row, *record)?;
        Ok(*record)
    })?;
    Ok((Event::HoursReversed { records, reason, refused }, desk.postings()?))
}

/// The record, if the actor may settle it and it is in the state for that.
pub(super) fn settled(
    desk: &Desk<'_>,
    record: RecordNo,
    (verb, state): (Verb, RecordState),
) -> Result<RecordRow, Refusal> {
    let row = desk.record(record)?;
    let branch = desk.activity(row.activity)?.branch;
    desk.authority.on_branch(verb, branch)?;
    if row.recorder == desk.authority.actor() || desk.authority.is_own(row.passbook) {
        return Err(Refusal::OwnRecord { record });
    }
    // Of help, who paid for it is a side too, and who acted for a side.
    let help = row.help.and_then(|it| desk.ledger.help(it));
    let acted = |it: &HelpRow| it.has_hand_of(desk.authority.actor());
    if help.is_some_and(|it| desk.authority.is_own(it.asker) || acted(it)) {
        return Err(Refusal::OwnRecord { record });
    }
    let level = row.level.unwrap_or(Level::Branch);
    if row.state == RecordState::Pending
        && row.state == state
        && !desk.authority.approves(verb, branch, level)
    {
        return Err(Refusal::HigherApproverRequired { record, level });
    }
    if row.state != state {
        return Err(Refusal::RecordState { record, state: row.state });
    }
    Ok(row)
}

/// Corrections and deductions take effect by the word of the approver who makes them.
pub(super) const fn by(verb: Verb) -> Assent {
    Assent::Given(verb)
}
