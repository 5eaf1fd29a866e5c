//! The fonts of the machine, looked up once.

use typst::{
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_kit::fonts::{FontSlot, Fonts as Found};

use crate::PaperError;

/// A character that every font for Chinese has.
const CHINESE: char = '爱';

/// Fonts that papers are set in.
pub struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    slots: Vec<FontSlot>,
}

impl Fonts {
    /// The fonts that are installed; an error where none is for Chinese.
    pub fn installed() -> Result<Self, PaperError> {
        Self::of(Found::searcher().include_system_fonts(true).search())
    }

    /// The fonts of some directories alone.
    pub fn within<P: AsRef<std::path::Path>>(
        directories: impl IntoIterator<Item = P>,
    ) -> Result<Self, PaperError> {
        Self::of(Found::searcher().include_system_fonts(false).search_with(directories))
    }

    fn of(found: Found) -> Result<Self, PaperError> {
        let fonts = Self { book: LazyHash::new(found.book), slots: found.fonts };
        if fonts.has(CHINESE) { Ok(fonts) } else { Err(PaperError::NoFont) }
    }

    /// Whether some font has a character.
    fn has(&self, character: char) -> bool {
        let code = u32::from(character);
        (0..self.slots.len())
            .any(|at| self.book.info(at).is_some_and(|it| it.coverage.contains(code)))
    }

    /// Whether every character of a text can be shown.
    pub(crate) fn check(&self, text: &str) -> Result<(), PaperError> {
        let missing =
            text.chars().find(|it| !it.is_control() && !it.is_whitespace() && !self.has(*it));
        match missing {
            Some(character) => Err(PaperError::NoGlyph { character, text: text.to_owned() }),
            None => Ok(()),
        }
    }

    pub(crate) fn font(&self, at: usize) -> Option<Font> {
        self.slots.get(at)?.get()
    }
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts").field("count", &self.slots.len()).finish_non_exhaustive()
    }
}
