//! Whole sheets: files in, rows and faults out, and what was refused back into a file.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its fixture has failed")]

use lovebank_admin::import::civil::DateForm;
use lovebank_admin::import::decode::Encoding;
use lovebank_admin::import::error::SheetError;
use lovebank_admin::import::profile::Profile;
use lovebank_admin::import::reject::{Reject, write_reasons, write_rows};
use lovebank_admin::import::row::Line;
use lovebank_admin::import::table::{CELL_BYTES_MAX, ROWS_MAX};
use lovebank_admin::import::{Choice, MalformedRow, Options, Row, RowTime, Sheet, read};
use proptest::prelude::*;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn auto(name: &str) -> Sheet {
    read(name, &fixture(name), &Choice::Auto, &Options::default()).unwrap()
}

fn text(text: &str) -> Result<Sheet, SheetError> {
    read("sheet.csv", text.as_bytes(), &Choice::Auto, &Options::default())
}

fn rows(sheet: &Sheet) -> Vec<&Row> {
    sheet.rows().collect()
}

fn malformed(sheet: &Sheet) -> Vec<&MalformedRow> {
    sheet.malformed().collect()
}

fn codes(sheet: &Sheet) -> Vec<(usize, Option<usize>, &str)> {
    malformed(sheet).iter().map(|row| (row.line, row.column, row.fault.code())).collect()
}

/// When a row was, in one line.
fn when(row: &Row) -> String {
    match row.time {
        RowTime::Interval { start, end, minutes, .. } => format!("{start} {end} {minutes}"),
        RowTime::Day { date, minutes } => format!("{date} {minutes}"),
        RowTime::Total { minutes } => format!("{minutes}"),
    }
}

const HEADER: &str = "序号,义工号,姓名,活动名称,服务开展日期,签到时间,签退时间,服务时长\n";

/// The only row of a sheet with 8 columns.
fn one(cells: &str) -> Line {
    text(&format!("{HEADER}{cells}\n")).unwrap().lines.remove(0)
}

fn fault(cells: &str) -> (Option<usize>, &'static str) {
    match one(cells) {
        Line::Malformed(row) => (row.column, row.fault.code()),
        Line::Row(row) => panic!("{row:?}"),
    }
}

#[test]
fn the_same_sheet_is_read_from_every_encoding() {
    for (name, encoding, delimiter) in [
        ("shenzhen_8_gb18030_crlf.csv", Encoding::Gb18030, b','),
        ("shenzhen_8_utf8_bom.csv", Encoding::Utf8, b','),
        ("shenzhen_8_utf16le.csv", Encoding::Utf16Le, b'\t'),
    ] {
        let sheet = auto(name);
        assert_eq!((sheet.encoding, sheet.delimiter), (encoding, delimiter));
        assert_eq!((sheet.profile.name.as_str(), sheet.head.len()), ("shenzhen", 2));
        assert_eq!((sheet.blank, sheet.unread.len()), (1, 0));
        let seen: Vec<_> =
            rows(&sheet).iter().map(|row| (row.line, row.volunteer.as_str(), when(row))).collect();
        assert_eq!(
            seen,
            [
                (3, "0300000101", "2024-03-02T09:00:00 2024-03-02T11:30:00 150".to_owned()),
                (4, "0300000102", "2024-03-02T23:30:00 2024-03-03T01:15:00 105".to_owned()),
                (7, "030000105", "2024-03-02T09:00:00 2024-03-02T10:00:00 60".to_owned()),
            ]
        );
        assert_eq!(
            codes(&sheet),
            [
                (5, Some(8), "HOURS_CONFLICT"),
                (6, Some(2), "NUMBER_DESTROYED"),
                (9, Some(5), "DATE_IMPOSSIBLE"),
            ]
        );
        assert_eq!(rows(&sheet)[1].name.as_deref(), Some("样例乙䶮"));
        assert_eq!(rows(&sheet)[2].name.as_deref(), Some("样例戊𠀀"));
        let conflict = malformed(&sheet)[0];
        assert_eq!(conflict.header.as_deref(), Some("服务时长（单位：小时）"));
        assert_eq!((conflict.value.as_str(), conflict.file.as_str()), ("1", name));
        assert!(conflict.fault.english().contains("the times make 0:00 but the hours say 1:00"));
    }
}

