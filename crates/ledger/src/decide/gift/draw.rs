//! Draws on a pool for people in need: a clerk asks, an approver says yes, in the order that the
//! rulebook publishes.

use super::{GiftOutcome, room};
use crate::{
    About, Account, BranchCode, DRAWS_MAX, DrawApproved, DrawNo, DrawRow, DrawState, GiftEvent,
    LineKind, NewDraw, Points, Purpose, Reason, Refusal, Verb, VolunteerRef, VolunteerStatus,
    decide::desk::{Desk, next_number},
    priority,
};

pub(super) fn request(
    desk: &Desk<'_>,
    volunteer: VolunteerRef,
    pool: &BranchCode,
    (points, age_band): (Points, Option<u8>),
) -> GiftOutcome {
    let passbook = desk.passbook(volunteer)?;
    let pool = desk.branch(pool)?.no;
    desk.authority.on_branch(Verb::RequestDraw, pool)?;
    let row = desk.ledger.volunteer(passbook).ok_or(Refusal::VolunteerUnknown)?;
    if row.status != VolunteerStatus::Active {
        return Err(Refusal::VolunteerNotActive { status: row.status }.into());
    }
    if DRAWS_MAX <= desk.ledger.draws_waiting(pool).count() {
        return Err(Refusal::LineFull { most: DRAWS_MAX }.into());
    }
    let no = next_number(desk.ledger.draws.len(), DrawNo::new)?;
    Ok((GiftEvent::DrawRequested(NewDraw { no, passbook, pool, points, age_band }), Vec::new()))
}

pub(super) fn approve(mut desk: Desk<'_>, draw: DrawNo) -> GiftOutcome {
    let row = *settled(&desk, draw)?;
    let pool = Account::Bank(row.draw.pool, Purpose::Pool);
    let mut ranked = priority::draws(desk.ledger, row.draw.pool, desk.now);
    let available = desk.ledger.balance(pool).points;
    // Whom the pool cannot pay, or who takes no part now, keeps nobody waiting.
    ranked.retain(|it| it.no == draw || is_payable(&desk, it.no, available));
    if !desk.ledger.is_active(row.draw.passbook) {
        let status = desk.ledger.volunteer(row.draw.passbook).map(|it| it.status);
        let status = status.ok_or(Refusal::VolunteerUnknown)?;
        return Err(Refusal::VolunteerNotActive { status }.into());
    }
    if let Some(first) = ranked.first().map(|it| it.no).filter(|it| *it != draw) {
        return Err(Refusal::NotFirst { first }.into());
    }
    ranked.truncate(2);
    let kept = room(&desk, row.draw.passbook, row.draw.points)?;
    if available < kept {
        return Err(Refusal::PoolTooSmall { available, points: kept }.into());
    }
    if !kept.is_zero() {
        let why = (LineKind::Drawn, About::Draw(draw));
        desk.points_line(row.draw.passbook, kept, why)?;
        desk.bank_points(pool, kept.negated(), LineKind::Drawn)?;
    }
    let left = row.draw.points.minus(kept).ok_or(Refusal::OutOfRange)?;
    Ok((GiftEvent::DrawApproved(DrawApproved { draw, left, ranked }), desk.postings()?))
}

fn is_payable(desk: &Desk<'_>, draw: DrawNo, available: Points) -> bool {
    let Some(row) = desk.ledger.draw(draw) else { return false };
    let kept = room(desk, row.draw.passbook, row.draw.points);
    kept.is_ok_and(|it| it <= available) && desk.ledger.is_active(row.draw.passbook)
}

/// Refuses a draw; who asked for it takes it back so.
pub(super) fn reject(desk: &Desk<'_>, draw: DrawNo, reason: Reason) -> GiftOutcome {
    waiting(desk, draw)?;
    Ok((GiftEvent::DrawRejected { draw, reason }, Vec::new()))
}

/// A draw that waits, if the actor may decide on it: not who asked for it, nor who gets it.
fn settled<'a>(desk: &Desk<'a>, draw: DrawNo) -> Result<&'a DrawRow, Refusal> {
    let row = waiting(desk, draw)?;
    if row.actor == desk.authority.actor() {
        return Err(Refusal::OwnDraw { draw });
    }
    Ok(row)
}

fn waiting<'a>(desk: &Desk<'a>, draw: DrawNo) -> Result<&'a DrawRow, Refusal> {
    let row = desk.ledger.draw(draw).ok_or(Refusal::DrawUnknown { draw })?;
    desk.authority.on_branch(Verb::ApproveDraw, row.draw.pool)?;
    if desk.authority.is_own(row.draw.passbook) {
        return Err(Refusal::OwnDraw { draw });
    }
    if row.state != DrawState::Waiting {
        return Err(Refusal::DrawState { draw, state: row.state });
    }
    Ok(row)
}
