//! Time as the bank counts it: instants in UTC, civil dates in the bank's zone.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use jiff::{
    SignedDuration, Timestamp as Instant,
    civil::{Date, Time},
    tz::TimeZone,
};
use thiserror::Error;

/// The longest time one record can hold, in minutes: a whole day. Longer service is one record
/// for each day.
pub const INTERVAL_MINUTES_MAX: i64 = 1440;

/// When an entry was recorded: microseconds since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// A minute of service: whole minutes since 1970 in UTC, up to the year 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minute(u32);

/// From a minute up to, and without, a later one: 1 to 1,440 minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Interval {
    start: Minute,
    end: Minute,
}

/// From a date to a later or the same date, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    from: Date,
    to: Date,
}

/// The bank's time zone, by its IANA name; the rules are compiled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    tz: TimeZone,
    name: String,
}

/// A time that cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadTime {
    /// Before 1970 or after 9999.
    #[error("the time is outside the years 1970 to 9999")]
    OutOfRange,
    /// The end is not after the start.
    #[error("the end is not after the start")]
    Backwards,
    /// More than a day.
    #[error("{minutes} minutes is more than one record holds (1,440): make a record a day")]
    TooLong {
        /// What was given.
        minutes: i64,
    },
    /// No such zone.
    #[error("{0:?} is no IANA time zone, such as Asia/Shanghai")]
    UnknownZone(String),
}

impl Timestamp {
    /// From microseconds since 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The next instant that can be recorded.
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The minute it falls in.
    pub fn minute(self) -> Result<Minute, BadTime> {
        Minute::new(self.0.div_euclid(60_000_000))
    }

    fn instant(self) -> Instant {
        Instant::from_microsecond(self.0).unwrap_or(Instant::MAX)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.instant().fmt(f)
    }
}

impl From<Minute> for Timestamp {
    fn from(it: Minute) -> Self {
        Self(it.seconds().saturating_mul(1_000_000))
    }
}

impl Minute {
    /// From minutes since 1970.
    pub fn new(minutes: i64) -> Result<Self, BadTime> {
        u32::try_from(minutes).map(Self).map_err(|_| BadTime::OutOfRange)
    }

    /// Minutes since 1970.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Seconds since 1970.
    pub fn seconds(self) -> i64 {
        i64::from(self.0).saturating_mul(60)
    }

    /// Minutes from this to another; below zero where the other is earlier.
    pub fn until(self, other: Self) -> i64 {
        i64::from(other.0).saturating_sub(i64::from(self.0))
    }

    /// The minute after this one.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The minute so many before this one, or the first of all.
    pub fn back(self, minutes: u32) -> Self {
        Self(self.0.saturating_sub(minutes))
    }

    fn instant(self) -> Instant {
        Instant::from_second(self.seconds()).unwrap_or(Instant::MAX)
    }
}

impl Interval {
    /// Accepts 1 to 1,440 minutes.
    pub fn new(start: Minute, end: Minute) -> Result<Self, BadTime> {
        match start.until(end) {
            minutes if minutes < 1 => Err(BadTime::Backwards),
            minutes if INTERVAL_MINUTES_MAX < minutes => Err(BadTime::TooLong { minutes }),
            _ => Ok(Self { start, end }),
        }
    }

    /// The first minute.
    pub const fn start(self) -> Minute {
        self.start
    }

    /// The minute after the last.
    pub const fn end(self) -> Minute {
        self.end
    }

    /// How many minutes: 1 to 1,440.
    pub fn minutes(self) -> i64 {
        self.start.until(self.end)
    }

    /// Whether both have a minute in common; adjacent ones have none.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl Span {
    /// Accepts dates in order.
    pub fn new(from: Date, to: Date) -> Result<Self, BadTime> {
        if to < from { Err(BadTime::Backwards) } else { Ok(Self { from, to }) }
    }

    /// The first day.
    pub const fn from(self) -> Date {
        self.from
    }

    /// The last day.
    pub const fn to(self) -> Date {
        self.to
    }

    /// How many days, both ends included: 1 or more.
    pub fn days(self) -> i64 {
        i64::from(self.from.until(self.to).map_or(0, |it| it.get_days())).saturating_add(1)
    }
}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The rules of a zone follow from its name.
        self.name.hash(state);
    }
}

