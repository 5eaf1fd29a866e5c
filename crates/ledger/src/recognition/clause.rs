//! A condition of eligibility, so that it can say what is missing.

use lovebank_formula::{Formula, Value};
use rust_decimal::Decimal;
use serde::Deserialize;

use super::VARIABLES;
use crate::{BadRulebook, priority::labels, rulebook::wrong};

/// The most conditions of a programme or a star.
pub const CLAUSES_MAX: usize = 16;

/// A condition, named in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// What it is called, in English.
    pub english: String,
    /// What it is called, in Chinese.
    pub chinese: String,
    /// Whether two people can waive it for one who did something exceptional.
    pub waivable: bool,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Condition(Formula),
    Within { value: Formula, least: Option<Decimal>, most: Option<Decimal> },
}

/// A condition, as it was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// Whether it is met.
    pub met: bool,
    /// The value, where it is one of numbers that can be computed.
    pub value: Option<Decimal>,
    /// At least so much.
    pub least: Option<Decimal>,
    /// At most so much.
    pub most: Option<Decimal>,
    /// How much is missing, or, below zero, too much.
    pub missing: Option<Decimal>,
}

/// A condition as the rulebook's document says it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClauseTable {
    english: String,
    chinese: String,
    condition: Option<String>,
    value: Option<String>,
    least: Option<i64>,
    most: Option<i64>,
    #[serde(default)]
    waivable: bool,
}

impl Clause {
    pub(super) fn parse(setting: &str, it: &ClauseTable) -> Result<Self, BadRulebook> {
        labels(setting, &it.english, &it.chinese)?;
        let bad = |what: &str, fault| BadRulebook::Formula {
            setting: format!("{setting}, {what}"),
            fault,
        };
        let test = match (&it.condition, &it.value) {
            (Some(text), None) if it.least.is_none() && it.most.is_none() => {
                let formula = Formula::condition(text, VARIABLES);
                Test::Condition(formula.map_err(|err| bad("condition", err))?)
            }
            (None, Some(text)) if it.least.is_some() || it.most.is_some() => {
                let value = Formula::score(text, VARIABLES).map_err(|err| bad("value", err))?;
                let (least, most) = (it.least.map(Decimal::from), it.most.map(Decimal::from));
                Test::Within { value, least, most }
            }
            _ => {
                let problem = "give either condition, or value with least, most or both";
                let chinese = "condition 与 value 只能填一项；填 value 时须有 least、most 或两者";
                return Err(wrong(setting, problem, chinese));
            }
        };
        let (english, chinese) = (it.english.clone(), it.chinese.clone());
        Ok(Self { english, chinese, waivable: it.waivable, test })
    }

    /// At least so much of a variable.
    pub(super) fn at_least(
        setting: &str,
        (variable, least): (&str, i64),
        (english, chinese): (&str, &str),
    ) -> Result<Self, BadRulebook> {
        let table = ClauseTable {
            english: english.to_owned(),
            chinese: chinese.to_owned(),
            condition: None,
            value: Some(variable.to_owned()),
            least: Some(least),
            most: None,
            waivable: false,
        };
        Self::parse(setting, &table)
    }

    /// A condition that holds or not.
    pub(super) fn holds(
        setting: &str,
        condition: &str,
        (english, chinese): (&str, &str),
    ) -> Result<Self, BadRulebook> {
        let table = ClauseTable {
            english: english.to_owned(),
            chinese: chinese.to_owned(),
            condition: Some(condition.to_owned()),
            value: None,
            least: None,
            most: None,
            waivable: false,
        };
        Self::parse(setting, &table)
    }

    /// The text of its formula.
    pub fn text(&self) -> &str {
        match &self.test {
            Test::Condition(it) | Test::Within { value: it, .. } => it.text(),
        }
    }

    /// The variables it names, as positions in [`VARIABLES`].
    pub fn variables(&self) -> &[usize] {
        match &self.test {
            Test::Condition(it) | Test::Within { value: it, .. } => it.variables(),
        }
    }

    pub(super) fn is_met(&self, variable: &dyn Fn(usize) -> Value) -> bool {
        self.judge(variable).met
    }

    pub(super) fn judge(&self, variable: &dyn Fn(usize) -> Value) -> Judged {
        match &self.test {
            Test::Condition(it) => {
                let met = it.is_met(variable);
                Judged { met, value: None, least: None, most: None, missing: None }
            }
            Test::Within { value, least, most } => {
                let value = value.number(variable);
                let below = value.zip(*least).filter(|(value, least)| value < least);
                let above = value.zip(*most).filter(|(value, most)| most < value);
                let missing = below.or(above).and_then(|(value, bound)| bound.checked_sub(value));
                let met = value.is_some() && below.is_none() && above.is_none();
                Judged { met, value, least: *least, most: *most, missing }
            }
        }
    }
}
