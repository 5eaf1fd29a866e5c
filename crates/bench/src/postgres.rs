//! The same years in plain tables of PostgreSQL, asked by its own `psql`: every service with
//! indexes, and a summary by month beside it.
//!
//! Times are those that the server says it took, without sending anything.

use std::{
    collections::BTreeMap,
    io::{BufWriter, Write},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, bail, ensure};
use jiff::civil::Date;

use crate::table::Figure;

/// What names it on the command line.
pub(crate) const WORD: &str = "postgres=";

/// How often each question is asked; the middle is told.
const TIMES: usize = 3;

const TABLES: &str = "\
SET client_min_messages = error;
SET work_mem = '256MB';
SET maintenance_work_mem = '512MB';
DROP SCHEMA IF EXISTS lovebank_bench CASCADE;
CREATE SCHEMA lovebank_bench;
SET search_path = lovebank_bench;
CREATE UNLOGGED TABLE volunteer (no int PRIMARY KEY, branch text, joined date, active boolean);
CREATE UNLOGGED TABLE service (volunteer int, activity int, served date, minutes int);
";

const INDEXES: &str = "\
CREATE INDEX ON service (served) INCLUDE (volunteer, minutes);
CREATE INDEX ON service (volunteer, served) INCLUDE (activity, minutes);
CREATE UNLOGGED TABLE summary AS
    SELECT volunteer, date_trunc('month', served)::date AS month, sum(minutes) AS minutes
    FROM service GROUP BY 1, 2;
ALTER TABLE summary ADD PRIMARY KEY (volunteer, month);
CREATE INDEX ON summary (month) INCLUDE (volunteer, minutes);
VACUUM ANALYZE;
";

/// Minutes by month of the year, of the services themselves and of the summary.
const FROM_SERVICES: &str = "SELECT volunteer, date_trunc('month', served)::date AS month, \
    sum(minutes) AS minutes FROM service WHERE served BETWEEN '2026-01-01' AND '2026-12-31' \
    GROUP BY 1, 2";
const FROM_SUMMARY: &str = "SELECT volunteer, month, minutes FROM summary \
    WHERE month BETWEEN '2026-01-01' AND '2026-12-01'";

/// What the bank found, which must be found here.
pub(crate) struct Expected {
    /// Who is chosen.
    pub(crate) chosen: usize,
    /// Who served in the year.
    pub(crate) listed: usize,
    /// Who served most.
    pub(crate) first: u64,
}

/// The tables as they are filled, and the questions put to them.
pub(crate) struct Tables {
    psql: Child,
    script: BufWriter<std::process::ChildStdin>,
}

impl Tables {
    /// Its tables, empty. The server is named as `psql` is told: `host=/tmp dbname=postgres`; the
    /// schema `lovebank_bench` is made there, and dropped.
    pub(crate) fn open(server: &str) -> anyhow::Result<Self> {
        let mut psql = Command::new("psql")
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", server])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("psql is not on the path")?;
        let script = psql.stdin.take().context("psql takes no script")?;
        let mut it = Self { psql, script: BufWriter::new(script) };
        it.script.write_all(TABLES.as_bytes())?;
        Ok(it)
    }

