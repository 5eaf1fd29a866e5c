//! Exports of a real bank, told back: by hledger, and by what the bank itself says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::{collections::BTreeSet, fs, io::Write as _, path::Path, process::Command};

use support::bank::Bank;

/// A bank in which two volunteers served, and one of them gave something to the pool.
async fn bank() -> Bank {
    let bank = Bank::start().await;
    for line in [
        "volunteer register 0300000001 --branch NW-01 --name 测试甲 --phone 13800138000",
        "volunteer register 0300000002 --branch NW-02 --name 测试乙",
        "hours record 0300000001 0300000002 --branch NW-01 --activity =1+1 --date 2026-03-01 \
         --minutes 90",
        "gift give 0300000001 0.55 --pool NW-02",
    ] {
        bank.types("clerk", line).await.exits(0);
    }
    bank
}

/// What hledger makes of an export of the journal, once it has checked it; none where there is no
/// hledger.
async fn balances(bank: &Bank, name: &str) -> Option<String> {
    bank.types("auditor", &format!("export journal --out {name}")).await.exits(0);
    let path = bank.directory.path().join(name);
    let hledger = |args: &[&str]| Command::new("hledger").args(args).arg("-f").arg(&path).output();
    let Ok(checked) = hledger(&["check", "--strict"]) else {
        std::io::stderr().write_all(b"hledger is not installed: its check was NOT run\n").unwrap();
        return None;
    };
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let balances = hledger(&["balance", "-N", "--flat", "-O", "csv"]).unwrap().stdout;
    Some(String::from_utf8(balances).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn hledger_adds_up_what_the_bank_says() {
    let bank = bank().await;
    let Some(balances) = balances(&bank, "bank.journal").await else { return };
    for (number, account) in [("0300000001", "passbook:1"), ("0300000002", "passbook:2")] {
        let args = ["passbook", "show", number, "--lines", "0", "--format", "json"];
        let shown = bank.the("clerk", &args).await.exits(0).json();
        let shown = shown.get("passbook").unwrap_or(&shown);
        let (minutes, points) = (&shown["minutes"], shown["points"].as_str().unwrap());
        let expected = format!("\"{account}\",\"{minutes} minutes, {points} points\"");
        assert!(balances.contains(&expected), "{expected} in\n{balances}");
    }
    assert!(balances.contains("\"branch:NW:NW-02:pool\",\"0.55 points\""), "{balances}");
}

/// The last line of a statement: kind, the other passbook, what it is about, minutes and points.
async fn last_line(bank: &Bank, number: &str, name: &str) -> Vec<String> {
    let line = format!("export statement {number} --out {name}");
    bank.types("clerk", &line).await.exits(0);
    let mut reader = csv::Reader::from_path(bank.directory.path().join(name)).unwrap();
    let last = reader.records().map(Result::unwrap).last().unwrap();
    [5, 9, 10, 11, 12, 13, 14, 15].map(|it| last[it].to_owned()).into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_and_its_undo_balance_and_each_statement_names_the_other_passbook() {
    let bank = Bank::start().await;
    for (who, line) in [
        ("clerk", "volunteer register 0300000001 --branch NW-01"),
        ("clerk", "volunteer register 0300000002 --branch NW-01"),
        (
            "clerk",
            "hours record 0300000001 --branch NW-01 --activity 巡河 --date 2026-03-01 --minutes 90",
        ),
        (
            "clerk",
            "hours record 0300000002 --branch NW-01 --activity 巡河 --date 2026-03-02 --minutes 60",
        ),
        ("clerk", "gift give 0300000001 0.55 --pool NW-01"),
        ("clerk", "volunteer merge propose 0300000001 --into 0300000002"),
        ("approver", "volunteer merge confirm 1"),
    ] {
        bank.types(who, line).await.exits(0);
    }
    let row = |it: &[&str]| it.iter().map(ToString::to_string).collect::<Vec<_>>();
    let from = row(&["merged", "2", "merge", "1", "-90", "0", "-0.95", "0.00"]);
    assert_eq!(last_line(&bank, "0300000001", "from.csv").await, from);
    let into = row(&["merged", "1", "merge", "1", "90", "150", "0.95", "1.95"]);
    assert_eq!(last_line(&bank, "0300000002", "into.csv").await, into);
    if let Some(balances) = balances(&bank, "merged.journal").await {
        assert!(balances.contains("\"passbook:2\",\"150 minutes, 1.95 points\""), "{balances}");
        assert!(!balances.contains("\"passbook:1\""), "nothing is left there: {balances}");
    }

    bank.types("clerk", "volunteer merge undo 1").await.exits(0);
    bank.types("approver", "volunteer merge confirm-undo 1").await.exits(0);
    let from = row(&["parted", "2", "merge", "1", "90", "90", "0.95", "0.95"]);
    assert_eq!(last_line(&bank, "0300000001", "from-again.csv").await, from);
    if let Some(balances) = balances(&bank, "parted.journal").await {
        assert!(balances.contains("\"passbook:1\",\"90 minutes, 0.95 points\""), "{balances}");
        assert!(balances.contains("\"passbook:2\",\"60 minutes, 1.00 points\""), "{balances}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_the_passbook_and_no_text_in_it_is_a_formula() {
    let bank = bank().await;
    let line = "export statement 0300000001 --out one.csv --bom";
    let told = bank.types("clerk", line).await.exits(0);
    assert!(told.out.contains("one.csv"), "{}", told.out);
    let bytes = fs::read(bank.directory.path().join("one.csv")).unwrap();
    assert!(bytes.starts_with(b"\xef\xbb\xbfpassbook_no,"));
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(&rows[0][6], "'=1+1");
    assert_eq!((&rows[0][13], &rows[0][15]), ("90", "1.50"));
    assert_eq!((&rows[1][5], &rows[1][14], &rows[1][15]), ("given", "-0.55", "0.95"));
    // Another's statement is for those who may see the passbook.
    let foreign = bank.operator(&["export", "statement", "0300000001", "--out", "two.csv"]).await;
    assert_eq!(foreign.code, Some(1), "{}", foreign.err);
    assert!(!bank.directory.path().join("two.csv").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_and_its_totals_name_nobody_and_write_over_nothing() {
    let bank = bank().await;
    for line in [
        "export journal --out all.csv",
        "export journal --out all.jsonl",
        "export journal --out all.parquet",
        "export totals --out totals.jsonl",
    ] {
        bank.types("auditor", line).await.exits(0);
        let name = line.rsplit(' ').next().unwrap();
        let bytes = fs::read(bank.directory.path().join(name)).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in ["测试甲", "测试乙", "13800138000", "0300000001", "0300000002"] {
            assert!(!text.contains(secret), "{name} says {secret}");
        }
    }
    let again = bank.types("auditor", "export totals --out totals.jsonl").await.exits(2);
    assert!(again.err.contains("it is there already"), "{}", again.err);
    for (line, says) in [
        ("export totals --out totals.journal", "hledger reads the journal only"),
        ("export totals --out totals.txt", "end the name with"),
        ("export totals --out t.parquet --bom", "--bom"),
    ] {
        let refused = bank.types("auditor", line).await.exits(2);
        assert!(refused.err.contains(says), "{}", refused.err);
    }
    let refused = bank.types("clerk", "export journal --out mine.csv").await.exits(1);
    assert!(!refused.err.is_empty() && !bank.directory.path().join("mine.csv").exists());
}

/// The same command, none of whose files may grow beyond a KiB: what it meets there is an error,
/// or its end, as of a power cut in the midst of a file.
fn cut_off(command: &Command, is_told: bool) -> Command {
    // A signal that is ignored stays ignored.
    let signal = if is_told { "trap '' XFSZ;" } else { "" };
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{signal} ulimit -c 0; ulimit -f 1; exec \"$@\""), "sh"]);
    shell.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell.current_dir(command.get_current_dir().unwrap());
    shell
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cut_off_leaves_no_file_under_the_name() {
    let bank = bank().await;
    let files = || -> BTreeSet<String> {
        let files = fs::read_dir(bank.directory.path()).unwrap();
        files.map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
    };
    for (line, name) in [
        ("rulebook show --format json --save rules.json", "rules.json"),
        ("awards chart --year 2026 --branch NW --out year.svg", "year.svg"),
        ("export journal --out all.jsonl", "all.jsonl"),
    ] {
        let args: Vec<_> = line.split_whitespace().collect();
        let command = bank.command(Path::new("auditor.token"), &args);
        let before = files();
        let mut cut = cut_off(&command, true);
        let told = tokio::task::spawn_blocking(move || cut.output()).await.unwrap().unwrap();
        let said = String::from_utf8(told.stderr).unwrap();
        assert_eq!(told.status.code(), Some(1), "{said}");
        assert!(said.contains(name), "{said}");
        assert_eq!(files(), before, "{line}: nothing is left");

        let mut cut = cut_off(&command, false);
        let killed = tokio::task::spawn_blocking(move || cut.output()).await.unwrap().unwrap();
        assert_eq!(killed.status.code(), None, "a signal ended it");
        let left: Vec<_> = files().difference(&before).cloned().collect();
        let [left] = &left[..] else { panic!("{left:?}") };
        let is_aside = left.starts_with(&format!("{name}.")) && left.ends_with(".unfinished");
        assert!(is_aside, "{left}");

        // The same command goes on, and leaves what is there as it is.
        bank.types("auditor", line).await.exits(0);
        let path = bank.directory.path().join(name);
        assert!(1024 < path.metadata().unwrap().len(), "{line}");
        fs::write(&path, "mine").unwrap();
        let again = bank.types("auditor", line).await;
        assert!([Some(1), Some(2)].contains(&again.code), "{}", again.err);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }
}
