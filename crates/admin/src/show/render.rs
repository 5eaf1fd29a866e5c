//! Parts of an answer as a table, as JSON and as CSV.

use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Map, Value};

use super::{Column, Part, Shown};
use crate::{
    cli::{Format, Lang},
    fail::Fail,
    session::Session,
    words::chinese,
};

/// An answer in the form asked for.
pub(crate) fn render(parts: &[Part], format: Format, lang: Lang) -> Result<Vec<u8>, Fail> {
    match format {
        Format::Xlsx => super::workbook(parts, lang),
        Format::Table | Format::Json | Format::Csv => text(parts, format, lang).map(Into::into),
    }
}

fn text(parts: &[Part], format: Format, lang: Lang) -> Result<String, Fail> {
    match format {
        Format::Table => {
            // Beside something else, a list of nothing says nothing.
            let said = |part: &&Part| part.one || !part.rows.is_empty() || parts.len() == 1;
            let tables = parts.iter().filter(said).map(|part| table(part, lang));
            Ok(tables.collect::<Vec<_>>().join("\n\n"))
        }
        Format::Json => serde_json::to_string_pretty(&json(parts)).map_err(|err| Fail::local(&err)),
        Format::Csv => csv(parts).map_err(|err| Fail::local(&err)),
        Format::Xlsx => Err(no_workbook()),
    }
}

/// What is told bit by bit, or in words of its own, is no workbook.
pub(crate) fn no_workbook() -> Fail {
    Fail::usage(
        "this command has no workbook: use --format table, json or csv",
        "此命令不能生成工作簿：请用 --format table、json 或 csv",
    )
}

/// One row by itself, of many that come one after the other.
pub(crate) fn row_text<T: Shown>(
    session: &Session,
    it: &T,
    with_header: bool,
) -> Result<String, Fail> {
    let cells = it.cells(&session.zone);
    match session.format {
        Format::Table => Ok(line(T::COLUMNS, &cells, session.lang)),
        Format::Json => {
            let object = object(T::COLUMNS, &cells);
            serde_json::to_string(&object).map_err(|err| Fail::local(&err))
        }
        Format::Csv => {
            let header = with_header.then(|| T::COLUMNS.iter().map(|it| it.key.to_owned()));
            let rows = header.map(Iterator::collect).into_iter();
            let rows = rows.chain([cells.iter().map(cell).collect()]);
            csv_text(rows).map_err(|err| Fail::local(&err))
        }
        Format::Xlsx => Err(no_workbook()),
    }
}

/// A row without a table around it.
fn line(columns: &[Column], cells: &[Value], lang: Lang) -> String {
    let shown = columns.iter().zip(cells).filter(|(column, _)| !column.wide);
    let told = shown.map(|(column, it)| (title(column, lang), said(column, it, lang)));
    let told = told.filter(|(_, it)| !it.is_empty());
    told.map(|(title, it)| format!("{title} {it}")).collect::<Vec<_>>().join("  ")
}

/// One part is itself; several have their names.
fn json(parts: &[Part]) -> Value {
    match parts {
        [only] => part_json(only),
        several => several.iter().map(|it| (it.name.to_owned(), part_json(it))).collect(),
    }
}

fn part_json(part: &Part) -> Value {
    let mut objects = part.rows.iter().map(|row| object(part.columns, row));
    if part.one { objects.next().unwrap_or(Value::Null) } else { objects.collect() }
}

fn object(columns: &[Column], row: &[Value]) -> Value {
    let fields = columns.iter().zip(row).map(|(column, it)| (column.key.to_owned(), it.clone()));
    Value::Object(fields.collect::<Map<_, _>>())
}

/// The rows of one part; what there is one of stands on each of them, under its own name.
fn csv(parts: &[Part]) -> Result<String, csv::Error> {
    let Some(base) = parts.iter().find(|it| it.base).or(parts.first()) else {
        return Ok(String::new());
    };
    let beside = || parts.iter().filter(|it| it.one && it.name != base.name);
    let own = base.columns.iter().map(|it| it.key.to_owned());
    let others =
        beside().flat_map(|part| part.columns.iter().map(|it| format!("{}_{}", part.name, it.key)));
    let header: Vec<String> = own.chain(others).collect();
    let more: Vec<String> =
        beside().flat_map(|part| part.rows.iter().take(1).flatten().map(cell)).collect();
    let rows = base.rows.iter().map(|row| row.iter().map(cell).chain(more.clone()).collect());
    csv_text(std::iter::once(header).chain(rows))
}

fn csv_text(rows: impl Iterator<Item = Vec<String>>) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(&row)?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn table(part: &Part, lang: Lang) -> String {
    if part.rows.iter().flatten().all(|it| plain(it).is_empty()) {
        return lang.pick("(none)", "（无）").to_owned();
    }
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    if part.one {
        upright(&mut table, part, lang);
    } else {
        rows(&mut table, part, lang);
    }
    table.to_string()
}

fn title(column: &Column, lang: Lang) -> &'static str {
    lang.pick(column.english, column.chinese)
}

