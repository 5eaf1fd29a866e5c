//! What is written reads back, exactly.

use lovebank_formula::{Formula, Value};
use lovebank_journal::codec::{decode, encode};
use lovebank_ledger::{Event, RewardEvent, priority::VARIABLES};
use proptest::prelude::*;

use crate::{samples, strategies};

#[test]
fn a_zero_below_zero_reads_back() {
    let score = Formula::score("-0.0", VARIABLES).unwrap().number(&|_| Value::Int(0));
    assert_eq!(score.unwrap().to_string(), "-0.0");
    let mut entry = samples::order(1, 1);
    let Event::Reward(RewardEvent::WindowClosed(order)) = &mut entry.event else { unreachable!() };
    order.ranked[0].scores = vec![score];
    assert_eq!(decode(&encode(&entry)), Ok(entry));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn every_entry_reads_back_as_it_was(entry in strategies::entry()) {
        let bytes = encode(&entry);
        let read = decode(&bytes);
        prop_assert_eq!(read.as_ref(), Ok(&entry));
        // Decimals of other scale or sign are equal: only the bytes tell 1.50 from 1.5.
        prop_assert_eq!(read.map(|it| encode(&it)), Ok(bytes));
    }
}
