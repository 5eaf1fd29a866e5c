//! What a workbook may hold at most: texts, cells, sheets.

use super::*;

#[test]
fn a_long_text_is_refused_in_its_row_and_kept_no_longer_than_that_takes() {
    let with = |text: &str| {
        shenzhen(|sheet| {
            sheet.write(2, 2, text).unwrap();
        })
    };
    // At the bound of a cell it is still read, and is too long for a name.
    assert_eq!(faults(&with(&"x".repeat(CELL_BYTES_MAX))), [(3, Some(3), "TEXT_TOO_LONG")]);
    let long = "爱".repeat(30_000);
    assert_eq!(faults(&with(&long)), [(3, Some(3), "CELL_TOO_LONG")]);
    let rows = rows(&with(&long), Kind::Xlsx, None).unwrap();
    let kept = rows[2].cells[2].len();
    assert!((CELL_BYTES_MAX + 1..=CELL_BYTES_MAX + 4).contains(&kept), "{kept}");
}

#[test]
fn texts_are_counted_as_often_as_cells_have_them() {
    let mut grid = Grid::within(10);
    for row in 0..5 {
        grid.put((row, 0), &Data::String("ab".to_owned())).unwrap();
    }
    let past = grid.put((5, 0), &Data::String("a".to_owned()));
    assert_eq!(past, Err(SheetError::WorkbookTooLarge));
    // A shared text past what a cell may have, in more cells than it could be written out for.
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let text = "x".repeat(30_000);
    let cells = TEXT_BYTES_MAX / (CELL_BYTES_MAX + 1);
    for at in 0..=cells {
        let (row, column) = (u32::try_from(at / 200).unwrap(), u16::try_from(at % 200).unwrap());
        sheet.write(row, column, &text).unwrap();
    }
    assert_eq!(refused(&book.save_to_buffer().unwrap()), SheetError::WorkbookTooLarge);
}

#[test]
fn shared_texts_are_counted_however_many_it_says() {
    let of = |count: usize, text: &str| {
        let table = format!("<sst uniqueCount=\"1\">{}</sst>", text.repeat(count));
        guard::xlsx(&packed(&[
            ("xl/workbook.xml", b"<a/>"),
            ("xl/sharedStrings.xml", table.as_bytes()),
        ]))
    };
    assert_eq!(of(CELLS_MAX, "<si/>"), Ok(()));
    assert_eq!(of(CELLS_MAX + 1, "<si/>"), Err(SheetError::TooManyCells));
    assert_eq!(of(CELLS_MAX + 1, "<x:si/>"), Err(SheetError::TooManyCells));
}

#[test]
fn what_names_other_parts_is_small() {
    let most = usize::try_from(FRAME_BYTES_MAX).unwrap();
    for name in ["xl/Styles.xml", "xl/_rels/workbook.xml.rels"] {
        let past = packed(&[("xl/workbook.xml", b"<a/>"), (name, &vec![b' '; most + 1])]);
        assert_eq!(guard::xlsx(&past), Err(SheetError::WorkbookTooLarge), "{name}");
    }
    for name in ["xl/styles.xml", "docProps/app.xml"] {
        let more = usize::from(name.starts_with("docProps"));
        let fits = packed(&[("xl/workbook.xml", b"<a/>"), (name, &vec![b' '; most + more])]);
        assert_eq!(guard::xlsx(&fits), Ok(()), "{name}");
    }
}

/// An XLSX of one sheet, as written, after so much before its rows.
fn sheet_of(before: &str, rows: &str) -> Vec<u8> {
    sheets_of(1, &format!("<worksheet>{before}<sheetData>{rows}</sheetData></worksheet>"))
}

#[test]
fn a_sheet_is_as_large_as_its_cells_whatever_it_says() {
    let cell = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";
    let whole = "<dimension ref=\"A1:XFD1048576\"/>";
    let merged =
        "</sheetData><mergeCells><mergeCell ref=\"A1:XFD1048576\"/></mergeCells><sheetData>";
    for bytes in [sheet_of(whole, cell), sheet_of("", &format!("{cell}{merged}"))] {
        let rows = rows(&bytes, Kind::Xlsx, None).unwrap();
        assert_eq!(rows.len(), 1);
    }
    // Rows and columns that no sheet has.
    for place in ["A4294967296", "ZZZZZZZZZZZZZZZ1", "1A", "", "A0", "XFE1048577"] {
        let bytes = sheet_of("", &format!("<row><c r=\"{place}\"><v>1</v></c></row>"));
        assert!(rows(&bytes, Kind::Xlsx, None).is_err(), "{place}");
    }
    // A text that is not in the table, a form that there is not, and rows without end.
    let cells = "<row><c t=\"s\"><v>99999999</v></c><c s=\"99999999\"><v>1e999</v></c></row>";
    assert!(rows(&sheet_of("", cells), Kind::Xlsx, None).is_err());
    let open = sheets_of(1, "<worksheet><sheetData><row><c><v>1");
    assert!(matches!(rows(&open, Kind::Xlsx, None), Err(SheetError::WorkbookBroken { .. })));
}

