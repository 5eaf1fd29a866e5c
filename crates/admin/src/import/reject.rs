//! Rows that were not taken, written so that they can be mended and sent again.
//!
//! Two files: the rows themselves under their own titles and header, cell for cell, and beside
//! them the reasons. The first is a sheet of the same profile; nothing has to be taken out of it.

use std::io::Write;

use super::Sheet;
use super::row::{MalformedRow, Row};

/// A row that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject<'a> {
    /// The file it stands in.
    pub file: &'a str,
    /// The line of the file it starts on, from 1.
    pub line: usize,
    /// The cell at fault, from 1.
    pub column: Option<usize>,
    /// The header text above that cell.
    pub header: Option<&'a str>,
    /// A code that never changes.
    pub code: &'a str,
    /// What is wrong and how to mend it.
    pub message: String,
    /// The cells exactly as they stand in the file.
    pub raw: &'a [String],
}

impl<'a> Reject<'a> {
    /// A row that was understood but refused.
    pub fn of_row(row: &'a Row, code: &'a str, message: String) -> Self {
        let Row { file, line, raw, .. } = row;
        Self { file, line: *line, column: None, header: None, code, message, raw }
    }
}

impl<'a> From<&'a MalformedRow> for Reject<'a> {
    fn from(row: &'a MalformedRow) -> Self {
        Self {
            file: &row.file,
            line: row.line,
            column: row.column,
            header: row.header.as_deref(),
            code: row.fault.code(),
            message: row.fault.message(),
            raw: &row.raw,
        }
    }
}

/// Writes the rows under the sheet's own titles and header: UTF-8 with its mark, for Excel, and
/// with the sheet's own delimiter. All of them must be of this sheet.
pub fn write_rows(
    sheet: &Sheet,
    rejects: &[Reject<'_>],
    mut to: impl Write,
) -> Result<(), csv::Error> {
    to.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .delimiter(sheet.delimiter)
        .terminator(csv::Terminator::CRLF)
        .from_writer(to);
    let head = sheet.head.iter().map(Vec::as_slice);
    for cells in head.chain(rejects.iter().map(|reject| reject.raw)) {
        writer.write_record(cells)?;
    }
    writer.flush()?;
    Ok(())
}

/// Writes why: file, line, column, code, message. Lines are those of the first file.
pub fn write_reasons(rejects: &[Reject<'_>], mut to: impl Write) -> Result<(), csv::Error> {
    to.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(to);
    writer.write_record(["file", "line", "column", "code", "message"])?;
    for reject in rejects {
        let column = match (reject.column, reject.header) {
            (Some(column), Some(header)) => format!("{column} {header}"),
            (Some(column), None) => column.to_string(),
            (None, _) => String::new(),
        };
        let line = reject.line.to_string();
        writer.write_record([reject.file, &line, &column, reject.code, &reject.message])?;
    }
    writer.flush()?;
    Ok(())
}
