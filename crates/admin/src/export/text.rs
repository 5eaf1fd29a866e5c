//! Rows as CSV and as JSON by the line.

use std::{borrow::Cow, io::Write};

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{Cell, Column};

/// The mark by which Excel knows UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A CSV with its header.
pub(super) fn csv<W: Write>(
    mut to: W,
    columns: &[Column],
    bom: bool,
) -> anyhow::Result<csv::Writer<W>> {
    if bom {
        to.write_all(BOM)?;
    }
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(columns.iter().map(|it| it.name))?;
    Ok(writer)
}

/// A row of it; no text is a formula.
pub(super) fn csv_row<W: Write>(writer: &mut csv::Writer<W>, row: &[Cell]) -> anyhow::Result<()> {
    for cell in row {
        let said = cell.said().unwrap_or_default();
        let is_text = matches!(cell, Cell::Text(_));
        let field = if is_text { harmless(&said) } else { Cow::Borrowed(said.as_str()) };
        writer.write_field(field.as_bytes())?;
    }
    writer.write_record(None::<&[u8]>)?;
    Ok(())
}

/// A text that a spreadsheet does not take for a formula: an apostrophe before it says that it is
/// none.
fn harmless(text: &str) -> Cow<'_, str> {
    let begins = |it: char| matches!(it, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let formula = text.trim_start().starts_with(begins) || text.starts_with(['\t', '\r', '\n']);
    if formula { format!("'{text}").into() } else { text.into() }
}

/// A row as one line of JSON, its keys in the order of the columns.
pub(super) fn line(mut to: impl Write, columns: &[Column], row: &[Cell]) -> anyhow::Result<()> {
    serde_json::to_writer(&mut to, &Object(columns, row))?;
    to.write_all(b"\n")?;
    Ok(())
}

struct Object<'a>(&'a [Column], &'a [Cell]);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (column, cell) in self.0.iter().zip(self.1) {
            if let Cell::Whole(it) = cell {
                map.serialize_entry(column.name, it)?;
            } else {
                map.serialize_entry(column.name, &cell.said())?;
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use lovebank_ledger::{Points, Timestamp};

    use super::*;
    use crate::export::{Kind, column};

    const COLUMNS: &[Column] = &[
        column("z", Kind::Text),
        column("a", Kind::Whole),
        column("points", Kind::Points),
        column("day", Kind::Day),
        column("at", Kind::Instant),
    ];

    fn row(text: &str) -> [Cell; 5] {
        [
            Cell::Text(text.to_owned()),
            Cell::Whole(-90),
            Cell::Points(Points::from_hundredths(-150)),
            Cell::Day(jiff::civil::date(2026, 3, 1)),
            Cell::Instant(Timestamp::from_micros(1)),
        ]
    }

    fn as_csv(rows: &[&[Cell]], bom: bool) -> String {
        let mut writer = csv(Vec::new(), COLUMNS, bom).unwrap();
        for it in rows {
            csv_row(&mut writer, it).unwrap();
        }
        String::from_utf8(writer.into_inner().unwrap()).unwrap()
    }

    #[test]
    fn a_csv_has_a_header_and_the_mark_of_utf_8_by_choice() {
        assert_eq!(as_csv(&[], false), "z,a,points,day,at\n");
        assert_eq!(as_csv(&[], true), "\u{feff}z,a,points,day,at\n");
        let expected = "南湾,-90,-1.50,2026-03-01,1970-01-01T00:00:00.000001Z\n";
        assert!(as_csv(&[&row("南湾")], false).ends_with(expected));
    }

    #[test]
    fn no_text_is_a_formula_and_numbers_stay_numbers() {
        for text in ["=1+1", "+1", "-1", "@a", "＝1", " =1", "\t1", "\n=1"] {
            let csv = as_csv(&[&row(text)], false);
            assert!(csv.contains(&format!("'{text}")), "{csv}");
            assert!(csv.contains(",-90,-1.50,"), "{csv}");
        }
        assert!(!as_csv(&[&row("a=b")], false).contains('\''));
    }

    #[test]
    fn a_line_of_json_keeps_the_order_of_the_columns() {
        let mut bytes = Vec::new();
        line(&mut bytes, COLUMNS, &row("=1")).unwrap();
        let nothing = [const { Cell::Nothing }; 5];
        line(&mut bytes, COLUMNS, &nothing).unwrap();
        let expected = concat!(
            r#"{"z":"=1","a":-90,"points":"-1.50","day":"2026-03-01","#,
            r#""at":"1970-01-01T00:00:00.000001Z"}"#,
            "\n",
            r#"{"z":null,"a":null,"points":null,"day":null,"at":null}"#,
            "\n",
        );
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }
}
