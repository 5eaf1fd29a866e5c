//! How many watch at once: a bound, and a place for each.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::Status;

use super::status::WATCHERS_FULL;
use crate::metrics::Metrics;

/// Places for watchers.
#[derive(Debug, Clone)]
pub(super) struct Watching(Arc<Semaphore>);

/// A watcher's place, free again when dropped.
#[derive(Debug)]
pub(super) struct WatchPlace {
    _permit: OwnedSemaphorePermit,
    metrics: Metrics,
}

impl Watching {
    pub(super) fn new(most: usize) -> Self {
        Self(Arc::new(Semaphore::new(most)))
    }

    pub(super) fn begin(&self, metrics: &Metrics) -> Result<WatchPlace, Status> {
        let permit = Arc::clone(&self.0).try_acquire_owned().map_err(|_| WATCHERS_FULL)?;
        metrics.watchers(1);
        Ok(WatchPlace { _permit: permit, metrics: metrics.clone() })
    }
}

impl Drop for WatchPlace {
    fn drop(&mut self) {
        self.metrics.watchers(-1);
    }
}
