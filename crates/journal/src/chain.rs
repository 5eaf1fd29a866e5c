//! Seals and the chain they make: each entry names the seal of the one before.

use lovebank_ledger::{EntryNo, Seal};
use prost::Message;
use sha2::{Digest as _, Sha256};

/// An entry as stored: its number, its bytes, and the seal over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    no: EntryNo,
    bytes: Vec<u8>,
    seal: Seal,
}

/// The last entry of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its number; 0 for an empty journal.
    pub no: u64,
    /// Its seal; [`Seal::NONE`] for an empty journal.
    pub seal: Seal,
}

/// Why bytes do not continue a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// They are no entry.
    #[error("the bytes are no entry")]
    Unreadable,
    /// Another number was due.
    #[error("its number is {found} where {expected} is due")]
    Number {
        /// What was due.
        expected: u64,
        /// What it says.
        found: u64,
    },
    /// It names another seal before it.
    #[error("it names another seal than that of the entry before")]
    Seal,
}

/// What the chain is checked from: fields 1 and 3 of `lovebank.journal.v1.Entry`, whatever else
/// an entry says.
#[derive(Clone, PartialEq, Message)]
struct Link {
    #[prost(uint64, tag = "1")]
    no: u64,
    #[prost(bytes = "vec", tag = "3")]
    previous: Vec<u8>,
}

impl Sealed {
    /// Seals the bytes of an entry.
    pub fn new(no: EntryNo, bytes: Vec<u8>) -> Self {
        let seal = seal(&bytes);
        Self { no, bytes, seal }
    }

    /// Its number.
    pub fn no(&self) -> EntryNo {
        self.no
    }

    /// Its bytes, as stored.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The seal over its bytes.
    pub fn seal(&self) -> Seal {
        self.seal
    }

    /// Its bytes, given up.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl Head {
    /// The head of an empty journal.
    pub const EMPTY: Self = Self { no: 0, seal: Seal::NONE };

    /// The entry after this one, from its bytes, if they continue the journal.
    pub fn follow(self, bytes: Vec<u8>) -> Result<Sealed, Broken> {
        let Self { no, seal } = self.over(&bytes)?;
        let numbered = EntryNo::new(no).map_err(|_| Broken::Number { expected: no, found: no })?;
        Ok(Sealed { no: numbered, bytes, seal })
    }

    /// The head after an entry's bytes, if they continue the journal; nothing is copied.
    pub fn over(self, bytes: &[u8]) -> Result<Self, Broken> {
        let no = self.precedes(bytes)?;
        Ok(Self { no, seal: seal(bytes) })
    }

    /// Whether a sealed entry continues the journal, and the head after it.
    pub fn after(self, next: &Sealed) -> Result<Self, Broken> {
        let no = self.precedes(&next.bytes)?;
        if next.no.get() != no {
            return Err(Broken::Number { expected: no, found: next.no.get() });
        }
        Ok(Self { no, seal: next.seal })
    }

    /// The number of the entry that bytes say, if it is the one after this head.
    fn precedes(self, bytes: &[u8]) -> Result<u64, Broken> {
        let link = Link::decode(bytes).map_err(|_| Broken::Unreadable)?;
        let expected = self.no.saturating_add(1);
        if link.no != expected {
            return Err(Broken::Number { expected, found: link.no });
        }
        if link.previous.as_slice() != self.seal.as_bytes() {
            return Err(Broken::Seal);
        }
        Ok(expected)
    }
}

/// The head before an entry, as its bytes name it: where reading in the midst of a journal begins.
pub fn before(bytes: &[u8]) -> Result<Head, Broken> {
    let link = Link::decode(bytes).map_err(|_| Broken::Unreadable)?;
    let seal = Seal::from_slice(&link.previous).ok_or(Broken::Unreadable)?;
    let no = link.no.checked_sub(1).ok_or(Broken::Number { expected: 1, found: 0 })?;
    Ok(Head { no, seal })
}

/// SHA-256(0x00 ‖ bytes): the leaf hash of RFC 6962.
pub fn seal(bytes: &[u8]) -> Seal {
    Seal::new(Sha256::new().chain_update([0]).chain_update(bytes).finalize().into())
}

/// An entry of any content after a head, for tests of engines.
///
/// # Panics
///
/// At the end of all numbers.
#[cfg(any(test, feature = "contract"))]
pub fn made_up(after: Head, content: &[u8]) -> Sealed {
    use prost::encoding::{WireType, encode_key, encode_varint};
    let no = EntryNo::new(after.no.saturating_add(1)).expect("a number above zero");
    let link = Link { no: no.get(), previous: after.seal.as_bytes().to_vec() };
    let mut bytes = link.encode_to_vec();
    encode_key(15, WireType::LengthDelimited, &mut bytes);
    encode_varint(u64::try_from(content.len()).expect("a length"), &mut bytes);
    bytes.extend_from_slice(content);
    Sealed::new(no, bytes)
}

/// A row of entries of any content after a head, for tests of engines.
///
/// # Panics
///
/// At the end of all numbers.
#[cfg(any(test, feature = "contract"))]
pub fn made_up_group(after: Head, count: usize, size: usize) -> Vec<Sealed> {
    let mut head = after;
    let next = |index: usize| {
        let content = vec![u8::try_from(index % 251).unwrap_or_default(); size];
        let sealed = made_up(head, &content);
        head = head.after(&sealed).expect("made to follow");
        sealed
    };
    (0..count).map(next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_follows_only_its_own_head() {
        let group = made_up_group(Head::EMPTY, 3, 10);
        let mut head = Head::EMPTY;
        for it in &group {
            let again = head.follow(it.bytes().to_vec()).unwrap();
            assert_eq!(&again, it);
            head = head.after(it).unwrap();
        }
        let first = group[0].bytes().to_vec();
        assert_eq!(head.follow(first), Err(Broken::Number { expected: 4, found: 1 }));
        let other = Head { no: 2, seal: Seal::NONE };
        assert_eq!(other.follow(group[2].bytes().to_vec()), Err(Broken::Seal));
        assert_eq!(Head::EMPTY.follow(vec![0xff]), Err(Broken::Unreadable));
        assert_eq!(before(group[0].bytes()), Ok(Head::EMPTY));
        assert_eq!(
            before(group[2].bytes()),
            Head::EMPTY.after(&group[0]).unwrap().after(&group[1])
        );
    }

    #[test]
    fn the_seal_is_the_leaf_hash_of_rfc_6962() {
        // RFC 6962 2.1: the hash of a leaf without content is SHA-256(0x00).
        let empty = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
        assert_eq!(seal(&[]).to_string(), empty);
    }
}
