//! Workbooks as people and attackers make them.
#![allow(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]

mod bounds;
mod lies;

use std::io::Write as _;

use jiff::civil::date;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;
use crate::import::{
    Choice, Line, Options, RowTime, fault::Fault, profile::Profile, read, table::CELL_BYTES_MAX,
};

const HEADER: [&str; 8] = [
    "序号",
    "义工号",
    "姓名",
    "活动名称",
    "服务开展日期(yyyy/MM/dd)",
    "签到时间(HH:mm)",
    "签退时间(HH:mm)",
    "服务时长（单位：小时）",
];

/// Shenzhen's sheet as Excel keeps it: days and times are numbers with a form.
fn shenzhen(number: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "志愿服务时长").unwrap();
    for (column, text) in (0..).zip(HEADER) {
        sheet.write(1, column, text).unwrap();
    }
    let day = Format::new().set_num_format("yyyy/mm/dd");
    let time = Format::new().set_num_format("hh:mm");
    sheet.write(2, 0, 1).unwrap();
    sheet.write(2, 1, "0300207442").unwrap();
    sheet.write(2, 3, "社区巡河").unwrap();
    let at = ExcelDateTime::from_ymd(2024, 3, 1).unwrap();
    sheet.write_with_format(2, 4, &at, &day).unwrap();
    for (column, (hour, minute)) in [(5, (9, 10)), (6, (11, 40))] {
        let at = ExcelDateTime::from_hms(hour, minute, 0).unwrap();
        sheet.write_with_format(2, column, &at, &time).unwrap();
    }
    sheet.write(2, 7, 2.5).unwrap();
    number(sheet);
    book.save_to_buffer().unwrap()
}

fn lines(bytes: &[u8]) -> Vec<Line> {
    read("a.csv", bytes, &Choice::Auto, &Options::default()).unwrap().lines
}

fn refused(bytes: &[u8]) -> SheetError {
    read("a.xlsx", bytes, &Choice::Auto, &Options::default()).unwrap_err()
}

fn faults(bytes: &[u8]) -> Vec<(usize, Option<usize>, &'static str)> {
    let malformed = |it: &Line| match it {
        Line::Malformed(it) => Some((it.line, it.column, it.fault.code())),
        Line::Row(_) => None,
    };
    lines(bytes).iter().filter_map(malformed).collect()
}

#[test]
fn a_sheet_of_excel_says_what_it_shows() {
    let lines = lines(&shenzhen(|_| {}));
    let [Line::Row(row)] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!((row.line, row.volunteer.as_str()), (3, "0300207442"));
    let RowTime::Interval { start, end, minutes, .. } = row.time else { panic!("{row:?}") };
    assert_eq!(
        (start.to_string(), end.to_string()),
        ("2024-03-01T09:10:00".to_owned(), "2024-03-01T11:40:00".to_owned())
    );
    assert_eq!(minutes, 150);
}

#[test]
fn numbers_that_lost_digits_are_refused_with_line_and_column() {
    let with = |number: f64| {
        faults(&shenzhen(move |sheet| {
            sheet.write(2, 1, number).unwrap();
        }))
    };
    assert_eq!(with(300_207_442.0), [(3, Some(2), "NUMBER_IS_QUANTITY")]);
    assert_eq!(with(440_307_199_001_011_234.0), [(3, Some(2), "NUMBER_DESTROYED")]);
    let error = |sheet: &mut rust_xlsxwriter::Worksheet| {
        let formula = rust_xlsxwriter::Formula::new("=A1/0").set_result("#DIV/0!");
        sheet.write(2, 7, formula).unwrap();
    };
    assert!(!faults(&shenzhen(error)).is_empty());
    assert!(Fault::NumberIsQuantity.english().contains("TEXT(A2"));
}

#[test]
fn days_of_excel_are_read_whatever_form_a_mapping_names() {
    let map = "name = \"m\"\n[columns]\nvolunteer = \"义工号\"\ndate = \"日期\"\nhours = \"时长\"\n\
        activity = \"活动\"\n[forms]\ndate = [\"dd/MM/yyyy\"]\n";
    let profile = Profile::from_toml(map).unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, text) in (0..).zip(["义工号", "日期", "时长", "活动"]) {
        sheet.write(0, column, text).unwrap();
    }
    let day = Format::new().set_num_format("d.m.yy");
    let at = ExcelDateTime::from_ymd(2024, 2, 29).unwrap();
    sheet.write(1, 0, "07").unwrap();
    sheet.write_with_format(1, 1, &at, &day).unwrap();
    sheet.write(1, 2, 1.5).unwrap();
    sheet.write(1, 3, "巡河").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let sheet = read("m", &bytes, &Choice::Profile(profile), &Options::default()).unwrap();
    let [Line::Row(row)] = sheet.lines.as_slice() else { panic!("{:?}", sheet.lines) };
    assert_eq!(row.time, RowTime::Day { date: date(2024, 2, 29), minutes: 90 });
}

