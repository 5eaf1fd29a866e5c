//! The selection: who is chosen, who is not, and why. The same inputs give the same result.

use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashMap},
};

use rust_decimal::Decimal;

use super::{Ages, Programme, Rest, Ties, View, facts::Person};
use crate::{BranchNo, Days, EntryNo, Ledger, Minutes, PassbookNo, RulebookVersion, RunNo};

/// What a selection follows from.
#[derive(Debug, Clone)]
pub struct Inputs<'a> {
    /// The programme.
    pub programme: &'a Programme,
    /// The version of the rulebook that says it.
    pub rulebook: RulebookVersion,
    /// Only those at home in this branch or below it; none: the whole bank.
    pub branch: Option<BranchNo>,
    /// Conditions that are waived for someone.
    pub waived: BTreeSet<(PassbookNo, u8)>,
    /// Who is out after an objection.
    pub removed: BTreeSet<PassbookNo>,
    /// Of which days, as of which entry, for which year.
    pub view: View<'a>,
}

/// How someone came to be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seat {
    /// By a place of a branch.
    Branch,
    /// As one of the best of all.
    Best,
    /// As equal to the last who has a place.
    Tie,
}

/// What became of someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// Chosen.
    Chosen(Seat),
    /// Eligible, and no place was left.
    NoPlace,
    /// Not eligible.
    NotEligible,
    /// Out after an objection.
    Removed,
}

/// One who was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub passbook: PassbookNo,
    /// The home branch as of the entry.
    pub home: BranchNo,
    /// Minutes of service on the days.
    pub minutes: Minutes,
    /// What became of it.
    pub fate: Fate,
    /// The place among those who are eligible: equals share one, and the next is as many further
    /// on.
    pub place: Option<u32>,
    /// The score of each key, where it can be computed; of those who are not eligible none.
    pub scores: Vec<Option<Decimal>>,
    /// Conditions that are not met, one bit each, the first the lowest.
    pub failed: u32,
    /// Of them, those that are waived.
    pub waived: u32,
}

/// A result: those who are eligible in their order, then the others by passbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Everybody who served on the days, or was nominated.
    pub candidates: Vec<Candidate>,
}

impl<'a> Inputs<'a> {
    /// The inputs of a programme and a year as of an entry.
    pub fn new(
        ledger: &Ledger<'_>,
        (programme, rulebook): (&'a Programme, RulebookVersion),
        (year, days): (i16, Days),
        as_of: EntryNo,
    ) -> Self {
        Self {
            programme,
            rulebook,
            branch: None,
            waived: BTreeSet::new(),
            removed: BTreeSet::new(),
            view: View::new(ledger, &programme.name, (year, days), as_of),
        }
    }

    /// The inputs of a run, with the exceptions made and the objections upheld so far.
    pub fn of_run(ledger: &'a Ledger<'_>, run: RunNo) -> Option<Self> {
        let row = ledger.run(run)?;
        let it = &row.run;
        let rules = ledger.rulebook(it.rulebook)?;
        let programme = rules.rules.programme(&it.programme)?;
        let mut inputs = Self::new(ledger, (programme, it.rulebook), (it.year, it.days), it.as_of);
        inputs.branch = it.branch;
        inputs.view.ages = Ages::of_bands(&it.ages);
        inputs.waived = row.waived();
        inputs.removed.clone_from(&row.removed);
        Some(inputs)
    }

    /// The same, with service as it is known after a later entry.
    #[must_use]
    pub fn served_as_of(self, ledger: &Ledger<'_>, entry: EntryNo) -> Self {
        Self { view: self.view.served_as_of(ledger, entry), ..self }
    }
}

impl Selection {
    /// Those who are chosen, in their order.
    pub fn chosen(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().filter(|it| matches!(it.fate, Fate::Chosen(_)))
    }

    /// How many are chosen.
    pub fn chosen_count(&self) -> u32 {
        u32::try_from(self.chosen().count()).unwrap_or(u32::MAX)
    }

