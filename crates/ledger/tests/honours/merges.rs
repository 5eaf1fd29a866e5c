//! Runs and honours of people who are found under two numbers, or are told apart again.

use lovebank_ledger::{
    Command, EntryNo, HonourCommand, HonourNo, MergeCommand, MergeNo, ObjectionNo, PassbookNo,
    Reason, Refusal,
    recognition::{self, Inputs},
};

use crate::town::{Street, name, run_no, who};

/// 1 served 12 hours, 2 and 5 ten, all in two months; 1 and 5 could be one person.
fn street() -> Street {
    let mut street = Street::new();
    street.town.volunteer("5", "N1");
    for (number, months, hours) in [
        ("1", ["2026-03", "2026-04"], 6),
        ("2", ["2026-03", "2026-04"], 5),
        ("5", ["2026-07", "2026-08"], 5),
    ] {
        for month in months {
            street.served(number, month, hours);
        }
    }
    street
}

fn create(as_of: Option<EntryNo>) -> HonourCommand {
    HonourCommand::CreateRun {
        programme: name("best"),
        year: 2026,
        cut_off: None,
        branch: Some(lovebank_testkit::Town::code("LG")),
        as_of,
        ages: Vec::new(),
    }
}

fn merge(street: &mut Street, command: MergeCommand) -> Result<(), Refusal> {
    let by_approver = matches!(
        command,
        MergeCommand::ConfirmMerge { .. } | MergeCommand::ConfirmMergeUndo { .. }
    );
    let token = if by_approver { street.approver } else { street.clerk };
    let asked = street.town.ask(token, &Command::Merge(command));
    let result = asked.map(|_| ()).map_err(|it| it.refusal);
    assert_eq!(street.town.breaches(), []);
    result
}

fn propose(street: &mut Street, from: &str, into: &str) -> Result<(), Refusal> {
    merge(street, MergeCommand::ProposeMerge { volunteer: who(from), into: who(into) })
}

const MERGE: MergeNo = MergeNo::FIRST;

/// 5 is 1.
fn merged(street: &mut Street) {
    propose(street, "5", "1").unwrap();
    merge(street, MergeCommand::ConfirmMerge { merge: MERGE }).unwrap();
}

fn undo(street: &mut Street) -> Result<(), Refusal> {
    merge(street, MergeCommand::ProposeMergeUndo { merge: MERGE })?;
    merge(street, MergeCommand::ConfirmMergeUndo { merge: MERGE })
}

fn finish(street: &mut Street, run: u64, at: &str) -> Result<(), Refusal> {
    let officer = street.officer;
    street.must(officer, HonourCommand::PublishRun { run: run_no(run) });
    street.town.at(at);
    street.ask(officer, HonourCommand::FinalizeRun { run: run_no(run) })
}

fn withdraw(street: &mut Street, run: u64) {
    let officer = street.officer;
    street.must(officer, HonourCommand::WithdrawRun { run: run_no(run), reason: Reason::Other });
}

#[test]
fn who_is_looked_at_in_an_open_run_stays_who_it_is() {
    let mut street = street();
    let officer = street.officer;
    street.town.volunteer("6", "N1");
    street.must(officer, create(None));
    street.must(officer, HonourCommand::PublishRun { run: run_no(1) });
    let open = Err(Refusal::RunOpen { run: run_no(1) });
    assert_eq!(propose(&mut street, "5", "1"), open);
    assert_eq!(propose(&mut street, "6", "1"), open, "the one that is kept too");
    // One who is out after an objection does not come in again by another number.
    let (clerk, run, about) = (street.other, run_no(1), who("5"));
    street.must(clerk, HonourCommand::FileObjection { run, about });
    let objection = ObjectionNo::FIRST;
    street.must(officer, HonourCommand::ResolveObjection { objection, upheld: true });
    assert_eq!(propose(&mut street, "5", "6"), open);
    withdraw(&mut street, 1);
    propose(&mut street, "5", "1").unwrap();
    street.must(officer, create(None));
    street.must(officer, HonourCommand::PublishRun { run: run_no(2) });
    let confirmed = merge(&mut street, MergeCommand::ConfirmMerge { merge: MERGE });
    assert_eq!(confirmed, Err(Refusal::RunOpen { run: run_no(2) }), "nor when it is confirmed");
}

#[test]
fn a_draft_holds_up_no_merge_but_of_those_whom_it_chose() {
    let mut street = street();
    let officer = street.officer;
    for (number, month) in [("6", "2026-03"), ("7", "2026-04")] {
        street.town.volunteer(number, "N1");
        street.served(number, month, 1);
    }
    street.must(officer, create(None));
    assert_eq!(street.chosen(1), [(1, 1), (2, 2), (5, 2)]);
    let run = run_no(1);
    let open = Err(Refusal::RunOpen { run });
    // Whom the conditions left out under one number is not given it by way of the other.
    for (from, into) in [("5", "1"), ("6", "1"), ("5", "6")] {
        assert_eq!(propose(&mut street, from, into), open);
    }
    propose(&mut street, "6", "7").unwrap();
    merge(&mut street, MergeCommand::ConfirmMerge { merge: MERGE }).unwrap();
    assert_eq!(undo(&mut street), open, "who is looked at in it as one stays one");
    street.must(officer, HonourCommand::PublishRun { run });
    withdraw(&mut street, 1);
    undo(&mut street).unwrap();
}

