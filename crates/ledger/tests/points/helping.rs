//! The model of help, and of what falls due.

use lovebank_ledger::{HelpState, RedemptionState};

use crate::model::{Can, DAY, Help, Mode, Model, SILENCE_DAYS, price};

/// What falls due, in the order in which it is settled at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Window(usize),
    Redemption(usize),
    Help(usize),
}

impl Model {
    /// When help begins that is asked for now; some of it overlaps.
    pub(crate) fn begins(&self) -> i64 {
        let turn = i64::try_from(self.helps.len()).expect("a few") % 5;
        self.now + 60 + turn * 45
    }

    /// Whether someone helped at a time that this would take.
    fn is_busy(&self, who: usize, (start, minutes): (i64, i64), of: Option<usize>) -> bool {
        self.helps.iter().any(|it| {
            let served = it.served.filter(|_| it.helper == Some(who));
            let counts = of.is_none_or(|asker| it.asker == asker);
            counts
                && served
                    .is_some_and(|it_took| it.start < start + minutes && start < it.start + it_took)
        })
    }

    pub(crate) fn ask(&mut self, asker: usize, start: i64, minutes: i64) -> Can {
        if self.available(asker) < price(minutes) {
            return false;
        }
        self.books[asker].held += price(minutes);
        let (offers, helper, said) = (Vec::new(), None, None);
        let (state, due) = (HelpState::Open, Some(start));
        let served = None;
        self.helps.push(Help { asker, start, minutes, state, offers, helper, said, due, served });
        true
    }

    pub(crate) fn offer(&mut self, no: usize, who: usize) -> Can {
        let it = &mut self.helps[no];
        let can = it.state == HelpState::Open && it.asker != who && !it.offers.contains(&who);
        if can {
            it.offers.push(who);
        }
        can
    }

    pub(crate) fn withdraw(&mut self, no: usize, who: usize) -> Can {
        let it = &mut self.helps[no];
        let open = matches!(it.state, HelpState::Open | HelpState::Agreed);
        if !open || !it.offers.contains(&who) {
            return false;
        }
        it.offers.retain(|it| *it != who);
        if it.helper == Some(who) {
            (it.helper, it.state, it.due) = (None, HelpState::Open, Some(it.start));
        }
        true
    }

    pub(crate) fn accept(&mut self, no: usize, who: usize) -> Can {
        let now = self.now;
        let it = &mut self.helps[no];
        if it.state != HelpState::Open || !it.offers.contains(&who) {
            return false;
        }
        let end = it.start + it.minutes;
        (it.helper, it.state) = (Some(who), HelpState::Agreed);
        it.due = Some(end.max(now) + SILENCE_DAYS * DAY);
        true
    }

    pub(crate) fn give_up(&mut self, no: usize) -> Can {
        if !matches!(self.helps[no].state, HelpState::Open | HelpState::Agreed) {
            return false;
        }
        self.end_help(no, HelpState::Cancelled);
        true
    }

    fn end_help(&mut self, no: usize, state: HelpState) {
        let it = &mut self.helps[no];
        (it.state, it.due) = (state, None);
        self.books[it.asker].held -= price(it.minutes);
    }

    pub(crate) fn confirm(
        &mut self,
        no: usize,
        by_asker: bool,
        (minutes, hand): (i64, usize),
    ) -> Can {
        let it = self.helps[no].clone();
        let open = matches!(it.state, HelpState::Agreed | HelpState::Said);
        let over = minutes == 0 || it.start + minutes <= self.now;
        if !open || !over || it.said.is_some_and(|said| said.0 == by_asker) {
            return false;
        }
        match it.said {
            None => {
                let it = &mut self.helps[no];
                (it.said, it.state) = (Some((by_asker, minutes, hand)), HelpState::Said);
                it.due = Some(self.now + SILENCE_DAYS * DAY);
            }
            Some((_, said, first)) if said == minutes && first != hand => self.agree(no, minutes),
            Some(_) => self.dispute(no),
        }
        true
    }

    fn dispute(&mut self, no: usize) {
        let it = &mut self.helps[no];
        (it.state, it.due) = (HelpState::Disputed, None);
    }

