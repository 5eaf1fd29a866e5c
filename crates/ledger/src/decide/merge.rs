//! One person under two numbers: proposed by one, confirmed by another, and undone the same way.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Desk, Outcome, Refused, desk::next_number};
use crate::{
    About, CLASHES_MAX, Event, HelpRow, Kin, LineKind, LotMove, MERGES_MAX, MergeCommand,
    MergeEvent, MergeNo, MergeRow, MergeState, Minutes, NUMBERS_MAX, NewMerge, PassbookNo,
    PassbookRow, Points, Posting, Reason, RecordNo, RecordRow, RecordState, Refusal, RunState,
    ServiceTime, Verb, VolunteerRef, VolunteerStatus,
    ledger::Total,
    recognition::{Inputs, is_candidate},
};

type MergeOutcome = Result<(MergeEvent, Vec<Posting>), Refused>;

pub(super) fn decide(desk: Desk<'_>, command: &MergeCommand) -> Outcome {
    let outcome = match command {
        MergeCommand::ProposeMerge { volunteer, into } => propose(&desk, *volunteer, *into),
        MergeCommand::ConfirmMerge { merge } => confirm(desk, *merge),
        MergeCommand::ProposeMergeUndo { merge } => propose_undo(&desk, *merge),
        MergeCommand::ConfirmMergeUndo { merge } => confirm_undo(desk, *merge),
        MergeCommand::RefuseMerge { merge, reason } => refuse(&desk, *merge, *reason),
    };
    outcome.map(|(event, postings)| (Event::Merge(event), postings))
}

/// A clerk of either side sees that it is one person; what could not be confirmed is refused now to
/// one of both.
fn propose(desk: &Desk<'_>, volunteer: VolunteerRef, into: VolunteerRef) -> MergeOutcome {
    let (from, into) = (desk.passbook(volunteer)?, desk.passbook(into)?);
    either(desk, from, into)?;
    if from == into {
        return Err(Refusal::SamePassbook.into());
    }
    // Others may be merged into the same one: what they have in common is seen when they are.
    let waits =
        |it: &&MergeRow| [it.merge.from, it.merge.into].contains(&from) || it.merge.from == into;
    if let Some(it) = desk.ledger.merges_waiting().find(waits) {
        return Err(Refusal::MergeWaits { merge: it.merge.no }.into());
    }
    if MERGES_MAX <= desk.ledger.merges_waiting().count() {
        return Err(Refusal::MergesFull { most: MERGES_MAX }.into());
    }
    if reaches_both(desk, from, into) {
        can_merge(desk, from, into)?;
    }
    let no = next_number(desk.ledger.merges.len(), MergeNo::new)?;
    Ok((MergeEvent::MergeProposed(NewMerge { no, from, into }), Vec::new()))
}

/// Whoever looks after one of the two may say it; the word of an approver over both decides.
fn either(desk: &Desk<'_>, from: PassbookNo, into: PassbookNo) -> Result<(), Refusal> {
    reaches(desk, from).or_else(|_| reaches(desk, into))
}

/// Who reaches one of the two is told nothing of the other: that is for who confirms it.
fn reaches_both(desk: &Desk<'_>, from: PassbookNo, into: PassbookNo) -> bool {
    [from, into].iter().all(|it| reaches(desk, *it).is_ok())
}

fn reaches(desk: &Desk<'_>, side: PassbookNo) -> Result<(), Refusal> {
    desk.authority.on_passbook(Verb::ProposeMerge, side)
}

fn confirm(mut desk: Desk<'_>, merge: MergeNo) -> MergeOutcome {
    let row = waiting(&desk, merge, MergeState::Proposed)?;
    let NewMerge { from, into, .. } = row.merge;
    // Either may have become another's meanwhile.
    let kept = |it| desk.passbook(VolunteerRef::Passbook(it));
    can_merge(&desk, kept(from)?, kept(into)?)?;
    let had = desk.ledger.passbook(from).copied().unwrap_or_default();
    let none: [LotMove; 0] = [];
    let why = (LineKind::Merged, About::Merge(merge), none.as_slice());
    desk.hand_over((from, into), (had.minutes, had.points), why)?;
    Ok((MergeEvent::MergeConfirmed { merge }, desk.postings()?))
}

/// What a merge needs, when it is proposed and when it is confirmed.
fn can_merge(desk: &Desk<'_>, from: PassbookNo, into: PassbookNo) -> Result<(), Refusal> {
    for (no, closed) in [(from, true), (into, false)] {
        let row = desk.ledger.volunteer(no).ok_or(Refusal::VolunteerUnknown)?;
        let fits = match row.status {
            VolunteerStatus::Active => true,
            // What a closed passbook served is still the person's.
            VolunteerStatus::Closed => closed,
            VolunteerStatus::Suspended => false,
        };
        if !fits {
            return Err(Refusal::VolunteerNotActive { status: row.status });
        }
        if row.tag.is_none() {
            return Err(Refusal::PersonErased { passbook: no });
        }
    }
    let numbers = |it| desk.ledger.numbers(it, None).count();
    if NUMBERS_MAX < numbers(from).saturating_add(numbers(into)) {
        return Err(Refusal::NumbersFull { most: NUMBERS_MAX });
    }
    if Kin::new(from, into).is_some_and(|it| desk.ledger.kin(it).is_some()) {
        return Err(Refusal::KinOfEachOther);
    }
    nothing_open(desk, from)?;
    no_run_open(desk, from, &[RunState::Published])?;
    no_run_open(desk, into, &[RunState::Published])?;
    let clashes = clashes(desk, from, into);
    if clashes.is_empty() {
        return Ok(());
    }
    let named = clashes.iter().take(CLASHES_MAX).map(|(own, other)| format!("{own} + {other}"));
    let records = named.collect::<Vec<_>>().join(", ");
    Err(Refusal::ServicesClash { pairs: clashes.len(), records })
}

