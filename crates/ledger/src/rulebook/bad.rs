//! Why a document is no rulebook, in two languages.

use lovebank_formula::BadFormula;
use thiserror::Error;

use super::BYTES_MAX;
use crate::{BadAmount, BadText, BadToml};

/// A document that is no rulebook.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadRulebook {
    /// Longer than is kept.
    #[error("the rulebook has {bytes} bytes; at most {BYTES_MAX} are kept")]
    TooLong {
        /// What was given.
        bytes: usize,
    },
    /// Not TOML, or a key or type that is not known; the text names line and column.
    #[error("{0}")]
    Unreadable(BadToml),
    /// A formula that is none.
    #[error("{setting}: {fault}")]
    Formula {
        /// The setting's path in the document.
        setting: String,
        /// What is wrong with it.
        fault: BadFormula,
    },
    /// A number outside its range.
    #[error("{setting}: {value} is out of range: give {least} to {most}")]
    Range {
        /// The setting's path in the document.
        setting: String,
        /// What was given.
        value: u32,
        /// The least that is right.
        least: u32,
        /// The most.
        most: u32,
    },
    /// Something else that is not right.
    #[error("{setting}: {problem}")]
    Setting {
        /// The setting's path in the document.
        setting: String,
        /// What is wrong, and what would be right.
        problem: String,
        /// The same in Chinese.
        chinese: String,
    },
}

impl BadRulebook {
    /// What is wrong in Chinese, and how it is mended.
    pub fn chinese(&self) -> String {
        match self {
            Self::Formula { setting, fault } => format!("{setting}：{}", fault.chinese()),
            Self::TooLong { bytes } => format!("文件有 {bytes} 字节，最多 {BYTES_MAX} 字节"),
            Self::Unreadable(it) => it.chinese(),
            Self::Range { setting, value, least, most } => {
                format!("{setting}：{value} 超出范围，应为 {least} 至 {most}")
            }
            Self::Setting { setting, chinese, .. } => format!("{setting}：{chinese}"),
        }
    }
}

/// A setting that is not right, in both languages.
pub(crate) fn wrong(
    setting: &str,
    problem: impl Into<String>,
    chinese: impl Into<String>,
) -> BadRulebook {
    let (problem, chinese) = (problem.into(), chinese.into());
    BadRulebook::Setting { setting: setting.to_owned(), problem, chinese }
}

/// The same of a name or a code.
pub(crate) fn bad_text(setting: &str) -> impl Fn(BadText) -> BadRulebook {
    move |it| wrong(setting, it.to_string(), it.chinese())
}

/// The same of an amount.
pub(crate) fn bad_amount(setting: &str) -> impl Fn(BadAmount) -> BadRulebook {
    move |it| wrong(setting, it.to_string(), it.chinese())
}

/// A number that is in its range.
pub(crate) fn within(setting: &str, value: u32, least: u32, most: u32) -> Result<u32, BadRulebook> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    Err(BadRulebook::Range { setting: setting.to_owned(), value, least, most })
}
