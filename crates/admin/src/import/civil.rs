//! Cells to days and times of day, in the bank's own zone.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::fault::Fault;
use super::fold;
use super::sheet::whole;

/// Years before are slips of the pen, like 0202.
pub const YEAR_MIN: i16 = 1970;
const DAY_MINUTES: i64 = 1440;

/// How a sheet writes a day. Month and day may have one or two digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateForm {
    /// `2019/11/02`
    Slash,
    /// `2019-11-02`
    Dash,
    /// `2019.11.02`
    Dot,
    /// `2019年11月2日`
    Chinese,
    /// `20191102`
    Compact,
    /// `02/11/2019`
    DayFirst,
    /// `11/02/2019`
    MonthFirst,
    /// `2019-11-02T09:30:00.000Z`, `2019-11-02 09:30:00 UTC`, `2019-11-02 09:30:00 +0100`
    Instant,
}

impl DateForm {
    /// What is read when a sheet does not say: the forms that put the year first.
    pub const YEAR_FIRST: [Self; 4] = [Self::Slash, Self::Dash, Self::Dot, Self::Chinese];
    const ALL: [Self; 8] = [
        Self::Slash,
        Self::Dash,
        Self::Dot,
        Self::Chinese,
        Self::Compact,
        Self::DayFirst,
        Self::MonthFirst,
        Self::Instant,
    ];

    /// The form as people and mapping files write it.
    pub fn pattern(self) -> &'static str {
        match self {
            Self::Slash => "yyyy/MM/dd",
            Self::Dash => "yyyy-MM-dd",
            Self::Dot => "yyyy.MM.dd",
            Self::Chinese => "yyyy年M月d日",
            Self::Compact => "yyyyMMdd",
            Self::DayFirst => "dd/MM/yyyy",
            Self::MonthFirst => "MM/dd/yyyy",
            Self::Instant => "yyyy-MM-ddTHH:mm:ssZ",
        }
    }

    /// The form of a pattern.
    pub fn from_pattern(pattern: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.pattern() == pattern)
    }

    /// Year, month and day as text.
    fn split(self, text: &str) -> Option<[&str; 3]> {
        match self {
            Self::Slash => three(text, '/'),
            Self::Dash => three(text, '-'),
            Self::Dot => three(text, '.'),
            Self::Chinese => {
                let (year, rest) = text.split_once('年')?;
                let (month, rest) = rest.split_once('月')?;
                Some([year, month, rest.strip_suffix('日')?])
            }
            Self::Compact => {
                let month_day = text.get(4..).filter(|rest| rest.len() == 4)?;
                Some([text.get(..4)?, month_day.get(..2)?, month_day.get(2..)?])
            }
            Self::DayFirst => three(text, '/').map(|[day, month, year]| [year, month, day]),
            Self::MonthFirst => three(text, '/').map(|[month, day, year]| [year, month, day]),
            // An instant has a day only in some zone.
            Self::Instant => None,
        }
    }
}

fn three(text: &str, separator: char) -> Option<[&str; 3]> {
    let mut parts = text.split(separator).map(fold::trim);
    let found = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(found)
}

/// The day of an instant in a zone.
pub fn day_of(cell: &str, zone: &TimeZone) -> Option<Date> {
    let text = fold::trim(cell).replace(" UTC", "Z").replacen(' ', "T", 1).replace(' ', "");
    // A zone without its colon, as Ruby writes it.
    let zoned = text.rsplit_once(['+', '-']).filter(|(_, zone)| zone.len() == 4);
    let text = match zoned {
        Some((at, offset)) => {
            let sign = text.get(at.len()..at.len().saturating_add(1))?;
            format!("{at}{sign}{}:{}", offset.get(..2)?, offset.get(2..)?)
        }
        None => text,
    };
    let at: Timestamp = text.parse().ok()?;
    Some(at.to_zoned(zone.clone()).date())
}

/// Reads a day written in one of the forms.
pub fn date(cell: &str, forms: &[DateForm]) -> Result<Date, Fault> {
    let folded = fold::half_width(fold::trim(cell));
    let text = fold::trim(&folded);
    if text.is_empty() {
        return Err(Fault::DateMissing);
    }
    let fault = || {
        let patterns: Vec<_> = forms.iter().map(|form| form.pattern()).collect();
        Fault::DateForm { forms: patterns.join(", ") }
    };
    let parts = forms.iter().find_map(|form| form.split(text).and_then(numbers));
    let (year, month, day) = parts.ok_or_else(fault)?;
    if year < YEAR_MIN {
        return Err(Fault::DateImpossible);
    }
    Date::new(year, month, day).map_err(|_| Fault::DateImpossible)
}

/// A year of four digits, a month and a day of one or two.
fn numbers([year, month, day]: [&str; 3]) -> Option<(i16, i8, i8)> {
    let part = |text: &str, lengths: &[usize]| {
        whole(fold::trim(text)).filter(|_| lengths.contains(&fold::trim(text).len()))
    };
    let year = i16::try_from(part(year, &[4])?).ok()?;
    let month = i8::try_from(part(month, &[1, 2])?).ok()?;
    let day = i8::try_from(part(day, &[1, 2])?).ok()?;
    Some((year, month, day))
}

