//! Rewards, holds, redemptions, and the orders in which places are given.

use std::sync::Arc;

use lovebank_formula::Value;
use lovebank_ledger::{
    Allocation, BadNumber, BranchNo, Ended, HoldNo, Input, Limit, Moves, NewHold, NewRedemption,
    PassbookNo, Placed, Points, PolicyName, Ranked, RedemptionNo, Reward, RewardMode, RewardName,
    RewardNo, RewardText, RulebookVersion, Timestamp, Window,
};
use rust_decimal::Decimal;

use super::{
    BadEntry,
    kinds::{kind, period, redemption_state, reward_kind},
    scalar::{each, maybe, maybe_text, number, stored, text, try_each},
    v1::{self, ranked_input, ranked_score, reward::Mode},
};

impl From<&Reward> for v1::Reward {
    fn from(it: &Reward) -> Self {
        Self {
            no: stored(it.no.get()),
            branch_no: stored(it.branch.get()),
            name: it.name.as_str().to_owned(),
            text: it.text.as_ref().map_or_else(String::new, ToString::to_string),
            kind: v1::RewardKind::from(it.kind).into(),
            price_hundredths: it.price.hundredths(),
            stock: it.stock,
            limit: it.limit.map(|it| v1::RewardLimit {
                count: it.count,
                period: v1::Period::from(it.period).into(),
            }),
            eligibility: it.eligibility.as_ref().map_or_else(String::new, ToString::to_string),
            mode: stored_mode(&it.mode),
        }
    }
}

fn stored_mode(it: &RewardMode) -> Option<Mode> {
    match it {
        RewardMode::FirstCome => None,
        RewardMode::Window { window, policy } => Some(Mode::Window(v1::RewardWindow {
            opens_micros: window.opens().micros(),
            closes_micros: window.closes().micros(),
            fulfill_until_micros: window.fulfill_until().micros(),
            policy: policy.to_string(),
        })),
        RewardMode::WaitingList { policy } => {
            Some(Mode::WaitingList(v1::WaitingList { policy: policy.to_string() }))
        }
    }
}

impl TryFrom<v1::Reward> for Reward {
    type Error = BadEntry;

    fn try_from(it: v1::Reward) -> Result<Self, BadEntry> {
        Ok(Self {
            no: number(it.no, RewardNo::new, "Reward.no")?,
            branch: number(it.branch_no, BranchNo::new, "Reward.branch_no")?,
            name: text(&it.name, RewardName::new, "Reward.name")?,
            text: maybe_text(&it.text, RewardText::new, "Reward.text")?,
            kind: kind(it.kind, reward_kind, "Reward.kind")?,
            price: Points::from_hundredths(it.price_hundredths),
            stock: it.stock,
            limit: it.limit.map(limit).transpose()?,
            eligibility: (!it.eligibility.is_empty()).then(|| Arc::from(it.eligibility)),
            mode: it.mode.map_or(Ok(RewardMode::FirstCome), mode)?,
        })
    }
}

fn limit(it: v1::RewardLimit) -> Result<Limit, BadEntry> {
    Ok(Limit { count: it.count, period: kind(it.period, period, "RewardLimit.period")? })
}

fn mode(it: Mode) -> Result<RewardMode, BadEntry> {
    Ok(match it {
        Mode::Window(it) => {
            let at = Timestamp::from_micros;
            let window =
                Window::new(at(it.opens_micros), at(it.closes_micros), at(it.fulfill_until_micros));
            RewardMode::Window {
                window: window
                    .map_err(|_| BadEntry::Invalid { field: "RewardWindow.closes_micros" })?,
                policy: text(&it.policy, PolicyName::new, "RewardWindow.policy")?,
            }
        }
        Mode::WaitingList(it) => RewardMode::WaitingList {
            policy: text(&it.policy, PolicyName::new, "WaitingList.policy")?,
        },
    })
}

impl From<&NewHold> for v1::NewHold {
    fn from(it: &NewHold) -> Self {
        Self { no: stored(it.no.get()), points_hundredths: it.points.hundredths() }
    }
}

impl TryFrom<v1::NewHold> for NewHold {
    type Error = BadEntry;

