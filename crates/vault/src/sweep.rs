//! What a crash between vault and journal leaves, and its end.

use lovebank_ledger::{NumberTag, RequestId, VolunteerId};
use rusqlite::Transaction;

use crate::{
    annotation::seen, error::WriteError, fit::absent, number::VolunteerNumber, people, tag::Tagger,
    vault::Vault,
};

/// What the journal says of a person whom the vault holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It knows the person, by this tag of the number.
    Known(NumberTag),
    /// It says that the person was erased.
    Erased,
    /// It knows of no such person.
    Unknown,
}

/// The journal that a vault lies beside.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// The number of its last entry.
    pub head: u64,
    /// How many people it knows who were not erased.
    pub people: u64,
    /// What it says of a person.
    pub standing: &'a dyn Fn(&VolunteerId) -> Standing,
    /// Whether a request made an entry.
    pub request: &'a dyn Fn(&RequestId) -> bool,
}

/// What a sweep took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swept {
    /// People who were erased, or whom the journal does not know.
    pub people: usize,
    /// Requests that the journal does not know and that had left annotations.
    pub requests: usize,
}

impl Vault {
    /// Removes what the journal does not know: the vault is written first, so a crash in
    /// between leaves people and annotations that never came to be. To be called before the
    /// service takes requests, for those under way look just the same.
    ///
    /// Fails, and takes nothing, when vault and journal do not belong together: when the journal
    /// does not know someone for whom it had answered before, or is shorter than it was when
    /// annotations were last kept; when the vault lacks someone whom the journal knows, or has
    /// another tag for a number. No crash leaves that, but an older copy of one of the two, or
    /// that of another bank, which would cost people their data.
    pub fn sweep(&self, journal: Beside<'_>) -> Result<Swept, WriteError> {
        let (swept, gone) = self.pool.write(|change| {
            let seen_before: i64 =
                change.query_row("SELECT head FROM vault", [], |row| row.get(0))?;
            let seen_before = u64::try_from(seen_before).unwrap_or(0);
            if journal.head < seen_before {
                return Err(WriteError::OlderJournal { head: journal.head, seen: seen_before });
            }
            let Judged { known, pending, gone, strange, foreign } =
                judge(change, &self.tagger, journal)?;
            if !strange.is_empty() {
                let orphans = u64::try_from(strange.len()).unwrap_or(u64::MAX);
                return Err(WriteError::StrangeJournal { known, orphans });
            }
            if foreign != 0 {
                return Err(WriteError::StrangeVault { foreign });
            }
            let held = known.saturating_add(absent(change, journal.standing)?);
            let lacking = journal.people.saturating_sub(held);
            if lacking != 0 {
                return Err(WriteError::Lacking { known, lacking });
            }
            people::settle(change, &pending)?;
            let people = people::delete(change, &gone)?;
            let lost = lost(change, journal.request)?;
            let mut delete = change.prepare_cached("DELETE FROM annotation WHERE request = ?1")?;
            for request in &lost {
                delete.execute([request.as_bytes()])?;
            }
            seen(change, journal.head)?;
            Ok((Swept { people, requests: lost.len() }, gone))
        })?;
        self.numbers.forget(&gone);
        Ok(swept)
    }

    /// Whether the vault holds nobody.
    pub fn is_empty(&self) -> Result<bool, crate::error::ReadError> {
        self.pool.read(|view| {
            let any = "SELECT EXISTS (SELECT 1 FROM person)";
            Ok(!view.query_row(any, [], |row| row.get::<_, bool>(0))?)
        })
    }
}

#[derive(Default)]
pub(crate) struct Judged {
    pub(crate) known: u64,
    /// Known, and the journal's answer was not noted yet.
    pub(crate) pending: Vec<VolunteerId>,
    pub(crate) gone: Vec<VolunteerId>,
    /// Not known, though the journal had answered for them.
    pub(crate) strange: Vec<VolunteerId>,
    /// Known by another tag than the number has here.
    pub(crate) foreign: u64,
}

pub(crate) fn judge(
    change: &Transaction<'_>,
    tagger: &Tagger,
    journal: Beside<'_>,
) -> rusqlite::Result<Judged> {
    let mut judged = Judged::default();
    let mut everyone = change.prepare("SELECT id, pending, number FROM person")?;
    let rows = everyone.query_map([], |row| {
        let number = VolunteerNumber::kept(row.get(2)?);
        Ok((VolunteerId::new(row.get(0)?), row.get(1)?, number))
    })?;
    for row in rows {
        let (id, pending, number): (VolunteerId, bool, VolunteerNumber) = row?;
        match (journal.standing)(&id) {
            Standing::Known(tag) => {
                judged.known = judged.known.saturating_add(1);
                if tagger.tag(&number) != tag {
                    judged.foreign = judged.foreign.saturating_add(1);
                }
                if pending {
                    judged.pending.push(id);
                }
            }
            Standing::Unknown if !pending => judged.strange.push(id),
            Standing::Erased | Standing::Unknown => judged.gone.push(id),
        }
    }
    Ok(judged)
}

/// Requests with annotations that the journal does not know.
pub(crate) fn lost(
    change: &Transaction<'_>,
    known: &dyn Fn(&RequestId) -> bool,
) -> rusqlite::Result<Vec<RequestId>> {
    let mut every = change.prepare("SELECT DISTINCT request FROM annotation")?;
    let requests = every.query_map([], |row| Ok(RequestId::new(row.get(0)?)))?;
    let requests: Vec<RequestId> = requests.collect::<Result<_, _>>()?;
    Ok(requests.into_iter().filter(|it| !known(it)).collect())
}
