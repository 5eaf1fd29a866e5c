//! Looking at one copy: opened, read whole, compared with its note.

use std::{mem::take, path::PathBuf};

use lovebank_journal::Head;

use crate::{
    Damage, Finding, Found, OpenError,
    decide::Standing,
    mirror::{self, Mirror, Unopened, full},
    note::{self, Note},
    place::Place,
};

/// A copy as it was found.
pub(crate) struct Look {
    pub(crate) place: Place,
    /// The copy, if it opened.
    pub(crate) mirror: Option<Mirror>,
    /// How it stands, if it is there at all.
    pub(crate) standing: Option<Standing>,
    pub(crate) note: Option<Note>,
    /// The bytes of its entries.
    pub(crate) bytes: u64,
    pub(crate) findings: Vec<Finding>,
    loose: u16,
}

impl Look {
    /// Opens a copy if it is there and reads it whole.
    pub(crate) fn at(place: Place) -> Result<Self, OpenError> {
        let dir = place.dir();
        let cleared = place.clear()?;
        let findings = cleared.into_iter().map(|path| Finding::Cleared { path }).collect();
        let mut look =
            Self { place, mirror: None, standing: None, note: None, bytes: 0, findings, loose: 0 };
        let Some(has_database) = mirror::is_there(&dir)? else { return Ok(look) };
        let cleared = mirror::clear_unfinished(&dir)?;
        look.findings.extend(cleared.into_iter().map(|path| Finding::Cleared { path }));
        match note::read(&dir) {
            Ok(note) => look.note = note,
            Err(()) => look.findings.push(Finding::NoteUnreadable { dir }),
        }
        if has_database {
            look.read()?;
        } else {
            look.stand(Head::EMPTY, 0, Some(Damage::NoDatabase));
        }
        Ok(look)
    }

    fn read(&mut self) -> Result<(), OpenError> {
        let dir = self.place.dir();
        let mirror = match Mirror::open(&dir, self.place.cache_bytes) {
            Ok(mirror) => mirror,
            Err(Unopened::Hindered(error)) => return Err(error),
            Err(Unopened::Damaged(damage)) => {
                self.stand(Head::EMPTY, 0, Some(damage));
                return Ok(());
            }
        };
        let count = mirror.blobs();
        if 0 < count {
            self.findings.push(Finding::Blobs { dir, count });
        }
        let scan = mirror.scan();
        self.mirror = Some(mirror);
        (self.loose, self.bytes) = (scan.loose, scan.bytes);
        self.stand(scan.head, scan.seen, scan.damage);
        Ok(())
    }

    fn stand(&mut self, head: Head, seen: u64, damage: Option<Damage>) {
        let noted = self.note.map_or(0, |it| it.no);
        let short = Damage::Short { found: head.no, noted };
        let damage = damage.or((head.no < noted).then_some(short));
        let is_noted = self.note.is_some();
        self.standing = Some(Standing { head, seen: seen.max(noted), is_noted, damage });
    }

    /// What to tell of it.
    pub(crate) fn found(&self) -> (PathBuf, Found) {
        let found = match &self.standing {
            None => Found::Missing,
            Some(Standing { head, damage: None, .. }) => Found::Whole { no: head.no },
            Some(Standing { head, seen, damage: Some(damage), .. }) => {
                Found::Damaged { no: head.no, seen: *seen, damage: damage.clone() }
            }
        };
        (self.place.dir(), found)
    }

    pub(crate) fn is_damaged(&self) -> bool {
        self.standing.as_ref().is_some_and(|it| it.damage.is_some())
    }

    pub(crate) fn holds(&self, head: Head) -> bool {
        self.mirror.as_ref().is_some_and(|it| it.holds(head))
    }

    /// Its head, once there is nothing behind it.
    pub(crate) fn trimmed(&mut self) -> Result<Head, OpenError> {
        let head = self.standing.as_ref().map_or(Head::EMPTY, |it| it.head);
        let (no, parts) = (head.no.saturating_add(1), take(&mut self.loose));
        if let (Some(mirror), 1..) = (&self.mirror, parts) {
            let dir = self.place.dir();
            let healing = |what| OpenError::Healing { dir: dir.clone(), what };
            mirror.trim(no, parts).map_err(|it| healing(full(&it)))?;
            self.findings.push(Finding::Trimmed { dir, no, parts });
        }
        Ok(head)
    }

    /// Closes it, whatever state it is in.
    pub(crate) fn close(&mut self) {
        self.mirror.take().into_iter().for_each(Mirror::close);
    }
}
