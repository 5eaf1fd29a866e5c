//! How many texts a table of shared texts has, and says that it has. Its reader makes room for as
//! many as it says before it reads one, and takes either quote, and blanks on either side of the
//! `=`; and an empty text, of five bytes, takes more than that.

use crate::import::table::CELLS_MAX;

const WORD: &[u8] = b"uniqueCount";

/// What was just read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// So many letters of the word.
    Word(usize),
    /// The word, and the `=` if true.
    Equals(bool),
    /// A quote and digits of this value.
    Digits(usize),
}

/// Reads byte by byte, since blanks and zeros may be longer than any chunk.
pub(super) struct Count {
    at: At,
    /// The two bytes before.
    before: [u8; 2],
    /// Texts that began.
    texts: usize,
}

impl Count {
    pub(super) const fn new() -> Self {
        Self { at: At::Word(0), before: [0; 2], texts: 0 }
    }

    /// Whether with these bytes it has, or says that it has, more than any sheet has cells.
    pub(super) fn is_too_many(&mut self, bytes: &[u8]) -> bool {
        bytes.iter().any(|byte| {
            self.at = after(self.at, *byte);
            // `<si>`, or `<x:si>` where its words have names of their own.
            let begins = matches!(self.before, [b'<' | b':', b's']) && *byte == b'i';
            self.texts = self.texts.saturating_add(usize::from(begins));
            self.before = [self.before[1], *byte];
            CELLS_MAX < self.texts || matches!(self.at, At::Digits(count) if CELLS_MAX < count)
        })
    }
}

fn after(at: At, byte: u8) -> At {
    match (at, byte) {
        (At::Word(read), _) if WORD.get(read) == Some(&byte) => {
            let read = read.saturating_add(1);
            if read == WORD.len() { At::Equals(false) } else { At::Word(read) }
        }
        (At::Equals(_), _) if byte.is_ascii_whitespace() => at,
        (At::Equals(false), b'=') => At::Equals(true),
        (At::Equals(true), b'"' | b'\'') => At::Digits(0),
        (At::Digits(count), b'0'..=b'9') => {
            let digit = usize::from(byte.saturating_sub(b'0'));
            At::Digits(count.saturating_mul(10).saturating_add(digit))
        }
        // Nothing but a blank or a quote stands before the word, so it begins at its first letter.
        _ => At::Word(usize::from(WORD.first() == Some(&byte))),
    }
}
