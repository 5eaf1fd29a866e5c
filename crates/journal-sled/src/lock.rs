//! One process at a time, said before the engine looks at anything.

use std::{
    fs::{File, OpenOptions, TryLockError, read_to_string},
    io::{self, Write as _},
    path::{Path, PathBuf},
    thread::sleep,
    time::Duration,
};

use crate::OpenError;

pub(crate) const NAME: &str = "LOCK";
/// A process that is just ending, or just being made by the one that closed the bank, holds a lock
/// for a moment more: who starts the next one at once is not sent away.
const TRIES: u32 = 400;
const PAUSE: Duration = Duration::from_millis(5);

/// Locks that are held until dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _files: Vec<File>,
}

impl Lock {
    /// Takes the lock of each directory.
    pub(crate) fn take<'a>(dirs: impl Iterator<Item = &'a Path>) -> Result<Self, OpenError> {
        Ok(Self { _files: dirs.map(take).collect::<Result<_, _>>()? })
    }
}

fn take(dir: &Path) -> Result<File, OpenError> {
    let path = dir.join(NAME);
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    let mut file = options.open(&path).map_err(OpenError::io("opening", &path))?;
    if !patiently(|| file.try_lock()).map_err(OpenError::io("locking", &path))? {
        return Err(in_use(path));
    }
    // For the person who finds it held; the lock does not depend on it.
    file.set_len(0).map_err(OpenError::io("writing", &path))?;
    writeln!(file, "process {}", std::process::id()).map_err(OpenError::io("writing", &path))?;
    Ok(file)
}

/// Keeps a bank from starting, without writing anything; nothing where a directory has no lock, for
/// it was put together by hand.
pub(crate) fn hold_still(dir: &Path) -> Result<Option<File>, OpenError> {
    let path = dir.join(NAME);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(OpenError::io("opening", &path)(error)),
    };
    let held = patiently(|| file.try_lock_shared());
    if held.map_err(OpenError::io("locking", &path))? { Ok(Some(file)) } else { Err(in_use(path)) }
}

/// Whether a lock could be had within two seconds.
fn patiently(lock: impl Fn() -> Result<(), TryLockError>) -> io::Result<bool> {
    for again in 0..TRIES {
        match lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) if again.saturating_add(1) < TRIES => sleep(PAUSE),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(false)
}

fn in_use(lock: PathBuf) -> OpenError {
    let holder = read_to_string(&lock).unwrap_or_default();
    let holder = Some(holder.trim()).filter(|it| !it.is_empty());
    let holder = holder.unwrap_or("another process").to_owned();
    OpenError::InUse { lock, holder }
}

/// Waits until the engine has let go of its file: the last of its threads may be a moment late.
pub(crate) fn wait_for_release(path: &Path) -> Result<(), OpenError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            return Err(OpenError::Io { doing: "opening", path: path.to_path_buf(), source });
        }
    };
    if patiently(|| file.try_lock()).map_err(OpenError::io("locking", path))? {
        return Ok(());
    }
    let holder = "a process that opened it without the lock of the data directory".to_owned();
    Err(OpenError::InUse { lock: path.to_path_buf(), holder })
}
