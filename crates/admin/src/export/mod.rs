//! Exports: what leaves the bank for other programs, in columns that stay as they are.
//!
//! A column keeps its name, its place and its meaning; new ones come after the last. The golden
//! files of the tests hold them.

mod event;
#[cfg(test)]
mod golden_tests;
mod hledger;
mod known;
mod parquet;
mod posting;
mod sink;
mod statement;
mod text;
mod totals;

use jiff::civil::Date;
use lovebank_ledger::{Points, Timestamp};

pub(crate) use hledger::PlainText;
pub(crate) use posting::{POSTINGS, Postings};
pub(crate) use sink::{Form, Sink};
pub(crate) use statement::{STATEMENT, statement};
pub(crate) use totals::{TOTALS, Totals};

/// A column of an export.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// A whole number.
    Whole,
    /// Points, with two places.
    Points,
    /// A civil day.
    Day,
    /// An instant, in UTC.
    Instant,
}

/// What stands in a row under a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    Nothing,
    Text(String),
    Whole(i64),
    Points(Points),
    Day(Date),
    Instant(Timestamp),
}

/// A column.
const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}

impl Cell {
    /// A number of something.
    fn number(it: u64) -> Self {
        Self::Whole(i64::try_from(it).unwrap_or(i64::MAX))
    }

    /// A text, or nothing where it is empty.
    fn text(it: &str) -> Self {
        if it.is_empty() { Self::Nothing } else { Self::Text(it.to_owned()) }
    }

    fn maybe<T>(it: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        it.map_or(Self::Nothing, cell)
    }

    /// As text; nothing where there is nothing.
    fn said(&self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Text(it) => Some(it.clone()),
            Self::Whole(it) => Some(it.to_string()),
            Self::Points(it) => Some(it.to_string()),
            Self::Day(it) => Some(it.to_string()),
            Self::Instant(it) => Some(instant(*it)),
        }
    }
}

/// An instant, always of the same length.
fn instant(it: Timestamp) -> String {
    let instant = jiff::Timestamp::from_microsecond(it.micros()).unwrap_or(jiff::Timestamp::MAX);
    instant.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}
