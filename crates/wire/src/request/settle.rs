//! `HoursService`: what becomes of records.

use lovebank_ledger::{BatchMode, Command, Reason, RecordNo};

use super::{
    Resolve, record_no,
    service::{activity, day, evaluation, interval},
    volunteer,
};
use crate::{
    Parsed, both, kinds,
    scalar::{self, given},
    v1,
};

/// `ApproveHours`.
pub fn approve_hours(it: &v1::ApproveHoursRequest) -> Parsed<Command> {
    let (records, mode) = both(record_nos(&it.record_nos), scalar::batch_mode(it.mode))?;
    Ok(Command::ApproveHours { records, mode })
}

/// `RejectHours`.
pub fn reject_hours(it: &v1::RejectHoursRequest) -> Parsed<Command> {
    let (records, (reason, mode)) =
        both(record_nos(&it.record_nos), why_and_how(it.reason, it.mode))?;
    Ok(Command::RejectHours { records, reason, mode })
}

/// `ReverseHours`.
pub fn reverse_hours(it: &v1::ReverseHoursRequest) -> Parsed<Command> {
    let (records, (reason, mode)) =
        both(record_nos(&it.record_nos), why_and_how(it.reason, it.mode))?;
    Ok(Command::ReverseHours { records, reason, mode })
}

fn record_nos(nos: &[u64]) -> Parsed<Vec<RecordNo>> {
    let mut parsed = Vec::with_capacity(nos.len());
    for (index, no) in scalar::batch("record_nos", nos)?.iter().enumerate() {
        parsed.push(record_no(&format!("record_nos[{index}]"), *no)?);
    }
    Ok(parsed)
}

fn why_and_how(reason: i32, mode: i32) -> Parsed<(Reason, BatchMode)> {
    both(kinds::given_reason(reason), scalar::batch_mode(mode))
}

/// `CorrectHours`.
pub fn correct_hours(it: &v1::CorrectHoursRequest) -> Parsed<Command> {
    use v1::correct_hours_request::Time;
    let service = given("time", it.time.as_ref()).and_then(|it| match it {
        Time::Interval(it) => interval(it),
        Time::Day(it) => day(it, 1),
    });
    let activity = it.activity.as_ref().map(|it| activity(Some(it))).transpose();
    let ((record, activity), (service, reason)) = both(
        both(record_no("record_no", it.record_no), activity),
        both(service, kinds::given_reason(it.reason)),
    )?;
    Ok(Command::CorrectHours { record, activity, service, reason })
}

/// `DeductHours`.
pub fn deduct_hours(it: &v1::DeductHoursRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let service = given("day", it.day.as_ref()).and_then(|it| day(it, -1440));
    let volunteer = volunteer("volunteer_number", &it.volunteer_number, resolve);
    let ((volunteer, activity), (service, reason)) = both(
        both(volunteer, activity(it.activity.as_ref())),
        both(service, kinds::given_reason(it.reason)),
    )?;
    Ok(Command::DeductHours { volunteer, activity, service, reason })
}

/// `EvaluateHours`.
pub fn evaluate_hours(it: &v1::EvaluateHoursRequest) -> Parsed<Command> {
    let said = given("evaluation", it.evaluation.as_ref());
    let said = said.and_then(|it| evaluation("evaluation", it));
    let (record, evaluation) = both(record_no("record_no", it.record_no), said)?;
    Ok(Command::EvaluateHours { record, evaluation })
}
