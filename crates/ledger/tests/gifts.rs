//! Gifts, kin, pools, and what becomes of a passbook that is closed.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use lovebank_ledger::{
    Account, Command, DrawNo, GiftCommand, GiftNo, GiftTo, KIN_MAX, NeedClass, NewGrant, NewScope,
    PassbookNo, Points, Positive, Purpose, Reason, Refusal, Role, Service, TokenNo, VolunteerRef,
    VolunteerStatus,
};
use lovebank_testkit::{Town, interval};

struct Street {
    town: Town,
    clerk: TokenNo,
    approver: TokenNo,
    volunteers: Vec<PassbookNo>,
}

impl Street {
    /// A street in which each of four volunteers has 10 points.
    fn new() -> Self {
        let mut town = Town::new();
        town.at("2026-03-10 09:00");
        let clerk = town.staff("clerk-nw", Role::Clerk, Some("NW"));
        let approver = town.staff("approver-nw", Role::Approver, Some("NW"));
        let volunteers: Vec<PassbookNo> =
            ["1", "2", "3", "4"].map(|it| town.volunteer(it, "N1")).into();
        for number in ["1", "2", "3", "4"] {
            for start in ["2026-03-01 09:00", "2026-03-02 09:00"] {
                let service = Service::interval(interval(start, 300));
                town.record(clerk, Town::activity("N1", "敬老"), number, service).unwrap();
            }
        }
        Self { town, clerk, approver, volunteers }
    }

    fn ask(&mut self, token: TokenNo, command: GiftCommand) -> Result<(), Refusal> {
        let asked = self.town.ask(token, &Command::Gift(command));
        let result = asked.map(|_| ()).map_err(|it| it.refusal);
        assert_eq!(self.town.breaches(), []);
        result
    }

    fn of(&self, no: usize) -> VolunteerRef {
        VolunteerRef::Passbook(self.volunteers[no])
    }

    fn give(&mut self, from: usize, to: GiftTo, points: i64) -> Result<(), Refusal> {
        let from = self.of(from);
        self.ask(self.clerk, GiftCommand::GivePoints { from, to, points: positive(points) })
    }

    fn make_kin(&mut self, a: usize, b: usize) {
        let (volunteer, kin) = (self.of(a), self.of(b));
        self.ask(self.clerk, GiftCommand::RequestKin { volunteer, kin }).unwrap();
        self.ask(self.approver, GiftCommand::ConfirmKin { volunteer, kin }).unwrap();
    }

    fn close(&mut self, no: usize) {
        let command =
            Command::SetVolunteerStatus { volunteer: self.of(no), status: VolunteerStatus::Closed };
        self.town.ask(self.approver, &command).unwrap();
        assert_eq!(self.town.breaches(), []);
    }

    fn points(&self, no: usize) -> i64 {
        self.town.ledger().passbook(self.volunteers[no]).unwrap().points.hundredths()
    }

    fn pool(&self) -> i64 {
        let branch = self.town.ledger().branch_by_code(&Town::code("N1")).unwrap().no;
        self.town.ledger().balance(Account::Bank(branch, Purpose::Pool)).points.hundredths()
    }
}

fn positive(hundredths: i64) -> Positive {
    Positive::new(Points::from_hundredths(hundredths)).unwrap()
}

fn pool() -> GiftTo {
    GiftTo::Pool(Town::code("N1"))
}

