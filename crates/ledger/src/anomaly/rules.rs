//! What counts as seldom: the `[anomalies]` of the rulebook.

use jiff::civil::Time;
use serde::Deserialize;

use crate::{
    Category,
    rulebook::{BadRulebook, bad_text, within, wrong},
};

/// The most thresholds of a year, and the most categories of the night.
const LIST_MAX: usize = 32;
/// Rows of a copy that may be changed, where the rulebook does not say; and the most that may be.
const CHANGES: u32 = 2;
const CHANGES_MAX: u32 = 100;

/// From when on something is told as an anomaly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnomalyRules {
    /// More minutes on one day are impossible.
    pub day_minutes: i64,
    /// Sheets with at least so many volunteers are compared.
    pub cloned_volunteers: usize,
    /// Rows of either that two such sheets may differ by.
    pub cloned_changes: usize,
    /// Hours of a year that something depends on.
    pub year_end_hours: Vec<u32>,
    /// At most so many minutes above a threshold are just above it.
    pub year_end_margin: i64,
    /// At least so many records of kin.
    pub kin_records: usize,
    /// At least so many records in each direction.
    pub traded_records: usize,
    /// At least so many families with one telephone.
    pub phone_families: usize,
    /// Clerks with at least so many records are compared.
    pub round_records: usize,
    /// By so many hundredths more of the hours are round than of others'.
    pub round_excess_percent: u32,
    /// Chance would make it so once in so many times at most.
    pub round_one_in: u32,
    /// Minutes after midnight before which there is no service, and after which there is none.
    pub opening: (i64, i64),
    /// Categories of which there is service at night too.
    pub night_categories: Vec<Category>,
    /// At least so many check-outs of a volunteer and year that never came.
    pub forgotten: usize,
    /// Gifts within so many days.
    pub gift_days: i64,
    /// At least so many givers.
    pub gift_givers: usize,
}

/// The same, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AnomaliesTable {
    day_minutes: u32,
    cloned_volunteers: u32,
    /// Rules of before have none.
    cloned_changes: Option<u32>,
    year_end_hours: Vec<u32>,
    year_end_margin_minutes: u32,
    kin_records: u32,
    traded_records: u32,
    phone_families: u32,
    round_records: u32,
    round_excess_percent: u32,
    round_one_in: u32,
    opens: String,
    closes: String,
    night_categories: Vec<String>,
    forgotten_check_outs: u32,
    gift_days: u32,
    gift_givers: u32,
}

impl Default for AnomaliesTable {
    fn default() -> Self {
        Self {
            day_minutes: 960,
            cloned_volunteers: 10,
            cloned_changes: None,
            year_end_hours: vec![100],
            year_end_margin_minutes: 120,
            kin_records: 1,
            traded_records: 2,
            phone_families: 2,
            round_records: 50,
            round_excess_percent: 20,
            round_one_in: 1_000_000,
            opens: "06:00".to_owned(),
            closes: "23:00".to_owned(),
            night_categories: Vec::new(),
            forgotten_check_outs: 3,
            gift_days: 7,
            gift_givers: 5,
        }
    }
}

impl AnomalyRules {
    pub(crate) fn parse(it: &AnomaliesTable) -> Result<Self, BadRulebook> {
        let number = |name: &str, value, least, most| {
            within(&format!("anomalies.{name}"), value, least, most)
        };
        let count = |name: &str, value, least| {
            let value = number(name, value, least, 1_000_000)?;
            Ok::<_, BadRulebook>(usize::try_from(value).unwrap_or(usize::MAX))
        };
        let minutes = |name: &str, value| number(name, value, 1, 1440).map(i64::from);
        Ok(Self {
            day_minutes: minutes("day_minutes", it.day_minutes)?,
            cloned_volunteers: count("cloned_volunteers", it.cloned_volunteers, 2)?,
            cloned_changes: changes(it)?,
            year_end_hours: thresholds(&it.year_end_hours)?,
            year_end_margin: minutes("year_end_margin_minutes", it.year_end_margin_minutes)?,
            kin_records: count("kin_records", it.kin_records, 1)?,
            traded_records: count("traded_records", it.traded_records, 1)?,
            phone_families: count("phone_families", it.phone_families, 2)?,
            round_records: count("round_records", it.round_records, 10)?,
            round_excess_percent: number("round_excess_percent", it.round_excess_percent, 1, 100)?,
            round_one_in: number("round_one_in", it.round_one_in, 10, 1_000_000_000)?,
            opening: opening(&it.opens, &it.closes)?,
            night_categories: categories(&it.night_categories)?,
            forgotten: count("forgotten_check_outs", it.forgotten_check_outs, 1)?,
            gift_days: i64::from(number("gift_days", it.gift_days, 1, 366)?),
            gift_givers: count("gift_givers", it.gift_givers, 2)?,
        })
    }
}

/// Less than half of a sheet: one of which more is changed is another.
fn changes(it: &AnomaliesTable) -> Result<usize, BadRulebook> {
    let most = it.cloned_volunteers.saturating_sub(1).div_euclid(2).min(CHANGES_MAX);
    let value = it.cloned_changes.unwrap_or(most.min(CHANGES));
    let setting = "anomalies.cloned_changes";
    if most < value {
        let english = format!(
            "{value} is out of range: give 0 to {most}, less than half of cloned_volunteers"
        );
        let chinese = format!("{value} 超出范围，应为 0 至 {most}，少于 cloned_volunteers 的一半");
        return Err(wrong(setting, english, chinese));
    }
    Ok(usize::try_from(value).unwrap_or(usize::MAX))
}

fn bounded<T>(name: &str, list: &[T]) -> Result<(), BadRulebook> {
    if list.len() <= LIST_MAX {
        return Ok(());
    }
    let english = format!("more than {LIST_MAX} are given");
    Err(wrong(&format!("anomalies.{name}"), english, format!("最多 {LIST_MAX} 项")))
}

fn thresholds(hours: &[u32]) -> Result<Vec<u32>, BadRulebook> {
    bounded("year_end_hours", hours)?;
    hours.iter().map(|it| within("anomalies.year_end_hours", *it, 1, 8784)).collect()
}

fn categories(names: &[String]) -> Result<Vec<Category>, BadRulebook> {
    bounded("night_categories", names)?;
    let category = |name: &String| Category::new(name);
    let parsed = names.iter().map(category).collect::<Result<_, _>>();
    parsed.map_err(bad_text("anomalies.night_categories"))
}

fn opening(opens: &str, closes: &str) -> Result<(i64, i64), BadRulebook> {
    let minute = |name: &str, text: &str| {
        // The day ends with 24:00, which no clock shows.
        if text == "24:00" {
            return Ok(1440);
        }
        let time = Time::strptime("%H:%M", text).map_err(|_| {
            let problem = format!("{text:?} is no time: give one such as \"06:00\"");
            let chinese = format!("{text:?} 不是时间：请填如 \"06:00\"");
            wrong(&format!("anomalies.{name}"), problem, chinese)
        })?;
        Ok(i64::from(time.hour()).saturating_mul(60).saturating_add(i64::from(time.minute())))
    };
    let (opens, closes) = (minute("opens", opens)?, minute("closes", closes)?);
    if opens < closes {
        return Ok((opens, closes));
    }
    let english = "it is not after anomalies.opens";
    Err(wrong("anomalies.closes", english, "须晚于 anomalies.opens"))
}
