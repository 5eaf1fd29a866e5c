//! What one hand must not do alone with points, and what happened to points meanwhile.
#![expect(clippy::unwrap_used, reason = "tests")]

use RedemptionState::{Allocated, Cancelled, Waiting};
use lovebank_ledger::{
    ActivityRef, BatchMode, Command, DEFAULT_RULEBOOK, DrawNo, GiftCommand, GiftTo, HelpCommand,
    HelpNo, HelpState, Minutes, NewGrant, NewScope, PassbookNo, Points, PolicyName, Positive,
    Price, PublishReward, Reason, RecordNo, RedemptionNo, RedemptionState, Refusal, RewardCommand,
    RewardKind, RewardMode, RewardName, RewardNo, Role, Service, Stock, TokenNo, VolunteerRef,
    VolunteerStatus, priority,
};
use lovebank_testkit::{Bank, Town, interval, zone};

struct Street {
    town: Town,
    clerk: TokenNo,
    approver: TokenNo,
    /// A clerk and an approver who are volunteers 1 and 2.
    clerk_1: TokenNo,
    approver_2: TokenNo,
}

impl Street {
    /// A street in which three volunteers have 5 points each, from records 1 to 3.
    fn new() -> Self {
        let rulebook = DEFAULT_RULEBOOK
            .replace("no_show_forfeits = false", "no_show_forfeits = true")
            .replace("to = \"kin\"", "to = \"anyone\"");
        let mut town = Town::within(Bank::with(zone(), &rulebook));
        town.at("2026-03-10 09:00");
        let clerk = town.staff("clerk", Role::Clerk, Some("NW"));
        let approver = town.staff("approver", Role::Approver, Some("NW"));
        for number in ["1", "2", "3"] {
            town.volunteer(number, "N1");
            let service = Service::interval(interval("2026-03-01 09:00", 300));
            town.record(clerk, Town::activity("N1", "敬老"), number, service).unwrap();
        }
        let both = |town: &mut Town, handle: &str, role, number: &str| {
            let scope = NewScope::Volunteer(Town::volunteer_ref(number));
            let own = NewGrant { role: Role::Volunteer, scope };
            let staff = NewGrant { role, scope: NewScope::Branch(Town::code("NW")) };
            town.token(handle, vec![own, staff])
        };
        let clerk_1 = both(&mut town, "clerk-1", Role::Clerk, "1");
        let approver_2 = both(&mut town, "approver-2", Role::Approver, "2");
        Self { town, clerk, approver, clerk_1, approver_2 }
    }

    fn ask(&mut self, token: TokenNo, command: &Command) -> Result<(), Refusal> {
        let result = self.town.ask(token, command).map(|_| ()).map_err(|it| it.refusal);
        assert_eq!(self.town.breaches(), []);
        result
    }

    fn help(&mut self, token: TokenNo, command: HelpCommand) -> Result<(), Refusal> {
        self.ask(token, &Command::Help(command))
    }

    fn gift(&mut self, token: TokenNo, command: GiftCommand) -> Result<(), Refusal> {
        self.ask(token, &Command::Gift(command))
    }

    fn reward(&mut self, token: TokenNo, command: RewardCommand) -> Result<(), Refusal> {
        self.ask(token, &Command::Reward(command))
    }

    /// Help on 12 March at nine, asked for and agreed.
    fn agreed(&mut self, asker: u64, helper: u64, minutes: u32) -> HelpNo {
        let ActivityRef::Named(activity) = Town::activity("N1", "陪同就医") else {
            unreachable!()
        };
        let (volunteer, window) = (of(asker), interval("2026-03-12 09:00", minutes));
        let ask = HelpCommand::AskForHelp { volunteer, activity, window, age_band: None };
        self.help(self.clerk, ask).unwrap();
        let help = HelpNo::new(u64::try_from(self.town.ledger().help_count()).unwrap()).unwrap();
        let volunteer = of(helper);
        self.help(self.clerk, HelpCommand::OfferHelp { help, volunteer }).unwrap();
        self.help(self.clerk, HelpCommand::AcceptOffer { help, helper: volunteer }).unwrap();
        help
    }

    fn says(
        &mut self,
        token: TokenNo,
        (help, who): (HelpNo, u64),
        minutes: i64,
    ) -> Result<(), Refusal> {
        let (volunteer, minutes) = (of(who), Minutes::new(minutes));
        self.help(token, HelpCommand::ConfirmHelp { help, volunteer, minutes })
    }

    fn state(&self, help: HelpNo) -> HelpState {
        self.town.ledger().help(help).unwrap().state
    }

