//! A selection by brute force: the journal is read entry by entry, and nothing of the ledger is
//! asked but the tree of branches, which never changes here.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use lovebank_ledger::{
    About, BranchNo, DEFAULT_RULEBOOK, Days, Entry, Event, HonourEvent, HonourNo, Ledger, LineKind,
    PassbookNo, RecordNo, Title, VolunteerStatus,
};

/// A programme that volunteers can be nominated for.
pub(crate) const NAMED: &str =
    "[programmes.asked]\nenglish = \"a\"\nchinese = \"甲\"\nlevel = \"city\"\n";

/// Stars of all years, and stars of each.
pub(crate) const SCHEMES: &str = r#"
[star_schemes.asked]
english = "a"
chinese = "甲"
stars = [
    { level = 1, english = "1", chinese = "一", hours = 1 },
    { level = 2, english = "2", chinese = "二", hours = 2, continuous_months = 2 },
    { level = 3, english = "3", chinese = "三", hours = 4, tenure_months = 60 },
]

[star_schemes.yearly]
english = "b"
chinese = "乙"
days = { begins = "01-01" }
stars = [
    { level = 1, english = "1", chinese = "一", hours = 1 },
    { level = 2, english = "2", chinese = "二", hours = 2, continuous_months = 2 },
    { level = 3, english = "3", chinese = "三", hours = 4, tenure_months = 60 },
]
"#;

/// What is true of someone.
#[derive(Default)]
pub(crate) struct Facts {
    minutes: i64,
    total: i64,
    months: i64,
    row: i64,
    tenure: i64,
    star: i64,
    awards: i64,
    since: i64,
    nominated: bool,
    nominator: String,
    active: bool,
    branch: String,
}

pub(crate) type Test = fn(&Facts) -> bool;
pub(crate) type Score = fn(&Facts) -> i64;

/// Conditions, as documents say them and as Rust does.
pub(crate) const CONDITIONS: [(&str, Test); 13] = [
    ("value = \"minutes\", least = 100", |it| 100 <= it.minutes),
    ("value = \"minutes\", least = 1, most = 300", |it| (1..=300).contains(&it.minutes)),
    ("value = \"minutes_total - minutes\", least = 1", |it| 1 <= it.total - it.minutes),
    ("value = \"months\", least = 2", |it| 2 <= it.months),
    ("value = \"continuous_months\", least = 2", |it| 2 <= it.row),
    ("value = \"tenure_months\", least = 60", |it| 60 <= it.tenure),
    ("condition = \"active\"", |it| it.active),
    ("condition = \"nominated || minutes > 150\"", |it| it.nominated || 150 < it.minutes),
    ("condition = \"nominated_by in ['N1', 'N2']\"", |it| {
        ["N1", "N2"].contains(&it.nominator.as_str())
    }),
    ("value = \"awards\", most = 0", |it| it.awards <= 0),
    ("value = \"years_since_award\", least = 3", |it| 3 <= it.since),
    ("condition = \"star == 0\"", |it| it.star == 0),
    ("condition = \"branch in ['N1', 'B1']\"", |it| ["N1", "B1"].contains(&it.branch.as_str())),
];

/// Keys of an order, all highest first.
pub(crate) const KEYS: [(&str, Score); 4] = [
    ("minutes / 60", |it| it.minutes / 60),
    ("months", |it| it.months),
    ("minutes_total", |it| it.total),
    ("nominated ? 1 : 0", |it| i64::from(it.nominated)),
];

#[derive(Debug, Clone)]
pub(crate) struct Places {
    pub(crate) most: Option<u32>,
    /// Of each street, else of each community; how many.
    pub(crate) per_branch: Option<(bool, u32)>,
    pub(crate) best: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) conditions: Vec<usize>,
    pub(crate) keys: Vec<usize>,
    pub(crate) places: Places,
    pub(crate) all_in: bool,
    pub(crate) months: Option<u32>,
}

impl Question {
    pub(crate) fn document(&self) -> String {
        let names = "english = \"a\", chinese = \"甲\"";
        let eligible =
            self.conditions.iter().map(|it| format!("{{ {names}, {} }}", CONDITIONS[*it].0));
        let order = self
            .keys
            .iter()
            .map(|it| format!("{{ {names}, score = \"{}\", first = \"highest\" }}", KEYS[*it].0));
        let most = self.places.most.map(|it| format!("most = {it}\n")).unwrap_or_default();
        let kind = |street| if street { "street" } else { "community" };
        let per_branch = self.places.per_branch.map(|(street, count)| {
            format!("branch_kind = \"{}\"\nper_branch = {count}\n", kind(street))
        });
        let rest = if self.places.best { "best" } else { "nobody" };
        let ties = if self.all_in { "all_in" } else { "oldest_first" };
        let days = self.months.map(|it| format!("days = {{ months = {it} }}\n"));
        format!(
            "{DEFAULT_RULEBOOK}\n{SCHEMES}\n{NAMED}ties = \"{ties}\"\neligible = [{}]\norder = [{}]\n{}\
             [programmes.asked.places]\n{most}{}rest = \"{rest}\"\n",
            eligible.collect::<Vec<_>>().join(", "),
            order.collect::<Vec<_>>().join(", "),
            days.unwrap_or_default(),
            per_branch.unwrap_or_default(),
        )
    }
}