#[test]
fn of_several_sheets_one_must_be_named() {
    let mut book = Workbook::new();
    for name in ["一月", "二月"] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap().write(0, 0, name).unwrap();
    }
    book.add_worksheet().set_name("空").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let of = |sheet| rows(&bytes, Kind::Xlsx, sheet);
    let sheets = vec!["一月".to_owned(), "二月".to_owned()];
    assert_eq!(of(None), Err(SheetError::SeveralSheets { sheets }));
    assert_eq!(of(Some("二月")).unwrap(), [Record::new(1, vec!["二月".to_owned()])]);
    assert_eq!(of(Some("1")).unwrap(), [Record::new(1, vec!["一月".to_owned()])]);
    assert!(matches!(of(Some("三月")), Err(SheetError::NoSheet { .. })));
    assert_eq!(of(Some("空")).unwrap(), []);
    let options = Options { sheet: Some("1".to_owned()), ..Options::default() };
    assert_eq!(read("a", b"a,b", &Choice::Auto, &options), Err(SheetError::NoSheets));
}

#[test]
fn rows_columns_and_cells_are_read_to_their_bounds() {
    let cells = |places: &[(u32, u16)]| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (row, column) in places {
            sheet.write(*row, *column, "x").unwrap();
        }
        rows(&book.save_to_buffer().unwrap(), Kind::Xlsx, None)
    };
    let last = (u32::try_from(ROWS_MAX).unwrap() - 1, u16::try_from(COLUMNS_MAX).unwrap() - 1);
    let read = cells(&[(0, 0), last]).unwrap();
    assert_eq!((read.len(), read[1].line), (2, ROWS_MAX));
    assert_eq!(cells(&[(last.0 + 1, 0)]), Err(SheetError::TooManyRows));
    assert_eq!(cells(&[(0, last.1 + 1)]), Err(SheetError::TooManyColumns { line: 1 }));
    // The corner of a sheet costs no more than the cells that are there.
    assert_eq!(cells(&[(0, 0), (1_048_575, 16_383)]), Err(SheetError::TooManyRows));
    // Rows with one cell at their end hold the empty ones before it.
    let rows = u32::try_from(CELLS_MAX / COLUMNS_MAX).unwrap();
    let wide: Vec<(u32, u16)> = (0..=rows).map(|row| (row, last.1)).collect();
    assert!(cells(&wide[..wide.len() - 1]).is_ok());
    assert_eq!(cells(&wide), Err(SheetError::TooManyCells));
}