#[test]
fn nine_columns_need_the_activity_from_outside() {
    let bytes = fixture("shenzhen_9_utf8_lf.csv");
    let read = |activity: Option<&str>| {
        let options = Options { activity: activity.map(str::to_owned), ..Options::default() };
        read("nine.csv", &bytes, &Choice::Auto, &options)
    };
    assert_eq!(read(None), Err(SheetError::ActivityNeeded));
    assert_eq!(read(Some("\u{3000}")), Err(SheetError::ActivityNeeded));
    let sheet = read(Some("河边清洁")).unwrap();
    assert_eq!(codes(&sheet), []);
    let rows = rows(&sheet);
    let lines: Vec<_> = rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [3, 4, 6], "a quoted line break counts");
    assert!(rows.iter().all(|row| row.activity == "河边清洁"));
    assert_eq!((&rows[0].recorder, rows[0].attestor.as_deref()), (&None, Some("样例证人")));
    assert_eq!(when(rows[1]), "2024-03-02T20:00:00 2024-03-03T00:00:00 240");
    assert_eq!(when(rows[2]), "2024-03-02T08:00:00 2024-03-02T09:00:00 60");
}

#[test]
fn a_batch_without_a_header_is_known_by_its_addresses() {
    let sheet = auto("nss.csv");
    assert_eq!((sheet.profile.name.as_str(), sheet.head.len()), ("nss", 0));
    let seen: Vec<_> =
        rows(&sheet).iter().map(|row| (row.line, row.volunteer.as_str(), when(row))).collect();
    assert_eq!(
        seen,
        [
            (1, "a01@example.org", "180".to_owned()),
            (2, "a01@example.org", "-120".to_owned()),
            (3, "b02@example.org", "0".to_owned()),
            (9, "b02@example.org", "90".to_owned()),
        ]
    );
    assert_eq!(
        codes(&sheet),
        [
            (4, Some(1), "VOLUNTEER_MISSING"),
            (5, None, "COLUMN_COUNT"),
            (6, Some(1), "VOLUNTEER_NOT_EMAIL"),
            (7, Some(3), "HOURS_FORM"),
            (8, Some(2), "ACTIVITY_MISSING"),
        ]
    );
}

#[test]
fn a_mapping_reads_any_other_sheet() {
    let mapping = String::from_utf8(fixture("street.toml")).unwrap();
    let choice = Choice::Profile(Profile::from_toml(&mapping).unwrap());
    let bytes = fixture("street.csv");
    let sheet = read("street.csv", &bytes, &choice, &Options::default()).unwrap();
    assert_eq!((sheet.delimiter, sheet.head.len()), (b';', 4));
    assert_eq!(sheet.unread, ["时长", "备注"]);
    assert_eq!(sheet.profile.dates, [DateForm::Compact, DateForm::Dash]);
    let rows = rows(&sheet);
    assert_eq!((rows[0].volunteer.as_str(), when(rows[0])), ("007", "2024-03-02 90".to_owned()));
    assert_eq!(
        (rows[0].place.as_deref(), rows[0].category.as_deref()),
        (Some("河边"), Some("环保"))
    );
    assert_eq!((rows[1].line, when(rows[1])), (6, "2024-03-02 -30".to_owned()));
    assert_eq!(codes(&sheet), [(7, Some(8), "HOURS_FORM")]);
}

