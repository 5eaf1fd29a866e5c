//! One import out of several is undone: a list says which there are, a rehearsal what would
//! happen, and the totals are then those of a bank that never took it in.

use lovebank_wire::v1::{self, BranchKind, ImportState, Role};

use crate::{
    import::{import, total},
    support::{Client, TestBank, fresh, reason},
};

fn header(key: u8) -> v1::ImportHeader {
    let date = |day| Some(v1::Date { year: 2024, month: 3, day });
    v1::ImportHeader {
        batch_key: vec![key; 32],
        branch_code: "NW".to_owned(),
        span: Some(v1::Span { from: date(1), to: date(31) }),
        register_missing: true,
        file_digest: vec![key ^ 0xff; 32],
        ..<_>::default()
    }
}

/// The street takes in, the approver undoes.
async fn bank() -> (TestBank, Client, Client) {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let street = bank.with(&operator.token("street", Role::Approver, "NW").await);
    let approver = bank.with(&operator.token("approver", Role::Approver, "NW").await);
    (bank, street, approver)
}

async fn undo(
    client: &Client,
    request_id: &str,
    (key, validate_only): (u8, bool),
) -> Result<Vec<v1::UndoImportResponse>, tonic::Status> {
    let message = v1::UndoImportRequest {
        request_id: request_id.to_owned(),
        validate_only,
        batch_key: vec![key; 32],
        book_debts: false,
    };
    let mut answers = client.hours().undo_import(client.ask(message)).await?.into_inner();
    let mut all = Vec::new();
    while let Some(it) = answers.message().await? {
        all.push(it);
    }
    Ok(all)
}

async fn list(client: &Client, state: ImportState) -> Vec<v1::ImportBatch> {
    let message = v1::ListImportsRequest { state: state.into(), ..<_>::default() };
    let answer = client.hours().list_imports(client.ask(message)).await.expect("a list");
    answer.into_inner().batches
}

#[tokio::test]
async fn one_of_three_is_undone_and_told() {
    let (bank, street, approver) = bank().await;
    for (key, hours) in [(1, 7), (2, 5), (3, 5)] {
        let rows = vec![total(1, "a@example.org", "513", hours), total(2, "b@example.org", "9", 1)];
        import(&street, header(key), vec![rows]).await.expect("taken in");
    }
    let known = list(&approver, ImportState::Unspecified).await;
    let told =
        |it: &v1::ImportBatch| (it.batch_key[0], it.new_rows, it.corrected_rows, it.same_rows);
    assert_eq!(
        known.iter().map(told).collect::<Vec<_>>(),
        [(3, 0, 0, 2), (2, 0, 1, 1), (1, 2, 0, 0)]
    );
    assert_eq!((known[1].minutes, known[1].actor.as_str()), (-120, "street"));
    assert_eq!(known[1].file_digest, [2 ^ 0xff; 32]);
    assert_eq!(known[1].state(), ImportState::Ended);

    let own = undo(&street, &fresh(), (1, false)).await.expect_err("who took it in");
    assert_eq!(reason(&own), "OWN_IMPORT");
    let tried = undo(&approver, &fresh(), (1, true)).await.expect("tried");
    assert!(tried[0].receipt.is_some_and(|it| it.validated_only));
    assert_eq!(list(&approver, ImportState::Undone).await, []);

    // What the third says too stays; then nothing says it any more, and the first counts again.
    let (second, third) = (fresh(), fresh());
    let done = undo(&approver, &second, (2, false)).await.expect("undone");
    assert_eq!((done[0].taken_back, done[0].restored, done[0].last), (0, 0, true));
    assert_eq!(approver.passbook("a@example.org").await.minutes, 300);
    let done = undo(&approver, &third, (3, false)).await.expect("undone");
    assert_eq!((done[0].taken_back, done[0].restored, done[0].minutes), (1, 1, 120));
    assert_eq!(approver.passbook("a@example.org").await.minutes, 420);
    assert_eq!(approver.passbook("b@example.org").await.minutes, 60);

    // Asked again under the same name it says the same; under another, that it is done.
    let again = undo(&approver, &third, (3, false)).await.expect("replayed");
    assert!(again[0].receipt.is_some_and(|it| it.replayed));
    let no = undo(&approver, &fresh(), (3, false)).await.expect_err("undone already");
    assert_eq!(reason(&no), "IMPORT_UNDONE");
    // Nor is the sheet told as if it stood; as another batch it is taken in anew.
    let rows =
        || vec![vec![total(1, "a@example.org", "513", 5), total(2, "b@example.org", "9", 1)]];
    let no = import(&street, header(3), rows()).await.expect_err("undone");
    assert_eq!(reason(&no), "IMPORT_UNDONE");
    import(&street, header(4), rows()).await.expect("another edition");
    assert_eq!(approver.passbook("a@example.org").await.minutes, 300);
    drop(bank);
}

#[tokio::test]
async fn who_may_see_and_undo() {
    let (bank, street, approver) = bank().await;
    let operator = bank.operator();
    operator.branch("BJ", BranchKind::Street, "").await;
    import(&street, header(1), vec![vec![total(1, "a@example.org", "513", 7)]]).await.expect("in");
    let other = bank.with(&operator.token("other", Role::Approver, "BJ").await);
    assert_eq!(list(&other, ImportState::Unspecified).await, []);
    let message = v1::GetImportRequest { batch_key: vec![1; 32], min_seq: 0 };
    let refused = other.hours().get_import(other.ask(message.clone())).await.expect_err("far");
    assert_eq!(reason(&refused), "OUT_OF_SCOPE");
    let shown = approver.hours().get_import(approver.ask(message)).await.expect("near");
    assert_eq!(shown.into_inner().batch.expect("there").minutes, 420);
    let refused = undo(&other, &fresh(), (1, false)).await.expect_err("far");
    assert_eq!(reason(&refused), "OUT_OF_SCOPE");
    let refused = undo(&approver, &fresh(), (9, false)).await.expect_err("none");
    assert_eq!(reason(&refused), "IMPORT_UNKNOWN");
}

#[tokio::test]
async fn an_undo_that_was_cut_off_is_gone_on_with() {
    let (bank, street, approver) = bank().await;
    // More than go into one entry.
    let row = |line: u32| total(line, "a@example.org", &format!("event {line}"), 1);
    let parts: Vec<Vec<v1::ImportRow>> =
        [1..=1000, 1001..=2000, 2001..=2500].map(|it| it.map(row).collect()).into();
    import(&street, header(1), parts).await.expect("taken in");
    assert_eq!(approver.passbook("a@example.org").await.minutes, 150_000);
    // The caller goes away at once: the undo goes on to its end all the same.
    let request_id = fresh();
    let message = v1::UndoImportRequest {
        request_id: request_id.clone(),
        batch_key: vec![1; 32],
        ..<_>::default()
    };
    drop(approver.hours().undo_import(approver.ask(message)).await.expect("begun"));
    let again = undo(&approver, &request_id, (1, false)).await.expect("the same again");
    assert_eq!(again.iter().map(|it| it.taken_back).collect::<Vec<_>>(), [1000, 1000, 500]);
    assert_eq!(approver.passbook("a@example.org").await.minutes, 0);
    let undone = list(&approver, ImportState::Undone).await;
    let undo = undone[0].undo.as_ref().expect("undone");
    assert_eq!((undo.taken_back, undo.minutes), (2500, -150_000));
    drop(bank);
}
