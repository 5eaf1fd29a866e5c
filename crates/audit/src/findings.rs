//! Findings as they come: bounded, and each told once.

use std::{cmp::Reverse, collections::BTreeMap};

use crate::{Finding, What};

/// The most findings of a code that are listed.
pub const OF_A_CODE_MAX: usize = 20;

/// How many more there are of a code than are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct More {
    /// The code.
    pub code: &'static str,
    /// How many.
    pub count: u64,
}

/// Findings so far.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    list: Vec<Finding>,
    /// How many there are of a copy and a code.
    counts: BTreeMap<(Option<String>, &'static str), usize>,
}

impl Findings {
    pub(crate) fn add(&mut self, it: Finding) {
        let count = self.counts.entry((it.copy.clone(), it.what.code())).or_default();
        *count = count.saturating_add(1);
        if *count <= OF_A_CODE_MAX {
            self.list.push(it);
        }
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.list.extend(other.list);
        for (key, count) in other.counts {
            let sum = self.counts.entry(key).or_default();
            *sum = sum.saturating_add(count);
        }
    }

    /// All of them, but for those that another one says better.
    pub(crate) fn end(self) -> (Vec<Finding>, Vec<More>) {
        let Self { list, counts } = self;
        let said = |it: &Finding| list.iter().any(|other| says_more(other, it));
        let mut findings: Vec<_> = list.iter().filter(|it| !said(it)).cloned().collect();
        findings.sort_by_key(|it| (Reverse(it.severity()), it.entry, it.copy.clone()));
        findings.dedup();
        let mut more: BTreeMap<&'static str, u64> = BTreeMap::new();
        for ((_, code), count) in counts {
            let rest = u64::try_from(count.saturating_sub(OF_A_CODE_MAX)).unwrap_or(u64::MAX);
            let sum = more.entry(code).or_default();
            *sum = sum.saturating_add(rest);
        }
        let more = more.into_iter().filter(|(_, count)| 0 < *count);
        (findings, more.map(|(code, count)| More { code, count }).collect())
    }
}

/// Whether a finding makes another one needless: what the journal as such has need not be told of
/// each copy, nor the seal of an entry where it is known in what it was changed, nor that a copy
/// lacks an entry where it is known why.
fn says_more(it: &Finding, than: &Finding) -> bool {
    if it.entry != than.entry || it == than {
        return false;
    }
    if it.copy != than.copy {
        return it.copy.is_none() && it.what.code() == than.what.code();
    }
    let same = it.what.code() == than.what.code();
    than.what == What::CopyLacks || same && is_seal(&than.what) && !is_seal(&it.what)
}

fn is_seal(it: &What) -> bool {
    matches!(it, What::Changed { field: "seal", .. })
}
