//! Runs: a draft, hung out, objected to, final; and what later entries would have changed.

use jiff::civil::Date;
use lovebank_ledger::{
    BatchMode, Command, EXCEPTIONS_MAX, EntryNo, HonourCommand, HonourNo, LineKind, OBJECTIONS_MAX,
    ObjectionNo, Reason, RecordNo, Refusal, RunState,
    recognition::{self, Fate, Inputs},
};
use lovebank_testkit::{Town, day};

use crate::town::{Street, create, name, run_no, who};

/// 1 served 12 hours, 2 and 3 ten, all in two months; 4 served twenty in one.
fn street() -> Street {
    let mut street = Street::new();
    for (number, first, second) in [("1", 6, 6), ("2", 5, 5), ("3", 5, 5)] {
        street.served(number, "2026-03", first);
        street.served(number, "2026-04", second);
    }
    street.served("4", "2026-05", 20);
    street
}

fn objection(no: u64) -> ObjectionNo {
    ObjectionNo::new(no).unwrap()
}

#[test]
fn a_run_goes_from_draft_to_passbooks() {
    let mut street = street();
    let officer = street.officer;
    street.must(officer, create("best", Some("LG")));
    // Two places, and two who are equal at the last: all of them are in.
    assert_eq!(street.chosen(1), [(1, 1), (2, 2), (3, 2)]);
    assert_eq!(street.run(1).state, RunState::Draft);

    let finish = || HonourCommand::FinalizeRun { run: run_no(1) };
    let state = RunState::Draft;
    assert_eq!(street.ask(officer, finish()), Err(Refusal::RunState { run: run_no(1), state }));
    street.must(officer, HonourCommand::PublishRun { run: run_no(1) });
    let notice = street.run(1).notice.unwrap();
    assert_eq!((notice.first, notice.last), (day("2026-12-07"), day("2026-12-10")));
    assert!(notice.certain);
    street.town.at("2026-12-10 23:59");
    let last = day("2026-12-10");
    assert_eq!(street.ask(officer, finish()), Err(Refusal::NoticeNotOver { last }));
    street.town.at("2026-12-11 00:00");
    street.must(officer, finish());
    assert_eq!(street.run(1).state, RunState::Final);
    let first = HonourNo::new(1).unwrap();
    assert_eq!(street.lines(1), [(LineKind::Honoured, first)]);
    assert_eq!(street.lines(4), []);
    assert_eq!(
        (street.town.ledger().honour_count(), street.town.ledger().honours().count()),
        (3, 3)
    );

    // Nobody gives the same award of the same year again, above, below or in the same place.
    for branch in [Some("LG"), Some("N1")] {
        let again = street.ask(officer, create("best", branch));
        assert_eq!(again, Err(Refusal::RunFinal { run: run_no(1) }));
    }
}

