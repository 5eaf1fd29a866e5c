//! Days and times as they are typed and shown: civil, in the zone of the bank.

use clap::Args;
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use lovebank_wire::{scalar, v1};

use crate::fail::Fail;

/// A zone of the IANA database, which is built in.
pub(crate) fn zone(name: &str) -> Result<TimeZone, Fail> {
    TimeZone::get(name).map_err(|err| {
        Fail::usage(format!("--zone {name}: {err}"), format!("--zone {name}：没有此时区"))
    })
}

/// A day, as `2026-03-01`.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    Date::strptime("%Y-%m-%d", text).map_err(|_| "write a day as 2026-03-01".to_owned())
}

/// A minute, as `2026-03-01 09:00`.
pub(crate) fn minute(text: &str) -> Result<DateTime, String> {
    let spaced = text.replace('T', " ");
    DateTime::strptime("%Y-%m-%d %H:%M", spaced)
        .map_err(|_| "write a time as \"2026-03-01 09:00\"".to_owned())
}

/// When a service was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Args)]
pub(crate) struct When {
    /// When it began, as "2026-03-01 09:00"
    #[arg(long, value_parser = minute, requires = "end", conflicts_with_all = ["date", "minutes"])]
    start: Option<DateTime>,
    /// When it ended
    #[arg(long, value_parser = minute, requires = "start")]
    end: Option<DateTime>,
    /// Its day, where the times are not known
    #[arg(long, value_parser = date, requires = "minutes")]
    date: Option<Date>,
    /// Minutes served on that day
    #[arg(long, requires = "date")]
    minutes: Option<i32>,
}

/// When a service was, as messages say it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Time {
    Interval(v1::Interval),
    Day(v1::DayMinutes),
}

impl When {
    pub(crate) fn time(&self, zone: &TimeZone) -> Result<Time, Fail> {
        match *self {
            Self { start: Some(start), end: Some(end), .. } => {
                Ok(Time::Interval(interval(start, end, zone)?))
            }
            Self { date: Some(date), minutes: Some(minutes), .. } => {
                Ok(Time::Day(day_minutes(date, minutes)))
            }
            _ => Err(Fail::usage(
                "say when: --start and --end, or --date and --minutes",
                "请说明时间：--start 和 --end，或 --date 和 --minutes",
            )),
        }
    }
}

/// Minutes of a day, as a message.
pub(crate) fn day_minutes(date: Date, minutes: i32) -> v1::DayMinutes {
    v1::DayMinutes { date: Some(scalar::to_date(date)), minutes }
}

/// From minute to minute, as a message.
pub(crate) fn interval(
    start: DateTime,
    end: DateTime,
    zone: &TimeZone,
) -> Result<v1::Interval, Fail> {
    let once = |it: DateTime| {
        instant(it, zone).ok_or_else(|| {
            Fail::usage(
                format!("{it} does not exist, or exists twice: the clocks were changed then"),
                format!("{it} 不存在或出现两次：当时正在调整时钟"),
            )
        })
    };
    Ok(v1::Interval { start_time: Some(once(start)?), end_time: Some(once(end)?) })
}

/// The instant of a civil time, unless the clocks were changed then.
pub(crate) fn instant(it: DateTime, zone: &TimeZone) -> Option<prost_types::Timestamp> {
    let zoned = zone.to_ambiguous_zoned(it).unambiguous().ok()?;
    let seconds = zoned.timestamp().as_second();
    // The bank's calendar begins with 1970.
    (0 <= seconds).then_some(prost_types::Timestamp { seconds, nanos: 0 })
}

/// The instant at which a day ends.
pub(crate) fn end_of(day: Date, zone: &TimeZone) -> Result<prost_types::Timestamp, Fail> {
    let next = day.tomorrow().and_then(|it| it.to_zoned(zone.clone()));
    let next = next.map_err(|err| Fail::local(&err))?;
    Ok(prost_types::Timestamp { seconds: next.timestamp().as_second(), nanos: 0 })
}

/// An instant as it is shown.
pub(crate) fn shown(it: Option<&prost_types::Timestamp>, zone: &TimeZone) -> Option<String> {
    let it = it?;
    let instant = Timestamp::new(it.seconds, it.nanos).ok()?;
    Some(instant.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

/// A day as it is shown.
pub(crate) fn shown_date(it: Option<&v1::Date>) -> Option<String> {
    it.map(|it| format!("{:04}-{:02}-{:02}", it.year, it.month, it.day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shanghai() -> TimeZone {
        zone("Asia/Shanghai").unwrap()
    }

    #[test]
    fn times_are_civil_in_the_zone_of_the_bank() {
        let when = When {
            start: Some(minute("2026-03-01 09:00").unwrap()),
            end: Some(minute("2026-03-01T11:30").unwrap()),
            ..When::default()
        };
        let Time::Interval(it) = when.time(&shanghai()).unwrap() else { panic!("an interval") };
        let start = it.start_time.unwrap();
        assert_eq!(start.seconds, 1_772_326_800);
        assert_eq!(it.end_time.unwrap().seconds - start.seconds, 150 * 60);
        assert_eq!(shown(Some(&start), &shanghai()).unwrap(), "2026-03-01T09:00:00+08:00");
    }

    #[test]
    fn a_time_that_the_clocks_left_out_is_refused() {
        let berlin = zone("Europe/Berlin").unwrap();
        assert!(instant(minute("2026-03-29 02:30").unwrap(), &berlin).is_none());
        assert!(instant(minute("2026-10-25 02:30").unwrap(), &berlin).is_none());
        assert!(instant(minute("2026-03-29 03:30").unwrap(), &berlin).is_some());
    }

    #[test]
    fn a_day_ends_where_the_next_begins() {
        let end = end_of(date("2026-12-31").unwrap(), &shanghai()).unwrap();
        assert_eq!(shown(Some(&end), &shanghai()).unwrap(), "2027-01-01T00:00:00+08:00");
    }

    #[test]
    fn what_is_no_day_says_how_to_write_one() {
        assert!(date("1/3/2026").unwrap_err().contains("2026-03-01"));
        assert!(date("2026-02-30").is_err());
        assert!(minute("2026-03-01").is_err());
        assert!(zone("Asia/Nowhere").is_err());
        assert_eq!(When::default().time(&shanghai()).unwrap_err().exit, crate::fail::Exit::Usage);
    }
}
