//! What stands in the way of a merge.

use lovebank_ledger::{
    ActivityRef, Command, GiftCommand, GiftTo, HelpCommand, HelpNo, MergeCommand, MergeState,
    NUMBERS_MAX, Points, Positive, Refusal, RewardCommand, Service, VolunteerStatus,
};
use lovebank_testkit::{Town, day, interval};

use crate::street::{Street, no, of};

#[test]
fn the_same_service_under_both_numbers_is_named_and_reversed_first() {
    let mut street = Street::new();
    let first = street.serve(1, "2026-03-01 09:00", 120);
    let again = street.serve(2, "2026-03-01 10:00", 120);
    let records = format!("{first} + {again}");
    assert_eq!(street.propose(1, 2), Err(Refusal::ServicesClash { pairs: 1, records }));
    street.reverse(again).unwrap();
    street.propose(1, 2).unwrap();
}

#[test]
fn a_clash_that_came_after_the_proposal_is_seen_when_it_is_confirmed() {
    let mut street = Street::new();
    let merge = street.propose(1, 2).unwrap();
    street.serve(1, "2026-03-01 09:00", 120);
    street.serve(2, "2026-03-01 10:59", 60);
    let confirmed = street.merge(street.approver, MergeCommand::ConfirmMerge { merge });
    assert!(matches!(confirmed, Err(Refusal::ServicesClash { pairs: 1, .. })), "{confirmed:?}");
    assert_eq!(street.town.ledger().merge(merge).unwrap().state, MergeState::Proposed);
}

#[test]
fn services_that_touch_are_one_persons() {
    let mut street = Street::new();
    street.serve(1, "2026-03-01 09:00", 60);
    street.serve(2, "2026-03-01 10:00", 60);
    street.merged(1, 2);
}

#[test]
fn no_day_is_too_full_for_one_person() {
    let mut street = Street::new();
    let loose = |street: &mut Street, who: &str, minutes| {
        let service = Service::day(day("2026-03-01"), lovebank_ledger::Minutes::new(minutes));
        let activity = Town::activity("N1", if who == "1" { "敬老" } else { "扫街" });
        street.town.record(street.clerk, activity, who, service).unwrap()
    };
    let most = street.town.ledger().rulebook_on(day("2026-03-01")).unwrap().rules.ladder().most;
    loose(&mut street, "1", most.get() - 60);
    loose(&mut street, "2", 60);
    let merge = street.merged(1, 2);
    street.undo(merge).unwrap();
    street.serve(2, "2026-03-01 23:59", 1);
    let refused = street.propose(1, 2);
    assert!(matches!(refused, Err(Refusal::ServicesClash { pairs: 1, .. })), "{refused:?}");
}

#[test]
fn a_day_twice_at_one_activity_is_a_clash() {
    let mut street = Street::new();
    for who in ["1", "2"] {
        let service = Service::day(day("2026-03-01"), lovebank_ledger::Minutes::new(60));
        street.town.record(street.clerk, Town::activity("N1", "敬老"), who, service).unwrap();
    }
    assert!(matches!(street.propose(1, 2), Err(Refusal::ServicesClash { pairs: 1, .. })));
}

#[test]
fn with_itself_with_one_merged_and_with_one_that_takes_no_part() {
    let mut street = Street::new();
    assert_eq!(street.propose(1, 1), Err(Refusal::SamePassbook));
    street.merged(1, 2);
    let (passbook, into) = (no(1), no(2));
    let merged = Err(Refusal::PassbookMerged { passbook, into });
    assert_eq!(street.propose(1, 3), merged);
    assert_eq!(street.propose(3, 1), merged);
    street.status(3, VolunteerStatus::Suspended);
    let status = VolunteerStatus::Suspended;
    assert_eq!(street.propose(3, 2), Err(Refusal::VolunteerNotActive { status }));
    street.status(3, VolunteerStatus::Closed);
    let status = VolunteerStatus::Closed;
    assert_eq!(street.propose(2, 3), Err(Refusal::VolunteerNotActive { status }));
    let merge = street.propose(3, 2).unwrap();
    assert_eq!(street.propose(3, 2), Err(Refusal::MergeWaits { merge }));
    assert_eq!(street.propose(2, 4), Err(Refusal::MergeWaits { merge }));
}