#[test]
fn objections_are_heard_during_the_notice_and_can_take_a_place() {
    let mut street = street();
    let (officer, other) = (street.officer, street.other);
    let own = street.town.own_token("v4", "4");
    street.must(officer, create("best", Some("LG")));
    let object = |number: &str| HonourCommand::FileObjection { run: run_no(1), about: who(number) };
    let early = street.ask(own, object("1"));
    assert_eq!(early, Err(Refusal::RunState { run: run_no(1), state: RunState::Draft }));
    street.must(officer, HonourCommand::PublishRun { run: run_no(1) });
    street.must(own, object("1"));
    assert_eq!(street.ask(own, object("1")), Err(Refusal::NothingChanges));
    street.must(own, object("2"));
    street.must(officer, object("3"));
    street.town.at("2026-12-11 09:00");
    let last = day("2026-12-10");
    assert_eq!(street.ask(own, object("3")), Err(Refusal::NoticeOver { last }));
    let finish = HonourCommand::FinalizeRun { run: run_no(1) };
    let open = Refusal::ObjectionsOpen { objection: objection(1) };
    assert_eq!(street.ask(officer, finish), Err(open));

    let resolve = |no, upheld| HonourCommand::ResolveObjection { objection: objection(no), upheld };
    street.must(officer, resolve(1, false));
    let twice = street.ask(officer, resolve(1, true));
    assert_eq!(twice, Err(Refusal::ObjectionAnswered { objection: objection(1) }));
    let own_word = street.ask(officer, resolve(3, false));
    assert_eq!(own_word, Err(Refusal::OwnObjection { objection: objection(3) }));
    street.must(other, resolve(3, false));
    // Whether one is open is told as of every entry: from its own on, until that of its answer.
    let ledger = street.town.ledger();
    let row = ledger.objection(objection(1)).unwrap();
    let answer = row.answer.unwrap();
    let before = |it: EntryNo| EntryNo::new(it.get() - 1).unwrap();
    let asked = [before(row.entry), row.entry, before(answer.entry), answer.entry];
    assert_eq!(asked.map(|it| row.is_open(it)), [false, true, true, false]);
    assert!(
        !answer.upheld && ledger.objection(objection(2)).unwrap().is_open(ledger.head().unwrap())
    );
    // 2 is out: the run is a draft again, hangs out anew, and then gives its awards.
    street.must(officer, resolve(2, true));
    assert!(street.town.ledger().objection(objection(2)).unwrap().answer.unwrap().upheld);
    assert_eq!((street.run(1).state, street.chosen(1)), (RunState::Draft, vec![(1, 1), (3, 2)]));
    street.must(officer, HonourCommand::PublishRun { run: run_no(1) });
    street.town.at("2026-12-20 09:00");
    street.must(officer, HonourCommand::FinalizeRun { run: run_no(1) });
    assert_eq!((street.lines(2).len(), street.lines(3).len()), (0, 1));
}

#[test]
fn one_who_was_left_out_rightly_objects_and_the_run_is_given_up() {
    let mut street = street();
    let officer = street.officer;
    let own = street.town.own_token("v4", "4");
    street.must(officer, create("best", Some("LG")));
    street.must(officer, HonourCommand::PublishRun { run: run_no(1) });
    // Who was not chosen either is nobody's business, and whose number exists is not told.
    street.town.volunteer("5", "N1");
    for number in ["5", "99"] {
        let about = who(number);
        let refused = street.ask(own, HonourCommand::FileObjection { run: run_no(1), about });
        assert_eq!(refused, Err(Refusal::NotYourPassbook));
    }
    street.must(own, HonourCommand::FileObjection { run: run_no(1), about: who("4") });
    let resolve = HonourCommand::ResolveObjection { objection: objection(1), upheld: true };
    street.must(officer, resolve);
    assert_eq!(street.run(1).state, RunState::Withdrawn);
    street.must(officer, create("best", Some("LG")));
    street.must(officer, HonourCommand::WithdrawRun { run: run_no(2), reason: Reason::Other });
    let twice = HonourCommand::WithdrawRun { run: run_no(2), reason: Reason::Other };
    let state = RunState::Withdrawn;
    assert_eq!(street.ask(officer, twice), Err(Refusal::RunState { run: run_no(2), state }));
}

#[test]
fn an_exception_takes_two_people_and_a_condition_that_allows_it() {
    let mut street = street();
    let (officer, other) = (street.officer, street.other);
    street.must(officer, create("best", Some("LG")));
    let (run, volunteer) = (run_no(1), who("4"));
    let propose = |condition| HonourCommand::ProposeException { run, volunteer, condition };
    let confirm = || HonourCommand::ConfirmException { run, volunteer, condition: 1 };
    let refused = street.ask(officer, propose(0));
    assert_eq!(refused, Err(Refusal::NotWaivable { condition: 1 }));
    assert_eq!(street.ask(other, confirm()), Err(Refusal::ExceptionUnknown { run }));
    street.must(officer, propose(1));
    assert_eq!(street.ask(officer, propose(1)), Err(Refusal::NothingChanges));
    assert_eq!(street.ask(officer, confirm()), Err(Refusal::OwnException { run }));
    assert!(street.run(1).waived().is_empty(), "one word waives nothing");
    street.must(other, confirm());
    let four = lovebank_ledger::PassbookNo::new(4).unwrap();
    assert_eq!(Vec::from_iter(street.run(1).waived()), [(four, 1)]);
    assert_eq!(street.ask(other, confirm()), Err(Refusal::NothingChanges));
    assert_eq!(street.chosen(1), [(4, 1), (1, 2)]);
    street.must(officer, HonourCommand::PublishRun { run });
    let late = street.ask(officer, propose(1));
    assert_eq!(late, Err(Refusal::RunState { run, state: RunState::Published }));
}

