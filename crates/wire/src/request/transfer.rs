//! `TransferService`.

use lovebank_ledger::{Command, DrawNo, GiftCommand, GiftNo, GiftTo, Positive, VolunteerRef};

use super::{Resolve, branch_code, volunteer};
use crate::{
    Fault, Malformed, Parsed, both, kinds,
    scalar::{self, given, number},
    v1,
};

/// `GivePoints`.
pub fn give_points(it: &v1::GivePointsRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    use v1::give_points_request::To;
    let to = given("to", it.to.as_ref()).and_then(|to| match to {
        To::ToVolunteerNumber(no) => {
            volunteer("to_volunteer_number", no, resolve).map(GiftTo::Volunteer)
        }
        To::ToPoolBranchCode(code) => branch_code("to_pool_branch_code", code).map(GiftTo::Pool),
    });
    let from = volunteer("volunteer_number", &it.volunteer_number, resolve);
    let (from, (to, points)) = both(from, both(to, positive("points", it.points.as_ref())))?;
    Ok(Command::Gift(GiftCommand::GivePoints { from, to, points }))
}

/// Points above zero.
pub fn positive(field: &str, it: Option<&v1::Decimal>) -> Parsed<Positive> {
    let points = scalar::points(field, given(field, it)?)?;
    Positive::new(points).ok_or_else(|| {
        let fault = Fault::Other {
            english: "it must be above zero".to_owned(),
            chinese: "必须大于零".to_owned(),
        };
        Malformed::new(field, fault)
    })
}

/// `ReverseGift`.
pub fn reverse_gift(it: &v1::ReverseGiftRequest) -> Parsed<Command> {
    let gift = number("gift_no", it.gift_no, GiftNo::new);
    let (gift, reason) = both(gift, kinds::given_reason(it.reason))?;
    Ok(Command::Gift(GiftCommand::ReverseGift { gift, reason }))
}

fn pair(a: &str, b: &str, resolve: Resolve<'_>) -> Parsed<(VolunteerRef, VolunteerRef)> {
    both(volunteer("volunteer_number", a, resolve), volunteer("kin_volunteer_number", b, resolve))
}

/// `RequestKin`.
pub fn request_kin(it: &v1::RequestKinRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let (volunteer, kin) = pair(&it.volunteer_number, &it.kin_volunteer_number, resolve)?;
    Ok(Command::Gift(GiftCommand::RequestKin { volunteer, kin }))
}

/// `ConfirmKin`.
pub fn confirm_kin(it: &v1::ConfirmKinRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let (volunteer, kin) = pair(&it.volunteer_number, &it.kin_volunteer_number, resolve)?;
    Ok(Command::Gift(GiftCommand::ConfirmKin { volunteer, kin }))
}

/// `EndKin`.
pub fn end_kin(it: &v1::EndKinRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let (volunteer, kin) = pair(&it.volunteer_number, &it.kin_volunteer_number, resolve)?;
    Ok(Command::Gift(GiftCommand::EndKin { volunteer, kin }))
}

/// `NameBeneficiary`.
pub fn name_beneficiary(it: &v1::NameBeneficiaryRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let named = it.beneficiary_volunteer_number.as_str();
    let beneficiary = if named.is_empty() {
        Ok(None)
    } else {
        volunteer("beneficiary_volunteer_number", named, resolve).map(Some)
    };
    let of = volunteer("volunteer_number", &it.volunteer_number, resolve);
    let (volunteer, beneficiary) = both(of, beneficiary)?;
    Ok(Command::Gift(GiftCommand::NameBeneficiary { volunteer, beneficiary }))
}

/// `RequestDraw`; the age comes from the vault.
pub fn request_draw(
    it: &v1::RequestDrawRequest,
    resolve: Resolve<'_>,
    age_band: Option<u8>,
) -> Parsed<Command> {
    let of = volunteer("volunteer_number", &it.volunteer_number, resolve);
    let pool = branch_code("pool_branch_code", &it.pool_branch_code);
    let (volunteer, (pool, points)) = both(of, both(pool, positive("points", it.points.as_ref())))?;
    Ok(Command::Gift(GiftCommand::RequestDraw { volunteer, pool, points, age_band }))
}

/// `ApproveDraw`.
pub fn approve_draw(it: &v1::ApproveDrawRequest) -> Parsed<Command> {
    let draw = number("draw_no", it.draw_no, DrawNo::new)?;
    Ok(Command::Gift(GiftCommand::ApproveDraw { draw }))
}

/// `RejectDraw`.
pub fn reject_draw(it: &v1::RejectDrawRequest) -> Parsed<Command> {
    let draw = number("draw_no", it.draw_no, DrawNo::new);
    let (draw, reason) = both(draw, kinds::given_reason(it.reason))?;
    Ok(Command::Gift(GiftCommand::RejectDraw { draw, reason }))
}
