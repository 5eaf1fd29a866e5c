//! An asker and a helper, from request to both passbooks.

use lovebank_wire::v1::{self, BranchKind, Role};

use crate::support::{Client, TestBank, fresh, interval, reason, service};

/// A window of an hour that begins in a second or two, in whole minutes.
fn soon() -> v1::Interval {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time");
    let minute = i64::try_from(now.as_secs()).expect("seconds") / 60 + 2;
    let at = |minute: i64| Some(prost_types::Timestamp { seconds: minute * 60, nanos: 0 });
    v1::Interval { start_time: at(minute), end_time: at(minute + 60) }
}

fn ask(window: v1::Interval) -> v1::AskForHelpRequest {
    v1::AskForHelpRequest {
        request_id: fresh(),
        volunteer_number: "me".to_owned(),
        activity: Some(v1::Activity {
            branch_code: "NW".to_owned(),
            name: "陪同就医".to_owned(),
            ..<_>::default()
        }),
        window: Some(window),
        ..<_>::default()
    }
}

async fn list(client: &Client, number: &str) -> Vec<v1::HelpRequest> {
    let message =
        v1::ListHelpRequestsRequest { volunteer_number: number.to_owned(), ..<_>::default() };
    let answer = client.helps().list_help_requests(client.ask(message)).await.expect("a list");
    answer.into_inner().help_requests
}

#[tokio::test]
async fn asked_offered_and_accepted_with_two_tokens() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    for number in ["1", "2", "3"] {
        clerk.register(number, "NW").await;
    }
    let [asker, helper, other] = ["1", "2", "3"];
    let asker = bank.with(&operator.token("asker", Role::Volunteer, asker).await);
    let helper = bank.with(&operator.token("helper", Role::Volunteer, helper).await);
    let other = bank.with(&operator.token("other", Role::Volunteer, other).await);
    let refused = asker.helps().ask_for_help(asker.ask(ask(soon()))).await;
    assert_eq!(reason(&refused.expect_err("no points")), "INSUFFICIENT_POINTS");
    clerk.record(service("1", "NW", interval(0, 120))).await.expect("recorded");
    let late = asker.helps().ask_for_help(asker.ask(ask(interval(0, 60)))).await;
    assert_eq!(reason(&late.expect_err("long ago")), "HELP_TOO_LATE");
    let answer = asker.helps().ask_for_help(asker.ask(ask(soon()))).await.expect("asked");
    let asked = answer.into_inner().help_request.expect("a request");
    assert_eq!((asked.help_no, asked.state()), (1, v1::HelpState::Open));
    assert_eq!(asked.points.expect("points").value, "1.00");

    // Whoever may offer sees it, and no name.
    assert_eq!(list(&helper, "").await.len(), 1);
    let offer = v1::OfferHelpRequest {
        request_id: fresh(),
        help_no: 1,
        volunteer_number: "me".to_owned(),
        ..<_>::default()
    };
    helper.helps().offer_help(helper.ask(offer)).await.expect("offered");
    let shown = list(&asker, "me").await;
    assert_eq!(shown[0].offer_passbook_nos, [2]);
    let accept = v1::AcceptOfferRequest {
        request_id: fresh(),
        help_no: 1,
        helper_passbook_no: 2,
        ..<_>::default()
    };
    asker.helps().accept_offer(asker.ask(accept)).await.expect("accepted");
    // What is agreed is nobody else's to see.
    assert!(list(&other, "").await.is_empty());
    assert_eq!(list(&helper, "me").await[0].state(), v1::HelpState::Agreed);
    let early = v1::ConfirmHelpRequest {
        request_id: fresh(),
        help_no: 1,
        volunteer_number: "me".to_owned(),
        minutes: 60,
        ..<_>::default()
    };
    let refused = helper.helps().confirm_help(helper.ask(early.clone())).await;
    assert_eq!(reason(&refused.expect_err("it is not over")), "FUTURE");
    // Both say that nothing took place: the points are free again.
    let nothing = |client: &Client| {
        client.ask(v1::ConfirmHelpRequest { request_id: fresh(), minutes: 0, ..early.clone() })
    };
    helper.helps().confirm_help(nothing(&helper)).await.expect("said");
    let settled = asker.helps().confirm_help(nothing(&asker)).await.expect("settled").into_inner();
    let settled = settled.help_request.expect("a request");
    assert_eq!(settled.state(), v1::HelpState::Cancelled);
    assert_eq!(asker.passbook("me").await.points.expect("points").value, "2.00");
    let bank = bank.restart().await;
    let again = bank.with(&bank.operator().token("asker", Role::Volunteer, "1").await);
    assert_eq!(again.passbook("me").await.points.expect("points").value, "2.00");
}
