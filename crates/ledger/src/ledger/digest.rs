//! A digest of all that a ledger holds, the same wherever the same journal was added up.
//!
//! Tables are taken by their names, rows in the order of their numbers or keys, and of a row every
//! field: what `Hash` gives of it, with numbers in as many bytes as they need and lengths said
//! before what they are of. So a row that differs, is missing or too many gives another digest.
//! Two ledgers are compared by programs of one [`STATE_FORMAT`].

use std::{
    hash::{Hash, Hasher},
    ops::Range,
};

use sha2::{Digest as _, Sha256};

use super::{
    Ledger,
    table::{List, Map, Tree},
};
use crate::{EntryNo, Seal, StateDigest};

/// The version of what a digest is over. It rises whenever a row says more, or says it otherwise:
/// `tests/digest.rs` fails then.
pub const STATE_FORMAT: u32 = 3;

/// Bytes that are hashed at a time.
const CHUNK: usize = 8192;

/// What a ledger comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateSummary {
    /// The last entry posted; 0 for none.
    pub entry: u64,
    /// Its seal.
    pub seal: Seal,
    /// The digest of all of it.
    pub digest: StateDigest,
    /// Its tables, in the order that the digest takes them in.
    pub tables: Vec<TableDigest>,
}

/// What a table comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDigest {
    /// Its name.
    pub name: &'static str,
    /// How many rows it has.
    pub rows: u64,
    /// The digest of them.
    pub digest: StateDigest,
}

impl Ledger<'static> {
    /// The digest of all of it, and of each table.
    pub fn state_digest(&self) -> StateSummary {
        let summed = |(name, rows): (&'static str, &dyn Rows)| {
            let count = rows.count();
            TableDigest { name, rows: count, digest: digest(rows, 0..count) }
        };
        let tables: Vec<_> = self.tables().into_iter().map(summed).collect();
        let (entry, seal) = (self.head().map_or(0, EntryNo::get), self.seal());
        let mut all = Canonical::default();
        (STATE_FORMAT, entry, seal, &self.bank).hash(&mut all);
        for it in &tables {
            (it.name, it.rows, it.digest).hash(&mut all);
        }
        StateSummary { entry, seal, digest: all.end(), tables }
    }

    /// The digest of some rows of a table, counted from 0: to find out which one differs.
    /// `None` if there is no such table.
    pub fn rows_digest(&self, table: &str, rows: Range<u64>) -> Option<StateDigest> {
        let found = self.tables().into_iter().find(|(name, _)| *name == table)?;
        Some(digest(found.1, rows))
    }
}

fn digest(of: &dyn Rows, rows: Range<u64>) -> StateDigest {
    let mut hash = Canonical::default();
    of.write(&rows, &mut hash);
    hash.end()
}

/// A table, as a digest sees it.
pub(super) trait Rows {
    /// How many rows it has.
    fn count(&self) -> u64;

    /// Hashes some of them, in their order.
    fn write(&self, rows: &Range<u64>, hash: &mut Canonical);
}

/// A table as such.
pub(super) fn rows<R: Rows>(it: &R) -> &dyn Rows {
    it
}

impl<T: Clone + Hash> Rows for List<'static, T> {
    fn count(&self) -> u64 {
        count(self.rows().len())
    }

    fn write(&self, rows: &Range<u64>, hash: &mut Canonical) {
        write(self.rows(), rows, hash);
    }
}

impl<K: Clone + Hash + Ord, V: Hash> Rows for Map<'static, K, V> {
    fn count(&self) -> u64 {
        count(self.len())
    }

    fn write(&self, rows: &Range<u64>, hash: &mut Canonical) {
        write(self.sorted(), rows, hash);
    }
}

impl<K: Clone + Hash + Ord, V: Clone + Hash> Rows for Tree<'static, K, V> {
    fn count(&self) -> u64 {
        count(self.len())
    }

    fn write(&self, rows: &Range<u64>, hash: &mut Canonical) {
        write(self.iter(), rows, hash);
    }
}

fn write(
    of: impl IntoIterator<Item = impl Hash>,
    Range { start, end }: &Range<u64>,
    hash: &mut Canonical,
) {
    let place = |it: u64| usize::try_from(it).unwrap_or(usize::MAX);
    let length = place(end.saturating_sub(*start));
    of.into_iter().skip(place(*start)).take(length).for_each(|it| {
        it.hash(hash);
        hash.row();
    });
}

fn count(it: usize) -> u64 {
    u64::try_from(it).unwrap_or(u64::MAX)
}

/// SHA-256 over what `Hash` gives, the same on every machine.
#[derive(Debug, Default)]
pub(super) struct Canonical {
    hash: Sha256,
    bytes: Vec<u8>,
}

impl Canonical {
    fn end(mut self) -> StateDigest {
        self.hash.update(&self.bytes);
        StateDigest::new(self.hash.finalize().into())
    }

    /// A row ends here.
    fn row(&mut self) {
        if CHUNK <= self.bytes.len() {
            self.hash.update(&self.bytes);
            self.bytes.clear();
        }
    }

    fn number(&mut self, it: u64) {
        let mut rest = it;
        loop {
            let low = u8::try_from(rest & 0x7f).unwrap_or_default();
            rest >>= 7_u32;
            if rest == 0 {
                return self.bytes.push(low);
            }
            self.bytes.push(low | 0x80);
        }
    }

    /// Small amounts of either sign are short.
    fn signed(&mut self, it: i64) {
        self.number((it.wrapping_shl(1) ^ it.wrapping_shr(63)).cast_unsigned());
    }
}

impl Hasher for Canonical {
    fn write(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    fn write_u8(&mut self, it: u8) {
        self.bytes.push(it);
    }

    fn write_u16(&mut self, it: u16) {
        self.number(it.into());
    }

    fn write_u32(&mut self, it: u32) {
        self.number(it.into());
    }

    fn write_u64(&mut self, it: u64) {
        self.number(it);
    }

    fn write_usize(&mut self, it: usize) {
        self.number(count(it));
    }

    fn write_i8(&mut self, it: i8) {
        self.signed(it.into());
    }

    fn write_i16(&mut self, it: i16) {
        self.signed(it.into());
    }

    fn write_i32(&mut self, it: i32) {
        self.signed(it.into());
    }

    fn write_i64(&mut self, it: i64) {
        self.signed(it);
    }

    fn write_isize(&mut self, it: isize) {
        self.signed(i64::try_from(it).unwrap_or(i64::MAX));
    }

    fn write_u128(&mut self, it: u128) {
        self.write(&it.to_be_bytes());
    }

    fn write_i128(&mut self, it: i128) {
        self.write(&it.to_be_bytes());
    }

    fn finish(&self) -> u64 {
        // What is asked for is the digest, at the end.
        0
    }
}