/// What the journal says.
#[derive(Default)]
pub(crate) struct Scan {
    /// Of each record: whose, the date, the minutes, and how often it stands.
    records: BTreeMap<RecordNo, (PassbookNo, Date, i64, i64)>,
    homes: BTreeMap<PassbookNo, BranchNo>,
    joined: BTreeMap<PassbookNo, Date>,
    inactive: BTreeSet<PassbookNo>,
    erased: BTreeSet<PassbookNo>,
    nominated: BTreeMap<(PassbookNo, i16), BranchNo>,
    honours: BTreeMap<HonourNo, (PassbookNo, Title)>,
}

/// Who, minutes, conditions not met, place, whether chosen, and whether as an equal.
pub(crate) type Row = (PassbookNo, i64, u32, Option<u32>, bool, bool);

impl Scan {
    pub(crate) fn of<'a>(journal: impl Iterator<Item = &'a Entry>) -> Self {
        let mut it = Self::default();
        journal.for_each(|entry| it.entry(entry));
        it
    }

    /// The same, with service as another says it.
    pub(crate) fn with_service_of(self, other: Self) -> Self {
        Self { records: other.records, ..self }
    }

    fn entry(&mut self, entry: &Entry) {
        match &entry.event {
            Event::VolunteersRegistered { volunteers, .. } => {
                self.homes.extend(volunteers.iter().map(|it| (it.passbook, it.branch)));
                self.joined.extend(volunteers.iter().map(|it| (it.passbook, it.joined)));
            }
            Event::VolunteerMoved { passbook, branch } => {
                self.homes.insert(*passbook, *branch);
            }
            Event::VolunteerStatusChanged { passbook, status, .. } => {
                if *status == VolunteerStatus::Active {
                    self.inactive.remove(passbook);
                } else {
                    self.inactive.insert(*passbook);
                }
            }
            Event::PersonErased { passbook } => {
                self.erased.insert(*passbook);
            }
            Event::HoursRecorded { records, .. } => {
                for it in records {
                    let row = (it.passbook, it.date, it.minutes.get(), 0);
                    self.records.insert(it.no, row);
                }
            }
            Event::HoursDeducted { record: it, .. } => {
                self.records.insert(it.no, (it.passbook, it.date, it.minutes.get(), 0));
            }
            Event::Honour(HonourEvent::Nominated { passbook, year, branch, .. }) => {
                self.nominated.insert((*passbook, *year), *branch);
            }
            Event::Honour(HonourEvent::HonoursGiven { honours, .. }) => {
                let given = honours.iter().map(|it| (it.no, (it.passbook, it.title.clone())));
                self.honours.extend(given);
            }
            Event::Honour(HonourEvent::HonourRevoked { honour, .. }) => {
                self.honours.remove(honour);
            }
            _ => {}
        }
        for posting in entry.postings.iter().filter(|it| it.line.is_some()) {
            if let Some(record) = posting.about.and_then(About::record) {
                let stands = if posting.kind == LineKind::Reversed { -1 } else { 1 };
                self.records.get_mut(&record).unwrap().3 += stands;
            }
        }
    }

    fn facts(&self, ledger: &Ledger<'_>, who: PassbookNo, (year, days): (i16, Days)) -> Facts {
        let mut months: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
        let own = self.records.values().filter(|it| it.0 == who && it.1 <= days.until);
        for (_, on, minutes, stands) in own {
            let month = i64::from(on.year()) * 12 + i64::from(on.month());
            let sums = months.entry(month).or_default();
            sums.0 += minutes * stands;
            sums.1 += if days.from <= *on { minutes * stands } else { 0 };
        }
        let served: Vec<i64> = months.iter().filter(|it| 0 < it.1.0).map(|it| *it.0).collect();
        let (mut row, mut longest) = (0, 0);
        for (at, month) in served.iter().enumerate() {
            row = if at != 0 && served[at - 1] + 1 == *month { row + 1 } else { 1 };
            longest = longest.max(row);
        }
        let titles: Vec<_> =
            self.honours.values().filter(|it| it.0 == who).map(|it| &it.1).collect();
        let years = titles.iter().filter_map(|it| match it {
            Title::Award { year, .. } => Some(i64::from(*year)),
            Title::Star { .. } => None,
        });
        let star = titles.iter().filter_map(|it| match it {
            Title::Star { level, .. } => Some(i64::from(*level)),
            Title::Award { .. } => None,
        });
        let code = |it: &BranchNo| ledger.branch(*it).unwrap().code.to_string();
        let joined = self.joined[&who];
        let since_joining = joined.until((jiff::Unit::Month, days.until)).unwrap().get_months();
        Facts {
            minutes: months.values().map(|it| it.1).sum(),
            total: months.values().map(|it| it.0).sum(),
            months: i64::try_from(months.values().filter(|it| 0 < it.1).count()).unwrap(),
            row: longest,
            tenure: i64::from(since_joining),
            star: star.max().unwrap_or(0),
            awards: i64::try_from(years.clone().count()).unwrap(),
            since: years.max().map_or(9999, |it| i64::from(year) - it),
            nominated: self.nominated.contains_key(&(who, year)),
            nominator: self.nominated.get(&(who, year)).map(code).unwrap_or_default(),
            active: !self.inactive.contains(&who),
            branch: code(&self.homes[&who]),
        }
    }

    /// Who reached a higher star than is held: whose, which, and which is held.
    pub(crate) fn stars(
        &self,
        ledger: &Ledger<'_>,
        (scheme, when): (&str, (i16, Days)),
        top: Option<BranchNo>,
    ) -> Vec<(PassbookNo, u8, u8)> {
        let mut found = Vec::new();
        for (who, home) in &self.homes {
            let within = top.is_none_or(|top| ledger.ancestry(*home).any(|it| it == top));
            if !within || self.inactive.contains(who) || self.erased.contains(who) {
                continue;
            }
            let it = self.facts(ledger, *who, when);
            let reached = [60 <= it.minutes, 120 <= it.minutes && 2 <= it.row, {
                240 <= it.minutes && 60 <= it.tenure
            }];
            let level = (1_u8..).zip(reached).filter(|it| it.1).map(|it| it.0).max();
            // Only stars of all years are ever given here.
            let held = if scheme == "asked" { u8::try_from(it.star).unwrap() } else { 0 };
            found.extend(level.filter(|it| held < *it).map(|it| (*who, it, held)));
        }
        found
    }

    pub(crate) fn select(
        &self,
        ledger: &Ledger<'_>,
        question: &Question,
        when: (i16, Days),
        top: Option<BranchNo>,
    ) -> Vec<Row> {
        let within = |it: BranchNo, top: BranchNo| ledger.ancestry(it).any(|it| it == top);
        let (mut eligible, mut others) = (Vec::new(), Vec::new());
        for (who, home) in &self.homes {
            let facts = self.facts(ledger, *who, when);
            let looked_at = 0 < facts.minutes || facts.nominated;
            if !looked_at || self.erased.contains(who) || top.is_some_and(|it| !within(*home, it)) {
                continue;
            }
            let mut failed = 0;
            for (bit, it) in question.conditions.iter().enumerate() {
                failed |= u32::from(!(CONDITIONS[*it].1)(&facts)) << bit;
            }
            let row = (*who, facts.minutes, failed, None, false, false);
            if failed == 0 {
                let scores: Vec<i64> =
                    question.keys.iter().map(|it| -(KEYS[*it].1)(&facts)).collect();
                eligible.push((scores, *home, row));
            } else {
                others.push(row);
            }
        }
        eligible.sort_by_key(|it| (it.0.clone(), it.2.0));
        for at in 0..eligible.len() {
            let better = eligible.iter().filter(|it| it.0 < eligible[at].0).count();
            eligible[at].2.3 = Some(u32::try_from(better + 1).unwrap());
        }
        seat(ledger, question, &mut eligible);
        eligible.into_iter().map(|it| it.2).chain(others).collect()
    }
}

