//! Mapping files: a profile for any other sheet, written in TOML by whoever knows the sheet.
//!
//! ```toml
//! name = "street-2024"
//!
//! [columns]                      # header text, or several that mean the same
//! volunteer = ["义工号", "志愿者编号"]
//! date = "日期"
//! start = "开始"                  # start and end together, with date
//! end = "结束"
//! hours = "时长"                  # or: minutes = "分钟"
//! name = "姓名"                   # also activity, category, place, recorder, attestor
//!
//! [forms]
//! date = ["yyyy/MM/dd", "yyyy-MM-dd"]   # yyyy.MM.dd yyyy年M月d日 yyyyMMdd dd/MM/yyyy MM/dd/yyyy
//!                                # yyyy-MM-ddTHH:mm:ssZ: an instant, on its day in the bank's zone
//! hours = "decimal"              # or "h:mm"
//! volunteer = "number"           # or "email", or "uid": the number of "Name (12)"
//! ```
//!
//! A sheet without a header has column numbers, from 1, instead of texts:
//!
//! ```toml
//! name = "club"
//! width = 4                      # cells of a row; without it, the highest number below
//!
//! [columns]
//! volunteer = 1
//! date = 2
//! minutes = 4
//! ```
//!
//! Every column named here must be in the sheet. With start and end the times count, and hours,
//! where filled in, must agree with them; with date and hours a row is a day's total; with hours
//! alone it is a total whose days the caller gives.

use std::collections::{BTreeMap, BTreeSet};

use lovebank_ledger::BadToml;
use serde::Deserialize;
use thiserror::Error;

use super::civil::DateForm;
use super::fold;
use super::profile::{At, Column, Field, Profile};
use super::sheet::{HoursForm, VolunteerForm};
use super::table::COLUMNS_MAX;

/// Why a mapping file makes no profile.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MappingError {
    /// Not TOML, or a key nobody knows.
    #[error("not a mapping: {0}")]
    Toml(BadToml),
    /// No volunteer column.
    #[error("columns.volunteer is missing: a row must say who served")]
    NoVolunteer,
    /// Neither times nor hours.
    #[error("columns has neither start and end nor hours or minutes: a row must say how long")]
    NoHours,
    /// A start without an end, an end without a start, or both without a date.
    #[error("columns.start and columns.end go together, and with columns.date")]
    TimesIncomplete,
    /// Both hours and minutes.
    #[error("columns.hours and columns.minutes exclude each other")]
    HoursAndMinutes,
    /// A form of no meaning here.
    #[error("forms: unknown form \"{0}\"")]
    UnknownForm(String),
    /// Numbers and texts mixed, or a width beside texts.
    #[error("columns must all be header texts, or all be numbers; width is for numbers")]
    Mixed,
    /// A column number out of bounds, or used twice, or a text that is empty or used twice.
    #[error("columns.{0} is empty, out of bounds, or the column of another field too")]
    BadColumn(&'static str),
}

