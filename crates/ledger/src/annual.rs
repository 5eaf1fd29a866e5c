//! A year of service (年度): what a volunteer did in it, and who did most.
//!
//! What a record counts for is its civil date in the bank's zone; a total without days counts for
//! the last day of its span. Everything here can be asked as of an entry: it is then what was
//! known once that entry was recorded, whatever came later.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::{
    ActivityNo, BranchNo, Category, Days, EntryNo, Ledger, LineKind, Minutes, Month, PassbookNo,
    Points, RecordRow, ServiceClass, VolunteerStatus,
};

/// A volunteer's year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnnualSummary {
    /// Minutes that count, deductions taken off.
    pub minutes: Minutes,
    /// Of them, by month: January first.
    pub months: [Minutes; 12],
    /// By the branch that organised it.
    pub branches: BTreeMap<BranchNo, Minutes>,
    /// By category; none: of no category.
    pub categories: BTreeMap<Option<Category>, Minutes>,
    /// By activity.
    pub activities: BTreeMap<ActivityNo, Minutes>,
    /// Services that count; deductions are none.
    pub services: u32,
    /// The first and the last day of service.
    pub days: Option<(Date, Date)>,
    /// Points that were credited to the passbook for it.
    pub points: Points,
}

/// Who is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AnnualFilter {
    /// At home in this branch or below it.
    pub home: Option<BranchNo>,
    /// Only what this branch, or one below it, organised.
    pub served: Option<BranchNo>,
    /// At least so many minutes of the year.
    pub least: Minutes,
    /// At least this star, by all minutes.
    pub star: i64,
    /// Only those who take part, or did as of the entry.
    pub active: bool,
}

/// One who is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnnualRow {
    /// The place by minutes: those with as many share it, and the next is as many further on.
    pub rank: u32,
    /// Who.
    pub passbook: PassbookNo,
    /// The home branch.
    pub home: BranchNo,
    /// Minutes of the year, of what is asked for.
    pub minutes: Minutes,
    /// All minutes of all years.
    pub total: Minutes,
    /// The star that all minutes reach.
    pub star: i64,
}

/// A volunteer's year, as of an entry; none: as of now.
pub fn annual_summary(
    ledger: &Ledger<'_>,
    passbook: PassbookNo,
    year: i16,
    as_of: Option<EntryNo>,
) -> AnnualSummary {
    let (first, last) = (Date::new(year, 1, 1), Date::new(year, 12, 31));
    let (Ok(from), Ok(until)) = (first, last) else { return AnnualSummary::default() };
    served(ledger, passbook, Days { from, until }, as_of)
}

/// What a volunteer served on some days, as of an entry; none: as of now. Months are those of the
/// calendar, whatever the year.
pub fn served(
    ledger: &Ledger<'_>,
    passbook: PassbookNo,
    days: Days,
    as_of: Option<EntryNo>,
) -> AnnualSummary {
    let mut sum = AnnualSummary::default();
    let mut dates: BTreeMap<Date, i32> = BTreeMap::new();
    let within = |it: &RecordRow| days.from <= it.date && it.date <= days.until;
    for (line, row) in ledger.service_lines(passbook, as_of).filter(|it| within(it.1)) {
        add(&mut sum.minutes, line.minutes);
        let month = usize::try_from(row.date.month().saturating_sub(1)).unwrap_or(0);
        if let Some(it) = sum.months.get_mut(month) {
            add(it, line.minutes);
        }
        add(sum.activities.entry(row.activity).or_default(), line.minutes);
        let activity = ledger.activity(row.activity);
        if let Some(activity) = activity {
            add(sum.branches.entry(activity.branch).or_default(), line.minutes);
            let category = activity.category.clone();
            add(sum.categories.entry(category).or_default(), line.minutes);
        }
        sum.points = sum.points.plus(line.points).unwrap_or(sum.points);
        if is_service(row) {
            let taken_back = line.kind == LineKind::Reversed;
            let count = dates.entry(row.date).or_default();
            *count = count.saturating_add(if taken_back { -1 } else { 1 });
        }
    }
    sum.activities.retain(|_, it| !it.is_zero());
    sum.branches.retain(|_, it| !it.is_zero());
    sum.categories.retain(|_, it| !it.is_zero());
    dates.retain(|_, count| *count != 0);
    let services = dates.values().fold(0_i32, |sum, it| sum.saturating_add(*it));
    sum.services = u32::try_from(services).unwrap_or(0);
    let days = dates.first_key_value().zip(dates.last_key_value());
    sum.days = days.map(|(first, last)| (*first.0, *last.0));
    sum
}

