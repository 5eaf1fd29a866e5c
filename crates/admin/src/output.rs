//! What is printed: a table for eyes, JSON or CSV for programs.

use std::io::Write as _;

use anyhow::Context as _;
use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};

use crate::cli::Format;

/// Prints text on standard output. A reader that stops reading is no error.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{}", text.trim_end()) {
        Err(err) if err.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(err).context("cannot write")
        }
        _ => Ok(()),
    }
}

/// Prints rows under a header.
pub(crate) fn rows(format: Format, header: &[&str], rows: &[Vec<String>]) -> anyhow::Result<()> {
    match format {
        Format::Table => {
            let mut table = Table::new();
            table.load_style(UTF8_FULL_CONDENSED).set_header(header.iter().copied());
            for row in rows {
                table.add_row(row);
            }
            print(&table.to_string())
        }
        Format::Json => {
            let object = |row: &Vec<String>| -> serde_json::Map<String, serde_json::Value> {
                let cells = header.iter().zip(row);
                cells.map(|(name, cell)| ((*name).to_owned(), cell.clone().into())).collect()
            };
            let objects: Vec<_> = rows.iter().map(object).collect();
            print(&serde_json::to_string_pretty(&objects)?)
        }
        Format::Csv => {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(header)?;
            for row in rows {
                writer.write_record(row)?;
            }
            print(&String::from_utf8(writer.into_inner()?)?)
        }
    }
}
