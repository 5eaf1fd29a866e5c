//! One person under two numbers (合并): by two hands, counted once, and undone the same way.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

mod act;
mod edges;
mod forged;
mod help;
mod model;
mod parting;
mod points;
mod purse;
mod random;
mod refused;
mod street;
mod twin;
mod undo;

use lovebank_ledger::{
    AnnualFilter, BatchKey, Command, ImportHours, ImportPart, ImportRow, LineKind, MergeCommand,
    MergeNo, MergeState, Minutes, NewGrant, NewScope, Refusal, Role, RowService, Service, Verb,
    annual_recognition, branch_statistics,
};
use lovebank_testkit::{Town, interval};
use street::{Street, no, of};

#[test]
fn one_proposes_and_another_who_reaches_both_confirms() {
    let mut street = Street::new();
    let own =
        NewGrant { role: Role::Volunteer, scope: NewScope::Volunteer(Town::volunteer_ref("2")) };
    let of_nw = NewGrant { role: Role::Approver, scope: NewScope::Branch(Town::code("NW")) };
    let involved = street.town.token("involved", vec![own, of_nw]);
    let community = street.town.staff("n1", Role::Approver, Some("N1"));
    let district = street.town.staff("lg", Role::Approver, Some("LG"));

    let merge = MergeNo::FIRST;
    let confirm = MergeCommand::ConfirmMerge { merge };
    assert_eq!(
        street.merge(street.approver, confirm.clone()),
        Err(Refusal::MergeUnknown { merge })
    );
    let propose = MergeCommand::ProposeMerge { volunteer: of(4), into: of(2) };
    street.merge(street.approver, propose).unwrap();
    assert_eq!(street.merge(street.approver, confirm.clone()), Err(Refusal::OwnMerge { merge }));
    assert_eq!(street.merge(involved, confirm.clone()), Err(Refusal::OwnMerge { merge }));
    let branch = Town::code("N2");
    let out = Err(Refusal::OutOfScope { branch });
    assert_eq!(street.merge(community, confirm.clone()), out, "of one side only");
    assert!(matches!(
        street.merge(street.clerk, confirm.clone()),
        Err(Refusal::RoleRequired { verb: Verb::ConfirmMerge, .. })
    ));
    street.merge(district, confirm.clone()).unwrap();
    let state = MergeState::Merged;
    assert_eq!(street.merge(street.other, confirm), Err(Refusal::MergeState { merge, state }));

    let undo = MergeCommand::ConfirmMergeUndo { merge };
    assert_eq!(street.merge(street.other, undo.clone()), Err(Refusal::MergeState { merge, state }));
    street.merge(street.approver, MergeCommand::ProposeMergeUndo { merge }).unwrap();
    for token in [street.approver, involved] {
        assert_eq!(street.merge(token, undo.clone()), Err(Refusal::OwnMerge { merge }));
    }
    street.merge(street.other, undo).unwrap();
    assert_eq!(street.town.ledger().merge(merge).unwrap().state, MergeState::Undone);
    assert_eq!(street.town.replayed(), *street.town.ledger());
}

#[test]
fn what_is_proposed_can_be_refused_and_taken_back() {
    let mut street = Street::new();
    let reason = lovebank_ledger::Reason::Other;
    let merge = street.propose(1, 2).unwrap();
    let refuse = MergeCommand::RefuseMerge { merge, reason };
    let strange = street.town.staff("b1", Role::Clerk, Some("BJ"));
    assert!(matches!(street.merge(strange, refuse.clone()), Err(Refusal::RoleRequired { .. })));
    street.merge(street.clerk, refuse.clone()).unwrap();
    let state = MergeState::Refused;
    assert_eq!(street.merge(street.approver, refuse), Err(Refusal::MergeState { merge, state }));

    let merge = street.merged(1, 2);
    street.merge(street.clerk, MergeCommand::ProposeMergeUndo { merge }).unwrap();
    street.merge(street.approver, MergeCommand::RefuseMerge { merge, reason }).unwrap();
    assert_eq!(street.town.ledger().merge(merge).unwrap().state, MergeState::Merged);
    assert_eq!(street.town.ledger().person(no(1)), no(2));
}

