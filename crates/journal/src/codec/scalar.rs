//! The small things: numbers, identities, texts, dates; and what messages have in common.

use jiff::civil::Date;
use lovebank_ledger::{BadNumber, BadText, Minute};

use super::BadEntry;

/// A number that is always there.
pub(super) fn number<N>(
    value: impl Into<u64>,
    new: fn(u64) -> Result<N, BadNumber>,
    field: &'static str,
) -> Result<N, BadEntry> {
    match value.into() {
        0 => Err(BadEntry::Missing { field }),
        value => new(value).map_err(|_| BadEntry::Invalid { field }),
    }
}

/// A number that may be missing, which is written as 0.
pub(super) fn maybe_number<N>(
    value: u32,
    new: fn(u64) -> Result<N, BadNumber>,
    field: &'static str,
) -> Result<Option<N>, BadEntry> {
    if value == 0 { Ok(None) } else { number(value, new, field).map(Some) }
}

/// A number as it is stored.
pub(super) fn stored(number: u64) -> u32 {
    u32::try_from(number).expect("every number but an entry's has 32 bits")
}

/// An identity or a digest, of as many bytes as its kind has.
pub(super) fn bytes<T>(
    value: &[u8],
    from_slice: fn(&[u8]) -> Option<T>,
    field: &'static str,
) -> Result<T, BadEntry> {
    if value.is_empty() {
        return Err(BadEntry::Missing { field });
    }
    from_slice(value).ok_or(BadEntry::Invalid { field })
}

/// A text that is always there.
pub(super) fn text<T>(
    value: &str,
    new: fn(&str) -> Result<T, BadText>,
    field: &'static str,
) -> Result<T, BadEntry> {
    if value.is_empty() {
        return Err(BadEntry::Missing { field });
    }
    // Blanks around a text are dropped when it is made; one with blanks was never written.
    if value.trim().len() != value.len() {
        return Err(BadEntry::Invalid { field });
    }
    new(value).map_err(|_| BadEntry::Invalid { field })
}

/// A text that may be missing, which is written as an empty one.
pub(super) fn maybe_text<T>(
    value: &str,
    new: fn(&str) -> Result<T, BadText>,
    field: &'static str,
) -> Result<Option<T>, BadEntry> {
    if value.is_empty() { Ok(None) } else { text(value, new, field).map(Some) }
}

/// A minute; 0 is the first of all.
pub(super) fn minute(value: impl Into<i64>, field: &'static str) -> Result<Minute, BadEntry> {
    Minute::new(value.into()).map_err(|_| BadEntry::Invalid { field })
}

/// A date, from the digits yyyymmdd.
pub(super) fn date(value: i32, field: &'static str) -> Result<Date, BadEntry> {
    if value == 0 {
        return Err(BadEntry::Missing { field });
    }
    // The sign is the year's.
    let digits = value.unsigned_abs();
    let part = |it: u32| i8::try_from(it % 100).ok();
    let year = i16::try_from(digits / 10_000)
        .ok()
        .and_then(|it| if value < 0 { it.checked_neg().filter(|it| *it != 0) } else { Some(it) });
    year.zip(part(digits / 100).zip(part(digits)))
        .and_then(|(year, (month, day))| Date::new(year, month, day).ok())
        .ok_or(BadEntry::Invalid { field })
}

/// The digits yyyymmdd of a date; below zero before the year 0, which no bank writes.
pub(super) fn digits(date: Date) -> i32 {
    let year = i32::from(date.year());
    let days = i32::from(date.month()).saturating_mul(100).saturating_add(date.day().into());
    let digits = year.saturating_abs().saturating_mul(10_000).saturating_add(days);
    if year < 0 { digits.saturating_neg() } else { digits }
}

/// A part that is always there.
pub(super) fn present<S, T>(part: Option<S>, field: &'static str) -> Result<T, BadEntry>
where
    T: TryFrom<S, Error = BadEntry>,
{
    part.ok_or(BadEntry::Missing { field })?.try_into()
}

/// A part that may be missing.
pub(super) fn maybe<S, T>(part: Option<S>) -> Result<Option<T>, BadEntry>
where
    T: TryFrom<S, Error = BadEntry>,
{
    part.map(T::try_from).transpose()
}

/// Parts in a row, to be stored.
pub(super) fn each<'a, T, S>(parts: &'a [T]) -> Vec<S>
where
    S: From<&'a T>,
{
    parts.iter().map(S::from).collect()
}

/// Parts in a row, as stored.
pub(super) fn try_each<S, T>(parts: Vec<S>) -> Result<Vec<T>, BadEntry>
where
    T: TryFrom<S, Error = BadEntry>,
{
    parts.into_iter().map(T::try_from).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as civil;

    use super::*;

    #[test]
    fn a_date_reads_as_its_digits() {
        assert_eq!(digits(civil(2026, 3, 1)), 20_260_301);
        assert_eq!(date(20_260_301, "it"), Ok(civil(2026, 3, 1)));
        assert_eq!(date(20_240_229, "it"), Ok(civil(2024, 2, 29)));
        for any in [Date::MIN, Date::ZERO, civil(-1, 12, 31), Date::MAX] {
            assert_eq!(date(digits(any), "it"), Ok(any));
        }
    }

    #[test]
    fn no_other_digits_are_a_date() {
        assert_eq!(date(0, "it"), Err(BadEntry::Missing { field: "it" }));
        for wrong in [20_250_229, 20_261_301, 20_260_100, 20_260_132, -101, i32::MAX, i32::MIN] {
            assert_eq!(date(wrong, "it"), Err(BadEntry::Invalid { field: "it" }), "{wrong}");
        }
    }
}
