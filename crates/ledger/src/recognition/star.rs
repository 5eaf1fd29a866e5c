//! Stars (星级): schemes as documents of the rulebook, and who reached which.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::{
    Ages, View,
    clause::{Clause, ClauseTable, Judged},
    facts::Person,
    programme::{SpanTable, bands, branch_kind, clauses, span},
};
use crate::{
    BadRulebook, BranchKind, BranchNo, Days, EntryNo, HonourRow, Ledger, PassbookNo, ProgrammeName,
    STAR_MAX, Title, VolunteerStatus,
    priority::labels,
    rulebook::{bad_text, within, wrong},
};

/// The most schemes of a rulebook.
pub const SCHEMES_MAX: usize = 16;
/// The most stars of a scheme, each age band's counted.
pub const STARS_MAX: usize = 64;

/// A scheme of stars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarScheme {
    /// Its name.
    pub name: ProgrammeName,
    /// What it is called, in English.
    pub english: String,
    /// What it is called, in Chinese.
    pub chinese: String,
    /// The lower ends of its age bands, rising.
    pub age_bands: Vec<u8>,
    /// Its stars, lowest first; of several of one level one is enough.
    pub stars: Vec<Star>,
    span: Option<SpanTable>,
}

/// A star.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Star {
    /// How many.
    pub level: u8,
    /// What it is called, in English.
    pub english: String,
    /// What it is called, in Chinese.
    pub chinese: String,
    /// Whose approver gives it: the branch of this kind at or above the home branch; none: the
    /// home branch's.
    pub approved_by: Option<BranchKind>,
    /// What must be met.
    pub conditions: Vec<Clause>,
    hours: Option<u32>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SchemeTable {
    english: String,
    chinese: String,
    #[serde(default)]
    age_bands: Vec<u8>,
    /// Of which days; left out: of all.
    days: Option<SpanTable>,
    stars: Vec<StarTable>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct StarTable {
    level: u8,
    english: String,
    chinese: String,
    hours: Option<u32>,
    tenure_months: Option<u32>,
    continuous_months: Option<u32>,
    age_band: Option<u8>,
    approved_by: Option<String>,
    #[serde(default)]
    conditions: Vec<ClauseTable>,
}

pub(crate) fn parse_schemes(
    tables: &BTreeMap<String, SchemeTable>,
) -> Result<Vec<StarScheme>, BadRulebook> {
    if SCHEMES_MAX < tables.len() {
        let english = format!("there are {SCHEMES_MAX} at most");
        return Err(wrong("star_schemes", english, format!("最多 {SCHEMES_MAX} 个")));
    }
    tables.iter().map(|(name, it)| StarScheme::parse(name, it)).collect()
}

impl StarScheme {
    fn parse(name: &str, it: &SchemeTable) -> Result<Self, BadRulebook> {
        let setting = format!("star_schemes.{name}");
        labels(&setting, &it.english, &it.chinese)?;
        if it.stars.is_empty() || STARS_MAX < it.stars.len() {
            let problem = format!("it has {} stars: give 1 to {STARS_MAX}", it.stars.len());
            let chinese = format!("有 {} 星，应为 1 至 {STARS_MAX} 星", it.stars.len());
            return Err(wrong(&setting, problem, chinese));
        }
        if !it.stars.is_sorted_by_key(|it| it.level) {
            let english = "its stars do not rise: give the lowest level first";
            return Err(wrong(&setting, english, "各星须从低到高排列"));
        }
        let age_bands = bands(&format!("{setting}.age_bands"), &it.age_bands)?;
        let star = |(no, star): (u32, &StarTable)| {
            let setting = format!("{setting}, star {no}");
            if star.age_band.is_some_and(|it| !age_bands.contains(&it)) {
                let problem =
                    "age_band is none of the scheme's age_bands: give the lower end of one";
                let chinese = "age_band 不在此方案的 age_bands 中：请填其中一段的下限";
                return Err(wrong(&setting, problem, chinese));
            }
            Star::parse(&setting, star, it.days.is_some())
        };
        let stars = (1..).zip(&it.stars).map(star).collect::<Result<_, _>>()?;
        let days = it.days.as_ref().map(|it| span(&format!("{setting}.days"), it)).transpose()?;
        Ok(Self {
            name: ProgrammeName::new(name).map_err(bad_text(&setting))?,
            english: it.english.clone(),
            chinese: it.chinese.clone(),
            age_bands,
            stars,
            span: days,
        })
    }

    /// The hours of its stars, lowest first, where each star has some and none is for an age.
    pub(crate) fn hours(&self) -> Option<Vec<u32>> {
        let plain = self.age_bands.is_empty() && !self.is_yearly();
        let hours = self.stars.iter().map(|it| it.hours);
        if plain { hours.collect() } else { None }
    }

    /// Whether its stars are for a year each.
    pub fn is_yearly(&self) -> bool {
        self.span.is_some()
    }

    /// The days that are looked at for a year, or, where it is no yearly scheme, all.
    pub fn days(&self, year: i16, today: Date) -> Option<Days> {
        match &self.span {
            Some(it) => it.days(year, Some(today)),
            None => Some(Days { from: Date::new(1970, 1, 1).ok()?, until: today }),
        }
    }

    /// The title of one of its stars.
    pub fn title(&self, level: u8, year: i16) -> Title {
        let year = self.is_yearly().then_some(year);
        Title::Star { scheme: self.name.clone(), level, year }
    }
}

impl Star {
    fn parse(setting: &str, it: &StarTable, yearly: bool) -> Result<Self, BadRulebook> {
        labels(setting, &it.english, &it.chinese)?;
        within(&format!("{setting}, level"), it.level.into(), 1, STAR_MAX.into())?;
        let mut conditions = Vec::new();
        if let Some(hours) = it.hours {
            let minutes = i64::from(hours).saturating_mul(60);
            let of = if yearly { "minutes" } else { "minutes_total" };
            let words = ("minutes served", "服务分钟数");
            conditions.push(Clause::at_least(setting, (of, minutes), words)?);
        }
        if let Some(months) = it.tenure_months {
            let words = ("months since joining", "注册月数");
            conditions.push(Clause::at_least(setting, ("tenure_months", months.into()), words)?);
        }
        if let Some(months) = it.continuous_months {
            let words = ("months of service in a row", "连续服务月数");
            let least = ("continuous_months", months.into());
            conditions.push(Clause::at_least(setting, least, words)?);
        }
        if let Some(age) = it.age_band {
            let condition = format!("age_band == {age}");
            conditions.push(Clause::holds(setting, &condition, ("age", "年龄段"))?);
        }
        conditions.extend(clauses(setting, &it.conditions)?);
        if conditions.is_empty() {
            let english = "it has no condition: give hours, or conditions";
            return Err(wrong(setting, english, "没有条件：请填 hours 或 conditions"));
        }
        let kind = it.approved_by.as_deref();
        Ok(Self {
            level: it.level,
            english: it.english.clone(),
            chinese: it.chinese.clone(),
            approved_by: kind.map(|it| branch_kind(setting, it)).transpose()?,
            conditions,
            hours: it.hours,
        })
    }
}

/// How far someone is with a star.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach<'a> {
    /// The star.
    pub star: &'a Star,
    /// Each of its conditions, as it was judged.
    pub conditions: Vec<Judged>,
}

