//! Anomalies (异常): what an honest bank seldom shows, each with its evidence.
//!
//! None of them is proof: each says where a person should look, and into which entries. They are
//! questions to a ledger, and change nothing. What is seldom is policy: the `[anomalies]` of the
//! rulebook.

mod approval;
mod clone;
mod day;
mod forgotten;
mod gift;
mod opening;
mod phone;
mod round;
mod rules;
mod trail;
mod year_end;

use std::{cmp::Reverse, collections::BTreeSet, fmt};

use jiff::civil::Date;

use crate::{ActorNo, EntryNo, GiftNo, Ledger, PassbookNo, RecordNo, RecordRow, RecordState};

pub(crate) use rules::AnomaliesTable;
pub use rules::AnomalyRules;
pub use trail::Trail;

/// The most anomalies of one kind that are told: those with the largest first figure.
pub const ANOMALIES_MAX: usize = 1_000;
/// The most volunteers, records, gifts and entries that one anomaly names, each.
pub const EVIDENCE_MAX: usize = 50;

/// What is seldom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnomalyKind {
    /// More hours on a day than a person serves.
    ImpossibleDay,
    /// Two sheets of activities with the same people and the same times.
    ClonedSheet,
    /// A threshold of the year that was reached in December, and just so.
    YearEnd,
    /// Hours of kin that a clerk recorded or approved.
    KinApproved,
    /// Two who record or approve each other's own hours.
    TradedApprovals,
    /// Volunteers of several families with the same telephone.
    SharedPhone,
    /// A clerk whose hours are round more often than chance makes them.
    RoundHours,
    /// Service outside of the times at which there is any.
    OutsideOpening,
    /// Check-outs that never came.
    ForgottenCheckOuts,
    /// Gifts of many to one account within days.
    GiftBurst,
}

/// Something seldom, and its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomaly {
    /// What.
    pub kind: AnomalyKind,
    /// The volunteers it is about.
    pub passbooks: Vec<PassbookNo>,
    /// The actors it is about.
    pub actors: Vec<ActorNo>,
    /// The first and the last day of it.
    pub days: Option<(Date, Date)>,
    /// The records that show it.
    pub records: Vec<RecordNo>,
    /// The gifts that show it.
    pub gifts: Vec<GiftNo>,
    /// The entries that made what shows it.
    pub entries: Vec<EntryNo>,
    /// Its figures by name; anomalies of a kind stand in the order of the first.
    pub figures: Vec<(&'static str, i64)>,
    /// What it is, in a sentence.
    pub english: String,
    /// The same in Chinese.
    pub chinese: String,
}

/// What is known beside the ledger.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// Who approved what, and whose check-out never came.
    pub trail: &'a Trail,
    /// Volunteers with the same telephone, as the vault groups them.
    pub phones: &'a [Vec<PassbookNo>],
}

/// Everything seldom in a ledger, by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anomalies {
    /// What was found.
    pub found: Vec<Anomaly>,
    /// How many more there are, above the most that are told.
    pub left_out: usize,
    /// How many sheets were not compared with all that may be changed copies of them.
    pub uncompared_sheets: usize,
}

/// Looks for everything seldom.
pub fn anomalies(ledger: &Ledger<'_>, rules: &AnomalyRules, evidence: Evidence<'_>) -> Anomalies {
    let (clones, uncompared_sheets) = clone::find(ledger, rules);
    let mut told = Anomalies { uncompared_sheets, ..Anomalies::default() };
    for mut found in [
        day::find(ledger, rules),
        clones,
        year_end::find(ledger, rules),
        approval::kin(ledger, rules, evidence.trail),
        approval::traded(ledger, rules, evidence.trail),
        phone::find(ledger, rules, evidence.phones),
        round::find(ledger, rules),
        opening::find(ledger, rules),
        forgotten::find(ledger, rules, evidence.trail),
        gift::find(ledger, rules),
    ] {
        found.sort_by_key(|it| Reverse(it.figures.first().map(|it| it.1)));
        told.left_out = told.left_out.saturating_add(found.len().saturating_sub(ANOMALIES_MAX));
        found.truncate(ANOMALIES_MAX);
        told.found.extend(found.into_iter().map(|it| it.bounded(ledger)));
    }
    told
}

impl Anomaly {
    /// One without evidence yet.
    fn new(kind: AnomalyKind, figures: Vec<(&'static str, i64)>, said: (String, String)) -> Self {
        let (english, chinese) = said;
        Self {
            kind,
            passbooks: Vec::new(),
            actors: Vec::new(),
            days: None,
            records: Vec::new(),
            gifts: Vec::new(),
            entries: Vec::new(),
            figures,
            english,
            chinese,
        }
    }

    /// With the entries of its evidence, and no more of each than is told.
    fn bounded(mut self, ledger: &Ledger<'_>) -> Self {
        self.passbooks.truncate(EVIDENCE_MAX);
        self.records.truncate(EVIDENCE_MAX);
        self.gifts.truncate(EVIDENCE_MAX);
        let records = self.records.iter().filter_map(|it| ledger.record(*it)).map(|it| it.entry);
        let gifts = self.gifts.iter().filter_map(|it| ledger.gift(*it)).map(|it| it.entry);
        let entries: BTreeSet<EntryNo> =
            self.entries.into_iter().chain(records).chain(gifts).collect();
        self.entries = entries.into_iter().take(EVIDENCE_MAX).collect();
        self
    }
}

/// Records of service that stand, or wait to.
fn served<'a>(ledger: &'a Ledger<'a>) -> impl Iterator<Item = (RecordNo, &'a RecordRow)> {
    let last = u64::try_from(ledger.record_count()).unwrap_or(u64::MAX);
    let numbers = (1..=last).filter_map(|it| RecordNo::new(it).ok());
    numbers.filter_map(|it| Some((it, ledger.record(it)?))).filter(|(_, it)| stands(it))
}

/// Whether a record is of service, and stands or waits to.
fn stands(it: &RecordRow) -> bool {
    matches!(it.state, RecordState::Posted | RecordState::Pending) && 0 < it.minutes.get()
}

/// How an actor is named in a sentence.
fn handle(ledger: &Ledger<'_>, actor: ActorNo) -> String {
    ledger.handle(actor).map_or_else(|| actor.to_string(), ToString::to_string)
}

/// A count, as a figure.
fn figure(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Minutes as hours and minutes.
fn hours(minutes: i64) -> String {
    format!("{}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60))
}

impl AnomalyKind {
    /// Every kind, in the order in which they are told.
    pub const ALL: [Self; 10] = [
        Self::ImpossibleDay,
        Self::ClonedSheet,
        Self::YearEnd,
        Self::KinApproved,
        Self::TradedApprovals,
        Self::SharedPhone,
        Self::RoundHours,
        Self::OutsideOpening,
        Self::ForgottenCheckOuts,
        Self::GiftBurst,
    ];
}

impl fmt::Display for AnomalyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ImpossibleDay => "impossible-day",
            Self::ClonedSheet => "cloned-sheet",
            Self::YearEnd => "year-end",
            Self::KinApproved => "kin-approved",
            Self::TradedApprovals => "traded-approvals",
            Self::SharedPhone => "shared-phone",
            Self::RoundHours => "round-hours",
            Self::OutsideOpening => "outside-opening",
            Self::ForgottenCheckOuts => "forgotten-check-outs",
            Self::GiftBurst => "gift-burst",
        })
    }
}
