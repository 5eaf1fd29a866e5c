//! What stands before and after the entries of a file.

use lovebank_journal::Head;
use lovebank_ledger::Seal;

use crate::Fault;

/// What a backup begins with: its name and version, for people and for `file`.
pub(crate) const MAGIC: &[u8; MAGIC_LENGTH] = b"lovebank-backup-1\n";
const MAGIC_LENGTH: usize = 18;
/// The beginning of the name, whatever the version.
const NAME: &[u8] = b"lovebank-backup-";
/// The last bytes of a file that was written to its end.
const END: &[u8; END_LENGTH] = b"lovebank-end\n";
const END_LENGTH: usize = 13;

pub(crate) const HEADER_LENGTH: usize = MAGIC_LENGTH + 3 * 8 + 3 * 32;
pub(crate) const TRAILER_LENGTH: usize = 8 + 32 + END_LENGTH;

/// What a file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// When it was made, in seconds since 1970 in UTC.
    pub made_at: u64,
    /// The seal of entry 1: it names the bank.
    pub bank: Seal,
    /// The entry before the first one of the file; [`Head::EMPTY`] of a full backup.
    pub before: Head,
    /// The last entry.
    pub last: Head,
}

/// What stands behind the entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Trailer {
    pub(crate) count: u64,
    /// SHA-256 over all that stands before it.
    pub(crate) digest: [u8; 32],
}

impl Header {
    /// The number of the first entry.
    pub fn first(&self) -> u64 {
        self.before.no.saturating_add(1)
    }

    /// How many entries there are.
    pub fn count(&self) -> u64 {
        self.last.no.saturating_sub(self.before.no)
    }

    /// Whether it begins with entry 1.
    pub fn is_full(&self) -> bool {
        self.before == Head::EMPTY
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_LENGTH);
        bytes.extend(MAGIC);
        bytes.extend(self.made_at.to_be_bytes());
        bytes.extend(self.first().to_be_bytes());
        bytes.extend(self.last.no.to_be_bytes());
        bytes.extend(self.bank.as_bytes());
        bytes.extend(self.before.seal.as_bytes());
        bytes.extend(self.last.seal.as_bytes());
        bytes
    }

    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let mut rest = bytes;
        if take::<MAGIC_LENGTH>(&mut rest).as_ref() != Some(MAGIC) {
            let other = bytes.starts_with(NAME) && bytes.len() == HEADER_LENGTH;
            return Err(if other { Fault::OtherVersion } else { Fault::NotABackup });
        }
        let made_at = number(&mut rest)?;
        let (first, last) = (number(&mut rest)?, number(&mut rest)?);
        let bank = seal(&mut rest)?;
        let before = Head {
            no: first.checked_sub(1).ok_or(Fault::Header { first, last })?,
            seal: seal(&mut rest)?,
        };
        let last = Head { no: last, seal: seal(&mut rest)? };
        // Entry 1 follows nothing, and nothing else does.
        let full = before.no == 0;
        if last.no < first || full != (before.seal == Seal::NONE) || bank == Seal::NONE {
            return Err(Fault::Header { first, last: last.no });
        }
        Ok(Self { made_at, bank, before, last })
    }
}

impl Trailer {
    /// What the digest is over besides all that stands before.
    pub(crate) fn counted(count: u64) -> [u8; 8] {
        count.to_be_bytes()
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(TRAILER_LENGTH);
        bytes.extend(Self::counted(self.count));
        bytes.extend(self.digest);
        bytes.extend(END);
        bytes
    }

    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let mut rest = bytes;
        let count = number(&mut rest)?;
        let digest = take(&mut rest).ok_or(Fault::CutShort)?;
        if rest == END { Ok(Self { count, digest }) } else { Err(Fault::CutShort) }
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*taken)
}

fn number(bytes: &mut &[u8]) -> Result<u64, Fault> {
    take(bytes).map(u64::from_be_bytes).ok_or(Fault::CutShort)
}

fn seal(bytes: &mut &[u8]) -> Result<Seal, Fault> {
    take(bytes).map(Seal::new).ok_or(Fault::CutShort)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        Header {
            made_at: 0x0102_0304,
            bank: Seal::new([1; 32]),
            before: Head { no: 6, seal: Seal::new([2; 32]) },
            last: Head { no: 9, seal: Seal::new([3; 32]) },
        }
    }

    #[test]
    fn the_bytes_are_those_of_the_page() {
        let bytes = header().bytes();
        assert_eq!(bytes.len(), 138);
        assert_eq!(&bytes[..18], b"lovebank-backup-1\n");
        assert_eq!(&bytes[18..26], [0, 0, 0, 0, 1, 2, 3, 4]);
        assert_eq!((bytes[33], bytes[41]), (7, 9));
        assert_eq!((bytes[42], bytes[74], bytes[106]), (1, 2, 3));
        assert_eq!(Header::parse(&bytes), Ok(header()));
        let trailer = Trailer { count: 3, digest: [7; 32] };
        assert_eq!(trailer.bytes().len(), 53);
        assert_eq!(Trailer::parse(&trailer.bytes()), Ok(trailer));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let full = Header { before: Head::EMPTY, ..header() };
        assert!(full.is_full() && Header::parse(&full.bytes()) == Ok(full));
        let backward = Header { last: Head { no: 6, ..header().last }, ..header() };
        assert_eq!(Header::parse(&backward.bytes()), Err(Fault::Header { first: 7, last: 6 }));
        let nameless = Header { bank: Seal::NONE, ..header() };
        Header::parse(&nameless.bytes()).unwrap_err();
        let unsealed = Header { before: Head { no: 6, seal: Seal::NONE }, ..header() };
        Header::parse(&unsealed.bytes()).unwrap_err();
        let mut newer = header().bytes();
        newer[16] = b'2';
        assert_eq!(Header::parse(&newer), Err(Fault::OtherVersion));
        newer[0] = b'L';
        assert_eq!(Header::parse(&newer), Err(Fault::NotABackup));
        assert_eq!(Trailer::parse(&[0; 53]), Err(Fault::CutShort));
    }
}
