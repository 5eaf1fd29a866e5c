//! What is true of a volunteer as of an entry and a cut-off: the values of variables.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use jiff::civil::Date;
use lovebank_formula::{Kind, Value, Variable};

use super::Selection;
use crate::{
    AgeBand, Days, EntryNo, HonourLevel, HonourRow, Ledger, Minutes, Month, PassbookNo,
    ProgrammeName, Title, VolunteerStatus, time::whole_months,
};

/// What `years_since_…` is where there never was one.
pub const NEVER: i64 = 9999;

/// What conditions and keys of recognition may name.
pub const VARIABLES: &[Variable] = &[
    // Minutes of service on the days that are looked at.
    Variable { name: "minutes", kind: Kind::Int },
    // Of all service up to the cut-off.
    Variable { name: "minutes_total", kind: Kind::Int },
    // Calendar months with service, on the days that are looked at.
    Variable { name: "months", kind: Kind::Int },
    // The longest row of calendar months with service, up to the cut-off.
    Variable { name: "continuous_months", kind: Kind::Int },
    // Whole months since joining, on the cut-off.
    Variable { name: "tenure_months", kind: Kind::Int },
    // The highest star held, of any scheme; 0: none.
    Variable { name: "star", kind: Kind::Int },
    // Awards held.
    Variable { name: "awards", kind: Kind::Int },
    // Years since the last award, since the last of this programme, and since the last at the
    // level of a district or above; 9999: never.
    Variable { name: "years_since_award", kind: Kind::Int },
    Variable { name: "years_since_same_award", kind: Kind::Int },
    Variable { name: "years_since_district_award", kind: Kind::Int },
    // Whether nominated for this programme and year.
    Variable { name: "nominated", kind: Kind::Bool },
    // The code of the branch that nominated; empty: none did.
    Variable { name: "nominated_by", kind: Kind::Text },
    // Objections that are not answered, to whatever run.
    Variable { name: "open_objections", kind: Kind::Int },
    // The lower end of the age's band on the cut-off; -1: not known.
    Variable { name: "age_band", kind: Kind::Int },
    // Whether the volunteer takes part.
    Variable { name: "active", kind: Kind::Bool },
    // The code of the home branch.
    Variable { name: "branch", kind: Kind::Text },
];

/// The position of a variable.
pub(super) fn position(name: &str) -> Option<usize> {
    VARIABLES.iter().position(|it| it.name == name)
}

/// Of which days, as of which entry volunteers are looked at.
#[derive(Debug, Clone)]
pub struct View<'a> {
    /// The name of the programme or scheme.
    pub name: &'a ProgrammeName,
    /// For which year.
    pub year: i16,
    /// Of which days.
    pub days: Days,
    /// What was known after this entry.
    pub as_of: EntryNo,
    /// Of service, what was known after this one: the same, but for a check of drift.
    pub served_as_of: EntryNo,
    /// In which band of ages they are.
    pub ages: Ages,
    /// Who was nominated.
    pub(super) nominated: BTreeSet<PassbookNo>,
    totals_tell: bool,
}

/// Bands of ages, by volunteer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ages(HashMap<PassbookNo, u8>);

impl Ages {
    /// Bands as an entry tells them.
    pub fn of_bands(bands: &[AgeBand]) -> Self {
        let all = bands.iter().flat_map(|it| it.passbooks.iter().map(|no| (*no, it.from)));
        Self(all.collect())
    }

    /// Each with the band of an age in years, where it is in one of `bands`.
    pub fn of_years(bands: &[u8], years: impl IntoIterator<Item = (PassbookNo, u8)>) -> Self {
        let band = |(no, age): (PassbookNo, u8)| {
            let band = bands.iter().rev().find(|it| **it <= age)?;
            Some((no, *band))
        };
        Self(years.into_iter().filter_map(band).collect())
    }

    /// The same, and others with the band of an age in years.
    #[must_use]
    pub fn and(mut self, bands: &[u8], years: impl IntoIterator<Item = (PassbookNo, u8)>) -> Self {
        self.0.extend(Self::of_years(bands, years).0);
        self
    }

    /// The lower end of the band that someone is in.
    pub fn of(&self, passbook: PassbookNo) -> Option<u8> {
        self.0.get(&passbook).copied()
    }

