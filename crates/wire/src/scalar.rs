//! Scalars both ways: ids, dates, times, amounts. Text becomes an amount only here.

use jiff::civil;
use lovebank_ledger::{
    BadText, BatchMode, EntryNo, Fingerprint, Interval, Minute, Minutes, Points, RequestId, Span,
    Timestamp,
};
use prost::Message;
use sha2::{Digest as _, Sha256};

use crate::{Fault, Malformed, malformed::Parsed, v1};

/// The most items of a page.
pub const PAGE_MAX: u32 = 1000;
/// The items of a page, where the caller does not say.
pub const PAGE_DEFAULT: u32 = 50;

/// A digest of what a request asks: the method and the message without its id and its
/// `validate_only`, which the caller clears.
pub fn fingerprint(method: &str, cleared: &impl Message) -> Fingerprint {
    let digest = Sha256::new()
        .chain_update(method)
        .chain_update([0])
        .chain_update(cleared.encode_to_vec())
        .finalize();
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    Fingerprint::new(bytes)
}

/// A request id.
pub fn request_id(text: &str) -> Parsed<RequestId> {
    let uuid = uuid::Uuid::try_parse(text).ok().filter(|it| !it.is_nil());
    let uuid = uuid.ok_or_else(|| Malformed::new("request_id", Fault::NotAUuid))?;
    Ok(RequestId::new(*uuid.as_bytes()))
}

/// What must be given.
pub fn given<T>(field: &str, it: Option<T>) -> Parsed<T> {
    it.ok_or_else(|| Malformed::new(field, Fault::Missing))
}

/// A text of a kind.
pub fn text<T>(field: &str, text: &str, new: fn(&str) -> Result<T, BadText>) -> Parsed<T> {
    new(text).map_err(|err| match err {
        BadText::Empty => Malformed::new(field, Fault::Missing),
        other @ (BadText::TooLong { .. } | BadText::BadCharacter { .. }) => {
            Malformed::new(field, Fault::Text(other))
        }
    })
}

/// A text of a kind, or none where it is empty.
pub fn optional_text<T>(
    field: &str,
    given: &str,
    new: fn(&str) -> Result<T, BadText>,
) -> Parsed<Option<T>> {
    if given.trim().is_empty() { Ok(None) } else { text(field, given, new).map(Some) }
}

/// A number of a kind, from 1.
pub fn number<T, E>(field: &str, value: u64, new: fn(u64) -> Result<T, E>) -> Parsed<T> {
    let most = i64::from(u32::MAX);
    new(value).map_err(|_| Malformed::new(field, Fault::OutOfRange { least: 1, most }))
}

/// As many items as a batch can have.
pub fn batch<'a, T>(field: &str, items: &'a [T]) -> Parsed<&'a [T]> {
    let most = lovebank_ledger::BATCH_MAX;
    if items.is_empty() || most < items.len() {
        return Err(Malformed::new(field, Fault::Count { given: items.len(), most }));
    }
    Ok(items)
}

/// How many items a page has.
pub fn page_size(given: u32) -> Parsed<usize> {
    let size = if given == 0 { PAGE_DEFAULT } else { given };
    if PAGE_MAX < size {
        let fault = Fault::OutOfRange { least: 0, most: i64::from(PAGE_MAX) };
        return Err(Malformed::new("page_size", fault));
    }
    Ok(usize::try_from(size).unwrap_or(usize::MAX))
}

/// Whether a batch stands or falls as one.
pub fn batch_mode(mode: i32) -> Parsed<BatchMode> {
    match v1::BatchMode::try_from(mode) {
        Ok(v1::BatchMode::Unspecified | v1::BatchMode::Atomic) => Ok(BatchMode::Atomic),
        Ok(v1::BatchMode::ItemByItem) => Ok(BatchMode::ItemByItem),
        Err(_) => Err(Malformed::new("mode", Fault::NotAnOption)),
    }
}

/// A day of the calendar.
pub fn date(field: &str, it: &v1::Date) -> Parsed<civil::Date> {
    let part = |value: i32| i8::try_from(value).ok();
    let year = i16::try_from(it.year).ok().filter(|it| (1970..=9999).contains(it));
    let day = || civil::Date::new(year?, part(it.month)?, part(it.day)?).ok();
    day().ok_or_else(|| Malformed::new(field, Fault::NotADate))
}

