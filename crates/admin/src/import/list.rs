//! Lists: a header and one thing a row, read by the names of their columns. Sheets of hours, which
//! have titles and many forms, are read by [`super::read`].

use std::collections::HashMap;

use super::{
    Source,
    error::SheetError,
    fault::Fault,
    fold,
    header::counts_rows,
    row,
    table::{Flaw, Record},
};

/// What a column means, and the headers it may have as [`fold::header`] folds them.
pub type Column = (&'static str, &'static [&'static str]);

/// Columns that hold names made of digits: as quantities of a workbook they are not what they
/// were.
const NAMES: [&str; 2] = ["number", "phone"];

/// A list, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    at: HashMap<&'static str, usize>,
    width: usize,
    /// Its rows, the header left out and empty rows too.
    pub rows: Vec<Record>,
    /// Header texts of columns that mean nothing here.
    pub unread: Vec<String>,
}

impl List {
    /// Reads a list that has at least the first of these columns.
    pub fn read(bytes: &[u8], columns: &[Column]) -> Result<Self, SheetError> {
        Self::of(bytes, None, columns)
    }

    /// The same; of a workbook, a sheet by its name or number.
    pub fn of(bytes: &[u8], sheet: Option<&str>, columns: &[Column]) -> Result<Self, SheetError> {
        let source = Source::open(bytes, sheet)?;
        let mut header = None;
        for (delimiter, first) in source.views() {
            let first = first.into_iter().next();
            let Some(first) = first else { return Err(SheetError::Empty) };
            let at = places(columns, &first)?;
            if columns.first().is_some_and(|(name, _)| at.contains_key(name)) {
                header = Some((at, first, delimiter));
                break;
            }
            header = header.or(Some((at, first, delimiter)));
        }
        let Some((at, first, delimiter)) = header else { return Err(SheetError::Empty) };
        if columns.first().is_some_and(|(name, _)| !at.contains_key(name)) {
            return Err(lacking(columns, first));
        }
        let names: Vec<&str> = first.cells.iter().map(|it| fold::trim(it)).collect();
        let known = |column: usize, name: &str| {
            at.values().any(|it| *it == column) || counts_rows(&fold::header(name))
        };
        let unread = names
            .iter()
            .enumerate()
            .filter(|(column, name)| !name.is_empty() && !known(*column, name));
        let unread = unread.map(|(_, name)| (*name).to_owned()).collect();
        let last = names.iter().rposition(|name| !name.is_empty());
        let width = last.map_or(0, |it| it.saturating_add(1));
        let blank = |it: &Record| it.cells.iter().all(|it| fold::trim(it).is_empty());
        let rows = source.rows(delimiter, width)?.into_iter().skip(1);
        Ok(Self { at, width, rows: rows.filter(|it| !blank(it)).collect(), unread })
    }

    /// Whether a row has the cells of the header; what was shifted would be read as something
    /// else.
    pub fn check(&self, row: &Record) -> Result<(), Fault> {
        row::check_shape(&row.cells, self.width).map_err(|(_, fault)| fault)?;
        if self.at.values().any(|at| row.has(*at, Flaw::Error)) {
            return Err(Fault::CellError);
        }
        let names = NAMES.iter().filter_map(|it| self.at.get(it));
        let lost = names.copied().find(|at| row.has(*at, Flaw::Quantity));
        lost.map_or(Ok(()), |at| Err(row::quantity(row, at)))
    }

    /// What a row says under a column; empty where the list has none.
    pub fn cell<'a>(&self, row: &'a Record, name: &str) -> &'a str {
        let cell = self.at.get(name).and_then(|at| row.cells.get(*at));
        cell.map_or("", |it| fold::trim(it))
    }
}

/// Which column, from 0, means what; two that mean the same are no list.
fn places(columns: &[Column], header: &Record) -> Result<HashMap<&'static str, usize>, SheetError> {
    let folded: Vec<String> = header.cells.iter().map(|it| fold::header(it)).collect();
    let mut at = HashMap::new();
    for (name, texts) in columns {
        let mut found = (0_usize..).zip(&folded).filter(|(_, it)| texts.contains(&it.as_str()));
        let Some((first, _)) = found.next() else { continue };
        if let Some((second, _)) = found.next() {
            let (first, second) = (first.saturating_add(1), second.saturating_add(1));
            return Err(SheetError::TwoColumns { field: name, first, second });
        }
        at.insert(*name, first);
    }
    Ok(at)
}

fn lacking(columns: &[Column], first: Record) -> SheetError {
    let texts = columns.first().map(|(_, texts)| texts.join(" / ")).unwrap_or_default();
    SheetError::NoColumn { column: texts, seen: first.cells }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 2] = [("number", &["number", "义工号"]), ("name", &["name", "姓名"])];

    fn read(text: &str) -> Result<List, SheetError> {
        List::read(text.as_bytes(), &COLUMNS)
    }

    #[test]
    fn a_list_is_read_by_its_header_whatever_stands_between_its_cells() {
        for text in ["姓名,义工号,性别\n甲,1,女\n,,\n", "姓名\t义工号\t性别\n甲\t1\t女\n"]
        {
            let list = read(text).unwrap();
            assert_eq!(list.rows.len(), 1);
            assert_eq!(
                (list.cell(&list.rows[0], "number"), list.cell(&list.rows[0], "name")),
                ("1", "甲")
            );
            assert_eq!(list.unread, ["性别"]);
        }
    }

    #[test]
    fn a_header_that_is_missing_or_told_twice_is_no_list() {
        assert!(matches!(read("姓名\n甲\n"), Err(SheetError::NoColumn { .. })));
        let twice = SheetError::TwoColumns { field: "number", first: 1, second: 3 };
        assert_eq!(read("义工号,姓名,number\n"), Err(twice));
        assert_eq!(read(""), Err(SheetError::Empty));
    }

    #[test]
    fn a_row_of_other_cells_than_the_header_is_told() {
        let list = read("number,name\n1\n1,甲,乙\n1,甲,\n").unwrap();
        let checked: Vec<bool> = list.rows.iter().map(|it| list.check(it).is_ok()).collect();
        assert_eq!(checked, [false, false, true]);
    }
}
