//! Asking for a reward, getting it, giving it up. A place that comes free goes to the next in
//! the same entry.

use jiff::civil::Date;
use lovebank_formula::Value;

use super::{
    RewardOutcome,
    places::{days_after, end, pass_on},
};
use crate::{
    About, Account, Ended, HoldNo, HoldRow, Limit, LineKind, Moves, NewHold, NewRedemption,
    PassbookNo, Period, Placed, Points, Purpose, QUEUE_MAX, Reason, RedemptionNo, RedemptionRow,
    RedemptionState, Refusal, RewardEvent, RewardMode, RewardNo, RewardRow, Timestamp, Verb,
    VolunteerRef, VolunteerStatus,
    decide::desk::{Desk, next_number},
    priority::{Asker, Facts, VARIABLES},
};

pub(super) fn request(
    desk: &Desk<'_>,
    volunteer: VolunteerRef,
    reward: RewardNo,
    age_band: Option<u8>,
) -> RewardOutcome {
    let passbook = desk.passbook_for(Verb::RequestRedemption, volunteer)?;
    let row = desk.ledger.reward(reward).ok_or(Refusal::RewardUnknown { reward })?;
    desk.authority.on_passbook(Verb::RequestRedemption, passbook)?;
    is_offered(desk, passbook, (reward, row))?;
    let asker = Asker { passbook, age_band, since: None };
    may_have(desk, asker, (reward, row))?;
    let places = match row.reward.mode {
        RewardMode::FirstCome if row.left == 0 => {
            let (available, stock) = (row.left, row.stock);
            return Err(Refusal::OutOfStock { reward, available, stock }.into());
        }
        RewardMode::Window { .. } => 0,
        RewardMode::FirstCome | RewardMode::WaitingList { .. } => row.left,
    };
    let no = next_number(desk.ledger.redemption_count(), RedemptionNo::new)?;
    let ends = ends(desk, row, 0 < places);
    let redemption = NewRedemption {
        no,
        reward,
        passbook,
        age_band,
        ends,
        hold: hold(desk, passbook, row.reward.price)?,
    };
    let mut moves = Moves::default();
    if 0 < places {
        moves.placed.push(Placed { redemption: no, ends });
    }
    Ok((RewardEvent::RedemptionRequested { redemption, moves }, Vec::new()))
}

/// Whether the reward is there for the volunteer, now.
fn is_offered(
    desk: &Desk<'_>,
    passbook: PassbookNo,
    (reward, row): (RewardNo, &RewardRow),
) -> Result<(), Refusal> {
    if row.withdrawn {
        return Err(Refusal::RewardWithdrawn { reward });
    }
    if let RewardMode::Window { window, .. } = &row.reward.mode
        && !(window.opens() <= desk.now && desk.now < window.closes())
    {
        let (opens, closes) = (desk.local_at(window.opens()), desk.local_at(window.closes()));
        return Err(Refusal::RewardNotOpen { opens, closes });
    }
    let volunteer = desk.ledger.volunteer(passbook).ok_or(Refusal::VolunteerUnknown)?;
    if volunteer.status != VolunteerStatus::Active {
        return Err(Refusal::VolunteerNotActive { status: volunteer.status });
    }
    if !desk.ledger.ancestry(volunteer.branch).any(|it| it == row.reward.branch) {
        let branch = desk.ledger.branch(row.reward.branch).map(|it| it.code.clone());
        return Err(branch
            .map_or(Refusal::RewardUnknown { reward }, |branch| Refusal::NotOffered { branch }));
    }
    Ok(())
}

/// Whether the rules of the reward let the volunteer have it.
fn may_have(
    desk: &Desk<'_>,
    asker: Asker,
    (reward, row): (RewardNo, &RewardRow),
) -> Result<(), Refusal> {
    if let Some(condition) = &row.eligibility {
        let rules = desk.rules.as_deref().ok_or(Refusal::OutOfRange)?;
        let facts = Facts::new((desk.ledger, rules), desk.now, asker);
        if !condition.is_met(&|at| facts.of(at)) {
            let named = condition.variables().iter().map(|at| named(*at, &facts.of(*at)));
            let values = named.collect::<Vec<_>>().join(", ");
            return Err(Refusal::NotEligible { condition: condition.text().to_owned(), values });
        }
    }
    let own = desk.ledger.redemptions_of(asker.passbook).filter(|(_, it)| it.reward == reward);
    let own: Vec<(RedemptionNo, &RedemptionRow)> = own.collect();
    let waits = own.iter().find(|(_, it)| it.state == RedemptionState::Waiting);
    if let Some((redemption, _)) = waits {
        return Err(Refusal::AlreadyWaiting { redemption: *redemption });
    }
    if let Some(Limit { count, period }) = row.reward.limit {
        let had = own.iter().filter(|(_, it)| {
            counts(it.state) && same_period(period, desk.date_at(it.requested_at), desk.today)
        });
        if usize::try_from(count).is_ok_and(|count| count <= had.count()) {
            return Err(Refusal::LimitReached { most: count, period });
        }
    }
    if usize::try_from(row.waiting).is_ok_and(|it| QUEUE_MAX <= it) {
        return Err(Refusal::LineFull { most: QUEUE_MAX });
    }
    Ok(())
}

