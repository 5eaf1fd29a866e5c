//! Generated gRPC code, and the only place where messages meet the ledger.
//!
//! A request is parsed into a command, or is [`Malformed`]; what the ledger says becomes a
//! message.

mod fault;
pub mod kinds;
mod malformed;
pub mod message;
pub mod page;
pub mod request;
pub mod scalar;
pub mod status;

pub use fault::Fault;
pub use malformed::{
    Malformed, Parsed, REASON as MALFORMED, VIOLATIONS_MAX, Violation, both, each,
};
pub use status::EdgeError;

/// What a client should take as one answer, for tonic's own default is less: a page of the journal
/// holds about 1 MiB, and a single larger entry up to 8 MiB.
pub const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The messages and services of `lovebank.v1`.
pub use generated::lovebank::v1;

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
    reason = "generated from proto/lovebank/v1 and proto/google"
)]
mod generated {
    pub mod google {
        pub mod r#type {
            tonic::include_proto!("google.r#type");
        }
    }

    pub mod lovebank {
        pub mod v1 {
            pub use super::super::google::r#type::{Date, Decimal};

            tonic::include_proto!("lovebank.v1");
        }
    }
}

/// The descriptors of the API, for reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lovebank.fds"));
