//! The limits: what the same machine does at best, in the same run.

use std::{
    future::Future,
    io::Write as _,
    time::{Duration, Instant},
};

use tokio::{net::TcpListener, task::JoinHandle};
use tonic::transport::{Channel, Server, server::TcpIncoming};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

use crate::load::{per_second, rate_of};

/// Bytes that a row of a sheet has in the journal.
pub(crate) const SHEET_ROW_BYTES: usize = 73;

/// A tonic service that does nothing.
pub(crate) struct Empty {
    client: HealthClient<Channel>,
    server: JoinHandle<Result<(), tonic::transport::Error>>,
}

/// Its client; cheap to clone.
pub(crate) struct EmptyClient(HealthClient<Channel>);

impl Empty {
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let (_reporter, service) = tonic_health::server::health_reporter();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        let serving = Server::builder().add_service(service).serve_with_incoming(incoming);
        let server = tokio::spawn(serving);
        let channel = Channel::from_shared(format!("http://{address}"))?.connect().await?;
        Ok(Self { client: HealthClient::new(channel), server })
    }

    pub(crate) fn client(&self) -> EmptyClient {
        EmptyClient(self.client.clone())
    }

    pub(crate) fn stop(self) {
        self.server.abort();
    }
}

impl EmptyClient {
    /// One call.
    pub(crate) fn call(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut client = self.0.clone();
        async move {
            client.check(HealthCheckRequest::default()).await.expect("the empty service answers");
        }
    }
}

/// How many calls a second a tonic service answers that does nothing.
pub(crate) async fn empty_calls(in_flight: usize) -> anyhow::Result<u64> {
    let empty = Empty::start().await?;
    let client = empty.client();
    let rate = rate_of(in_flight, move |_| client.call()).await?;
    empty.stop();
    Ok(rate)
}

/// How many appends a second of so many bytes a file takes, each made durable.
pub(crate) fn raw_appends(bytes: usize) -> anyhow::Result<u64> {
    let mut file = tempfile::tempfile()?;
    let group = vec![7; bytes];
    let (begun, mut appends) = (Instant::now(), 0_usize);
    while begun.elapsed() < Duration::from_secs(2) {
        file.write_all(&group)?;
        file.sync_data()?;
        appends = appends.saturating_add(1);
    }
    Ok(per_second(appends, begun.elapsed()))
}
