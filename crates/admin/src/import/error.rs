//! Why a whole file is not read. One bad row is no such reason: see [`super::fault`].

use thiserror::Error;

use super::decode::{Encoding, FILE_BYTES_MAX};
use super::table::{LINE_BYTES_MAX, ROWS_MAX};

/// A file that cannot be read as a sheet; nothing of it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SheetError {
    /// Past [`FILE_BYTES_MAX`].
    #[error("the file has {bytes} bytes, more than {FILE_BYTES_MAX}; split it")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// A workbook, an archive, a picture.
    #[error("the file is no text but {kind}; open it in Excel or WPS and save as CSV UTF-8")]
    NotText {
        /// What it looks like.
        kind: &'static str,
    },
    /// A byte that is no character.
    #[error("byte {offset} is no character of {}; save as CSV UTF-8", encoding.name())]
    Undecodable {
        /// What the file seemed to be written in.
        encoding: Encoding,
        /// The first wrong byte, from 0.
        offset: usize,
    },
    /// A quote that opens and never closes would swallow the rows after it.
    #[error("a quote (\") opened in the row on line {line} is never closed")]
    UnclosedQuote {
        /// Where the row starts.
        line: usize,
    },
    /// Past [`LINE_BYTES_MAX`].
    #[error(
        "line {line} is longer than {LINE_BYTES_MAX} bytes: a quote may be open, or this is no sheet"
    )]
    LineTooLong {
        /// Which.
        line: usize,
    },
    /// Past [`ROWS_MAX`].
    #[error("the file has more than {ROWS_MAX} rows; split it")]
    TooManyRows,
    /// No rows at all.
    #[error("the file has no rows")]
    Empty,
    /// No row near the top is the header of a known profile.
    #[error(
        "no header of a known profile in the first rows; line {line} has [{}]; \
         profiles: {}; name it with --profile, or describe the sheet in a mapping file",
        seen.join(" | "),
        profiles.join("; ")
    )]
    NoHeader {
        /// The row that came closest.
        line: usize,
        /// Its cells.
        seen: Vec<String>,
        /// The profiles tried, and what each lacked.
        profiles: Vec<String>,
    },
    /// A list without the column that says which is which.
    #[error("the header has no column {column}; it has [{}]", seen.join(" | "))]
    NoColumn {
        /// The headers it may have.
        column: String,
        /// The cells of the first row.
        seen: Vec<String>,
    },
    /// Two columns that mean the same.
    #[error("columns {first} and {second} are both \"{field}\"; remove or rename one")]
    TwoColumns {
        /// What both mean.
        field: &'static str,
        /// The first, from 1.
        first: usize,
        /// The second, from 1.
        second: usize,
    },
    /// The sheet names no activity, and neither did the caller.
    #[error("the sheet has no activity column; say which activity it is for")]
    ActivityNeeded,
}

impl SheetError {
    /// A name for scripts that never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "FILE_TOO_LARGE",
            Self::NotText { .. } => "FILE_NOT_TEXT",
            Self::Undecodable { .. } => "FILE_UNDECODABLE",
            Self::UnclosedQuote { .. } => "QUOTE_UNCLOSED",
            Self::LineTooLong { .. } => "LINE_TOO_LONG",
            Self::TooManyRows => "TOO_MANY_ROWS",
            Self::Empty => "FILE_EMPTY",
            Self::NoColumn { .. } => "COLUMN_MISSING",
            Self::NoHeader { .. } => "HEADER_UNKNOWN",
            Self::TwoColumns { .. } => "HEADER_TWICE",
            Self::ActivityNeeded => "ACTIVITY_NEEDED",
        }
    }

    /// The same sentence in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::TooLarge { bytes } => {
                format!("文件有 {bytes} 字节，超过上限 {FILE_BYTES_MAX}，请拆分后再导入")
            }
            Self::NotText { kind } => {
                format!("文件不是文本，而是 {kind}；请用 Excel 或 WPS 打开，另存为“CSV UTF-8”")
            }
            Self::Undecodable { encoding, offset } => {
                let name = encoding.name();
                format!("第 {offset} 字节不是 {name} 字符；请另存为“CSV UTF-8”")
            }
            Self::UnclosedQuote { line } => format!("第 {line} 行起的引号（\"）没有闭合"),
            Self::LineTooLong { line } => {
                format!("第 {line} 行超过 {LINE_BYTES_MAX} 字节，可能有引号没有闭合，或者不是表格")
            }
            Self::TooManyRows => format!("文件超过 {ROWS_MAX} 行，请拆分后再导入"),
            Self::Empty => "文件没有任何行".to_owned(),
            Self::NoHeader { line, seen, profiles } => format!(
                "前几行中找不到认识的表头；第 {line} 行是 [{}]；可用的表样：{}；请用 --profile 指明，或写一个映射文件",
                seen.join(" | "),
                profiles.join("；")
            ),
            Self::NoColumn { column, seen } => {
                format!("表头没有“{column}”列；现有 [{}]", seen.join(" | "))
            }
            Self::TwoColumns { field, first, second } => {
                format!("第 {first} 列和第 {second} 列都是“{field}”，请删去或改名其中一列")
            }
            Self::ActivityNeeded => "表中没有活动名称列，请指定活动名称".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_is_told_how_to_become_a_sheet() {
        let no = SheetError::NotText { kind: ".xlsx (Excel workbook) or .zip" };
        assert!(no.to_string().contains("save as CSV UTF-8"));
        assert!(no.chinese().contains("另存为“CSV UTF-8”"));
        assert_eq!(no.code(), "FILE_NOT_TEXT");
    }
}
