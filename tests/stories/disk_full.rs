//! The disk fills up during an import: the bank says so, stops writing, goes on answering questions,
//! and goes on from where it was once there is room.

use std::{path::Path, time::Duration};

use lovebank_wire::v1::{self, BranchKind, Role, import_hours_request::Kind, import_row::Time};
use tonic::{Code, Status};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_types::StatusExt as _;

use crate::{
    process::{Process, http},
    support::{Client, connect, interval, operator_token, reason, service},
};

/// Rows of one part.
const ROWS: u32 = 500;
/// More parts than the room is for.
const PARTS: u32 = 60;
/// The room that is left in the journal's file.
const ROOM_KIB: u64 = 1024;
const FLAGS: [&str; 4] = ["--metrics-listen", "127.0.0.1:0", "--log", "off"];

fn number(part: u32, row: u32) -> String {
    format!("{:08}", part * ROWS + row)
}

fn sheet() -> Vec<v1::ImportHoursRequest> {
    let date = |day| Some(v1::Date { year: 2024, month: 3, day });
    let header = v1::ImportHeader {
        batch_key: vec![7; 32],
        branch_code: "NW".to_owned(),
        span: Some(v1::Span { from: date(1), to: date(31) }),
        register_missing: true,
        ..<_>::default()
    };
    let row = |part: u32, row: u32| v1::ImportRow {
        line: part * ROWS + row + 2,
        volunteer_number: number(part, row),
        name: "测试甲".to_owned(),
        activity: "社区巡河".to_owned(),
        time: Some(Time::TotalMinutes(60)),
        ..<_>::default()
    };
    let part = |part| v1::ImportPart {
        part,
        last: part + 1 == PARTS,
        rows: (0..ROWS).map(|it| row(part, it)).collect(),
    };
    let parts = (0..PARTS).map(|it| Kind::Part(part(it)));
    let messages = std::iter::once(Kind::Header(header)).chain(parts);
    messages.map(|it| v1::ImportHoursRequest { kind: Some(it) }).collect()
}

/// Imports until the end or the first error: what was acknowledged, and the error.
async fn import(approver: &Client) -> (Vec<v1::ImportHoursResponse>, Option<Status>) {
    let request = approver.ask(tokio_stream::iter(sheet()));
    let answers = approver.hours().import_hours(request).await;
    let mut answers = answers.expect("it begins").into_inner();
    let mut taken = Vec::new();
    loop {
        match answers.message().await {
            Ok(Some(it)) => taken.push(it),
            Ok(None) => return (taken, None),
            Err(status) => return (taken, Some(status)),
        }
    }
}

fn largest_file_kib(directory: &Path) -> u64 {
    let files = std::fs::read_dir(directory).expect("a directory");
    let sizes = files.map(|it| it.expect("an entry").metadata().expect("its size").len());
    sizes.max().expect("a file").div_ceil(1024)
}

/// What health says of a service of this name.
async fn health(bank: &Process, name: &str) -> i32 {
    let mut client = HealthClient::new(connect(&bank.address).await);
    let request = HealthCheckRequest { service: name.to_owned() };
    client.check(request).await.expect("an answer").into_inner().status
}

fn shown(bank: &Process, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: bank\r\nConnection: close\r\n\r\n");
    String::from_utf8(http(&bank.metrics, request.as_bytes())).expect("text")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_writes_and_no_questions_and_loses_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let bank = Process::start(directory.path());
    let operator = bank.client(&operator_token(directory.path()).await).await;
    operator.branch("NW", BranchKind::Street, "").await;
    let token = operator.token("approver-1", Role::Approver, "NW").await;
    bank.client(&token).await.register("early", "NW").await;
    drop(operator);
    bank.terminate();
    assert!(bank.wait().0.success());

    let limit = largest_file_kib(&directory.path().join("journal")) + ROOM_KIB;
    let bank = Process::start_within(directory.path(), limit, &FLAGS);
    let approver = bank.client(&token).await;
    let (acked, full) = import(&approver).await;
    told_that_it_is_full(&full.expect("the room is for less than that"));
    assert!(!acked.is_empty(), "there was some room");

    only_reads(&bank).await;
    let refused = approver.record(service("early", "NW", interval(0, 60))).await;
    let refused = refused.expect_err("nothing is written any more");
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::FailedPrecondition, "READ_ONLY")
    );
    let (none, refused) = import(&approver).await;
    assert!(none.len() <= acked.len(), "only what it knows already");
    assert_eq!(reason(&refused.expect("an error")), "READ_ONLY");
    all_there(&approver, &acked).await;
    drop(approver);
    bank.terminate();
    assert_eq!(bank.wait().0.code(), Some(1), "it says that it failed");

    let bank = Process::start_with(directory.path(), &FLAGS);
    let approver = bank.client(&token).await;
    all_there(&approver, &acked).await;
    let (again, none) = import(&approver).await;
    assert_eq!(none.map(|it| it.code()), None);
    assert_eq!(u32::try_from(again.len()), Ok(PARTS));
    for (before, after) in acked.iter().zip(&again) {
        let seq = |it: &v1::ImportHoursResponse| it.receipt.as_ref().map(|it| it.seq);
        assert_eq!(seq(before), seq(after), "what was acknowledged is not done twice");
        assert!(after.receipt.as_ref().is_some_and(|it| it.replayed));
    }
    all_there(&approver, &again).await;
    approver.record(service("early", "NW", interval(0, 60))).await.expect("it writes again");
    bank.kill();
}

fn told_that_it_is_full(status: &Status) {
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    assert_eq!(reason(status), "STORAGE_FULL");
    assert!(status.message().contains("disk is full"), "{status:?}");
    let chinese = status.get_details_localized_message().expect("a Chinese text");
    assert!(chinese.message.contains("磁盘已满"), "{chinese:?}");
    assert!(status.get_details_retry_info().is_none(), "waiting alone does not help");
}

/// Health tells the taking of commands from the serving of questions.
async fn only_reads(bank: &Process) {
    const SERVING: i32 = 1;
    const NOT_SERVING: i32 = 2;
    while health(bank, "lovebank.writes").await != NOT_SERVING {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for name in ["", "lovebank.v1.PassbookService"] {
        assert_eq!(health(bank, name).await, SERVING, "{name}");
    }
    let answer = shown(bank, "/healthz");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("questions only"), "{answer}");
    let measures = shown(bank, "/metrics");
    assert!(measures.contains("lovebank_serving 1\n"), "{measures}");
    assert!(measures.contains("lovebank_writable 0\n"), "{measures}");
}

/// Every row of the parts that were acknowledged is in its passbook, once.
async fn all_there(approver: &Client, taken: &[v1::ImportHoursResponse]) {
    for it in taken {
        assert_eq!(u32::try_from(it.verdicts.len()), Ok(ROWS));
        for row in [0, ROWS / 2, ROWS - 1] {
            let passbook = approver.passbook(&number(it.part, row)).await;
            assert_eq!((passbook.minutes, passbook.lines), (60, 1));
        }
    }
}
