//! One person under two numbers, as a person types it: from a list, by hand, and back.

mod support;

use std::{fs, ops::RangeInclusive};

use support::bank::Bank;

#[tokio::test(flavor = "multi_thread")]
async fn a_list_proposes_the_merges_it_names_and_hints_at_others() {
    let bank = Bank::start().await;
    let list = "义工号,姓名,电话,同一人义工号\n01,测试甲,13800138000,\n02,测试乙,13800138001,\n";
    fs::write(bank.directory.path().join("first.csv"), list).expect("written");
    bank.types("clerk", "import volunteers first.csv --branch NW-01").await.exits(0);
    let list = "义工号,姓名,电话,同一人义工号\n\
                03,测试甲,138 0013 8000,\n04,测试丙,13800138000,02\n05,测试丁,,99\n";
    fs::write(bank.directory.path().join("second.csv"), list).expect("written");
    let line = "import volunteers second.csv --branch NW-01 --format json \
                --request-id 6f2c1f0e-98a5-4f0e-8b1f-1d5f8f1d2a11";
    let told = bank.types("clerk", line).await.exits(3).json();
    let likely = &told["likely_duplicates"];
    assert_eq!(likely.as_array().map(Vec::len), Some(1), "another name is no hint: {told}");
    assert_eq!((&likely[0]["number"], &likely[0]["other"]), (&"03".into(), &"01".into()));
    let command = "lovebank-admin volunteer merge propose 03 --into 01";
    assert_eq!(likely[0]["command"], command);
    assert!(!likely.to_string().contains("13800138000"), "a telephone is never shown");
    let merges = &told["merges"];
    assert_eq!((&merges[0]["outcome"], &merges[0]["merge_no"]), (&"proposed".into(), &1.into()));
    assert_eq!(merges[1]["outcome"], "refused");
    let again = bank.types("clerk", line).await.exits(3).json();
    assert_eq!(again["merges"], told["merges"], "the same list proposes nothing twice");

    bank.types("clerk", command.trim_start_matches("lovebank-admin ")).await.exits(0);
    let listed = bank.types("approver", "volunteer merge list --waiting --format json").await;
    assert_eq!(listed.exits(0).json().as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_the_list_did_not_register_is_proposed_for_nothing() {
    let bank = Bank::start().await;
    for number in ["01", "02"] {
        let line = format!("volunteer register {number} --branch NW-01");
        bank.types("clerk", &line).await.exits(0);
    }
    // 02 is a stranger; 03 and 04 are two more numbers of 01.
    let list = "义工号,姓名,同一人义工号\n02,测试甲,01\n03,测试甲,01\n04,测试甲,01\n";
    fs::write(bank.directory.path().join("list.csv"), list).expect("written");
    let line = "import volunteers list.csv --branch NW-01 --format json";
    let told = bank.types("clerk", line).await.exits(3).json();
    let outcomes = |told: &serde_json::Value| {
        let merges = told["merges"].as_array().expect("merges").clone();
        merges.iter().map(|it| it["outcome"].as_str().unwrap_or("").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(outcomes(&told), ["not-proposed", "proposed", "proposed"], "{told}");
    let said = told["merges"][0]["message"].as_str().expect("a message");
    assert!(said.contains("volunteer merge propose 02 --into 01"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hints_are_told_once_for_a_pair_and_counted_where_they_are_cut() {
    let bank = Bank::start().await;
    // Sixteen of one name and one telephone: 0 + 1 + … + 7 + 8 × 8 = 92 hints.
    let list = |numbers: RangeInclusive<u32>| {
        let rows = numbers.map(|it| format!("{it},测试甲,13800138000"));
        std::iter::once("义工号,姓名,电话".to_owned()).chain(rows).collect::<Vec<_>>().join("\n")
    };
    fs::write(bank.directory.path().join("same.csv"), list(1..=16)).expect("written");
    let line = "import volunteers same.csv --branch NW-01 --format json";
    let run = bank.types("clerk", line).await.exits(0);
    assert_eq!(run.json()["likely_duplicates"].as_array().map(Vec::len), Some(92));
    assert!(!run.err.contains("likely duplicates"), "{}", run.err);
    // Fifteen more are like 8 each: 120.
    fs::write(bank.directory.path().join("more.csv"), list(17..=31)).expect("written");
    let line = "import volunteers more.csv --branch NW-01 --format json";
    let run = bank.types("clerk", line).await.exits(0);
    assert_eq!(run.json()["likely_duplicates"].as_array().map(Vec::len), Some(100));
    assert!(run.err.contains("100 likely duplicates of 120 are shown"), "{}", run.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_how_to_find_which_number_to_use() {
    let bank = Bank::start().await;
    // Numbers that are no passbooks.
    for number in ["0300000007", "0300000001"] {
        let line = format!("volunteer register {number} --branch NW-01");
        bank.types("clerk", &line).await.exits(0);
    }
    let propose = "volunteer merge propose 0300000007 --into 0300000001";
    bank.types("clerk", propose).await.exits(0);
    bank.types("approver", "volunteer merge confirm 1").await.exits(0);
    let late = "hours record 0300000007 --branch NW-01 --activity 社区巡河 --date 2026-03-02 \
                --minutes 60";
    let run = bank.types("clerk", late).await.exits(1);
    assert!(run.err.contains("list the merges of this number"), "{}", run.err);
    let list = "volunteer merge list --of 0300000007 --format json";
    let told = bank.types("clerk", list).await.exits(0).json();
    assert!(told.to_string().contains("0300000001"), "the number to use: {told}");

    // Of every row of a sheet it is said, whether it is booked or refused.
    let sheet = "义工号,姓名,活动名称,服务开展日期,签到时间,签退时间,服务时长\n\
                 0300000007,测试甲,社区巡河,2024/03/01,09:00,10:00,1\n\
                 0300000007,测试甲,社区巡河,2024/03/01,09:30,10:30,1\n\
                 0300000001,测试甲,社区巡河,2024/03/02,09:00,10:00,1\n";
    fs::write(bank.directory.path().join("march.csv"), sheet).expect("written");
    let line = "import hours march.csv --branch NW-01 --commit --rows --format csv";
    let told = bank.types("clerk", line).await.exits(3).out;
    let merged = "the number was merged into passbook 2";
    let rows: Vec<_> = told.lines().filter(|it| it.contains(merged)).collect();
    assert_eq!(rows.len(), 2, "{told}");
    assert!(rows[0].contains("NEW") && rows[1].contains("OVERLAP"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_is_confirmed_shown_and_undone() {
    let bank = Bank::start().await;
    for number in ["01", "02"] {
        let line = format!("volunteer register {number} --branch NW-01");
        bank.types("clerk", &line).await.exits(0);
    }
    let hours =
        "hours record 01 --branch NW-01 --activity 社区巡河 --date 2026-03-01 --minutes 120";
    bank.types("clerk", hours).await.exits(0);
    bank.types("clerk", "volunteer merge propose 01 --into 02 --validate-only").await.exits(0);
    bank.types("clerk", "volunteer merge propose 01 --into 02").await.exits(0);
    bank.types("approver", "volunteer merge confirm 1").await.exits(0);
    let shown = bank.types("clerk", "passbook show 01 --format json").await.exits(0).json();
    assert_eq!(shown["passbook"]["merged_into_passbook_no"], 2);
    let found = bank.types("clerk", "volunteer show 02 --format json").await.exits(0).json();
    assert_eq!(found["merged_passbook_nos"][0], 1);
    let late = "hours record 01 --branch NW-01 --activity 社区巡河 --date 2026-03-02 --minutes 60";
    let run = bank.types("clerk", late).await.exits(1);
    assert!(run.err.contains("PASSBOOK_MERGED") && run.err.contains("passbook 2"), "{}", run.err);
    let table = bank.types("clerk", "--lang zh volunteer merge list").await.exits(0);
    assert!(table.out.contains("已合并"), "{}", table.out);

    bank.types("clerk", "volunteer merge undo 1").await.exits(0);
    bank.types("approver", "volunteer merge refuse 1 --reason other").await.exits(0);
    bank.types("clerk", "volunteer merge undo 1").await.exits(0);
    bank.types("approver", "volunteer merge confirm-undo 1").await.exits(0);
    let shown = bank.types("clerk", "passbook show 01 --format json").await.exits(0).json();
    assert_eq!(shown["passbook"]["minutes"], 120);
}
