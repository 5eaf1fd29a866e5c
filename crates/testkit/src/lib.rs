//! Builders for tests: a small bank in memory, a clock that obeys, and short ways to say times.
//!
//! A [`Bank`] is a ledger with the journal it adds up to. It is opened with a rulebook and a
//! zone, filled by commands, and asked like the service asks: decide, then post. Nothing here
//! stores a byte; who needs real seals gives [`Bank::founded`] a function that makes them.
#![expect(clippy::missing_panics_doc, reason = "a builder that is used wrongly ends its test")]

mod bank;
mod say;
mod town;

pub use bank::{Bank, counter_seal};
pub use say::{day, fingerprint, interval, minute, number, timestamp, volunteer_id, zone};
pub use town::Town;