#[test]
fn a_named_profile_without_a_header_is_not_doubted() {
    let choice = Choice::Profile(Profile::nss());
    let nss = |text: &str| read("n.csv", text.as_bytes(), &choice, &Options::default()).unwrap();
    assert_eq!(codes(&nss("noat-1,5,3\n")), [(1, Some(1), "VOLUNTEER_NOT_EMAIL")]);
    assert_eq!(codes(&nss("a@b,5\n")), [(1, None, "COLUMN_COUNT")]);
    let tabs = nss("a@b\t5\t3\n");
    assert_eq!((tabs.delimiter, rows(&tabs).len()), (b'\t', 1));
}

#[test]
fn an_unknown_sheet_is_told_what_was_seen_and_what_is_known() {
    let Err(e) =
        text("标题\n义工号,服务开展日期,签到时间,签退时间,服务时长(单位:分钟)\n1,2,3,4,5\n")
    else {
        panic!()
    };
    let SheetError::NoHeader { line, seen, profiles } = &e else { panic!("{e}") };
    assert_eq!((*line, seen.len()), (2, 5));
    assert_eq!(profiles[0], "shenzhen lacks 服务时长(单位:小时)");
    assert!(profiles[1].starts_with("nss lacks 1 volunteer"), "{profiles:?}");
    assert!(e.to_string().contains("义工号 | 服务开展日期"), "{e}");
    assert_eq!(text(""), Err(SheetError::Empty));
    assert_eq!(text("\r\n\r\n"), Err(SheetError::Empty));
}

#[test]
fn a_header_is_found_at_its_bound_and_not_past_it() {
    let row = "1,0300,甲,巡河,2024/3/2,9:00,10:00,1\n";
    assert!(text(&format!("{}{HEADER}{row}", "标题,\n".repeat(9))).is_ok());
    let late = text(&format!("{}{HEADER}{row}", "标题,\n".repeat(10)));
    assert!(matches!(late, Err(SheetError::NoHeader { .. })));
}

#[test]
fn a_header_that_says_a_thing_twice_is_refused() {
    let twice = HEADER.replace("姓名", "义工号");
    assert_eq!(
        text(&twice),
        Err(SheetError::TwoColumns { field: "volunteer", first: 2, second: 3 })
    );
}

#[test]
fn every_cell_at_fault_is_named() {
    for (cells, expected) in [
        ("1,,甲,巡河,2024/3/2,9:00,10:00,1", (Some(2), "VOLUNTEER_MISSING")),
        ("1,03 00,甲,巡河,2024/3/2,9:00,10:00,1", (Some(2), "VOLUNTEER_SPACED")),
        ("1,0300,甲,,2024/3/2,9:00,10:00,1", (Some(4), "ACTIVITY_MISSING")),
        ("1,0300,甲,巡河,,9:00,10:00,1", (Some(5), "DATE_MISSING")),
        ("1,0300,甲,巡河,昨天,9:00,10:00,1", (Some(5), "DATE_FORM")),
        ("1,0300,甲,巡河,2024/3/2,,10:00,1", (Some(6), "TIME_MISSING")),
        ("1,0300,甲,巡河,2024/3/2,9:00,10点,1", (Some(7), "TIME_FORM")),
        ("1,0300,甲,巡河,2024/3/2,9:00,25:00,1", (Some(7), "TIME_IMPOSSIBLE")),
        ("1,0300,甲,巡河,2024/3/2,9:00,10:00,一", (Some(8), "HOURS_FORM")),
        ("1,0300,甲,巡河,2024/3/2,9:00,10:00,1.50", (Some(8), "HOURS_CONFLICT")),
        ("1,0300,甲,巡河,2024/3/2,9:00,10:00,-1", (Some(8), "HOURS_CONFLICT")),
        ("1,0300,甲,巡河,2024/3/2,9:00,9:00,", (Some(7), "ZERO_MINUTES")),
        ("1,0300,甲,巡河,2024/3/2,9:00,9:00,0", (Some(7), "ZERO_MINUTES")),
        ("1,0300,甲,巡河,2024/3/2,9:00,9:00,0.4", (Some(8), "HOURS_CONFLICT")),
        ("1,0300,甲,巡河,2024/3/2,9:00", (None, "COLUMN_COUNT")),
        ("1,0300,甲,巡,河,2024/3/2,9:00,10:00,1", (None, "COLUMN_COUNT")),
        ("1,0300,甲\u{fffd},巡河,2024/3/2,9:00,10:00,1", (Some(3), "CELL_GARBLED")),
    ] {
        assert_eq!(fault(cells), expected, "{cells}");
    }
    assert!(matches!(one("1,0300,甲,巡河,2024/3/2,9:00,10:00,1,, "), Line::Row(_)));
}

