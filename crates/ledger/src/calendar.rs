//! Working days (工作日): which days people work, as the rulebook tells it.
//!
//! Holidays move from year to year, and weekends become working days to make up for them (调休). So
//! a calendar is data, and knows for which years it is complete.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::{BadRulebook, rulebook::wrong};

/// The most holidays and make-up days of a calendar, a range as one.
pub const CALENDAR_MAX: usize = 2000;
/// The most days of a range of holidays.
const RANGE_MAX: u32 = 31;
/// The most working days that are counted at once.
const COUNT_MAX: u32 = 1000;

/// A calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    rest: BTreeSet<i8>,
    years: BTreeSet<i16>,
    holidays: BTreeSet<Date>,
    working: BTreeSet<Date>,
}

/// A day that was counted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkingDay {
    /// The day.
    pub date: Date,
    /// Whether the calendar is complete for every day on the way.
    pub certain: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CalendarTable {
    #[serde(default = "weekend")]
    rest: Vec<String>,
    #[serde(default)]
    years: Vec<i16>,
    #[serde(default)]
    holidays: Vec<String>,
    #[serde(default)]
    working: Vec<String>,
}

impl Default for CalendarTable {
    fn default() -> Self {
        let none = Vec::new;
        Self { rest: weekend(), years: Vec::new(), holidays: none(), working: none() }
    }
}

fn weekend() -> Vec<String> {
    vec!["saturday".to_owned(), "sunday".to_owned()]
}

impl Calendar {
    pub(crate) fn parse(it: &CalendarTable) -> Result<Self, BadRulebook> {
        for (setting, count) in [
            ("calendar.years", it.years.len()),
            ("calendar.holidays", it.holidays.len()),
            ("calendar.working", it.working.len()),
        ] {
            if CALENDAR_MAX < count {
                let problem = format!("it has {count} items: give {CALENDAR_MAX} at most");
                let chinese = format!("有 {count} 项，最多 {CALENDAR_MAX} 项");
                return Err(wrong(setting, problem, chinese));
            }
        }
        let mut parsed = Self {
            rest: it.rest.iter().map(|it| weekday(it)).collect::<Result<_, _>>()?,
            years: it.years.iter().copied().collect(),
            holidays: BTreeSet::new(),
            working: BTreeSet::new(),
        };
        if parsed.rest.len() == 7 {
            let english = "every day rests: leave one that does not";
            return Err(wrong("calendar.rest", english, "每天都休息：请至少留一个工作日"));
        }
        for text in &it.holidays {
            parsed.add_holidays(text)?;
        }
        for text in &it.working {
            let date = parsed.day("calendar.working", text)?;
            if !parsed.rests(date) || !parsed.working.insert(date) {
                let problem = format!("{date} is a working day without it: leave it out");
                let chinese = format!("{date} 本来就是工作日：请删去");
                return Err(wrong("calendar.working", problem, chinese));
            }
        }
        Ok(parsed)
    }

    fn add_holidays(&mut self, text: &str) -> Result<(), BadRulebook> {
        let setting = "calendar.holidays";
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let (first, last) = (self.day(setting, first)?, self.day(setting, last)?);
        let most = usize::try_from(RANGE_MAX).unwrap_or(usize::MAX);
        let mut days = days_from(first).take_while(|it| *it <= last);
        let range: Vec<Date> = days.by_ref().take(most).collect();
        if range.is_empty() || days.next().is_some() {
            let problem = format!("{text} is no range of 1 to {RANGE_MAX} days");
            let chinese = format!("{text} 不是 1 至 {RANGE_MAX} 天的期间");
            return Err(wrong(setting, problem, chinese));
        }
        self.holidays.extend(range);
        Ok(())
    }

    /// A day of a year that the calendar is complete for.
    fn day(&self, setting: &str, text: &str) -> Result<Date, BadRulebook> {
        let date: Option<Date> = text.trim().parse().ok();
        let date = date.filter(|it| self.years.contains(&it.year()));
        date.ok_or_else(|| {
            let problem = format!("{text:?} is no day, as 2026-10-01, of a year that years names");
            let chinese = format!("{text:?} 不是 years 所列年份中的日期，如 2026-10-01");
            wrong(setting, problem, chinese)
        })
    }

    fn rests(&self, date: Date) -> bool {
        let weekday = date.weekday().to_monday_zero_offset();
        self.rest.contains(&weekday) || self.holidays.contains(&date)
    }

    /// Whether people work on a day.
    pub fn is_working(&self, date: Date) -> bool {
        self.working.contains(&date) || !self.rests(date)
    }

    /// Whether the calendar is complete for a day; else only weekdays are known.
    pub fn is_certain(&self, date: Date) -> bool {
        self.years.contains(&date.year())
    }

    /// The n-th working day after a day, n up to 1,000; none past the year 9999, and where there
    /// are no such working days within a few years.
    pub fn add_working_days(&self, from: Date, n: u32) -> Option<WorkingDay> {
        let wanted = n.min(COUNT_MAX);
        let (mut date, mut certain, mut left) = (from, self.is_certain(from), wanted);
        while 0 < left {
            date = date.tomorrow().ok()?;
            certain &= self.is_certain(date);
            left = left.saturating_sub(u32::from(self.is_working(date)));
        }
        Some(WorkingDay { date, certain })
    }

