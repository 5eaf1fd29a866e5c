//! Files that a clerk gives and gets back: nothing in them is passed over in silence, and nothing
//! that is there is written over.

mod support;

use std::{fs, io::Write as _, path::Path, process::Stdio};

use support::{
    Run, admin,
    bank::Bank,
    directory,
    mock::{Mock, Step},
};
use tonic::Status;

const HEADER: &str = "序号,义工号,姓名,活动名称,服务开展日期,签到时间,签退时间,服务时长\n";
const GOOD: &str = "1,0300000001,甲,巡河,2024/3/2,9:00,10:00,1\n";

fn bad(day: &str) -> String {
    format!("9,0300,甲,巡河,{day},9:00,10:00,1\n")
}

async fn import(mock: &Mock, directory: &Path, args: &[&str]) -> Run {
    let args = [&["import", "hours", "--branch", "NW", "--commit"], args].concat();
    admin(&mock.address, Path::new("a.token"), directory, &args).await
}

#[tokio::test(flavor = "multi_thread")]
async fn rejects_are_never_written_over_what_is_there() {
    let mock = Mock::start([]).await;
    let first = format!("{HEADER}{}", bad("2024/2/30"));
    let directory = directory(&[("a.csv", &first)]);
    let out = directory.path().join("out");
    let args = ["a.csv", "--rejects", "out"];
    let run = import(&mock, directory.path(), &args).await.exits(3);
    assert!(run.err.contains("out/a.rejected.csv"), "{}", run.err);
    let names = || {
        let mut names: Vec<_> = fs::read_dir(&out).expect("there").collect();
        names.sort_by_key(|it| it.as_ref().map(fs::DirEntry::file_name).ok());
        names.into_iter().map(|it| it.expect("one").file_name().into_string().expect("text"))
    };
    import(&mock, directory.path(), &args).await.exits(3);
    assert_eq!(names().collect::<Vec<_>>(), ["a.reasons.csv", "a.rejected.csv"]);

    // A clerk mends it; the same sheet is sent again meanwhile.
    fs::write(out.join("a.rejected.csv"), "half mended").expect("written");
    import(&mock, directory.path(), &args).await.exits(3);
    assert_eq!(fs::read_to_string(out.join("a.rejected.csv")).expect("kept"), "half mended");
    let second = fs::read_to_string(out.join("a.rejected.2.csv")).expect("the next number");
    assert!(second.contains("2024/2/30"), "{second}");

    // What is mended is sent from where it stands, with a fault left in it.
    let mended = format!("{HEADER}{GOOD}{}", bad("2024/2/31"));
    fs::write(out.join("a.rejected.csv"), &mended).expect("written");
    let args = ["out/a.rejected.csv", "a.csv", "--rejects", "out", "--lang", "zh"];
    import(&mock, directory.path(), &args).await.exits(3);
    assert_eq!(fs::read_to_string(out.join("a.rejected.csv")).expect("kept"), mended);
    let of_mended = fs::read_to_string(out.join("a.rejected.rejected.csv")).expect("its own");
    assert!(of_mended.contains("2024/2/31") && !of_mended.contains("2024/2/30"), "{of_mended}");

    fs::write(directory.path().join("a.csv"), format!("{HEADER}{GOOD}")).expect("written");
    let run = import(&mock, directory.path(), &["a.csv", "--rejects", "out"]).await.exits(0);
    assert!(run.err.contains("of an earlier run"), "{}", run.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn rejects_of_a_sheet_that_did_not_reach_its_end_are_not_written() {
    let mock = Mock::start([Step::Refuse(Status::permission_denied("not here"))]).await;
    let text = format!("{HEADER}{GOOD}{}", bad("2024/2/30"));
    let directory = directory(&[("a.csv", &text), ("b.csv", &text.replace("0300", "0400"))]);
    let args = ["a.csv", "b.csv", "--rejects", "out"];
    let run = import(&mock, directory.path(), &args).await.exits(1);
    assert!(run.err.contains("no row of it was recorded"), "{}", run.err);
    assert_eq!(fs::read_dir(directory.path().join("out")).expect("there").count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_row_recorded_is_not_said_where_an_answer_may_be_lost() {
    let denied = Status::permission_denied("not here");
    let mock = Mock::start([Step::CutAfter(0), Step::Refuse(denied)]).await;
    let directory = directory(&[("a.csv", &format!("{HEADER}{GOOD}"))]);
    let run = import(&mock, directory.path(), &["a.csv"]).await.exits(1);
    assert!(run.err.contains("perhaps more") && !run.err.contains("no row"), "{}", run.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_that_are_not_read_are_named_and_category_and_place_are_read() {
    let mock = Mock::start([]).await;
    let header = HEADER.replace("活动名称", "活动名称,服务类别,服务地点,备注");
    let row = GOOD.replace("巡河", "巡河,抢险救灾,河边,好");
    let directory = directory(&[("a.csv", &format!("{header}{row},,,,,,,,,,\n"))]);
    let args = ["a.csv", "--by-file", "--format", "json"];
    let run = import(&mock, directory.path(), &args).await.exits(0);
    assert!(run.err.contains("not read: 备注 (a.csv)"), "{}", run.err);
    assert!(run.err.contains("1 rows of empty cells"), "{}", run.err);
    let file = &run.json()["files"][0];
    assert_eq!((&file["columns_not_read"][0], &file["blank_rows"]), (&"备注".into(), &1.into()));
    let row = mock.calls()[0].parts[0].rows[0].clone();
    assert_eq!((row.category.as_str(), row.place.as_str()), ("抢险救灾", "河边"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_given_twice_is_refused_before_anything_is_sent() {
    let mock = Mock::start([]).await;
    let text = format!("{HEADER}{GOOD}");
    let directory = directory(&[("a.csv", &text), ("x/copy.csv", &text)]);
    let run = import(&mock, directory.path(), &["a.csv", "x/copy.csv"]).await.exits(2);
    assert!(run.err.contains("a.csv and x/copy.csv are the same sheet"), "{}", run.err);
    assert!(mock.calls().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_read_as_a_sheet_is_and_what_is_shifted_or_told_twice_is_refused() {
    let bank = Bank::start().await;
    let list = |text: &str| fs::write(bank.directory.path().join("list.csv"), text).unwrap();
    let line = "import volunteers list.csv --branch NW-01";
    list("义工号;姓名;性别\n０３００ ０００００１;甲;女\n;;\n");
    let spaced = bank.types("clerk", line).await.exits(1);
    assert!(spaced.err.contains("line 2"), "{}", spaced.err);
    list("义工号;姓名;性别\n　０３００００００１１;甲;女\n;;\n");
    let run = bank.types("clerk", line).await.exits(0);
    assert!(run.err.contains("not read: 性别"), "{}", run.err);
    // The number of a sheet and that of a list are one.
    bank.types("clerk", "volunteer show 0300000011").await.exits(0);
    for (text, why) in [
        ("义工号,姓名,number\n1,甲,2\n", "columns 1 and 3 are both"),
        ("义工号,姓名\n2,甲\n3,乙,丙\n", "line 3"),
        ("姓名\n甲\n", "no column number / volunteer_number / 义工号"),
    ] {
        list(text);
        let run = bank.types("clerk", line).await.exits(1);
        assert!(run.err.contains(why), "{}", run.err);
    }
    bank.types("clerk", "volunteer show 2").await.exits(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_list_of_days_and_a_bad_mapping_are_told_in_chinese_too() {
    let mock = Mock::start([]).await;
    let files = [
        ("a.csv", "a@b.cn,巡河,2\n"),
        ("days.csv", "\u{feff}文件,上传日期\na.csv,三月一日\n"),
        ("map.toml", "name = \"x\"\n[columns]\nvolunteer = \"号\"\n"),
    ];
    let directory = directory(&files);
    for (args, told) in [
        (["--dates", "days.csv"], "第 2 行：a.csv：“三月一日”不是日期"),
        (["--map", "map.toml"], "每行须说明时长"),
    ] {
        let args = [&["a.csv", "--lang", "zh"][..], &args].concat();
        let run = import(&mock, directory.path(), &args).await.exits(1);
        assert!(run.err.contains(told), "{}", run.err);
    }
    assert!(mock.calls().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_nobody_read_is_told_to_be_lost() {
    let bank = Bank::start().await;
    let args = ["token", "issue", "x", "--grant", "clerk@NW"];
    let mut issue = bank.command(Path::new("data/operator.token"), &args);
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    issue.stdout(writer).stderr(Stdio::piped());
    let run = tokio::task::spawn_blocking(move || issue.spawn()?.wait_with_output());
    let run = run.await.expect("it ends").expect("it runs");
    let told = String::from_utf8(run.stderr).expect("text");
    assert_eq!(run.status.code(), Some(1), "{told}");
    assert!(told.contains("its secret is lost: revoke it with `lovebank-admin token revoke 5`"));
    bank.operator(&["token", "revoke", "5"]).await.exits(0);
}

/// A workbook of Excel 97 that breaks its reader: it names a sheet and does not say what sheet.
fn breaking() -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| {
        let len = u16::try_from(data.len()).expect("short");
        [&kind.to_le_bytes()[..], &len.to_le_bytes(), data].concat()
    };
    let begin = record(0x0809, &[0x00, 0x06, 0x05, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let end = record(0x000A, &[]);
    // The sheet begins after what is common to all.
    let before = [&begin[..], &record(0x0085, &[0; 4]), &end].concat();
    let at = u32::try_from(before.len()).expect("short");
    let stream = [&begin[..], &record(0x0085, &at.to_le_bytes()), &end, &begin, &end].concat();
    let mut file =
        cfb::CompoundFile::create_with_version(cfb::Version::V3, std::io::Cursor::new(Vec::new()))
            .expect("a file");
    file.create_stream("Workbook").expect("a stream").write_all(&stream).expect("written");
    file.into_inner().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_workbook_that_breaks_its_reader_only_that_is_told() {
    let mock = Mock::start([]).await;
    let directory = directory(&[]);
    fs::write(directory.path().join("a.xls"), breaking()).expect("written");
    let run = import(&mock, directory.path(), &["a.xls"]).await.exits(1);
    let told: Vec<_> = run.err.lines().collect();
    let [first, code] = told[..] else { panic!("{}", run.err) };
    assert!(first.starts_with("error: a.xls: ") && first.contains("damaged"), "{first}");
    assert_eq!(code.trim(), "reason: WORKBOOK_BROKEN");
}