    /// The bands, each with who of a result is in it, both rising.
    pub fn bands_of(&self, selection: &Selection) -> Vec<AgeBand> {
        let mut bands: BTreeMap<u8, Vec<PassbookNo>> = BTreeMap::new();
        for it in &selection.candidates {
            if let Some(from) = self.of(it.passbook) {
                bands.entry(from).or_default().push(it.passbook);
            }
        }
        let band = |(from, mut passbooks): (u8, Vec<PassbookNo>)| {
            passbooks.sort_unstable();
            AgeBand { from, passbooks }
        };
        bands.into_iter().map(band).collect()
    }
}

impl<'a> View<'a> {
    /// A view of days as of an entry; no age is known.
    pub fn new(
        ledger: &Ledger<'_>,
        name: &'a ProgrammeName,
        (year, days): (i16, Days),
        as_of: EntryNo,
    ) -> Self {
        Self {
            name,
            year,
            days,
            as_of,
            served_as_of: as_of,
            ages: Ages::default(),
            nominated: ledger.nominated(name, year, as_of).collect(),
            totals_tell: totals_tell(ledger, days, as_of),
        }
    }

    /// The same, with service as it is known after another entry.
    #[must_use]
    pub fn served_as_of(self, ledger: &Ledger<'_>, entry: EntryNo) -> Self {
        // Totals are those of who is one person now.
        let totals_tell = totals_tell(ledger, self.days, entry) && !ledger.merged_since(self.as_of);
        Self { served_as_of: entry, totals_tell, ..self }
    }
}

/// A volunteer, looked at.
pub(super) struct Person<'a> {
    ledger: &'a Ledger<'a>,
    view: &'a View<'a>,
    pub(super) passbook: PassbookNo,
    service: OnceCell<Service>,
}

/// What a volunteer served.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Service {
    /// On the days that are looked at.
    pub(super) minutes: Minutes,
    total: Minutes,
    months: i64,
    longest: i64,
}

impl<'a> Person<'a> {
    pub(super) fn new(ledger: &'a Ledger<'_>, view: &'a View<'_>, passbook: PassbookNo) -> Self {
        Self { ledger, view, passbook, service: OnceCell::new() }
    }

    /// The value of a variable.
    pub(super) fn of(&self, at: usize) -> Value {
        let name = VARIABLES.get(at).map_or("", |it| it.name);
        match name {
            "minutes" => Value::Int(self.service().minutes.get()),
            "minutes_total" => Value::Int(self.service().total.get()),
            "months" => Value::Int(self.service().months),
            "continuous_months" => Value::Int(self.service().longest),
            "tenure_months" => Value::Int(self.tenure()),
            "star" => Value::Int(self.star()),
            "awards" => Value::Int(count(self.awards())),
            "years_since_award" => Value::Int(self.years_since(|_| true)),
            "years_since_same_award" => {
                Value::Int(self.years_since(|it| it.name() == self.view.name))
            }
            "years_since_district_award" => Value::Int(self.years_since(is_of_district)),
            "nominated" => Value::Bool(self.nominated()),
            "nominated_by" => Value::Text(self.nominated_by()),
            "open_objections" => Value::Int(self.open_objections()),
            "age_band" => Value::Int(self.age_band()),
            "active" => Value::Bool(self.is_active()),
            "branch" => Value::Text(self.branch()),
            _ => Value::Int(0),
        }
    }

    pub(super) fn service(&self) -> Service {
        *self.service.get_or_init(|| service(self.ledger, self.view, self.passbook))
    }

    fn tenure(&self) -> i64 {
        let joined = self.ledger.joined(self.passbook, Some(self.view.as_of));
        joined.map_or(0, |it| whole_months(it, self.view.days.until))
    }

