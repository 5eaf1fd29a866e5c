//! Files and directories: what makes them durable, and names for what is put aside.

use std::{
    any::Any,
    ffi::OsString,
    fs::{self, File},
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

/// A path with something appended to its last name.
pub(crate) fn beside(dir: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = dir.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Syncs every file and directory under a directory, itself, and its own name.
pub(crate) fn sync_tree(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_tree(&entry.path())?;
        } else {
            File::open(entry.path())?.sync_all()?;
        }
    }
    File::open(dir)?.sync_all()?;
    sync_parent(dir)
}

/// Syncs the directory that a path is in.
pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    File::open(parent(path))?.sync_all()
}

/// The directory that a path is in.
pub(crate) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Renames a directory to the first free name of its kind.
pub(crate) fn put_aside(dir: &Path) -> io::Result<PathBuf> {
    let aside = (1_u32..).map(|it| beside(dir, &format!(".damaged-{it}")));
    let aside = aside.into_iter().find(|it| !it.exists()).ok_or(io::ErrorKind::AlreadyExists)?;
    fs::rename(dir, &aside)?;
    sync_parent(dir)?;
    Ok(aside)
}

/// Removes snapshots that were never finished: sled would take them for good.
pub(crate) fn remove_unfinished_snapshots(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "generating") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// How many files a directory holds; none where it is not there.
pub(crate) fn count(dir: &Path) -> io::Result<usize> {
    match fs::read_dir(dir) {
        Ok(entries) => Ok(entries.count()),
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(err) => Err(err),
    }
}

/// Runs what may panic on damaged files; gives the panic's text.
pub(crate) fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| text(panic.as_ref()))
}

fn text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic".into())
}
