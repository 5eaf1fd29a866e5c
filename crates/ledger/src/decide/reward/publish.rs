//! Publishing rewards, adding places to them and withdrawing them.

use std::sync::Arc;

use super::{
    RewardOutcome,
    places::{end, fill},
};
use crate::{
    Moves, PublishReward, RedemptionState, Refusal, Reward, RewardEvent, RewardMode, RewardNo,
    RewardRow, STOCK_MAX, Verb,
    decide::desk::{Desk, next_number},
};

pub(super) fn publish(desk: &Desk<'_>, it: &PublishReward) -> RewardOutcome {
    let branch = desk.branch(&it.branch)?.no;
    desk.authority.on_branch(Verb::PublishReward, branch)?;
    if let RewardMode::Window { window, .. } = &it.mode
        && window.closes() <= desk.now
    {
        let (closes, now) = (desk.local_at(window.closes()), desk.local_at(desk.now));
        return Err(Refusal::WindowOver { closes, now }.into());
    }
    if let Some(policy) = it.mode.policy() {
        // Also in rules that are adopted and will be in force.
        let ahead = desk.ledger.rulebooks().filter(|it| desk.today < it.in_force_from);
        let mut rules = ahead.map(|it| it.rules.as_ref()).chain(desk.rules.as_deref());
        if desk.rules.is_none() || rules.any(|it| it.policy(policy).is_none()) {
            return Err(Refusal::PolicyUnknown { policy: policy.clone() }.into());
        }
    }
    let no = next_number(desk.ledger.rewards.len(), RewardNo::new)?;
    Ok((
        RewardEvent::RewardPublished(Reward {
            no,
            branch,
            name: it.name.clone(),
            text: it.text.clone(),
            kind: it.kind,
            price: it.price.points(),
            stock: it.stock.get(),
            limit: it.limit,
            eligibility: it.eligibility.as_ref().map(|it| Arc::from(it.text())),
            mode: it.mode.clone(),
        }),
        Vec::new(),
    ))
}

pub(super) fn add_stock(desk: &Desk<'_>, reward: RewardNo, places: u32) -> RewardOutcome {
    let row = published(desk, reward, Verb::PublishReward)?;
    if row.withdrawn {
        return Err(Refusal::RewardWithdrawn { reward }.into());
    }
    if row.stock.checked_add(places).is_none_or(|it| STOCK_MAX < it) {
        return Err(Refusal::StockFull { stock: row.stock, most: STOCK_MAX }.into());
    }
    let free = row.left.saturating_add(places);
    let mut moves = Moves::default();
    fill(desk, (reward, row), free, desk.now, &mut moves);
    Ok((RewardEvent::StockAdded { reward, places, moves }, Vec::new()))
}

/// Nobody can ask for it any more; who waited is set free, who has a place keeps it.
pub(super) fn withdraw(desk: &Desk<'_>, reward: RewardNo) -> RewardOutcome {
    let row = published(desk, reward, Verb::PublishReward)?;
    if row.withdrawn {
        return Err(Refusal::RewardWithdrawn { reward }.into());
    }
    let waiting = desk.ledger.waiting_for(reward);
    let ended = waiting.map(|(no, _)| end(no, RedemptionState::Cancelled)).collect();
    Ok((
        RewardEvent::RewardWithdrawn { reward, moves: Moves { ended, ..Moves::default() } },
        Vec::new(),
    ))
}

fn published<'a>(desk: &Desk<'a>, reward: RewardNo, verb: Verb) -> Result<&'a RewardRow, Refusal> {
    let row = desk.ledger.reward(reward).ok_or(Refusal::RewardUnknown { reward })?;
    desk.authority.on_branch(verb, row.reward.branch)?;
    Ok(row)
}
