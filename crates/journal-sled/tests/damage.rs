//! Damage to one copy is healed from the other; damage to both is refused with advice.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test may panic")]
#![allow(clippy::print_stdout, reason = "the seed is told")]

mod support;

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::FileExt as _,
    path::Path,
};

use lovebank_journal::Sealed;
use lovebank_journal_sled::{Finding, OpenError, OpenReport, Severity};
use support::{Bank, all, copy_tree};

const GROUPS: [(usize, usize); 6] =
    [(1, 200), (40, 250), (300, 250), (2, 20_000), (1, 90), (500, 240)];
const SEED: u64 = 0x5eed_0f1e_d6e5;

/// Opens a bank, finds every entry in both copies and appends; gives the report.
fn intact(bank: &Bank, entries: &[Sealed]) -> OpenReport {
    let (journal, report) = bank.try_open().unwrap();
    assert_eq!(all(&journal), entries, "{report}");
    drop(journal);
    let (journal, again) = bank.try_open().unwrap();
    assert_eq!(again.findings, [], "after {report}");
    assert_eq!(all(&journal), entries);
    report
}

fn refused(bank: &Bank) -> String {
    let error = bank.try_open().map(|(_, report)| report).unwrap_err();
    assert!(matches!(error, OpenError::Refused(_)), "{error}");
    let text = error.to_string();
    assert!(text.contains("deploy/README.md"), "{text}");
    text
}

fn flip(file: &Path, offset: u64, bit: u8) {
    let file = OpenOptions::new().read(true).write(true).open(file).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, offset).unwrap();
    file.write_all_at(&[byte[0] ^ (1 << bit)], offset).unwrap();
}

fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn a_flipped_bit_costs_nothing() {
    println!("seed {SEED:#x}");
    let bank = Bank::mirrored();
    let entries = bank.filled(&GROUPS);
    let kept = tempfile::tempdir().unwrap();
    let size = fs::metadata(bank.copies()[0].join("db")).unwrap().len();
    for (side, dir) in bank.copies().iter().enumerate() {
        copy_tree(dir, &kept.path().join(side.to_string()));
    }
    let (mut state, mut healed) = (SEED, 0);
    for round in 0..120 {
        let dir = &bank.copies()[round % 2];
        let (offset, bit) = (random(&mut state) % size, u8::try_from(round % 8).unwrap());
        flip(&dir.join("db"), offset, bit);
        if round % 3 == 0 {
            // An older state cannot be told from a crash then.
            fs::remove_file(dir.join("HEAD")).unwrap();
        }
        let (journal, report) = bank.try_open().unwrap_or_else(|it| panic!("{offset}.{bit}: {it}"));
        assert_eq!(all(&journal), entries, "bit {bit} of {offset}: {report}");
        drop(journal);
        if round % 3 == 0 {
            intact(&bank, &entries);
        }
        healed += usize::from(report.severity() == Severity::Warn);
        for (side, dir) in bank.copies().iter().enumerate() {
            fs::remove_dir_all(dir.parent().unwrap()).unwrap();
            copy_tree(&kept.path().join(side.to_string()), dir);
        }
    }
    println!("{healed} of 120 healed, the others did no harm");
    assert!(10 < healed, "only {healed}");
}

#[test]
fn a_flipped_bit_without_a_second_copy_is_never_silent() {
    println!("seed {SEED:#x}");
    let bank = Bank::single();
    let entries = bank.filled(&GROUPS);
    let kept = tempfile::tempdir().unwrap();
    let dir = &bank.copies()[0];
    copy_tree(dir, kept.path());
    let size = fs::metadata(dir.join("db")).unwrap().len();
    let (mut state, mut refused) = (SEED.rotate_left(7), 0);
    for round in 0..60 {
        flip(&dir.join("db"), random(&mut state) % size, round % 8);
        match bank.try_open() {
            Ok((journal, _)) => assert_eq!(all(&journal), entries),
            Err(OpenError::Refused(_)) => refused += 1,
            Err(error) => panic!("{error}"),
        }
        fs::remove_dir_all(dir).unwrap();
        copy_tree(kept.path(), dir);
    }
    println!("{refused} of 60 refused, the others did no harm");
    assert!(5 < refused, "only {refused}");
}

