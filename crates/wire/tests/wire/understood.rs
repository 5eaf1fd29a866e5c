//! Requests that are understood, as the commands they ask for.

use lovebank_ledger::{
    ActivityRef, BatchMode, BranchKind, Command, ImportHours, Minutes, NewScope, PassbookNo,
    Provenance, Reason, RecordHours, RowService, ServiceTime, TokenHash, Verb, VolunteerRef,
};
use lovebank_wire::{Parsed, request, scalar, v1};

use crate::say::{
    activity, at, date, day, header, interval, item, part, resolve, reversal, row, sheet, token,
};

#[test]
fn a_sheet_is_one_activity_and_its_people() {
    let it = v1::BatchRecordHoursRequest { mode: v1::BatchMode::ItemByItem.into(), ..sheet() };
    let Ok(Command::RecordHours(RecordHours { activity, provenance, items, mode })) =
        request::batch_record_hours(&it, &resolve)
    else {
        panic!("a sheet")
    };
    assert!(matches!(activity, ActivityRef::Named(it) if it.name.as_str() == "夜间巡逻"));
    assert_eq!((provenance, mode, items.len()), (Provenance::Clerk, BatchMode::ItemByItem, 3));
    assert_eq!(items[0].service.minutes(), Minutes::new(60));
}

#[test]
fn a_provenance_that_is_reserved_is_left_to_the_rules() {
    let mut it = sheet();
    it.provenance = v1::Provenance::Scanned.into();
    let Ok(Command::RecordHours(it)) = request::batch_record_hours(&it, &resolve) else {
        panic!("a sheet")
    };
    assert_eq!(it.provenance, Provenance::Scanned);
}

#[test]
fn a_row_of_a_total_has_the_span_of_its_sheet() {
    let deducted = v1::import_row::Time::Day(day(-30));
    let second = v1::ImportRow { line: row().line + 1, time: Some(deducted), ..row() };
    let rows = vec![row(), second];
    let Ok(Command::ImportHours(ImportHours { part, span, rows, .. })) =
        request::import_hours(&header(), &part(rows), &resolve)
    else {
        panic!("an import")
    };
    assert_eq!((part.part, part.last, span.map(lovebank_ledger::Span::days)), (0, true, Some(1)));
    assert_eq!(rows[0].service, RowService::Total(Minutes::new(90)));
    assert!(matches!(rows[1].service, RowService::Day(_, minutes) if minutes == Minutes::new(-30)));
}

#[test]
fn a_correction_keeps_the_activity_unless_one_is_given() {
    let mut it = v1::CorrectHoursRequest {
        record_no: 3,
        time: Some(v1::correct_hours_request::Time::Day(day(45))),
        reason: v1::Reason::WrongTime.into(),
        ..v1::CorrectHoursRequest::default()
    };
    let parsed = request::correct_hours(&it);
    assert!(matches!(parsed, Ok(Command::CorrectHours { activity: None, .. })));
    it.activity = Some(v1::Activity { activity_no: 5, ..v1::Activity::default() });
    let Ok(Command::CorrectHours { activity, service, reason, .. }) = request::correct_hours(&it)
    else {
        panic!("a correction")
    };
    assert!(matches!(activity, Some(ActivityRef::No(no)) if no.get() == 5));
    assert!(matches!(service.time(), ServiceTime::Day(_)));
    assert_eq!(reason, Reason::WrongTime);
}

#[test]
fn a_branch_at_the_top_has_none_above_it() {
    let branch = v1::Branch {
        code: "LG".into(),
        name: "龙岗".into(),
        kind: v1::BranchKind::District.into(),
        parent_code: String::new(),
    };
    let it = v1::CreateBranchRequest { branch: Some(branch), ..<_>::default() };
    let parsed = request::create_branch(&it);
    let kind = BranchKind::District;
    assert!(
        matches!(parsed, Ok(Command::CreateBranch { parent: None, kind: it, .. }) if it == kind)
    );
}

#[test]
fn a_token_may_open_one_passbook() {
    let mut it = token();
    it.grants[0].scope = Some(v1::grant::Scope::PassbookNo(4));
    let Ok(Command::IssueToken { grants, expires: None, .. }) =
        request::issue_token(&it, TokenHash::new([1; 32]), &resolve)
    else {
        panic!("a token")
    };
    let passbook = PassbookNo::new(4).unwrap();
    assert_eq!(grants[0].scope, NewScope::Volunteer(VolunteerRef::Passbook(passbook)));
}

fn verb(parsed: Parsed<Command>) -> Verb {
    parsed.expect("it is well-formed").verb()
}

fn number() -> String {
    "0042".to_owned()
}

