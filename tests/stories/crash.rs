//! The machine stops at any moment: what was acknowledged is there, none half, none twice.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use lovebank_wire::v1::{self, BranchKind, Role};
use tokio::task::JoinSet;

use crate::{
    process::Process,
    support::{Client, interval, operator_token, service},
};

/// How often the bank is killed.
const KILLS: u64 = 50;
/// Clients that record at once.
const CLIENTS: i64 = 16;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kill_9() {
    let directory = tempfile::tempdir().expect("a directory");
    let bank = Process::start(directory.path());
    let operator = bank.client(&operator_token(directory.path()).await).await;
    operator.branch("NW", BranchKind::Street, "").await;
    let token = operator.token("clerk-1", Role::Clerk, "NW").await;
    let clerk = bank.client(&token).await;
    for client in 0..CLIENTS {
        clerk.register(&client.to_string(), "NW").await;
    }
    let acknowledged: Arc<Mutex<HashMap<String, (u64, String)>>> = Arc::default();
    let mut bank = bank;
    for round in 0..KILLS {
        let clerk = bank.client(&token).await;
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let (clerk, acknowledged) = (clerk.clone(), Arc::clone(&acknowledged));
            clients.spawn(record_until_it_ends(clerk, (round, client), acknowledged));
        }
        // Moments spread over the first tenth of a second; none is asserted.
        tokio::time::sleep(Duration::from_millis(3 + (round * 37) % 97)).await;
        bank.kill();
        clients.join_all().await;
        bank = Process::start(directory.path());
    }
    let clerk = bank.client(&token).await;
    let expected = acknowledged.lock().expect("no panic").clone();
    assert!(u64::try_from(expected.len()).expect("a count") > KILLS, "the load was a load");
    let found = records(&clerk).await;
    for (request, (record_no, number)) in &expected {
        let record = found.get(record_no).unwrap_or_else(|| panic!("{request} is lost"));
        assert_eq!(&record.volunteer_number, number);
    }
    let posted: i64 = found.values().map(|it| it.minutes).sum();
    let mut lines = 0;
    for client in 0..CLIENTS {
        let passbook = clerk.passbook(&client.to_string()).await;
        lines += passbook.minutes;
    }
    assert_eq!(posted, lines, "every record has its line, once");
    bank.kill();
}

async fn record_until_it_ends(
    clerk: Client,
    (round, client): (u64, i64),
    acknowledged: Arc<Mutex<HashMap<String, (u64, String)>>>,
) {
    let number = client.to_string();
    let round = i64::try_from(round).expect("few");
    for slot in 0..1_000_000 {
        // A day a round, a minute a slot: nothing overlaps, and 8 hours are not reached.
        let time = interval(round * 1440 + slot % 480, 1);
        if 480 <= slot {
            return;
        }
        let message = service(&number, "NW", time);
        let request = message.request_id.clone();
        match clerk.record(message).await {
            Ok(answer) => {
                let record_no = answer.record.expect("a record").record_no;
                let known = acknowledged
                    .lock()
                    .expect("no panic")
                    .insert(request, (record_no, number.clone()));
                assert_eq!(known, None);
            }
            Err(_) => return,
        }
    }
}

async fn records(clerk: &Client) -> HashMap<u64, v1::HoursRecord> {
    let mut found = HashMap::new();
    let mut page_token = String::new();
    loop {
        let message = v1::ListHoursRecordsRequest { page_size: 1000, page_token, ..<_>::default() };
        let page = clerk.hours().list_hours_records(clerk.ask(message)).await.expect("a page");
        let page = page.into_inner();
        for record in page.records {
            assert!(found.insert(record.record_no, record).is_none(), "none twice");
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return found;
        }
    }
}
