//! What an operator sees: the bank stops in order, shows its measures and logs no person.

use std::sync::{Arc, Mutex};

use lovebank_wire::v1::{self, BranchKind, Role};
use tokio::task::JoinSet;
use tonic_types::StatusExt as _;

use crate::{
    process::{Process, http},
    support::{TestBank, config_in, interval, operator_token, service},
};

/// Clients that record at once.
const CLIENTS: i64 = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bank_told_to_stop_loses_nothing_it_acknowledged() {
    let directory = tempfile::tempdir().expect("a directory");
    let bank = Process::start(directory.path());
    let operator = bank.client(&operator_token(directory.path()).await).await;
    operator.branch("NW", BranchKind::Street, "").await;
    let token = operator.token("clerk-1", Role::Clerk, "NW").await;
    let clerk = bank.client(&token).await;
    for client in 0..CLIENTS {
        clerk.register(&client.to_string(), "NW").await;
    }
    let acknowledged: Arc<Mutex<Vec<i64>>> =
        Arc::new(Mutex::new(vec![0; usize::try_from(CLIENTS).expect("few")]));
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (clerk, acknowledged) = (clerk.clone(), Arc::clone(&acknowledged));
        clients.spawn(async move {
            for slot in 0..480 {
                let message = service(&client.to_string(), "NW", interval(slot, 1));
                if clerk.record(message).await.is_err() {
                    return;
                }
                let client = usize::try_from(client).expect("few");
                acknowledged.lock().expect("no panic")[client] += 1;
            }
        });
    }
    while acknowledged.lock().expect("no panic").iter().sum::<i64>() < 100 {
        tokio::task::yield_now().await;
    }
    bank.terminate();
    clients.join_all().await;
    drop((clerk, operator));
    let (status, _) = bank.wait();
    assert!(status.success(), "{status}");

    let bank = Process::start(directory.path());
    let clerk = bank.client(&token).await;
    let expected = acknowledged.lock().expect("no panic").clone();
    for (client, minutes) in expected.into_iter().enumerate() {
        let passbook = clerk.passbook(&client.to_string()).await;
        // An answer may be lost on the way; what it acknowledged is not.
        assert!(minutes <= passbook.minutes, "{minutes} of {}", passbook.minutes);
        assert!(passbook.minutes <= minutes + 1, "one call at a time was under way");
    }
    bank.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn measures_are_shown_and_the_log_names_no_person() {
    let directory = tempfile::tempdir().expect("a directory");
    let flags = ["--metrics-listen", "127.0.0.1:0", "--log", "debug", "--log-format", "json"];
    let bank = Process::start_with(directory.path(), &flags);
    let operator_token = operator_token(directory.path()).await;
    let operator = bank.client(&operator_token).await;
    operator.branch("NW", BranchKind::Street, "").await;
    let token = operator.token("clerk-1", Role::Clerk, "NW").await;
    let clerk = bank.client(&token).await;
    clerk.register("0300207442", "NW").await;
    let message = service("0300207442", "NW", interval(0, 60));
    let request_id = message.request_id.clone();
    clerk.record(message).await.expect("recorded");
    let again = service("0300207442", "NW", interval(30, 60));
    clerk.record(again).await.expect_err("it overlaps");

    let ask = |path: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nHost: bank\r\nConnection: close\r\n\r\n");
        String::from_utf8(http(&bank.metrics, request.as_bytes())).expect("text")
    };
    assert!(ask("/healthz").starts_with("HTTP/1.1 200 "));
    let nobody = "POST /whatever.Name/of-someone HTTP/1.1\r\nHost: bank\r\nContent-Length: 0\r\n\
                  Content-Type: application/grpc\r\nConnection: close\r\n\r\n";
    http(&bank.address, nobody.as_bytes());
    let measures = ask("/metrics");
    for line in [
        "lovebank_serving 1\n",
        "lovebank_volunteers 1\n",
        "lovebank_hours_records 1\n",
        "lovebank_refusals_total{code=\"OVERLAP\"} 1\n",
    ] {
        assert!(measures.contains(line), "{line} is not in\n{measures}");
    }
    // What a stranger makes up takes no room.
    assert!(measures.contains("method=\"other\"") && !measures.contains("whatever"), "{measures}");
    drop((clerk, operator));
    bank.terminate();
    let (status, log) = bank.wait();
    assert!(status.success());
    let lines: Vec<serde_json::Value> =
        log.lines().map(|it| serde_json::from_str(it).expect("every line is JSON")).collect();
    let about = lines.iter().filter(|it| it.to_string().contains(&request_id));
    assert!(0 < about.count(), "the log knows the request\n{log}");
    for secret in ["0300207442", "测试甲", token.as_str(), operator_token.as_str()] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_past_its_time_is_told_so_by_the_bank() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut config = config_in(directory.path());
    config.request_timeout_s = 1;
    let bank = TestBank::start_with(directory, config, None).await;
    let operator = bank.operator();
    // Waits longer than the bank's bound for an entry that is not there.
    let message = v1::ListBranchesRequest { min_seq: 1_000_000, ..<_>::default() };
    let over = operator.branches().list_branches(operator.ask(message)).await;
    let over = over.expect_err("it is over");
    assert_eq!(over.code(), tonic::Code::DeadlineExceeded, "{over:?}");
    let info = over.get_details_error_info().expect("an ErrorInfo");
    assert_eq!((info.reason.as_str(), info.domain.as_str()), ("DEADLINE_EXCEEDED", "lovebank"));
}

/// Starts a bank that does not open: how it ends, and what it says.
fn refused(directory: &std::path::Path) -> (Option<i32>, String) {
    let flags = ["--metrics-listen", "off", "--log", "warn"];
    let (status, log) = Process::start_with(directory, &flags).wait();
    (status.code(), log)
}

#[test]
fn a_bank_does_not_open_where_a_restore_was_cut_off() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::create_dir(directory.path().join("restore.unfinished")).expect("left");
    let (code, log) = refused(directory.path());
    assert_eq!(code, Some(3), "{log}");
    assert!(log.contains("was cut off") && !directory.path().join("journal").exists(), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bank_does_not_open_beside_a_vault_that_is_not_its_own() {
    let directory = tempfile::tempdir().expect("a directory");
    let bank = Process::start(directory.path());
    let operator = bank.client(&operator_token(directory.path()).await).await;
    operator.branch("NW", BranchKind::Street, "").await;
    let token = operator.token("clerk-1", Role::Clerk, "NW").await;
    bank.client(&token).await.register("0300207442", "NW").await;
    bank.terminate();
    assert!(bank.wait().0.success());

    let (vault, aside) = (directory.path().join("vault"), directory.path().join("aside"));
    std::fs::rename(&vault, &aside).expect("the vault is lost");
    let (code, log) = refused(directory.path());
    assert_eq!(code, Some(3), "{log}");
    assert!(log.contains("the journal knows 1 volunteers"), "{log}");
    // It made none in its place that would hide the loss.
    let (code, log) = refused(directory.path());
    assert_eq!(code, Some(3), "{log}");

    std::fs::remove_dir_all(&vault).expect("the empty one");
    std::fs::rename(&aside, &vault).expect("put back");
    let bank = Process::start(directory.path());
    let passbook = bank.client(&token).await.passbook("0300207442").await;
    assert_eq!(passbook.volunteer_number, "0300207442");
    bank.kill();
}
