//! What opening finds after a crash, after a change of settings, and beside another process.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{fs, path::Path};

use lovebank_journal::{Journal as _, chain::made_up_group};
use lovebank_journal_sled::{Damage, Finding, OpenError, Severity, SledConfig, SledJournal};
use support::{Bank, all, head};

/// Adds entries to one copy only, as a crash between the two writes leaves them.
fn ahead(bank: &Bank, side: usize, count: usize) {
    let alone = if side == 0 { bank.data() } else { bank.mirror() };
    let config = SledConfig { data: alone, mirror: None, cache_bytes: 8 << 20 };
    let (mut journal, _) = SledJournal::open(&config).unwrap();
    let group = made_up_group(journal.head(), count, 250);
    journal.append(journal.head(), &group).unwrap();
    drop(journal);
}

/// Writes past the engine into one copy.
fn raw(dir: &Path, write: impl FnOnce(&sled::Db)) {
    let db = engine(dir);
    write(&db);
    db.flush().unwrap();
}

/// The database of a copy; the last of the threads that had it open may be a moment late.
fn engine(dir: &Path) -> sled::Db {
    let open = || sled::Config::new().path(dir).flush_every_ms(None).open();
    for _ in 0..1000 {
        match open() {
            Err(sled::Error::Io(it)) if it.to_string().contains("could not acquire lock") => {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            opened => return opened.unwrap(),
        }
    }
    open().unwrap()
}

#[test]
fn nothing_anywhere_is_a_new_journal() {
    let bank = Bank::mirrored();
    let (journal, report) = bank.try_open().unwrap();
    let begun = bank.copies().map(|dir| Finding::Begun { dir });
    assert_eq!(report.findings, begun);
    assert_eq!((report.entries, report.severity()), (0, Severity::Info));
    drop(journal);
    let (_journal, report) = bank.try_open().unwrap();
    assert_eq!(report.findings, []);
}

#[test]
fn a_report_tells_what_there_is() {
    let bank = Bank::mirrored();
    let entries = bank.filled(&[(40, 250), (3, 9000)]);
    let (_journal, report) = bank.try_open().unwrap();
    let bytes = entries.iter().map(|it| u64::try_from(it.bytes().len()).unwrap()).sum::<u64>();
    assert_eq!(report.head, head(&entries));
    assert_eq!((report.entries, report.bytes, report.copies), (43, bytes, 2));
    assert!(report.to_string().starts_with("43 entries, "), "{report}");
}

#[test]
fn a_second_process_is_turned_away() {
    let bank = Bank::mirrored();
    let journal = bank.open();
    let error = bank.try_open().unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, OpenError::InUse { .. }), "{text}");
    assert!(text.contains(&format!("process {}", std::process::id())), "{text}");
    assert!(text.contains("data/LOCK"), "{text}");

    let other = Bank::single();
    let config = SledConfig { mirror: Some(bank.mirror()), ..other.config() };
    let text = SledJournal::open(&config).unwrap_err().to_string();
    assert!(text.contains("mirror/LOCK"), "a mirror serves one journal: {text}");

    let reader = journal.reader();
    drop(journal);
    assert!(matches!(bank.try_open(), Err(OpenError::InUse { .. })), "a reader is a user");
    drop(reader);
    bank.open();
}

#[test]
fn a_mirror_needs_a_directory_of_its_own() {
    let bank = Bank::single();
    for within in ["", "journal", "journal/blobs"] {
        let config = SledConfig { mirror: Some(bank.data().join(within)), ..bank.config() };
        assert!(matches!(SledJournal::open(&config), Err(OpenError::SameDirectory(_))));
    }
    let beside = Some(bank.data().join("mirror"));
    SledJournal::open(&SledConfig { mirror: beside, ..bank.config() }).unwrap();
}

