//! Objections to a run that is published, and their answers.

use super::{
    Desk, HonourDecision,
    run::{known, result_with},
};
use crate::{
    HonourEvent, NewObjection, OBJECTIONS_MAX, ObjectionAnswer, ObjectionNo, PassbookNo, Refusal,
    RunNo, RunState, Verb, VolunteerRef, decide::desk::next_number,
};

/// Anyone who takes part can object, to whatever place of a run, until its last day.
pub(super) fn file(desk: &Desk<'_>, run: RunNo, about: VolunteerRef) -> HonourDecision {
    let row = desk.ledger.run(run).ok_or(Refusal::RunUnknown { run })?;
    let about = if desk.authority.only_as_volunteer(Verb::FileObjection) {
        // Whose number exists is not told: one's own place, or that of whoever is chosen.
        let chosen = |it: PassbookNo| {
            row.result.chosen.iter().any(|one| desk.ledger.person(one.passbook) == it)
        };
        let known = desk.ledger.resolve(about).map(|it| desk.ledger.person(it));
        let known = known.filter(|it| chosen(*it) || desk.authority.is_own(*it));
        known.ok_or(Refusal::NotYourPassbook)?
    } else {
        let about = desk.passbook(about)?;
        desk.authority.on_passbook(Verb::FileObjection, about)?;
        about
    };
    if row.state != RunState::Published {
        return Err(Refusal::RunState { run, state: row.state }.into());
    }
    let last = row.notice.map_or(desk.today, |it| it.last);
    if last < desk.today {
        return Err(Refusal::NoticeOver { last }.into());
    }
    if OBJECTIONS_MAX <= row.objections.len() {
        return Err(Refusal::ObjectionsFull { most: OBJECTIONS_MAX }.into());
    }
    let actor = desk.authority.actor();
    let mut others = desk.ledger.objections_about(about, None);
    if others.any(|it| it.run == run && it.actor == actor && it.answer.is_none()) {
        return Err(Refusal::NothingChanges.into());
    }
    let no = next_number(desk.ledger.objections.len(), ObjectionNo::new)?;
    Ok((HonourEvent::ObjectionFiled(NewObjection { no, run, about }), Vec::new()))
}

/// Answers an objection.
pub(super) fn resolve(desk: &Desk<'_>, objection: ObjectionNo, upheld: bool) -> HonourDecision {
    let unknown = Refusal::ObjectionUnknown { objection };
    let row = *desk.ledger.objection(objection).ok_or(unknown)?;
    let states = [RunState::Draft, RunState::Published];
    let run = known(desk, (row.run, Verb::RunAwards), &states)?;
    if row.actor == desk.authority.actor() || desk.authority.is_own(row.about) {
        return Err(Refusal::OwnObjection { objection }.into());
    }
    if row.answer.is_some() {
        return Err(Refusal::ObjectionAnswered { objection }.into());
    }
    let ledger = desk.ledger;
    let person = ledger.person(row.about);
    let is_chosen = run.result.chosen.iter().any(|it| ledger.person(it.passbook) == person);
    let answer = match (upheld, is_chosen) {
        (false, _) => ObjectionAnswer::Dismissed,
        (true, false) => ObjectionAnswer::RunGivenUp,
        (true, true) => {
            let result = result_with(desk, row.run, |it| {
                it.removed.extend(ledger.numbers(person, None));
            })?;
            ObjectionAnswer::Removed(result)
        }
    };
    Ok((HonourEvent::ObjectionResolved { objection, answer }, Vec::new()))
}
