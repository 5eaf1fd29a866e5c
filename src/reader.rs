//! What queries see: durable entries only. Reading never waits for a sync; it may wait for the
//! moment in which a group that is durable is taken over.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use lovebank_journal::{ReadError, ReadJournal, Sealed, codec};
use lovebank_ledger::{Changes, Entry, EntryNo, Ledger};
use tokio::sync::watch;

use crate::writer::WriterError;

/// The ledger that readers see.
pub type Published = Arc<RwLock<Ledger<'static>>>;

/// A handle for reading; cheap to clone.
#[derive(Debug, Clone)]
pub struct Reader<R> {
    published: Published,
    head: watch::Receiver<u64>,
    journal: R,
}

/// The writer's end.
#[derive(Debug)]
pub(crate) struct Publisher {
    published: Published,
    head: watch::Sender<u64>,
}

impl<R: ReadJournal> Reader<R> {
    pub(crate) fn new(ledger: Ledger<'static>, journal: R) -> (Self, Publisher) {
        let (sender, head) = watch::channel(number(&ledger));
        let published = Arc::new(RwLock::new(ledger));
        let writing = Publisher { published: Arc::clone(&published), head: sender };
        (Self { published, head, journal }, writing)
    }

    /// The ledger after the last durable entry. Not to be held while waiting for anything.
    pub fn ledger(&self) -> RwLockReadGuard<'_, Ledger<'static>> {
        read(&self.published)
    }

    /// The last durable entry, as it changes.
    pub fn head(&self) -> watch::Receiver<u64> {
        self.head.clone()
    }

    /// Waits until an entry is durable; the caller bounds the waiting. Whether it is: the bank may
    /// stop before.
    pub async fn reached(&self, entry: u64) -> bool {
        self.head.clone().wait_for(|it| entry <= *it).await.is_ok()
    }

    /// One entry of the journal.
    pub fn entry(&self, no: EntryNo) -> Result<Entry, WriterError> {
        let stored = self.journal.read(no, 1)?;
        let stored = stored.first().ok_or(WriterError::Lost(no))?;
        Ok(codec::decode(stored.bytes())?)
    }

    /// Entries as stored, from a number on.
    pub fn entries(&self, from: EntryNo, limit: usize) -> Result<Vec<Sealed>, ReadError> {
        self.journal.read(from, limit)
    }
}

impl Publisher {
    /// The ledger that readers see, to decide above it.
    pub(crate) fn published(&self) -> Published {
        Arc::clone(&self.published)
    }

    /// Shows readers what a group that is durable changes.
    pub(crate) fn publish(&self, changes: Changes) {
        let mut ledger = self.published.write().unwrap_or_else(PoisonError::into_inner);
        ledger.absorb(changes);
        let head = number(&ledger);
        drop(ledger);
        self.head.send_replace(head);
    }
}

/// Reads what is published. Absorbing cannot stop half-way, so a poisoned lock holds no harm.
pub(crate) fn read(published: &Published) -> RwLockReadGuard<'_, Ledger<'static>> {
    published.read().unwrap_or_else(PoisonError::into_inner)
}

fn number(ledger: &Ledger) -> u64 {
    ledger.head().map_or(0, EntryNo::get)
}
