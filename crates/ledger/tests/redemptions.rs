//! Rewards, windows and queues: places are never oversold, and the order is the same every time.
#![expect(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "tests")]

use RedemptionState::{Allocated, Cancelled, Expired, NoShow, Waiting};
use lovebank_ledger::priority;
use lovebank_ledger::{
    Command, EntryNo, Event, Ledger, Limit, NeedClass, Period, Points, PolicyName, Price,
    PublishReward, Reason, RedemptionNo, RedemptionState, Refusal, RewardCommand, RewardEvent,
    RewardKind, RewardMode, RewardName, RewardNo, Role, Service, Stock, TokenNo, VolunteerRef,
    Window,
};
use lovebank_testkit::{Town, interval, timestamp};

struct Street {
    town: Town,
    clerk: TokenNo,
    approver: TokenNo,
}

impl Street {
    fn new() -> Self {
        let mut town = Town::new();
        town.at("2026-03-10 09:00");
        let clerk = town.staff("clerk-n1", Role::Clerk, Some("NW"));
        let approver = town.staff("approver-nw", Role::Approver, Some("NW"));
        Self { town, clerk, approver }
    }

    /// A volunteer with an hour of service a day, for some days.
    fn volunteer(&mut self, number: &str, days: i64) -> VolunteerRef {
        let passbook = self.town.volunteer(number, "N1");
        for day in 0..days {
            let start = format!("2026-02-{:02} 09:00", day + 1);
            let service = Service::interval(interval(&start, 60));
            self.town.record(self.clerk, Town::activity("N1", "敬老"), number, service).unwrap();
        }
        VolunteerRef::Passbook(passbook)
    }

    fn publish(&mut self, price: i64, stock: u32, mode: RewardMode) -> RewardNo {
        let it = reward(price, stock, mode);
        let entry = self
            .town
            .ask(self.approver, &Command::Reward(RewardCommand::PublishReward(it)))
            .unwrap();
        let Event::Reward(RewardEvent::RewardPublished(reward)) = &entry.event else {
            panic!("published")
        };
        reward.no
    }

    fn request(
        &mut self,
        volunteer: VolunteerRef,
        reward: RewardNo,
    ) -> Result<RedemptionNo, Refusal> {
        let command =
            Command::Reward(RewardCommand::RequestRedemption { volunteer, reward, age_band: None });
        let entry = self.town.ask(self.clerk, &command).map_err(|it| it.refusal)?;
        let Event::Reward(RewardEvent::RedemptionRequested { redemption, .. }) = &entry.event
        else {
            panic!("asked")
        };
        Ok(redemption.no)
    }

    fn ask(&mut self, token: TokenNo, command: RewardCommand) -> Result<(), Refusal> {
        let asked = self.town.ask(token, &Command::Reward(command));
        asked.map(|_| ()).map_err(|it| it.refusal)
    }

    fn state(&self, no: RedemptionNo) -> RedemptionState {
        self.town.ledger().redemption(no).unwrap().state
    }

    fn settle(&mut self) -> u32 {
        let mut entries = 0;
        while self.town.ask_as(None, &Command::SettleDue).is_ok() {
            entries += 1;
        }
        entries
    }

    fn whole(&self) {
        assert_eq!(self.town.breaches(), []);
    }
}

fn reward(price: i64, stock: u32, mode: RewardMode) -> PublishReward {
    PublishReward {
        branch: Town::code("N1"),
        name: RewardName::new("粮油券").unwrap(),
        text: None,
        kind: RewardKind::Goods,
        price: Price::new(Points::from_hundredths(price)).unwrap(),
        stock: Stock::new(stock).unwrap(),
        limit: None,
        eligibility: None,
        mode,
    }
}

fn policy() -> PolicyName {
    PolicyName::new("default").unwrap()
}

fn window() -> RewardMode {
    let window = Window::new(
        timestamp("2026-03-10 00:00"),
        timestamp("2026-03-20 00:00"),
        timestamp("2026-04-01 00:00"),
    );
    RewardMode::Window { window: window.unwrap(), policy: policy() }
}

