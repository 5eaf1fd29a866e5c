//! Looking at the copies of a stopped bank without changing anything about them.
//!
//! sled writes to what it opens: it may cut a damaged log, and takes some damage for its end. So
//! each copy is copied to a directory of its own first, and opened there. What is read is handed on
//! as it is kept: nothing is checked but that it is there.

use std::{
    fs::{self, File},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    thread,
};

use lovebank_journal::Head;
use sled::Tree;

use crate::{
    Damage, OpenError,
    frame::{Key, Part, Value},
    lock,
    mirror::{self, Mirror, Unopened, said},
    note, place,
};

/// What sled may keep in memory of a copy that is read once.
const CACHE_BYTES: u64 = 16 * 1024 * 1024;

/// A copy of the journal, as it was found.
#[derive(Debug)]
pub struct Inspected {
    /// Where.
    pub dir: PathBuf,
    /// How far it had come by its own note.
    pub note: Noted,
    /// What it holds, if it opens.
    pub held: Held,
}

/// What the note beside a copy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// There is none.
    None,
    /// It cannot be read.
    Unreadable,
    /// This head was durable in so many copies.
    At {
        /// The head.
        head: Head,
        /// How many copies there were.
        copies: usize,
    },
}

/// What a copy holds.
#[derive(Debug)]
pub enum Held {
    /// There is no copy.
    Missing,
    /// It does not open.
    Damaged(Damage),
    /// It opens.
    Entries(Stored),
}

/// What a copy that opens holds.
#[derive(Debug)]
pub struct Stored {
    entries: Tree,
}

/// Something that is kept in a copy.
#[derive(Debug)]
pub enum Kept<'a> {
    /// The bytes of an entry.
    Entry {
        /// The number under which they are kept.
        place: u64,
        /// The bytes.
        bytes: &'a [u8],
    },
    /// Something that is no entry.
    Damage {
        /// The entry in whose place it is kept.
        place: u64,
        /// What it is.
        damage: Damage,
    },
}

/// Copies of the copies of a stopped bank's journal. Until this is dropped the bank does not start.
#[derive(Debug)]
pub struct Copied {
    /// The directories that were copied, as data directories with a `journal` each; none where
    /// there was no journal.
    pub dirs: Vec<Option<PathBuf>>,
    /// In how many copies the journal was kept, as far as a note says; 0 where none does.
    pub copies: usize,
    _still: Vec<Option<File>>,
}

/// Copies the journal of each of these directories, those of `data` and `mirror`, into directories
/// of `scratch`, which is the caller's to remove.
pub fn copy(dirs: &[PathBuf], scratch: &Path) -> Result<Copied, OpenError> {
    let still = hold_all(dirs)?;
    let mut it = Copied { dirs: Vec::new(), copies: 0, _still: still };
    for (index, dir) in dirs.iter().enumerate() {
        let into = scratch.join(index.to_string());
        let copied = copy_one(&dir.join(place::DIR), &into.join(place::DIR))?;
        if let Some((Noted::At { copies, .. }, _)) = copied {
            it.copies = it.copies.max(copies);
        }
        it.dirs.push(copied.map(|_| into));
    }
    Ok(it)
}

/// Looks at the journal in each of these directories, those of `data` and `mirror`. The copies that
/// are opened are made in `scratch`, which is the caller's to remove.
///
/// No bank may run on them meanwhile: that is an error, and so it is for a bank that starts.
///
/// # Panics
///
/// If this process has no thread left.
pub fn inspect(dirs: &[PathBuf], scratch: &Path) -> Result<Vec<Inspected>, OpenError> {
    let _still = hold_all(dirs)?;
    thread::scope(|scope| {
        let looking = |(index, dir): (usize, &PathBuf)| {
            let (dir, copy) = (dir.join(place::DIR), scratch.join(index.to_string()));
            scope.spawn(move || look(dir, &copy))
        };
        let looking: Vec<_> = dirs.iter().enumerate().map(looking).collect();
        let looked = looking.into_iter();
        looked.map(|it| it.join().expect("the panics of sled are caught")).collect()
    })
}

fn look(dir: PathBuf, copy: &Path) -> Result<Inspected, OpenError> {
    let Some((note, has_database)) = copy_one(&dir, copy)? else {
        return Ok(Inspected { dir, note: Noted::None, held: Held::Missing });
    };
    if !has_database {
        return Ok(Inspected { dir, note, held: Held::Damaged(Damage::NoDatabase) });
    }
    mirror::clear_unfinished(copy)?;
    let held = match Mirror::open(copy, CACHE_BYTES) {
        Ok(it) => Held::Entries(Stored { entries: it.entries().clone() }),
        Err(Unopened::Damaged(damage)) => Held::Damaged(damage),
        Err(Unopened::Hindered(error)) => return Err(error),
    };
    Ok(Inspected { dir, note, held })
}

