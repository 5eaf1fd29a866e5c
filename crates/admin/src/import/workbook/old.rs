//! Whether an XLS can be read in bounded memory, and no more of it than is weighed: its reader
//! gets a workbook of its cells alone, without what it would believe or unfold.

use std::io::{Cursor, Read, Write as _};
use std::ops::Range;

use cfb::{CompoundFile, Version};

use super::guard::{SHEETS_MAX, TEXT_BYTES_MAX, broken};
use super::strings::{Pieces, lengths};
use crate::import::{error::SheetError, table::CELLS_MAX};

/// Kinds of records (MS-XLS 2.3).
mod kind {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const END: u16 = 0x000A;
    pub(super) const EXTERN_SHEET: u16 = 0x0017;
    pub(super) const NAME: u16 = 0x0018;
    pub(super) const PASSWORD: u16 = 0x002F;
    pub(super) const CONTINUE: u16 = 0x003C;
    pub(super) const SHEET: u16 = 0x0085;
    pub(super) const NUMBERS: u16 = 0x00BD;
    pub(super) const RICH_TEXT: u16 = 0x00D6;
    pub(super) const MERGED: u16 = 0x00E5;
    pub(super) const SHARED_TEXTS: u16 = 0x00FC;
    pub(super) const SHARED_TEXT: u16 = 0x00FD;
    pub(super) const DIMENSIONS: u16 = 0x0200;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const TEXT: u16 = 0x0204;
    pub(super) const BOOL_OR_ERROR: u16 = 0x0205;
    /// What a formula came to.
    pub(super) const RESULT: u16 = 0x0207;
    pub(super) const SMALL_NUMBER: u16 = 0x027E;
    /// Nothing that its reader knows.
    pub(super) const NONE: u16 = 0xFFFF;
}

/// The most records that shared texts lie in: full ones (of 8,224 bytes) of the largest file. Its
/// reader moves all that are left for each.
pub(super) const PIECES_MAX: usize = 10_000;
/// A formula of nothing: its length, and a token.
const NO_FORMULA: [u8; 3] = [1, 0, 0x16];
/// Where in its record a formula begins.
const FORMULA_AT: usize = 20;

/// The same workbook, with nothing in it but what was weighed.
pub(super) fn cells_only(bytes: &[u8]) -> Result<Vec<u8>, SheetError> {
    within(bytes, TEXT_BYTES_MAX)
}

pub(super) fn within(bytes: &[u8], most: usize) -> Result<Vec<u8>, SheetError> {
    let mut stream = stream(bytes)?;
    let parts = parts(&stream)?;
    weigh(&stream, &parts, most)?;
    for part in parts {
        quiet(&mut stream, part.start);
    }
    packed(&stream).map_err(|err| broken(&err))
}

fn packed(stream: &[u8]) -> std::io::Result<Vec<u8>> {
    // The version that Excel 97 wrote; of the other its reader takes no file without small streams.
    let mut file = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new()))?;
    file.create_stream("Workbook")?.write_all(stream)?;
    file.flush()?;
    Ok(file.into_inner().into_inner())
}

/// The part of an XLS that has its sheets.
fn stream(bytes: &[u8]) -> Result<Vec<u8>, SheetError> {
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(|err| broken(&err))?;
    if file.is_stream("EncryptedPackage") {
        return Err(SheetError::WorkbookLocked);
    }
    let names = ["Workbook", "Book", "WORKBOOK", "BOOK"];
    let Some(name) = names.into_iter().find(|it| file.is_stream(it)) else {
        return Err(SheetError::NotText { kind: "an old Office document, but no workbook" });
    };
    let mut stream = Vec::new();
    let reader = file.open_stream(name).map_err(|err| broken(&err))?;
    // Of a file no more can be in it than it has, whatever it says.
    let most = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    reader.take(most).read_to_end(&mut stream).map_err(|err| broken(&err))?;
    Ok(stream)
}

/// A type, a length, and so many bytes (MS-XLS 2.1.4): the type, and where the bytes are.
fn record(stream: &[u8], at: usize) -> Option<(u16, Range<usize>)> {
    let (kind, len) = (u16_at(stream, at)?, u16_at(stream, at.checked_add(2)?)?);
    let start = at.checked_add(4)?;
    let end = start.checked_add(len.into())?;
    stream.get(start..end).map(|_| (kind, start..end))
}

/// The records of a part.
fn records<'a>(stream: &'a [u8], part: &Range<usize>) -> impl Iterator<Item = (u16, &'a [u8])> {
    let mut at = part.start;
    let end = part.end;
    std::iter::from_fn(move || {
        let (kind, data) = record(stream, at).filter(|_| at < end)?;
        at = data.end;
        Some((kind, stream.get(data)?))
    })
}

pub(super) fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    let bytes = data.get(at..at.checked_add(2)?)?;
    bytes.try_into().ok().map(u16::from_le_bytes)
}

pub(super) fn u32_at(data: &[u8], at: usize) -> Option<usize> {
    let bytes = data.get(at..at.checked_add(4)?)?;
    bytes.try_into().ok().map(u32::from_le_bytes).and_then(|it| usize::try_from(it).ok())
}

/// From where a part begins up to its end, or to that of the stream.
fn part(stream: &[u8], start: usize) -> Range<usize> {
    let mut end = start;
    while let Some((kind, data)) = record(stream, end) {
        end = data.end;
        if kind == kind::END {
            break;
        }
    }
    start..end
}

