//! Imports by command line: a workbook goes in, is listed, undone, and taken in again.

mod support;

use std::fs;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use support::bank::Bank;

/// One service of two and a half hours, as Excel keeps it.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let header = ["义工号", "姓名", "活动名称", "服务开展日期", "签到时间", "签退时间", "服务时长"];
    for (column, text) in (0..).zip(header) {
        sheet.write(0, column, text).expect("written");
    }
    for (column, text) in [(0, "0300207442"), (1, "测试甲"), (2, "社区巡河")] {
        sheet.write(1, column, text).expect("written");
    }
    let day = ExcelDateTime::from_ymd(2024, 3, 1).expect("a day");
    let form = Format::new().set_num_format("yyyy/mm/dd");
    sheet.write_with_format(1, 3, &day, &form).expect("written");
    let form = Format::new().set_num_format("hh:mm");
    for (column, hour, minute) in [(4, 9, 10), (5, 11, 40)] {
        let time = ExcelDateTime::from_hms(hour, minute, 0).expect("a time");
        sheet.write_with_format(1, column, &time, &form).expect("written");
    }
    sheet.write(1, 6, 2.5).expect("written");
    book.save_to_buffer().expect("a workbook")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_taken_in_undone_and_taken_in_again() {
    let bank = Bank::start().await;
    // It lies about its ending.
    fs::write(bank.directory.path().join("march.csv"), workbook()).expect("written");
    let import = "import hours march.csv --branch NW-01 --register-missing --commit";
    bank.types("clerk", import).await.exits(0);
    let show = "passbook show 0300207442 --format json";
    assert_eq!(bank.types("clerk", show).await.exits(0).json()["passbook"]["minutes"], 150);

    let list = bank.types("auditor", "import list --format json").await.exits(0).json();
    let batch = list[0]["batch"].as_str().expect("a name").to_owned();
    assert_eq!((&list[0]["state"], &list[0]["minutes"]), (&"ended".into(), &150.into()));
    assert_eq!(list[0]["file_sha256"].as_str().map(str::len), Some(64));

    let undo = format!("import undo {batch}");
    let run = bank.types("clerk", &undo).await.exits(1);
    assert!(run.err.contains("nothing was recorded"), "{}", run.err);
    let run = bank.types("approver", &undo).await.exits(0);
    assert!(run.err.contains("rehearsed"), "{}", run.err);
    assert_eq!(bank.types("clerk", show).await.exits(0).json()["passbook"]["minutes"], 150);
    let run = bank.types("approver", &format!("{undo} --commit --format json")).await.exits(0);
    assert_eq!(run.json()["undone"]["taken_back"], 1);
    assert_eq!(run.json()["import"]["state"], "undone");
    assert_eq!(bank.types("clerk", show).await.exits(0).json()["passbook"]["minutes"], 0);

    let run = bank.types("approver", &format!("{undo} --commit --lang zh")).await.exits(1);
    assert!(run.err.contains("已由分录"), "{}", run.err);
    let run = bank.types("clerk", import).await.exits(1);
    assert!(run.err.contains("another edition"), "{}", run.err);
    bank.types("clerk", &format!("{import} --edition 2")).await.exits(0);
    assert_eq!(bank.types("clerk", show).await.exits(0).json()["passbook"]["minutes"], 150);
    let shown = bank.types("auditor", &format!("import show {batch}")).await.exits(0);
    assert!(shown.out.contains("undone by"), "{}", shown.out);
    bank.types("auditor", "import show zz").await.exits(2);
    bank.types("auditor", "verify").await.exits(0);
}
