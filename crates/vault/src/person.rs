//! What the bank knows of a person besides what they did.

use std::fmt;

use jiff::civil::Date;

use crate::mask::mask;
use crate::number::VolunteerNumber;
use crate::text::{BadText, Field, Refused, bounded, fold_width};

/// The longest name, in characters.
pub const NAME_MAX: usize = 64;
/// The longest telephone number, in characters.
pub const PHONE_MAX: usize = 32;
/// The fewest digits of a telephone number.
pub const PHONE_DIGITS_MIN: usize = 3;
/// The longest note, in characters.
pub const NOTE_MAX: usize = 1_000;

/// The earliest year of a birth.
pub const BIRTH_YEAR_MIN: i16 = 1880;

/// One person's data. `Debug` says only which of it there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The number they are known by.
    pub number: VolunteerNumber,
    /// Their name.
    pub name: Option<PersonName>,
    /// Their telephone number.
    pub phone: Option<Phone>,
    /// Whatever else was written down.
    pub note: Option<Note>,
    /// When they were born.
    pub birth: Option<BirthDate>,
}

/// A day of birth, of someone who may be alive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BirthDate(Date);

impl BirthDate {
    /// Accepts days from 1880 up to today.
    pub fn new(date: Date, today: Date) -> Option<Self> {
        (BIRTH_YEAR_MIN <= date.year() && date <= today).then_some(Self(date))
    }

    /// As it was kept; what is no day is no birth date.
    pub(crate) fn kept(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    /// The day.
    pub fn date(self) -> Date {
        self.0
    }

    /// The age in whole years on a day; 0 before birth.
    pub fn age(self, on: Date) -> u8 {
        let had = (self.0.month(), self.0.day()) <= (on.month(), on.day());
        let years = on.year().saturating_sub(self.0.year()).saturating_sub(i16::from(!had));
        u8::try_from(years.max(0)).unwrap_or(u8::MAX)
    }

    /// The lower end of the age in decades on a day: all that the journal learns of it.
    pub fn age_band(self, today: Date) -> u8 {
        (self.age(today) / 10).saturating_mul(10)
    }
}

/// A name of 1 to 64 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// Understands a volunteer's name.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        Self::parse_as(Field::Name, text)
    }

    /// Understands the name in another field, such as the attestor's.
    pub fn parse_as(field: Field, text: &str) -> Result<Self, BadText> {
        bounded(field, text, NAME_MAX).map(|it| Self(it.to_owned()))
    }

    pub(crate) fn kept(text: String) -> Self {
        Self(text)
    }

    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as a notice shows it: 张*, 欧阳**, 阿***, J*** S***.
    pub fn masked(&self) -> String {
        mask(&self.0)
    }

    /// The form that names are searched in.
    pub(crate) fn key(&self) -> String {
        name_key(&self.0)
    }
}

/// The form that names, and parts of names, are compared in: without width and ASCII case.
pub(crate) fn name_key(text: &str) -> String {
    fold_width(text).to_ascii_lowercase()
}

/// A telephone number: 3 digits or more, with `+`, `-`, spaces and brackets, 32 characters at
/// most. Full-width forms are ASCII.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// Understands a telephone number.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        let field = Field::Phone;
        let folded = fold_width(text);
        let phone = bounded(field, &folded, PHONE_MAX)?;
        if let Some(character) = phone.chars().find(|it| !is_of_a_phone(*it)) {
            return Err(BadText::NotOfAPhone { field, value: Refused::new(phone), character });
        }
        let digits = phone.bytes().filter(u8::is_ascii_digit).count();
        if digits < PHONE_DIGITS_MIN {
            let (value, least) = (Refused::new(phone), PHONE_DIGITS_MIN);
            return Err(BadText::TooFewDigits { field, value, digits, least });
        }
        Ok(Self(phone.to_owned()))
    }

    pub(crate) fn kept(text: String) -> Self {
        Self(text)
    }

    /// The telephone number as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that telephone numbers are compared in: digits only, and a Chinese mobile
    /// number without the country's 86.
    pub(crate) fn digits(&self) -> String {
        const MOBILE_DIGITS: usize = 11;
        let digits: String = self.0.chars().filter(char::is_ascii_digit).collect();
        let national = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86"));
        match national {
            Some(it) if it.len() == MOBILE_DIGITS && it.starts_with('1') => it.to_owned(),
            Some(_) | None => digits,
        }
    }
}