#[test]
fn a_copy_one_group_behind_is_caught_up() {
    for (side, other) in [(0, 1), (1, 0)] {
        let bank = Bank::mirrored();
        bank.filled(&[(10, 250)]);
        // The longer copy is not acknowledged: its note says less.
        let note = fs::read(bank.copies()[side].join("HEAD")).unwrap();
        ahead(&bank, side, 70);
        fs::write(bank.copies()[side].join("HEAD"), note).unwrap();
        let (mut journal, report) = bank.try_open().unwrap();
        let dir = bank.copies()[other].clone();
        assert_eq!(report.findings, [Finding::CaughtUp { dir, from: 10, to: 80, unnoted: vec![] }]);
        assert_eq!(report.severity(), Severity::Info);
        let next = made_up_group(journal.head(), 3, 10);
        journal.append(journal.head(), &next).unwrap();
        let entries = all(&journal);
        drop(journal);
        let (journal, report) = bank.try_open().unwrap();
        assert_eq!(report.findings, []);
        assert_eq!(all(&journal), entries);
    }
}

#[test]
fn a_short_copy_without_its_note_is_replaced() {
    let bank = Bank::mirrored();
    bank.filled(&[(10, 250)]);
    ahead(&bank, 0, 1);
    fs::remove_file(bank.copies()[1].join("HEAD")).unwrap();
    let (journal, report) = bank.try_open().unwrap();
    assert_eq!(report.severity(), Severity::Warn, "{report}");
    let told = format!("no note tells how far {} had come", bank.copies()[1].display());
    assert!(report.to_string().contains(&told), "{report}");
    assert_eq!(journal.head().no, 11);
}

#[test]
fn nobody_knows_the_end_of_a_longer_copy_without_its_note() {
    for more in [&[1][..], &[4000, 97]] {
        let bank = Bank::mirrored();
        bank.filled(&[(10, 250)]);
        for it in more {
            ahead(&bank, 0, *it);
        }
        let dir = bank.copies()[0].clone();
        fs::remove_file(dir.join("HEAD")).unwrap();
        let (_journal, report) = bank.try_open().unwrap();
        let (Finding::CaughtUp { unnoted, .. } | Finding::Replaced { unnoted, .. }) =
            &report.findings[0]
        else {
            panic!("{report}");
        };
        assert_eq!(*unnoted, std::slice::from_ref(&dir));
        assert_eq!(report.severity(), Severity::Warn, "{report}");
        let told = format!("no note tells how far {} had come", dir.display());
        assert!(report.to_string().contains(&told), "{report}");
        assert!(!report.to_string().contains("nothing is lost"), "{report}");
    }
}

#[test]
fn a_copy_far_behind_is_replaced() {
    let bank = Bank::mirrored();
    bank.filled(&[(10, 250)]);
    ahead(&bank, 0, 4000);
    ahead(&bank, 0, 97);
    let (journal, report) = bank.try_open().unwrap();
    let [Finding::Replaced { damage, entries: 4107, unnoted, .. }] = &*report.findings else {
        panic!("{report}");
    };
    assert!(unnoted.is_empty() && report.to_string().contains("nothing is lost"), "{report}");
    assert_eq!(*damage, Damage::Behind { found: 10, other: 4107 });
    assert_eq!(journal.head().no, 4107);
}

#[test]
fn a_mirror_switched_on_is_made() {
    let mut bank = Bank::single();
    let entries = bank.filled(&[(4000, 100), (1000, 100), (1, 50_000)]);
    bank.mirror_on();
    let (journal, report) = bank.try_open().unwrap();
    let dir = bank.copies()[1].clone();
    assert_eq!(report.findings, [Finding::Made { dir, entries: 5001 }]);
    assert_eq!(report.severity(), Severity::Info);
    drop(journal);
    fs::remove_dir_all(bank.data()).unwrap();
    assert_eq!(all(&bank.open()), entries);
}

