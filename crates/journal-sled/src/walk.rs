//! From rows in order to the bytes of entries in order: no gap, no part missing.

use crate::frame::{Body, Key, Malformed, Value};

/// Why a row does not continue the rows before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadRow {
    #[error("a row after entry {0} is not of the stored form")]
    Malformed(u64),
    #[error("entry {due} is due, and the row is of entry {found}")]
    Gap { due: u64, found: u64 },
    #[error("a part of entry {0} is missing")]
    PartMissing(u64),
}

/// Walks over rows in the order of their keys.
#[derive(Debug)]
pub(crate) struct Walk {
    /// The number of the entry that is due.
    due: u64,
    gathered: Option<Gathered>,
    group_first: u64,
}

/// The parts of an entry so far.
#[derive(Debug)]
struct Gathered {
    bytes: Vec<u8>,
    parts: u16,
    next: u16,
}

impl Walk {
    /// From an entry that begins a row.
    pub(crate) fn from(no: u64) -> Self {
        Self { due: no, gathered: None, group_first: no }
    }

    /// The first entry of the group that the last row is of.
    pub(crate) fn group_first(&self) -> u64 {
        self.group_first
    }

    /// The keys of the last entry where it is not whole.
    pub(crate) fn unfinished(&self) -> Vec<Key> {
        let parts = self.gathered.as_ref().map_or(0, |it| it.next);
        (0..parts).map(|part| Key { no: self.due, part }).collect()
    }

    /// Takes a row, and gives each whole entry of it to `each`, by its number.
    pub(crate) fn row<E: From<BadRow>>(
        &mut self,
        key: Key,
        value: &[u8],
        mut each: impl FnMut(u64, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let malformed = |_: Malformed| BadRow::Malformed(key.no.saturating_sub(1));
        if key.no != self.due {
            return Err(self.gap(key.no).into());
        }
        let value = Value::read(value).map_err(malformed)?;
        match (value.body, self.gathered.take()) {
            (Body::Frame(records), None) if key.part == 0 => {
                for record in records {
                    each(self.due, record.map_err(malformed)?)?;
                    self.due = self.due.saturating_add(1);
                }
                if self.due == key.no {
                    return Err(malformed(Malformed).into());
                }
            }
            (Body::Part { parts, slice }, gathered) => {
                self.part(key, parts, slice, gathered)?;
                if let Some(whole) = self.gathered.take_if(|it| it.next == it.parts) {
                    each(self.due, &whole.bytes)?;
                    self.due = self.due.saturating_add(1);
                }
            }
            (Body::Frame(_), _) => return Err(BadRow::PartMissing(key.no).into()),
        }
        self.group_first = key.no.saturating_sub(u64::from(value.back));
        Ok(())
    }

    fn gap(&self, found: u64) -> BadRow {
        match self.gathered {
            Some(_) => BadRow::PartMissing(self.due),
            None => BadRow::Gap { due: self.due, found },
        }
    }

    fn part(
        &mut self,
        key: Key,
        parts: u16,
        slice: &[u8],
        gathered: Option<Gathered>,
    ) -> Result<(), BadRow> {
        let mut gathered = gathered.unwrap_or(Gathered { bytes: Vec::new(), parts, next: 0 });
        if gathered.parts != parts || gathered.next != key.part || parts <= key.part {
            return Err(BadRow::PartMissing(key.no));
        }
        gathered.bytes.extend_from_slice(slice);
        gathered.next = gathered.next.saturating_add(1);
        self.gathered = Some(gathered);
        Ok(())
    }
}
