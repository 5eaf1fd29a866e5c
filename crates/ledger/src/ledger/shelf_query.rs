//! What is asked of rewards by those who look after them: all redemptions of one, all open holds.

use super::{HoldRow, Ledger, RedemptionRow};
use crate::{HoldNo, PassbookNo, RedemptionNo, RewardNo, VolunteerStatus};

impl Ledger<'_> {
    /// Whether a volunteer takes part now.
    pub fn is_active(&self, passbook: PassbookNo) -> bool {
        self.volunteer(passbook).is_some_and(|it| it.status == VolunteerStatus::Active)
    }

    /// The redemptions of a reward, newest first, from before one on; `None` for those of others
    /// that are passed over.
    pub fn redemptions_for(
        &self,
        reward: RewardNo,
        before: Option<RedemptionNo>,
    ) -> impl Iterator<Item = (RedemptionNo, Option<&RedemptionRow>)> + '_ {
        let published = self.reward(reward).map(|it| it.entry);
        let last = u64::try_from(self.redemption_count()).unwrap_or(u64::MAX);
        let last = before.map_or(last, |it| last.min(it.get().saturating_sub(1)));
        let numbers = (1..=last).rev().filter_map(|it| RedemptionNo::new(it).ok());
        let rows = numbers.filter_map(|it| Some((it, self.redemption(it)?)));
        // Nobody asks for what is not published yet.
        let rows = rows.take_while(move |(_, it)| published.is_some_and(|at| at < it.entry));
        rows.map(move |(no, it)| (no, Some(it).filter(|it| it.reward == reward)))
    }

    /// The open holds of a passbook, newest first.
    pub fn open_holds(&self, passbook: PassbookNo) -> Vec<(HoldNo, &HoldRow)> {
        // Most passbooks have none; those are not looked for.
        if self.passbook(passbook).is_none_or(|it| it.held.is_zero()) {
            return Vec::new();
        }
        let redeemed = self.redemptions_of(passbook).filter(|(_, it)| it.is_open());
        let redeemed = redeemed.filter_map(|(_, it)| it.hold);
        let helped = self.helps_open_of(passbook).filter_map(|(_, it)| it.hold);
        let known = redeemed.chain(helped).filter_map(|it| Some((it, self.hold(it)?)));
        let mut open: Vec<_> = known.filter(|(_, it)| !it.remaining().is_zero()).collect();
        open.sort_unstable_by_key(|(no, _)| std::cmp::Reverse(*no));
        open
    }
}
