//! Those who gave are served first, and are told why.

#![expect(clippy::unnecessary_wraps, reason = "fields of messages are optional")]

use std::time::Duration;

use lovebank::clock::ManualClock;
use lovebank_ledger::Timestamp;
use lovebank_wire::v1::{
    self, BranchKind,
    RedemptionState::{Allocated, Cancelled, Expired, Fulfilled, Waiting},
    Role,
};

use crate::support::{Client, TestBank, fresh, interval, reason, service};

/// 2024-04-01 09:00 in Shanghai: a month after what is served here.
const NOW: i64 = 1_711_933_200;

pub(crate) struct Street {
    pub(crate) bank: TestBank,
    pub(crate) clock: ManualClock,
    pub(crate) clerk: Client,
    pub(crate) approver: Client,
}

fn at(seconds: i64) -> Option<prost_types::Timestamp> {
    Some(prost_types::Timestamp { seconds, nanos: 0 })
}

/// A street whose volunteer `n` has served `n` hours.
pub(crate) async fn street(volunteers: i64) -> Street {
    let clock = ManualClock::at(Timestamp::from_micros(NOW * 1_000_000));
    let bank = TestBank::start_at(&clock).await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    let approver = bank.with(&operator.token("approver-1", Role::Approver, "NW").await);
    for number in 1..=volunteers {
        clerk.register(&number.to_string(), "NW").await;
        for hour in 0..number {
            let time = interval(hour * 1440, 60);
            clerk.record(service(&number.to_string(), "NW", time)).await.expect("recorded");
        }
    }
    Street { bank, clock, clerk, approver }
}

pub(crate) fn reward(stock: u32, price: &str) -> v1::Reward {
    v1::Reward {
        branch_code: "NW".to_owned(),
        name: "粮油券".to_owned(),
        kind: v1::RewardKind::Goods.into(),
        price: Some(v1::Decimal { value: price.to_owned() }),
        stock,
        ..<_>::default()
    }
}

/// A window that closes in an hour.
pub(crate) fn window() -> Option<v1::RewardWindow> {
    Some(v1::RewardWindow {
        opens_at: at(NOW - 60),
        closes_at: at(NOW + 3600),
        fulfill_until: at(NOW + 7200),
    })
}

impl Street {
    pub(crate) async fn publish(&self, reward: v1::Reward) -> Result<u64, tonic::Status> {
        let request_id = fresh();
        let reward = Some(reward);
        let message = v1::PublishRewardRequest { request_id, reward, ..<_>::default() };
        let answer = self.approver.redemptions().publish_reward(self.approver.ask(message)).await?;
        Ok(answer.into_inner().reward_no)
    }

    async fn points(&self, number: &str) -> (String, String) {
        let it = self.clerk.passbook(number).await;
        (it.points.expect("points").value, it.points_held.expect("points").value)
    }
}

pub(crate) async fn request(
    client: &Client,
    number: &str,
    reward_no: u64,
) -> Result<v1::Redemption, tonic::Status> {
    let message = v1::RequestRedemptionRequest {
        request_id: fresh(),
        volunteer_number: number.to_owned(),
        reward_no,
        ..<_>::default()
    };
    let answer = client.redemptions().request_redemption(client.ask(message)).await?;
    Ok(answer.into_inner().redemption.expect("a redemption"))
}

pub(crate) async fn get(client: &Client, redemption_no: u64) -> v1::Redemption {
    let message = v1::GetRedemptionRequest { redemption_no, ..<_>::default() };
    let answer = client.redemptions().get_redemption(client.ask(message)).await.expect("one");
    answer.into_inner().redemption.expect("a redemption")
}

pub(crate) async fn fulfill(client: &Client, code: &str) -> Result<v1::Redemption, tonic::Status> {
    let request_id = fresh();
    let code = code.to_owned();
    let message = v1::FulfillRedemptionRequest { request_id, code, ..<_>::default() };
    let answer = client.redemptions().fulfill_redemption(client.ask(message)).await?;
    Ok(answer.into_inner().redemption.expect("a redemption"))
}

pub(crate) async fn explain(client: &Client, redemption_no: u64) -> v1::ExplainPriorityResponse {
    let message = v1::ExplainPriorityRequest { redemption_no, ..<_>::default() };
    let answer = client.redemptions().explain_priority(client.ask(message)).await;
    answer.expect("explained").into_inner()
}