impl Reach<'_> {
    /// Whether all conditions are met.
    pub fn is_reached(&self) -> bool {
        self.conditions.iter().all(|it| it.met)
    }

    /// Whether it is for the age of the volunteer.
    pub(crate) fn is_of_age(&self) -> bool {
        let age = super::facts::position("age_band");
        let asks = |it: &Clause| it.variables().iter().any(|it| Some(*it) == age);
        self.star
            .conditions
            .iter()
            .zip(&self.conditions)
            .all(|(it, judged)| judged.met || !asks(it))
    }
}

/// How far volunteers are with the stars of a scheme.
pub struct Reaching<'a> {
    ledger: &'a Ledger<'a>,
    scheme: &'a StarScheme,
    view: View<'a>,
}

/// One who reached a star that is not given yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StarCandidate<'a> {
    /// Who.
    pub passbook: PassbookNo,
    /// The home branch.
    pub home: BranchNo,
    /// The highest star that is reached.
    pub star: &'a Star,
    /// The highest star of the scheme, and the year, that is held; 0: none.
    pub held: u8,
}

impl<'a> Reaching<'a> {
    /// As of an entry, on a day, for a year where the scheme is one of years; none where the year
    /// has not begun.
    pub fn new(
        ledger: &'a Ledger<'_>,
        scheme: &'a StarScheme,
        (year, today, as_of): (i16, Date, EntryNo),
        ages: Ages,
    ) -> Option<Self> {
        let days = scheme.days(year, today)?;
        let mut view = View::new(ledger, &scheme.name, (year, days), as_of);
        view.ages = ages;
        Some(Self { ledger, scheme, view })
    }

