//! Bits that flip at rest, in one copy or in both.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use lovebank_journal::{Head, Journal as _, Sealed};
use lovebank_journal_sled::{OpenError, Severity, SledJournal};

use crate::{Random, Tally, promise};

/// Groups of the journal.
const GROUPS: usize = 24;
/// Of so many rounds, one flips bits in both copies.
const BOTH: usize = 3;
/// Of so many rounds, one flips another file than the log.
const OTHER: usize = 5;
/// Bits that flip in a file, at most.
const BITS: usize = 3;

type Files = Vec<(PathBuf, Vec<u8>)>;

/// Flips bits so many times, each time on a journal that is whole.
pub fn run(rounds: u64, seed: u64) -> anyhow::Result<Tally> {
    let (mut tally, mut random) = (Tally::default(), Random::new(seed));
    let kept = tempfile::tempdir()?;
    let head = fill(kept.path())?;
    let entries = promise::submitted(&[], head.no);
    let files = read(kept.path())?;
    for round in 0..rounds {
        let dir = tempfile::tempdir()?;
        let (files, both) = flipped(&files, &mut random)?;
        write(dir.path(), kept.path(), &files)?;
        judge(dir.path(), &entries, both, &mut tally)
            .with_context(|| format!("round {round} of seed {seed:#x}"))?;
    }
    Ok(tally)
}

fn fill(dir: &Path) -> anyhow::Result<Head> {
    let (mut journal, _) = SledJournal::open(&promise::config(dir))?;
    for _ in 0..GROUPS {
        let head = journal.head();
        journal.append(head, &promise::group_after(head))?;
    }
    Ok(journal.head())
}

/// Nothing is lost in silence: all of it is there, or the bank says that it is not.
fn judge(dir: &Path, entries: &[Sealed], both: bool, tally: &mut Tally) -> anyhow::Result<()> {
    match promise::recovered(dir) {
        Ok((found, report)) => {
            ensure!(found == entries, "{} of {} are there: {report}", found.len(), entries.len());
            let healed = report.severity() == Severity::Warn;
            tally.count(match (both, healed) {
                (false, true) => "one copy hit: healed from the other",
                (false, false) => "one copy hit: did no harm",
                (true, true) => "both hit: healed",
                (true, false) => "both hit: did no harm",
            });
        }
        Err(OpenError::Refused(refused)) => {
            ensure!(both, "one copy was whole, and the bank does not open: {refused}");
            tally.count("both hit: refused, with advice");
        }
        Err(error) => bail!(error),
    }
    Ok(())
}

/// The files with bits flipped, and whether that is so in both copies.
fn flipped(files: &Files, random: &mut Random) -> anyhow::Result<(Files, bool)> {
    let (mut files, both) = (files.clone(), random.once_in(BOTH));
    let sides = if both { vec!["data", "mirror"] } else { vec![random_side(random)] };
    for side in sides {
        let log = !random.once_in(OTHER);
        let of_side = |path: &Path| {
            let is_log = path.file_name().is_some_and(|it| it == "db");
            path.starts_with(Path::new(side).join("journal")) && is_log == log
        };
        let mut hit: Vec<_> =
            files.iter_mut().filter(|(path, it)| of_side(path) && !it.is_empty()).collect();
        let count = hit.len();
        let (_, bytes) = hit.get_mut(random.below(count)).context("there is such a file")?;
        let size = bytes.len();
        for _ in 0..=random.below(BITS) {
            let byte = bytes.get_mut(random.below(size)).context("a byte")?;
            *byte ^= 1 << random.below(8);
        }
    }
    Ok((files, both))
}

fn random_side(random: &mut Random) -> &'static str {
    if random.once_in(2) { "data" } else { "mirror" }
}

/// Every file under a directory, by its path within it.
fn read(dir: &Path) -> anyhow::Result<Files> {
    let (mut found, mut dirs) = (Files::new(), vec![dir.to_path_buf()]);
    while let Some(next) = dirs.pop() {
        for it in fs::read_dir(&next)? {
            let path = it?.path();
            if path.is_dir() {
                dirs.push(path);
            } else {
                found.push((path.strip_prefix(dir)?.to_path_buf(), fs::read(&path)?));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Writes the files, and makes the directories that are empty in the journal they are of.
fn write(dir: &Path, of: &Path, files: &Files) -> anyhow::Result<()> {
    for it in promise::copies(of) {
        fs::create_dir_all(dir.join(it.strip_prefix(of)?).join("blobs"))?;
    }
    for (path, bytes) in files {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().context("it lies in a directory")?)?;
        fs::write(path, bytes)?;
    }
    Ok(())
}