    fn try_from(it: v1::NewHold) -> Result<Self, BadEntry> {
        Ok(Self {
            no: number(it.no, HoldNo::new, "NewHold.no")?,
            points: Points::from_hundredths(it.points_hundredths),
        })
    }
}

/// A request, without what became of it at once.
pub(super) fn stored_request(it: &NewRedemption) -> v1::RedemptionRequested {
    v1::RedemptionRequested {
        no: stored(it.no.get()),
        reward_no: stored(it.reward.get()),
        passbook_no: stored(it.passbook.get()),
        age_band: it.age_band.map(u32::from),
        ends_micros: it.ends.micros(),
        hold: it.hold.as_ref().map(Into::into),
        moves: None,
    }
}

/// A request as stored.
pub(super) fn request(it: &v1::RedemptionRequested) -> Result<NewRedemption, BadEntry> {
    Ok(NewRedemption {
        no: number(it.no, RedemptionNo::new, "RedemptionRequested.no")?,
        reward: number(it.reward_no, RewardNo::new, "RedemptionRequested.reward_no")?,
        passbook: number(it.passbook_no, PassbookNo::new, "RedemptionRequested.passbook_no")?,
        age_band: age_band(it.age_band, "RedemptionRequested.age_band")?,
        ends: Timestamp::from_micros(it.ends_micros),
        hold: maybe(it.hold)?,
    })
}

/// A decade of age.
pub(super) fn age_band(it: Option<u32>, field: &'static str) -> Result<Option<u8>, BadEntry> {
    it.map(|it| u8::try_from(it).map_err(|_| BadEntry::Invalid { field })).transpose()
}

impl From<&Moves> for v1::Moves {
    fn from(it: &Moves) -> Self {
        Self {
            ended: each(&it.ended),
            placed: each(&it.placed),
            allocation: it.allocation.as_ref().map(Into::into),
        }
    }
}

impl TryFrom<v1::Moves> for Moves {
    type Error = BadEntry;

    fn try_from(it: v1::Moves) -> Result<Self, BadEntry> {
        Ok(Self {
            ended: try_each(it.ended)?,
            placed: try_each(it.placed)?,
            allocation: maybe(it.allocation)?,
        })
    }
}

impl From<&Ended> for v1::RedemptionEnded {
    fn from(it: &Ended) -> Self {
        Self {
            redemption_no: stored(it.redemption.get()),
            state: v1::RedemptionState::from(it.state).into(),
            captured_hundredths: it.captured.hundredths(),
        }
    }
}

impl TryFrom<v1::RedemptionEnded> for Ended {
    type Error = BadEntry;

    fn try_from(it: v1::RedemptionEnded) -> Result<Self, BadEntry> {
        let field = "RedemptionEnded.redemption_no";
        Ok(Self {
            redemption: number(it.redemption_no, RedemptionNo::new, field)?,
            state: kind(it.state, redemption_state, "RedemptionEnded.state")?,
            captured: Points::from_hundredths(it.captured_hundredths),
        })
    }
}

impl From<&Placed> for v1::RedemptionPlaced {
    fn from(it: &Placed) -> Self {
        Self { redemption_no: stored(it.redemption.get()), ends_micros: it.ends.micros() }
    }
}

impl TryFrom<v1::RedemptionPlaced> for Placed {
    type Error = BadEntry;

    fn try_from(it: v1::RedemptionPlaced) -> Result<Self, BadEntry> {
        let field = "RedemptionPlaced.redemption_no";
        let redemption = number(it.redemption_no, RedemptionNo::new, field)?;
        Ok(Self { redemption, ends: Timestamp::from_micros(it.ends_micros) })
    }
}

impl From<&Allocation> for v1::Allocation {
    fn from(it: &Allocation) -> Self {
        Self {
            reward_no: stored(it.reward.get()),
            as_of_micros: it.as_of.micros(),
            rulebook_version: stored(it.rulebook.get()),
            policy: it.policy.to_string(),
            places: it.places,
            ends_micros: it.ends.micros(),
            ranked: it.ranked.iter().map(|it| stored_ranked(it, it.no.get())).collect(),
        }
    }
}

impl TryFrom<v1::Allocation> for Allocation {
    type Error = BadEntry;

