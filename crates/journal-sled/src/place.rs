//! Where a copy lives: making it whole under its name, putting it aside.

use std::{
    fs,
    path::{Path, PathBuf},
};

use lovebank_journal::Head;

use crate::{
    OpenError,
    lock::wait_for_release,
    mirror::{FILE, Mirror, Unopened, sync, sync_tree},
};

pub(crate) const DIR: &str = "journal";
const UNFINISHED: &str = "journal.unfinished";
const ASIDE: &str = "journal.damaged";

/// Where a copy is, and what its engine may keep in memory.
pub(crate) struct Place {
    pub(crate) parent: PathBuf,
    pub(crate) cache_bytes: u64,
}

impl Place {
    pub(crate) fn dir(&self) -> PathBuf {
        self.parent.join(DIR)
    }

    /// Deletes a copy that was being made when the process ended.
    pub(crate) fn clear(&self) -> Result<Option<PathBuf>, OpenError> {
        let path = self.parent.join(UNFINISHED);
        if !path.exists() {
            return Ok(None);
        }
        fs::remove_dir_all(&path).map_err(OpenError::io("deleting", &path))?;
        Ok(Some(path))
    }

    /// Makes a new copy, of another one if there is one: whole under its name, or not at all.
    pub(crate) fn make(&self, other: Option<&Mirror>, head: Head) -> Result<Mirror, OpenError> {
        let (dir, unfinished) = (self.dir(), self.parent.join(UNFINISHED));
        fs::create_dir_all(&unfinished).map_err(OpenError::io("making", &unfinished))?;
        let new = self.open(&unfinished)?;
        if let Some(other) = other {
            let copied = new.copy(other, Head::EMPTY, head);
            copied.map_err(|what| OpenError::Healing { dir: dir.clone(), what })?;
        }
        drop(new);
        wait_for_release(&unfinished.join(FILE))?;
        sync_tree(&unfinished)?;
        if dir.exists() {
            // Empty, or it would have been put aside.
            fs::remove_dir(&dir).map_err(OpenError::io("replacing", &dir))?;
        }
        fs::rename(&unfinished, &dir).map_err(OpenError::io("naming", &dir))?;
        sync(&self.parent)?;
        let mirror = self.open(&dir)?;
        let scan = mirror.scan();
        if scan.damage.is_some() || scan.head != head {
            let what = format!("it was made, and reads as {scan:?}");
            return Err(OpenError::Healing { dir, what });
        }
        Ok(mirror)
    }

    fn open(&self, dir: &Path) -> Result<Mirror, OpenError> {
        Mirror::open(dir, self.cache_bytes).map_err(|it| match it {
            Unopened::Hindered(error) => error,
            Unopened::Damaged(damage) => {
                OpenError::Healing { dir: dir.to_path_buf(), what: damage.to_string() }
            }
        })
    }

    /// Renames the copy out of the way, to the first name that is free.
    pub(crate) fn put_aside(&self) -> Result<PathBuf, OpenError> {
        let dir = self.dir();
        let mut names = (1_u32..).map(|it| self.parent.join(format!("{ASIDE}-{it}")));
        let aside = names.find(|it| !it.exists()).expect("a number is free");
        fs::rename(&dir, &aside).map_err(OpenError::io("putting aside", &dir))?;
        sync(&self.parent)?;
        Ok(aside)
    }

    /// Makes the copy and the way to it durable.
    pub(crate) fn sync(&self) -> Result<(), OpenError> {
        sync_tree(&self.dir())?;
        sync(&self.parent)?;
        self.parent.parent().filter(|it| !it.as_os_str().is_empty()).map_or(Ok(()), sync)
    }
}
