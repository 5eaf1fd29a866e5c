//! Cells of a sheet to what they mean: hours to minutes, and volunteer numbers.
//!
//! Hours are text and stay exact: digits to a decimal to a fraction of integers, never a float.
//! What is no whole minute is rounded to the nearest one, a half away from zero:
//! 1.8 h is 108 min, 0.33 h (19.8 min) is 20 min.

use rust_decimal::Decimal;

use super::fault::Fault;
use super::fold;

/// The most hours a cell may state, either side of zero: a longer working life than anybody's.
pub const HOURS_MAX: i64 = 100_000;
/// The most digits after the point; a spreadsheet writes 15.
pub const HOURS_DECIMALS_MAX: u32 = 15;
/// The longest volunteer number, in characters; the bank takes no longer one.
pub const NUMBER_CHARS_MAX: usize = 64;

/// How a sheet writes the time served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoursForm {
    /// Hours with decimals: `1.75`.
    Decimal,
    /// Hours and minutes: `1:45`.
    Clock,
    /// Minutes: `105`.
    Minutes,
}

/// Time served as a cell states it, with the precision it was given in. May be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stated {
    /// Minutes × `scale`.
    numerator: i128,
    scale: i128,
    /// One unit in the last place, in minutes × `scale`.
    unit: i128,
}

impl Stated {
    fn exact(minutes: i64) -> Self {
        Self { numerator: i128::from(minutes), scale: 1, unit: 1 }
    }

    /// The nearest whole minute, a half away from zero.
    pub fn minutes(self) -> i64 {
        let half = self.numerator.signum().saturating_mul(self.scale);
        let doubled = self.numerator.saturating_mul(2).saturating_add(half);
        let minutes = doubled.checked_div(self.scale.saturating_mul(2)).unwrap_or(0);
        // Within HOURS_MAX, so it fits.
        i64::try_from(minutes).unwrap_or(0)
    }

    /// True when `actual` minutes would have been written so: half a unit in the last place
    /// given is the most they may differ. 105 min are 1.75 h, so `1.8` agrees and `1.7` too,
    /// `1.80` does not.
    pub fn agrees_with(self, actual: i64) -> bool {
        let actual = i128::from(actual).saturating_mul(self.scale);
        let off = self.numerator.saturating_sub(actual).saturating_abs();
        off.saturating_mul(2) <= self.unit
    }
}

