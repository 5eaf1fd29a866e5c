//! One cell of a workbook as text. Excel keeps days and times as counts of days, and numbers with
//! 15 digits that are right: what is beyond is noise, and is not read as if it were meant.

use calamine::{Data, ExcelDateTime};
use jiff::{
    Unit,
    civil::{Date, DateTime, Time},
};
use rust_decimal::Decimal;

use crate::import::table::{CELL_BYTES_MAX, Flaw};

/// From here on a number has more digits than Excel keeps.
const DIGITS_LOST: i64 = 1_000_000_000_000_000;

/// A cell that is not empty.
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) flaw: Option<Flaw>,
}

pub(super) fn read(value: &Data) -> Option<Cell> {
    let plain = |text: String| Some(Cell { text, flaw: None });
    match value {
        Data::Empty => None,
        Data::String(text) if text.is_empty() => None,
        Data::String(text) | Data::DurationIso(text) => plain(start(text).to_owned()),
        Data::Int(whole) => Some(quantity(whole.to_string())),
        Data::Float(number) => Some(quantity(digits(*number))),
        Data::Bool(it) => plain(if *it { "TRUE" } else { "FALSE" }.to_owned()),
        Data::DateTime(it) if it.is_duration() => plain(duration(*it)),
        Data::DateTime(it) => plain(moment(*it)),
        Data::DateTimeIso(text) => {
            let at = text.trim_end_matches('Z').parse::<DateTime>();
            plain(at.map_or_else(|_| start(text).to_owned(), |it| civil(it, true)))
        }
        Data::Error(it) => Some(Cell { text: it.to_string(), flaw: Some(Flaw::Error) }),
    }
}

/// A text as far as it is needed: one past [`CELL_BYTES_MAX`] is refused, and only stays so long
/// that it is. A small file may have a long text in very many cells.
pub(super) fn start(text: &str) -> &str {
    let end = (CELL_BYTES_MAX.saturating_add(1)..text.len()).find(|at| text.is_char_boundary(*at));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

fn quantity(text: String) -> Cell {
    Cell { text, flaw: Some(Flaw::Quantity) }
}

/// A number in its 15 digits; one that had more is written as Excel shows it, and refused for it.
fn digits(number: f64) -> String {
    let scientific = format!("{number:.14e}");
    let exact = Decimal::from_scientific(&scientific).map(|it| it.normalize());
    match exact {
        Ok(it) if it.abs() < Decimal::from(DIGITS_LOST) => it.to_string(),
        _ => shown(&scientific),
    }
}

/// `4.40307198001011e17` as `4.40307198001011E+17`.
fn shown(scientific: &str) -> String {
    let (mantissa, power) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let sign = if power.starts_with('-') { "" } else { "+" };
    format!("{mantissa}E{sign}{power}")
}

/// Hours and minutes of a length of time, to the nearest minute.
fn duration(it: ExcelDateTime) -> String {
    let days = Decimal::from_scientific(&format!("{:.14e}", it.as_f64())).unwrap_or_default();
    let minutes = days.saturating_mul(Decimal::from(1440)).round();
    let minutes = i64::try_from(minutes).unwrap_or_default();
    crate::import::sheet::minutes_text(minutes)
}

/// A day, a time of day, or both, to the nearest second.
fn moment(it: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = it.to_ymd_hms_milli();
    let at = || {
        let small = |it: u8| i8::try_from(it).ok();
        let date = Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?;
        let nanos = i32::from(milli).checked_mul(1_000_000)?;
        let time = Time::new(small(hour)?, small(minute)?, small(second)?, nanos).ok()?;
        date.to_datetime(time).round(Unit::Second).ok()
    };
    // Excel has a 29 February 1900, and counts below zero: no day that anybody served on.
    at().map_or_else(|| digits(it.as_f64()), |at| civil(at, 1.0 <= it.as_f64()))
}

/// Without a day it is a time, without a time it is a day.
fn civil(at: DateTime, has_day: bool) -> String {
    let seconds = if at.second() == 0 { "" } else { ":%S" };
    let time = format!("%H:%M{seconds}");
    let form = match (has_day, at.time() == Time::midnight()) {
        (false, _) => time,
        (true, true) => "%Y-%m-%d".to_owned(),
        (true, false) => format!("%Y-%m-%d {time}"),
    };
    at.strftime(&form).to_string()
}

#[cfg(test)]
#[allow(clippy::float_arithmetic, clippy::arithmetic_side_effects, reason = "Excel's own numbers")]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};

    use super::*;

    fn text(value: &Data) -> String {
        read(value).map(|it| it.text).unwrap_or_default()
    }

    fn at(serial: f64) -> String {
        text(&Data::DateTime(ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, false)))
    }

    #[test]
    fn days_and_times_are_what_excel_shows() {
        assert_eq!(at(45352.0), "2024-03-01");
        assert_eq!(at(0.395_833_333_333_333), "09:30");
        assert_eq!(at(0.395_833_333_333_334), "09:30");
        assert_eq!(at(45352.5), "2024-03-01 12:00");
        assert_eq!(at(0.5 + 5.0 / 86_400.0), "12:00:05");
        assert_eq!(at(60.0), "60");
        let later = ExcelDateTime::new(43890.0, ExcelDateTimeType::DateTime, true);
        assert_eq!(text(&Data::DateTime(later)), "2024-03-01");
        let iso = Data::DateTimeIso("2024-03-01T09:30:00".to_owned());
        assert_eq!(text(&iso), "2024-03-01 09:30");
    }

    #[test]
    fn every_minute_of_a_day_comes_back() {
        for minute in 0..1440_u32 {
            let serial = f64::from(minute) / 1440.0;
            assert_eq!(at(serial), format!("{:02}:{:02}", minute / 60, minute % 60));
            let length = ExcelDateTime::new(serial, ExcelDateTimeType::TimeDelta, false);
            let expected = format!("{}:{:02}", minute / 60, minute % 60);
            assert_eq!(text(&Data::DateTime(length)), expected);
        }
    }

    #[test]
    fn numbers_have_their_digits_and_no_others() {
        for (number, shown) in [
            (2.5, "2.5"),
            (0.1 + 0.2, "0.3"),
            (1.0 / 3.0, "0.333333333333333"),
            (300_207_442.0, "300207442"),
            (-7.0, "-7"),
            (440_307_199_001_011_234.0, "4.40307199001011E+17"),
            (1e17, "1.00000000000000E+17"),
            (1e300, "1.00000000000000E+300"),
        ] {
            let cell = read(&Data::Float(number)).unwrap();
            assert_eq!((cell.text.as_str(), cell.flaw), (shown, Some(Flaw::Quantity)));
        }
        let error = read(&Data::Error(CellErrorType::Ref)).unwrap();
        assert_eq!(error.flaw, Some(Flaw::Error));
        assert_eq!(text(&Data::String("0300207442".to_owned())), "0300207442");
    }
}
