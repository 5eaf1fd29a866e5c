//! People: kept, changed, looked up, erased.

use lovebank_ledger::VolunteerId;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::{
    error::{ReadError, WriteError},
    fit::{present, tag_of_absent},
    number::VolunteerNumber,
    person::{BirthDate, Note, Person, PersonName, Phone},
    vault::{Vault, over},
};

const PUT: &str = "
    INSERT INTO person
        (id, number, canonical, name, name_key, phone, phone_digits, note, birth, pending)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1)
    ON CONFLICT (id) DO UPDATE SET
        number = excluded.number, canonical = excluded.canonical, name = excluded.name,
        name_key = excluded.name_key, phone = excluded.phone,
        phone_digits = excluded.phone_digits, note = excluded.note, birth = excluded.birth";
const GET: &str = "SELECT number, name, phone, note, birth FROM person WHERE id = ?1";
const NUMBER: &str = "SELECT number FROM person WHERE id = ?1";
const SETTLE: &str = "UPDATE person SET pending = 0 WHERE id = ?1 AND pending = 1";
const DELETE: &str = "DELETE FROM person WHERE id = ?1";

impl Vault {
    /// Keeps these people, all or none; 1,000 at most. One that is there already is replaced,
    /// so a call whose answer was lost may be made again. Whether a number may be used is for
    /// the ledger to judge: here two people may have the same.
    pub fn put(&self, people: &[(VolunteerId, Person)]) -> Result<(), WriteError> {
        if let Some((given, most)) = over(people.len()) {
            return Err(WriteError::TooMany { given, most });
        }
        let before = self.numbers.forgotten();
        let done =
            self.pool.write(|change| people.iter().try_for_each(|(id, it)| put(change, *id, it)));
        self.numbers.forget(&people.iter().map(|it| it.0).collect::<Vec<_>>());
        // Who is new is soon shown.
        if done.is_ok() {
            let known = people.iter().map(|(id, it)| (*id, it.number.clone()));
            self.numbers.keep(before.wrapping_add(1), known);
        }
        done
    }

    /// What the journal answered about people who were put: those it took stay, the others are
    /// taken back. 1,000 at most of each.
    pub fn settle(&self, taken: &[VolunteerId], refused: &[VolunteerId]) -> Result<(), WriteError> {
        for ids in [taken, refused] {
            if let Some((given, most)) = over(ids.len()) {
                return Err(WriteError::TooMany { given, most });
            }
        }
        let done = self.pool.write(|change| {
            settle(change, taken)?;
            delete(change, refused)?;
            Ok(())
        });
        self.numbers.forget(refused);
        done
    }

    /// Replaces what is kept of one person; says whether there was such a person. One whom a
    /// restore noted as absent is taken up again, under the number of the registration.
    pub fn update(&self, id: VolunteerId, person: &Person) -> Result<bool, WriteError> {
        let done = self.pool.write(|change| {
            if get(change, id)?.is_none() {
                let tag = tag_of_absent(change, id)?;
                if tag != Some(self.tagger.tag(&person.number)) {
                    return Ok(false);
                }
                put(change, id, person)?;
                settle(change, &[id])?;
                present(change, id)?;
                return Ok(true);
            }
            put(change, id, person)?;
            Ok(true)
        });
        self.numbers.forget(&[id]);
        done
    }

    /// One person, if the vault holds them.
    pub fn get(&self, id: VolunteerId) -> Result<Option<Person>, ReadError> {
        self.pool.read(|view| get(view, id))
    }

    /// These people, in the order asked for, as of one moment; 1,000 at most.
    pub fn get_many(&self, ids: &[VolunteerId]) -> Result<Vec<Option<Person>>, ReadError> {
        if let Some((given, most)) = over(ids.len()) {
            return Err(ReadError::TooMany { given, most });
        }
        self.pool.read(|view| ids.iter().map(|id| get(view, *id)).collect())
    }

    /// The birth dates that are known, in no order.
    pub fn births(&self) -> Result<Vec<(VolunteerId, BirthDate)>, ReadError> {
        self.pool.read(|view| {
            let mut known = view.prepare("SELECT id, birth FROM person WHERE birth IS NOT NULL")?;
            let rows = known.query_map([], |row| {
                Ok((VolunteerId::new(row.get(0)?), BirthDate::kept(&row.get::<_, String>(1)?)))
            })?;
            let kept = rows.filter_map(|row| row.map(|(id, it)| Some((id, it?))).transpose());
            kept.collect()
        })
    }

