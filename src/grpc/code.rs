//! The one-time code of a redemption: made of its number under the bank's secret, never stored.

use lovebank_ledger::RedemptionNo;
use tonic::Status;

use super::{door::Caller, status::CODE_WRONG};

/// Crockford's base 32: no letter that looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code of a redemption: its number, and 8 characters that only the bank can make.
pub(super) fn of(caller: &Caller, no: RedemptionNo) -> String {
    let proof = caller.bank.vault.proof(&format!("redemption {no}"));
    let letters = proof.iter().take(8).filter_map(|it| ALPHABET.get(usize::from(*it % 32)));
    format!("{no}-{}", letters.map(|it| char::from(*it)).collect::<String>())
}

/// The redemption that a code is of.
pub(super) fn redemption(caller: &Caller, text: &str) -> Result<RedemptionNo, Status> {
    // As people read it: no code has these letters.
    let text = text.trim().to_ascii_uppercase().replace('O', "0").replace(['I', 'L'], "1");
    let no = text.split_once('-').and_then(|it| it.0.parse::<u64>().ok());
    let no = no.and_then(|it| RedemptionNo::new(it).ok()).ok_or(CODE_WRONG)?;
    if same(of(caller, no).as_bytes(), text.as_bytes()) { Ok(no) } else { Err(CODE_WRONG.into()) }
}

/// Whether two texts are the same, in a time that does not tell where they differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_the_same_in_every_byte_or_not() {
        assert!(same(b"7-ABCDEFGH", b"7-ABCDEFGH"));
        assert!(!same(b"7-ABCDEFGH", b"7-ABCDEFGJ"));
        assert!(!same(b"7-ABCDEFGH", b"7-ABCDEFG"));
    }
}
