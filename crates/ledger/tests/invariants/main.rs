//! The checker finds what is broken. Entries are posted by hand that no decision makes: each
//! breaks one invariant, which is found by its number and told in words.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

mod holds;
mod hours;
mod journal;
mod refused;
mod street;