impl MappingError {
    /// The same sentence in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::Toml(why) => format!("映射文件有误，{}", why.chinese()),
            Self::NoVolunteer => "缺少 columns.volunteer：每行须说明是谁服务".to_owned(),
            Self::NoHours => {
                "columns 中既没有 start 和 end，也没有 hours 或 minutes：每行须说明时长".to_owned()
            }
            Self::TimesIncomplete => {
                "columns.start 和 columns.end 须同时给出，并且要有 columns.date".to_owned()
            }
            Self::HoursAndMinutes => "columns.hours 和 columns.minutes 只能有一个".to_owned(),
            Self::UnknownForm(form) => format!("forms：不认识的写法“{form}”"),
            Self::Mixed => "columns 须全部是表头文字，或全部是列号；width 只用于列号".to_owned(),
            Self::BadColumn(column) => {
                format!("columns.{column} 为空、超出范围，或与其他字段同列")
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    name: String,
    width: Option<usize>,
    columns: BTreeMap<Key, Place>,
    #[serde(default)]
    forms: Forms,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum Key {
    Volunteer,
    Name,
    Activity,
    Category,
    Place,
    Date,
    Start,
    End,
    Hours,
    Minutes,
    Recorder,
    Attestor,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Place {
    Number(usize),
    Header(String),
    Headers(Vec<String>),
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Forms {
    date: Option<Vec<String>>,
    hours: Option<String>,
    volunteer: Option<String>,
}

impl Profile {
    /// Reads a mapping file; the module's head describes it.
    pub fn from_toml(text: &str) -> Result<Self, MappingError> {
        let document: Document =
            toml::from_str(text).map_err(|err| MappingError::Toml(BadToml::new(text, &err)))?;
        check_fields(&document.columns)?;
        let minutes = document.columns.contains_key(&Key::Minutes);
        let columns: Vec<Column> =
            document.columns.into_iter().map(|(key, place)| column(key, place)).collect();
        let width = check_places(&columns, document.width)?;
        Ok(Self {
            name: document.name,
            columns,
            width,
            dates: date_forms(document.forms.date)?,
            hours: hours_form(document.forms.hours.as_deref(), minutes)?,
            volunteer: volunteer_form(document.forms.volunteer.as_deref())?,
            counted: None,
            once: false,
        })
    }
}

fn check_fields(columns: &BTreeMap<Key, Place>) -> Result<(), MappingError> {
    let has = |key| columns.contains_key(&key);
    if !has(Key::Volunteer) {
        return Err(MappingError::NoVolunteer);
    }
    if has(Key::Hours) && has(Key::Minutes) {
        return Err(MappingError::HoursAndMinutes);
    }
    if has(Key::Start) != has(Key::End) || has(Key::Start) && !has(Key::Date) {
        return Err(MappingError::TimesIncomplete);
    }
    if !has(Key::Start) && !has(Key::Hours) && !has(Key::Minutes) {
        return Err(MappingError::NoHours);
    }
    Ok(())
}

fn column(key: Key, place: Place) -> Column {
    let field = match key {
        Key::Volunteer => Field::Volunteer,
        Key::Name => Field::Name,
        Key::Activity => Field::Activity,
        Key::Category => Field::Category,
        Key::Place => Field::Place,
        Key::Date => Field::Date,
        Key::Start => Field::Start,
        Key::End => Field::End,
        Key::Hours | Key::Minutes => Field::Hours,
        Key::Recorder => Field::Recorder,
        Key::Attestor => Field::Attestor,
    };
    let at = match place {
        Place::Number(number) => At::Number(number),
        Place::Header(text) => At::Header(vec![text]),
        Place::Headers(texts) => At::Header(texts),
    };
    Column { field, at, required: true }
}

/// All numbers or all texts, each of one field only. The width of a sheet without a header.
fn check_places(columns: &[Column], width: Option<usize>) -> Result<Option<usize>, MappingError> {
    let mut numbers = BTreeSet::new();
    let mut texts = BTreeSet::new();
    for Column { field, at, .. } in columns {
        let bad = MappingError::BadColumn(field.word());
        let is_new = match at {
            At::Number(number) => (1..=COLUMNS_MAX).contains(number) && numbers.insert(*number),
            At::Header(headers) => {
                let folded: Vec<_> = headers.iter().map(|text| fold::header(text)).collect();
                !folded.is_empty()
                    && folded.into_iter().all(|text| !text.is_empty() && texts.insert(text))
            }
        };
        if !is_new {
            return Err(bad);
        }
    }
    match numbers.last() {
        None if width.is_some() => Err(MappingError::Mixed),
        None => Ok(None),
        Some(_) if !texts.is_empty() => Err(MappingError::Mixed),
        Some(highest) => {
            let width = width.unwrap_or(*highest);
            let fits = *highest <= width && width <= COLUMNS_MAX;
            fits.then_some(Some(width)).ok_or(MappingError::BadColumn("width"))
        }
    }
}

fn date_forms(patterns: Option<Vec<String>>) -> Result<Vec<DateForm>, MappingError> {
    let Some(patterns) = patterns else { return Ok(DateForm::YEAR_FIRST.to_vec()) };
    let form = |text: String| DateForm::from_pattern(&text).ok_or(MappingError::UnknownForm(text));
    let forms: Vec<_> = patterns.into_iter().map(form).collect::<Result<_, _>>()?;
    // A cell like 02/11/2019 must have one meaning only.
    if forms.is_empty()
        || forms.contains(&DateForm::DayFirst) && forms.contains(&DateForm::MonthFirst)
    {
        return Err(MappingError::UnknownForm("dd/MM/yyyy, MM/dd/yyyy".to_owned()));
    }
    Ok(forms)
}

fn hours_form(form: Option<&str>, minutes: bool) -> Result<HoursForm, MappingError> {
    match form {
        None if minutes => Ok(HoursForm::Minutes),
        None | Some("decimal") if !minutes => Ok(HoursForm::Decimal),
        Some("h:mm") if !minutes => Ok(HoursForm::Clock),
        None => Ok(HoursForm::Decimal),
        Some(other) => Err(MappingError::UnknownForm(other.to_owned())),
    }
}

fn volunteer_form(form: Option<&str>) -> Result<VolunteerForm, MappingError> {
    match form {
        None | Some("number") => Ok(VolunteerForm::Number),
        Some("email") => Ok(VolunteerForm::Email),
        Some("uid") => Ok(VolunteerForm::Uid),
        Some(other) => Err(MappingError::UnknownForm(other.to_owned())),
    }
}

#[cfg(test)]
#[path = "mapping_tests.rs"]
mod tests;
