//! One person under two numbers is one, in whatever is looked for.

use lovebank_ledger::{
    Command, DEFAULT_RULEBOOK, MergeCommand, MergeNo, Role, anomaly::AnomalyKind,
};

use crate::street::{Street, street};

/// One is merged into another, who served on other days.
fn merge(street: &mut Street, from: usize, into: usize) {
    let (volunteer, into) = (Street::of(from), Street::of(into));
    let propose = MergeCommand::ProposeMerge { volunteer, into };
    street.town.must(street.clerks[0], &Command::Merge(propose));
    let merge = street.town.ledger().merges().count();
    let merge = MergeNo::new(u64::try_from(merge).unwrap()).unwrap();
    street.town.must(street.approver, &Command::Merge(MergeCommand::ConfirmMerge { merge }));
}

#[test]
fn gifts_to_and_from_a_person_are_counted_together() {
    let mut street = street();
    for from in 1..=5 {
        street.give(from, 0, "2026-04-02 09:00");
    }
    street.only(AnomalyKind::GiftBurst);
    merge(&mut street, 5, 4);
    assert_eq!(street.found(), [], "four givers, one of them with two numbers");

    let mut street = self::street();
    for (from, to) in [(1, 0), (2, 0), (3, 0), (4, 7), (5, 7)] {
        street.give(from, to, "2026-04-02 09:00");
    }
    assert_eq!(street.found(), []);
    merge(&mut street, 7, 0);
    let it = street.only(AnomalyKind::GiftBurst);
    assert_eq!((it.passbooks[0], it.passbooks.len(), it.gifts.len()), (Street::passbook(0), 6, 5));

    let mut street = self::street();
    for (from, to) in [(1, 0), (2, 0), (3, 0), (4, 0), (7, 0)] {
        street.give(from, to, "2026-04-02 09:00");
    }
    merge(&mut street, 7, 0);
    assert_eq!(street.found(), [], "nobody gives to oneself");
}

#[test]
fn kin_and_those_who_trade_are_known_under_every_number() {
    let mut street = street();
    let clerk = street.who_serves("clerk-kin", Role::Clerk, 0);
    street.serve(clerk, 1, "2025-11-04 09:00", 61);
    street.serve(clerk, 2, "2025-11-05 09:00", 61);
    street.kin(0, 1);
    merge(&mut street, 2, 1);
    let it = street.only(AnomalyKind::KinApproved);
    assert_eq!((it.passbooks.as_slice(), it.records.len()), ([Street::passbook(1)].as_slice(), 2));

    let mut street = self::street();
    let one = street.who_serves("clerk-a", Role::Clerk, 0);
    let other = street.who_serves("clerk-b", Role::Clerk, 1);
    for on in ["2025-11-04", "2025-11-05"] {
        street.serve(one, 1, &format!("{on} 09:00"), 61);
    }
    street.serve(other, 0, "2025-11-04 11:00", 61);
    street.serve(other, 2, "2025-11-05 11:00", 61);
    assert_eq!(street.found(), []);
    merge(&mut street, 2, 0);
    let it = street.only(AnomalyKind::TradedApprovals);
    assert_eq!((it.passbooks.len(), it.records.len()), (2, 4));
}

#[test]
fn a_sheet_is_a_copy_also_with_another_number_of_a_person() {
    let mut street = street();
    let exact = DEFAULT_RULEBOOK.replace("cloned_changes = 2", "cloned_changes = 0");
    for (on, last) in [("2025-11-04", 9), ("2025-11-18", 10)] {
        for (row, who) in (0..9).chain([last]).enumerate() {
            street.serve(street.clerks[0], who, &format!("{on} 14:0{row}"), 151);
        }
    }
    assert_eq!(street.told(&exact, &[]).found, []);
    merge(&mut street, 10, 9);
    let found = street.told(&exact, &[]).found;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].figures, [("sheets", 2), ("volunteers", 10), ("changed_rows", 0)]);
}

#[test]
fn check_outs_that_never_came_are_a_persons() {
    let mut street = street();
    for (who, on) in [(0, "2026-04-02"), (1, "2026-04-03"), (0, "2026-04-04")] {
        street.check_in(who, on);
        street.close();
    }
    assert_eq!(street.found(), []);
    merge(&mut street, 1, 0);
    let it = street.only(AnomalyKind::ForgottenCheckOuts);
    assert_eq!(it.figures, [("check_ins", 3), ("recorded", 3)]);
}

#[test]
fn a_person_is_one_of_those_who_served_at_night_or_have_a_telephone() {
    let mut street = street();
    street.serve(street.clerks[0], 1, "2025-11-04 05:59", 61);
    street.serve(street.clerks[0], 2, "2025-11-04 22:00", 61);
    merge(&mut street, 2, 1);
    let it = street.only(AnomalyKind::OutsideOpening);
    assert_eq!(it.figures, [("records", 2), ("volunteers", 1)]);

    let mut street = self::street();
    merge(&mut street, 1, 0);
    let phones = |who: &[usize]| vec![who.iter().map(|it| Street::passbook(*it)).collect()];
    assert_eq!(street.told(DEFAULT_RULEBOOK, &phones(&[1, 0])).found, []);
    let told = street.told(DEFAULT_RULEBOOK, &phones(&[1, 0, 3])).found;
    assert_eq!(told[0].figures, [("volunteers", 2), ("families", 2)]);
}
