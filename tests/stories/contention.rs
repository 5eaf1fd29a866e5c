//! Many at once.

use lovebank_wire::v1::{BranchKind, Role};
use tokio::task::JoinSet;

use crate::support::{TestBank, interval, reason, service};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_from_200_clients_is_one_line() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    clerk.register("1", "NW").await;
    let message = service("1", "NW", interval(0, 90));
    let mut clients = JoinSet::new();
    for _ in 0..200 {
        let (clerk, message) = (clerk.clone(), message.clone());
        clients.spawn(async move { clerk.record(message).await.expect("the same answer") });
    }
    let answers = clients.join_all().await;
    let first = answers.iter().filter(|it| !it.receipt.as_ref().is_some_and(|it| it.replayed));
    assert_eq!(first.count(), 1);
    assert!(answers.iter().all(|it| it.record == answers[0].record));
    let passbook = clerk.passbook("1").await;
    assert_eq!((passbook.lines, passbook.minutes), (1, 90));

    let mut other = message.clone();
    other.item.as_mut().expect("an item").time =
        Some(lovebank_wire::v1::hours_item::Time::Interval(interval(0, 91)));
    let refused = clerk.record(other).await.expect_err("the id is taken");
    assert_eq!(reason(&refused), "REQUEST_ID_REUSED");
    assert_eq!(clerk.passbook("1").await.lines, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_services_at_the_same_time_one_is_posted() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    clerk.register("1", "NW").await;
    let mut clients = JoinSet::new();
    for client in 0..64 {
        let clerk = clerk.clone();
        clients.spawn(async move { clerk.record(service("1", "NW", interval(client, 90))).await });
    }
    let answers = clients.join_all().await;
    assert_eq!(answers.iter().filter(|it| it.is_ok()).count(), 1);
    for refused in answers.iter().filter_map(|it| it.as_ref().err()) {
        assert_eq!(reason(refused), "OVERLAP");
        assert!(refused.message().contains("record 1"), "{}", refused.message());
    }
    let passbook = clerk.passbook("1").await;
    assert_eq!((passbook.lines, passbook.minutes), (1, 90));
}
