//! What to do with what two copies show. It changes nothing.

use lovebank_journal::{GROUP_MAX, Head};

use crate::{Damage, Reason};

/// How one copy stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The last entry up to which it is whole.
    pub(crate) head: Head,
    /// The last entry that there is any trace of.
    pub(crate) seen: u64,
    /// Whether its note says how far it had come.
    pub(crate) is_noted: bool,
    /// What is wrong with it.
    pub(crate) damage: Option<Damage>,
}

/// One of two copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    First,
    Second,
}

/// What to do with two copies.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// There is none yet: begin both.
    Begin,
    /// They are alike.
    Keep,
    /// Make the other one like the good one.
    Heal { good: Side, how: Heal },
}

/// How to make a copy whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heal {
    /// It is not there: make it.
    Make,
    /// It lacks what a crash can leave out: add it.
    CatchUp,
    /// It is damaged: put it aside and make it anew.
    Replace(Damage),
}

/// Decides. `holds` tells whether a copy holds the entry of a head.
pub(crate) fn decide(
    first: Option<&Standing>,
    second: Option<&Standing>,
    holds: impl Fn(Side, Head) -> bool,
) -> Result<Plan, Reason> {
    match (first, second) {
        (None, None) => Ok(Plan::Begin),
        (Some(it), None) => make(Side::First, it),
        (None, Some(it)) => make(Side::Second, it),
        (Some(first), Some(second)) => match (&first.damage, &second.damage) {
            (None, None) => both_whole(first, second, holds),
            (Some(damage), None) => replace(first, damage, Side::Second, second.head, holds),
            (None, Some(damage)) => replace(second, damage, Side::First, first.head, holds),
            (Some(_), Some(_)) => Err(Reason::NoneWhole),
        },
    }
}

fn make(good: Side, standing: &Standing) -> Result<Plan, Reason> {
    match standing.damage {
        None => Ok(Plan::Heal { good, how: Heal::Make }),
        Some(_) => Err(Reason::NoneWhole),
    }
}

fn both_whole(
    first: &Standing,
    second: &Standing,
    holds: impl Fn(Side, Head) -> bool,
) -> Result<Plan, Reason> {
    if first.head == second.head {
        return Ok(Plan::Keep);
    }
    let (good, long, short) = if second.head.no < first.head.no {
        (Side::First, first.head, second)
    } else {
        (Side::Second, second.head, first)
    };
    let (short, is_noted) = (short.head, short.is_noted);
    if long.no == short.no || !holds(good, short) {
        return Err(Reason::Diverging { no: short.no });
    }
    let group = u64::try_from(GROUP_MAX).unwrap_or(u64::MAX);
    // Without its note nobody knows whether it had acknowledged what it lacks.
    let how = if is_noted && long.no.saturating_sub(short.no) <= group {
        Heal::CatchUp
    } else {
        Heal::Replace(Damage::Behind { found: short.no, other: long.no })
    };
    Ok(Plan::Heal { good, how })
}

fn replace(
    damaged: &Standing,
    damage: &Damage,
    good: Side,
    whole: Head,
    holds: impl Fn(Side, Head) -> bool,
) -> Result<Plan, Reason> {
    if whole.no < damaged.seen {
        return Err(Reason::Beyond { seen: damaged.seen, whole: whole.no });
    }
    if !holds(good, damaged.head) {
        return Err(Reason::Diverging { no: damaged.head.no });
    }
    Ok(Plan::Heal { good, how: Heal::Replace(damage.clone()) })
}

#[cfg(test)]
mod tests {
    use lovebank_ledger::Seal;

    use super::*;

    fn whole(no: u64) -> Standing {
        let head = Head { no, seal: Seal::new([1; 32]) };
        Standing { head, seen: no, is_noted: true, damage: None }
    }

    fn damaged(no: u64, seen: u64) -> Standing {
        Standing { seen, damage: Some(Damage::NoDatabase), ..whole(no) }
    }

    /// What is decided of two copies of which the longer one holds all of the shorter one.
    fn decided(first: &Standing, second: &Standing) -> Result<Plan, Reason> {
        decide(Some(first), Some(second), |_, _| true)
    }

    fn diverging(first: &Standing, second: &Standing) -> Result<Plan, Reason> {
        decide(Some(first), Some(second), |_, _| false)
    }

    #[test]
    fn a_copy_that_is_not_there_is_made() {
        use Side::{First, Second};
        let made = |good| Ok(Plan::Heal { good, how: Heal::Make });
        assert_eq!(decide(None, None, |_, _| true), Ok(Plan::Begin));
        assert_eq!(decide(Some(&whole(5)), None, |_, _| true), made(First));
        assert_eq!(decide(None, Some(&whole(5)), |_, _| true), made(Second));
        assert_eq!(decide(Some(&damaged(3, 5)), None, |_, _| true), Err(Reason::NoneWhole));
        assert_eq!(decide(None, Some(&damaged(3, 5)), |_, _| true), Err(Reason::NoneWhole));
    }

    #[test]
    fn of_two_whole_copies_the_longer_one_counts() {
        use Side::{First, Second};
        let caught_up = |good| Ok(Plan::Heal { good, how: Heal::CatchUp });
        assert_eq!(decided(&whole(5), &whole(5)), Ok(Plan::Keep));
        assert_eq!(decided(&whole(5), &whole(9)), caught_up(Second));
        assert_eq!(decided(&whole(4101), &whole(5)), caught_up(First));
        let how = Heal::Replace(Damage::Behind { found: 5, other: 4102 });
        assert_eq!(decided(&whole(4102), &whole(5)), Ok(Plan::Heal { good: First, how }));
        let how = Heal::Replace(Damage::Behind { found: 5, other: 6 });
        let unnoted = Standing { is_noted: false, ..whole(5) };
        assert_eq!(decided(&unnoted, &whole(6)), Ok(Plan::Heal { good: Second, how }));
        assert_eq!(diverging(&whole(4), &whole(5)), Err(Reason::Diverging { no: 4 }));
        let mut other = whole(5);
        other.head.seal = Seal::NONE;
        assert_eq!(decided(&whole(5), &other), Err(Reason::Diverging { no: 5 }));
    }

    #[test]
    fn a_damaged_copy_is_replaced_unless_it_had_more() {
        use Side::{First, Second};
        let replaced = |good| Ok(Plan::Heal { good, how: Heal::Replace(Damage::NoDatabase) });
        assert_eq!(decided(&damaged(3, 5), &whole(5)), replaced(Second));
        assert_eq!(decided(&whole(5), &damaged(3, 4)), replaced(First));
        let beyond = Reason::Beyond { seen: 6, whole: 5 };
        assert_eq!(decided(&damaged(3, 6), &whole(5)), Err(beyond));
        assert_eq!(diverging(&damaged(3, 5), &whole(5)), Err(Reason::Diverging { no: 3 }));
        assert_eq!(decided(&damaged(3, 5), &damaged(5, 5)), Err(Reason::NoneWhole));
    }
}