/// Reads the time served. An empty cell is [`Fault::HoursMissing`].
pub fn hours(cell: &str, form: HoursForm) -> Result<Stated, Fault> {
    let folded = fold::half_width(fold::trim(cell));
    let text = fold::trim(&folded);
    if text.is_empty() {
        return Err(Fault::HoursMissing);
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let sign = if negative { -1 } else { 1 };
    match form {
        HoursForm::Decimal => decimal_hours(digits, sign),
        HoursForm::Clock => clock_hours(digits, i64::from(sign)),
        HoursForm::Minutes => {
            let fault = Fault::HoursForm { form: "100 (minutes)" };
            let minutes = whole(digits).ok_or(fault)?;
            bounded(minutes, i64::from(sign))
        }
    }
}

fn decimal_hours(digits: &str, sign: i32) -> Result<Stated, Fault> {
    let fault = || Fault::HoursForm { form: "1.5" };
    let (units, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    whole(units).ok_or_else(fault)?;
    if !is_digits(decimals) {
        return Err(fault());
    }
    let value = Decimal::from_str_exact(digits).map_err(|_| fault())?;
    if HOURS_DECIMALS_MAX < value.scale() {
        return Err(fault());
    }
    if Decimal::from(HOURS_MAX) < value {
        return Err(Fault::HoursRange { most: HOURS_MAX });
    }
    let scale = 10_i128.saturating_pow(value.scale());
    let numerator = value.mantissa().saturating_mul(60).saturating_mul(i128::from(sign));
    Ok(Stated { numerator, scale, unit: 60 })
}

fn clock_hours(digits: &str, sign: i64) -> Result<Stated, Fault> {
    let fault = || Fault::HoursForm { form: "h:mm" };
    let (hours, minutes) = digits.split_once(':').ok_or_else(fault)?;
    let hours = whole(hours).ok_or_else(fault)?;
    let minutes = whole(minutes).filter(|m| minutes.len() == 2 && *m < 60).ok_or_else(fault)?;
    bounded(hours.saturating_mul(60).saturating_add(minutes), sign)
}

fn bounded(minutes: i64, sign: i64) -> Result<Stated, Fault> {
    if HOURS_MAX.saturating_mul(60) < minutes {
        return Err(Fault::HoursRange { most: HOURS_MAX });
    }
    Ok(Stated::exact(minutes.saturating_mul(sign)))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits and nothing else; more than an `i64` holds is cut off at its end, past every bound.
pub(super) fn whole(text: &str) -> Option<i64> {
    is_digits(text).then(|| text.parse().unwrap_or(i64::MAX))
}

/// Minutes as people read them: `1:45`, `-0:20`.
pub fn minutes_text(minutes: i64) -> String {
    let sign = if minutes < 0 { "-" } else { "" };
    let size = minutes.unsigned_abs();
    let (hours, rest) = (size.checked_div(60), size.checked_rem(60));
    format!("{sign}{}:{:02}", hours.unwrap_or(0), rest.unwrap_or(0))
}

/// What a sheet writes for a volunteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolunteerForm {
    /// 义工号: text with its leading zeros.
    Number,
    /// An e-mail address, upper and lower case alike.
    Email,
    /// A name with a number after it: `Name (12)` is 12.
    Uid,
}

/// Reads a volunteer. Nothing is ever taken for a quantity: `0300207442` keeps its zero.
///
/// The marks with which spreadsheets keep zeros, `'0300…` and `="0300…"`, are taken off.
pub fn volunteer(cell: &str, form: VolunteerForm) -> Result<String, Fault> {
    let folded = fold::half_width(fold::trim(cell));
    let text = fold::trim(unguarded(fold::trim(&folded)));
    if text.is_empty() {
        return Err(Fault::VolunteerMissing);
    }
    let text = match form {
        VolunteerForm::Uid => uid(text).ok_or(Fault::VolunteerWithoutNumber)?,
        VolunteerForm::Number | VolunteerForm::Email => text,
    };
    // Of an address, in lower case: that is the number the bank gets, and some letters grow.
    if NUMBER_CHARS_MAX < text.to_lowercase().chars().count() {
        return Err(Fault::VolunteerTooLong { most: NUMBER_CHARS_MAX });
    }
    if text.chars().any(|c| fold::is_blank(c) || c.is_control()) {
        return Err(Fault::VolunteerSpaced);
    }
    match form {
        VolunteerForm::Number if is_destroyed(text) => Err(Fault::NumberDestroyed),
        VolunteerForm::Number | VolunteerForm::Uid => Ok(text.to_owned()),
        VolunteerForm::Email if !is_email(text) => Err(Fault::VolunteerNotEmail),
        VolunteerForm::Email => Ok(text.to_lowercase()),
    }
}

fn uid(text: &str) -> Option<&str> {
    let (_, number) = text.strip_suffix(')')?.rsplit_once('(')?;
    Some(fold::trim(number)).filter(|it| is_digits(it))
}

fn unguarded(text: &str) -> &str {
    let quoted = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    quoted.or_else(|| text.strip_prefix('\'')).unwrap_or(text)
}

/// `4.40307E+17`, `3E+09`, `300207442.0`: no register has numbers like these, Excel does.
fn is_destroyed(text: &str) -> bool {
    let (mantissa, power) = match text.split_once(['E', 'e']) {
        Some((mantissa, power)) => (mantissa, Some(power)),
        None => (text, None),
    };
    let is_number = |part: &str| is_digits(&part.replacen('.', "", 1));
    match power {
        None => mantissa.contains('.') && is_number(mantissa),
        Some(power) => {
            let unsigned = power.trim_start_matches(['+', '-']);
            let marked = unsigned.len() < power.len() || mantissa.contains('.');
            marked && is_digits(unsigned) && is_number(mantissa)
        }
    }
}

fn is_email(text: &str) -> bool {
    match text.split_once('@') {
        Some((who, host)) => !who.is_empty() && !host.is_empty() && !host.contains('@'),
        None => false,
    }
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
