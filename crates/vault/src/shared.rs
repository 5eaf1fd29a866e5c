//! Who has the same telephone: groups of people, never the telephone.

use lovebank_ledger::VolunteerId;

use crate::{error::ReadError, vault::Vault};

/// The most people that are told to be like one.
const ALIKE_MAX: usize = 8;

impl Vault {
    /// Others with the same name and the same telephone as some people, each beside the one it is
    /// like, where that may be told; at most 8 for one. Who has no name or no telephone is like
    /// nobody.
    pub fn alike(
        &self,
        ids: &[VolunteerId],
        told: impl Fn(&VolunteerId, &VolunteerId) -> bool,
    ) -> Result<Vec<(VolunteerId, VolunteerId)>, ReadError> {
        self.pool.read(|view| {
            let mut statement = view.prepare_cached(
                "SELECT other.id FROM person JOIN person AS other
                     ON other.phone_digits = person.phone_digits
                     AND other.name_key = person.name_key AND other.id <> person.id
                 WHERE person.id = ?1 ORDER BY other.id",
            )?;
            let mut found = Vec::new();
            for id in ids {
                let (mut rows, mut count) = (statement.query((id.as_bytes(),))?, 0_usize);
                while count < ALIKE_MAX
                    && let Some(row) = rows.next()?
                {
                    let other = VolunteerId::new(row.get(0)?);
                    if told(id, &other) {
                        found.push((*id, other));
                        count = count.saturating_add(1);
                    }
                }
            }
            Ok(found)
        })
    }

    /// People with the same telephone, as digits, in groups of at least two; in the order of their
    /// ids, the groups in that of their first.
    pub fn shared_phones(&self) -> Result<Vec<Vec<VolunteerId>>, ReadError> {
        let mut groups = self.pool.read(|view| {
            let mut statement = view.prepare_cached(
                "SELECT phone_digits, id FROM person WHERE phone_digits IN (
                     SELECT phone_digits FROM person WHERE phone_digits IS NOT NULL
                     GROUP BY phone_digits HAVING count(*) > 1
                 ) ORDER BY phone_digits, id",
            )?;
            let mut rows = statement.query([])?;
            let mut groups: Vec<Vec<VolunteerId>> = Vec::new();
            let mut last: Option<String> = None;
            while let Some(row) = rows.next()? {
                let phone: String = row.get(0)?;
                let id = VolunteerId::new(row.get(1)?);
                match groups.last_mut().filter(|_| last.as_ref() == Some(&phone)) {
                    Some(group) => group.push(id),
                    None => groups.push(vec![id]),
                }
                last = Some(phone);
            }
            Ok(groups)
        })?;
        // Their order must not tell the order of telephones.
        groups.sort_unstable();
        Ok(groups)
    }
}
