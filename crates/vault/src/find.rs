//! Looking people up by what a clerk has: a number or its beginning, a part of a name, a
//! telephone number.

use std::fmt;

use lovebank_ledger::VolunteerId;
use rusqlite::{Transaction, params};

use crate::{
    error::ReadError,
    number::{NUMBER_MAX, canonical},
    people,
    person::{Person, Phone, name_key},
    text::{BadText, Field, bounded, fold_width},
    vault::{BATCH_MAX, Vault},
};

/// What is looked for: 1 to 64 characters, without width and case. No character stands for
/// another: `%`, `_` and `*` find themselves.
#[derive(Clone, PartialEq, Eq)]
pub struct Query {
    number: String,
    name: String,
    digits: Option<String>,
}

impl Query {
    /// Understands what is looked for.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        let folded = fold_width(text);
        let text = bounded(Field::Query, &folded, NUMBER_MAX)?;
        let digits = Phone::parse(text).ok().map(|it| it.digits());
        Ok(Self { number: canonical(text), name: name_key(text), digits })
    }

    /// Whether it finds a person.
    pub fn fits(&self, it: &Person) -> bool {
        let phone = it.phone.as_ref().map(Phone::digits);
        it.number.canonical().starts_with(&self.number)
            || it.name.as_ref().is_some_and(|name| name.key().contains(&self.name))
            || self.digits.is_some() && self.digits == phone
    }

    /// Where the numbers that begin with this one end: no number holds this character.
    fn number_end(&self) -> String {
        let mut end = self.number.clone();
        end.push(char::MAX);
        end
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Query(redacted)")
    }
}

/// Where a page ended. As bytes it names no number: a page token goes to callers who may not see
/// everyone.
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor {
    rank: u8,
    id: VolunteerId,
    canonical: String,
}

impl Cursor {
    /// As bytes, for a page token.
    pub fn to_bytes(&self) -> Vec<u8> {
        [[self.rank].as_slice(), self.id.as_bytes()].concat()
    }

    /// From the bytes of a page token; `None` when they are no cursor, or its person is gone.
    pub fn from_bytes(vault: &Vault, bytes: &[u8]) -> Result<Option<Self>, ReadError> {
        let Some((rank, rest)) = bytes.split_first() else { return Ok(None) };
        let Some((id, [])) = rest.split_first_chunk::<16>() else { return Ok(None) };
        let id = VolunteerId::new(*id);
        let person = vault.get(id)?.filter(|_| usize::from(*rank) < RANKS.len());
        let canonical = person.map(|it| it.number.canonical().clone());
        Ok(canonical.map(|canonical| Self { rank: *rank, id, canonical }))
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cursor(redacted)")
    }
}

/// One page of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The people, best match first, then by number.
    pub people: Vec<(VolunteerId, Person)>,
    /// Where the next page goes on, if there is more.
    pub next: Option<Cursor>,
}

/// The ways to match, best first; each leaves out whom a better one finds, so that nobody is
/// told twice. The best three read the index `person_number` and nothing else.
const RANKS: [&str; 4] = [
    "canonical = ?1",
    "canonical > ?1 AND canonical < ?2",
    "instr(name_key, ?3) > 0 AND NOT (canonical >= ?1 AND canonical < ?2)",
    "phone_digits = ?4 AND NOT (canonical >= ?1 AND canonical < ?2)
     AND instr(ifnull(name_key, ''), ?3) = 0",
];

impl Vault {
    /// Who matches: first the very number, then numbers that begin so, then names with this in
    /// them, then telephone numbers of just these digits. At most `limit` people (1 to 1,000)
    /// after the cursor. Over the pages nobody comes twice, and nobody who stays as they are is
    /// left out, whatever is written in between.
    pub fn find(
        &self,
        query: &Query,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<Found, ReadError> {
        let limit = limit.clamp(1, BATCH_MAX);
        self.pool.read(|view| {
            let mut places = places(view, query, limit.saturating_add(1), after)?;
            let more = limit < places.len();
            places.truncate(limit);
            let next = places.last().filter(|_| more).cloned();
            let mut people = Vec::with_capacity(places.len());
            for Cursor { id, .. } in places {
                people.extend(people::get(view, id)?.map(|it| (id, it)));
            }
            Ok(Found { people, next })
        })
    }
}

/// The first `limit` places after the cursor, rank by rank.
fn places(
    view: &Transaction<'_>,
    query: &Query,
    limit: usize,
    after: Option<&Cursor>,
) -> rusqlite::Result<Vec<Cursor>> {
    let mut places: Vec<Cursor> = Vec::new();
    let start = after.map_or(0, |it| it.rank);
    for (rank, matches) in (0..).zip(RANKS).skip(usize::from(start)) {
        let wanted = limit.saturating_sub(places.len());
        if wanted == 0 {
            break;
        }
        // Within its own rank the cursor counts; the ranks after it are read from their start.
        let (canonical, id) = match after.filter(|it| it.rank == rank) {
            Some(it) => (it.canonical.as_str(), it.id.as_bytes().as_slice()),
            None => ("", [].as_slice()),
        };
        let mut statement = view.prepare_cached(&format!(
            "SELECT canonical, id FROM person WHERE {matches} AND (canonical, id) > (?5, ?6)
             ORDER BY canonical, id LIMIT ?7"
        ))?;
        let (end, wanted) = (query.number_end(), i64::try_from(wanted).unwrap_or(i64::MAX));
        let found = statement.query_map(
            params![query.number, end, query.name, query.digits, canonical, id, wanted],
            |row| Ok(Cursor { rank, canonical: row.get(0)?, id: VolunteerId::new(row.get(1)?) }),
        )?;
        for place in found {
            places.push(place?);
        }
    }
    Ok(places)
}