#[test]
fn leftovers_are_cleared() {
    let bank = Bank::mirrored();
    let entries = bank.filled(&[(100, 250)]);
    let snapshot = bank.copies()[0].join("snap.00000000000000FF.generating");
    fs::write(&snapshot, b"half a snapshot").unwrap();
    let unfinished = bank.mirror().join("journal.unfinished");
    fs::create_dir(&unfinished).unwrap();
    fs::write(unfinished.join("db"), b"half a copy").unwrap();
    let (journal, report) = bank.try_open().unwrap();
    assert_eq!(all(&journal), entries);
    assert_eq!(report.severity(), Severity::Info, "{report}");
    assert_eq!(report.findings.len(), 2, "{report}");
    assert!(!snapshot.exists() && !unfinished.exists());
}

#[test]
fn parts_of_an_entry_that_is_not_whole_are_trimmed() {
    for sides in [&[0_usize, 1][..], &[0], &[1]] {
        let bank = Bank::mirrored();
        let entries = bank.filled(&[(5, 100)]);
        for side in sides {
            raw(&bank.copies()[*side], |db| {
                for part in 0..3_u16 {
                    let mut value = vec![1, 1];
                    value.extend(part.to_be_bytes());
                    value.extend(9_u16.to_be_bytes());
                    value.extend(50_000_u32.to_be_bytes());
                    value.extend([7; 6000]);
                    let key = [&6_u64.to_be_bytes()[..], &part.to_be_bytes()].concat();
                    db.insert(key, value).unwrap();
                }
            });
        }
        let (mut journal, report) = bank.try_open().unwrap();
        let trimmed =
            |side: &usize| Finding::Trimmed { dir: bank.copies()[*side].clone(), no: 6, parts: 3 };
        assert_eq!(report.findings, sides.iter().map(trimmed).collect::<Vec<_>>());
        assert_eq!(all(&journal), entries);
        let next = made_up_group(journal.head(), 2, 20_000);
        journal.append(journal.head(), &next).unwrap();
        drop(journal);
        let (journal, report) = bank.try_open().unwrap();
        assert_eq!((journal.head(), report.findings), (head(&next), Vec::new()));
    }
}

#[test]
fn what_is_no_journal_is_damage() {
    let bank = Bank::mirrored();
    let entries = bank.filled(&[(5, 100)]);
    raw(&bank.copies()[0], |db| drop(db.insert(b"stranger", b"value").unwrap()));
    let (journal, report) = bank.try_open().unwrap();
    assert_eq!(report.severity(), Severity::Warn, "{report}");
    assert_eq!(all(&journal), entries);
    drop(journal);
    raw(&bank.copies()[1], |db| drop(db.remove([0, 0, 0, 0, 0, 0, 0, 1, 0, 0]).unwrap()));
    let (journal, report) = bank.try_open().unwrap();
    assert_eq!(report.severity(), Severity::Warn, "{report}");
    assert_eq!(all(&journal), entries);
}

#[test]
fn a_note_that_cannot_be_read_is_said() {
    let bank = Bank::mirrored();
    bank.filled(&[(5, 100)]);
    let dir = bank.copies()[1].clone();
    fs::write(dir.join("HEAD"), b"lovebank-journal-1 no=7\n").unwrap();
    let (journal, report) = bank.try_open().unwrap();
    assert_eq!(report.findings, [Finding::NoteUnreadable { dir }]);
    assert_eq!(journal.head().no, 5);
    drop(journal);
    assert_eq!(bank.try_open().unwrap().1.findings, []);
}

#[test]
fn values_outside_the_log_are_said() {
    let bank = Bank::single();
    let groups = [(4096, 250), (2048, 6000), (2048, 6000), (15, 1_000_000), (15, 1_000_000)];
    bank.filled(&groups);
    let dir = bank.copies()[0].clone();
    let count = fs::read_dir(dir.join("blobs")).unwrap().count();
    assert_eq!(count, 0, "whatever the sizes of entries");
    fs::write(dir.join("blobs/1"), b"").unwrap();
    let (_journal, report) = bank.try_open().unwrap();
    assert_eq!(report.findings, [Finding::Blobs { dir, count: 1 }]);
}