    /// Working days after a day, up to another with it; 0 where that is not later.
    pub fn working_days_until(&self, from: Date, until: Date) -> u32 {
        let days = days_from(from).skip(1).take_while(|it| *it <= until);
        let working = days.filter(|it| self.is_working(*it)).count();
        u32::try_from(working).unwrap_or(u32::MAX)
    }
}

fn days_from(first: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |it| it.tomorrow().ok())
}

fn weekday(name: &str) -> Result<i8, BadRulebook> {
    let day = match name {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => {
            let problem = format!("{name:?} is no day of the week: give monday to sunday");
            let chinese = format!("{name:?} 不是星期：请填 monday 至 sunday");
            return Err(wrong("calendar.rest", problem, chinese));
        }
    };
    Ok(day.to_monday_zero_offset())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{DEFAULT_RULEBOOK, Rulebook};

    fn china() -> Calendar {
        Rulebook::parse(DEFAULT_RULEBOOK).unwrap().calendar().clone()
    }

    fn parse(text: &str) -> Result<Calendar, BadRulebook> {
        Calendar::parse(&toml::from_str(text).unwrap())
    }

    #[test]
    fn holidays_rest_and_make_up_days_work() {
        let it = china();
        for (day, works) in [
            // National Day of 2025, with the Mid-Autumn Festival, and its make-up days.
            (date(2025, 9, 28), true),
            (date(2025, 9, 30), true),
            (date(2025, 10, 1), false),
            (date(2025, 10, 8), false),
            (date(2025, 10, 9), true),
            (date(2025, 10, 11), true),
            (date(2025, 10, 12), false),
            // The Spring Festival of 2026: Saturdays before and after it work.
            (date(2026, 2, 14), true),
            (date(2026, 2, 15), false),
            (date(2026, 2, 23), false),
            (date(2026, 2, 24), true),
            (date(2026, 2, 28), true),
            (date(2026, 3, 1), false),
        ] {
            assert_eq!(it.is_working(day), works, "{day}");
        }
    }

    #[test]
    fn working_days_are_counted_over_holidays_and_years() {
        let it = china();
        let to = |from, n| it.add_working_days(from, n).unwrap();
        // From Friday, 2025-09-26: Sunday the 28th works, and the 1st to the 8th do not.
        let day = to(date(2025, 9, 26), 4);
        assert_eq!((day.date, day.certain), (date(2025, 10, 9), true));
        assert_eq!(to(date(2025, 10, 1), 0).date, date(2025, 10, 1));
        // 2027 is not told yet: only its weekends are known.
        let day = to(date(2026, 12, 31), 7);
        assert_eq!((day.date, day.certain), (date(2027, 1, 11), false));
        let until = |from, until| it.working_days_until(from, until);
        assert_eq!(until(date(2025, 9, 26), date(2025, 10, 9)), 4);
        assert_eq!(until(date(2025, 9, 26), date(2025, 9, 27)), 0);
        assert_eq!(until(date(2025, 9, 26), date(2025, 9, 1)), 0);
    }

    #[test]
    fn a_calendar_that_says_nothing_knows_weekends_and_is_never_certain() {
        let it = parse("").unwrap();
        let day = it.add_working_days(date(2026, 9, 30), 1).unwrap();
        assert_eq!((day.date, day.certain), (date(2026, 10, 1), false));
        // Friday, 2026-10-02, and the weekend after it.
        let works = |day| it.is_working(date(2026, 10, day));
        assert_eq!([2, 3, 4, 5].map(works), [true, false, false, true]);
    }

    #[test]
    fn each_day_of_the_week_may_rest() {
        let week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        // 2026-03-02 is a Monday.
        for (name, rests) in week.into_iter().zip(days_from(date(2026, 3, 2))) {
            let it = parse(&format!("rest = [\"{name}\"]")).unwrap();
            let days = days_from(date(2026, 3, 2)).take(7);
            let resting: Vec<Date> = days.filter(|day| !it.is_working(*day)).collect();
            assert_eq!(resting, [rests], "{name}");
        }
    }

    #[test]
    fn what_cannot_be_is_told() {
        for (text, told) in [
            ("rest = [\"funday\"]", "no day of the week"),
            ("years = [2026]\nholidays = [\"2025-01-01\"]", "of a year that years names"),
            ("years = [2026]\nholidays = [\"2026-02-30\"]", "no day"),
            ("years = [2026]\nholidays = [\"2026-02-03..2026-02-01\"]", "no range"),
            ("years = [2026]\nholidays = [\"2026-01-01..2026-02-01\"]", "no range"),
            ("years = [2026]\nworking = [\"2026-10-08\"]", "without it"),
        ] {
            let err = parse(text).unwrap_err().to_string();
            assert!(err.contains(told), "{err}");
        }
        assert!(parse("years = [2026]\nholidays = [\"2026-01-01..2026-01-31\"]").is_ok());
        let items = |count: usize| {
            let days = vec!["\"2026-10-01\""; count].join(", ");
            parse(&format!("years = [2026]\nholidays = [{days}]"))
        };
        assert!(items(CALENDAR_MAX).is_ok());
        assert!(items(CALENDAR_MAX + 1).unwrap_err().to_string().contains("2000 at most"));
        let all: Vec<_> = ["mon", "tues", "wednes", "thurs", "fri", "satur", "sun"]
            .map(|it| format!("\"{it}day\""))
            .into();
        assert!(parse(&format!("rest = [{}]", all.join(", "))).is_err());
    }
}
