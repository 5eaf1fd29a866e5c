//! The limits: what the same machine does at best, in the same run.

use std::{
    io::Write as _,
    time::{Duration, Instant},
};

use tokio::net::TcpListener;
use tonic::transport::{Channel, Server, server::TcpIncoming};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

/// Bytes that a row of a sheet has in the journal.
pub(crate) const SHEET_ROW_BYTES: usize = 73;

/// How many calls a second a tonic service answers that does nothing.
pub(crate) async fn empty_calls(in_flight: usize) -> anyhow::Result<u64> {
    let (_reporter, service) = tonic_health::server::health_reporter();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let serving = Server::builder().add_service(service).serve_with_incoming(incoming);
    let server = tokio::spawn(serving);
    let channel = Channel::from_shared(format!("http://{address}"))?.connect().await?;
    let client = HealthClient::new(channel);
    let rate = crate::rate_of(in_flight, |_| {
        let mut client = client.clone();
        async move {
            client.check(HealthCheckRequest::default()).await.expect("the empty service answers");
        }
    });
    let rate = rate.await;
    server.abort();
    Ok(rate)
}

/// How many appends a second of so many bytes a file takes, each made durable.
pub(crate) fn raw_appends(bytes: usize) -> anyhow::Result<u64> {
    let mut file = tempfile::tempfile()?;
    let group = vec![7; bytes];
    let (begun, mut appends) = (Instant::now(), 0_u64);
    while begun.elapsed() < Duration::from_secs(2) {
        file.write_all(&group)?;
        file.sync_data()?;
        appends = appends.saturating_add(1);
    }
    let millis = u64::try_from(begun.elapsed().as_millis())?.max(1);
    Ok(appends.saturating_mul(1000).checked_div(millis).unwrap_or_default())
}
