//! What a condition may ask of a volunteer: every variable, beside what the street shows.
#![expect(clippy::unwrap_used, reason = "tests")]

use lovebank_formula::{Formula, Kind};
use lovebank_ledger::{
    Command, NeedClass, Points, Price, PublishReward, Refusal, RewardCommand, RewardKind,
    RewardMode, RewardName, RewardNo, Role, STOCK_MAX, Service, Stock, TokenNo, VolunteerRef,
    priority::VARIABLES,
};
use lovebank_testkit::{Town, interval};

struct Street {
    town: Town,
    clerk: TokenNo,
    approver: TokenNo,
    published: u64,
}

impl Street {
    fn new() -> Self {
        let mut town = Town::new();
        town.at("2026-03-10 09:00");
        let clerk = town.staff("clerk", Role::Clerk, Some("NW"));
        let approver = town.staff("approver", Role::Approver, Some("NW"));
        Self { town, clerk, approver, published: 0 }
    }

    fn publish(&mut self, stock: u32, eligibility: Option<Formula>) -> RewardNo {
        self.published = self.published.checked_add(1).unwrap();
        let command = RewardCommand::PublishReward(PublishReward {
            branch: Town::code("N1"),
            name: RewardName::new(&format!("理发 {}", self.published)).unwrap(),
            text: None,
            kind: RewardKind::Service,
            price: Price::new(Points::from_hundredths(0)).unwrap(),
            stock: Stock::new(stock).unwrap(),
            limit: None,
            eligibility,
            mode: RewardMode::FirstCome,
        });
        self.town.ask(self.approver, &Command::Reward(command)).unwrap();
        RewardNo::new(self.published).unwrap()
    }

    fn request(&mut self, reward: RewardNo, age_band: Option<u8>) -> Result<(), Refusal> {
        let volunteer = VolunteerRef::Tag(lovebank_testkit::number("1"));
        let command = RewardCommand::RequestRedemption { volunteer, reward, age_band };
        let asked = self.town.ask(self.clerk, &Command::Reward(command));
        asked.map(|_| ()).map_err(|it| it.refusal)
    }

    /// What the refusal of a condition that nobody meets says of a variable.
    fn value(&mut self, name: &str, kind: Kind, age_band: Option<u8>) -> String {
        let never = if kind == Kind::Text { "\"\"" } else { "-1000" };
        let condition = Formula::condition(&format!("{name} == {never}"), VARIABLES).unwrap();
        let reward = self.publish(1, Some(condition));
        match self.request(reward, age_band) {
            Err(Refusal::NotEligible { values, .. }) => {
                values.strip_prefix(&format!("{name} = ")).unwrap().to_owned()
            }
            other => panic!("{name}: {other:?}"),
        }
    }

    fn values(&mut self, age_band: Option<u8>) -> Vec<(&'static str, String)> {
        let every = VARIABLES.iter();
        every.map(|it| (it.name, self.value(it.name, it.kind, age_band))).collect()
    }
}

#[test]
fn every_variable_says_what_is_true_of_who_asks() {
    let mut street = Street::new();
    street.town.volunteer("1", "N1");
    let nothing = ["0", "0", "0", "0", "0", "0", "0", "0", "0", "74", "0", "0", "-1", "N1"];
    assert_values(&street.values(None), nothing);

    // On the first day of each span, on the day before it, and a day in the midst.
    let days = [
        ("2023-03-10", 1),
        ("2023-03-11", 2),
        ("2024-03-10", 4),
        ("2024-03-11", 8),
        ("2025-03-10", 16),
        ("2025-03-11", 32),
        ("2025-09-10", 64),
        ("2025-09-11", 128),
        ("2025-12-10", 256),
        ("2025-12-11", 400),
        ("2026-03-01", 480),
    ];
    for (date, minutes) in days {
        let service = Service::interval(interval(&format!("{date} 08:00"), minutes));
        street.town.record(street.clerk, Town::activity("N1", "敬老"), "1", service).unwrap();
    }
    // Twelve days of eight hours long ago make a hundred hours, which is a star, and more.
    for day in 1..=12 {
        let service = Service::interval(interval(&format!("2021-05-{day:02} 08:00"), 480));
        street.town.record(street.clerk, Town::activity("N1", "敬老"), "1", service).unwrap();
    }
    let volunteer = VolunteerRef::Tag(lovebank_testkit::number("1"));
    let need = Command::SetNeedClass { volunteer, class: NeedClass::new(2).unwrap() };
    street.town.must(street.approver, &need);
    let free = street.publish(9, None);
    street.request(free, None).unwrap();
    // Each service is rounded to hundredths of a point: 23.19, and 96.
    let all = [
        "2", "1", "7151", "880", "1264", "1360", "1384", "1390", "119.19", "74", "0", "1", "3",
        "N1",
    ];
    assert_values(&street.values(Some(3)), all);
    assert_eq!(street.town.breaches(), []);
}

fn assert_values<const N: usize>(told: &[(&str, String)], expected: [&str; N]) {
    let names = VARIABLES.iter().map(|it| it.name);
    let expected: Vec<(&str, String)> = names.zip(expected.map(str::to_owned)).collect();
    assert_eq!(told, expected);
}

#[test]
fn places_are_added_up_to_the_most_and_not_one_more() {
    let mut street = Street::new();
    let reward = street.publish(STOCK_MAX - 2, None);
    let mut add = |places| {
        let command = Command::Reward(RewardCommand::AddStock { reward, places });
        street.town.ask(street.approver, &command).map(|_| ()).map_err(|it| it.refusal)
    };
    assert_eq!(add(3), Err(Refusal::StockFull { stock: STOCK_MAX - 2, most: STOCK_MAX }));
    assert_eq!(add(2), Ok(()));
    assert_eq!(add(1), Err(Refusal::StockFull { stock: STOCK_MAX, most: STOCK_MAX }));
}
