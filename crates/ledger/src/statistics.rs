//! What a branch organised in a year: by month, by category, and by the branches below it, which
//! always add up.

use std::collections::{BTreeMap, BTreeSet};

use crate::{BranchNo, Category, EntryNo, Ledger, Minutes, Month, PassbookNo, annual::organised};

/// A year of a branch and what is below it, or of the bank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BranchStatistics {
    /// Minutes that count, deductions taken off.
    pub minutes: Minutes,
    /// Volunteers who served at least a minute.
    pub volunteers: u32,
    /// By month and category.
    pub rows: BTreeMap<(Month, Option<Category>), StatisticsRow>,
    /// By the branch that organised it: each for itself, without those below it.
    pub branches: BTreeMap<BranchNo, Minutes>,
}

/// What was served in a month at activities of a category.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StatisticsRow {
    /// Minutes that count.
    pub minutes: Minutes,
    /// Volunteers who served at least a minute of them.
    pub volunteers: u32,
}

/// The year of a branch and what is below it, none: of the bank; as of an entry, none: as of now.
pub fn branch_statistics(
    ledger: &Ledger<'_>,
    year: i16,
    top: Option<BranchNo>,
    as_of: Option<EntryNo>,
) -> BranchStatistics {
    let within: BTreeSet<BranchNo> = ledger
        .branches()
        .map(|it| it.no)
        .filter(|it| top.is_none_or(|top| ledger.ancestry(*it).any(|it| it == top)))
        .collect();
    let mut sum = BranchStatistics::default();
    let count = u64::try_from(ledger.volunteer_count()).unwrap_or(u64::MAX);
    for passbook in (1..=count).filter_map(|it| PassbookNo::new(it).ok()) {
        let mut own: BTreeMap<(Month, Option<Category>), Minutes> = BTreeMap::new();
        organised(ledger, (passbook, year), as_of, |month, class, minutes| {
            if within.contains(&class.branch) {
                add(own.entry((month, class.category.clone())).or_default(), minutes);
                add(sum.branches.entry(class.branch).or_default(), minutes);
            }
        });
        let mut all = Minutes::ZERO;
        for (key, minutes) in own {
            add(&mut all, minutes);
            let row = sum.rows.entry(key).or_default();
            add(&mut row.minutes, minutes);
            row.volunteers = row.volunteers.saturating_add(served(minutes));
        }
        add(&mut sum.minutes, all);
        sum.volunteers = sum.volunteers.saturating_add(served(all));
    }
    sum.rows.retain(|_, it| !it.minutes.is_zero() || it.volunteers != 0);
    sum.branches.retain(|_, it| !it.is_zero());
    sum
}

fn served(minutes: Minutes) -> u32 {
    u32::from(Minutes::ZERO < minutes)
}

fn add(sum: &mut Minutes, minutes: Minutes) {
    *sum = sum.plus(minutes).unwrap_or(*sum);
}
