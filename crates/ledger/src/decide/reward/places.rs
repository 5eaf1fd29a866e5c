//! Who gets a place that is free, and what became due.

use crate::{
    Allocation, BATCH_MAX, Due, Ended, Event, Moves, PassbookNo, Placed, Points, RedemptionNo,
    RedemptionRow, RedemptionState, Refusal, RewardEvent, RewardMode, RewardNo, RewardRow,
    Timestamp,
    decide::{Desk, Outcome},
    priority::policy_of,
};

use super::{RewardOutcome, redeem::known};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// A redemption that ends without anything taken.
pub(super) fn end(redemption: RedemptionNo, state: RedemptionState) -> Ended {
    Ended { redemption, state, captured: Points::ZERO }
}

/// Gives the place of a redemption that ended to the next.
pub(super) fn pass_on(desk: &Desk<'_>, row: &RedemptionRow, as_of: Timestamp, moves: &mut Moves) {
    if row.state == RedemptionState::Allocated
        && let Some(reward) = desk.ledger.reward(row.reward)
    {
        fill(desk, (row.reward, reward), reward.left.saturating_add(1), as_of, moves);
    }
}

/// Gives free places to those who wait: after a window by the order found out then, on a list by
/// the order of the moment.
pub(super) fn fill(
    desk: &Desk<'_>,
    (no, row): (RewardNo, &RewardRow),
    free: u32,
    as_of: Timestamp,
    moves: &mut Moves,
) {
    if row.withdrawn || free == 0 {
        return;
    }
    let places = usize::try_from(free).unwrap_or(usize::MAX);
    match &row.reward.mode {
        RewardMode::FirstCome => {}
        RewardMode::Window { window, .. } => {
            if row.allocated && as_of < window.fulfill_until() {
                let left = still_waiting(desk, no, moves).take(places);
                let next =
                    left.map(|(redemption, _)| Placed { redemption, ends: window.fulfill_until() });
                moves.placed = next.collect();
            }
        }
        RewardMode::WaitingList { .. } => {
            let found = rank(desk, (no, row), as_of, still_waiting(desk, no, moves), places);
            moves.allocation = found.map(|mut it| {
                // Those who get a place, and the next: what decided between them.
                it.ranked.truncate(places.saturating_add(1));
                it
            });
        }
    }
}

/// Free places for one who takes part again: while there are any, nobody else waits who takes
/// part.
pub(in crate::decide) fn places_for(desk: &Desk<'_>, passbook: PassbookNo) -> Moves {
    let open = desk.ledger.redemptions_of(passbook).filter(|(_, it)| it.waits());
    let places = open.filter_map(|(redemption, it)| {
        let row = desk.ledger.reward(it.reward).filter(|it| 0 < it.left && !it.withdrawn)?;
        let ends = match &row.reward.mode {
            RewardMode::FirstCome => return None,
            RewardMode::Window { window, .. } => {
                let usable = row.allocated && desk.now < window.fulfill_until();
                usable.then(|| window.fulfill_until())?
            }
            RewardMode::WaitingList { .. } => {
                days_after(desk.now, desk.rules.as_ref()?.redemption().fulfill_days)
            }
        };
        Some(Placed { redemption, ends })
    });
    Moves { placed: places.collect(), ..Moves::default() }
}

