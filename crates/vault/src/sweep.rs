//! What a crash between vault and journal leaves, and its end.

use lovebank_ledger::{RequestId, VolunteerId};
use rusqlite::{Transaction, types::FromSql};

use crate::{
    error::WriteError,
    people,
    vault::{BATCH_MAX, Vault},
};

/// What a sweep took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swept {
    /// People whom the journal does not know.
    pub people: usize,
    /// Requests that the journal does not know and that had left annotations.
    pub requests: usize,
}

impl Vault {
    /// Removes what the journal does not know: the vault is written first, so a crash in
    /// between leaves people and annotations that never came to be. To be called before the
    /// service takes requests, for those under way look just the same.
    ///
    /// Fails, and takes nothing, when the journal knows fewer of the people than it does not,
    /// and these are more than one batch: no crash leaves that, but the journal of another
    /// bank, or a new one, would cost every person of this.
    pub fn sweep(
        &self,
        known: impl Fn(&VolunteerId) -> bool,
        known_request: impl Fn(&RequestId) -> bool,
    ) -> Result<Swept, WriteError> {
        let (swept, orphans) = self.pool.write(|change| {
            let everyone = "SELECT id FROM person";
            let (kept, orphans) = split(change, everyone, |it| known(&VolunteerId::new(it)))?;
            if BATCH_MAX < orphans.len() && kept < count(orphans.len()) {
                let orphans = count(orphans.len());
                return Err(WriteError::StrangeJournal { known: kept, orphans });
            }
            let orphans: Vec<_> = orphans.into_iter().map(VolunteerId::new).collect();
            let people = people::delete(change, &orphans)?;
            let every = "SELECT DISTINCT request FROM annotation";
            let (_, lost) = split(change, every, |it| known_request(&RequestId::new(it)))?;
            let mut delete = change.prepare_cached("DELETE FROM annotation WHERE request = ?1")?;
            for request in &lost {
                delete.execute([request])?;
            }
            Ok((Swept { people, requests: lost.len() }, orphans))
        })?;
        self.numbers.forget(&orphans);
        Ok(swept)
    }
}

/// How many of the selected are known, and which are not.
fn split<T: FromSql + Copy>(
    change: &Transaction<'_>,
    select: &str,
    known: impl Fn(T) -> bool,
) -> rusqlite::Result<(u64, Vec<T>)> {
    let mut statement = change.prepare(select)?;
    let (mut kept, mut orphans) = (0_u64, Vec::new());
    for it in statement.query_map([], |row| row.get(0))? {
        let it = it?;
        if known(it) {
            kept = kept.saturating_add(1);
        } else {
            orphans.push(it);
        }
    }
    Ok((kept, orphans))
}

fn count(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}
