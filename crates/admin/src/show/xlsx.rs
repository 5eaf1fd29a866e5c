//! Parts of an answer as a workbook for Excel: a sheet for each part.
//!
//! Numbers, amounts and days are such, so that they can be added up and sorted; everything else is
//! text, and text is never a formula, whatever it begins with.

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};
use serde_json::Value;

use super::{Column, Part, render::said};
use crate::{cli::Lang, fail::Fail};

/// The rows of a sheet in Excel, its header among them.
const ROWS_MAX: usize = 1_048_576;
/// Columns are no wider, in digits.
const WIDTH_MAX: u16 = 60;

/// The answer as the bytes of a workbook.
pub(crate) fn workbook(parts: &[Part], lang: Lang) -> Result<Vec<u8>, Fail> {
    if let Some(part) = parts.iter().find(|it| ROWS_MAX <= it.rows.len()) {
        let (count, most) = (part.rows.len(), ROWS_MAX.saturating_sub(1));
        return Err(Fail::usage(
            format!("{count} rows do not fit into a sheet of Excel, which holds {most}: use csv"),
            format!("{count} 行超过 Excel 工作表的 {most} 行：请用 csv"),
        ));
    }
    written(parts, lang).map_err(|err| Fail::local(&err))
}

fn written(parts: &[Part], lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for part in parts {
        let sheet = book.add_worksheet().set_name(part.name)?;
        if part.one { upright(sheet, part, lang)? } else { rows(sheet, part, lang)? }
    }
    book.save_to_buffer()
}

/// One thing: its fields one below the other, without those that say nothing.
fn upright(sheet: &mut Worksheet, part: &Part, lang: Lang) -> Result<(), XlsxError> {
    let mut widths = [0, 0];
    let fields = part.rows.iter().flat_map(|row| part.columns.iter().zip(row));
    let fields = fields.filter(|(_, it)| !it.is_null());
    for (row, (column, it)) in (0..).zip(fields) {
        let title = lang.pick(column.english, column.chinese);
        sheet.write_string_with_format(row, 0, title, &header())?;
        let shown = value(sheet, (row, 1), column, it, lang)?;
        widths = [widths[0].max(width(title)), widths[1].max(shown)];
    }
    (0..).zip(widths).try_for_each(|(at, it)| widen(sheet, at, it))
}

