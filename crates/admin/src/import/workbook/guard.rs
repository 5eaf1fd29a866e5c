//! Whether a workbook can be read in bounded memory. A small file may unpack to a large one,
//! define a word by ten others ten times over, or say that it has a billion cells; its reader
//! would believe it.

use std::io::{Cursor, Read};

use cfb::CompoundFile;
use zip::ZipArchive;

use crate::import::{error::SheetError, table::CELLS_MAX};

/// The most bytes that a workbook unpacks to, all its parts together.
pub const UNPACKED_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The most parts that a workbook is packed from.
pub const PARTS_MAX: usize = 1000;
/// The most sheets of a workbook.
pub const SHEETS_MAX: usize = 64;

/// Bytes looked at in one go.
const CHUNK: usize = 64 * 1024;
/// Bytes of a chunk that are looked at again with the next: longer than what is looked for.
const OVERLAP: usize = 64;

fn broken(why: &dyn std::fmt::Display) -> SheetError {
    SheetError::WorkbookBroken { why: why.to_string() }
}

/// Unpacks every part, keeping none of it.
pub(super) fn xlsx(bytes: &[u8]) -> Result<(), SheetError> {
    xlsx_within(bytes, UNPACKED_BYTES_MAX)
}

pub(super) fn xlsx_within(bytes: &[u8], most: u64) -> Result<(), SheetError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|err| broken(&err))?;
    if PARTS_MAX < archive.len() {
        return Err(SheetError::WorkbookTooLarge);
    }
    if archive.index_for_name("xl/workbook.xml").is_none() {
        return Err(SheetError::NotText { kind: other(&archive) });
    }
    let mut left = most;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|err| broken(&err))?;
        let name = part.name().to_owned();
        left = unpack(part, &name, left)?;
    }
    Ok(())
}

/// What a ZIP is that is no workbook of this kind.
fn other<R: Read + std::io::Seek>(archive: &ZipArchive<R>) -> &'static str {
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("xl/workbook.bin") {
        ".xlsb (binary Excel workbook)"
    } else if has("word/document.xml") {
        ".docx (Word document)"
    } else if has("mimetype") {
        ".ods or another OpenDocument file"
    } else {
        ".zip"
    }
}

/// Unpacks a part; how many bytes are left for the others.
fn unpack(mut part: impl Read, name: &str, mut left: u64) -> Result<u64, SheetError> {
    let mut window: Vec<u8> = Vec::with_capacity(CHUNK.saturating_add(OVERLAP));
    loop {
        let kept = window.len().saturating_sub(OVERLAP);
        window.drain(..kept);
        let chunk = u64::try_from(CHUNK).unwrap_or(u64::MAX);
        let read = part.by_ref().take(chunk).read_to_end(&mut window);
        let read = u64::try_from(read.map_err(|err| broken(&err))?).unwrap_or(u64::MAX);
        left = left.checked_sub(read).ok_or(SheetError::WorkbookTooLarge)?;
        if read == 0 {
            return Ok(left);
        }
        look(&window, name)?;
    }
}

/// Refuses what no program that writes workbooks says.
fn look(window: &[u8], name: &str) -> Result<(), SheetError> {
    let is_xml = [".xml", ".rels", ".vml"].iter().any(|it| name.ends_with(it));
    let declares = |word: &[u8]| window.windows(word.len()).any(|it| it == word);
    if is_xml && (declares(b"<!DOCTYPE") || declares(b"<!ENTITY")) {
        return Err(SheetError::WorkbookEntities);
    }
    if name.ends_with("sharedStrings.xml") && counts_too_many(window) {
        return Err(SheetError::TooManyCells);
    }
    Ok(())
}

/// Whether it says that it has more texts than any sheet: room would be made for them.
fn counts_too_many(window: &[u8]) -> bool {
    let word = b"uniqueCount=\"";
    let mut after = (0_usize..).zip(window.windows(word.len())).filter(|(_, it)| *it == word);
    after.any(|(at, _)| {
        let from = at.saturating_add(word.len());
        let digits = window.get(from..).unwrap_or_default().iter();
        let digits = digits.take_while(|it| it.is_ascii_digit());
        let count = digits.fold(0_usize, |sum, it| {
            sum.saturating_mul(10).saturating_add(usize::from(it.saturating_sub(b'0')))
        });
        CELLS_MAX < count
    })
}

