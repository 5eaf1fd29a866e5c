//! Runs the harnesses: `lovebank-proof all` is the full version of what `cargo test` runs in part.
#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::{path::PathBuf, time::Instant};

use clap::{Parser, Subcommand};
use lovebank_proof::{Tally, cut, flip, fuzz, kill, promise, sim};

/// Shows that what a Love Bank acknowledged is there, whatever the machine does.
///
/// Example: cargo run --release -p lovebank-proof -- all
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where chance begins; a failure names it, and it fails again
    #[arg(long, global = true, default_value = "0x5eed", value_parser = seed)]
    seed: u64,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Clone, Subcommand)]
enum What {
    /// Everything, in full
    All,
    /// A bank on simulated disks: a crash after every call of scripts, then random faults
    Simulate {
        /// Scripts with a crash after every call
        #[arg(long, default_value_t = 5)]
        scripts: u64,
        /// Runs with random faults, each with its own seed
        #[arg(long, default_value_t = 5_000)]
        runs: u64,
    },
    /// Power cuts: the system calls of a run are recorded, and cut at any moment
    Cut {
        /// How often
        #[arg(long, default_value_t = 1_000)]
        cuts: u64,
    },
    /// `kill -9` of a writer at any moment
    Kill {
        /// How often
        #[arg(long, default_value_t = 500)]
        rounds: u64,
    },
    /// Bits that flip in one copy or in both
    Flip {
        /// How often
        #[arg(long, default_value_t = 2_000)]
        rounds: u64,
    },
    /// What strangers send, mutated
    Fuzz {
        /// Mutations of each target
        #[arg(long, default_value_t = 1_000_000)]
        mutations: u64,
    },
    /// Lays out what `cargo fuzz` begins with: the inputs of each target, and words
    Seeds {
        /// Where its `corpus` lies
        #[arg(long, default_value = "crates/proof/fuzz")]
        dir: PathBuf,
    },
    /// Appends to a journal and says after each group how far it came
    #[command(hide = true)]
    Write {
        #[arg(long)]
        dir: PathBuf,
        #[arg(long)]
        groups: usize,
    },
}

fn seed(text: &str) -> Result<u64, String> {
    let hex = text.strip_prefix("0x");
    let parsed = hex.map_or_else(|| text.parse(), |it| u64::from_str_radix(it, 16));
    parsed.map_err(|err| format!("{err}: give a number, as 24301 or 0x5eed"))
}

fn main() -> anyhow::Result<()> {
    let Arguments { seed, what } = Arguments::parse();
    run(what, seed)
}

fn run(what: What, seed: u64) -> anyhow::Result<()> {
    let exe = std::env::current_exe()?;
    match what {
        What::All => {
            // The defaults of each.
            for it in ["simulate", "cut", "kill", "flip", "fuzz"] {
                run(Arguments::try_parse_from(["lovebank-proof", it])?.what, seed)?;
            }
            Ok(())
        }
        What::Simulate { scripts, runs } => {
            for script in 0..scripts {
                let seed = seed.wrapping_add(script);
                told("a crash after every call", seed, || sim::every_call(seed))?;
            }
            told("random faults", seed, || sim::random(seed, runs))
        }
        What::Cut { cuts } => told("power cuts", seed, || cut::run(&exe, cuts, seed)),
        What::Kill { rounds } => told("kill -9", seed, || kill::run(&exe, rounds, seed)),
        What::Flip { rounds } => told("flipped bits", seed, || flip::run(rounds, seed)),
        What::Fuzz { mutations } => {
            let mut targets = fuzz::TARGETS.into_iter();
            targets.try_for_each(|it| told(it.name, seed, || fuzz::run(it, mutations, seed)))
        }
        What::Seeds { dir } => {
            println!("{}", fuzz::lay_out(&dir)?);
            Ok(())
        }
        What::Write { dir, groups } => promise::write(&dir, groups),
    }
}

fn told(what: &str, seed: u64, work: impl FnOnce() -> anyhow::Result<Tally>) -> anyhow::Result<()> {
    println!("{what}, seed {seed:#x}");
    let begun = Instant::now();
    let tally = work()?;
    println!("{tally}{:>8}  s\n", begun.elapsed().as_secs());
    Ok(())
}