/// Many things, with a header that stays and can be filtered by.
fn rows(sheet: &mut Worksheet, part: &Part, lang: Lang) -> Result<(), XlsxError> {
    let mut widths = Vec::new();
    for (at, column) in (0..).zip(part.columns) {
        let title = lang.pick(column.english, column.chinese);
        sheet.write_string_with_format(0, at, title, &header())?;
        // Room for the button of the filter.
        widths.push(width(title).saturating_add(3));
    }
    for (at, row) in (1..).zip(&part.rows) {
        for ((to, column), (it, widest)) in (0..).zip(part.columns).zip(row.iter().zip(&mut widths))
        {
            *widest = value(sheet, (at, to), column, it, lang)?.max(*widest);
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let last = u16::try_from(part.columns.len().saturating_sub(1)).unwrap_or(0);
    sheet.autofilter(0, 0, u32::try_from(part.rows.len()).unwrap_or(u32::MAX), last)?;
    (0..).zip(widths).try_for_each(|(at, it)| widen(sheet, at, it))
}

fn header() -> Format {
    Format::new().set_bold().set_align(FormatAlign::VerticalCenter)
}

fn widen(sheet: &mut Worksheet, column: u16, width: u16) -> Result<(), XlsxError> {
    sheet.set_column_width(column, width.min(WIDTH_MAX).saturating_add(2)).map(|_| ())
}

/// Writes a value as what it is; how wide it is, in digits.
fn value(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    column: &Column,
    it: &Value,
    lang: Lang,
) -> Result<u16, XlsxError> {
    let text = said(column, it, lang);
    // A number that a double cannot hold stays the text that it is.
    let whole = it.as_i64().or_else(|| score(column, it));
    let number = whole.and_then(|it| i32::try_from(it).ok());
    if let Some(number) = number {
        sheet.write_number(row, at, number)?;
    } else if let Some(amount) = amount(column, it) {
        sheet.write_with_format(row, at, amount, &Format::new().set_num_format("0.00"))?;
    } else if let Some(day) = day(it) {
        let format = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_datetime_with_format(row, at, day, &format)?;
    } else if !text.is_empty() {
        sheet.write_string(row, at, &text)?;
    }
    Ok(width(&text))
}

/// The score of a programme with one key, where it is a whole number.
fn score(column: &Column, it: &Value) -> Option<i64> {
    let [score] = it.as_array().filter(|_| column.key == "scores")?.as_slice() else { return None };
    score.as_str()?.parse().ok()
}

/// Points: with them one calculates.
fn amount(column: &Column, it: &Value) -> Option<Decimal> {
    let keys = ["overflow", "price", "held", "captured", "remaining"];
    let is_amount = column.key.starts_with("points") || keys.contains(&column.key);
    let amount: Decimal = it.as_str().filter(|_| is_amount)?.parse().ok()?;
    // A double holds fifteen digits exactly.
    (amount.mantissa().unsigned_abs() < 10_u128.pow(15)).then_some(amount)
}

/// A day that Excel knows: it counts from 1900, with a leap day that was none.
fn day(it: &Value) -> Option<Date> {
    let text = it.as_str().filter(|it| it.len() == 10)?;
    let day = Date::strptime("%Y-%m-%d", text).ok()?;
    (Date::constant(1900, 3, 1) <= day).then_some(day)
}

/// In digits: Chinese characters take the room of two.
fn width(text: &str) -> u16 {
    let width = text.chars().map(|it| if it.is_ascii() { 1 } else { 2 });
    width.fold(0, u16::saturating_add)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};

    use super::*;
    use crate::show::{narrow, wide};

    const COLUMNS: &[Column] = &[
        narrow("volunteer_number", "volunteer", "义工号"),
        narrow("points", "points", "积分"),
        narrow("minutes", "minutes", "分钟"),
        narrow("date", "date", "日期"),
        narrow("state", "state", "状态"),
        wide("note", "note", "备注"),
    ];

    fn part(rows: Vec<Vec<Value>>) -> Part {
        Part { name: "things", columns: COLUMNS, rows, one: false, base: false }
    }

    fn read(parts: &[Part], lang: Lang) -> Vec<Vec<Data>> {
        let bytes = workbook(parts, lang).unwrap();
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let range = book.worksheet_range("things").unwrap();
        range.rows().map(<[Data]>::to_vec).collect()
    }

    #[test]
    fn numbers_are_numbers_and_text_is_text() {
        let row = vec![
            "0300207442".into(),
            "12.50".into(),
            90.into(),
            "2026-03-01".into(),
            "posted".into(),
            "=1+1".into(),
        ];
        let big = vec![
            "x".into(),
            "1234567890123456.78".into(),
            (1_i64 << 53).into(),
            "1899-12-31".into(),
            Value::Null,
            true.into(),
        ];
        let read = read(&[part(vec![row, big])], Lang::Zh);
        assert_eq!(read[0][0], Data::String("义工号".to_owned()));
        assert_eq!(read[1][0], Data::String("0300207442".to_owned()));
        assert_eq!(read[1][1], Data::Float(12.5));
        assert_eq!(read[1][2], Data::Float(90.0));
        assert!(matches!(read[1][3], Data::DateTime(_)));
        assert_eq!(read[1][4], Data::String("已生效".to_owned()));
        assert_eq!(read[1][5], Data::String("=1+1".to_owned()));
        assert_eq!(read[2][1], Data::String("1234567890123456.78".to_owned()));
        assert_eq!(read[2][2], Data::String("9007199254740992".to_owned()));
        assert_eq!(read[2][3], Data::String("1899-12-31".to_owned()));
        assert_eq!(read[2][4], Data::Empty);
        assert_eq!(read[2][5], Data::String("是".to_owned()));
    }

    #[test]
    fn one_thing_stands_upright() {
        let row = vec!["01".into(), Value::Null, 90.into(), Value::Null, Value::Null, Value::Null];
        let read = read(&[Part { one: true, ..part(vec![row]) }], Lang::En);
        let cell = |text: &str| Data::String(text.to_owned());
        assert_eq!(read[0], [cell("volunteer"), cell("01")]);
        assert_eq!(read[1], [cell("minutes"), Data::Float(90.0)]);
    }

    #[test]
    fn more_rows_than_a_sheet_holds_are_refused() {
        let none = || Vec::<Value>::new();
        let most = part(vec![none(); ROWS_MAX - 1]);
        assert!(workbook(&[most], Lang::En).is_ok());
        let over = workbook(&[part(vec![none(); ROWS_MAX])], Lang::En).unwrap_err();
        assert!(over.english.contains("1048575"), "{}", over.english);
    }
}