fn is_of_a_phone(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '+' | '-' | ' ' | '(' | ')')
}

/// Free text of 1 to 1,000 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Note(String);

impl Note {
    /// Understands a note.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        bounded(Field::Note, text, NOTE_MAX).map(|it| Self(it.to_owned()))
    }

    pub(crate) fn kept(text: String) -> Self {
        Self(text)
    }

    /// The note as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(redacted)")
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(redacted)")
    }
}

impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BirthDate(redacted)")
    }
}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Note(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(text: &str) -> Result<String, &'static str> {
        Phone::parse(text).map(|it| it.digits()).map_err(|it| it.code())
    }

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn an_age_is_told_by_its_decade_only() {
        let today = date("2026-03-01");
        let band = |text| BirthDate::new(date(text), today).map(|it| it.age_band(today));
        assert_eq!(band("1956-03-01"), Some(70));
        assert_eq!(band("1956-03-02"), Some(60));
        assert_eq!(band("2026-03-01"), Some(0));
        assert_eq!(band("1880-01-01"), Some(140));
        assert_eq!(band("2026-03-02"), None);
        assert_eq!(band("1879-12-31"), None);
    }

    #[test]
    fn names_and_notes_hold_their_bounds() {
        assert!(PersonName::parse(&"李".repeat(64)).is_ok());
        assert_eq!(PersonName::parse(&"李".repeat(65)).unwrap_err().code(), "TEXT_TOO_LONG");
        assert_eq!(PersonName::parse(" ").unwrap_err().code(), "TEXT_EMPTY");
        assert!(Note::parse(&"注".repeat(1_000)).is_ok());
        assert_eq!(Note::parse(&"注".repeat(1_001)).unwrap_err().code(), "TEXT_TOO_LONG");
    }

    #[test]
    fn a_name_of_another_field_is_refused_by_that_field() {
        let error = PersonName::parse_as(Field::Attestor, "").unwrap_err();
        assert_eq!(error.field(), Field::Attestor);
    }

    #[test]
    fn phones_hold_their_bounds() {
        assert_eq!(phone("120").unwrap(), "120");
        assert_eq!(phone("12-"), Err("PHONE_TOO_FEW_DIGITS"));
        assert!(phone(&"1".repeat(32)).is_ok());
        assert_eq!(phone(&"1".repeat(33)), Err("TEXT_TOO_LONG"));
        assert_eq!(phone("138x001"), Err("PHONE_BAD_CHARACTER"));
    }

    #[test]
    fn phones_compare_by_their_digits() {
        for same in
            ["13800138000", "138 0013 8000", "+86 138-0013-8000", "（８６）１３８００１３８０００"]
        {
            assert_eq!(phone(same).unwrap(), "13800138000", "{same}");
        }
        assert_eq!(phone("8675512345678").unwrap(), "8675512345678");
    }

    #[test]
    fn debug_tells_nothing_of_a_person() {
        let person = Person {
            number: VolunteerNumber::parse("0300207442").unwrap(),
            name: Some(PersonName::parse("王小明").unwrap()),
            phone: Some(Phone::parse("13800138000").unwrap()),
            note: Some(Note::parse("住在三楼").unwrap()),
            birth: BirthDate::new(date("1950-03-02"), date("2026-03-01")),
        };
        let debug = format!("{person:?}");
        assert!(
            ["0300", "王", "138", "三楼", "1950"].iter().all(|it| !debug.contains(it)),
            "{debug}"
        );
    }
}
