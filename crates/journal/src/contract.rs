//! What every engine must do. Engines call [`holds`] from their own tests.

use lovebank_ledger::EntryNo;

use crate::{
    AppendError, ENTRY_BYTES_MAX, GROUP_BYTES_MAX, GROUP_MAX, Head, Journal, READ_BYTES_MAX,
    ReadJournal, Sealed,
    chain::{made_up, made_up_group},
};

/// Checks an engine against the whole contract. `open` gives an empty journal each time.
///
/// # Panics
///
/// If the engine breaks it.
pub fn holds<J: Journal>(mut open: impl FnMut() -> J) {
    empty(open());
    in_order(open());
    refuses(open());
    bounds(open());
    bound_of_a_group(open());
    pages(open());
    beside_the_writer(open());
}

/// Checks that what was appended is there after `reopen`.
///
/// # Panics
///
/// If it is not.
pub fn survives<J: Journal>(mut journal: J, reopen: impl FnOnce(J) -> J) {
    let groups = [made_up_group(journal.head(), 5, 40)];
    let mut all: Vec<Sealed> = Vec::new();
    for group in groups {
        append(&mut journal, &group);
        all.extend(group);
    }
    let large = made_up(journal.head(), &vec![7; 300_000]);
    append(&mut journal, std::slice::from_ref(&large));
    all.push(large);
    let head = journal.head();
    let mut journal = reopen(journal);
    assert_eq!(journal.head(), head, "the head is as it was");
    assert_eq!(read(&journal.reader(), 1, 100), all);
    let next = made_up_group(head, 2, 9);
    append(&mut journal, &next);
    assert_eq!(read(&journal.reader(), head.no.saturating_add(1), 100), next);
}

fn empty<J: Journal>(mut journal: J) {
    assert_eq!(journal.head(), Head::EMPTY);
    assert!(read(&journal.reader(), 1, 10).is_empty());
    assert_eq!(journal.append(Head::EMPTY, &[]).expect("nothing is no harm"), Head::EMPTY);
}

fn in_order<J: Journal>(mut journal: J) {
    let mut all = Vec::new();
    for (count, size) in [(1, 10), (3, 4000), (40, 250), (1, 300_000), (70, 0), (2, 7000)] {
        let group = made_up_group(journal.head(), count, size);
        append(&mut journal, &group);
        all.extend(group);
    }
    let reader = journal.reader();
    assert_eq!(read(&reader, 1, all.len()), all);
    let count = u64::try_from(all.len()).expect("a count");
    for from in 1..=count {
        let skip = usize::try_from(from).expect("a count").saturating_sub(1);
        for limit in [1, 2, 33] {
            let expected: Vec<_> = all.iter().skip(skip).take(limit).cloned().collect();
            assert_eq!(read(&reader, from, limit), expected, "{limit} from {from}");
        }
    }
    assert!(read(&reader, count.saturating_add(1), 10).is_empty());
    assert!(read(&reader, u64::MAX, 10).is_empty());
    assert!(read(&reader, 1, 0).is_empty());
}

fn refuses<J: Journal>(mut journal: J) {
    let first = made_up_group(Head::EMPTY, 3, 10);
    append(&mut journal, &first);
    let head = journal.head();
    let stale = journal.append(Head::EMPTY, &first);
    assert!(matches!(stale, Err(AppendError::NotTheHead { expected: 0, found: 3 })), "{stale:?}");
    let again = journal.append(head, &first);
    assert!(matches!(again, Err(AppendError::Broken { no: 1, .. })), "{again:?}");
    let mut gap = made_up_group(head, 3, 10);
    gap.remove(1);
    let gap = journal.append(head, &gap);
    assert!(matches!(gap, Err(AppendError::Broken { no: 6, .. })), "{gap:?}");
    let other = Head { no: head.no, seal: lovebank_ledger::Seal::new([9; 32]) };
    let forged = made_up_group(other, 1, 10);
    assert!(journal.append(head, &forged).is_err(), "another chain is refused");
    assert!(journal.append(other, &forged).is_err(), "another head is refused");
    assert_eq!(journal.head(), head, "a refusal changes nothing");
    assert_eq!(read(&journal.reader(), 1, 10), first);
    let next = made_up_group(head, 1, 10);
    append(&mut journal, &next);
}

