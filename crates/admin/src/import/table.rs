//! Text to cells: rows of a delimited file, each with the line of the file it starts on.

use std::io::Read;
use std::ops::Range;

use super::decode::FILE_BYTES_MAX;
use super::error::SheetError;

/// The most rows read from one file, title and header included.
pub const ROWS_MAX: usize = 200_000;
/// The longest row, in bytes of UTF-8 with its line end; what is longer is no sheet.
pub const LINE_BYTES_MAX: usize = 64 * 1024;
/// The longest cell of a row that is accepted, in bytes of UTF-8.
pub const CELL_BYTES_MAX: usize = 4 * 1024;
/// The most columns of a sheet.
pub const COLUMNS_MAX: usize = 256;
/// The most cells read from one file, empty ones between others included.
pub const CELLS_MAX: usize = 4_000_000;
/// What may stand between cells, in the order tried.
pub const DELIMITERS: [u8; 3] = [b',', b'\t', b';'];

/// A last row of our own: when it does not come back alone, a quote was never closed.
const END: &str = "\n\u{1}end\n";
const END_CELL: &str = "\u{1}end";

/// One row as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The line of the file it starts on, from 1; quoted line breaks count.
    pub line: usize,
    /// Its cells, unquoted and otherwise untouched.
    pub cells: Vec<String>,
    /// What is wrong with cells of a workbook, by column from 0.
    pub flaws: Vec<(usize, Flaw)>,
}

/// What a cell of a workbook is that its text does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// A number: as a name of something it has lost its leading zeros.
    Quantity,
    /// An error such as #REF!.
    Error,
}

impl Record {
    /// A row with nothing wrong.
    pub fn new(line: usize, cells: Vec<String>) -> Self {
        Self { line, cells, flaws: Vec::new() }
    }

    /// Whether a cell, from 0, has a flaw.
    pub fn has(&self, column: usize, flaw: Flaw) -> bool {
        self.flaws.contains(&(column, flaw))
    }
}

/// The first rows of a text, at most `count`, for looking at; nothing is refused here.
pub(super) fn first_rows(text: &str, delimiter: u8, count: usize) -> Vec<Record> {
    let is_row = |(_, bytes): &(Record, Range<usize>)| bytes.start < text.len();
    Rows::over(text, delimiter).take_while(is_row).take(count).map(|(row, _)| row).collect()
}

/// Every row of a text. Lines with nothing on them are passed over but counted.
pub fn rows(text: &str, delimiter: u8) -> Result<Vec<Record>, SheetError> {
    let mut records = Vec::new();
    let mut cells: usize = 0;
    for (record, bytes) in Rows::over(text, delimiter) {
        if record.cells == [END_CELL] && text.len() <= bytes.start {
            return Ok(records);
        }
        if LINE_BYTES_MAX < bytes.len() {
            return Err(SheetError::LineTooLong { line: record.line });
        }
        if records.len() == ROWS_MAX {
            return Err(SheetError::TooManyRows);
        }
        if COLUMNS_MAX < record.cells.len() {
            return Err(SheetError::TooManyColumns { line: record.line });
        }
        cells = cells.saturating_add(record.cells.len());
        if CELLS_MAX < cells {
            return Err(SheetError::TooManyCells);
        }
        records.push(record);
    }
    let line = records.last().map_or(1, |record| record.line);
    Err(SheetError::UnclosedQuote { line })
}

struct Rows<'a> {
    text: &'a str,
    reader: csv::Reader<std::io::Chain<&'a [u8], &'static [u8]>>,
    /// Where the row before started, and on which line.
    start: usize,
    line: usize,
}

impl<'a> Rows<'a> {
    fn over(text: &'a str, delimiter: u8) -> Self {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes().chain(END.as_bytes()));
        Self { text, reader, start: 0, line: 1 }
    }

    /// Where a row's first cell is: the reader's own positions stand before skipped lines.
    fn first_cell(&self, from: usize) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let skipped = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        from.saturating_add(skipped)
    }
}