#[test]
fn what_a_person_served_counts_once_under_the_number_that_is_kept() {
    let mut street = Street::new();
    street.serve(1, "2026-03-01 09:00", 120);
    street.serve(2, "2026-03-02 09:00", 60);
    let before = street.head();
    street.merged(1, 2);
    assert_eq!((street.has(1), street.has(2)), ((0, 0), (180, 300)));
    assert_eq!(street.year(2, None), Minutes::new(180));
    assert_eq!(street.year(1, None), Minutes::ZERO, "nobody is counted twice");
    let then = Some(before);
    assert_eq!(street.year(1, then), Minutes::new(120), "it is then what stood then");
    assert_eq!(street.year(2, then), Minutes::new(60));

    let ledger = street.town.ledger();
    let rows = |as_of| {
        let found = annual_recognition(ledger, 2026, &AnnualFilter::default(), as_of);
        found.iter().map(|it| (it.passbook.get(), it.total.get())).collect::<Vec<_>>()
    };
    assert_eq!(rows(None), [(2, 180)]);
    assert_eq!(rows(Some(street.head())), [(2, 180)]);
    assert_eq!(rows(then), [(1, 120), (2, 60)]);
    let counted = |as_of| branch_statistics(ledger, 2026, None, as_of);
    assert_eq!((counted(None).minutes, counted(None).volunteers), (Minutes::new(180), 1));
    assert_eq!((counted(then).minutes, counted(then).volunteers), (Minutes::new(180), 2));

    let lines = |who| ledger.lines(no(who), None).map(|it| it.kind).collect::<Vec<_>>();
    assert_eq!(lines(1), [LineKind::Merged, LineKind::Earned], "the old one stays to be read");
    assert_eq!(lines(2), [LineKind::Merged, LineKind::Earned]);
    assert_eq!(street.town.replayed(), *ledger);
}

#[test]
fn a_record_of_the_old_number_is_mended_for_the_person_and_goes_back_with_it() {
    let mut street = Street::new();
    let wrong = street.serve(1, "2026-03-01 09:00", 120);
    let gone = street.serve(1, "2026-03-03 09:00", 60);
    street.serve(2, "2026-03-02 09:00", 60);
    let merge = street.merged(1, 2);
    street.reverse(gone).unwrap();
    assert_eq!(street.has(2), (180, 300));
    let service = Service::interval(interval("2026-03-01 09:00", 180));
    let reason = lovebank_ledger::Reason::WrongTime;
    let correct = Command::CorrectHours { record: wrong, activity: None, service, reason };
    street.ask(street.approver, &correct).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((0, 0), (240, 400)));
    let while_one = street.head();
    street.serve(2, "2026-03-04 09:00", 30);

    street.undo(merge).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((180, 300), (90, 150)));
    assert_eq!((street.year(1, None), street.year(2, None)), (Minutes::new(180), Minutes::new(90)));
    let then = Some(while_one);
    assert_eq!((street.year(1, then), street.year(2, then)), (Minutes::ZERO, Minutes::new(240)));
    street.serve(1, "2026-03-05 09:00", 60);
    assert_eq!(street.has(1), (240, 400), "it takes service again");
    assert_eq!(street.town.replayed(), *street.town.ledger());
}

#[test]
fn hours_that_wait_count_for_the_person_once_they_are_approved() {
    let mut street = Street::new();
    let waits = street.serve(1, "2026-03-01 06:00", 600);
    let merge = street.merged(1, 2);
    let (records, mode) = (vec![waits], lovebank_ledger::BatchMode::Atomic);
    street.ask(street.approver, &Command::ApproveHours { records, mode }).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((0, 0), (600, 1000)));
    street.undo(merge).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((600, 1000), (0, 0)));
}

#[test]
fn three_numbers_are_one_person_and_are_told_apart_last_first() {
    let mut street = Street::new();
    for (who, start) in [(1, "2026-03-01 09:00"), (2, "2026-03-02 09:00"), (3, "2026-03-03 09:00")]
    {
        street.serve(who, start, 60);
    }
    let first = street.merged(1, 2);
    let second = street.merged(2, 3);
    assert_eq!(street.town.ledger().person(no(1)), no(3));
    assert_eq!(street.has(3), (180, 300));
    street.reverse(lovebank_ledger::RecordNo::FIRST).unwrap();
    assert_eq!(street.has(3), (120, 200));
    let (passbook, into) = (no(2), no(3));
    let refused = street.undo(first);
    assert_eq!(refused, Err(Refusal::PassbookMerged { passbook, into }), "the later one first");
    street.undo(second).unwrap();
    assert_eq!((street.has(1), street.has(2), street.has(3)), ((0, 0), (60, 100), (60, 100)));
    street.undo(first).unwrap();
    assert_eq!((street.has(1), street.has(2), street.has(3)), ((0, 0), (60, 100), (60, 100)));
    street.serve(1, "2026-03-04 09:00", 60);
    street.merged(1, 3);
    assert_eq!((street.year(2, None), street.year(3, None)), (Minutes::new(60), Minutes::new(120)));
}