/// A ZIP of parts.
fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let zeros = vec![b' '; 1000];
    let bomb = packed(&[("xl/workbook.xml", b"<a/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    assert_eq!(guard::xlsx_within(&bomb, 1004), Ok(()));
    assert_eq!(guard::xlsx_within(&bomb, 1003), Err(SheetError::WorkbookTooLarge));
    let names: Vec<String> = (0..PARTS_MAX).map(|it| format!("{it}")).collect();
    let mut parts: Vec<(&str, &[u8])> = names.iter().map(|it| (it.as_str(), &b""[..])).collect();
    parts.push(("xl/workbook.xml", b""));
    assert_eq!(refused(&packed(&parts)), SheetError::WorkbookTooLarge);
}

#[test]
fn a_billion_laughs_are_not_laughed() {
    let lol = b"<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]><a>&lol2;</a>";
    let count = b"<sst count=\"1\" uniqueCount=\"99999999999999\"></sst>";
    for (name, bytes, expected) in [
        ("xl/sharedStrings.xml", &lol[..], SheetError::WorkbookEntities),
        ("xl/worksheets/sheet1.xml", &lol[..], SheetError::WorkbookEntities),
        ("xl/sharedStrings.xml", &count[..], SheetError::TooManyCells),
    ] {
        assert_eq!(refused(&packed(&[("xl/workbook.xml", b"<a/>"), (name, bytes)])), expected);
    }
    // Whatever the case of a part's name, as its reader takes it.
    for (name, bytes, expected) in [
        ("xl/SharedStrings.XML", &lol[..], SheetError::WorkbookEntities),
        ("xl/worksheets/sheet1.XML", &lol[..], SheetError::WorkbookEntities),
        ("xl/SharedStrings.XML", &count[..], SheetError::TooManyCells),
        ("XL\\SHAREDSTRINGS.xml", &count[..], SheetError::TooManyCells),
    ] {
        assert_eq!(refused(&packed(&[("xl/Workbook.xml", b"<a/>"), (name, bytes)])), expected);
    }
    // Also where it lies across two chunks.
    let late = [&vec![b' '; 64 * 1024 - 5][..], lol].concat();
    let late = packed(&[("xl/workbook.xml", b"<a/>"), ("xl/styles.xml", &late)]);
    assert_eq!(refused(&late), SheetError::WorkbookEntities);
}

#[test]
fn a_count_of_texts_is_seen_however_it_is_written() {
    let says = |attribute: &str| {
        let text = format!("<sst count='1' {attribute}></sst>");
        let parts = [("xl/workbook.xml", &b"<a/>"[..]), ("xl/sharedStrings.xml", text.as_bytes())];
        guard::xlsx(&packed(&parts))
    };
    let blanks = " \t\r\n".repeat(50_000);
    let zeros = "0".repeat(200_000);
    for (before, after, quote, zeros) in [
        ("", "", '"', ""),
        ("", "", '\'', ""),
        (" ", "\n", '"', ""),
        (&blanks, &blanks, '\'', &zeros),
    ] {
        let of = |count: usize| {
            says(&format!("uniqueCount{before}={after}{quote}{zeros}{count}{quote}"))
        };
        assert_eq!(of(CELLS_MAX), Ok(()));
        assert_eq!(of(CELLS_MAX + 1), Err(SheetError::TooManyCells));
        assert_eq!(of(usize::MAX), Err(SheetError::TooManyCells));
    }
    assert_eq!(says("a=\"uniq\"uniqueCount=\"99999999\""), Err(SheetError::TooManyCells));
    assert_eq!(says("uniqueCounts=\"99999999\""), Ok(()));
}

#[test]
fn files_that_lie_about_what_they_are_are_told() {
    let kind = |bytes: &[u8]| {
        let refused = refused(bytes);
        let SheetError::NotText { kind } = refused else { panic!("{refused}") };
        kind
    };
    assert_eq!(kind(&packed(&[("a.csv", b"1,2")])), ".zip");
    assert_eq!(kind(&packed(&[("xl/workbook.bin", b"")])), ".xlsb (binary Excel workbook)");
    assert_eq!(kind(&packed(&[("word/document.xml", b"")])), ".docx (Word document)");
    assert!(matches!(refused(b"PK\x03\x04rest"), SheetError::WorkbookBroken { .. }));
    let cut = shenzhen(|_| {});
    assert!(matches!(refused(&cut[..cut.len() / 2]), SheetError::WorkbookBroken { .. }));
    // An XLSX that is an XLS, and one that is a CSV.
    assert_eq!(lines(&xls(&[("0300207442", 45352.0, 0.375, 0.5, 3.0)])).len(), 1);
    let csv =
        "义工号,活动名称,服务开展日期,签到时间,签退时间,服务时长\n1,a,2024-03-01,09:00,10:00,1\n";
    let wide: Vec<u8> = csv.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let gbk = encoding_rs::GB18030.encode(csv).0;
    for text in [csv.as_bytes(), &gbk, &[b"\xfe\xff", &wide[..]].concat()] {
        let sheet = read("hours.xls", text, &Choice::Auto, &Options::default()).unwrap();
        assert!(matches!(sheet.lines.as_slice(), [Line::Row(_)]), "{:?}", sheet.lines);
    }
    let ods: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
    let seen = kind(&packed(&[("mimetype", ods), ("content.xml", b"<a/>")]));
    assert_eq!(seen, ".ods or another OpenDocument file");
}

#[test]
fn an_old_workbook_says_the_same_as_a_new_one() {
    let bytes = xls(&[("0300207442", 45352.0, 0.381_944_444_444_444, 0.486_111_111_111_111, 2.5)]);
    let lines = lines(&bytes);
    let [Line::Row(row)] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!((row.line, row.volunteer.as_str()), (2, "0300207442"));
    assert_eq!(row.time.minutes(), 150);
    for cut in [512, 600] {
        let refused = refused(&bytes[..cut]);
        assert!(matches!(refused, SheetError::WorkbookBroken { .. }), "{cut}: {refused}");
    }
}

#[test]
fn an_old_workbook_is_weighed_before_it_is_read() {
    let corners = |rows: &[(u16, u16)]| {
        let cells = rows.iter().map(|(row, column)| number(*row, *column, 0, 1.0)).collect();
        refused(&book(&[cells]))
    };
    assert_eq!(corners(&[(0, 0), (65535, 255)]), SheetError::TooManyCells);
    let many = vec![vec![number(0, 0, 0, 1.0)]; SHEETS_MAX + 1];
    assert_eq!(refused(&book(&many)), SheetError::WorkbookTooLarge);
}

/// Shenzhen's columns in the form of Excel 97.
fn xls(rows: &[(&str, f64, f64, f64, f64)]) -> Vec<u8> {
    let header = ["义工号", "服务开展日期", "签到时间", "签退时间", "服务时长", "活动名称"];
    let mut cells: Vec<Vec<u8>> = (0..).zip(header).map(|(at, it)| label(0, at, it)).collect();
    for (row, (who, day, start, end, hours)) in (1..).zip(rows) {
        cells.push(label(row, 0, who));
        cells.push(number(row, 1, 1, *day));
        cells.push(number(row, 2, 2, *start));
        cells.push(number(row, 3, 2, *end));
        cells.push(number(row, 4, 0, *hours));
        cells.push(label(row, 5, "巡河"));
    }
    book(&[cells])
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let len = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes()[..], &len.to_le_bytes(), data].concat()
}

fn at(row: u16, column: u16, form: u16) -> Vec<u8> {
    [row.to_le_bytes(), column.to_le_bytes(), form.to_le_bytes()].concat()
}

fn number(row: u16, column: u16, form: u16, value: f64) -> Vec<u8> {
    record(0x0203, &[at(row, column, form), value.to_le_bytes().to_vec()].concat())
}

fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let count = u16::try_from(wide.len() / 2).unwrap().to_le_bytes();
    record(0x0204, &[&at(row, column, 0)[..], &count, &[1], &wide].concat())
}

