//! What the ledger says, as messages.

use lovebank_ledger::{
    Command, EntryNo, Event, Minutes, PassbookNo, Reason, RecordNo, RefusalNote, Role, RowOutcome,
    RowVerdict, Scope, Service, VolunteerRef,
};
use lovebank_testkit::{Town, day, interval, timestamp};
use lovebank_wire::{kinds, message, scalar, v1};

/// A town in which a clerk recorded an hour of a volunteer.
fn town() -> (Town, PassbookNo, RecordNo) {
    let mut town = Town::new();
    town.at("2026-03-02 09:00");
    let passbook = town.volunteer("0042", "N1");
    let clerk = town.staff("clerk-n1", Role::Clerk, Some("N1"));
    let service = Service::interval(interval("2026-03-01 09:00", 60));
    let record = town.record(clerk, Town::activity("N1", "夜间巡逻"), "0042", service);
    (town, passbook, record.expect("it can be recorded"))
}

#[test]
fn a_record_says_what_it_credited_and_who_recorded_it() {
    let (town, passbook, no) = town();
    let it = message::record(town.ledger(), no, town.ledger().record(no).unwrap());
    assert_eq!((it.record_no, it.passbook_no), (1, passbook.get()));
    assert_eq!((it.minutes, it.points.as_ref().unwrap().value.as_str()), (60, "1.00"));
    assert_eq!((it.recorder.as_str(), it.state()), ("clerk-n1", v1::RecordState::Posted));
    assert_eq!(it.date, Some(v1::Date { year: 2026, month: 3, day: 1 }));
    assert_eq!(it.activity.unwrap().branch_code, "N1");
    assert!(it.volunteer_number.is_empty() && it.annotation.is_none());
}

#[test]
fn a_record_is_the_same_when_made_and_when_read() {
    let (town, _, no) = town();
    let ledger = town.ledger();
    let (entry, _) = town.journal().last().unwrap();
    let Event::HoursRecorded { records, .. } = &entry.event else { panic!("hours were recorded") };
    let made = message::first_record(ledger, entry).unwrap();
    assert_eq!(made, message::record(ledger, no, ledger.record(no).unwrap()));
    let listed = message::recorded(&records[0]);
    assert_eq!((listed.record_no, listed.state()), (1, v1::RecordState::Posted));
}

#[test]
fn a_deduction_says_why_from_the_first() {
    let (mut town, passbook, _) = town();
    let approver = town.staff("approver-n1", Role::Approver, Some("N1"));
    let command = Command::DeductHours {
        volunteer: VolunteerRef::Passbook(passbook),
        activity: Town::activity("N1", "夜间巡逻"),
        service: Service::day(day("2026-03-01"), Minutes::new(-30)),
        reason: Reason::NotServed,
    };
    let entry = town.ask(approver, &command).unwrap().clone();
    let made = message::first_record(town.ledger(), &entry).unwrap();
    assert_eq!((made.minutes, made.reason()), (-30, v1::Reason::NotServed));
    let no = RecordNo::new(made.record_no).unwrap();
    assert_eq!(made, message::record(town.ledger(), no, town.ledger().record(no).unwrap()));
}

#[test]
fn a_line_says_what_it_is_about() {
    let (town, passbook, _) = town();
    let line = town.ledger().lines(passbook, None).next().unwrap();
    let it = message::line(town.ledger(), passbook, &line);
    assert_eq!((it.line_no, it.kind()), (1, v1::LineKind::Earned));
    assert_eq!((it.minutes, it.minutes_after), (60, 60));
    assert_eq!((it.activity_name.as_str(), it.branch_code.as_str()), ("夜间巡逻", "N1"));
    assert!(it.recorded_at.is_some());
}

#[test]
fn a_branch_names_the_one_above_it() {
    let (town, ..) = town();
    let shown: Vec<_> =
        town.ledger().branches().map(|it| message::branch(town.ledger(), it)).collect();
    assert_eq!((shown[0].code.as_str(), shown[0].parent_code.as_str()), ("LG", ""));
    assert_eq!((shown[3].code.as_str(), shown[3].parent_code.as_str()), ("N1", "NW"));
    assert_eq!(shown[3].kind(), v1::BranchKind::Community);
}

#[test]
fn a_token_shows_its_grants_and_no_secret() {
    let (mut town, passbook, _) = town();
    let no = town.own_token("app-0042", "0042");
    let row = town.ledger().token(no).unwrap();
    assert_eq!(row.grant.grants[0].scope, Scope::Passbook(passbook));
    let it = message::token(town.ledger(), row);
    assert_eq!((it.handle.as_str(), it.revoked), ("app-0042", false));
    assert_eq!(it.grants[0].scope, Some(v1::grant::Scope::PassbookNo(passbook.get())));
}

#[test]
fn every_verdict_has_its_own_word() {
    let (town, passbook, no) = town();
    let (entry, _) = town.journal().last().unwrap();
    let Event::HoursRecorded { records, .. } = &entry.event else { panic!("hours") };
    let (new, activity) = (records[0], records[0].activity);
    let refused = RefusalNote { code: "VOLUNTEER_UNKNOWN".into(), operands: Vec::new() };
    let (is, old) = (v1::Verdict::Corrected, Some(no));
    let verdicts = [
        (RowVerdict::New(new), v1::Verdict::New, (1, 0)),
        (RowVerdict::Same(no), v1::Verdict::Same, (1, 0)),
        (RowVerdict::Duplicate(no), v1::Verdict::Duplicate, (1, 0)),
        (RowVerdict::Corrected { old, new }, is, (1, 1)),
        (RowVerdict::Corrected { old: None, new }, is, (1, 0)),
        (RowVerdict::Reversed(no), v1::Verdict::Reversed, (0, 1)),
        (RowVerdict::Zero { passbook, activity }, v1::Verdict::Zero, (0, 0)),
        (RowVerdict::SameZero(None), v1::Verdict::Same, (0, 0)),
        (RowVerdict::Refused(refused), v1::Verdict::Refused, (0, 0)),
    ];
    for (verdict, expected, numbers) in verdicts {
        let it = message::verdict(&RowOutcome { line: 7, verdict });
        assert_eq!((it.line, it.verdict()), (7, expected));
        assert_eq!((it.record_no, it.replaced_record_no), numbers);
        let reason = it.refusal.map(|it| (it.reason, it.code));
        let refused = expected == v1::Verdict::Refused;
        assert_eq!(reason, refused.then(|| ("VOLUNTEER_UNKNOWN".to_owned(), 5)));
    }
}

#[test]
fn scalars_come_back_as_they_went() {
    let date = day("2024-02-29");
    assert_eq!(scalar::date("it", &scalar::to_date(date)), Ok(date));
    let interval = interval("2026-03-01 23:30", 90);
    assert_eq!(scalar::interval("it", &scalar::to_interval(interval)), Ok(interval));
    let at = timestamp("2026-03-01 09:00").next();
    assert_eq!(scalar::timestamp("it", &scalar::to_timestamp(at)), Ok(at));
    assert_eq!((scalar::seq(None), scalar::seq(EntryNo::new(3).ok())), (0, 3));
}

#[test]
fn enums_come_back_as_they_went() {
    for role in Role::ALL {
        assert_eq!(kinds::role("role", kinds::to_role(role).into()), Ok(role));
    }
    for value in 1..=8 {
        let it = kinds::reason("reason", value).unwrap();
        assert_eq!(i32::from(kinds::to_reason(it)), value);
    }
    for value in 1..=6 {
        let it = kinds::provenance("provenance", value).unwrap();
        assert_eq!(i32::from(kinds::to_provenance(it)), value);
    }
}
