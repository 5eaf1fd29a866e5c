//! What is written reads back, exactly.

use lovebank_journal::codec::{decode, encode};
use proptest::prelude::*;

use crate::strategies;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn every_entry_reads_back_as_it_was(entry in strategies::entry()) {
        let bytes = encode(&entry);
        prop_assert_eq!(decode(&bytes), Ok(entry));
    }
}
