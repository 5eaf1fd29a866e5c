//! Whether what was promised can be kept (偿付): the report that warns before a bank dies of
//! 易存难兑, easily saved and never drawn.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::{
    About, Account, BranchNo, Ledger, LineKind, LineRow, PassbookNo, Points, Purpose, RedemptionNo,
    RedemptionRow, RedemptionState, RewardMode, RewardRow, Timestamp,
};

/// The years of age that points are told apart by: under one, under two, under three, older.
pub const AGES: usize = 4;
/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// What is owed, what flows, and what is there to serve it with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Solvency {
    /// By the home branch of volunteers.
    pub branches: BTreeMap<BranchNo, BranchSolvency>,
    /// By calendar year.
    pub years: BTreeMap<i16, YearFlow>,
    /// Days from request to place, of those that got one; the middle one.
    pub median_wait_days: Option<i64>,
    /// Requests that wait.
    pub waiting: u32,
    /// How long the oldest of them waits, in days.
    pub longest_wait_days: Option<i64>,
}

/// What a branch owes its volunteers, and what it offers them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BranchSolvency {
    /// Points in passbooks by age, youngest first: what is spent first was earned first.
    pub outstanding: [Points; AGES],
    /// Passbooks with points.
    pub savers: u32,
    /// Of them, those who never asked for anything back.
    pub never_drew: u32,
    /// Points that open holds keep.
    pub held: Points,
    /// Points that are owed to the bank.
    pub debts: Points,
    /// Points in the branch's pool.
    pub pool: Points,
    /// What the free places of the branch's rewards cost together: what could be drawn today.
    pub capacity: Points,
    /// The free places.
    pub places: u32,
}

/// How points came and went in a year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct YearFlow {
    /// Earned, opening balances included, less what was taken back.
    pub earned: Points,
    /// Redeemed.
    pub redeemed: Points,
    /// Paid to others for help.
    pub helped: Points,
    /// Given to pools.
    pub given: Points,
    /// Drawn from pools.
    pub drawn: Points,
    /// Gone because their day was over: saved, and never used.
    pub expired: Points,
}

impl YearFlow {
    /// Hundredths of what was earned that was redeemed or paid for help; none where nothing was
    /// earned.
    pub fn rate_percent(&self) -> Option<i64> {
        let used = self.redeemed.plus(self.helped)?.hundredths();
        used.checked_mul(100)?.checked_div(self.earned.hundredths())
    }
}

/// The report as of an instant.
pub fn solvency(ledger: &Ledger<'_>, as_of: Timestamp) -> Solvency {
    let mut report = Solvency::default();
    let today = ledger.zone().map_or(Date::ZERO, |it| it.date_at(as_of));
    let count = u64::try_from(ledger.volunteer_count()).unwrap_or(u64::MAX);
    for no in (1..=count).filter_map(|it| PassbookNo::new(it).ok()) {
        passbook(ledger, no, today, &mut report);
    }
    for branch in ledger.branches() {
        let pool = ledger.balance(Account::Bank(branch.no, Purpose::Pool)).points;
        report.branches.entry(branch.no).or_default().pool = pool;
    }
    for row in ledger.rewards().filter(|it| can_be_asked_for(it, as_of)) {
        let it = report.branches.entry(row.reward.branch).or_default();
        it.places = it.places.saturating_add(row.left);
        let worth = row.reward.price.hundredths().saturating_mul(i64::from(row.left));
        it.capacity = sum(it.capacity, Points::from_hundredths(worth));
    }
    waits(ledger, as_of, &mut report);
    report
}

/// Whether the free places of a reward are there for somebody.
fn can_be_asked_for(row: &RewardRow, as_of: Timestamp) -> bool {
    !row.withdrawn
        && match &row.reward.mode {
            RewardMode::Window { window, .. } => as_of < window.closes(),
            RewardMode::FirstCome | RewardMode::WaitingList { .. } => true,
        }
}

fn sum(a: Points, b: Points) -> Points {
    a.plus(b).unwrap_or(a)
}

