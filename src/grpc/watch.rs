//! How many watch at once: a bound for all and one for each token, and a place for each watcher.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lovebank_ledger::TokenNo;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::Status;

use super::status::WATCHERS_FULL;
use crate::metrics::Metrics;

/// The most that one token watches: the phones of a family, the screens of a centre.
const OF_TOKEN_MAX: usize = 100;

/// Places for watchers.
#[derive(Debug, Clone)]
pub(super) struct Watching {
    all: Arc<Semaphore>,
    tokens: Tokens,
}

/// How many watch with each token.
#[derive(Debug, Clone, Default)]
struct Tokens(Arc<Mutex<HashMap<TokenNo, usize>>>);

impl Tokens {
    fn counts(&self) -> MutexGuard<'_, HashMap<TokenNo, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, token: TokenNo) -> bool {
        let mut counts = self.counts();
        let count = counts.entry(token).or_default();
        let free = *count < OF_TOKEN_MAX;
        *count = count.saturating_add(usize::from(free));
        free
    }

    fn leave(&self, token: TokenNo) {
        let mut counts = self.counts();
        let left = counts.get(&token).map_or(0, |it| it.saturating_sub(1));
        if left == 0 {
            counts.remove(&token)
        } else {
            counts.insert(token, left)
        };
    }
}

/// A watcher's place, free again when dropped.
#[derive(Debug)]
pub(super) struct WatchPlace {
    _permit: OwnedSemaphorePermit,
    metrics: Metrics,
    of: (Tokens, TokenNo),
}

impl Watching {
    pub(super) fn new(most: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(most)), tokens: Tokens::default() }
    }

    pub(super) fn begin(&self, metrics: &Metrics, token: TokenNo) -> Result<WatchPlace, Status> {
        let permit = Arc::clone(&self.all).try_acquire_owned().map_err(|_| WATCHERS_FULL)?;
        if !self.tokens.enter(token) {
            return Err(WATCHERS_FULL.into());
        }
        metrics.watchers(1);
        let of = (self.tokens.clone(), token);
        Ok(WatchPlace { _permit: permit, metrics: metrics.clone(), of })
    }
}

impl Drop for WatchPlace {
    fn drop(&mut self) {
        self.metrics.watchers(-1);
        self.of.0.leave(self.of.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_token_does_not_take_the_places_of_all() {
        let (watching, metrics) = (Watching::new(OF_TOKEN_MAX + 2), Metrics::new());
        let token = |no| TokenNo::new(no).unwrap();
        let mut places: Vec<_> =
            (0..OF_TOKEN_MAX).map(|_| watching.begin(&metrics, token(1)).unwrap()).collect();
        assert!(watching.begin(&metrics, token(1)).is_err());
        let _others = [token(2), token(3)].map(|it| watching.begin(&metrics, it).unwrap());
        assert!(watching.begin(&metrics, token(4)).is_err(), "all are taken");
        places.pop();
        assert!(watching.begin(&metrics, token(1)).is_ok());
    }
}