    fn publish(&mut self, price: i64, stock: u32, mode: RewardMode) -> RewardNo {
        let it = PublishReward { mode, ..offer(price, stock) };
        self.reward(self.approver, RewardCommand::PublishReward(it)).unwrap();
        RewardNo::new(u64::try_from(self.town.ledger().rewards().count()).unwrap()).unwrap()
    }

    fn request(&mut self, who: u64, reward: RewardNo) -> RedemptionNo {
        let volunteer = of(who);
        let request = RewardCommand::RequestRedemption { volunteer, reward, age_band: None };
        self.reward(self.clerk, request).unwrap();
        let count = self.town.ledger().redemption_count();
        RedemptionNo::new(u64::try_from(count).unwrap()).unwrap()
    }

    fn redemption(&self, no: RedemptionNo) -> RedemptionState {
        self.town.ledger().redemption(no).unwrap().state
    }

    fn status(&mut self, who: u64, status: VolunteerStatus) {
        let command = Command::SetVolunteerStatus { volunteer: of(who), status };
        self.ask(self.approver, &command).unwrap();
    }

    fn reverse(&mut self, token: TokenNo, record: u64) -> Result<(), Refusal> {
        let records = vec![RecordNo::new(record).unwrap()];
        let (reason, mode) = (Reason::NotServed, BatchMode::Atomic);
        self.ask(token, &Command::ReverseHours { records, reason, mode })
    }

    fn points(&self, who: u64) -> i64 {
        self.town.ledger().passbook(PassbookNo::new(who).unwrap()).unwrap().points.hundredths()
    }
}

fn offer(price: i64, stock: u32) -> PublishReward {
    PublishReward {
        branch: Town::code("N1"),
        name: RewardName::new("粮油券").unwrap(),
        text: None,
        kind: RewardKind::Goods,
        price: Price::new(Points::from_hundredths(price)).unwrap(),
        stock: Stock::new(stock).unwrap(),
        limit: None,
        eligibility: None,
        mode: RewardMode::FirstCome,
    }
}

fn of(no: u64) -> VolunteerRef {
    VolunteerRef::Passbook(PassbookNo::new(no).unwrap())
}

fn points(hundredths: i64) -> Positive {
    Positive::new(Points::from_hundredths(hundredths)).unwrap()
}

#[test]
fn nobody_is_both_sides_of_help_and_two_words_of_one_hand_are_one() {
    let mut street = Street::new();
    let ActivityRef::Named(activity) = Town::activity("N1", "陪同就医") else { unreachable!() };
    let (volunteer, window) = (of(3), interval("2026-03-12 09:00", 60));
    let ask = HelpCommand::AskForHelp { volunteer, activity, window, age_band: None };
    street.help(street.clerk_1, ask).unwrap();
    let help = HelpNo::FIRST;
    street.help(street.clerk_1, HelpCommand::OfferHelp { help, volunteer: of(1) }).unwrap();
    let accept = HelpCommand::AcceptOffer { help, helper: of(1) };
    assert_eq!(street.help(street.clerk_1, accept.clone()), Err(Refusal::OwnHelp { help }));
    street.help(street.clerk, accept).unwrap();
    street.town.at("2026-03-12 12:00");
    let own = street.says(street.clerk_1, (help, 3), 60);
    assert_eq!(own, Err(Refusal::OwnHelp { help }));
    street.says(street.clerk, (help, 1), 60).unwrap();
    street.says(street.clerk, (help, 3), 60).unwrap();
    assert_eq!(street.state(help), HelpState::Disputed);
    let resolve = HelpCommand::ResolveHelp { help, minutes: Minutes::new(60) };
    street.help(street.approver, resolve).unwrap();
    assert_eq!((street.points(1), street.points(3)), (600, 400));
}

#[test]
fn more_than_was_asked_and_help_in_return_at_once_need_an_approver() {
    let mut street = Street::new();
    let (long, silent) = (street.agreed(2, 1, 60), street.agreed(2, 3, 60));
    let back = street.agreed(1, 2, 60);
    street.town.at("2026-03-12 18:00");
    street.says(street.clerk_1, (long, 1), 61).unwrap();
    street.says(street.clerk, (long, 2), 61).unwrap();
    assert_eq!(street.state(long), HelpState::Disputed);
    let resolve = HelpCommand::ResolveHelp { help: long, minutes: Minutes::new(60) };
    street.help(street.approver, resolve).unwrap();

    street.says(street.clerk_1, (back, 1), 60).unwrap();
    street.says(street.clerk, (back, 2), 60).unwrap();
    assert_eq!(street.state(back), HelpState::Disputed, "each helped the other at nine");

    street.says(street.clerk, (silent, 3), 61).unwrap();
    street.town.at("2026-03-30 00:00");
    street.ask(street.town.operator(), &Command::SettleDue).unwrap();
    assert_eq!(street.state(silent), HelpState::Disputed);
}

