//! Runs of award programmes: made, published, finished, withdrawn; and their exceptions.

use std::collections::HashSet;

use jiff::civil::Date;

use super::{Desk, HonourDecision, give::line};
use crate::{
    BranchCode, EXCEPTIONS_MAX, EntryNo, HonourEvent, HonourNo, LineKind, NewHonour, NewRun,
    NoticePeriod, PassbookNo, ProgrammeName, Reason, Refusal, RunNo, RunResult, RunRow, RunState,
    Title, Verb, VolunteerRef, WINNERS_MAX, Winner,
    decide::desk::next_number,
    recognition::{Ages, Inputs, Programme, Selection, digest, select},
};

pub(super) fn create(
    desk: &Desk<'_>,
    (programme, year, cut_off): (&ProgrammeName, i16, Option<Date>),
    (branch, as_of): (Option<&BranchCode>, Option<EntryNo>),
    ages: &[(PassbookNo, u8)],
) -> HonourDecision {
    let rules = desk.rules.clone().ok_or(Refusal::OutOfRange)?;
    let unknown = || Refusal::ProgrammeUnknown { programme: programme.clone() };
    let programme = rules.programme(programme).ok_or_else(unknown)?;
    let branch = branch.map(|it| desk.branch(it).map(|it| it.no)).transpose()?;
    match branch {
        Some(it) => desk.authority.on_branch(Verb::RunAwards, it)?,
        None if desk.authority.in_bank(Verb::RunAwards) => {}
        None => return Err(Refusal::BankWideOnly { verb: Verb::RunAwards }.into()),
    }
    let head = desk.ledger.head().ok_or(Refusal::OutOfRange)?;
    let as_of = as_of.unwrap_or(head);
    if head < as_of {
        return Err(Refusal::EntryUnknown { entry: as_of }.into());
    }
    let days = programme.days(year, cut_off).ok_or(Refusal::YearNotBegun { year })?;
    if let Some(run) = given(desk, (&programme.name, year), branch) {
        return Err(Refusal::RunFinal { run }.into());
    }
    let mut inputs = Inputs::new(desk.ledger, (programme, desk.rulebook()), (year, days), as_of);
    inputs.branch = branch;
    inputs.view.ages = Ages::of_years(&programme.age_bands, ages.iter().copied());
    let (selection, result) = select_with(desk, &inputs)?;
    let run = NewRun {
        no: next_number(desk.ledger.runs.len(), RunNo::new)?,
        programme: programme.name.clone(),
        rulebook: desk.rulebook(),
        year,
        days,
        branch,
        as_of,
        ages: if programme.asks_age() { inputs.view.ages.bands_of(&selection) } else { Vec::new() },
        result,
    };
    Ok((HonourEvent::RunCreated(run), Vec::new()))
}

/// A run of the same programme and year that is final and had some of the same volunteers.
fn given(
    desk: &Desk<'_>,
    (programme, year): (&ProgrammeName, i16),
    branch: Option<crate::BranchNo>,
) -> Option<RunNo> {
    let within = |a, b| desk.ledger.ancestry(a).any(|it| it == b);
    let meets = |other: Option<crate::BranchNo>| match (branch, other) {
        (Some(a), Some(b)) => within(a, b) || within(b, a),
        (None, _) | (_, None) => true,
    };
    let same = |it: &&RunRow| {
        let run = &it.run;
        let is_same = run.programme == *programme && run.year == year;
        it.state == RunState::Final && is_same && meets(run.branch)
    };
    desk.ledger.runs().find(same).map(|it| it.run.no)
}

/// Selects, and says what comes of it.
fn select_with(desk: &Desk<'_>, inputs: &Inputs<'_>) -> Result<(Selection, RunResult), Refusal> {
    let selection = select(desk.ledger, inputs);
    let winner = |it: &crate::recognition::Candidate| Winner {
        passbook: it.passbook,
        place: it.place.unwrap_or(0),
    };
    let chosen: Vec<Winner> = selection.chosen().map(winner).collect();
    if WINNERS_MAX < chosen.len() {
        return Err(Refusal::TooManyChosen { chosen: chosen.len(), most: WINNERS_MAX });
    }
    let digest = digest(desk.ledger, inputs, &selection);
    Ok((selection, RunResult { digest, chosen }))
}

/// The result of a run, with some of its inputs changed.
pub(super) fn result_with(
    desk: &Desk<'_>,
    run: RunNo,
    change: impl FnOnce(&mut Inputs<'_>),
) -> Result<RunResult, Refusal> {
    let mut inputs = Inputs::of_run(desk.ledger, run).ok_or(Refusal::RunUnknown { run })?;
    change(&mut inputs);
    select_with(desk, &inputs).map(|it| it.1)
}

/// A run that the actor may do the verb on, in one of some states.
pub(super) fn known<'a>(
    desk: &Desk<'a>,
    (run, verb): (RunNo, Verb),
    states: &[RunState],
) -> Result<&'a RunRow, Refusal> {
    let row = desk.ledger.run(run).ok_or(Refusal::RunUnknown { run })?;
    match row.run.branch {
        Some(it) => desk.authority.on_branch(verb, it)?,
        None if desk.authority.in_bank(verb) => {}
        None => return Err(Refusal::BankWideOnly { verb }),
    }
    if states.contains(&row.state) {
        return Ok(row);
    }
    Err(Refusal::RunState { run, state: row.state })
}

