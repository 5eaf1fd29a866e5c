//! The table that is printed.

use std::io::Write as _;

use comfy_table::{Table, presets};

/// A row of the table.
pub(crate) struct Figure {
    what: String,
    measured: String,
    limit: String,
    ratio: String,
}

impl Figure {
    /// A rate that stands for itself.
    pub(crate) fn rate(what: impl Into<String>, rate: u64) -> Self {
        Self::said(what, format!("{rate} /s"), String::new())
    }

    /// A rate beside the limit it is measured by.
    pub(crate) fn beside(what: impl Into<String>, rate: u64, (name, limit): (&str, u64)) -> Self {
        let percent = rate.saturating_mul(100).checked_div(limit.max(1)).unwrap_or_default();
        let whole = percent.checked_div(100).unwrap_or_default();
        let rest = percent.checked_rem(100).unwrap_or_default();
        let row = Self::said(what, format!("{rate} /s"), format!("{name}: {limit} /s"));
        Self { ratio: format!("{whole}.{rest:02}"), ..row }
    }

    /// Anything else, and what it should be.
    pub(crate) fn said(what: impl Into<String>, measured: String, limit: String) -> Self {
        Self { what: what.into(), measured, limit, ratio: String::new() }
    }
}

/// Prints a table on standard output.
pub(crate) fn print(figures: &[Figure]) -> std::io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["what", "measured", "limit", "ratio"]);
    for it in figures {
        table.add_row([&it.what, &it.measured, &it.limit, &it.ratio]);
    }
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let mut out = std::io::stdout();
    writeln!(out, "{cores} cores; every acknowledged write is durable (flush and fdatasync)")?;
    writeln!(out, "{table}")
}
