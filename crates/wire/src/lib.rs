//! Generated gRPC code, and the only place where messages meet the ledger.
//!
//! A request is parsed into a command, or is [`Malformed`]; what the ledger says becomes a
//! message.

pub mod kinds;
mod malformed;
pub mod message;
pub mod page;
pub mod request;
pub mod scalar;
pub mod status;

pub use malformed::{Fault, Malformed, Parsed, REASON as MALFORMED};
pub use status::EdgeError;

/// The messages and services of `lovebank.v1`.
#[allow(
    missing_docs,
    unused_qualifications,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes_without_reason,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "generated from proto/lovebank/v1"
)]
pub mod v1 {
    tonic::include_proto!("lovebank.v1");
}

/// The descriptors of the API, for reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lovebank.fds"));
