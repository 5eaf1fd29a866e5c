//! Where rows go, in the form that the name of the file says.

use std::path::Path;

use super::{Cell, Column, parquet::Parquet, text};
use crate::fail::Fail;
use crate::file::NewFile;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Comma-separated values; with the mark by which Excel knows UTF-8, or without.
    Csv { bom: bool },
    /// An object of JSON on each line.
    Lines,
    /// Columns for programs that count.
    Parquet,
    /// The plain-text accounting that hledger reads.
    Hledger,
}

impl Form {
    /// The form of a file, by how its name ends.
    pub(crate) fn of(path: &Path, bom: bool) -> Result<Self, Fail> {
        let ending = path.extension().map(|it| it.to_string_lossy().to_ascii_lowercase());
        let form = match ending.as_deref() {
            Some("csv") => Self::Csv { bom },
            Some("jsonl") => Self::Lines,
            Some("parquet") => Self::Parquet,
            Some("journal") => Self::Hledger,
            _ => return Err(no_form(path)),
        };
        if bom && form != (Self::Csv { bom }) {
            return Err(Fail::usage(
                "--bom: only a CSV has it; leave it out, or end the name with .csv",
                "--bom：只用于 CSV；请去掉，或以 .csv 结尾",
            ));
        }
        Ok(form)
    }
}

fn no_form(path: &Path) -> Fail {
    let path = path.display();
    Fail::usage(
        format!("--out {path}: end the name with .csv, .jsonl, .parquet or .journal (for hledger)"),
        format!("--out {path}：文件名请以 .csv、.jsonl、.parquet 或 .journal（hledger）结尾"),
    )
}

/// A table on its way into a file.
#[derive(Debug)]
pub(crate) enum Sink {
    /// As CSV.
    Csv(Box<csv::Writer<NewFile>>),
    /// As JSON by the line.
    Lines(NewFile, &'static [Column]),
    /// As Parquet.
    Parquet(Box<Parquet>),
}

impl Sink {
    /// An empty table; none where the form has no tables.
    pub(crate) fn new(
        form: Form,
        file: NewFile,
        columns: &'static [Column],
    ) -> anyhow::Result<Option<Self>> {
        Ok(Some(match form {
            Form::Csv { bom } => Self::Csv(Box::new(text::csv(file, columns, bom)?)),
            Form::Lines => Self::Lines(file, columns),
            Form::Parquet => Self::Parquet(Box::new(Parquet::new(file, columns)?)),
            Form::Hledger => return Ok(None),
        }))
    }

    /// Adds a row: a cell for each column.
    pub(crate) fn row(&mut self, row: &[Cell]) -> anyhow::Result<()> {
        match self {
            Self::Csv(writer) => text::csv_row(writer, row),
            Self::Lines(file, columns) => text::line(file, columns, row),
            Self::Parquet(writer) => writer.row(row),
        }
    }

    /// The file, with all of it.
    pub(crate) fn end(self) -> anyhow::Result<NewFile> {
        match self {
            Self::Csv(writer) => {
                Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
            }
            Self::Lines(file, _) => Ok(file),
            Self::Parquet(writer) => writer.end(),
        }
    }
}
