//! Points and their lots, when two numbers become one person and two again.

use lovebank_ledger::{Lot, LotClass, Points, Refusal};
use lovebank_testkit::day;

use crate::street::{Street, no};

fn lots(street: &Street, who: u64) -> Vec<(Lot, i64)> {
    street.town.ledger().lots(no(who)).map(|(lot, it)| (lot, it.hundredths())).collect()
}

fn lot(expires: &str, class: LotClass) -> Lot {
    Lot { expires: day(expires), class }
}

#[test]
fn points_keep_their_class_and_their_day() {
    let mut street = Street::with("points_expire_months = 2");
    street.serve(3, "2026-03-01 09:00", 120);
    street.serve(1, "2026-03-02 09:00", 60);
    street.give(3, 1, 50).unwrap();
    street.town.at("2026-04-10 09:00");
    street.serve(2, "2026-04-02 09:00", 60);
    let had =
        [(lot("2026-06-01", LotClass::Given), 50), (lot("2026-06-01", LotClass::Earned), 100)];
    assert_eq!(lots(&street, 1), had);
    let merge = street.merged(1, 2);
    let july = (lot("2026-07-01", LotClass::Earned), 100);
    assert_eq!(lots(&street, 2), [had[0], had[1], july]);
    assert_eq!(lots(&street, 1), []);
    // The person gives what is gone first; back goes what is left of the other's, then one's own.
    street.give(2, 3, 80).unwrap();
    street.undo(merge).unwrap();
    assert_eq!(street.has(1), (60, 150));
    assert_eq!(street.has(2), (60, 20));
    let back = [(lot("2026-06-01", LotClass::Earned), 70), (july.0, 80)];
    assert_eq!(lots(&street, 1), back);
    assert_eq!(lots(&street, 2), [(july.0, 20)]);
}

#[test]
fn a_merge_is_not_undone_while_the_points_are_spent() {
    let mut street = Street::new();
    street.serve(1, "2026-03-01 09:00", 120);
    street.serve(2, "2026-03-02 09:00", 60);
    let merge = street.merged(1, 2);
    street.give(2, 3, 150).unwrap();
    let (available, points) = (Points::from_hundredths(150), Points::from_hundredths(200));
    let lacking = Refusal::InsufficientPoints { available, points };
    assert_eq!(street.undo(merge), Err(lacking));
    street.serve(2, "2026-03-03 09:00", 30);
    street.undo(merge).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((120, 200), (90, 0)));
}

#[test]
fn a_debt_moves_as_a_debt() {
    let mut street = Street::new();
    let record = street.serve(1, "2026-03-01 09:00", 120);
    street.give(1, 3, 200).unwrap();
    street.reverse(record).unwrap();
    street.serve(2, "2026-03-02 09:00", 60);
    assert_eq!(street.has(1), (0, -200));
    let merge = street.merged(1, 2);
    assert_eq!((street.has(1), street.has(2)), ((0, 0), (60, -100)));
    street.undo(merge).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((0, -200), (60, 100)));
}

#[test]
fn a_gift_of_the_old_number_is_taken_back_from_and_to_the_person() {
    let mut street = Street::new();
    street.serve(1, "2026-03-01 09:00", 120);
    street.serve(3, "2026-03-01 09:00", 120);
    street.give(1, 3, 100).unwrap();
    street.give(3, 1, 50).unwrap();
    let merge = street.merged(1, 2);
    for gift in [1, 2] {
        let gift = lovebank_ledger::GiftNo::new(gift).unwrap();
        let reason = lovebank_ledger::Reason::Other;
        let back = lovebank_ledger::GiftCommand::ReverseGift { gift, reason };
        street.ask(street.approver, &lovebank_ledger::Command::Gift(back)).unwrap();
    }
    assert_eq!((street.has(2), street.has(3)), ((120, 200), (120, 200)));
    street.undo(merge).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((120, 200), (0, 0)));
}

#[test]
fn what_expired_meanwhile_is_not_given_back_out_of_the_others_own() {
    let mut street = Street::with("points_expire_months = 2");
    let waits = street.serve(1, "2026-03-01 06:00", 600);
    street.serve(1, "2026-03-02 09:00", 120);
    let merge = street.merged(1, 2);
    let (records, mode) = (vec![waits], lovebank_ledger::BatchMode::Atomic);
    let approve = lovebank_ledger::Command::ApproveHours { records, mode };
    street.ask(street.approver, &approve).unwrap();
    street.settled("2026-04-10 09:00");
    street.serve(2, "2026-04-02 09:00", 120);
    assert_eq!(street.has(2), (840, 1400));
    street.settled("2026-06-10 09:00");
    assert_eq!(street.has(2), (840, 200));
    street.undo(merge).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((720, 0), (120, 200)));
    assert_eq!(lots(&street, 2), [(lot("2026-07-01", LotClass::Earned), 200)]);
}

