//! Numbers, identities, texts, times.

use jiff::civil::Date;
use lovebank_ledger::*;
use proptest::prelude::*;

/// Small numbers and large ones alike.
pub(super) fn no<N: std::fmt::Debug>(
    new: fn(u64) -> Result<N, BadNumber>,
) -> impl Strategy<Value = N> {
    prop_oneof![1..=300_u32, 1..=u32::MAX].prop_map(move |it| new(it.into()).unwrap())
}

pub(super) fn bytes<const N: usize, T: std::fmt::Debug>(
    new: fn([u8; N]) -> T,
) -> impl Strategy<Value = T> {
    any::<[u8; N]>().prop_map(new)
}

/// Codes are a part of every kind of text, names are not.
pub(super) fn text<T: std::fmt::Debug>(
    new: fn(&str) -> Result<T, BadText>,
) -> impl Strategy<Value = T> {
    prop_oneof!["[A-Za-z0-9_.-]{1,32}", "\\PC{1,32}"]
        .prop_filter_map("not a text of this kind", move |it| new(&it).ok())
}

pub(super) fn amount() -> impl Strategy<Value = Minutes> {
    prop_oneof![-2000..2000_i64, any::<i64>()].prop_map(Minutes::new)
}

pub(super) fn points() -> impl Strategy<Value = Points> {
    prop_oneof![-2000..2000_i64, any::<i64>()].prop_map(Points::from_hundredths)
}

pub(super) fn timestamp() -> impl Strategy<Value = Timestamp> {
    any::<i64>().prop_map(Timestamp::from_micros)
}

pub(super) fn minute() -> impl Strategy<Value = Minute> {
    any::<u32>().prop_map(|it| Minute::new(it.into()).unwrap())
}

pub(super) fn interval() -> impl Strategy<Value = Interval> {
    (0..=u32::MAX - 1440, 1..=1440_i64).prop_map(|(start, minutes)| {
        let at = |it| Minute::new(it).unwrap();
        Interval::new(at(start.into()), at(i64::from(start) + minutes)).unwrap()
    })
}

pub(super) fn date() -> impl Strategy<Value = Date> {
    (prop_oneof![1900..2100_i16, -9999..=9999_i16], 1..=12_i8, 1..=31_i8)
        .prop_filter_map("no such day", |(year, month, day)| Date::new(year, month, day).ok())
}

pub(super) fn span() -> impl Strategy<Value = Span> {
    (date(), date()).prop_map(|(a, b)| Span::new(a.min(b), a.max(b)).unwrap())
}
