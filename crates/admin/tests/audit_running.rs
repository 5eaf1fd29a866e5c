//! A running bank is audited against what it holds in memory.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use lovebank_journal::codec;
use lovebank_ledger::{Account, Entry, Event, Ledger, Points};
use support::{
    admin,
    bank::Bank,
    directory,
    drifting::Drifting,
    stopped::{resealed, town},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_that_is_as_it_should_be() {
    let bank = Bank::start().await;
    for line in [
        "volunteer register 0300000001 --branch NW-01 --name 测试甲",
        "hours record 0300000001 --branch NW-01 --activity 社区巡河 \
         --start 2026-03-01T14:00 --end 2026-03-01T16:30",
    ] {
        bank.types("clerk", line).await.exits(0);
    }
    let json = bank.types("auditor", "audit --format json").await.exits(0).json();
    let head = bank.types("auditor", "journal head --format json").await.exits(0).json();
    assert_eq!(json["audit"]["entries"], head["seq"]);
    assert_eq!(json["audit"]["seal"], head["seal"]);
    assert_eq!((&json["audit"]["holds"], &json["audit"]["compared"]), (&true.into(), &true.into()));
    let table = bank.types("auditor", "audit --lang zh").await.exits(0).out;
    assert!(table.contains("流水成立") && table.contains("总账摘要"), "{table}");
    bank.types("clerk", "audit").await.exits(1);
    // Its directory is in use.
    let run = bank.types("auditor", "audit --data data").await.exits(1);
    assert!(run.err.contains("is held by") && run.err.contains("without --data"), "{}", run.err);
    let witness = format!("audit --witness {}:{}", head["seq"], "0".repeat(64));
    bank.types("auditor", &witness).await.exits(4);
}

/// A ledger that gave somebody a point more in one entry, under the seals of the journal.
fn drifted(entries: &[Entry], more: &Entry) -> Ledger<'static> {
    let mut ledger = Ledger::default();
    for it in entries {
        let told = if it.no == more.no { more } else { it };
        ledger.post_as_stated(told, codec::seal(it).seal(), &mut Vec::new()).expect("posted");
    }
    ledger
}

/// An entry with a point more for its volunteer.
fn richer(it: &Entry) -> Entry {
    let mut it = it.clone();
    for posting in &mut it.postings {
        let sign = if matches!(posting.account, Account::Passbook(_)) { 100 } else { -100 };
        let more = Points::from_hundredths(sign);
        posting.points = posting.points.plus(more).expect("in range");
        posting.points_after = posting.points_after.plus(more).expect("in range");
    }
    it
}

#[tokio::test(flavor = "multi_thread")]
async fn a_balance_that_drifted_in_memory_is_told_by_its_passbook() {
    let entries: Vec<Entry> = town().journal().iter().map(|it| it.0.clone()).collect();
    let recorded = |it: &&Entry| matches!(it.event, Event::HoursRecorded { .. });
    let last = entries.iter().rfind(recorded).expect("a record");
    let Event::HoursRecorded { records, .. } = &last.event else { panic!("a record") };
    let passbook = records[0].passbook.get();
    let stored = entries.iter().map(codec::encode).collect();
    let address = Drifting::start(drifted(&entries, &richer(last)), stored).await;
    let dir = directory(&[]);
    let args = ["audit", "--format", "json"];
    let run = admin(&address, "a.token".as_ref(), dir.path(), &args).await.exits(4);
    let json = run.json();
    let findings = json["findings"].as_array().expect("findings");
    let row = format!("passbooks {passbook}: ");
    let passbooks = |it: &&serde_json::Value| {
        it["expected"].as_str().is_some_and(|it| it.starts_with(&row) && it.contains("18.00"))
    };
    assert!(findings.iter().any(|it| passbooks(&it)), "{}", run.out);
    assert!(findings.iter().all(|it| it["code"] == "STATE_DRIFTED"), "{}", run.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_were_rewritten_under_a_running_bank_are_found() {
    let town = town();
    let mut entries: Vec<Entry> = town.journal().iter().map(|it| it.0.clone()).collect();
    let at = entries.len() - 3;
    entries[at].fingerprint = lovebank_ledger::Fingerprint::new([7; 16]);
    resealed(&mut entries, at + 1);
    let stored = entries.iter().map(codec::encode).collect();
    let address = Drifting::start(town.ledger().clone(), stored).await;
    let dir = directory(&[]);
    let args = ["audit", "--format", "json"];
    let run = admin(&address, "a.token".as_ref(), dir.path(), &args).await.exits(4);
    for code in ["HEAD_DIFFERS", "STATE_DRIFTED"] {
        assert!(run.out.contains(code), "{}", run.out);
    }
}
