//! Backups are audited as files: a past that was changed is found in them too.

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
};

use lovebank_backup::{Backup, BackupWriter, Plan};
use lovebank_journal::{Head, codec};
use lovebank_ledger::{Account, Entry, Points};
use support::{
    Run, admin,
    stopped::{resealed, town},
};
use tempfile::TempDir;

/// The journal of a small town, and a place for its backups.
struct Files {
    directory: TempDir,
    entries: Vec<Entry>,
}

fn head(entries: &[Entry]) -> Head {
    let last = entries.last().expect("some entries");
    Head { no: last.no.get(), seal: codec::seal(last).seal() }
}

impl Files {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        Self { directory, entries: town().journal().iter().map(|it| it.0.clone()).collect() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes entries to a file as the bank's own program does, whatever they say.
    fn write(&self, name: &str, after: Option<&Backup>, entries: &[Entry]) -> Backup {
        let after = after.map(|it| *it.header());
        let plan = Plan { made_at: 0, after, last: head(entries) };
        let mut writer = BackupWriter::create(&self.path(name), plan).expect("begun");
        for it in entries {
            writer.push(codec::seal(it).bytes()).expect("taken");
        }
        writer.finish().expect("written")
    }

    /// A full backup and an increment, named by what they are of.
    fn pair(&self, of: &str, entries: &[Entry]) -> String {
        let (before, after) = entries.split_at(entries.len() / 2);
        let (full, on) = (format!("{of}.full"), format!("{of}.on"));
        let written = self.write(&full, None, before);
        self.write(&on, Some(&written), after);
        format!("{full} {on}")
    }

    async fn audit(&self, line: &str) -> Run {
        let line = format!("audit --backup {line}");
        let args: Vec<_> = line.split_whitespace().collect();
        admin("http://127.0.0.1:9", Path::new("none"), self.directory.path(), &args).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_files_are_clean() {
    let it = Files::new();
    let files = it.pair("bank", &it.entries);
    let json = it.audit(&format!("{files} --format json")).await.exits(0).json();
    let head = head(&it.entries);
    assert_eq!(json["audit"]["holds"], true);
    assert_eq!(
        (&json["audit"]["entries"], &json["audit"]["added_up"]),
        (&head.no.into(), &head.no.into())
    );
    assert_eq!(json["audit"]["seal"], head.seal.to_string());
    assert_eq!(json["audit"]["compared"], false);
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(0));
    let table = it.audit(&format!("{files} --lang zh")).await.exits(0);
    assert!(table.out.contains("流水成立"), "{}", table.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_past_that_was_changed_and_sealed_anew_is_found() {
    let it = Files::new();
    let mut entries = it.entries.clone();
    let richer =
        |it: &Entry| it.postings.iter().any(|it| matches!(it.account, Account::Passbook(_)));
    let at = entries.iter().rposition(richer).expect("a record");
    for posting in &mut entries[at].postings {
        let sign = if matches!(posting.account, Account::Passbook(_)) { 100 } else { -100 };
        posting.points = posting.points.plus(Points::from_hundredths(sign)).expect("in range");
    }
    resealed(&mut entries, at);
    let files = it.pair("richer", &entries);
    let run = it.audit(&format!("{files} --format json")).await.exits(4);
    let json = run.json();
    assert_eq!(json["audit"]["holds"], false);
    let findings = json["findings"].as_array().expect("findings");
    let drifted = |found: &serde_json::Value| {
        found["code"] == "BALANCE_DRIFTED" && found["entry"] == entries[at].no.get()
    };
    assert!(findings.iter().any(drifted), "{}", run.out);

    // One that adds up is found beside a seal that was written down.
    let mut entries = it.entries.clone();
    entries[at].fingerprint = lovebank_ledger::Fingerprint::new([7; 16]);
    resealed(&mut entries, at);
    let files = it.pair("other", &entries);
    it.audit(&format!("{files} --format json")).await.exits(0);
    let known = head(&it.entries);
    let witness = format!("--witness {}:{}", known.no, known.seal);
    let run = it.audit(&format!("{files} {witness} --format json")).await.exits(4);
    assert_eq!(run.json()["findings"][0]["code"], "HEAD_DIFFERS", "{}", run.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_damaged_or_of_something_else_is_told_by_name() {
    let it = Files::new();
    it.pair("bank", &it.entries);
    let mut bytes = fs::read(it.path("bank.on")).expect("read");
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    fs::write(it.path("flipped.on"), &bytes).expect("written");
    fs::write(it.path("cut.on"), &bytes[..at]).expect("written");
    fs::write(it.path("letter"), "dear treasurer").expect("written");
    for (line, name) in [
        ("bank.full flipped.on", "flipped.on"),
        ("bank.full cut.on", "cut.on"),
        ("bank.full letter", "letter"),
        ("bank.on", "bank.on: it begins with entry"),
        ("bank.full bank.on bank.on", "bank.on: it begins with entry"),
    ] {
        let run = it.audit(line).await.exits(4);
        assert!(run.err.contains(name), "{}", run.err);
        assert!(run.out.is_empty(), "{}", run.out);
    }
    it.audit("bank.full --data data").await.exits(2);
    it.audit("").await.exits(2);
}
