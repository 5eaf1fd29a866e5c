//! Making the copies alike, or saying why that cannot be done.

use std::path::PathBuf;

use lovebank_journal::Head;

use crate::{
    Finding, OpenError, Reason, Refused,
    decide::{Heal, Plan, Side, decide},
    look::Look,
    mirror::Mirror,
    place::Place,
};

/// The copies, whole and alike.
pub(crate) struct Whole {
    pub(crate) first: Mirror,
    pub(crate) second: Option<Mirror>,
    pub(crate) head: Head,
    pub(crate) bytes: u64,
    pub(crate) findings: Vec<Finding>,
}

/// A journal without a second copy: there is nothing to heal from.
pub(crate) fn one(mut only: Look) -> Result<Whole, OpenError> {
    if only.is_damaged() {
        return Err(refuse(Reason::NoneWhole, [only]));
    }
    let head = only.trimmed()?;
    let Look { place, mirror, bytes, mut findings, .. } = only;
    let first = mirror.map_or_else(|| begin(&place, &mut findings), Ok)?;
    Ok(Whole { first, second: None, head, bytes, findings })
}

/// A journal with a second copy.
pub(crate) fn two(mut first: Look, mut second: Look) -> Result<Whole, OpenError> {
    let holds = |side, head| match side {
        Side::First => first.holds(head),
        Side::Second => second.holds(head),
    };
    let plan = match decide(first.standing.as_ref(), second.standing.as_ref(), holds) {
        Ok(plan) => plan,
        Err(reason) => return Err(refuse(reason, [first, second])),
    };
    let mut findings = Vec::new();
    let head = match plan {
        Plan::Begin => {
            first.mirror = Some(begin(&first.place, &mut findings)?);
            second.mirror = Some(begin(&second.place, &mut findings)?);
            Head::EMPTY
        }
        Plan::Keep => {
            second.trimmed()?;
            first.trimmed()?
        }
        Plan::Heal { good: Side::First, how } => heal(&mut first, &mut second, how)?,
        Plan::Heal { good: Side::Second, how } => {
            let head = heal(&mut second, &mut first, how)?;
            first.bytes = second.bytes;
            head
        }
    };
    for look in [&mut first, &mut second] {
        findings.append(&mut look.findings);
    }
    let bytes = first.bytes;
    let first = first.mirror.expect("the plan leaves both open");
    Ok(Whole { first, second: second.mirror, head, bytes, findings })
}

fn begin(place: &Place, findings: &mut Vec<Finding>) -> Result<Mirror, OpenError> {
    findings.push(Finding::Begun { dir: place.dir() });
    place.make(None, Head::EMPTY)
}

/// Makes a copy like the good one.
fn heal(good: &mut Look, other: &mut Look, how: Heal) -> Result<Head, OpenError> {
    let head = good.trimmed()?;
    let from = good.mirror.as_ref().expect("the good copy is open");
    let (dir, entries) = (other.place.dir(), head.no);
    let unnoted = unnoted([good, other]);
    let finding = match how {
        Heal::Make => {
            other.mirror = Some(other.place.make(Some(from), head)?);
            if good.note.is_some_and(|it| it.copies < 2) {
                Finding::Made { dir, entries }
            } else {
                Finding::Restored { dir, entries }
            }
        }
        Heal::CatchUp => {
            let behind = other.trimmed()?;
            let copied = other.mirror.as_ref().map(|it| it.copy(from, behind, head));
            let copied = copied.expect("a copy that is whole is open");
            copied.map_err(|what| OpenError::Healing { dir: dir.clone(), what })?;
            Finding::CaughtUp { dir, from: behind.no, to: head.no, unnoted }
        }
        Heal::Replace(damage) => {
            other.close();
            let aside = other.place.put_aside()?;
            other.mirror = Some(other.place.make(Some(from), head)?);
            Finding::Replaced { dir, damage, aside, entries, unnoted }
        }
    };
    other.findings.push(finding);
    Ok(head)
}

/// The copies without a note: any of them may have had more than both of them show.
fn unnoted(looks: [&Look; 2]) -> Vec<PathBuf> {
    looks.iter().filter(|it| it.note.is_none()).map(|it| it.place.dir()).collect()
}

fn refuse<const N: usize>(reason: Reason, mut looks: [Look; N]) -> OpenError {
    looks.iter_mut().for_each(Look::close);
    let copies = looks.iter().map(Look::found).collect();
    OpenError::Refused(Box::new(Refused { reason, copies }))
}
