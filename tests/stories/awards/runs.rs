//! A run from draft to passbooks, objections to it, exceptions of it.

use std::fmt::Write as _;

use lovebank_wire::v1::{self, Fate, Role, RunState, file_objection_request::About};
use sha2::{Digest as _, Sha256};

use super::{DAY, reverse_first, selection, street, whole};
use crate::support::{Client, fresh, reason};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, it| {
        write!(text, "{it:02x}").expect("a text takes all");
        text
    })
}

#[tokio::test]
async fn a_run_is_tried_made_hung_out_and_final_and_anyone_can_compute_it_again() {
    let street = street().await;
    let officer = &street.officer;
    let message = v1::EvaluateProgrammeRequest { of: Some(selection()), ..<_>::default() };
    let tried = officer.recognitions().evaluate_programme(officer.ask(message)).await;
    let (tried, _) = whole(tried.expect("tried").into_inner()).await.expect("all of it");
    assert_eq!((tried.candidates, tried.chosen, tried.near_misses), (3, 1, 1));

    let run = street.create().await;
    assert_eq!((run.state(), run.chosen, run.created_by.as_str()), (RunState::Draft, 1, "officer"));
    let (result, sheet) = street.result(run.run_no).await;
    let fates: Vec<_> = result.rows.iter().map(|it| (it.place, it.fate())).collect();
    assert_eq!(fates, [(1, Fate::Chosen), (2, Fate::NoPlace), (0, Fate::NotEligible)]);
    assert_eq!(result.rows[0].volunteer_number, "1");
    assert_eq!(hex(&Sha256::digest(&sheet)), run.digest, "the sheet is what the digest is of");

    let run = street.publish(run.run_no).await;
    let last = run.notice_last_date.expect("a last day");
    // Tuesday, Wednesday, Thursday.
    assert_eq!((last.month, last.day, run.notice_certain), (3, 7, true));
    street.clock.advance(DAY * 3);
    assert_eq!(reason(&street.finalize(1).await.expect_err("too early")), "NOTICE_NOT_OVER");
    street.clock.advance(DAY);
    let run = street.finalize(1).await.expect("final");
    assert_eq!(run.state(), RunState::Final);
    let passbook = officer.passbook("1").await;
    let line = passbook.last_line.expect("a line");
    assert_eq!((line.kind(), line.minutes), (v1::LineKind::Honoured, 0));
    assert_eq!(passbook.minutes, 180);
}

#[tokio::test]
async fn after_a_restart_and_more_entries_it_is_the_same_to_the_byte_and_drift_is_told() {
    let street = street().await;
    let run = street.create().await;
    let (_, sheet) = street.result(1).await;
    street.publish(1).await;
    street.clock.advance(DAY * 4);
    street.finalize(1).await.expect("final");
    let street = street.restarted().await;
    let officer = &street.officer;
    reverse_first(&street.approver).await;
    let (again, same) = street.result(1).await;
    assert_eq!((again.digest, same), (run.digest, sheet));
    let message = v1::CheckDriftRequest { run_no: 1, ..<_>::default() };
    let mut drift =
        officer.recognitions().check_drift(officer.ask(message)).await.expect("drift").into_inner();
    let part = drift.message().await.expect("a part").expect("one");
    assert_eq!((part.count, part.moved), (2, 2));
    let seen: Vec<_> = part
        .rows
        .iter()
        .map(|it| {
            (it.volunteer_number.as_str(), it.then.unwrap_or_default(), it.now.unwrap_or_default())
        })
        .map(|(number, then, now)| (number, then.place, now.place, now.minutes, now.fate()))
        .collect();
    let out = ("1", 1, 0, 0, Fate::NotLookedAt);
    assert_eq!(seen, [out, ("2", 2, 1, 120, Fate::Chosen)]);
    assert_eq!(
        officer.passbook("1").await.last_line.expect("a line").kind(),
        v1::LineKind::Reversed
    );
}

#[tokio::test]
async fn objections_are_answered_with_their_words_kept_apart() {
    let street = street().await;
    let operator = street.bank.operator();
    let own = street.bank.with(&operator.token("v3", Role::Volunteer, "3").await);
    street.create().await;
    let early = street.explain(&own, "me").await.expect_err("a draft is not for all");
    assert_eq!(reason(&early), "RUN_STATE");
    street.publish(1).await;

    // Why not me?
    let why = street.explain(&own, "me").await.expect("explained");
    assert_eq!((why.fate(), why.minutes), (Fate::NotEligible, 60));
    assert_eq!((why.conditions[0].missing.as_str(), why.conditions[1].met), ("60", true));
    assert_eq!(why.message, "not eligible: minutes is 60, short by 60");
    assert_eq!(why.message_zh, "不符合条件：服务分钟数为 60，尚缺 60");
    let near = street.explain(&street.officer, "2").await.expect("explained");
    assert!(near.message.contains("place 2") && near.message.contains("120"), "{}", near.message);
    let others = street.explain(&own, "2").await.expect_err("another's");
    assert_eq!(reason(&others), "NOT_YOUR_PASSBOOK");

    let no = street.object(&own, About::Row(1)).await.expect("taken");
    let row = street.object(&own, About::Row(2)).await.expect_err("one is chosen");
    assert_eq!(reason(&row), "MALFORMED");
    let message = v1::ListObjectionsRequest { run_no: 1, ..<_>::default() };
    let listed = || async {
        let asked = street.officer.ask(message.clone());
        let answer = street.officer.recognitions().list_objections(asked).await;
        answer.expect("a list").into_inner().objections
    };
    let open = listed().await;
    assert_eq!((open.len(), open[0].text.as_str(), open[0].answered), (1, "他那天不在", false));
    assert_eq!((open[0].volunteer_number.as_str(), open[0].filed_by.as_str()), ("1", "v3"));
    street.clock.advance(DAY * 4);
    let refused = street.finalize(1).await.expect_err("it waits for an answer");
    assert_eq!(reason(&refused), "OBJECTIONS_OPEN");
    let run = street.answer(no, true).await;
    assert_eq!((run.state(), run.open_objections), (RunState::Draft, 0));
    let answered = listed().await;
    assert_eq!((answered[0].answer.as_str(), answered[0].upheld), ("已核实", true));
    let (result, _) = street.result(1).await;
    let fates: Vec<_> = result.rows.iter().map(|it| (it.passbook_no, it.fate())).collect();
    assert_eq!(fates, [(2, Fate::Chosen), (1, Fate::Removed), (3, Fate::NotEligible)]);

    // No word of it is in the journal, and an erasure takes it.
    let erase = v1::ErasePersonRequest {
        request_id: fresh(),
        volunteer_number: "1".to_owned(),
        ..<_>::default()
    };
    street.approver.volunteers().erase_person(street.approver.ask(erase)).await.expect("erased");
    let after = listed().await;
    assert_eq!((after[0].text.as_str(), after[0].answer.as_str()), ("", ""));
}