/// A day of the calendar, if one is given.
pub fn optional_date(field: &str, it: Option<&v1::Date>) -> Parsed<Option<civil::Date>> {
    it.map(|it| date(field, it)).transpose()
}

/// Days from one to another.
pub fn span(field: &str, it: &v1::Span) -> Parsed<Span> {
    let from = given("from", it.from.as_ref()).and_then(|it| date("from", it));
    let from = from.map_err(|err| err.within(field))?;
    let to = given("to", it.to.as_ref()).and_then(|it| date("to", it));
    let to = to.map_err(|err| err.within(field))?;
    Span::new(from, to).map_err(|err| Malformed::new(field, Fault::Time(err)))
}

/// A whole minute.
pub fn minute(field: &str, it: &prost_types::Timestamp) -> Parsed<Minute> {
    let whole = it.nanos == 0 && it.seconds.checked_rem(60) == Some(0);
    let minutes = it.seconds.checked_div(60).filter(|_| whole);
    let most = 4_222_400_000_i64; // the end of the year 9999
    let minute = minutes.filter(|it| (0..most).contains(it)).and_then(|it| Minute::new(it).ok());
    minute.ok_or_else(|| Malformed::new(field, Fault::NotAMinute))
}

/// From a minute to a minute.
pub fn interval(field: &str, it: &v1::Interval) -> Parsed<Interval> {
    let inner = |name: &str, at: Option<&prost_types::Timestamp>| {
        let at = given(name, at).and_then(|at| minute(name, at));
        at.map_err(|err| err.within(field))
    };
    let start = inner("start_time", it.start_time.as_ref())?;
    let end = inner("end_time", it.end_time.as_ref())?;
    Interval::new(start, end).map_err(|err| Malformed::new(field, Fault::Time(err)))
}

/// An instant to the microsecond.
pub fn timestamp(field: &str, it: &prost_types::Timestamp) -> Parsed<Timestamp> {
    let micros = it.seconds.checked_mul(1_000_000);
    let nanos = i64::from(it.nanos).checked_div(1000);
    let micros = micros.zip(nanos).and_then(|(a, b)| a.checked_add(b)).filter(|it| 0 <= *it);
    let micros = micros.ok_or_else(|| Malformed::new(field, Fault::NotAMinute))?;
    Ok(Timestamp::from_micros(micros))
}

/// A day as a message.
pub fn to_date(it: civil::Date) -> v1::Date {
    v1::Date { year: i32::from(it.year()), month: i32::from(it.month()), day: i32::from(it.day()) }
}

/// An instant as a message.
pub fn to_timestamp(it: Timestamp) -> prost_types::Timestamp {
    let seconds = it.micros().div_euclid(1_000_000);
    let micros = it.micros().rem_euclid(1_000_000);
    let nanos = i32::try_from(micros.saturating_mul(1000)).unwrap_or_default();
    prost_types::Timestamp { seconds, nanos }
}

/// A minute as a message.
pub fn minute_to_timestamp(it: Minute) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: it.seconds(), nanos: 0 }
}

/// An interval as a message.
pub fn to_interval(it: Interval) -> v1::Interval {
    v1::Interval {
        start_time: Some(minute_to_timestamp(it.start())),
        end_time: Some(minute_to_timestamp(it.end())),
    }
}

/// Days as a message.
pub fn to_span(it: Span) -> v1::Span {
    v1::Span { from: Some(to_date(it.from())), to: Some(to_date(it.to())) }
}

/// Points as a message.
pub fn to_points(it: Points) -> v1::Decimal {
    v1::Decimal { value: it.to_string() }
}

/// A number of an entry, or 0 where there is none.
pub fn seq(it: Option<EntryNo>) -> u64 {
    it.map_or(0, EntryNo::get)
}

/// Minutes of a day, from 1 or, of a deduction, below zero.
pub fn day_minutes(field: &str, minutes: i32, least: i64) -> Parsed<Minutes> {
    let value = i64::from(minutes);
    let most = 1440;
    if value < least || most < value {
        return Err(Malformed::new(field, Fault::OutOfRange { least, most }));
    }
    Ok(Minutes::new(value))
}
