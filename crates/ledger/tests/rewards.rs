//! Rewards at their bounds: to whom, how often, until when, and by whose word.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use RedemptionState::{Allocated, NoShow, Waiting};
use jiff::civil::Date;
use lovebank_ledger::{
    Command, DEFAULT_RULEBOOK, Event, Limit, NewGrant, NewScope, PassbookNo, Period, Points,
    PolicyName, Price, PublishReward, Reason, RedemptionNo, RedemptionState, Refusal,
    RewardCommand, RewardEvent, RewardKind, RewardMode, RewardName, RewardNo, Role, Rulebook,
    RulebookVersion, Stock, TokenNo, VolunteerStatus, Window, priority,
};
use lovebank_testkit::{Bank, Town, day, timestamp, zone};
use rust_decimal::Decimal;

/// A policy of who waits longest, and of who got least lately.
const PATIENCE: &str = r#"
[[priority.patience]]
english = "days of waiting"
chinese = "等候天数"
score = "waiting_days"
first = "highest"
[[priority.patience]]
english = "redemptions in the last 12 months"
chinese = "近12个月兑换次数"
score = "redemptions_12_months"
first = "lowest"
"#;

struct Street {
    town: Town,
    clerk: TokenNo,
    approver: TokenNo,
}

impl Street {
    fn at(time: &str) -> Self {
        let rulebook = [DEFAULT_RULEBOOK, PATIENCE].concat();
        let mut town = Town::within(Bank::with(zone(), &rulebook));
        town.at(time);
        let clerk = town.staff("clerk", Role::Clerk, Some("LG"));
        let approver = town.staff("approver", Role::Approver, Some("LG"));
        Self { town, clerk, approver }
    }

    fn ask(&mut self, token: TokenNo, command: &Command) -> Result<(), Refusal> {
        let asked = self.town.ask(token, command).map(|_| ()).map_err(|it| it.refusal);
        assert_eq!(self.town.breaches(), []);
        asked
    }

    fn reward(&mut self, token: TokenNo, command: RewardCommand) -> Result<(), Refusal> {
        self.ask(token, &Command::Reward(command))
    }

    fn publish(&mut self, it: PublishReward) -> RewardNo {
        self.reward(self.approver, RewardCommand::PublishReward(it)).unwrap();
        RewardNo::new(u64::try_from(self.town.ledger().rewards().count()).unwrap()).unwrap()
    }

    fn request(&mut self, number: &str, reward: RewardNo) -> Result<RedemptionNo, Refusal> {
        let volunteer = Town::volunteer_ref(number);
        let request = RewardCommand::RequestRedemption { volunteer, reward, age_band: None };
        self.reward(self.clerk, request)?;
        let count = self.town.ledger().redemption_count();
        Ok(RedemptionNo::new(u64::try_from(count).unwrap()).unwrap())
    }

    fn status(&mut self, number: &str, status: VolunteerStatus) {
        let volunteer = Town::volunteer_ref(number);
        self.ask(self.approver, &Command::SetVolunteerStatus { volunteer, status }).unwrap();
    }

    fn state(&self, no: RedemptionNo) -> RedemptionState {
        self.town.ledger().redemption(no).unwrap().state
    }

    fn adopt(&mut self, text: &str) -> Result<(), Refusal> {
        let rulebook = Rulebook::parse(text).unwrap();
        let today = zone().date_at(self.town.now());
        let adopt = Command::AdoptRulebook { in_force_from: today, rulebook };
        self.ask(self.town.operator(), &adopt)
    }
}

fn free(branch: &str, stock: u32, mode: RewardMode) -> PublishReward {
    PublishReward {
        branch: Town::code(branch),
        name: RewardName::new("电影票").unwrap(),
        text: None,
        kind: RewardKind::Admission,
        price: Price::new(Points::ZERO).unwrap(),
        stock: Stock::new(stock).unwrap(),
        limit: None,
        eligibility: None,
        mode,
    }
}

fn policy(name: &str) -> PolicyName {
    PolicyName::new(name).unwrap()
}

fn list(name: &str) -> RewardMode {
    RewardMode::WaitingList { policy: policy(name) }
}

/// Requests until the 20th of March, places until the end of the month.
fn window() -> RewardMode {
    let [opens, closes, until] =
        ["2026-03-10 00:00", "2026-03-20 00:00", "2026-04-01 00:00"].map(timestamp);
    RewardMode::Window {
        window: Window::new(opens, closes, until).unwrap(),
        policy: policy("default"),
    }
}

