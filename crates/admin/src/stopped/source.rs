//! The journal of a stopped bank, read from copies of its copies: nothing about it is changed.

use std::path::{Path, PathBuf};

use lovebank_journal::{Head, Journal as _};
use lovebank_journal_sled::{Copied, OpenError, SledJournal, SledReader, copy};

use super::Engine;
use crate::fail::Fail;

/// Says that there is no second copy, or that it is to be left out.
const OFF: &str = "off";

/// Directories of the copies of a journal.
#[derive(Debug)]
pub(crate) struct Dirs {
    pub(crate) all: Vec<PathBuf>,
    /// Whether a second copy was left out on purpose.
    is_off: bool,
}

impl Dirs {
    /// The data directory, and the directory of the second copy: `mirror` in the first where it is
    /// there and nothing else is said.
    pub(crate) fn of(data: &Path, mirror: Option<&Path>) -> Self {
        let beside = data.join("mirror");
        let is_off = mirror.is_some_and(|it| it.as_os_str() == OFF);
        let mirror = match mirror {
            Some(_) if is_off => None,
            Some(it) => Some(it.to_owned()),
            None => Some(beside).filter(|it| it.exists()),
        };
        Self { all: std::iter::once(data.to_owned()).chain(mirror).collect(), is_off }
    }
}

/// A journal to read from. Until this is dropped its bank does not start.
#[derive(Debug)]
pub(crate) struct Source {
    journal: SledJournal,
    /// Whether each copy was found in order.
    pub(crate) is_in_order: bool,
    _copied: Copied,
}

impl Source {
    /// Copies the copies into `scratch`, and opens and heals them there.
    pub(crate) fn open(engine: Engine, dirs: &Dirs, scratch: &Path) -> Result<Self, Fail> {
        let copied = copy(&dirs.all, scratch).map_err(|err| uncopied(&err))?;
        for (dir, copied) in dirs.all.iter().zip(&copied.dirs) {
            if copied.is_none() {
                return Err(no_journal(dir));
            }
        }
        if dirs.all.len() < copied.copies && !dirs.is_off {
            return Err(one_of(copied.copies));
        }
        let mut opened = copied.dirs.iter().flatten();
        let data = opened.next().map_or(scratch, PathBuf::as_path);
        let opened = engine.open_as_found(data, opened.next().map(PathBuf::as_path));
        let (journal, is_in_order) = opened.map_err(|it| {
            it.told("of the copies that were made of it: ", "所复制的总流水副本：")
        })?;
        Ok(Self { journal, is_in_order, _copied: copied })
    }

    pub(crate) fn head(&self) -> Head {
        self.journal.head()
    }

    pub(crate) fn reader(&self) -> SledReader {
        self.journal.reader()
    }
}

fn uncopied(err: &OpenError) -> Fail {
    let fail = Fail::local(err);
    if matches!(err, OpenError::InUse { .. }) {
        return Fail {
            chinese: "数据目录正在使用：请先停止服务".to_owned(), ..fail
        };
    }
    fail
}

fn no_journal(dir: &Path) -> Fail {
    let dir = dir.display();
    Fail::usage(
        format!(
            "{dir} holds no journal: give the data directory with --from, and that of the second \
             copy with --from-mirror, or off to go on without it"
        ),
        format!(
            "{dir} 中没有总流水：请用 --from 指定数据目录，用 --from-mirror 指定第二份副本的目录，\
             或用 off 不用第二份"
        ),
    )
}

fn one_of(copies: usize) -> Fail {
    Fail::usage(
        format!(
            "the journal was kept in {copies} copies, and one of them is given: give the directory \
             of the other with --from-mirror, or off to go on without it"
        ),
        format!(
            "总流水有 {copies} 份副本，只给出了一份：请用 --from-mirror 给出另一份的目录，\
             或用 off 只用这一份"
        ),
    )
}
