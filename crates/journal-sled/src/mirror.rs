//! One copy of the journal: a sled database with our own barrier, and its note.

use std::{
    any::Any,
    fs::{self, File},
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use lovebank_journal::{AppendError, Head, Sealed};
use sled::Tree;

use crate::{
    Damage, OpenError,
    frame::{Key, pack},
    lock::wait_for_release,
    note::NoteFile,
    read::page,
    scan::{Scan, scan},
};

pub(crate) const FILE: &str = "db";
const BLOBS: &str = "blobs";
const UNFINISHED: &str = ".generating";
/// Entries between two barriers while copying.
const COPY_GROUP: usize = 4096;

/// A copy that is open.
#[derive(Debug)]
pub(crate) struct Mirror {
    entries: Tree,
    file: File,
    note: NoteFile,
    dir: PathBuf,
    /// How many values lay outside the log when it was opened.
    blobs: usize,
}

/// A copy is not open.
#[derive(Debug)]
pub(crate) enum Unopened {
    Damaged(Damage),
    /// The place is to blame and not the copy: no right, no room, no descriptor.
    Hindered(OpenError),
}

impl Mirror {
    /// Opens the database of a directory, or makes one there.
    pub(crate) fn open(dir: &Path, cache_bytes: u64) -> Result<Self, Unopened> {
        let path = dir.join(FILE);
        wait_for_release(&path).map_err(Unopened::Hindered)?;
        let config = sled::Config::new()
            .path(dir)
            .cache_capacity(cache_bytes)
            // No thread of its own: the writer says when.
            .flush_every_ms(None);
        // sled panics on some damage.
        let opened = catch_unwind(AssertUnwindSafe(|| config.open()));
        let db = match opened {
            Ok(Ok(db)) => db,
            Ok(Err(sled::Error::Io(error))) if is_hindrance(&error) => {
                return Err(Unopened::Hindered(OpenError::io("opening", dir)(error)));
            }
            Ok(Err(error)) => {
                return Err(Unopened::Damaged(Damage::Unopened(error.to_string())));
            }
            Err(panic) => return Err(Unopened::Damaged(Damage::Unopened(said(&*panic)))),
        };
        let hindered = |error| Unopened::Hindered(OpenError::io("opening", &path)(error));
        let file = File::open(&path).map_err(hindered)?;
        let note = NoteFile::open(dir).map_err(hindered)?;
        let blobs = blobs(dir).map_err(Unopened::Hindered)?;
        Ok(Self { entries: Tree::clone(&db), file, note, dir: dir.to_path_buf(), blobs })
    }

    /// Its tree, for readers.
    pub(crate) fn entries(&self) -> &Tree {
        &self.entries
    }

    /// How many values lie outside the log, where sled never syncs them.
    pub(crate) fn blobs(&self) -> usize {
        self.blobs
    }

    /// Reads it whole.
    pub(crate) fn scan(&self) -> Scan {
        scan(&self.entries)
    }

    /// Writes a group and makes it durable.
    pub(crate) fn write(&self, group: &[Sealed]) -> Result<(), AppendError> {
        let write = || {
            for it in pack(group) {
                let before = self.entries.insert(it.key.bytes(), it.value);
                if before.map_err(failed("inserting"))?.is_some() {
                    return Err(stop("inserting", "something was stored there already"));
                }
            }
            self.barrier()
        };
        // sled panics on some damage.
        catch_unwind(AssertUnwindSafe(write))
            .unwrap_or_else(|panic| Err(stop("inserting", &said(&*panic))))
    }

    /// Makes everything written durable: sled's flush is not a barrier, fdatasync is.
    fn barrier(&self) -> Result<(), AppendError> {
        self.entries.flush().map_err(failed("flushing"))?;
        self.file.sync_data().map_err(failed_io("syncing"))?;
        let blobs = blobs(&self.dir).map_err(|it| stop("looking for blobs", &full(&it)))?;
        if self.blobs < blobs {
            return Err(stop("syncing", "a value left the log, for a file that sled never syncs"));
        }
        Ok(())
    }

    /// Notes how far every copy has come.
    pub(crate) fn note(&self, head: Head, copies: usize) -> Result<(), AppendError> {
        self.note.write(head, copies).map_err(failed_io("noting the head"))
    }

    /// Removes the parts of an entry that was never whole.
    pub(crate) fn trim(&self, no: u64, parts: u16) -> Result<(), AppendError> {
        let trim = || {
            for part in (0..parts).rev() {
                self.entries.remove(Key { no, part }.bytes()).map_err(failed("trimming"))?;
            }
            self.barrier()
        };
        catch_unwind(AssertUnwindSafe(trim))
            .unwrap_or_else(|panic| Err(stop("trimming", &said(&*panic))))
    }

    /// Copies the entries after `from`, up to `to`, out of another copy.
    pub(crate) fn copy(&self, other: &Self, from: Head, to: Head) -> Result<(), String> {
        let mut head = from;
        while head.no < to.no {
            let next = head.no.saturating_add(1);
            let group = page(&other.entries, next, COPY_GROUP, to.no);
            let group = group.map_err(|it| it.to_string())?;
            let follow = |head: Head, it: &Sealed| head.after(it).map_err(|it| it.to_string());
            head = group.iter().try_fold(head, follow)?;
            self.write(&group).map_err(|it| full(&it))?;
        }
        if head == to { Ok(()) } else { Err("it ends with another seal".to_owned()) }
    }

    /// Whether it holds the entry of a head.
    pub(crate) fn holds(&self, head: Head) -> bool {
        if head.no == 0 {
            return true;
        }
        let found = page(&self.entries, head.no, 1, head.no).unwrap_or_default();
        found.first().is_some_and(|it| it.seal() == head.seal)
    }

    /// Takes another file for its own, for a test of what happens when it fails.
    #[cfg(test)]
    pub(crate) fn replace_file(&mut self, file: File) -> File {
        std::mem::replace(&mut self.file, file)
    }

    /// Closes it, whatever state it is in.
    pub(crate) fn close(self) {
        // sled panics on some damage; there is nothing left to lose.
        drop(catch_unwind(AssertUnwindSafe(|| drop(self))));
    }
}

/// Whether there is anything of a copy in a directory, and whether its database is there.
pub(crate) fn is_there(dir: &Path) -> Result<Option<bool>, OpenError> {
    match fs::read_dir(dir) {
        Ok(mut files) => {
            let file = dir.join(FILE);
            let found = file.try_exists().map_err(OpenError::io("looking for", &file))?;
            Ok(files.next().map(|_| found))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(OpenError::io("listing", dir)(error)),
    }
}

/// Deletes snapshots that sled did not finish and would fail on.
pub(crate) fn clear_unfinished(dir: &Path) -> Result<Vec<PathBuf>, OpenError> {
    let mut cleared = Vec::new();
    for path in list(dir)? {
        if path.to_string_lossy().ends_with(UNFINISHED) {
            fs::remove_file(&path).map_err(OpenError::io("deleting", &path))?;
            cleared.push(path);
        }
    }
    Ok(cleared)
}

/// How many values left the log for files of their own.
fn blobs(dir: &Path) -> Result<usize, OpenError> {
    let dir = dir.join(BLOBS);
    if dir.is_dir() { Ok(list(&dir)?.len()) } else { Ok(0) }
}

/// Makes every file and directory under a directory durable, and itself.
pub(crate) fn sync_tree(dir: &Path) -> Result<(), OpenError> {
    for path in list(dir)? {
        if path.is_dir() { sync_tree(&path)? } else { sync(&path)? }
    }
    sync(dir)
}

/// Makes a file or a directory durable.
pub(crate) fn sync(path: &Path) -> Result<(), OpenError> {
    match File::open(path).and_then(|it| it.sync_all()) {
        // sled replaces its snapshots when it likes.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        synced => synced.map_err(OpenError::io("syncing", path)),
    }
}

/// What is in a directory.
pub(crate) fn list(dir: &Path) -> Result<Vec<PathBuf>, OpenError> {
    let files = fs::read_dir(dir).map_err(OpenError::io("listing", dir))?;
    files.map(|it| it.map(|it| it.path()).map_err(OpenError::io("listing", dir))).collect()
}

/// What a panic said.
pub(crate) fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "panic".to_owned())
}

/// An error with its cause.
pub(crate) fn full(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

fn stop(doing: &'static str, why: &str) -> AppendError {
    AppendError::Engine { doing, source: why.into() }
}

fn failed(doing: &'static str) -> impl FnOnce(sled::Error) -> AppendError {
    move |source| {
        if let sled::Error::Io(source) = source {
            failed_io(doing)(source)
        } else {
            AppendError::Engine { doing, source: Box::new(source) }
        }
    }
}

fn failed_io(doing: &'static str) -> impl FnOnce(io::Error) -> AppendError {
    move |source| AppendError::of_files(doing, source.kind(), source)
}

/// Whether an error says nothing about the bytes that are stored.
fn is_hindrance(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    const OPEN_FILES: [i32; 2] = [23, 24]; // ENFILE, EMFILE
    let kinds = [
        Kind::PermissionDenied,
        Kind::ReadOnlyFilesystem,
        Kind::StorageFull,
        Kind::QuotaExceeded,
        Kind::OutOfMemory,
    ];
    kinds.contains(&error.kind()) || error.raw_os_error().is_some_and(|it| OPEN_FILES.contains(&it))
}