#[test]
fn what_the_person_spent_of_it_did_not_expire_and_what_the_other_lost_is_the_others() {
    let mut street = Street::with("points_expire_months = 2");
    street.serve(1, "2026-03-02 09:00", 120);
    street.settled("2026-04-10 09:00");
    street.serve(2, "2026-04-02 09:00", 120);
    let merge = street.merged(1, 2);
    street.give(2, 3, 150).unwrap();
    street.settled("2026-06-10 09:00");
    assert_eq!(street.has(2), (240, 200));
    street.undo(merge).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((120, 150), (120, 50)));

    let mut street = Street::with("points_expire_months = 2");
    street.serve(2, "2026-03-02 09:00", 120);
    street.settled("2026-04-10 09:00");
    street.serve(1, "2026-04-02 09:00", 120);
    let first = street.merged(1, 2);
    let second = street.merged(2, 3);
    street.settled("2026-06-10 09:00");
    street.undo(second).unwrap();
    street.undo(first).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((120, 200), (120, 0)));
    assert_eq!(street.town.replayed(), *street.town.ledger());
}

#[test]
fn what_is_taken_back_after_some_expired_makes_nothing_unexpired() {
    let mut street = Street::with("points_expire_months = 2");
    street.serve(1, "2026-03-02 09:00", 120);
    street.settled("2026-04-10 09:00");
    let record = street.serve(1, "2026-04-01 09:00", 120);
    street.serve(2, "2026-04-02 09:00", 120);
    let merge = street.merged(1, 2);
    street.settled("2026-06-10 09:00");
    assert_eq!(street.has(2), (360, 400));
    street.reverse(record).unwrap();
    street.undo(merge).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((120, 0), (120, 200)));
}

#[test]
fn points_are_as_old_as_they_were_under_the_number_that_earned_them() {
    let mut street = Street::new();
    street.serve(1, "2026-03-01 09:00", 120);
    street.town.at("2028-06-01 09:00");
    let old = |street: &Street| {
        let ledger = street.town.ledger();
        let report = lovebank_ledger::solvency(ledger, street.town.now());
        let branch = ledger.branch_by_code(&lovebank_testkit::Town::code("N1")).unwrap().no;
        report.branches[&branch].outstanding.map(Points::hundredths)
    };
    assert_eq!(old(&street), [0, 0, 200, 0]);
    let merge = street.merged(1, 2);
    assert_eq!(old(&street), [0, 0, 200, 0]);
    street.undo(merge).unwrap();
    assert_eq!(old(&street), [0, 0, 200, 0]);
}

#[test]
fn what_came_back_to_the_other_and_expired_is_not_given_back_either() {
    let mut street = Street::with("points_expire_months = 2");
    street.serve(1, "2026-03-01 09:00", 120);
    street.give(1, 3, 200).unwrap();
    let merge = street.merged(1, 2);
    let reason = lovebank_ledger::Reason::Other;
    let back =
        lovebank_ledger::GiftCommand::ReverseGift { gift: lovebank_ledger::GiftNo::FIRST, reason };
    street.ask(street.approver, &lovebank_ledger::Command::Gift(back)).unwrap();
    assert_eq!(lots(&street, 2), [(lot("2026-06-01", LotClass::Earned), 200)]);
    street.settled("2026-05-10 09:00");
    street.serve(2, "2026-05-02 09:00", 120);
    street.settled("2026-06-10 09:00");
    assert_eq!(street.has(2), (240, 200));
    street.undo(merge).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((120, 0), (120, 200)));
}

#[test]
fn what_was_taken_back_of_the_others_did_not_expire_and_what_was_booked_anew_did_where_it_lay() {
    let mut street = Street::with("points_expire_months = 2");
    let old = street.serve(1, "2026-03-01 09:00", 120);
    street.serve(2, "2026-03-02 09:00", 120);
    street.settled("2026-04-10 09:00");
    street.serve(1, "2026-04-02 09:00", 120);
    let merge = street.merged(1, 2);
    street.reverse(old).unwrap();
    street.settled("2026-06-10 09:00");
    assert_eq!(street.has(2), (240, 200));
    street.undo(merge).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((120, 200), (120, 0)), "as if they were two");

    let mut street = Street::with("points_expire_months = 2");
    let wrong = street.serve(1, "2026-03-01 09:00", 120);
    street.settled("2026-04-10 09:00");
    let merge = street.merged(1, 2);
    let service =
        lovebank_ledger::Service::interval(lovebank_testkit::interval("2026-03-01 09:00", 60));
    let reason = lovebank_ledger::Reason::WrongTime;
    let correct =
        lovebank_ledger::Command::CorrectHours { record: wrong, activity: None, service, reason };
    street.ask(street.approver, &correct).unwrap();
    street.serve(2, "2026-04-02 09:00", 120);
    street.settled("2026-06-10 09:00");
    street.undo(merge).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((60, 0), (120, 200)));
}

#[test]
fn what_paid_the_debt_of_the_other_did_not_expire() {
    let mut street = Street::with("points_expire_months = 2");
    let record = street.serve(1, "2026-03-01 09:00", 120);
    let waits = street.serve(1, "2026-03-02 06:00", 600);
    street.give(1, 3, 200).unwrap();
    street.reverse(record).unwrap();
    street.serve(2, "2026-03-03 09:00", 180);
    let merge = street.merged(1, 2);
    assert_eq!((street.has(1), street.has(2)), ((0, 0), (180, 100)));
    let (records, mode) = (vec![waits], lovebank_ledger::BatchMode::Atomic);
    let approve = lovebank_ledger::Command::ApproveHours { records, mode };
    street.ask(street.approver, &approve).unwrap();
    street.undo(merge).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((600, 800), (180, 300)));
}