    /// Fills the table of volunteers.
    pub(crate) fn volunteers(
        &mut self,
        rows: impl Iterator<Item = (u64, &'static str)>,
    ) -> anyhow::Result<()> {
        writeln!(self.script, "COPY volunteer FROM STDIN (FORMAT csv);")?;
        for (no, branch) in rows {
            writeln!(self.script, "{no},{branch},2020-01-01,t")?;
        }
        Ok(writeln!(self.script, "\\.")?)
    }

    /// Begins to fill the table of services.
    pub(crate) fn begin(&mut self) -> anyhow::Result<()> {
        Ok(writeln!(self.script, "COPY service FROM STDIN (FORMAT csv);")?)
    }

    /// A service.
    pub(crate) fn service(
        &mut self,
        (volunteer, activity): (u64, u64),
        on: Date,
        minutes: i64,
    ) -> anyhow::Result<()> {
        Ok(writeln!(self.script, "{volunteer},{activity},{on},{minutes}")?)
    }

    /// Asks what the bank was asked, and says how long that took.
    pub(crate) fn asked(mut self, of: &str, expected: &Expected) -> anyhow::Result<Vec<Figure>> {
        writeln!(self.script, "\\.\n{INDEXES}")?;
        let questions = questions(expected.first);
        for (name, question) in &questions {
            writeln!(self.script, "SELECT 'rows {name}', count(*) FROM ({question}) AS it;")?;
            for _ in 0..TIMES {
                writeln!(self.script, "\\echo time {name}")?;
                writeln!(self.script, "EXPLAIN (ANALYZE, TIMING off) {question};")?;
            }
        }
        writeln!(self.script, "DROP SCHEMA lovebank_bench CASCADE;")?;
        drop(self.script);
        let done = self.psql.wait_with_output()?;
        ensure!(done.status.success(), "psql says why on standard error");
        let told = Told::read(&String::from_utf8_lossy(&done.stdout))?;
        for (name, rows) in [("selection", expected.chosen), ("listing", expected.listed)] {
            for table in ["services", "summary"] {
                let found = told.rows.get(&format!("{name} {table}"));
                ensure!(found == Some(&rows), "{name} {table}: {found:?} rows, {rows} in the bank");
            }
        }
        questions.iter().map(|(name, _)| told.figure(name, of)).collect()
    }
}

/// What is asked, by name.
fn questions(first: u64) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (table, months) in [("services", FROM_SERVICES), ("summary", FROM_SUMMARY)] {
        let year = format!(
            "SELECT volunteer, sum(minutes) AS minutes, count(*) AS months FROM ({months}) AS of \
             GROUP BY 1"
        );
        let selection = format!(
            "SELECT volunteer, minutes, months, rank() OVER (ORDER BY minutes DESC, months DESC) \
             FROM ({year}) AS year JOIN volunteer ON no = volunteer WHERE active AND \
             joined <= '2024-12-31' AND 6000 <= minutes ORDER BY minutes DESC, months DESC \
             FETCH FIRST 100 ROWS WITH TIES"
        );
        let listing = format!(
            "SELECT volunteer, branch, minutes, rank() OVER (ORDER BY minutes DESC) \
             FROM ({year}) AS year JOIN volunteer ON no = volunteer ORDER BY minutes DESC, no"
        );
        all.push((format!("selection {table}"), selection));
        all.push((format!("listing {table}"), listing));
    }
    let one = format!(
        "SELECT date_trunc('month', served), activity, sum(minutes) FROM service \
         WHERE volunteer = {first} AND served BETWEEN '2026-01-01' AND '2026-12-31' GROUP BY 1, 2"
    );
    all.push(("year services".to_owned(), one));
    let one = format!(
        "SELECT month, minutes FROM summary \
         WHERE volunteer = {first} AND month BETWEEN '2026-01-01' AND '2026-12-01'"
    );
    all.push(("year summary".to_owned(), one));
    all
}

/// What `psql` said.
#[derive(Default)]
struct Told {
    rows: BTreeMap<String, usize>,
    /// Microseconds.
    times: BTreeMap<String, Vec<u64>>,
}

impl Told {
    fn read(text: &str) -> anyhow::Result<Self> {
        let (mut it, mut name) = (Self::default(), String::new());
        for line in text.lines() {
            if let Some((of, rows)) = line.strip_prefix("rows ").and_then(|it| it.split_once('|')) {
                it.rows.insert(of.to_owned(), rows.parse()?);
            } else if let Some(of) = line.strip_prefix("time ") {
                of.clone_into(&mut name);
            } else if let Some(time) = line.strip_prefix("Execution Time: ") {
                it.times.entry(name.clone()).or_default().push(micros(time)?);
            }
        }
        Ok(it)
    }

    fn figure(&self, name: &str, of: &str) -> anyhow::Result<Figure> {
        let mut times = self.times.get(name).cloned().unwrap_or_default();
        times.sort_unstable();
        let Some(middle) = times.get(TIMES / 2) else { bail!("psql said no time of {name}") };
        let (what, table) = name.split_once(' ').unwrap_or((name, ""));
        let what = match what {
            "selection" => "a year's selection",
            "listing" => "the full listing",
            _ => "one's year",
        };
        let table = match table {
            "services" => "every service, indexed",
            _ => "a summary by month",
        };
        let measured = match middle.checked_div(1000).unwrap_or(0) {
            0..10 => format!("{middle} µs"),
            ms => format!("{ms} ms"),
        };
        Ok(Figure::said(format!("{what} in PostgreSQL, {table}, {of}"), measured, String::new()))
    }
}

/// Microseconds of `12.345 ms`.
fn micros(text: &str) -> anyhow::Result<u64> {
    let number = text.strip_suffix(" ms").context("PostgreSQL told no milliseconds")?;
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let part: u64 = format!("{part:0<3}").get(..3).unwrap_or("0").parse()?;
    Ok(whole.parse::<u64>()?.saturating_mul(1000).saturating_add(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_psql_says_is_understood() {
        let text = "rows selection services|100\ntime selection services\nSort  (cost=1.2)\n\
                    Planning Time: 9.9 ms\nExecution Time: 1234.567 ms\ntime selection services\n\
                    Execution Time: 0.045 ms\ntime selection services\nExecution Time: 12.3 ms\n";
        let told = Told::read(text).expect("understood");
        assert_eq!(told.rows["selection services"], 100);
        assert_eq!(told.times["selection services"], [1_234_567, 45, 12_300]);
        told.figure("selection services", "").expect("a figure");
        assert!(told.figure("selection summary", "").is_err());
    }
}