fn named(at: usize, value: &Value) -> String {
    let name = VARIABLES.get(at).map_or("", |it| it.name);
    format!("{name} = {value}")
}

/// Whether a redemption counts against a limit.
fn counts(state: RedemptionState) -> bool {
    match state {
        RedemptionState::Waiting
        | RedemptionState::Allocated
        | RedemptionState::Fulfilled
        | RedemptionState::NoShow => true,
        RedemptionState::Cancelled | RedemptionState::Expired | RedemptionState::Reversed => false,
    }
}

fn same_period(period: Period, a: Date, b: Date) -> bool {
    let quarter = |it: Date| (it.year(), it.month().saturating_sub(1) / 3);
    match period {
        Period::Month => (a.year(), a.month()) == (b.year(), b.month()),
        Period::Quarter => quarter(a) == quarter(b),
        Period::Year => a.year() == b.year(),
        Period::Ever => true,
    }
}

fn hold(desk: &Desk<'_>, passbook: PassbookNo, price: Points) -> Result<Option<NewHold>, Refusal> {
    if price.is_zero() {
        return Ok(None);
    }
    let row = desk.ledger.passbook(passbook).ok_or(Refusal::VolunteerUnknown)?;
    let available = row.available();
    if available < price {
        return Err(Refusal::InsufficientPoints { available, points: price });
    }
    let no = next_number(desk.ledger.holds.len(), HoldNo::new)?;
    Ok(Some(NewHold { no, points: price }))
}

/// Until when a request waits, or a place can be used.
fn ends(desk: &Desk<'_>, row: &RewardRow, placed: bool) -> Timestamp {
    if let RewardMode::Window { window, .. } = &row.reward.mode {
        return window.fulfill_until();
    }
    let days = desk.rules.as_ref().map_or(0, |it| {
        let rules = it.redemption();
        if placed { rules.fulfill_days } else { rules.waiting_days }
    });
    days_after(desk.now, days)
}

pub(super) fn cancel(desk: &Desk<'_>, redemption: RedemptionNo) -> RewardOutcome {
    let row = known(desk, redemption)?;
    desk.authority.on_passbook(Verb::RequestRedemption, row.passbook)?;
    if !row.is_open() {
        return Err(Refusal::RedemptionState { redemption, state: row.state }.into());
    }
    let mut moves = Moves::default();
    moves.ended.push(end(redemption, RedemptionState::Cancelled));
    pass_on(desk, row, desk.now, &mut moves);
    Ok((RewardEvent::RedemptionCancelled(moves), Vec::new()))
}

/// The reward was got: points are taken, all that were held or fewer.
pub(super) fn fulfill(
    mut desk: Desk<'_>,
    redemption: RedemptionNo,
    points: Option<Points>,
) -> RewardOutcome {
    let row = *allocated(&desk, redemption, Verb::FulfillRedemption)?;
    let hold = row.hold.and_then(|it| desk.ledger.hold(it));
    let kept = hold.map_or(Points::ZERO, HoldRow::remaining);
    let captured = points.unwrap_or(kept);
    if kept < captured {
        return Err(Refusal::CaptureTooLarge { held: kept, points: captured }.into());
    }
    let volunteer = desk.ledger.volunteer(row.passbook).ok_or(Refusal::VolunteerUnknown)?;
    if volunteer.status != VolunteerStatus::Active {
        return Err(Refusal::VolunteerNotActive { status: volunteer.status }.into());
    }
    // What was set aside may have been taken back since.
    let posted = desk.ledger.passbook(row.passbook).map_or(Points::ZERO, |it| it.points);
    if posted < captured {
        let available = posted.max(Points::ZERO);
        return Err(Refusal::InsufficientPoints { available, points: captured }.into());
    }
    take(&mut desk, redemption, &row, captured)?;
    let ended = Ended { redemption, state: RedemptionState::Fulfilled, captured };
    let moves = Moves { ended: vec![ended], ..Moves::default() };
    Ok((RewardEvent::RedemptionFulfilled(moves), desk.postings()?))
}

