//! Giving points, and taking a gift back. Minutes are nobody's to give.

use super::GiftOutcome;
use crate::{
    About, Account, GiftEvent, GiftNo, GiftTo, GiftsTo, Kin, LineKind, NewGift, PassbookNo,
    PassbookRow, Points, Purpose, Reason, Refusal, Taker, Verb, VolunteerRef, VolunteerStatus,
    decide::desk::{Desk, next_number},
};

pub(super) fn give(
    mut desk: Desk<'_>,
    from: VolunteerRef,
    to: &GiftTo,
    points: Points,
) -> GiftOutcome {
    let from = desk.passbook_for(Verb::GivePoints, from)?;
    let to = match to {
        GiftTo::Volunteer(it) => Taker::Passbook(desk.passbook(*it)?),
        GiftTo::Pool(code) => Taker::Pool(desk.branch(code)?.no),
    };
    desk.authority.on_passbook(Verb::GivePoints, from)?;
    active(&desk, from)?;
    if let Taker::Passbook(taker) = to {
        not_to_oneself(&desk, from, taker)?;
        may_take(&desk, from, taker)?;
    }
    let available = desk.ledger.passbook(from).map_or(Points::ZERO, PassbookRow::available);
    if available < points {
        return Err(Refusal::InsufficientPoints { available, points }.into());
    }
    let gift = lines(&mut desk, from, to, points)?;
    Ok((GiftEvent::PointsGiven(gift), desk.postings()?))
}

/// Who acts for another gives nothing to the own passbook.
pub(super) fn not_to_oneself(
    desk: &Desk<'_>,
    from: PassbookNo,
    to: PassbookNo,
) -> Result<(), Refusal> {
    let authority = &desk.authority;
    if authority.is_own(to) && !authority.is_own(from) {
        return Err(Refusal::OwnPassbook);
    }
    Ok(())
}

/// Whether a volunteer may inherit: kin does, and anyone where anyone may be given to.
pub(super) fn may_inherit(desk: &Desk<'_>, from: PassbookNo, to: PassbookNo) -> bool {
    let anyone = desk.rules.as_ref().is_some_and(|it| it.gifts_to() == GiftsTo::Anyone);
    anyone || Kin::new(from, to).is_some_and(|it| desk.ledger.is_kin(it))
}

fn may_take(desk: &Desk<'_>, from: PassbookNo, to: PassbookNo) -> Result<(), Refusal> {
    let kin = Kin::new(from, to).ok_or(Refusal::SamePassbook)?;
    active(desk, to)?;
    let allowed = match desk.rules.as_ref().map_or(GiftsTo::Pool, |it| it.gifts_to()) {
        GiftsTo::Pool => false,
        GiftsTo::Kin => desk.ledger.is_kin(kin),
        GiftsTo::Anyone => true,
    };
    if allowed { Ok(()) } else { Err(Refusal::GiftNotAllowed) }
}

fn active(desk: &Desk<'_>, passbook: PassbookNo) -> Result<(), Refusal> {
    let status = desk.ledger.volunteer(passbook).ok_or(Refusal::VolunteerUnknown)?.status;
    if status == VolunteerStatus::Active {
        return Ok(());
    }
    Err(Refusal::VolunteerNotActive { status })
}

/// All that a passbook can give as it is closed: to the beneficiary named before, if that one
/// still takes part, else to the pool of its home branch.
pub(in crate::decide) fn give_all(
    desk: &mut Desk<'_>,
    from: PassbookNo,
) -> Result<Option<NewGift>, Refusal> {
    let points = desk.ledger.passbook(from).map_or(Points::ZERO, PassbookRow::available);
    if points <= Points::ZERO {
        return Ok(None);
    }
    let home = desk.ledger.volunteer(from).ok_or(Refusal::VolunteerUnknown)?.branch;
    let named = desk.ledger.beneficiary(from).filter(|it| active(desk, *it).is_ok());
    let named = named.filter(|it| may_inherit(desk, from, *it));
    if let Some(named) = named {
        not_to_oneself(desk, from, named)?;
    }
    let to = named.map_or(Taker::Pool(home), Taker::Passbook);
    lines(desk, from, to, points).map(Some)
}