#[test]
fn the_old_number_takes_nothing_new_and_names_the_one_to_use() {
    let mut street = Street::new();
    street.serve(4, "2026-03-01 09:00", 120);
    street.merged(4, 1);
    let (passbook, into) = (no(4), no(1));
    let merged = Err(Refusal::PassbookMerged { passbook, into });
    assert_eq!(street.try_serve(4, "2026-03-02 09:00", 60).map(|_| ()), merged);
    assert_eq!(street.give(4, 2, 100), merged);
    assert_eq!(street.give(2, 4, 100), merged);
    let n2 = street.town.staff("n2", Role::Clerk, Some("N2"));
    let kin = lovebank_ledger::GiftCommand::RequestKin { volunteer: of(4), kin: of(2) };
    let refused = street.ask(n2, &Command::Gift(kin)).map(|_| ());
    assert_eq!(refused, Err(Refusal::PassbookMergedAway { passbook }), "it is not theirs to see");
    street.serve(1, "2026-03-02 09:00", 60);
    let overlap = street.try_serve(1, "2026-03-01 10:00", 60);
    assert!(matches!(overlap, Err(Refusal::Overlap { .. })), "{overlap:?}");
    let register = Command::SetVolunteerStatus {
        volunteer: of(4),
        status: lovebank_ledger::VolunteerStatus::Closed,
    };
    assert_eq!(street.ask(street.approver, &register).map(|_| ()), merged);
}

fn import(file: u8, number: &str, start: &str, minutes: u32) -> Command {
    let row = ImportRow {
        line: 1,
        volunteer: Town::volunteer_ref(number),
        name: lovebank_ledger::ActivityName::new("扫街").unwrap(),
        category: None,
        place: None,
        service: RowService::Interval(interval(start, minutes)),
    };
    Command::ImportHours(ImportHours {
        part: ImportPart { batch: BatchKey::new([file; 32]), part: 0, last: true, file: None },
        branch: Town::code("N1"),
        opening: false,
        span: None,
        rows: vec![row],
    })
}

#[test]
fn a_sheet_with_the_old_number_is_booked_to_the_person() {
    let mut street = Street::new();
    street.ask(street.other, &import(1, "1", "2026-03-01 09:00", 120)).unwrap();
    let merge = street.merged(1, 2);
    street.ask(street.other, &import(2, "1", "2026-03-02 09:00", 60)).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((0, 0), (180, 300)));
    // What stands under the old number is the same again, and is mended there.
    street.ask(street.other, &import(3, "2", "2026-03-01 09:00", 120)).unwrap();
    assert_eq!(street.has(2), (180, 300));
    street.ask(street.other, &import(4, "2", "2026-03-01 09:00", 90)).unwrap();
    assert_eq!(street.has(2), (150, 250));

    // And so is what comes back when a sheet is undone.
    street.ask(street.approver, &undo(4)).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((0, 0), (180, 300)));
    street.undo(merge).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((120, 200), (60, 100)));
    street.ask(street.approver, &undo(2)).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((120, 200), (0, 0)));
}

fn undo(file: u8) -> Command {
    Command::UndoImport { batch: BatchKey::new([file; 32]), debts: false }
}

#[test]
fn one_merged_person_does_not_block_the_undo_of_a_sheet() {
    let mut street = Street::new();
    street.ask(street.other, &import(1, "1", "2026-03-01 09:00", 120)).unwrap();
    street.ask(street.other, &import(2, "2", "2026-03-02 09:00", 60)).unwrap();
    street.merged(1, 2);
    street.town.at("2027-03-10 09:00");
    street.ask(street.other, &import(4, "1", "2027-03-03 09:00", 30)).unwrap();
    assert_eq!(street.has(2), (210, 350));
    for (file, left) in [(4, 180), (1, 60), (2, 0)] {
        street.ask(street.approver, &undo(file)).unwrap();
        assert_eq!(street.has(2).0, left, "{file}");
    }
    assert_eq!(street.town.replayed(), *street.town.ledger());
}

