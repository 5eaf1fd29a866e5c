//! Entries as keys and values: whole entries in frames, large ones in parts.

use lovebank_journal::Sealed;

/// The most bytes of a value: sled keeps 17 in a leaf, and a leaf must stay under 128 KiB.
pub(crate) const VALUE_MAX: usize = 6 * 1024;
/// The most entries of a frame.
const RECORDS_MAX: usize = 32;

const FORMAT: u8 = 1;
const WHOLE: u8 = 0;
const PART: u8 = 1;
const WHOLE_HEADER: usize = 4;
const PART_HEADER: usize = 10;
const LENGTH: usize = 4;
const BODY_MAX: usize = VALUE_MAX - WHOLE_HEADER;
const PART_MAX: usize = VALUE_MAX - PART_HEADER;

/// The key of a value: the number of its first entry, and which part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) no: u64,
    pub(crate) part: u16,
}

/// A key and its value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) key: Key,
    pub(crate) value: Vec<u8>,
}

/// A value, read.
pub(crate) enum Value<'a> {
    /// Whole entries.
    Whole { count: u16, records: Records<'a> },
    /// A part of one entry.
    Part(Part<'a>),
}

/// The entries of a frame; `None` where its bytes are none.
pub(crate) struct Records<'a> {
    left: u16,
    bytes: &'a [u8],
}

/// A part of one entry.
pub(crate) struct Part<'a> {
    pub(crate) index: u16,
    pub(crate) count: u16,
    pub(crate) length: usize,
    pub(crate) bytes: &'a [u8],
}

impl Key {
    /// The key of a frame that begins with an entry.
    pub(crate) fn of(no: u64) -> Self {
        Self { no, part: 0 }
    }

    pub(crate) fn bytes(self) -> [u8; 10] {
        let mut bytes = [0; 10];
        let (no, part) = bytes.split_at_mut(8);
        no.copy_from_slice(&self.no.to_be_bytes());
        part.copy_from_slice(&self.part.to_be_bytes());
        bytes
    }

    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let (no, rest) = take(bytes)?;
        let (part, rest) = take(rest)?;
        let key = Self { no: u64::from_be_bytes(no), part: u16::from_be_bytes(part) };
        rest.is_empty().then_some(key)
    }
}

/// A group as keys and values. It begins a frame of its own: nothing stored is ever changed.
pub(crate) fn pack(group: &[Sealed]) -> impl Iterator<Item = Frame> {
    let mut rest = group;
    let runs = std::iter::from_fn(move || {
        let (run, after) = rest.split_at_checked(fitting(rest))?;
        rest = after;
        (!run.is_empty()).then_some(run)
    });
    runs.flat_map(|run| match run {
        [large] if BODY_MAX < size(large) => parts(large),
        run => vec![whole(run)],
    })
}

/// How many entries go into one frame; at least one, where there is one.
fn fitting(group: &[Sealed]) -> usize {
    let mut body = 0_usize;
    let fits = |it: &&Sealed| {
        body = body.saturating_add(size(it));
        body <= BODY_MAX
    };
    group.iter().take(RECORDS_MAX).take_while(fits).count().max(1).min(group.len())
}

fn size(it: &Sealed) -> usize {
    it.bytes().len().saturating_add(LENGTH)
}

fn whole(run: &[Sealed]) -> Frame {
    let count = u16::try_from(run.len()).expect("a frame has a bound");
    let mut value = vec![FORMAT, WHOLE];
    value.extend_from_slice(&count.to_be_bytes());
    for it in run {
        value.extend_from_slice(&length(it).to_be_bytes());
        value.extend_from_slice(it.bytes());
    }
    Frame { key: Key::of(run.first().map_or(0, |it| it.no().get())), value }
}