/// How many points a passbook may still get by the cap.
pub(in crate::decide) fn room(
    desk: &Desk<'_>,
    passbook: PassbookNo,
    points: Points,
) -> Result<Points, Refusal> {
    let held = desk.ledger.passbook(passbook).map_or(Points::ZERO, |it| it.points);
    let Some(cap) = desk.rules.as_ref().and_then(|it| it.points_cap()) else { return Ok(points) };
    Ok(cap.minus(held).ok_or(Refusal::OutOfRange)?.max(Points::ZERO).min(points))
}

fn lines(
    desk: &mut Desk<'_>,
    from: PassbookNo,
    to: Taker,
    points: Points,
) -> Result<NewGift, Refusal> {
    let no = next_number(desk.ledger.gifts.len(), GiftNo::new)?;
    let kept = match to {
        Taker::Passbook(taker) => room(desk, taker, points)?,
        Taker::Pool(_) => points,
    };
    let overflow = points.minus(kept).ok_or(Refusal::OutOfRange)?;
    let gift = NewGift { no, from, to, points, overflow };
    move_gift(desk, &gift)?;
    Ok(gift)
}

/// The lines of a gift.
fn move_gift(desk: &mut Desk<'_>, gift: &NewGift) -> Result<(), Refusal> {
    let about = About::Gift(gift.no);
    let (pool, to_pool) = match gift.to {
        Taker::Passbook(taker) => {
            let kept = gift.points.minus(gift.overflow).ok_or(Refusal::OutOfRange)?;
            desk.pass_points((gift.from, gift.points), (taker, kept), about)?;
            let home = desk.ledger.volunteer(taker).ok_or(Refusal::VolunteerUnknown)?.branch;
            (home, gift.overflow)
        }
        Taker::Pool(branch) => {
            desk.points_line(gift.from, gift.points.negated(), (LineKind::Given, about))?;
            (branch, gift.points)
        }
    };
    desk.bank_points(Account::Bank(pool, Purpose::Pool), to_pool, LineKind::Given)
}

/// Takes a gift back; the taker may come below zero, as by any reversal, a pool may not.
pub(super) fn reverse(mut desk: Desk<'_>, gift: GiftNo, reason: Reason) -> GiftOutcome {
    let row = *desk.ledger.gift(gift).ok_or(Refusal::GiftUnknown { gift })?;
    desk.authority.on_passbook(Verb::ReverseGift, row.gift.from)?;
    let parties = match row.gift.to {
        Taker::Passbook(taker) => [row.gift.from, taker],
        Taker::Pool(_) => [row.gift.from, row.gift.from],
    };
    if row.actor == desk.authority.actor() || parties.iter().any(|it| desk.authority.is_own(*it)) {
        return Err(Refusal::OwnGift { gift }.into());
    }
    if row.reversed.is_some() {
        return Err(Refusal::GiftReversed { gift }.into());
    }
    let from_pool = match row.gift.to {
        Taker::Passbook(_) => row.gift.overflow,
        Taker::Pool(_) => row.gift.points,
    };
    let pool = row.pool;
    let available = desk.ledger.balance(Account::Bank(pool, Purpose::Pool)).points;
    if !from_pool.is_zero() && available < from_pool {
        return Err(Refusal::PoolTooSmall { available, points: from_pool }.into());
    }
    take_back(&mut desk, &row.gift, pool)?;
    Ok((GiftEvent::GiftReversed { gift, reason }, desk.postings()?))
}

fn take_back(desk: &mut Desk<'_>, gift: &NewGift, pool: crate::BranchNo) -> Result<(), Refusal> {
    let why = (LineKind::Reversed, About::Gift(gift.no));
    let kept = gift.points.minus(gift.overflow).ok_or(Refusal::OutOfRange)?;
    desk.points_line(gift.from, gift.points, why)?;
    let from_pool = match gift.to {
        Taker::Passbook(taker) => {
            if !kept.is_zero() {
                desk.points_line(taker, kept.negated(), why)?;
            }
            gift.overflow
        }
        Taker::Pool(_) => gift.points,
    };
    desk.bank_points(Account::Bank(pool, Purpose::Pool), from_pool.negated(), LineKind::Reversed)
}
