//! A year of service, as those see it who recognise it.

use lovebank_wire::v1::{self, BranchKind, Role};

use crate::support::{Client, TestBank, fresh, interval, reason, service};

async fn list(
    client: &Client,
    message: v1::ListAnnualRecognitionRequest,
) -> Result<Vec<v1::AnnualRow>, tonic::Status> {
    let mut answers =
        client.recognitions().list_annual_recognition(client.ask(message)).await?.into_inner();
    let (mut rows, mut messages) = (Vec::new(), 0);
    while let Some(answer) = answers.message().await? {
        rows.extend(answer.rows);
        messages += 1;
    }
    assert!(0 < messages, "even of nobody there is an answer");
    Ok(rows)
}

fn of_year(year: i32, branch_code: &str) -> v1::ListAnnualRecognitionRequest {
    v1::ListAnnualRecognitionRequest { year, branch_code: branch_code.to_owned(), ..<_>::default() }
}

/// Who served how much, with places.
fn seen(rows: &[v1::AnnualRow]) -> Vec<(u32, &str, i64)> {
    rows.iter().map(|it| (it.rank, it.volunteer_number.as_str(), it.minutes)).collect()
}

struct Street {
    bank: TestBank,
    clerk: Client,
    officer: Client,
}

/// Volunteer 1 of the street served an hour, 2 and 3 of a community two, all on 2024-03-01.
async fn street() -> Street {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    operator.branch("NW-01", BranchKind::Community, "NW").await;
    let clerk = bank.with(&operator.token("clerk", Role::Clerk, "NW").await);
    let officer = bank.with(&operator.token("officer", Role::AwardOfficer, "").await);
    for (number, branch) in [("1", "NW"), ("2", "NW-01"), ("3", "NW-01")] {
        clerk.register(number, branch).await;
    }
    // The first service of tests is on 2024-03-01.
    for (number, minutes) in [("1", 60), ("2", 120), ("3", 120)] {
        let message = service(number, "NW", interval(0, minutes));
        clerk.record(message).await.expect("recorded");
    }
    Street { bank, clerk, officer }
}

#[tokio::test]
async fn a_year_is_listed_as_of_now_and_as_of_then() {
    let Street { bank, clerk, officer } = street().await;
    let all = list(&officer, of_year(2024, "")).await.expect("all");
    let (two, three) = ((1, "2", 120), (1, "3", 120));
    assert_eq!(seen(&all), [two, three, (3, "1", 60)]);
    let below = list(&clerk, of_year(2024, "NW-01")).await.expect("of a community");
    assert_eq!(seen(&below), [two, three]);
    let least =
        v1::ListAnnualRecognitionRequest { least_minutes: 61, limit: 1, ..of_year(2024, "NW") };
    assert_eq!(seen(&list(&clerk, least).await.expect("some")), [two]);
    assert!(list(&officer, of_year(2023, "")).await.expect("nobody").is_empty());

    // What is taken back later changes now, and not then.
    let then = officer.passbook("1").await.last_line.expect("a line").seq + 2;
    let approver = bank.with(&bank.operator().token("approver", Role::Approver, "NW").await);
    let reverse = v1::ReverseHoursRequest {
        request_id: fresh(),
        record_nos: vec![2],
        reason: v1::Reason::NotServed.into(),
        ..<_>::default()
    };
    approver.hours().reverse_hours(approver.ask(reverse)).await.expect("reversed");
    let now = list(&officer, of_year(2024, "")).await.expect("now");
    assert_eq!(seen(&now), [three, (2, "1", 60)]);
    let as_of = Some(v1::AsOf { moment: Some(v1::as_of::Moment::Seq(then)) });
    let as_then = v1::ListAnnualRecognitionRequest { as_of, ..of_year(2024, "") };
    assert_eq!(list(&officer, as_then).await.expect("then"), all);
}

#[tokio::test]
async fn a_volunteer_sees_the_own_year_and_questions_are_told_what_is_wrong() {
    let Street { bank, clerk, officer } = street().await;
    let own = bank.with(&bank.operator().token("v3", Role::Volunteer, "3").await);
    let message = v1::GetAnnualSummaryRequest {
        volunteer_number: "me".to_owned(),
        year: 2024,
        ..<_>::default()
    };
    let answer = own.recognitions().get_annual_summary(own.ask(message)).await.expect("a year");
    let it = answer.into_inner().summary.expect("a summary");
    assert_eq!((it.volunteer_number.as_str(), it.minutes, it.services), ("3", 120, 1));
    let march: Vec<i64> = it.months.iter().map(|it| it.minutes).collect();
    assert_eq!((march.len(), march[2], march.iter().sum::<i64>()), (12, 120, 120));
    assert_eq!((it.branches[0].branch_code.as_str(), it.categories.len()), ("NW", 1));

    for (message, why) in [
        (of_year(1969, ""), "MALFORMED"),
        (v1::ListAnnualRecognitionRequest { least_star: 11, ..of_year(2024, "") }, "MALFORMED"),
        (of_year(2024, "XX"), "BRANCH_UNKNOWN"),
    ] {
        assert_eq!(reason(&list(&officer, message).await.expect_err(why)), why);
    }
    let far = list(&clerk, of_year(2024, "")).await.expect_err("not the whole bank");
    assert_eq!(reason(&far), "BANK_WIDE_ONLY");
}

#[tokio::test]
async fn a_branch_with_those_below_it_adds_up() {
    let Street { bank, clerk, officer } = street().await;
    clerk.record(service("1", "NW-01", interval(300, 30))).await.expect("recorded");
    let of = |branch_code: &str| v1::GetBranchStatisticsRequest {
        year: 2024,
        branch_code: branch_code.to_owned(),
        ..<_>::default()
    };
    let ask = |client: &Client, message| {
        let (mut recognitions, request) = (client.recognitions(), client.ask(message));
        async move { recognitions.get_branch_statistics(request).await }
    };
    let all = ask(&officer, of("")).await.expect("the bank").into_inner();
    assert_eq!((all.minutes, all.volunteers, all.rows.len()), (330, 3, 1));
    assert_eq!((all.rows[0].month, all.rows[0].minutes, all.rows[0].volunteers), (3, 330, 3));
    let by: Vec<_> = all.branches.iter().map(|it| (it.branch_code.as_str(), it.minutes)).collect();
    assert_eq!(by, [("NW", 300), ("NW-01", 30)]);
    let below = ask(&clerk, of("NW-01")).await.expect("a community").into_inner();
    assert_eq!((below.minutes, below.volunteers), (30, 1));
    let far = ask(&clerk, of("")).await.expect_err("not the whole bank");
    assert_eq!(reason(&far), "BANK_WIDE_ONLY");
    drop(bank);
}
