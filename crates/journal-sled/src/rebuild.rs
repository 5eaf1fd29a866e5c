//! Making a copy: built beside its place, and given its name once it is complete and durable.

use std::{fs, io::ErrorKind};

use crate::{
    copy::{Copy, Failed, Unopened},
    error::{OpenError, Source, io},
    files::{beside, parent, sync_parent, sync_tree},
    frame::Key,
    open::{Place, Whole, engine},
    witness::Witness,
};

/// Rows between two syncs.
const ROWS: usize = 4096;

/// Builds a copy, empty or of a whole one.
pub(crate) fn build(place: &Place, from: Option<&Whole>) -> Result<(), OpenError> {
    let Place { dir, cache_bytes } = place;
    let fresh = beside(dir, ".building");
    match fs::remove_dir_all(&fresh) {
        Err(err) if err.kind() != ErrorKind::NotFound => return Err(io("remove", &fresh)(err)),
        _ => {}
    }
    fs::create_dir_all(parent(dir)).map_err(io("make", parent(dir)))?;
    let mut copy = Copy::create(&fresh, *cache_bytes).map_err(|err| match err {
        Unopened::Failed(err) => err,
        Unopened::Damaged(finding) => {
            let source: Source = finding.into();
            OpenError::Engine { doing: "opening it", path: fresh.clone(), source }
        }
    })?;
    copy.settle().map_err(engine(&fresh))?;
    if let Some(whole) = from {
        transfer(&whole.copy, &mut copy, Key::first(0)).map_err(engine(&fresh))?;
        let mirrored = whole.witness.is_some_and(|it| it.mirrored);
        let witness = Witness { reached: whole.scan.head, mirrored };
        witness.write(&fresh).map_err(io("write the witness of", &fresh))?;
    }
    copy.close();
    sync_tree(&fresh).map_err(io("sync", &fresh))?;
    fs::rename(&fresh, dir).map_err(io("name", dir))?;
    sync_parent(dir).map_err(io("sync the parent of", dir))
}

/// Copies rows as they are, from a key on; durable on return.
pub(crate) fn transfer(from: &Copy, to: &mut Copy, first: Key) -> Result<(), Failed> {
    let failed = |err: sled::Error| Failed { doing: "reading the other copy", source: err.into() };
    for (index, row) in (1_usize..).zip(from.db().range(first.to_bytes()..)) {
        let (key, value) = row.map_err(failed)?;
        let malformed = |_| Failed { doing: "reading the other copy", source: "a bad key".into() };
        to.insert(Key::read(&key).map_err(malformed)?, value)?;
        if index.is_multiple_of(ROWS) {
            to.settle()?;
        }
    }
    to.settle()
}
