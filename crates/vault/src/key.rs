//! The two halves of a key: the one that seals, which anyone may know, and the one that opens.

use std::{fmt, str::FromStr};

use hpke::{Deserializable as _, Kem as _, Serializable as _, kem::X25519HkdfSha256};
use sha2::{Digest as _, Sha256};

pub(crate) type Kem = X25519HkdfSha256;
type Public = <Kem as hpke::Kem>::PublicKey;
type Private = <Kem as hpke::Kem>::PrivateKey;

const RECIPIENT: &str = "lovebank-recipient-";
const KEY: &str = "lovebank-key-";
/// Digits of the check: a key that is mistyped would seal to nobody.
const CHECK: usize = 8;

/// To whom vaults are sealed: the public half. Shown as
/// `lovebank-recipient-<64 digits>-<8 digits>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient(Public);

/// What opens what was sealed to its recipient. `Debug` does not show it.
#[derive(Clone)]
pub struct VaultKey(Private);

/// A text that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// It is something else.
    #[error("it is no {0}…: copy the whole line")]
    Form(&'static str),
    /// Its last digits do not fit the others.
    #[error("it was mistyped: its last {CHECK} digits do not fit the others")]
    Check,
    /// It is the half that opens, and must not leave where it is kept.
    #[error("it is the secret half: give the line that begins with {RECIPIENT}")]
    Secret,
}

impl Recipient {
    pub(crate) fn public(&self) -> &Public {
        &self.0
    }

    pub(crate) fn bytes(&self) -> [u8; 32] {
        self.0.to_bytes().into()
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Public::from_bytes(bytes).ok().map(Self)
    }
}

impl VaultKey {
    /// Makes one of the system's randomness.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        Ok(Self(Kem::derive_keypair(&seed).0))
    }

    /// The half to be given away.
    pub fn recipient(&self) -> Recipient {
        Recipient(Kem::sk_to_pk(&self.0))
    }

    /// The text that is kept.
    pub fn reveal(&self) -> String {
        shown(KEY, &self.0.to_bytes())
    }

    pub(crate) fn private(&self) -> &Private {
        &self.0
    }
}

impl FromStr for Recipient {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        if text.trim().starts_with(KEY) {
            return Err(BadKey::Secret);
        }
        let bytes = parse(RECIPIENT, text)?;
        Self::from_bytes(&bytes).ok_or(BadKey::Form(RECIPIENT))
    }
}

impl FromStr for VaultKey {
    type Err = BadKey;

    /// The first line that is a key: what else stands in its file is for people.
    fn from_str(text: &str) -> Result<Self, BadKey> {
        let line = text.lines().find(|it| it.trim().starts_with(KEY));
        let bytes = parse(KEY, line.ok_or(BadKey::Form(KEY))?)?;
        Private::from_bytes(&bytes).map(Self).map_err(|_| BadKey::Form(KEY))
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(RECIPIENT, &self.bytes()))
    }
}

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VaultKey(redacted)")
    }
}

fn shown(kind: &str, bytes: &[u8]) -> String {
    format!("{kind}{}-{}", hex::encode(bytes), check(kind, bytes))
}

fn parse(kind: &'static str, text: &str) -> Result<[u8; 32], BadKey> {
    let form = BadKey::Form(kind);
    let digits = text.trim().strip_prefix(kind).ok_or(form)?;
    let (digits, given) = digits.split_once('-').ok_or(form)?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(digits, &mut bytes).map_err(|_| form)?;
    if check(kind, &bytes) == given { Ok(bytes) } else { Err(BadKey::Check) }
}

fn check(kind: &str, bytes: &[u8]) -> String {
    let digest = Sha256::new().chain_update(kind).chain_update(bytes).finalize();
    hex::encode(digest).chars().take(CHECK).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_halves_read_back_and_a_slip_is_seen() {
        let key = VaultKey::generate().unwrap();
        let kept = format!("# to be kept off the machine\n{}\n", key.reveal());
        let again: VaultKey = kept.parse().unwrap();
        assert_eq!(again.recipient(), key.recipient());
        assert_eq!(format!("{key:?}"), "VaultKey(redacted)");
        let shown = key.recipient().to_string();
        assert_eq!(shown.parse(), Ok(key.recipient()));
        assert_eq!(shown.len(), 19 + 64 + 1 + 8);
        let at = 30;
        let slip = if shown.as_bytes()[at] == b'0' { "1" } else { "0" };
        let mut mistyped = shown.clone();
        mistyped.replace_range(at..=at, slip);
        assert_eq!(mistyped.parse::<Recipient>(), Err(BadKey::Check));
        assert_eq!(key.reveal().parse::<Recipient>(), Err(BadKey::Secret));
        assert_eq!(shown[..50].parse::<Recipient>(), Err(BadKey::Form(RECIPIENT)));
        assert!("nothing".parse::<VaultKey>().is_err());
    }

    #[test]
    fn the_form_is_pinned_for_keys_lie_in_safes() {
        let text = format!("{RECIPIENT}{}-{}", "09".repeat(32), check(RECIPIENT, &[9; 32]));
        assert_eq!(text.parse::<Recipient>().unwrap().bytes(), [9; 32]);
        assert_eq!(check(RECIPIENT, &[9; 32]), "b2f088b3");
    }
}
