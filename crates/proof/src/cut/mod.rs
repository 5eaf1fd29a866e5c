//! Power cuts: the system calls of a real run are recorded, and the directory is built anew as a
//! cut at any moment could have left it.

mod disk;
mod trace;

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, bail, ensure};
use lovebank_journal::Journal as _;
use lovebank_journal_sled::SledJournal;

use crate::{
    Random, Tally,
    promise::{self, Lost},
};
use disk::{Disk, Fate};
use trace::Event;

/// The recorder.
const STRACE: &str = "strace";
/// Calls that change files, and those that would and are not modelled.
const CALLS: &str = "trace=openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,\
    unlinkat,rmdir,ftruncate,truncate,fallocate,lseek,write,pwrite64,writev,pwritev,pwritev2,\
    fsync,fdatasync,link,linkat,symlink,symlinkat,copy_file_range,sendfile,splice,mmap";
/// Bytes of one call that are recorded, at most: more than the largest write of sled.
const BYTES_MAX: &str = "8388608";
/// Groups that the recorded writer appends.
const GROUPS: usize = 60;
/// Of so many cuts, one is followed by more entries and another start.
const GO_ON: u64 = 4;

/// Records one run of the writer `exe write`, and cuts the power so many times.
pub fn run(exe: &Path, cuts: u64, seed: u64) -> anyhow::Result<Tally> {
    cut(exe, (cuts, seed), Disk::default(), &mut Err)
}

/// Cuts on a disk that forgets every sync: after how many of so many the harness sees that
/// something acknowledged is lost. What else fails there is no loss seen.
pub fn losses_seen(exe: &Path, cuts: u64, seed: u64) -> anyhow::Result<usize> {
    let mut losses = 0;
    cut(exe, (cuts, seed), Disk::forgetful(), &mut |err| {
        losses += usize::from(err.is::<Lost>());
        Ok(())
    })?;
    Ok(losses)
}

/// Records, cuts and judges; `failed` says whether to go on after a cut that does not hold.
fn cut(
    exe: &Path,
    (cuts, seed): (u64, u64),
    mut disk: Disk,
    failed: &mut dyn FnMut(anyhow::Error) -> anyhow::Result<()>,
) -> anyhow::Result<Tally> {
    let dir = tempfile::tempdir()?;
    let dir = dir.path().canonicalize()?;
    let text = record(exe, &dir)?;
    let events = trace::parse(&text, &dir)?;
    let mut random = Random::new(seed);
    let moments = moments(&events, cuts, &mut random)?;
    let (mut tally, mut told) = (Tally::default(), 0);
    let (mut at, mut cut) = (0, 0);
    for moment in moments {
        for event in events.get(at..moment).unwrap_or_default() {
            if let Event::Acknowledged(no) = event {
                told = *no;
            }
            disk.take(event)?;
        }
        at = moment;
        let fate = Fate::of(cut, &mut random);
        let judged = judge(&disk, told, (fate, cut), &mut random, &mut tally)
            .with_context(|| format!("cut {cut} before event {at}, {fate:?}, seed {seed:#x}"));
        judged.or_else(&mut *failed)?;
        cut += 1;
    }
    tally.add("calls that change files were recorded", u64::try_from(events.len())?);
    Ok(tally)
}

/// Runs the writer under the recorder. What it needs and does not find, it says.
fn record(exe: &Path, dir: &Path) -> anyhow::Result<String> {
    let out = tempfile::tempdir()?;
    let file = out.path().join("calls");
    let ran = Command::new(STRACE)
        .args(["-f", "-qq", "-y", "-xx", "-s", BYTES_MAX, "-e", CALLS, "-e", "signal=none", "-o"])
        .arg(&file)
        .arg(exe)
        .args(["write", "--groups", &GROUPS.to_string(), "--dir"])
        .arg(dir)
        .output();
    let ran = match ran {
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => {
            bail!("{STRACE} is not installed, and without it no power cut is tried: install it")
        }
        ran => ran?,
    };
    let said = String::from_utf8_lossy(&ran.stderr);
    ensure!(
        ran.status.success(),
        "{STRACE} could not record the run (it must be allowed to trace: in a container, \
         --cap-add=SYS_PTRACE): {said}"
    );
    Ok(fs::read_to_string(&file)?)
}

/// Moments of the cuts, in order: half of them right after an acknowledgement, when the most was
/// promised; the others anywhere.
fn moments(events: &[Event], cuts: u64, random: &mut Random) -> anyhow::Result<Vec<usize>> {
    let told: Vec<usize> = (1..)
        .zip(events)
        .filter_map(|(after, it)| matches!(it, Event::Acknowledged(_)).then_some(after))
        .collect();
    ensure!(told.len() == GROUPS, "{} of {GROUPS} acknowledgements were recorded", told.len());
    let mut moments = Vec::new();
    for cut in 0..cuts {
        let anywhere = random.below(events.len());
        let after = told.get(random.below(told.len())).copied().unwrap_or(anywhere);
        moments.push(if cut % 2 == 0 { after } else { anywhere });
    }
    moments.sort_unstable();
    Ok(moments)
}

fn judge(
    disk: &Disk,
    told: u64,
    (fate, cut): (Fate, u64),
    random: &mut Random,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    disk.after_cut(dir.path(), fate, random)?;
    let (entries, report) = promise::recovered(dir.path())?;
    promise::check(&entries, &[], told)?;
    promise::count(tally, &report);
    tally.count("cuts");
    if cut % GO_ON == 0 {
        let (mut journal, _) = SledJournal::open(&promise::config(dir.path()))?;
        let head = journal.head();
        let head = journal.append(head, &promise::group_after(head))?;
        drop(journal);
        let (more, _) = promise::recovered(dir.path())?;
        promise::check(&more, &entries, head.no)?;
        tally.count("of them went on with more entries, and started again");
    }
    Ok(())
}
