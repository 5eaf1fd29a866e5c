//! Lots: points that expire, in which order they are spent, and what a hold keeps.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    reason = "tests"
)]

mod random;
mod street;

use jiff::civil::date;
use lovebank_ledger::{
    Account, Command, DEFAULT_RULEBOOK, Due, Event, GiftTo, LineKind, Lot, LotClass, LotMove,
    Price, Purpose, Reason, RewardCommand,
};
use lovebank_testkit::{Town, interval};
use street::{Street, TWO_MONTHS, whole};

#[test]
fn points_expire_at_the_end_of_a_month_and_minutes_never_do() {
    let mut street = Street::new(TWO_MONTHS);
    street.earn(0, "2026-01-09 09:00", 3);
    street.earn(0, "2026-01-08 09:00", 2);
    street.at("2026-02-10 09:00");
    street.earn(0, "2026-02-09 09:00", 4);
    assert_eq!(street.lots(0), [(4, false, 5), (5, false, 4)], "what expires together is one lot");
    street.at("2026-03-31 23:59");
    assert_eq!(street.points(0), 9);
    street.at("2026-04-01 00:00");
    assert_eq!((street.points(0), street.lots(0)), (4, vec![(5, false, 4)]));
    let line = street.town.ledger().lines(street.volunteers[0], None).next().unwrap();
    assert_eq!((line.kind, line.about, line.points), (LineKind::Expired, None, whole(-5)));
    let minutes = street.town.ledger().passbook(street.volunteers[0]).unwrap().minutes;
    assert_eq!(minutes.get(), 9 * 60);
    let n1 = street.town.ledger().branch_by_code(&Town::code("N1")).unwrap().no;
    let expired = street.town.ledger().balance(Account::Bank(n1, Purpose::Expired));
    assert_eq!(expired.points, whole(5));
    let report = lovebank_ledger::solvency(street.town.ledger(), street.town.now());
    assert_eq!(report.years[&2026].expired, whole(5), "what was saved and never used is told");
}

#[test]
fn points_never_expire_where_no_rule_says_so_and_those_from_before_it_never_do() {
    let mut street = Street::new("");
    street.earn(0, "2026-01-09 09:00", 3);
    assert_eq!((street.lots(0), street.town.ledger().next_due()), (vec![], None));
    assert!(street.moved(0).is_empty());
    let text = DEFAULT_RULEBOOK.replace("[passbook]", &format!("[passbook]\n{TWO_MONTHS}"));
    let rulebook = lovebank_ledger::Rulebook::parse(&text).unwrap();
    let in_force_from = date(2026, 1, 10);
    let adopt = Command::AdoptRulebook { in_force_from, rulebook };
    let operator = street.town.operator();
    street.town.ask(operator, &adopt).unwrap();
    street.earn(0, "2026-01-08 09:00", 2);
    assert_eq!(street.lots(0), [(4, false, 2)]);
    street.at("2030-01-01 00:00");
    assert_eq!(street.points(0), 3);
}

#[test]
fn a_bank_that_was_down_lets_points_expire_in_order_as_of_their_day() {
    let mut street = Street::new(TWO_MONTHS);
    street.earn(0, "2026-01-09 09:00", 3);
    street.earn(1, "2026-01-09 09:00", 1);
    street.at("2026-02-10 09:00");
    street.earn(0, "2026-02-09 09:00", 4);
    street.at("2027-01-01 00:00");
    let entries = street.town.journal().iter().filter_map(|(it, _)| match &it.event {
        Event::PointsExpired { as_of, passbooks } => Some((*as_of, passbooks.len())),
        _ => None,
    });
    let seen: Vec<_> = entries.collect();
    let at = lovebank_testkit::timestamp;
    assert_eq!(seen, [(at("2026-04-01 00:00"), 2), (at("2026-05-01 00:00"), 1)]);
    assert_eq!((street.points(0), street.points(1)), (0, 0));
}

