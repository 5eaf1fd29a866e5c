//! Sheets that are undone in several parts, between which two numbers become one person.

use lovebank_ledger::{
    ActivityName, BatchKey, Command, Event, ImportHours, ImportPart, ImportRow, Minutes, Refusal,
    RowService, Span, UNDO_MAX,
};
use lovebank_testkit::{Town, day};

use crate::street::{Street, no};

const KEY: BatchKey = BatchKey::new([1; 32]);

/// So many totals of one volunteer, each at an activity of its own.
fn part(key: BatchKey, (part, last): (u32, bool), who: u64, count: usize) -> Command {
    let row = |at: usize| ImportRow {
        line: part * 1000 + u32::try_from(at).unwrap(),
        volunteer: Town::volunteer_ref(&who.to_string()),
        name: ActivityName::new(&format!("活动{at}")).unwrap(),
        category: None,
        place: None,
        service: RowService::Total(Minutes::new(30)),
    };
    Command::ImportHours(ImportHours {
        part: ImportPart { batch: key, part, last, file: None },
        branch: Town::code("N1"),
        opening: false,
        span: Some(Span::new(day("2025-01-01"), day("2025-12-31")).unwrap()),
        rows: (1..=count).map(row).collect(),
    })
}

/// Undoes a part; whether it was the last.
fn undo(street: &mut Street) -> Result<bool, Refusal> {
    let undo = Command::UndoImport { batch: KEY, debts: false };
    let event = street.ask(street.approver, &undo)?;
    let Event::ImportUndone { last, .. } = event else { panic!("{event:?}") };
    Ok(last)
}

#[test]
fn who_became_one_between_two_parts_of_an_undo_is_seen_before_the_next() {
    let mut street = Street::new();
    // Three parts: no two volunteers go into one entry.
    for (at, (who, count)) in [(1, UNDO_MAX), (2, UNDO_MAX), (3, 1)].into_iter().enumerate() {
        let place = (u32::try_from(at).unwrap(), who == 3);
        street.ask(street.other, &part(KEY, place, who, count)).unwrap();
    }
    street.ask(street.other, &part(BatchKey::new([2; 32]), (0, true), 4, 1)).unwrap();
    let last = street.town.ledger().record_count();
    let last = lovebank_ledger::RecordNo::new(u64::try_from(last).unwrap()).unwrap();
    street.reverse(last).unwrap();

    assert_eq!(undo(&mut street), Ok(false));
    let merge = street.merged(4, 3);
    let before = street.has(2);
    let (passbook, other) = (no(3), no(4));
    assert_eq!(undo(&mut street), Err(Refusal::MergedSince { passbook, other }));
    assert_eq!((street.has(2), before.0), (before, 30 * 1000), "nothing more of it was undone");
    street.undo(merge).unwrap();
    assert_eq!((undo(&mut street), undo(&mut street)), (Ok(false), Ok(true)));
    assert_eq!((street.has(2), street.has(3)), ((0, 0), (0, 0)));
}
