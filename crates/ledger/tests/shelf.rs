//! The shelf as its keepers see it: windows at their bounds, who asked for what, and the order
//! that a window keeps and a list does not.
#![expect(clippy::unwrap_used, reason = "tests")]

use lovebank_ledger::{
    Command, PassbookNo, Points, PolicyName, Price, PublishReward, RedemptionNo, RedemptionState,
    Refusal, RewardCommand, RewardKind, RewardMode, RewardName, RewardNo, Role, Service, Stock,
    TokenNo, VolunteerRef, Window,
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
        let clerk = town.staff("clerk", Role::Clerk, Some("NW"));
        let approver = town.staff("approver", Role::Approver, Some("NW"));
        Self { town, clerk, approver }
    }

    fn ask(&mut self, token: TokenNo, command: RewardCommand) -> Result<(), Refusal> {
        let asked = self.town.ask(token, &Command::Reward(command));
        let result = asked.map(|_| ()).map_err(|it| it.refusal);
        assert_eq!(self.town.breaches(), []);
        result
    }

    /// A reward with one place.
    fn publish(&mut self, mode: RewardMode) -> Result<RewardNo, Refusal> {
        self.publish_at(0, mode)
    }

    fn publish_at(&mut self, price: i64, mode: RewardMode) -> Result<RewardNo, Refusal> {
        let it = PublishReward {
            branch: Town::code("N1"),
            name: RewardName::new("看电影").unwrap(),
            text: None,
            kind: RewardKind::Admission,
            price: Price::new(Points::from_hundredths(price)).unwrap(),
            stock: Stock::new(1).unwrap(),
            limit: None,
            eligibility: None,
            mode,
        };
        self.ask(self.approver, RewardCommand::PublishReward(it))?;
        let count = self.town.ledger().rewards().count();
        Ok(RewardNo::new(u64::try_from(count).unwrap()).unwrap())
    }

    fn request(&mut self, who: PassbookNo, reward: RewardNo) -> Result<RedemptionNo, Refusal> {
        let volunteer = VolunteerRef::Passbook(who);
        let it = RewardCommand::RequestRedemption { volunteer, reward, age_band: None };
        self.ask(self.clerk, it)?;
        let count = self.town.ledger().redemption_count();
        Ok(RedemptionNo::new(u64::try_from(count).unwrap()).unwrap())
    }

    fn settle(&mut self) {
        while self.town.ask_as(None, &Command::SettleDue).is_ok() {}
    }

    /// The redemptions of a reward from before one on; nothing for one of another reward.
    fn asked_for(&self, reward: RewardNo, before: Option<RedemptionNo>) -> Vec<(u64, bool)> {
        let found = self.town.ledger().redemptions_for(reward, before);
        found.map(|(no, row)| (no.get(), row.is_some())).collect()
    }
}

fn policy() -> PolicyName {
    PolicyName::new("default").unwrap()
}

fn window() -> RewardMode {
    let [opens, closes, until] =
        ["2026-03-12 09:00", "2026-03-20 09:00", "2026-04-01 09:00"].map(timestamp);
    RewardMode::Window { window: Window::new(opens, closes, until).unwrap(), policy: policy() }
}

#[test]
fn a_window_is_three_instants_that_follow_one_another() {
    let at = |later| timestamp("2026-03-12 09:00").micros().checked_add(later).unwrap();
    let window = |opens, closes, until| {
        let at = |it| lovebank_ledger::Timestamp::from_micros(at(it));
        Window::new(at(opens), at(closes), at(until)).is_ok()
    };
    assert!(window(0, 1, 2));
    assert!(!window(0, 0, 2) && !window(1, 0, 2), "it is open for a moment at least");
    assert!(!window(0, 1, 1) && !window(0, 2, 1), "and its places can be used after it");
}

#[test]
fn a_window_takes_requests_from_its_first_instant_and_none_at_its_last() {
    let mut street = Street::new();
    let who = ["1", "2", "3"].map(|it| street.town.volunteer(it, "N1"));
    let reward = street.publish(window()).unwrap();
    let (opens, closes) = ("2026-03-12 09:00".to_owned(), "2026-03-20 09:00".to_owned());
    let not_open = Err(Refusal::RewardNotOpen { opens, closes });
    street.town.at("2026-03-12 08:59");
    assert_eq!(street.request(who[0], reward), not_open);
    street.town.at("2026-03-12 09:00");
    street.request(who[0], reward).unwrap();
    street.town.at("2026-03-20 08:59");
    street.request(who[1], reward).unwrap();
    street.town.at("2026-03-20 09:00");
    assert_eq!(street.request(who[2], reward), not_open);
    let (closes, now) = ("2026-03-20 09:00".to_owned(), "2026-03-20 09:00".to_owned());
    assert_eq!(street.publish(window()), Err(Refusal::WindowOver { closes, now }));
    street.town.at("2026-03-20 08:59");
    assert!(street.publish(window()).is_ok());
}

