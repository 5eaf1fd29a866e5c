//! Kin, and who inherits. Kin is asked for by one side and confirmed by an approver.

use super::{
    GiftOutcome,
    give::{may_inherit, not_to_oneself},
};
use crate::{GiftEvent, KIN_MAX, Kin, Refusal, Verb, VolunteerRef, decide::desk::Desk};

pub(super) fn request(desk: &Desk<'_>, volunteer: VolunteerRef, kin: VolunteerRef) -> GiftOutcome {
    let asker = desk.passbook_for(Verb::RequestKin, volunteer)?;
    let kin = Kin::new(asker, desk.passbook(kin)?).ok_or(Refusal::SamePassbook)?;
    desk.authority.on_passbook(Verb::RequestKin, asker)?;
    if desk.ledger.kin(kin).is_some() {
        return Err(Refusal::KinKnown.into());
    }
    for side in [kin.first(), kin.second()] {
        if KIN_MAX <= desk.ledger.kin_of(side).count() {
            return Err(Refusal::KinFull { most: KIN_MAX }.into());
        }
    }
    Ok((GiftEvent::KinRequested(kin), Vec::new()))
}

pub(super) fn confirm(desk: &Desk<'_>, volunteer: VolunteerRef, kin: VolunteerRef) -> GiftOutcome {
    let volunteer = desk.passbook(volunteer)?;
    let kin = Kin::new(volunteer, desk.passbook(kin)?).ok_or(Refusal::SamePassbook)?;
    let row = desk.ledger.kin(kin).ok_or(Refusal::KinUnknown)?;
    desk.authority.on_passbook(Verb::ConfirmKin, volunteer)?;
    let own = [kin.first(), kin.second()].iter().any(|it| desk.authority.is_own(*it));
    if own || row.actor == desk.authority.actor() {
        return Err(Refusal::OwnKin.into());
    }
    if row.confirmed {
        return Err(Refusal::NothingChanges.into());
    }
    Ok((GiftEvent::KinConfirmed(kin), Vec::new()))
}

pub(super) fn end(desk: &Desk<'_>, volunteer: VolunteerRef, kin: VolunteerRef) -> GiftOutcome {
    let volunteer = desk.passbook_for(Verb::RequestKin, volunteer)?;
    let kin = Kin::new(volunteer, desk.passbook(kin)?).ok_or(Refusal::SamePassbook)?;
    desk.ledger.kin(kin).ok_or(Refusal::KinUnknown)?;
    desk.authority.on_passbook(Verb::RequestKin, volunteer)?;
    Ok((GiftEvent::KinEnded(kin), Vec::new()))
}

pub(super) fn name_beneficiary(
    desk: &Desk<'_>,
    volunteer: VolunteerRef,
    beneficiary: Option<VolunteerRef>,
) -> GiftOutcome {
    let passbook = desk.passbook_for(Verb::GivePoints, volunteer)?;
    let beneficiary = beneficiary.map(|it| desk.passbook(it)).transpose()?;
    desk.authority.on_passbook(Verb::GivePoints, passbook)?;
    if beneficiary == Some(passbook) {
        return Err(Refusal::SamePassbook.into());
    }
    if let Some(it) = beneficiary {
        not_to_oneself(desk, passbook, it)?;
        if !may_inherit(desk, passbook, it) {
            return Err(Refusal::GiftNotAllowed.into());
        }
    }
    if desk.ledger.beneficiary(passbook) == beneficiary {
        return Err(Refusal::NothingChanges.into());
    }
    Ok((GiftEvent::BeneficiaryNamed { passbook, beneficiary }, Vec::new()))
}
