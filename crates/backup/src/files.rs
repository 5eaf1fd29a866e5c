//! A full backup and the increments after it, as one journal.

use std::path::{Path, PathBuf};

use lovebank_journal::{Head, Sealed};

use crate::{Backup, BadBackup, Entries, Fault};

/// Files that are read as one journal, at most: a year of one every hour.
pub const FILES_MAX: usize = 10_000;

/// Files of which each follows the one before, the first of them a full backup.
#[derive(Debug, Clone)]
pub struct Files(Vec<Backup>);

impl Files {
    /// Opens files that are given in order, from a full backup on.
    pub fn open(paths: &[PathBuf]) -> Result<Self, BadBackup> {
        let files = Self::in_order(paths)?;
        match files.0.first() {
            Some(it) if !it.header().is_full() => {
                Err(it.bad(Fault::NotFull { first: it.header().first() }))
            }
            Some(_) | None => Ok(files),
        }
    }

    /// Opens files that are given in order, from wherever the first one begins.
    pub fn in_order(paths: &[PathBuf]) -> Result<Self, BadBackup> {
        let bad = |path: &Path, fault| BadBackup { path: path.to_owned(), fault };
        if let Some(path) = paths.get(FILES_MAX) {
            return Err(bad(path, Fault::TooMany { given: paths.len(), most: FILES_MAX }));
        }
        let files = paths.iter().map(|it| Backup::open(it)).collect::<Result<Vec<_>, _>>()?;
        for (before, next) in files.iter().zip(files.iter().skip(1)) {
            follows(before, next).map_err(|fault| next.bad(fault))?;
        }
        Ok(Self(files))
    }

    /// The last entry of the last file, as the files say.
    pub fn last(&self) -> Head {
        self.0.last().map_or(Head::EMPTY, |it| it.header().last)
    }

    /// Each file.
    pub fn iter(&self) -> impl Iterator<Item = &Backup> {
        self.0.iter()
    }

    /// Every entry of every file, one file open at a time; ends after the first error.
    pub fn entries(&self) -> impl Iterator<Item = Result<Sealed, BadBackup>> + '_ {
        let mut files = self.0.iter();
        let mut open: Option<Entries> = None;
        let mut failed = false;
        std::iter::from_fn(move || {
            while !failed {
                if let Some(entry) = open.as_mut().and_then(Iterator::next) {
                    failed = entry.is_err();
                    return Some(entry);
                }
                match files.next()?.entries() {
                    Ok(entries) => open = Some(entries),
                    Err(err) => {
                        failed = true;
                        return Some(Err(err));
                    }
                }
            }
            None
        })
    }
}

fn follows(before: &Backup, next: &Backup) -> Result<(), Fault> {
    let (before, next) = (before.header(), next.header());
    if before.bank != next.bank {
        return Err(Fault::OtherBank);
    }
    if before.last.no != next.before.no {
        let due = before.last.no.saturating_add(1);
        return Err(Fault::OutOfOrder { first: next.first(), due });
    }
    if before.last.seal != next.before.seal {
        return Err(Fault::OtherHistory { no: before.last.no });
    }
    Ok(())
}
