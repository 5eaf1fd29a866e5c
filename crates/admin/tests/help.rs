//! The binary: every command tells how it is used, and a mistake is told as one.

use std::process::{Command, Output};

fn admin(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lovebank-admin")).args(args).output().expect("runs")
}

#[test]
fn every_command_has_help_with_an_example() {
    for command in [
        "branch create",
        "branch list",
        "volunteer register",
        "volunteer find",
        "token issue",
        "token list",
        "token revoke",
        "hours record",
        "hours approve",
        "passbook show",
        "import hours",
        "verify",
    ] {
        let mut args: Vec<&str> = command.split(' ').collect();
        args.push("--help");
        let output = admin(&args);
        let text = String::from_utf8(output.stdout).expect("text");
        assert!(output.status.success(), "{command}");
        assert!(text.contains(&format!("Example: lovebank-admin {command}")), "{command}: {text}");
    }
}

#[test]
fn a_bank_that_is_not_there_is_told_with_the_mend() {
    let output = admin(&["--server", "http://127.0.0.1:1", "branch", "list"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).expect("text");
    assert!(text.contains("cannot reach the bank") && text.contains("--server"), "{text}");
}

#[test]
fn a_command_that_is_not_understood_exits_with_2() {
    assert_eq!(admin(&["branch", "plant"]).status.code(), Some(2));
}