/// Nothing is left hanging under a number that is used no more. Records that wait are approved or
/// rejected as before: they count for the person.
fn nothing_open(desk: &Desk<'_>, from: PassbookNo) -> Result<(), Refusal> {
    let ledger = desk.ledger;
    if let Some(open) = ledger.check_in(from) {
        return Err(Refusal::AlreadyCheckedIn { activity: open.activity });
    }
    if let Some((redemption, _)) = ledger.redemptions_of(from).find(|it| it.1.is_open()) {
        return Err(Refusal::RedemptionsOpen { redemption });
    }
    let side =
        |it: &HelpRow| it.asker == from || it.helper == Some(from) || it.offers.contains(&from);
    if let Some((help, row)) = ledger.helps_open().find(|it| side(it.1)) {
        return Err(Refusal::HelpState { help, state: row.state });
    }
    if let Some((draw, _)) = ledger.all_draws_waiting().find(|it| it.1.draw.passbook == from) {
        return Err(Refusal::DrawWaits { draw });
    }
    Ok(())
}

/// A run chooses between people as they were when it was made. Who is looked at in one that hangs
/// out stays one, or two; so does who is chosen or out, or has an exception or an objection, in any
/// that is not finished. A draft may never be decided on: it holds nobody else up who becomes one.
/// What it gave to two as one could not be told apart again.
fn no_run_open(desk: &Desk<'_>, passbook: PassbookNo, looks: &[RunState]) -> Result<(), Refusal> {
    let ledger = desk.ledger;
    let numbers: Vec<PassbookNo> = ledger.numbers(passbook, None).collect();
    let looked_at = |row: &crate::RunRow| {
        let inputs = Inputs::of_run(ledger, row.run.no);
        inputs.is_some_and(|it| numbers.iter().any(|no| is_candidate(ledger, &it, *no)))
    };
    let is_in = |row: &&crate::RunRow| {
        let excepted = row.exceptions.keys().any(|it| numbers.contains(&it.0));
        let open = row.objections.iter().filter_map(|it| ledger.objection(*it));
        let mut about = open.filter(|it| it.answer.is_none() && numbers.contains(&it.about));
        matches!(row.state, RunState::Draft | RunState::Published)
            && (excepted
                || about.next().is_some()
                || row.removed.iter().any(|it| numbers.contains(it))
                || row.result.chosen.iter().any(|it| numbers.contains(&it.passbook))
                || looks.contains(&row.state) && looked_at(row))
    };
    match ledger.runs().find(is_in) {
        Some(row) => Err(Refusal::RunOpen { run: row.run.no }),
        None => Ok(()),
    }
}

/// Pairs of records that cannot both be one person's: the same time, the same total, or a day
/// that is too full.
fn clashes(desk: &Desk<'_>, from: PassbookNo, into: PassbookNo) -> BTreeSet<(RecordNo, RecordNo)> {
    let ledger = desk.ledger;
    let mut found = BTreeSet::new();
    let mut days: BTreeMap<Date, RecordNo> = BTreeMap::new();
    let takes = |row: &RecordRow| {
        matches!(row.state, RecordState::Pending | RecordState::Posted)
            && !row.minutes.is_negative()
    };
    for (no, row) in ledger.records_of(from).filter(|it| takes(it.1)) {
        let other = match row.time {
            ServiceTime::Interval(it) => {
                days.extend(desk.days_of(it).into_iter().map(|it| (it, no)));
                ledger.conflict(into, it, |_| false).map(|it| it.record)
            }
            ServiceTime::Day(date) => {
                days.insert(date, no);
                let same = |it: &RecordRow| (it.activity, it.time) == (row.activity, row.time);
                let midnight = ledger.day(date).map(|it| it.0);
                let mut known = midnight.into_iter().flat_map(|it| ledger.starting_at(into, it));
                known.find(|it| same(it.1)).map(|it| it.0)
            }
            ServiceTime::Span(_) => match ledger.total(into, row.activity) {
                Some(Total::Record(it)) => Some(it),
                Some(Total::Zero) | None => None,
            },
        };
        found.extend(other.map(|it| (no, it)));
    }
    for (date, no) in days {
        if let Some(day) = ledger.day(date)
            && let Some(other) = ledger.taking_of(into, day)
            && desk.is_too_full(date, [from, into])
        {
            found.insert((no, other));
        }
    }
    found
}

