//! What came of the rounds of a harness.

use std::{collections::BTreeMap, fmt};

/// Outcomes, counted.
#[derive(Debug, Default)]
pub struct Tally(BTreeMap<&'static str, u64>);

impl Tally {
    /// One more of an outcome.
    pub fn count(&mut self, outcome: &'static str) {
        self.add(outcome, 1);
    }

    /// So many more of an outcome.
    pub fn add(&mut self, outcome: &'static str, times: u64) {
        let counted = self.0.entry(outcome).or_default();
        *counted = counted.saturating_add(times);
    }

    /// How often there was an outcome.
    pub fn of(&self, outcome: &str) -> u64 {
        self.0.get(outcome).copied().unwrap_or_default()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(outcome, times)| writeln!(f, "{times:>8}  {outcome}"))
    }
}
