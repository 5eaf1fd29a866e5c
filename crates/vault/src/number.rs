//! The volunteer number (义工号): text, not a quantity.

use std::fmt;

use crate::text::{BadText, Field, Refused, bounded, fold_width};

/// The longest volunteer number, in characters.
pub const NUMBER_MAX: usize = 64;

/// A volunteer number as it was given, with its leading zeros; it may be an e-mail address.
/// White space around it is gone and full-width forms are ASCII. Two are the same number when
/// their [canonical](Self::canonical) forms are.
#[derive(Clone, PartialEq, Eq)]
pub struct VolunteerNumber(String);

impl VolunteerNumber {
    /// Understands a number of 1 to 64 characters without white space inside.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        let field = Field::Number;
        let folded = fold_width(text);
        let number = bounded(field, &folded, NUMBER_MAX)?;
        if number.contains(char::is_whitespace) {
            return Err(BadText::InnerSpace { field, value: Refused::new(number) });
        }
        if let Some(character) = number.chars().find(|it| is_joiner(*it)) {
            let (value, character) = (Refused::new(number), u32::from(character));
            return Err(BadText::Unseen { field, value, character });
        }
        if is_scientific(number) {
            return Err(BadText::Scientific { field, value: Refused::new(number) });
        }
        Ok(Self(number.to_owned()))
    }

    /// From the vault, where only what was once understood is kept.
    pub(crate) fn kept(text: String) -> Self {
        Self(text)
    }

    /// The number as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that numbers are compared in: without case.
    pub fn canonical(&self) -> String {
        canonical(&self.0)
    }
}

impl fmt::Debug for VolunteerNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VolunteerNumber(redacted)")
    }
}

/// The form that numbers, and beginnings of numbers, are compared in.
pub(crate) fn canonical(text: &str) -> String {
    text.to_lowercase()
}

/// Fine in names and notes, but two numbers must not differ by what nobody can see.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}

/// What a spreadsheet makes of a long number: `4.40307E+17`. A number such as `12E5` is left
/// alone, for no spreadsheet writes that and a branch might.
fn is_scientific(number: &str) -> bool {
    let Some((mantissa, exponent)) = number.split_once(['e', 'E']) else { return false };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let unmistakable = mantissa.contains('.') || digits.len() < exponent.len();
    unmistakable
        && [whole.strip_prefix('-').unwrap_or(whole), fraction, digits].iter().all(all_digits)
}

fn all_digits(text: &&str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Result<String, &'static str> {
        VolunteerNumber::parse(text).map(|it| it.as_str().to_owned()).map_err(|it| it.code())
    }

    #[test]
    fn leading_zeros_stay() {
        assert_eq!(number(" 0300207442\t").unwrap(), "0300207442");
        assert_ne!(number("007").unwrap(), number("7").unwrap());
    }

    #[test]
    fn full_width_is_ascii() {
        assert_eq!(number("\u{3000}０３００２０７４４２").unwrap(), "0300207442");
        assert_eq!(number("Ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ").unwrap(), "Zhang@example.com");
    }

    #[test]
    fn numbers_compare_without_case() {
        let (one, other) = ("Wang@Example.com", "wang@example.COM");
        let parsed = |it| VolunteerNumber::parse(it).unwrap();
        assert_ne!(parsed(one), parsed(other));
        assert_eq!(parsed(one).canonical(), parsed(other).canonical());
    }

    #[test]
    fn bounds_hold_at_and_one_past() {
        assert_eq!(number("x").unwrap(), "x");
        assert_eq!(number("\u{3000} "), Err("TEXT_EMPTY"));
        assert!(number(&"号".repeat(64)).is_ok());
        assert_eq!(number(&"号".repeat(65)), Err("TEXT_TOO_LONG"));
    }

    #[test]
    fn gaps_and_unseen_characters_are_refused() {
        for gap in ["03 00", "03\u{3000}00", "03\u{A0}00"] {
            assert_eq!(number(gap), Err("NUMBER_INNER_SPACE"));
        }
        assert_eq!(number("03\n00"), Err("TEXT_UNSEEN_CHARACTER"));
        assert_eq!(number("\u{202D}0300"), Err("TEXT_UNSEEN_CHARACTER"));
        assert_eq!(number("0300\u{200D}"), Err("TEXT_UNSEEN_CHARACTER"));
    }

    #[test]
    fn what_a_spreadsheet_destroyed_is_refused_with_its_mend() {
        for lost in ["4.40307E+17", "4.40307e+17", "4E+17", "1.5E17", "４．４Ｅ＋１７", "-4.4E+17"]
        {
            assert_eq!(number(lost), Err("NUMBER_SCIENTIFIC"), "{lost}");
        }
        for fine in ["12E5", "E5", "4.4", "e+17@example.com", "A4.4E+17", "4.E+17x"] {
            assert!(number(fine).is_ok(), "{fine}");
        }
        let error = VolunteerNumber::parse("4.40307E+17").unwrap_err().to_string();
        assert!(error.contains("number \"4.40307E+17\"") && error.contains("as text"), "{error}");
    }
}