/// Adds up what its sheets would take.
pub(super) fn xls(bytes: &[u8]) -> Result<(), SheetError> {
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(|err| broken(&err))?;
    if file.is_stream("EncryptedPackage") {
        return Err(SheetError::WorkbookLocked);
    }
    let names = ["Workbook", "Book", "WORKBOOK", "BOOK"];
    let Some(name) = names.into_iter().find(|it| file.is_stream(it)) else {
        return Err(SheetError::NotText { kind: "an old Office document, but no workbook" });
    };
    let mut stream = Vec::new();
    let mut reader = file.open_stream(name).map_err(|err| broken(&err))?;
    reader.read_to_end(&mut stream).map_err(|err| broken(&err))?;
    let sheets = sheets(&stream)?;
    if SHEETS_MAX < sheets.len() {
        return Err(SheetError::WorkbookTooLarge);
    }
    let mut cells: usize = 0;
    for start in sheets {
        cells = cells.saturating_add(area(stream.get(start..).unwrap_or_default()));
        if CELLS_MAX < cells {
            return Err(SheetError::TooManyCells);
        }
    }
    Ok(())
}

/// Records of BIFF (MS-XLS 2.1.4): a type, a length, and so many bytes; up to the end of a part.
fn records(mut stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let kind = u16_at(stream, 0)?;
        let end = usize::from(u16_at(stream, 2)?).saturating_add(4);
        let data = stream.get(4..end)?;
        stream = stream.get(end..)?;
        Some((kind, data))
    })
    .take_while(|(kind, _)| *kind != 0x000A)
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    let bytes = data.get(at..at.checked_add(2)?)?;
    bytes.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(data: &[u8], at: usize) -> Option<usize> {
    let bytes = data.get(at..at.checked_add(4)?)?;
    bytes.try_into().ok().map(u32::from_le_bytes).and_then(|it| usize::try_from(it).ok())
}

/// Where the sheets begin.
fn sheets(stream: &[u8]) -> Result<Vec<usize>, SheetError> {
    let mut found = Vec::new();
    for (kind, data) in records(stream) {
        match kind {
            0x002F if u16_at(data, 0) != Some(0) => return Err(SheetError::WorkbookLocked),
            0x0085 => found.extend(u32_at(data, 0)),
            _ => {}
        }
    }
    Ok(found)
}

/// How many cells lie between the outermost cells of a sheet, or as it says itself.
fn area(stream: &[u8]) -> usize {
    let (mut rows, mut columns) = (0..0, 0..0);
    let mut said: usize = 0;
    for (kind, data) in records(stream) {
        // Formula, Number, Label, BoolErr, Rk, LabelSst, RString; MulRk ends with its last column.
        let column = match kind {
            0x0006 | 0x0203 | 0x0204 | 0x0205 | 0x027E | 0x00FD | 0x00D6 => u16_at(data, 2),
            0x00BD => data.len().checked_sub(2).and_then(|it| u16_at(data, it)),
            0x0200 => {
                said = said.max(dimensions(data));
                None
            }
            _ => None,
        };
        if let (Some(row), Some(column)) = (u16_at(data, 0), column) {
            rows = reach(&rows, row.into());
            columns = reach(&columns, column.into());
            columns = reach(&columns, u16_at(data, 2).unwrap_or(column).into());
        }
    }
    rows.len().saturating_mul(columns.len()).max(said)
}

fn reach(known: &std::ops::Range<usize>, to: usize) -> std::ops::Range<usize> {
    let end = to.saturating_add(1);
    if known.is_empty() { to..end } else { known.start.min(to)..known.end.max(end) }
}

/// Rows times columns as a sheet says, in the form of either age.
fn dimensions(data: &[u8]) -> usize {
    let (rows, at): (_, usize) = match data.len() {
        10 => (u16_at(data, 2).map(usize::from).zip(u16_at(data, 0).map(usize::from)), 4),
        _ => (u32_at(data, 4).zip(u32_at(data, 0)), 8),
    };
    let columns = u16_at(data, at.saturating_add(2)).zip(u16_at(data, at));
    let rows = rows.map_or(0, |(end, start)| end.saturating_sub(start));
    rows.saturating_mul(columns.map_or(0, |(end, start)| end.saturating_sub(start).into()))
}
