//! The deadline for recording (记录时限): hours are recorded within some working days of the end of
//! their activity. Source: 民政部令67号 Art. 11, ten working days; the rulebook says how many.
//!
//! Hours count as recorded once they take effect: what waits for an approver is not recorded yet.
//! A correction is no recording: what counts is the day of the record that it mends. Deductions and
//! what was taken over from an earlier system have no deadline.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use crate::{
    Activity, ActivityNo, BranchNo, Days, EntryNo, Ledger, Provenance, RecordNo, RecordRow,
    RecordState, Rulebook, ServiceTime, WorkingDay,
};

/// An activity that ended on a day, and how its hours were recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityDeadline {
    /// Which.
    pub activity: ActivityNo,
    /// The branch that organised it.
    pub branch: BranchNo,
    /// The day it ended.
    pub ended: Date,
    /// The last day on which its hours are recorded in time.
    pub deadline: WorkingDay,
    /// How it stands.
    pub timeliness: Timeliness,
    /// Records that count.
    pub recorded: u32,
    /// Of them, those recorded after the deadline.
    pub late: u32,
    /// Records that wait for an approver.
    pub pending: u32,
    /// The day of the last recording.
    pub last: Option<Date>,
    /// Working days past the deadline: until the last recording, or until today where some lacks.
    pub days_over: u32,
}

/// Whether hours were recorded in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timeliness {
    /// Something lacks, and the deadline is not over.
    Due,
    /// All were.
    InTime,
    /// All are recorded, some after the deadline.
    Late,
    /// Something lacks after the deadline: no hours of an activity that was announced, or some
    /// that wait for an approver.
    Overdue,
}

/// Activities of a branch, by how they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BranchDeadlines {
    /// [`Timeliness::Due`].
    pub due: u32,
    /// [`Timeliness::InTime`].
    pub in_time: u32,
    /// [`Timeliness::Late`].
    pub late: u32,
    /// [`Timeliness::Overdue`].
    pub overdue: u32,
}

impl BranchDeadlines {
    /// Hundredths of what is recorded, or should be, that was recorded in time; none where nothing
    /// is.
    pub fn in_time_percent(&self) -> Option<u32> {
        let all = self.in_time.saturating_add(self.late).saturating_add(self.overdue);
        self.in_time.saturating_mul(100).checked_div(all)
    }
}

/// Activities of a branch and what is below it, none: of the bank, that ended on some days, as they
/// stand today; by the day they ended, then by number.
pub fn activity_deadlines(
    ledger: &Ledger<'_>,
    top: Option<BranchNo>,
    days: Days,
    today: Date,
) -> Vec<ActivityDeadline> {
    let Some(rules) = ledger.rulebook_on(today) else { return Vec::new() };
    let days = Days { from: days.from, until: days.until.min(today) };
    let mut clock = Clock { ledger, rules: &rules.rules, days, top, found: BTreeMap::new() };
    for activity in ledger.activities() {
        if let Some(ended) = window_end(ledger, activity) {
            clock.open(activity, ended);
        }
    }
    // The entry that made a record in the first place, of those that mend one.
    let mut origins: HashMap<RecordNo, EntryNo> = HashMap::new();
    let count = u64::try_from(ledger.record_count()).unwrap_or(u64::MAX);
    for no in (1..=count).filter_map(|it| RecordNo::new(it).ok()) {
        let Some(row) = ledger.record(no) else { continue };
        let origin = origins.remove(&no);
        match row.replaced_by {
            Some(new) => drop(origins.insert(new, origin.unwrap_or(row.entry))),
            None => clock.record(row, origin),
        }
    }
    let closed = clock.found.into_values().map(|it| it.close(&rules.rules, today));
    let mut found: Vec<ActivityDeadline> = closed.collect();
    found.sort_by_key(|it| (it.ended, it.activity));
    found
}

/// How many stand how, by the branch that organised them: each for itself.
pub fn deadlines_by_branch(activities: &[ActivityDeadline]) -> BTreeMap<BranchNo, BranchDeadlines> {
    let mut sum: BTreeMap<BranchNo, BranchDeadlines> = BTreeMap::new();
    for it in activities {
        let of = sum.entry(it.branch).or_default();
        let count = match it.timeliness {
            Timeliness::Due => &mut of.due,
            Timeliness::InTime => &mut of.in_time,
            Timeliness::Late => &mut of.late,
            Timeliness::Overdue => &mut of.overdue,
        };
        *count = count.saturating_add(1);
    }
    sum
}

