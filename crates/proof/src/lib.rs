//! Harnesses that show that the bank keeps its promises when the machine does not.
//!
//! Each is a function of a seed and of how much of it is wanted: `cargo test` runs a small part,
//! `cargo run --release -p lovebank-proof` all of it. What failed names its seed, and the same seed
//! fails again.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a harness that is wrong stops, and nothing hangs on it"
)]

pub mod cut;
pub mod flip;
pub mod fuzz;
pub mod kill;
pub mod promise;
mod random;
pub mod sim;
mod tally;

pub use random::Random;
pub use tally::Tally;
