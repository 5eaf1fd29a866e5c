//! Who is served first, and why (优先): policies are ordered keys, each a score; the order is
//! total, and the same on every machine.

use std::cmp::Ordering;

use jiff::civil::Date;
use lovebank_formula::{Formula, Kind, Value, Variable};
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::{
    BadRulebook, Input, Ledger, Minutes, PassbookNo, PolicyName, Ranked, RecordState, RedemptionNo,
    RedemptionState, Timestamp,
};

/// The most keys of a policy.
pub const KEYS_MAX: usize = 8;
/// The most policies of a rulebook.
pub const POLICIES_MAX: usize = 32;
/// The longest label of a key, in characters.
const LABEL_MAX: usize = 64;

/// What conditions and scores may name. The order is stored with every allocation: new ones
/// come at the end, and none is taken away.
pub const VARIABLES: &[Variable] = &[
    Variable { name: "need_class", kind: Kind::Int },
    Variable { name: "star", kind: Kind::Int },
    Variable { name: "minutes", kind: Kind::Int },
    Variable { name: "minutes_3_months", kind: Kind::Int },
    Variable { name: "minutes_6_months", kind: Kind::Int },
    Variable { name: "minutes_12_months", kind: Kind::Int },
    Variable { name: "minutes_24_months", kind: Kind::Int },
    Variable { name: "minutes_36_months", kind: Kind::Int },
    Variable { name: "points", kind: Kind::Decimal },
    Variable { name: "tenure_months", kind: Kind::Int },
    Variable { name: "waiting_days", kind: Kind::Int },
    Variable { name: "redemptions_12_months", kind: Kind::Int },
    Variable { name: "age_band", kind: Kind::Int },
    Variable { name: "branch", kind: Kind::Text },
];

/// An order of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    name: PolicyName,
    keys: Vec<Key>,
}

/// One key of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// What it is called, in English.
    pub english: String,
    /// What it is called, in Chinese.
    pub chinese: String,
    /// Its score.
    pub score: Formula,
    /// Which scores come first.
    pub first: First,
}

/// Which scores come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum First {
    /// The highest.
    Highest,
    /// The lowest.
    Lowest,
}

/// A key as the rulebook's document says it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyTable {
    english: String,
    chinese: String,
    score: String,
    first: First,
}

/// Who asks, and since when: what the variables are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asker {
    /// Whose passbook.
    pub passbook: PassbookNo,
    /// The lower end of the age in decades.
    pub age_band: Option<u8>,
    /// When it was asked; none: now.
    pub since: Option<Timestamp>,
}

impl Policy {
    pub(crate) fn parse(name: &str, keys: &[KeyTable]) -> Result<Self, BadRulebook> {
        let setting = format!("priority.{name}");
        let wrong = |setting: &str, problem: &dyn ToString| BadRulebook::Setting {
            setting: setting.to_owned(),
            problem: problem.to_string(),
        };
        let name = PolicyName::new(name).map_err(|err| wrong(&setting, &err))?;
        if keys.is_empty() || KEYS_MAX < keys.len() {
            let problem = format!("it has {} keys: give 1 to {KEYS_MAX}", keys.len());
            return Err(wrong(&setting, &problem));
        }
        let keys = (1..).zip(keys).map(|(no, it)| {
            let setting = format!("{setting}, key {no}");
            for label in [&it.english, &it.chinese] {
                if label.trim().is_empty() || LABEL_MAX < label.chars().count() {
                    let problem = format!("english and chinese have 1 to {LABEL_MAX} characters");
                    return Err(wrong(&setting, &problem));
                }
            }
            let score = Formula::score(&it.score, VARIABLES)
                .map_err(|err| wrong(&format!("{setting}, score"), &err))?;
            let (english, chinese) = (it.english.clone(), it.chinese.clone());
            Ok(Key { english, chinese, score, first: it.first })
        });
        Ok(Self { name, keys: keys.collect::<Result<_, _>>()? })
    }

    /// The order of requests alone: who asked first comes first.
    pub fn by_request(name: PolicyName) -> Self {
        Self { name, keys: Vec::new() }
    }

    /// Its name.
    pub fn name(&self) -> &PolicyName {
        &self.name
    }

    /// Its keys, the first decides first.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Ranks requests as of an instant, first to last; ties go to who asked first.
    pub fn rank(
        &self,
        ledger: &Ledger<'_>,
        as_of: Timestamp,
        waiting: impl IntoIterator<Item = (RedemptionNo, Asker)>,
    ) -> Vec<Ranked> {
        let mut ranked: Vec<Ranked> = waiting
            .into_iter()
            .map(|(redemption, asker)| self.judge(ledger, as_of, redemption, asker))
            .collect();
        ranked.sort_unstable_by(|a, b| self.order(a, b));
        ranked
    }

    /// The order of two requests.
    pub fn order(&self, a: &Ranked, b: &Ranked) -> Ordering {
        let scores = a.scores.iter().zip(&b.scores).zip(&self.keys);
        let mut orders = scores.map(|((a, b), key)| key.order(*a, *b));
        orders.find(|it| it.is_ne()).unwrap_or_else(|| a.redemption.cmp(&b.redemption))
    }

