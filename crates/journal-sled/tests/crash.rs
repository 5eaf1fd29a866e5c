//! A writer that is killed: what it acknowledged is there, and what is there it submitted.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test may panic")]
#![allow(clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::PathBuf,
    process::{Command, Stdio},
    sync::Mutex,
};

use lovebank_journal::{Journal as _, Sealed, chain::made_up_group};
use lovebank_journal_sled::{Severity, SledConfig, SledJournal};
use support::{Bank, all, copy_tree, head};

const DIR: &str = "LOVEBANK_TEST_CRASH_DIR";

/// A process that is just being made has the open files of this one, locks included, until it
/// begins: no bank is closed and opened again meanwhile.
static ALONE: Mutex<()> = Mutex::new(());

/// How large the group after a head is: small, large, and with an entry in parts.
fn group_after(journal: &SledJournal) -> Vec<Sealed> {
    let head = journal.head();
    let (count, size) =
        [(1, 100), (40, 250), (3, 20_000), (300, 200)][usize::try_from(head.no % 4).unwrap()];
    made_up_group(head, count, size)
}

/// Appends and tells, until it is killed.
#[test]
#[ignore = "the process that is killed by the other test"]
fn the_writer() {
    let Some(dir) = std::env::var_os(DIR).map(PathBuf::from) else { return };
    let mirror = Some(dir.join("mirror"));
    let config = SledConfig { data: dir.join("data"), mirror, cache_bytes: 8 << 20 };
    let (mut journal, _) = SledJournal::open(&config).unwrap();
    let mut out = std::io::stdout();
    loop {
        let group = group_after(&journal);
        let head = journal.append(journal.head(), &group).unwrap();
        writeln!(out, "acknowledged {} {}", head.no, head.seal).unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn a_killed_writer_loses_nothing_that_it_acknowledged() {
    let _alone = ALONE.lock();
    let bank = Bank::mirrored();
    let dir = bank.data().parent().unwrap().to_path_buf();
    let mut before: Vec<Sealed> = Vec::new();
    for round in 0..12 {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "the_writer", "--nocapture"])
            .env(DIR, &dir)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut told = BufReader::new(writer.stdout.take().unwrap()).lines().map(Result::unwrap);
        let first = told.by_ref().filter(|it| it.starts_with("acknowledged ")).nth(round).unwrap();
        writer.kill().unwrap();
        let rest = told.filter(|it| it.starts_with("acknowledged ") && it.len() == first.len());
        let last = rest.last().unwrap_or(first);
        writer.wait().unwrap();

        let (journal, report) = bank.try_open().unwrap();
        assert_eq!(report.severity(), Severity::Info, "{report}");
        let entries = all(&journal);
        let (no, seal) = last["acknowledged ".len()..].split_once(' ').unwrap();
        let at = usize::try_from(no.parse::<u64>().unwrap()).unwrap();
        assert_eq!(entries[at - 1].seal().to_string(), seal, "{report}");
        assert!(entries.starts_with(&before));
        before = entries;
    }
}

/// A disk that fell behind by some groups, beside one that did not.
#[test]
fn copies_of_different_moments_end_at_the_later_one() {
    const MOMENTS: usize = 5;
    let _alone = ALONE.lock();
    let kept = tempfile::tempdir().unwrap();
    let of = |side: usize, moment: usize| kept.path().join(format!("{side}-{moment}"));
    let bank = Bank::mirrored();
    let mut heads = Vec::new();
    for moment in 0..MOMENTS {
        let mut journal = bank.open();
        for _ in 0..moment {
            let group = group_after(&journal);
            journal.append(journal.head(), &group).unwrap();
        }
        heads.push(head(&all(&journal)));
        drop(journal);
        for (side, dir) in bank.copies().iter().enumerate() {
            copy_tree(dir, &of(side, moment));
        }
    }
    for first in 0..MOMENTS {
        for second in 0..MOMENTS {
            for (side, moment) in [(0, first), (1, second)] {
                fs::remove_dir_all(&bank.copies()[side]).unwrap();
                copy_tree(&of(side, moment), &bank.copies()[side]);
            }
            let (journal, report) = bank.try_open().unwrap();
            assert_eq!(journal.head(), heads[first.max(second)], "{report}");
            assert_eq!(report.findings.len(), usize::from(first != second), "{report}");
        }
    }
}