    /// Erases one person: see [`Vault::erase_many`].
    pub fn erase(&self, id: VolunteerId) -> Result<bool, WriteError> {
        Ok(self.erase_many(&[id])? != 0)
    }

    /// Erases all that the vault holds of these people, annotations included, down to the
    /// bytes of the file, and says how many there were; 1,000 at most. After an error it may be
    /// called again: what was left to do is done then.
    pub fn erase_many(&self, ids: &[VolunteerId]) -> Result<usize, WriteError> {
        let erased = self.take(ids, true)?;
        self.scrub()?;
        Ok(erased)
    }

    /// Takes back people whom the journal refused, and says how many there were; 1,000 at most.
    /// As an erasure, but quick: it leaves the scrubbing of the file to the next
    /// [`Vault::scrub`].
    pub fn remove(&self, ids: &[VolunteerId]) -> Result<usize, WriteError> {
        self.take(ids, false)
    }

    /// Deletes people; of an erasure it is noted that the file is to be rewritten, so that one
    /// that is cut off is finished at the next open.
    fn take(&self, ids: &[VolunteerId], erasing: bool) -> Result<usize, WriteError> {
        if let Some((given, most)) = over(ids.len()) {
            return Err(WriteError::TooMany { given, most });
        }
        let done = self.pool.write(|change| {
            let mut gone = delete(change, ids)?;
            if erasing {
                // Who is noted as absent must not be filled in again.
                for id in ids {
                    gone = gone.saturating_add(present(change, *id)?);
                }
            }
            if erasing && gone != 0 {
                change.execute("UPDATE vault SET erasing = 1", [])?;
            }
            Ok(gone)
        });
        self.numbers.forget(ids);
        done
    }
}

/// Marks people as known to the journal.
pub(crate) fn settle(change: &Transaction<'_>, ids: &[VolunteerId]) -> rusqlite::Result<()> {
    let mut statement = change.prepare_cached(SETTLE)?;
    ids.iter().try_for_each(|id| statement.execute([id.as_bytes()]).map(|_| ()))
}

/// Deletes people, and with them their annotations; says how many there were.
pub(crate) fn delete(change: &Transaction<'_>, ids: &[VolunteerId]) -> rusqlite::Result<usize> {
    let mut statement = change.prepare_cached(DELETE)?;
    let mut deleted: usize = 0;
    for id in ids {
        deleted = deleted.saturating_add(statement.execute([id.as_bytes()])?);
    }
    Ok(deleted)
}

/// One person as of this view.
pub(crate) fn get(view: &Connection, id: VolunteerId) -> rusqlite::Result<Option<Person>> {
    view.prepare_cached(GET)?.query_row([id.as_bytes()], person).optional()
}

/// One person's number as of this view.
pub(crate) fn number(
    view: &Connection,
    id: VolunteerId,
) -> rusqlite::Result<Option<VolunteerNumber>> {
    let number = |row: &Row<'_>| row.get(0).map(VolunteerNumber::kept);
    view.prepare_cached(NUMBER)?.query_row([id.as_bytes()], number).optional()
}

fn person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        number: VolunteerNumber::kept(row.get(0)?),
        name: row.get::<_, Option<String>>(1)?.map(PersonName::kept),
        phone: row.get::<_, Option<String>>(2)?.map(Phone::kept),
        note: row.get::<_, Option<String>>(3)?.map(Note::kept),
        birth: row.get::<_, Option<String>>(4)?.as_deref().and_then(BirthDate::kept),
    })
}

fn put(change: &Transaction<'_>, id: VolunteerId, person: &Person) -> Result<(), WriteError> {
    let Person { number, name, phone, note, birth } = person;
    change.prepare_cached(PUT)?.execute(params![
        id.as_bytes(),
        number.as_str(),
        number.canonical(),
        name.as_ref().map(PersonName::as_str),
        name.as_ref().map(PersonName::key),
        phone.as_ref().map(Phone::as_str),
        phone.as_ref().map(Phone::digits),
        note.as_ref().map(Note::as_str),
        birth.map(|it| it.date().to_string()),
    ])?;
    Ok(())
}
