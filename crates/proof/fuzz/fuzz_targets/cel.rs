//! The target `cel` of `lovebank_proof::fuzz`, guided by coverage.
#![no_main]

libfuzzer_sys::fuzz_target!(|input| {
    lovebank_proof::fuzz::cel(input);
});