#[test]
fn one_person_is_not_chosen_twice_by_a_run_as_of_before_the_merge() {
    let mut street = street();
    let officer = street.officer;
    let before = street.town.ledger().head();
    merged(&mut street);
    street.must(officer, create(before));
    assert_eq!(street.chosen(1), [(1, 1), (2, 2), (5, 2)]);
    let (run, passbook) = (run_no(1), PassbookNo::new(1).unwrap());
    let twice = Err(Refusal::ChosenTwice { run, passbook });
    assert_eq!(street.ask(officer, HonourCommand::PublishRun { run }), twice);
    withdraw(&mut street, 1);
}

#[test]
fn who_is_not_looked_at_may_become_one_unless_an_objection_is_about_them() {
    let mut street = street();
    let (officer, other, run) = (street.officer, street.other, run_no(1));
    for number in ["6", "7", "8"] {
        street.town.volunteer(number, "N1");
    }
    street.must(officer, create(None));
    street.must(officer, HonourCommand::PublishRun { run });
    street.must(other, HonourCommand::FileObjection { run, about: who("8") });
    assert_eq!(propose(&mut street, "8", "7"), Err(Refusal::RunOpen { run }));
    propose(&mut street, "6", "7").unwrap();
    let objection = ObjectionNo::FIRST;
    street.must(officer, HonourCommand::ResolveObjection { objection, upheld: false });
    propose(&mut street, "8", "7").unwrap();
}

#[test]
fn who_is_out_is_out_by_every_number() {
    let mut street = street();
    let officer = street.officer;
    street.town.volunteer("6", "N1");
    street.served("6", "2026-03", 5);
    street.served("6", "2026-04", 6);
    let before = street.town.ledger().head();
    merged(&mut street);
    street.must(officer, create(before));
    assert_eq!(street.chosen(1), [(1, 1), (6, 2)]);
    street.must(officer, HonourCommand::PublishRun { run: run_no(1) });
    let (other, run, about) = (street.other, run_no(1), who("1"));
    street.must(other, HonourCommand::FileObjection { run, about });
    let objection = ObjectionNo::FIRST;
    street.must(officer, HonourCommand::ResolveObjection { objection, upheld: true });
    assert_eq!(street.chosen(1), [(6, 1), (2, 2)]);
    finish(&mut street, 1, "2026-12-28 09:00").unwrap();
    assert_eq!((street.lines(1).len(), street.lines(2).len()), (0, 1));
}

#[test]
fn what_was_given_to_two_as_one_is_taken_back_before_they_are_told_apart() {
    let mut street = street();
    let officer = street.officer;
    merged(&mut street);
    street.must(officer, create(None));
    assert_eq!(undo(&mut street), Err(Refusal::RunOpen { run: run_no(1) }));
    finish(&mut street, 1, "2026-12-20 09:00").unwrap();
    let honour = HonourNo::FIRST;
    assert_eq!(undo(&mut street), Err(Refusal::HonourSince { honour }));
    let revoke = HonourCommand::RevokeHonour { honour, reason: Reason::Other };
    street.must(officer, revoke);
    undo(&mut street).unwrap();
}

#[test]
fn drift_tells_of_service_and_not_of_who_is_one_person() {
    let drifted = |street: &Street, run: u64| {
        let ledger = street.town.ledger();
        let inputs = Inputs::of_run(ledger, run_no(run)).unwrap();
        let then = recognition::select(ledger, &inputs);
        let head = ledger.head().unwrap();
        let now = recognition::select(ledger, &inputs.served_as_of(ledger, head));
        let row = |it: &recognition::Drift| {
            (it.passbook.get(), it.then.minutes.get(), it.now.minutes.get())
        };
        recognition::drift(&then, &now).iter().map(row).collect::<Vec<_>>()
    };
    let mut street = street();
    let officer = street.officer;
    street.must(officer, create(None));
    finish(&mut street, 1, "2026-12-20 09:00").unwrap();
    merged(&mut street);
    assert_eq!(drifted(&street, 1), []);
    street.served("1", "2026-10", 1);
    assert_eq!(drifted(&street, 1), [(1, 720, 780)]);

    let mut street = self::street();
    merged(&mut street);
    street.must(officer, create(None));
    withdraw(&mut street, 1);
    undo(&mut street).unwrap();
    assert_eq!(drifted(&street, 1), []);
}
