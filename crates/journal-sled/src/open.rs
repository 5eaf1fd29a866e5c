//! Opening: lock, look at both copies, heal, make durable.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU64},
    thread,
    time::Instant,
};

use crate::{
    OpenError, OpenReport, SledConfig, SledJournal, heal,
    heal::Whole,
    lock::Lock,
    look::Look,
    mirror::full,
    place::{self, Place},
};

/// The second copy is read only when opening and healing.
const MIRROR_CACHE_BYTES: u64 = 16 * 1024 * 1024;

pub(crate) fn open(config: &SledConfig) -> Result<(SledJournal, OpenReport), OpenError> {
    let begun = Instant::now();
    let SledConfig { data, mirror, cache_bytes } = config;
    let lock = Arc::new(lock(data, mirror.as_deref())?);
    let place_of =
        |(parent, cache_bytes): (&PathBuf, u64)| Place { parent: parent.clone(), cache_bytes };
    let first = (data, *cache_bytes);
    let second = mirror.as_ref().map(|it| (it, MIRROR_CACHE_BYTES.min(*cache_bytes)));

    let (looked, other) = look(place_of(first), second.map(place_of));
    let (looked, other) = (looked?, other.transpose()?);
    let verified_in = begun.elapsed();
    let whole = match other {
        None => heal::one(looked)?,
        Some(other) => heal::two(looked, other)?,
    };
    let places = [Some(first), second];
    let Whole { first, second, head, bytes, findings } = whole;
    let durable = Arc::new(AtomicU64::new(head.no));
    let journal = SledJournal { first, second, head, durable, poisoned: false, lock };
    let copies = journal.copies().count();
    // What is noted must be there after a power cut: the copies first, then the notes.
    places.into_iter().flatten().try_for_each(|it| place_of(it).sync())?;
    let noted = journal.copies().try_for_each(|it| it.note(head, copies));
    noted.map_err(|it| OpenError::Healing { dir: data.clone(), what: full(&it) })?;
    let (entries, opened_in) = (head.no, begun.elapsed());
    let report = OpenReport { head, entries, bytes, copies, verified_in, opened_in, findings };
    Ok((journal, report))
}

fn lock(data: &Path, mirror: Option<&Path>) -> Result<Lock, OpenError> {
    let given: Vec<&Path> = std::iter::once(data).chain(mirror).collect();
    // Before anything is made, and again when links are known.
    apart(&given, |it| std::path::absolute(it))?;
    for it in &given {
        fs::create_dir_all(it).map_err(OpenError::io("making", it))?;
    }
    let dirs = apart(&given, Path::canonicalize)?;
    Lock::take(dirs.iter().map(PathBuf::as_path))
}

/// The directories by their full names, if none is another one or within its copy.
fn apart(
    given: &[&Path],
    full: impl Fn(&Path) -> io::Result<PathBuf>,
) -> Result<Vec<PathBuf>, OpenError> {
    let mut dirs: Vec<PathBuf> = Vec::new();
    for it in given {
        let dir = full(it).map_err(OpenError::io("finding", it))?;
        let within = |a: &Path, b: &Path| a.starts_with(b.join(place::DIR));
        if dirs.iter().any(|it| *it == dir || within(it, &dir) || within(&dir, it)) {
            return Err(OpenError::SameDirectory(dir));
        }
        dirs.push(dir);
    }
    Ok(dirs)
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
