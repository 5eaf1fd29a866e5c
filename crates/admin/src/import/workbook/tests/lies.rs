//! Old workbooks that say other than they are.

use std::io::Read as _;

use super::*;

fn weighed(bytes: &[u8]) -> Result<(), SheetError> {
    old::within(bytes, TEXT_BYTES_MAX).map(|_| ())
}

fn read_old(bytes: &[u8]) -> Vec<Record> {
    rows(bytes, Kind::Xls, None).unwrap()
}

/// The same workbook with other bytes in it.
fn edited(bytes: &[u8], edit: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).unwrap();
    let mut stream = Vec::new();
    file.open_stream("Workbook").unwrap().read_to_end(&mut stream).unwrap();
    edit(&mut stream);
    compound(&stream)
}

/// Where the index says that sheets begin.
fn indexed(stream: &[u8]) -> Vec<usize> {
    let is_sheet = |at: &usize| stream.get(*at..at + 2) == Some(&[0x85, 0]);
    let records = std::iter::successors(Some(0), |at| {
        Some(at + 4 + usize::from(old::u16_at(stream, at + 2)?))
    });
    records.take_while(|it| it + 4 <= stream.len()).filter(is_sheet).map(|it| it + 4).collect()
}

/// Many numbers of one row in a record, all of them 1.
fn numbers(count: u16) -> Vec<u8> {
    let each = [[0, 0], [6, 0], [0, 0]].concat().repeat(count.into());
    record(0x00BD, &[&[0; 4][..], &each, &(count - 1).to_le_bytes()].concat())
}

#[test]
fn a_cell_counts_as_often_as_it_is_there() {
    let most = numbers(1000).repeat(CELLS_MAX / 1000);
    assert_eq!(weighed(&book(&[vec![most.clone()]])), Ok(()));
    let past = book(&[vec![most, number(0, 0, 0, 1.0)]]);
    assert_eq!(weighed(&past), Err(SheetError::TooManyCells));
    let twice = vec![number(0, 0, 0, 1.0), number(0, 0, 0, 2.0)];
    assert_eq!(read_old(&book(&[twice])), read_old(&book(&[vec![number(0, 0, 0, 2.0)]])));
}

#[test]
fn sheets_do_not_lie_over_each_other() {
    let cells = |it| vec![number(0, 0, 0, it)];
    let three = book(&[cells(1.0), cells(2.0), cells(3.0)]);
    assert_eq!(weighed(&three), Ok(()));
    for (sheet, by) in [(1, -1_i64), (2, -30), (2, -1)] {
        let over = edited(&three, |stream| {
            let at = indexed(stream);
            let start = old::u32_at(stream, at[if by == -1 { sheet - 1 } else { sheet }]).unwrap();
            let start = i64::try_from(start).unwrap() + if by == -1 { 0 } else { by };
            let start = u32::try_from(start).unwrap().to_le_bytes();
            stream[at[sheet]..at[sheet] + 4].copy_from_slice(&start);
        });
        let seen = rows(&over, Kind::Xls, None);
        assert!(matches!(seen, Err(SheetError::WorkbookBroken { .. })), "{sheet} {by}: {seen:?}");
    }
    for start in [0_u32, 3, u32::MAX] {
        let out = edited(&three, |stream| {
            let at = indexed(stream)[2];
            stream[at..at + 4].copy_from_slice(&start.to_le_bytes());
        });
        let seen = weighed(&out);
        assert!(matches!(seen, Err(SheetError::WorkbookBroken { .. })), "{start}: {seen:?}");
    }
}

#[test]
fn what_a_sheet_says_of_its_size_makes_no_room() {
    let new = |rows: (u32, u32), columns: (u16, u16)| {
        let (rows, columns) = ([rows.0, rows.1], [columns.0, columns.1, 0]);
        let columns = columns.map(u16::to_le_bytes).concat();
        record(0x0200, &[rows.map(u32::to_le_bytes).concat(), columns].concat())
    };
    let old = |it: [u16; 5]| record(0x0200, &it.map(u16::to_le_bytes).concat());
    for says in [
        new((0, u32::MAX), (0, 1)),
        new((0, CELLS_MAX.try_into().unwrap()), (0x100, u16::MAX)),
        new((5, 3), (0, 1)),
        new((u32::MAX, 1), (9, 2)),
        new((0, 0), (0, 0)),
        old([0, u16::MAX, 0x100, u16::MAX, 0]),
        old([7, 2, 9, 3, 0]),
        record(0x0200, &[1, 2, 3]),
    ] {
        let cells = vec![says.clone(), label(0, 0, "爱"), says.clone()];
        let texts = vec!["爱".to_owned()];
        assert_eq!(read_old(&book(&[cells])), [Record::new(1, texts)], "{says:?}");
    }
}

