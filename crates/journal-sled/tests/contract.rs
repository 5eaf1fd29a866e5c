//! The suite that every engine passes.

mod support;

use lovebank_journal::contract::{holds, survives};
use support::Bank;

#[test]
fn the_contract_holds_on_one_copy() {
    let mut banks = Vec::new();
    holds(|| {
        banks.push(Bank::single());
        banks.last().expect("just made").open()
    });
}

#[test]
fn the_contract_holds_on_two_copies() {
    let mut banks = Vec::new();
    holds(|| {
        banks.push(Bank::mirrored());
        banks.last().expect("just made").open()
    });
}

#[test]
fn entries_survive_on_one_copy_and_on_two() {
    for bank in [Bank::single(), Bank::mirrored()] {
        survives(bank.open(), |journal| {
            drop(journal);
            let (journal, report) = bank.try_open().expect("it opens again");
            assert_eq!(report.findings, [], "{report}");
            journal
        });
    }
}