impl Zone {
    /// The zone of an IANA name.
    pub fn named(name: &str) -> Result<Self, BadTime> {
        let unknown = || BadTime::UnknownZone(name.to_owned());
        let tz = TimeZone::get(name).map_err(|_| unknown())?;
        let name = tz.iana_name().ok_or_else(unknown)?.to_owned();
        Ok(Self { tz, name })
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The civil date on which a minute falls here.
    pub fn date_of(&self, minute: Minute) -> Date {
        self.tz.to_datetime(minute.instant()).date()
    }

    /// The civil date on which an instant falls here.
    pub fn date_at(&self, at: Timestamp) -> Date {
        self.tz.to_datetime(at.instant()).date()
    }

    /// The minutes of a civil day here: 1,440, or 60 more or fewer where the clocks change.
    /// `None` outside the years that are kept.
    pub fn day(&self, date: Date) -> Option<(Minute, Minute)> {
        Some((self.midnight(date)?, self.midnight(date.tomorrow().ok()?)?))
    }

    /// The minute of a civil time here; where clocks change, the earlier of two.
    pub fn minute_of(&self, date: Date, time: Time) -> Result<Minute, BadTime> {
        let zoned = self.tz.to_zoned(date.to_datetime(time)).map_err(|_| BadTime::OutOfRange)?;
        Minute::new(zoned.timestamp().as_second().div_euclid(60))
    }

    /// When a minute is here, for a text: `2026-03-01 09:30`.
    pub fn text(&self, minute: Minute) -> String {
        let it = self.tz.to_datetime(minute.instant());
        format!("{} {:02}:{:02}", it.date(), it.hour(), it.minute())
    }

    /// The last instant of a civil day here.
    pub fn last_of(&self, date: Date) -> Result<Timestamp, BadTime> {
        let next = date.tomorrow().map_err(|_| BadTime::OutOfRange)?;
        let midnight = self.midnight(next).ok_or(BadTime::OutOfRange)?;
        let last = midnight.instant().checked_sub(SignedDuration::from_micros(1));
        last.map(|it| Timestamp(it.as_microsecond())).map_err(|_| BadTime::OutOfRange)
    }

    fn midnight(&self, date: Date) -> Option<Minute> {
        self.minute_of(date, Time::midnight()).ok()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

/// Whole months from one day to another, at least 0; a month that is not over does not count.
pub(crate) fn whole_months(from: Date, until: Date) -> i64 {
    let months =
        |it: Date| i64::from(it.year()).saturating_mul(12).saturating_add(i64::from(it.month()));
    let whole = months(until).saturating_sub(months(from));
    let begun = until.day() < from.day() && until.day() < until.days_in_month();
    whole.saturating_sub(i64::from(begun)).max(0)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn a_day_begins_at_the_banks_midnight() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let minute = zone.minute_of(date(2026, 1, 1), time(0, 0, 0, 0)).unwrap();
        assert_eq!(zone.date_of(minute), date(2026, 1, 1));
        assert_eq!(zone.date_of(minute.back(1)), date(2025, 12, 31));
        let (start, end) = zone.day(date(2026, 1, 1)).unwrap();
        assert_eq!((start, start.until(end)), (minute, 1440));
        assert_eq!(zone.to_string(), "Asia/Shanghai");
        assert!(Zone::named("Nowhere/Town").is_err());
    }

    #[test]
    fn a_day_on_which_clocks_change_is_shorter_or_longer() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let length = |day| zone.day(day).map(|(start, end)| start.until(end)).unwrap();
        assert_eq!(length(date(2026, 3, 29)), 1380);
        assert_eq!(length(date(2026, 10, 25)), 1500);
    }

    #[test]
    fn adjacent_is_no_overlap() {
        let at = |it| Minute::new(it).unwrap();
        let morning = Interval::new(at(100), at(200)).unwrap();
        assert!(!morning.overlaps(Interval::new(at(200), at(300)).unwrap()));
        assert!(!morning.overlaps(Interval::new(at(50), at(100)).unwrap()));
        assert!(morning.overlaps(Interval::new(at(199), at(300)).unwrap()));
        assert!(morning.overlaps(Interval::new(at(50), at(101)).unwrap()));
        assert_eq!(Interval::new(at(5), at(5)), Err(BadTime::Backwards));
        assert!(Interval::new(at(0), at(1440)).is_ok());
        assert_eq!(Interval::new(at(0), at(1441)), Err(BadTime::TooLong { minutes: 1441 }));
    }

    #[test]
    fn a_month_is_over_on_the_same_day_of_the_next_or_on_its_last() {
        for (from, until, months) in [
            (date(2026, 1, 15), date(2026, 2, 14), 0),
            (date(2026, 1, 15), date(2026, 2, 15), 1),
            (date(2026, 1, 15), date(2026, 2, 16), 1),
            // February has no 30th: its last day stands for it.
            (date(2026, 1, 30), date(2026, 2, 27), 0),
            (date(2026, 1, 30), date(2026, 2, 28), 1),
            (date(2024, 1, 30), date(2024, 2, 28), 0),
            (date(2024, 1, 30), date(2024, 2, 29), 1),
            (date(2024, 2, 29), date(2025, 2, 28), 12),
            (date(2025, 12, 31), date(2026, 12, 30), 11),
            (date(2026, 2, 15), date(2026, 1, 15), 0),
        ] {
            assert_eq!(whole_months(from, until), months, "{from} to {until}");
        }
    }

    #[test]
    fn the_last_instant_of_a_day_is_a_microsecond_before_the_next() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let last = zone.last_of(date(2026, 3, 1)).unwrap();
        assert_eq!(last.to_string(), "2026-03-01T15:59:59.999999Z");
        assert_eq!(zone.date_at(last), date(2026, 3, 1));
        assert_eq!(zone.date_at(last.next()), date(2026, 3, 2));
        assert_eq!(zone.last_of(Date::MAX), Err(BadTime::OutOfRange));
    }

    #[test]
    fn a_span_counts_both_ends() {
        assert_eq!(Span::new(date(2024, 2, 28), date(2024, 3, 1)).unwrap().days(), 3);
        assert!(Span::new(date(2024, 3, 1), date(2024, 2, 29)).is_err());
    }
}