#[test]
fn a_reward_is_for_those_at_home_in_its_branch_or_below() {
    let mut street = Street::at("2026-03-10 09:00");
    for (number, branch) in [("1", "N1"), ("2", "N2"), ("3", "B1")] {
        street.town.volunteer(number, branch);
    }
    for (branch, offered) in [("N1", &["1"][..]), ("NW", &["1", "2"]), ("LG", &["1", "2", "3"])] {
        let reward = street.publish(free(branch, 9, RewardMode::FirstCome));
        for number in ["1", "2", "3"] {
            let asked = street.request(number, reward).map(|_| ());
            let not_offered = Refusal::NotOffered { branch: Town::code(branch) };
            let expected = if offered.contains(&number) { Ok(()) } else { Err(not_offered) };
            assert_eq!(asked, expected, "{branch} for {number}");
        }
    }
}

#[test]
fn a_limit_is_of_a_period_of_the_calendar() {
    let same = |period, first: &str, second: &str| {
        let mut street = Street::at(&format!("{first} 00:00"));
        street.town.volunteer("1", "N1");
        let limit = Some(Limit { count: 1, period });
        let reward =
            street.publish(PublishReward { limit, ..free("N1", 9, RewardMode::FirstCome) });
        let redemption = street.request("1", reward).unwrap();
        let fulfill = RewardCommand::FulfillRedemption { redemption, points: None };
        street.reward(street.clerk, fulfill).unwrap();
        street.town.at(&format!("{second} 23:59"));
        match street.request("1", reward) {
            Ok(_) => false,
            Err(refusal) => {
                assert_eq!(refusal, Refusal::LimitReached { most: 1, period });
                true
            }
        }
    };
    for (period, first, second, expected) in [
        (Period::Month, "2026-03-01", "2026-03-31", true),
        (Period::Month, "2026-03-31", "2026-04-01", false),
        (Period::Month, "2025-03-31", "2026-03-01", false),
        (Period::Quarter, "2026-01-01", "2026-03-31", true),
        (Period::Quarter, "2026-03-31", "2026-04-01", false),
        (Period::Quarter, "2026-04-01", "2026-06-30", true),
        (Period::Quarter, "2025-10-01", "2025-12-31", true),
        (Period::Quarter, "2025-03-31", "2026-01-01", false),
        (Period::Year, "2026-01-01", "2026-12-31", true),
        (Period::Year, "2025-12-31", "2026-01-01", false),
        (Period::Ever, "2021-01-01", "2026-12-31", true),
    ] {
        assert_eq!(same(period, first, second), expected, "{period:?} {first} {second}");
    }
}

#[test]
fn a_place_of_a_window_is_given_until_its_time_is_over_and_not_at_that_instant() {
    for (time, expected) in [("2026-03-31 23:59", Allocated), ("2026-04-01 00:00", Waiting)] {
        let mut street = Street::at("2026-03-10 09:00");
        for number in ["1", "2"] {
            street.town.volunteer(number, "N1");
        }
        let reward = street.publish(free("N1", 1, window()));
        let asked = ["1", "2"].map(|it| street.request(it, reward).unwrap());
        street.town.at("2026-03-20 00:00");
        street.town.ask_as(None, &Command::SettleDue).unwrap();
        assert_eq!(asked.map(|it| street.state(it)), [Allocated, Waiting]);
        street.town.at(time);
        street.reward(street.approver, RewardCommand::AddStock { reward, places: 1 }).unwrap();
        assert_eq!(street.state(asked[1]), expected, "{time}");
    }
}

#[test]
fn one_who_takes_part_again_gets_a_place_that_is_free_and_can_still_be_used() {
    for (stock, time, expected) in [
        (2, "2026-03-31 23:59", Allocated),
        (2, "2026-04-01 00:00", Waiting),
        (1, "2026-03-31 23:59", Waiting),
    ] {
        let mut street = Street::at("2026-03-10 09:00");
        for number in ["1", "2"] {
            street.town.volunteer(number, "N1");
        }
        let reward = street.publish(free("N1", stock, window()));
        let asked = ["1", "2"].map(|it| street.request(it, reward).unwrap());
        street.status("2", VolunteerStatus::Suspended);
        street.town.at("2026-03-20 00:00");
        street.town.ask_as(None, &Command::SettleDue).unwrap();
        assert_eq!(asked.map(|it| street.state(it)), [Allocated, Waiting]);
        street.town.at(time);
        street.status("2", VolunteerStatus::Active);
        assert_eq!(street.state(asked[1]), expected, "{stock} places, {time}");
    }
}