#[test]
fn points_go_to_kin_that_an_approver_confirmed() {
    let mut street = Street::new();
    let to = GiftTo::Volunteer(street.of(1));
    assert_eq!(street.give(0, to.clone(), 100), Err(Refusal::GiftNotAllowed));
    let (volunteer, kin) = (street.of(0), street.of(1));
    street.ask(street.clerk, GiftCommand::RequestKin { volunteer: kin, kin: volunteer }).unwrap();
    assert_eq!(street.give(0, to.clone(), 100), Err(Refusal::GiftNotAllowed));
    street.ask(street.approver, GiftCommand::ConfirmKin { volunteer, kin }).unwrap();
    street.give(0, to.clone(), 250).unwrap();
    assert_eq!((street.points(0), street.points(1)), (750, 1250));
    let minutes = |no: usize| street.town.ledger().passbook(street.volunteers[no]).unwrap().minutes;
    assert_eq!((minutes(0).get(), minutes(1).get()), (600, 600));
    let over = Refusal::InsufficientPoints {
        available: Points::from_hundredths(750),
        points: Points::from_hundredths(751),
    };
    assert_eq!(street.give(0, to.clone(), 751), Err(over));
    street.ask(street.clerk, GiftCommand::EndKin { volunteer, kin }).unwrap();
    assert_eq!(street.give(0, to, 100), Err(Refusal::GiftNotAllowed));
    let own = GiftTo::Volunteer(street.of(0));
    assert_eq!(street.give(0, own, 100), Err(Refusal::SamePassbook));
}

#[test]
fn a_gift_is_taken_back_once_and_by_another() {
    let mut street = Street::new();
    street.make_kin(0, 1);
    street.give(0, GiftTo::Volunteer(street.of(1)), 1000).unwrap();
    street.give(1, pool(), 1500).unwrap();
    let reverse = GiftCommand::ReverseGift { gift: GiftNo::FIRST, reason: Reason::RuleBroken };
    street.ask(street.approver, reverse.clone()).unwrap();
    // What was given on is owed.
    assert_eq!((street.points(0), street.points(1), street.pool()), (1000, -500, 1500));
    let again = street.ask(street.approver, reverse);
    assert_eq!(again, Err(Refusal::GiftReversed { gift: GiftNo::FIRST }));
    let zero = Points::from_hundredths(-500);
    let owes = Refusal::InsufficientPoints { available: zero, points: Points::from_hundredths(1) };
    assert_eq!(street.give(1, pool(), 1), Err(owes));
}

#[test]
fn kin_is_confirmed_by_neither_who_asked_nor_one_of_the_two() {
    let mut street = Street::new();
    let grant = |role| NewGrant { role, scope: NewScope::Branch(Town::code("NW")) };
    let hand = street.town.token("hand", vec![grant(Role::Clerk), grant(Role::Approver)]);
    let scope = NewScope::Volunteer(street.of(1));
    let own = NewGrant { role: Role::Volunteer, scope };
    let party = street.town.token("party", vec![own, grant(Role::Approver)]);
    let (volunteer, kin) = (street.of(0), street.of(1));
    street.ask(hand, GiftCommand::RequestKin { volunteer, kin }).unwrap();
    let confirm = || GiftCommand::ConfirmKin { volunteer, kin };
    for token in [hand, party] {
        assert_eq!(street.ask(token, confirm()), Err(Refusal::OwnKin));
    }
    street.ask(street.approver, confirm()).unwrap();
}

#[test]
fn one_has_as_much_kin_as_is_allowed_and_not_one_more() {
    let mut street = Street::new();
    let family: Vec<VolunteerRef> = (0..=KIN_MAX)
        .map(|it| VolunteerRef::Passbook(street.town.volunteer(&format!("k{it}"), "N1")))
        .collect();
    let (volunteer, full) = (street.of(0), Err(Refusal::KinFull { most: KIN_MAX }));
    for kin in &family[..KIN_MAX] {
        street.ask(street.clerk, GiftCommand::RequestKin { volunteer, kin: *kin }).unwrap();
    }
    let more = family[KIN_MAX];
    for (volunteer, kin) in [(volunteer, more), (more, volunteer)] {
        assert_eq!(street.ask(street.clerk, GiftCommand::RequestKin { volunteer, kin }), full);
    }
    street.ask(street.clerk, GiftCommand::EndKin { volunteer, kin: family[0] }).unwrap();
    street.ask(street.clerk, GiftCommand::RequestKin { volunteer, kin: more }).unwrap();
}

