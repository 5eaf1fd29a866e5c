//! Points move to kin, to the pool and out of it again; nobody gives an hour away.

#![expect(clippy::unnecessary_wraps, reason = "fields of messages are optional")]

use lovebank_wire::v1::{self, BranchKind, Role, give_points_request::To};
use tonic::{Code, Response, Status};

use crate::support::{Client, TestBank, fresh, interval, reason, service};

struct Street {
    bank: TestBank,
    clerk: Client,
    approver: Client,
}

/// A street in which volunteers 1, 2 and 3 have 10 points each.
async fn street() -> Street {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    let approver = bank.with(&operator.token("approver-1", Role::Approver, "NW").await);
    for number in ["1", "2", "3"] {
        clerk.register(number, "NW").await;
        for day in 0..2 {
            let time = interval(day * 1440, 300);
            clerk.record(service(number, "NW", time)).await.expect("recorded");
        }
    }
    Street { bank, clerk, approver }
}

fn points(value: &str) -> Option<v1::Decimal> {
    Some(v1::Decimal { value: value.to_owned() })
}

fn to_pool(from: &str, value: &str) -> v1::GivePointsRequest {
    v1::GivePointsRequest {
        request_id: fresh(),
        volunteer_number: from.to_owned(),
        to: Some(To::ToPoolBranchCode("NW".to_owned())),
        points: points(value),
        ..<_>::default()
    }
}

impl Street {
    /// A page of one of the draws that wait on the street's pool.
    async fn draws(&self, page_token: &str) -> Result<v1::ListDrawsResponse, Status> {
        let message = v1::ListDrawsRequest {
            pool_branch_code: "NW".to_owned(),
            page_size: 1,
            page_token: page_token.to_owned(),
            ..<_>::default()
        };
        let answer = self.clerk.transfers().list_draws(self.clerk.ask(message)).await;
        answer.map(Response::into_inner)
    }

    async fn give(&self, message: v1::GivePointsRequest) -> Result<v1::Gift, Status> {
        let answer = self.clerk.transfers().give_points(self.clerk.ask(message)).await?;
        Ok(answer.into_inner().gift.expect("a gift"))
    }

    async fn points(&self, number: &str) -> String {
        self.clerk.passbook(number).await.points.expect("points").value
    }
}

#[tokio::test]
async fn points_go_to_confirmed_kin_and_back_by_an_approver() {
    let street = street().await;
    let to_kin = || v1::GivePointsRequest {
        to: Some(To::ToVolunteerNumber("2".to_owned())),
        ..to_pool("1", "4.50")
    };
    let refused = street.give(to_kin()).await.expect_err("no kin yet");
    assert_eq!(reason(&refused), "GIFT_NOT_ALLOWED");
    let kin = v1::RequestKinRequest {
        request_id: fresh(),
        volunteer_number: "1".to_owned(),
        kin_volunteer_number: "2".to_owned(),
        ..<_>::default()
    };
    street.clerk.transfers().request_kin(street.clerk.ask(kin)).await.expect("asked");
    let kin = v1::ConfirmKinRequest {
        request_id: fresh(),
        volunteer_number: "2".to_owned(),
        kin_volunteer_number: "1".to_owned(),
        ..<_>::default()
    };
    street.approver.transfers().confirm_kin(street.approver.ask(kin)).await.expect("confirmed");
    let gift = street.give(to_kin()).await.expect("given");
    assert_eq!((gift.gift_no, gift.points), (1, points("4.50")));
    assert_eq!(
        (street.points("1").await, street.points("2").await),
        ("5.50".into(), "14.50".into())
    );
    assert_eq!(street.clerk.passbook("1").await.minutes, 600);

    let reverse = v1::ReverseGiftRequest {
        request_id: fresh(),
        gift_no: 1,
        reason: v1::Reason::Other.into(),
        ..<_>::default()
    };
    let approver = &street.approver;
    approver.transfers().reverse_gift(approver.ask(reverse)).await.expect("taken back");
    assert_eq!(
        (street.points("1").await, street.points("2").await),
        ("10.00".into(), "10.00".into())
    );
    let bank = street.bank.restart().await;
    let auditor = bank.with(&bank.operator().token("auditor", Role::Auditor, "").await);
    assert_eq!(auditor.passbook("1").await.lines, 4);
}

#[tokio::test]
async fn the_pool_helps_those_in_need_in_the_published_order() {
    let street = street().await;
    street.give(to_pool("1", "8")).await.expect("given");
    for number in ["2", "3"] {
        let draw = v1::RequestDrawRequest {
            request_id: fresh(),
            volunteer_number: number.to_owned(),
            pool_branch_code: "NW".to_owned(),
            points: points("5"),
            ..<_>::default()
        };
        street.clerk.transfers().request_draw(street.clerk.ask(draw)).await.expect("asked");
    }
    // Both have as many points; 3 is given one away, and so comes first.
    street.give(to_pool("3", "1")).await.expect("given");
    let list = v1::ListDrawsRequest { pool_branch_code: "NW".to_owned(), ..<_>::default() };
    let list = street.clerk.transfers().list_draws(street.clerk.ask(list)).await.expect("a list");
    let list = list.into_inner();
    let order: Vec<(u64, u32)> = list.draws.iter().map(|it| (it.draw_no, it.rank)).collect();
    assert_eq!((order, list.pool), (vec![(2, 1), (1, 2)], points("9.00")));
    let first = street.draws("").await.expect("a page");
    let second = street.draws(&first.next_page_token).await.expect("the next");
    assert_eq!((first.draws[0].draw_no, second.draws[0].draw_no), (2, 1));
    assert_eq!((second.draws[0].rank, second.next_page_token.as_str()), (2, ""));
    // Other rules would turn the two around; tried, they say so.
    let key = "score = \"points\"\nfirst = ";
    let rules = lovebank_ledger::DEFAULT_RULEBOOK.replacen(
        &format!("{key}\"lowest\""),
        &format!("{key}\"highest\""),
        1,
    );
    let tried = crate::priority::adopt(&street.bank.operator(), &rules, true).await;
    let moves: Vec<_> =
        tried.moves.iter().map(|it| (it.draw_no, it.from_rank, it.to_rank)).collect();
    assert_eq!(moves, [(1, 2, 1), (2, 1, 2)]);
    let of_pool = |it: &v1::QueueMove| it.pool_branch_code == "NW" && it.redemption_no == 0;
    assert!(tried.moves.iter().all(of_pool));
    let approve = |draw_no| {
        let message = v1::ApproveDrawRequest { request_id: fresh(), draw_no, ..<_>::default() };
        let call = street.approver.ask(message);
        async { street.approver.transfers().approve_draw(call).await }
    };
    assert_eq!(reason(&approve(1).await.expect_err("not its turn")), "NOT_FIRST");
    approve(2).await.expect("paid");
    let changed = street.draws(&first.next_page_token).await.expect_err("another order");
    assert_eq!(changed.code(), Code::InvalidArgument);
    assert_eq!(reason(&approve(1).await.expect_err("too little is left")), "POOL_TOO_SMALL");
    assert_eq!(street.points("3").await, "14.00");
}
