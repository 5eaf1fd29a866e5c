//! What a caller is told where the bank cannot: too much at once, storage that fails, a vault
//! that fails, a bank that stops.

use std::{fs, time::Duration};

use lovebank_wire::v1::{self, BranchKind, Role, import_hours_request::Kind};
use tokio::{sync::mpsc, task::JoinSet};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest,
};
use tonic_types::StatusExt as _;

use crate::{
    process::Process,
    support::{Client, TestBank, config_in, fresh, interval, operator_token, reason, service},
};

/// Clients that record at once.
const CLIENTS: i64 = 64;
/// Far longer than anything here takes: only what hangs comes to it.
const PATIENCE: Duration = Duration::from_secs(120);

/// A no that says to come again, and when.
fn checked(status: &Status, code: Code, reason_due: &str) {
    assert_eq!((status.code(), reason(status).as_str()), (code, reason_due), "{status:?}");
    let delay = status.get_details_retry_info().and_then(|it| it.retry_delay);
    assert!(delay.is_some_and(|it| !it.is_zero()), "{status:?}");
}

async fn clerk(bank: &TestBank) -> Client {
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_turned_away_by_a_full_queue_comes_again_and_is_recorded_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut config = config_in(directory.path());
    (config.queue_max, config.group_max) = (1, 1);
    let bank = TestBank::start_with(directory, config, None).await;
    let clerk = clerk(&bank).await;
    clerk.register("1", "NW").await;
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let clerk = clerk.clone();
        clients.spawn(async move {
            let message = service("1", "NW", interval(client * 5, 5));
            let mut refused = 0;
            while let Err(status) = clerk.record(message.clone()).await {
                checked(&status, Code::ResourceExhausted, "QUEUE_FULL");
                refused += 1;
                tokio::task::yield_now().await;
            }
            refused
        });
    }
    let refused: u64 = clients.join_all().await.into_iter().sum();
    assert!(0 < refused, "with one place in the queue, of {CLIENTS} some find it taken");
    let passbook = clerk.passbook("1").await;
    assert_eq!((passbook.lines, passbook.minutes), (64, CLIENTS * 5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn storage_that_fails_ends_the_bank_and_the_same_request_id_tells_after_a_restart() {
    let directory = tempfile::tempdir().expect("a directory");
    let flags = ["--metrics-listen", "off", "--log", "warn"];
    let bank = Process::start_with(directory.path(), &flags);
    let operator = bank.client(&operator_token(directory.path()).await).await;
    operator.branch("NW", BranchKind::Street, "").await;
    let token = operator.token("clerk-1", Role::Clerk, "NW").await;
    let clerk = bank.client(&token).await;
    clerk.register("1", "NW").await;
    clerk.record(service("1", "NW", interval(0, 60))).await.expect("recorded");

    // The engine takes a value outside its log for one that is not durable.
    let blob = directory.path().join("journal/blobs/1");
    fs::write(&blob, b"").expect("written");
    let message = service("1", "NW", interval(60, 60));
    let failed = clerk.record(message.clone()).await.expect_err("it is not durable");
    checked(&failed, Code::Unavailable, "STORAGE_FAILED");
    drop((clerk, operator));
    let (status, log) = bank.wait();
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(log.contains("the writer ends") && log.contains("the bank stops"), "{log}");

    fs::remove_file(&blob).expect("removed");
    let bank = Process::start(directory.path());
    let clerk = bank.client(&token).await;
    clerk.record(message).await.expect("recorded now, or before");
    let passbook = clerk.passbook("1").await;
    assert_eq!((passbook.lines, passbook.minutes), (2, 120));
    bank.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vault_that_fails_changes_nothing_and_what_needs_no_vault_goes_on() {
    let bank = TestBank::start().await;
    let clerk = clerk(&bank).await;
    clerk.register("1", "NW").await;
    let head = async || {
        let message = v1::ListBranchesRequest::default();
        let list = clerk.branches().list_branches(clerk.ask(message)).await.expect("a list");
        list.into_inner().read_seq
    };
    let before = head().await;
    let path = bank.directory.path().join("vault/vault.sqlite");
    let whole = fs::read(&path).expect("a vault");
    fs::write(&path, vec![7; whole.len()]).expect("overwritten");

    let volunteer = v1::NewVolunteer {
        volunteer_number: "2".to_owned(),
        branch_code: "NW".to_owned(),
        ..<_>::default()
    };
    let register = v1::RegisterVolunteerRequest {
        request_id: fresh(),
        volunteer: Some(volunteer),
        ..<_>::default()
    };
    let ask = || clerk.ask(register.clone());
    let failed = clerk.volunteers().register_volunteer(ask()).await.expect_err("no vault");
    checked(&failed, Code::Unavailable, "VAULT_FAILED");
    let mut noted = service("1", "NW", interval(0, 60));
    noted.item.as_mut().expect("an item").annotation =
        Some(v1::Annotation { note: "带伞".to_owned(), ..<_>::default() });
    let failed = clerk.record(noted.clone()).await.expect_err("its note cannot be kept");
    checked(&failed, Code::Unavailable, "VAULT_FAILED");
    assert_eq!(head().await, before, "the journal knows nothing that the vault does not");
    clerk.record(service("1", "NW", interval(60, 60))).await.expect("it has no note");
    assert_eq!(clerk.passbook("1").await.minutes, 60);

    fs::write(&path, whole).expect("put back");
    clerk.volunteers().register_volunteer(ask()).await.expect("registered");
    clerk.record(noted).await.expect("recorded");
    assert_eq!((clerk.passbook("1").await.minutes, clerk.passbook("2").await.lines), (120, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vault_that_cannot_tell_who_is_registered_twice_registers_all_the_same() {
    let bank = TestBank::start().await;
    let clerk = clerk(&bank).await;
    let register = async |number: &str| {
        let (name, phone) = ("测试甲".to_owned(), "13800138000".to_owned());
        let volunteer = v1::NewVolunteer {
            volunteer_number: number.to_owned(),
            branch_code: "NW".to_owned(),
            joined: None,
            person: Some(v1::Person { name, phone, ..<_>::default() }),
        };
        let (request_id, volunteers) = (fresh(), vec![volunteer]);
        let message =
            v1::BatchRegisterVolunteersRequest { request_id, volunteers, ..<_>::default() };
        let answer = clerk.volunteers().batch_register_volunteers(clerk.ask(message)).await;
        let answer = answer.expect("registered").into_inner();
        (answer.registered.len(), answer.likely_duplicates.len(), answer.likely_duplicates_total)
    };
    assert_eq!(register("1").await, (1, 0, 0));
    assert_eq!(register("2").await, (1, 1, 1));
    // A row of the same name and telephone that cannot be read.
    let path = bank.directory.path().join("vault/vault.sqlite");
    let file = rusqlite::Connection::open(path).expect("a vault");
    let damage = "PRAGMA ignore_check_constraints = ON;
        INSERT INTO person (id, number, canonical, name_key, phone_digits)
            SELECT x'00', 'x', 'x', name_key, phone_digits FROM person LIMIT 1";
    file.execute_batch(damage).expect("damaged");
    assert_eq!(register("3").await, (1, 0, 0), "no hint is no failure");
    file.execute_batch("DELETE FROM person WHERE id = x'00'").expect("mended");
    assert_eq!(register("4").await, (1, 3, 3));
    assert_eq!(clerk.passbook("3").await.lines, 0);
}

/// The next of a stream that ends with the bank.
async fn over<T: std::fmt::Debug>(stream: &mut tonic::Streaming<T>) -> Status {
    loop {
        match tokio::time::timeout(PATIENCE, stream.message()).await.expect("it ends") {
            Ok(Some(_)) => {}
            Ok(None) => panic!("it ends with a reason"),
            Err(status) => return status,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bank_that_stops_ends_the_streams_that_wait_and_does_not_wait_for_them() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut config = config_in(directory.path());
    // So long that nobody sees the end of it.
    config.shutdown_grace_s = 600;
    let bank = TestBank::start_with(directory, config, None).await;
    let clerk = clerk(&bank).await;
    let operator = bank.operator();
    clerk.register("1", "NW").await;

    let message = v1::WatchPassbookRequest { volunteer_number: "1".to_owned(), after_line_no: 0 };
    let watch = clerk.passbooks().watch_passbook(clerk.ask(message)).await.expect("a watch");
    let mut watch = watch.into_inner();
    watch.message().await.expect("told").expect("at once");
    let message = v1::StreamEntriesRequest { follow: true, ..<_>::default() };
    let entries = operator.journal().stream_entries(operator.ask(message)).await.expect("begun");
    let mut entries = entries.into_inner();
    entries.message().await.expect("told").expect("at once");
    let (parts, received) = mpsc::channel(1);
    let header =
        v1::ImportHeader { batch_key: vec![1; 32], branch_code: "NW".to_owned(), ..<_>::default() };
    let first = v1::ImportHoursRequest { kind: Some(Kind::Header(header)) };
    parts.send(first).await.expect("it is listened to");
    let request = clerk.ask(ReceiverStream::new(received));
    let mut import = clerk.hours().import_hours(request).await.expect("begun").into_inner();
    let request = HealthCheckRequest { service: String::new() };
    let health = HealthClient::new(bank.channel.clone()).watch(request).await.expect("a watch");
    let mut health = health.into_inner();
    let told = health.message().await.expect("told").expect("at once");
    assert_eq!(told.status(), ServingStatus::Serving);

    let stopped = tokio::spawn(bank.stopped());
    checked(&over(&mut watch).await, Code::Unavailable, "STOPPING");
    checked(&over(&mut entries).await, Code::Unavailable, "STOPPING");
    checked(&over(&mut import).await, Code::Unavailable, "STOPPING");
    let mut last = None;
    while let Some(it) = health.message().await.expect("it ends in order") {
        last = Some(it.status());
    }
    assert_eq!(last, Some(ServingStatus::NotServing));
    tokio::time::timeout(PATIENCE, stopped).await.expect("it stops").expect("no panic");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bank_that_stops_does_not_wait_for_a_tool_that_asks_nothing_more() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut config = config_in(directory.path());
    // So long that nobody sees the end of it.
    config.shutdown_grace_s = 600;
    let bank = TestBank::start_with(directory, config, None).await;
    let (questions, asked) = mpsc::channel(1);
    let question = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    questions.send(question).await.expect("it is listened to");
    let mut tool = ServerReflectionClient::new(bank.channel.clone());
    let answers = tool.server_reflection_info(ReceiverStream::new(asked)).await.expect("begun");
    let mut answers = answers.into_inner();
    answers.message().await.expect("told").expect("at once");

    let stopped = tokio::spawn(bank.stopped());
    let end = tokio::time::timeout(PATIENCE, answers.message()).await.expect("it ends");
    assert_eq!(end.expect("in order"), None);
    tokio::time::timeout(PATIENCE, stopped).await.expect("it stops").expect("no panic");
    drop(questions);
}
