//! The copies of a stopped bank, for an audit.

use std::path::{Path, PathBuf};

use lovebank_audit::{Copy, Finding, Mark, Piece, Report, What, copies};
use lovebank_journal_sled::{Damage, Held, Inspected, Kept, Noted, OpenError, Stored, inspect};

use crate::fail::Fail;

/// Copies that were opened, and what was found in doing so.
#[derive(Debug)]
pub(crate) struct Copies {
    opened: Vec<(String, Noted, Stored)>,
    before: Vec<Finding>,
    /// The last entry that any of them had acknowledged.
    noted: u64,
}

impl Copies {
    /// Opens the copies of these directories, each as a copy of its own in `scratch`: what is
    /// audited is not changed.
    pub(crate) fn open(dirs: &[PathBuf], scratch: &Path) -> Result<Self, Fail> {
        let mut it = Self { opened: Vec::new(), before: Vec::new(), noted: 0 };
        let inspected = inspect(dirs, scratch).map_err(|err| failed(&err, scratch))?;
        if inspected.iter().all(|it| matches!(it.held, Held::Missing)) {
            let dirs: Vec<_> = dirs.iter().map(|it| it.display().to_string()).collect();
            let dirs = dirs.join(", ");
            return Err(Fail::error(
                format!("there is no journal in {dirs}: give the data directory with --data"),
                format!("{dirs} 中没有流水：请用 --data 指定数据目录"),
            ));
        }
        let count = inspected.len();
        for found in inspected {
            it.found(found, count);
        }
        if it.opened.is_empty() {
            // Nothing can be read: then all that was acknowledged is missing.
            it.before.push(Finding::at(it.noted.max(1), What::EndsEarly { found: 0 }));
        }
        Ok(it)
    }

    fn found(&mut self, it: Inspected, count: usize) {
        let Inspected { dir, note, held } = it;
        let name = dir.display().to_string();
        match note {
            Noted::None if matches!(held, Held::Missing) => {}
            Noted::None | Noted::Unreadable => self.tell(&name, What::NoteUnreadable),
            Noted::At { head, copies } => {
                self.noted = self.noted.max(head.no);
                if count < copies {
                    self.tell("mirror", What::CopyMissing);
                }
            }
        }
        match held {
            Held::Missing => self.tell(&name, What::CopyMissing),
            Held::Damaged(damage) => {
                self.tell(&name, What::CopyUnreadable { why: damage.to_string() });
            }
            Held::Entries(stored) => self.opened.push((name, note, stored)),
        }
    }

    fn tell(&mut self, copy: &str, what: What) {
        self.before.push(Finding::general(what).of(Some(copy)));
    }

    /// About how many entries there are.
    pub(crate) fn entries(&self) -> u64 {
        self.noted
    }

    /// Audits them.
    pub(crate) fn audit(self, marks: Vec<Mark>, progress: impl FnMut(u64) + Send) -> Report {
        let noted = self.noted;
        let copy = |(name, note, stored): (String, Noted, Stored)| {
            let note = match note {
                Noted::At { head, .. } => Some(head),
                Noted::None | Noted::Unreadable => None,
            };
            Copy { name, note, entries: noted, read: read(stored) }
        };
        copies(self.opened.into_iter().map(copy).collect(), (marks, self.before), progress)
    }
}

fn read(stored: Stored) -> impl FnOnce(&mut dyn FnMut(Piece)) + Send {
    move |each| stored.read(&mut |kept| each(piece(kept)))
}

fn piece(it: Kept<'_>) -> Piece {
    match it {
        Kept::Entry { place, bytes } => Piece::Entry { place, bytes: bytes.to_vec() },
        Kept::Damage { place, damage } => {
            let why = damage.to_string();
            if matches!(damage, Damage::Foreign { .. } | Damage::Value { .. }) {
                Piece::Malformed { place, why }
            } else {
                Piece::Broken { why }
            }
        }
    }
}

fn failed(err: &OpenError, scratch: &Path) -> Fail {
    if matches!(err, OpenError::InUse { .. }) {
        return Fail::error(
            format!("{err}; a running bank is audited without --data"),
            "数据目录正在使用：请先停止服务，或不加 --data 审计运行中的服务",
        );
    }
    let scratch = scratch.display();
    let why = Fail::local(err).english;
    Fail::error(
        format!(
            "{why}; the copies are opened in {scratch}, which must have room for them: \
             give another directory with --scratch"
        ),
        format!("{why}；副本在 {scratch} 中打开，须有足够空间：可用 --scratch 另行指定"),
    )
}