    fn judge(
        &self,
        ledger: &Ledger<'_>,
        as_of: Timestamp,
        redemption: RedemptionNo,
        asker: Asker,
    ) -> Ranked {
        let mut named: Vec<usize> =
            self.keys.iter().flat_map(|it| it.score.variables()).copied().collect();
        named.sort_unstable();
        named.dedup();
        let facts = Facts::new(ledger, as_of, asker);
        let inputs: Vec<Input> = named
            .into_iter()
            .filter_map(|at| Some(Input { variable: u8::try_from(at).ok()?, value: facts.of(at) }))
            .collect();
        let value = |at: usize| {
            let known = inputs.iter().find(|it| usize::from(it.variable) == at);
            known.map_or(Value::Int(0), |it| it.value.clone())
        };
        let scores = self.keys.iter().map(|it| it.score.number(&value)).collect();
        Ranked { redemption, inputs, scores }
    }
}

impl Key {
    /// The order of two scores; what could not be computed comes last.
    fn order(&self, a: Option<Decimal>, b: Option<Decimal>) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) => match self.first {
                First::Highest => b.cmp(&a),
                First::Lowest => a.cmp(&b),
            },
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    }
}

/// What is true of an asker as of an instant.
pub(crate) struct Facts<'a> {
    ledger: &'a Ledger<'a>,
    today: Date,
    as_of: Timestamp,
    asker: Asker,
}

impl<'a> Facts<'a> {
    pub(crate) fn new(ledger: &'a Ledger<'_>, as_of: Timestamp, asker: Asker) -> Self {
        let today = ledger.zone().map_or(Date::ZERO, |it| it.date_at(as_of));
        Self { ledger, today, as_of, asker }
    }

    /// The value of a variable.
    pub(crate) fn of(&self, at: usize) -> Value {
        let name = VARIABLES.get(at).map_or("", |it| it.name);
        match name {
            "need_class" => Value::Int(self.need_class()),
            "star" => Value::Int(self.star()),
            "minutes" => Value::Int(self.minutes().get()),
            "minutes_3_months" => Value::Int(self.minutes_since(3)),
            "minutes_6_months" => Value::Int(self.minutes_since(6)),
            "minutes_12_months" => Value::Int(self.minutes_since(12)),
            "minutes_24_months" => Value::Int(self.minutes_since(24)),
            "minutes_36_months" => Value::Int(self.minutes_since(36)),
            "points" => Value::Decimal(self.points()),
            "tenure_months" => Value::Int(self.tenure_months()),
            "waiting_days" => Value::Int(self.waiting_days()),
            "redemptions_12_months" => Value::Int(self.redemptions()),
            "age_band" => Value::Int(self.asker.age_band.map_or(-1, i64::from)),
            "branch" => Value::Text(self.branch()),
            _ => Value::Int(0),
        }
    }
}

impl Facts<'_> {
    fn need_class(&self) -> i64 {
        self.ledger.volunteer(self.asker.passbook).map_or(0, |it| i64::from(it.need.get()))
    }

    fn minutes(&self) -> Minutes {
        self.ledger.passbook(self.asker.passbook).map_or(Minutes::ZERO, |it| it.minutes)
    }

    fn star(&self) -> i64 {
        let rules = self.ledger.rulebook_on(self.today);
        rules.map_or(0, |it| it.rules.star(self.minutes()))
    }

    /// Minutes of service in so many months up to the day.
    fn minutes_since(&self, months: i32) -> i64 {
        let from = months_before(self.today, months);
        let counts = self.ledger.records_of(self.asker.passbook).filter(|(_, row)| {
            row.state == RecordState::Posted && from < row.date && row.date <= self.today
        });
        counts.fold(0, |sum, (_, row)| sum.saturating_add(row.minutes.get()))
    }

    fn points(&self) -> Decimal {
        let row = self.ledger.passbook(self.asker.passbook);
        row.map_or(Decimal::ZERO, |it| it.points.decimal())
    }

    fn tenure_months(&self) -> i64 {
        let Some(row) = self.ledger.volunteer(self.asker.passbook) else { return 0 };
        let months = |it: Date| {
            i64::from(it.year()).saturating_mul(12).saturating_add(i64::from(it.month()))
        };
        let whole = months(self.today).saturating_sub(months(row.joined));
        // A month that is not over does not count.
        let begun =
            self.today.day() < row.joined.day() && self.today.day() < self.today.days_in_month();
        whole.saturating_sub(i64::from(begun)).max(0)
    }

    fn waiting_days(&self) -> i64 {
        const DAY_MICROS: i64 = 86_400_000_000;
        let since = self.asker.since.unwrap_or(self.as_of);
        self.as_of.micros().saturating_sub(since.micros()).max(0) / DAY_MICROS
    }

    /// Places had or got in twelve months up to the day.
    fn redemptions(&self) -> i64 {
        let from = months_before(self.today, 12);
        let zone = self.ledger.zone();
        let counts = self.ledger.redemptions_of(self.asker.passbook).filter(|(_, row)| {
            let had = matches!(row.state, RedemptionState::Allocated | RedemptionState::Fulfilled);
            let date = zone.map_or(Date::ZERO, |it| it.date_at(row.requested_at));
            had && from < date && date <= self.today
        });
        i64::try_from(counts.count()).unwrap_or(i64::MAX)
    }

    fn branch(&self) -> String {
        let home = self.ledger.volunteer(self.asker.passbook).map(|it| it.branch);
        let branch = home.and_then(|it| self.ledger.branch(it));
        branch.map(|it| it.code.to_string()).unwrap_or_default()
    }
}

/// The day so many months before another; the last of its month where there is no such day.
pub(crate) fn months_before(date: Date, months: i32) -> Date {
    date.checked_sub(jiff::Span::new().months(months)).unwrap_or(Date::MIN)
}