#[test]
fn who_paid_for_help_does_not_take_it_back() {
    let mut street = Street::new();
    let help = street.agreed(2, 3, 60);
    street.town.at("2026-03-12 12:00");
    street.says(street.clerk, (help, 3), 60).unwrap();
    street.says(street.clerk_1, (help, 2), 60).unwrap();
    let record = street.town.ledger().help(help).unwrap().record.unwrap();
    assert_eq!(street.reverse(street.approver_2, record.get()), Err(Refusal::OwnRecord { record }));
    street.reverse(street.approver, record.get()).unwrap();
    assert_eq!((street.points(2), street.points(3)), (500, 500));
}

#[test]
fn who_acts_for_another_gives_nothing_to_the_own_passbook() {
    let mut street = Street::new();
    let to = GiftTo::Volunteer(of(1));
    let give = GiftCommand::GivePoints { from: of(3), to, points: points(100) };
    assert_eq!(street.gift(street.clerk_1, give.clone()), Err(Refusal::OwnPassbook));
    let name = GiftCommand::NameBeneficiary { volunteer: of(3), beneficiary: Some(of(1)) };
    assert_eq!(street.gift(street.clerk_1, name), Err(Refusal::OwnPassbook));
    street.gift(street.clerk, give).unwrap();
    let name = GiftCommand::NameBeneficiary { volunteer: of(3), beneficiary: Some(of(2)) };
    street.gift(street.clerk, name).unwrap();
    let close = Command::SetVolunteerStatus { volunteer: of(3), status: VolunteerStatus::Closed };
    assert_eq!(street.ask(street.approver_2, &close), Err(Refusal::OwnPassbook));
    street.ask(street.approver, &close).unwrap();
    assert_eq!((street.points(1), street.points(2), street.points(3)), (600, 900, 0));
}

#[test]
fn what_was_taken_back_is_not_captured() {
    let mut street = Street::new();
    let reward = street.publish(400, 1, RewardMode::FirstCome);
    let redemption = street.request(3, reward);
    street.reverse(street.approver, 3).unwrap();
    let fulfill = RewardCommand::FulfillRedemption { redemption, points: None };
    let (available, points) = (Points::ZERO, Points::from_hundredths(400));
    let refused = Err(Refusal::InsufficientPoints { available, points });
    assert_eq!(street.reward(street.clerk, fulfill), refused);
    street.reward(street.clerk, RewardCommand::MissRedemption { redemption }).unwrap();
    assert_eq!(street.points(3), 0, "nothing is lost twice");

    let help = street.agreed(2, 1, 240);
    street.reverse(street.approver, 2).unwrap();
    street.town.at("2026-03-12 18:00");
    street.says(street.clerk_1, (help, 1), 240).unwrap();
    street.says(street.clerk, (help, 2), 240).unwrap();
    assert_eq!(street.state(help), HelpState::Disputed, "the helper is owed, and it is seen");
}

#[test]
fn points_that_one_who_did_not_come_lost_can_be_given_back_once() {
    let mut street = Street::new();
    let reward = street.publish(200, 1, RewardMode::FirstCome);
    let redemption = street.request(3, reward);
    street.reward(street.clerk, RewardCommand::MissRedemption { redemption }).unwrap();
    assert_eq!(street.points(3), 300);
    let reverse = RewardCommand::ReverseRedemption { redemption, reason: Reason::Other };
    street.reward(street.approver, reverse.clone()).unwrap();
    assert_eq!((street.points(3), street.redemption(redemption)), (500, RedemptionState::NoShow));
    let state = RedemptionState::NoShow;
    let again = street.reward(street.approver, reverse);
    assert_eq!(again, Err(Refusal::RedemptionState { redemption, state }));
}

