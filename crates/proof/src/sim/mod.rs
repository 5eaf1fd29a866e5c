//! A bank whose disks are simulated: the service's own writer and ledger above an engine that
//! keeps the port's contract on two disks that fail as they are told.
//!
//! Every run is decided by its seed. It shows that writer, ledger and replay keep their promises
//! above any engine that keeps its own; that the real engine does, the recorder of power cuts,
//! kills and flips show.

mod disk;
mod gate;
mod journal;
mod life;
mod script;

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::{Context as _, ensure};
use lovebank_journal::{Head, Journal as _, ReadJournal as _, Sealed};
use lovebank_ledger::{EntryNo, RequestId, Seal, invariants};

use crate::{Random, Tally, promise::Lost};
use disk::{Disks, Fault};
use journal::SimJournal;
use script::Script;

/// Lives that a bank may need to come to the end of its script.
const LIVES_MAX: u32 = 40;
/// Faults of a random run, at most.
const FAULTS_MAX: usize = 4;

/// What a run has shown so far.
#[derive(Debug, Default)]
struct Known {
    /// Every entry that was ever handed to the engine, by its number.
    submitted: BTreeMap<u64, HashSet<Seal>>,
    /// What was acknowledged.
    acknowledged: BTreeMap<u64, (RequestId, Seal)>,
    /// What came of each command that has an answer.
    answers: HashMap<RequestId, Option<u64>>,
}

/// A crash after every single call of a script, once each; and what a run without any comes to.
pub fn every_call(seed: u64) -> anyhow::Result<Tally> {
    let mut tally = Tally::default();
    let script = Script::new(seed);
    let calls = one(&script, seed, &[], &mut tally)?;
    ensure!(100 < calls, "a script of {calls} calls shows little");
    for call in 0..calls {
        let faults = [(call, Fault::Crash)];
        one(&script, seed ^ call, &faults, &mut tally)
            .with_context(|| format!("crash after call {call} of {calls}, seed {seed:#x}"))?;
    }
    tally.add("calls of the script, a crash after each", calls);
    Ok(tally)
}

/// Crashes on disks that forget every sync: of so many, with seeds from `first` on, how many the
/// harness saw lose something acknowledged. By chance one may lose nothing.
pub fn losses_seen(first: u64, crashes: u64) -> usize {
    let seen = |seed: &u64| {
        let disks = Disks::new(*seed, &[(60, Fault::Crash)]).forgetful();
        let ended = until_the_end(&Script::new(*seed), &disks, &mut Tally::default());
        ended.is_err_and(|err| err.is::<Lost>())
    };
    (0..crashes).map(|it| first.wrapping_add(it)).filter(seen).count()
}

/// So many runs under random faults, each with its own seed from `first` on.
pub fn random(first: u64, runs: u64) -> anyhow::Result<Tally> {
    let mut tally = Tally::default();
    for seed in (0..runs).map(|it| first.wrapping_add(it)) {
        let mut random = Random::new(seed);
        let script = Script::new(random.number());
        let calls = one(&script, seed, &[], &mut Tally::default())?;
        let most = usize::try_from(calls)? * 2;
        let mut faults: Vec<(u64, Fault)> = Vec::new();
        for _ in 0..=random.below(FAULTS_MAX) {
            let call = u64::try_from(random.below(most))?;
            faults.push((call, Fault::any(&mut random, &faults)));
        }
        one(&script, seed, &faults, &mut tally)
            .with_context(|| format!("seed {seed:#x}: repeat with --seed {seed:#x} --runs 1"))?;
    }
    tally.add("runs", runs);
    Ok(tally)
}

/// Runs a script to its end, life after life; gives how many calls the disks had.
fn one(
    script: &Script,
    seed: u64,
    faults: &[(u64, Fault)],
    tally: &mut Tally,
) -> anyhow::Result<u64> {
    until_the_end(script, &Disks::new(seed, faults), tally)
}

fn until_the_end(script: &Script, disks: &Disks, tally: &mut Tally) -> anyhow::Result<u64> {
    let mut known = Known::default();
    for life in 0..LIVES_MAX {
        if let Ok(journal) = SimJournal::open(disks) {
            tally.count("openings");
            let entries = check(&journal, &known)?;
            if life::live(journal, script, &mut known)? {
                let calls = disks.calls();
                end(&entries, script, disks, &known)?;
                tally.add("lives", u64::from(life).saturating_add(1));
                disks.count(tally);
                return Ok(calls);
            }
        }
        // The power went, or a fault ended the process: what is not synced is left to chance.
        disks.power_off();
    }
    anyhow::bail!("it did not come to its end in {LIVES_MAX} lives")
}

/// acknowledged ⊆ recovered ⊆ submitted, without a gap, and the ledger is what they add up to.
fn check(journal: &SimJournal, known: &Known) -> anyhow::Result<Vec<Sealed>> {
    let entries = journal.reader().read(EntryNo::FIRST, usize::MAX)?;
    let mut head = Head::EMPTY;
    for it in &entries {
        head = head.after(it).with_context(|| format!("entry {}", it.no()))?;
        let of_no = known.submitted.get(&it.no().get());
        ensure!(of_no.is_some_and(|all| all.contains(&it.seal())), "{} from nowhere", it.no());
    }
    for (no, (request, seal)) in &known.acknowledged {
        let found = usize::try_from(*no - 1).ok().and_then(|at| entries.get(at));
        if found.is_none_or(|it| it.seal() != *seal) {
            let lost = Lost { no: *no, end: head.no };
            return Err(anyhow::Error::new(lost).context(format!("{request:?}")));
        }
    }
    if !entries.is_empty() {
        let replayed = lovebank::writer::replay(&journal.reader(), head.no, |_| ())?;
        let decoded = entries
            .iter()
            .map(|it| Ok((lovebank_journal::codec::decode(it.bytes())?, it.seal())))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let folded = decoded.iter().map(|(entry, seal)| (entry, *seal));
        let breaches = invariants::check(&replayed.ledger, folded);
        ensure!(breaches.is_empty(), "{breaches:?}");
    }
    Ok(entries)
}

/// At the end every command has its answer, and each that was done was done once.
fn end(before: &[Sealed], script: &Script, disks: &Disks, known: &Known) -> anyhow::Result<()> {
    disks.power_off();
    disks.heal();
    let journal = SimJournal::open(disks).map_err(|_| anyhow::anyhow!("a fault was left over"))?;
    let entries = check(&journal, known)?;
    ensure!(before.len() <= entries.len(), "it became shorter");
    let mut done: HashMap<RequestId, u64> = HashMap::new();
    for it in &entries {
        let entry = lovebank_journal::codec::decode(it.bytes())?;
        ensure!(done.insert(entry.request, it.no().get()).is_none(), "{} twice", it.no());
    }
    for it in script.commands() {
        let answer = known.answers.get(&it.request).context("every command has an answer")?;
        ensure!(done.get(&it.request).copied() == *answer, "{:?}: {answer:?}", it.command);
    }
    Ok(())
}