    fn agree(&mut self, no: usize, minutes: i64) {
        let it = self.helps[no].clone();
        let paid = price(minutes).min(price(it.minutes));
        let helper = it.helper.expect("it was agreed");
        let when = (it.start, minutes);
        // The helper was elsewhere, or was being helped by the asker.
        let busy = self.is_busy(helper, when, None) || self.is_busy(it.asker, when, Some(helper));
        let served = 0 < minutes;
        if it.minutes < minutes || served && (busy || self.books[it.asker].points < paid) {
            return self.dispute(no);
        }
        self.served(no, minutes);
    }

    fn served(&mut self, no: usize, minutes: i64) {
        let it = self.helps[no].clone();
        if minutes == 0 {
            return self.end_help(no, HelpState::Cancelled);
        }
        let paid = price(minutes).min(price(it.minutes));
        self.end_help(no, HelpState::Confirmed);
        self.helps[no].served = Some(minutes);
        self.books[it.asker].points -= paid;
        let helper = it.helper.expect("it was agreed");
        self.books[helper].minutes += minutes;
        self.credit(helper, paid);
    }

    pub(crate) fn resolve(&mut self, no: usize, minutes: i64) -> Can {
        let it = self.helps[no].clone();
        let over = minutes == 0 || it.start + minutes <= self.now;
        let busy = |helper| self.is_busy(helper, (it.start, minutes), None);
        if it.state != HelpState::Disputed || !over || it.helper.is_some_and(busy) && 0 < minutes {
            return false;
        }
        self.served(no, minutes);
        true
    }

    /// Settles what fell due, in order; how many entries that is.
    pub(crate) fn settle(&mut self) -> usize {
        let mut entries = 0;
        while let Some((at, due)) = self.next_due().filter(|it| it.0 <= self.now) {
            entries += 1;
            match due {
                Due::Window(reward) => self.close(reward),
                Due::Redemption(first) => self.expire(at, first),
                Due::Help(no) => match self.helps[no].said {
                    Some((_, minutes, hand)) if self.helps[no].state == HelpState::Said => {
                        // All else was done by the first hand.
                        if hand == 0 { self.dispute(no) } else { self.agree(no, minutes) }
                    }
                    _ => self.end_help(no, HelpState::Expired),
                },
            }
        }
        entries
    }

    fn next_due(&self) -> Option<(i64, Due)> {
        let windows = (0..).zip(&self.rewards).filter_map(|(no, it)| match it.mode {
            Mode::Window(closes, _) if !it.allocated => Some((closes, Due::Window(no))),
            Mode::Window(..) | Mode::FirstCome | Mode::List => None,
        });
        let open = |it: RedemptionState| {
            matches!(it, RedemptionState::Waiting | RedemptionState::Allocated)
        };
        let redemptions = (0..).zip(&self.redemptions).filter(|(_, it)| open(it.state));
        let redemptions = redemptions.map(|(no, it)| (it.ends, Due::Redemption(no)));
        let helps = (0..).zip(&self.helps).filter_map(|(no, it)| Some((it.due?, Due::Help(no))));
        windows.chain(redemptions).chain(helps).min()
    }

    fn close(&mut self, reward: usize) {
        let line = self.line(reward);
        for (rank, no) in line.into_iter().enumerate() {
            self.redemptions[no].rank = Some(rank);
        }
        self.rewards[reward].allocated = true;
        let Mode::Window(closes, _) = self.rewards[reward].mode else { return };
        self.fill(reward, closes);
    }

    /// All of one reward that end at one instant end together.
    fn expire(&mut self, at: i64, first: usize) {
        let reward = self.redemptions[first].reward;
        let due = |no: &usize| {
            let it = &self.redemptions[*no];
            let open = matches!(it.state, RedemptionState::Waiting | RedemptionState::Allocated);
            open && it.reward == reward && it.ends == at
        };
        let due: Vec<usize> = (0..self.redemptions.len()).filter(due).collect();
        let placed = |it: &usize| self.redemptions[*it].state == RedemptionState::Allocated;
        let freed = due.iter().any(placed);
        for no in due {
            self.end(no, RedemptionState::Expired, 0);
        }
        if freed {
            self.fill(reward, at);
        }
    }
}
