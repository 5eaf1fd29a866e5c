//! The ladder, approval, correction, reversal, and the batch that is a sheet.

use lovebank_wire::v1::{self, BranchKind, Role};

use crate::support::{TestBank, fresh, interval, reason, service};

#[tokio::test]
async fn what_is_over_the_ladder_waits_for_someone_else() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let approver = bank.with(&operator.token("approver-1", Role::Approver, "NW").await);
    let other = bank.with(&operator.token("approver-2", Role::Approver, "NW").await);
    approver.register("1", "NW").await;
    let answer = approver.record(service("1", "NW", interval(0, 600))).await.expect("recorded");
    let record = answer.record.expect("a record");
    assert_eq!(record.state(), v1::RecordState::Pending);
    assert_eq!(approver.passbook("1").await.minutes, 0);

    let approve = |record_no| v1::ApproveHoursRequest {
        request_id: fresh(),
        record_nos: vec![record_no],
        ..<_>::default()
    };
    let own = approver.hours().approve_hours(approver.ask(approve(record.record_no))).await;
    assert_eq!(reason(&own.expect_err("one's own")), "OWN_RECORD");
    other.hours().approve_hours(other.ask(approve(record.record_no))).await.expect("approved");
    assert_eq!(other.passbook("1").await.minutes, 600);

    let message = v1::CorrectHoursRequest {
        request_id: fresh(),
        record_no: record.record_no,
        time: Some(v1::correct_hours_request::Time::Interval(interval(0, 300))),
        reason: v1::Reason::WrongTime.into(),
        ..<_>::default()
    };
    other.hours().correct_hours(other.ask(message)).await.expect("corrected");
    let passbook = other.passbook("1").await;
    assert_eq!((passbook.minutes, passbook.lines), (300, 3));
}

#[tokio::test]
async fn a_sheet_tells_each_person_apart() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    clerk.register("1", "NW").await;
    clerk.register("2", "NW").await;
    let item = |number: &str| v1::HoursItem {
        volunteer_number: number.to_owned(),
        time: Some(v1::hours_item::Time::Interval(interval(60, 60))),
        annotation: Some(v1::Annotation {
            attestor: "测试证明人".to_owned(), ..<_>::default()
        }),
        ..<_>::default()
    };
    let mut sheet = v1::BatchRecordHoursRequest {
        request_id: fresh(),
        activity: service("1", "NW", interval(0, 1)).activity,
        items: vec![item("1"), item("404"), item("2")],
        ..<_>::default()
    };
    let refused = clerk.hours().batch_record_hours(clerk.ask(sheet.clone())).await;
    let refused = refused.expect_err("one refused item refuses all");
    assert_eq!(reason(&refused), "VOLUNTEER_UNKNOWN");
    assert_eq!(clerk.passbook("1").await.lines, 0);

    sheet.mode = v1::BatchMode::ItemByItem.into();
    sheet.request_id = fresh();
    let answer = clerk.hours().batch_record_hours(clerk.ask(sheet.clone())).await;
    let answer = answer.expect("two of three").into_inner();
    assert_eq!(answer.recorded.iter().map(|it| it.index).collect::<Vec<_>>(), [0, 2]);
    assert_eq!(answer.refused[0].index, 1);
    let again = clerk.hours().batch_record_hours(clerk.ask(sheet)).await.expect("replayed");
    let again = again.into_inner();
    assert!(again.receipt.as_ref().is_some_and(|it| it.replayed));
    assert_eq!((again.recorded, again.refused), (answer.recorded, answer.refused));

    let message = v1::GetHoursRecordRequest { record_no: 2, ..<_>::default() };
    let record = clerk.hours().get_hours_record(clerk.ask(message)).await.expect("a record");
    let annotation = record.into_inner().record.and_then(|it| it.annotation);
    assert_eq!(annotation.expect("kept").attestor, "测试证明人");
}

#[tokio::test]
async fn a_sheet_of_1001_people_is_refused_and_one_of_1000_is_not() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    clerk.register("1", "NW").await;
    let item = |slot: i64| v1::HoursItem {
        volunteer_number: "1".to_owned(),
        time: Some(v1::hours_item::Time::Interval(interval(slot * 200, 60))),
        ..<_>::default()
    };
    let sheet = |count: i64| v1::BatchRecordHoursRequest {
        request_id: fresh(),
        activity: service("1", "NW", interval(0, 1)).activity,
        items: (0..count).map(item).collect(),
        ..<_>::default()
    };
    let refused = clerk.hours().batch_record_hours(clerk.ask(sheet(1001))).await;
    assert_eq!(reason(&refused.expect_err("too many")), "MALFORMED");
    clerk.hours().batch_record_hours(clerk.ask(sheet(1000))).await.expect("taken");
    assert_eq!(clerk.passbook("1").await.lines, 1000);
}

#[tokio::test]
async fn what_is_only_validated_changes_nothing() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    clerk.register("1", "NW").await;
    let mut message = service("1", "NW", interval(0, 90));
    message.validate_only = true;
    let answer = clerk.record(message.clone()).await.expect("it would be taken");
    assert!(answer.receipt.expect("a receipt").validated_only);
    assert_eq!(clerk.passbook("1").await.lines, 0);
    message.validate_only = false;
    clerk.record(message).await.expect("the id is still free");
    assert_eq!(clerk.passbook("1").await.lines, 1);
}

#[tokio::test]
async fn what_waits_is_listed_page_by_page_and_nothing_else_is() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    operator.branch("N1", BranchKind::Community, "NW").await;
    operator.branch("N2", BranchKind::Community, "NW").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    let approver = bank.with(&operator.token("approver-1", Role::Approver, "NW").await);
    let of_n2 = bank.with(&operator.token("approver-2", Role::Approver, "N2").await);
    let mut waiting = Vec::new();
    for (number, branch, minutes) in
        [("1", "N1", 600), ("2", "N1", 60), ("3", "N2", 600), ("4", "N1", 600)]
    {
        clerk.register(number, branch).await;
        let it = clerk.record(service(number, branch, interval(0, minutes))).await;
        let record = it.expect("recorded").record.expect("a record");
        if minutes == 600 {
            waiting.push(record.record_no);
        }
    }
    waiting.reverse();
    let pages = async |hand: &crate::support::Client, branch: &str, page_size| {
        let (mut pages, mut page_token) = (Vec::new(), String::new());
        loop {
            let message = v1::ListHoursRecordsRequest {
                branch_code: branch.to_owned(),
                state: v1::RecordState::Pending.into(),
                page_size,
                page_token,
                ..<_>::default()
            };
            let page = hand.hours().list_hours_records(hand.ask(message)).await.expect("a page");
            let page = page.into_inner();
            pages.push(page.records.iter().map(|it| it.record_no).collect::<Vec<_>>());
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return pages;
            }
        }
    };
    let [last, of_other, first] = waiting[..] else { panic!("{waiting:?}") };
    assert_eq!(pages(&approver, "", 0).await, [vec![last, of_other, first]]);
    assert_eq!(pages(&approver, "", 2).await, [vec![last, of_other], vec![first]]);
    assert_eq!(pages(&approver, "N1", 1).await, [[last], [first]]);
    assert_eq!(pages(&of_n2, "", 0).await, [[of_other]]);

    let approve =
        v1::ApproveHoursRequest { request_id: fresh(), record_nos: vec![last], ..<_>::default() };
    approver.hours().approve_hours(approver.ask(approve)).await.expect("approved");
    assert_eq!(pages(&approver, "", 0).await, [vec![of_other, first]]);
}