    /// How far someone is with each star.
    pub fn of(&self, passbook: PassbookNo) -> Vec<Reach<'a>> {
        let person = Person::new(self.ledger, &self.view, passbook);
        let reach = |star: &'a Star| Reach {
            star,
            conditions: star.conditions.iter().map(|it| it.judge(&|at| person.of(at))).collect(),
        };
        self.scheme.stars.iter().map(reach).collect()
    }

    /// The highest star that someone reached.
    pub fn reached(&self, passbook: PassbookNo) -> Option<&'a Star> {
        let person = Person::new(self.ledger, &self.view, passbook);
        let met = |star: &&Star| star.conditions.iter().all(|it| it.is_met(&|at| person.of(at)));
        self.scheme.stars.iter().rev().find(met)
    }

    /// The highest star of the scheme, and the year, that someone holds; 0: none.
    pub fn held(&self, passbook: PassbookNo) -> u8 {
        let yearly = self.scheme.is_yearly().then_some(self.view.year);
        let level = |it: &HonourRow| match &it.honour.title {
            Title::Star { scheme, level, year } if *scheme == self.scheme.name => {
                (*year == yearly).then_some(*level)
            }
            Title::Star { .. } | Title::Award { .. } => None,
        };
        let held = self.ledger.honours_of(passbook, Some(self.view.as_of));
        let held = held.filter(|it| it.held(self.view.as_of));
        held.filter_map(level).max().unwrap_or(0)
    }

    /// Those who take part, are at home in a branch or below it, and reached a higher star than
    /// they hold.
    pub fn candidates(&self, home: Option<BranchNo>) -> Vec<StarCandidate<'a>> {
        let count = u64::try_from(self.ledger.volunteer_count()).unwrap_or(u64::MAX);
        let all = (1..=count).filter_map(|it| PassbookNo::new(it).ok());
        all.filter_map(|it| self.candidate(it, home)).collect()
    }

    fn candidate(&self, passbook: PassbookNo, top: Option<BranchNo>) -> Option<StarCandidate<'a>> {
        let as_of = self.view.as_of;
        let home = self.ledger.home(passbook, Some(as_of))?;
        let active = self.ledger.status(passbook, Some(as_of)) == Some(VolunteerStatus::Active);
        // Of one whose data was erased nobody knows whom to give it.
        let erased = self.ledger.is_erased(passbook, as_of);
        if !active
            || erased
            || self.ledger.person_as_of(passbook, Some(as_of)) != passbook
            || top.is_some_and(|top| !self.ledger.ancestry(home).any(|it| it == top))
        {
            return None;
        }
        let star = self.reached(passbook)?;
        let held = self.held(passbook);
        (held < star.level).then_some(StarCandidate { passbook, home, star, held })
    }
}
