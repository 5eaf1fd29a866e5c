//! `HoursService`: activities, records and check-ins.

use lovebank_ledger::{BatchMode, Command, HoursItem, RecordHours};

use super::{
    Resolve, activity_no,
    service::{activity, day, description, evaluation, interval},
    volunteer,
};
use crate::{
    Fault, Malformed, Parsed, both, each, kinds,
    scalar::{self, given},
    v1,
};

/// `CreateActivity`.
pub fn create_activity(it: &v1::CreateActivityRequest) -> Parsed<Command> {
    let it = given("activity", it.activity.as_ref())?;
    if it.activity_no != 0 {
        return Err(Malformed::new("activity.activity_no", Fault::Surplus));
    }
    let window = v1::Interval { start_time: it.start_time, end_time: it.end_time };
    let (activity, window) = both(description(it), scalar::interval("activity", &window))?;
    Ok(Command::CreateActivity { activity, window })
}

/// `RecordHours`.
pub fn record_hours(it: &v1::RecordHoursRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let entered = given("item", it.item.as_ref());
    let entered = entered.and_then(|it| item(it, resolve).map_err(|err| err.within("item")));
    let head = both(activity(it.activity.as_ref()), kinds::recorded_provenance(it.provenance));
    let ((activity, provenance), item) = both(head, entered)?;
    let (items, mode) = (vec![item], BatchMode::Atomic);
    Ok(Command::RecordHours(RecordHours { activity, provenance, items, mode }))
}

/// `BatchRecordHours`.
pub fn batch_record_hours(
    it: &v1::BatchRecordHoursRequest,
    resolve: Resolve<'_>,
) -> Parsed<Command> {
    let items = scalar::batch("items", &it.items);
    let items = items.and_then(|items| each("items", items, |it| item(it, resolve)));
    let head = both(activity(it.activity.as_ref()), kinds::recorded_provenance(it.provenance));
    let ((activity, provenance), (items, mode)) =
        both(head, both(items, scalar::batch_mode(it.mode)))?;
    Ok(Command::RecordHours(RecordHours { activity, provenance, items, mode }))
}

fn item(it: &v1::HoursItem, resolve: Resolve<'_>) -> Parsed<HoursItem> {
    use v1::hours_item::Time;
    let service = given("time", it.time.as_ref()).and_then(|it| match it {
        Time::Interval(it) => interval(it),
        Time::Day(it) => day(it, 1),
    });
    let volunteer = volunteer("volunteer_number", &it.volunteer_number, resolve);
    let evaluation = it.evaluation.as_ref().map(|it| evaluation("evaluation", it)).transpose();
    let (volunteer, (service, evaluation)) = both(volunteer, both(service, evaluation))?;
    Ok(HoursItem { volunteer, service, evaluation })
}

/// `CheckIn`.
pub fn check_in(it: &v1::CheckInRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let (volunteer, activity) = both(
        volunteer("volunteer_number", &it.volunteer_number, resolve),
        activity_no("activity_no", it.activity_no),
    )?;
    Ok(Command::CheckIn { volunteer, activity })
}

/// `CheckOut`.
pub fn check_out(it: &v1::CheckOutRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let volunteer = volunteer("volunteer_number", &it.volunteer_number, resolve)?;
    Ok(Command::CheckOut { volunteer })
}

/// `CancelCheckIn`.
pub fn cancel_check_in(it: &v1::CancelCheckInRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let volunteer = volunteer("volunteer_number", &it.volunteer_number, resolve)?;
    Ok(Command::CancelCheckIn { volunteer })
}
