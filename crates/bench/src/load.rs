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
pub(crate) async fn rate_of<F, W>(in_flight: usize, work: W) -> anyhow::Result<u64>
where
    W: Fn(u64) -> F + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    Ok(measure(in_flight, work).await?.rate)
}

/// Does something for the time of a row, by so many at once.
pub(crate) async fn measure<F, W>(in_flight: usize, work: W) -> anyhow::Result<Measured>
where
    W: Fn(u64) -> F + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let load = Load::start(in_flight, work);
    tokio::time::sleep(ROW).await;
    load.stop().await
}

/// Something done over and over, by so many at once, until it is stopped. Each of them is a task
/// of its own: a thread that is told of every call would be what is measured.
pub(crate) struct Load {
    begun: Instant,
    stop: Arc<AtomicBool>,
    running: JoinSet<Vec<u64>>,
}

impl Load {
    pub(crate) fn start<F, W>(in_flight: usize, work: W) -> Self
    where
        W: Fn(u64) -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let (begun, mut running) = (Instant::now(), JoinSet::new());
        let stop = Arc::new(AtomicBool::new(false));
        let (next, work) = (Arc::new(AtomicU64::new(0)), Arc::new(work));
        for _ in 0..in_flight {
            let (stop, next, work) = (Arc::clone(&stop), Arc::clone(&next), Arc::clone(&work));
            running.spawn(async move {
                let mut took = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let begun = Instant::now();
                    work(next.fetch_add(1, Ordering::Relaxed)).await;
                    took.push(micros(begun.elapsed()));
                }
                took
            });
        }
        Self { begun, stop, running }
    }

    /// Stops it once the calls under way are answered.
    pub(crate) async fn stop(mut self) -> anyhow::Result<Measured> {
        self.stop.store(true, Ordering::Relaxed);
        let mut took = Vec::new();
        while let Some(done) = self.running.join_next().await {
            took.extend(done?);
        }
        let rate = per_second(took.len(), self.begun.elapsed());
        took.sort_unstable();
        let place = took.len().saturating_mul(99).checked_div(100).unwrap_or_default();
        Ok(Measured { rate, p99_us: took.get(place).copied().unwrap_or_default() })
    }
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