/// Copies a copy, if there is one: what its note says, and whether it has a database.
fn copy_one(dir: &Path, into: &Path) -> Result<Option<(Noted, bool)>, OpenError> {
    let Some(has_database) = mirror::is_there(dir)? else { return Ok(None) };
    let note = match note::read(dir) {
        Ok(None) => Noted::None,
        Err(()) => Noted::Unreadable,
        Ok(Some(it)) => it.seal.map_or(Noted::Unreadable, |seal| Noted::At {
            head: Head { no: it.no, seal },
            copies: it.copies,
        }),
    };
    copy_tree(dir, into)?;
    Ok(Some((note, has_database)))
}

fn hold_all(dirs: &[PathBuf]) -> Result<Vec<Option<File>>, OpenError> {
    dirs.iter().map(|it| lock::hold_still(it)).collect()
}

fn copy_tree(from: &Path, to: &Path) -> Result<(), OpenError> {
    fs::create_dir_all(to).map_err(OpenError::io("making", to))?;
    for file in mirror::list(from)? {
        let Some(name) = file.file_name() else { continue };
        if file.is_dir() {
            copy_tree(&file, &to.join(name))?;
        } else {
            fs::copy(&file, to.join(name)).map_err(OpenError::io("copying", &file))?;
        }
    }
    Ok(())
}

impl Stored {
    /// Hands on each thing that is kept, in the order of keys, then whether more is there than was
    /// reached.
    pub fn read(&self, each: &mut dyn FnMut(Kept<'_>)) {
        let mut reading = Reading { last: 0, key: None, parts: None };
        // sled panics on some damage.
        let walked = catch_unwind(AssertUnwindSafe(|| reading.walk(&self.entries, each)));
        let last = catch_unwind(AssertUnwindSafe(|| self.entries.last()));
        let walked = walked.unwrap_or_else(|panic| Err(said(&*panic)));
        let last = last.unwrap_or_else(|panic| Err(sled::Error::Unsupported(said(&*panic))));
        let place = reading.last.saturating_add(1);
        match (walked, last) {
            (Err(why), _) => each(Kept::Damage { place, damage: Damage::Unreadable(why) }),
            (Ok(()), Err(error)) => {
                let damage = Damage::Unreadable(error.to_string());
                each(Kept::Damage { place, damage });
            }
            (Ok(()), Ok(last)) => {
                let key = last.map(|(key, _)| key.to_vec());
                if key != reading.key {
                    let last = key.as_deref().and_then(Key::parse).map_or(0, |it| it.no);
                    let damage = Damage::EndsEarly { scanned: reading.last, last };
                    each(Kept::Damage { place, damage });
                }
            }
        }
    }
}

/// Where a reading is.
struct Reading {
    /// The last entry that something was kept for.
    last: u64,
    key: Option<Vec<u8>>,
    /// An entry in parts, so far.
    parts: Option<Parts>,
}

struct Parts {
    no: u64,
    next: u16,
    bytes: Vec<u8>,
}

impl Reading {
    fn walk(&mut self, entries: &Tree, each: &mut dyn FnMut(Kept<'_>)) -> Result<(), String> {
        for item in entries {
            let (key, value) = item.map_err(|it| it.to_string())?;
            match Key::parse(&key) {
                None => {
                    let damage = Damage::Foreign { after: self.last };
                    each(Kept::Damage { place: self.last.saturating_add(1), damage });
                }
                Some(key) => self.value(key, &value, each),
            }
            self.key = Some(key.to_vec());
        }
        Ok(())
    }

    fn value(&mut self, key: Key, value: &[u8], each: &mut dyn FnMut(Kept<'_>)) {
        let place = key.no;
        self.last = self.last.max(place);
        let bad = || Kept::Damage { place, damage: Damage::Value { no: place } };
        match Value::parse(value) {
            Some(Value::Part(part)) => match self.part(place, &part) {
                Ok(Some(bytes)) => each(Kept::Entry { place, bytes: &bytes }),
                Ok(None) => {}
                Err(()) => each(bad()),
            },
            Some(Value::Whole { count: 1.., records }) => {
                for (place, record) in (place..).zip(records) {
                    self.last = self.last.max(place);
                    match record {
                        Some(bytes) => each(Kept::Entry { place, bytes }),
                        None => each(bad()),
                    }
                }
            }
            Some(Value::Whole { .. }) | None => each(bad()),
        }
    }

    /// Adds a part; the entry with its last one.
    fn part(&mut self, no: u64, part: &Part<'_>) -> Result<Option<Vec<u8>>, ()> {
        let begun = self.parts.take().filter(|it| it.no == no);
        let mut parts = begun.unwrap_or(Parts { no, next: 0, bytes: Vec::new() });
        if part.index != parts.next {
            return Err(());
        }
        parts.next = part.index.checked_add(1).ok_or(())?;
        parts.bytes.extend_from_slice(part.bytes);
        if parts.next == part.count {
            return if parts.bytes.len() == part.length { Ok(Some(parts.bytes)) } else { Err(()) };
        }
        self.parts = Some(parts);
        Ok(None)
    }
}
