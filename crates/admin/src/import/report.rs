//! How many rows came to what: a table for people, CSV and JSON for scripts.

use std::collections::BTreeMap;

use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use super::sheet::minutes_text;
use super::verdict::{Judged, Verdict};

/// The rows of one verdict, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// [`Verdict::code`].
    pub verdict: &'static str,
    /// [`Verdict::reason`].
    pub reason: Option<String>,
    /// [`Verdict::chinese`].
    pub chinese: &'static str,
    /// [`Verdict::english`].
    pub english: &'static str,
    /// How many rows.
    pub rows: u64,
    /// What they add up to, deductions taken off.
    pub minutes: i64,
}

/// Every verdict that was given, in the order of [`Verdict`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// One for each verdict, and for each reason of a refusal.
    pub verdicts: Vec<Count>,
    /// Rows in all.
    pub rows: u64,
    /// Rows that changed an earlier value: corrections and reversals together.
    pub changed: u64,
}

impl Summary {
    /// Counts the rows.
    pub fn of<'a>(judged: impl IntoIterator<Item = &'a Judged>) -> Self {
        let mut counts: BTreeMap<&Verdict, (u64, i64)> = BTreeMap::new();
        let mut all: u64 = 0;
        for row in judged {
            all = all.saturating_add(1);
            let (rows, minutes) = counts.entry(&row.verdict).or_default();
            *rows = rows.saturating_add(1);
            *minutes = minutes.saturating_add(row.minutes.unwrap_or(0));
        }
        let count = |(verdict, (rows, minutes)): (&Verdict, (u64, i64))| Count {
            verdict: verdict.code(),
            reason: verdict.reason().map(str::to_owned),
            chinese: verdict.chinese(),
            english: verdict.english(),
            rows,
            minutes,
        };
        let of = |verdict| counts.get(&verdict).map_or(0, |(rows, _)| *rows);
        let changed = of(Verdict::Correction).saturating_add(of(Verdict::Reversal));
        Self { verdicts: counts.into_iter().map(count).collect(), rows: all, changed }
    }

    /// A table for a terminal; numbers stand on the right, and Chinese takes two columns.
    pub fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::ASCII_MARKDOWN);
        table.set_header(["判定", "verdict", "", "行数 rows", "时长 h:mm"]);
        for count in &self.verdicts {
            let code = match &count.reason {
                Some(reason) => format!("{} {reason}", count.verdict),
                None => count.verdict.to_owned(),
            };
            let (rows, minutes) = (count.rows.to_string(), minutes_text(count.minutes));
            table.add_row([count.chinese, &code, count.english, &rows, &minutes]);
        }
        table.add_row(["合计", "TOTAL", "", &self.rows.to_string(), ""]);
        if self.changed != 0 {
            // A sheet tells a zero from another value no more than a later sheet does.
            let (changed, what) = (self.changed.to_string(), "earlier values changed");
            table.add_row(["其中更正和冲正", "CORRECTION + REVERSAL", what, &changed, ""]);
        }
        for at in [3, 4] {
            if let Some(column) = table.column_mut(at) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table.to_string()
    }

    /// The counts as CSV.
    pub fn csv(&self) -> Result<String, csv::Error> {
        csv_of(&["verdict", "reason", "chinese", "english", "rows", "minutes"], &self.verdicts)
    }

    /// The counts as JSON.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}

