//! How answers look: tables for people, JSON for programs, CSV for spreadsheets.

mod activity;
mod annual;
mod award;
mod branch;
mod gift;
mod hours;
mod import;
mod items;
mod paper;
mod party;
mod passbook;
mod receipt;
mod render;
mod reward;
mod xlsx;

use jiff::tz::TimeZone;
use serde_json::Value;

pub(crate) use items::{Done, Items};
pub(crate) use render::{no_workbook, render, row_text};
pub(crate) use xlsx::workbook;

/// A column: its name for programs, its titles for people.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) key: &'static str,
    pub(crate) english: &'static str,
    pub(crate) chinese: &'static str,
    /// Whether a table of many rows leaves it out.
    pub(crate) wide: bool,
}

/// A column of every table.
pub(crate) const fn narrow(
    key: &'static str,
    english: &'static str,
    chinese: &'static str,
) -> Column {
    Column { key, english, chinese, wide: false }
}

/// A column that a table of many rows leaves out.
pub(crate) const fn wide(
    key: &'static str,
    english: &'static str,
    chinese: &'static str,
) -> Column {
    Column { key, english, chinese, wide: true }
}

/// Something that is shown as a row.
pub(crate) trait Shown {
    const COLUMNS: &'static [Column];

    /// One value for each column.
    fn cells(&self, zone: &TimeZone) -> Vec<Value>;
}

/// A named part of an answer.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [Column],
    pub(crate) rows: Vec<Vec<Value>>,
    /// Whether it is one thing rather than a list.
    pub(crate) one: bool,
    /// Whether its rows are those of the CSV, which has room for one kind only; without such a
    /// part, they are those of the first.
    pub(crate) base: bool,
}

impl Part {
    /// One thing.
    pub(crate) fn one<T: Shown>(name: &'static str, it: &T, zone: &TimeZone) -> Self {
        Self::row(name, T::COLUMNS, it.cells(zone))
    }

    /// One thing that has no message of its own.
    pub(crate) fn row(name: &'static str, columns: &'static [Column], row: Vec<Value>) -> Self {
        Self { name, columns, rows: vec![row], one: true, base: false }
    }

    /// A list.
    pub(crate) fn list<T: Shown>(name: &'static str, items: &[T], zone: &TimeZone) -> Self {
        let rows = items.iter().map(|it| it.cells(zone)).collect();
        Self::rows(name, T::COLUMNS, rows)
    }

    /// A list of what has no message of its own.
    pub(crate) fn rows(
        name: &'static str,
        columns: &'static [Column],
        rows: Vec<Vec<Value>>,
    ) -> Self {
        Self { name, columns, rows, one: false, base: false }
    }

    /// The part whose rows are those of the CSV.
    pub(crate) fn base(self) -> Self {
        Self { base: true, ..self }
    }
}

/// A text, or nothing where it is empty.
pub(crate) fn text(it: &str) -> Value {
    if it.is_empty() { Value::Null } else { it.into() }
}

/// A number, or nothing where it is 0, which says that there is none.
pub(crate) fn number(it: u64) -> Value {
    if it == 0 { Value::Null } else { it.into() }
}

/// Numbers, or nothing where there is none.
fn numbers(of: &[u64]) -> Value {
    if of.is_empty() { Value::Null } else { of.iter().map(|it| Value::from(*it)).collect() }
}

/// An amount in its exact digits: as text, for a number of JSON may be rounded.
pub(crate) fn decimal(it: Option<&lovebank_wire::v1::Decimal>) -> Value {
    it.map_or(Value::Null, |it| it.value.as_str().into())
}