#[test]
fn two_duplicates_of_one_wait_together() {
    let mut street = Street::new();
    let first = street.propose(3, 2).unwrap();
    let second = street.propose(4, 2).unwrap();
    assert_eq!(street.propose(2, 1), Err(Refusal::MergeWaits { merge: first }));
    assert_eq!(street.propose(1, 3), Err(Refusal::MergeWaits { merge: first }));
    street.serve(3, "2026-03-01 09:00", 60);
    let clash = street.serve(4, "2026-03-01 09:30", 60);
    let confirm = |merge| MergeCommand::ConfirmMerge { merge };
    street.merge(street.other, confirm(first)).unwrap();
    let refused = street.merge(street.other, confirm(second));
    assert!(matches!(refused, Err(Refusal::ServicesClash { pairs: 1, .. })), "{refused:?}");
    street.reverse(clash).unwrap();
    street.merge(street.other, confirm(second)).unwrap();
    assert_eq!(street.town.ledger().person(no(4)), no(2));
}

#[test]
fn what_is_open_under_the_old_number_ends_first() {
    let mut street = Street::new();
    street.serve(1, "2026-03-01 09:00", 300);
    let redemption = street.wish(1, 100);
    assert_eq!(street.propose(1, 2), Err(Refusal::RedemptionsOpen { redemption }));
    let (clerk, cancel) = (street.clerk, RewardCommand::CancelRedemption { redemption });
    street.ask(clerk, &Command::Reward(cancel)).unwrap();

    let ActivityRef::Named(activity) = Town::activity("N1", "陪同就医") else { unreachable!() };
    let (volunteer, window) = (of(1), interval("2026-03-12 09:00", 60));
    let ask = HelpCommand::AskForHelp { volunteer, activity, window, age_band: None };
    street.ask(clerk, &Command::Help(ask)).unwrap();
    assert!(matches!(street.propose(1, 2), Err(Refusal::HelpState { .. })));
    let cancel = HelpCommand::CancelHelp { help: HelpNo::FIRST };
    street.ask(clerk, &Command::Help(cancel)).unwrap();

    let pool = Town::code("N1");
    let points = Positive::new(Points::from_hundredths(100)).unwrap();
    let give = GiftCommand::GivePoints { from: of(1), to: GiftTo::Pool(pool.clone()), points };
    street.ask(clerk, &Command::Gift(give)).unwrap();
    let draw = GiftCommand::RequestDraw { volunteer: of(1), pool, points, age_band: None };
    street.ask(clerk, &Command::Gift(draw)).unwrap();
    assert!(matches!(street.propose(1, 2), Err(Refusal::DrawWaits { .. })));
    street.merged(2, 3);
}

#[test]
fn a_person_has_no_more_numbers_than_the_most() {
    let mut street = Street::new();
    let most = u64::try_from(NUMBERS_MAX).unwrap();
    for number in 6..=most + 1 {
        street.town.volunteer(&number.to_string(), "N1");
    }
    let staff = street.town.staff("all", lovebank_ledger::Role::Approver, None);
    let all = street.town.staff("all-clerk", lovebank_ledger::Role::Clerk, None);
    (street.approver, street.clerk) = (staff, all);
    for number in 2..=most {
        street.merged(number, 1);
    }
    let refused = street.propose(most + 1, 1);
    assert_eq!(refused, Err(Refusal::NumbersFull { most: NUMBERS_MAX }));
}

#[test]
fn who_reaches_one_side_is_told_nothing_of_the_other() {
    let mut street = Street::new();
    street.serve(1, "2026-03-01 09:00", 120);
    street.serve(4, "2026-03-01 10:00", 120);
    let n2 = street.town.staff("n2", lovebank_ledger::Role::Clerk, Some("N2"));
    let propose = || MergeCommand::ProposeMerge { volunteer: of(4), into: of(1) };
    let refused = street.merge(street.clerk, propose());
    assert!(matches!(refused, Err(Refusal::ServicesClash { .. })), "{refused:?}");
    street.merge(n2, propose()).unwrap();
    let merge = lovebank_ledger::MergeNo::FIRST;
    let refused = street.merge(street.other, MergeCommand::ConfirmMerge { merge });
    assert!(matches!(refused, Err(Refusal::ServicesClash { .. })), "{refused:?}");
}

#[test]
fn who_reaches_one_side_is_not_told_what_the_other_has_when_they_are_to_be_told_apart() {
    let mut street = Street::new();
    street.serve(4, "2026-03-01 09:00", 120);
    let merge = street.merged(4, 1);
    street.give(1, 3, 200).unwrap();
    let n2 = street.town.staff("n2", lovebank_ledger::Role::Clerk, Some("N2"));
    let undo = MergeCommand::ProposeMergeUndo { merge };
    let zero = Points::ZERO;
    let lacking =
        Refusal::InsufficientPoints { available: zero, points: Points::from_hundredths(200) };
    assert_eq!(street.merge(street.clerk, undo.clone()), Err(lacking.clone()));
    street.merge(n2, undo).unwrap();
    let confirm = MergeCommand::ConfirmMergeUndo { merge };
    assert_eq!(street.merge(street.approver, confirm), Err(lacking), "who reaches both is told");
}
