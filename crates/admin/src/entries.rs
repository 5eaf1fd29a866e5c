//! Entries as a running bank gives them. A stream that breaks goes on after the last one that came.

use lovebank_wire::v1;
use tonic::{Status, Streaming};

use crate::{again::Patience, fail::Fail, progress::Progress, session::Session};

/// Entries from one to another, page by page; only one page is in memory.
#[derive(Debug)]
pub(crate) struct Entries<'a> {
    session: &'a Session,
    /// None before the first page, and after a break.
    pages: Option<Streaming<v1::StreamEntriesResponse>>,
    next: u64,
    last: u64,
    patience: Patience,
    progress: Progress,
}

impl<'a> Entries<'a> {
    pub(crate) fn of(session: &'a Session, from: u64, last: u64) -> Self {
        let count = last.saturating_add(1).saturating_sub(from);
        let progress = Progress::of(session, count);
        let patience = Patience::default();
        Self { session, pages: None, next: from, last, patience, progress }
    }

    /// The next page; none after the last entry.
    pub(crate) async fn page(&mut self) -> Result<Option<Vec<v1::StoredEntry>>, Fail> {
        loop {
            let status = match self.ask().await {
                Ok(page) => return Ok(page.map(|it| self.came(it))),
                Err(status) => status,
            };
            self.pages = None;
            if self.last < self.next {
                // It broke after all had come.
                return Ok(None);
            }
            let what = (format!("from entry {} on", self.next), format!("自流水 {} 起", self.next));
            let told = (self.session, &self.progress);
            self.patience.wait(status, told, (&what.0, &what.1)).await?;
        }
    }

    async fn ask(&mut self) -> Result<Option<v1::StreamEntriesResponse>, Status> {
        if self.pages.is_none() {
            let (from_seq, to_seq) = (self.next, self.last);
            let request = v1::StreamEntriesRequest { from_seq, to_seq, follow: false };
            let stream = self.session.bank.journal().stream_entries(request).await?;
            self.pages = Some(stream.into_inner());
        }
        match &mut self.pages {
            Some(pages) => pages.message().await,
            None => Ok(None),
        }
    }

    fn came(&mut self, page: v1::StreamEntriesResponse) -> Vec<v1::StoredEntry> {
        let count = u64::try_from(page.entries.len()).unwrap_or(u64::MAX);
        if 0 < count {
            self.patience.further();
        }
        self.next = self.next.saturating_add(count);
        self.progress.further(count);
        page.entries
    }
}

impl Drop for Entries<'_> {
    fn drop(&mut self) {
        self.progress.end();
    }
}