#[test]
fn what_expires_soonest_is_spent_first_and_the_entry_says_so() {
    let mut street = Street::new(TWO_MONTHS);
    street.earn(0, "2026-01-09 09:00", 3);
    street.earn(1, "2026-01-09 09:00", 5);
    street.at("2026-02-10 09:00");
    street.earn(0, "2026-02-09 09:00", 4);
    street.give(1, GiftTo::Volunteer(street.of(0)), 2);
    assert_eq!(street.lots(0), [(4, true, 2), (4, false, 3), (5, false, 4)]);
    let redemption = street.request(0, 6);
    assert!(street.moved(0).is_empty(), "what is held is still there");
    street.reward(RewardCommand::FulfillRedemption { redemption, points: None });
    let lot = |month, class| Lot { expires: date(2026, month, 1), class };
    let moved = [
        (lot(4, LotClass::Given), -2),
        (lot(4, LotClass::Earned), -3),
        (lot(5, LotClass::Earned), -1),
    ];
    assert_eq!(street.moved(0), moved.map(|(lot, it)| LotMove { lot, points: whole(it) }));
    assert_eq!(street.lots(0), [(5, false, 3)]);
}

#[test]
fn a_gift_keeps_its_day_however_often_it_changes_hands_and_a_pool_keeps_none() {
    let mut street = Street::new(TWO_MONTHS);
    street.earn(0, "2026-01-09 09:00", 6);
    street.at("2026-03-20 09:00");
    street.give(0, GiftTo::Volunteer(street.of(1)), 4);
    street.give(1, GiftTo::Volunteer(street.of(0)), 3);
    assert_eq!(
        (street.lots(0), street.lots(1)),
        (vec![(4, true, 3), (4, false, 2)], vec![(4, true, 1)])
    );
    street.give(0, GiftTo::Pool(Town::code("N1")), 4);
    assert_eq!(street.lots(0), [(4, false, 1)]);
    street.at("2026-04-01 00:00");
    assert_eq!((street.points(0), street.points(1)), (0, 0));
    let n1 = street.town.ledger().branch_by_code(&Town::code("N1")).unwrap().no;
    assert_eq!(street.town.ledger().balance(Account::Bank(n1, Purpose::Pool)).points, whole(4));
}

#[test]
fn a_hold_keeps_points_past_their_day_and_not_longer_than_itself() {
    let mut street = Street::new(TWO_MONTHS);
    street.earn(0, "2026-01-09 09:00", 5);
    let held = street.request(0, 3);
    street.at("2026-03-31 09:00");
    street.earn(0, "2026-03-30 09:00", 2);
    street.at("2026-04-01 00:00");
    assert_eq!((street.points(0), street.lots(0)), (5, vec![(4, false, 3), (6, false, 2)]));
    // What is held is not given away, and what is given does not expire at once.
    street.give(0, GiftTo::Volunteer(street.of(1)), 2);
    assert_eq!((street.lots(0), street.lots(1)), (vec![(4, false, 3)], vec![(6, true, 2)]));
    street.reward(RewardCommand::FulfillRedemption {
        redemption: held,
        points: Some(Price::new(whole(1)).unwrap()),
    });
    assert_eq!(street.lots(0), [(4, false, 2)]);
    street.at("2026-04-01 00:01");
    assert_eq!((street.points(0), street.lots(0)), (0, vec![]), "the rest was free, and expired");
}

#[test]
fn a_hold_that_ends_is_looked_at_again_also_where_nothing_is_left_to_expire() {
    let mut street = Street::new(TWO_MONTHS);
    street.earn(0, "2026-01-09 09:00", 5);
    let (first, second) = (street.request(0, 3), street.request(0, 2));
    street.at("2026-04-02 09:00");
    assert_eq!(street.lots(0), [(4, false, 5)]);
    street.reward(RewardCommand::CancelRedemption { redemption: second });
    street.at("2026-04-02 09:01");
    assert_eq!(street.lots(0), [(4, false, 3)]);
    street.reward(RewardCommand::FulfillRedemption { redemption: first, points: None });
    street.at("2026-04-02 09:02");
    assert_eq!((street.points(0), street.lots(0)), (0, vec![]));
}

