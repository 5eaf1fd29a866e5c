//! Whether what was promised can be kept: what counts as saved, as used, and as there to be drawn.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use lovebank_ledger::{
    ActivityRef, BatchMode, BranchSolvency, Command, HelpCommand, HelpNo, Minutes, PassbookNo,
    Points, PolicyName, Price, PublishReward, Reason, RecordNo, RewardCommand, RewardKind,
    RewardMode, RewardName, RewardNo, Role, Service, Solvency, Stock, TokenNo, VolunteerRef,
    Window, solvency,
};
use lovebank_testkit::{Town, interval, timestamp};

struct Street {
    town: Town,
    clerk: TokenNo,
    other: TokenNo,
    approver: TokenNo,
}

impl Street {
    /// Five who have ten points each.
    fn new() -> Self {
        let mut town = Town::new();
        town.at("2026-03-10 09:00");
        let [clerk, other] =
            ["clerk-1", "clerk-2"].map(|it| town.staff(it, Role::Clerk, Some("LG")));
        let approver = town.staff("approver", Role::Approver, Some("LG"));
        for number in ["1", "2", "3", "4", "5"] {
            town.volunteer(number, "N1");
            for start in ["2026-03-01 09:00", "2026-03-02 09:00"] {
                let service = Service::interval(interval(start, 300));
                town.record(clerk, Town::activity("N1", "敬老"), number, service).unwrap();
            }
        }
        Self { town, clerk, other, approver }
    }

    fn reward(&mut self, token: TokenNo, command: RewardCommand) {
        self.town.must(token, &Command::Reward(command));
    }

    /// Publishes a reward of a point a place.
    fn publish(&mut self, stock: u32, mode: RewardMode) -> RewardNo {
        let it = PublishReward {
            branch: Town::code("N1"),
            name: RewardName::new("粮油券").unwrap(),
            text: None,
            kind: RewardKind::Goods,
            price: Price::new(Points::from_hundredths(100)).unwrap(),
            stock: Stock::new(stock).unwrap(),
            limit: None,
            eligibility: None,
            mode,
        };
        self.reward(self.approver, RewardCommand::PublishReward(it));
        RewardNo::new(u64::try_from(self.town.ledger().rewards().count()).unwrap()).unwrap()
    }

    /// An hour of help, which volunteer 2 asked for and volunteer 1 gave.
    fn helped(&mut self) -> RecordNo {
        let ActivityRef::Named(activity) = Town::activity("N1", "陪同就医") else {
            unreachable!()
        };
        let [helper, asker] = [1, 2].map(|it| VolunteerRef::Passbook(PassbookNo::new(it).unwrap()));
        let (help, window) = (HelpNo::FIRST, interval("2026-03-12 09:00", 60));
        let minutes = Minutes::new(60);
        let ask = HelpCommand::AskForHelp { volunteer: asker, activity, window, age_band: None };
        self.town.must(self.clerk, &Command::Help(ask));
        let offer = HelpCommand::OfferHelp { help, volunteer: helper };
        self.town.must(self.clerk, &Command::Help(offer));
        self.town.must(self.clerk, &Command::Help(HelpCommand::AcceptOffer { help, helper }));
        self.town.at("2026-03-12 12:00");
        for (token, volunteer) in [(self.clerk, helper), (self.other, asker)] {
            let confirm = HelpCommand::ConfirmHelp { help, volunteer, minutes };
            self.town.must(token, &Command::Help(confirm));
        }
        self.town.ledger().help(help).unwrap().record.unwrap()
    }

    fn reverse(&mut self, record: RecordNo) {
        let (reason, mode) = (Reason::NotServed, BatchMode::Atomic);
        let reverse = Command::ReverseHours { records: vec![record], reason, mode };
        self.town.must(self.approver, &reverse);
        assert_eq!(self.town.breaches(), []);
    }

    fn report(&self) -> Solvency {
        solvency(self.town.ledger(), self.town.now())
    }

    fn branch(&self) -> BranchSolvency {
        let branch = self.town.ledger().branch_by_code(&Town::code("N1")).unwrap().no;
        self.report().branches[&branch].clone()
    }

    /// Earned, and paid for help, this year.
    fn flow(&self) -> (i64, i64) {
        let year = self.report().years[&2026];
        (year.earned.hundredths(), year.helped.hundredths())
    }
}

#[test]
fn who_asked_for_a_reward_or_paid_for_help_drew() {
    let mut street = Street::new();
    let it = street.branch();
    assert_eq!((it.savers, it.never_drew), (5, 5));
    street.helped();
    let reward = street.publish(1, RewardMode::FirstCome);
    let volunteer = Town::volunteer_ref("3");
    let request = RewardCommand::RequestRedemption { volunteer, reward, age_band: None };
    street.reward(street.clerk, request);
    let it = street.branch();
    assert_eq!((it.savers, it.never_drew), (5, 3), "2 paid, and 3 asked");
    assert_eq!(it.held.hundredths(), 100);
}

#[test]
fn what_is_taken_back_was_not_earned_and_help_is_never_issued() {
    let mut street = Street::new();
    assert_eq!(street.flow(), (5000, 0));
    let record = street.helped();
    assert_eq!(street.flow(), (5000, 100));
    street.reverse(record);
    assert_eq!(street.flow(), (5000, 0), "what help paid went from one to the other and back");
    street.reverse(RecordNo::FIRST);
    assert_eq!(street.flow(), (4500, 0));
}

#[test]
fn places_count_as_long_as_they_can_be_asked_for() {
    let mut street = Street::new();
    let [opens, closes, until] =
        ["2026-03-10 00:00", "2026-03-20 00:00", "2026-04-01 00:00"].map(timestamp);
    let window = Window::new(opens, closes, until).unwrap();
    let policy = PolicyName::new("default").unwrap();
    street.publish(2, RewardMode::Window { window, policy: policy.clone() });
    street.publish(3, RewardMode::WaitingList { policy });
    let first_come = street.publish(4, RewardMode::FirstCome);
    let seen = |street: &Street| (street.branch().places, street.branch().capacity.hundredths());
    street.town.at("2026-03-19 23:59");
    assert_eq!(seen(&street), (9, 900));
    street.town.at("2026-03-20 00:00");
    assert_eq!(seen(&street), (7, 700), "the window is closed");
    street.reward(street.approver, RewardCommand::WithdrawReward { reward: first_come });
    assert_eq!(seen(&street), (3, 300), "what was withdrawn is not there");
}