#[test]
fn points_are_held_then_taken_and_minutes_stay() {
    let mut street = Street::new();
    let volunteer = street.volunteer("1", 3);
    let reward = street.publish(200, 5, RewardMode::FirstCome);
    let redemption = street.request(volunteer, reward).unwrap();
    let passbook = street.town.ledger().resolve(volunteer).unwrap();
    let row = *street.town.ledger().passbook(passbook).unwrap();
    assert_eq!((row.points.hundredths(), row.held.hundredths()), (300, 200));
    assert_eq!(
        street.request(volunteer, reward),
        Err(Refusal::InsufficientPoints {
            available: Points::from_hundredths(100),
            points: Points::from_hundredths(200),
        })
    );
    let part = Price::new(Points::from_hundredths(150));
    let fulfill = RewardCommand::FulfillRedemption { redemption, points: part };
    street.ask(street.clerk, fulfill.clone()).unwrap();
    let row = *street.town.ledger().passbook(passbook).unwrap();
    assert_eq!((row.points.hundredths(), row.held.hundredths()), (150, 0));
    assert_eq!(row.minutes.get(), 180);
    assert!(street.ask(street.clerk, fulfill.clone()).is_err(), "a code works once");
    let reverse = RewardCommand::ReverseRedemption { redemption, reason: Reason::Other };
    assert!(street.ask(street.clerk, reverse.clone()).is_err(), "a clerk takes nothing back");
    street.ask(street.approver, reverse.clone()).unwrap();
    assert!(street.ask(street.approver, reverse).is_err(), "and nobody twice");
    let points = street.town.ledger().passbook(passbook).unwrap().points;
    assert_eq!(points.hundredths(), 300);
    street.whole();
}

#[test]
fn a_window_gives_places_by_priority_and_passes_them_on() {
    let mut street = Street::new();
    let reward = street.publish(0, 2, window());
    let volunteers: Vec<VolunteerRef> =
        (0..4_i64).map(|it| street.volunteer(&it.to_string(), it)).collect();
    let asked: Vec<RedemptionNo> =
        volunteers.iter().map(|it| street.request(*it, reward).unwrap()).collect();
    let need =
        Command::SetNeedClass { volunteer: volunteers[0], class: NeedClass::new(3).unwrap() };
    street.town.ask(street.approver, &need).unwrap();
    assert_eq!(street.settle(), 0);
    // The bank was down when the window closed.
    street.town.at("2026-03-25 08:00");
    assert_eq!(street.settle(), 1);
    let states: Vec<RedemptionState> = asked.iter().map(|it| street.state(*it)).collect();
    // In need first; then who served most.
    assert_eq!(states, [Allocated, Waiting, Waiting, Allocated]);
    let (entry, _) = street.town.journal().last().unwrap();
    let Event::Reward(RewardEvent::WindowClosed(allocation)) = &entry.event else {
        panic!("closed")
    };
    assert_eq!(allocation.as_of, timestamp("2026-03-20 00:00"));
    assert_eq!(allocation.ranked.len(), 4);

    let cancel = RewardCommand::CancelRedemption { redemption: asked[3] };
    street.ask(street.clerk, cancel.clone()).unwrap();
    assert_eq!((street.state(asked[3]), street.state(asked[2])), (Cancelled, Allocated));
    street.whole();
    street.town.at("2026-04-02 08:00");
    assert_eq!(street.settle(), 1);
    assert_eq!((street.state(asked[0]), street.state(asked[1])), (Expired, Expired));
    street.whole();
}

#[test]
fn one_who_waits_is_told_why_and_what_would_change_it() {
    let mut street = Street::new();
    let reward = street.publish(0, 1, window());
    let asked: Vec<RedemptionNo> = [2, 3, 3]
        .iter()
        .enumerate()
        .map(|(no, days)| {
            let volunteer = street.volunteer(&no.to_string(), *days);
            street.request(volunteer, reward).unwrap()
        })
        .collect();
    let ledger = street.town.ledger();
    let order = priority::order(ledger, reward, street.town.now()).unwrap();
    let told = |no: usize| priority::explain(&order.policy, &order.ranked, asked[no], 1).unwrap();
    let third = told(0);
    assert_eq!((third.rank, third.of, third.places), (3, 3, 1));
    assert_eq!(
        third.english(&order.policy),
        "Place 3 of 3; places to give: 1. Place 1 comes before by minutes served in the last 12 \
         months: 180 against 120. To come before it: more than 180, or as much and ahead in what \
         follows."
    );
    assert!(third.chinese(&order.policy).contains("近12个月服务分钟数"), "{third:?}");
    let second = told(2).english(&order.policy);
    assert!(second.contains("equal in everything and asked earlier"), "{second}");
    assert_eq!(told(1).english(&order.policy), "Place 1 of 3; places to give: 1.");
}

#[test]
fn a_place_on_a_list_goes_to_the_first_of_the_moment() {
    let mut street = Street::new();
    let reward = street.publish(100, 1, RewardMode::WaitingList { policy: policy() });
    let volunteers: Vec<VolunteerRef> =
        (1..4_i64).map(|it| street.volunteer(&it.to_string(), it)).collect();
    let asked: Vec<RedemptionNo> =
        volunteers.iter().map(|it| street.request(*it, reward).unwrap()).collect();
    let states = |street: &Street| asked.iter().map(|it| street.state(*it)).collect::<Vec<_>>();
    assert_eq!(states(&street), [Allocated, Waiting, Waiting]);
    let miss = RewardCommand::MissRedemption { redemption: asked[0] };
    street.ask(street.clerk, miss.clone()).unwrap();
    assert_eq!(states(&street), [NoShow, Waiting, Allocated]);
    let add = RewardCommand::AddStock { reward, places: 5 };
    street.ask(street.approver, add).unwrap();
    assert_eq!(states(&street), [NoShow, Allocated, Allocated]);
    street.whole();
}

