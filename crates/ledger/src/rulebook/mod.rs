//! The rulebook: versioned numbers of policy, as a TOML document. No number of policy is a
//! constant in code; the defaults are those of the built-in document.

mod bad;
mod document;

use std::{
    collections::BTreeMap,
    hash::{Hash, Hasher},
    sync::Arc,
};

use rust_decimal::Decimal;

use crate::{
    AnomalyRules, BadToml, Calendar, Category, Coefficient, GiftsTo, Minutes, Points, Policy,
    PolicyName, ProgrammeName,
    priority::{KeyTable, POLICIES_MAX},
    recognition::{self, Programme, StarScheme},
};
pub use bad::BadRulebook;
pub(crate) use bad::{bad_amount, bad_text, within, wrong};
use document::{Document, LadderTable, RedemptionTable, StarsTable};

/// The document a bank opens with. Sources: the ladder and the three check-ins a day are those
/// of Guangdong i志愿; one point an hour is the common rate of time banks.
pub const DEFAULT: &str = include_str!("../rulebook.toml");

/// The longest document, in bytes.
const BYTES_MAX: usize = 64 * 1024;
/// The most categories with a coefficient of their own.
const CATEGORIES_MAX: usize = 256;
/// The national stars, 1 to 5: of a document that says none.
const NATIONAL_HOURS: [u32; 5] = [100, 300, 600, 1000, 1500];
/// The most stars.
const STARS_MAX: usize = 10;
/// The most months that points last, where they do not last for ever.
const EXPIRE_MONTHS_MAX: u32 = 1200;
/// Minutes of a civil day.
const DAY: u32 = 1440;

/// One version of the policy, parsed and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rulebook {
    text: Arc<str>,
    ladder: Ladder,
    coefficient: Coefficient,
    categories: BTreeMap<Category, Coefficient>,
    points_cap: Option<Points>,
    expire_months: Option<u32>,
    check_in_pairs: u32,
    recording_days: u32,
    stars: Vec<Minutes>,
    policies: Vec<Policy>,
    redemption: RedemptionRules,
    gifts_to: GiftsTo,
    silence_days: u32,
    calendar: Calendar,
    schemes: Vec<StarScheme>,
    programmes: Vec<Programme>,
    /// Boxed, for a command may carry a rulebook.
    anomalies: Box<AnomalyRules>,
}

impl Hash for Rulebook {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // All else follows from it.
        self.text.hash(state);
    }
}

/// How long requests and places last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RedemptionRules {
    /// Days until when a place can be used, where the reward has no window.
    pub fulfill_days: u32,
    /// Days that a request waits on a list.
    pub waiting_days: u32,
    /// Whether who does not come loses the points.
    pub no_show_forfeits: bool,
}

/// How many minutes of one person and day take effect by whose word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ladder {
    /// Up to so many take effect at once.
    pub at_once: Minutes,
    /// Up to so many need an approver of the branch; more, one of the branch above.
    pub branch: Minutes,
    /// More are never recorded.
    pub most: Minutes,
}

