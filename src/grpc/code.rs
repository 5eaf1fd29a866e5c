//! Codes that only the bank can make: of a number, under the bank's secret, never stored. One of a
//! redemption is shown once; that of a certificate stands on paper.

use lovebank_ledger::{CertificateNo, RedemptionNo};
use tonic::Status;

use super::{
    door::Caller,
    status::{CERTIFICATE_UNKNOWN, CODE_WRONG},
};
use crate::bank::Bank;

/// Crockford's base 32: no letter that looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code of a redemption: its number, and 8 characters that only the bank can make.
pub(super) fn of(caller: &Caller, no: RedemptionNo) -> String {
    format!("{no}-{}", letters(&caller.bank, &format!("redemption {no}"), 8))
}

/// The code of a certificate: its number, and 16 characters, for it can be tried by anyone.
pub(super) fn of_certificate(bank: &Bank, no: CertificateNo) -> String {
    format!("C{no}-{}", letters(bank, &format!("certificate {no}"), 16))
}

fn letters(bank: &Bank, text: &str, count: usize) -> String {
    let proof = bank.vault.proof(text);
    let letters = proof.iter().take(count).filter_map(|it| ALPHABET.get(usize::from(*it % 32)));
    letters.map(|it| char::from(*it)).collect()
}

/// The certificate that a code is of; it may stand at the end of an address.
pub(super) fn certificate(bank: &Bank, text: &str) -> Result<CertificateNo, Status> {
    let code = text.trim().rsplit(['/', '=', '#']).next().unwrap_or_default();
    let code = code.to_ascii_uppercase();
    let (no, letters) = code.split_once('-').ok_or(CERTIFICATE_UNKNOWN)?;
    // As people read it: no code has these letters.
    let letters = letters.replace('O', "0").replace(['I', 'L'], "1");
    let no = no.strip_prefix('C').and_then(|it| it.parse::<u64>().ok());
    let no = no.and_then(|it| CertificateNo::new(it).ok()).ok_or(CERTIFICATE_UNKNOWN)?;
    let given = format!("C{no}-{letters}");
    if same(of_certificate(bank, no).as_bytes(), given.as_bytes()) {
        Ok(no)
    } else {
        Err(CERTIFICATE_UNKNOWN.into())
    }
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
