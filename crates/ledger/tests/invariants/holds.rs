//! Holds, places, queues and lots that do not add up.

use lovebank_ledger::{
    About, Command, Ended, Event, HoldNo, LineKind, Lot, LotClass, LotMove, Moves, NewHold,
    NewRedemption, PassbookNo, Placed, Points, PolicyName, Price, PublishReward, RecordNo,
    RedemptionNo, RedemptionState, RewardCommand, RewardEvent, RewardKind, RewardMode, RewardName,
    RewardNo, Stock, VolunteerRef,
};
use lovebank_testkit::{day, timestamp};

use crate::street::Street;

const WAITING_LIST: &str = "default";

impl Street {
    /// Reward 1, with one place.
    pub(crate) fn publish(&mut self, price: i64, mode: RewardMode) {
        let it = PublishReward {
            branch: lovebank_testkit::Town::code("N1"),
            name: RewardName::new("粮油券").unwrap(),
            text: None,
            kind: RewardKind::Goods,
            price: Price::new(Points::from_hundredths(price)).unwrap(),
            stock: Stock::new(1).unwrap(),
            limit: None,
            eligibility: None,
            mode,
        };
        self.town.must(self.approver, &Command::Reward(RewardCommand::PublishReward(it)));
    }

    pub(crate) fn request(&mut self) {
        let volunteer = VolunteerRef::Passbook(PassbookNo::FIRST);
        let reward = RewardNo::FIRST;
        let it = RewardCommand::RequestRedemption { volunteer, reward, age_band: None };
        self.town.must(self.clerk, &Command::Reward(it));
    }

    /// Forges that a redemption ended in a state.
    fn end(&mut self, redemption: u64, state: RedemptionState, captured: i64) {
        self.forge(ended(redemption, state, captured), Vec::new());
    }

    /// Forges that points came into a lot.
    fn fill(&mut self, points: i64, of_it_in_lots: i64) {
        let points_in = Points::from_hundredths(of_it_in_lots);
        let lots = vec![LotMove { lot: lot(), points: points_in }];
        let said = (LineKind::Received, About::Record(RecordNo::FIRST));
        let mut postings = self.line(said, (0, points), lots);
        // A gift of nobody: it is of no record, and so of no year.
        postings[0].about = None;
        let event = Event::PersonErased { passbook: PassbookNo::FIRST };
        self.forge(event, postings);
    }
}

/// The event of a redemption that ended.
pub(crate) fn ended(redemption: u64, state: RedemptionState, captured: i64) -> Event {
    let redemption = RedemptionNo::new(redemption).unwrap();
    let ended = Ended { redemption, state, captured: Points::from_hundredths(captured) };
    let moves = Moves { ended: vec![ended], ..Moves::default() };
    Event::Reward(RewardEvent::RedemptionCancelled(moves))
}

pub(crate) fn lot() -> Lot {
    Lot { expires: day("2026-06-01"), class: LotClass::Given }
}

fn waiting_list() -> RewardMode {
    RewardMode::WaitingList { policy: PolicyName::new(WAITING_LIST).unwrap() }
}

#[test]
fn a_hold_that_ended_before_what_it_is_for_is_found() {
    let mut street = Street::new();
    street.publish(100, RewardMode::FirstCome);
    street.request();
    street.found(&[]);
    street.end(1, RedemptionState::Allocated, 0);
    street.found(&[
        (4, "redemption 1 is open or ended against its hold"),
        (11, "reward 1: 1 and 1 are not 1"),
    ]);
}

#[test]
fn a_hold_that_a_passbook_does_not_keep_is_found() {
    let mut street = Street::new();
    street.publish(100, RewardMode::FirstCome);
    street.request();
    street.end(1, RedemptionState::Allocated, 100);
    // What was taken is forgotten, and so the hold keeps it once more; the passbook does not.
    street.end(1, RedemptionState::Fulfilled, 0);
    street.found(&[
        (4, "redemption 1 is open or ended against its hold"),
        (4, "passbook 1 holds 0.00; its holds keep 1.00"),
        (11, "reward 1: 1 and 1 are not 1"),
    ]);
}

#[test]
fn a_hold_of_less_than_nothing_is_found() {
    let mut street = Street::new();
    street.publish(0, RewardMode::FirstCome);
    let redemption = NewRedemption {
        no: RedemptionNo::FIRST,
        reward: RewardNo::FIRST,
        passbook: PassbookNo::FIRST,
        age_band: None,
        ends: timestamp("2026-04-01 00:00"),
        hold: Some(NewHold { no: HoldNo::FIRST, points: Points::from_hundredths(-1) }),
    };
    let placed = vec![Placed { redemption: redemption.no, ends: redemption.ends }];
    let moves = Moves { placed, ..Moves::default() };
    let event = RewardEvent::RedemptionRequested { redemption, moves };
    street.forge(Event::Reward(event), Vec::new());
    street.found(&[(4, "the parts of the hold of redemption 1 are not its points")]);
}

#[test]
fn a_place_that_is_given_back_and_kept_is_found() {
    let mut street = Street::new();
    street.publish(0, RewardMode::FirstCome);
    street.request();
    street.end(1, RedemptionState::Allocated, 0);
    street.found(&[(11, "reward 1: 1 and 1 are not 1")]);
}

#[test]
fn one_who_waits_and_stands_in_no_queue_is_found() {
    let mut street = Street::new();
    street.publish(0, waiting_list());
    street.request();
    street.request();
    street.found(&[]);
    street.end(2, RedemptionState::Waiting, 0);
    street.found(&[(11, "reward 1: 1 wait, and its queue is another")]);
}

#[test]
fn lots_of_more_than_the_balance_are_found() {
    let mut street = Street::new();
    // With the hour's point, which lies in no lot, the balance is two.
    street.fill(100, 200);
    street.found(&[]);
    street.fill(0, 1);
    street.found(&[(12, "the lots of passbook 1 are 2.01, said 2.01, of 2.00")]);
}

#[test]
fn a_debt_has_no_lots() {
    let mut street = Street::new();
    street.fill(-300, 1);
    street.found(&[(12, "the lots of passbook 1 are 0.01, said 0.01, of -2.00")]);
}

#[test]
fn a_lot_that_nobody_will_look_at_is_found_unless_a_hold_keeps_it() {
    let mut street = Street::new();
    let as_of = timestamp("2026-06-01 00:00");
    let looked_at = Event::PointsExpired { as_of, passbooks: vec![PassbookNo::FIRST] };
    street.fill(100, 100);
    street.publish(100, RewardMode::FirstCome);
    street.request();
    street.forge(looked_at.clone(), Vec::new());
    street.found(&[]);

    let mut street = Street::new();
    street.fill(100, 100);
    street.forge(looked_at, Vec::new());
    street.found(&[(12, "nobody looks at a lot of passbook 1: 2026-06-01")]);
}
