//! Imports and changes over a connection that breaks: what came of every row is known in the end,
//! and nothing is sent under another name.

mod support;

use std::{fmt::Write as _, fs, path::Path, time::Duration};

use support::{
    Run, admin, directory,
    mock::{Mock, Step},
};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

const HEADER: &str = "序号,义工号,姓名,活动名称,服务开展日期,签到时间,签退时间,服务时长\n";

fn sheet(rows: usize) -> String {
    let mut text = HEADER.to_owned();
    for no in 1..=rows {
        writeln!(text, "{no},03{no:08},甲,巡河,2024/3/2,9:00,10:00,1").expect("text");
    }
    text
}

async fn import(mock: &Mock, directory: &Path, args: &[&str]) -> Run {
    let args = [&["import", "hours", "--branch", "NW", "--commit"], args].concat();
    admin(&mock.address, Path::new("a.token"), directory, &args).await
}

fn later(after: Duration) -> Status {
    let details = ErrorDetails::with_retry_info(Some(after));
    Status::with_error_details(Code::Unavailable, "later", details)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_import_is_resumed_and_every_row_has_its_verdict() {
    let wait = Duration::from_millis(400);
    let mock = Mock::start([Step::CutAfter(1), Step::Refuse(later(wait)), Step::Answer]).await;
    let directory = directory(&[("a.csv", &sheet(2500))]);
    let run = import(&mock, directory.path(), &["a.csv", "--rows", "--format", "json"]).await;
    let run = run.exits(0);
    let json = run.json();
    assert_eq!((&json["rows"], &json["verdicts"][0]["rows"]), (&2500.into(), &2500.into()));
    assert_eq!(json["lines"].as_array().expect("lines").len(), 2500);
    assert!(
        run.err.contains("trying again") && !run.err.contains("taken in before"),
        "{}",
        run.err
    );
    let calls = mock.calls();
    assert_eq!(calls.len(), 3, "{}", run.err);
    assert_eq!(calls[0].header, calls[2].header);
    assert!(calls[0].parts.len() <= 1 && calls[2].parts.len() == 3);
    assert!(calls[2].parts.starts_with(&calls[0].parts));
    let lines = calls[2].parts.iter().flat_map(|it| &it.rows).map(|it| it.line);
    assert!(lines.eq(2..=2501));
    assert!(wait <= calls[2].at - calls[1].at, "the bank asked for patience");

    let again = import(&mock, directory.path(), &["a.csv"]).await.exits(0);
    assert!(again.err.contains("taken in before"), "{}", again.err);
    assert_eq!(mock.calls()[3].header, calls[0].header);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_may_break_more_often_than_is_tried_while_it_gets_further() {
    let steps = (1..=8).map(|count| match count % 3 {
        0 => Step::CutAfter(count),
        1 => Step::FailAfter(count, Status::aborted("again")),
        _ => Step::FailAfter(count, Status::deadline_exceeded("again")),
    });
    let mock = Mock::start(steps).await;
    let directory = directory(&[("a.csv", &sheet(8_500))]);
    let run = import(&mock, directory.path(), &["a.csv", "--quiet"]).await.exits(0);
    assert!(run.out.contains("8500") && run.err.is_empty(), "{} {}", run.out, run.err);
    let calls = mock.calls();
    assert_eq!(calls.len(), 9);
    assert!(calls.iter().all(|it| it.header == calls[0].header));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_is_told_where_a_later_file_fails() {
    let denied = Status::permission_denied("not here");
    let mock = Mock::start([Step::Answer, Step::FailAfter(1, denied)]).await;
    let bad = format!("{}9,0300,甲,巡河,2024/2/30,9:00,10:00,1\n", sheet(2));
    let files = [("a.csv", bad.as_str()), ("b.csv", &sheet(1200)), ("c.csv", &sheet(3))];
    let directory = directory(&files);
    let args = ["a.csv", "b.csv", "c.csv", "--rejects", "out", "--by-file", "--format", "json"];
    let run = import(&mock, directory.path(), &args).await.exits(1);
    assert!(run.err.contains("b.csv: not sent to its end") && run.err.contains("not here"));
    let json = run.json();
    let count = |file: usize, verdict: &str| {
        let verdicts = json["files"][file]["verdicts"].as_array().expect("verdicts");
        let found = verdicts.iter().find(|it| it["verdict"] == verdict);
        found.map_or(0, |it| it["rows"].as_u64().expect("a number"))
    };
    assert_eq!((count(0, "NEW"), count(0, "MALFORMED")), (2, 1));
    assert_eq!((count(1, "NEW"), count(1, "NOT_SENT")), (1000, 200));
    assert_eq!((count(2, "NOT_SENT"), mock.calls().len()), (3, 2));
    let rejected = fs::read_to_string(directory.path().join("out/a.rejected.csv"));
    assert!(rejected.expect("written").contains("2024/2/30"));
    assert!(!directory.path().join("out/b.rejected.csv").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_fails_before_anything_is_sent() {
    let mock = Mock::start([]).await;
    let directory = directory(&[("a.csv", &sheet(2)), ("b.csv", "no,header\n")]);
    let run = import(&mock, directory.path(), &["a.csv", "b.csv", "--lang", "zh"]).await.exits(1);
    assert!(run.err.contains("b.csv") && run.err.contains("HEADER_UNKNOWN"), "{}", run.err);
    assert!(run.out.is_empty() && mock.calls().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_past_the_bounds_are_told_here_and_the_others_are_sent() {
    let mock = Mock::start([]).await;
    let row = |number: usize, activity: usize| {
        let (number, activity) = ("0".repeat(number), "河".repeat(activity));
        format!("1,{number},甲,{activity},2024/3/2,9:00,10:00,1\n")
    };
    let text = [HEADER.to_owned(), row(64, 128), row(65, 128), row(64, 129)].concat();
    let directory = directory(&[("a.csv", &text)]);
    let run = import(&mock, directory.path(), &["a.csv", "--rows", "--format", "csv"]).await;
    let rows = run.exits(3).csv();
    let verdicts: Vec<_> = rows[1..].iter().map(|it| (&it[1], &it[5], &it[6])).collect();
    let expected = [
        ("2", "NEW", ""),
        ("3", "MALFORMED", "VOLUNTEER_TOO_LONG"),
        ("4", "MALFORMED", "TEXT_TOO_LONG"),
    ];
    assert_eq!(verdicts, expected);
    assert!(rows[3][7].starts_with("column 4 活动名称: longer than 128"), "{}", &rows[3][7]);
    assert_eq!(mock.calls()[0].parts[0].rows.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_files_of_one_name_have_their_own_rejects() {
    let mock = Mock::start([]).await;
    let bad = |day: &str| format!("{HEADER}9,0300,甲,巡河,{day},9:00,10:00,1\n");
    let (first, second) = (bad("2024/2/30"), bad("2024/2/31"));
    let directory = directory(&[("x/a.csv", &first), ("y/a.csv", &second)]);
    let args = ["x/a.csv", "y/a.csv", "--rejects", "out", "--by-file"];
    let run = import(&mock, directory.path(), &args).await.exits(3);
    assert!(run.out.contains("x/a.csv") && run.out.contains("y/a.csv"), "{}", run.out);
    let read =
        |name: &str| fs::read_to_string(directory.path().join("out").join(name)).expect("it");
    assert!(read("a.rejected.csv").contains("2/30") && read("a.2.rejected.csv").contains("2/31"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_outcome_is_unknown_says_with_which_id_to_ask_again() {
    let mock = Mock::start([]).await;
    let directory = directory(&[]);
    let create = ["branch", "create", "NW", "南湾", "--kind", "street"];
    let token = Path::new("a.token");
    let run = admin(&mock.address, token, directory.path(), &create).await.exits(1);
    let id = mock.branches().remove(0);
    assert!(run.err.contains("is not known") && run.err.contains(&id), "{}", run.err);
    let again = [&create[..], &["--request-id", &id, "--lang", "zh"]].concat();
    let run = admin(&mock.address, token, directory.path(), &again).await.exits(0);
    assert!(run.err.contains("此前已登记"), "{}", run.err);
    assert_eq!(mock.branches(), [id.clone(), id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_does_not_hold_exits_with_4() {
    let mock = Mock::start([]).await;
    let directory = directory(&[]);
    let args = ["verify", "--format", "json"];
    let run = admin(&mock.address, Path::new("a.token"), directory.path(), &args).await.exits(4);
    assert_eq!(run.json()["holds"], false);
    assert!(run.err.contains("entry 1 does not hold"), "{}", run.err);
    // No report is made of it.
    let args = ["solvency", "--lang", "zh"];
    let run = admin(&mock.address, Path::new("a.token"), directory.path(), &args).await.exits(4);
    assert!(run.out.is_empty() && run.err.contains("流水 1 不成立"), "{}", run.err);
}

#[tokio::test]
async fn who_stops_reading_does_not_turn_a_fault_into_success() {
    let mock = Mock::start([]).await;
    let directory = directory(&[]);
    let token = Path::new("a.token");
    let mut verify = support::command(&mock.address, token, directory.path(), &["verify"]);
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    verify.stdout(writer).stderr(std::process::Stdio::piped());
    let run = tokio::task::spawn_blocking(move || verify.spawn()?.wait_with_output());
    let run = run.await.expect("it ends").expect("it runs");
    assert_eq!(run.status.code(), Some(4));
    let told = String::from_utf8(run.stderr).expect("text");
    assert!(told.contains("entry 1 does not hold"), "{told}");
}
