//! An empty directory, and one of a mirror, in which a bank appears whole or not at all.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    thread::sleep,
    time::Duration,
};

use lovebank_backup::RESTORING;

use crate::fail::Fail;

/// How often, and how long apart, removing a directory is tried.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(10);
/// What a file system puts into a directory that is empty.
const LOST_AND_FOUND: &str = "lost+found";

/// Where a bank is to be.
#[derive(Debug)]
pub(crate) struct Place {
    data: PathBuf,
    mirror: Option<PathBuf>,
    done: bool,
}

impl Place {
    /// Directories that are empty, or made here.
    pub(crate) fn new(data: &Path, mirror: Option<&Path>) -> Result<Self, Fail> {
        for it in std::iter::once(data).chain(mirror) {
            fs::create_dir_all(it).map_err(|err| Fail::file(it, &err))?;
            empty(it)?;
        }
        if mirror.is_some_and(|it| same(it, data)) {
            return Err(Fail::usage(
                "--mirror: it is the directory of --into; a mirror is a second one",
                "--mirror：与 --into 是同一目录；镜像须另设目录",
            ));
        }
        let (data, mirror) = (data.to_owned(), mirror.map(Path::to_owned));
        let place = Self { data, mirror, done: false };
        for it in place.each() {
            fs::create_dir(&it).map_err(|err| Fail::file(&it, &err))?;
        }
        Ok(place)
    }

    /// Where the data is being made.
    pub(crate) fn unfinished(&self) -> PathBuf {
        self.data.join(RESTORING)
    }

    /// Where the mirror is being made.
    pub(crate) fn unfinished_mirror(&self) -> Option<PathBuf> {
        self.mirror.as_ref().map(|it| it.join(RESTORING))
    }

    fn each(&self) -> impl Iterator<Item = PathBuf> {
        std::iter::once(self.unfinished()).chain(self.unfinished_mirror())
    }

    /// Gives everything its place: the vault, the second copy of the journal, the first. Cut off
    /// in between, a start either refuses or finds all of it.
    pub(crate) fn finish(mut self) -> Result<(), Fail> {
        for (from, into) in [
            (Some(self.unfinished().join("vault")), self.data.join("vault")),
            (
                self.unfinished_mirror().map(|it| it.join("journal")),
                self.mirror.clone().unwrap_or_default().join("journal"),
            ),
            (Some(self.unfinished().join("journal")), self.data.join("journal")),
        ] {
            let Some(from) = from.filter(|it| it.exists()) else { continue };
            fs::rename(&from, &into).map_err(|err| Fail::file(&into, &err))?;
            let parent = into.parent().unwrap_or(Path::new("."));
            sync(&from.parent().map_or(parent.into(), Path::to_owned))
                .and_then(|()| sync(parent))
                .map_err(|err| Fail::file(parent, &err))?;
        }
        self.done = true;
        self.clear().map_err(|(path, err)| Fail::file(&path, &err))
    }

    fn clear(&self) -> Result<(), (PathBuf, io::Error)> {
        for it in self.each() {
            remove(&it).map_err(|err| (it, err))?;
        }
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.done {
            // What cannot be removed is told by whoever finds the directory not empty.
            self.clear().ok();
        }
    }
}

/// Removes a directory; the last thread of an engine may still be at work in it.
fn remove(directory: &Path) -> io::Result<()> {
    for _ in 0..TRIES {
        match fs::remove_dir_all(directory) {
            Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(_) => sleep(PAUSE),
            Ok(()) => return Ok(()),
        }
    }
    fs::remove_dir_all(directory)
}

fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

fn same(a: &Path, b: &Path) -> bool {
    let full = |it: &Path| it.canonicalize().unwrap_or_else(|_| it.to_owned());
    full(a) == full(b)
}

fn empty(directory: &Path) -> Result<(), Fail> {
    let entries = fs::read_dir(directory).map_err(|err| Fail::file(directory, &err))?;
    let names: Vec<_> = entries.filter_map(|it| it.ok().map(|it| it.file_name())).collect();
    let shown = directory.display();
    if names.iter().any(|it| it == OsStr::new(RESTORING)) {
        return Err(Fail::error(
            format!(
                "{shown} holds {RESTORING}, of a restore that was cut off: delete that, and run \
                 this again"
            ),
            format!("{shown} 中有中断的恢复 {RESTORING}：请删除后重新运行"),
        ));
    }
    match names.iter().find(|it| *it != OsStr::new(LOST_AND_FOUND)) {
        None => Ok(()),
        Some(name) => {
            let name = name.to_string_lossy();
            Err(Fail::error(
                format!(
                    "{shown} is not empty, it holds {name}: nothing is ever written over; give an \
                     empty directory, or one that is not there yet"
                ),
                format!("{shown} 不是空目录，其中有 {name}：不会覆盖；请给空目录或尚不存在的目录"),
            ))
        }
    }
}
