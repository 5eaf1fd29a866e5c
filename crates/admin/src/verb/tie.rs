//! Whether a sealed vault is of the journal that is read beside it: its header tells the entry at
//! which it was sealed, and that one's seal.

use std::cell::Cell;

use lovebank_journal::Sealed;
use lovebank_ledger::Seal;
use lovebank_vault::SealedHeader;

use crate::{
    fail::{Exit, Fail},
    session::Session,
};

/// The entry at which a vault was sealed, looked for among those of a journal.
#[derive(Debug)]
pub(super) struct Tie {
    head: u64,
    seal: Option<Seal>,
    found: Cell<Option<Seal>>,
}

/// Of which journal a vault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tied {
    /// Of this one, and of this history.
    This,
    /// Of another one, or of another history of this one.
    Other,
    /// The journal that was read does not have that entry.
    Later,
    /// It does not tell: an earlier release sealed it.
    Untold,
}

impl Tie {
    pub(super) fn of(header: &SealedHeader) -> Self {
        Self { head: header.head, seal: header.seal, found: Cell::new(None) }
    }

    /// Looks at an entry of the journal.
    pub(super) fn pass(&self, it: &Sealed) {
        if it.no().get() == self.head {
            self.found.set(Some(it.seal()));
        }
    }

    /// What is known once all of the journal was looked at.
    pub(super) fn tied(&self) -> Tied {
        match (self.seal, self.found.get()) {
            (None, _) => Tied::Untold,
            (Some(_), None) => Tied::Later,
            (Some(told), Some(found)) if told == found => Tied::This,
            (Some(_), Some(_)) => Tied::Other,
        }
    }

    /// Says why its seal tells nothing, where that is so; `of` which vault stands before it.
    pub(super) fn remark(&self, session: &Session, of: (&str, &str)) {
        let (english, chinese) = match self.tied() {
            Tied::This | Tied::Other => return,
            Tied::Later => (
                "the entry at which this vault was sealed is not in these files: whether it is of \
                 this history can only be judged by its time and by whom both know; files that \
                 have that entry tell",
                "此个人信息库加密时的流水不在所给文件中：是否属于这段历史，\
                 只能按时间和双方都有的人判断；给出含该流水的备份即可核对",
            ),
            Tied::Untold => (
                "this vault was sealed by an earlier release and tells no seal of its journal: \
                 whether it is of this history can only be judged by its time and by whom both \
                 know",
                "此个人信息库由较早的版本加密，没有总流水的封印：是否属于这段历史，\
                 只能按时间和双方都有的人判断",
            ),
        };
        session.remark(&format!("{}{english}", of.0), &format!("{}{chinese}", of.1));
    }

    /// That it is of another history.
    pub(super) fn other(&self) -> Fail {
        let head = self.head;
        let fail = Fail::error(
            format!(
                "this vault was sealed at entry {head} of another history, or of another bank: the \
                 journal has another entry {head}"
            ),
            format!(
                "此个人信息库是在另一段历史（或另一银行）的流水 {head} 处加密的：与总流水的流水 {head} 不同"
            ),
        );
        Fail { exit: Exit::Broken, ..fail }
    }
}