impl Rulebook {
    /// Parses and checks a document.
    pub fn parse(text: &str) -> Result<Self, BadRulebook> {
        if BYTES_MAX < text.len() {
            return Err(BadRulebook::TooLong { bytes: text.len() });
        }
        let unreadable = |err: toml::de::Error| BadRulebook::Unreadable(BadToml::new(text, &err));
        let it: Document = toml::from_str(text).map_err(unreadable)?;
        if it.format != 1 {
            let given = it.format;
            let english = format!("{given} is not known: give 1");
            return Err(wrong("format", english, format!("没有格式 {given}：请填 1")));
        }
        if CATEGORIES_MAX < it.earning.categories.len() {
            let english = format!("more than {CATEGORIES_MAX} categories");
            let chinese = format!("最多 {CATEGORIES_MAX} 个类别");
            return Err(wrong("earning.categories", english, chinese));
        }
        let categories = it.earning.categories.iter().map(|(name, value)| {
            let setting = format!("earning.categories.{name:?}");
            let category = Category::new(name).map_err(bad_text(&setting))?;
            Ok((category, coefficient(&setting, value)?))
        });
        let schemes = recognition::parse_schemes(&it.star_schemes)?;
        Ok(Self {
            text: text.into(),
            ladder: ladder(&it.ladder)?,
            coefficient: coefficient("earning.points_per_hour", &it.earning.points_per_hour)?,
            categories: categories.collect::<Result<_, BadRulebook>>()?,
            points_cap: it.passbook.points_cap.as_deref().map(points_cap).transpose()?,
            expire_months: it.passbook.points_expire_months.map(expire_months).transpose()?,
            check_in_pairs: within("check_in.pairs_per_day", it.check_in.pairs_per_day, 1, 100)?,
            recording_days: within("recording.working_days", it.recording.working_days, 0, 1000)?,
            stars: stars(&it.stars, &schemes)?,
            policies: policies(&it.priority)?,
            redemption: redemption(&it.redemption)?,
            gifts_to: it.gifts.to,
            silence_days: within("help.silence_days", it.help.silence_days, 1, 366)?,
            calendar: Calendar::parse(&it.calendar)?,
            schemes,
            programmes: recognition::parse_programmes(&it.programmes)?,
            anomalies: Box::new(AnomalyRules::parse(&it.anomalies)?),
        })
    }

    /// The document as adopted.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Who must say yes to how many minutes a day.
    pub fn ladder(&self) -> Ladder {
        self.ladder
    }

    /// Points for an hour of a category.
    pub fn coefficient(&self, category: Option<&Category>) -> Coefficient {
        category.and_then(|it| self.categories.get(it)).copied().unwrap_or(self.coefficient)
    }

    /// The most points a passbook holds by earning; what is above goes to the pool.
    pub fn points_cap(&self) -> Option<Points> {
        self.points_cap
    }

    /// Whole months after that in which points came, at whose end they expire; none: never.
    pub fn expire_months(&self) -> Option<u32> {
        self.expire_months
    }

    /// Working days after the end of an activity in which its hours are recorded.
    pub fn recording_days(&self) -> u32 {
        self.recording_days
    }

    /// The star that minutes reach, 0 where they reach none.
    pub fn star(&self, minutes: Minutes) -> i64 {
        let reached = self.stars.iter().filter(|it| **it <= minutes).count();
        i64::try_from(reached).unwrap_or(i64::MAX)
    }

    /// Minutes that make one star, two, …
    pub fn stars(&self) -> &[Minutes] {
        &self.stars
    }

    /// From when on something is told as an anomaly.
    pub fn anomalies(&self) -> &AnomalyRules {
        &self.anomalies
    }

    /// A priority policy.
    pub fn policy(&self, name: &PolicyName) -> Option<&Policy> {
        self.policies.iter().find(|it| it.name() == name)
    }

    /// Every priority policy, by name.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// Which days people work.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Every star scheme, by name.
    pub fn schemes(&self) -> &[StarScheme] {
        &self.schemes
    }

    /// A star scheme.
    pub fn scheme(&self, name: &ProgrammeName) -> Option<&StarScheme> {
        self.schemes.iter().find(|it| it.name == *name)
    }

    /// Every award programme, by name.
    pub fn programmes(&self) -> &[Programme] {
        &self.programmes
    }

    /// An award programme.
    pub fn programme(&self, name: &ProgrammeName) -> Option<&Programme> {
        self.programmes.iter().find(|it| it.name == *name)
    }

    /// Days after which the silence of one side of a help request agrees.
    pub fn silence_days(&self) -> u32 {
        self.silence_days
    }

    /// To whom volunteers may give.
    pub fn gifts_to(&self) -> GiftsTo {
        self.gifts_to
    }

    /// How long requests and places last.
    pub fn redemption(&self) -> RedemptionRules {
        self.redemption
    }

    /// The most check-in and check-out pairs for a person, activity and day.
    pub fn check_in_pairs(&self) -> u32 {
        self.check_in_pairs
    }
}