#[test]
fn of_what_sheets_said_under_both_numbers_neither_is_undone_while_they_are_one() {
    let mut street = Street::new();
    street.ask(street.other, &import(1, "1", "2026-03-01 09:00", 120)).unwrap();
    street.ask(street.other, &import(2, "2", "2026-03-01 09:00", 120)).unwrap();
    street.reverse(lovebank_ledger::RecordNo::FIRST).unwrap();
    let merge = street.merged(1, 2);
    let (passbook, other) = (no(2), no(1));
    let refused = street.ask(street.approver, &undo(2)).map(|_| ());
    assert_eq!(refused, Err(Refusal::MergedSince { passbook, other }));
    street.ask(street.approver, &undo(1)).unwrap();
    assert_eq!(street.has(2), (120, 200), "it was taken back by hand before");
    street.undo(merge).unwrap();
    street.ask(street.approver, &undo(2)).unwrap();
    assert_eq!((street.has(1), street.has(2)), ((0, 0), (0, 0)));
}

#[test]
fn whom_one_number_named_inherits_from_the_person() {
    let mut street = Street::new();
    let name = |volunteer, beneficiary: Option<u64>| {
        let beneficiary = beneficiary.map(of);
        Command::Gift(lovebank_ledger::GiftCommand::NameBeneficiary { volunteer, beneficiary })
    };
    let heir = |street: &Street, who| street.town.ledger().beneficiary(no(who));
    street.ask(street.clerk, &name(of(1), Some(3))).unwrap();
    street.merged(1, 2);
    assert_eq!(heir(&street, 2), Some(no(3)));
    street.ask(street.clerk, &name(of(2), Some(4))).unwrap();
    assert_eq!(heir(&street, 2), Some(no(4)));
    street.ask(street.clerk, &name(of(2), None)).unwrap();
    assert_eq!(heir(&street, 2), None, "nobody is nobody, under whatever number");
}

#[test]
fn a_person_is_erased_under_every_number() {
    let mut street = Street::new();
    let merge = street.merged(1, 2);
    street.ask(street.approver, &Command::ErasePerson { volunteer: of(1) }).unwrap();
    let ledger = street.town.ledger();
    assert!([1, 2].iter().all(|it| ledger.volunteer(no(*it)).unwrap().tag.is_none()));
    assert!(ledger.volunteer(no(3)).unwrap().tag.is_some());
    let passbook = no(1);
    assert_eq!(street.undo(merge), Err(Refusal::PersonErased { passbook }));
    street.ask(street.approver, &Command::ErasePerson { volunteer: of(3) }).unwrap();
    let passbook = no(3);
    assert_eq!(street.propose(3, 4), Err(Refusal::PersonErased { passbook }));
}

#[test]
fn kin_of_one_number_is_kin_of_the_person() {
    let mut street = Street::new();
    let kin = |volunteer, kin| lovebank_ledger::GiftCommand::RequestKin { volunteer, kin };
    let confirm = |volunteer, kin| lovebank_ledger::GiftCommand::ConfirmKin { volunteer, kin };
    street.ask(street.clerk, &Command::Gift(kin(of(1), of(3)))).unwrap();
    assert!(!street.kin(1, 3));
    let merge = street.merged(1, 2);
    street.ask(street.approver, &Command::Gift(confirm(of(3), of(2)))).unwrap();
    assert!(street.kin(2, 3));
    let known = street.town.ledger().kin_of(no(3)).map(|it| it.0).collect::<Vec<_>>();
    assert_eq!(known, [no(2)], "by the number that is kept");
    street.undo(merge).unwrap();
    assert!(street.kin(1, 3) && !street.kin(2, 3));
    assert_eq!(street.propose(1, 3), Err(Refusal::KinOfEachOther));
    let end = lovebank_ledger::GiftCommand::EndKin { volunteer: of(1), kin: of(3) };
    street.ask(street.clerk, &Command::Gift(end)).unwrap();
    street.propose(1, 3).unwrap();
}

#[test]
fn nobody_approves_for_any_of_their_own_numbers() {
    let mut street = Street::new();
    let own =
        NewGrant { role: Role::Volunteer, scope: NewScope::Volunteer(Town::volunteer_ref("1")) };
    let of_nw = NewGrant { role: Role::Approver, scope: NewScope::Branch(Town::code("NW")) };
    let involved = street.town.token("involved", vec![own, of_nw]);
    let record = street.serve(2, "2026-03-01 09:00", 60);
    let merge = street.merged(1, 2);
    let records = vec![record];
    let (reason, mode) = (lovebank_ledger::Reason::Other, lovebank_ledger::BatchMode::Atomic);
    let reverse = Command::ReverseHours { records, reason, mode };
    let refused = street.ask(involved, &reverse).map(|_| ());
    assert_eq!(refused, Err(Refusal::OwnRecord { record }));
    street.undo(merge).unwrap();
    street.ask(involved, &reverse).unwrap();
}