#[test]
fn a_truncated_copy_is_replaced() {
    for side in [0, 1] {
        let bank = Bank::mirrored();
        let entries = bank.filled(&GROUPS);
        let db = bank.copies()[side].join("db");
        let written =
            u64::try_from(entries.iter().map(|it| it.bytes().len()).sum::<usize>()).unwrap();
        for (part, number) in [0, 1, 3, 5, 7, 9].into_iter().zip(1..) {
            let file = OpenOptions::new().write(true).open(&db).unwrap();
            file.set_len(written * part / 10).unwrap();
            let report = intact(&bank, &entries);
            let aside = bank.copies()[side].with_file_name(format!("journal.damaged-{number}"));
            assert!(aside.is_dir(), "every damaged copy is kept");
            let [Finding::Replaced { aside: kept, .. }] = report.findings.as_slice() else {
                panic!("{part} tenths: {report}");
            };
            assert_eq!(*kept, aside);
        }
    }
}

#[test]
fn a_copy_that_is_gone_is_made_anew() {
    for side in [0, 1] {
        let bank = Bank::mirrored();
        let entries = bank.filled(&GROUPS);
        let dir = bank.copies()[side].clone();
        fs::remove_dir_all(&dir).unwrap();
        let report = intact(&bank, &entries);
        let restored = Finding::Restored { dir: dir.clone(), entries: report.entries };
        assert_eq!(report.findings, [restored]);

        fs::remove_file(dir.join("db")).unwrap();
        let report = intact(&bank, &entries);
        let text = report.to_string();
        assert!(text.contains("its database file is gone"), "{text}");

        fs::remove_dir_all(dir.parent().unwrap()).unwrap();
        assert_eq!(intact(&bank, &entries).severity(), Severity::Warn);
    }
}

#[test]
fn a_garbled_copy_is_replaced() {
    for side in [0, 1] {
        let bank = Bank::mirrored();
        let entries = bank.filled(&GROUPS);
        let db = bank.copies()[side].join("db");
        let garbled: Vec<u8> = fs::read(&db).unwrap().iter().map(|it| it ^ 0x55).collect();
        fs::write(&db, garbled).unwrap();
        assert_eq!(intact(&bank, &entries).severity(), Severity::Warn);
    }
}

#[test]
fn both_damaged_is_refused_with_advice() {
    let bank = Bank::mirrored();
    bank.filled(&GROUPS);
    for it in bank.copies() {
        fs::write(it.join("db"), vec![0x55; 2_000_000]).unwrap();
    }
    let text = refused(&bank);
    for it in bank.copies() {
        assert!(text.contains(&it.display().to_string()), "{text}");
        assert!(it.is_dir(), "nothing is put aside");
        assert!(!it.with_file_name("journal.damaged-1").exists());
    }
    assert_eq!(text, refused(&bank), "and again");
}

#[test]
fn one_damaged_and_one_gone_is_refused() {
    let bank = Bank::mirrored();
    bank.filled(&GROUPS);
    fs::remove_dir_all(bank.mirror()).unwrap();
    OpenOptions::new().write(true).open(bank.copies()[0].join("db")).unwrap().set_len(0).unwrap();
    let text = refused(&bank);
    assert!(text.contains("there is no journal"), "{text}");
    assert!(text.contains("traces up to 844"), "{text}");
}

#[test]
fn a_damaged_copy_that_had_more_is_refused() {
    let mut bank = Bank::mirrored();
    bank.filled(&GROUPS);
    bank.mirror_off();
    bank.filled(&[(10, 100)]);
    OpenOptions::new().write(true).open(bank.copies()[0].join("db")).unwrap().set_len(0).unwrap();
    bank.mirror_on();
    let text = refused(&bank);
    assert!(text.contains("had reached entry 854"), "{text}");
}

#[test]
fn copies_of_two_journals_are_refused() {
    for (mine, other) in [(5, 5), (5, 9)] {
        let bank = Bank::mirrored();
        bank.filled(&[(mine, 100)]);
        let stranger = Bank::single();
        stranger.filled(&[(other, 90)]);
        fs::remove_dir_all(&bank.copies()[1]).unwrap();
        copy_tree(&stranger.copies()[0], &bank.copies()[1]);
        let text = refused(&bank);
        assert!(text.contains("different entries"), "{text}");
    }
}
