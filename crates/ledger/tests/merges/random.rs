//! Random histories beside a naive model: who did what under which number, and which numbers are
//! one person.

use jiff::civil::{Date, DateTime};
use lovebank_ledger::{Account, Days, EntryNo, Lot, LotClass, MergeNo, Points, Purpose, served};
use proptest::{collection::vec, prelude::*};

use crate::{
    act::Op,
    model::{Model, PEOPLE, Rules},
    purse::Point,
    street::{Street, no},
};

pub(crate) struct Run {
    pub(crate) street: Street,
    pub(crate) model: Model,
    pub(crate) merges: Vec<MergeNo>,
    pub(crate) now: DateTime,
    /// Services so far: each has a day of its own, so that nothing overlaps.
    pub(crate) days: i64,
    /// What counted for everybody after an entry.
    then: Vec<(EntryNo, Vec<(i64, i64)>)>,
}

impl Run {
    pub(crate) fn new(rules: Rules) -> Self {
        let cap = rules.cap.map(|it| format!("points_cap = \"{it}\"\n"));
        let expire = if rules.expire { "points_expire_months = 2" } else { "" };
        let mut street = Street::with(&format!("{}{expire}", cap.unwrap_or_default()));
        let now = DateTime::constant(2026, 12, 20, 9, 0, 0, 0);
        street.settled("2026-12-20 09:00");
        let model = Model::new(rules, now.date());
        Self { street, model, merges: Vec::new(), now, days: 0, then: Vec::new() }
    }

    /// Time goes by, and what is due is settled.
    pub(crate) fn wait(&mut self, minutes: i64) {
        self.now += jiff::Span::new().minutes(minutes);
        self.street.settled(&self.now.strftime("%F %H:%M").to_string());
        self.model.today = self.now.date();
        self.model.expire();
    }

    pub(crate) fn step(&mut self, op: &Op) {
        let can = self.model_does(op);
        if let Some(can) = can {
            let done = self.street_does(op);
            assert_eq!(done.is_ok(), can, "{op:?}: {done:?}");
        }
        self.wait(1);
        self.compare();
    }

    fn compare(&mut self) {
        let now: Vec<(i64, i64)> = (0..PEOPLE).map(|who| self.compare_one(who)).collect();
        let model = &self.model;
        let all: i64 = now.iter().map(|it| it.1).sum();
        let known = all + model.pools + model.redeemed + model.expired;
        assert_eq!(known, model.issued(), "no point is lost or made");
        for (purpose, points) in [
            (Purpose::Pool, model.pools),
            (Purpose::Redeemed, model.redeemed),
            (Purpose::Expired, model.expired),
        ] {
            assert_eq!(self.bank(purpose), points, "{purpose:?}");
        }
        self.then.push((self.street.head(), now));
    }

    /// What all branches have on one account.
    fn bank(&self, purpose: Purpose) -> i64 {
        let ledger = self.street.town.ledger();
        let balance = |it| ledger.balance(Account::Bank(it, purpose)).points;
        ledger.branches().map(|it| whole(balance(it.no))).sum()
    }

    /// Minutes and points of one number.
    fn compare_one(&self, who: usize) -> (i64, i64) {
        let (ledger, model) = (self.street.town.ledger(), &self.model);
        let passbook = number(who);
        let row = ledger.passbook(passbook).unwrap();
        let minutes = model.minutes(who);
        assert_eq!(row.minutes.get(), minutes, "{who}");
        assert_eq!(self.minutes(who, None), minutes, "{who}");
        let months = ledger.passbook_months(passbook).map(|it| it.2.get()).sum::<i64>();
        assert_eq!(months, minutes, "{who}");
        assert_eq!(ledger.person(passbook), number(model.person(who)));
        let purse = &model.purses[who];
        assert_eq!(whole(row.points), purse.balance(), "points of {who}");
        assert_eq!(whole(row.held), purse.held(), "held of {who}");
        let lots: Vec<Point> = ledger.lots(passbook).flat_map(points_of).collect();
        let mut known = purse.points();
        known.retain(|it| *it != Point::LASTING);
        assert_eq!(lots, known, "lots of {who}");
        if !model.rules.expire {
            let alone = (0..PEOPLE).filter(|it| model.person(*it) == who);
            let alone: i64 = alone.map(|it| model.alone[it]).sum();
            assert_eq!(purse.balance(), alone, "what the numbers of {who} have by themselves");
        }
        (minutes, purse.balance())
    }

    /// Minutes that count for someone.
    fn minutes(&self, who: usize, as_of: Option<EntryNo>) -> i64 {
        let days = Days { from: Date::constant(2026, 1, 1), until: Date::constant(2036, 1, 1) };
        served(self.street.town.ledger(), number(who), days, as_of).minutes.get()
    }

    fn end(&self) {
        let ledger = self.street.town.ledger();
        for (entry, then) in &self.then {
            for (who, (minutes, points)) in then.iter().enumerate() {
                let as_of = Some(*entry);
                assert_eq!(self.minutes(who, as_of), *minutes, "{who} as of {entry}");
                let line = ledger.lines(number(who), as_of).next();
                let had = line.map_or(0, |it| whole(it.points_after));
                assert_eq!(had, *points, "points of {who} as of {entry}");
            }
        }
        assert_eq!(self.street.town.replayed(), *ledger);
    }
}

/// Each point of a lot on its own.
fn points_of((lot, points): (Lot, Points)) -> Vec<Point> {
    let one = Point { day: lot.expires, earned: lot.class == LotClass::Earned };
    vec![one; usize::try_from(whole(points)).unwrap()]
}

/// All in these histories is whole.
fn whole(points: Points) -> i64 {
    assert_eq!(points.hundredths() % 100, 0, "{points}");
    points.hundredths() / 100
}

pub(crate) fn number(who: usize) -> lovebank_ledger::PassbookNo {
    no(u64::try_from(who).unwrap() + 1)
}

pub(crate) fn rules() -> impl Strategy<Value = Rules> {
    let cap = prop_oneof![Just(None), (6..20_i64).prop_map(Some)];
    (cap, any::<bool>()).prop_map(|(cap, expire)| Rules { cap, expire })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_counts_is_what_the_numbers_of_a_person_did(
        rules in rules(),
        ops in vec(crate::act::op(), 1..45),
    ) {
        let mut run = Run::new(rules);
        for it in &ops {
            run.step(it);
        }
        run.end();
    }
}