#[test]
fn only_what_was_spent_is_remembered_for_its_return() {
    let mut street = Street::new(TWO_MONTHS);
    let remembered = |street: &Street| {
        let tables = street.town.ledger().state_digest().tables;
        tables.into_iter().find(|it| it.name == "spent").unwrap().rows
    };
    street.earn(0, "2026-01-09 09:00", 5);
    let records = vec![lovebank_ledger::RecordNo::FIRST];
    let (reason, mode) = (Reason::NotServed, lovebank_ledger::BatchMode::Atomic);
    street.town.must(street.approver, &Command::ReverseHours { records, reason, mode });
    street.earn(0, "2026-01-08 09:00", 5);
    assert_eq!(remembered(&street), 0);
    street.give(0, GiftTo::Volunteer(street.of(1)), 2);
    assert_eq!(remembered(&street), 1);
}

#[test]
fn a_hold_that_ends_before_the_day_of_its_points_leaves_that_day_as_it_was() {
    let mut street = Street::new(TWO_MONTHS);
    street.earn(0, "2026-01-09 09:00", 5);
    let due = street.town.ledger().next_due().unwrap();
    let day = lovebank_testkit::timestamp("2026-04-01 00:00");
    assert_eq!(due, (day, Due::Lots(street.volunteers[0])));
    let redemption = street.request(0, 2);
    street.reward(RewardCommand::CancelRedemption { redemption });
    assert_eq!(street.town.ledger().next_due(), Some(due));
}

#[test]
fn a_hold_of_the_moment_in_which_points_are_gone_keeps_none_of_them() {
    let mut street = Street::new(TWO_MONTHS);
    street.earn(0, "2026-01-09 09:00", 5);
    // The last moment of the day, and the first of the next, before what is due was settled.
    street.town.at("2026-03-31 23:59");
    street.request(0, 2);
    let midnight = lovebank_testkit::timestamp("2026-04-01 00:00");
    street.town.set(lovebank_ledger::Timestamp::from_micros(midnight.micros() - 1));
    street.request(0, 2);
    let head = street.town.ledger().head().unwrap();
    assert_eq!(street.town.ledger().recorded_at(head), Some(midnight));
    street.at("2026-04-01 00:00");
    assert_eq!((street.points(0), street.lots(0)), (2, vec![(4, false, 2)]));
}

#[test]
fn a_debt_is_paid_before_a_lot_is_filled_and_a_reversal_empties_lots() {
    let mut street = Street::new(TWO_MONTHS);
    street.earn(0, "2026-01-09 09:00", 5);
    street.give(0, GiftTo::Pool(Town::code("N1")), 4);
    let records = vec![lovebank_ledger::RecordNo::FIRST];
    let (reason, mode) = (Reason::NotServed, lovebank_ledger::BatchMode::Atomic);
    let reverse = Command::ReverseHours { records, reason, mode };
    street.town.ask(street.approver, &reverse).unwrap();
    street.whole();
    assert_eq!((street.points(0), street.lots(0)), (-4, vec![]));
    street.earn(0, "2026-01-08 09:00", 3);
    assert_eq!((street.points(0), street.lots(0)), (-1, vec![]));
    street.earn(0, "2026-01-07 09:00", 3);
    assert_eq!((street.points(0), street.lots(0)), (2, vec![(4, false, 2)]));
}

