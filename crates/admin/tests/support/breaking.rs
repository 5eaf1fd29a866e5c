//! A bank whose streams break as told.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use lovebank_journal::{Head, codec};
use lovebank_ledger::Entry;
use lovebank_wire::v1::{self, backup_service_server as backup, journal_service_server as journal};
use tokio::{
    net::TcpListener,
    sync::{mpsc, watch},
};
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tonic::{Request, Response, Status, transport::Server};

use super::mock::forward;

/// How one call goes.
#[derive(Debug, Clone)]
pub(crate) enum Break {
    /// So many messages are given, then it fails.
    Fail(usize, Status),
    /// So many are given, then the connection is cut.
    Cut(usize),
}

/// The bank.
#[derive(Debug, Clone)]
pub(crate) struct Breaking {
    entries: Arc<Vec<Entry>>,
    sealed: Arc<Vec<u8>>,
    breaks: Arc<Mutex<VecDeque<Break>>>,
    asked: Arc<Mutex<Vec<u64>>>,
    cut: Arc<watch::Sender<u64>>,
    pub(crate) address: String,
}

impl Breaking {
    /// Starts a bank of these entries and this sealed vault, whose streams break so, one after the
    /// other; those after the last are given to their end.
    pub(crate) async fn start(
        (entries, sealed): (Vec<Entry>, Vec<u8>),
        breaks: impl IntoIterator<Item = Break>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let behind = listener.local_addr().expect("an address").to_string();
        let front = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", front.local_addr().expect("an address"));
        let cut = Arc::new(watch::Sender::new(0));
        let it = Self {
            entries: Arc::new(entries),
            sealed: Arc::new(sealed),
            breaks: Arc::new(Mutex::new(breaks.into_iter().collect())),
            asked: Arc::default(),
            cut: Arc::clone(&cut),
            address,
        };
        let server = Server::builder()
            .add_service(journal::JournalServiceServer::new(it.clone()))
            .add_service(backup::BackupServiceServer::new(it.clone()));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        tokio::spawn(forward(front, behind, cut));
        it
    }

    /// With which entry each stream of entries began.
    pub(crate) fn asked(&self) -> Vec<u64> {
        self.asked.lock().expect("not poisoned").clone()
    }

    fn head(&self) -> Head {
        let last = self.entries.last().expect("some entries");
        Head { no: last.no.get(), seal: codec::seal(last).seal() }
    }

    fn give<T: Send + 'static>(&self, messages: Vec<T>) -> ReceiverStream<Result<T, Status>> {
        let next = self.breaks.lock().expect("not poisoned").pop_front();
        let (sender, receiver) = mpsc::channel(1);
        let cut = Arc::clone(&self.cut);
        tokio::spawn(async move {
            let most = match &next {
                Some(Break::Fail(most, _) | Break::Cut(most)) => *most,
                None => usize::MAX,
            };
            for it in messages.into_iter().take(most) {
                sender.send(Ok(it)).await.ok();
            }
            match next {
                Some(Break::Fail(_, status)) => {
                    sender.send(Err(status)).await.ok();
                }
                Some(Break::Cut(_)) => {
                    cut.send_modify(|it| *it = it.wrapping_add(1));
                    sender.closed().await;
                }
                None => {}
            }
        });
        ReceiverStream::new(receiver)
    }
}

#[tonic::async_trait]
impl journal::JournalService for Breaking {
    type StreamEntriesStream = ReceiverStream<Result<v1::StreamEntriesResponse, Status>>;

    async fn get_head(
        &self,
        _: Request<v1::GetHeadRequest>,
    ) -> Result<Response<v1::GetHeadResponse>, Status> {
        let Head { no: seq, seal } = self.head();
        let seal = seal.as_bytes().to_vec();
        Ok(Response::new(v1::GetHeadResponse { seq, seal, recorded_at: None }))
    }

    async fn get_state_digest(
        &self,
        _: Request<v1::GetStateDigestRequest>,
    ) -> Result<Response<v1::GetStateDigestResponse>, Status> {
        Err(Status::unimplemented("a backup does not ask"))
    }

    async fn stream_entries(
        &self,
        request: Request<v1::StreamEntriesRequest>,
    ) -> Result<Response<Self::StreamEntriesStream>, Status> {
        let v1::StreamEntriesRequest { from_seq, to_seq, .. } = request.into_inner();
        self.asked.lock().expect("not poisoned").push(from_seq);
        let asked = self.entries.iter().filter(|it| (from_seq..=to_seq).contains(&it.no.get()));
        // One entry a message.
        let pages = asked.map(|it| v1::StreamEntriesResponse {
            entries: vec![v1::StoredEntry { seq: it.no.get(), entry: codec::encode(it) }],
        });
        Ok(Response::new(self.give(pages.collect())))
    }
}

#[tonic::async_trait]
impl backup::BackupService for Breaking {
    type SealVaultStream = ReceiverStream<Result<v1::SealVaultResponse, Status>>;

    async fn seal_vault(
        &self,
        request: Request<v1::SealVaultRequest>,
    ) -> Result<Response<Self::SealVaultStream>, Status> {
        let first = v1::SealVaultResponse { recipient: "a key".to_owned(), ..<_>::default() };
        if request.into_inner().check_only {
            let (sender, receiver) = mpsc::channel(1);
            sender.send(Ok(first)).await.ok();
            return Ok(Response::new(ReceiverStream::new(receiver)));
        }
        let parts = self
            .sealed
            .chunks(100)
            .map(|it| v1::SealVaultResponse { sealed: it.to_vec(), ..<_>::default() });
        Ok(Response::new(self.give(std::iter::once(first).chain(parts).collect())))
    }
}