fn formula(column: u16, value: [u8; 8], tokens: &[u8]) -> Vec<u8> {
    let len = u16::try_from(tokens.len()).unwrap().to_le_bytes();
    record(0x0006, &[&at(0, column, 0)[..], &value, &[0; 6], &len, tokens].concat())
}

#[test]
fn a_formula_is_what_it_came_to_and_no_more() {
    let text: Vec<u8> = [&2_u16.to_le_bytes()[..], &[1], &[0x31, 0x72, 0xc3, 0x5f]].concat();
    // A name of 255 letters, which formulas name a thousand times each.
    let name = [&[0, 0, 0, 255][..], &[0; 10], &[0], &[b'n'; 255]].concat();
    let names = [0x23, 1, 0, 0, 0].repeat(1000);
    let cells = vec![
        formula(0, 2.5_f64.to_le_bytes(), &names),
        formula(1, [1, 0, 1, 0, 0, 0, 0xFF, 0xFF], &names),
        formula(2, [2, 0, 7, 0, 0, 0, 0xFF, 0xFF], &names),
        formula(3, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF], &names),
        record(0x0207, &text),
    ];
    let bytes = book_with(&record(0x0018, &name), &[cells]);
    let seen = read_old(&bytes);
    assert_eq!(seen[0].cells, ["2.5", "TRUE", "#DIV/0!", "爱心"]);
    let flaws: Vec<usize> = seen[0].flaws.iter().map(|it| it.0).collect();
    assert_eq!(flaws, [0, 2], "a quantity and an error");
    let kept = old::cells_only(&bytes).unwrap();
    let mut kept: Xls<Bytes<'_>> = Xls::new(Cursor::new(&kept[..])).unwrap();
    let formulas = kept.worksheet_formula("S1").unwrap();
    assert_eq!(formulas.used_cells().map(|it| it.2.len()).sum::<usize>(), 0, "{formulas:?}");
    // One that is too short to be one.
    let short = book(&[vec![record(0x0006, &[0; 21])]]);
    assert!(matches!(rows(&short, Kind::Xls, None), Err(SheetError::WorkbookBroken { .. })));
}

#[test]
fn a_result_without_its_formula_takes_room_where_it_is_put() {
    let result = record(0x0207, &[1, 0, 0, b'x']);
    let corner = vec![number(65_535, 255, 0, 1.0), result.clone()];
    assert_eq!(weighed(&book(&[corner])), Err(SheetError::TooManyCells));
    let far = formula(255, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF], &[]);
    assert_eq!(weighed(&book(&[vec![far, result, number(65_535, 255, 0, 1.0)]])), Ok(()));
}

#[test]
fn days_since_1904_and_whole_sheets_that_are_merged() {
    let mode = record(0x0022, &[1, 0]);
    let cells = vec![
        record(0x00E5, &[1, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0]),
        record(0x00E5, &[0xFF, 0xFF]),
        number(0, 0, 1, 43_890.0),
    ];
    let seen = read_old(&book_with(&mode, &[cells]));
    assert_eq!(seen[0].cells, ["2024-03-01"]);
}

#[test]
fn who_needs_a_password_is_told() {
    let locked = book_with(&record(0x002F, &[1, 0, 1, 0]), &[vec![number(0, 0, 0, 1.0)]]);
    assert_eq!(refused(&locked), SheetError::WorkbookLocked);
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("EncryptedPackage").unwrap().write_all(&[0; 64]).unwrap();
    let locked = file.into_inner().into_inner();
    assert_eq!(refused(&locked), SheetError::WorkbookLocked);
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("WordDocument").unwrap().write_all(&[0; 64]).unwrap();
    let other = refused(&file.into_inner().into_inner());
    assert!(matches!(other, SheetError::NotText { .. }), "{other}");
}

#[test]
fn shared_texts_lie_in_as_many_records_as_the_largest_file_fills() {
    let table = |pieces: usize| {
        let more = record(0x003C, &[1, 0, 0, b'x']).repeat(pieces - 1);
        book_with(&[record(0x00FC, &[0; 8]), more].concat(), &[vec![number(0, 0, 0, 1.0)]])
    };
    assert_eq!(weighed(&table(old::PIECES_MAX)), Ok(()));
    assert_eq!(weighed(&table(old::PIECES_MAX + 1)), Err(SheetError::WorkbookTooLarge));
    assert_eq!(read_old(&table(old::PIECES_MAX)).len(), 1);
}
