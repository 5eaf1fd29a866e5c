//! Why a whole file is not read. One bad row is no such reason: see [`super::fault`].

use thiserror::Error;

use super::decode::{Encoding, FILE_BYTES_MAX};
use super::table::{CELLS_MAX, COLUMNS_MAX, LINE_BYTES_MAX, ROWS_MAX};
use super::workbook::{FRAME_BYTES_MAX, PARTS_MAX, SHEETS_MAX, TEXT_BYTES_MAX, UNPACKED_BYTES_MAX};

/// A file that cannot be read as a sheet; nothing of it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SheetError {
    /// Past [`FILE_BYTES_MAX`].
    #[error("the file has more than {FILE_BYTES_MAX} bytes; split it")]
    TooLarge,
    /// A workbook, an archive, a picture.
    #[error(
        "the file is no sheet but {kind}; open it in Excel or WPS and save as .xlsx or CSV UTF-8"
    )]
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
    /// Past [`COLUMNS_MAX`].
    #[error("line {line} has more than {COLUMNS_MAX} columns; remove what is not needed")]
    TooManyColumns {
        /// Which.
        line: usize,
    },
    /// Past [`CELLS_MAX`].
    #[error(
        "the file has more than {CELLS_MAX} cells, empty ones between others included; \
         remove empty rows and columns, or split it"
    )]
    TooManyCells,
    /// A workbook that its reader does not understand.
    #[error("the workbook cannot be read: {why}; open it and save it anew as .xlsx")]
    WorkbookBroken {
        /// Why not.
        why: String,
    },
    /// Past [`UNPACKED_BYTES_MAX`], [`FRAME_BYTES_MAX`], [`PARTS_MAX`], [`SHEETS_MAX`] or [`TEXT_BYTES_MAX`].
    #[error(
        "the workbook unpacks to more than {UNPACKED_BYTES_MAX} bytes, or {FRAME_BYTES_MAX} of \
         them in its styles or links, {PARTS_MAX} parts, \
         {SHEETS_MAX} sheets or {TEXT_BYTES_MAX} bytes of text in its cells; save the one sheet \
         as .xlsx by itself, or split it"
    )]
    WorkbookTooLarge,
    /// A document type or an entity, by which a few words become billions.
    #[error(
        "the workbook defines words by others, which no spreadsheet does: do not trust where it \
         comes from; if you do, open it and save it anew as .xlsx"
    )]
    WorkbookEntities,
    /// Encrypted.
    #[error("the workbook has a password; save it without one")]
    WorkbookLocked,
    /// Several sheets with something in them.
    #[error("the workbook has several sheets: {}; say which with --sheet", sheets.join(", "))]
    SeveralSheets {
        /// Their names.
        sheets: Vec<String>,
    },
    /// No sheet of the name or number.
    #[error("the workbook has no sheet {wanted}; it has: {}", sheets.join(", "))]
    NoSheet {
        /// What was asked for.
        wanted: String,
        /// The names it has.
        sheets: Vec<String>,
    },
    /// A sheet was named, and the file is a text.
    #[error("the file is text and has no sheets; leave out --sheet")]
    NoSheets,
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
            Self::TooLarge => "FILE_TOO_LARGE",
            Self::NotText { .. } => "FILE_NOT_TEXT",
            Self::Undecodable { .. } => "FILE_UNDECODABLE",
            Self::UnclosedQuote { .. } => "QUOTE_UNCLOSED",
            Self::LineTooLong { .. } => "LINE_TOO_LONG",
            Self::TooManyRows => "TOO_MANY_ROWS",
            Self::TooManyColumns { .. } => "TOO_MANY_COLUMNS",
            Self::TooManyCells => "TOO_MANY_CELLS",
            Self::WorkbookBroken { .. } => "WORKBOOK_BROKEN",
            Self::WorkbookTooLarge => "WORKBOOK_TOO_LARGE",
            Self::WorkbookEntities => "WORKBOOK_ENTITIES",
            Self::WorkbookLocked => "WORKBOOK_LOCKED",
            Self::SeveralSheets { .. } => "SHEET_NEEDED",
            Self::NoSheet { .. } => "SHEET_UNKNOWN",
            Self::NoSheets => "NO_SHEETS",
            Self::Empty => "FILE_EMPTY",
            Self::NoColumn { .. } => "COLUMN_MISSING",
            Self::NoHeader { .. } => "HEADER_UNKNOWN",
            Self::TwoColumns { .. } => "HEADER_TWICE",
            Self::ActivityNeeded => "ACTIVITY_NEEDED",
        }
    }

    /// The same sentence in Chinese.
    #[expect(clippy::too_many_lines, reason = "a table of sentences")]
    pub fn chinese(&self) -> String {
        match self {
            Self::TooLarge => format!("文件超过上限 {FILE_BYTES_MAX} 字节，请拆分后再导入"),
            Self::NotText { kind } => {
                format!(
                    "文件不是表格，而是 {kind}；请用 Excel 或 WPS 打开，另存为 .xlsx 或“CSV UTF-8”"
                )
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
            Self::TooManyColumns { line } => {
                format!("第 {line} 行超过 {COLUMNS_MAX} 列，请删去不需要的列")
            }
            Self::TooManyCells => format!(
                "文件超过 {CELLS_MAX} 个单元格（含中间的空单元格），请删去空行空列，或拆分后再导入"
            ),
            Self::WorkbookBroken { why } => {
                format!("工作簿无法读取：{why}；请打开后重新另存为 .xlsx")
            }
            Self::WorkbookTooLarge => format!(
                "工作簿解压后超过 {UNPACKED_BYTES_MAX} 字节（样式或链接部分超过 {FRAME_BYTES_MAX} 字节）、{PARTS_MAX} 个部分、{SHEETS_MAX} 张工作表，\
                 或单元格文字合计超过 {TEXT_BYTES_MAX} 字节；请把所需的一张单独另存为 .xlsx，或拆分后再导入"
            ),
            Self::WorkbookEntities => {
                "工作簿中含有实体定义，正常的表格软件不会写出：请勿信任其来源；\
                如确属可信，请打开后重新另存为 .xlsx"
                    .to_owned()
            }
            Self::WorkbookLocked => "工作簿有密码，请取消密码后保存".to_owned(),
            Self::SeveralSheets { sheets } => {
                format!("工作簿有多张工作表：{}；请用 --sheet 指定", sheets.join("、"))
            }
            Self::NoSheet { wanted, sheets } => {
                format!("工作簿没有工作表“{wanted}”；现有：{}", sheets.join("、"))
            }
            Self::NoSheets => "文件是文本，没有工作表；请去掉 --sheet".to_owned(),
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
    fn what_is_no_sheet_is_told_how_to_become_one() {
        let no = SheetError::NotText { kind: ".pdf" };
        assert!(no.to_string().contains("save as .xlsx or CSV UTF-8"));
        assert!(no.chinese().contains("另存为 .xlsx 或“CSV UTF-8”"));
        assert_eq!(no.code(), "FILE_NOT_TEXT");
    }
}