/// A row for every file, a column for every verdict that was given.
pub fn files_table(files: &[(&str, Summary)]) -> String {
    let name = |it: &Count| match &it.reason {
        Some(reason) => format!("{} {reason}", it.verdict),
        None => it.verdict.to_owned(),
    };
    let mut columns: Vec<String> = Vec::new();
    for count in files.iter().flat_map(|(_, sum)| &sum.verdicts) {
        if !columns.contains(&name(count)) {
            columns.push(name(count));
        }
    }
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    let header = ["文件 file", "行数 rows"].map(str::to_owned);
    table.set_header(header.into_iter().chain(columns.iter().cloned()));
    for (file, sum) in files {
        let count = |column: &String| {
            let found = sum.verdicts.iter().find(|it| name(it) == *column);
            found.map(|it| it.rows.to_string()).unwrap_or_default()
        };
        let cells = [(*file).to_owned(), sum.rows.to_string()];
        table.add_row(cells.into_iter().chain(columns.iter().map(count)));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

/// The counts of every file as CSV.
pub fn files_csv(files: &[(&str, Summary)]) -> Result<String, csv::Error> {
    let header = ["file", "verdict", "reason", "chinese", "english", "rows", "minutes"];
    let rows = files.iter().flat_map(|(file, sum)| sum.verdicts.iter().map(move |it| (file, it)));
    csv_of(&header, rows)
}

/// Every row with its verdict as CSV.
pub fn rows_csv<'a>(judged: impl IntoIterator<Item = &'a Judged>) -> Result<String, csv::Error> {
    let header =
        ["file", "line", "volunteer", "activity", "minutes", "verdict", "reason", "message"];
    csv_of(&header, judged)
}

fn csv_of<T: Serialize>(
    header: &[&str],
    rows: impl IntoIterator<Item = T>,
) -> Result<String, csv::Error> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.serialize(row)?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(line: usize, minutes: Option<i64>, verdict: Verdict) -> Judged {
        let reason = verdict.reason().map(str::to_owned);
        let (file, message) = ("a.csv".to_owned(), Some("消息, message".to_owned()));
        let (volunteer, activity) = ("0300".to_owned(), "巡河".to_owned());
        Judged { file, line, volunteer, activity, minutes, verdict, reason, message }
    }

    fn some() -> Vec<Judged> {
        let refused = |code: &str| Verdict::Refused { code: code.to_owned() };
        vec![
            judged(3, Some(90), Verdict::New),
            judged(4, Some(30), Verdict::New),
            judged(5, Some(-20), Verdict::Deduction),
            judged(6, None, Verdict::Malformed),
            judged(7, Some(60), refused("CLOSED")),
            judged(8, Some(60), refused("BLOCKED")),
        ]
    }

    #[test]
    fn rows_are_counted_by_verdict_and_reason() {
        let summary = Summary::of(&some());
        let seen: Vec<_> = summary
            .verdicts
            .iter()
            .map(|count| (count.verdict, count.reason.as_deref(), count.rows, count.minutes))
            .collect();
        let expected = [
            ("NEW", None, 2, 120),
            ("DEDUCTION", None, 1, -20),
            ("MALFORMED", None, 1, 0),
            ("REFUSED", Some("BLOCKED"), 1, 60),
            ("REFUSED", Some("CLOSED"), 1, 60),
        ];
        assert_eq!((seen.as_slice(), summary.rows), (expected.as_slice(), 6));
    }

    #[test]
    fn numbers_stand_on_the_right_beside_chinese() {
        let table = Summary::of(&some()).table();
        let total: Vec<&str> = table.lines().filter(|line| line.contains("TOTAL")).collect();
        assert!(total.iter().all(|line| line.contains("        6 ")), "{table}");
        assert!(table.contains(" -0:20"), "{table}");
        // As wide on a terminal: a Chinese character takes two columns, everything else one.
        let width = |line: &str| -> usize {
            line.chars().map(|c| if ('\u{2e80}'..='\u{ffef}').contains(&c) { 2 } else { 1 }).sum()
        };
        let mut widths: Vec<_> = table.lines().map(width).collect();
        widths.dedup();
        assert_eq!(widths.len(), 1, "{table}");
    }

    #[test]
    fn scripts_get_csv_and_json() {
        let summary = Summary::of(&some());
        let csv = summary.csv().unwrap();
        assert!(csv.starts_with("verdict,reason,chinese,english,rows,minutes\nNEW,,已记录,"));
        let json: serde_json::Value = serde_json::from_str(&summary.json().unwrap()).unwrap();
        assert_eq!(json["rows"], 6);
        assert_eq!(json["verdicts"][1]["minutes"], -20);
        let some = some();
        let rows = rows_csv(&some).unwrap();
        assert!(rows.contains("\na.csv,6,0300,巡河,,MALFORMED,,\"消息, message\"\n"), "{rows}");
        let first = serde_json::to_value(&some[0]).unwrap();
        assert_eq!((&first["verdict"], &first["line"]), (&"NEW".into(), &3.into()));
    }

    #[test]
    fn files_stand_beside_each_other() {
        let both = [("a.csv", Summary::of(&some())), ("b.csv", Summary::of(&some()[..1]))];
        let table = files_table(&both);
        let last = table.lines().last().unwrap();
        assert!(last.contains("b.csv") && table.contains("REFUSED CLOSED"), "{table}");
        let csv = files_csv(&both).unwrap();
        assert!(csv.ends_with("b.csv,NEW,,已记录,recorded,1,90\n"), "{csv}");
    }

    #[test]
    fn corrections_and_reversals_are_also_counted_together() {
        let changed = [Verdict::Correction, Verdict::Reversal, Verdict::Correction, Verdict::New];
        let rows: Vec<_> = changed.into_iter().map(|it| judged(1, None, it)).collect();
        let sum = Summary::of(&rows);
        assert_eq!(sum.changed, 3);
        assert!(sum.table().contains("CORRECTION + REVERSAL"));
        assert!(!Summary::of(&some()).table().contains("CORRECTION + REVERSAL"));
    }

    #[test]
    fn nothing_is_a_table_too() {
        assert_eq!(Summary::of(&[]).rows, 0);
        assert!(Summary::default().table().contains("TOTAL"));
        assert_eq!(rows_csv(&[]).unwrap().lines().count(), 1);
    }
}
