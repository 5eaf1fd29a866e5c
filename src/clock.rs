//! The only reader of the time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use lovebank_ledger::Timestamp;

/// Tells the time; cheap to clone.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's clock. It may go back; the ledger's recorded times do not.
    System,
    /// A clock that stands still until it is moved, for tests.
    Manual(ManualClock),
}

/// A clock in the hand; its clones show the same time.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl Clock {
    /// Now, in UTC.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now_micros())
    }

    /// Now, in microseconds since 1970 in UTC; 0 where the clock shows an earlier time.
    pub fn now_micros(&self) -> i64 {
        match self {
            Self::System => system_micros(),
            Self::Manual(clock) => clock.0.load(Ordering::SeqCst),
        }
    }
}

impl ManualClock {
    /// A clock that shows this time.
    pub fn at(time: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(time.micros())))
    }

    /// Shows another time, which may be an earlier one.
    pub fn set(&self, time: Timestamp) {
        self.0.store(time.micros(), Ordering::SeqCst);
    }

    /// Goes on by this much.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        let later = |micros: i64| Some(micros.saturating_add(by));
        // The closure always gives a time.
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, later).ok();
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock that the others are to use")]
fn system_micros() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |it| i64::try_from(it.as_micros()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_clock_counts_microseconds() {
        let year_2020 = 1_577_836_800_000_000;
        assert!(year_2020 < Clock::System.now_micros());
        assert!(Clock::System.now() < Timestamp::from_micros(100 * year_2020));
    }

    #[test]
    fn a_manual_clock_moves_only_by_hand() {
        let hand = ManualClock::at(Timestamp::from_micros(1_000));
        let clock = Clock::Manual(hand.clone());
        assert_eq!(clock.now_micros(), 1_000);
        hand.advance(Duration::from_micros(5));
        assert_eq!(clock.clone().now_micros(), 1_005);
        hand.set(Timestamp::from_micros(3));
        assert_eq!(clock.now(), Timestamp::from_micros(3));
        hand.advance(Duration::MAX);
        hand.advance(Duration::MAX);
        assert_eq!(clock.now_micros(), i64::MAX);
    }
}
