//! A street where points expire, and what is done there.

use lovebank_ledger::{
    Account, Command, DEFAULT_RULEBOOK, GiftCommand, GiftTo, Lot, LotClass, LotMove, PassbookNo,
    Points, PolicyName, Positive, Price, PublishReward, RedemptionNo, RewardCommand, RewardKind,
    RewardMode, RewardName, RewardNo, Role, Service, Stock, TokenNo, VolunteerRef,
};
use lovebank_testkit::{Bank, Town, interval, zone};

pub(crate) struct Street {
    pub(crate) town: Town,
    pub(crate) clerk: TokenNo,
    pub(crate) approver: TokenNo,
    pub(crate) other: TokenNo,
    pub(crate) volunteers: Vec<PassbookNo>,
}

impl Street {
    /// A street where points last for two months after that in which they came, or for ever.
    pub(crate) fn new(rules: &str) -> Self {
        let rulebook = DEFAULT_RULEBOOK
            .replace("[passbook]", &format!("[passbook]\n{rules}"))
            .replace("fulfill_days = 30", "fulfill_days = 3660")
            .replace("to = \"kin\"", "to = \"anyone\"");
        let mut town = Town::within(Bank::with(zone(), &rulebook));
        town.at("2026-01-10 09:00");
        let clerk = town.staff("clerk-nw", Role::Clerk, Some("NW"));
        let approver = town.staff("approver-nw", Role::Approver, Some("NW"));
        let other = town.staff("other-nw", Role::Approver, Some("NW"));
        let volunteers = ["1", "2", "3"].map(|it| town.volunteer(it, "N1")).into();
        Self { town, clerk, approver, other, volunteers }
    }

    /// Serves so many hours on the day before now.
    pub(crate) fn earn(&mut self, no: usize, start: &str, hours: u32) {
        let number = ["1", "2", "3"][no];
        let service = Service::interval(interval(start, hours * 60));
        self.town.record(self.clerk, Town::activity("N1", "敬老"), number, service).unwrap();
        self.whole();
    }

    /// The clock goes on, and what is due by then is settled.
    pub(crate) fn at(&mut self, time: &str) {
        self.town.at(time);
        self.settle();
    }

    pub(crate) fn settle(&mut self) {
        while self.town.ask_as(None, &Command::SettleDue).is_ok() {
            self.whole();
        }
    }

    pub(crate) fn of(&self, no: usize) -> VolunteerRef {
        VolunteerRef::Passbook(self.volunteers[no])
    }

    pub(crate) fn give(&mut self, from: usize, to: GiftTo, points: i64) {
        let from = self.of(from);
        let points = Positive::new(whole(points)).unwrap();
        let gift = GiftCommand::GivePoints { from, to, points };
        self.town.ask(self.clerk, &Command::Gift(gift)).unwrap();
        self.whole();
    }

    /// A request for a reward of so many points; its hold lasts for months.
    pub(crate) fn request(&mut self, no: usize, price: i64) -> RedemptionNo {
        let publish = PublishReward {
            branch: Town::code("N1"),
            name: RewardName::new("粮油").unwrap(),
            text: None,
            kind: RewardKind::Goods,
            price: Price::new(whole(price)).unwrap(),
            stock: Stock::new(1).unwrap(),
            limit: None,
            eligibility: None,
            mode: RewardMode::WaitingList { policy: PolicyName::new("default").unwrap() },
        };
        let publish = Command::Reward(RewardCommand::PublishReward(publish));
        self.town.ask(self.approver, &publish).unwrap();
        let reward = self.town.ledger().rewards().count();
        let reward = RewardNo::new(u64::try_from(reward).unwrap()).unwrap();
        let volunteer = self.of(no);
        let request = RewardCommand::RequestRedemption { volunteer, reward, age_band: None };
        self.town.ask(self.clerk, &Command::Reward(request)).unwrap();
        self.whole();
        let count = self.town.ledger().redemption_count();
        RedemptionNo::new(u64::try_from(count).unwrap()).unwrap()
    }

    pub(crate) fn reward(&mut self, command: RewardCommand) {
        self.town.ask(self.clerk, &Command::Reward(command)).unwrap();
        self.whole();
    }

    pub(crate) fn points(&self, no: usize) -> i64 {
        self.town.ledger().passbook(self.volunteers[no]).unwrap().points.hundredths() / 100
    }

    /// The lots of a passbook: the month in which they are gone, whether they were given, points.
    pub(crate) fn lots(&self, no: usize) -> Vec<(i8, bool, i64)> {
        let lots = self.town.ledger().lots(self.volunteers[no]);
        let shown = |(lot, it): (Lot, Points)| {
            (lot.expires.month(), lot.class == LotClass::Given, it.hundredths() / 100)
        };
        lots.map(shown).collect()
    }

    /// What the last entry moved in lots of a passbook.
    pub(crate) fn moved(&self, no: usize) -> Vec<LotMove> {
        let account = Account::Passbook(self.volunteers[no]);
        let entry = &self.town.journal().last().unwrap().0;
        let own = entry.postings.iter().filter(|it| it.account == account);
        own.flat_map(|it| it.lots.clone()).collect()
    }

    pub(crate) fn whole(&self) {
        assert_eq!(self.town.breaches(), []);
    }
}

pub(crate) const TWO_MONTHS: &str = "points_expire_months = 2";

pub(crate) fn whole(points: i64) -> Points {
    Points::from_hundredths(points * 100)
}