    fn honours(&self) -> impl Iterator<Item = &'a HonourRow> {
        let as_of = self.view.as_of;
        self.ledger.honours_of(self.passbook, Some(as_of)).filter(move |it| it.held(as_of))
    }

    fn star(&self) -> i64 {
        let level = |it: &HonourRow| match it.honour.title {
            Title::Star { level, .. } => i64::from(level),
            Title::Award { .. } => 0,
        };
        self.honours().map(level).max().unwrap_or(0)
    }

    fn awards(&self) -> impl Iterator<Item = &'a Title> {
        let awards = self.honours().map(|it| &it.honour.title);
        awards.filter(|it| matches!(it, Title::Award { .. }))
    }

    fn years_since(&self, counts: impl Fn(&Title) -> bool) -> i64 {
        let year = |it: &Title| match it {
            Title::Award { year, .. } => Some(i64::from(*year)),
            Title::Star { .. } => None,
        };
        let last = self.awards().filter(|it| counts(it)).filter_map(year).max();
        last.map_or(NEVER, |it| i64::from(self.view.year).saturating_sub(it))
    }

    fn nominated(&self) -> bool {
        self.view.nominated.contains(&self.passbook)
    }

    fn nominated_by(&self) -> String {
        let of = (self.view.name, self.view.year);
        let branch = self
            .ledger
            .nomination(of, self.passbook, Some(self.view.as_of))
            .filter(|_| self.nominated());
        self.code(branch)
    }

    fn open_objections(&self) -> i64 {
        let as_of = self.view.as_of;
        let about = self.ledger.objections_about(self.passbook, Some(as_of));
        count(about.filter(|it| it.is_open(as_of)))
    }

    fn age_band(&self) -> i64 {
        self.view.ages.of(self.passbook).map_or(-1, i64::from)
    }

    fn is_active(&self) -> bool {
        let status = self.ledger.status(self.passbook, Some(self.view.as_of));
        status == Some(VolunteerStatus::Active)
    }

    fn branch(&self) -> String {
        self.code(self.ledger.home(self.passbook, Some(self.view.as_of)))
    }

    fn code(&self, branch: Option<crate::BranchNo>) -> String {
        let branch = branch.and_then(|it| self.ledger.branch(it));
        branch.map(|it| it.code.to_string()).unwrap_or_default()
    }
}

fn count<T>(of: impl Iterator<Item = T>) -> i64 {
    i64::try_from(of.count()).unwrap_or(i64::MAX)
}

fn is_of_district(title: &Title) -> bool {
    matches!(title, Title::Award { level, .. } if HonourLevel::District <= *level)
}

/// What a volunteer served: from the totals by month where those tell it, else from the lines.
fn service(ledger: &Ledger<'_>, view: &View<'_>, passbook: PassbookNo) -> Service {
    let mut sum = Sum::default();
    let days = view.days;
    if view.totals_tell {
        let (first, last) = (Month::of(days.from), Month::of(days.until));
        for (month, _, minutes) in ledger.passbook_months(passbook) {
            if last < month {
                break;
            }
            sum.add(month, minutes, first <= month);
        }
        return sum.done();
    }
    let mut months: Vec<(Date, Minutes)> = Vec::new();
    let numbers = ledger.numbers(passbook, Some(view.as_of)).collect();
    let lines = ledger.service_lines_of(numbers, Some(view.served_as_of));
    for (line, row) in lines.filter(|it| it.1.date <= days.until) {
        months.push((row.date, line.minutes));
    }
    months.sort_unstable();
    for (date, minutes) in months {
        sum.add(Month::of(date), minutes, days.from <= date);
    }
    sum.done()
}

/// A sum over months, given in their order.
#[derive(Default)]
struct Sum {
    service: Service,
    /// The month in hand, its minutes, and of them those on the days that are looked at.
    month: Option<(Month, Minutes, Minutes)>,
    /// The last month with service, and how many in a row end with it.
    row: Option<(Month, i64)>,
}

impl Sum {
    fn add(&mut self, month: Month, minutes: Minutes, within: bool) {
        if self.month.is_some_and(|it| it.0 != month) {
            self.close();
        }
        let (_, all, own) = self.month.unwrap_or((month, Minutes::ZERO, Minutes::ZERO));
        let own = if within { plus(own, minutes) } else { own };
        self.month = Some((month, plus(all, minutes), own));
        self.service.total = plus(self.service.total, minutes);
        if within {
            self.service.minutes = plus(self.service.minutes, minutes);
        }
    }

    fn close(&mut self) {
        let Some((month, all, own)) = self.month.take() else { return };
        if Minutes::ZERO < own {
            self.service.months = self.service.months.saturating_add(1);
        }
        if Minutes::ZERO < all {
            let before = self.row.filter(|it| it.0.next() == month).map_or(0, |it| it.1);
            let row = before.saturating_add(1);
            self.row = Some((month, row));
            self.service.longest = self.service.longest.max(row);
        }
    }

    fn done(mut self) -> Service {
        self.close();
        self.service
    }
}

fn plus(a: Minutes, b: Minutes) -> Minutes {
    a.plus(b).unwrap_or(a)
}

/// Whether totals by month, as they are now, tell what was served on some days as of an entry.
fn totals_tell(ledger: &Ledger<'_>, days: Days, as_of: EntryNo) -> bool {
    let (head, zone) = (ledger.head(), ledger.zone());
    let today = head.and_then(|it| ledger.recorded_at(it)).zip(zone).map(|(at, it)| it.date_at(at));
    let whole = days.from.day() == 1
        && (days.until == days.until.last_of_month() || today.is_some_and(|it| it <= days.until));
    head.is_some_and(|it| it <= as_of) && whole
}
