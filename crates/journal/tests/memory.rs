//! The reference engine against the contract.

use lovebank_journal::{MemoryJournal, contract};

#[test]
fn memory_holds_the_contract() {
    contract::holds(MemoryJournal::default);
}
