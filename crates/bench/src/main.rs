//! Benchmarks, each as a ratio to a limit measured in the same run:
//! `cargo run --release -p lovebank-bench [calls|sheets|import|reads|holds|allocation|recognition|opening]… 2>log`.
//! A number picks how many calls are in flight. Recognition is measured beside PostgreSQL, too, where
//! a word says how `psql` reaches one: `"postgres=host=/tmp dbname=postgres"`.
//!
//! The bank logs as one in service does, at its default level, to standard error: send it to a
//! file, for a terminal is slower than a disk.

mod bank;
mod limits;
mod load;
mod opening;
mod postgres;
mod recognition;
mod shelf;
mod table;

use lovebank::{config::Config, telemetry};

use bank::Bank;
use load::{Load, measure, rate_of};
use table::Figure;

/// Rows of a sheet.
const SHEET: u64 = 256;
/// Sheets in flight.
const SHEETS: usize = 4;
/// Passbooks read at a time.
const READERS: usize = 4;
/// Calls at a time beside the readers.
const BESIDE: usize = 16;

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [word, directory] = words.as_slice()
        && word == opening::SERVE
    {
        return opening::serve(directory);
    }
    telemetry::init(&Config::in_directory("."))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let figures = runtime.block_on(rows(&words))?;
    Ok(table::print(&figures)?)
}

async fn rows(words: &[String]) -> anyhow::Result<Vec<Figure>> {
    let server = words.iter().find_map(|it| it.strip_prefix(postgres::WORD));
    let all = words.iter().all(|it| it.starts_with(postgres::WORD));
    let wanted = |name: &str| all || words.iter().any(|it| it == name);
    let mut figures = Vec::new();
    if wanted("calls") {
        let only = words.iter().find_map(|it| it.parse().ok());
        for in_flight in only.map_or_else(|| vec![1, 16, 64, 256], |it| vec![it]) {
            figures.extend(calls(in_flight).await?);
        }
    }
    for mirrors in [true, false] {
        if wanted("sheets") {
            figures.push(sheets(mirrors).await?);
        }
        if wanted("import") {
            figures.push(import(mirrors).await?);
        }
        if wanted("reads") {
            figures.extend(reads(mirrors).await?);
        }
    }
    if wanted("holds") {
        figures.extend(shelf::holds().await?);
    }
    if wanted("allocation") {
        figures.push(shelf::allocation()?);
    }
    if wanted("recognition") {
        figures.extend(recognition::rows(server)?);
    }
    if wanted("opening") {
        figures.extend(opening::rows().await?);
    }
    Ok(figures)
}

/// Single durable calls, beside calls that do nothing.
async fn calls(in_flight: usize) -> anyhow::Result<Vec<Figure>> {
    let limit = limits::empty_calls(in_flight).await?;
    let mut figures = vec![Figure::rate(format!("empty tonic call, {in_flight} in flight"), limit)];
    for mirrors in [true, false] {
        let bank = Bank::start(mirrors).await?;
        let calling = bank.clone();
        let rate = rate_of(in_flight, move |no| calling.single(no)).await?;
        let what = format!("RecordHours, {in_flight} in flight, {}", mirror(mirrors));
        figures.push(Figure::beside(what, rate, ("empty call", limit)));
        bank.stop().await;
    }
    Ok(figures)
}

/// Sheets, beside a file that is written and synced.
async fn sheets(mirrors: bool) -> anyhow::Result<Figure> {
    let bank = Bank::start(mirrors).await?;
    let calling = bank.clone();
    let sheets = rate_of(SHEETS, move |no| calling.sheet(no, SHEET)).await?;
    let rows = sheets.saturating_mul(SHEET);
    bank.stop().await;
    let bytes = limits::SHEET_ROW_BYTES.saturating_mul(usize::try_from(SHEET)?);
    let raw = limits::raw_appends(bytes)?.saturating_mul(SHEET);
    let what = format!("rows in sheets of {SHEET}, {SHEETS} in flight, {}", mirror(mirrors));
    Ok(Figure::beside(what, rows, ("raw append + fdatasync", raw)))
}

/// The rows of a file, part by part on one stream.
async fn import(mirrors: bool) -> anyhow::Result<Figure> {
    let bank = Bank::start(mirrors).await?;
    let rows = bank.import().await?;
    bank.stop().await;
    Ok(Figure::rate(format!("rows by ImportHours, parts of 1000, {}", mirror(mirrors)), rows))
}

/// Reads alone, beside calls that do nothing, and beside writes.
async fn reads(mirrors: bool) -> anyhow::Result<Vec<Figure>> {
    let bank = Bank::start(mirrors).await?;
    let what = format!("GetPassbook, {READERS} in flight, {}", mirror(mirrors));
    let alone = read(&bank).await?;
    let load = limits::Empty::start().await?;
    let empty = load.client();
    let background = Load::start(BESIDE, move |_| empty.call());
    let busy = read(&bank).await?;
    background.stop().await?;
    load.stop();
    let writing = bank.clone();
    let background = Load::start(BESIDE, move |no| writing.single(no));
    let beside = read(&bank).await?;
    let writes = background.stop().await?.rate;
    bank.stop().await;
    let quick = |it: &load::Measured| format!("{} µs", it.p99_us);
    let p99 = |when: &str| format!("99 of 100 of them within, {when}");
    Ok(vec![
        Figure::rate(&what, alone.rate),
        Figure::beside(
            format!("the same while {BESIDE} empty calls run"),
            busy.rate,
            ("reads alone", alone.rate),
        ),
        Figure::beside(
            format!("the same while {BESIDE} record ({writes} /s)"),
            beside.rate,
            ("reads alone", alone.rate),
        ),
        Figure::said(p99("alone"), quick(&alone), String::new()),
        Figure::said(p99("while empty calls run"), quick(&busy), String::new()),
        Figure::said(p99("while they record"), quick(&beside), "1000 µs".to_owned()),
    ])
}

/// One passbook after the other.
async fn read(bank: &Bank) -> anyhow::Result<load::Measured> {
    let bank = bank.clone();
    measure(READERS, move |no| bank.read(no)).await
}

fn mirror(on: bool) -> &'static str {
    if on { "mirrors on" } else { "mirrors off" }
}
