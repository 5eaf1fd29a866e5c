//! Rewards, redemptions and queues, as messages.

use lovebank_ledger::{
    Ledger, Limit, Points, Policy, Ranked, RedemptionNo, RedemptionRow, RewardMode, RewardRow,
    priority::{Compared, First, Key},
};
use rust_decimal::Decimal;

use super::branch_code;
use crate::{kinds, scalar, v1};

/// A reward as it stands.
pub fn reward(ledger: &Ledger<'_>, row: &RewardRow) -> v1::Reward {
    let it = &row.reward;
    let window = if let RewardMode::Window { window, .. } = &it.mode {
        Some(v1::RewardWindow {
            opens_at: Some(scalar::to_timestamp(window.opens())),
            closes_at: Some(scalar::to_timestamp(window.closes())),
            fulfill_until: Some(scalar::to_timestamp(window.fulfill_until())),
        })
    } else {
        None
    };
    v1::Reward {
        reward_no: it.no.get(),
        branch_code: branch_code(ledger, it.branch),
        name: it.name.to_string(),
        text: it.text.as_ref().map(ToString::to_string).unwrap_or_default(),
        kind: kinds::to_reward_kind(it.kind).into(),
        price: Some(scalar::to_points(it.price)),
        stock: row.stock,
        limit: it.limit.map(|Limit { count, period }| v1::RewardLimit {
            count,
            period: kinds::to_period(period).into(),
        }),
        eligibility: it.eligibility.as_ref().map(ToString::to_string).unwrap_or_default(),
        window,
        waiting_list: matches!(it.mode, RewardMode::WaitingList { .. }),
        policy: it.mode.policy().map(ToString::to_string).unwrap_or_default(),
        left: row.left,
        waiting: row.waiting,
        allocated: row.allocated,
        withdrawn: row.withdrawn,
    }
}

/// A redemption as it stands; the code is the edge's to add.
pub fn redemption(ledger: &Ledger<'_>, no: RedemptionNo, row: &RedemptionRow) -> v1::Redemption {
    let hold = row.hold.and_then(|it| ledger.hold(it));
    let reward = ledger.reward(row.reward);
    v1::Redemption {
        redemption_no: no.get(),
        reward_no: row.reward.get(),
        reward_name: reward.map(|it| it.reward.name.to_string()).unwrap_or_default(),
        passbook_no: row.passbook.get(),
        state: kinds::to_redemption_state(row.state).into(),
        held: Some(scalar::to_points(
            hold.map_or(Points::ZERO, lovebank_ledger::HoldRow::remaining),
        )),
        captured: Some(scalar::to_points(hold.map_or(Points::ZERO, |it| it.captured))),
        rank: row.rank.unwrap_or_default(),
        requested_at: Some(scalar::to_timestamp(row.requested_at)),
        ends_at: Some(scalar::to_timestamp(row.ends)),
        code: String::new(),
    }
}

/// The scores of one who is ranked.
pub fn scores<N>(policy: &Policy, it: &Ranked<N>) -> Vec<v1::Score> {
    policy.keys().iter().zip(&it.scores).map(|(key, value)| score(key, *value)).collect()
}

fn score(key: &Key, value: Option<Decimal>) -> v1::Score {
    v1::Score {
        key: key.english.clone(),
        key_zh: key.chinese.clone(),
        value: value.map(|it| it.normalize().to_string()).unwrap_or_default(),
        lowest_first: key.first == First::Lowest,
    }
}

/// What decides between two.
pub fn comparison(policy: &Policy, it: &Compared) -> v1::Comparison {
    let key = it.key.and_then(|at| policy.keys().get(at));
    v1::Comparison {
        other_rank: u32::try_from(it.other_rank).unwrap_or(u32::MAX),
        own: key.map(|key| score(key, it.own)),
        other: key.map(|key| score(key, it.others)),
    }
}
