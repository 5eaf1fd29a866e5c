//! What a crash between vault and journal leaves, and its end.

use lovebank_ledger::{RequestId, VolunteerId};
use rusqlite::Transaction;

use crate::{error::WriteError, people, vault::Vault};

/// What the journal says of a person whom the vault holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It knows the person.
    Known,
    /// It says that the person was erased.
    Erased,
    /// It knows of no such person.
    Unknown,
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
    /// Fails, and takes nothing, when the journal does not know someone for whom it had
    /// answered before: no crash leaves that, but an older journal, or that of another bank,
    /// which would cost people their data.
    pub fn sweep(
        &self,
        standing: impl Fn(&VolunteerId) -> Standing,
        known_request: impl Fn(&RequestId) -> bool,
    ) -> Result<Swept, WriteError> {
        let (swept, gone) = self.pool.write(|change| {
            let Judged { known, pending, gone, strange } = judge(change, standing)?;
            if strange != 0 {
                return Err(WriteError::StrangeJournal { known, orphans: strange });
            }
            people::settle(change, &pending)?;
            let people = people::delete(change, &gone)?;
            let lost = lost(change, known_request)?;
            let mut delete = change.prepare_cached("DELETE FROM annotation WHERE request = ?1")?;
            for request in &lost {
                delete.execute([request.as_bytes()])?;
            }
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
struct Judged {
    known: u64,
    /// Known, and the journal's answer was not noted yet.
    pending: Vec<VolunteerId>,
    gone: Vec<VolunteerId>,
    /// Not known, though the journal had answered for them.
    strange: u64,
}

fn judge(
    change: &Transaction<'_>,
    standing: impl Fn(&VolunteerId) -> Standing,
) -> rusqlite::Result<Judged> {
    let mut judged = Judged::default();
    let mut everyone = change.prepare("SELECT id, pending FROM person")?;
    let rows = everyone.query_map([], |row| Ok((VolunteerId::new(row.get(0)?), row.get(1)?)))?;
    for row in rows {
        let (id, pending): (VolunteerId, bool) = row?;
        match standing(&id) {
            Standing::Known => {
                judged.known = judged.known.saturating_add(1);
                if pending {
                    judged.pending.push(id);
                }
            }
            Standing::Unknown if !pending => judged.strange = judged.strange.saturating_add(1),
            Standing::Erased | Standing::Unknown => judged.gone.push(id),
        }
    }
    Ok(judged)
}

/// Requests with annotations that the journal does not know.
fn lost(
    change: &Transaction<'_>,
    known: impl Fn(&RequestId) -> bool,
) -> rusqlite::Result<Vec<RequestId>> {
    let mut every = change.prepare("SELECT DISTINCT request FROM annotation")?;
    let requests = every.query_map([], |row| Ok(RequestId::new(row.get(0)?)))?;
    let requests: Vec<RequestId> = requests.collect::<Result<_, _>>()?;
    Ok(requests.into_iter().filter(|it| !known(it)).collect())
}
