//! Random histories of points that expire, beside a naive list of every point and its day.

use jiff::civil::Date;
use lovebank_ledger::{GiftTo, RedemptionNo, RewardCommand};
use lovebank_testkit::Town;
use proptest::{collection::vec, prelude::*};

use crate::street::{Street, TWO_MONTHS};

#[derive(Debug, Clone)]
enum Step {
    Earn { who: usize, hours: u32 },
    Give { from: usize, to: usize, points: i64 },
    Pool { from: usize, points: i64 },
    Request { who: usize, price: i64 },
    Cancel { which: usize },
    Fulfill { which: usize },
    Wait { days: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_usize, 1..6_u32).prop_map(|(who, hours)| Step::Earn { who, hours }),
        2 => (0..3_usize, 0..3_usize, 1..6_i64)
            .prop_map(|(from, to, points)| Step::Give { from, to, points }),
        1 => (0..3_usize, 1..4_i64).prop_map(|(from, points)| Step::Pool { from, points }),
        3 => (0..3_usize, 1..5_i64).prop_map(|(who, price)| Step::Request { who, price }),
        1 => (0..8_usize).prop_map(|which| Step::Cancel { which }),
        2 => (0..8_usize).prop_map(|which| Step::Fulfill { which }),
        4 => (1..40_i64).prop_map(|days| Step::Wait { days }),
    ]
}

/// Every point on its own: the day on which it is gone, and whether it was given.
#[derive(Debug, Clone, Default)]
struct Purse {
    points: Vec<(Date, bool)>,
    /// What is held, by the day on which it was set aside.
    holds: Vec<(Date, i64)>,
}

impl Purse {
    fn count(&self) -> i64 {
        i64::try_from(self.points.len()).unwrap()
    }

    /// Points in the order of spending, of which a hold keeps the first.
    fn sort(&mut self) {
        self.points.sort_by_key(|(day, given)| (*day, !given));
    }

    fn capture(&mut self, points: i64) {
        self.sort();
        self.points.drain(..usize::try_from(points).unwrap());
    }

    /// Takes points that no hold needs: those past their day stay for it.
    fn give(&mut self, points: i64, today: Date) -> Vec<(Date, bool)> {
        self.sort();
        let fresh = self.points.iter().position(|it| today < it.0).unwrap_or(self.points.len());
        self.points.drain(fresh..fresh + usize::try_from(points).unwrap()).collect()
    }

    fn expire(&mut self, today: Date) {
        self.sort();
        let mut kept = 0;
        let holds = &self.holds;
        // A hold keeps what it was made of, not what was over before it.
        let held = |day: Date| holds.iter().filter(|it| it.0 < day).map(|it| it.1).sum::<i64>();
        self.points.retain(|(day, _)| {
            let keep = today < *day || kept < held(*day);
            kept += i64::from(keep && *day <= today);
            keep
        });
    }

    fn lots(&self) -> Vec<(i8, bool, i64)> {
        let mut lots: Vec<((Date, bool), i64)> = Vec::new();
        let mut sorted = self.clone();
        sorted.sort();
        for point in sorted.points {
            match lots.last_mut() {
                Some((last, count)) if *last == point => *count += 1,
                _ => lots.push((point, 1)),
            }
        }
        lots.into_iter().map(|((day, given), count)| (day.month(), given, count)).collect()
    }
}

struct World {
    street: Street,
    purses: [Purse; 3],
    open: Vec<(RedemptionNo, usize, Date, i64)>,
    today: Date,
    services: i64,
    minute: u32,
}

impl World {
    fn new() -> Self {
        let today = Date::constant(2026, 1, 10);
        let purses = <[Purse; 3]>::default();
        Self {
            street: Street::new(TWO_MONTHS),
            purses,
            open: Vec::new(),
            today,
            services: 0,
            minute: 600,
        }
    }

    /// A minute goes by, and what is due is settled.
    fn tick(&mut self) {
        self.minute += 1;
        let (hour, minute) = (self.minute / 60, self.minute % 60);
        self.street.at(&format!("{} {hour:02}:{minute:02}", self.today));
        self.purses.iter_mut().for_each(|it| it.expire(self.today));
    }

    fn available(&self, who: usize) -> i64 {
        self.purses[who].count() - self.purses[who].holds.iter().map(|it| it.1).sum::<i64>()
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Earn { who, hours } => {
                // Each on a day of its own, long ago.
                let day = Date::constant(2020, 1, 1) + jiff::Span::new().days(self.services);
                self.services += 1;
                self.street.earn(who, &format!("{day} 09:00"), hours);
                let gone = (self.today.first_of_month() + jiff::Span::new().months(3), false);
                self.purses[who].points.extend((0..hours).map(|_| gone));
            }
            Step::Give { from, to, points } => {
                if from != to && points <= self.available(from) {
                    self.street.give(from, GiftTo::Volunteer(self.street.of(to)), points);
                    let given = self.purses[from].give(points, self.today);
                    self.purses[to].points.extend(given.into_iter().map(|it| (it.0, true)));
                }
            }
            Step::Pool { from, points } => {
                if points <= self.available(from) {
                    self.street.give(from, GiftTo::Pool(Town::code("N1")), points);
                    self.purses[from].give(points, self.today);
                }
            }
            Step::Request { who, price } => {
                if price <= self.available(who) {
                    let redemption = self.street.request(who, price);
                    self.open.push((redemption, who, self.today, price));
                    self.purses[who].holds.push((self.today, price));
                }
            }
            Step::Cancel { which } | Step::Fulfill { which } => {
                if which < self.open.len() {
                    let (redemption, who, day, price) = self.open.remove(which);
                    let holds = &mut self.purses[who].holds;
                    let at = holds.iter().position(|it| *it == (day, price)).unwrap();
                    holds.remove(at);
                    if matches!(step, Step::Cancel { .. }) {
                        self.street.reward(RewardCommand::CancelRedemption { redemption });
                    } else {
                        let fulfill = RewardCommand::FulfillRedemption { redemption, points: None };
                        self.street.reward(fulfill);
                        self.purses[who].capture(price);
                    }
                    self.tick();
                }
            }
            Step::Wait { days } => self.today += jiff::Span::new().days(days),
        }
        self.tick();
    }

    fn check(&self) {
        for (no, purse) in self.purses.iter().enumerate() {
            assert_eq!(self.street.lots(no), purse.lots(), "passbook {no} on {}", self.today);
            assert_eq!(self.street.points(no), purse.count(), "passbook {no}");
        }
        self.street.whole();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_point_is_gone_on_its_day_unless_a_hold_keeps_it(steps in vec(step(), 1..40)) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
            world.check();
        }
    }
}