#[test]
fn a_correction_renews_nothing_and_makes_nothing_mortal() {
    let mut street = Street::new("");
    street.earn(0, "2026-01-09 09:00", 3);
    let text = DEFAULT_RULEBOOK.replace("[passbook]", &format!("[passbook]\n{TWO_MONTHS}"));
    let rulebook = lovebank_ledger::Rulebook::parse(&text).unwrap();
    let adopt = Command::AdoptRulebook { in_force_from: date(2026, 1, 10), rulebook };
    let operator = street.town.operator();
    street.town.ask(operator, &adopt).unwrap();
    street.earn(0, "2026-01-08 09:00", 2);
    street.at("2026-03-01 09:00");
    let mut correct = |record: u64, day: &str, hours: u32| {
        let record = lovebank_ledger::RecordNo::new(record).unwrap();
        let service = lovebank_ledger::Service::interval(interval(day, hours * 60));
        let (activity, reason) = (None, Reason::WrongTime);
        let command = Command::CorrectHours { record, activity, service, reason };
        street.town.ask(street.approver, &command).unwrap();
        street.whole();
        street.lots(0)
    };
    // Points from before the rule stay what they are; only the hour more is new.
    assert_eq!(correct(1, "2026-01-09 09:00", 4), [(4, false, 2), (6, false, 1)]);
    assert_eq!(correct(2, "2026-01-08 09:00", 1), [(4, false, 1), (6, false, 1)]);
}

#[test]
fn of_what_a_correction_takes_back_the_longest_lasting_stays_whatever_a_hold_kept() {
    let mut street = Street::new(TWO_MONTHS);
    street.earn(0, "2026-01-09 09:00", 1);
    let correct = |street: &mut Street, record, hours: u32| {
        let record = lovebank_ledger::RecordNo::new(record).unwrap();
        let service = lovebank_ledger::Service::interval(interval("2026-01-09 09:00", hours * 60));
        let (activity, reason) = (None, Reason::WrongTime);
        let command = Command::CorrectHours { record, activity, service, reason };
        let token = if record.get() == 1 { street.approver } else { street.other };
        street.town.ask(token, &command).unwrap();
        street.whole();
    };
    street.at("2026-02-10 09:00");
    correct(&mut street, 1, 3);
    street.request(0, 1);
    street.at("2026-04-10 09:00");
    assert_eq!(street.lots(0), [(4, false, 1), (5, false, 2)], "one is over, and held");
    correct(&mut street, 2, 2);
    assert_eq!(street.lots(0), [(5, false, 2)]);
}

#[test]
fn what_is_taken_back_of_a_redemption_or_a_gift_lies_where_it_lay() {
    let mut street = Street::new(TWO_MONTHS);
    street.earn(0, "2026-01-09 09:00", 5);
    let redemption = street.request(0, 2);
    street.reward(RewardCommand::FulfillRedemption { redemption, points: None });
    street.give(0, GiftTo::Volunteer(street.of(1)), 2);
    street.at("2026-03-01 09:00");
    let reason = Reason::Other;
    let reverse = Command::Reward(RewardCommand::ReverseRedemption { redemption, reason });
    street.town.ask(street.approver, &reverse).unwrap();
    assert_eq!(street.lots(0), [(4, false, 3)]);
    let gift = lovebank_ledger::GiftNo::FIRST;
    let reverse = Command::Gift(lovebank_ledger::GiftCommand::ReverseGift { gift, reason });
    street.town.ask(street.approver, &reverse).unwrap();
    street.whole();
    assert_eq!((street.lots(0), street.lots(1)), (vec![(4, false, 5)], vec![]));
}

#[test]
fn what_comes_back_on_its_day_or_later_is_new_for_it_would_be_gone_at_once() {
    for (time, lots) in [
        ("2026-03-31 23:59", (4, false, 5)),
        ("2026-04-01 00:00", (7, false, 2)),
        ("2026-04-02 09:00", (7, false, 2)),
    ] {
        let mut street = Street::new(TWO_MONTHS);
        street.earn(0, "2026-01-09 09:00", 5);
        let redemption = street.request(0, 2);
        street.reward(RewardCommand::FulfillRedemption { redemption, points: None });
        street.at(time);
        let reason = Reason::Other;
        let reverse = Command::Reward(RewardCommand::ReverseRedemption { redemption, reason });
        street.town.ask(street.approver, &reverse).unwrap();
        street.whole();
        assert_eq!(street.lots(0), [lots], "{time}");
    }
}
