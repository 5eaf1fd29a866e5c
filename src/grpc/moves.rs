//! Who would get another place under other rules: what the dry run of a rulebook tells.

use lovebank_ledger::{BranchNo, RewardNo, RewardRow, Rulebook, priority};
use lovebank_wire::{message, v1};
use tonic::Status;

use super::{door::Caller, status::unreadable};
use crate::{
    bank::Bank,
    writer::{WriterError, foresee},
};

/// Moves that one answer shows.
const MOVES_SHOWN: usize = 1000;

/// Who in an open queue would move, were these rules in force now; and how many more than are
/// shown.
pub(super) async fn under(
    caller: &Caller,
    rules: Rulebook,
) -> Result<(Vec<v1::QueueMove>, u64), Status> {
    let bank = caller.bank.clone();
    // Ranking every queue takes a while, and blocks.
    let found = tokio::task::spawn_blocking(move || all(&bank, &rules)).await;
    found.map_err(|err| unreadable(&err))?.map_err(|err| unreadable(&err))
}

fn all(bank: &Bank, rules: &Rulebook) -> Result<(Vec<v1::QueueMove>, u64), WriterError> {
    let (rewards, pools): (Vec<RewardNo>, Vec<BranchNo>) = {
        let ledger = bank.reader.ledger();
        let rewards = ledger.rewards().filter(|it| is_ranked_anew(it)).map(|it| it.reward.no);
        let pools = ledger.branches().map(|it| it.no);
        let waited = |it: &BranchNo| ledger.draws_waiting(*it).next().is_some();
        (rewards.collect(), pools.filter(waited).collect())
    };
    let mut shown = Shown::default();
    for reward in rewards {
        shown.add(of_reward(bank, rules, reward)?);
    }
    for pool in pools {
        shown.add(of_pool(bank, rules, pool));
    }
    Ok((shown.moves, shown.more))
}

/// What one answer shows.
#[derive(Default)]
struct Shown {
    moves: Vec<v1::QueueMove>,
    more: u64,
}

impl Shown {
    fn add(&mut self, moves: Vec<v1::QueueMove>) {
        for it in moves {
            if self.moves.len() < MOVES_SHOWN {
                self.moves.push(it);
            } else {
                self.more = self.more.saturating_add(1);
            }
        }
    }
}

/// Whether who waits has no place of their own yet: other rules may move them.
fn is_ranked_anew(row: &RewardRow) -> bool {
    !row.is_ranked() && !row.withdrawn && 0 < row.waiting && row.reward.mode.policy().is_some()
}

/// The ledger is held for one queue at a time, so that the writer need not wait for all of them.
fn of_reward(
    bank: &Bank,
    rules: &Rulebook,
    reward: RewardNo,
) -> Result<Vec<v1::QueueMove>, WriterError> {
    let published = bank.reader.ledger();
    let mut ledger = published.above();
    let now = bank.clock.now();
    foresee(&mut ledger, now)?;
    let Some(row) = ledger.reward(reward).filter(|it| is_ranked_anew(it)) else {
        return Ok(Vec::new());
    };
    let before = priority::order(&ledger, reward, now).map(|it| it.ranked).unwrap_or_default();
    let after = priority::order_under(&ledger, reward, now, rules).map(|it| it.1);
    let moved = message::moves(&before, &after.unwrap_or_default());
    let shown = moved.into_iter().map(|(no, from_rank, to_rank)| v1::QueueMove {
        reward_no: reward.get(),
        reward_name: row.reward.name.to_string(),
        redemption_no: no.get(),
        passbook_no: ledger.redemption(no).map_or(0, |it| it.passbook.get()),
        from_rank,
        to_rank,
        ..<_>::default()
    });
    Ok(shown.collect())
}

/// Nothing of a draw falls due.
fn of_pool(bank: &Bank, rules: &Rulebook, pool: BranchNo) -> Vec<v1::QueueMove> {
    let ledger = bank.reader.ledger();
    let now = bank.clock.now();
    let before = priority::draws(&ledger, pool, now);
    let after = priority::draws_under(&ledger, pool, now, rules);
    let moved = message::moves(&before, &after).into_iter();
    let shown = moved.map(|(no, from_rank, to_rank)| v1::QueueMove {
        draw_no: no.get(),
        pool_branch_code: message::branch_code(&ledger, pool),
        passbook_no: ledger.draw(no).map_or(0, |it| it.draw.passbook.get()),
        from_rank,
        to_rank,
        ..<_>::default()
    });
    shown.collect()
}