type Ranked = (Vec<i64>, BranchNo, Row);

/// The places, one after the other.
fn seat(ledger: &Ledger<'_>, question: &Question, eligible: &mut [Ranked]) {
    let places = &question.places;
    let most = places.most.map_or(usize::MAX, |it| usize::try_from(it).unwrap());
    let mut given = 0;
    if let Some((street, each)) = places.per_branch {
        let kind = if street {
            lovebank_ledger::BranchKind::Street
        } else {
            lovebank_ledger::BranchKind::Community
        };
        let branch_of = |home: BranchNo| {
            ledger.ancestry(home).find(|it| ledger.branch(*it).unwrap().kind == kind)
        };
        let mut taken: BTreeMap<BranchNo, Vec<Vec<i64>>> = BTreeMap::new();
        let mut all = Vec::new();
        for (scores, home, row) in eligible.iter_mut() {
            let Some(branch) = branch_of(*home) else { continue };
            let own = taken.entry(branch).or_default();
            let free = own.len() < usize::try_from(each).unwrap();
            if free && all.len() < most {
                own.push(scores.clone());
                all.push(scores.clone());
                row.4 = true;
            } else {
                let last = if free { all.last() } else { own.last() };
                row.5 = question.all_in && last == Some(scores);
                row.4 = row.5;
            }
            given += usize::from(row.4);
        }
        if places.most.is_none() || !places.best {
            return;
        }
    }
    let mut last = None;
    for (scores, _, row) in eligible.iter_mut().filter(|it| !it.2.4) {
        if given < most {
            row.4 = true;
            given += 1;
            last = Some(scores.clone());
        } else if question.all_in && last.as_ref() == Some(scores) {
            (row.4, row.5) = (true, true);
        }
    }
}