#[tokio::test]
async fn an_exception_is_written_by_one_and_confirmed_by_another() {
    let street = street().await;
    street.create().await;
    let propose = v1::ProposeExceptionRequest {
        request_id: fresh(),
        run_no: 1,
        volunteer_number: "3".to_owned(),
        condition: 1,
        reason: "救人于水火".to_owned(),
        ..<_>::default()
    };
    let silent = v1::ProposeExceptionRequest { reason: " ".to_owned(), ..propose.clone() };
    let officer = &street.officer;
    let refused = officer.recognitions().propose_exception(officer.ask(silent)).await;
    assert_eq!(reason(&refused.expect_err("a reason is written")), "MALFORMED");
    let made = officer.recognitions().propose_exception(officer.ask(propose)).await;
    let run = made.expect("proposed").into_inner().run.expect("as it stands");
    let it = &run.exceptions[0];
    assert_eq!((it.reason.as_str(), it.proposed_by.as_str()), ("救人于水火", "officer"));
    let confirm = |client: &Client| {
        let message = v1::ConfirmExceptionRequest {
            request_id: fresh(),
            run_no: 1,
            volunteer_number: "3".to_owned(),
            condition: 1,
            ..<_>::default()
        };
        let (mut recognitions, request) = (client.recognitions(), client.ask(message));
        async move { recognitions.confirm_exception(request).await }
    };
    let alone = confirm(officer).await.expect_err("by two people");
    assert_eq!(reason(&alone), "OWN_EXCEPTION");
    confirm(&street.other).await.expect("confirmed");
    let (result, _) = street.result(1).await;
    assert_eq!((result.rows[2].passbook_no, result.rows[2].place), (3, 3));
    assert_eq!((result.rows[2].not_met.clone(), result.rows[2].waived.clone()), (vec![1], vec![1]));
}

#[tokio::test]
async fn objections_are_listed_in_pages_of_one_view() {
    let street = street().await;
    street.create().await;
    street.publish(1).await;
    for (client, number) in [(&street.officer, "1"), (&street.other, "2"), (&street.clerk, "3")] {
        let about = About::VolunteerNumber(number.to_owned());
        street.object(client, about).await.expect("taken");
    }
    let page = |page_size, page_token: &str| {
        let page_token = page_token.to_owned();
        let message =
            v1::ListObjectionsRequest { run_no: 1, page_size, page_token, ..<_>::default() };
        let request = street.officer.ask(message);
        async { street.officer.recognitions().list_objections(request).await }
    };
    let first = page(2, "").await.expect("a page").into_inner();
    street.object(&street.clerk, About::Row(1)).await.expect("taken");
    let second = page(2, &first.next_page_token).await.expect("a page").into_inner();
    let seen: Vec<_> = first.objections.iter().chain(&second.objections).collect();
    let seen: Vec<_> = seen.iter().map(|it| it.volunteer_number.as_str()).collect();
    assert_eq!((seen, second.next_page_token.as_str()), (vec!["1", "2", "3"], ""));
    assert_eq!(page(1000, "").await.expect("all").into_inner().objections.len(), 4);

    // A volunteer reads the own objections and their answers, and no number of another.
    let own = street.bank.with(&street.bank.operator().token("v3", Role::Volunteer, "3").await);
    let no = street.object(&own, About::Row(1)).await.expect("taken");
    street.answer(no, false).await;
    let message = v1::ListObjectionsRequest { run_no: 1, ..<_>::default() };
    let told = own.recognitions().list_objections(own.ask(message)).await;
    let told = told.expect("a list").into_inner().objections;
    let [it] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((it.answer.as_str(), it.passbook_no), ("已核实", 0));
    assert_eq!((it.volunteer_number.as_str(), it.filed_by.as_str()), ("", "v3"));
    assert_eq!(reason(&page(1001, "").await.expect_err("too many")), "MALFORMED");
    assert_eq!(reason(&page(2, "x").await.expect_err("no token")), "MALFORMED");
}
