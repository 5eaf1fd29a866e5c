//! Findings as they come: bounded, and each told once.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

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

    /// All of them, but for those that another one says better. What each of so many copies shows
    /// is the journal's own.
    pub(crate) fn end(self, copies: usize) -> (Vec<Finding>, Vec<More>) {
        let Self { mut list, counts } = self;
        let everywhere: Vec<bool> = list.iter().map(|it| is_in_each(it, &list, copies)).collect();
        for (it, everywhere) in list.iter_mut().zip(everywhere) {
            it.copy = it.copy.take().filter(|_| !everywhere);
        }
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

/// Whether each copy shows the same about an entry.
fn is_in_each(it: &Finding, list: &[Finding], copies: usize) -> bool {
    let same = |other: &&Finding| {
        (other.entry, other.until) == (it.entry, it.until) && other.what == it.what
    };
    let showing: BTreeSet<_> = list.iter().filter(same).filter_map(|it| it.copy.as_ref()).collect();
    it.copy.is_some() && it.what.is_of_an_entry() && showing.len() == copies
}

/// Whether a finding makes another one needless: what the journal as such has need not be told of
/// each copy, nor the seal of an entry where it is known in what it was changed, nor that an entry is
/// missing where it is known why.
fn says_more(it: &Finding, than: &Finding) -> bool {
    if it.entry != than.entry || it == than {
        return false;
    }
    if it.copy != than.copy {
        return it.copy.is_none() && it.what.code() == than.what.code();
    }
    let same = it.what.code() == than.what.code();
    let lacks = than.what == What::CopyLacks
        || than.what == What::Missing && matches!(it.what, What::Unreadable { .. });
    lacks || same && is_seal(&than.what) && !is_seal(&it.what)
}

fn is_seal(it: &What) -> bool {
    matches!(it, What::Changed { field: "seal", .. })
}