#[test]
fn a_cell_is_read_at_its_bound_and_refused_past_it() {
    let row = |len: usize| format!("{},0300,甲,巡河,2024/3/2,9:00,10:00,1", "n".repeat(len));
    assert!(matches!(one(&row(CELL_BYTES_MAX)), Line::Row(_)));
    assert_eq!(fault(&row(CELL_BYTES_MAX + 1)), (Some(1), "CELL_TOO_LONG"));
}

#[test]
fn what_the_bank_would_refuse_by_its_bounds_is_told_with_its_column() {
    let row = |number: usize, name: usize, activity: usize| {
        let [number, name, activity] =
            [("0", number), ("名", name), ("河", activity)].map(|(it, len)| it.repeat(len));
        format!("1,{number},{name},{activity},2024/3/2,9:00,10:00,1")
    };
    assert!(matches!(one(&row(64, 64, 128)), Line::Row(_)));
    assert_eq!(fault(&row(65, 64, 128)), (Some(2), "VOLUNTEER_TOO_LONG"));
    assert_eq!(fault(&row(64, 65, 128)), (Some(3), "TEXT_TOO_LONG"));
    assert_eq!(fault(&row(64, 64, 129)), (Some(4), "TEXT_TOO_LONG"));
    let bell = "1,0300,甲,巡\u{7}河,2024/3/2,9:00,10:00,1";
    assert_eq!(fault(bell), (Some(4), "TEXT_CONTROL"));
    assert!(matches!(one("1,0300,甲,巡河,1970/1/2,9:00,10:00,1"), Line::Row(_)));
    assert_eq!(fault("1,0300,甲,巡河,1969/12/31,9:00,10:00,1").1, "DATE_IMPOSSIBLE");
}

#[test]
fn a_day_has_no_more_minutes_than_a_day() {
    let profile = "name = \"days\"\nwidth = 3\n[columns]\nvolunteer = 1\ndate = 2\nminutes = 3\n";
    let choice = Choice::Profile(Profile::from_toml(profile).unwrap());
    let options = Options { activity: Some("巡河".to_owned()), ..Options::default() };
    let text = "0300,2024/3/2,1440\n0300,2024/3/2,-1440\n0300,2024/3/2,1441\n0300,2024/3/2,-1441\n";
    let sheet = read("d.csv", text.as_bytes(), &choice, &options).unwrap();
    assert_eq!(codes(&sheet), [(3, Some(3), "DAY_TOO_LONG"), (4, Some(3), "DAY_TOO_LONG")]);
}

#[test]
fn a_file_past_its_bounds_gives_nothing_rather_than_a_part() {
    let many = format!("{HEADER}{}", "1,0300,甲,巡河,2024/3/2,9:00,10:00,1\n".repeat(ROWS_MAX));
    assert_eq!(text(&many), Err(SheetError::TooManyRows));
    let open = format!("{HEADER}1,\"0300,甲,巡河,2024/3/2,9:00,10:00,1\n2,0301,乙\n");
    assert_eq!(text(&open), Err(SheetError::UnclosedQuote { line: 2 }));
}

