//! The directories of a stopped bank, and what a hand can do to them: with the project's own codec,
//! and to the bytes of the files.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use lovebank_journal::{Head, Journal as _, Sealed, chain, codec};
use lovebank_journal_sled::{SledConfig, SledJournal};
use lovebank_ledger::{
    BranchName, DEFAULT_RULEBOOK, Entry, Event, Founding, Handle, Interval, Role, Rulebook, Seal,
    Service, TokenHash,
};
use lovebank_testkit::{Bank, Town, minute, timestamp, zone};
use tempfile::TempDir;

/// How often a database is asked for that another thread has not let go of yet.
const TRIES: u32 = 400;

/// A year of a small town, with real seals.
pub(crate) fn town() -> Town {
    let founding = Founding {
        name: BranchName::new("爱心银行").expect("a name"),
        zone: zone(),
        rulebook: Rulebook::parse(DEFAULT_RULEBOOK).expect("a rulebook"),
        operator: Handle::new("operator").expect("a handle"),
        token: TokenHash::new([0; 32]),
    };
    let seal = |it: &Entry| codec::seal(it).seal();
    let mut town = Town::within(Bank::founded(&founding, timestamp("2020-01-01 00:00"), seal));
    let clerk = town.staff("clerk", Role::Clerk, None);
    for name in ["甲", "乙", "丙"] {
        town.volunteer(name, "N1");
    }
    for day in 1..=9 {
        town.at(&format!("2026-03-0{day} 20:00"));
        for name in ["甲", "乙", "丙"] {
            let at = |hour: &str| minute(&format!("2026-03-0{day} {hour}:00"));
            let service = Service::interval(Interval::new(at("09"), at("11")).expect("two hours"));
            let activity = Town::activity("N1", "社区巡河");
            town.record(clerk, activity, name, service).expect("recorded");
        }
    }
    town
}

/// Names the seal before it in each entry from one on: a hand that covers its traces.
pub(crate) fn resealed(entries: &mut [Entry], from: usize) {
    let before = from.checked_sub(1).and_then(|it| entries.get(it));
    let mut seal = before.map_or(Seal::NONE, |it| codec::seal(it).seal());
    for it in entries.iter_mut().skip(from) {
        it.previous = seal;
        seal = codec::seal(it).seal();
    }
}

/// A bank that was stopped.
pub(crate) struct Stopped {
    pub(crate) dir: TempDir,
    /// What was recorded.
    pub(crate) entries: Vec<Entry>,
}

impl Stopped {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let entries: Vec<Entry> = town().journal().iter().map(|it| it.0.clone()).collect();
        let it = Self { dir, entries };
        let config = SledConfig {
            data: it.data(),
            mirror: Some(it.data().join("mirror")),
            cache_bytes: 1 << 20,
        };
        let (mut journal, _) = SledJournal::open(&config).expect("it opens");
        let group: Vec<Sealed> = it.entries.iter().map(codec::seal).collect();
        journal.append(Head::EMPTY, &group).expect("it is taken");
        drop(journal);
        it
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// The directories of both copies.
    pub(crate) fn copies(&self) -> [PathBuf; 2] {
        [self.data().join("journal"), self.data().join("mirror/journal")]
    }

    pub(crate) fn head(&self) -> Head {
        let last = self.entries.last().expect("some entries");
        Head { no: last.no.get(), seal: codec::seal(last).seal() }
    }

    /// The place of the record in the middle: an entry with postings that others follow.
    pub(crate) fn middle(&self) -> usize {
        let records = self.entries.iter().enumerate();
        let mut records = records.filter(|it| matches!(it.1.event, Event::HoursRecorded { .. }));
        records.nth(12).expect("there are more").0
    }

    /// Every file, byte for byte.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.data(), &mut files);
        files
    }
}

fn collect(dir: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for it in fs::read_dir(dir).expect("a directory").map(|it| it.expect("an entry").path()) {
        if it.is_dir() {
            collect(&it, files);
        } else {
            files.insert(it.clone(), fs::read(it).expect("readable"));
        }
    }
}

/// Bytes to be kept under the numbers of these entries.
pub(crate) fn kept(entries: &[Entry]) -> Vec<(u64, Vec<Vec<u8>>)> {
    entries.iter().map(|it| (it.no.get(), vec![codec::encode(it)])).collect()
}

/// Makes a copy hold these values and nothing else, with the note as it was.
pub(crate) fn store(copy: &Path, values: &[(u64, Vec<Vec<u8>>)]) {
    for it in fs::read_dir(copy).expect("a copy").map(|it| it.expect("an entry").path()) {
        if it.is_dir() {
            fs::remove_dir_all(it).expect("removed");
        } else if !it.ends_with("HEAD") {
            fs::remove_file(it).expect("removed");
        }
    }
    let open = || sled::Config::new().path(copy).flush_every_ms(None).open();
    let db = (0..TRIES).find_map(|_| {
        std::thread::sleep(Duration::from_millis(5));
        open().ok()
    });
    let db = db.expect("it opens");
    for (no, entries) in values {
        let mut key = no.to_be_bytes().to_vec();
        key.extend([0, 0]);
        let count = u16::try_from(entries.len()).expect("a few");
        let mut value = vec![1, 0];
        value.extend(count.to_be_bytes());
        for it in entries {
            value.extend(u32::try_from(it.len()).expect("a few").to_be_bytes());
            value.extend(it);
        }
        db.insert(key, value).expect("inserted");
    }
    db.flush().expect("flushed");
    drop(db);
    released(copy);
}

/// Waits until the database is let go of.
fn released(copy: &Path) {
    let file = fs::File::open(copy.join("db")).expect("it is there");
    for _ in 0..TRIES {
        if file.try_lock().is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("{} is held", copy.display());
}

/// Writes the note beside a copy anew.
pub(crate) fn note(copy: &Path, head: Head) {
    let text = format!("lovebank-journal-1 no={:020} seal={} copies=2", head.no, head.seal);
    let check: String = chain::seal(text.as_bytes()).to_string().chars().take(16).collect();
    fs::write(copy.join("HEAD"), format!("{text} check={check}\n")).expect("written");
}