/// A file of Excel 97 with these records.
fn compound(stream: &[u8]) -> Vec<u8> {
    let mut file =
        cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    file.create_stream("Workbook").unwrap().write_all(stream).unwrap();
    file.into_inner().into_inner()
}

/// A workbook of sheets, each of these records.
fn book(sheets: &[Vec<Vec<u8>>]) -> Vec<u8> {
    book_with(&[], sheets)
}

/// One with a table of shared texts.
fn book_with(texts: &[u8], sheets: &[Vec<Vec<u8>>]) -> Vec<u8> {
    let begin = |kind: u16| {
        record(0x0809, &[0x0600_u16, kind, 0, 0, 0, 0, 0, 0].map(u16::to_le_bytes).concat())
    };
    let end = record(0x000A, &[]);
    // General, a day, a time.
    let forms = [0_u16, 14, 20]
        .map(|it| record(0x00E0, &[&[0; 2][..], &it.to_le_bytes(), &[0; 16]].concat()));
    let code = record(0x0042, &1200_u16.to_le_bytes());
    let named = |at: usize, no: usize| {
        let name = format!("S{no}");
        let at = u32::try_from(at).unwrap().to_le_bytes();
        let len = u8::try_from(name.len()).unwrap();
        record(0x0085, &[&at[..], &[0, 0, len, 0], name.as_bytes()].concat())
    };
    let bodies: Vec<Vec<u8>> =
        sheets.iter().map(|it| [begin(0x0010), it.concat(), end.clone()].concat()).collect();
    let head = [begin(0x0005), code, forms.concat(), texts.to_vec()].concat();
    let index = |from: usize| {
        let mut start = from;
        let each = (1..).zip(&bodies).map(|(no, body)| {
            let named = named(start, no);
            start += body.len();
            named
        });
        each.collect::<Vec<_>>().concat()
    };
    let from = head.len() + index(0).len() + end.len();
    let stream = [head, index(from), end, bodies.concat()].concat();
    compound(&stream)
}
