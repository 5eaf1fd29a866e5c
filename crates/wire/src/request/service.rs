//! What the calls of `HoursService` have in common: at what, when, and how good.

use lovebank_ledger::{
    ActivityName, ActivityRef, Category, Evaluation, Grade, Minutes, NamedActivity, Place, Service,
};

use super::{activity_no, branch_code};
use crate::{
    Fault, Malformed, Parsed, both,
    scalar::{self, given, needed_date, optional_text, text},
    v1,
};

/// An activity by its number, or by its description, never both.
pub(super) fn activity(it: Option<&v1::Activity>) -> Parsed<ActivityRef> {
    let it = given("activity", it)?;
    if it.activity_no == 0 {
        return described(it).map(ActivityRef::Named);
    }
    let texts = [&it.branch_code, &it.name, &it.category, &it.place];
    if texts.iter().any(|it| !it.is_empty()) || it.start_time.is_some() || it.end_time.is_some() {
        return Err(Malformed::new("activity.activity_no", Fault::Surplus));
    }
    activity_no("activity.activity_no", it.activity_no).map(ActivityRef::No)
}

/// An activity by its description; a time of its own has only one that is created.
pub(super) fn described(it: &v1::Activity) -> Parsed<NamedActivity> {
    let timeless = |name: &str, given: bool| {
        if given { Err(Malformed::new(name, Fault::Surplus)) } else { Ok(()) }
    };
    let start = timeless("start_time", it.start_time.is_some());
    let times = both(start, timeless("end_time", it.end_time.is_some()));
    let both = both(description(it), times.map_err(|err| err.within("activity")));
    both.map(|(named, _)| named)
}

/// The description of an activity.
pub(super) fn description(it: &v1::Activity) -> Parsed<NamedActivity> {
    let name = both(
        branch_code("branch_code", &it.branch_code),
        text("name", &it.name, ActivityName::new),
    );
    let rest = both(
        optional_text("category", &it.category, Category::new),
        optional_text("place", &it.place, Place::new),
    );
    let ((branch, name), (category, place)) =
        both(name, rest).map_err(|err| err.within("activity"))?;
    Ok(NamedActivity { branch, name, category, place })
}

/// From start to end.
pub(super) fn interval(it: &v1::Interval) -> Parsed<Service> {
    scalar::interval("interval", it).map(Service::interval)
}

/// Some minutes of a day.
pub(super) fn day(it: &v1::DayMinutes, least: i64) -> Parsed<Service> {
    day_minutes(it, least).map(|(date, minutes)| Service::day(date, minutes))
}

/// A day and some minutes of it.
pub(super) fn day_minutes(it: &v1::DayMinutes, least: i64) -> Parsed<(jiff::civil::Date, Minutes)> {
    let minutes = scalar::day_minutes("minutes", it.minutes, least);
    both(needed_date("date", it.date.as_ref()), minutes).map_err(|err| err.within("day"))
}

/// How good a service was.
pub fn evaluation(field: &str, it: &v1::Evaluation) -> Parsed<Evaluation> {
    let out_of_range = || Malformed::new("grade", Fault::OutOfRange { least: 1, most: 5 });
    let grade = Grade::new(it.grade).ok_or_else(out_of_range);
    let both = both(grade, needed_date("date", it.date.as_ref()));
    let (grade, date) = both.map_err(|err| err.within(field))?;
    Ok(Evaluation { grade, date })
}
