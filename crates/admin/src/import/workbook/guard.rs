//! Whether a workbook can be read in bounded memory. A small file may unpack to a large one,
//! define a word by ten others ten times over, or say that it has a billion cells; its reader
//! would believe it.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::count::Count;
use crate::import::error::SheetError;

/// The most bytes that a workbook unpacks to, all its parts together.
pub const UNPACKED_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The most bytes that a part unpacks to which names sheets, forms or other parts: a few bytes of
/// it make a row of a table.
pub const FRAME_BYTES_MAX: u64 = 32 * 1024 * 1024;
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
        let most = if is_frame(&name) { left.min(FRAME_BYTES_MAX) } else { left };
        let rest = unpack(part, &name, most)?;
        left = left.saturating_sub(most.saturating_sub(rest));
    }
    Ok(())
}

/// Whether a part, its name in lower case, says what the others are.
fn is_frame(name: &str) -> bool {
    ["workbook.xml", "styles.xml", ".rels"].iter().any(|it| name.ends_with(it))
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
