//! Numbers in memory: nearly every answer shows one, and a reading of the file for each costs as
//! much as the rest of the call.
//!
//! What is changed or erased in the file is forgotten here before the change returns.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use lovebank_ledger::VolunteerId;

use crate::{
    error::ReadError,
    number::VolunteerNumber,
    people,
    vault::{Vault, over},
};

/// Numbers that are kept, at most: some 16 MB.
const KEPT_MAX: usize = 131_072;

/// The numbers that were read of late.
#[derive(Clone, Default)]
pub(crate) struct Numbers(Arc<RwLock<Kept>>);

#[derive(Default)]
struct Kept {
    numbers: HashMap<VolunteerId, VolunteerNumber>,
    /// How often something was forgotten.
    forgotten: u64,
}

impl Vault {
    /// The numbers of these people, in the order asked for, where all are in memory. Does not
    /// block.
    pub fn numbers_at_hand(&self, ids: &[VolunteerId]) -> Option<Vec<Option<VolunteerNumber>>> {
        let kept = self.numbers.read();
        ids.iter().map(|id| kept.numbers.get(id).cloned().map(Some)).collect()
    }

    /// The numbers of these people, in the order asked for, as of one moment; 1,000 at most.
    pub fn numbers(&self, ids: &[VolunteerId]) -> Result<Vec<Option<VolunteerNumber>>, ReadError> {
        if let Some((given, most)) = over(ids.len()) {
            return Err(ReadError::TooMany { given, most });
        }
        let before = self.numbers.forgotten();
        let found: Vec<Option<VolunteerNumber>> =
            self.pool.read(|view| ids.iter().map(|id| people::number(view, *id)).collect())?;
        let known = ids.iter().zip(&found).filter_map(|(id, it)| Some((*id, it.clone()?)));
        self.numbers.keep(before, known);
        Ok(found)
    }
}

impl Numbers {
    /// How often something was forgotten, for [`Self::keep`].
    pub(crate) fn forgotten(&self) -> u64 {
        self.read().forgotten
    }

    /// Keeps what was read or written, unless something else was forgotten since before that:
    /// it may be among it.
    pub(crate) fn keep(
        &self,
        before: u64,
        known: impl Iterator<Item = (VolunteerId, VolunteerNumber)>,
    ) {
        let mut kept = self.write();
        if kept.forgotten != before {
            return;
        }
        for (id, number) in known {
            if KEPT_MAX <= kept.numbers.len() {
                kept.numbers.clear();
            }
            kept.numbers.insert(id, number);
        }
    }

    /// Forgets people whose rows were changed. To be called after the change, whatever came of
    /// it, and before the change returns.
    pub(crate) fn forget(&self, ids: &[VolunteerId]) {
        let mut kept = self.write();
        kept.forgotten = kept.forgotten.wrapping_add(1);
        for id in ids {
            kept.numbers.remove(id);
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Kept> {
        // Nothing that is done under the lock stops half-way.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Kept> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Numbers(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Person;

    fn person(number: &str) -> Person {
        let number = VolunteerNumber::parse(number).unwrap();
        Person { number, name: None, phone: None, note: None, birth: None }
    }

    fn shown(found: &[Option<VolunteerNumber>]) -> Vec<Option<&str>> {
        found.iter().map(|it| it.as_ref().map(VolunteerNumber::as_str)).collect()
    }

    #[test]
    fn a_number_is_at_hand_once_read_and_gone_once_changed() {
        let directory = tempfile::tempdir().unwrap();
        let vault = Vault::open(directory.path()).unwrap();
        let (first, second) = (VolunteerId::new([1; 16]), VolunteerId::new([2; 16]));
        vault.put(&[(first, person("A1")), (second, person("B1"))]).unwrap();
        assert_eq!(shown(&vault.numbers_at_hand(&[first]).unwrap()), [Some("A1")]);
        let found = vault.numbers(&[second, first]).unwrap();
        assert_eq!(shown(&found), [Some("B1"), Some("A1")]);
        assert_eq!(vault.numbers_at_hand(&[second, first]), Some(found));

        vault.update(first, &person("A2")).unwrap();
        assert!(vault.numbers_at_hand(&[first]).is_none());
        assert_eq!(shown(&vault.numbers(&[first]).unwrap()), [Some("A2")]);
        vault.put(&[(first, person("A3"))]).unwrap();
        assert_eq!(shown(&vault.numbers(&[first]).unwrap()), [Some("A3")]);

        vault.erase(first).unwrap();
        assert!(vault.numbers_at_hand(&[first]).is_none());
        assert_eq!(shown(&vault.numbers(&[first, second]).unwrap()), [None, Some("B1")]);
        assert!(vault.numbers_at_hand(&[second]).is_some());
    }

    #[test]
    fn what_is_erased_while_it_is_read_is_not_kept() {
        let directory = tempfile::tempdir().unwrap();
        let vault = Vault::open(directory.path()).unwrap();
        let ids: Vec<_> = (1..=20).map(|it| VolunteerId::new([it; 16])).collect();
        for id in &ids {
            vault.put(&[(*id, person("A1"))]).unwrap();
            std::thread::scope(|scope| {
                let reading = scope.spawn(|| vault.numbers(&[*id]).unwrap());
                vault.remove(&[*id]).unwrap();
                reading.join().unwrap();
            });
            assert!(vault.numbers_at_hand(&[*id]).is_none());
        }
    }
}
