//! Merges that nobody decided: entries that were written into the journal.

use lovebank_ledger::{Entry, Event, MergeCommand, MergeEvent, MergeNo, NewMerge, Reason};
use lovebank_testkit::counter_seal;

use crate::street::{Street, no};

const FIRST: MergeNo = MergeNo::FIRST;

/// An entry with nothing but some event, after all that is there.
fn forged(street: &mut Street, event: MergeEvent) -> Entry {
    let request = street.town.fresh_request();
    let (last, seal) = street.town.journal().last().cloned().unwrap();
    let (no, recorded_at) = (last.no.next(), last.recorded_at.next());
    let (event, postings) = (Event::Merge(event), Vec::new());
    Entry { no, recorded_at, previous: seal, request, event, postings, ..last }
}

/// What posting says of it.
fn posted(street: &mut Street, event: MergeEvent) -> Result<(), &'static str> {
    let entry = forged(street, event);
    let seal = counter_seal(&entry);
    street.town.ledger().above().post(&entry, seal).map_err(|it| it.what)
}

fn write(street: &mut Street, event: MergeEvent) {
    let entry = forged(street, event);
    street.town.post(entry);
}

fn proposed(merge: MergeNo, from: u64, into: u64) -> MergeEvent {
    MergeEvent::MergeProposed(NewMerge { no: merge, from: no(from), into: no(into) })
}

#[test]
fn nobody_is_merged_into_themselves() {
    let mut street = Street::new();
    assert_eq!(posted(&mut street, proposed(FIRST, 1, 2)), Ok(()));
    let itself = posted(&mut street, proposed(FIRST, 1, 1));
    assert_eq!(itself, Err("a passbook is not merged into itself"));
}

#[test]
fn numbers_do_not_go_round() {
    let mut street = Street::new();
    let (there, back, on) = (street.propose(1, 2).unwrap(), FIRST.next(), FIRST.next().next());
    let confirm = |merge| MergeCommand::ConfirmMerge { merge };
    // Two proposals about one number wait only in a journal that was written to.
    write(&mut street, proposed(back, 2, 1));
    write(&mut street, proposed(on, 1, 3));
    street.merge(street.approver, confirm(there)).unwrap();
    for merge in [back, on] {
        let forged = posted(&mut street, MergeEvent::MergeConfirmed { merge });
        assert_eq!(forged, Err("a passbook that it merges is another's already"));
    }
}

#[test]
fn a_merge_goes_from_state_to_state_as_it_may() {
    let mut street = Street::new();
    let merge = street.propose(1, 2).unwrap();
    let reason = Reason::Other;
    let confirmed = MergeEvent::MergeConfirmed { merge };
    let refused = MergeEvent::MergeRefused { merge, reason };
    let undo_proposed = MergeEvent::MergeUndoProposed { merge };
    let undo_refused = MergeEvent::MergeUndoRefused { merge, reason };
    let undone = MergeEvent::MergeUndone { merge };
    let all = [confirmed, refused, undo_proposed, undo_refused, undone];
    let fits = |street: &mut Street, may: &[usize]| {
        for (place, event) in all.iter().enumerate() {
            let fits = posted(street, event.clone());
            let wanted = if may.contains(&place) {
                Ok(())
            } else {
                Err("a merge is not in the state that it leaves")
            };
            assert_eq!(fits, wanted, "{event:?}");
        }
    };
    fits(&mut street, &[0, 1]);
    write(&mut street, all[0].clone());
    fits(&mut street, &[2]);
    write(&mut street, all[2].clone());
    fits(&mut street, &[3, 4]);
    write(&mut street, all[4].clone());
    fits(&mut street, &[]);
}

#[test]
fn what_an_old_number_still_has_is_found() {
    let mut street = Street::new();
    let record = street.serve(3, "2026-03-01 09:00", 120);
    street.give(3, 1, 50).unwrap();
    street.reverse(record).unwrap();
    // One has only points, and three only a debt of them.
    for (merge, from) in [(FIRST, 1), (FIRST.next(), 3)] {
        write(&mut street, proposed(merge, from, 2));
        write(&mut street, MergeEvent::MergeConfirmed { merge });
    }
    let found: Vec<_> = street.town.breaches().into_iter().map(|it| it.what).collect();
    for from in [1, 3] {
        let said = format!("passbook {from} is 2's, and still has something");
        assert!(found.iter().any(|it| it.contains(&said)), "{found:?}");
    }
}