fn parts(it: &Sealed) -> Vec<Frame> {
    let count = u16::try_from(it.bytes().len().div_ceil(PART_MAX)).expect("an entry has a bound");
    let part = |(index, bytes): (u16, &[u8])| {
        let mut value = vec![FORMAT, PART];
        value.extend_from_slice(&index.to_be_bytes());
        value.extend_from_slice(&count.to_be_bytes());
        value.extend_from_slice(&length(it).to_be_bytes());
        value.extend_from_slice(bytes);
        Frame { key: Key { no: it.no().get(), part: index }, value }
    };
    (0..count).zip(it.bytes().chunks(PART_MAX)).map(part).collect()
}

fn length(it: &Sealed) -> u32 {
    u32::try_from(it.bytes().len()).expect("an entry has a bound")
}

impl<'a> Value<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let ([format, kind], rest) = take(bytes)?;
        if format != FORMAT {
            return None;
        }
        let (first, rest) = take(rest)?;
        let first = u16::from_be_bytes(first);
        match kind {
            WHOLE => {
                let records = Records { left: first, bytes: rest };
                Some(Self::Whole { count: first, records })
            }
            PART => {
                let (count, rest) = take(rest)?;
                let (length, bytes) = take(rest)?;
                let count = u16::from_be_bytes(count);
                let length = usize::try_from(u32::from_be_bytes(length)).ok()?;
                Some(Self::Part(Part { index: first, count, length, bytes }))
            }
            _ => None,
        }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Option<&'a [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            let behind = !std::mem::take(&mut self.bytes).is_empty();
            return behind.then_some(None);
        }
        let record = record(self.bytes);
        (self.left, self.bytes) = match record {
            Some((_, rest)) => (self.left.saturating_sub(1), rest),
            None => (0, Default::default()),
        };
        Some(record.map(|(record, _)| record))
    }
}

fn record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = take(bytes)?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(length)).ok()?)
}

fn take<const N: usize>(bytes: &[u8]) -> Option<([u8; N], &[u8])> {
    bytes.split_first_chunk().map(|(first, rest)| (*first, rest))
}

#[cfg(test)]
mod tests {
    use lovebank_journal::{
        Head,
        chain::{made_up, made_up_group},
    };

    use super::*;

    #[test]
    fn the_bytes_stay_as_they_are() {
        let sealed = made_up_group(Head::EMPTY, 2, 3);
        let frames: Vec<_> = pack(&sealed).collect();
        let mut value = vec![1, 0, 0, 2];
        for it in &sealed {
            value.extend([0, 0, 0, u8::try_from(it.bytes().len()).unwrap()]);
            value.extend(it.bytes());
        }
        assert_eq!(frames, [Frame { key: Key { no: 1, part: 0 }, value }]);
        assert_eq!(frames[0].key.bytes(), [0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);

        let large = made_up(Head::EMPTY, &[7; 7000]);
        let parts: Vec<_> = pack(std::slice::from_ref(&large)).collect();
        let mut second = vec![1, 1, 0, 1, 0, 2];
        second.extend(u32::try_from(large.bytes().len()).unwrap().to_be_bytes());
        second.extend(&large.bytes()[6134..]);
        assert_eq!(parts[1], Frame { key: Key { no: 1, part: 1 }, value: second });
        assert_eq!(parts[1].key.bytes(), [0, 0, 0, 0, 0, 0, 0, 1, 0, 1]);
        assert_eq!(parts.len(), 2);
    }

    #[test]
    fn a_value_stays_within_its_bounds() {
        for (count, size, most) in [(33, 0, 2), (100, 250, 5), (9, 6000, 9), (9, 6100, 18)] {
            let group = made_up_group(Head::EMPTY, count, size);
            let frames: Vec<_> = pack(&group).collect();
            assert!(frames.iter().all(|it| it.value.len() <= VALUE_MAX));
            assert!(frames.len() <= most, "{} for {count} of {size}", frames.len());
        }
        assert_eq!(pack(&[]).count(), 0);
    }
}
