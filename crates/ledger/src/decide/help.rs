//! Help between volunteers: asked for, offered, accepted, confirmed by both, paid for.

use super::{
    Desk, Outcome, Refused,
    desk::{Assent, Booking, next_number},
};
use crate::{
    Event, HELP_OPEN_MAX, HelpCommand, HelpEvent, HelpNo, HelpOutcome, HelpRow, HelpSaid,
    HelpSettled, HelpState, HoldNo, Interval, Minutes, NamedActivity, NewHelp, NewHold, NewRecord,
    OFFERS_MAX, PassbookNo, Points, Posting, Provenance, RecordNo, Refusal, Service, Side,
    Timestamp, Verb, VolunteerRef, VolunteerStatus,
};

type HelpDecision = Result<(HelpEvent, Vec<Posting>), Refused>;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

pub(super) fn decide(desk: Desk<'_>, command: &HelpCommand) -> Outcome {
    let decision = match command {
        HelpCommand::AskForHelp { volunteer, activity, window, age_band } => {
            ask(desk, *volunteer, activity, (*window, *age_band))
        }
        HelpCommand::OfferHelp { help, volunteer } => offer(&desk, *help, *volunteer),
        HelpCommand::WithdrawOffer { help, volunteer } => withdraw_offer(&desk, *help, *volunteer),
        HelpCommand::AcceptOffer { help, helper } => accept(&desk, *help, *helper),
        HelpCommand::CancelHelp { help } => cancel(&desk, *help),
        HelpCommand::ConfirmHelp { help, volunteer, minutes } => {
            confirm(desk, *help, *volunteer, *minutes)
        }
        HelpCommand::ResolveHelp { help, minutes } => resolve(desk, *help, *minutes),
    };
    decision.map(|(event, postings)| (Event::Help(event), postings))
}

fn ask(
    mut desk: Desk<'_>,
    volunteer: VolunteerRef,
    activity: &NamedActivity,
    (window, age_band): (Interval, Option<u8>),
) -> HelpDecision {
    let asker = desk.passbook_for(Verb::AskForHelp, volunteer)?;
    let branch = desk.branch(&activity.branch)?.no;
    desk.authority.on_passbook(Verb::AskForHelp, asker)?;
    active(&desk, asker)?;
    if window.start() <= desk.this_minute {
        let (from, now) = (desk.local(window.start()), desk.local(desk.this_minute));
        return Err(Refusal::HelpTooLate { from, now }.into());
    }
    if HELP_OPEN_MAX <= desk.ledger.helps_open_of(asker).count() {
        return Err(Refusal::HelpFull { most: HELP_OPEN_MAX }.into());
    }
    let activity = desk.intern(branch, activity);
    let points = desk.price(activity, Minutes::new(window.minutes()))?;
    let mut hold = None;
    if !points.is_zero() {
        let row = desk.ledger.passbook(asker).ok_or(Refusal::VolunteerUnknown)?;
        let available = row.available();
        if available < points {
            return Err(Refusal::InsufficientPoints { available, points }.into());
        }
        hold = Some(NewHold { no: next_number(desk.ledger.holds.len(), HoldNo::new)?, points });
    }
    let no = next_number(desk.ledger.help_count(), HelpNo::new)?;
    let activities = std::mem::take(&mut desk.activities);
    let help = NewHelp { no, asker, activity, window, hold, age_band };
    Ok((HelpEvent::HelpAsked { activities, help }, Vec::new()))
}

fn active(desk: &Desk<'_>, passbook: PassbookNo) -> Result<(), Refusal> {
    let status = desk.ledger.volunteer(passbook).ok_or(Refusal::VolunteerUnknown)?.status;
    if status == VolunteerStatus::Active {
        return Ok(());
    }
    Err(Refusal::VolunteerNotActive { status })
}

fn known<'a>(desk: &Desk<'a>, help: HelpNo) -> Result<&'a HelpRow, Refusal> {
    desk.ledger.help(help).ok_or(Refusal::HelpUnknown { help })
}

fn in_state(help: HelpNo, row: &HelpRow, states: &[HelpState]) -> Result<(), Refusal> {
    if states.contains(&row.state) {
        return Ok(());
    }
    Err(Refusal::HelpState { help, state: row.state })
}

fn offer(desk: &Desk<'_>, help: HelpNo, volunteer: VolunteerRef) -> HelpDecision {
    let row = known(desk, help)?;
    let helper = desk.passbook_for(Verb::OfferHelp, volunteer)?;
    desk.authority.on_passbook(Verb::OfferHelp, helper)?;
    if helper == row.asker {
        return Err(Refusal::SamePassbook.into());
    }
    active(desk, helper)?;
    in_state(help, row, &[HelpState::Open])?;
    if row.offers.contains(&helper) {
        return Err(Refusal::NothingChanges.into());
    }
    if OFFERS_MAX <= row.offers.len() {
        return Err(Refusal::OffersFull { most: OFFERS_MAX }.into());
    }
    Ok((HelpEvent::HelpOffered { help, helper }, Vec::new()))
}

