//! The stored messages, as generated from `proto/lovebank/journal/v1`. They say what bytes say
//! and no more; what an entry may be is said by the ledger's own types.

#![allow(
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::pedantic,
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    clippy::allow_attributes_without_reason,
    reason = "generated code"
)]

include!(concat!(env!("OUT_DIR"), "/lovebank.journal.v1.rs"));