#[tokio::test]
async fn a_code_is_its_owners_and_works_once() {
    let street = street(3).await;
    let reward_no = street.publish(reward(2, "2")).await.expect("published");
    let own = street.bank.with(&street.bank.operator().token("v3", Role::Volunteer, "3").await);
    let asked = request(&own, "me", reward_no).await.expect("asked");
    assert_eq!(asked.state(), Allocated);
    assert!(asked.code.starts_with("1-") && asked.code.len() == 10, "{}", asked.code);
    assert_eq!(street.points("3").await, ("3.00".into(), "2.00".into()));
    assert_eq!(get(&street.clerk, 1).await.code, "", "the desk asks for it");
    let wrong = fulfill(&street.clerk, "1-00000000").await.expect_err("a guess");
    assert_eq!(reason(&wrong), "CODE_WRONG");
    let got = fulfill(&street.clerk, &asked.code.to_lowercase()).await.expect("got");
    assert_eq!(got.state(), Fulfilled);
    let again = fulfill(&street.clerk, &asked.code).await.expect_err("used up");
    assert_eq!(reason(&again), "REDEMPTION_STATE");
    assert_eq!(street.points("3").await, ("1.00".into(), "0.00".into()));
    let passbook = street.clerk.passbook("3").await;
    let line = passbook.last_line.expect("a line");
    assert_eq!((line.kind(), line.reward_name.as_str()), (v1::LineKind::Redeemed, "粮油券"));
    assert_eq!(passbook.minutes, 180, "hours are never spent");
    let poor = request(&street.clerk, "1", reward_no).await.expect_err("too dear");
    assert_eq!(reason(&poor), "INSUFFICIENT_POINTS");
    assert!(poor.message().contains("1.00 are available"), "{}", poor.message());
}

#[tokio::test]
async fn a_partner_hands_out_by_the_code_and_learns_nothing_of_anybody() {
    let street = street(3).await;
    let operator = street.bank.operator();
    operator.branch("BJ", BranchKind::Street, "").await;
    let reward_no = street.publish(reward(2, "2")).await.expect("published");
    let own = street.bank.with(&operator.token("v3", Role::Volunteer, "3").await);
    let asked = request(&own, "me", reward_no).await.expect("asked");
    let elsewhere = street.bank.with(&operator.token("shop-2", Role::Partner, "BJ").await);
    let refused = fulfill(&elsewhere, &asked.code).await.expect_err("of another street");
    assert_eq!(reason(&refused), "OUT_OF_SCOPE");
    let shop = street.bank.with(&operator.token("shop-1", Role::Partner, "NW").await);
    let miss = v1::MarkNoShowRequest { request_id: fresh(), redemption_no: 1, ..<_>::default() };
    let refused = shop.redemptions().mark_no_show(shop.ask(miss)).await.expect_err("a clerk's");
    assert_eq!(reason(&refused), "ROLE_REQUIRED");
    let got = fulfill(&shop, &asked.code).await.expect("handed out");
    assert_eq!((got.state(), got.reward_name.as_str()), (Fulfilled, "粮油券"));
    assert_eq!((got.volunteer_number.as_str(), got.passbook_no), ("", 0));
    assert_eq!(street.points("3").await, ("1.00".into(), "0.00".into()));
}

/// Where the first four redemptions stand.
async fn states(client: &Client) -> Vec<v1::RedemptionState> {
    let mut states = Vec::new();
    for no in 1..=4 {
        states.push(get(client, no).await.state());
    }
    states
}