#[test]
fn requests_for_a_window_are_taken_from_its_first_instant_to_its_last() {
    let mut street = Street::at("2026-03-09 23:59");
    let reward = street.publish(free("N1", 1, window()));
    let times = ["2026-03-09 23:59", "2026-03-10 00:00", "2026-03-19 23:59", "2026-03-20 00:00"];
    for (number, time) in ["1", "2", "3", "4"].into_iter().zip(times) {
        street.town.volunteer(number, "N1");
        street.town.at(time);
        let taken = ["2", "3"].contains(&number);
        match street.request(number, reward) {
            Ok(_) => assert!(taken, "{time}"),
            Err(Refusal::RewardNotOpen { opens, closes }) => {
                assert!(!taken, "{time}");
                assert_eq!((opens.as_str(), closes.as_str()), (times[1], times[3]));
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn one_who_takes_part_again_before_a_window_closed_waits_like_all_others() {
    let mut street = Street::at("2026-03-10 09:00");
    street.town.volunteer("1", "N1");
    let reward = street.publish(free("N1", 1, window()));
    let redemption = street.request("1", reward).unwrap();
    street.status("1", VolunteerStatus::Suspended);
    street.status("1", VolunteerStatus::Active);
    assert_eq!(street.state(redemption), Waiting);
}

#[test]
fn a_request_whose_time_runs_out_frees_no_place_and_so_ranks_nobody() {
    let mut street = Street::at("2026-03-10 09:00");
    let reward = street.publish(free("N1", 0, list("default")));
    for number in ["1", "2"] {
        street.town.volunteer(number, "N1");
        street.request(number, reward).unwrap();
        street.town.at("2026-03-11 09:00");
    }
    street.town.at("2027-03-10 09:00");
    let entry = street.town.ask_as(None, &Command::SettleDue).unwrap();
    let Event::Reward(RewardEvent::RedemptionsExpired { moves, .. }) = &entry.event else {
        panic!("expired")
    };
    assert_eq!((moves.ended.len(), &moves.placed, &moves.allocation), (1, &vec![], &None));
}

#[test]
fn nobody_takes_back_a_redemption_of_the_own_hand_or_of_the_own_passbook() {
    let mut street = Street::at("2026-03-10 09:00");
    street.town.volunteer("1", "N1");
    let grants = |roles: &[Role]| -> Vec<NewGrant> {
        let scope = || NewScope::Branch(Town::code("LG"));
        roles.iter().map(|role| NewGrant { role: *role, scope: scope() }).collect()
    };
    let hand = street.town.token("hand", grants(&[Role::Clerk, Role::Approver]));
    let mut own = grants(&[Role::Approver]);
    let scope = NewScope::Volunteer(Town::volunteer_ref("1"));
    own.push(NewGrant { role: Role::Volunteer, scope });
    let own = street.town.token("own", own);
    let reward = street.publish(free("N1", 9, RewardMode::FirstCome));
    let redemption = street.request("1", reward).unwrap();
    street.reward(hand, RewardCommand::FulfillRedemption { redemption, points: None }).unwrap();
    let reverse = || RewardCommand::ReverseRedemption { redemption, reason: Reason::Other };
    for token in [hand, own] {
        assert_eq!(street.reward(token, reverse()), Err(Refusal::OwnRedemption { redemption }));
    }
    street.reward(street.approver, reverse()).unwrap();
}

#[test]
fn of_one_who_did_not_come_and_lost_nothing_there_is_nothing_to_take_back() {
    let mut street = Street::at("2026-03-10 09:00");
    street.town.volunteer("1", "N1");
    let reward = street.publish(free("N1", 9, RewardMode::FirstCome));
    let redemption = street.request("1", reward).unwrap();
    let reverse = || RewardCommand::ReverseRedemption { redemption, reason: Reason::Other };
    let refused = |state| Err(Refusal::RedemptionState { redemption, state });
    assert_eq!(street.reward(street.approver, reverse()), refused(Allocated));
    street.reward(street.clerk, RewardCommand::MissRedemption { redemption }).unwrap();
    assert_eq!(street.reward(street.approver, reverse()), refused(NoShow));
}

#[test]
fn a_window_that_is_over_is_not_published_and_both_times_are_told() {
    let mut street = Street::at("2026-03-19 23:59");
    street.publish(free("N1", 1, window()));
    street.town.at("2026-03-20 00:00");
    let publish = RewardCommand::PublishReward(free("N1", 1, window()));
    let Err(Refusal::WindowOver { closes, now }) = street.reward(street.approver, publish) else {
        panic!("refused")
    };
    assert_eq!((closes.as_str(), now.as_str()), ("2026-03-20 00:00", "2026-03-20 00:00"));
}

#[test]
fn rules_that_were_replaced_on_their_first_day_say_nothing() {
    let mut street = Street::at("2026-03-10 09:00");
    street.adopt(DEFAULT_RULEBOOK).unwrap();
    let publish = || RewardCommand::PublishReward(free("N1", 1, list("patience")));
    let unknown = Refusal::PolicyUnknown { policy: policy("patience") };
    assert_eq!(street.reward(street.approver, publish()), Err(unknown));
    street.adopt(&[DEFAULT_RULEBOOK, PATIENCE].concat()).unwrap();
    street.reward(street.approver, publish()).unwrap();
    let version = street.town.ledger().rulebooks().last().unwrap().version;
    assert_eq!(version, RulebookVersion::FIRST.next().next());
}

#[test]
fn rules_keep_the_policy_of_each_reward_that_is_still_to_be_given() {
    let mut street = Street::at("2026-03-10 09:00");
    let RewardMode::Window { window, .. } = window() else { unreachable!() };
    let ranked = RewardMode::Window { window, policy: policy("patience") };
    let [waits, ranked] = [list("patience"), ranked].map(|it| street.publish(free("N1", 1, it)));
    let in_use = |reward| Err(Refusal::PolicyInUse { policy: policy("patience"), reward });
    assert_eq!(street.adopt(DEFAULT_RULEBOOK), in_use(waits));
    street.reward(street.approver, RewardCommand::WithdrawReward { reward: waits }).unwrap();
    assert_eq!(street.adopt(DEFAULT_RULEBOOK), in_use(ranked));
    // Once its window closed, its order is found out and stands.
    street.town.at("2026-03-20 00:00");
    street.town.ask_as(None, &Command::SettleDue).unwrap();
    street.adopt(DEFAULT_RULEBOOK).unwrap();
}

/// Days of waiting and redemptions of twelve months, by passbook, of those who wait.
fn scores(street: &Street, reward: RewardNo, as_of: &str) -> Vec<(u64, i64, i64)> {
    let ledger = street.town.ledger();
    let order = priority::order(ledger, reward, timestamp(as_of)).unwrap();
    let number = |it: Option<Decimal>| i64::try_from(it.unwrap()).unwrap();
    let score = |it: &lovebank_ledger::Ranked| {
        let passbook: PassbookNo = ledger.redemption(it.no).unwrap().passbook;
        (passbook.get(), number(it.scores[0]), number(it.scores[1]))
    };
    order.ranked.iter().map(score).collect()
}

#[test]
fn waiting_is_told_in_whole_days_and_redemptions_of_twelve_months() {
    let mut street = Street::at("2025-03-10 09:00");
    for number in ["1", "2", "3"] {
        street.town.volunteer(number, "N1");
    }
    let many = street.publish(free("N1", 99, RewardMode::FirstCome));
    let none = street.publish(free("N1", 0, list("patience")));
    // 1 got something a year ago to the day, and 2 a day later; 3 gave it up.
    street.request("1", many).unwrap();
    street.town.at("2025-03-11 09:00");
    street.request("2", many).unwrap();
    street.town.at("2025-12-01 09:00");
    let redemption = street.request("3", many).unwrap();
    street.reward(street.clerk, RewardCommand::CancelRedemption { redemption }).unwrap();
    for (number, time) in
        [("3", "2026-03-08 10:00"), ("2", "2026-03-08 09:00"), ("1", "2026-03-07 09:00")]
            .iter()
            .rev()
    {
        street.town.at(time);
        street.request(number, none).unwrap();
    }
    street.town.at("2026-03-10 21:00");
    let redemption = street.request("1", many).unwrap();
    street
        .reward(street.clerk, RewardCommand::FulfillRedemption { redemption, points: None })
        .unwrap();
    assert_eq!(
        scores(&street, none, "2026-03-10 09:59"),
        [(1, 3, 1), (2, 2, 1), (3, 1, 0)],
        "what 1 got today counts, and what 1 got a year ago to the day does not"
    );
    let before: Date = day("2026-03-09");
    let yesterday = scores(&street, none, &format!("{before} 09:00"));
    assert_eq!(yesterday, [(1, 2, 1), (2, 1, 1), (3, 0, 0)], "a year ago counts, today not yet");
    let later = scores(&street, none, "2026-03-12 09:00");
    assert_eq!(later, [(1, 5, 1), (2, 4, 0), (3, 3, 0)], "a year is over");
}
