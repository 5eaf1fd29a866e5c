//! A backup over a connection that breaks goes on where it was, and leaves nothing half done.

mod support;

use std::{fs, path::Path, time::Duration};

use lovebank_backup::Backup;
use lovebank_journal::codec;
use lovebank_ledger::Entry;
use lovebank_vault::{SealedHeader, Vault, VaultKey, check_sealed};
use support::{
    Run, admin,
    breaking::{Break, Breaking},
    directory,
    stopped::town,
};
use tempfile::TempDir;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

/// What a bank that is being restarted says; it asks for little patience.
fn stopping() -> Status {
    let details = ErrorDetails::with_retry_info(Some(Duration::from_millis(1)));
    Status::with_error_details(Code::Unavailable, "the bank is stopping", details)
}

fn entries() -> Vec<Entry> {
    town().journal().iter().map(|it| it.0.clone()).collect()
}

/// A sealed vault, of more messages than one.
fn sealed() -> Vec<u8> {
    let data = tempfile::tempdir().expect("a directory");
    let vault = Vault::open(data.path()).expect("a vault");
    let recipient = VaultKey::generate().expect("a key").recipient();
    let mut bytes = Vec::new();
    let seal = entries().first().map(|it| codec::seal(it).seal());
    let header = SealedHeader { made_at: 1, head: 1, seal, recipient };
    vault.seal_into(&header, &mut bytes).expect("sealed");
    bytes
}

async fn backup(bank: &Breaking, directory: &TempDir, line: &str) -> Run {
    let args: Vec<_> = line.split_whitespace().collect();
    admin(&bank.address, Path::new("a.token"), directory.path(), &args).await
}

#[track_caller]
fn holds(path: &Path, entries: &[Entry]) {
    let backup = Backup::open(path).expect("a backup");
    let read = backup.entries().expect("entries").map(|it| it.expect("an entry").into_bytes());
    assert!(read.eq(entries.iter().map(codec::encode)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_breaks_goes_on_after_the_last_entry_that_came() {
    let entries = entries();
    let breaks = [Break::Fail(5, stopping()), Break::Cut(4), Break::Fail(0, stopping())];
    let bank = Breaking::start((entries.clone(), Vec::new()), breaks).await;
    let directory = directory(&[]);
    let run = backup(&bank, &directory, "backup create a.backup --journal-only").await.exits(0);
    let said = "from entry 6 on: the bank is stopping; trying again (1 of 6)";
    assert!(run.err.contains(said), "{}", run.err);
    let asked = bank.asked();
    assert_eq!((asked.len(), &asked[..2]), (4, &[1, 6][..]));
    // What was on its way when the connection was cut may be lost, and is asked for again.
    assert!((6..=10).contains(&asked[2]) && asked[2] == asked[3], "{asked:?}");
    holds(&directory.path().join("a.backup"), &entries);

    // It may break more often than is tried, while it gets further; also after the last entry.
    let last = entries.len();
    let often = (1..last).map(|_| Break::Fail(1, stopping())).chain([Break::Fail(1, stopping())]);
    let bank = Breaking::start((entries.clone(), Vec::new()), often).await;
    let often = "backup create b.backup --journal-only --lang zh";
    let run = backup(&bank, &directory, often).await.exits(0);
    assert!(run.err.contains("重试（1/6）") && !run.err.contains("重试（2/6）"), "{}", run.err);
    assert!(bank.asked().iter().copied().eq(1..=u64::try_from(last).expect("a few")));
    holds(&directory.path().join("b.backup"), &entries);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_given_up_after_some_tries_and_nothing_is_left() {
    let directory = directory(&[]);
    let breaks = [Break::Fail(5, stopping())].into_iter();
    let breaks = breaks.chain((0..7).map(|_| Break::Fail(0, stopping())));
    let bank = Breaking::start((entries(), Vec::new()), breaks).await;
    let create = "backup create a.backup --journal-only";
    let run = backup(&bank, &directory, create).await.exits(1);
    assert!(run.err.contains("(6 of 6)") && run.err.contains("error: the bank is stopping"));
    assert_eq!(bank.asked(), [1, 6, 6, 6, 6, 6, 6]);

    // What the bank denies is not asked again.
    let denied = Break::Fail(2, Status::permission_denied("not any more"));
    let bank = Breaking::start((entries(), Vec::new()), [denied]).await;
    let run = backup(&bank, &directory, create).await.exits(1);
    assert!(run.err.contains("not any more"), "{}", run.err);
    assert_eq!(bank.asked(), [1]);
    let left = fs::read_dir(directory.path()).expect("a directory").count();
    assert_eq!(left, 1, "the token only");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_breaks_is_sealed_anew() {
    let (entries, sealed) = (entries(), sealed());
    let breaks = [Break::Fail(usize::MAX, stopping()), Break::Fail(3, stopping()), Break::Cut(2)];
    let bank = Breaking::start((entries.clone(), sealed.clone()), breaks).await;
    let directory = directory(&[]);
    let run = backup(&bank, &directory, "backup create a.backup").await.exits(0);
    assert!(run.err.contains("the vault, from its beginning"), "{}", run.err);
    holds(&directory.path().join("a.backup"), &entries);
    let path = directory.path().join("a.backup.vault");
    assert_eq!(fs::read(&path).expect("there"), sealed);
    check_sealed(&path).expect("whole");

    // Where it is not had at all, the journal stays, and what to do is told.
    let none = (0..8).map(|at| Break::Fail(if at == 0 { usize::MAX } else { 0 }, stopping()));
    let bank = Breaking::start((entries.clone(), sealed), none).await;
    let run = backup(&bank, &directory, "backup create b.backup").await.exits(1);
    assert!(run.err.contains("b.backup holds the journal"), "{}", run.err);
    assert!(run.err.contains("--after b.backup"), "{}", run.err);
    holds(&directory.path().join("b.backup"), &entries);
    assert!(!directory.path().join("b.backup.vault").exists());
    let after = backup(&bank, &directory, "backup create c.backup --after b.backup").await;
    assert!(after.exits(0).err.contains("nothing new"));
    check_sealed(&directory.path().join("c.backup.vault")).expect("whole");
}
