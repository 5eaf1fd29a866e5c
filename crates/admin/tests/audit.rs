//! Whoever changes the past is found: kinds of tampering with the directories of a stopped bank,
//! and a running bank that holds something else than its journal.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use std::{
    fs::{self, OpenOptions},
    path::Path,
};

use lovebank_journal::{Head, codec};
use lovebank_ledger::{
    Account, ActorNo, Entry, EntryNo, Event, LineNo, Minutes, Points, Posting, RequestId, Timestamp,
};
use serde_json::Value;
use support::{
    Run, admin,
    stopped::{Stopped, kept, note, resealed, store},
};

/// Audits the directories, and sees that nothing about them was changed.
async fn audit(bank: &Stopped, more: &[&str]) -> Run {
    let before = bank.files();
    let args = [&["audit", "--data", "data", "--format", "json", "-q"], more].concat();
    let nobody = "http://127.0.0.1:9";
    let run = admin(nobody, Path::new("none.token"), bank.dir.path(), &args).await;
    assert!(bank.files() == before, "an audit changes nothing");
    run
}

/// The findings of a code, as (entry, copy).
fn found(run: &Run, code: &str) -> Vec<(Option<u64>, Option<String>)> {
    let json = run.json();
    let findings = json["findings"].as_array().expect("findings").iter();
    let of_code = findings.filter(|it| it["code"] == code);
    of_code.map(|it| (it["entry"].as_u64(), it["copy"].as_str().map(str::to_owned))).collect()
}

/// That a fault is named: its code and its entry, about the journal as such.
#[track_caller]
fn names(run: &Run, code: &str, entry: u64) {
    let found = found(run, code);
    assert!(found.contains(&(Some(entry), None)), "{code} {entry}: {}", run.out);
}

fn one<'a>(run: &'a Value, code: &str) -> &'a Value {
    let findings = run["findings"].as_array().expect("findings");
    findings.iter().find(|it| it["code"] == code).expect("it is found")
}

fn of_passbook(entry: &mut Entry) -> &mut Posting {
    let passbook = |it: &&mut Posting| matches!(it.account, Account::Passbook(_));
    entry.postings.iter_mut().find(passbook).expect("a line")
}

