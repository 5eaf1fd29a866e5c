//! How fast the journal takes and gives entries, beside a plain file with the same bytes.
//!
//! `cargo run --release -p lovebank-journal-sled --example speed [directory]`

#![allow(clippy::print_stdout, clippy::arithmetic_side_effects, reason = "it measures and tells")]

use std::{
    fs::{self, File, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use lovebank_journal::{Head, Journal as _, ReadJournal as _, Sealed, chain::made_up_group};
use lovebank_journal_sled::{SledConfig, SledJournal};
use lovebank_ledger::EntryNo;

/// With its number and its seal an entry has about 250 bytes.
const CONTENT: usize = 208;
/// How large the groups are, and how many of each.
const GROUPS: [(usize, usize); 4] = [(1, 1500), (16, 1500), (256, 400), (4096, 60)];
const ENTRIES: usize = 1_000_000;
const PAGE: usize = 4096;
const CACHE_BYTES: u64 = 512 << 20;

fn main() {
    let dir = std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let dir = dir.join(format!("lovebank-speed-{}", std::process::id()));
    println!("{:>6} {:>12} {:>12} {:>12}   entries a second", "group", "file", "one", "two");
    for (size, groups) in GROUPS {
        let all = made_up(groups * size);
        let file = rate(&all, plain(&dir, &all, size));
        let one = rate(&all, append(&dir, &all, size, false));
        let two = rate(&all, append(&dir, &all, size, true));
        println!("{size:>6} {file:>12} {one:>12} {two:>12}");
    }
    let all = made_up(ENTRIES);
    for mirrored in [false, true] {
        reopen(&dir, &all, mirrored);
    }
    fs::remove_dir_all(&dir).expect("removable");
}

fn made_up(count: usize) -> Vec<Sealed> {
    made_up_group(Head::EMPTY, count, CONTENT)
}

fn rate(all: &[Sealed], took: Duration) -> u128 {
    let count = u128::try_from(all.len()).expect("a count");
    count * 1_000_000 / took.as_micros().max(1)
}

/// What the process has computed so far: on a busy machine it says more than the clock.
fn computed() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.split_whitespace().skip(13).take(2).flat_map(str::parse::<u64>);
    ticks.sum::<u64>() * 10
}

fn fresh(dir: &Path) {
    fs::remove_dir_all(dir).ok();
    fs::create_dir_all(dir).expect("a directory");
}

fn plain(dir: &Path, all: &[Sealed], size: usize) -> Duration {
    fresh(dir);
    let path = dir.join("plain");
    let mut file: File = OpenOptions::new().create(true).append(true).open(path).expect("a file");
    let begun = Instant::now();
    for group in all.chunks(size) {
        let bytes: Vec<u8> = group.iter().flat_map(Sealed::bytes).copied().collect();
        file.write_all(&bytes).expect("written");
        file.sync_data().expect("synced");
    }
    begun.elapsed()
}

fn config(dir: &Path, mirrored: bool) -> SledConfig {
    let mirror = mirrored.then(|| dir.join("mirror"));
    SledConfig { data: dir.join("data"), mirror, cache_bytes: CACHE_BYTES }
}

fn append(dir: &Path, all: &[Sealed], size: usize, mirrored: bool) -> Duration {
    fresh(dir);
    let (mut journal, _) = SledJournal::open(&config(dir, mirrored)).expect("a journal");
    let begun = Instant::now();
    for group in all.chunks(size) {
        journal.append(journal.head(), group).expect("durable");
    }
    begun.elapsed()
}

fn reopen(dir: &Path, all: &[Sealed], mirrored: bool) {
    append(dir, all, PAGE, mirrored);
    for _ in 0..2 {
        let before = computed();
        let (journal, report) = SledJournal::open(&config(dir, mirrored)).expect("a journal");
        println!("{report}, {} ms computed", computed() - before);
        let before = computed();
        let (reader, mut from) = (journal.reader(), 1);
        let begun = Instant::now();
        while from <= report.entries {
            let page = reader.read(EntryNo::new(from).expect("a number"), PAGE).expect("a page");
            from += u64::try_from(page.len()).expect("a count");
        }
        let (took, used) = (begun.elapsed().as_millis(), computed() - before);
        println!("streamed in {took} ms, {used} ms computed");
        let begun = Instant::now();
        for no in (1..=report.entries).step_by(101) {
            let page = reader.read(EntryNo::new(no).expect("a number"), 1).expect("a page");
            assert_eq!(page.len(), 1);
        }
        println!("single entries in {} us each", begun.elapsed().as_micros() / 9900);
    }
}