impl Iterator for Rows<'_> {
    type Item = (Record, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut record = csv::StringRecord::new();
        let from = usize::try_from(self.reader.position().byte()).unwrap_or(FILE_BYTES_MAX);
        // Memory and UTF-8 never fail; if they did, the end mark would be missed, not the rows.
        if !self.reader.read_record(&mut record).unwrap_or(false) {
            return None;
        }
        let to = usize::try_from(self.reader.position().byte()).unwrap_or(FILE_BYTES_MAX);
        let start = self.first_cell(from);
        let passed = self.text.as_bytes().get(self.start..start).unwrap_or_default();
        self.line = self.line.saturating_add(line_breaks(passed));
        self.start = start;
        let cells = record.iter().map(str::to_owned).collect();
        Some((Record::new(self.line, cells), start..to))
    }
}

/// Line breaks of every system: LF, CRLF, and the CR of old Macs.
fn line_breaks(bytes: &[u8]) -> usize {
    let mut before = None;
    let mut count: usize = 0;
    for byte in bytes {
        let ends = *byte == b'\r' || *byte == b'\n' && before != Some(b'\r');
        count = count.saturating_add(usize::from(ends));
        before = Some(*byte);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, Vec<String>)> {
        rows(text, b',').unwrap().into_iter().map(|r| (r.line, r.cells)).collect()
    }

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn lines_are_those_of_the_file_after_blank_and_quoted_lines() {
        for end in ["\n", "\r\n", "\r"] {
            let text =
                ["", "a,b", "", "", "c,\"d", "e\"", "f,\"\"\"g\"\"\""].join(end) + end + "h,i";
            let quoted = format!("d{end}e");
            assert_eq!(
                read(&text),
                [
                    (2, cells(&["a", "b"])),
                    (5, cells(&["c", &quoted])),
                    (7, cells(&["f", "\"g\""])),
                    (8, cells(&["h", "i"])),
                ],
                "{end:?}"
            );
        }
    }

    #[test]
    fn an_empty_text_has_no_rows() {
        assert_eq!(read(""), []);
        assert_eq!(read("\r\n\n"), []);
    }

    #[test]
    fn an_unclosed_quote_never_swallows_rows_in_silence() {
        for text in ["a,b\nc,\"d\ne,f\n", "\"", "a,\"", "a\n\"\n\u{1}end"] {
            let seen = rows(text, b',');
            assert!(matches!(seen, Err(SheetError::UnclosedQuote { .. })), "{text:?} {seen:?}");
        }
        assert_eq!(rows("a\nb,\"c\nd", b','), Err(SheetError::UnclosedQuote { line: 2 }));
    }

    #[test]
    fn a_row_like_the_end_mark_is_only_a_row() {
        assert_eq!(read("\u{1}end\nb").len(), 2);
        assert_eq!(read("b\n\u{1}end").len(), 2);
    }

    #[test]
    fn a_line_is_read_at_its_bound_and_refused_past_it() {
        let line = "a".repeat(LINE_BYTES_MAX - 1);
        assert!(rows(&format!("b\n{line}\nc"), b',').is_ok());
        let longer = "a".repeat(LINE_BYTES_MAX);
        let refused = rows(&format!("b\n{longer}\nc"), b',');
        assert_eq!(refused, Err(SheetError::LineTooLong { line: 2 }));
    }

    #[test]
    fn columns_and_cells_are_read_at_their_bounds_and_refused_past_them() {
        let row = ",".repeat(COLUMNS_MAX - 1) + "\n";
        assert_eq!(rows(&row, b',').unwrap()[0].cells.len(), COLUMNS_MAX);
        assert_eq!(rows(&format!(",{row}"), b','), Err(SheetError::TooManyColumns { line: 1 }));
        let most = row.repeat(CELLS_MAX / COLUMNS_MAX);
        assert_eq!(rows(&most, b',').unwrap().len(), CELLS_MAX / COLUMNS_MAX);
        assert_eq!(rows(&(most + &row), b','), Err(SheetError::TooManyCells));
    }

    #[test]
    fn rows_are_read_at_their_bound_and_refused_past_it() {
        let text = "a\n".repeat(ROWS_MAX);
        assert_eq!(rows(&text, b',').unwrap().len(), ROWS_MAX);
        assert_eq!(rows(&(text + "a"), b','), Err(SheetError::TooManyRows));
    }
}