fn rejected(sheet: &Sheet) -> (Vec<u8>, String) {
    let rejects: Vec<Reject<'_>> = malformed(sheet).into_iter().map(Reject::from).collect();
    let (mut rows, mut reasons) = (Vec::new(), Vec::new());
    write_rows(sheet, &rejects, &mut rows).unwrap();
    write_reasons(&rejects, &mut reasons).unwrap();
    (rows, String::from_utf8(reasons).unwrap())
}

#[test]
fn refused_rows_can_be_mended_and_sent_again() {
    for name in ["shenzhen_8_gb18030_crlf.csv", "shenzhen_8_utf16le.csv", "nss.csv"] {
        let sheet = auto(name);
        let (bytes, reasons) = rejected(&sheet);
        assert!(bytes.starts_with("\u{feff}".as_bytes()));
        let choice = Choice::Profile(sheet.profile.clone());
        let again = read(name, &bytes, &choice, &Options::default()).unwrap();
        assert_eq!((&again.head, again.delimiter), (&sheet.head, sheet.delimiter));
        let cells = |sheet| -> Vec<_> {
            malformed(sheet).iter().map(|row| (row.raw.clone(), row.fault.clone())).collect()
        };
        assert_eq!(cells(&again), cells(&sheet), "{name}");
        assert_eq!(rows(&again).len(), 0);
        assert_eq!(reasons.lines().count(), malformed(&sheet).len() + 1);
    }
    let mended = String::from_utf8(rejected(&auto("shenzhen_8_utf8_bom.csv")).0).unwrap();
    let mended = mended.replace("12:05,1\r\n", "13:05,1\r\n");
    assert_eq!(rows(&text(&mended).unwrap()).len(), 1);
}

#[test]
fn reasons_name_file_line_column_code_and_remedy() {
    let (_, reasons) = rejected(&auto("shenzhen_8_utf8_bom.csv"));
    let mut lines = reasons.lines();
    assert_eq!(lines.next(), Some("\u{feff}file,line,column,code,message"));
    let first = lines.next().unwrap();
    let start = "shenzhen_8_utf8_bom.csv,5,8 服务时长（单位：小时）,HOURS_CONFLICT,";
    assert!(first.starts_with(start), "{first}");
    assert!(first.contains("请更正") && first.contains("correct the one"), "{first}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for choice in [Choice::Auto, Choice::Profile(Profile::nss())] {
            let _ = read("x", &bytes, &choice, &Options::default());
        }
    }

    #[test]
    fn no_rows_panic(rows in prop::collection::vec("[-0-9:/.,;\"\t年月日 Ee+\r\n]{0,60}", 0..8)) {
        let _ = text(&format!("{HEADER}{}", rows.join("\n")));
    }

    #[test]
    fn numbers_keep_their_zeros_through_a_sheet(number in "0{1,9}[0-9]{0,20}") {
        let line = one(&format!("1,{number},甲,巡河,2024/3/2,9:00,10:00,1"));
        let Line::Row(row) = line else { panic!("{line:?}") };
        prop_assert_eq!(row.volunteer, number);
    }

    #[test]
    fn refused_cells_come_back_as_they_were(
        cells in prop::collection::vec("[a0,;\"\t \r\n\u{3000}=+义]{0,12}", 0..6),
    ) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        writer.write_record(std::iter::once("x").chain(cells.iter().map(String::as_str))).unwrap();
        let written = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let sheet = text(&format!("{HEADER}{written}")).unwrap();
        let (bytes, _) = rejected(&sheet);
        let again = text(std::str::from_utf8(&bytes).unwrap()).unwrap();
        let raw = |sheet| malformed(sheet).iter().map(|row| row.raw.clone()).collect::<Vec<_>>();
        prop_assert_eq!(raw(&again), raw(&sheet));
        prop_assert_eq!(raw(&sheet).len(), 1);
    }
}
