//! A vault put beside a journal of another moment: what a restore does and a start never may.

use std::collections::HashSet;

use lovebank_ledger::{NumberTag, VolunteerId};
use rusqlite::{Transaction, params};

use crate::{
    error::WriteError,
    people,
    sweep::{Beside, Judged, Standing, judge, lost},
    vault::Vault,
};

/// What was done to a vault so that it belongs to a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fitted {
    /// People it held and holds no more: whom the journal erased, or does not know.
    pub people: usize,
    /// Requests that the journal does not know and that had left annotations.
    pub requests: usize,
    /// People whom the journal knows and of whom nothing is held any more.
    pub absent: usize,
}

/// Whom the vault may lack though the journal knows them, besides those it notes as absent.
#[derive(Debug, Clone, Copy)]
pub struct MayLack<'a> {
    /// Whom entries erase that come after the journal's last.
    pub erased: &'a HashSet<VolunteerId>,
    /// The entry up to which the vault knew everyone, as its seal says; 0 of a new one. A journal
    /// that ends there or before knows nobody whom it lacks but those who were erased since, if it
    /// is the journal of that vault: somebody has to be in both.
    pub knew_until: u64,
    /// Anyone: then names are lost.
    pub anyone: bool,
}

impl Vault {
    /// Makes the vault one of this journal: people are erased whom the journal says are erased,
    /// or whom it does not know, and so are annotations of requests it does not know. `everyone`
    /// is whom the journal knows; those of them whom the vault lacks are noted as absent.
    ///
    /// Fails, and changes nothing, when numbers have other tags, or someone lacks who may not.
    pub fn fit(
        &self,
        journal: Beside<'_>,
        everyone: &mut dyn Iterator<Item = (VolunteerId, NumberTag)>,
        may_lack: MayLack<'_>,
    ) -> Result<Fitted, WriteError> {
        let MayLack { erased, knew_until, anyone } = may_lack;
        let standing = |it: &VolunteerId| {
            if erased.contains(it) { Standing::Erased } else { (journal.standing)(it) }
        };
        let fitted = self.pool.write(|change| {
            let beside = Beside { standing: &standing, ..journal };
            let Judged { known, pending, mut gone, strange, foreign } =
                judge(change, &self.tagger, beside)?;
            // Whom it does not know came after the entry that is restored to.
            gone.extend(strange);
            if foreign != 0 {
                return Err(WriteError::StrangeVault { foreign });
            }
            people::settle(change, &pending)?;
            let people = people::delete(change, &gone)?;
            let lost = lost(change, journal.request)?;
            for request in &lost {
                change
                    .execute("DELETE FROM annotation WHERE request = ?1", [request.as_bytes()])?;
            }
            let absent = note_absent(change, everyone, erased)?;
            // A vault of which the journal knows nobody may be another bank's: its entries say
            // nothing of this one's.
            let was_whole = 0 < known && journal.head <= knew_until;
            if !anyone && !was_whole && absent.lacking != 0 {
                return Err(WriteError::Lacking { known, lacking: absent.lacking });
            }
            let head = i64::try_from(journal.head).unwrap_or(i64::MAX);
            change.execute("UPDATE vault SET head = ?1", [head])?;
            Ok((Fitted { people, requests: lost.len(), absent: absent.noted }, gone))
        });
        let (fitted, gone) = fitted?;
        self.numbers.forget(&gone);
        self.scrub()?;
        Ok(fitted)
    }
}

struct Absent {
    noted: usize,
    /// Of those, neither noted before nor erased later.
    lacking: u64,
}

/// Notes those whom the journal knows and the vault does not hold, and nobody else.
fn note_absent(
    change: &Transaction<'_>,
    everyone: &mut dyn Iterator<Item = (VolunteerId, NumberTag)>,
    erased: &HashSet<VolunteerId>,
) -> rusqlite::Result<Absent> {
    let before = noted(change)?;
    change.execute("DELETE FROM absent", [])?;
    let mut insert = change.prepare(
        "INSERT INTO absent (id, tag) SELECT ?1, ?2
         WHERE NOT EXISTS (SELECT 1 FROM person WHERE id = ?1)",
    )?;
    let mut absent = Absent { noted: 0, lacking: 0 };
    for (id, tag) in everyone {
        let noted = insert.execute(params![id.as_bytes(), tag.as_bytes()])?;
        absent.noted = absent.noted.saturating_add(noted);
        if noted != 0 && !erased.contains(&id) && !before.contains(&(id, tag)) {
            absent.lacking = absent.lacking.saturating_add(1);
        }
    }
    Ok(absent)
}

/// Who is noted as absent already.
fn noted(change: &Transaction<'_>) -> rusqlite::Result<HashSet<(VolunteerId, NumberTag)>> {
    let mut every = change.prepare("SELECT id, tag FROM absent")?;
    let rows = every
        .query_map([], |row| Ok((VolunteerId::new(row.get(0)?), NumberTag::new(row.get(1)?))))?;
    rows.collect()
}

/// How many are noted as absent whom the journal knows; others need no note any more.
pub(crate) fn absent(
    change: &Transaction<'_>,
    standing: &dyn Fn(&VolunteerId) -> Standing,
) -> rusqlite::Result<u64> {
    let mut every = change.prepare("SELECT id FROM absent")?;
    let ids = every.query_map([], |row| Ok(VolunteerId::new(row.get(0)?)))?;
    let mut known = 0_u64;
    for id in ids.collect::<rusqlite::Result<Vec<_>>>()? {
        if matches!(standing(&id), Standing::Known(_)) {
            known = known.saturating_add(1);
        } else {
            present(change, id)?;
        }
    }
    Ok(known)
}

/// The tag of someone who is absent.
pub(crate) fn tag_of_absent(
    change: &Transaction<'_>,
    id: VolunteerId,
) -> rusqlite::Result<Option<NumberTag>> {
    use rusqlite::OptionalExtension as _;
    let tag = change.query_row("SELECT tag FROM absent WHERE id = ?1", [id.as_bytes()], |row| {
        Ok(NumberTag::new(row.get(0)?))
    });
    tag.optional()
}

/// Notes that someone is absent no more; how many notes there were.
pub(crate) fn present(change: &Transaction<'_>, id: VolunteerId) -> rusqlite::Result<usize> {
    change.execute("DELETE FROM absent WHERE id = ?1", [id.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_is_full_is_told_as_that_and_changes_nothing() {
        let data = tempfile::tempdir().unwrap();
        let vault = Vault::open(data.path()).unwrap();
        // What SQLite says of a file that may not grow it says of a disk that is full.
        let room = |pages: u32| {
            vault.pool.write(|change| {
                let limit = format!("PRAGMA max_page_count = {pages}");
                Ok(change.query_row(&limit, [], |row| row.get::<_, u32>(0))?)
            })
        };
        let fitted = || {
            let mut everyone = (0..5_000_u128)
                .map(|it| (VolunteerId::new(it.to_be_bytes()), NumberTag::new([7; 16])));
            let journal = Beside {
                head: 1,
                people: 5_000,
                standing: &|_| Standing::Unknown,
                request: &|_| false,
            };
            let none = HashSet::new();
            vault.fit(
                journal,
                &mut everyone,
                MayLack { erased: &none, knew_until: 0, anyone: true },
            )
        };
        // One page, or as many as there are.
        room(1).unwrap();
        let full = fitted().unwrap_err();
        assert!(full.is_full(), "{full:?}");
        room(u32::MAX).unwrap();
        assert_eq!(fitted().unwrap().absent, 5_000);
    }
}