fn bounds<J: Journal>(mut journal: J) {
    // As long as the largest, so that its length takes as many bytes.
    let sample = vec![0; ENTRY_BYTES_MAX / 2];
    let overhead = made_up(Head::EMPTY, &sample).bytes().len().saturating_sub(sample.len());
    let room = ENTRY_BYTES_MAX.saturating_sub(overhead);
    let largest = made_up(Head::EMPTY, &vec![1; room]);
    assert_eq!(largest.bytes().len(), ENTRY_BYTES_MAX);
    append(&mut journal, std::slice::from_ref(&largest));
    let head = journal.head();
    let larger = made_up(head, &vec![1; room.saturating_add(1)]);
    assert!(ENTRY_BYTES_MAX < larger.bytes().len());
    let refused = journal.append(head, &[larger]);
    assert!(matches!(refused, Err(AppendError::TooLarge { .. })), "{refused:?}");
    append(&mut journal, &made_up_group(head, GROUP_MAX, 1));
    let head = journal.head();
    let refused = journal.append(head, &made_up_group(head, GROUP_MAX.saturating_add(1), 1));
    assert!(matches!(refused, Err(AppendError::TooLarge { .. })), "{refused:?}");
    assert_eq!(read(&journal.reader(), 1, 1), [largest]);
}

/// A group is bounded in bytes: at the bound it is taken, and one byte past it changes nothing.
fn bound_of_a_group<J: Journal>(mut journal: J) {
    const PARTS: usize = 4;
    let parts = made_up_group(Head::EMPTY, PARTS, GROUP_BYTES_MAX / PARTS / 2);
    let last = parts.last().expect("some parts");
    let overhead = last.bytes().len().saturating_sub(GROUP_BYTES_MAX / PARTS / 2);
    let room = (GROUP_BYTES_MAX / PARTS).saturating_sub(overhead);
    let bytes = |group: &[Sealed]| group.iter().map(|it| it.bytes().len()).sum::<usize>();
    let mut largest = made_up_group(Head::EMPTY, PARTS.saturating_sub(1), room);
    let (before, end) = (bytes(&largest), head_after(&largest));
    let rest = GROUP_BYTES_MAX.saturating_sub(before).saturating_sub(overhead);
    let mut larger = largest.clone();
    largest.push(made_up(end, &vec![1; rest]));
    larger.push(made_up(end, &vec![1; rest.saturating_add(1)]));
    assert_eq!(bytes(&largest), GROUP_BYTES_MAX);
    assert_eq!(bytes(&larger), GROUP_BYTES_MAX.saturating_add(1));
    let refused = journal.append(Head::EMPTY, &larger);
    let what = "the bytes of a group";
    assert!(
        matches!(refused, Err(AppendError::TooLarge { what: it, .. }) if it == what),
        "{refused:?}"
    );
    assert_eq!(journal.head(), Head::EMPTY, "a refusal changes nothing");
    append(&mut journal, &largest);
    assert_eq!(read(&journal.reader(), 4, 1), largest.get(3..).unwrap_or_default());
}

fn head_after(group: &[Sealed]) -> Head {
    group.iter().fold(Head::EMPTY, |head, it| head.after(it).expect("made to follow"))
}

/// One reading is bounded in bytes, and reading on finds the rest.
fn pages<J: Journal>(mut journal: J) {
    const EACH: usize = 1_000_000;
    let fit = READ_BYTES_MAX.div_ceil(EACH);
    let group = made_up_group(journal.head(), fit.saturating_add(3), EACH);
    for part in group.chunks(fit / 2) {
        append(&mut journal, part);
    }
    let (reader, all) = (journal.reader(), group.len());
    let first = read(&reader, 1, all);
    assert_eq!(first.len(), fit, "a reading ends with the entry that reaches the bound");
    let rest = read(&reader, journal.head().no.saturating_sub(2), all);
    assert_eq!(first.iter().chain(&rest).cloned().collect::<Vec<_>>(), group);
}

/// A reader beside the writer sees whole entries in order, and only what append returned for.
fn beside_the_writer<J: Journal>(mut journal: J) {
    let reader = journal.reader();
    let done = std::sync::atomic::AtomicBool::new(false);
    let order = std::sync::atomic::Ordering::SeqCst;
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let mut seen = 0;
            while !done.load(order) {
                let entries = read(&reader, 1, 10_000);
                assert!(seen <= entries.len(), "what was there stays");
                seen = entries.len();
                for (no, it) in (1..).zip(&entries) {
                    assert_eq!(it.no().get(), no, "no gap");
                }
            }
        });
        for round in 0..60_usize {
            let group = made_up_group(journal.head(), round % 7, 100);
            append(&mut journal, &group);
            let head = journal.head().no;
            let last = read(&reader, head.max(1), 10);
            assert_eq!(last.last().map(|it| it.no().get()), Some(head).filter(|it| *it != 0));
        }
        done.store(true, order);
        reading.join().expect("the reader saw nothing wrong");
    });
}

fn append<J: Journal>(journal: &mut J, group: &[Sealed]) {
    let head = journal.head();
    let after = journal.append(head, group).expect("a group that follows is taken");
    assert_eq!(after, journal.head());
    let count = u64::try_from(group.len()).expect("a count");
    assert_eq!(after.no, head.no.saturating_add(count));
}

fn read(reader: &impl ReadJournal, from: u64, limit: usize) -> Vec<Sealed> {
    reader.read(EntryNo::new(from).expect("a number"), limit).expect("readable")
}
