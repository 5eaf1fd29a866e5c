//! The one writer.
//!
//! Commands queue; the writer decides a group of them in order, makes the group durable in one
//! append, publishes it to readers, and only then answers. No timer: while one group syncs, the
//! next gathers. A failed append ends the writer: what is on disk is known again only by
//! replaying it, so that nothing more is written until a restart, rather than guess. Where there was
//! no room, readers go on with what was durable before; else the process ends.

mod due;
mod rehearsal;
mod replay;
mod task;
#[cfg(test)]
mod tests;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use lovebank_journal::{AppendError, ENTRY_BYTES_MAX, Journal, ReadError, Sealed, codec};
use lovebank_ledger::{
    Command, Context, Damage, Entry, Fingerprint, Founding, Ledger, Refused, RequestId, TokenNo,
};
use tokio::sync::{mpsc, oneshot};
use tracing::Span;

use crate::{clock::Clock, metrics::Metrics, reader::Reader};

pub(crate) use due::{foresee, is_due};
pub use rehearsal::Rehearsal;
pub use replay::{ReplayError, Replayed, replay};
pub(crate) use task::Task;

/// Bytes of one group, at most; a single entry may be larger.
const GROUP_BYTES_MAX: usize = lovebank_journal::GROUP_BYTES_MAX / 2;

/// What a command is submitted with.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The caller's name for the request.
    pub request: RequestId,
    /// A digest of what it asks.
    pub fingerprint: Fingerprint,
    /// The token it came with; none: the bank itself.
    pub token: Option<TokenNo>,
    /// Whether to stop before the append.
    pub validate_only: bool,
    /// What to do.
    pub command: Command,
}

/// Proof that an entry is durable; or, of a rehearsal, the entry it would be.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The entry.
    pub entry: Arc<Entry>,
    /// Whether an earlier call had made it.
    pub replayed: bool,
    /// Whether it was only tried.
    pub validated_only: bool,
}

/// Why a command left no entry.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotPosted {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Too many commands are waiting.
    #[error("the writer's queue is full")]
    Overloaded,
    /// The bank is stopping; the command did not run.
    #[error("the bank is stopping")]
    Stopping,
    /// Its entry would have more bytes than the journal takes.
    #[error("the entry would have {bytes} bytes")]
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// Storage failed; whether the command is durable is known after a restart.
    #[error("storage failed")]
    StorageFailed,
    /// There was no room; whether the command is durable is known after a restart.
    #[error("there is no room to write")]
    StorageFull,
    /// Storage was full before; the command did not run.
    #[error("the bank only reads, since storage is full")]
    ReadOnly,
}

impl NotPosted {
    /// Whether the command may be durable all the same.
    pub fn is_unknown(&self) -> bool {
        match self {
            Self::StorageFailed | Self::StorageFull => true,
            Self::Refused(_)
            | Self::Overloaded
            | Self::Stopping
            | Self::TooLarge { .. }
            | Self::ReadOnly => false,
        }
    }
}

