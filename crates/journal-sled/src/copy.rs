//! One copy of the journal: a sled database used as rows that are only ever added.

use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use sled::{Db, IVec};

use crate::{
    error::{Finding, OpenError, Source, io},
    files::{count, guarded, remove_unfinished_snapshots},
    frame::{Key, Row},
};

/// Groups between two looks at `blobs/`.
const BLOBS_EVERY: u32 = 1024;
/// How often an open is tried while sled still holds the file from a close a moment ago.
const OPEN_TRIES: u32 = 500;
const OPEN_PAUSE: Duration = Duration::from_millis(10);

type Sync = Box<dyn Fn() -> io::Result<()> + Send>;

/// One copy, open.
pub(crate) struct Copy {
    dir: PathBuf,
    db: Db,
    /// Makes the file durable; sled's `flush` writes and is no barrier.
    sync: Sync,
    groups: u32,
}

/// Why a copy does not open.
pub(crate) enum Unopened {
    /// It is damaged.
    Damaged(Finding),
    /// Something else is wrong, which says nothing of what it holds.
    Failed(OpenError),
}

/// What could not be written.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) doing: &'static str,
    pub(crate) source: Source,
}

impl Copy {
    /// Opens a copy that is there.
    pub(crate) fn open(dir: &Path, cache_bytes: u64) -> Result<Self, Unopened> {
        let failed = |doing| move |err| Unopened::Failed(io(doing, dir)(err));
        let length = dir.join("db").metadata().map_or(0, |it| it.len());
        if length == 0 {
            return Err(Unopened::Damaged(Finding::NoFile));
        }
        let blobs = count(&dir.join("blobs")).map_err(failed("list the blobs of"))?;
        if blobs != 0 {
            return Err(Unopened::Damaged(Finding::Blobs(blobs)));
        }
        Self::create(dir, cache_bytes)
    }

    /// Opens a copy, made where there is none.
    pub(crate) fn create(dir: &Path, cache_bytes: u64) -> Result<Self, Unopened> {
        let failed = |doing| move |err| Unopened::Failed(io(doing, dir)(err));
        std::fs::create_dir_all(dir).map_err(failed("make"))?;
        remove_unfinished_snapshots(dir).map_err(failed("remove unfinished snapshots from"))?;
        let db = open_sled(dir, cache_bytes)?;
        let file = OpenOptions::new().read(true).write(true).open(dir.join("db"));
        let file: File = file.map_err(failed("open the file db of"))?;
        let sync: Sync = Box::new(move || file.sync_data());
        Ok(Self { dir: dir.to_owned(), db, sync, groups: 0 })
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    /// Adds rows; durable on return. After an error nothing may be written any more.
    pub(crate) fn add(&mut self, rows: &[Row]) -> Result<(), Failed> {
        guarded(|| rows.iter().try_for_each(|it| self.insert(it.key, it.value.as_slice().into())))
            .unwrap_or_else(|panic| Err(failed("inserting a row")(panic)))?;
        self.settle()
    }

    /// Adds a row, not yet durable.
    pub(crate) fn insert(&self, key: Key, value: IVec) -> Result<(), Failed> {
        let before = self.db.insert(key.to_bytes(), value).map_err(failed("inserting a row"))?;
        match before {
            None => Ok(()),
            Some(_) => Err(failed("inserting a row")("there was one of this key")),
        }
    }

    /// Removes rows, the last first; durable on return.
    pub(crate) fn remove(&mut self, rows: &[Key]) -> Result<(), Failed> {
        for key in rows.iter().rev() {
            self.db.remove(key.to_bytes()).map_err(failed("removing a row"))?;
        }
        self.settle()
    }

    /// Makes durable what was added.
    pub(crate) fn settle(&mut self) -> Result<(), Failed> {
        let flushed = guarded(|| self.db.flush().map(|_| ()).map_err(failed("flushing")));
        flushed.unwrap_or_else(|panic| Err(failed("flushing")(panic)))?;
        (self.sync)().map_err(failed("syncing the file"))?;
        if self.groups == 0 {
            self.check_blobs()?;
        }
        self.groups = self.groups.checked_add(1).filter(|it| *it < BLOBS_EVERY).unwrap_or(0);
        Ok(())
    }

    /// What sled moves to a file of its own is never synced, so there must be none.
    fn check_blobs(&self) -> Result<(), Failed> {
        let blobs = count(&self.dir.join("blobs")).map_err(failed("listing the blobs"))?;
        match blobs {
            0 => Ok(()),
            _ => Err(failed("looking after the blobs")("there are some")),
        }
    }

    /// Closes it, damaged or not.
    pub(crate) fn close(self) {
        // Closing a damaged one may panic; it is put aside as it is.
        guarded(|| drop(self)).ok();
    }

    /// Replaces the sync, to see what happens when it fails.
    #[cfg(test)]
    pub(crate) fn sync_with(&mut self, sync: impl Fn() -> io::Result<()> + Send + 'static) {
        self.sync = Box::new(sync);
    }
}

fn open_sled(dir: &Path, cache_bytes: u64) -> Result<Db, Unopened> {
    let open = || {
        let config = sled::Config::new().path(dir).cache_capacity(cache_bytes);
        guarded(|| config.flush_every_ms(None).open())
    };
    let mut opened = open();
    for _ in 0..OPEN_TRIES {
        if !opened.as_ref().is_ok_and(|it| it.as_ref().is_err_and(is_locked)) {
            break;
        }
        thread::sleep(OPEN_PAUSE);
        opened = open();
    }
    match opened {
        Ok(Ok(db)) => Ok(db),
        Ok(Err(err)) if is_locked(&err) => {
            Err(Unopened::Failed(OpenError::Locked { path: dir.join("db") }))
        }
        Ok(Err(sled::Error::Io(source))) if is_no_damage(source.kind()) => {
            Err(Unopened::Failed(io("open", dir)(source)))
        }
        Ok(Err(err)) => Err(Unopened::Damaged(Finding::Unopenable(err.to_string()))),
        Err(panic) => Err(Unopened::Damaged(Finding::Unopenable(panic))),
    }
}

fn is_locked(err: &sled::Error) -> bool {
    matches!(err, sled::Error::Io(it) if it.to_string().contains("could not acquire lock"))
}

/// Refusals of the file system that say nothing of what a file holds.
fn is_no_damage(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{OutOfMemory, PermissionDenied, ReadOnlyFilesystem, StorageFull};
    matches!(kind, OutOfMemory | PermissionDenied | ReadOnlyFilesystem | StorageFull)
}

fn failed<E: Into<Source>>(doing: &'static str) -> impl Fn(E) -> Failed {
    move |source| Failed { doing, source: source.into() }
}