#[test]
fn nobody_takes_back_a_gift_of_the_own_hand_or_of_the_own_passbook() {
    let mut street = Street::new();
    street.make_kin(0, 1);
    let grant = |role| NewGrant { role, scope: NewScope::Branch(Town::code("NW")) };
    let hand = street.town.token("hand", vec![grant(Role::Clerk), grant(Role::Approver)]);
    let parties = [0, 1].map(|it| {
        let scope = NewScope::Volunteer(street.of(it));
        let own = NewGrant { role: Role::Volunteer, scope };
        street.town.token(&format!("party-{it}"), vec![own, grant(Role::Approver)])
    });
    let (from, to) = (street.of(0), GiftTo::Volunteer(street.of(1)));
    street.ask(hand, GiftCommand::GivePoints { from, to, points: positive(300) }).unwrap();
    let gift = GiftNo::FIRST;
    let reverse = || GiftCommand::ReverseGift { gift, reason: Reason::Other };
    for token in [hand, parties[0], parties[1]] {
        assert_eq!(street.ask(token, reverse()), Err(Refusal::OwnGift { gift }));
    }
    street.ask(street.approver, reverse()).unwrap();
    assert_eq!((street.points(0), street.points(1)), (1000, 1000));
}

#[test]
fn a_pool_is_drawn_in_the_published_order() {
    let mut street = Street::new();
    street.give(0, pool(), 900).unwrap();
    for no in [1, 2] {
        let command = GiftCommand::RequestDraw {
            volunteer: street.of(no),
            pool: Town::code("N1"),
            points: positive(500),
            age_band: None,
        };
        street.ask(street.clerk, command).unwrap();
    }
    let [first, second] = [1, 2].map(|it| DrawNo::new(it).unwrap());
    let class = NeedClass::new(2).unwrap();
    let need = Command::SetNeedClass { volunteer: street.of(2), class };
    street.town.ask(street.approver, &need).unwrap();
    let approve = |draw| GiftCommand::ApproveDraw { draw };
    let too_early = street.ask(street.approver, approve(first));
    assert_eq!(too_early, Err(Refusal::NotFirst { first: second }));
    assert!(street.ask(street.clerk, approve(second)).is_err(), "a clerk only asks");
    street.ask(street.approver, approve(second)).unwrap();
    assert_eq!((street.points(2), street.pool()), (1500, 400));
    let short = street.ask(street.approver, approve(first));
    let small = Refusal::PoolTooSmall {
        available: Points::from_hundredths(400),
        points: Points::from_hundredths(500),
    };
    assert_eq!(short, Err(small));
    let reject = GiftCommand::RejectDraw { draw: first, reason: Reason::Other };
    street.ask(street.approver, reject).unwrap();
}

#[test]
fn a_closed_passbook_leaves_its_points_and_keeps_its_minutes() {
    let mut street = Street::new();
    let (volunteer, beneficiary) = (street.of(0), Some(street.of(1)));
    let name = GiftCommand::NameBeneficiary { volunteer, beneficiary };
    assert_eq!(street.ask(street.clerk, name.clone()), Err(Refusal::GiftNotAllowed));
    street.make_kin(0, 1);
    street.make_kin(3, 0);
    street.ask(street.clerk, name).unwrap();
    street.close(0);
    assert_eq!((street.points(0), street.points(1)), (0, 2000));
    let row = street.town.ledger().passbook(street.volunteers[0]).unwrap();
    assert_eq!(row.minutes.get(), 600);
    street.close(2);
    assert_eq!((street.points(2), street.pool()), (0, 1000));
    // One who takes no part any more inherits nothing.
    let name =
        GiftCommand::NameBeneficiary { volunteer: street.of(3), beneficiary: Some(street.of(0)) };
    street.ask(street.clerk, name).unwrap();
    street.close(3);
    assert_eq!((street.points(0), street.pool()), (0, 2000));
}