/// Why the writer ended.
#[derive(Debug, thiserror::Error)]
pub enum WriterError {
    /// A group may or may not be durable.
    #[error("appending to the journal failed")]
    Append(#[from] AppendError),
    /// The journal could not be read back.
    #[error("reading the journal back failed")]
    Read(#[from] ReadError),
    /// An entry read back is not one.
    #[error("an entry of the journal cannot be read")]
    Entry(#[from] codec::BadEntry),
    /// An entry that the ledger knows is not in the journal.
    #[error("entry {0} is not in the journal")]
    Lost(lovebank_ledger::EntryNo),
    /// An entry just decided does not follow: the rules are broken, and going on would spread it.
    #[error(transparent)]
    Damage(#[from] Damage),
    /// Something is due that the rules do not settle: going on would pass it over.
    #[error("something is due that cannot be settled")]
    NotSettled,
    /// The writer's thread could not be started, or died.
    #[error("the writer's thread failed")]
    Thread,
}

impl WriterError {
    /// Whether storage failed under a writer that is right.
    pub fn is_of_storage(&self) -> bool {
        matches!(self, Self::Append(err) if !err.is_unfit())
    }

    /// Whether there was no room: what was durable is read on, for a restart would find none
    /// either. After any other error a restart is what mends it.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Append(AppendError::Full { .. }))
    }

    /// What those are told whose commands were being written.
    fn told(&self) -> NotPosted {
        if self.is_full() { NotPosted::StorageFull } else { NotPosted::StorageFailed }
    }
}

/// How the writer is set up.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Commands that may wait; more are turned away.
    pub queue_max: usize,
    /// Entries made durable by one append, at most.
    pub group_max: usize,
    /// Where the time comes from.
    pub clock: Clock,
    /// What is counted.
    pub metrics: Metrics,
}

/// A handle for submitting commands.
#[derive(Debug, Clone)]
pub struct Writer {
    queue: mpsc::Sender<Message>,
    /// Set before the queue closes because storage is full.
    only_reads: Arc<AtomicBool>,
}

/// What waits in the queue.
#[derive(Debug)]
pub(crate) enum Message {
    Ask(Box<Ask>),
    /// Something fell due.
    Settle,
    /// Nothing more is to be taken; what waits is still written.
    Stop,
}

/// A command in the queue.
#[derive(Debug)]
pub(crate) struct Ask {
    submission: Submission,
    /// The caller's span, so that what the writer logs names the request.
    span: Span,
    answer: oneshot::Sender<Result<Receipt, NotPosted>>,
}

/// The writer's thread; joined, it tells why it ended.
#[derive(Debug)]
pub struct WriterThread(std::thread::JoinHandle<Result<(), WriterError>>);

impl Writer {
    /// Submits a command; returns once its entry is durable.
    ///
    /// A caller that stops waiting finds the entry by the same request id.
    pub async fn submit(&self, submission: Submission) -> Result<Receipt, NotPosted> {
        let (answer, answered) = oneshot::channel();
        let ask = Box::new(Ask { submission, span: Span::current(), answer });
        self.queue.try_send(Message::Ask(ask)).map_err(|err| match err {
            mpsc::error::TrySendError::Full(_) => NotPosted::Overloaded,
            mpsc::error::TrySendError::Closed(_) if self.only_reads() => NotPosted::ReadOnly,
            mpsc::error::TrySendError::Closed(_) => NotPosted::Stopping,
        })?;
        answered.await.unwrap_or(Err(NotPosted::StorageFailed))
    }

    /// Stops the writer once what waits is durable. Commands that come later did not run.
    pub async fn stop(&self) {
        // Where the queue is closed the writer has stopped already.
        self.queue.send(Message::Stop).await.ok();
    }

    /// Has what fell due settled; a full queue settles it without being asked.
    pub fn settle(&self) {
        self.queue.try_send(Message::Settle).ok();
    }

    /// Whether storage is full, so that nothing is written until a restart.
    pub fn only_reads(&self) -> bool {
        self.only_reads.load(Ordering::Acquire)
    }

    /// How many commands are waiting.
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity().saturating_sub(self.queue.capacity())
    }
}

impl WriterThread {
    /// Waits for the writer to end.
    pub fn join(self) -> Result<(), WriterError> {
        self.0.join().unwrap_or(Err(WriterError::Thread))
    }

    /// Whether the writer has ended.
    pub fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

/// Starts the writer on a journal that was replayed. It ends when every handle is dropped and
/// what is queued is durable, or at the first failure.
pub fn start<J: Journal>(
    journal: J,
    replayed: Replayed,
    setup: Setup,
) -> Result<(Writer, Reader<J::Reader>, WriterThread), WriterError> {
    let (sender, queue) = mpsc::channel(setup.queue_max);
    let (reader, publisher) = Reader::new(replayed.ledger, journal.reader());
    let mut task = Task::new(journal, queue, (publisher, setup));
    let only_reads = task.only_reads();
    // What fell due while the bank was down is settled before anyone sees it.
    task.settle_due()?;
    let thread = std::thread::Builder::new().name("writer".to_owned());
    let thread = thread.spawn(move || task.run()).map_err(|_| WriterError::Thread)?;
    Ok((Writer { queue: sender, only_reads }, reader, WriterThread(thread)))
}

/// Opens a bank on an empty journal: makes entry 1 durable.
pub fn found<J: Journal>(
    journal: &mut J,
    founding: &Founding,
    context: &Context,
) -> Result<Replayed, WriterError> {
    let entry = founding.entry(context);
    let sealed = codec::seal(&entry);
    journal.append(journal.head(), std::slice::from_ref(&sealed))?;
    let mut ledger = Ledger::default();
    ledger.post(&entry, sealed.seal())?;
    Ok(Replayed { ledger, entries: 1 })
}

/// An entry as it is stored, if the journal takes one of its size.
fn sealed(entry: &Entry) -> Result<Sealed, NotPosted> {
    let sealed = codec::seal(entry);
    let bytes = sealed.bytes().len();
    if ENTRY_BYTES_MAX < bytes { Err(NotPosted::TooLarge { bytes }) } else { Ok(sealed) }
}