fn passbook(ledger: &Ledger<'_>, no: PassbookNo, today: Date, report: &mut Solvency) {
    let (Some(row), Some(volunteer)) = (ledger.passbook(no), ledger.volunteer(no)) else { return };
    for line in ledger.lines(no, None) {
        let year = date(ledger, &line).year();
        flow(ledger, report.years.entry(year).or_default(), &line);
    }
    let it = report.branches.entry(volunteer.branch).or_default();
    it.held = sum(it.held, row.held);
    if row.points.is_negative() {
        it.debts = sum(it.debts, row.points.negated());
        return;
    }
    if row.points.is_zero() {
        return;
    }
    it.savers = it.savers.saturating_add(1);
    // What a person's other numbers earned and asked for is the person's.
    let mut lines: Vec<LineRow> =
        ledger.numbers(no, None).flat_map(|it| ledger.lines(it, None)).collect();
    lines.sort_by_key(|it| std::cmp::Reverse(it.entry));
    let asked = ledger.redemptions_of(no).next().is_some()
        || lines.iter().any(|it| it.kind == LineKind::Paid);
    if !asked {
        it.never_drew = it.never_drew.saturating_add(1);
    }
    for (bucket, points) in it.outstanding.iter_mut().zip(ages(ledger, &lines, row.points, today)) {
        *bucket = sum(*bucket, points);
    }
}

fn date(ledger: &Ledger<'_>, line: &LineRow) -> Date {
    let at = ledger.recorded_at(line.entry).unwrap_or_default();
    ledger.zone().map_or(Date::ZERO, |it| it.date_at(at))
}

fn flow(ledger: &Ledger<'_>, year: &mut YearFlow, line: &LineRow) {
    let out = line.points.negated();
    match line.kind {
        LineKind::Earned | LineKind::Opened | LineKind::Deducted => {
            year.earned = sum(year.earned, line.points);
        }
        LineKind::Reversed => match line.about {
            Some(About::Redemption(_)) => year.redeemed = sum(year.redeemed, out),
            // What help paid was never issued.
            Some(About::Record(it)) if ledger.record(it).is_some_and(|it| it.help.is_some()) => {}
            Some(About::Record(_)) => year.earned = sum(year.earned, line.points),
            Some(About::Help(_)) => year.helped = sum(year.helped, out),
            Some(About::Gift(_)) => year.given = sum(year.given, out),
            Some(About::Draw(_) | About::Honour(_) | About::Merge(_)) | None => {}
        },
        LineKind::Redeemed => year.redeemed = sum(year.redeemed, out),
        LineKind::Paid => year.helped = sum(year.helped, out),
        // From one passbook to another nothing leaves: what is left is what pools got.
        LineKind::Given | LineKind::Received => year.given = sum(year.given, out),
        LineKind::Drawn => year.drawn = sum(year.drawn, line.points),
        LineKind::Expired => year.expired = sum(year.expired, out),
        LineKind::Helped
        | LineKind::Honoured
        | LineKind::Revoked
        | LineKind::Merged
        | LineKind::Parted => {}
    }
}

/// What is left of a person by age: the last that came in make up the balance. What only went
/// from one number to another is as old as it was; its own day counts where no older line tells.
fn ages(
    ledger: &Ledger<'_>,
    newest_first: &[LineRow],
    balance: Points,
    today: Date,
) -> [Points; AGES] {
    let mut left = balance;
    let mut buckets = [Points::ZERO; AGES];
    let came = newest_first.iter().filter(|it| Points::ZERO < it.points);
    let (handed, came): (Vec<&LineRow>, Vec<&LineRow>) =
        came.partition(|it| matches!(it.kind, LineKind::Merged | LineKind::Parted));
    for line in came.into_iter().chain(handed) {
        let date = date(ledger, line);
        let part = line.points.min(left);
        left = left.minus(part).unwrap_or(Points::ZERO);
        let years = (1..AGES).filter(|it| {
            let months = i32::try_from(*it).unwrap_or(0).saturating_mul(12);
            date <= crate::priority::months_before(today, months)
        });
        if let Some(bucket) = buckets.get_mut(years.count()) {
            *bucket = sum(*bucket, part);
        }
        if left.is_zero() {
            break;
        }
    }
    buckets
}

fn waits(ledger: &Ledger<'_>, as_of: Timestamp, report: &mut Solvency) {
    let days = |from: Timestamp, to: Timestamp| {
        to.micros().saturating_sub(from.micros()).max(0).checked_div(DAY).unwrap_or(0)
    };
    let count = u64::try_from(ledger.redemption_count()).unwrap_or(u64::MAX);
    let rows = (1..=count).filter_map(|it| ledger.redemption(RedemptionNo::new(it).ok()?));
    let rows: Vec<&RedemptionRow> = rows.collect();
    let waiting = rows.iter().filter(|it| it.state == RedemptionState::Waiting);
    for row in waiting {
        report.waiting = report.waiting.saturating_add(1);
        let since = days(row.requested_at, as_of);
        report.longest_wait_days = report.longest_wait_days.max(Some(since));
    }
    let mut served: Vec<i64> = rows
        .iter()
        .filter_map(|row| Some(days(row.requested_at, ledger.recorded_at(row.placed_by?)?)))
        .collect();
    served.sort_unstable();
    report.median_wait_days = served.get(served.len() / 2).copied();
}
