//! Who is served first, and why (优先): policies are ordered keys, each a score; the order is
//! total, and the same on every machine.

mod explain;
mod facts;

use std::cmp::Ordering;

use lovebank_formula::{Formula, Kind, Value, Variable};
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::{
    BadRulebook, BranchNo, DrawNo, HelpNo, Input, Ledger, PassbookNo, PolicyName, Ranked, RewardNo,
    Rulebook, RulebookVersion, Timestamp, rulebook::bad_text, rulebook::wrong,
};

pub use explain::{Compared, Explanation, explain};
pub(crate) use facts::{Facts, months_before};

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
#[derive(Debug, Clone, Deserialize)]
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
        let name = PolicyName::new(name).map_err(bad_text(&setting))?;
        if keys.is_empty() {
            let english = format!("it has no key: give 1 to {KEYS_MAX}");
            return Err(wrong(&setting, english, format!("没有键：请给 1 至 {KEYS_MAX} 个")));
        }
        Ok(Self { name, keys: parse_keys(&setting, keys, VARIABLES)? })
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

    /// Ranks requests as of an instant, first to last, by the rules that the policy is of; ties go
    /// to who asked first.
    pub(crate) fn rank<N: Ord>(
        &self,
        by: (&Ledger<'_>, &Rulebook),
        as_of: Timestamp,
        waiting: impl IntoIterator<Item = (N, Asker)>,
    ) -> Vec<Ranked<N>> {
        let judged = waiting.into_iter().map(|(no, it)| self.judge(no, &Facts::new(by, as_of, it)));
        let mut ranked: Vec<Ranked<N>> = judged.collect();
        ranked.sort_unstable_by(|a, b| self.order(a, b));
        ranked
    }

    /// The order of two requests; ties go to who asked first.
    pub fn order<N: Ord>(&self, a: &Ranked<N>, b: &Ranked<N>) -> Ordering {
        self.compare(a, b).then_with(|| a.no.cmp(&b.no))
    }

    /// The order of two requests by the keys alone.
    pub fn compare<N>(&self, a: &Ranked<N>, b: &Ranked<N>) -> Ordering {
        let scores = a.scores.iter().zip(&b.scores).zip(&self.keys);
        let mut orders = scores.map(|((a, b), key)| key.order(*a, *b));
        orders.find(|it| it.is_ne()).unwrap_or(Ordering::Equal)
    }

    fn judge<N>(&self, no: N, facts: &Facts<'_>) -> Ranked<N> {
        let mut named: Vec<usize> =
            self.keys.iter().flat_map(|it| it.score.variables()).copied().collect();
        named.sort_unstable();
        named.dedup();
        let inputs: Vec<Input> = named
            .into_iter()
            .filter_map(|at| Some(Input { variable: u8::try_from(at).ok()?, value: facts.of(at) }))
            .collect();
        let value = |at: usize| {
            let known = inputs.iter().find(|it| usize::from(it.variable) == at);
            known.map_or(Value::Int(0), |it| it.value.clone())
        };
        let scores = self.keys.iter().map(|it| it.score.number(&value)).collect();
        Ranked { no, inputs, scores }
    }
}

/// The keys of an order, each a score over some variables.
pub(crate) fn parse_keys(
    setting: &str,
    keys: &[KeyTable],
    variables: &[Variable],
) -> Result<Vec<Key>, BadRulebook> {
    if KEYS_MAX < keys.len() {
        let problem = format!("it has {} keys: give {KEYS_MAX} at most", keys.len());
        let chinese = format!("有 {} 个键，最多 {KEYS_MAX} 个", keys.len());
        return Err(wrong(setting, problem, chinese));
    }
    let keys = (1..).zip(keys).map(|(no, it)| {
        let setting = format!("{setting}, key {no}");
        labels(&setting, &it.english, &it.chinese)?;
        let score = Formula::score(&it.score, variables).map_err(|fault| BadRulebook::Formula {
            setting: format!("{setting}, score"),
            fault,
        })?;
        let (english, chinese) = (it.english.clone(), it.chinese.clone());
        Ok(Key { english, chinese, score, first: it.first })
    });
    keys.collect()
}

/// Whether something is named in both languages.
pub(crate) fn labels(setting: &str, english: &str, chinese: &str) -> Result<(), BadRulebook> {
    for label in [english, chinese] {
        if label.trim().is_empty() || LABEL_MAX < label.chars().count() {
            let problem = format!("english and chinese have 1 to {LABEL_MAX} characters");
            let chinese = format!("english 和 chinese 各须有 1 至 {LABEL_MAX} 个字符");
            return Err(wrong(setting, problem, chinese));
        }
    }
    Ok(())
}

