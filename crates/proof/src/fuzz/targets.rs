//! The targets: what each promises of any bytes.

use std::io::{Cursor, Write as _};

use lovebank_admin::import::{self, Choice, Options, table::ROWS_MAX};
use lovebank_formula::{Formula, Kind, Value, Variable};
use lovebank_journal::codec;
use lovebank_ledger::Rulebook;
use lovebank_wire::page::Page;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::panics::none_of_ours;

/// What pages are asked with here.
const QUESTION: &[u8] = b"question";

/// Words that mean something to one target or another.
pub(super) const WORDS: &[&[u8]] = &[
    b"&&",
    b"||",
    b"?",
    b":",
    b"(",
    b")",
    b"in [",
    b"min(",
    b"max(",
    b"!",
    b"-",
    b"/",
    b"0",
    b"1.0",
    b"9223372036854775807",
    b"\"",
    b"true",
    b"false",
    b"minutes",
    b"points",
    b"name",
    b"\n",
    b",",
    b"\t",
    b";",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"2026-02-30",
    b"24:00",
    b"4.40307E+17",
    "义工号".as_bytes(),
    "服务时长".as_bytes(),
    "０".as_bytes(),
    b"\x00",
    b"\xff\xff\xff\xff\x0f",
    b"\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",
    b"[[",
    b"]]",
    b"=",
    b"'''",
    // Of workbooks: what a sheet says of its size, cells, a formula, texts, ends.
    b"<c r=\"XFD1048576\" t=\"s\"><v>",
    b"<dimension ref=\"A1:XFD1048576\"/>",
    b"</sheetData>",
    b"&#x10FFFF;",
    b"uniqueCount=\"4000000\"",
    b"\x00\x02\x0e\x00",
    b"\x06\x00\x17\x00",
    b"\xbd\x00",
    b"\xfc\x00",
    b"\xfd\x00\x0a\x00",
    b"\x3c\x00",
    b"\x0a\x00\x00\x00",
];

/// Before the name of a part, where a workbook is written as its parts.
const PART: &str = "=== ";

/// What formulas may name here: one of each kind.
const VARIABLES: [Variable; 4] = [
    Variable { name: "minutes", kind: Kind::Int },
    Variable { name: "points", kind: Kind::Decimal },
    Variable { name: "name", kind: Kind::Text },
    Variable { name: "is_veteran", kind: Kind::Bool },
];

/// Stored bytes: an entry that is read is written as it was understood.
///
/// # Panics
///
/// If it is not.
pub fn entry(bytes: &[u8]) -> bool {
    let Ok(entry) = codec::decode(bytes) else { return false };
    let again = codec::encode(&entry);
    assert_eq!(codec::decode(&again).as_ref(), Ok(&entry), "it comes back");
    true
}

/// A page token: one that is taken is one that was given out, to the letter.
///
/// # Panics
///
/// If it is not.
pub fn page_token(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Ok(Some(page)) = Page::parse(text.trim_end(), QUESTION) else { return false };
    assert_eq!(page.token(QUESTION), text.trim_end(), "it was given out");
    true
}

/// A sheet of hours: each line of a file is a row, or is told.
///
/// # Panics
///
/// If more rows come out than lines went in.
pub fn importers(bytes: &[u8]) -> bool {
    let options = Options { activity: Some("巡河".to_owned()), ..Options::default() };
    let Ok(sheet) = import::read("sheet.csv", bytes, &Choice::Auto, &options) else {
        return false;
    };
    assert!(sheet.lines.len() <= bytes.len(), "no row comes of nothing");
    assert_eq!(sheet.rows().count() + sheet.malformed().count(), sheet.lines.len());
    0 < sheet.rows().count()
}

/// A workbook: as it stands; or the records of an old one, or the parts of a new one, packed here,
/// so that a change is not lost on what guards a package.
///
/// # Panics
///
/// If more rows come out than a file may have, or the project's own code panicked: where a library
/// does, the file is refused.
pub fn workbook(bytes: &[u8]) -> bool {
    let Some(packed) = packed(bytes) else { return false };
    let options = Options { activity: Some("巡河".to_owned()), ..Options::default() };
    let read = || import::read("sheet.xlsx", &packed, &Choice::Auto, &options);
    let Ok(sheet) = none_of_ours(read) else { return false };
    assert!(sheet.lines.len() <= ROWS_MAX, "no more rows than are read");
    0 < sheet.rows().count()
}

fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    if let Some(parts) = bytes.strip_prefix(PART.as_bytes()) {
        return new_workbook(&String::from_utf8_lossy(parts));
    }
    // The beginning of what is common to all sheets (BOF).
    if bytes.starts_with(b"\x09\x08") {
        return old_workbook(bytes).ok();
    }
    Some(bytes.to_vec())
}

fn new_workbook(parts: &str) -> Option<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for part in parts.split(&format!("\n{PART}")) {
        let (name, text) = part.split_once('\n')?;
        archive.start_file(name, stored).ok()?;
        archive.write_all(text.as_bytes()).ok()?;
    }
    archive.finish().ok().map(Cursor::into_inner)
}

fn old_workbook(stream: &[u8]) -> std::io::Result<Vec<u8>> {
    let memory = Cursor::new(Vec::new());
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, memory)?;
    file.create_stream("Workbook")?.write_all(stream)?;
    file.flush()?;
    Ok(file.into_inner().into_inner())
}

/// Policies: a formula that is adopted has a value of its kind, or none, for whatever it is asked;
/// a rulebook is read or refused.
///
/// # Panics
///
/// If a value is of another kind.
pub fn cel(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let condition = Formula::condition(text.trim(), &VARIABLES);
    let score = Formula::score(text.trim(), &VARIABLES);
    for formula in condition.iter().chain(&score) {
        for extreme in [i64::MIN, -1, 0, 1, i64::MAX] {
            let Ok(value) = formula.value(&|it| sample(it, extreme)) else { continue };
            let found = match value {
                Value::Bool(_) => Kind::Bool,
                Value::Int(_) => Kind::Int,
                Value::Decimal(_) => Kind::Decimal,
                Value::Text(_) => Kind::Text,
            };
            assert_eq!(found, formula.kind(), "of {text}");
        }
    }
    condition.is_ok() || score.is_ok() || Rulebook::parse(text).is_ok()
}

fn sample(variable: usize, number: i64) -> Value {
    match VARIABLES.get(variable).map(|it| it.kind) {
        Some(Kind::Int) => Value::Int(number),
        Some(Kind::Decimal) => Value::Decimal(number.into()),
        Some(Kind::Text) => Value::Text(number.to_string()),
        Some(Kind::Bool) | None => Value::Bool(number == 0),
    }
}
