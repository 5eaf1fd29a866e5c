//! Short texts with bounds: codes, names and handles that stand in the journal. None of them is
//! personal data; that is the vault's.

use std::{fmt, sync::Arc};

use thiserror::Error;

/// A text that cannot be one of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadText {
    /// Empty, or only blanks.
    #[error("it is empty")]
    Empty,
    /// More characters than it may have.
    #[error("it has {chars} characters; at most {most} are kept")]
    TooLong {
        /// How many were given.
        chars: usize,
        /// How many are kept.
        most: usize,
    },
    /// A character that cannot stand in it.
    #[error("the character {found:?} cannot stand in it; allowed are {allowed}")]
    BadCharacter {
        /// The first such character.
        found: char,
        /// What may stand there, in words.
        allowed: &'static str,
    },
}

/// What may stand in a text that people read.
const PRINTABLE: &str = "printable characters";

impl BadText {
    /// What is wrong, in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::Empty => "不能为空".to_owned(),
            Self::TooLong { chars, most } => format!("有 {chars} 个字符，最多 {most} 个"),
            Self::BadCharacter { found, allowed } => {
                let allowed = if *allowed == PRINTABLE { "可显示的字符" } else { allowed };
                format!("含有字符 {found:?}，只允许 {allowed}")
            }
        }
    }
}

fn checked(
    text: &str,
    most: usize,
    may: fn(char) -> bool,
    allowed: &'static str,
) -> Result<Arc<str>, BadText> {
    let text = text.trim();
    if text.is_empty() {
        return Err(BadText::Empty);
    }
    let chars = text.chars().count();
    if most < chars {
        return Err(BadText::TooLong { chars, most });
    }
    match text.chars().find(|it| !may(*it)) {
        Some(found) => Err(BadText::BadCharacter { found, allowed }),
        None => Ok(text.into()),
    }
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $most:literal, $may:expr, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The most characters it can have.
            pub const MAX: usize = $most;

            /// Accepts a text within its bounds; blanks around it are dropped.
            pub fn new(text: &str) -> Result<Self, BadText> {
                checked(text, $most, $may, $allowed).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

fn of_code(it: char) -> bool {
    it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.')
}

fn printable(it: char) -> bool {
    !it.is_control()
}

text!(
    /// The code of a branch: up to 32 of A–Z a–z 0–9 `-` `_` `.`.
    BranchCode, 32, of_code, "A-Z a-z 0-9 - _ ."
);
text!(
    /// The name of a branch or of the bank: up to 64 printable characters.
    BranchName, 64, printable, PRINTABLE
);
text!(
    /// The handle of an actor (`clerk-nanwan-2`): up to 64 of A–Z a–z 0–9 `-` `_` `.`. It stands
    /// in the journal for ever, so it names a post rather than a person.
    Handle, 64, of_code, "A-Z a-z 0-9 - _ ."
);
text!(
    /// What an activity is called: up to 128 printable characters.
    ActivityName, 128, printable, PRINTABLE
);
text!(
    /// The category of an activity, by which a coefficient may be set: up to 32 characters.
    Category, 32, printable, PRINTABLE
);
text!(
    /// Where an activity takes place: up to 128 printable characters.
    Place, 128, printable, PRINTABLE
);
text!(
    /// What a reward is called: up to 64 printable characters.
    RewardName, 64, printable, PRINTABLE
);
text!(
    /// What a reward is, where and how to get it: up to 512 printable characters, public.
    RewardText, 512, printable, PRINTABLE
);
text!(
    /// The name of a priority policy: up to 32 of A–Z a–z 0–9 `-` `_` `.`.
    PolicyName, 32, of_code, "A-Z a-z 0-9 - _ ."
);
text!(
    /// The name of a star scheme or an award programme: up to 32 of A–Z a–z 0–9 `-` `_` `.`.
    ProgrammeName, 32, of_code, "A-Z a-z 0-9 - _ ."
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_bounds() {
        assert_eq!(BranchCode::new(" NW-01 ").unwrap().as_str(), "NW-01");
        assert!(BranchCode::new(&"x".repeat(32)).is_ok());
        assert_eq!(BranchCode::new(&"x".repeat(33)), Err(BadText::TooLong { chars: 33, most: 32 }));
        assert_eq!(BranchCode::new("  "), Err(BadText::Empty));
        assert!(matches!(BranchCode::new("南湾"), Err(BadText::BadCharacter { found: '南', .. })));
    }

    #[test]
    fn a_name_counts_characters_not_bytes() {
        assert!(ActivityName::new(&"社".repeat(128)).is_ok());
        assert!(ActivityName::new(&"社".repeat(129)).is_err());
        assert!(ActivityName::new("a\u{0}b").is_err());
    }
}