impl Key {
    /// The order of two scores; what could not be computed comes last.
    pub(crate) fn order(&self, a: Option<Decimal>, b: Option<Decimal>) -> Ordering {
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

/// The order of those who wait for a reward, as of an instant; none where the reward has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The version of the rulebook that says it.
    pub rulebook: RulebookVersion,
    /// The policy.
    pub policy: Policy,
    /// Those who wait, first to last.
    pub ranked: Vec<Ranked>,
}

/// The order in which those who wait for a reward would be served, were places given now.
pub fn order(ledger: &Ledger<'_>, reward: RewardNo, as_of: Timestamp) -> Option<Order> {
    let date = ledger.zone()?.date_at(as_of);
    let row = ledger.rulebook_on(date)?;
    let (policy, ranked) = order_under(ledger, reward, as_of, &row.rules)?;
    Some(Order { rulebook: row.version, policy, ranked })
}

/// The same under rules that may not be in force.
pub fn order_under(
    ledger: &Ledger<'_>,
    reward: RewardNo,
    as_of: Timestamp,
    rules: &Rulebook,
) -> Option<(Policy, Vec<Ranked>)> {
    let name = ledger.reward(reward)?.reward.mode.policy()?;
    let policy = policy_of(rules, name);
    // Who takes no part now is passed over.
    let waiting = ledger.waiting_for(reward).filter(|(_, it)| ledger.is_active(it.passbook));
    let waiting = waiting.map(|(no, it)| (no, it.asker()));
    let ranked = policy.rank((ledger, rules), as_of, waiting);
    Some((policy, ranked))
}

/// The draws that wait on a pool in the order in which they are decided: by the policy `pool`.
pub fn draws(ledger: &Ledger<'_>, pool: BranchNo, as_of: Timestamp) -> Vec<Ranked<DrawNo>> {
    let date = ledger.zone().map_or(jiff::civil::Date::ZERO, |it| it.date_at(as_of));
    let rules = ledger.rulebook_on(date);
    rules.map_or_else(Vec::new, |it| draws_under(ledger, pool, as_of, &it.rules))
}

/// The same under rules that may not be in force.
pub fn draws_under(
    ledger: &Ledger<'_>,
    pool: BranchNo,
    as_of: Timestamp,
    rules: &Rulebook,
) -> Vec<Ranked<DrawNo>> {
    let Ok(name) = PolicyName::new("pool") else { return Vec::new() };
    let waiting = ledger.draws_waiting(pool).map(|(no, it)| (no, it.asker()));
    policy_of(rules, &name).rank((ledger, rules), as_of, waiting)
}

/// Help requests that still can change: by the policy `help`, then those whose branch is nearest
/// to that of a volunteer, then the oldest.
pub fn helps(ledger: &Ledger<'_>, viewer: Option<PassbookNo>, as_of: Timestamp) -> Vec<HelpNo> {
    let date = ledger.zone().map_or(jiff::civil::Date::ZERO, |it| it.date_at(as_of));
    let Some((row, name)) = ledger.rulebook_on(date).zip(PolicyName::new("help").ok()) else {
        return Vec::new();
    };
    let policy = policy_of(&row.rules, &name);
    let open = ledger.helps_open().map(|(no, it)| (no, it.who_asks()));
    let mut ranked = policy.rank((ledger, &row.rules), as_of, open);
    let home = viewer.and_then(|it| ledger.volunteer(it)).map(|it| it.branch);
    let far = |no: HelpNo| {
        let activity = ledger.help(no).and_then(|it| ledger.activity(it.activity));
        activity.zip(home).map_or(usize::MAX, |(it, home)| distance(ledger, home, it.branch))
    };
    ranked.sort_by(|a, b| {
        policy.compare(a, b).then_with(|| far(a.no).cmp(&far(b.no))).then(a.no.cmp(&b.no))
    });
    ranked.into_iter().map(|it| it.no).collect()
}

/// Steps in the tree from one branch to another.
fn distance(ledger: &Ledger<'_>, from: BranchNo, to: BranchNo) -> usize {
    let above: Vec<BranchNo> = ledger.ancestry(to).collect();
    let steps = ledger.ancestry(from).enumerate().find_map(|(up, branch)| {
        let down = above.iter().position(|it| *it == branch)?;
        up.checked_add(down)
    });
    steps.unwrap_or(usize::MAX)
}

/// The policy of a name. A later rulebook may know it no more: then who asked first comes first.
pub(crate) fn policy_of(rules: &Rulebook, name: &PolicyName) -> Policy {
    rules.policy(name).cloned().unwrap_or_else(|| Policy::by_request(name.clone()))
}