#[test]
fn who_is_suspended_is_passed_over_and_waits_on() {
    let mut street = Street::new();
    let policy = PolicyName::new("default").unwrap();
    let reward = street.publish(0, 1, RewardMode::WaitingList { policy });
    let asked = [1, 2, 3].map(|it| street.request(it, reward));
    street.status(2, VolunteerStatus::Suspended);
    street.reward(street.clerk, RewardCommand::CancelRedemption { redemption: asked[0] }).unwrap();
    assert_eq!(asked.map(|it| street.redemption(it)), [Cancelled, Waiting, Allocated]);
    street.status(3, VolunteerStatus::Suspended);
    let fulfill = RewardCommand::FulfillRedemption { redemption: asked[2], points: None };
    let refused = street.reward(street.clerk, fulfill);
    let inactive = Refusal::VolunteerNotActive { status: VolunteerStatus::Suspended };
    assert_eq!(refused, Err(inactive));

    // A place that comes free while nobody who waits takes part is there for who does again.
    street.reward(street.clerk, RewardCommand::CancelRedemption { redemption: asked[2] }).unwrap();
    let now = street.town.now();
    let order = priority::order(street.town.ledger(), reward, now).unwrap();
    assert!(order.ranked.is_empty(), "nobody is told to be first who is passed over");
    assert_eq!(street.town.ledger().reward(reward).unwrap().left, 1);
    street.status(2, VolunteerStatus::Active);
    assert_eq!(asked.map(|it| street.redemption(it)), [Cancelled, Allocated, Cancelled]);
}

#[test]
fn who_did_all_of_a_help_request_does_not_decide_it_nor_wait_for_silence() {
    let mut street = Street::new();
    let grants = [Role::Clerk, Role::Approver].map(|role| {
        let scope = NewScope::Branch(Town::code("NW"));
        NewGrant { role, scope }
    });
    let both = street.town.token("clerk", grants.into());
    let (spoken, silent) = (street.agreed(3, 1, 60), street.agreed(3, 2, 60));
    street.town.at("2026-03-12 12:00");
    street.says(both, (spoken, 1), 60).unwrap();
    street.says(both, (spoken, 3), 60).unwrap();
    let resolve = HelpCommand::ResolveHelp { help: spoken, minutes: Minutes::new(60) };
    let own = Err(Refusal::OwnHelp { help: spoken });
    assert_eq!(street.help(both, resolve.clone()), own);
    street.help(street.approver, resolve).unwrap();
    let record = street.town.ledger().help(spoken).unwrap().record.unwrap();
    let refused = street.reverse(both, record.get());
    assert_eq!(refused, Err(Refusal::OwnRecord { record }));

    street.says(both, (silent, 2), 60).unwrap();
    street.town.at("2026-03-30 00:00");
    street.ask(street.town.operator(), &Command::SettleDue).unwrap();
    assert_eq!(street.state(silent), HelpState::Disputed, "one hand asked, accepted and spoke");
}

#[test]
fn a_policy_is_there_in_rules_to_come_too() {
    let mut street = Street::new();
    let text = DEFAULT_RULEBOOK.replace("priority.default", "priority.other");
    let rulebook = lovebank_ledger::Rulebook::parse(&text).unwrap();
    let in_force_from = jiff::civil::date(2027, 1, 1);
    let adopt = Command::AdoptRulebook { in_force_from, rulebook };
    street.ask(street.town.operator(), &adopt).unwrap();
    for policy in ["default", "other"] {
        let policy = PolicyName::new(policy).unwrap();
        let it = PublishReward {
            mode: RewardMode::WaitingList { policy: policy.clone() },
            ..offer(0, 1)
        };
        let refused = street.reward(street.approver, RewardCommand::PublishReward(it));
        assert_eq!(refused, Err(Refusal::PolicyUnknown { policy }));
    }
}

#[test]
fn a_draw_that_the_pool_cannot_pay_keeps_nobody_waiting() {
    let mut street = Street::new();
    let pool = GiftTo::Pool(Town::code("N1"));
    let give = GiftCommand::GivePoints { from: of(3), to: pool, points: points(300) };
    street.gift(street.clerk, give).unwrap();
    for (who, hundredths) in [(1, 400), (2, 200)] {
        let request = GiftCommand::RequestDraw {
            volunteer: of(who),
            pool: Town::code("N1"),
            points: points(hundredths),
            age_band: None,
        };
        street.gift(street.approver, request).unwrap();
    }
    let [large, small] = [1, 2].map(|it| DrawNo::new(it).unwrap());
    let own = street.gift(street.approver, GiftCommand::ApproveDraw { draw: small });
    assert_eq!(own, Err(Refusal::OwnDraw { draw: small }), "who asked does not say yes");
    let district = street.town.staff("district", Role::Approver, Some("LG"));
    street.gift(district, GiftCommand::ApproveDraw { draw: small }).unwrap();
    assert_eq!(street.points(2), 700);
    let back = GiftCommand::RejectDraw { draw: large, reason: Reason::Other };
    street.gift(street.approver, back).unwrap();
}
