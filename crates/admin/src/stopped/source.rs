//! The journal of a stopped bank, read from copies of its copies: nothing about it is changed.

use std::path::{Path, PathBuf};

use lovebank_journal::{Head, Journal as _};
use lovebank_journal_sled::{Copied, Finding, OpenError, SledJournal, SledReader, copy};

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
    /// Whether unlike copies are believed where no note tells how far one of them had come.
    pub(crate) accept_one: bool,
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
        Self {
            all: std::iter::once(data.to_owned()).chain(mirror).collect(),
            is_off,
            accept_one: false,
        }
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
        let is_one = dirs.all.len() < 2;
        match copied.copies {
            0 if is_one && !dirs.is_off => return Err(of_unknown(&dirs.all)),
            2.. if is_one && !dirs.is_off => return Err(one_of(copied.copies)),
            _ => {}
        }
        let mut opened = copied.dirs.iter().flatten();
        let data = opened.next().map_or(scratch, PathBuf::as_path);
        let opened = engine.open_as_found(data, opened.next().map(PathBuf::as_path));
        let (journal, findings) = opened.map_err(|it| {
            it.told("of the copies that were made of it: ", "所复制的总流水副本：")
        })?;
        let unknown = ends_unknown(&findings, dirs, &copied);
        if !unknown.is_empty() && !dirs.accept_one {
            return Err(maybe_older(&unknown, journal.head()));
        }
        Ok(Self { journal, is_in_order: findings.is_empty(), _copied: copied })
    }

    pub(crate) fn head(&self) -> Head {
        self.journal.head()
    }

    pub(crate) fn reader(&self) -> SledReader {
        self.journal.reader()
    }
}

/// Where the copies are, of two that were not alike, of which no note tells how far they had come:
/// what both hold may lack their end.
fn ends_unknown<'a>(findings: &[Finding], dirs: &'a Dirs, copied: &Copied) -> Vec<&'a Path> {
    let healed = findings.iter().find_map(|it| {
        let (Finding::CaughtUp { unnoted, .. } | Finding::Replaced { unnoted, .. }) = it else {
            return None;
        };
        Some(unnoted)
    });
    let unnoted: Vec<_> = healed.into_iter().flatten().filter_map(|it| it.parent()).collect();
    let pairs = dirs.all.iter().zip(&copied.dirs);
    let pairs = pairs.filter(|(_, it)| it.as_deref().is_some_and(|it| unnoted.contains(&it)));
    pairs.map(|(dir, _)| dir.as_path()).collect()
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

fn of_unknown(dirs: &[PathBuf]) -> Fail {
    let dirs: Vec<_> =
        dirs.iter().map(|it| it.join("journal/HEAD").display().to_string()).collect();
    let note = dirs.join(", ");
    Fail::usage(
        format!(
            "{note} is gone or cannot be read: it would tell how far the journal had come, and in \
             how many copies; give the directory of the other with --from-mirror, or off to go on \
             with this one alone, which may be older"
        ),
        format!(
            "{note} 缺失或无法读取：不知总流水写到何处、有几份副本；请用 --from-mirror 给出另一份的\
             目录，或用 off 只用这一份（它可能较旧）"
        ),
    )
}

fn maybe_older(unknown: &[&Path], head: Head) -> Fail {
    let Head { no, seal } = head;
    let dirs: Vec<_> = unknown.iter().map(|it| it.display().to_string()).collect();
    let (english, chinese) = (dirs.join(" and in "), dirs.join("、"));
    Fail::usage(
        format!(
            "the two copies are not alike, and no note tells how far the one in {english} had \
             come: what they hold ends with entry {no}, seal {seal}, and may be older than the \
             bank. Compare that with what was written down; then say --accept-one-copy, or restore \
             from a backup"
        ),
        format!(
            "两份副本不一致，也没有记号说明 {chinese} 中的副本写到何处：现有的止于流水 {no}，\
             封印 {seal}，可能较旧。请与记下的核对；然后加 --accept-one-copy，或从备份恢复"
        ),
    )
}