/// A workbook of so many sheets that are all one part.
fn same_sheets(count: usize) -> Vec<u8> {
    let part =
        "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>";
    sheets_of(count, part)
}

fn sheets_of(count: usize, part: &str) -> Vec<u8> {
    let sheet = |it: usize| format!("<sheet name=\"{it}\" sheetId=\"{it}\" r:id=\"r\"/>");
    let sheets = (1..=count).map(sheet).collect::<Vec<_>>().concat();
    let book = format!("<workbook><sheets>{sheets}</sheets></workbook>");
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let rels = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id=\"r\" Type=\"{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    packed(&[
        ("_rels/.rels", rels(&format!("{kind}/officeDocument"), "xl/workbook.xml").as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        (
            "xl/_rels/workbook.xml.rels",
            rels(&format!("{kind}/worksheet"), "worksheets/sheet1.xml").as_bytes(),
        ),
        ("xl/worksheets/sheet1.xml", part.as_bytes()),
    ])
}

#[test]
fn sheets_are_looked_at_to_their_bound() {
    for sheet in [None, Some("1")] {
        let of = |count| rows(&same_sheets(count), Kind::Xlsx, sheet);
        let most = of(SHEETS_MAX);
        match sheet {
            Some(_) => assert_eq!(most.unwrap().len(), 1),
            None => assert!(matches!(most, Err(SheetError::SeveralSheets { .. })), "{most:?}"),
        }
        assert_eq!(of(SHEETS_MAX + 1), Err(SheetError::WorkbookTooLarge));
    }
}

fn weighed(bytes: &[u8], most: usize) -> Result<(), SheetError> {
    old::within(bytes, most).map(|_| ())
}

#[test]
fn shared_texts_of_an_old_workbook_are_weighed_for_each_cell() {
    // The first with a form and something after it; the second goes on in a record of its own.
    let first = [&[3_u8, 0, 12, 1, 0, 5, 0, 0, 0][..], b"abc", &[0; 4], &[9; 5]].concat();
    let half: Vec<u8> = "爱心".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let second = [&[5_u8, 0, 1][..], &half].concat();
    let table = record(0x00FC, &[&[0; 8][..], &first, &second].concat());
    let more = record(0x003C, &[&[0_u8][..], b"def", &[2, 0, 0], b"gh"].concat());
    let shared = |column: u16, no: u32| {
        record(0x00FD, &[at(0, column, 0), no.to_le_bytes().to_vec()].concat())
    };
    let cells = vec![shared(0, 0), shared(1, 1), shared(2, 2), shared(3, 1), shared(4, 3)];
    let bytes = book_with(&[table.clone(), more.clone()].concat(), std::slice::from_ref(&cells));
    let texts = ["abc", "爱心def", "gh", "爱心def"].map(str::to_owned).to_vec();
    assert_eq!(rows(&bytes, Kind::Xls, None).unwrap(), [Record::new(1, texts)]);
    let most = 3 * (3 + 5 + 2 + 5);
    assert_eq!(weighed(&bytes, most), Ok(()));
    assert_eq!(weighed(&bytes, most - 1), Err(SheetError::WorkbookTooLarge));
    let own = book(&[vec![label(0, 0, "爱心"), label(0, 1, "d")]]);
    assert_eq!(weighed(&own, 9), Ok(()));
    assert_eq!(weighed(&own, 8), Err(SheetError::WorkbookTooLarge));
    // Its reader reads every table, and only the last would be weighed.
    let twice = [table.clone(), more.clone(), record(0x00FC, &[0; 8])].concat();
    let twice = weighed(&book_with(&twice, std::slice::from_ref(&cells)), most);
    assert!(matches!(twice, Err(SheetError::WorkbookBroken { .. })), "{twice:?}");
    let short = weighed(&book_with(&table, &[cells]), most);
    assert!(matches!(short, Err(SheetError::WorkbookBroken { .. })), "{short:?}");
}

#[test]
fn an_old_workbook_of_one_text_in_very_many_cells_is_refused() {
    let mut table = record(0x00FC, &[&[0_u8; 8][..], &[0xFF, 0xFF, 0], &[b'x'; 8000]].concat());
    for len in [8000_usize; 7].into_iter().chain([65_535 - 64_000]) {
        table.extend(record(0x003C, &[&[0_u8][..], &vec![b'x'; len]].concat()));
    }
    let cells = |count: usize| {
        let each = (0..count).map(|it| {
            let place = at(u16::try_from(it).unwrap(), 0, 0);
            record(0x00FD, &[place, vec![0; 4]].concat())
        });
        book_with(&table, &[each.collect()])
    };
    let most = TEXT_BYTES_MAX / (3 * 65_535);
    assert_eq!(weighed(&cells(most), TEXT_BYTES_MAX), Ok(()));
    assert_eq!(refused(&cells(most + 1)), SheetError::WorkbookTooLarge);
}
