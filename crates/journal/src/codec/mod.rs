//! Entries as bytes: the only place that knows the stored form.
//!
//! [`encode`] writes what `proto/lovebank/journal/v1` describes; [`decode`] reads it back or says
//! which field is wrong. Whatever the ledger's types can say comes back exactly. Reading is
//! strict: an unknown value, a missing field, or anything this version knows nothing of is an
//! error, never a guess.

mod bad_entry;
mod entry;
mod event;
mod gift;
mod help;
mod honour;
mod hours;
mod import;
mod kinds;
mod merge;
mod party;
mod reward;
mod scalar;
pub mod v1;

use lovebank_ledger::Entry;
use prost::Message as _;

use crate::Sealed;

pub use bad_entry::BadEntry;

/// The descriptors of `lovebank.journal.v1`, comments included, for gRPC reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/journal.fds"));

/// The bytes of an entry, as they are stored and sealed.
pub fn encode(entry: &Entry) -> Vec<u8> {
    v1::Entry::from(entry).encode_to_vec()
}

/// An entry, ready to be appended.
pub fn seal(entry: &Entry) -> Sealed {
    Sealed::new(entry.no, encode(entry))
}

/// The entry that bytes say.
pub fn decode(bytes: &[u8]) -> Result<Entry, BadEntry> {
    let stored = v1::Entry::decode(bytes).map_err(BadEntry::Unreadable)?;
    // Unknown fields are skipped on reading; then what is known is shorter than what was read.
    let known = stored.encoded_len();
    if known != bytes.len() {
        return Err(BadEntry::Surplus { bytes: bytes.len(), known });
    }
    Entry::try_from(stored)
}
