//! Reading the journal from its first entry to the head that the bank tells.

use std::{fmt, vec};

use lovebank_journal::{Head, codec};
use lovebank_ledger::Entry;
use lovebank_wire::v1;

use crate::{
    entries::Entries,
    fail::{Exit, Fail},
    session::Session,
};

/// Entries as they come; only a page of them is in memory.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    /// The head, as the bank tells it.
    pub(super) told: v1::GetHeadResponse,
    entries: Entries<'a>,
    page: vec::IntoIter<v1::StoredEntry>,
}

impl<'a> Walk<'a> {
    pub(super) async fn begin(session: &'a Session) -> Result<Self, Fail> {
        let head = session.bank.journal().get_head(v1::GetHeadRequest::default()).await?;
        let told = head.into_inner();
        let entries = Entries::of(session, 1, told.seq);
        Ok(Self { told, entries, page: Vec::new().into_iter() })
    }

    /// The next entry; none after the last.
    pub(super) async fn next(&mut self) -> Result<Option<v1::StoredEntry>, Fail> {
        loop {
            if let Some(stored) = self.page.next() {
                return Ok(Some(stored));
            }
            match self.entries.page().await? {
                Some(page) => self.page = page.into_iter(),
                None => return Ok(None),
            }
        }
    }
}

/// Visits entry after entry, each once its chain holds; the head, which must be the one told.
pub(super) async fn each(
    session: &Session,
    mut visit: impl FnMut(&Entry) -> Result<(), Fail>,
) -> Result<Head, Fail> {
    let mut walk = Walk::begin(session).await?;
    let mut head = Head::EMPTY;
    while let Some(stored) = walk.next().await? {
        let seq = stored.seq;
        let sealed = head.follow(stored.entry).map_err(|err| broken(seq, &err))?;
        let entry = codec::decode(sealed.bytes()).map_err(|err| broken(seq, &err))?;
        visit(&entry)?;
        head = Head { no: sealed.no().get(), seal: sealed.seal() };
    }
    if head.no != walk.told.seq || head.seal.as_bytes().as_slice() != walk.told.seal {
        return Err(broken(head.no, &"it is not the head that the bank told"));
    }
    Ok(head)
}

/// The journal does not hold.
fn broken(seq: u64, why: &dyn fmt::Display) -> Fail {
    let fail = Fail::error(
        format!("entry {seq} does not hold: {why}; nothing is written. Run verify"),
        format!("流水 {seq} 不成立：{why}；未写出任何内容。请运行 verify"),
    );
    Fail { exit: Exit::Broken, ..fail }
}
