//! "Why not me?" and "what would be different now?".

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Candidate, Fate, Inputs, Judged, Seat, Selection, facts::Person};
use crate::{BranchNo, Ledger, Minutes, PassbookNo};

/// What became of someone, and what would have been needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The home branch as of the entry.
    pub home: BranchNo,
    /// Minutes of service on the days.
    pub minutes: Minutes,
    /// What became of it; none: neither served on the days nor was nominated.
    pub fate: Option<Fate>,
    /// The place among those who are eligible.
    pub place: Option<u32>,
    /// Each condition of the programme, as it was judged, and whether it is waived.
    pub conditions: Vec<(Judged, bool)>,
    /// Each key of the order: the own score, and that of the last who was chosen before the
    /// places ran out.
    pub keys: Vec<(Option<Decimal>, Option<Decimal>)>,
    /// The last who was chosen of those the volunteer could have come before.
    pub last: Option<PassbookNo>,
}

/// Explains what became of someone.
pub fn explain(
    ledger: &Ledger<'_>,
    inputs: &Inputs<'_>,
    selection: &Selection,
    passbook: PassbookNo,
) -> Option<Explained> {
    let person = Person::new(ledger, &inputs.view, passbook);
    let home = ledger.home(passbook, Some(inputs.view.as_of))?;
    let own = selection.of(passbook);
    let judge = |(index, it): (u8, &super::Clause)| {
        (it.judge(&|at| person.of(at)), inputs.waived.contains(&(passbook, index)))
    };
    // Places of a branch are for its own; the others are for all.
    let chosen = |it: &&Candidate| matches!(it.fate, Fate::Chosen(Seat::Best | Seat::Tie));
    let last = selection.candidates.iter().rev().find(chosen);
    let last = last.or_else(|| selection.chosen().last());
    let score = |key: &crate::priority::Key| key.score.number(&|at| person.of(at));
    let keys = inputs.programme.order.iter().enumerate().map(|(index, key)| {
        let other = last.and_then(|it| it.scores.get(index).copied().flatten());
        (score(key), other)
    });
    Some(Explained {
        home,
        minutes: person.service().minutes,
        fate: own.map(|it| it.fate),
        place: own.and_then(|it| it.place),
        conditions: (0..).zip(&inputs.programme.eligible).map(judge).collect(),
        keys: keys.collect(),
        last: last.map(|it| it.passbook),
    })
}

/// Where someone stands in a result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// What became of it; none: was not looked at.
    pub fate: Option<Fate>,
    /// The place among those who are eligible.
    pub place: Option<u32>,
    /// Minutes of service on the days.
    pub minutes: Minutes,
}

/// One whose place would be another with what is known of service now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drift {
    /// Who.
    pub passbook: PassbookNo,
    /// In the run.
    pub then: Standing,
    /// As of now.
    pub now: Standing,
}

/// What later entries about service would change in a result: everybody who is chosen in one of
/// the two and whose minutes, place or fate differ; first those of the run, in their order.
pub fn drift(then: &Selection, now: &Selection) -> Vec<Drift> {
    let standing =
        |it: &Candidate| Standing { fate: Some(it.fate), place: it.place, minutes: it.minutes };
    let is_chosen = |it: &Standing| matches!(it.fate, Some(Fate::Chosen(_)));
    let mut later: BTreeMap<PassbookNo, Standing> =
        now.candidates.iter().map(|it| (it.passbook, standing(it))).collect();
    let mut found = Vec::new();
    for it in &then.candidates {
        let (then, now) = (standing(it), later.remove(&it.passbook).unwrap_or_default());
        if then != now && (is_chosen(&then) || is_chosen(&now)) {
            found.push(Drift { passbook: it.passbook, then, now });
        }
    }
    for (passbook, now) in later.into_iter().filter(|it| is_chosen(&it.1)) {
        found.push(Drift { passbook, then: Standing::default(), now });
    }
    found
}
