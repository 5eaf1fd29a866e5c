//! A branch, a volunteer, an afternoon of service, the passbook.

use lovebank_wire::v1::{self, BranchKind, Role};

use crate::support::{TestBank, fresh, interval, reason, service};

#[tokio::test]
async fn an_afternoon_of_service_stands_in_the_passbook() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    operator.branch("NW-01", BranchKind::Community, "NW").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW-01").await);
    clerk.register("0300000001", "NW-01").await;
    let recorded = clerk.record(service("0300000001", "NW-01", interval(840, 150))).await;
    let record = recorded.expect("recorded").record.expect("a record");
    assert_eq!((record.record_no, record.minutes), (1, 150));
    assert_eq!(record.volunteer_number, "0300000001");
    assert_eq!(record.state(), v1::RecordState::Posted);

    let passbook = clerk.passbook("0300000001").await;
    assert_eq!((passbook.minutes, passbook.lines), (150, 1));
    assert_eq!(passbook.points.expect("points").value, "2.50");
    let line = passbook.last_line.expect("a line");
    assert_eq!((line.line_no, line.activity_name.as_str()), (1, "社区巡河"));

    let bank = bank.restart().await;
    let again = bank.with(&bank.operator().token("auditor", Role::Auditor, "").await);
    assert_eq!(again.passbook("0300000001").await.minutes, 150);
}

#[tokio::test]
async fn a_volunteer_sees_only_ones_own_passbook() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    for number in ["v1@example.org", "v2@example.org"] {
        clerk.register(number, "NW").await;
    }
    let own = bank.with(&operator.token("v1", Role::Volunteer, "V1@Example.org").await);
    assert_eq!(own.passbook("me").await.volunteer_number, "v1@example.org");
    // Nor is a volunteer told whose numbers there are.
    for number in ["v2@example.org", "nobody@example.org"] {
        let volunteer_number = number.to_owned();
        let message = v1::GetPassbookRequest { volunteer_number, ..<_>::default() };
        let refused = own.passbooks().get_passbook(own.ask(message)).await.expect_err("another's");
        assert_eq!(reason(&refused), "NOT_YOUR_PASSBOOK");
        let volunteer_number = number.to_owned();
        let message = v1::ListHoursRecordsRequest { volunteer_number, ..<_>::default() };
        let refused = own.hours().list_hours_records(own.ask(message)).await;
        assert_eq!(reason(&refused.expect_err("another's")), "NOT_YOUR_PASSBOOK");
    }
}

#[tokio::test]
async fn who_serves_and_keeps_the_desk_sees_the_records_of_both() {
    use v1::grant::Scope;
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    for number in ["1", "2"] {
        clerk.register(number, "NW").await;
        clerk.record(service(number, "NW", interval(0, 60))).await.expect("recorded");
    }
    let grant = |role: Role, scope| v1::Grant { role: role.into(), scope: Some(scope) };
    let grants = vec![
        grant(Role::Volunteer, Scope::VolunteerNumber("1".to_owned())),
        grant(Role::Clerk, Scope::BranchCode("NW".to_owned())),
    ];
    let (request_id, handle) = (fresh(), "clerk-2".to_owned());
    let message = v1::IssueTokenRequest { request_id, handle, grants, ..<_>::default() };
    let token = operator.access().issue_token(operator.ask(message)).await.expect("a token");
    let both = bank.with(&token.into_inner().secret);
    let message = v1::ListHoursRecordsRequest::default();
    let list = both.hours().list_hours_records(both.ask(message)).await.expect("a list");
    assert_eq!(list.into_inner().records.len(), 2);
}

#[tokio::test]
async fn a_message_that_says_nothing_names_its_fields() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    clerk.register("0300000001", "NW").await;
    let mut backwards = service("0300000001", "NW", interval(100, -5));
    let refused = clerk.record(backwards.clone()).await.expect_err("it ends before it begins");
    assert_eq!(reason(&refused), "MALFORMED");
    assert!(refused.message().contains("item.interval"), "{}", refused.message());
    backwards.request_id = "not a uuid".to_owned();
    assert!(clerk.record(backwards).await.is_err());
}