#[test]
fn limits_conditions_and_places_say_no() {
    let mut street = Street::new();
    let one = street.volunteer("1", 2);
    let two = street.volunteer("2", 0);
    let mut it = reward(0, 1, RewardMode::FirstCome);
    it.limit = Some(Limit { count: 1, period: Period::Quarter });
    let variables = priority::VARIABLES;
    it.eligibility =
        Some(lovebank_formula::Formula::condition("minutes >= 60", variables).unwrap());
    street.ask(street.approver, RewardCommand::PublishReward(it)).unwrap();
    let reward = RewardNo::FIRST;
    assert_eq!(
        street.request(two, reward),
        Err(Refusal::NotEligible {
            condition: "minutes >= 60".to_owned(),
            values: "minutes = 0".to_owned(),
        })
    );
    let first = street.request(one, reward).unwrap();
    assert!(matches!(street.request(one, reward), Err(Refusal::LimitReached { most: 1, .. })));
    street.ask(street.clerk, RewardCommand::CancelRedemption { redemption: first }).unwrap();
    street.request(one, reward).unwrap();
    street.town.at("2026-04-01 00:00");
    let none = Refusal::OutOfStock { reward, available: 0, stock: 1 };
    assert_eq!(street.request(one, reward), Err(none));
    street.whole();
}

#[test]
fn ten_thousand_requests_are_ranked_the_same_every_time() {
    let mut street = Street::new();
    let reward = street.publish(0, 500, window());
    for no in 0..10_000_i64 {
        let volunteer = street.volunteer(&format!("V{no}"), no % 3);
        street.request(volunteer, reward).unwrap();
    }
    let more = street.volunteer("one-more", 3);
    assert_eq!(street.request(more, reward), Err(Refusal::LineFull { most: 10_000 }));
    street.town.at("2026-03-20 00:00");
    assert_eq!(street.settle(), 1);
    let ledger = street.town.ledger();
    let taken: Vec<RedemptionNo> = ranks(ledger, 1..=500);
    assert!(taken.iter().all(|it| street.state(*it) == Allocated));
    assert_eq!(*ledger, street.town.replayed());
    let next = ranks(ledger, 501..=501)[0];
    assert_eq!(street.state(next), Waiting);
    street.ask(street.clerk, RewardCommand::CancelRedemption { redemption: taken[17] }).unwrap();
    assert_eq!(street.state(next), Allocated);
    street.whole();
}

fn ranks(ledger: &Ledger<'_>, range: std::ops::RangeInclusive<u32>) -> Vec<RedemptionNo> {
    let count = u64::try_from(ledger.redemption_count()).unwrap();
    let all = (1..=count).map(|it| RedemptionNo::new(it).unwrap());
    let mut found: Vec<(u32, RedemptionNo)> = all
        .filter_map(|no| Some((ledger.redemption(no)?.rank?, no)))
        .filter(|(rank, _)| range.contains(rank))
        .collect();
    found.sort_unstable();
    assert!(EntryNo::FIRST <= ledger.head().unwrap());
    found.into_iter().map(|it| it.1).collect()
}

#[test]
fn solvency_tells_savers_who_never_drew_and_what_could_be_drawn() {
    let mut street = Street::new();
    let one = street.volunteer("1", 4);
    street.volunteer("2", 2);
    let reward = street.publish(100, 3, RewardMode::FirstCome);
    let redemption = street.request(one, reward).unwrap();
    street.town.at("2026-03-14 09:00");
    street
        .ask(street.clerk, RewardCommand::FulfillRedemption { redemption, points: None })
        .unwrap();
    let report = lovebank_ledger::solvency(street.town.ledger(), street.town.now());
    let branch = street.town.ledger().branch_by_code(&Town::code("N1")).unwrap().no;
    let it = &report.branches[&branch];
    assert_eq!(it.outstanding.map(Points::hundredths), [500, 0, 0, 0]);
    assert_eq!((it.savers, it.never_drew, it.places), (2, 1, 2));
    assert_eq!((it.capacity.hundredths(), it.held.hundredths()), (200, 0));
    let year = report.years[&2026];
    assert_eq!((year.earned.hundredths(), year.redeemed.hundredths()), (600, 100));
    assert_eq!(year.rate_percent(), Some(16));
    assert_eq!((report.median_wait_days, report.waiting), (Some(0), 0));
    let later = lovebank_ledger::solvency(street.town.ledger(), timestamp("2028-06-01 00:00"));
    assert_eq!(later.branches[&branch].outstanding.map(Points::hundredths), [0, 0, 500, 0]);
}
