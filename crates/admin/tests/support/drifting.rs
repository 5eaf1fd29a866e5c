//! A bank whose memory and whose journal are given: they may differ.

use std::sync::Arc;

use lovebank_ledger::{Ledger, STATE_FORMAT};
use lovebank_wire::v1::{self, journal_service_server as journal};
use tokio::{net::TcpListener, sync::mpsc};
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tonic::{Request, Response, Status, transport::Server};

/// The bank.
#[derive(Clone)]
pub(crate) struct Drifting {
    ledger: Arc<Ledger<'static>>,
    entries: Arc<Vec<Vec<u8>>>,
}

impl Drifting {
    /// Starts it; its address.
    pub(crate) async fn start(ledger: Ledger<'static>, entries: Vec<Vec<u8>>) -> String {
        let it = Self { ledger: Arc::new(ledger), entries: Arc::new(entries) };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let server = Server::builder().add_service(journal::JournalServiceServer::new(it));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        address
    }
}

#[tonic::async_trait]
impl journal::JournalService for Drifting {
    type StreamEntriesStream = ReceiverStream<Result<v1::StreamEntriesResponse, Status>>;

    async fn get_head(
        &self,
        _: Request<v1::GetHeadRequest>,
    ) -> Result<Response<v1::GetHeadResponse>, Status> {
        Err(Status::unimplemented("an audit asks for the digest"))
    }

    async fn get_state_digest(
        &self,
        request: Request<v1::GetStateDigestRequest>,
    ) -> Result<Response<v1::GetStateDigestResponse>, Status> {
        let request = request.into_inner();
        let summary = self.ledger.state_digest();
        let tables = summary.tables.iter().map(|it| v1::TableDigest {
            name: it.name.to_owned(),
            rows: it.rows,
            digest: it.digest.as_bytes().to_vec(),
        });
        let rows = request.first_row..request.first_row.saturating_add(request.row_count);
        let digest = self.ledger.rows_digest(&request.table, rows).unwrap_or(summary.digest);
        Ok(Response::new(v1::GetStateDigestResponse {
            seq: summary.entry,
            seal: summary.seal.as_bytes().to_vec(),
            format: STATE_FORMAT,
            digest: digest.as_bytes().to_vec(),
            tables: tables.collect(),
        }))
    }

    async fn stream_entries(
        &self,
        _: Request<v1::StreamEntriesRequest>,
    ) -> Result<Response<Self::StreamEntriesStream>, Status> {
        let (sender, receiver) = mpsc::channel(1);
        let entries = (1..).zip(self.entries.iter());
        let entries = entries.map(|(seq, entry)| v1::StoredEntry { seq, entry: entry.clone() });
        let answer = v1::StreamEntriesResponse { entries: entries.collect() };
        sender.send(Ok(answer)).await.ok();
        Ok(Response::new(ReceiverStream::new(receiver)))
    }
}