#[test]
fn the_same_inputs_give_the_same_bytes_and_drift_is_told() {
    let mut street = street();
    let officer = street.officer;
    street.must(officer, create("best", Some("LG")));
    let sheet = |street: &Street| {
        let ledger = street.town.ledger();
        let inputs = Inputs::of_run(ledger, run_no(1)).unwrap();
        let selection = recognition::select(ledger, &inputs);
        let mut text = String::new();
        recognition::sheet(ledger, &inputs, &selection, |it| text.push_str(it));
        let digest = recognition::digest(ledger, &inputs, &selection);
        assert_eq!(digest, street.run(1).result.digest);
        (text, selection)
    };
    let (text, then) = sheet(&street);
    assert!(text.starts_with("love bank selection,1\nprogramme,best\n"), "{text}");
    assert!(text.contains("\nchosen,1,1,N1,720,720,,\n"), "{text}");
    assert!(text.contains("\nnot_eligible,,4,B1,1200,,2,\n"), "{text}");

    // More service, a move, a reversal: the run says what it said.
    street.served("3", "2026-06", 1);
    let record = RecordNo::new(1).unwrap();
    let (reason, mode) = (Reason::NotServed, BatchMode::Atomic);
    let reverse = Command::ReverseHours { records: vec![record], reason, mode };
    street.town.must(street.approver, &reverse);
    let to = Town::code("N2");
    let command = Command::MoveVolunteer { volunteer: who("1"), branch: to };
    street.town.must(street.clerk, &command);
    assert_eq!(sheet(&street).0, text);

    let ledger = street.town.ledger();
    let inputs = Inputs::of_run(ledger, run_no(1)).unwrap();
    let now = recognition::select(ledger, &inputs.served_as_of(ledger, ledger.head().unwrap()));
    let drift = recognition::drift(&then, &now);
    let seen: Vec<_> = drift
        .iter()
        .map(|it| (it.passbook.get(), it.then.minutes.get(), it.now.minutes.get(), it.now.place))
        .collect();
    assert_eq!(seen, [(1, 720, 660, Some(1)), (2, 600, 600, Some(3)), (3, 600, 660, Some(1))]);
    // 2 would have had no place.
    assert_eq!(drift[1].now.fate, Some(Fate::NoPlace));
}

#[test]
fn why_not_me_is_answered() {
    let mut street = street();
    let officer = street.officer;
    street.served("1", "2026-07", 1);
    street.must(officer, create("best", Some("LG")));
    let ledger = street.town.ledger();
    let inputs = Inputs::of_run(ledger, run_no(1)).unwrap();
    let selection = recognition::select(ledger, &inputs);
    let four = lovebank_ledger::PassbookNo::new(4).unwrap();
    let it = recognition::explain(ledger, &inputs, &selection, four).unwrap();
    assert_eq!((it.fate, it.minutes.get()), (Some(Fate::NotEligible), 1200));
    let missing: Vec<_> = it.conditions.iter().map(|it| it.0.missing).collect();
    assert_eq!((missing[0], missing[1]), (None, Some(1.into())));
}

#[test]
fn ages_are_kept_as_far_as_the_programme_asks() {
    let mut street = street();
    let officer = street.officer;
    let passbook = |no| lovebank_ledger::PassbookNo::new(no).unwrap();
    let ages = vec![(passbook(1), 61), (passbook(2), 59), (passbook(3), 80)];
    let HonourCommand::CreateRun { programme: _, year, cut_off, branch, as_of, .. } =
        create("best", Some("NW"))
    else {
        return;
    };
    let programme = name("elders");
    let elders = HonourCommand::CreateRun { programme, year, cut_off, branch, as_of, ages };
    street.must(officer, elders);
    assert_eq!(street.chosen(1), [(1, 1), (3, 1)]);
    let bands: Vec<_> =
        street.run(1).run.ages.iter().map(|it| (it.from, it.passbooks.len())).collect();
    assert_eq!(bands, [(0, 1), (60, 2)]);
}