    fn try_from(it: v1::Allocation) -> Result<Self, BadEntry> {
        let field = "Allocation.rulebook_version";
        let ranked = it.ranked.into_iter().map(|it| ranked(it, RedemptionNo::new));
        Ok(Self {
            reward: number(it.reward_no, RewardNo::new, "Allocation.reward_no")?,
            as_of: Timestamp::from_micros(it.as_of_micros),
            rulebook: number(it.rulebook_version, RulebookVersion::new, field)?,
            policy: text(&it.policy, PolicyName::new, "Allocation.policy")?,
            places: it.places,
            ends: Timestamp::from_micros(it.ends_micros),
            ranked: ranked.collect::<Result<_, _>>()?,
        })
    }
}

/// One of those ranked, to be stored under its number.
pub(super) fn stored_ranked<N>(it: &Ranked<N>, no: u64) -> v1::Ranked {
    v1::Ranked {
        no: stored(no),
        inputs: each(&it.inputs),
        scores: it.scores.iter().map(|it| stored_score(*it)).collect(),
    }
}

/// One of those ranked, as stored.
pub(super) fn ranked<N>(
    it: v1::Ranked,
    new: fn(u64) -> Result<N, BadNumber>,
) -> Result<Ranked<N>, BadEntry> {
    Ok(Ranked {
        no: number(it.no, new, "Ranked.no")?,
        inputs: try_each(it.inputs)?,
        scores: it.scores.into_iter().map(score).collect::<Result<_, _>>()?,
    })
}

/// Whole numbers, the common case, are kept short.
fn stored_score(it: Option<Decimal>) -> v1::RankedScore {
    use ranked_score::Value as Stored;
    let value = it.map(|it| match as_int(it) {
        Some(it) => Stored::IntValue(it),
        None => Stored::DecimalValue(it.to_string()),
    });
    v1::RankedScore { value }
}

/// A score without decimals that fits; its digits say all of it.
fn as_int(it: Decimal) -> Option<i64> {
    i64::try_from(it).ok().filter(|_| it.scale() == 0)
}

fn score(it: v1::RankedScore) -> Result<Option<Decimal>, BadEntry> {
    use ranked_score::Value as Stored;
    it.value
        .map(|it| match it {
            Stored::IntValue(it) => Ok(Decimal::from(it)),
            Stored::DecimalValue(it) => {
                let field = "RankedScore.decimal_value";
                let score = decimal(&it, field)?;
                // What is written as an int is never written as a decimal.
                if as_int(score).is_some() {
                    return Err(BadEntry::Invalid { field });
                }
                Ok(score)
            }
        })
        .transpose()
}

fn decimal(digits: &str, field: &'static str) -> Result<Decimal, BadEntry> {
    let mut value: Decimal = digits.parse().map_err(|_| BadEntry::Invalid { field })?;
    // A formula can say -0.0, and parsing drops the sign of zero.
    if digits.starts_with('-') {
        value.set_sign_negative(true);
    }
    // Only the digits that are written are read.
    if value.to_string() == digits { Ok(value) } else { Err(BadEntry::Invalid { field }) }
}

impl From<&Input> for v1::RankedInput {
    fn from(it: &Input) -> Self {
        use ranked_input::Value as Stored;
        Self {
            variable: it.variable.into(),
            value: Some(match &it.value {
                Value::Bool(it) => Stored::BoolValue(*it),
                Value::Int(it) => Stored::IntValue(*it),
                Value::Decimal(it) => Stored::DecimalValue(it.to_string()),
                Value::Text(it) => Stored::TextValue(it.clone()),
            }),
        }
    }
}

impl TryFrom<v1::RankedInput> for Input {
    type Error = BadEntry;

    fn try_from(it: v1::RankedInput) -> Result<Self, BadEntry> {
        use ranked_input::Value as Stored;
        let variable = u8::try_from(it.variable);
        let variable = variable.map_err(|_| BadEntry::Invalid { field: "RankedInput.variable" })?;
        let value = match it.value.ok_or(BadEntry::Missing { field: "RankedInput.value" })? {
            Stored::BoolValue(it) => Value::Bool(it),
            Stored::IntValue(it) => Value::Int(it),
            Stored::DecimalValue(it) => Value::Decimal(decimal(&it, "RankedInput.decimal_value")?),
            Stored::TextValue(it) => Value::Text(it),
        };
        Ok(Self { variable, value })
    }
}
