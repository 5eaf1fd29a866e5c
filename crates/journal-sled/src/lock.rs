//! One process at a time, said before the engine looks at anything.

use std::{
    fs::{File, OpenOptions, TryLockError, read_to_string},
    io::Write as _,
    path::Path,
    thread::sleep,
    time::Duration,
};

use crate::OpenError;

pub(crate) const NAME: &str = "LOCK";
const RELEASE_TRIES: u32 = 400;
const RELEASE_PAUSE: Duration = Duration::from_millis(5);

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
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let holder = read_to_string(&path).unwrap_or_default();
            let holder = Some(holder.trim()).filter(|it| !it.is_empty());
            let holder = holder.unwrap_or("another process").to_owned();
            return Err(OpenError::InUse { lock: path, holder });
        }
        Err(TryLockError::Error(source)) => {
            return Err(OpenError::Io { doing: "locking", path, source });
        }
    }
    // For the person who finds it held; the lock does not depend on it.
    file.set_len(0).map_err(OpenError::io("writing", &path))?;
    writeln!(file, "process {}", std::process::id()).map_err(OpenError::io("writing", &path))?;
    Ok(file)
}

/// Waits until the engine has let go of its file: the last of its threads may be a moment late.
pub(crate) fn wait_for_release(path: &Path) -> Result<(), OpenError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            return Err(OpenError::Io { doing: "opening", path: path.to_path_buf(), source });
        }
    };
    for _ in 0..RELEASE_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => sleep(RELEASE_PAUSE),
            Err(TryLockError::Error(source)) => {
                return Err(OpenError::Io { doing: "locking", path: path.to_path_buf(), source });
            }
        }
    }
    let holder = "a process that opened it without the lock of the data directory".to_owned();
    Err(OpenError::InUse { lock: path.to_path_buf(), holder })
}
