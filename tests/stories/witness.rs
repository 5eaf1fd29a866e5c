//! A witness outside the data directory: nobody sets a bank back in silence.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use lovebank_wire::v1::{self, BranchKind};

use crate::{
    process::Process,
    support::{Client, operator_token},
};

/// A place for a bank, and for its witness beside it.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn witness(&self) -> PathBuf {
        self.0.path().join("witness")
    }

    fn flags(&self) -> Vec<String> {
        let witness = format!("--witness-file={}", self.witness().display());
        ["--metrics-listen=off", "--log=warn", &witness].map(str::to_owned).into()
    }

    fn start(&self) -> Process {
        let flags = self.flags();
        Process::start_with(&self.data(), &flags.iter().map(String::as_str).collect::<Vec<_>>())
    }

    async fn client(&self, bank: &Process) -> Client {
        bank.client(&operator_token(&self.data()).await).await
    }

    /// Opens the bank, adds branches, and stops it in order.
    async fn lives(&self, branches: &[&str]) {
        let bank = self.start();
        let operator = self.client(&bank).await;
        for code in branches {
            operator.branch(code, BranchKind::Street, "").await;
        }
        drop(operator);
        bank.terminate();
        let (status, log) = bank.wait();
        assert!(status.success(), "{log}");
    }

    /// Starts a bank that does not open: how it ends, and what it says.
    fn refused(&self) -> String {
        let (status, log) = self.start().wait();
        assert_eq!(status.code(), Some(3), "{log}");
        log
    }

    fn entry(&self) -> u64 {
        let text = fs::read_to_string(self.witness()).expect("a witness");
        let no = text.split_whitespace().find_map(|it| it.strip_prefix("no="));
        no.expect("a number").parse().expect("a number")
    }
}

fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").args([from, to]).status().expect("cp runs");
    assert!(done.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bank_that_was_set_back_does_not_open_until_told_so() {
    let place = Place::new();
    place.lives(&["A"]).await;
    assert_eq!(place.entry(), 2, "the last entry, once it stopped in order");
    let old = place.0.path().join("old");
    copy(&place.data(), &old);
    place.lives(&["B", "C"]).await;
    assert_eq!(place.entry(), 4);

    let newer = place.0.path().join("newer");
    fs::rename(place.data(), &newer).expect("put aside");
    fs::rename(&old, place.data()).expect("an old copy in its place");
    let log = place.refused();
    assert!(log.contains("has seen entry 4, and the journal ends with entry 2"), "{log}");
    assert!(log.contains("rename the witness"), "{log}");
    assert_eq!(place.entry(), 4, "the witness is left alone");

    // Set back on purpose: the witness is renamed, and one is begun anew.
    fs::rename(place.witness(), place.0.path().join("before")).expect("renamed");
    let bank = place.start();
    drop(place.client(&bank).await);
    assert_eq!(place.entry(), 2);
    bank.terminate();
    let (status, log) = bank.wait();
    assert!(status.success() && log.contains("there was no witness"), "{log}");

    // From here on there are two histories, and each witness knows its own.
    place.lives(&["D", "E", "F"]).await;
    fs::rename(place.0.path().join("before"), place.witness()).expect("the first one");
    let log = place.refused();
    assert!(log.contains("has seen another entry 4"), "{log}");
    fs::remove_dir_all(place.data()).expect("gone");
    fs::rename(&newer, place.data()).expect("its own");
    place.lives(&[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_a_witness_no_bank_is_founded_anew() {
    let place = Place::new();
    place.lives(&["A"]).await;
    fs::remove_dir_all(place.data()).expect("the data are lost");
    let log = place.refused();
    assert!(log.contains("the journal ends with entry 0"), "{log}");
    assert!(!place.data().join("operator.token").exists(), "no new operator");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_that_says_nothing_stops_the_start() {
    let place = Place::new();
    place.lives(&["A"]).await;
    let text = fs::read_to_string(place.witness()).expect("a witness");
    fs::write(place.witness(), text.replace("no=2", "no=1")).expect("changed");
    assert!(place.refused().contains("it was changed"));
    fs::remove_file(place.witness()).expect("gone");
    fs::create_dir(place.witness()).expect("no file at all");
    let (status, log) = place.start().wait();
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(log.contains("could not be read"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_is_never_ahead_of_a_bank_that_is_killed() {
    let place = Place::new();
    let mut last = 0;
    for round in 0..4 {
        let bank = place.start();
        let operator = place.client(&bank).await;
        for branch in 0..25 {
            operator.branch(&format!("B{round}-{branch}"), BranchKind::Street, "").await;
        }
        let head = v1::GetHeadRequest::default();
        let told = operator.journal().get_head(operator.ask(head)).await.expect("a head");
        bank.kill();
        let (seen, seq) = (place.entry(), told.into_inner().seq);
        assert!(last < seen && seen <= seq, "{seen} of {seq}");
        last = seq;
    }
    place.lives(&[]).await;
    assert!(last <= place.entry());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_that_cannot_be_written_is_told_at_the_start() {
    let place = Place::new();
    let witness = place.0.path().join("nowhere/witness");
    let witness = format!("--witness-file={}", witness.display());
    let flags = ["--metrics-listen=off", "--log=warn", &witness];
    let (status, log) = Process::start_with(&place.data(), &flags).wait();
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(log.contains("the witness cannot be written to"), "{log}");
}
