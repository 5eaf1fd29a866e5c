//! An asker and a helper, with two tokens, from request to both passbooks.

use std::time::Duration;

use lovebank::clock::ManualClock;
use lovebank_ledger::Timestamp;
use lovebank_wire::v1::{self, BranchKind, Role};

use crate::support::{Client, TestBank, fresh, interval, reason, service};

/// 2024-03-02 00:00 in Shanghai: a day after the first service here.
const NOW: i64 = 1_709_308_800;

/// An hour that begins in ten.
fn soon() -> v1::Interval {
    interval(1440 + 600, 60)
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

async fn list(client: &Client, number: &str) -> Vec<v1::Help> {
    let message =
        v1::ListHelpRequestsRequest { volunteer_number: number.to_owned(), ..<_>::default() };
    let answer = client.helps().list_help_requests(client.ask(message)).await.expect("a list");
    answer.into_inner().help_requests
}

async fn confirm(client: &Client, minutes: i64) -> Result<v1::Help, tonic::Status> {
    let message = v1::ConfirmHelpRequest {
        request_id: fresh(),
        help_no: 1,
        volunteer_number: "me".to_owned(),
        minutes,
        ..<_>::default()
    };
    let answer = client.helps().confirm_help(client.ask(message)).await?;
    Ok(answer.into_inner().help_request.expect("a request"))
}

/// Minutes and points.
async fn book(client: &Client) -> (i64, String) {
    let passbook = client.passbook("me").await;
    (passbook.minutes, passbook.points.expect("points").value)
}

struct Street {
    bank: TestBank,
    clock: ManualClock,
    asker: Client,
    helper: Client,
    other: Client,
}

/// Three volunteers, of whom the first has two points.
async fn street() -> Street {
    let clock = ManualClock::at(Timestamp::from_micros(NOW * 1_000_000));
    let bank = TestBank::start_at(&clock).await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    for number in ["1", "2", "3"] {
        clerk.register(number, "NW").await;
    }
    clerk.record(service("1", "NW", interval(0, 120))).await.expect("recorded");
    let asker = bank.with(&operator.token("asker", Role::Volunteer, "1").await);
    let helper = bank.with(&operator.token("helper", Role::Volunteer, "2").await);
    let other = bank.with(&operator.token("other", Role::Volunteer, "3").await);
    Street { bank, clock, asker, helper, other }
}

#[tokio::test]
async fn asked_offered_accepted_confirmed_and_paid() {
    let Street { bank, clock, asker, helper, other } = street().await;
    let poor = other.helps().ask_for_help(other.ask(ask(soon()))).await;
    assert_eq!(reason(&poor.expect_err("no points")), "INSUFFICIENT_POINTS");
    let late = asker.helps().ask_for_help(asker.ask(ask(interval(0, 60)))).await;
    assert_eq!(reason(&late.expect_err("long ago")), "HELP_TOO_LATE");
    let answer = asker.helps().ask_for_help(asker.ask(ask(soon()))).await.expect("taken");
    let request = answer.into_inner().help_request.expect("a request");
    assert_eq!((request.help_no, request.state()), (1, v1::HelpState::Open));
    assert_eq!(request.points.expect("points").value, "1.00");

    // Whoever may offer sees it, and no name.
    assert_eq!(list(&helper, "").await.len(), 1);
    let (request_id, volunteer_number) = (fresh(), "me".to_owned());
    let offer = v1::OfferHelpRequest { request_id, help_no: 1, volunteer_number, ..<_>::default() };
    helper.helps().offer_help(helper.ask(offer)).await.expect("offered");
    assert_eq!(list(&asker, "me").await[0].offer_passbook_nos, [2]);
    let (request_id, helper_passbook_no) = (fresh(), 2);
    let accept =
        v1::AcceptOfferRequest { request_id, help_no: 1, helper_passbook_no, ..<_>::default() };
    asker.helps().accept_offer(asker.ask(accept)).await.expect("accepted");
    // What is agreed is nobody else's to see.
    assert!(list(&other, "").await.is_empty());
    assert_eq!(list(&helper, "me").await[0].state(), v1::HelpState::Agreed);
    assert_eq!(reason(&confirm(&helper, 60).await.expect_err("it is not over")), "FUTURE");

    clock.advance(Duration::from_secs(12 * 3600));
    assert_eq!(confirm(&helper, 30).await.expect("said").state(), v1::HelpState::Said);
    assert_eq!(confirm(&asker, 30).await.expect("settled").state(), v1::HelpState::Confirmed);
    assert_eq!(book(&asker).await, (120, "1.50".to_owned()));
    assert_eq!(book(&helper).await, (30, "0.50".to_owned()));
    let line = helper.passbook("me").await.last_line.expect("a line");
    assert_eq!((line.kind(), line.counterparty_passbook_no), (v1::LineKind::Helped, 1));
    let line = asker.passbook("me").await.last_line.expect("a line");
    assert_eq!((line.kind(), line.counterparty_passbook_no), (v1::LineKind::Paid, 2));
    assert_eq!((line.activity_name.as_str(), line.branch_code.as_str()), ("陪同就医", "NW"));
    let bank = bank.restart().await;
    assert_eq!(book(&asker.moved(&bank)).await, (120, "1.50".to_owned()));
}

#[tokio::test]
async fn what_nobody_offered_to_do_sets_the_points_free_in_time() {
    let Street { bank, clock, asker, .. } = street().await;
    asker.helps().ask_for_help(asker.ask(ask(soon()))).await.expect("taken");
    let held = asker.passbook("me").await.points_held.expect("points").value;
    assert_eq!(held, "1.00");
    let bank = bank.stopped_while(|| clock.advance(Duration::from_secs(24 * 3600))).await;
    let asker = asker.moved(&bank);
    let held = asker.passbook("me").await.points_held.expect("points").value;
    assert_eq!(held, "0.00");
    assert!(list(&asker, "me").await.is_empty());
}

#[tokio::test]
async fn an_address_is_for_the_helper_and_never_in_the_journal() {
    let Street { bank, clock, asker, helper, other } = street().await;
    let mut message = ask(soon());
    let place = "幸福路3号502";
    message.activity.as_mut().expect("an activity").place = place.to_owned();
    let answer = asker.helps().ask_for_help(asker.ask(message.clone())).await.expect("taken");
    let seen = |it: &v1::Help| {
        let place = it.activity.as_ref().map(|it| it.place.clone()).unwrap_or_default();
        (place, it.asker_passbook_no)
    };
    let whole = (place.to_owned(), 1);
    assert_eq!(seen(&answer.into_inner().help_request.expect("a request")), whole);
    // The same again keeps what was said first.
    asker.helps().ask_for_help(asker.ask(message)).await.expect("the same");
    let offer = |client: &Client| {
        let (request_id, volunteer_number) = (fresh(), "me".to_owned());
        client.ask(v1::OfferHelpRequest {
            request_id,
            help_no: 1,
            volunteer_number,
            ..<_>::default()
        })
    };
    helper.helps().offer_help(offer(&helper)).await.expect("offered");
    other.helps().offer_help(offer(&other)).await.expect("offered");
    let open = list(&helper, "").await;
    assert_eq!((seen(&open[0]), &open[0].offer_passbook_nos), ((String::new(), 0), &vec![2]));
    let (request_id, helper_passbook_no) = (fresh(), 2);
    let accept =
        v1::AcceptOfferRequest { request_id, help_no: 1, helper_passbook_no, ..<_>::default() };
    asker.helps().accept_offer(asker.ask(accept)).await.expect("accepted");
    assert_eq!(seen(&list(&helper, "me").await[0]), whole);

    not_in_the_journal(&bank, place).await;

    clock.advance(Duration::from_secs(12 * 3600));
    confirm(&helper, 60).await.expect("said");
    confirm(&asker, 60).await.expect("settled");
    let ended = |state: v1::HelpState| {
        let state = state.into();
        helper.ask(v1::ListHelpRequestsRequest { state, ..<_>::default() })
    };
    let confirmed = helper.helps().list_help_requests(ended(v1::HelpState::Confirmed)).await;
    assert_eq!(confirmed.expect("a list").into_inner().help_requests.len(), 1);
    let cancelled = helper.helps().list_help_requests(ended(v1::HelpState::Cancelled)).await;
    assert!(cancelled.expect("a list").into_inner().help_requests.is_empty());
}

async fn not_in_the_journal(bank: &TestBank, words: &str) {
    let auditor = bank.with(&bank.operator().token("auditor", Role::Auditor, "").await);
    let entries = v1::StreamEntriesRequest { from_seq: 1, ..<_>::default() };
    let mut entries =
        auditor.journal().stream_entries(auditor.ask(entries)).await.expect("it").into_inner();
    while let Some(page) = entries.message().await.expect("a page") {
        for it in page.entries {
            let held = it.entry.windows(words.len()).any(|it| it == words.as_bytes());
            assert!(!held, "entry {}", it.seq);
        }
    }
}