/// Who had a place did not come; whether the points are lost is policy.
pub(super) fn miss(mut desk: Desk<'_>, redemption: RedemptionNo) -> RewardOutcome {
    let row = *allocated(&desk, redemption, Verb::MissRedemption)?;
    let forfeits = desk.rules.as_ref().is_some_and(|it| it.redemption().no_show_forfeits);
    let hold = row.hold.and_then(|it| desk.ledger.hold(it)).filter(|_| forfeits);
    // What was set aside may have been taken back since.
    let posted = desk.ledger.passbook(row.passbook).map_or(Points::ZERO, |it| it.points);
    let captured = hold.map_or(Points::ZERO, HoldRow::remaining).min(posted.max(Points::ZERO));
    take(&mut desk, redemption, &row, captured)?;
    let mut moves = Moves::default();
    moves.ended.push(Ended { redemption, state: RedemptionState::NoShow, captured });
    pass_on(&desk, &row, desk.now, &mut moves);
    Ok((RewardEvent::RedemptionMissed(moves), desk.postings()?))
}

/// Gives back what a redemption took; the place stays used. So are points given back that who did
/// not come had lost.
pub(super) fn reverse(
    mut desk: Desk<'_>,
    redemption: RedemptionNo,
    reason: Reason,
) -> RewardOutcome {
    let row = *known(&desk, redemption)?;
    let branch = reward_of(&desk, &row)?.reward.branch;
    desk.authority.on_branch(Verb::ReverseRedemption, branch)?;
    if row.decided_by == Some(desk.authority.actor()) || desk.authority.is_own(row.passbook) {
        return Err(Refusal::OwnRedemption { redemption }.into());
    }
    let hold = row.hold.and_then(|it| desk.ledger.hold(it));
    let captured = hold.map_or(Points::ZERO, |it| it.captured);
    let forfeited = row.state == RedemptionState::NoShow && !captured.is_zero();
    if !forfeited && row.state != RedemptionState::Fulfilled || row.reversed.is_some() {
        return Err(Refusal::RedemptionState { redemption, state: row.state }.into());
    }
    if !captured.is_zero() {
        let about = About::Redemption(redemption);
        let from = Account::Bank(branch, Purpose::Redeemed);
        desk.move_points((row.passbook, from), captured, (LineKind::Reversed, about))?;
    }
    Ok((RewardEvent::RedemptionReversed { redemption, reason }, desk.postings()?))
}

fn take(
    desk: &mut Desk<'_>,
    redemption: RedemptionNo,
    row: &RedemptionRow,
    points: Points,
) -> Result<(), Refusal> {
    if points.is_zero() {
        return Ok(());
    }
    let branch = reward_of(desk, row)?.reward.branch;
    let to = Account::Bank(branch, Purpose::Redeemed);
    let why = (LineKind::Redeemed, About::Redemption(redemption));
    desk.move_points((row.passbook, to), points.negated(), why)
}

pub(super) fn known<'a>(
    desk: &Desk<'a>,
    redemption: RedemptionNo,
) -> Result<&'a RedemptionRow, Refusal> {
    desk.ledger.redemption(redemption).ok_or(Refusal::RedemptionUnknown { redemption })
}

fn reward_of<'a>(desk: &Desk<'a>, row: &RedemptionRow) -> Result<&'a RewardRow, Refusal> {
    desk.ledger.reward(row.reward).ok_or(Refusal::RewardUnknown { reward: row.reward })
}

/// A redemption with a place, if the actor may settle it; nobody settles one's own.
fn allocated<'a>(
    desk: &Desk<'a>,
    redemption: RedemptionNo,
    verb: Verb,
) -> Result<&'a RedemptionRow, Refusal> {
    let row = known(desk, redemption)?;
    desk.authority.on_branch(verb, reward_of(desk, row)?.reward.branch)?;
    if desk.authority.is_own(row.passbook) {
        return Err(Refusal::OwnRedemption { redemption });
    }
    if row.state != RedemptionState::Allocated {
        return Err(Refusal::RedemptionState { redemption, state: row.state });
    }
    Ok(row)
}
