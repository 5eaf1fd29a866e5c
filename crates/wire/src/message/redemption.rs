//! Rewards, redemptions and queues, as messages.

use std::{collections::HashMap, hash::Hash};

use lovebank_ledger::{
    About, HelpNo, HoldNo, HoldRow, Ledger, Limit, Points, Policy, Ranked, RedemptionNo,
    RedemptionRow, RewardMode, RewardRow,
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
        held: Some(scalar::to_points(hold.map_or(Points::ZERO, HoldRow::remaining))),
        captured: Some(scalar::to_points(hold.map_or(Points::ZERO, |it| it.captured))),
        rank: row.rank.unwrap_or_default(),
        requested_at: Some(scalar::to_timestamp(row.requested_at)),
        ends_at: Some(scalar::to_timestamp(row.ends)),
        code: String::new(),
        volunteer_number: String::new(),
    }
}

/// Points that are set aside.
pub fn hold(ledger: &Ledger<'_>, no: HoldNo, row: &HoldRow) -> v1::Hold {
    let (redemption, help) = match row.about {
        About::Redemption(no) => (Some(no), None),
        About::Help(no) => (None, Some(no)),
        About::Record(_) | About::Gift(_) | About::Draw(_) | About::Honour(_) | About::Merge(_) => {
            (None, None)
        }
    };
    let reward = redemption.and_then(|it| ledger.redemption(it));
    let reward = reward.and_then(|it| ledger.reward(it.reward));
    // What an approver is to decide has no end of its own.
    let waits = help.and_then(|it| ledger.help(it)).is_some_and(|it| it.due.is_none());
    v1::Hold {
        hold_no: no.get(),
        seq: row.entry.get(),
        recorded_at: ledger.recorded_at(row.entry).map(scalar::to_timestamp),
        points: Some(scalar::to_points(row.points)),
        remaining: Some(scalar::to_points(row.remaining())),
        expires_at: (!waits).then(|| scalar::to_timestamp(row.expires)),
        redemption_no: redemption.map_or(0, RedemptionNo::get),
        help_no: help.map_or(0, HelpNo::get),
        reward_name: reward.map(|it| it.reward.name.to_string()).unwrap_or_default(),
    }
}

/// Who moves from one order of a queue to another: which request, from which place, to which.
pub fn moves<N: Copy + Eq + Hash>(before: &[Ranked<N>], after: &[Ranked<N>]) -> Vec<(N, u32, u32)> {
    let from: HashMap<N, u32> = (1..).zip(before).map(|(rank, it)| (it.no, rank)).collect();
    let to = (1..).zip(after).filter_map(|(to, it)| Some((it.no, *from.get(&it.no)?, to)));
    to.filter(|(_, from, to)| from != to).collect()
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
