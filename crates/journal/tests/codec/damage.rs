//! Bytes that are no entry: named for what is wrong with them, and never a panic.

use lovebank_journal::codec::{BadEntry, decode, encode, v1};
use proptest::{prelude::*, sample::Index};
use prost::Message as _;

use crate::{samples, strategies};

/// The error of one record's entry, changed in one way.
fn error(change: impl FnOnce(&mut v1::Entry)) -> BadEntry {
    let mut stored = v1::Entry::from(&samples::one_record());
    change(&mut stored);
    decode(&stored.encode_to_vec()).unwrap_err()
}

fn record_of(stored: &mut v1::Entry) -> &mut v1::NewRecord {
    match &mut stored.event {
        Some(v1::entry::Event::HoursRecorded(it)) => &mut it.records[0],
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn what_is_missing_is_named() {
    let missing = |field| BadEntry::Missing { field };
    assert_eq!(decode(&[]), Err(missing("Entry.no")));
    assert_eq!(error(|it| it.event = None), missing("Entry.event"));
    assert_eq!(error(|it| it.actor_no = 0), missing("Entry.actor_no"));
    assert_eq!(error(|it| it.previous_seal.clear()), missing("Entry.previous_seal"));
    assert_eq!(error(|it| it.postings[0].account = None), missing("Posting.account"));
    assert_eq!(error(|it| it.postings[0].kind = 0), missing("Posting.kind"));
    assert_eq!(error(|it| record_of(it).time = None), missing("NewRecord.time"));
    assert_eq!(error(|it| record_of(it).standing = None), missing("NewRecord.standing"));
    assert_eq!(error(|it| record_of(it).date = 0), missing("NewRecord.date"));
}

#[test]
fn what_cannot_stand_there_is_named() {
    let invalid = |field| BadEntry::Invalid { field };
    assert_eq!(error(|it| it.request_id.truncate(15)), invalid("Entry.request_id"));
    assert_eq!(error(|it| record_of(it).date = 20_260_229), invalid("NewRecord.date"));
    let no_time = |minutes| v1::Interval { start_minute: 1, minutes };
    for minutes in [0, 1441, u32::MAX] {
        let time = Some(v1::new_record::Time::Interval(no_time(minutes)));
        assert_eq!(error(|it| record_of(it).time = time), invalid("Interval.minutes"));
    }
    let grade = Some(v1::Evaluation { grade: 6, date: 20_260_301 });
    assert_eq!(error(|it| record_of(it).evaluation = grade), invalid("Evaluation.grade"));
    let renamed = |name: &str| {
        let event = v1::BranchRenamed { branch_no: 1, name: name.to_owned() };
        error(|it| it.event = Some(v1::entry::Event::BranchRenamed(event)))
    };
    assert_eq!(renamed(" 南湾"), invalid("BranchRenamed.name"));
    assert_eq!(renamed(&"湾".repeat(65)), invalid("BranchRenamed.name"));
}

/// The error of an order of one, whose row was changed in one way.
fn error_of_row(change: impl FnOnce(&mut v1::Ranked)) -> BadEntry {
    let mut stored = v1::Entry::from(&samples::order(1, 4));
    let Some(v1::entry::Event::Reward(v1::RewardEvent { event: Some(event) })) = &mut stored.event
    else {
        unreachable!()
    };
    let v1::reward_event::Event::WindowClosed(it) = event else { unreachable!() };
    change(&mut it.ranked[0]);
    decode(&stored.encode_to_vec()).unwrap_err()
}

#[test]
fn a_wrong_row_of_an_order_is_named() {
    use v1::{ranked_input::Value as Input, ranked_score::Value as Score};
    let missing = |field| BadEntry::Missing { field };
    let invalid = |field| BadEntry::Invalid { field };
    assert_eq!(error_of_row(|it| it.no = 0), missing("Ranked.no"));
    assert_eq!(error_of_row(|it| it.inputs[0].value = None), missing("RankedInput.value"));
    assert_eq!(error_of_row(|it| it.inputs[0].variable = 256), invalid("RankedInput.variable"));
    // Not as this version writes them: no digits, more than are kept, an int.
    for wrong in ["", "x", "+1.5", "01.5", "1_0.5", ".5", "1e2", "0.00000000000000000000000000001"]
    {
        let input = Some(Input::DecimalValue(wrong.to_owned()));
        let found = error_of_row(|it| it.inputs[0].value = input);
        assert_eq!(found, invalid("RankedInput.decimal_value"), "{wrong}");
    }
    for wrong in ["", "1.5 ", "7", "-0"] {
        let score = Some(Score::DecimalValue(wrong.to_owned()));
        let found = error_of_row(|it| it.scores[0].value = score);
        assert_eq!(found, invalid("RankedScore.decimal_value"), "{wrong}");
    }
}

#[test]
fn what_a_later_version_wrote_is_refused() {
    let unknown = BadEntry::Unknown { field: "NewRecord.provenance", value: 99 };
    assert_eq!(error(|it| record_of(it).provenance = 99), unknown);

    let known = encode(&samples::one_record());
    // Field 15, a varint: 1.
    let later = [known.as_slice(), &[0x78, 1]].concat();
    let surplus = BadEntry::Surplus { bytes: later.len(), known: known.len() };
    assert_eq!(decode(&later), Err(surplus));
}

#[test]
fn every_shorter_part_of_an_entry_is_refused() {
    for (name, entry) in samples::all() {
        let bytes = encode(&entry);
        for len in 0..bytes.len() {
            assert!(decode(&bytes[..len]).is_err(), "{name}, {len} bytes");
        }
    }
}

/// What was read from any bytes is written in as many, and reads back.
fn holds(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(entry) = decode(bytes) {
        let again = encode(&entry);
        prop_assert_eq!(again.len(), bytes.len());
        prop_assert_eq!(decode(&again), Ok(entry));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn any_bytes_are_an_entry_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        holds(&bytes)?;
    }

    #[test]
    fn changed_bytes_are_an_entry_or_an_error(
        entry in strategies::entry(),
        changes in prop::collection::vec((any::<Index>(), any::<u8>(), 0..3), 1..4),
    ) {
        let mut bytes = encode(&entry);
        for (at, byte, how) in changes {
            let at = at.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match how {
                0 => bytes[at] ^= byte | 1,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
            holds(&bytes)?;
        }
    }
}
