//! The stored form of entries: it reads back exactly, it never changes, it stays small, and no
//! bytes bring it down.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed"
)]

mod damage;
mod golden;
mod round_trip;
mod samples;
mod sizes;
mod strategies;
