//! Reading a copy whole: every frame, every number, every seal, and whether the end is the end.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lovebank_journal::Head;
use sled::{IVec, Tree};

use crate::{
    Damage,
    assembly::Assembly,
    frame::{Key, Value},
    mirror::said,
};

/// What a whole reading found.
#[derive(Debug)]
pub(crate) struct Scan {
    /// The last entry up to which everything is right.
    pub(crate) head: Head,
    /// The last entry that there is any trace of.
    pub(crate) seen: u64,
    /// How many parts of the entry after the head are there, if it is not whole.
    pub(crate) loose: u16,
    /// The bytes of all entries up to the head.
    pub(crate) bytes: u64,
    /// What is wrong.
    pub(crate) damage: Option<Damage>,
}

/// Reads a tree whole.
pub(crate) fn scan(entries: &Tree) -> Scan {
    let mut walk = Walk::new();
    // sled panics on some damage.
    let walked = catch_unwind(AssertUnwindSafe(|| walk.whole(entries)));
    let mut damage = walked.unwrap_or_else(|panic| Err(Damage::Unreadable(said(&*panic)))).err();

    let last = catch_unwind(AssertUnwindSafe(|| entries.last()));
    let last = match last {
        Ok(last) => last.map_err(|it| it.to_string()),
        Err(panic) => Err(said(&*panic)),
    };
    let mut seen = walk.head.no;
    match last {
        Ok(last) => {
            let shown = last.as_ref().and_then(|(key, value)| last_no(key, value));
            let scanned = walk.last_key.as_ref();
            if damage.is_none() && scanned != last.as_ref().map(|(key, _)| key) {
                let last = shown.unwrap_or_default();
                damage = Some(Damage::EndsEarly { scanned: walk.head.no, last });
            }
            if damage.is_some() {
                seen = seen.max(shown.unwrap_or_default());
            }
        }
        Err(why) => damage = damage.or(Some(Damage::Unreadable(why))),
    }
    Scan { head: walk.head, seen, loose: walk.assembly.loose(), bytes: walk.bytes, damage }
}

struct Walk {
    head: Head,
    bytes: u64,
    last_key: Option<IVec>,
    assembly: Assembly,
}

impl Walk {
    fn new() -> Self {
        Self { head: Head::EMPTY, bytes: 0, last_key: None, assembly: Assembly::at(1) }
    }

    fn whole(&mut self, entries: &Tree) -> Result<(), Damage> {
        let Self { head, bytes, last_key, assembly } = self;
        for item in entries {
            let (key, value) = item.map_err(|it| Damage::Unreadable(it.to_string()))?;
            assembly.take(&key, &value, |no, entry| {
                *head = head.over(entry).map_err(|why| Damage::Chain { no, why })?;
                *bytes = bytes.saturating_add(u64::try_from(entry.len()).unwrap_or(u64::MAX));
                Ok(())
            })?;
            *last_key = Some(key);
        }
        Ok(())
    }
}

/// The number of the last entry that a value holds something of, as far as can be told.
fn last_no(key: &[u8], value: &[u8]) -> Option<u64> {
    let key = Key::parse(key)?;
    let more = match Value::parse(value) {
        Some(Value::Whole { count, .. }) => count.saturating_sub(1),
        Some(Value::Part(_)) | None => 0,
    };
    Some(key.no.saturating_add(u64::from(more)))
}
