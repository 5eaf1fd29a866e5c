//! Entries stay small: what a volunteer serves in a lifetime fits in a few kilobytes.

use lovebank_journal::{ENTRY_BYTES_MAX, codec::encode};
use lovebank_ledger::{
    About, BatchKey, Entry, Event, ImportPart, LineNo, NewRecord, Posting, QUEUE_MAX, RecordNo,
    RowOutcome, RowVerdict, priority::KEYS_MAX,
};

use crate::samples;

#[test]
fn one_record_takes_two_hundred_bytes() {
    let len = encode(&samples::one_record()).len();
    assert!(len <= 200, "{len}");
}

#[test]
fn a_row_of_a_sheet_takes_ninety_bytes() {
    let len = encode(&sheet(256)).len();
    assert!(len <= 90 * 256, "{len}");
}

/// A record for every row, and the one entry against them all.
fn sheet(rows: u32) -> Entry {
    let one = samples::one_record();
    let Event::HoursRecorded { records, .. } = &one.event else { unreachable!() };
    let (record, line, contra) = (records[0], one.postings[0].clone(), one.postings[1].clone());
    let no = |row: u32| RecordNo::new(record.no.get() + u64::from(row)).unwrap();
    let outcome = |row| {
        let record = NewRecord { no: no(row), index: row, ..record };
        RowOutcome { line: row, verdict: RowVerdict::New(record) }
    };
    let lines = (1..=rows).map(|row| Posting {
        line: line.line.map(LineNo::next),
        about: Some(About::Record(no(row))),
        ..line.clone()
    });
    let event = Event::HoursImported {
        import: ImportPart { batch: BatchKey::new([0xba; 32]), part: 0, last: false, file: None },
        activities: Vec::new(),
        rows: (1..=rows).map(outcome).collect(),
    };
    Entry { event, postings: lines.chain([contra]).collect(), ..one }
}

#[test]
fn an_order_of_ten_thousand_fits_in_one_entry_at_its_worst() {
    // Six inputs and four scores a row.
    let usual = samples::order(QUEUE_MAX, 4);
    let len = encode(&usual).len();
    assert!(len <= 100 * QUEUE_MAX, "{len}");
    let worst = samples::order(QUEUE_MAX, KEYS_MAX);
    let len = encode(&worst).len();
    assert!(len <= ENTRY_BYTES_MAX, "{len}");
}
