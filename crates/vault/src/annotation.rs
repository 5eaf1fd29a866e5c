//! What was written on paper beside the hours: names and words that the journal must not hold.

use lovebank_ledger::{RequestId, VolunteerId};
use rusqlite::{OptionalExtension, Row, Transaction, ffi, params};

use crate::{
    error::{ReadError, WriteError},
    person::{Note, PersonName},
    vault::{Vault, over},
};

/// Which hours an annotation is tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnnotationKey {
    /// The request that recorded them.
    pub request: RequestId,
    /// Their place in that request, from 0.
    pub item: u32,
    /// Who served.
    pub volunteer: VolunteerId,
}

/// What was written beside the hours. `Debug` says only which of it there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// Who attested the service (证明人).
    pub attestor: Option<PersonName>,
    /// Who wrote it down (录入人).
    pub recorder: Option<PersonName>,
    /// Whatever else was written.
    pub note: Option<Note>,
}

const PUT: &str = "
    INSERT INTO annotation (request, item, volunteer, attestor, recorder, note)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (request, item, volunteer) DO NOTHING";
const GET: &str = "SELECT attestor, recorder, note FROM annotation
    WHERE request = ?1 AND item = ?2 AND volunteer = ?3";
const OF_REQUEST: &str = "SELECT attestor, recorder, note, item, volunteer FROM annotation
    WHERE request = ?1 ORDER BY item, volunteer";
const DELETE: &str = "DELETE FROM annotation
    WHERE request = ?1 AND item = ?2 AND volunteer = ?3";

impl Vault {
    /// Keeps these annotations, all or none, and says which are new; 1,000 at most. One that is
    /// there stays as it is: a request says one thing, and should the journal refuse this call
    /// as a misuse of another request's id, that other's annotations must be unharmed. What is
    /// new is then taken back with [`Vault::remove_annotations`]. `head` is the journal's: a
    /// [`Vault::sweep`] beside a shorter journal takes nothing.
    pub fn put_annotations(
        &self,
        annotations: &[(AnnotationKey, Annotation)],
        head: u64,
    ) -> Result<Vec<AnnotationKey>, WriteError> {
        if let Some((given, most)) = over(annotations.len()) {
            return Err(WriteError::TooMany { given, most });
        }
        self.pool.write(|change| {
            seen(change, head)?;
            let mut fresh = Vec::with_capacity(annotations.len());
            for (key, annotation) in annotations {
                if put(change, key, annotation)? {
                    fresh.push(*key);
                }
            }
            Ok(fresh)
        })
    }

    /// The annotations of one request, by item.
    pub fn annotations_of(
        &self,
        request: RequestId,
    ) -> Result<Vec<(AnnotationKey, Annotation)>, ReadError> {
        self.pool.read(|view| {
            let mut statement = view.prepare_cached(OF_REQUEST)?;
            let found = statement.query_map([request.as_bytes()], |row| {
                let (item, volunteer) = (row.get(3)?, VolunteerId::new(row.get(4)?));
                Ok((AnnotationKey { request, item, volunteer }, annotation(row)?))
            })?;
            found.collect()
        })
    }

    /// The annotations of these hours, in the order asked for, as of one moment; 1,000 at most.
    pub fn get_annotations(
        &self,
        keys: &[AnnotationKey],
    ) -> Result<Vec<Option<Annotation>>, ReadError> {
        if let Some((given, most)) = over(keys.len()) {
            return Err(ReadError::TooMany { given, most });
        }
        self.pool.read(|view| {
            let mut statement = view.prepare_cached(GET)?;
            let get = |AnnotationKey { request, item, volunteer }: &AnnotationKey| {
                let key = params![request.as_bytes(), item, volunteer.as_bytes()];
                statement.query_row(key, annotation).optional()
            };
            keys.iter().map(get).collect()
        })
    }

    /// Takes back annotations of hours that the journal refused, and says how many there were;
    /// 1,000 at most.
    pub fn remove_annotations(&self, keys: &[AnnotationKey]) -> Result<usize, WriteError> {
        if let Some((given, most)) = over(keys.len()) {
            return Err(WriteError::TooMany { given, most });
        }
        self.pool.write(|change| Ok(delete(change, keys)?))
    }
}

/// Notes how long the journal is.
pub(crate) fn seen(change: &Transaction<'_>, head: u64) -> rusqlite::Result<()> {
    let head = i64::try_from(head).unwrap_or(i64::MAX);
    change.execute("UPDATE vault SET head = ?1 WHERE head < ?1", [head]).map(|_| ())
}

/// Deletes annotations; says how many there were.
fn delete(change: &Transaction<'_>, keys: &[AnnotationKey]) -> rusqlite::Result<usize> {
    let mut statement = change.prepare_cached(DELETE)?;
    let mut deleted: usize = 0;
    for AnnotationKey { request, item, volunteer } in keys {
        let key = params![request.as_bytes(), item, volunteer.as_bytes()];
        deleted = deleted.saturating_add(statement.execute(key)?);
    }
    Ok(deleted)
}

/// Keeps one annotation; says whether it is new.
fn put(
    change: &Transaction<'_>,
    key: &AnnotationKey,
    annotation: &Annotation,
) -> Result<bool, WriteError> {
    let AnnotationKey { request, item, volunteer } = key;
    let Annotation { attestor, recorder, note } = annotation;
    let kept = change.prepare_cached(PUT)?.execute(params![
        request.as_bytes(),
        item,
        volunteer.as_bytes(),
        attestor.as_ref().map(PersonName::as_str),
        recorder.as_ref().map(PersonName::as_str),
        note.as_ref().map(Note::as_str),
    ]);
    match kept {
        Ok(rows) => Ok(rows != 0),
        Err(error) if is_foreign_key(&error) => Err(WriteError::UnknownVolunteer(*volunteer)),
        Err(error) => Err(error.into()),
    }
}

fn is_foreign_key(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|it| it.extended_code == ffi::SQLITE_CONSTRAINT_FOREIGNKEY)
}

fn annotation(row: &Row<'_>) -> rusqlite::Result<Annotation> {
    Ok(Annotation {
        attestor: row.get::<_, Option<String>>(0)?.map(PersonName::kept),
        recorder: row.get::<_, Option<String>>(1)?.map(PersonName::kept),
        note: row.get::<_, Option<String>>(2)?.map(Note::kept),
    })
}