fn window_end(ledger: &Ledger<'_>, activity: &Activity) -> Option<Date> {
    activity.window.and_then(|it| end_of(ledger, ServiceTime::Interval(it)))
}

/// The day on which a service ends; what ends at midnight ends on the day before.
fn end_of(ledger: &Ledger<'_>, time: ServiceTime) -> Option<Date> {
    match time {
        ServiceTime::Interval(it) => Some(ledger.zone()?.date_of(it.end().back(1))),
        ServiceTime::Day(date) => Some(date),
        ServiceTime::Span(span) => Some(span.to()),
    }
}

struct Clock<'a> {
    ledger: &'a Ledger<'a>,
    rules: &'a Rulebook,
    days: Days,
    top: Option<BranchNo>,
    found: BTreeMap<(Date, ActivityNo), Found>,
}

/// What was found so far of an activity that ended on a day.
struct Found {
    told: ActivityDeadline,
    /// Whether anything was ever recorded, though it was taken back.
    touched: bool,
}

impl Clock<'_> {
    /// The activity that ended on a day, if it is asked for.
    fn open(&mut self, activity: &Activity, ended: Date) -> Option<&mut Found> {
        if ended < self.days.from || self.days.until < ended {
            return None;
        }
        let top = self.top;
        if top.is_some_and(|top| self.ledger.ancestry(activity.branch).all(|it| it != top)) {
            return None;
        }
        let (ledger, rules) = (self.ledger, self.rules);
        let found = self.found.entry((ended, activity.no)).or_insert_with(|| {
            let days = ledger.rulebook_on(ended).map_or(0, |it| it.rules.recording_days());
            let deadline = rules.calendar().add_working_days(ended, days);
            let deadline = deadline.unwrap_or(WorkingDay { date: ended, certain: false });
            Found {
                told: ActivityDeadline {
                    activity: activity.no,
                    branch: activity.branch,
                    ended,
                    deadline,
                    timeliness: Timeliness::Due,
                    recorded: 0,
                    late: 0,
                    pending: 0,
                    last: None,
                    days_over: 0,
                },
                touched: false,
            }
        });
        Some(found)
    }

    /// Adds a record; `origin`: the entry that made the record which it mends.
    fn record(&mut self, row: &RecordRow, origin: Option<EntryNo>) {
        let ledger = self.ledger;
        if row.minutes.is_negative() || row.provenance == Provenance::Opening {
            return;
        }
        let Some(activity) = ledger.activity(row.activity) else { return };
        let ended = window_end(ledger, activity).or_else(|| end_of(ledger, row.time));
        let counts = matches!(row.state, RecordState::Pending | RecordState::Posted);
        // What was taken back says only that somebody looked after an announced activity.
        if !counts && activity.window.is_none() {
            return;
        }
        let Some(found) = ended.and_then(|it| self.open(activity, it)) else { return };
        found.touched = true;
        let approved = row.decided.filter(|_| row.level.is_some());
        let entry = origin.or(approved).unwrap_or(row.entry);
        let told = &mut found.told;
        match row.state {
            RecordState::Pending => told.pending = told.pending.saturating_add(1),
            RecordState::Posted => {
                let at = ledger.recorded_at(entry).unwrap_or_default();
                let on = ledger.zone().map_or(Date::ZERO, |it| it.date_at(at));
                told.recorded = told.recorded.saturating_add(1);
                told.late = told.late.saturating_add(u32::from(told.deadline.date < on));
                told.last = told.last.max(Some(on));
            }
            RecordState::Rejected | RecordState::Reversed => {}
        }
    }
}

impl Found {
    fn close(self, rules: &Rulebook, today: Date) -> ActivityDeadline {
        let Self { mut told, touched } = self;
        let lacks = 0 < told.pending || !touched;
        let over = told.deadline.date < today;
        told.timeliness = match (lacks, over) {
            (true, true) => Timeliness::Overdue,
            (true, false) => Timeliness::Due,
            (false, _) if 0 < told.late => Timeliness::Late,
            (false, _) => Timeliness::InTime,
        };
        let until = if lacks { Some(today) } else { told.last };
        told.days_over =
            until.map_or(0, |it| rules.calendar().working_days_until(told.deadline.date, it));
        told
    }
}
