//! What a text must be before the vault keeps it, and what is wrong when it is not.

use std::fmt;

use thiserror::Error;

/// Which text was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// A volunteer number (义工号).
    Number,
    /// A person's name (姓名).
    Name,
    /// A telephone number.
    Phone,
    /// Free text.
    Note,
    /// Who attested a service (证明人).
    Attestor,
    /// Who wrote a service down (录入人).
    Recorder,
    /// What is looked for.
    Query,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "number",
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Note => "note",
            Self::Attestor => "attestor",
            Self::Recorder => "recorder",
            Self::Query => "query",
        })
    }
}

/// How many characters of a refused text are shown to whoever sent it.
const SHOWN_MAX: usize = 40;

/// A refused text on its way back to whoever sent it: `Display` shows it, shortened and with
/// what cannot be seen written out; `Debug`, which is what logs print, does not.
#[derive(Clone, PartialEq, Eq)]
pub struct Refused(String);

impl Refused {
    pub(crate) fn new(text: &str) -> Self {
        let mut shown: String = text.chars().take(SHOWN_MAX).collect();
        if text.chars().nth(SHOWN_MAX).is_some() {
            shown.push('…');
        }
        Self(shown)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_debug())
    }
}

impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refused(redacted)")
    }
}

/// A text that the vault does not keep. It shows the text to whoever sent it, so it is for an
/// answer and not for a log; a log takes [`BadText::code`] and [`BadText::field`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadText {
    /// Nothing is left once the white space around it is gone.
    #[error("{field} is empty: write it out")]
    Empty {
        /// Which text.
        field: Field,
    },
    /// It holds a character that cannot be seen or that ends a line.
    #[error("{field} {value} holds the unseen character U+{character:04X}: type it without")]
    Unseen {
        /// Which text.
        field: Field,
        /// What was given.
        value: Refused,
        /// The character's code point.
        character: u32,
    },
    /// A volunteer number has a gap in it.
    #[error("{field} {value} has white space inside: write it without")]
    InnerSpace {
        /// Which text.
        field: Field,
        /// What was given.
        value: Refused,
    },
    /// It is too long.
    #[error("{field} {value} has {chars} characters: shorten it to {most}")]
    TooLong {
        /// Which text.
        field: Field,
        /// What was given.
        value: Refused,
        /// How long it is.
        chars: usize,
        /// How long it may be.
        most: usize,
    },
    /// A telephone number with fewer digits than any has.
    #[error("{field} {value} has {digits} digits: give at least {least}")]
    TooFewDigits {
        /// Which text.
        field: Field,
        /// What was given.
        value: Refused,
        /// How many digits it has.
        digits: usize,
        /// How many it needs.
        least: usize,
    },
    /// A telephone number with a character that none has.
    #[error("{field} {value} holds \"{character}\": use digits, +, -, space and brackets only")]
    NotOfAPhone {
        /// Which text.
        field: Field,
        /// What was given.
        value: Refused,
        /// The first such character.
        character: char,
    },
    /// A volunteer number that a spreadsheet has turned into a rounded quantity.
    #[error(
        "{field} {value} is in scientific notation: the spreadsheet has lost its digits; format \
         the column as text and enter the number again"
    )]
    Scientific {
        /// Which text.
        field: Field,
        /// What was given.
        value: Refused,
    },
}

impl BadText {
    /// The stable name of what is wrong.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "TEXT_EMPTY",
            Self::Unseen { .. } => "TEXT_UNSEEN_CHARACTER",
            Self::InnerSpace { .. } => "NUMBER_INNER_SPACE",
            Self::TooLong { .. } => "TEXT_TOO_LONG",
            Self::TooFewDigits { .. } => "PHONE_TOO_FEW_DIGITS",
            Self::NotOfAPhone { .. } => "PHONE_BAD_CHARACTER",
            Self::Scientific { .. } => "NUMBER_SCIENTIFIC",
        }
    }

    /// Which text it is about.
    pub fn field(&self) -> Field {
        match self {
            Self::Empty { field }
            | Self::Unseen { field, .. }
            | Self::InnerSpace { field, .. }
            | Self::TooLong { field, .. }
            | Self::TooFewDigits { field, .. }
            | Self::NotOfAPhone { field, .. }
            | Self::Scientific { field, .. } => *field,
        }
    }
}

/// Trims a text and holds it to 1..=`most` characters that can all be seen.
pub(crate) fn bounded(field: Field, text: &str, most: usize) -> Result<&str, BadText> {
    let text = text.trim();
    if text.is_empty() {
        return Err(BadText::Empty { field });
    }
    if let Some(character) = text.chars().find(|it| is_unseen(*it)) {
        return Err(BadText::Unseen {
            field,
            value: Refused::new(text),
            character: u32::from(character),
        });
    }
    let chars = text.chars().count();
    if most < chars {
        return Err(BadText::TooLong { field, value: Refused::new(text), chars, most });
    }
    Ok(text)
}

/// Two texts that look alike must be alike: besides control characters this finds the marks of
/// direction and byte order that spreadsheets and web pages leave in copied text, and code
/// points that are no characters. Joiners stay: scripts and emoji need them.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFF}'
        )
        || u32::from(character) & 0xFFFE == 0xFFFE
}

/// Full-width forms as their ASCII twins, as an input method leaves them: `０Ａ＠（` is `0A@(`.
pub(crate) fn fold_width(text: &str) -> String {
    text.chars().map(fold_character).collect()
}

fn fold_character(character: char) -> char {
    const FULL_WIDTH_OFFSET: u32 = 0xFEE0;
    match character {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => u32::from(character)
            .checked_sub(FULL_WIDTH_OFFSET)
            .and_then(char::from_u32)
            .unwrap_or(character),
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_becomes_ascii_and_the_rest_stays() {
        assert_eq!(fold_width("０９ＡＺａｚ＠（）＋－\u{3000}～龙"), "09AZaz@()+- ~龙");
    }

    #[test]
    fn length_counts_characters_and_ends_at_its_bound() {
        assert_eq!(bounded(Field::Name, "  龙龙 ", 2), Ok("龙龙"));
        let error = bounded(Field::Name, "龙龙龙", 2).unwrap_err();
        assert_eq!(error.code(), "TEXT_TOO_LONG");
        assert_eq!(error.to_string(), "name \"龙龙龙\" has 3 characters: shorten it to 2");
    }

    #[test]
    fn what_cannot_be_seen_is_named() {
        for unseen in ["a\u{202D}b", "a\nb", "a\u{0}b", "a\u{10FFFF}b", "\u{FEFF}ab"] {
            let error = bounded(Field::Note, unseen, 9).unwrap_err();
            assert_eq!(error.code(), "TEXT_UNSEEN_CHARACTER", "{error}");
        }
        assert!(bounded(Field::Note, "👩\u{200D}👧", 9).is_ok());
    }

    #[test]
    fn a_refusal_tells_its_sender_and_not_the_log() {
        let error = bounded(Field::Name, "王小明王小明", 3).unwrap_err();
        assert!(error.to_string().contains("王小明"));
        assert!(!format!("{error:?}").contains('王'));
    }

    #[test]
    fn a_long_text_is_shown_in_part() {
        let error = bounded(Field::Note, &"长".repeat(2_000), 1_000).unwrap_err();
        assert!(error.to_string().chars().count() < 100);
    }
}
