//! `kill -9` at any moment: a writer dies, and the journal is opened again.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use anyhow::{Context as _, ensure};

use lovebank_journal::Sealed;

use crate::{Random, Tally, promise};

/// Kills after which a new journal is begun, so that opening stays quick.
const JOURNAL: u64 = 25;
/// Acknowledgements that are waited for, at most.
const WAIT: usize = 12;
/// The longest pause after the last of them, in microseconds.
const PAUSE_US: usize = 4_000;
/// More groups than a writer that is killed comes to.
const GROUPS: &str = "1000000";

/// Kills the writer `exe write` so many times.
pub fn run(exe: &Path, rounds: u64, seed: u64) -> anyhow::Result<Tally> {
    let (mut tally, mut random) = (Tally::default(), Random::new(seed));
    let mut dir = tempfile::tempdir()?;
    let mut before: Vec<Sealed> = Vec::new();
    for round in 0..rounds {
        if round % JOURNAL == 0 {
            (dir, before) = (tempfile::tempdir()?, Vec::new());
        }
        let head = before.last().map_or(0, |it| it.no().get());
        let told = one(exe, dir.path(), head, &mut random)?;
        let judged = promise::recovered(dir.path())
            .map_err(anyhow::Error::from)
            .and_then(|it| promise::check(&it.0, &before, told).map(|()| it));
        let (entries, report) =
            judged.with_context(|| format!("after kill {round} of seed {seed:#x}"))?;
        promise::count(&mut tally, &report);
        before = entries;
    }
    Ok(tally)
}

/// Starts the writer, kills it, and gives the last entry that it acknowledged.
fn one(exe: &Path, dir: &Path, before: u64, random: &mut Random) -> anyhow::Result<u64> {
    let mut writer = Command::new(exe)
        .args(["write", "--groups", GROUPS, "--dir"])
        .arg(dir)
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", exe.display()))?;
    let out = writer.stdout.take().context("its output is piped")?;
    let mut lines = BufReader::new(out).lines();
    let mut told = before;
    // None: it may be killed while it opens the journal.
    for _ in 0..random.below(WAIT) {
        let line = lines.next().context("the writer ended by itself")??;
        told = acknowledged(&line).unwrap_or(told);
    }
    sleep(Duration::from_micros(u64::try_from(random.below(PAUSE_US))?));
    kill(&mut writer)?;
    // What it had said by then.
    for line in lines {
        told = acknowledged(&line?).unwrap_or(told);
    }
    ensure!(before <= told, "it acknowledged {told} after {before}");
    Ok(told)
}

fn kill(writer: &mut Child) -> anyhow::Result<()> {
    writer.kill()?;
    writer.wait()?;
    Ok(())
}

/// The entry of a line that is whole: `acknowledged` is written with its end in one call.
fn acknowledged(line: &str) -> Option<u64> {
    line.strip_prefix(promise::ACKNOWLEDGED)?.parse().ok()
}
