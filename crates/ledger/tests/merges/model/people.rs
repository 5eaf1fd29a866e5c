//! Who becomes one person, and what goes back to whom when they are told apart.

use super::{Merge, Model, State};
use crate::purse::Point;

impl Model {
    pub(crate) fn merge(&mut self, from: usize, into: usize) -> bool {
        let open = self.wishes.iter().any(|it| it.who == from && it.state == State::Open);
        if from == into || open || ![from, into].iter().all(|it| self.is_kept(*it)) {
            return false;
        }
        let had = std::mem::take(&mut self.purses[from]);
        let own = had.balance();
        self.purses[into].join(had.clone(), self.today);
        let (had, gone) = (had.points(), Vec::new());
        self.merges.push(Merge { from, into, own, had, gone });
        self.into[from] = Some(into);
        true
    }

    pub(crate) fn undo(&mut self, no: usize) -> bool {
        let Merge { from, into, own, had, gone } = self.merges[no].clone();
        let lost = in_common(&had, gone).min(own.max(0));
        let own = own - lost;
        if !self.is_kept(into) || 0 < own && self.purses[into].available() < own {
            return false;
        }
        self.merges.remove(no);
        self.into[from] = None;
        if own < 0 {
            let fresh = self.fresh(-own);
            self.purses[into].put(fresh);
            self.purses[from].take(-own, self.today);
        } else {
            let back = self.purses[into].part(own, had, self.today);
            self.purses[from].put(back);
        }
        true
    }
}

fn in_common(points: &[Point], mut others: Vec<Point>) -> i64 {
    let mut common = 0;
    for it in points {
        if let Some(at) = others.iter().position(|other| other == it) {
            others.swap_remove(at);
            common += 1;
        }
    }
    common
}