fn hundredths(it: i64) -> Points {
    Points::from_hundredths(it)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untouched_journal_is_clean() {
    let bank = Stopped::new();
    let run = audit(&bank, &[]).await.exits(0);
    let json = run.json();
    assert_eq!(json["audit"]["holds"], true);
    assert_eq!(json["audit"]["entries"], bank.head().no);
    assert_eq!(json["audit"]["added_up"], bank.head().no);
    assert_eq!(json["audit"]["seal"], bank.head().seal.to_string());
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(0));
    let witness = format!("{}:{}", bank.head().no, bank.head().seal);
    audit(&bank, &["--witness", &witness]).await.exits(0);
    fs::remove_dir_all(bank.data().join("mirror")).expect("removed");
    let run = audit(&bank, &[]).await.exits(3);
    assert_eq!(found(&run, "COPY_MISSING").len(), 1);
    fs::remove_dir_all(bank.data().join("journal")).expect("removed");
    audit(&bank, &[]).await.exits(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_amount_is_found() {
    let bank = Stopped::new();
    let at = bank.middle();
    let mut entries = bank.entries.clone();
    of_passbook(&mut entries[at]).points = hundredths(20_000);
    let no = entries[at].no.get();
    store(&bank.copies()[1], &kept(&entries));
    let run = audit(&bank, &[]).await.exits(3);
    let json = run.json();
    let it = one(&json, "ENTRY_CHANGED");
    assert_eq!((it["entry"].as_u64(), &it["expected"]), (Some(no), &"points: 2.00".into()));
    assert_eq!(it["found"], "points: 200.00");
    assert!(it["copy"].as_str().expect("a copy").ends_with("mirror/journal"), "{it}");

    store(&bank.copies()[0], &kept(&entries));
    let run = audit(&bank, &[]).await.exits(4);
    names(&run, "ENTRY_CHANGED", no);
    names(&run, "POSTINGS_UNBALANCED", no);
    names(&run, "BALANCE_DRIFTED", no);
    let chinese = audit(&bank, &["--lang", "zh"]).await.exits(4);
    assert!(chinese.out.contains("分录被改动") && chinese.out.contains("余额不符"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_entry_is_found() {
    let bank = Stopped::new();
    let at = bank.middle();
    let mut values = kept(&bank.entries);
    let (no, _) = values.remove(at);
    store(&bank.copies()[0], &values);
    let run = audit(&bank, &[]).await.exits(3);
    assert_eq!(found(&run, "ENTRY_MISSING").first().map(|it| it.0), Some(Some(no)));
    store(&bank.copies()[1], &values);
    let run = audit(&bank, &[]).await.exits(4);
    names(&run, "ENTRY_MISSING", no);
    assert_eq!(run.json()["audit"]["added_up"], no - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_swapped_pair_is_found() {
    for apart in [1, 5] {
        let bank = Stopped::new();
        let at = bank.middle();
        let mut values = kept(&bank.entries);
        let (no, first) = values[at].clone();
        values[at].1 = std::mem::replace(&mut values[at + apart].1, first);
        for it in bank.copies() {
            store(&it, &values);
        }
        let run = audit(&bank, &[]).await.exits(4);
        names(&run, "ENTRIES_SWAPPED", no);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_added_by_hand_is_found() {
    let bank = Stopped::new();
    let at = bank.middle();
    let no = bank.entries[at].no.get();
    let mut added = bank.entries[at].clone();
    of_passbook(&mut added).points = hundredths(900);
    let mut values = kept(&bank.entries);
    values[at].1.insert(0, codec::encode(&added));
    for it in bank.copies() {
        store(&it, &values);
    }
    let run = audit(&bank, &[]).await.exits(4);
    names(&run, "ENTRY_ADDED", no);
    assert_eq!(run.json()["audit"]["added_up"], bank.head().no, "what was there still adds up");
}

/// An entry after the last, in its place, with the right seal, balanced.
fn forged(bank: &Stopped) -> Entry {
    let last = bank.entries.last().expect("some");
    let mut postings = last.postings.clone();
    for it in &mut postings {
        let sign = if it.points.is_negative() { -1 } else { 1 };
        (it.minutes, it.points) = (Minutes::ZERO, hundredths(sign * 10_000));
        it.points_after = it.points_after.plus(it.points).expect("in range");
        it.line = it.line.map(LineNo::next);
    }
    Entry {
        no: EntryNo::new(bank.head().no + 1).expect("a number"),
        previous: bank.head().seal,
        recorded_at: Timestamp::from_micros(last.recorded_at.micros() + 1),
        actor: ActorNo::new(99).expect("a number"),
        request: RequestId::new([9; 16]),
        event: Event::HoursRecorded {
            activities: Vec::new(),
            records: Vec::new(),
            refused: Vec::new(),
        },
        postings,
        ..last.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_added_at_the_end_is_found() {
    let bank = Stopped::new();
    let mut entries = bank.entries.clone();
    entries.push(forged(&bank));
    let no = bank.head().no + 1;
    store(&bank.copies()[0], &kept(&entries));
    let run = audit(&bank, &[]).await;
    let unacknowledged = found(&run, "ENTRY_UNACKNOWLEDGED");
    assert_eq!(unacknowledged.first().map(|it| it.0), Some(Some(no)), "{}", run.out);
    store(&bank.copies()[1], &kept(&entries));
    let run = audit(&bank, &[]).await.exits(4);
    names(&run, "ACTOR_UNKNOWN", no);
    assert_eq!(found(&run, "ENTRY_UNACKNOWLEDGED").len(), 2);
    assert!(!found(&run, "INVARIANT_BROKEN").is_empty(), "{}", run.out);
    // One that does not name the seal before it, while the note vouches for the one before.
    entries.last_mut().expect("some").previous = bank.entries[0].previous;
    for it in bank.copies() {
        store(&it, &kept(&entries));
    }
    let run = audit(&bank, &[]).await.exits(4);
    let added = found(&run, "ENTRY_ADDED");
    assert!(added.iter().all(|it| it.0 == Some(no)) && !added.is_empty(), "{}", run.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_balance_that_drifted_is_found_though_all_is_sealed_anew() {
    let bank = Stopped::new();
    let at = bank.middle();
    let mut entries = bank.entries.clone();
    let line = of_passbook(&mut entries[at]);
    line.points_after = line.points_after.plus(hundredths(100)).expect("in range");
    cover(&bank, &mut entries, at);
    let run = audit(&bank, &[]).await.exits(4);
    let no = entries[at].no.get();
    names(&run, "BALANCE_DRIFTED", no);
    assert_eq!(found(&run, "ENTRY_CHANGED"), [], "the chain is whole");
    assert_eq!(run.json()["audit"]["added_up"], bank.head().no, "it goes on after the first");
}

/// Seals everything anew from an entry on, in both copies, and their notes too.
fn cover(bank: &Stopped, entries: &mut [Entry], from: usize) {
    resealed(entries, from + 1);
    let last = entries.last().expect("some");
    let head = Head { no: last.no.get(), seal: codec::seal(last).seal() };
    for it in bank.copies() {
        store(&it, &kept(entries));
        note(&it, head);
    }
}

/// Changes an entry, the one before it beside it.
type Change = fn(&mut Entry, &Entry);

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sealed_anew_does_not_escape() {
    let bank = Stopped::new();
    let at = bank.middle();
    let no = bank.entries[at].no.get();
    let changes: [(&str, Change); 3] = [
        ("TIME_WENT_BACK", |it, before| it.recorded_at = before.recorded_at),
        ("REQUEST_TWICE", |it, before| it.request = before.request),
        ("INVARIANT_BROKEN", |it, _| {
            if let Event::HoursRecorded { records, .. } = &mut it.event {
                records[0].minutes = Minutes::new(60);
            }
        }),
    ];
    for (code, change) in changes {
        let mut entries = bank.entries.clone();
        let before = entries[at - 1].clone();
        change(&mut entries[at], &before);
        cover(&bank, &mut entries, at);
        let run = audit(&bank, &[]).await.exits(4);
        match code {
            "INVARIANT_BROKEN" => assert!(!found(&run, code).is_empty(), "{}", run.out),
            _ => names(&run, code, no),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_past_that_was_rewritten_whole_is_found_by_a_seal_that_was_written_down() {
    let bank = Stopped::new();
    let at = bank.middle();
    let mut entries = bank.entries.clone();
    entries[at].fingerprint = lovebank_ledger::Fingerprint::new([7; 16]);
    cover(&bank, &mut entries, at);
    audit(&bank, &[]).await.exits(0);
    let Head { no, seal } = bank.head();
    let run = audit(&bank, &["--witness", &format!("{no}:{seal}")]).await.exits(4);
    names(&run, "HEAD_DIFFERS", no);
    let later = format!("{}:{seal}", no + 1);
    let run = audit(&bank, &["--witness", &later]).await.exits(4);
    names(&run, "JOURNAL_ENDS_EARLY", no + 1);
    audit(&bank, &["--witness", "17"]).await.exits(2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_was_cut_off_is_found() {
    let bank = Stopped::new();
    let values = kept(&bank.entries[..bank.entries.len() - 2]);
    store(&bank.copies()[1], &values);
    let run = audit(&bank, &[]).await.exits(3);
    assert_eq!(found(&run, "COPY_BEHIND").len(), 1, "{}", run.out);
    store(&bank.copies()[0], &values);
    let run = audit(&bank, &[]).await;
    names(&run, "JOURNAL_ENDS_EARLY", bank.head().no);
    run.exits(4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_entry_is_found() {
    let bank = Stopped::new();
    let at = bank.middle();
    let mut values = kept(&bank.entries);
    let no = values[at].0;
    values[at].1 = vec![vec![0xff; 40]];
    for it in bank.copies() {
        store(&it, &values);
    }
    let run = audit(&bank, &[]).await.exits(4);
    names(&run, "ENTRY_UNREADABLE", no);
    fs::write(bank.copies()[0].join("HEAD"), "nothing").expect("written");
    let run = audit(&bank, &[]).await.exits(4);
    assert_eq!(found(&run, "NOTE_UNREADABLE").len(), 1);
    assert!(run.out.contains("with what was written down, then start"), "{}", run.out);
}

/// Writes over the bytes of an entry wherever the database file of a copy has them.
fn overwrite(copy: &Path, entry: &Entry) {
    let path = copy.join("db");
    let mut bytes = fs::read(&path).expect("readable");
    let what = entry.fingerprint.as_bytes();
    let places: Vec<usize> = bytes
        .windows(what.len())
        .enumerate()
        .filter(|(_, it)| it == what)
        .map(|(at, _)| at)
        .collect();
    assert!(!places.is_empty(), "it is stored as it is");
    for at in places {
        bytes[at] ^= 0x10;
    }
    fs::write(path, bytes).expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_byte_changed_in_the_files_is_found() {
    let bank = Stopped::new();
    let entry = &bank.entries[bank.middle()];
    overwrite(&bank.copies()[0], entry);
    let run = audit(&bank, &[]).await.exits(3);
    let json = run.json();
    let findings = json["findings"].as_array().expect("findings");
    assert!(!findings.is_empty());
    let first = bank.copies()[0].strip_prefix(bank.dir.path()).expect("within").to_owned();
    assert!(findings.iter().all(|it| it["copy"] == first.display().to_string()), "{}", run.out);
    assert_eq!(json["audit"]["added_up"], bank.head().no, "the other copy is whole");
    overwrite(&bank.copies()[1], entry);
    let run = audit(&bank, &[]).await.exits(4);
    assert_eq!(run.json()["audit"]["holds"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_cut_short_is_found() {
    let bank = Stopped::new();
    let path = bank.copies()[1].join("db");
    let file = OpenOptions::new().write(true).open(path).expect("it is there");
    file.set_len(2000).expect("cut");
    let run = audit(&bank, &[]).await.exits(3);
    let json = run.json();
    let findings = json["findings"].as_array().expect("findings");
    let mirror = |it: &Value| it["copy"].as_str().is_some_and(|it| it.contains("mirror"));
    assert!(!findings.is_empty() && findings.iter().all(mirror), "{}", run.out);
}