/// One thing: its fields one below the other, without those that say nothing.
fn upright(table: &mut Table, part: &Part, lang: Lang) {
    table.set_header(lang.pick(["field", "value"], ["项目", "内容"]));
    for row in &part.rows {
        let fields = part.columns.iter().zip(row).filter(|(_, it)| !plain(it).is_empty());
        for (column, it) in fields {
            table.add_row([title(column, lang).to_owned(), said(column, it, lang)]);
        }
    }
}

/// Many things, without the columns that say nothing of any of them.
fn rows(table: &mut Table, part: &Part, lang: Lang) {
    let says = |at: usize| part.rows.iter().filter_map(|row| row.get(at)).any(|it| !it.is_null());
    let columns = part.columns.iter().enumerate();
    let shown: Vec<_> = columns.filter(|(at, it)| !it.wide && says(*at)).collect();
    let shown = || shown.iter().copied();
    table.set_header(shown().map(|(_, it)| title(it, lang)));
    for row in &part.rows {
        let cell = |(at, column): (usize, &Column)| {
            row.get(at).map(|it| said(column, it, lang)).unwrap_or_default()
        };
        table.add_row(shown().map(cell));
    }
    for (to, (at, _)) in shown().enumerate() {
        let numbers = part.rows.iter().filter_map(|row| row.get(at)).any(Value::is_number);
        if let Some(column) = table.column_mut(to).filter(|_| numbers) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// A value in the language of the reader.
pub(super) fn said(column: &Column, it: &Value, lang: Lang) -> String {
    let told = match (lang, it) {
        (Lang::Zh, Value::Bool(true)) => Some("是"),
        (Lang::Zh, Value::Bool(false)) => Some("否"),
        (Lang::Zh, Value::String(word)) => chinese(column.key, word),
        (Lang::En | Lang::Zh, _) => None,
    };
    told.map_or_else(|| plain(it), str::to_owned)
}

/// A value as a cell of a spreadsheet.
fn cell(it: &Value) -> String {
    match it {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(", "),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => it.to_string(),
    }
}

/// A value as people read it; a table keeps one line for each row.
fn plain(it: &Value) -> String {
    match it {
        Value::Null => String::new(),
        Value::String(text) => text.replace(['\r', '\n', '\t'], " "),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Number(_) | Value::Object(_) => it.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::{narrow, wide};

    const COLUMNS: &[Column] = &[
        narrow("no", "No.", "编号"),
        narrow("name", "name", "名称"),
        wide("note", "note", "备注"),
    ];

    fn part(one: bool) -> Part {
        let row = |no: u64, name: &str| vec![no.into(), name.into(), Value::Null];
        Part {
            name: "things",
            columns: COLUMNS,
            rows: vec![row(7, "南湾"), row(10, "a,b")],
            one,
            base: false,
        }
    }

    #[test]
    fn a_list_is_a_table_with_numbers_on_the_right() {
        let table = text(&[part(false)], Format::Table, Lang::Zh).unwrap();
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[0].contains("编号") && !table.contains("备注"), "{table}");
        assert!(lines[2].contains("    7 ") && lines[3].contains("   10 "), "{table}");
    }

    #[test]
    fn a_column_that_says_nothing_is_left_out_of_a_table_only() {
        let row = vec![7.into(), Value::Null, Value::Null];
        let part = || Part { rows: vec![row.clone()], ..part(false) };
        let table = text(&[part()], Format::Table, Lang::En).unwrap();
        assert!(table.contains("No.") && !table.contains("name"), "{table}");
        let csv = text(&[part()], Format::Csv, Lang::En).unwrap();
        assert_eq!(csv, "no,name,note\n7,,\n");
    }

    #[test]
    fn one_thing_stands_upright_without_what_says_nothing() {
        let table = text(&[part(true)], Format::Table, Lang::En).unwrap();
        assert!(table.contains("| No.") && table.contains("南湾") && !table.contains("note"));
    }

    #[test]
    fn programs_get_every_field() {
        let json = text(&[part(false)], Format::Json, Lang::En).unwrap();
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json[1]["no"], 10);
        assert_eq!(json[0]["note"], Value::Null);
        let json = text(&[part(true), part(false)], Format::Json, Lang::En).unwrap();
        assert!(json.contains("\"things\""));
        let csv = text(&[part(false)], Format::Csv, Lang::Zh).unwrap();
        assert_eq!(csv, "no,name,note\n7,南湾,\n10,\"a,b\",\n");
        let proof = Part { name: "proof", ..part(true) };
        let csv = text(&[part(false), proof], Format::Csv, Lang::En).unwrap();
        assert!(csv.starts_with("no,name,note,proof_no,proof_name,proof_note\n7,南湾,,7,南湾,\n"));
    }

    #[test]
    fn nothing_is_said_in_words() {
        let none = Part { rows: Vec::new(), ..part(false) };
        assert_eq!(text(&[none], Format::Table, Lang::En).unwrap(), "(none)");
        let empty = Part { rows: vec![vec![Value::Null; 3]], ..part(true) };
        assert_eq!(text(&[empty], Format::Table, Lang::Zh).unwrap(), "（无）");
    }
}
