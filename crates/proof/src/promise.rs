//! The promise of the real engine: acknowledged ⊆ recovered ⊆ submitted, in order, none missing.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use lovebank_journal::{Head, Journal as _, ReadJournal as _, Sealed, chain::made_up_group};
use lovebank_journal_sled::{Finding, OpenError, OpenReport, SledConfig, SledJournal};
use lovebank_ledger::EntryNo;

use crate::Tally;

/// What a writer says before the number of the last entry that is durable.
pub const ACKNOWLEDGED: &str = "acknowledged ";

/// Something that was acknowledged is not there any more.
#[derive(Debug, thiserror::Error)]
#[error("entry {no} was acknowledged and is lost: the journal ends with entry {end}")]
pub struct Lost {
    /// The entry.
    pub no: u64,
    /// Where the journal ends.
    pub end: u64,
}

/// The journal of a directory: its data and, apart from it, its mirror.
pub fn config(dir: &Path) -> SledConfig {
    let (data, mirror) = (dir.join("data"), Some(dir.join("mirror")));
    SledConfig { data, mirror, cache_bytes: 8 << 20 }
}

/// The directories of the two copies.
pub fn copies(dir: &Path) -> [PathBuf; 2] {
    [dir.join("data/journal"), dir.join("mirror/journal")]
}

/// The group that the writer appends after a head: one entry, many, one in parts. It depends on
/// nothing else, so that whoever judges a journal knows what was submitted.
pub fn group_after(head: Head) -> Vec<Sealed> {
    let (count, size) = match head.no % 4 {
        0 => (1, 100),
        1 => (40, 250),
        2 => (3, 20_000),
        _ => (120, 200),
    };
    made_up_group(head, count, size)
}

/// Everything submitted after what was there before, up to the end of the group that holds an
/// entry.
pub fn submitted(before: &[Sealed], to: u64) -> Vec<Sealed> {
    let (mut head, mut all) = (last(before).unwrap_or(Head::EMPTY), before.to_vec());
    while head.no < to {
        let group = group_after(head);
        head = last(&group).unwrap_or(head);
        all.extend(group);
    }
    all
}

fn last(entries: &[Sealed]) -> Option<Head> {
    entries.last().map(|it| Head { no: it.no().get(), seal: it.seal() })
}

/// Appends group after group and says after each how far it came; in the midst of it the journal
/// is closed and opened again.
pub fn write(dir: &Path, groups: usize) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    let mut journal = SledJournal::open(&config(dir))?.0;
    for group in 0..groups {
        if group.saturating_mul(2) == groups {
            drop(journal);
            journal = SledJournal::open(&config(dir))?.0;
        }
        let head = journal.head();
        let head = journal.append(head, &group_after(head))?;
        writeln!(out, "{ACKNOWLEDGED}{}", head.no)?;
        out.flush()?;
    }
    Ok(())
}

/// Every entry of the journal of a directory, opened by the real engine.
pub fn recovered(dir: &Path) -> Result<(Vec<Sealed>, OpenReport), OpenError> {
    let (journal, report) = SledJournal::open(&config(dir))?;
    let (reader, mut entries) = (journal.reader(), Vec::new());
    loop {
        let next = last(&entries).map_or(1, |it: Head| it.no.saturating_add(1));
        let next = EntryNo::new(next).unwrap_or(EntryNo::FIRST);
        // What cannot be read is missed by whoever asked for it.
        let page = reader.read(next, usize::MAX).unwrap_or_default();
        if page.is_empty() {
            return Ok((entries, report));
        }
        entries.extend(page);
    }
}

/// Judges what was recovered by what was there before the writer began, which may end within a
/// group, and by what it acknowledged.
pub fn check(recovered: &[Sealed], before: &[Sealed], acknowledged: u64) -> anyhow::Result<()> {
    let mut head = Head::EMPTY;
    for it in recovered {
        head = head.after(it).with_context(|| format!("entry {}", it.no().get()))?;
    }
    let no = head.no;
    ensure!(acknowledged <= no, Lost { no: acknowledged, end: no });
    // The group after what was acknowledged may be there, in whole or in part.
    let submitted = submitted(before, acknowledged.saturating_add(1));
    ensure!(submitted.starts_with(recovered), "it holds what was never submitted, up to {no}");
    Ok(())
}

/// Counts what opening found.
pub fn count(tally: &mut Tally, report: &OpenReport) {
    let mut as_it_was = true;
    for it in &report.findings {
        as_it_was = false;
        tally.count(match it {
            Finding::Begun { .. } => "a new journal was begun",
            Finding::Made { .. } | Finding::Restored { .. } => "a copy was made anew",
            Finding::CaughtUp { .. } => "a copy was caught up",
            Finding::Replaced { .. } => "a damaged copy was replaced",
            Finding::Trimmed { .. } => "parts of an entry were removed",
            Finding::Cleared { .. } => "something unfinished was deleted",
            Finding::NoteUnreadable { .. } => "a note was written anew",
            Finding::Blobs { .. } => "values lay outside the log",
        });
    }
    if as_it_was {
        tally.count("both copies were whole and alike");
    }
}
