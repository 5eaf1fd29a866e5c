//! A stopped bank is moved, and left as it was.

mod support;

use std::{
    fs::{self, OpenOptions},
    path::Path,
};

use lovebank_journal::{Head, codec};
use lovebank_vault::Vault;
use support::{
    Run, admin,
    stopped::{Stopped, kept, note, store},
};

/// Moves the bank, and sees that nothing about it was changed.
async fn migrate(bank: &Stopped, more: &str) -> Run {
    let before = bank.files();
    let line = format!("migrate --from data --format json {more}");
    let args: Vec<_> = line.split_whitespace().collect();
    let run = admin("http://127.0.0.1:9", Path::new("none"), bank.dir.path(), &args).await;
    assert!(bank.files() == before, "a bank that is moved is only read");
    run
}

fn with_vault() -> Stopped {
    let bank = Stopped::new();
    Vault::open(&bank.data()).expect("a vault");
    bank
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_is_moved_and_not_a_byte_of_it_changes() {
    let bank = with_vault();
    let moved = migrate(&bank, "--into new --mirror second").await.exits(0);
    assert_eq!(moved.json()["seal"], bank.head().seal.to_string());
    assert!(!moved.err.contains("not whole"), "{}", moved.err);
    for it in ["new/journal/db", "second/journal/db", "new/vault/vault.sqlite"] {
        assert!(bank.dir.path().join(it).exists(), "{it}");
    }
    let left = fs::read_dir(bank.dir.path().join("new")).expect("a directory").count();
    assert_eq!(left, 2, "the copies that were read are gone");
    let audit = ["audit", "--data", "new", "--mirror", "second"];
    admin("http://127.0.0.1:9", Path::new("none"), bank.dir.path(), &audit).await.exits(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_copy_is_healed_in_the_new_place_only() {
    let bank = with_vault();
    let path = bank.copies()[0].join("db");
    let file = OpenOptions::new().write(true).open(path).expect("it is there");
    file.set_len(2000).expect("cut");
    let moved = migrate(&bank, "--into new").await.exits(0);
    assert_eq!(moved.json()["seal"], bank.head().seal.to_string());
    assert!(moved.err.contains("a copy was not whole"), "{}", moved.err);

    // Without the other one there is nothing to heal from, and nothing half done is left.
    migrate(&bank, "--from-mirror off --into none").await.exits(1);
    let left = fs::read_dir(bank.dir.path().join("none")).expect("a directory").count();
    assert_eq!(left, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_copy_of_two_is_moved_only_where_that_is_said() {
    let bank = with_vault();
    let elsewhere = bank.dir.path().join("elsewhere");
    fs::rename(bank.data().join("mirror"), &elsewhere).expect("moved");
    let one = migrate(&bank, "--into new").await.exits(2);
    assert!(one.err.contains("kept in 2 copies, and one of them is given"), "{}", one.err);
    assert!(one.err.contains("--from-mirror"), "{}", one.err);
    let chinese = migrate(&bank, "--into new --lang zh").await.exits(2);
    assert!(chinese.err.contains("只给出了一份"), "{}", chinese.err);
    let wrong = migrate(&bank, "--from-mirror nowhere --into new").await.exits(2);
    assert!(wrong.err.contains("nowhere holds no journal"), "{}", wrong.err);
    assert!(!bank.dir.path().join("nowhere").exists(), "it is not made");
    for (mirror, into) in [("elsewhere", "new"), ("off", "newer")] {
        let line = format!("--from-mirror {mirror} --into {into}");
        let moved = migrate(&bank, &line).await.exits(0);
        assert_eq!(moved.json()["seal"], bank.head().seal.to_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_not_moved_without_their_names() {
    let bank = Stopped::new();
    let refused = migrate(&bank, "--into new").await.exits(1);
    assert!(refused.err.contains("knows 3 volunteers"), "{}", refused.err);
    assert!(refused.err.contains("holds no vault"), "{}", refused.err);
    assert_eq!(fs::read_dir(bank.dir.path().join("new")).expect("a directory").count(), 0);
}

/// Cuts a database off, and what tells how far it had come.
fn ruin(copy: &Path) {
    OpenOptions::new()
        .write(true)
        .open(copy.join("db"))
        .expect("there")
        .set_len(2000)
        .expect("cut");
    fs::write(copy.join("HEAD"), "nothing").expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_number_that_no_note_tells_is_moved_only_where_that_is_said() {
    let bank = with_vault();
    fs::rename(bank.data().join("mirror"), bank.dir.path().join("elsewhere")).expect("moved");
    let note = bank.copies()[0].join("HEAD");
    for spoil in [|it: &Path| fs::write(it, "nothing"), |it: &Path| fs::remove_file(it)] {
        spoil(&note).expect("spoilt");
        let one = migrate(&bank, "--into new").await.exits(2);
        assert!(one.err.contains("data/journal/HEAD is gone or cannot be read"), "{}", one.err);
        assert!(one.err.contains("--from-mirror"), "{}", one.err);
        let chinese = migrate(&bank, "--into new --lang zh").await.exits(2);
        assert!(chinese.err.contains("缺失或无法读取"), "{}", chinese.err);
        let line = ["audit", "--data", "data", "--format", "json"];
        let audit = admin("http://127.0.0.1:9", Path::new("none"), bank.dir.path(), &line).await;
        assert_eq!(audit.exits(3).json()["findings"][0]["code"], "NOTE_UNREADABLE");
    }
    for (mirror, into) in [("elsewhere", "new"), ("off", "newer")] {
        let line = format!("--from-mirror {mirror} --into {into}");
        let moved = migrate(&bank, &line).await.exits(0);
        assert_eq!(moved.json()["seal"], bank.head().seal.to_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_copy_is_not_taken_for_the_bank_where_the_other_cannot_tell() {
    let bank = with_vault();
    let [first, second] = bank.copies();
    // A mirror of some days ago, with the note of that day.
    let (older, _) = bank.entries.split_at(bank.entries.len() - 2);
    let head = codec::seal(older.last().expect("some"));
    let head = Head { no: head.no().get(), seal: head.seal() };
    store(&second, &kept(older));
    note(&second, head);
    let told = fs::read(first.join("HEAD")).expect("a note");
    ruin(&first);
    let refused = migrate(&bank, "--into new").await.exits(2);
    let end = format!("ends with entry {}, seal {}, and may be older", head.no, head.seal);
    assert!(refused.err.contains("how far the one in data had come"), "{}", refused.err);
    assert!(refused.err.contains(&end), "{}", refused.err);
    assert!(refused.err.contains("--accept-one-copy"), "{}", refused.err);
    assert_eq!(fs::read_dir(bank.dir.path().join("new")).expect("a directory").count(), 0);
    let chinese = migrate(&bank, "--into new --lang zh").await.exits(2);
    assert!(chinese.err.contains("可能较旧"), "{}", chinese.err);
    let said = migrate(&bank, "--into new --accept-one-copy").await.exits(0);
    assert_eq!(said.json()["seq"], head.no);

    // Its note alone tells that the other one is older.
    fs::write(first.join("HEAD"), told).expect("written");
    let refused = migrate(&bank, "--into newer --accept-one-copy").await.exits(1);
    assert!(refused.err.contains("had reached entry"), "{}", refused.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_is_a_copy_that_lost_its_end_and_looks_whole() {
    let bank = with_vault();
    let [first, second] = bank.copies();
    let upto = |less: usize| bank.entries.split_at(bank.entries.len() - less).0;
    let head = |entries: &[_]| {
        let last = codec::seal(entries.last().expect("some"));
        Head { no: last.no().get(), seal: last.seal() }
    };
    // The end of a log is gone without a trace, and the mirror of some days ago ends before that.
    store(&first, &kept(upto(2)));
    fs::remove_file(first.join("HEAD")).expect("removed");
    store(&second, &kept(upto(5)));
    note(&second, head(upto(5)));
    let refused = migrate(&bank, "--into new").await.exits(2);
    let Head { no, seal } = head(upto(2));
    let end = format!("ends with entry {no}, seal {seal}, and may be older");
    assert!(refused.err.contains("how far the one in data had come"), "{}", refused.err);
    assert!(refused.err.contains(&end), "{}", refused.err);
    assert_eq!(fs::read_dir(bank.dir.path().join("new")).expect("a directory").count(), 0);
    let chinese = migrate(&bank, "--into new --lang zh").await.exits(2);
    assert!(chinese.err.contains("没有记号说明 data 中的副本写到何处"), "{}", chinese.err);
    let said = migrate(&bank, "--into new --accept-one-copy").await.exits(0);
    assert_eq!(said.json()["seq"], no);

    // With both notes it is what a crash leaves.
    note(&first, head(upto(2)));
    let moved = migrate(&bank, "--into newer").await.exits(0);
    assert_eq!(moved.json()["seq"], no);
}
