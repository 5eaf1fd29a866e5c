//! Keys and values, in order, put together to entries: nothing missing, nothing twice.

use crate::{
    Damage,
    frame::{Key, Part, Value},
};

/// Takes keys and values in order.
#[derive(Debug)]
pub(crate) struct Assembly {
    due: u64,
    pending: Option<Pending>,
}

/// The parts of an entry so far.
#[derive(Debug)]
struct Pending {
    count: u16,
    next: u16,
    length: usize,
    bytes: Vec<u8>,
}

impl Assembly {
    /// Begins where an entry begins.
    pub(crate) fn at(no: u64) -> Self {
        Self { due: no, pending: None }
    }

    /// The number that is due next.
    pub(crate) fn due(&self) -> u64 {
        self.due
    }

    /// How many parts of the entry that is due are there.
    pub(crate) fn loose(&self) -> u16 {
        self.pending.as_ref().map_or(0, |it| it.next)
    }

    /// Takes the next key and value, and gives each entry that is whole with them.
    pub(crate) fn take(
        &mut self,
        key: &[u8],
        value: &[u8],
        mut each: impl FnMut(u64, &[u8]) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        let key = Key::parse(key).ok_or(Damage::Foreign { after: self.due.saturating_sub(1) })?;
        if key.no != self.due {
            return Err(Damage::Gap { due: self.due, found: key.no });
        }
        let bad = Damage::Value { no: key.no };
        match Value::parse(value) {
            Some(Value::Part(part)) if part.index == key.part => {
                if let Some(entry) = self.join(&part).map_err(|()| bad)? {
                    each(self.due, &entry)?;
                    self.due = self.due.saturating_add(1);
                }
                Ok(())
            }
            Some(Value::Whole { count: 1.., records })
                if key.part == 0 && self.pending.is_none() =>
            {
                for record in records {
                    each(self.due, record.ok_or_else(|| bad.clone())?)?;
                    self.due = self.due.saturating_add(1);
                }
                Ok(())
            }
            Some(Value::Part(_) | Value::Whole { .. }) | None => Err(bad),
        }
    }

    /// Adds a part, and gives the entry with the last one. An error if it does not fit.
    fn join(&mut self, part: &Part<'_>) -> Result<Option<Vec<u8>>, ()> {
        let &Part { index, count, length, bytes } = part;
        let begun = || Pending { count, next: 0, length, bytes: Vec::new() };
        let mut pending = self.pending.take().unwrap_or_else(begun);
        if index != pending.next || count != pending.count || length != pending.length {
            return Err(());
        }
        pending.next = index.checked_add(1).filter(|it| *it <= count).ok_or(())?;
        pending.bytes.extend_from_slice(bytes);
        if pending.next == count {
            return if pending.bytes.len() == length { Ok(Some(pending.bytes)) } else { Err(()) };
        }
        self.pending = Some(pending);
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use lovebank_journal::{ENTRY_BYTES_MAX, Head, Sealed, chain::made_up, chain::made_up_group};

    use super::*;
    use crate::frame::{Frame, pack};

    fn packed(group: &[Sealed]) -> Vec<Frame> {
        pack(group).collect()
    }

    fn assemble(frames: &[Frame]) -> Result<Vec<Vec<u8>>, Damage> {
        let (mut assembly, mut all) = (Assembly::at(1), Vec::new());
        for it in frames {
            assembly.take(&it.key.bytes(), &it.value, |_, bytes| {
                all.push(bytes.to_vec());
                Ok(())
            })?;
        }
        Ok(all)
    }

    fn bytes(group: &[Sealed]) -> Vec<Vec<u8>> {
        group.iter().map(|it| it.bytes().to_vec()).collect()
    }

    #[test]
    fn a_group_comes_back_whatever_its_sizes() {
        for (count, size) in [(1, 0), (33, 1), (100, 250), (9, 6000), (9, 6100), (3, 70_000)] {
            let group = made_up_group(Head::EMPTY, count, size);
            assert_eq!(assemble(&packed(&group)), Ok(bytes(&group)), "{count} of {size}");
        }
        let largest = [made_up(Head::EMPTY, &vec![1; ENTRY_BYTES_MAX - 100])];
        assert_eq!(assemble(&packed(&largest)), Ok(bytes(&largest)));
    }

    #[test]
    fn what_is_no_frame_is_said() {
        let frames = packed(&made_up_group(Head::EMPTY, 2, 3));
        let value = &frames[0].value;
        let cut = &value[..value.len() - 1];
        let long = [value.as_slice(), &[0]].concat();
        let other = [&[9], &value[1..]].concat();
        for bad in [cut, long.as_slice(), other.as_slice(), &[], &[1, 0, 0, 0]] {
            let taken = Assembly::at(1).take(&Key::of(1).bytes(), bad, |_, _| Ok(()));
            assert_eq!(taken, Err(Damage::Value { no: 1 }));
        }
        let gap = Assembly::at(2).take(&Key::of(3).bytes(), value, |_, _| Ok(()));
        assert_eq!(gap, Err(Damage::Gap { due: 2, found: 3 }));
        let foreign = Assembly::at(1).take(b"x", value, |_, _| Ok(()));
        assert_eq!(foreign, Err(Damage::Foreign { after: 0 }));
    }

    #[test]
    fn a_part_that_is_missing_or_twice_is_said() {
        let group = made_up_group(Head::EMPTY, 2, 20_000);
        for missing in [0, 1, 3] {
            let mut frames = packed(&group);
            frames.remove(missing);
            assert!(assemble(&frames).is_err(), "without part {missing}");
        }
        let mut frames = packed(&group);
        let again = Frame { key: frames[1].key, value: frames[1].value.clone() };
        frames.insert(1, again);
        assert_eq!(assemble(&frames), Err(Damage::Value { no: 1 }));

        let mut assembly = Assembly::at(1);
        let first = &packed(&group)[0];
        assembly.take(&first.key.bytes(), &first.value, |_, _| Ok(())).unwrap();
        assert_eq!((assembly.due(), assembly.loose()), (1, 1));
    }
}