#[test]
fn a_run_has_as_many_exceptions_and_objections_as_it_can_bear() {
    let mut street = street();
    let (officer, run) = (street.officer, run_no(1));
    street.must(officer, create("best", Some("LG")));
    let numbers: Vec<String> = (10..1_010).map(|it| it.to_string()).collect();
    for number in &numbers {
        street.town.volunteer(number, "N1");
    }
    let propose = |number: &String| {
        let volunteer = who(number);
        HonourCommand::ProposeException { run, volunteer, condition: 1 }
    };
    for number in &numbers[..EXCEPTIONS_MAX] {
        street.town.must(officer, &Command::Honour(propose(number)));
    }
    let full = Refusal::ExceptionsFull { most: EXCEPTIONS_MAX };
    assert_eq!(street.ask(officer, propose(&numbers[EXCEPTIONS_MAX])), Err(full));
    street.must(officer, HonourCommand::PublishRun { run });
    let object = |number: &String| HonourCommand::FileObjection { run, about: who(number) };
    for number in &numbers[..OBJECTIONS_MAX] {
        street.town.must(officer, &Command::Honour(object(number)));
    }
    let full = Refusal::ObjectionsFull { most: OBJECTIONS_MAX };
    assert_eq!(street.ask(street.other, object(&numbers[0])), Err(full));
}

#[test]
fn what_cannot_be_run_is_told() {
    let mut street = street();
    let (officer, approver) = (street.officer, street.approver);
    let head = street.town.ledger().head().unwrap();
    let refused = street.ask(officer, create("none", Some("LG")));
    assert_eq!(refused, Err(Refusal::ProgrammeUnknown { programme: name("none") }));
    assert!(matches!(street.ask(officer, create("best", None)), Err(Refusal::BankWideOnly { .. })));
    assert!(matches!(
        street.ask(approver, create("best", None)),
        Err(Refusal::RoleRequired { .. })
    ));
    let with = |cut_off: Option<Date>, as_of, year| HonourCommand::CreateRun {
        programme: name("best"),
        year,
        cut_off,
        branch: Some(Town::code("LG")),
        as_of,
        ages: Vec::new(),
    };
    let refused = street.ask(officer, with(Some(day("2025-12-31")), None, 2026));
    assert_eq!(refused, Err(Refusal::YearNotBegun { year: 2026 }));
    let next = head.next();
    let refused = street.ask(officer, with(None, Some(next), 2026));
    assert_eq!(refused, Err(Refusal::EntryUnknown { entry: next }));
    // A year with nothing is a run with nobody.
    street.must(officer, with(None, None, 2024));
    assert_eq!(street.chosen(1), []);
    // Half of March counts.
    street.must(officer, with(Some(day("2026-03-31")), None, 2026));
    assert_eq!(street.chosen(2), []);
    let nominate = |number: &str, programme: &str| HonourCommand::Nominate {
        volunteer: who(number),
        programme: name(programme),
        year: 2026,
    };
    let clerk = street.clerk;
    street.must(clerk, nominate("1", "best"));
    assert_eq!(street.ask(clerk, nominate("1", "best")), Err(Refusal::NothingChanges));
    let refused = street.ask(clerk, nominate("1", "none"));
    assert_eq!(refused, Err(Refusal::ProgrammeUnknown { programme: name("none") }));
    let unknown = HonourCommand::PublishRun { run: run_no(9) };
    assert_eq!(street.ask(officer, unknown), Err(Refusal::RunUnknown { run: run_no(9) }));
    let resolve = HonourCommand::ResolveObjection { objection: objection(9), upheld: true };
    let unknown = Refusal::ObjectionUnknown { objection: objection(9) };
    assert_eq!(street.ask(officer, resolve), Err(unknown));
}
