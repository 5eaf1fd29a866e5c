//! The target `workbook` of `lovebank_proof::fuzz`, guided by coverage.
#![no_main]

libfuzzer_sys::fuzz_target!(
    // A panic of the library that reads workbooks is caught, so that a hook must not end the process.
    init: drop(std::panic::take_hook()),
    |input| {
        lovebank_proof::fuzz::workbook(input);
    }
);