/// An offer is taken back; where it was accepted, the request is open again.
fn withdraw_offer(desk: &Desk<'_>, help: HelpNo, volunteer: VolunteerRef) -> HelpDecision {
    let row = known(desk, help)?;
    let helper = desk.passbook_for(Verb::OfferHelp, volunteer)?;
    desk.authority.on_passbook(Verb::OfferHelp, helper)?;
    in_state(help, row, &[HelpState::Open, HelpState::Agreed])?;
    if !row.offers.contains(&helper) {
        return Err(Refusal::NoOffer { help }.into());
    }
    Ok((HelpEvent::OfferWithdrawn { help, helper }, Vec::new()))
}

fn accept(desk: &Desk<'_>, help: HelpNo, helper: VolunteerRef) -> HelpDecision {
    let row = known(desk, help)?;
    let helper = desk.passbook(helper)?;
    desk.authority.on_passbook(Verb::AskForHelp, row.asker)?;
    in_state(help, row, &[HelpState::Open])?;
    if !row.offers.contains(&helper) {
        return Err(Refusal::NoOffer { help }.into());
    }
    // Nobody accepts the own offer in another's name.
    if desk.authority.is_own(helper) {
        return Err(Refusal::OwnHelp { help }.into());
    }
    active(desk, helper)?;
    // Where nobody says anything by then, nothing took place.
    let end = row.window.end().seconds().saturating_mul(1_000_000);
    let due = silence(desk, Timestamp::from_micros(end).max(desk.now));
    Ok((HelpEvent::OfferAccepted { help, helper, due }, Vec::new()))
}

/// The asker gives it up, until one side said that it was served.
fn cancel(desk: &Desk<'_>, help: HelpNo) -> HelpDecision {
    let row = known(desk, help)?;
    desk.authority.on_passbook(Verb::AskForHelp, row.asker)?;
    in_state(help, row, &[HelpState::Open, HelpState::Agreed])?;
    Ok((HelpEvent::HelpCancelled { help }, Vec::new()))
}

/// One side says how long it took. Both the same: it is settled. Silence agrees, too.
fn confirm(
    desk: Desk<'_>,
    help: HelpNo,
    volunteer: VolunteerRef,
    minutes: Minutes,
) -> HelpDecision {
    let row = known(&desk, help)?;
    let speaker = desk.passbook_for(Verb::AskForHelp, volunteer)?;
    desk.authority.on_passbook(Verb::AskForHelp, speaker)?;
    let (side, other) = match row.helper {
        helper if speaker == row.asker => (Side::Asker, helper),
        Some(helper) if speaker == helper => (Side::Helper, Some(row.asker)),
        Some(_) | None => return Err(Refusal::NotInHelp { help }.into()),
    };
    // Nobody is both sides.
    if other.is_some_and(|it| desk.authority.is_own(it)) {
        return Err(Refusal::OwnHelp { help }.into());
    }
    in_state(help, row, &[HelpState::Agreed, HelpState::Said])?;
    minutes_fit(&desk, row, minutes)?;
    let (outcome, postings) = match row.said {
        Some((first, _)) if first == side => {
            return Err(Refusal::HelpState { help, state: row.state }.into());
        }
        // Two words of one hand are one word.
        Some((_, said)) if said == minutes && row.said_by != Some(desk.authority.actor()) => {
            agree(desk, help, minutes)?
        }
        Some(_) => (HelpOutcome::Disputed, Vec::new()),
        None => (HelpOutcome::Waits(silence(&desk, desk.now)), Vec::new()),
    };
    let said = HelpSaid { help, side, minutes, outcome };
    Ok((HelpEvent::HelpConfirmed(said), postings))
}

/// Both sides agree. Where a rule says no, or only those two know of it, an approver is to look at
/// it: the sides cannot mend it, and are not told what else the helper did.
fn agree(
    mut desk: Desk<'_>,
    help: HelpNo,
    minutes: Minutes,
) -> Result<(HelpOutcome, Vec<Posting>), Refusal> {
    let row = known(&desk, help)?;
    let longer = Minutes::new(row.window.minutes()) < minutes;
    if longer || is_mutual(&desk, row, minutes)? {
        return Ok((HelpOutcome::Disputed, Vec::new()));
    }
    match settle(&mut desk, help, minutes, Assent::Ladder) {
        Ok(Some(it)) if covers(&desk, row, it.captured) => {
            Ok((HelpOutcome::Settled(it), desk.postings()?))
        }
        Ok(_) | Err(_) => Ok((HelpOutcome::Disputed, Vec::new())),
    }
}

