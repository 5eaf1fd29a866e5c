//! The binary: every command tells how it is used, and a mistake is told as one.

use std::process::{Command, Output};

fn admin(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lovebank-admin"));
    for name in ["SERVER", "TOKEN_FILE", "TLS_CA", "ZONE", "LANG"] {
        command.env_remove(format!("LOVEBANK_{name}"));
    }
    command.args(args).output().expect("runs")
}

fn help(path: &[String]) -> String {
    let mut args: Vec<&str> = path.iter().map(String::as_str).collect();
    args.push("--help");
    let output = admin(&args);
    assert!(output.status.success(), "{path:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// The commands that a help lists below itself.
fn below(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|it| *it != "Commands:").skip(1);
    let lines = lines.take_while(|it| !it.is_empty()).filter(|it| !it.starts_with("    "));
    // Help that clap adds is no command of ours; help between volunteers is one.
    let lines = lines.filter(|it| !it.contains("Print this message"));
    let names = lines.filter_map(|it| it.split_whitespace().next());
    names.map(str::to_owned).collect()
}

/// Every command, however deep, with its help.
fn commands(path: &[String]) -> Vec<(Vec<String>, String)> {
    let help = help(path);
    let deeper = below(&help);
    let deeper = deeper.into_iter().flat_map(|name| {
        let path: Vec<String> = path.iter().cloned().chain([name]).collect();
        commands(&path)
    });
    let deeper: Vec<_> = deeper.collect();
    std::iter::once((path.to_vec(), help)).chain(deeper).collect()
}

#[test]
fn every_command_has_help_with_an_example() {
    let all = commands(&[]);
    assert!(40 < all.len(), "{} commands", all.len());
    for (path, text) in all {
        let example = ["Example: lovebank-admin"].into_iter().map(str::to_owned);
        let example = example.chain(path.iter().cloned()).collect::<Vec<_>>().join(" ");
        assert!(text.contains(&example), "{path:?}: {text}");
    }
}

#[test]
fn help_is_in_chinese_where_that_is_asked_for() {
    let output = admin(&["hours", "record", "--help", "--lang", "zh"]);
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(
        output.status.success() && text.contains("用法：lovebank-admin hours record"),
        "{text}"
    );
    assert!(
        text.contains("示例：lovebank-admin hours record") && text.contains("证明人"),
        "{text}"
    );
    let output = admin(&["--lang=zh", "branch", "plant"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).expect("text").contains("命令看不懂"));
}

const CHANGES: &[&str] = &[
    "branch create",
    "branch rename",
    "volunteer register",
    "volunteer move",
    "volunteer status",
    "volunteer need",
    "volunteer erase",
    "token issue",
    "token revoke",
    "activity create",
    "hours record",
    "hours approve",
    "hours reject",
    "hours reverse",
    "hours correct",
    "hours deduct",
    "hours evaluate",
    "hours check-in",
    "hours check-out",
    "hours cancel-check-in",
    "gift give",
    "gift reverse",
    "kin request",
    "kin confirm",
    "kin end",
    "beneficiary name",
    "pool draw",
    "pool approve",
    "pool reject",
    "help ask",
    "help offer",
    "help withdraw",
    "help accept",
    "help cancel",
    "help confirm",
    "help resolve",
    "reward publish",
    "reward stock",
    "reward withdraw",
    "redemption request",
    "redemption cancel",
    "redemption fulfill",
    "redemption no-show",
    "redemption reverse",
    "rulebook adopt",
    "import volunteers",
];

#[test]
fn a_change_takes_a_request_id_and_can_be_only_checked() {
    for command in CHANGES {
        let text = help(&command.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert!(text.contains("--request-id") && text.contains("--validate-only"), "{command}");
    }
}

#[test]
fn a_bank_that_is_not_there_is_told_with_the_mend() {
    let directory = tempfile::tempdir().expect("a directory");
    let token = directory.path().join("a.token");
    std::fs::write(&token, "abc\n").expect("written");
    let token = token.to_str().expect("UTF-8");
    let there = ["--server", "http://127.0.0.1:1", "--token-file", token, "branch", "list"];
    let output = admin(&there);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).expect("text");
    assert!(text.contains("cannot reach the bank") && text.contains("--server"), "{text}");
    let output = admin(&[&there[..], &["--lang", "zh"]].concat());
    let text = String::from_utf8(output.stderr).expect("text");
    assert!(text.contains("连不上"), "{text}");
}

#[test]
fn a_token_file_that_is_not_there_is_told_with_the_mend() {
    let output = admin(&["--token-file", "no/such.token", "branch", "list"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).expect("text");
    assert!(text.contains("no/such.token") && text.contains("--token-file"), "{text}");
}

#[test]
fn a_command_that_is_not_understood_exits_with_2() {
    for args in [
        &["branch", "plant"][..],
        &[],
        &["hours", "approve"],
        &["volunteer", "erase", "1"],
        &["token", "issue", "clerk-1"],
        &["passbook", "show", "1", "--as-of", "yesterday"],
        &["branch", "rename", "NW", "x", "--request-id", "seven"],
        &["--zone", "Asia/Nowhere", "branch", "list"],
    ] {
        assert_eq!(admin(args).status.code(), Some(2), "{args:?}");
    }
}
