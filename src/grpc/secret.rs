//! A token's secret: made here, shown once, known afterwards only by its digest.

use std::fmt;

use lovebank_ledger::TokenHash;
use sha2::{Digest as _, Sha256};

/// Says what the text is, so that a scanner for leaked secrets can find one.
const PREFIX: &str = "lovebank_";

/// A secret of 32 random bytes. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// Makes one of the system's randomness.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// Reads one as it was shown; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(digits, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// The text that a caller sends.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", hex::encode(self.0))
    }

    /// What the ledger knows of it. The secret has 256 random bits, so that a plain digest is
    /// enough: there is nothing to guess.
    pub fn hash(&self) -> TokenHash {
        TokenHash::new(Sha256::digest(self.0).into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_reads_back_and_hides() {
        let secret = Secret::generate().unwrap();
        assert_eq!(Secret::parse(&secret.reveal()), Some(secret.clone()));
        assert!(!format!("{secret:?}").contains(&hex::encode(secret.0)));
        assert_eq!(Secret::parse("lovebank_00"), None);
        assert_eq!(Secret::parse(&hex::encode(secret.0)), None);
    }
}
