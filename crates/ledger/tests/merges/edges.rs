//! The edges of merges: who may say one, what hangs under other numbers, debts, and the one who
//! owns two.

use lovebank_ledger::{
    ActivityRef, Authority, Command, GiftCommand, HelpCommand, HelpNo, MergeCommand, Minutes,
    NewGrant, NewScope, Reason, RecordNo, Refusal, Role, Service, Verb,
};
use lovebank_testkit::{Town, day, interval};

use crate::street::{Street, no, of};

#[test]
fn who_reaches_neither_says_nothing_of_them() {
    let mut street = Street::new();
    let far = street.town.staff("far", Role::Clerk, Some("B1"));
    let propose = MergeCommand::ProposeMerge { volunteer: of(1), into: of(2) };
    let branch = Town::code("N1");
    assert_eq!(street.merge(far, propose), Err(Refusal::OutOfScope { branch }));
    let merge = street.merged(1, 2);
    let undo = MergeCommand::ProposeMergeUndo { merge };
    let branch = Town::code("N1");
    assert_eq!(street.merge(far, undo), Err(Refusal::OutOfScope { branch }));
}

#[test]
fn help_of_others_is_in_nobodys_way() {
    let mut street = Street::new();
    street.serve(3, "2026-03-01 09:00", 60);
    let ActivityRef::Named(activity) = Town::activity("N1", "陪同就医") else { unreachable!() };
    let (volunteer, window) = (of(3), interval("2026-03-12 09:00", 60));
    let ask = HelpCommand::AskForHelp { volunteer, activity, window, age_band: None };
    let help = HelpNo::FIRST;
    street.ask(street.clerk, &Command::Help(ask)).unwrap();
    let merge = street.merged(1, 2);
    street.undo(merge).unwrap();
    let offer = HelpCommand::OfferHelp { help, volunteer: of(1) };
    street.ask(street.clerk, &Command::Help(offer)).unwrap();
    assert!(matches!(street.propose(1, 2), Err(Refusal::HelpState { .. })), "who offered");
    let accept = HelpCommand::AcceptOffer { help, helper: of(1) };
    street.ask(street.clerk, &Command::Help(accept)).unwrap();
    assert!(matches!(street.propose(1, 2), Err(Refusal::HelpState { .. })), "who helps");
    street.merged(2, 4);
}

#[test]
fn a_debt_of_the_one_that_is_kept_holds_nobody_back() {
    let mut street = Street::new();
    let record = street.serve(2, "2026-03-01 09:00", 120);
    street.give(2, 3, 200).unwrap();
    let merge = street.merged(1, 2);
    street.reverse(record).unwrap();
    assert_eq!(street.has(2), (0, -200));
    street.undo(merge).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((0, 0), (0, -200)));
}

#[test]
fn who_owns_the_number_that_is_kept_owns_the_other() {
    let mut street = Street::new();
    let own = |who: &str| NewGrant {
        role: Role::Volunteer,
        scope: NewScope::Volunteer(Town::volunteer_ref(who)),
    };
    let kept = street.town.token("kept", vec![own("2")]);
    let old = street.town.token("old", vec![own("1")]);
    let owns = |street: &Street, token, who| {
        let ledger = street.town.ledger();
        let authority = Authority::of(ledger, token, street.town.now()).unwrap();
        authority.owns(Verb::RecordHours, no(who))
    };
    let all = |street: &Street| {
        [(kept, 1), (kept, 2), (old, 1), (old, 2)].map(|(token, who)| owns(street, token, who))
    };
    assert_eq!(all(&street), [false, true, true, false]);
    let merge = street.merged(1, 2);
    assert_eq!(all(&street), [true, true, true, false], "and not the other way round");
    street.undo(merge).unwrap();
    assert_eq!(all(&street), [false, true, true, false]);
}

