//! A sheet is taken in part by part: every row has a verdict, and twice changes nothing.

use lovebank_wire::v1::{
    self, BranchKind, Role, Verdict, import_hours_request::Kind, import_row::Time,
};

use crate::support::{Client, TestBank, interval, reason};

fn header(key: u8, validate_only: bool) -> v1::ImportHeader {
    let date = |day| Some(v1::Date { year: 2024, month: 3, day });
    v1::ImportHeader {
        batch_key: vec![key; 32],
        validate_only,
        branch_code: "NW".to_owned(),
        span: Some(v1::Span { from: date(1), to: date(31) }),
        register_missing: true,
        ..<_>::default()
    }
}

pub(crate) fn total(line: u32, number: &str, activity: &str, hours: i64) -> v1::ImportRow {
    v1::ImportRow {
        line,
        volunteer_number: number.to_owned(),
        activity: activity.to_owned(),
        time: Some(Time::TotalMinutes(hours * 60)),
        ..<_>::default()
    }
}

pub(crate) async fn import(
    client: &Client,
    header: v1::ImportHeader,
    parts: Vec<Vec<v1::ImportRow>>,
) -> Result<Vec<v1::ImportHoursResponse>, tonic::Status> {
    let last = parts.len() - 1;
    let parts = (0..).zip(parts).map(|(part, rows)| {
        let last = usize::try_from(part).expect("few") == last;
        Kind::Part(v1::ImportPart { part, last, rows })
    });
    let messages: Vec<_> = std::iter::once(Kind::Header(header))
        .chain(parts)
        .map(|it| v1::ImportHoursRequest { kind: Some(it) })
        .collect();
    let request = client.ask(tokio_stream::iter(messages));
    let mut answers = client.hours().import_hours(request).await?.into_inner();
    let mut all = Vec::new();
    while let Some(it) = answers.message().await? {
        all.push(it);
    }
    Ok(all)
}

fn verdicts(answers: &[v1::ImportHoursResponse]) -> Vec<Verdict> {
    answers.iter().flat_map(|it| &it.verdicts).map(v1::RowVerdict::verdict).collect()
}

async fn bank() -> (TestBank, Client) {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let approver = bank.with(&operator.token("approver-1", Role::Approver, "NW").await);
    (bank, approver)
}

#[tokio::test]
async fn the_last_value_sent_for_a_pair_counts() {
    let (_bank, approver) = bank().await;
    let parts = || {
        vec![
            vec![
                total(1, "a@example.org", "513", 7),
                total(2, "A@Example.org", "513", 7),
                total(3, "a@example.org", "513", 5),
                total(4, "b@example.org", "513", 0),
                total(5, "b@example.org", "513", 0),
            ],
            vec![
                total(6, "b@example.org", "513", 3),
                total(7, "c@example.org", "9", -2),
                total(8, "a@example.org", "513", 0),
            ],
        ]
    };
    let expected = [
        Verdict::New,
        Verdict::Same,
        Verdict::Corrected,
        Verdict::Zero,
        Verdict::Same,
        Verdict::Corrected,
        Verdict::Deduction,
        Verdict::Reversed,
    ];
    let rehearsed = import(&approver, header(1, true), parts()).await.expect("rehearsed");
    assert_eq!(verdicts(&rehearsed), expected);
    let message = v1::ListVolunteersRequest::default();
    let nobody = approver.volunteers().list_volunteers(approver.ask(message)).await;
    assert!(nobody.expect("a list").into_inner().volunteers.is_empty());

    let first = import(&approver, header(1, false), parts()).await.expect("taken in");
    assert_eq!(verdicts(&first), expected);
    assert_eq!(first.iter().map(|it| it.registered).collect::<Vec<_>>(), [2, 1]);
    for (number, minutes) in [("a@example.org", 0), ("b@example.org", 180), ("c@example.org", -120)]
    {
        assert_eq!(approver.passbook(number).await.minutes, minutes, "{number}");
    }
    let debt = approver.passbook("c@example.org").await;
    assert!(debt.in_debt);
    assert_eq!(debt.points_debt.expect("a debt").value, "2.00");

    let again = import(&approver, header(1, false), parts()).await.expect("replayed");
    assert!(again.iter().all(|it| it.receipt.as_ref().is_some_and(|it| it.replayed)));
    assert_eq!(verdicts(&again), expected);
    assert_eq!(approver.passbook("a@example.org").await.lines, 4);
}

