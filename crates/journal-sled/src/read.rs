//! Reading: by seeking the frame that holds a number.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use lovebank_journal::{Head, READ_BYTES_MAX, ReadError, ReadJournal, Sealed, chain::before};
use lovebank_ledger::EntryNo;
use sled::Tree;

use crate::{Damage, assembly::Assembly, frame::Key, lock::Lock, mirror::said};

/// Reads the first copy, up to what is durable in each; the second where the first fails.
#[derive(Debug, Clone)]
pub struct SledReader {
    copies: Arc<[Tree]>,
    durable: Arc<AtomicU64>,
    /// The engine is open as long as a reader is.
    _lock: Arc<Lock>,
}

impl SledReader {
    pub(crate) fn new(copies: Arc<[Tree]>, durable: Arc<AtomicU64>, lock: Arc<Lock>) -> Self {
        Self { copies, durable, _lock: lock }
    }
}

impl ReadJournal for SledReader {
    fn read(&self, from: EntryNo, limit: usize) -> Result<Vec<Sealed>, ReadError> {
        let end = self.durable.load(Ordering::Acquire);
        let mut read = Ok(Vec::new());
        for it in self.copies.iter() {
            read = page(it, from.get(), limit, end);
            if read.is_ok() {
                break;
            }
        }
        read
    }
}

/// Entries from a number on, at most `limit`, none after `end`.
pub(crate) fn page(
    entries: &Tree,
    from: u64,
    limit: usize,
    end: u64,
) -> Result<Vec<Sealed>, ReadError> {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    let last = from.saturating_sub(1).saturating_add(limit).min(end);
    if last < from {
        return Ok(Vec::new());
    }
    let mut page = Page { from, last, head: None, bytes: 0, entries: Vec::new() };
    // sled panics on some damage.
    match catch_unwind(AssertUnwindSafe(|| page.fill(entries))) {
        Ok(filled) => filled?,
        Err(panic) => return Err(ReadError::Engine(said(&*panic).into())),
    }
    Ok(page.entries)
}

struct Page {
    from: u64,
    last: u64,
    head: Option<Head>,
    bytes: usize,
    entries: Vec<Sealed>,
}

impl Page {
    fn fill(&mut self, entries: &Tree) -> Result<(), ReadError> {
        let missing = |no| ReadError::Damaged { no, what: "it is missing".to_owned() };
        let seek = entries.range(..=Key::of(self.from).bytes()).next_back();
        let (start, _) = seek.ok_or_else(|| missing(self.from))?.map_err(engine)?;
        let first = Key::parse(&start).ok_or_else(|| missing(self.from))?;
        let mut assembly = Assembly::at(first.no);
        for item in entries.range(start..) {
            let (key, value) = item.map_err(engine)?;
            let due = assembly.due();
            let taken = assembly.take(&key, &value, |no, bytes| self.take(no, bytes));
            taken.map_err(|it| ReadError::Damaged { no: due, what: it.to_string() })?;
            if self.last < assembly.due() || READ_BYTES_MAX <= self.bytes {
                return Ok(());
            }
        }
        // Seen or not, the last is durable: a scan that ends before it has lost its way.
        Err(missing(assembly.due()))
    }

    fn take(&mut self, no: u64, bytes: &[u8]) -> Result<(), Damage> {
        if no < self.from || self.last < no || READ_BYTES_MAX <= self.bytes {
            return Ok(());
        }
        let chain = |why| Damage::Chain { no, why };
        let head = self.head.map_or_else(|| before(bytes), Ok).map_err(chain)?;
        if head.no.saturating_add(1) != no {
            return Err(Damage::Gap { due: no, found: head.no.saturating_add(1) });
        }
        let sealed = head.follow(bytes.to_vec()).map_err(chain)?;
        self.head = Some(Head { no, seal: sealed.seal() });
        self.bytes = self.bytes.saturating_add(bytes.len());
        self.entries.push(sealed);
        Ok(())
    }
}

fn engine(error: sled::Error) -> ReadError {
    ReadError::Engine(Box::new(error))
}
