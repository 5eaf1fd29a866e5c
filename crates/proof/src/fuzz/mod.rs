//! What strangers send, mutated without end: nothing of it may panic, and what is taken must be
//! what it says. Each target is a function of bytes.

mod panics;
mod targets;

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};

use crate::{Random, Tally};
pub use targets::{cel, entry, importers, page_token, workbook};

/// Mutations of one input, at most.
const MUTATIONS_MAX: usize = 8;
/// The longest input.
const BYTES_MAX: usize = 64 * 1024;

/// Something that takes what strangers send.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// Takes an input; panics where a promise is broken. Whether the input was in order.
    pub take: fn(&[u8]) -> bool,
    /// Directories of the tree, and how the names of its inputs there end.
    corpus: &'static [(&'static str, &'static str)],
}

/// Every target.
pub const TARGETS: [Target; 5] = [
    Target {
        name: "entry",
        take: entry,
        corpus: &[("crates/journal/tests/golden", ".hex"), ("crates/proof/corpus/entry", "")],
    },
    Target { name: "page-token", take: page_token, corpus: &[("crates/proof/corpus/token", "")] },
    Target {
        name: "importers",
        take: importers,
        corpus: &[("crates/admin/tests/fixtures", ".csv"), ("crates/proof/corpus/sheet", "")],
    },
    Target { name: "workbook", take: workbook, corpus: &[("crates/proof/corpus/workbook", "")] },
    Target {
        name: "cel",
        take: cel,
        corpus: &[
            ("crates/ledger/src", "rulebook.toml"),
            ("deploy", "awards.toml"),
            ("crates/proof/corpus/cel", ""),
        ],
    },
];

/// Writes for each target what fuzzing that is guided by coverage begins with: `corpus/TARGET`, and
/// the words in `words`. A directory that is there keeps what was found in it.
pub fn lay_out(dir: &Path) -> anyhow::Result<Tally> {
    let mut tally = Tally::default();
    for target in TARGETS {
        let into = dir.join("corpus").join(target.name);
        fs::create_dir_all(&into).with_context(|| into.display().to_string())?;
        for (path, input) in corpus(target)? {
            let name = path.file_name().context("a file has a name")?;
            fs::write(into.join(name), input)?;
            tally.count("inputs");
        }
    }
    let escaped = |it: &u8| format!("\\x{it:02x}");
    let word =
        |it: &&[u8]| format!("\"{}\"\n", it.iter().map(escaped).collect::<Vec<_>>().concat());
    let words: Vec<String> = targets::WORDS.iter().map(word).collect();
    fs::write(dir.join("words"), words.concat())?;
    tally.add("words", u64::try_from(targets::WORDS.len())?);
    Ok(tally)
}

/// Gives a target its corpus as it stands, then so many mutations of it.
pub fn run(target: Target, mutations: u64, seed: u64) -> anyhow::Result<Tally> {
    let (mut tally, mut random) = (Tally::default(), Random::new(seed));
    let corpus = corpus(target)?;
    let mut in_order = 0;
    for (path, input) in &corpus {
        let taken = take(target, input).with_context(|| path.display().to_string())?;
        in_order += u64::from(taken);
    }
    ensure!(0 < in_order, "of {} nothing is in order: it shows little", target.name);
    tally.add("inputs of the corpus", u64::try_from(corpus.len())?);
    tally.add("of them in order", in_order);
    for round in 0..mutations {
        let input = mutated(&corpus, &mut random);
        let taken = take(target, &input)
            .with_context(|| format!("{}, mutation {round} of seed {seed:#x}", target.name))?;
        tally.count(if taken { "mutations in order" } else { "mutations refused" });
    }
    Ok(tally)
}

fn take(target: Target, input: &[u8]) -> anyhow::Result<bool> {
    match catch_unwind(AssertUnwindSafe(|| (target.take)(input))) {
        Ok(taken) => Ok(taken),
        Err(_) => bail!("it panics on {:?}", String::from_utf8_lossy(input)),
    }
}

/// Every input of the corpus, in the order of their names.
fn corpus(target: Target) -> anyhow::Result<Vec<(PathBuf, Vec<u8>)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    for (dir, ending) in target.corpus {
        let dir = root.join(dir);
        for it in fs::read_dir(&dir).with_context(|| dir.display().to_string())? {
            let path = it?.path();
            if path.is_file() && path.to_string_lossy().ends_with(ending) {
                let bytes = fs::read(&path)?;
                let hex = *ending == ".hex";
                found.push((path, if hex { unhexed(&bytes)? } else { bytes }));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn unhexed(text: &[u8]) -> anyhow::Result<Vec<u8>> {
    let digits: Vec<u8> = text.iter().copied().filter(u8::is_ascii_hexdigit).collect();
    let byte = |it: &[u8]| Ok(u8::from_str_radix(std::str::from_utf8(it)?, 16)?);
    digits.chunks(2).map(byte).collect()
}

/// An input, changed here and there.
fn mutated(corpus: &[(PathBuf, Vec<u8>)], random: &mut Random) -> Vec<u8> {
    let mut input = corpus[random.below(corpus.len())].1.clone();
    for _ in 0..=random.below(MUTATIONS_MAX) {
        mutate(&mut input, corpus, random);
    }
    input.truncate(BYTES_MAX);
    input
}

fn mutate(input: &mut Vec<u8>, corpus: &[(PathBuf, Vec<u8>)], random: &mut Random) {
    let (at, end) = range(input.len(), random);
    match random.below(7) {
        0 if at < input.len() => input[at] ^= 1 << random.below(8),
        1 if at < input.len() => input[at] = u8::try_from(random.below(256)).unwrap_or_default(),
        2 => {
            input.drain(at..end);
        }
        3 => {
            let again = input[at..end].to_vec();
            input.splice(at..at, again);
        }
        4 => {
            let other = &corpus[random.below(corpus.len())].1;
            let (from, to) = range(other.len(), random);
            input.splice(at..end, other[from..to].iter().copied());
        }
        5 => {
            let word = targets::WORDS[random.below(targets::WORDS.len())];
            input.splice(at..at, word.iter().copied());
        }
        _ => input.truncate(at),
    }
}

/// A range within a length; most are short.
fn range(length: usize, random: &mut Random) -> (usize, usize) {
    let at = random.below(length + 1);
    let most = if random.once_in(4) { length } else { 16 };
    (at, (at + random.below(most + 1)).min(length))
}
