//! What the journal knows of a number.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use lovebank_ledger::NumberTag;
use sha2::Sha256;

use crate::number::VolunteerNumber;

/// Turns numbers into tags under the vault's secret.
#[derive(Clone)]
pub(crate) struct Tagger(Hmac<Sha256>);

impl Tagger {
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        Self(Hmac::new_from_slice(secret).expect("HMAC takes a key of any length"))
    }

    /// The first 16 bytes of HMAC-SHA-256 over the canonical number.
    pub(crate) fn tag(&self, number: &VolunteerNumber) -> NumberTag {
        let digest = self.0.clone().chain_update(number.canonical()).finalize().into_bytes();
        let mut tag = [0; 16];
        for (to, from) in tag.iter_mut().zip(digest) {
            *to = from;
        }
        NumberTag::new(tag)
    }
}

impl Tagger {
    /// HMAC-SHA-256 over a text that no number is: what only the holder of the secret can make.
    pub(crate) fn proof(&self, text: &str) -> [u8; 32] {
        let message = self.0.clone().chain_update("proof\0").chain_update(text);
        message.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Tagger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tagger(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(secret: u8, number: &str) -> String {
        Tagger::new(&[secret; 32]).tag(&VolunteerNumber::parse(number).unwrap()).to_string()
    }

    #[test]
    fn tags_are_pinned_for_the_journal_keeps_them_for_ever() {
        assert_eq!(tag(7, "0300207442"), "16e833db134353b4e73460eda8b08452");
    }

    #[test]
    fn case_and_width_do_not_count_but_zeros_and_the_secret_do() {
        assert_eq!(tag(7, "Wang@Example.com"), tag(7, "ｗａｎｇ@example.COM"));
        assert_ne!(tag(7, "0300207442"), tag(7, "300207442"));
        assert_ne!(tag(7, "0300207442"), tag(8, "0300207442"));
    }
}
