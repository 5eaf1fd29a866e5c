//! Why there is no paper.

use thiserror::Error;

/// Why there is no paper, told to a person.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PaperError {
    /// The machine has no font for Chinese.
    #[error(
        "no font for Chinese is installed: install one, such as the package fonts-noto-cjk \
         (Debian, Ubuntu) or google-noto-serif-cjk-fonts (Fedora)"
    )]
    NoFont,
    /// No font has a character of a text.
    #[error(
        "no installed font has the character {character:?} of {text:?}: install one that has it"
    )]
    NoGlyph {
        /// The character.
        character: char,
        /// The text that it stands in.
        text: String,
    },
    /// There is more of something than a paper takes.
    #[error("{given} {what}: a paper takes {most} at most")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many were given.
        given: usize,
        /// How many it takes.
        most: usize,
    },
    /// It could not be set.
    #[error("the paper could not be set: {0}")]
    NotSet(String),
}

impl PaperError {
    /// The same in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::NoFont => "未安装中文字体：请安装，例如 fonts-noto-cjk（Debian、Ubuntu）或 \
                 google-noto-serif-cjk-fonts（Fedora）"
                .to_owned(),
            Self::NoGlyph { character, text } => {
                format!("已安装的字体都没有“{text}”中的“{character}”字：请安装含该字的字体")
            }
            Self::TooMany { given, most, .. } => format!("共 {given} 项，一份最多 {most} 项"),
            Self::NotSet(why) => format!("无法排版：{why}"),
        }
    }
}
