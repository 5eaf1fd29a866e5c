//! `JournalService`.

use std::sync::Arc;

use lovebank_ledger::{EntryNo, Ledger, Refusal, STATE_FORMAT, StateDigest, Verb};
use lovebank_wire::{
    Fault, Malformed, scalar, status,
    v1::{self, journal_service_server::JournalService},
};
use tokio::sync::{Mutex, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{
    door::{Caller, Door, read_seq},
    status::{STOPPING, unreadable},
    watch::Watching,
};

/// Entries that one message carries, at most.
const ENTRIES_MAX: usize = 512;
/// Bytes that one message carries, at most, but for a single larger entry.
const BYTES_MAX: usize = 1024 * 1024;
/// Messages that may wait for a slow reader.
const AHEAD: usize = 4;

type Sender = mpsc::Sender<Result<v1::StreamEntriesResponse, Status>>;

#[derive(Debug, Clone)]
pub(super) struct Journals {
    pub(super) door: Door,
    pub(super) watching: Watching,
    pub(super) digesting: Arc<Mutex<()>>,
}

#[tonic::async_trait]
impl JournalService for Journals {
    type StreamEntriesStream = ReceiverStream<Result<v1::StreamEntriesResponse, Status>>;

    async fn get_head(
        &self,
        call: Request<v1::GetHeadRequest>,
    ) -> Result<Response<v1::GetHeadResponse>, Status> {
        let caller = self.door.enter(&call, Verb::ReadJournal)?;
        bank_wide(&caller, Verb::ReadJournal)?;
        caller.reached(call.get_ref().min_seq).await?;
        let ledger = caller.bank.reader.ledger();
        let recorded_at = ledger.head().and_then(|it| ledger.recorded_at(it));
        Ok(Response::new(v1::GetHeadResponse {
            seq: read_seq(&ledger),
            seal: ledger.seal().as_bytes().to_vec(),
            recorded_at: recorded_at.map(scalar::to_timestamp),
        }))
    }

    async fn get_state_digest(
        &self,
        call: Request<v1::GetStateDigestRequest>,
    ) -> Result<Response<v1::GetStateDigestResponse>, Status> {
        let caller = self.door.enter(&call, Verb::ReadJournal)?;
        bank_wide(&caller, Verb::ReadJournal)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        // One at a time: while it lasts, nothing is written.
        let turn = Arc::clone(&self.digesting).lock_owned().await;
        let reader = caller.bank.reader.clone();
        let work = move || {
            // Also where the caller goes away meanwhile.
            let _turn = turn;
            digest(&reader.ledger(), &message)
        };
        let digest = tokio::task::spawn_blocking(work).await;
        let digest = digest.map_err(|err| unreadable(&err))?;
        let digest = digest.ok_or_else(|| Malformed::new("table", Fault::NotAnOption))?;
        Ok(Response::new(digest))
    }

    async fn stream_entries(
        &self,
        call: Request<v1::StreamEntriesRequest>,
    ) -> Result<Response<Self::StreamEntriesStream>, Status> {
        let caller = self.door.enter(&call, Verb::ReadJournal)?;
        bank_wide(&caller, Verb::ReadJournal)?;
        let message = call.into_inner();
        let place = self.watching.begin(&caller.bank.metrics, caller.token)?;
        let (sender, receiver) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            let _place = place;
            if let Err(status) = stream(&caller, &message, &sender).await {
                // A reader that went away needs no word.
                sender.send(Err(status)).await.ok();
            }
        });
        Ok(Response::new(ReceiverStream::new(receiver)))
    }
}

/// The digest of the ledger that readers see, or of some rows of a table of it.
fn digest(
    ledger: &Ledger<'static>,
    message: &v1::GetStateDigestRequest,
) -> Option<v1::GetStateDigestResponse> {
    let told = |digest: StateDigest, tables| v1::GetStateDigestResponse {
        seq: read_seq(ledger),
        seal: ledger.seal().as_bytes().to_vec(),
        format: STATE_FORMAT,
        digest: digest.as_bytes().to_vec(),
        tables,
    };
    if !message.table.is_empty() {
        let rows = message.first_row..message.first_row.saturating_add(message.row_count);
        return ledger.rows_digest(&message.table, rows).map(|it| told(it, Vec::new()));
    }
    let summary = ledger.state_digest();
    let tables = summary.tables.iter().map(|it| v1::TableDigest {
        name: it.name.to_owned(),
        rows: it.rows,
        digest: it.digest.as_bytes().to_vec(),
    });
    Some(told(summary.digest, tables.collect()))
}

/// The journal is of the whole bank, and so must the grant be.
pub(super) fn bank_wide(caller: &Caller, verb: Verb) -> Result<(), Status> {
    let ledger = caller.bank.reader.ledger();
    if caller.authority(&ledger)?.in_bank(verb) {
        return Ok(());
    }
    Err(status::refused_read(Refusal::BankWideOnly { verb }))
}

async fn stream(
    caller: &Caller,
    message: &v1::StreamEntriesRequest,
    sender: &Sender,
) -> Result<(), Status> {
    let (mut head, mut stopping) = (caller.bank.reader.head(), caller.bank.stopping.clone());
    let mut next = message.from_seq.max(1);
    let asked = if message.to_seq == 0 { u64::MAX } else { message.to_seq };
    let last = if message.follow { u64::MAX } else { asked.min(*head.borrow()) };
    loop {
        let until = last.min(*head.borrow_and_update());
        while next <= until {
            bank_wide(caller, Verb::ReadJournal)?;
            let Some(sent) = send(caller, (next, until), sender).await? else { return Ok(()) };
            next = sent.saturating_add(1);
        }
        if !message.follow {
            return Ok(());
        }
        tokio::select! {
            changed = head.changed() => changed.map_err(|_| STOPPING)?,
            () = crate::stopped(&mut stopping) => return Err(STOPPING.into()),
            () = sender.closed() => return Ok(()),
        }
        bank_wide(caller, Verb::ReadJournal)?;
    }
}

/// Sends some entries; the number of the last, or none where the reader went away.
async fn send(
    caller: &Caller,
    (next, until): (u64, u64),
    sender: &Sender,
) -> Result<Option<u64>, Status> {
    let reader = caller.bank.reader.clone();
    let from = EntryNo::new(next).map_err(|err| unreadable(&err))?;
    let read = tokio::task::spawn_blocking(move || reader.entries(from, ENTRIES_MAX)).await;
    let stored = read.map_err(|err| unreadable(&err))?.map_err(|err| unreadable(&err))?;
    let mut bytes = 0_usize;
    let mut entries = Vec::with_capacity(stored.len());
    for it in stored {
        let (seq, entry) = (it.no().get(), it.into_bytes());
        bytes = bytes.saturating_add(entry.len());
        if until < seq || BYTES_MAX < bytes && !entries.is_empty() {
            break;
        }
        entries.push(v1::StoredEntry { seq, entry });
    }
    let last = entries.last().map(|it| it.seq);
    let sent = sender.send(Ok(v1::StreamEntriesResponse { entries })).await;
    Ok(last.filter(|_| sent.is_ok()))
}