#[test]
fn kin_is_confirmed_where_one_of_the_numbers_says_so() {
    let mut street = Street::new();
    let request = |volunteer, kin| Command::Gift(GiftCommand::RequestKin { volunteer, kin });
    let confirm = |volunteer, kin| Command::Gift(GiftCommand::ConfirmKin { volunteer, kin });
    street.ask(street.clerk, &request(of(2), of(3))).unwrap();
    street.ask(street.clerk, &request(of(1), of(3))).unwrap();
    street.ask(street.approver, &confirm(of(1), of(3))).unwrap();
    street.merged(1, 2);
    let ledger = street.town.ledger();
    let known: Vec<_> = ledger.kin_of(no(2)).map(|(it, row)| (it, row.confirmed)).collect();
    assert_eq!(known, [(no(3), true)]);
}

#[test]
fn a_record_of_the_old_number_is_not_moved_onto_the_persons_other_service() {
    let mut street = Street::new();
    let record = street.serve(1, "2026-03-01 09:00", 60);
    street.serve(2, "2026-03-02 09:00", 60);
    street.merged(1, 2);
    let moved = |start| {
        let service = Service::interval(interval(start, 60));
        let reason = Reason::WrongTime;
        Command::CorrectHours { record, activity: None, service, reason }
    };
    let refused = street.ask(street.approver, &moved("2026-03-02 09:59")).map(|_| ());
    assert!(matches!(refused, Err(Refusal::Overlap { .. })), "{refused:?}");
    street.ask(street.approver, &moved("2026-03-02 10:00")).unwrap();
}

#[test]
fn of_a_day_that_is_too_full_what_takes_it_is_named() {
    let loose = |street: &mut Street, who: &str, on: &str, minutes| -> RecordNo {
        let service = Service::day(day(on), Minutes::new(minutes));
        let activity = Town::activity("N1", &format!("{who} {on}"));
        street.town.record(street.clerk, activity, who, service).unwrap()
    };
    // What ended at midnight takes nothing of the day, and what was said of the day before neither.
    let mut street = Street::new();
    let most = street.town.ledger().rulebook_on(day("2026-03-01")).unwrap().rules.ladder().most;
    street.serve(2, "2026-02-28 23:00", 60);
    loose(&mut street, "2", "2026-02-28", 30);
    let there = street.serve(2, "2026-03-01 09:00", 120);
    let full = loose(&mut street, "1", "2026-03-01", most.get() - 60);
    let records = format!("{full} + {there}");
    assert_eq!(street.propose(1, 2), Err(Refusal::ServicesClash { pairs: 1, records }));

    let mut street = Street::new();
    loose(&mut street, "2", "2026-02-28", 30);
    let there = loose(&mut street, "2", "2026-03-01", 120);
    let full = loose(&mut street, "1", "2026-03-01", most.get() - 60);
    let records = format!("{full} + {there}");
    assert_eq!(street.propose(1, 2), Err(Refusal::ServicesClash { pairs: 1, records }));

    // What began the day before and goes on takes of both.
    let mut street = Street::new();
    let there = street.serve(2, "2026-02-28 23:00", 180);
    let full = loose(&mut street, "1", "2026-03-01", most.get() - 60);
    let records = format!("{full} + {there}");
    assert_eq!(street.propose(1, 2), Err(Refusal::ServicesClash { pairs: 1, records }));
}

#[test]
fn what_expired_month_after_month_was_each_time_the_old_numbers() {
    let mut street = Street::with("points_expire_months = 2");
    street.serve(1, "2026-03-01 09:00", 60);
    street.town.at("2026-04-10 09:00");
    street.serve(1, "2026-04-01 09:00", 60);
    street.serve(2, "2026-04-02 09:00", 60);
    let merge = street.merged(1, 2);
    street.settled("2026-06-02 09:00");
    assert_eq!(street.has(2), (180, 200));
    street.settled("2026-07-02 09:00");
    assert_eq!(street.has(2), (180, 0));
    street.undo(merge).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((120, 0), (60, 0)));
}
