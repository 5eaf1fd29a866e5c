//! Years of service, as an award officer types the questions.

mod support;

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use calamine::Reader as _;
use lovebank::clock::{Clock, ManualClock};
use lovebank_ledger::Timestamp;
use support::bank::Bank;

/// Who may read and write a file.
fn readers(file: &Path) -> u32 {
    std::fs::metadata(file).expect("a file").permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_is_listed_and_summed_up_in_every_form() {
    let bank = Bank::start().await;
    for (number, minutes) in [("01", 90), ("02", 120), ("03", 90)] {
        let line = format!("volunteer register {number} --branch NW-01");
        bank.types("clerk", &line).await.exits(0);
        let line = format!(
            "hours record {number} --branch NW-02 --activity 社区巡河 --category 环保 \
             --date 2026-03-01 --minutes {minutes}"
        );
        bank.types("clerk", &line).await.exits(0);
    }
    let list = "awards list --year 2026 --branch NW";
    let rows = bank.types("clerk", &format!("{list} --format csv")).await.exits(0).csv();
    let places: Vec<_> = rows[1..].iter().map(|it| (&it[0], &it[1], &it[5])).collect();
    assert_eq!(places, [("1", "02", "2:00"), ("2", "01", "1:30"), ("2", "03", "1:30")]);
    let some = bank.types("clerk", &format!("{list} --top 1 --least-hours 1 --lang zh")).await;
    let some = some.exits(0);
    assert!(some.err.contains("共 3 人，显示 1 人") && some.out.contains("名次"), "{}", some.out);
    let none = bank.types("clerk", &format!("{list} --served-at NW-01 --format json")).await;
    assert_eq!(none.exits(0).json(), serde_json::json!([]));
    bank.types("clerk", "awards list --year 2026").await.exits(1);
    bank.types("auditor", "awards list --year 2026 --active").await.exits(0);
    bank.types("auditor", "awards list --year 26").await.exits(2);

    let of = "awards statistics --year 2026 --branch NW --format csv";
    let rows = bank.types("clerk", of).await.exits(0).csv();
    assert_eq!((rows.len(), &rows[1][1], &rows[1][2], &rows[1][4]), (2, "环保", "300", "3"));

    // A workbook goes to a file, and none is written over.
    let book = bank.directory.path().join("year.xlsx");
    let line = format!("{list} --format xlsx --lang zh --save {}", book.display());
    let saved = bank.types("clerk", &line).await.exits(0);
    assert_eq!(saved.out, "");
    assert_eq!(readers(&book), 0o600, "nobody else reads an answer");
    let range = calamine::open_workbook_auto(&book)
        .and_then(|mut it| it.worksheet_range_at(0).expect("a sheet"));
    let range = range.expect("a workbook");
    let rows: Vec<_> = range.rows().map(|it| (it[1].to_string(), it[4].to_string())).collect();
    let row = |number: &str, minutes: &str| (number.to_owned(), minutes.to_owned());
    assert_eq!(rows, [row("义工号", "分钟"), row("02", "120"), row("01", "90"), row("03", "90")]);
    let refused = bank.types("clerk", &line).await.exits(2);
    assert!(refused.err.contains("--save") && refused.err.contains("已存在"), "{}", refused.err);
    let bit = "passbook watch 01 --format xlsx";
    bank.types("clerk", bit).await.exits(2);

    let year = bank.types("clerk", "awards summary 01 --year 2026 --format json").await.exits(0);
    let year = year.json();
    assert_eq!(
        (&year["summary"]["minutes"], &year["months"][2]["minutes"]),
        (&90.into(), &90.into())
    );
    assert_eq!(year["branches"][0]["branch_code"], "NW-02");
    assert_eq!(year["categories"][0]["category"], "环保");
    let empty = bank.types("clerk", "awards summary 01 --year 2025 --lang zh").await.exits(0);
    assert!(empty.out.contains("月份"), "{}", empty.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recorded_late_or_lacks_is_told_by_branch_and_stops_a_scheduler() {
    // It is Monday, 2026-12-07.
    let clock = ManualClock::at(Timestamp::from_micros(1_796_608_800_000_000));
    let bank = Bank::start_at(Clock::Manual(clock)).await;
    bank.types("clerk", "volunteer register 01 --branch NW-01").await.exits(0);
    let record = "hours record 01 --branch NW-01 --minutes 60 --activity";
    bank.types("clerk", &format!("{record} 巡河 --date 2026-12-04")).await.exits(0);
    bank.types("clerk", &format!("{record} 巡山 --date 2026-11-02")).await.exits(0);
    let fine = "hours deadlines --branch NW --check --format csv";
    let rows = bank.types("clerk", fine).await.exits(0).csv();
    // The tenth working day after Monday the 2nd is the 16th; since then fifteen have gone by.
    let row: Vec<&str> = rows[1].iter().collect();
    let told = ["NW-01", "2", "巡山", "2026-11-02", "2026-11-16", "late", "15", "1", "1", "0"];
    assert_eq!((rows.len(), &row[..10]), (2, &told[..]));

    let create = "activity create 义诊 --branch NW-02 --start 2026-11-05T14:00 \
                  --end 2026-11-05T16:00";
    bank.types("clerk", create).await.exits(0);
    let told = bank.types("clerk", "hours deadlines --branch NW --check --lang zh").await.exits(3);
    assert!(told.out.contains("逾期未录") && told.out.contains("义诊"), "{}", told.out);
    let only = "hours deadlines --branch NW --only in-time --format json";
    let json = bank.types("clerk", only).await.exits(0).json();
    assert_eq!(json["activities"][0]["name"], "巡河");
    let counts = serde_json::json!([
        { "branch_code": "NW-01", "in_time": 1, "late": 1, "overdue": 0, "due": 0 },
        { "branch_code": "NW-02", "in_time": 0, "late": 0, "overdue": 1, "due": 0 },
    ]);
    assert_eq!(json["branches"], counts);
    let early = "hours deadlines --branch NW --until 2026-11-04 --check";
    bank.types("clerk", early).await.exits(0);
    bank.types("clerk", "hours deadlines").await.exits(1);
    bank.types("auditor", "hours deadlines --from 2026-12-01").await.exits(0);
}