#[tokio::test]
async fn a_rehearsal_says_what_the_import_will_say() {
    let (_bank, approver) = bank().await;
    let row = |line, number: &str, start, minutes| v1::ImportRow {
        line,
        volunteer_number: number.to_owned(),
        activity: "社区巡河".to_owned(),
        time: Some(Time::Interval(interval(start, minutes))),
        ..<_>::default()
    };
    let parts = || {
        vec![vec![
            row(3, "0300000001", 540, 150),
            row(4, "0300000001", 600, 150),
            row(5, "0300000001", 540, 150),
            // 23:30 to 01:15.
            row(6, "0300000002", 1410, 105),
            row(7, "0300000002", 2000, 600),
            row(8, "0300000002", 1_000_000_000, 60),
        ]]
    };
    let rehearsed = import(&approver, header(2, true), parts()).await.expect("rehearsed");
    let taken = import(&approver, header(2, false), parts()).await.expect("taken in");
    assert_eq!(rehearsed[0].verdicts, taken[0].verdicts);
    assert_eq!(
        verdicts(&taken),
        [
            Verdict::New,
            Verdict::Refused,
            Verdict::Duplicate,
            Verdict::New,
            Verdict::NewPending,
            Verdict::Refused,
        ]
    );
    let reasons = taken[0].verdicts.iter().filter_map(|it| it.refusal.as_ref());
    assert_eq!(reasons.map(|it| it.reason.as_str()).collect::<Vec<_>>(), ["OVERLAP", "FUTURE"]);
    assert_eq!(approver.passbook("0300000002").await.minutes, 105);
}

#[tokio::test]
async fn a_broken_connection_is_resumed() {
    let (_bank, approver) = bank().await;
    let first = || vec![total(1, "a@example.org", "1", 1)];
    let second = || vec![total(2, "a@example.org", "2", 2)];
    let mut begun = header(3, false);
    begun.register_missing = true;
    // The first part only, and not marked as the last.
    let messages = [
        Kind::Header(begun.clone()),
        Kind::Part(v1::ImportPart { part: 0, last: false, rows: first() }),
    ];
    let messages = messages.map(|it| v1::ImportHoursRequest { kind: Some(it) });
    let request = approver.ask(tokio_stream::iter(messages));
    let answers = approver.hours().import_hours(request).await.expect("begun");
    answers.into_inner().message().await.expect("one part").expect("taken in");
    let all = import(&approver, begun, vec![first(), second()]).await.expect("resumed");
    let replayed: Vec<bool> =
        all.iter().map(|it| it.receipt.as_ref().is_some_and(|it| it.replayed)).collect();
    assert_eq!(replayed, [true, false]);
    assert_eq!(approver.passbook("a@example.org").await.minutes, 180);
}

#[tokio::test]
async fn a_clerk_takes_in_no_totals() {
    let (bank, _) = bank().await;
    let clerk = bank.with(&bank.operator().token("clerk-1", Role::Clerk, "NW").await);
    let rows = vec![vec![total(1, "a@example.org", "1", 1)]];
    let refused = import(&clerk, header(4, false), rows).await.expect_err("an approver's");
    assert_eq!(reason(&refused), "IMPORT_NEEDS_APPROVER");
    // Nothing is half done: nobody was registered on the way.
    let message = v1::ListVolunteersRequest::default();
    let nobody = clerk.volunteers().list_volunteers(clerk.ask(message)).await;
    assert!(nobody.expect("a list").into_inner().volunteers.is_empty());
}

#[tokio::test]
async fn a_dry_run_knows_whom_its_earlier_parts_would_register() {
    let (_bank, approver) = bank().await;
    let parts = || {
        let row = |line, activity| total(line, "a@example.org", activity, 2);
        vec![vec![row(1, "513")], vec![row(2, "514"), total(3, "b@example.org", "514", 3)]]
    };
    let dry = import(&approver, header(9, true), parts()).await.expect("rehearsed");
    let real = import(&approver, header(9, false), parts()).await.expect("taken in");
    let told = |of: &[v1::ImportHoursResponse]| {
        of.iter().map(|it| (it.registered, it.verdicts.clone())).collect::<Vec<_>>()
    };
    assert_eq!(told(&dry), told(&real));
    assert_eq!(real.iter().map(|it| it.registered).collect::<Vec<_>>(), [1, 1]);

    // A part with nobody but those whom the rehearsed part before it registers.
    let parts = || {
        vec![vec![total(1, "c@example.org", "513", 2)], vec![total(2, "c@example.org", "514", 2)]]
    };
    let dry = import(&approver, header(10, true), parts()).await.expect("rehearsed");
    assert_eq!(dry.iter().map(|it| it.registered).collect::<Vec<_>>(), [1, 0]);
    let real = import(&approver, header(10, false), parts()).await.expect("taken in");
    assert_eq!(told(&dry), told(&real));
}