/// What is common to all, then the sheets, in the order of the stream. None lies over another:
/// else each would be read as often as it is named.
fn parts(stream: &[u8]) -> Result<Vec<Range<usize>>, SheetError> {
    let common = part(stream, 0);
    let mut starts = Vec::new();
    for (kind, data) in records(stream, &common) {
        match kind {
            kind::PASSWORD if u16_at(data, 0) != Some(0) => return Err(SheetError::WorkbookLocked),
            kind::SHEET => starts.extend(u32_at(data, 0)),
            _ => {}
        }
        if SHEETS_MAX < starts.len() {
            return Err(SheetError::WorkbookTooLarge);
        }
    }
    starts.sort_unstable();
    let mut parts = vec![common];
    for start in starts {
        let before = parts.last().map_or(0, |it| it.end);
        if start < before || stream.len() <= start {
            return Err(broken(&"a sheet of it does not begin where it says"));
        }
        parts.push(part(stream, start));
    }
    Ok(parts)
}

fn weigh(stream: &[u8], parts: &[Range<usize>], most: usize) -> Result<(), SheetError> {
    let Some((common, sheets)) = parts.split_first() else { return Ok(()) };
    let shared = lengths(shared(stream, common)?)?;
    let (mut cells, mut texts): (usize, usize) = (0, 0);
    for sheet in sheets {
        cells = cells.saturating_add(room(records(stream, sheet)));
        if CELLS_MAX < cells {
            return Err(SheetError::TooManyCells);
        }
        texts = texts.saturating_add(text_bytes(records(stream, sheet), &shared));
        if most < texts {
            return Err(SheetError::WorkbookTooLarge);
        }
    }
    Ok(())
}

/// The shared texts, of which there is one table: its reader would read every other one, too.
fn shared<'a>(stream: &'a [u8], common: &Range<usize>) -> Result<Pieces<'a>, SheetError> {
    let mut pieces = Vec::new();
    let mut is_open = false;
    for (kind, data) in records(stream, common) {
        if kind == kind::SHARED_TEXTS && !pieces.is_empty() {
            return Err(broken(&"it has two tables of shared texts"));
        }
        is_open = kind == kind::SHARED_TEXTS || kind == kind::CONTINUE && is_open;
        if is_open {
            pieces.push(data);
        }
        if PIECES_MAX < pieces.len() {
            return Err(SheetError::WorkbookTooLarge);
        }
    }
    Ok(Pieces::new(pieces))
}

/// What the texts of a sheet's cells take at most, each written out: three bytes a character.
fn text_bytes<'a>(records: impl Iterator<Item = (u16, &'a [u8])>, shared: &[u16]) -> usize {
    let characters = records.filter_map(|(kind, data)| match kind {
        kind::SHARED_TEXT => shared.get(u32_at(data, 6)?).copied(),
        kind::TEXT | kind::RICH_TEXT => u16_at(data, 6),
        kind::RESULT => u16_at(data, 0),
        _ => None,
    });
    let bytes = characters.map(|it| usize::from(it).saturating_mul(3));
    bytes.fold(0, usize::saturating_add)
}

/// How many cells a sheet takes: those that are there, a cell as often as it is, or those between
/// the outermost.
fn room<'a>(records: impl Iterator<Item = (u16, &'a [u8])>) -> usize {
    let (mut rows, mut columns) = (0..0, 0..0);
    let mut count: usize = 0;
    // A result belongs to the formula before it, or to the first cell.
    let mut formula = (0, 0);
    for (kind, data) in records {
        let Some(row) = u16_at(data, 0) else { continue };
        let first = u16_at(data, 2);
        let (row, first, last, cells) = match kind {
            kind::FORMULA => {
                formula = (row, first.unwrap_or_default());
                (row, first, first, 1)
            }
            kind::NUMBER
            | kind::TEXT
            | kind::BOOL_OR_ERROR
            | kind::SMALL_NUMBER
            | kind::SHARED_TEXT
            | kind::RICH_TEXT => (row, first, first, 1),
            kind::NUMBERS => {
                let last = data.len().checked_sub(2).and_then(|it| u16_at(data, it));
                (row, first, last, data.len().saturating_sub(6).div_ceil(6))
            }
            kind::RESULT => (formula.0, Some(formula.1), Some(formula.1), 1),
            _ => continue,
        };
        count = count.saturating_add(cells);
        rows = reach(&rows, row.into());
        for column in [first, last].into_iter().flatten() {
            columns = reach(&columns, column.into());
        }
    }
    rows.len().saturating_mul(columns.len()).max(count)
}

fn reach(known: &Range<usize>, to: usize) -> Range<usize> {
    let end = to.saturating_add(1);
    if known.is_empty() { to..end } else { known.start.min(to)..known.end.max(end) }
}

/// Takes out of a part what its reader makes room for, or writes out, and nobody asks for: how
/// large it says it is, names, merged cells, and formulas, which may name a name many times over.
fn quiet(stream: &mut [u8], mut at: usize) {
    while let Some((kind, data)) = record(stream, at) {
        match kind {
            kind::END => return,
            kind::DIMENSIONS | kind::NAME | kind::EXTERN_SHEET | kind::MERGED => {
                write(stream, at, &kind::NONE.to_le_bytes());
            }
            kind::FORMULA => {
                let room = data.len().saturating_sub(FORMULA_AT).min(NO_FORMULA.len());
                let formula: &[u8] = if room < NO_FORMULA.len() { &[0, 0] } else { &NO_FORMULA };
                if formula.len() <= room {
                    write(stream, data.start.saturating_add(FORMULA_AT), formula);
                }
            }
            _ => {}
        }
        at = data.end;
    }
}

fn write(stream: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(to) = stream.get_mut(at..at.saturating_add(bytes.len())) {
        to.copy_from_slice(bytes);
    }
}
