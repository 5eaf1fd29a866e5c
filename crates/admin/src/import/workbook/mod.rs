//! Workbooks to cells: XLSX and XLS, told by what they are, whatever they are called.
//!
//! What Excel shows is read, as text: a day as `yyyy-MM-dd`, a time as `HH:mm`, a number with the
//! 15 digits that are right. A number that should be a text, such as a volunteer number, has lost
//! its leading zeros; it is marked, so that it is refused where it matters.

mod caught;
mod cell;
mod count;
mod guard;
mod old;
mod strings;

use std::io::Cursor;

use calamine::{Data, DataRef, Reader as _, Sheet, SheetType, Xls, Xlsx};

use super::error::SheetError;
use super::table::{CELLS_MAX, COLUMNS_MAX, ROWS_MAX, Record};

pub use guard::{FRAME_BYTES_MAX, PARTS_MAX, SHEETS_MAX, TEXT_BYTES_MAX, UNPACKED_BYTES_MAX};

type Bytes<'a> = Cursor<&'a [u8]>;

/// What a file is, if it is a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Xlsx,
    Xls,
}

/// Tells workbooks by their first bytes.
pub(super) fn kind(bytes: &[u8]) -> Option<Kind> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Some(Kind::Xlsx);
    }
    bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").then_some(Kind::Xls)
}

/// Reads the rows of a sheet: that of a name or number, or the only one with anything in it.
pub(super) fn rows(
    bytes: &[u8],
    kind: Kind,
    sheet: Option<&str>,
) -> Result<Vec<Record>, SheetError> {
    // A file made to break its reader must not end the import of the others without a word.
    let read = || match kind {
        Kind::Xlsx => guard::xlsx(bytes).and_then(|()| xlsx(bytes, sheet)),
        Kind::Xls => old::cells_only(bytes).and_then(|it| xls(&it, sheet)),
    };
    let broken = || SheetError::WorkbookBroken { why: "it is damaged".to_owned() };
    caught::caught(read).unwrap_or_else(|| Err(broken()))
}

fn xlsx(bytes: &[u8], wanted: Option<&str>) -> Result<Vec<Record>, SheetError> {
    let mut book: Xlsx<Bytes<'_>> = Xlsx::new(Cursor::new(bytes)).map_err(|err| broken(&err))?;
    let sheets = book.sheets_metadata().to_vec();
    let name = choose(&sheets, wanted, |name| {
        let mut cells = book.worksheet_cells_reader(name).map_err(|err| broken(&err))?;
        Ok(cells.next_cell().map_err(|err| broken(&err))?.is_some())
    })?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(|err| broken(&err))?;
    let mut grid = Grid::within(TEXT_BYTES_MAX);
    while let Some(cell) = cells.next_cell().map_err(|err| broken(&err))? {
        let value = if let DataRef::SharedString(text) = cell.get_value() {
            Data::String(cell::start(text).to_owned())
        } else {
            Data::from(cell.get_value().clone())
        };
        grid.put(cell.get_position(), &value)?;
    }
    Ok(grid.rows)
}

fn xls(bytes: &[u8], wanted: Option<&str>) -> Result<Vec<Record>, SheetError> {
    let mut book: Xls<Bytes<'_>> = Xls::new(Cursor::new(bytes)).map_err(|err| broken(&err))?;
    let sheets = book.sheets_metadata().to_vec();
    let name = choose(&sheets, wanted, |name| {
        let range = book.worksheet_range(name).map_err(|err| broken(&err))?;
        Ok(range.used_cells().next().is_some())
    })?;
    let range = book.worksheet_range(&name).map_err(|err| broken(&err))?;
    let (top, left) = range.start().unwrap_or_default();
    let mut grid = Grid::within(TEXT_BYTES_MAX);
    for (row, column, value) in range.used_cells() {
        let at = |from: u32, by: usize| from.saturating_add(u32::try_from(by).unwrap_or(u32::MAX));
        grid.put((at(top, row), at(left, column)), value)?;
    }
    Ok(grid.rows)
}

fn broken(why: &dyn std::fmt::Display) -> SheetError {
    SheetError::WorkbookBroken { why: why.to_string() }
}

/// The sheet to read. Of several with something in them nobody knows which is meant.
fn choose(
    sheets: &[Sheet],
    wanted: Option<&str>,
    mut has_cells: impl FnMut(&str) -> Result<bool, SheetError>,
) -> Result<String, SheetError> {
    // Many may name one part, which would be unpacked for each.
    if SHEETS_MAX < sheets.len() {
        return Err(SheetError::WorkbookTooLarge);
    }
    let sheets: Vec<&Sheet> = sheets.iter().filter(|it| it.typ == SheetType::WorkSheet).collect();
    let names = |of: &[&Sheet]| of.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    if let Some(wanted) = wanted {
        let by_number = || {
            let number: usize = wanted.parse().ok()?;
            sheets.get(number.checked_sub(1)?)
        };
        let found = sheets.iter().find(|it| it.name == wanted).or_else(by_number);
        let unknown = || SheetError::NoSheet { wanted: wanted.to_owned(), sheets: names(&sheets) };
        return found.map(|it| it.name.clone()).ok_or_else(unknown);
    }
    let mut filled = Vec::new();
    for sheet in sheets {
        if has_cells(&sheet.name)? {
            filled.push(sheet);
        }
    }
    match filled.as_slice() {
        [] => Err(SheetError::Empty),
        [only] => Ok(only.name.clone()),
        several => Err(SheetError::SeveralSheets { sheets: names(several) }),
    }
}

/// Rows as their cells come, from the first down.
struct Grid {
    rows: Vec<Record>,
    cells: usize,
    /// Bytes of text that it may still take.
    left: usize,
}

impl Grid {
    fn within(bytes: usize) -> Self {
        Self { rows: Vec::new(), cells: 0, left: bytes }
    }

    /// Rows and columns count from 0; cells of nothing are passed over.
    fn put(&mut self, (row, column): (u32, u32), value: &Data) -> Result<(), SheetError> {
        let Some(cell) = cell::read(value) else { return Ok(()) };
        let line = usize::try_from(row).unwrap_or(usize::MAX).saturating_add(1);
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if ROWS_MAX < line {
            return Err(SheetError::TooManyRows);
        }
        if COLUMNS_MAX <= column {
            return Err(SheetError::TooManyColumns { line });
        }
        let left = self.left.checked_sub(cell.text.len());
        self.left = left.ok_or(SheetError::WorkbookTooLarge)?;
        if self.rows.last().is_none_or(|last| last.line != line) {
            self.rows.push(Record::new(line, Vec::new()));
        }
        let Some(record) = self.rows.last_mut() else { return Ok(()) };
        let gap = column.saturating_add(1).saturating_sub(record.cells.len());
        self.cells = self.cells.saturating_add(gap);
        if CELLS_MAX < self.cells {
            return Err(SheetError::TooManyCells);
        }
        if record.cells.len() <= column {
            record.cells.resize(column.saturating_add(1), String::new());
        }
        record.flaws.extend(cell.flaw.map(|it| (column, it)));
        if let Some(place) = record.cells.get_mut(column) {
            *place = cell.text;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