fn ladder(it: &LadderTable) -> Result<Ladder, BadRulebook> {
    let most = within("ladder.day_minutes", it.day, 1, DAY)?;
    let branch = within("ladder.branch_minutes", it.branch, 0, most)?;
    let at_once = within("ladder.at_once_minutes", it.at_once, 0, branch)?;
    let minutes = |it: u32| Minutes::new(i64::from(it));
    Ok(Ladder { at_once: minutes(at_once), branch: minutes(branch), most: minutes(most) })
}

/// Rising thresholds of minutes.
/// The hours of stars, as the document or a scheme of it says them.
fn stars(it: &StarsTable, schemes: &[StarScheme]) -> Result<Vec<Minutes>, BadRulebook> {
    let hours = match (&it.hours, &it.scheme) {
        (Some(hours), None) => hours.clone(),
        (None, None) => NATIONAL_HOURS.to_vec(),
        (Some(_), Some(_)) => {
            return Err(wrong(
                "stars",
                "give either hours or scheme",
                "hours 与 scheme 只能填一项",
            ));
        }
        (None, Some(name)) => {
            let scheme = schemes.iter().find(|it| it.name.as_str() == name);
            let hours = scheme.and_then(StarScheme::hours);
            hours.ok_or_else(|| {
                let problem =
                    format!("{name:?} is no scheme of star_schemes with hours for all stars");
                let chinese = format!("star_schemes 中没有各星都有小时数的 {name:?}");
                wrong("stars.scheme", problem, chinese)
            })?
        }
    };
    if STARS_MAX < hours.len() {
        let english = format!("there are {STARS_MAX} stars at most");
        return Err(wrong("stars.hours", english, format!("最多 {STARS_MAX} 星")));
    }
    if !hours.is_sorted_by(|a, b| a < b) {
        let english = "each star needs more hours than the one before";
        return Err(wrong("stars.hours", english, "每一星的小时数须多于前一星"));
    }
    Ok(hours.iter().map(|it| Minutes::new(i64::from(*it).saturating_mul(60))).collect())
}

fn policies(tables: &BTreeMap<String, Vec<KeyTable>>) -> Result<Vec<Policy>, BadRulebook> {
    if POLICIES_MAX < tables.len() {
        let english = format!("more than {POLICIES_MAX} policies");
        return Err(wrong("priority", english, format!("最多 {POLICIES_MAX} 个规则")));
    }
    tables.iter().map(|(name, keys)| Policy::parse(name, keys)).collect()
}

fn redemption(it: &RedemptionTable) -> Result<RedemptionRules, BadRulebook> {
    Ok(RedemptionRules {
        fulfill_days: within("redemption.fulfill_days", it.fulfill_days, 1, 3660)?,
        waiting_days: within("redemption.waiting_days", it.waiting_days, 1, 3660)?,
        no_show_forfeits: it.no_show_forfeits,
    })
}

fn decimal(setting: &str, value: &str) -> Result<Decimal, BadRulebook> {
    value.parse().map_err(|_| {
        let english = format!("{value:?} is no decimal: give one such as \"1.5\"");
        wrong(setting, english, format!("{value:?} 不是小数：请填如 \"1.5\""))
    })
}

fn coefficient(setting: &str, value: &str) -> Result<Coefficient, BadRulebook> {
    Coefficient::new(decimal(setting, value)?).map_err(bad_amount(setting))
}

fn points_cap(value: &str) -> Result<Points, BadRulebook> {
    let setting = "passbook.points_cap";
    let points = Points::new(decimal(setting, value)?).map_err(bad_amount(setting))?;
    if points.is_negative() {
        let english = "it is below zero: give zero or more, or leave it out";
        return Err(wrong(setting, english, "不能小于零：请填零或更多，或删去此项"));
    }
    Ok(points)
}

fn expire_months(value: u32) -> Result<u32, BadRulebook> {
    within("passbook.points_expire_months", value, 1, EXPIRE_MONTHS_MAX)
}

#[cfg(test)]
mod tests;