#[tokio::test]
async fn a_window_that_closes_while_the_bank_is_down_is_settled_as_of_then() {
    let street = street(4).await;
    let it = v1::Reward { window: window(), ..reward(2, "1") };
    let reward_no = street.publish(it).await.expect("published");
    for number in ["1", "2", "3", "4"] {
        request(&street.clerk, number, reward_no).await.expect("asked");
    }
    let need = v1::SetNeedClassRequest {
        request_id: fresh(),
        volunteer_number: "1".to_owned(),
        need_class: 5,
        ..<_>::default()
    };
    street.approver.volunteers().set_need_class(street.approver.ask(need)).await.expect("set");
    let told = explain(&street.clerk, 3).await;
    assert_eq!((told.rank, told.of, told.places, told.allocation_seq), (3, 4, 2, 0));
    assert!(told.message.contains("minutes served in the last 12 months"), "{}", told.message);
    assert!(told.message_zh.contains("排在第3位"), "{}", told.message_zh);

    let Street { bank, clock, clerk, .. } = street;
    let bank = bank.stopped_while(|| clock.advance(Duration::from_secs(5400))).await;
    let clerk = clerk.moved(&bank);
    // Who is in need first, then who served most.
    assert_eq!(states(&clerk).await, [Allocated, Waiting, Waiting, Allocated]);
    let told = explain(&clerk, 3).await;
    assert_eq!((told.rank, told.of, told.places), (3, 4, 2));
    assert!(0 < told.allocation_seq);
    let last = told.last_served.expect("one is");
    assert_eq!((last.other_rank, last.own.expect("own").value.as_str()), (2, "180"));
    let message = v1::ListQueueRequest { reward_no, ..<_>::default() };
    let queue = clerk.redemptions().list_queue(clerk.ask(message)).await.expect("a queue");
    let ranks: Vec<(u32, u64)> =
        queue.into_inner().places_in_line.iter().map(|it| (it.rank, it.redemption_no)).collect();
    assert_eq!(ranks, [(3, 3), (4, 2)]);

    let message =
        v1::CancelRedemptionRequest { request_id: fresh(), redemption_no: 4, ..<_>::default() };
    clerk.redemptions().cancel_redemption(clerk.ask(message)).await.expect("cancelled");
    assert_eq!(states(&clerk).await, [Allocated, Waiting, Allocated, Cancelled]);
    // Who still waits is told of the last who is served by now.
    let told = explain(&clerk, 2).await;
    assert_eq!((told.rank, told.of, told.places), (4, 4, 3));
    assert_eq!(told.last_served.expect("one is").other_rank, 3);
    assert!(told.message.contains("Place 3 comes before"), "{}", told.message);
    // Nobody came: at the end all points are free again.
    clock.advance(Duration::from_secs(3600));
    let bank = bank.restart().await;
    let clerk = clerk.moved(&bank);
    assert_eq!(states(&clerk).await, [Expired, Expired, Expired, Cancelled]);
    let passbook = clerk.passbook("3").await;
    assert_eq!(passbook.points_held.expect("points").value, "0.00");
}

async fn set_status(street: &Street, number: &str, status: v1::VolunteerStatus) {
    let message = v1::SetVolunteerStatusRequest {
        request_id: fresh(),
        volunteer_number: number.to_owned(),
        status: status.into(),
        ..<_>::default()
    };
    let ask = street.approver.ask(message);
    street.approver.volunteers().set_volunteer_status(ask).await.expect("set");
}

#[tokio::test]
async fn one_who_was_passed_over_is_told_of_those_before_and_of_no_place() {
    let street = street(4).await;
    let it = v1::Reward { window: window(), ..reward(1, "1") };
    let reward_no = street.publish(it).await.expect("published");
    for number in ["1", "2", "3", "4"] {
        request(&street.clerk, number, reward_no).await.expect("asked");
    }
    street.clock.advance(Duration::from_secs(5400));
    let first = explain(&street.clerk, 4).await;
    assert_eq!((first.rank, first.places), (1, 1), "who served most");
    // The second takes no part when a place comes free, so the third gets it.
    set_status(&street, "3", v1::VolunteerStatus::Suspended).await;
    let message =
        v1::CancelRedemptionRequest { request_id: fresh(), redemption_no: 4, ..<_>::default() };
    let ask = street.clerk.ask(message);
    street.clerk.redemptions().cancel_redemption(ask).await.expect("cancelled");
    assert_eq!(states(&street.clerk).await, [Waiting, Allocated, Waiting, Cancelled]);
    set_status(&street, "3", v1::VolunteerStatus::Active).await;
    let told = explain(&street.clerk, 3).await;
    assert_eq!((told.rank, told.places), (2, 1));
    assert_eq!(told.last_served.expect("one is").other_rank, 1);
    let last = explain(&street.clerk, 1).await;
    assert_eq!((last.rank, last.places), (4, 3));
}

#[tokio::test]
async fn a_reward_that_cannot_be_one_is_refused_with_line_and_column() {
    let street = street(1).await;
    let with =
        |eligibility: &str| v1::Reward { eligibility: eligibility.to_owned(), ..reward(1, "1") };
    for (formula, place) in [
        ("minutes >= hours", "line 1, column 12"),
        ("minutes >= 60 &&\n star", "line 2, column 2"),
        ("minutes >", "line 1"),
    ] {
        let refused = street.publish(with(formula)).await.expect_err(formula);
        assert_eq!(reason(&refused), "MALFORMED");
        assert!(refused.message().contains(place), "{}", refused.message());
        assert!(refused.message().contains("reward.eligibility"), "{}", refused.message());
    }
    let refused = street.publish(v1::Reward {
        window: window(),
        policy: "nobody-knows".to_owned(),
        ..reward(1, "1")
    });
    assert_eq!(reason(&refused.await.expect_err("unknown")), "POLICY_UNKNOWN");
    let reward_no = street.publish(with("minutes >= 120 || need_class > 0")).await.expect("fine");
    let refused = request(&street.clerk, "1", reward_no).await.expect_err("too few");
    assert_eq!(reason(&refused), "NOT_ELIGIBLE");
    assert!(refused.message().contains("minutes = 60"), "{}", refused.message());
}
