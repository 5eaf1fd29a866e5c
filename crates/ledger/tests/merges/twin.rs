//! A bank whose merges were all undone, beside one that never had any.

use lovebank_ledger::{Account, Lot, Month, Points, Purpose};
use proptest::{collection::vec, prelude::*};

use crate::{
    act::{Op, op},
    model::{PEOPLE, Rules},
    random::{Run, number},
};

struct Twins {
    merged: Run,
    alone: Run,
}

impl Twins {
    fn new(expire: bool) -> Self {
        // A cap is a person's: two numbers have more room than one.
        let rules = Rules { cap: None, expire };
        Self { merged: Run::new(rules), alone: Run::new(rules) }
    }

    /// Does in both what both can do.
    fn step(&mut self, op: &Op) {
        if matches!(op, Op::Merge(..) | Op::Undo(_)) {
            if self.is_fair(op) {
                self.merged.step(op);
                self.alone.wait(1);
            }
            return;
        }
        if self.is_fair(op) && can(&mut self.merged, op) && can(&mut self.alone, op) {
            self.merged.step(op);
            self.alone.step(op);
        }
    }

    /// Where points expire, what a person spends may be of another number's that goes sooner. So
    /// there is nothing owed, held or taken of people with several numbers then.
    fn is_fair(&self, op: &Op) -> bool {
        let model = &self.merged.model;
        if !model.rules.expire {
            return true;
        }
        let record = |at: &prop::sample::Index| {
            let of = model.records.len();
            (0 < of).then(|| &model.records[at.index(of)])
        };
        match op {
            Op::Merge(from, into) => [from, into].iter().all(|it| {
                let purse = &model.purses[**it];
                0 <= purse.balance() && purse.held() == 0
            }),
            Op::Reverse(at) | Op::Correct(at, _) => {
                record(at).is_some_and(|it| !model.is_several(it.who))
            }
            Op::Deduct(who, _) | Op::Wish(who, _) | Op::Give(who, ..) | Op::Help(who, ..) => {
                !model.is_several(*who)
            }
            Op::Ungive(at) => {
                let of = model.gift_count();
                let taker = (0 < of).then(|| model.taker(at.index(of))).flatten();
                taker.is_none_or(|it| !model.is_several(it))
            }
            Op::Serve(..)
            | Op::Approve(_)
            | Op::Cancel(_)
            | Op::Fulfil(_)
            | Op::Restore(_)
            | Op::Wait(_)
            | Op::Undo(_) => true,
        }
    }

    /// Undoes all merges, the last first; whether everyone still has what goes back.
    fn part(&mut self) -> bool {
        while let Some(last) = self.merged.model.merge_count().checked_sub(1) {
            if !self.merged.model.clone().undo(last) {
                return false;
            }
            assert!(self.merged.model.undo(last));
            let merge = self.merged.merges.pop().unwrap();
            self.merged.street.undo(merge).unwrap();
        }
        true
    }
}

fn can(run: &mut Run, op: &Op) -> bool {
    let before = run.model.clone();
    let can = run.model_does(op) == Some(true);
    run.model = before;
    can
}

type Had = (Vec<i64>, Vec<(Lot, Points)>, Vec<(Month, i64)>);

/// What a number has: minutes, points and what is held of them; lots; months.
fn had(run: &Run, who: usize) -> Had {
    let ledger = run.street.town.ledger();
    let row = ledger.passbook(number(who)).unwrap();
    let amounts = vec![row.minutes.get(), row.points.hundredths(), row.held.hundredths()];
    let months = ledger.passbook_months(number(who)).map(|it| (it.0, it.2.get()));
    (amounts, ledger.lots(number(who)).collect(), months.collect())
}

/// What all branches have on each kind of account: what expires is of the home of who had it.
fn accounts(run: &Run) -> Vec<(i64, i64)> {
    let ledger = run.street.town.ledger();
    let all = [
        Purpose::Issuance,
        Purpose::Pool,
        Purpose::Adjustment,
        Purpose::Redeemed,
        Purpose::Expired,
    ];
    let sum = |purpose| {
        let balances = ledger.branches().map(|it| ledger.balance(Account::Bank(it.no, purpose)));
        balances.fold((0, 0), |sum, it| (sum.0 + it.minutes.get(), sum.1 + it.points.hundredths()))
    };
    all.map(sum).into()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn once_all_merges_are_undone_everyone_has_what_they_would_have_had(
        expire in any::<bool>(),
        ops in vec(op(), 1..60),
    ) {
        let mut twins = Twins::new(expire);
        for it in &ops {
            twins.step(it);
        }
        if twins.part() {
            for who in 0..PEOPLE {
                assert_eq!(had(&twins.merged, who), had(&twins.alone, who), "{who}");
            }
            assert_eq!(accounts(&twins.merged), accounts(&twins.alone));
        }
    }
}
