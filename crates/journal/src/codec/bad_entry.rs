//! Why bytes are no entry.

use thiserror::Error;

/// Bytes that are no entry. Fields are named as in `proto/lovebank/journal/v1`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadEntry {
    /// Not the bytes of such a message at all.
    #[error("the bytes are no message of the stored form")]
    Unreadable(#[source] prost::DecodeError),
    /// More, or other, than this version knows: written by a later one, or damaged.
    #[error("of {bytes} bytes only {known} say something that this version knows")]
    Surplus {
        /// How many there are.
        bytes: usize,
        /// How many this version would write for what it understood.
        known: usize,
    },
    /// A field that is always there is not.
    #[error("{field} is missing")]
    Missing {
        /// Which.
        field: &'static str,
    },
    /// A kind of something that this version does not know.
    #[error("{field} is {value}, which this version does not know")]
    Unknown {
        /// Which field.
        field: &'static str,
        /// What it holds.
        value: i32,
    },
    /// A value that cannot be one of its kind: a number of 0, a date that never was.
    #[error("{field} holds what cannot stand there")]
    Invalid {
        /// Which field.
        field: &'static str,
    },
}