/// The programme of a run.
fn programme<'a>(desk: &Desk<'a>, row: &RunRow) -> Result<&'a Programme, Refusal> {
    let rules = desk.ledger.rulebook(row.run.rulebook).ok_or(Refusal::OutOfRange)?;
    let unknown = || Refusal::ProgrammeUnknown { programme: row.run.programme.clone() };
    rules.rules.programme(&row.run.programme).ok_or_else(unknown)
}

/// One of two people says that a condition is to be waived.
pub(super) fn propose(
    desk: &Desk<'_>,
    run: RunNo,
    volunteer: VolunteerRef,
    condition: u8,
) -> HonourDecision {
    let passbook = desk.passbook(volunteer)?;
    let row = known(desk, (run, Verb::MakeException), &[RunState::Draft])?;
    let waivable = programme(desk, row)?.eligible.get(usize::from(condition));
    if !waivable.is_some_and(|it| it.waivable) {
        return Err(Refusal::NotWaivable { condition: condition.saturating_add(1) }.into());
    }
    if desk.authority.is_own(passbook) {
        return Err(Refusal::OwnPassbook.into());
    }
    if row.exceptions.contains_key(&(passbook, condition)) {
        return Err(Refusal::NothingChanges.into());
    }
    if EXCEPTIONS_MAX <= row.exceptions.len() {
        return Err(Refusal::ExceptionsFull { most: EXCEPTIONS_MAX }.into());
    }
    Ok((HonourEvent::ExceptionProposed { run, passbook, condition }, Vec::new()))
}

/// The other of two people agrees.
pub(super) fn confirm(
    desk: &Desk<'_>,
    run: RunNo,
    volunteer: VolunteerRef,
    condition: u8,
) -> HonourDecision {
    let passbook = desk.passbook(volunteer)?;
    let row = known(desk, (run, Verb::MakeException), &[RunState::Draft])?;
    let exception = row.exceptions.get(&(passbook, condition));
    let exception = exception.ok_or(Refusal::ExceptionUnknown { run })?;
    if desk.authority.is_own(passbook) {
        return Err(Refusal::OwnPassbook.into());
    }
    if exception.proposed_by == desk.authority.actor() {
        return Err(Refusal::OwnException { run }.into());
    }
    if exception.confirmed_by.is_some() {
        return Err(Refusal::NothingChanges.into());
    }
    let result = result_with(desk, run, |it| {
        it.waived.insert((passbook, condition));
    })?;
    Ok((HonourEvent::ExceptionConfirmed { run, passbook, condition, result }, Vec::new()))
}

/// Hangs a run out.
pub(super) fn publish(desk: &Desk<'_>, run: RunNo) -> HonourDecision {
    let row = known(desk, (run, Verb::RunAwards), &[RunState::Draft])?;
    winners(desk, row)?;
    let working_days = programme(desk, row)?.notice_working_days;
    let rules = desk.rules.as_ref().ok_or(Refusal::OutOfRange)?;
    let last = rules.calendar().add_working_days(desk.today, working_days);
    let last = last.ok_or(Refusal::OutOfRange)?;
    let notice = NoticePeriod { first: desk.today, last: last.date, certain: last.certain };
    Ok((HonourEvent::RunPublished { run, notice }, Vec::new()))
}

/// The people whom a run chose, in their order: each once.
fn winners(desk: &Desk<'_>, row: &RunRow) -> Result<Vec<PassbookNo>, Refusal> {
    let mut seen = HashSet::new();
    let person = |it: &Winner| {
        let passbook = desk.ledger.person(it.passbook);
        let once = seen.insert(passbook);
        once.then_some(passbook).ok_or(Refusal::ChosenTwice { run: row.run.no, passbook })
    };
    row.result.chosen.iter().map(person).collect()
}

/// Gives the awards of a run.
pub(super) fn finalize(mut desk: Desk<'_>, run: RunNo) -> HonourDecision {
    let row = known(&desk, (run, Verb::RunAwards), &[RunState::Published])?;
    let open = |it: &&crate::ObjectionNo| {
        desk.ledger.objection(**it).is_some_and(|it| it.answer.is_none())
    };
    if let Some(objection) = row.objections.iter().find(open) {
        return Err(Refusal::ObjectionsOpen { objection: *objection }.into());
    }
    let last = row.notice.map_or(desk.today, |it| it.last);
    if desk.today <= last {
        return Err(Refusal::NoticeNotOver { last }.into());
    }
    if let Some(run) = given(&desk, (&row.run.programme, row.run.year), row.run.branch) {
        return Err(Refusal::RunFinal { run }.into());
    }
    let level = programme(&desk, row)?.level;
    let title = Title::Award { programme: row.run.programme.clone(), year: row.run.year, level };
    let known = desk.ledger.honours.len();
    let winners = winners(&desk, row)?;
    let mut honours = Vec::with_capacity(winners.len());
    for (index, passbook) in (0_u32..).zip(winners) {
        let no = next_number(known.saturating_add(honours.len()), HonourNo::new)?;
        line(&mut desk, (passbook, no), LineKind::Honoured)?;
        let (title, given) = (title.clone(), desk.today);
        honours.push(NewHonour { no, index, passbook, title, given });
    }
    Ok((HonourEvent::RunFinalized { run, honours }, desk.postings()?))
}

/// Gives a run up.
pub(super) fn withdraw(desk: &Desk<'_>, run: RunNo, reason: Reason) -> HonourDecision {
    known(desk, (run, Verb::RunAwards), &[RunState::Draft, RunState::Published])?;
    Ok((HonourEvent::RunWithdrawn { run, reason }, Vec::new()))
}