#[test]
fn who_waits_after_a_window_keeps_the_rank_and_on_a_list_every_place_is_found_anew() {
    let mut street = Street::new();
    let [one, two, three, four] = ["1", "2", "3", "4"].map(|it| street.town.volunteer(it, "N1"));
    street.town.at("2026-03-12 09:00");
    let of_window = street.publish(window()).unwrap();
    let of_list = street.publish(RewardMode::WaitingList { policy: policy() }).unwrap();
    for (volunteer, reward) in
        [(one, of_window), (two, of_window), (three, of_list), (four, of_list)]
    {
        street.request(volunteer, reward).unwrap();
    }
    let is_ranked =
        |street: &Street, reward| street.town.ledger().reward(reward).unwrap().is_ranked();
    assert!(!is_ranked(&street, of_window), "nothing is found out while the window is open");
    street.town.at("2026-03-20 09:00");
    street.settle();
    assert!(is_ranked(&street, of_window) && !is_ranked(&street, of_list));
    let stands = |no| {
        let row = street.town.ledger().redemption(RedemptionNo::new(no).unwrap()).unwrap();
        (row.state, row.rank, row.waits(), row.is_open())
    };
    let (placed, waiting) = (RedemptionState::Allocated, RedemptionState::Waiting);
    assert_eq!(stands(1), (placed, Some(1), false, true));
    assert_eq!(stands(2), (waiting, Some(2), true, true));
    assert_eq!(stands(3), (placed, None, false, true));
    assert_eq!(stands(4), (waiting, None, true, true));
}

#[test]
fn redemptions_of_a_reward_are_told_newest_first_back_to_the_day_it_was_published() {
    let mut street = Street::new();
    let who = ["1", "2", "3"].map(|it| street.town.volunteer(it, "N1"));
    let waiting = || RewardMode::WaitingList { policy: policy() };
    let first = street.publish(waiting()).unwrap();
    street.request(who[0], first).unwrap();
    let second = street.publish(waiting()).unwrap();
    street.request(who[0], second).unwrap();
    street.request(who[1], first).unwrap();
    let last = street.request(who[1], second).unwrap();
    // Those of the other are passed over, and so can be counted by who looks for a page.
    assert_eq!(street.asked_for(first, None), [(4, false), (3, true), (2, false), (1, true)]);
    assert_eq!(street.asked_for(second, None), [(4, true), (3, false), (2, true)]);
    assert_eq!(street.asked_for(second, Some(last)), [(3, false), (2, true)]);
    assert_eq!(street.asked_for(second, Some(RedemptionNo::FIRST)), []);
    assert_eq!(street.asked_for(RewardNo::new(3).unwrap(), None), []);
}

#[test]
fn a_hold_tells_what_became_of_its_points() {
    let mut street = Street::new();
    let who = street.town.volunteer("1", "N1");
    let service = Service::interval(interval("2026-03-01 09:00", 240));
    street.town.record(street.clerk, Town::activity("N1", "敬老"), "1", service).unwrap();
    for _ in 0..3 {
        let reward = street.publish_at(100, RewardMode::FirstCome).unwrap();
        street.request(who, reward).unwrap();
    }
    let [got, given_up, forgotten] = [1, 2, 3].map(|it| RedemptionNo::new(it).unwrap());
    let points = Price::new(Points::from_hundredths(75));
    street.ask(street.clerk, RewardCommand::FulfillRedemption { redemption: got, points }).unwrap();
    street.ask(street.clerk, RewardCommand::CancelRedemption { redemption: given_up }).unwrap();
    street.town.at("2027-01-01 00:00");
    street.settle();
    let parts = |no| {
        let row = street.town.ledger().redemption(no).unwrap();
        let hold = street.town.ledger().hold(row.hold.unwrap()).unwrap();
        assert!(hold.remaining().is_zero());
        [hold.captured, hold.released, hold.expired].map(Points::hundredths)
    };
    assert_eq!(parts(got), [75, 25, 0]);
    assert_eq!(parts(given_up), [0, 100, 0]);
    assert_eq!(parts(forgotten), [0, 0, 100]);
    assert_eq!(street.town.breaches(), []);
}

#[test]
fn who_waits_for_what_is_withdrawn_is_set_free_and_who_has_a_place_keeps_it() {
    let mut street = Street::new();
    let [one, two, three] = ["1", "2", "3"].map(|it| street.town.volunteer(it, "N1"));
    let reward = street.publish(RewardMode::WaitingList { policy: policy() }).unwrap();
    let placed = street.request(one, reward).unwrap();
    street.settle();
    let waiting = [two, three].map(|it| street.request(it, reward).unwrap());
    street.ask(street.approver, RewardCommand::WithdrawReward { reward }).unwrap();
    let state = |no| street.town.ledger().redemption(no).unwrap().state;
    assert_eq!(state(placed), RedemptionState::Allocated);
    assert_eq!(waiting.map(state), [RedemptionState::Cancelled; 2]);
    assert_eq!(street.town.ledger().waiting_for(reward).count(), 0);
}