#[test]
fn changes_of_branches_and_volunteers_ask_for_their_verbs() {
    let it =
        v1::RenameBranchRequest {
            branch_code: "N1".into(), name: "南一".into(), ..<_>::default()
        };
    assert_eq!(verb(request::rename_branch(&it)), Verb::RenameBranch);
    let it = v1::MoveVolunteerRequest {
        volunteer_number: number(),
        branch_code: "N2".into(),
        ..<_>::default()
    };
    assert_eq!(verb(request::move_volunteer(&it, &resolve)), Verb::MoveVolunteer);
    let it = v1::SetVolunteerStatusRequest {
        volunteer_number: number(),
        status: v1::VolunteerStatus::Closed.into(),
        ..<_>::default()
    };
    assert_eq!(verb(request::set_volunteer_status(&it, &resolve)), Verb::SetVolunteerStatus);
    let it = v1::ErasePersonRequest { passbook_no: 1, ..<_>::default() };
    assert_eq!(verb(request::erase_person(&it, &resolve)), Verb::ErasePerson);
}

#[test]
fn changes_of_records_ask_for_their_verbs() {
    let it =
        v1::RecordHoursRequest { activity: Some(activity()), item: Some(item()), ..<_>::default() };
    assert_eq!(verb(request::record_hours(&it, &resolve)), Verb::RecordHours);
    let it = v1::ApproveHoursRequest { record_nos: vec![1], ..<_>::default() };
    assert_eq!(verb(request::approve_hours(&it)), Verb::ApproveHours);
    let it = v1::RejectHoursRequest {
        record_nos: vec![1],
        reason: v1::Reason::NotServed.into(),
        ..<_>::default()
    };
    assert_eq!(verb(request::reject_hours(&it)), Verb::RejectHours);
    assert_eq!(verb(request::reverse_hours(&reversal())), Verb::ReverseHours);
    let it = v1::DeductHoursRequest {
        volunteer_number: number(),
        activity: Some(activity()),
        day: Some(day(-60)),
        reason: v1::Reason::RuleBroken.into(),
        ..<_>::default()
    };
    assert_eq!(verb(request::deduct_hours(&it, &resolve)), Verb::DeductHours);
    let evaluation = Some(v1::Evaluation { grade: 5, date: Some(date()) });
    let it = v1::EvaluateHoursRequest { record_no: 1, evaluation, ..<_>::default() };
    assert_eq!(verb(request::evaluate_hours(&it)), Verb::EvaluateHours);
}

#[test]
fn changes_at_an_activity_ask_for_their_verbs() {
    let v1::Interval { start_time, end_time } = interval();
    let activity = Some(v1::Activity { start_time, end_time, ..activity() });
    let it = v1::CreateActivityRequest { activity, ..<_>::default() };
    assert_eq!(verb(request::create_activity(&it)), Verb::CreateActivity);
    let it = v1::CheckInRequest { volunteer_number: number(), activity_no: 1, ..<_>::default() };
    assert_eq!(verb(request::check_in(&it, &resolve)), Verb::CheckIn);
    let it = v1::CheckOutRequest { volunteer_number: number(), ..<_>::default() };
    assert_eq!(verb(request::check_out(&it, &resolve)), Verb::CheckIn);
    let it = v1::CancelCheckInRequest { volunteer_number: number(), ..<_>::default() };
    assert_eq!(verb(request::cancel_check_in(&it, &resolve)), Verb::CheckIn);
}

#[test]
fn changes_of_rules_and_tokens_ask_for_their_verbs() {
    let text = lovebank_ledger::DEFAULT_RULEBOOK.to_owned();
    let it = v1::AdoptRulebookRequest { text, ..<_>::default() };
    let today = scalar::date("today", &date()).expect("a real day");
    assert_eq!(verb(request::adopt_rulebook(&it, today)), Verb::AdoptRulebook);
    let it = v1::RevokeTokenRequest { token_no: 2, ..<_>::default() };
    assert_eq!(verb(request::revoke_token(&it)), Verb::ManageTokens);
}

#[test]
fn a_fingerprint_tells_methods_and_contents_apart() {
    let it = sheet();
    let print = |method, it: &v1::BatchRecordHoursRequest| scalar::fingerprint(method, it);
    assert_eq!(print("BatchRecordHours", &it), print("BatchRecordHours", &it.clone()));
    assert_ne!(print("BatchRecordHours", &it), print("RecordHours", &it));
    let mut other = it.clone();
    other.items[2].time = Some(v1::hours_item::Time::Interval(v1::Interval {
        end_time: Some(at(crate::say::NOON + 60)),
        ..interval()
    }));
    assert_ne!(print("BatchRecordHours", &it), print("BatchRecordHours", &other));
}
