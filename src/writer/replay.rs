//! Journal → ledger at start: every entry read, checked and posted.

use std::sync::mpsc;

use lovebank_journal::{ReadError, ReadJournal, codec};
use lovebank_ledger::{Damage, Entry, EntryNo, Ledger, Seal};

/// Entries that one step reads.
const PAGE: usize = 4096;
/// Pages that may wait to be posted.
const AHEAD: usize = 4;

/// What a journal adds up to.
#[derive(Debug)]
pub struct Replayed {
    /// The ledger.
    pub ledger: Ledger<'static>,
    /// How many entries it is of.
    pub entries: u64,
}

/// Why a journal could not be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// It could not be read.
    #[error("the journal could not be read")]
    Read(#[from] ReadError),
    /// An entry is not one.
    #[error("an entry of the journal cannot be read")]
    Entry(#[from] codec::BadEntry),
    /// An entry does not follow.
    #[error(transparent)]
    Damage(#[from] Damage),
    /// The reading thread died.
    #[error("the reading thread failed")]
    Thread,
}

/// Reads a journal of so many entries and posts it. One thread reads and decodes, this one posts.
pub fn replay<R: ReadJournal>(
    reader: &R,
    entries: u64,
    mut progress: impl FnMut(u64),
) -> Result<Replayed, ReplayError> {
    std::thread::scope(|scope| {
        let (sender, pages) = mpsc::sync_channel(AHEAD);
        let reading = scope.spawn(move || read(reader, &sender));
        let mut ledger = Ledger::with_room(usize::try_from(entries).unwrap_or_default());
        let mut entries = 0_u64;
        for page in pages {
            for (entry, seal) in &page {
                ledger.post(entry, *seal)?;
                entries = entries.saturating_add(1);
            }
            progress(entries);
        }
        reading.join().map_err(|_| ReplayError::Thread)??;
        Ok(Replayed { ledger, entries })
    })
}

type Page = Vec<(Entry, Seal)>;

fn read<R: ReadJournal>(reader: &R, pages: &mpsc::SyncSender<Page>) -> Result<(), ReplayError> {
    let mut next = EntryNo::FIRST;
    loop {
        let stored = reader.read(next, PAGE)?;
        let Some(last) = stored.last() else { return Ok(()) };
        next = last.no().next();
        let entries = stored.iter().map(|it| Ok((codec::decode(it.bytes())?, it.seal())));
        let page = entries.collect::<Result<Page, codec::BadEntry>>()?;
        if pages.send(page).is_err() {
            // The posting side gave up, and says why.
            return Ok(());
        }
    }
}
