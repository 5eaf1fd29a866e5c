//! Reading the journal from its first entry to the head that the bank tells.

use std::{fmt, vec};

use lovebank_journal::{Head, codec};
use lovebank_ledger::Entry;
use lovebank_wire::v1;
use tonic::Streaming;

use crate::{
    fail::{Exit, Fail},
    progress::Progress,
    session::Session,
};

/// Entries as they come; only a page of them is in memory.
#[derive(Debug)]
pub(super) struct Walk {
    /// The head, as the bank tells it.
    pub(super) told: v1::GetHeadResponse,
    pages: Streaming<v1::StreamEntriesResponse>,
    page: vec::IntoIter<v1::StoredEntry>,
    progress: Progress,
}

impl Walk {
    pub(super) async fn begin(session: &Session) -> Result<Self, Fail> {
        let mut service = session.bank.journal();
        let told = service.get_head(v1::GetHeadRequest::default()).await?.into_inner();
        let request = v1::StreamEntriesRequest { to_seq: told.seq, ..<_>::default() };
        let pages = service.stream_entries(request).await?.into_inner();
        let progress = Progress::of(session, told.seq);
        Ok(Self { told, pages, page: Vec::new().into_iter(), progress })
    }

    /// The next entry; none after the last.
    pub(super) async fn next(&mut self) -> Result<Option<v1::StoredEntry>, Fail> {
        loop {
            if let Some(stored) = self.page.next() {
                self.progress.further(1);
                return Ok(Some(stored));
            }
            match self.pages.message().await? {
                Some(page) => self.page = page.entries.into_iter(),
                None => return Ok(None),
            }
        }
    }
}

impl Drop for Walk {
    fn drop(&mut self) {
        self.progress.end();
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
