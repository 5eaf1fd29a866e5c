//! Award programmes as documents of the rulebook.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::{
    clause::{CLAUSES_MAX, Clause, ClauseTable},
    facts::position,
};
use crate::{
    BadRulebook, BranchCode, BranchKind, Days, HonourLevel, ProgrammeName, WINNERS_MAX,
    priority::{Key, KeyTable, labels, parse_keys},
    rulebook::{bad_text, within, wrong},
};

/// The most programmes of a rulebook.
pub const PROGRAMMES_MAX: usize = 32;
/// The most branches with places of their own.
const BRANCHES_MAX: usize = 1000;
/// The most working days of a notice period.
const NOTICE_MAX: u32 = 60;
/// The most bands of age.
const BANDS_MAX: usize = 16;
/// The most months that are looked at.
const MONTHS_MAX: u32 = 600;

/// An award programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    /// Its name.
    pub name: ProgrammeName,
    /// What it is called, in English.
    pub english: String,
    /// What it is called, in Chinese.
    pub chinese: String,
    /// Who honours.
    pub level: HonourLevel,
    /// Working days that its result hangs out.
    pub notice_working_days: u32,
    /// The lower ends of its age bands, rising.
    pub age_bands: Vec<u8>,
    /// Who can be chosen: all must be met.
    pub eligible: Vec<Clause>,
    /// Who comes first.
    pub order: Vec<Key>,
    /// How many are chosen.
    pub places: Places,
    /// What becomes of those who are equal at the last place.
    pub ties: Ties,
    span: SpanTable,
}

/// How many are chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// In all; none: as many as are eligible.
    pub most: Option<u32>,
    /// For each branch of a kind, by those at home in it or below it.
    pub per_branch: Option<(BranchKind, u32)>,
    /// For some branches, another number.
    pub of_branch: BTreeMap<BranchCode, u32>,
    /// Who gets places that no branch has, or fills.
    pub rest: Rest,
}

/// Who gets the places that are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rest {
    /// The best of all branches.
    Best,
    /// Nobody.
    Nobody,
}

/// What becomes of those who are equal at the last place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// All of them are in, though there are more than places.
    AllIn,
    /// Whoever's passbook is older.
    OldestFirst,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgrammeTable {
    english: String,
    chinese: String,
    level: HonourLevel,
    #[serde(default = "seven")]
    notice_working_days: u32,
    #[serde(default)]
    age_bands: Vec<u8>,
    #[serde(default)]
    days: SpanTable,
    #[serde(default)]
    places: PlacesTable,
    #[serde(default = "all_in")]
    ties: Ties,
    #[serde(default)]
    eligible: Vec<ClauseTable>,
    #[serde(default)]
    order: Vec<KeyTable>,
}

/// Which days a year of the programme has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpanTable {
    begins: Option<String>,
    months: Option<u32>,
}

