//! The Love Bank service: one writer, one journal, gRPC at the edge.
//!
//! [`run`] = open → replay → serve → drain → close.

pub mod bank;
pub mod clock;
pub mod config;
pub mod engine;
pub mod grpc;
pub mod metrics;
mod open;
pub mod reader;
pub mod telemetry;
mod witness;
pub mod writer;

use std::{
    future::Future,
    io::Write as _,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use anyhow::Context as _;
use tokio::{net::TcpListener, sync::watch};

use crate::{
    bank::Bank,
    clock::Clock,
    config::Config,
    metrics::Metrics,
    open::Opened,
    witness::Witnessing,
    writer::{WriterError, WriterThread},
};

/// Of every program that holds a bank, so that what is measured and tested is what serves.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub use open::Untrusted;

/// How often the bank looks for what falls due, and counts what waits.
const TICK: Duration = Duration::from_secs(1);
/// How often it is looked at whether the writer still lives.
const PULSE: Duration = Duration::from_millis(200);

/// Where a running bank listens.
#[derive(Debug, Clone, Copy)]
pub struct Addresses {
    /// gRPC.
    pub grpc: SocketAddr,
    /// Metrics, where they are on.
    pub metrics: Option<SocketAddr>,
}

/// Runs a bank on a runtime of its own until it is told to stop by a signal.
pub fn block_on(config: Config) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(async {
        let signal = signal()?;
        let scheme = if config.tls().is_some() { "https" } else { "http" };
        run(config, Clock::System, signal, |addresses| announce(scheme, &addresses)).await
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    result
}

/// Runs a bank until `stop` resolves; tells where it listens as soon as it does.
pub async fn run(
    config: Config,
    clock: Clock,
    stop: impl Future<Output = ()>,
    listening: impl FnOnce(Addresses),
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(config.listen).await;
    let listener = listener.with_context(|| format!("cannot listen on {}", config.listen))?;
    let metrics = Metrics::new();
    let (stopping, _) = watch::channel(false);
    let metrics_address = serve_metrics(&config, &metrics, stopping.subscribe()).await?;
    let addresses = Addresses { grpc: listener.local_addr()?, metrics: metrics_address };
    let gate: Arc<OnceLock<Bank>> = Arc::default();
    let server = grpc::Server::new(&config, Arc::clone(&gate), metrics.clone(), &stopping).await?;
    let health = server.health();
    let serving = tokio::spawn(server.serve(listener));
    listening(addresses);

    let opened = {
        let (config, clock, metrics) = (config.clone(), clock.clone(), metrics.clone());
        let stopping = stopping.subscribe();
        tokio::task::spawn_blocking(move || open::open(&config, clock, metrics, stopping))
    };
    tokio::pin!(stop);
    let opened = tokio::select! {
        opened = opened => opened?,
        () = &mut stop => {
            tracing::info!("told to stop before the bank was open: nothing was taken");
            return Ok(());
        }
    };
    let Opened { bank, writer } = opened?;
    let bank = gate.get_or_init(|| bank);
    tell_serving(&health, &metrics, true).await;
    tell_open(bank, &config);

    let ticking = tokio::spawn(tick(bank.clone(), stopping.subscribe()));
    let witnessing = Witnessing::begin(&config, bank, stopping.subscribe());
    let mut watch = Watch { writer: Some(writer), ended: Ok(()), health, metrics };
    watch.until_stopped(&serving, stop).await;
    let Watch { writer, ended, health, metrics } = watch;
    tracing::info!("stopping: nothing more is taken, what was taken is written");
    tell_serving(&health, &metrics, false).await;
    stopping.send_replace(true);
    health.end_watches().await;
    let outcome = drained(serving, config.shutdown_grace_s).await;
    ticking.abort();
    bank.writer.stop().await;
    let ended = match writer {
        Some(writer) => tokio::task::spawn_blocking(move || writer.join()).await?,
        None => ended,
    };
    witnessing.end(bank).await;
    ended.context("the writer failed")?;
    tracing::info!("stopped; everything acknowledged is durable");
    outcome.unwrap_or(Ok(Ok(())))?.context("the server failed")
}

/// Waits for the calls that still run, for so long.
async fn drained<T>(
    mut serving: tokio::task::JoinHandle<T>,
    grace_s: u64,
) -> Option<Result<T, tokio::task::JoinError>> {
    let outcome = tokio::time::timeout(Duration::from_secs(grace_s), &mut serving).await;
    if outcome.is_err() {
        serving.abort();
        tracing::warn!("calls still ran after {grace_s} s and were cut off");
    }
    outcome.ok()
}

async fn serve_metrics(
    config: &Config,
    metrics: &Metrics,
    mut stopping: watch::Receiver<bool>,
) -> anyhow::Result<Option<SocketAddr>> {
    let Some(address) = config.metrics_listen else { return Ok(None) };
    let listener = TcpListener::bind(address).await;
    let listener = listener.with_context(|| format!("cannot serve metrics on {address}"))?;
    let address = listener.local_addr()?;
    let stop = async move {
        stopping.wait_for(|it| *it).await.ok();
    };
    tokio::spawn(metrics::serve(metrics.clone(), listener, stop));
    Ok(Some(address))
}

/// What is looked at while the bank runs.
struct Watch {
    /// The writer, until it ended.
    writer: Option<WriterThread>,
    /// How it ended.
    ended: Result<(), WriterError>,
    health: grpc::Health,
    metrics: Metrics,
}

impl Watch {
    /// Waits for the word to stop, for the end of the server, or for a writer that ended. One
    /// that found no more room leaves what is durable to be read.
    async fn until_stopped<T>(
        &mut self,
        serving: &tokio::task::JoinHandle<T>,
        mut stop: std::pin::Pin<&mut impl Future<Output = ()>>,
    ) {
        let mut pulse = tokio::time::interval(PULSE);
        loop {
            tokio::select! {
                () = &mut stop => return,
                _ = pulse.tick() => if serving.is_finished() || !self.goes_on().await { return },
            }
        }
    }

    async fn goes_on(&mut self) -> bool {
        let Some(writer) = self.writer.take_if(|it| it.is_finished()) else { return true };
        self.ended = writer.join();
        let goes_on = matches!(&self.ended, Err(err) if err.is_full());
        if goes_on {
            self.health.only_reads().await;
            self.metrics.only_reads();
            tracing::error!(
                "storage is full: nothing more is taken, what is durable is shown; make room, then \
                 restart the bank"
            );
        }
        goes_on
    }
}

/// Sees to what falls due.
async fn tick(bank: Bank, mut stopping: watch::Receiver<bool>) {
    let mut interval = tokio::time::interval(TICK);
    loop {
        tokio::select! {
            () = stopped(&mut stopping) => return,
            _ = interval.tick() => {}
        }
        bank.metrics.queue(bank.writer.waiting());
        bank.settle_due();
        bank.close_forgotten().await;
    }
}

/// Waits until the bank stops.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // Where the sender is gone the bank has stopped.
    stopping.wait_for(|it| *it).await.ok();
}

async fn tell_serving(health: &grpc::Health, metrics: &Metrics, serving: bool) {
    health.serving(serving).await;
    metrics.serving(serving);
}

fn tell_open(bank: &Bank, config: &Config) {
    let ledger = bank.reader.ledger();
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        entry.no = ledger.head().map_or(0, lovebank_ledger::EntryNo::get),
        seal = %ledger.seal(),
        volunteers = ledger.volunteer_count(),
        data = %config.data.display(),
        "the bank is open"
    );
}

/// Says on standard output where the bank is, for people and for scripts.
fn announce(scheme: &str, addresses: &Addresses) {
    let mut out = std::io::stdout();
    let metrics = addresses.metrics.map_or_else(|| "off".to_owned(), |it| format!("http://{it}"));
    // Standard output may be closed; the log says it too.
    writeln!(out, "Love Bank listens on {scheme}://{}  metrics: {metrics}", addresses.grpc).ok();
    out.flush().ok();
    tracing::info!(address = %addresses.grpc, %metrics, "listening");
}

fn signal() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
