//! A load: so many calls at a time, and how long each took.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

/// How long each row is measured.
const ROW: Duration = Duration::from_secs(3);

/// What a load came to.
pub(crate) struct Measured {
    /// Calls a second.
    pub(crate) rate: u64,
    /// Microseconds within which 99 of 100 calls were answered.
    pub(crate) p99_us: u64,
}

/// How often a second something is done, by so many at once.
pub(crate) async fn rate_of<F>(in_flight: usize, work: impl Fn(u64) -> F) -> u64
where
    F: Future<Output = ()> + Send + 'static,
{
    measure(in_flight, work).await.rate
}

/// Does something for the time of a row, by so many at once.
pub(crate) async fn measure<F>(in_flight: usize, work: impl Fn(u64) -> F) -> Measured
where
    F: Future<Output = ()> + Send + 'static,
{
    let begun = Instant::now();
    drive(in_flight, work, || begun.elapsed() < ROW).await
}

/// Does something in the background until it is told to stop.
pub(crate) struct Background {
    stop: Arc<AtomicBool>,
    running: tokio::task::JoinHandle<Measured>,
}

impl Background {
    pub(crate) fn start<F, W>(in_flight: usize, work: W) -> Self
    where
        W: Fn(u64) -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let going = move || !stopped.load(Ordering::Relaxed);
        let running = tokio::spawn(async move { drive(in_flight, work, going).await });
        Self { stop, running }
    }

    pub(crate) async fn stop(self) -> anyhow::Result<Measured> {
        self.stop.store(true, Ordering::Relaxed);
        Ok(self.running.await?)
    }
}

async fn drive<F>(in_flight: usize, work: impl Fn(u64) -> F, going: impl Fn() -> bool) -> Measured
where
    F: Future<Output = ()> + Send + 'static,
{
    let next = AtomicU64::new(0);
    let (begun, mut took) = (Instant::now(), Vec::new());
    let mut running = JoinSet::new();
    let start = |running: &mut JoinSet<u64>| {
        let work = work(next.fetch_add(1, Ordering::Relaxed));
        running.spawn(async move {
            let begun = Instant::now();
            work.await;
            micros(begun.elapsed())
        });
    };
    for _ in 0..in_flight {
        start(&mut running);
    }
    while let Some(done) = running.join_next().await {
        took.extend(done.ok());
        if going() {
            start(&mut running);
        }
    }
    let rate = per_second(took.len(), begun.elapsed());
    took.sort_unstable();
    let place = took.len().saturating_mul(99).checked_div(100).unwrap_or_default();
    Measured { rate, p99_us: took.get(place).copied().unwrap_or_default() }
}

/// How many a second.
pub(crate) fn per_second(count: usize, took: Duration) -> u64 {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let micros = micros(took).max(1);
    count.saturating_mul(1_000_000).checked_div(micros).unwrap_or_default()
}

fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}