fn propose_undo(desk: &Desk<'_>, merge: MergeNo) -> MergeOutcome {
    let row = desk.ledger.merge(merge).ok_or(Refusal::MergeUnknown { merge })?;
    either(desk, row.merge.from, row.merge.into)?;
    if row.state != MergeState::Merged {
        return Err(Refusal::MergeState { merge, state: row.state }.into());
    }
    if MERGES_MAX <= desk.ledger.merges_waiting().count() {
        return Err(Refusal::MergesFull { most: MERGES_MAX }.into());
    }
    if reaches_both(desk, row.merge.from, row.merge.into) {
        parting(desk, row)?;
    }
    Ok((MergeEvent::MergeUndoProposed { merge }, Vec::new()))
}

fn confirm_undo(mut desk: Desk<'_>, merge: MergeNo) -> MergeOutcome {
    let row = waiting(&desk, merge, MergeState::UndoProposed)?;
    let own = parting(&desk, &row)?;
    let NewMerge { from, into, .. } = row.merge;
    let about = About::Merge(merge);
    let came = desk.ledger.spent.get(&(from, about)).cloned().unwrap_or_default();
    desk.hand_over((into, from), own, (LineKind::Parted, about, &came))?;
    Ok((MergeEvent::MergeUndone { merge }, desk.postings()?))
}

/// What goes back to the number that was merged: the minutes of its own records, and the points
/// it had, with what its own records, redemptions, gifts and help moved since.
fn parting(desk: &Desk<'_>, row: &MergeRow) -> Result<(Minutes, Points), Refusal> {
    let ledger = desk.ledger;
    let NewMerge { no, from, into } = row.merge;
    // A later merge of the one that was kept is undone first.
    desk.passbook(VolunteerRef::Passbook(into))?;
    if ledger.volunteer(from).is_none_or(|it| it.tag.is_none()) {
        return Err(Refusal::PersonErased { passbook: from });
    }
    no_run_open(desk, into, &[RunState::Draft, RunState::Published])?;
    let merged = row.merged.ok_or(Refusal::MergeState { merge: no, state: row.state })?;
    // What was given to both together is not to stay with one unseen.
    let mut honours = ledger.honours_of(into, None);
    if let Some(it) = honours.find(|it| merged < it.entry && it.revoked.is_none()) {
        return Err(Refusal::HonourSince { honour: it.honour.no });
    }
    let numbers: Vec<PassbookNo> = ledger.numbers_under(from);
    let mut own = ledger.moved_by(from, merged);
    for line in ledger.came_since(into, merged, &numbers) {
        own.0 = own.0.plus(line.minutes).ok_or(Refusal::OutOfRange)?;
        own.1 = own.1.plus(line.points).ok_or(Refusal::OutOfRange)?;
    }
    // What expired meanwhile is nobody's any more; a debt is none of it.
    let gone = ledger.gone_of(row.merge).min(own.1.max(Points::ZERO));
    own.1 = own.1.minus(gone).ok_or(Refusal::OutOfRange)?;
    let available = ledger.passbook(into).map_or(Points::ZERO, PassbookRow::available);
    if Points::ZERO < own.1 && available < own.1 {
        return Err(Refusal::InsufficientPoints { available, points: own.1 });
    }
    Ok(own)
}

/// Who proposed it takes it back so; else it is an approver's over both.
fn refuse(desk: &Desk<'_>, merge: MergeNo, reason: Reason) -> MergeOutcome {
    let row = desk.ledger.merge(merge).ok_or(Refusal::MergeUnknown { merge })?;
    if row.proposer() != Some(desk.authority.actor()) {
        both(desk, row)?;
    }
    let event = match row.state {
        MergeState::Proposed => MergeEvent::MergeRefused { merge, reason },
        MergeState::UndoProposed => MergeEvent::MergeUndoRefused { merge, reason },
        MergeState::Merged | MergeState::Undone | MergeState::Refused => {
            return Err(Refusal::MergeState { merge, state: row.state }.into());
        }
    };
    Ok((event, Vec::new()))
}

/// A merge in a state, if the actor may confirm what is proposed: neither who did, nor whom it is
/// about.
fn waiting(desk: &Desk<'_>, merge: MergeNo, state: MergeState) -> Result<MergeRow, Refusal> {
    let row = *desk.ledger.merge(merge).ok_or(Refusal::MergeUnknown { merge })?;
    both(desk, &row)?;
    if row.proposer() == Some(desk.authority.actor()) {
        return Err(Refusal::OwnMerge { merge });
    }
    if row.state != state {
        return Err(Refusal::MergeState { merge, state: row.state });
    }
    Ok(row)
}

fn both(desk: &Desk<'_>, row: &MergeRow) -> Result<(), Refusal> {
    desk.authority.may(Verb::ConfirmMerge)?;
    let NewMerge { no: merge, from, into } = row.merge;
    for side in [from, into] {
        desk.authority.on_passbook(Verb::ConfirmMerge, side)?;
    }
    if [from, into].iter().any(|it| desk.authority.is_own(*it)) {
        return Err(Refusal::OwnMerge { merge });
    }
    Ok(())
}