/// Whether the asker helped the helper at the same time.
fn is_mutual(desk: &Desk<'_>, row: &HelpRow, minutes: Minutes) -> Result<bool, Refusal> {
    if minutes.is_zero() {
        return Ok(false);
    }
    let other = |record: RecordNo| {
        let help = desk.ledger.record(record).and_then(|it| it.help);
        let asker = help.and_then(|it| desk.ledger.help(it)).map(|it| desk.ledger.person(it.asker));
        asker.is_none() || asker != row.helper
    };
    Ok(desk.ledger.conflict(row.asker, served(row, minutes)?, other).is_some())
}

/// Whether the asker still has what was set aside: what it came from may have been taken back.
fn covers(desk: &Desk<'_>, row: &HelpRow, captured: Points) -> bool {
    desk.ledger.passbook(row.asker).is_some_and(|it| captured <= it.points)
}

/// What was served began when it was to begin, and is over.
fn minutes_fit(desk: &Desk<'_>, row: &HelpRow, minutes: Minutes) -> Result<(), Refusal> {
    if minutes.is_zero() {
        return Ok(());
    }
    let service = served(row, minutes)?;
    if desk.this_minute < service.end() {
        let (until, now) = (desk.local(service.end()), desk.local(desk.this_minute));
        return Err(Refusal::Future { until, now });
    }
    Ok(())
}

fn served(row: &HelpRow, minutes: Minutes) -> Result<Interval, Refusal> {
    let start = row.window.start();
    let end = i64::from(start.get()).checked_add(minutes.get());
    let end = end.and_then(|it| crate::Minute::new(it).ok()).ok_or(Refusal::OutOfRange)?;
    Interval::new(start, end).map_err(|_| Refusal::OutOfRange)
}

/// Until when silence is waited for.
fn silence(desk: &Desk<'_>, from: Timestamp) -> Timestamp {
    let days = desk.rules.as_ref().map_or(0, |it| it.silence_days());
    let micros = i64::from(days).saturating_mul(DAY);
    Timestamp::from_micros(from.micros().saturating_add(micros))
}

/// The helper's record and both sides' points; none where the ladder wants an approver.
fn settle(
    desk: &mut Desk<'_>,
    help: HelpNo,
    minutes: Minutes,
    assent: Assent,
) -> Result<Option<HelpSettled>, Refusal> {
    let row = known(desk, help)?;
    if minutes.is_zero() {
        return Ok(Some(HelpSettled { help, record: None, captured: Points::ZERO }));
    }
    let helper = row.helper.ok_or(Refusal::NoOffer { help })?;
    let hold = row.hold.and_then(|it| desk.ledger.hold(it));
    let kept = hold.map_or(Points::ZERO, crate::HoldRow::remaining);
    // More than was set aside is not taken: the asker agreed to no more.
    let captured = desk.price(row.activity, minutes)?.min(kept);
    let record: NewRecord = desk.book(Booking {
        index: 0,
        passbook: helper,
        activity: row.activity,
        service: Service::interval(served(row, minutes)?),
        provenance: Provenance::Help,
        evaluation: None,
        forgotten: false,
        mends: false,
        paid: Some((help, captured)),
        assent,
    })?;
    let posted = record.standing.level().is_none();
    Ok(posted.then_some(HelpSettled { help, record: Some(record), captured }))
}

/// An approver of the branch has the last word; not one of the sides.
fn resolve(mut desk: Desk<'_>, help: HelpNo, minutes: Minutes) -> HelpDecision {
    let row = known(&desk, help)?;
    let branch = desk.activity(row.activity)?.branch;
    desk.authority.on_branch(Verb::ResolveHelp, branch)?;
    let sides = [Some(row.asker), row.helper];
    let own = sides.into_iter().flatten().any(|it| desk.authority.is_own(it));
    if own || row.has_hand_of(desk.authority.actor()) {
        return Err(Refusal::OwnHelp { help }.into());
    }
    in_state(help, row, &[HelpState::Disputed])?;
    minutes_fit(&desk, row, minutes)?;
    let settled = settle(&mut desk, help, minutes, Assent::Given(Verb::ResolveHelp))?;
    let settled = settled.ok_or(Refusal::HelpNeedsHigher { help })?;
    Ok((HelpEvent::HelpResolved(settled), desk.postings()?))
}

/// What falls due: nobody came, or silence agreed.
pub(super) fn settle_due(desk: Desk<'_>, at: Timestamp, help: HelpNo) -> Outcome {
    let row = known(&desk, help)?;
    let (HelpState::Said, Some((side, minutes))) = (row.state, row.said) else {
        return Ok((Event::Help(HelpEvent::HelpExpired { as_of: at, help }), Vec::new()));
    };
    let silent = if side == Side::Asker { Side::Helper } else { Side::Asker };
    // Where one hand did all, nobody was there to be silent.
    let (outcome, postings) = if row.is_known_beside(silent, row.said_by) {
        agree(desk, help, minutes)?
    } else {
        (HelpOutcome::Disputed, Vec::new())
    };
    let said = HelpSaid { help, side, minutes, outcome };
    Ok((Event::Help(HelpEvent::HelpSilent { as_of: at, said }), postings))
}
