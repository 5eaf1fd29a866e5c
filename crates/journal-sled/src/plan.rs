//! What to do about the copies as they were found: decided before anything is touched.

use crate::{error::Finding, open::State};

/// The next thing to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Nothing: the copies are whole and equal.
    Ready,
    /// Make an empty copy.
    Create { at: usize },
    /// Remove what is there of an entry that was never acknowledged.
    Trim { at: usize },
    /// Add the last entries of the other.
    CatchUp { at: usize, from: usize },
    /// Make a second copy of the only one.
    Duplicate { at: usize, from: usize },
    /// Put a copy aside, where there is one, and build it anew from the other.
    Heal { at: usize, from: usize, found: Finding },
    /// Nothing can be done without losing what may have been acknowledged.
    Refuse(&'static str),
}

/// Decides what comes next.
pub(crate) fn plan(states: &[State]) -> Plan {
    let plan = match states {
        [one] => alone(one),
        [one, other] => pair(one, other),
        _ => Plan::Refuse("there are neither one nor two copies"),
    };
    let unfinished = |it: &State| it.whole().is_some_and(|it| !it.scan.unfinished.is_empty());
    match (states.iter().position(unfinished), plan) {
        (_, plan @ Plan::Refuse(_)) | (None, plan) => plan,
        (Some(at), _) => Plan::Trim { at },
    }
}

fn alone(one: &State) -> Plan {
    match one {
        State::Missing => Plan::Create { at: 0 },
        State::Whole(_) => Plan::Ready,
        State::Damaged(_) => Plan::Refuse("the only copy is damaged"),
    }
}

fn pair(one: &State, other: &State) -> Plan {
    match (one, other) {
        (State::Missing, State::Missing) => Plan::Create { at: 0 },
        (State::Whole(one), State::Whole(other)) => {
            if other.scan.head.no < one.scan.head.no {
                behind((1, other), (0, one))
            } else {
                behind((0, one), (1, other))
            }
        }
        (State::Missing, State::Whole(good)) => missing(0, (1, good)),
        (State::Whole(good), State::Missing) => missing(1, (0, good)),
        (State::Damaged(bad), State::Whole(good)) => heal(0, bad, (1, good)),
        (State::Whole(good), State::Damaged(bad)) => heal(1, bad, (0, good)),
        (State::Missing | State::Damaged(_), State::Missing | State::Damaged(_)) => {
            Plan::Refuse("neither is whole")
        }
    }
}

type Good<'a> = (usize, &'a crate::open::Whole);

/// `one` ends where `other` ends, or before.
fn behind((at, one): Good<'_>, (from, other): Good<'_>) -> Plan {
    let (found, reached) = (one.scan.head, other.scan.head);
    if other.seal_of(found.no) != Some(found.seal) {
        return Plan::Refuse("both are whole, and they tell different histories");
    }
    if found == reached {
        return Plan::Ready;
    }
    let one_group = other.scan.group_first <= found.no.saturating_add(1);
    let alone = other.witness.is_some_and(|it| !it.mirrored);
    if (one_group || alone) && other.begins_row(found.no.saturating_add(1)) {
        return Plan::CatchUp { at, from };
    }
    Plan::Heal { at, from, found: Finding::Short { found: found.no, other: reached.no } }
}

fn missing(at: usize, (from, good): Good<'_>) -> Plan {
    let mirrored = good.witness.is_none_or(|it| it.mirrored);
    if good.scan.head.no == 0 || !mirrored {
        return Plan::Duplicate { at, from };
    }
    Plan::Heal { at, from, found: Finding::Missing }
}

fn heal(at: usize, bad: &crate::scan::Damage, (from, good): Good<'_>) -> Plan {
    if good.scan.head.no < bad.evidence_to {
        return Plan::Refuse("the damaged one speaks of entries that the whole one does not hold");
    }
    Plan::Heal { at, from, found: bad.finding.clone() }
}
