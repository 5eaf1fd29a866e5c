//! The writer over a journal that keeps it waiting, or fails.

use std::sync::mpsc as blocking;

use jiff::civil::date;
use lovebank_journal::{Head, MemoryJournal, MemoryReader};
use lovebank_ledger::{
    BatchMode, BranchCode, BranchKind, BranchName, DEFAULT_RULEBOOK, EntryNo, Handle, NewVolunteer,
    NumberTag, Rulebook, Timestamp, TokenHash, VolunteerId, Zone,
};
use tokio::task::JoinHandle;

use super::*;
use crate::{bank::fresh_request, clock::ManualClock};

/// A journal that asks before each append, and fails where it is told to.
struct Asking {
    journal: MemoryJournal,
    asks: mpsc::UnboundedSender<()>,
    answers: blocking::Receiver<bool>,
}

impl Journal for Asking {
    type Reader = MemoryReader;

    fn head(&self) -> Head {
        self.journal.head()
    }

    fn append(&mut self, expected: Head, group: &[Sealed]) -> Result<Head, AppendError> {
        self.asks.send(()).unwrap();
        if self.answers.recv().unwrap() {
            return self.journal.append(expected, group);
        }
        Err(AppendError::Engine { doing: "syncing", source: "no space left on device".into() })
    }

    fn reader(&self) -> MemoryReader {
        self.journal.reader()
    }
}

struct Bank {
    writer: Writer,
    reader: Reader<MemoryReader>,
    thread: WriterThread,
    asks: mpsc::UnboundedReceiver<()>,
    answers: blocking::Sender<bool>,
}

fn now() -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000)
}

/// A bank of whose commands so many may wait.
fn bank(queue_max: usize) -> Bank {
    let founding = Founding {
        name: BranchName::new("南湾爱心银行").unwrap(),
        zone: Zone::named("Asia/Shanghai").unwrap(),
        rulebook: Rulebook::parse(DEFAULT_RULEBOOK).unwrap(),
        operator: Handle::new("operator").unwrap(),
        token: TokenHash::new([7; 32]),
    };
    let fingerprint = Fingerprint::new([0; 16]);
    let context = Context { now: now(), request: fresh_request(), fingerprint, token: None };
    let mut journal = MemoryJournal::default();
    let replayed = found(&mut journal, &founding, &context).unwrap();
    let (asks_sender, asks) = mpsc::unbounded_channel();
    let (answers, answers_receiver) = blocking::channel();
    let journal = Asking { journal, asks: asks_sender, answers: answers_receiver };
    let clock = Clock::Manual(ManualClock::at(now()));
    let setup = Setup { queue_max, group_max: 16, clock, metrics: Metrics::new() };
    let (writer, reader, thread) = start(journal, replayed, setup).unwrap();
    Bank { writer, reader, thread, asks, answers }
}

fn branch(code: &str) -> Submission {
    let command = Command::CreateBranch {
        code: BranchCode::new(code).unwrap(),
        name: BranchName::new(code).unwrap(),
        kind: BranchKind::Street,
        parent: None,
    };
    let fingerprint = Fingerprint::new([0; 16]);
    Submission { request: fresh_request(), fingerprint, token: None, validate_only: false, command }
}

impl Bank {
    fn submit(&self, it: &Submission) -> JoinHandle<Result<Receipt, NotPosted>> {
        let (writer, it) = (self.writer.clone(), it.clone());
        tokio::spawn(async move { writer.submit(it).await })
    }

    /// A first command whose append waits, and others behind it in the queue.
    async fn held(
        &mut self,
        first: &Submission,
        behind: &[Submission],
    ) -> Vec<JoinHandle<Result<Receipt, NotPosted>>> {
        let mut waiting = vec![self.submit(first)];
        self.asks.recv().await.unwrap();
        for it in behind {
            let before = self.writer.waiting();
            waiting.push(self.submit(it));
            while self.writer.waiting() == before {
                tokio::task::yield_now().await;
            }
        }
        waiting
    }

    fn head(&self) -> u64 {
        self.reader.ledger().head().map_or(0, EntryNo::get)
    }
}

#[tokio::test]
async fn a_full_queue_turns_a_command_away_that_may_come_again() {
    let mut bank = bank(2);
    let all = ["A", "B", "C", "D"].map(branch);
    let waiting = bank.held(&all[0], &all[1..3]).await;
    let refused = bank.writer.submit(all[3].clone()).await;
    assert!(matches!(refused, Err(NotPosted::Overloaded)), "{refused:?}");
    assert_eq!(bank.head(), 1, "nobody sees what is not durable");

    for _ in 0..3 {
        bank.answers.send(true).unwrap();
    }
    for it in waiting {
        assert!(!it.await.unwrap().unwrap().replayed);
    }
    assert_eq!(bank.head(), 4);
    assert!(!bank.writer.submit(all[3].clone()).await.unwrap().replayed);
    assert!(bank.writer.submit(all[3].clone()).await.unwrap().replayed);
    assert_eq!(bank.head(), 5);
}

#[tokio::test]
async fn a_writer_whose_append_failed_acknowledges_nothing_more_and_reads_go_on() {
    let mut bank = bank(16);
    let all = ["A", "B", "C", "D"].map(branch);
    bank.answers.send(true).unwrap();
    bank.submit(&all[0]).await.unwrap().unwrap();
    bank.asks.recv().await.unwrap();

    let mut waiting = bank.held(&all[1], &all[2..3]).await;
    bank.answers.send(false).unwrap();
    let (behind, failed) = (waiting.pop().unwrap(), waiting.pop().unwrap());
    // Of the group nobody knows before a restart; what waited behind it did not run.
    assert!(matches!(failed.await.unwrap(), Err(NotPosted::StorageFailed)));
    assert!(matches!(behind.await.unwrap(), Err(NotPosted::Stopping)));
    let late = bank.writer.submit(all[3].clone()).await;
    assert!(matches!(late, Err(NotPosted::Stopping)), "{late:?}");

    assert_eq!(bank.head(), 2);
    let last = bank.reader.entry(EntryNo::new(2).unwrap()).unwrap();
    assert_eq!(last.request, all[0].request);
    assert!(bank.reader.ledger().request(&all[1].request).is_none());
    assert!(matches!(bank.thread.join(), Err(WriterError::Append(AppendError::Engine { .. }))));
}

#[tokio::test]
async fn what_no_entry_holds_is_refused_by_a_dry_run_too() {
    let bank = bank(16);
    for _ in 0..2 {
        bank.answers.send(true).unwrap();
    }
    bank.writer.submit(branch("NW")).await.unwrap();
    let id = |no: u32| {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&no.to_be_bytes());
        bytes
    };
    let volunteer = |no: u32| NewVolunteer {
        volunteer: VolunteerId::new(id(no)),
        tag: NumberTag::new(id(no)),
        branch: BranchCode::new("NW").unwrap(),
        joined: date(2023, 1, 1),
    };
    let items: Vec<NewVolunteer> = (1..=200_000).map(volunteer).collect();
    let command = Command::RegisterVolunteers { items, mode: BatchMode::Atomic };
    for validate_only in [true, false] {
        let it = Submission { command: command.clone(), validate_only, ..branch("NW") };
        let refused = bank.writer.submit(it).await;
        assert!(matches!(refused, Err(NotPosted::TooLarge { .. })), "{validate_only}");
    }
    assert_eq!(bank.head(), 2);
    bank.writer.submit(branch("OTHER")).await.expect("the writer goes on");
}