fn still_waiting<'a>(
    desk: &Desk<'a>,
    reward: RewardNo,
    moves: &Moves,
) -> impl Iterator<Item = (RedemptionNo, &'a RedemptionRow)> + use<'a> {
    let gone: Vec<RedemptionNo> = moves.ended.iter().map(|it| it.redemption).collect();
    let ledger = desk.ledger;
    let waits = ledger.waiting_for(reward);
    waits.filter(move |(no, it)| !gone.contains(no) && ledger.is_active(it.passbook))
}

/// The order of those who wait, and who of them gets a place; none where nobody waits.
pub(super) fn rank<'a>(
    desk: &Desk<'_>,
    (no, row): (RewardNo, &RewardRow),
    as_of: Timestamp,
    waiting: impl Iterator<Item = (RedemptionNo, &'a RedemptionRow)>,
    places: usize,
) -> Option<Allocation> {
    let name = row.reward.mode.policy()?;
    let rulebook = desk.ledger.rulebook_on(desk.date_at(as_of))?;
    let policy = policy_of(&rulebook.rules, name);
    let by = (desk.ledger, &*rulebook.rules);
    let ranked = policy.rank(by, as_of, waiting.map(|(no, it)| (no, it.asker())));
    let places = u32::try_from(places.min(ranked.len())).ok()?;
    if ranked.is_empty() {
        return None;
    }
    let ends = match &row.reward.mode {
        RewardMode::Window { window, .. } => window.fulfill_until(),
        RewardMode::FirstCome | RewardMode::WaitingList { .. } => {
            // A bank that was down gives who comes next the days that it has itself.
            days_after(as_of.max(desk.now), rulebook.rules.redemption().fulfill_days)
        }
    };
    Some(Allocation {
        reward: no,
        as_of,
        rulebook: rulebook.version,
        policy: name.clone(),
        places,
        ends,
        ranked,
    })
}

/// Settles what fell due of rewards.
pub(in crate::decide) fn settle_due(desk: &Desk<'_>, at: Timestamp, due: RewardDue) -> Outcome {
    let settled = match due {
        RewardDue::Window(reward) => close_window(desk, at, reward),
        RewardDue::Redemption(first) => expire(desk, at, first),
    };
    settled.map(|(event, postings)| (Event::Reward(event), postings))
}

/// What falls due of rewards.
#[derive(Clone, Copy)]
pub(in crate::decide) enum RewardDue {
    Window(RewardNo),
    Redemption(RedemptionNo),
}

fn close_window(desk: &Desk<'_>, at: Timestamp, reward: RewardNo) -> RewardOutcome {
    let row = desk.ledger.reward(reward).ok_or(Refusal::RewardUnknown { reward })?;
    let places = usize::try_from(row.left).unwrap_or(usize::MAX);
    // Who is suspended waits on, behind the others.
    let waiting = desk.ledger.waiting_for(reward);
    let waiting = waiting.filter(|(_, it)| desk.ledger.is_active(it.passbook));
    let found = rank(desk, (reward, row), at, waiting, places);
    let version =
        desk.ledger.rulebook_on(desk.date_at(at)).map_or(desk.rulebook(), |it| it.version);
    let nobody = || {
        Some(Allocation {
            reward,
            as_of: at,
            rulebook: version,
            policy: row.reward.mode.policy()?.clone(),
            places: 0,
            ends: at,
            ranked: Vec::new(),
        })
    };
    let allocation = found.or_else(nobody).ok_or(Refusal::NothingDue)?;
    Ok((RewardEvent::WindowClosed(allocation), Vec::new()))
}

/// Ends all redemptions of one reward whose time ran out at one instant, up to a batch.
fn expire(desk: &Desk<'_>, at: Timestamp, first: RedemptionNo) -> RewardOutcome {
    let row = known(desk, first)?;
    let due = desk.ledger.due_at(at).filter_map(|due| match due {
        Due::Redemption(no) => Some((no, desk.ledger.redemption(no)?)),
        Due::Window(_) | Due::Help(_) | Due::Lots(_) => None,
    });
    let due: Vec<_> = due.filter(|(_, it)| it.reward == row.reward).take(BATCH_MAX).collect();
    let ended = due.iter().map(|(no, _)| end(*no, RedemptionState::Expired)).collect();
    let mut moves = Moves { ended, ..Moves::default() };
    let freed = due.iter().filter(|(_, it)| it.state == RedemptionState::Allocated).count();
    if let Some(reward) = desk.ledger.reward(row.reward) {
        let free = reward.left.saturating_add(u32::try_from(freed).unwrap_or(u32::MAX));
        fill(desk, (row.reward, reward), free, at, &mut moves);
    }
    Ok((RewardEvent::RedemptionsExpired { as_of: at, moves }, Vec::new()))
}

pub(super) fn days_after(at: Timestamp, days: u32) -> Timestamp {
    Timestamp::from_micros(at.micros().saturating_add(i64::from(days).saturating_mul(DAY)))
}
