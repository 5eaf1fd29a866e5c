//! What journal entries mean.
//!
//! The journal is what happened; the ledger is what it adds up to. Nothing here does input or
//! output, reads a clock, or knows that gRPC or sled exist.

mod id;

pub use id::*;
