//! From files to a journal that adds up to the same bank.
#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use lovebank_backup::{Files, NotRestored, Restored, journal_entries, restore};
use lovebank_journal::{Head, Journal as _, MemoryJournal, ReadJournal as _, Sealed, codec};
use lovebank_ledger::{
    BranchName, Command, DEFAULT_RULEBOOK, EntryNo, Founding, Handle, PassbookNo, Rulebook,
    TokenHash,
};
use lovebank_testkit::{Bank, Town, timestamp, volunteer_id, zone};
use support::Shelf;

/// A bank of real entries: people come, one is erased, more come.
fn town() -> Town {
    let founding = Founding {
        name: BranchName::new("爱心银行").unwrap(),
        zone: zone(),
        rulebook: Rulebook::parse(DEFAULT_RULEBOOK).unwrap(),
        operator: Handle::new("operator").unwrap(),
        token: TokenHash::new([0; 32]),
    };
    let now = timestamp("2026-01-01 00:00");
    let mut town = Town::within(Bank::founded(&founding, now, |it| codec::seal(it).seal()));
    town.volunteer("甲", "N1");
    town.volunteer("乙", "N1");
    let erase = Command::ErasePerson { volunteer: Town::volunteer_ref("甲") };
    town.ask_as(None, &erase).unwrap();
    town.volunteer("丙", "N2");
    town
}

fn stored(bank: &Bank) -> Vec<Sealed> {
    bank.journal().iter().map(|(entry, _)| codec::seal(entry)).collect()
}

fn from(files: &Files, to: Option<u64>) -> (Result<Restored, NotRestored>, MemoryJournal) {
    let mut journal = MemoryJournal::default();
    let entries = files.entries().map(|it| it.map_err(NotRestored::from));
    let to = to.map(|it| EntryNo::new(it).unwrap());
    (restore(entries, &mut journal, to, |_| ()), journal)
}

#[test]
fn the_restored_bank_is_the_bank_to_the_head_and_to_every_entry() {
    let (shelf, town) = (Shelf::new(), town());
    let all = stored(&town);
    let full = shelf.write("full", None, &all[..4]);
    let increment = shelf.write("increment", Some(&full), &all[4..]);
    let files = Files::open(&[full.path().into(), increment.path().into()]).unwrap();
    let (restored, journal) = from(&files, None);
    let restored = restored.unwrap();
    assert_eq!(restored.ledger, *town.ledger());
    assert_eq!((restored.head, restored.head), (journal.head(), files.last()));
    assert_eq!(journal.reader().read(EntryNo::FIRST, 1000).unwrap(), all);
    for (no, it) in (1..).zip(&all) {
        let (restored, journal) = from(&files, Some(no));
        let restored = restored.unwrap();
        assert_eq!(journal.head(), Head { no, seal: it.seal() });
        assert_eq!(restored.ledger.seal(), it.seal());
    }
    let (beyond, _) = from(&files, Some(1000));
    let last = files.last().no;
    assert!(matches!(beyond, Err(NotRestored::Beyond { asked: 1000, last: it }) if it == last));
}

#[test]
fn who_is_erased_after_the_restored_entry_is_told() {
    let (shelf, town) = (Shelf::new(), town());
    let all = stored(&town);
    let full = shelf.write("full", None, &all);
    let files = Files::open(&[full.path().into()]).unwrap();
    let erased = u64::try_from(all.len()).unwrap().checked_sub(1).unwrap();
    let first = volunteer_id(1);
    let before = from(&files, erased.checked_sub(1)).0.unwrap();
    assert_eq!(before.erased_later.iter().copied().collect::<Vec<_>>(), [first]);
    assert!(before.ledger.volunteer(PassbookNo::FIRST).unwrap().tag.is_some());
    let after = from(&files, Some(erased)).0.unwrap();
    assert!(after.erased_later.is_empty(), "the journal says it itself");
    assert!(after.ledger.volunteer(PassbookNo::FIRST).unwrap().tag.is_none());
    // Before anyone came, nobody is known who could be erased.
    assert!(from(&files, Some(1)).0.unwrap().erased_later.is_empty());
}

#[test]
fn only_an_empty_journal_is_restored_into() {
    let (shelf, town) = (Shelf::new(), town());
    let full = shelf.write("full", None, &stored(&town));
    let files = Files::open(&[full.path().into()]).unwrap();
    let (_, mut journal) = from(&files, None);
    let entries = files.entries().map(|it| it.map_err(NotRestored::from));
    let refused = restore(entries, &mut journal, None, |_| ()).unwrap_err();
    assert!(matches!(refused, NotRestored::NotEmpty(no) if no == files.last().no));
}

#[test]
fn a_journal_moves_by_the_same_walk() {
    let town = town();
    let all = stored(&town);
    let mut old = MemoryJournal::default();
    old.append(Head::EMPTY, &all).unwrap();
    let mut new = MemoryJournal::default();
    let reader = old.reader();
    let moved = restore(journal_entries(&reader), &mut new, None, |_| ()).unwrap();
    assert_eq!((moved.head, new.head()), (old.head(), old.head()));
    assert_eq!(moved.ledger, *town.ledger());
}

#[test]
fn entries_that_are_chained_and_mean_nothing_are_refused() {
    let shelf = Shelf::new();
    let made_up = lovebank_journal::chain::made_up_group(Head::EMPTY, 2, 10);
    let full = shelf.write("full", None, &made_up);
    let files = Files::open(&[full.path().into()]).unwrap();
    let (refused, _) = from(&files, None);
    assert!(matches!(refused, Err(NotRestored::Entry { no: 1, .. })), "{refused:?}");
}