    /// What became of someone.
    pub fn of(&self, passbook: PassbookNo) -> Option<&Candidate> {
        self.candidates.iter().find(|it| it.passbook == passbook)
    }
}

/// Selects.
pub fn select(ledger: &Ledger<'_>, inputs: &Inputs<'_>) -> Selection {
    let (mut eligible, mut others) = (Vec::new(), Vec::new());
    let count = u64::try_from(ledger.volunteer_count()).unwrap_or(u64::MAX);
    for passbook in (1..=count).filter_map(|it| PassbookNo::new(it).ok()) {
        match judge(ledger, inputs, passbook) {
            Some(it) if it.fate == Fate::NoPlace => eligible.push(it),
            Some(it) => others.push(it),
            None => {}
        }
    }
    let order = |a: &Candidate, b: &Candidate| by_keys(inputs, a, b);
    eligible.sort_unstable_by(|a, b| order(a, b).then(a.passbook.cmp(&b.passbook)));
    number(&mut eligible, order);
    Seats::new(ledger, inputs).give(&mut eligible);
    eligible.append(&mut others);
    Selection { candidates: eligible }
}

/// The order of two by the keys alone.
fn by_keys(inputs: &Inputs<'_>, a: &Candidate, b: &Candidate) -> Ordering {
    let scores = a.scores.iter().zip(&b.scores).zip(&inputs.programme.order);
    let mut orders = scores.map(|((a, b), key)| key.order(*a, *b));
    orders.find(|it| it.is_ne()).unwrap_or(Ordering::Equal)
}

/// Whether someone is looked at.
pub(crate) fn is_candidate(ledger: &Ledger<'_>, inputs: &Inputs<'_>, passbook: PassbookNo) -> bool {
    judge(ledger, inputs, passbook).is_some()
}

/// What one comes to before places are given; none: nobody to look at.
fn judge(ledger: &Ledger<'_>, inputs: &Inputs<'_>, passbook: PassbookNo) -> Option<Candidate> {
    let person = Person::new(ledger, &inputs.view, passbook);
    let minutes = person.service().minutes;
    let nominated = || inputs.view.nominated.contains(&passbook);
    let excepted = || inputs.waived.range((passbook, 0)..=(passbook, u8::MAX)).next().is_some();
    if minutes <= Minutes::ZERO && !nominated() && !excepted() {
        return None;
    }
    let as_of = inputs.view.as_of;
    if ledger.is_erased(passbook, as_of) || ledger.person_as_of(passbook, Some(as_of)) != passbook {
        return None;
    }
    let home = ledger.home(passbook, Some(inputs.view.as_of))?;
    if inputs.branch.is_some_and(|top| !ledger.ancestry(home).any(|it| it == top)) {
        return None;
    }
    let (mut failed, mut waived) = (0_u32, 0_u32);
    for (index, clause) in (0_u8..).zip(&inputs.programme.eligible) {
        if !clause.is_met(&|at| person.of(at)) {
            let bit = 1_u32.checked_shl(u32::from(index)).unwrap_or(0);
            failed |= bit;
            if inputs.waived.contains(&(passbook, index)) {
                waived |= bit;
            }
        }
    }
    let fate = if inputs.removed.contains(&passbook) {
        Fate::Removed
    } else if failed == waived {
        Fate::NoPlace
    } else {
        Fate::NotEligible
    };
    let scores = match fate {
        Fate::NoPlace | Fate::Chosen(_) => {
            let score = |key: &crate::priority::Key| key.score.number(&|at| person.of(at));
            inputs.programme.order.iter().map(score).collect()
        }
        Fate::NotEligible | Fate::Removed => Vec::new(),
    };
    Some(Candidate { passbook, home, minutes, fate, place: None, scores, failed, waived })
}

/// Numbers those who are eligible: equals share a place.
fn number(eligible: &mut [Candidate], order: impl Fn(&Candidate, &Candidate) -> Ordering) {
    let mut last: Option<(usize, u32)> = None;
    for index in 0..eligible.len() {
        let next = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        let (before, row) = (last.and_then(|it| eligible.get(it.0)), eligible.get(index));
        let equal = before.zip(row).is_some_and(|(a, b)| order(a, b).is_eq());
        let place = last.filter(|_| equal).map_or(next, |it| it.1);
        if let Some(it) = eligible.get_mut(index) {
            it.place = Some(place);
        }
        last = Some((index, place));
    }
}

/// The places, as they are given.
struct Seats<'a> {
    ledger: &'a Ledger<'a>,
    inputs: &'a Inputs<'a>,
    given: u32,
}

impl<'a> Seats<'a> {
    fn new(ledger: &'a Ledger<'_>, inputs: &'a Inputs<'_>) -> Self {
        Self { ledger, inputs, given: 0 }
    }

    fn give(mut self, eligible: &mut [Candidate]) {
        let places = &self.inputs.programme.places;
        let most = places.most.unwrap_or(u32::MAX);
        if places.per_branch.is_some() {
            self.give_by_branch(eligible, most);
            if places.most.is_none() || places.rest == Rest::Nobody {
                return;
            }
        }
        let mut last = None;
        for it in eligible {
            if matches!(it.fate, Fate::Chosen(_)) {
                continue;
            }
            self.seat(it, (most, Seat::Best), &mut last);
        }
    }

    /// Each branch's own places, in the order of all. Equals of one branch take none of another's.
    fn give_by_branch(&mut self, eligible: &mut [Candidate], most: u32) {
        let mut branches: HashMap<BranchNo, (u32, Option<u32>)> = HashMap::new();
        let (mut seats, mut last_of_all) = (0_u32, None);
        for it in eligible {
            let Some((branch, places)) = self.places_of(it.home) else { continue };
            let (taken, last) = branches.entry(branch).or_default();
            if *taken < places && seats < most {
                it.fate = Fate::Chosen(Seat::Branch);
                (*taken, seats) = (taken.saturating_add(1), seats.saturating_add(1));
                (*last, last_of_all) = (it.place, it.place);
            } else {
                // Whether the branch has no place left, or all together have none.
                let equal = if *taken < places { last_of_all } else { *last };
                if !self.all_in() || equal.is_none() || equal != it.place {
                    continue;
                }
                it.fate = Fate::Chosen(Seat::Tie);
            }
            self.given = self.given.saturating_add(1);
        }
    }

    fn seat(&mut self, it: &mut Candidate, (most, seat): (u32, Seat), last: &mut Option<u32>) {
        if self.given < most {
            it.fate = Fate::Chosen(seat);
            *last = it.place;
            self.given = self.given.saturating_add(1);
        } else if last.is_some() && *last == it.place && self.all_in() {
            it.fate = Fate::Chosen(Seat::Tie);
        }
    }

    fn all_in(&self) -> bool {
        self.inputs.programme.ties == Ties::AllIn
    }

    /// The branch whose places someone can have, and how many it has.
    fn places_of(&self, home: BranchNo) -> Option<(BranchNo, u32)> {
        let places = &self.inputs.programme.places;
        let (kind, each) = places.per_branch?;
        let branches = self.ledger.ancestry(home).filter_map(|it| self.ledger.branch(it));
        let branch = branches.into_iter().find(|it| it.kind == kind)?;
        Some((branch.no, places.of_branch.get(&branch.code).copied().unwrap_or(each)))
    }
}
