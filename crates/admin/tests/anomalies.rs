//! Anomalies of a real bank, as an auditor asks for them.
#![allow(clippy::indexing_slicing, reason = "tests")]

mod support;

use support::bank::Bank;

/// Two strangers with one telephone, and one who served for seventeen hours.
async fn bank() -> Bank {
    let bank = Bank::start().await;
    for line in [
        "volunteer register 0300000001 --branch NW-01 --name 测试甲 --phone 13800138000",
        "volunteer register 0300000002 --branch NW-02 --name 测试乙 --phone 138-0013-8000",
        "volunteer register 0300000003 --branch NW-02 --name 测试丙 --phone 13900139000",
        "hours record 0300000001 --branch NW-01 --activity 巡河 --date 2026-03-01 --minutes 480",
        "hours record 0300000001 --branch NW-01 --activity 敬老 --date 2026-03-01 --minutes 540",
    ] {
        bank.types("clerk", line).await.exits(0);
    }
    bank
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_finds_each_with_its_evidence_and_no_telephone() {
    let bank = bank().await;
    let told = bank.types("auditor", "anomalies --format json --check").await.exits(3);
    let json = told.json();
    let found = json["anomalies"].as_array().expect("a list");
    assert_eq!(found.len(), 2, "{json}");
    assert_eq!(found[0]["anomaly"], "impossible-day");
    assert_eq!(found[0]["passbooks"], serde_json::json!([1]));
    assert_eq!(found[0]["records"].as_array().map(Vec::len), Some(2));
    assert_eq!(found[0]["figures"]["minutes"], 1020);
    assert_eq!(found[0]["text"], "passbook 1 served 17:00 hours on 2026-03-01");
    assert_eq!(found[0]["chinese"], "存折 1 在 2026-03-01 服务了 17:00 小时");
    assert_eq!(found[1]["anomaly"], "shared-phone");
    assert_eq!(found[1]["passbooks"], serde_json::json!([1, 2]));
    for secret in ["13800138000", "138-0013", "测试甲", "0300000001"] {
        assert!(!told.out.contains(secret), "{secret}");
    }
    let chinese = bank.types("auditor", "anomalies --lang zh").await.exits(0);
    assert!(chinese.out.contains("不可能的时长"), "{}", chinese.out);
    assert!(chinese.out.contains("服务了 17:00 小时"), "{}", chinese.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_asked_for_is_told_and_an_operator_compares_no_telephones() {
    let bank = bank().await;
    let line = "anomalies --only shared-phone --format csv";
    let rows = bank.types("auditor", line).await.exits(0).csv();
    assert_eq!(rows.len(), 2, "{rows:?}");
    let line = "anomalies --only round-hours --only gift-burst --check --format json";
    let none = bank.types("auditor", line).await.exits(0).json();
    assert_eq!(none["anomalies"].as_array().map(Vec::len), Some(0));
    assert_eq!(none["kinds"].as_array().map(Vec::len), Some(2));
    let later = "anomalies --from 2026-03-02 --only impossible-day --check";
    bank.types("auditor", later).await.exits(0);
    let operator = bank.operator(&["anomalies", "--format", "json"]).await.exits(0);
    assert!(operator.err.contains("telephones were not compared"), "{}", operator.err);
    assert_eq!(operator.json()["anomalies"].as_array().map(Vec::len), Some(1));
    bank.types("clerk", "anomalies").await.exits(1);
}
