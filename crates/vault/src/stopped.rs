//! The vault of a bank that does not run, copied as it stands: nothing about it is changed.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use crate::{
    error::WriteError,
    open::{DIRECTORY, FILE, JOURNAL},
};

/// Copies the vault of a data directory that no bank has open into a new one's `vault/`, private to
/// this user and synced; says whether there is one. What a crash left to do is done when the copy
/// is opened.
pub fn copy_stopped(from: &Path, into: &Path) -> Result<bool, WriteError> {
    let from = from.join(DIRECTORY);
    if !from.join(FILE).exists() {
        return Ok(false);
    }
    let into = fresh(into).map_err(failed(into))?;
    for name in [FILE, JOURNAL] {
        let (from, into) = (from.join(name), into.join(name));
        match copy(&from, &into) {
            // What is to be rolled back is there after a crash only.
            Err(err) if name == JOURNAL && err.kind() == io::ErrorKind::NotFound => {}
            copied => copied.map_err(failed(&into))?,
        }
    }
    File::open(&into).and_then(|it| it.sync_all()).map_err(failed(&into))?;
    Ok(true)
}

/// Makes a directory for a vault in a data directory that has none.
pub(crate) fn fresh(data: &Path) -> io::Result<PathBuf> {
    let directory = data.join(DIRECTORY);
    DirBuilder::new().mode(0o700).create(&directory)?;
    Ok(directory)
}

/// A new file, private to this user.
pub(crate) fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn copy(from: &Path, into: &Path) -> io::Result<()> {
    let mut from = File::open(from)?;
    let mut into = new_file(into)?;
    io::copy(&mut from, &mut into)?;
    into.sync_all()
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    move |source| WriteError::Copy { path: path.to_owned(), source }
}
