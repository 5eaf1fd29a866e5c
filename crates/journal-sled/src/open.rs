//! Opening: lock, look at both copies, heal, make durable.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU64},
    thread,
    time::Instant,
};

use crate::{
    OpenError, OpenReport, SledConfig, SledJournal, heal, heal::Whole, lock::Lock, look::Look,
    mirror::full, place::Place,
};

/// The second copy is read only when opening and healing.
const MIRROR_CACHE_BYTES: u64 = 16 * 1024 * 1024;

pub(crate) fn open(config: &SledConfig) -> Result<(SledJournal, OpenReport), OpenError> {
    let begun = Instant::now();
    let SledConfig { data, mirror, cache_bytes } = config;
    let lock = Arc::new(lock(data, mirror.as_deref())?);
    let place =
        |(parent, cache_bytes): (&PathBuf, u64)| Place { parent: parent.clone(), cache_bytes };
    let first = (data, *cache_bytes);
    let second = mirror.as_ref().map(|it| (it, MIRROR_CACHE_BYTES.min(*cache_bytes)));

    let (looked, other) = look(place(first), second.map(place));
    let (looked, other) = (looked?, other.transpose()?);
    let verified_in = begun.elapsed();
    let whole = match other {
        None => heal::one(looked)?,
        Some(other) => heal::two(looked, other)?,
    };
    for it in [Some(first), second].into_iter().flatten() {
        place(it).sync()?;
    }
    let Whole { first, second, head, bytes, findings } = whole;
    let durable = Arc::new(AtomicU64::new(head.no));
    let journal = SledJournal { first, second, head, durable, poisoned: false, lock };
    let copies = journal.copies().count();
    let noted = journal.copies().try_for_each(|it| it.note(head, copies));
    noted.map_err(|it| OpenError::Healing { dir: data.clone(), what: full(&it) })?;
    let (entries, opened_in) = (head.no, begun.elapsed());
    let report = OpenReport { head, entries, bytes, copies, verified_in, opened_in, findings };
    Ok((journal, report))
}

fn lock(data: &Path, mirror: Option<&Path>) -> Result<Lock, OpenError> {
    let mut dirs: Vec<PathBuf> = Vec::new();
    for it in std::iter::once(data).chain(mirror) {
        fs::create_dir_all(it).map_err(OpenError::io("making", it))?;
        let dir = it.canonicalize().map_err(OpenError::io("finding", it))?;
        if dirs.contains(&dir) {
            return Err(OpenError::SameDirectory(dir));
        }
        dirs.push(dir);
    }
    Lock::take(dirs.iter().map(PathBuf::as_path))
}

type Looked = Result<Look, OpenError>;

/// Both copies are read at the same time, each by its own thread.
fn look(first: Place, second: Option<Place>) -> (Looked, Option<Looked>) {
    thread::scope(|scope| {
        let second = second.map(|it| scope.spawn(|| Look::at(it)));
        let first = Look::at(first);
        (first, second.map(|it| it.join().expect("the panics of sled are caught")))
    })
}