/// Reads a time of day as minutes since midnight: `HH:mm`, `H:mm`, `HH:mm:00`, up to `24:00`.
pub fn time(cell: &str) -> Result<i64, Fault> {
    let folded = fold::half_width(fold::trim(cell));
    let text = fold::trim(&folded);
    if text.is_empty() {
        return Err(Fault::TimeMissing);
    }
    let mut parts = text.split(':').map(fold::trim);
    let hour = parts.next().filter(|part| part.len() <= 2).and_then(whole);
    let minute = parts.next().filter(|part| part.len() == 2).and_then(whole);
    let seconds_fit = matches!(parts.next(), None | Some("00")) && parts.next().is_none();
    let (Some(hour), Some(minute), true) = (hour, minute, seconds_fit) else {
        return Err(Fault::TimeForm);
    };
    let minutes = hour.saturating_mul(60).saturating_add(minute);
    if 59 < minute || DAY_MINUTES < minutes {
        return Err(Fault::TimeImpossible);
    }
    Ok(minutes)
}

/// From check-in to check-out, both in minutes since midnight of `date`: when and how long.
///
/// A check-out before the check-in is one of the next day. The same twice is no length at all,
/// never a whole day.
pub fn interval(date: Date, start: i64, end: i64) -> Result<(DateTime, DateTime, i64), Fault> {
    let end = if end < start { end.saturating_add(DAY_MINUTES) } else { end };
    let midnight = date.at(0, 0, 0, 0);
    let at = |minutes: i64| {
        let after = SignedDuration::from_secs(minutes.saturating_mul(60));
        midnight.checked_add(after).map_err(|_| Fault::DateImpossible)
    };
    Ok((at(start)?, at(end)?, end.saturating_sub(start)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_are_read_in_every_form_in_use() {
        let expected = Date::constant(2019, 11, 2);
        for cell in [
            "2019/11/02",
            "2019/11/2",
            "2019-11-02",
            "2019.11.2",
            "2019年11月2日",
            "２０１９／１１／０２",
            "\u{3000}2019-11-02 ",
            "2019 年 11 月 2 日",
        ] {
            assert_eq!(date(cell, &DateForm::YEAR_FIRST), Ok(expected), "{cell}");
        }
        assert_eq!(date("20191102", &[DateForm::Compact]), Ok(expected));
        assert_eq!(date("02/11/2019", &[DateForm::DayFirst]), Ok(expected));
        assert_eq!(date("11/02/2019", &[DateForm::MonthFirst]), Ok(expected));
    }

    #[test]
    fn days_that_are_none_are_refused() {
        for cell in ["2019/13/01", "2019/02/29", "2019/04/31", "2019/0/1", "0202/11/02"] {
            assert_eq!(date(cell, &DateForm::YEAR_FIRST), Err(Fault::DateImpossible), "{cell}");
        }
        for cell in ["19/11/02", "2019/11", "2019/11/002", "43771", "2019/11/02 09:00", "x"] {
            let seen = date(cell, &DateForm::YEAR_FIRST);
            assert!(matches!(seen, Err(Fault::DateForm { .. })), "{cell} {seen:?}");
        }
        assert_eq!(date("  ", &DateForm::YEAR_FIRST), Err(Fault::DateMissing));
        assert!(date("2020/02/29", &DateForm::YEAR_FIRST).is_ok());
    }

    #[test]
    fn times_are_read_up_to_midnight() {
        for (cell, minutes) in [
            ("09:00", 540),
            ("9:00", 540),
            ("０９：３０", 570),
            ("23:59", 1439),
            ("24:00", 1440),
            ("00:00", 0),
            ("12:05:00", 725),
        ] {
            assert_eq!(time(cell), Ok(minutes), "{cell}");
        }
        for cell in ["24:01", "25:00", "12:60", "99:99"] {
            assert_eq!(time(cell), Err(Fault::TimeImpossible), "{cell}");
        }
        for cell in ["9", "9:5", "009:00", "12:05:30", "12:05:00:00", "-1:00", "9.30"] {
            assert_eq!(time(cell), Err(Fault::TimeForm), "{cell}");
        }
        assert_eq!(time(""), Err(Fault::TimeMissing));
    }

    #[test]
    fn a_check_out_past_midnight_is_of_the_next_day() {
        let day = Date::constant(2019, 12, 31);
        let (start, end, minutes) = interval(day, 1410, 75).unwrap();
        assert_eq!(start.to_string(), "2019-12-31T23:30:00");
        assert_eq!(end.to_string(), "2020-01-01T01:15:00");
        assert_eq!(minutes, 105);
        let (_, end, minutes) = interval(day, 0, 1440).unwrap();
        assert_eq!((end.to_string().as_str(), minutes), ("2020-01-01T00:00:00", 1440));
        let (start, _, minutes) = interval(day, 1440, 60).unwrap();
        assert_eq!((start.to_string().as_str(), minutes), ("2020-01-01T00:00:00", 60));
        assert_eq!(interval(day, 725, 725).unwrap().2, 0);
        assert_eq!(interval(Date::MAX, 1439, 1440), Err(Fault::DateImpossible));
    }

    proptest! {
        #[test]
        fn no_cell_panics(cell in "\\PC{0,20}|[0-9/.:年月日-]{0,20}") {
            let _ = date(&cell, &DateForm::ALL);
            let _ = time(&cell);
        }

        #[test]
        fn no_service_is_negative_or_past_a_day(start in 0_i64..=1440, end in 0_i64..=1440) {
            let (from, to, minutes) = interval(Date::constant(2024, 2, 29), start, end).unwrap();
            prop_assert!(from <= to);
            prop_assert!((0..=1440).contains(&minutes));
            prop_assert_eq!(minutes == 0, start == end || (start, end) == (1440, 0));
        }
    }
}
