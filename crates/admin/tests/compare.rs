//! A sign-in against who was to take part: sheets, and what the bank knows.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests")]

mod support;

use std::{fs, time::Duration};

use lovebank::clock::{Clock, ManualClock};
use lovebank_ledger::Timestamp;
use support::bank::Bank;

/// 2026-03-02 09:00 in Shanghai.
const NOW: i64 = 1_772_413_200;

const SIGNED: &str = "社区巡河 签到表,,,,\n义工号,姓名,签到时间,签退时间\n\
    0300000001,甲,09:00,11:00\n0300000002,乙,09:00,\n0300000009,庚,09:00,11:00\n";
const LISTED: &str = "义工号,姓名,服务时长\n0300000001,甲,1\n0300000002,乙,2\n0300000003,丙,2\n";

fn write(bank: &Bank, files: &[(&str, &str)]) {
    for (name, text) in files {
        fs::write(bank.directory.path().join(name), text).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sheets_are_compared_in_both_languages() {
    let bank = Bank::start().await;
    write(&bank, &[("in.csv", SIGNED), ("list.csv", LISTED)]);
    let line = "hours compare in.csv list.csv --format json";
    let json = bank.types("clerk", line).await.exits(3).json();
    let told = json["volunteers"].as_array().unwrap();
    let told: Vec<_> = told.iter().map(|it| (&it["difference"], &it["volunteer_number"])).collect();
    let expected = [
        ("not-signed-in", "0300000003"),
        ("not-on-list", "0300000009"),
        ("not-signed-out", "0300000002"),
        ("over-time", "0300000001"),
    ];
    assert_eq!(told.len(), expected.len(), "{json}");
    for (told, (difference, number)) in told.iter().zip(expected) {
        assert_eq!((told.0.as_str(), told.1.as_str()), (Some(difference), Some(number)));
    }
    let over = &json["volunteers"][3];
    assert_eq!((&over["signed"], &over["listed"]), (&"2:00".into(), &"1:00".into()));
    let chinese = bank.types("clerk", "hours compare in.csv list.csv --lang zh").await.exits(3);
    for word in ["未签到", "不在名单", "未签退", "超时"] {
        assert!(chinese.out.contains(word), "{word}: {}", chinese.out);
    }
    write(
        &bank,
        &[("one.csv", "义工号\n0300000001\n"), ("bad.csv", "义工号\n0300000001\n\"a b\"\n")],
    );
    let agree = bank.types("clerk", "hours compare one.csv one.csv").await.exits(0);
    assert!(agree.err.contains("both lists agree on 1 volunteers"), "{}", agree.err);
    let bad = bank.types("clerk", "hours compare one.csv bad.csv").await.exits(3);
    assert!(bad.err.contains("bad.csv: line 3 is left out"), "{}", bad.err);
    bank.types("clerk", "hours compare one.csv none.csv").await.exits(1);
    bank.types("clerk", "hours compare one.csv activity:0").await.exits(2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_is_compared_with_what_was_scanned_and_with_what_is_recorded() {
    let clock = ManualClock::at(Timestamp::from_micros(NOW * 1_000_000));
    let bank = Bank::start_at(Clock::Manual(clock.clone())).await;
    for number in ["0300000001", "0300000002", "0300000003"] {
        let line = format!("volunteer register {number} --branch NW-01");
        bank.types("clerk", &line).await.exits(0);
    }
    let activity = ["activity", "create", "社区巡河", "--branch", "NW-01"];
    let times = ["--start", "2026-03-02 09:00", "--end", "2026-03-02 12:00"];
    bank.the("clerk", &[&activity[..], &times[..]].concat()).await.exits(0);
    for number in ["0300000001", "0300000002"] {
        let line = format!("hours check-in {number} --activity-no 1");
        bank.types("clerk", &line).await.exits(0);
    }
    clock.advance(Duration::from_secs(7200));
    bank.types("clerk", "hours check-out 0300000001").await.exits(0);
    write(&bank, &[("list.csv", LISTED)]);
    let line = "hours compare activity:1 list.csv --format json";
    let json = bank.types("clerk", line).await.exits(3).json();
    let counts = json["differences"].as_array().unwrap();
    let count = |word: &str| {
        let of = counts.iter().find(|it| it["difference"] == word).unwrap();
        of["count"].as_u64().unwrap()
    };
    assert_eq!((count("not-signed-in"), count("not-on-list")), (1, 0), "{json}");
    assert_eq!((count("not-signed-out"), count("over-time")), (1, 1), "{json}");
    // What is recorded is the one who left: the paper says another came too.
    write(
        &bank,
        &[("in.csv", "义工号,签到,签退\n0300000001,09:00,11:00\n0300000003,09:00,11:00\n")],
    );
    let line = "hours compare in.csv activity:1 --format csv";
    let rows = bank.types("clerk", line).await.exits(3).csv();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!((&rows[1][0], &rows[1][1]), ("not-on-list", "0300000003"));
    bank.types("clerk", "hours compare in.csv activity:7").await.exits(1);
}
