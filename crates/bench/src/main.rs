//! Benchmarks, each as a ratio to a limit measured in the same run:
//! `cargo run --release -p lovebank-bench`.

mod bank;
mod limits;

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use comfy_table::{Table, presets};
use tokio::task::JoinSet;

use bank::Bank;

/// How long each row is measured.
const ROW: Duration = Duration::from_secs(3);
/// Rows of a sheet.
const SHEET: u64 = 256;
/// Sheets in flight.
const SHEETS: usize = 4;

/// A row of the table.
struct Figure {
    what: String,
    rate: u64,
    limit: Option<(&'static str, u64)>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut figures = Vec::new();
    for in_flight in [1, 16, 64, 256] {
        let rate = limits::empty_calls(in_flight).await?;
        figures.push(Figure { what: format!("empty tonic call, {in_flight}"), rate, limit: None });
        for mirrors in [true, false] {
            let bank = Bank::start(mirrors).await?;
            let singles = rate_of(in_flight, |no| bank.single(no)).await;
            let what = format!("RecordHours, {in_flight} in flight, {}", mirror(mirrors));
            figures.push(Figure { what, rate: singles, limit: Some(("empty call", rate)) });
            bank.stop().await;
        }
    }
    for mirrors in [true, false] {
        let bank = Bank::start(mirrors).await?;
        let sheets = rate_of(SHEETS, |no| bank.sheet(no, SHEET)).await;
        let rows = sheets.saturating_mul(SHEET);
        let bytes = limits::SHEET_ROW_BYTES.saturating_mul(usize::try_from(SHEET)?);
        let raw = limits::raw_appends(bytes)?.saturating_mul(SHEET);
        let what = format!("rows in sheets of {SHEET}, {SHEETS} in flight, {}", mirror(mirrors));
        figures.push(Figure { what, rate: rows, limit: Some(("raw append + fdatasync", raw)) });
        let reads = rate_of(4, |no| bank.read(no)).await;
        figures.push(Figure {
            what: format!("GetPassbook, 4 in flight, {}", mirror(mirrors)),
            rate: reads,
            limit: None,
        });
        let writing = bank.clone();
        let load = tokio::spawn(async move { rate_of(16, |no| writing.single(no)).await });
        let beside = rate_of(4, |no| bank.read(no)).await;
        load.await?;
        figures.push(Figure {
            what: format!("the same while 16 record, {}", mirror(mirrors)),
            rate: beside,
            limit: Some(("without writes", reads)),
        });
        bank.stop().await;
    }
    print(&figures);
    Ok(())
}

fn mirror(on: bool) -> &'static str {
    if on { "mirrors on" } else { "mirrors off" }
}

/// How often a second something is done, by so many at once.
async fn rate_of<F>(in_flight: usize, work: impl Fn(u64) -> F) -> u64
where
    F: Future<Output = ()> + Send + 'static,
{
    let done = Arc::new(AtomicU64::new(0));
    let next = AtomicU64::new(0);
    let begun = Instant::now();
    let mut running = JoinSet::new();
    let start = |running: &mut JoinSet<()>| {
        let (done, work) = (Arc::clone(&done), work(next.fetch_add(1, Ordering::Relaxed)));
        running.spawn(async move {
            work.await;
            done.fetch_add(1, Ordering::Relaxed);
        });
    };
    for _ in 0..in_flight {
        start(&mut running);
    }
    while running.join_next().await.is_some() {
        if begun.elapsed() < ROW {
            start(&mut running);
        }
    }
    let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
    let done = done.load(Ordering::Relaxed);
    done.saturating_mul(1000).checked_div(millis).unwrap_or_default()
}

fn print(figures: &[Figure]) {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["what", "per second", "limit", "ratio"]);
    for it in figures {
        let (limit, ratio) = match it.limit {
            Some((name, limit)) => {
                let percent = it.rate.saturating_mul(100).checked_div(limit.max(1));
                let percent = percent.unwrap_or_default();
                let whole = percent.checked_div(100).unwrap_or_default();
                let rest = percent.checked_rem(100).unwrap_or_default();
                (format!("{name}: {limit}"), format!("{whole}.{rest:02}"))
            }
            None => (String::new(), String::new()),
        };
        table.add_row([it.what.clone(), it.rate.to_string(), limit, ratio]);
    }
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    eprintln!("{cores} cores; every acknowledged write is durable (flush and fdatasync)");
    eprintln!("{table}");
}