#[tokio::test]
async fn pages_are_one_view() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    clerk.register("1", "NW").await;
    for day in 0..7 {
        clerk.record(service("1", "NW", interval(day * 1440, 60))).await.expect("recorded");
    }
    let mut seen = Vec::new();
    let mut page_token = String::new();
    let mut views = std::collections::HashSet::new();
    loop {
        let volunteer_number = "1".to_owned();
        let message = v1::ListPassbookLinesRequest {
            volunteer_number,
            page_size: 3,
            page_token,
            ..<_>::default()
        };
        let page = clerk.passbooks().list_passbook_lines(clerk.ask(message)).await;
        let page = page.expect("a page").into_inner();
        views.insert(page.read_seq);
        seen.extend(page.lines.iter().map(|it| it.line_no));
        // A line that comes between two pages is on none of them.
        let day = 10 + i64::try_from(seen.len()).expect("few");
        clerk.record(service("1", "NW", interval(day * 1440, 60))).await.expect("recorded");
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(views.len(), 1);
}

#[tokio::test]
async fn a_watcher_is_told_of_each_line() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    clerk.register("1", "NW").await;
    let message = v1::WatchPassbookRequest { volunteer_number: "1".to_owned(), ..<_>::default() };
    let watch = clerk.passbooks().watch_passbook(clerk.ask(message)).await.expect("a watch");
    let mut watch = watch.into_inner();
    let first = watch.message().await.expect("told").expect("at once");
    assert!(first.lines.is_empty());
    for day in 0..3 {
        clerk.record(service("1", "NW", interval(day * 1440, 60))).await.expect("recorded");
        let news = watch.message().await.expect("told").expect("a line");
        assert_eq!(news.lines.len(), 1);
        assert_eq!(news.passbook.expect("a passbook").minutes, (day + 1) * 60);
    }
}

#[tokio::test]
async fn an_erased_person_leaves_every_sum() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    let approver = bank.with(&operator.token("approver-1", Role::Approver, "NW").await);
    clerk.register("1", "NW").await;
    clerk.record(service("1", "NW", interval(0, 60))).await.expect("recorded");
    let message = v1::ErasePersonRequest {
        request_id: fresh(),
        volunteer_number: "1".to_owned(),
        ..<_>::default()
    };
    let retry = v1::ErasePersonRequest {
        volunteer_number: String::new(),
        passbook_no: 1,
        ..message.clone()
    };
    let erase = |it| {
        let message = approver.ask(it);
        async { approver.volunteers().erase_person(message).await }
    };
    erase(message.clone()).await.expect("erased");
    for again in [message, retry.clone()] {
        let again = erase(again).await.expect("replayed").into_inner();
        assert!(again.receipt.expect("a receipt").replayed);
    }
    let other = v1::ErasePersonRequest { passbook_no: 2, ..retry };
    let refused = erase(other).await.expect_err("another's");
    assert_eq!(reason(&refused), "REQUEST_ID_REUSED");
    let message = v1::ListVolunteersRequest::default();
    let rest = clerk.volunteers().list_volunteers(clerk.ask(message)).await.expect("a list");
    let rest = rest.into_inner().volunteers;
    assert!(rest[0].erased && rest[0].person.is_none() && rest[0].volunteer_number.is_empty());
    let message = v1::GetBranchTotalsRequest { branch_code: "NW".to_owned(), ..<_>::default() };
    let totals = clerk.branches().get_branch_totals(clerk.ask(message)).await.expect("totals");
    assert_eq!(totals.into_inner().years[0].minutes, 60);
    // The number is free again.
    assert_eq!(clerk.register("1", "NW").await, 2);
}

#[tokio::test]
async fn a_search_tells_a_volunteer_of_nobody_else() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    operator.branch("LG", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "").await);
    for number in ["0300000001", "0300000002", "0300000003"] {
        clerk.register(number, if number.ends_with('1') { "NW" } else { "LG" }).await;
    }
    let find = async |client: &crate::support::Client, query: &str| {
        let message =
            v1::FindVolunteersRequest { query: query.to_owned(), page_size: 1, ..<_>::default() };
        let answer = client.volunteers().find_volunteers(client.ask(message)).await;
        answer.expect("an answer").into_inner()
    };
    let own = bank.with(&operator.token("v1", Role::Volunteer, "0300000001").await);
    let found = find(&own, "03000").await;
    assert_eq!((found.volunteers.len(), found.next_page_token.as_str()), (1, ""));
    let others = find(&own, "0300000002").await;
    assert_eq!((others.volunteers.len(), others.next_page_token.as_str()), (0, ""));
    // A clerk of one street may page over the others, and reads no number out of the token.
    let street = bank.with(&operator.token("clerk-nw", Role::Clerk, "NW").await);
    let page = find(&street, "03000").await.next_page_token;
    let bytes = (0..page.len() / 2).map(|it| u8::from_str_radix(&page[it * 2..it * 2 + 2], 16));
    let bytes: Vec<u8> = bytes.collect::<Result<_, _>>().expect("hex");
    assert!(!page.is_empty() && !String::from_utf8_lossy(&bytes).contains("0300000"));
}