fn is_service(row: &RecordRow) -> bool {
    !row.minutes.is_negative()
}

fn add(sum: &mut Minutes, minutes: Minutes) {
    *sum = sum.plus(minutes).unwrap_or(*sum);
}

/// Those who served in a year, most minutes first, then by passbook.
pub fn annual_recognition(
    ledger: &Ledger<'_>,
    year: i16,
    filter: &AnnualFilter,
    as_of: Option<EntryNo>,
) -> Vec<AnnualRow> {
    let count = u64::try_from(ledger.volunteer_count()).unwrap_or(u64::MAX);
    let moment = as_of.or(ledger.head()).and_then(|it| ledger.recorded_at(it)).unwrap_or_default();
    let date = ledger.zone().map_or(Date::ZERO, |it| it.date_at(moment));
    let rules = ledger.rulebook_on(date);
    let star = |total: Minutes| rules.map_or(0, |it| it.rules.star(total));
    let row = |passbook: PassbookNo| {
        let home = ledger.home(passbook, as_of)?;
        if filter.active && ledger.status(passbook, as_of) != Some(VolunteerStatus::Active) {
            return None;
        }
        if filter.home.is_some_and(|it| !is_within(ledger, home, it)) {
            return None;
        }
        let minutes = minutes_of(ledger, (passbook, year), filter.served, as_of);
        let last = ledger.lines(passbook, as_of).next();
        let total = last.map_or(Minutes::ZERO, |it| it.minutes_after);
        let (star, served) = (star(total), Minutes::ZERO < minutes);
        let fits = served && filter.least <= minutes && filter.star <= star;
        fits.then_some(AnnualRow { rank: 0, passbook, home, minutes, total, star })
    };
    let all = (1..=count).filter_map(|it| row(PassbookNo::new(it).ok()?));
    ranked(all.collect())
}

fn ranked(mut rows: Vec<AnnualRow>) -> Vec<AnnualRow> {
    rows.sort_by_key(|it| (std::cmp::Reverse(it.minutes), it.passbook));
    let mut before: Option<(Minutes, u32)> = None;
    for (place, row) in (1_u32..).zip(&mut rows) {
        row.rank = match before {
            Some((minutes, rank)) if minutes == row.minutes => rank,
            Some(_) | None => place,
        };
        before = Some((row.minutes, row.rank));
    }
    rows
}

/// Minutes of a year: from the totals that are kept, or from the lines where those do not tell.
fn minutes_of(
    ledger: &Ledger<'_>,
    of: (PassbookNo, i16),
    served: Option<BranchNo>,
    as_of: Option<EntryNo>,
) -> Minutes {
    let mut sum = Minutes::ZERO;
    organised(ledger, of, as_of, |_, class, minutes| {
        if served.is_none_or(|it| is_within(ledger, class.branch, it)) {
            add(&mut sum, minutes);
        }
    });
    sum
}

/// Tells what a volunteer served in a year, by month and class of service.
pub(crate) fn organised(
    ledger: &Ledger<'_>,
    (passbook, year): (PassbookNo, i16),
    as_of: Option<EntryNo>,
    mut tell: impl FnMut(Month, &ServiceClass, Minutes),
) {
    if as_of.is_none() {
        let months = ledger.passbook_months(passbook).filter(|it| it.0.year() == year);
        months.for_each(|(month, class, minutes)| tell(month, class, minutes));
        return;
    }
    let lines = ledger.service_lines(passbook, as_of);
    for (line, row) in lines.filter(|it| it.1.date.year() == year) {
        if let Some(class) = ledger.class_of(row.activity) {
            tell(Month::of(row.date), class, line.minutes);
        }
    }
}

/// Whether a branch is another, or below it.
fn is_within(ledger: &Ledger<'_>, branch: BranchNo, top: BranchNo) -> bool {
    ledger.ancestry(branch).any(|it| it == top)
}
