//! From entries to a journal: the walk of a restore, and of a move from one engine to another.

use std::collections::HashSet;

use lovebank_journal::{GROUP_BYTES_MAX, GROUP_MAX, Head, Journal, ReadJournal, Sealed, codec};
use lovebank_ledger::{EntryNo, Event, Ledger, VolunteerId, invariants};

use crate::NotRestored;

/// Entries that one step reads from a journal.
const PAGE: usize = 1024;

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// What the journal adds up to.
    pub ledger: Ledger<'static>,
    /// Its last entry.
    pub head: Head,
    /// People whom entries after that one erase: who was erased once stays erased.
    pub erased_later: HashSet<VolunteerId>,
}

/// Writes entries into an empty journal, up to one of them or all, and adds them up.
///
/// Every entry is read and checked, also those past the last that is written: what is restored
/// from holds as a whole or is not restored from. On an error what was written is worth nothing.
pub fn restore<J: Journal>(
    entries: impl Iterator<Item = Result<Sealed, NotRestored>>,
    journal: &mut J,
    to: Option<EntryNo>,
    mut progress: impl FnMut(u64),
) -> Result<Restored, NotRestored> {
    if journal.head() != Head::EMPTY {
        return Err(NotRestored::NotEmpty(journal.head().no));
    }
    let mut group = Group { journal, entries: Vec::new(), bytes: 0 };
    let mut restored =
        Restored { ledger: Ledger::default(), head: Head::EMPTY, erased_later: HashSet::new() };
    let mut last = 0;
    for sealed in entries {
        let sealed = sealed?;
        let no = sealed.no();
        last = no.get();
        let entry = codec::decode(sealed.bytes());
        let entry = entry.map_err(|source| NotRestored::Entry { no: last, source })?;
        if to.is_none_or(|to| no <= to) {
            restored.ledger.post(&entry, sealed.seal())?;
            restored.head = Head { no: last, seal: sealed.seal() };
            group.push(sealed)?;
        } else if let Event::PersonErased { passbook } = entry.event {
            let row = restored.ledger.volunteer(passbook);
            restored.erased_later.extend(row.map(|it| it.volunteer));
        }
        progress(last);
    }
    group.write()?;
    match to {
        Some(to) if last < to.get() => Err(NotRestored::Beyond { asked: to.get(), last }),
        _ => holding(restored),
    }
}

/// All entries of a journal, as they are stored.
pub fn journal_entries<R: ReadJournal>(
    reader: &R,
) -> impl Iterator<Item = Result<Sealed, NotRestored>> + '_ {
    let mut page = Vec::new().into_iter();
    let mut next = Some(EntryNo::FIRST);
    std::iter::from_fn(move || {
        if page.as_slice().is_empty() {
            match reader.read(next.take()?, PAGE) {
                Ok(read) => page = read.into_iter(),
                Err(err) => return Some(Err(err.into())),
            }
        }
        let entry: Sealed = page.next()?;
        next = Some(entry.no().next());
        Some(Ok(entry))
    })
}

fn holding(restored: Restored) -> Result<Restored, NotRestored> {
    let mut breaches = Vec::new();
    invariants::state(&restored.ledger, &mut breaches);
    match breaches.into_iter().next() {
        Some(it) => Err(NotRestored::Breach { invariant: it.invariant, what: it.what }),
        None => Ok(restored),
    }
}

/// Entries that are appended together.
struct Group<'j, J> {
    journal: &'j mut J,
    entries: Vec<Sealed>,
    bytes: usize,
}

impl<J: Journal> Group<'_, J> {
    fn push(&mut self, entry: Sealed) -> Result<(), NotRestored> {
        self.bytes = self.bytes.saturating_add(entry.bytes().len());
        self.entries.push(entry);
        // Half of the bound leaves room for any one entry.
        if GROUP_MAX <= self.entries.len() || GROUP_BYTES_MAX / 2 <= self.bytes {
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), NotRestored> {
        self.journal.append(self.journal.head(), &self.entries)?;
        self.entries.clear();
        self.bytes = 0;
        Ok(())
    }
}
