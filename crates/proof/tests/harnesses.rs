//! A part of every harness, in each run of the tests; `lovebank-proof all` runs them in full.
#![expect(clippy::print_stdout, reason = "seeds and figures are told")]

use std::{
    fs,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use lovebank_proof::{Tally, cut, flip, fuzz, kill, sim};

const SEED: u64 = 0x10fe;

/// A process that is just being made has the open files of this one, locks included, until it
/// begins: none is made while another harness closes a bank and opens it again.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn exe() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_lovebank-proof"))
}

fn shown(tally: anyhow::Result<Tally>) -> Tally {
    println!("seed {SEED:#x}");
    let tally = tally.unwrap_or_else(|err| panic!("{err:#}"));
    println!("{tally}");
    tally
}

#[test]
fn a_crash_after_every_call_loses_nothing() {
    let tally = shown(sim::every_call(SEED));
    let calls = tally.of("calls of the script, a crash after each");
    assert_eq!(tally.of("faults: the power went"), calls, "each call had its crash");
}

#[test]
fn faults_of_every_kind_lose_nothing() {
    let tally = shown(sim::random(SEED, 60));
    for fault in [
        "faults: the power went",
        "faults: EIO",
        "faults: ENOSPC",
        "faults: a read or write that was short",
        "faults: bits flipped while the power was off",
    ] {
        assert!(0 < tally.of(fault), "{fault}");
    }
}

#[test]
fn power_cuts_lose_nothing() {
    let _alone = alone();
    let tally = shown(cut::run(exe(), 200, SEED));
    assert_eq!(tally.of("cuts"), 200);
    assert!(0 < tally.of("a copy was caught up"), "some cuts fell between the copies");
}

#[test]
fn a_loss_is_seen() {
    let _alone = alone();
    let crashes = sim::losses_seen(SEED, 20);
    let cuts = cut::losses_seen(exe(), 20, SEED).unwrap_or_else(|err| panic!("{err:#}"));
    println!("on disks that forget, of 20 each: seen after {crashes} crashes, {cuts} cuts");
    assert!(10 < crashes && 5 < cuts);
}

#[test]
fn kill_9_loses_nothing() {
    let _alone = alone();
    shown(kill::run(exe(), 200, SEED));
}

#[test]
fn flipped_bits_are_healed_or_told() {
    let _alone = alone();
    let tally = shown(flip::run(500, SEED));
    assert!(20 < tally.of("one copy hit: healed from the other"));
    assert!(0 < tally.of("both hit: refused, with advice"));
}

#[test]
fn what_strangers_send_is_taken_or_refused() {
    for target in fuzz::TARGETS {
        println!("{}", target.name);
        let tally = shown(fuzz::run(target, 2_000, SEED));
        assert!(0 < tally.of("mutations refused"), "{}", target.name);
    }
}

#[test]
fn what_is_fuzzed_is_fuzzed_by_coverage_too() {
    let dir = tempfile::tempdir().unwrap();
    shown(fuzz::lay_out(dir.path()));
    let there = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = fs::read_to_string(there.join("Cargo.toml")).unwrap();
    for fuzz::Target { name, .. } in fuzz::TARGETS {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is in the manifest");
        let called = name.replace('-', "_");
        let target = there.join(format!("fuzz_targets/{called}.rs"));
        assert!(fs::read_to_string(target).unwrap().contains(&format!("fuzz::{called}(input)")));
        let seeds = fs::read_dir(dir.path().join("corpus").join(name)).unwrap();
        assert!(0 < seeds.count(), "{name} begins with something");
    }
    assert!(fs::read_to_string(dir.path().join("words")).unwrap().contains("\"\\x26\\x26\"\n"));
}
