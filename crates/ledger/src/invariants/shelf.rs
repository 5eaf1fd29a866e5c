//! What must hold of holds, places and queues.

use std::collections::BTreeMap;

use super::{Breach, breach, passbooks};
use crate::{HelpNo, HoldNo, Ledger, PassbookNo, Points, RedemptionNo, RedemptionState, RewardNo};

/// Checks 4 and 11 of [`check`](super::check).
pub(super) fn check(ledger: &Ledger, breaches: &mut Vec<Breach>) {
    let mut held: BTreeMap<PassbookNo, Points> = BTreeMap::new();
    let mut places: BTreeMap<RewardNo, (u32, u32)> = BTreeMap::new();
    let count = u64::try_from(ledger.redemption_count()).unwrap_or(u64::MAX);
    for no in (1..=count).filter_map(|it| RedemptionNo::new(it).ok()) {
        let Some(row) = ledger.redemption(no) else { continue };
        let about = format!("redemption {no}");
        let kept = hold(ledger, (row.hold, row.is_open()), &about, breaches);
        let sum = held.entry(row.passbook).or_default();
        *sum = sum.plus(kept).unwrap_or_default();
        let (taken, waiting) = places.entry(row.reward).or_default();
        match row.state {
            RedemptionState::Waiting => *waiting = waiting.saturating_add(1),
            RedemptionState::Allocated | RedemptionState::Fulfilled | RedemptionState::Reversed => {
                *taken = taken.saturating_add(1);
            }
            RedemptionState::Cancelled | RedemptionState::NoShow | RedemptionState::Expired => {}
        }
    }
    let helps = u64::try_from(ledger.help_count()).unwrap_or(u64::MAX);
    for row in (1..=helps).filter_map(|it| ledger.help(HelpNo::new(it).ok()?)) {
        let about = format!("help request of passbook {}", row.asker);
        let kept = hold(ledger, (row.hold, row.is_open()), &about, breaches);
        let sum = held.entry(row.asker).or_default();
        *sum = sum.plus(kept).unwrap_or_default();
    }
    for no in passbooks(ledger) {
        let kept = ledger.passbook(no).map(|it| it.held).unwrap_or_default();
        let sum = held.get(&no).copied().unwrap_or_default();
        if kept != sum {
            breach(breaches, 4, &format!("passbook {no} holds {kept}; its holds keep {sum}"));
        }
    }
    rewards(ledger, &places, breaches);
}

/// What a hold keeps: nothing once what it is for has ended.
fn hold(
    ledger: &Ledger,
    (no, is_open): (Option<HoldNo>, bool),
    about: &str,
    breaches: &mut Vec<Breach>,
) -> Points {
    let Some(hold) = no.and_then(|it| ledger.hold(it)) else { return Points::ZERO };
    let parts = [hold.captured, hold.released, hold.expired, hold.remaining()];
    let sum = parts.into_iter().try_fold(Points::ZERO, Points::plus);
    if sum != Some(hold.points) || parts.iter().any(|it| it.is_negative()) {
        breach(breaches, 4, &format!("the parts of the hold of {about} are not its points"));
    }
    if is_open == hold.remaining().is_zero() {
        breach(breaches, 4, &format!("{about} is open or ended against its hold"));
    }
    hold.remaining()
}

fn rewards(ledger: &Ledger, places: &BTreeMap<RewardNo, (u32, u32)>, breaches: &mut Vec<Breach>) {
    for row in ledger.rewards() {
        let no = row.reward.no;
        let (taken, waiting) = places.get(&no).copied().unwrap_or_default();
        if row.left.checked_add(taken) != Some(row.stock) {
            let (left, stock) = (row.left, row.stock);
            breach(breaches, 11, &format!("reward {no}: {taken} and {left} are not {stock}"));
        }
        let queued = u32::try_from(ledger.waiting_for(no).count());
        if row.waiting != waiting || queued != Ok(waiting) {
            breach(breaches, 11, &format!("reward {no}: {waiting} wait, and its queue is another"));
        }
    }
}
