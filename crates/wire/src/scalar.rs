//! Scalars both ways: ids, dates, times, amounts. Text becomes an amount only here.

use jiff::{Timestamp as Instant, civil};
use lovebank_ledger::{
    BadNumber, BadText, BatchKey, BatchMode, EntryNo, FileDigest, Fingerprint, Interval, Minute,
    Minutes, Points, RequestId, Span, Timestamp,
};
use prost::Message;
use rust_decimal::Decimal;
use sha2::{Digest as _, Sha256};

use crate::{Fault, Malformed, Parsed, both, v1};

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
pub fn number<T>(field: &str, value: u64, new: fn(u64) -> Result<T, BadNumber>) -> Parsed<T> {
    new(value).map_err(|err| {
        let most = i64::try_from(err.most).unwrap_or(i64::MAX);
        Malformed::new(field, Fault::OutOfRange { least: 1, most })
    })
}

/// The name of an import batch.
pub fn batch_key(field: &str, bytes: &[u8]) -> Parsed<BatchKey> {
    let given = bytes.len();
    BatchKey::from_slice(bytes).ok_or_else(|| Malformed::new(field, Fault::NotADigest { given }))
}

/// The digest of a file.
pub fn file_digest(field: &str, bytes: &[u8]) -> Parsed<FileDigest> {
    let given = bytes.len();
    FileDigest::from_slice(bytes).ok_or_else(|| Malformed::new(field, Fault::NotADigest { given }))
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

/// A day of birth; whether it is one that can be, is for the vault to say.
pub fn birth_date(it: &v1::Date) -> Option<civil::Date> {
    let (year, month) = (i16::try_from(it.year).ok()?, i8::try_from(it.month).ok()?);
    civil::Date::new(year, month, i8::try_from(it.day).ok()?).ok()
}

/// A day of the calendar, if one is given.
pub fn optional_date(field: &str, it: Option<&v1::Date>) -> Parsed<Option<civil::Date>> {
    it.map(|it| date(field, it)).transpose()
}

/// A day of the calendar that must be given.
pub fn needed_date(field: &str, it: Option<&v1::Date>) -> Parsed<civil::Date> {
    given(field, it).and_then(|it| date(field, it))
}

/// Days from one to another.
pub fn span(field: &str, it: &v1::Span) -> Parsed<Span> {
    let days = both(needed_date("from", it.from.as_ref()), needed_date("to", it.to.as_ref()));
    let (from, to) = days.map_err(|err| err.within(field))?;
    Span::new(from, to).map_err(|err| Malformed::new(field, Fault::Time(err)))
}

/// A whole minute.
pub fn minute(field: &str, it: &prost_types::Timestamp) -> Parsed<Minute> {
    let (seconds, nanos) = instant(field, it)?;
    match seconds.rem_euclid(60) {
        0 if nanos == 0 => {}
        seconds => return Err(Malformed::new(field, Fault::NotAMinute { seconds, nanos })),
    }
    Minute::new(seconds.div_euclid(60)).map_err(|err| Malformed::new(field, Fault::Time(err)))
}

/// From a minute to a minute.
pub fn interval(field: &str, it: &v1::Interval) -> Parsed<Interval> {
    let inner = |name: &str, at: Option<&prost_types::Timestamp>| {
        given(name, at).and_then(|at| minute(name, at))
    };
    let times =
        both(inner("start_time", it.start_time.as_ref()), inner("end_time", it.end_time.as_ref()));
    let (start, end) = times.map_err(|err| err.within(field))?;
    Interval::new(start, end).map_err(|err| Malformed::new(field, Fault::Time(err)))
}

/// An instant; what is finer than a microsecond is dropped.
pub fn timestamp(field: &str, it: &prost_types::Timestamp) -> Parsed<Timestamp> {
    let (seconds, nanos) = instant(field, it)?;
    let micros = i64::from(nanos).div_euclid(1000);
    Ok(Timestamp::from_micros(seconds.saturating_mul(1_000_000).saturating_add(micros)))
}

/// Seconds since 1970 and nanoseconds, of an instant that every zone shows before the year 10000.
fn instant(field: &str, it: &prost_types::Timestamp) -> Parsed<(i64, i32)> {
    let kept = (0..Instant::MAX.as_second()).contains(&it.seconds);
    if kept && (0..1_000_000_000).contains(&it.nanos) {
        return Ok((it.seconds, it.nanos));
    }
    Err(Malformed::new(field, Fault::NotAnInstant))
}

/// Points: digits with at most one point between them, perhaps a minus before them.
pub fn points(field: &str, it: &v1::Decimal) -> Parsed<Points> {
    let text = it.value.strip_prefix('-').unwrap_or(&it.value);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    let plain = digits(whole) && digits(fraction);
    let decimal = plain.then(|| Decimal::from_str_exact(&it.value).ok()).flatten();
    let decimal = decimal.ok_or_else(|| Malformed::new(field, Fault::NotADecimal))?;
    Points::new(decimal).map_err(|err| Malformed::new(field, Fault::Amount(err)))
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