impl Default for SpanTable {
    fn default() -> Self {
        Self { begins: Some("01-01".to_owned()), months: None }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacesTable {
    most: Option<u32>,
    per_branch: Option<u32>,
    branch_kind: Option<String>,
    #[serde(default)]
    of_branch: BTreeMap<String, u32>,
    rest: Option<Rest>,
}

fn seven() -> u32 {
    7
}

fn all_in() -> Ties {
    Ties::AllIn
}

pub(crate) fn parse_programmes(
    tables: &BTreeMap<String, ProgrammeTable>,
) -> Result<Vec<Programme>, BadRulebook> {
    if PROGRAMMES_MAX < tables.len() {
        let english = format!("there are {PROGRAMMES_MAX} at most");
        return Err(wrong("programmes", english, format!("最多 {PROGRAMMES_MAX} 个")));
    }
    tables.iter().map(|(name, it)| Programme::parse(name, it)).collect()
}

impl Programme {
    fn parse(name: &str, it: &ProgrammeTable) -> Result<Self, BadRulebook> {
        let setting = format!("programmes.{name}");
        let at = |what: &str| format!("{setting}.{what}");
        labels(&setting, &it.english, &it.chinese)?;
        let notice = within(&at("notice_working_days"), it.notice_working_days, 1, NOTICE_MAX)?;
        let eligible = clauses(&at("eligible"), &it.eligible)?;
        let parsed = Self {
            name: ProgrammeName::new(name).map_err(bad_text(&setting))?,
            english: it.english.clone(),
            chinese: it.chinese.clone(),
            level: it.level,
            notice_working_days: notice,
            age_bands: bands(&at("age_bands"), &it.age_bands)?,
            eligible,
            order: parse_keys(&at("order"), &it.order, super::VARIABLES)?,
            places: places(&at("places"), &it.places)?,
            ties: it.ties,
            span: span(&at("days"), &it.days)?,
        };
        if parsed.asks_age() && parsed.age_bands.is_empty() {
            let problem =
                "it names age_band: give the lower ends of the bands, such as [0, 18, 60]";
            let chinese = "公式中有 age_band：请填各年龄段的下限，如 [0, 18, 60]";
            return Err(wrong(&at("age_bands"), problem, chinese));
        }
        Ok(parsed)
    }

    /// Whether it asks for ages.
    pub fn asks_age(&self) -> bool {
        let age = position("age_band");
        let names = |of: &[usize]| of.iter().any(|it| Some(*it) == age);
        self.eligible.iter().any(|it| names(it.variables()))
            || self.order.iter().any(|it| names(it.score.variables()))
    }

    /// The days of a year, up to a cut-off; none where the cut-off is before its first day.
    pub fn days(&self, year: i16, cut_off: Option<Date>) -> Option<Days> {
        self.span.days(year, cut_off)
    }
}

impl SpanTable {
    pub(super) fn days(&self, year: i16, cut_off: Option<Date>) -> Option<Days> {
        let first = |year: i16| match &self.begins {
            Some(it) => month_day(it).and_then(|(month, day)| Date::new(year, month, day).ok()),
            None => Date::new(year, 1, 1).ok(),
        };
        let last = first(year.checked_add(1)?)?.yesterday().ok()?;
        let until = cut_off.map_or(last, |it| it.min(last));
        let from = match self.months {
            None => first(year)?,
            Some(months) => {
                let months = i32::try_from(months).ok()?;
                until.checked_sub(jiff::Span::new().months(months)).ok()?.tomorrow().ok()?
            }
        };
        (first(year)? <= until).then_some(Days { from, until })
    }
}

fn month_day(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-')?;
    Some((month.parse().ok()?, day.parse().ok()?))
}

pub(super) fn span(setting: &str, it: &SpanTable) -> Result<SpanTable, BadRulebook> {
    let begins = it.begins.as_deref().unwrap_or("01-01");
    // A year without a leap day has every day that can begin one.
    let known = month_day(begins).and_then(|(month, day)| Date::new(2001, month, day).ok());
    if known.is_none() {
        let problem = format!("begins = {begins:?} is no day of every year: give one as \"09-01\"");
        let chinese = format!("begins = {begins:?} 不是每年都有的日子：请填如 \"09-01\"");
        return Err(wrong(setting, problem, chinese));
    }
    if let Some(months) = it.months {
        within(&format!("{setting}.months"), months, 1, MONTHS_MAX)?;
    }
    Ok(it.clone())
}

pub(super) fn clauses(setting: &str, tables: &[ClauseTable]) -> Result<Vec<Clause>, BadRulebook> {
    if CLAUSES_MAX < tables.len() {
        let problem = format!("it has {} conditions: give {CLAUSES_MAX} at most", tables.len());
        let chinese = format!("有 {} 个条件，最多 {CLAUSES_MAX} 个", tables.len());
        return Err(wrong(setting, problem, chinese));
    }
    let numbered = (1..).zip(tables);
    numbered.map(|(no, it)| Clause::parse(&format!("{setting}, condition {no}"), it)).collect()
}

pub(super) fn bands(setting: &str, bands: &[u8]) -> Result<Vec<u8>, BadRulebook> {
    if BANDS_MAX < bands.len() || !bands.is_sorted_by(|a, b| a < b) {
        let problem = format!("give up to {BANDS_MAX} rising ages, the lower end of each band");
        let chinese = format!("请从小到大填各年龄段的下限，最多 {BANDS_MAX} 个");
        return Err(wrong(setting, problem, chinese));
    }
    Ok(bands.to_vec())
}

fn places(setting: &str, it: &PlacesTable) -> Result<Places, BadRulebook> {
    let winners = u32::try_from(WINNERS_MAX).unwrap_or(u32::MAX);
    let most = it.most.map(|most| within(&format!("{setting}.most"), most, 1, winners));
    let kind = it.branch_kind.as_deref().map(|kind| branch_kind(setting, kind)).transpose()?;
    let per_branch = match (kind, it.per_branch) {
        (Some(kind), each) => {
            let each = each.unwrap_or(0);
            Some((kind, within(&format!("{setting}.per_branch"), each, 0, winners)?))
        }
        (None, None) if it.of_branch.is_empty() => None,
        (None, _) => {
            let problem = "give branch_kind, too: \"district\", \"street\" or \"community\"";
            let chinese = "还须填 branch_kind：\"district\"、\"street\" 或 \"community\"";
            return Err(wrong(setting, problem, chinese));
        }
    };
    if BRANCHES_MAX < it.of_branch.len() {
        let problem = format!("there are {BRANCHES_MAX} branches at most");
        let chinese = format!("最多 {BRANCHES_MAX} 个机构");
        return Err(wrong(&format!("{setting}.of_branch"), problem, chinese));
    }
    let of_branch = it.of_branch.iter().map(|(code, places)| {
        let setting = format!("{setting}.of_branch.{code:?}");
        let code = BranchCode::new(code).map_err(bad_text(&setting))?;
        Ok((code, within(&setting, *places, 0, winners)?))
    });
    Ok(Places {
        most: most.transpose()?,
        per_branch,
        of_branch: of_branch.collect::<Result<_, BadRulebook>>()?,
        rest: it.rest.unwrap_or(Rest::Best),
    })
}

pub(super) fn branch_kind(setting: &str, kind: &str) -> Result<BranchKind, BadRulebook> {
    match kind {
        "district" => Ok(BranchKind::District),
        "street" => Ok(BranchKind::Street),
        "community" => Ok(BranchKind::Community),
        _ => {
            let problem =
                format!("{kind:?} is no kind of branch: give district, street or community");
            let chinese = format!("{kind:?} 不是机构类别：请填 district、street 或 community");
            Err(wrong(setting, problem, chinese))
        }
    }
}
