//! Whether a workbook can be read in bounded memory. A small file may unpack to a large one,
//! define a word by ten others ten times over, or say that it has a billion cells; its reader
//! would believe it.

use std::io::{Cursor, Read};

use cfb::CompoundFile;
use zip::ZipArchive;

use super::count::Count;
use super::strings::{Pieces, lengths};
use crate::import::{error::SheetError, table::CELLS_MAX};

/// The most bytes that a workbook unpacks to, all its parts together.
pub const UNPACKED_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The most parts that a workbook is packed from.
pub const PARTS_MAX: usize = 1000;
/// The most sheets of a workbook.
pub const SHEETS_MAX: usize = 64;
/// The most bytes of text in a workbook, a text counted as often as a cell has it.
pub const TEXT_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Bytes looked at in one go.
const CHUNK: usize = 64 * 1024;
/// Bytes of a chunk that are looked at again with the next: longer than what is looked for.
const OVERLAP: usize = 64;

pub(super) fn broken(why: &dyn std::fmt::Display) -> SheetError {
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
    if !has(&archive, "xl/workbook.xml") {
        return Err(SheetError::NotText { kind: other(&archive) });
    }
    let mut left = most;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|err| broken(&err))?;
        let name = part.name().to_ascii_lowercase();
        left = unpack(part, &name, left)?;
    }
    Ok(())
}

/// Whether it has a part. The reader of workbooks does not mind the case of a name either.
fn has<R: Read + std::io::Seek>(archive: &ZipArchive<R>, name: &str) -> bool {
    archive.file_names().any(|it| it.eq_ignore_ascii_case(name))
}

/// What a ZIP is that is no workbook of this kind.
fn other<R: Read + std::io::Seek>(archive: &ZipArchive<R>) -> &'static str {
    let has = |name| has(archive, name);
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

/// Unpacks a part, its name in lower case; how many bytes are left for the others.
fn unpack(mut part: impl Read, name: &str, mut left: u64) -> Result<u64, SheetError> {
    let mut window: Vec<u8> = Vec::with_capacity(CHUNK.saturating_add(OVERLAP));
    let mut count = name.ends_with("sharedstrings.xml").then(Count::new);
    loop {
        let kept = window.len().saturating_sub(OVERLAP);
        window.drain(..kept);
        let seen = window.len();
        let chunk = u64::try_from(CHUNK).unwrap_or(u64::MAX);
        let read = part.by_ref().take(chunk).read_to_end(&mut window);
        let read = u64::try_from(read.map_err(|err| broken(&err))?).unwrap_or(u64::MAX);
        left = left.checked_sub(read).ok_or(SheetError::WorkbookTooLarge)?;
        if read == 0 {
            return Ok(left);
        }
        look(&window, name)?;
        let new = window.get(seen..).unwrap_or_default();
        if count.as_mut().is_some_and(|it| it.is_too_many(new)) {
            return Err(SheetError::TooManyCells);
        }
    }
}

/// Refuses what no program that writes workbooks says.
fn look(window: &[u8], name: &str) -> Result<(), SheetError> {
    let is_xml = [".xml", ".rels", ".vml"].iter().any(|it| name.ends_with(it));
    let declares = |word: &[u8]| window.windows(word.len()).any(|it| it == word);
    if is_xml && (declares(b"<!DOCTYPE") || declares(b"<!ENTITY")) {
        return Err(SheetError::WorkbookEntities);
    }
    Ok(())
}

/// Adds up what its sheets would take.
pub(super) fn xls(bytes: &[u8]) -> Result<(), SheetError> {
    xls_within(bytes, TEXT_BYTES_MAX)
}

pub(super) fn xls_within(bytes: &[u8], most: usize) -> Result<(), SheetError> {
    weigh(&stream(bytes)?, most)
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
    let mut reader = file.open_stream(name).map_err(|err| broken(&err))?;
    reader.read_to_end(&mut stream).map_err(|err| broken(&err))?;
    Ok(stream)
}

fn weigh(stream: &[u8], most: usize) -> Result<(), SheetError> {
    let sheets = sheets(stream)?;
    if SHEETS_MAX < sheets.len() {
        return Err(SheetError::WorkbookTooLarge);
    }
    let shared = lengths(shared(stream))?;
    let (mut cells, mut texts): (usize, usize) = (0, 0);
    for start in sheets {
        let sheet = stream.get(start..).unwrap_or_default();
        cells = cells.saturating_add(area(sheet));
        if CELLS_MAX < cells {
            return Err(SheetError::TooManyCells);
        }
        texts = texts.saturating_add(text_bytes(sheet, &shared));
        if most < texts {
            return Err(SheetError::WorkbookTooLarge);
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

pub(super) fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    let bytes = data.get(at..at.checked_add(2)?)?;
    bytes.try_into().ok().map(u16::from_le_bytes)
}

pub(super) fn u32_at(data: &[u8], at: usize) -> Option<usize> {
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

/// The shared texts: of several tables the last is the one that counts.
fn shared(stream: &[u8]) -> Pieces<'_> {
    let mut pieces = Vec::new();
    let mut is_open = false;
    for (kind, data) in records(stream) {
        if kind == 0x00FC {
            pieces.clear();
        }
        is_open = kind == 0x00FC || kind == 0x003C && is_open;
        if is_open {
            pieces.push(data);
        }
    }
    Pieces::new(pieces)
}

/// What the texts of a sheet's cells take at most, each written out: three bytes a character.
fn text_bytes(stream: &[u8], shared: &[u16]) -> usize {
    // LabelSst names a shared text; Label, RString and String (of a formula) have their own.
    let characters = records(stream).filter_map(|(kind, data)| match kind {
        0x00FD => shared.get(u32_at(data, 6)?).copied(),
        0x0204 | 0x00D6 => u16_at(data, 6),
        0x0207 => u16_at(data, 0),
        _ => None,
    });
    let bytes = characters.map(|it| usize::from(it).saturating_mul(3));
    bytes.fold(0, usize::saturating_add)
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
