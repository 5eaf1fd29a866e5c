//! Gifts, kin and pools.

mod draw;
mod give;
mod kin;

pub(in crate::decide) use give::{give_all, room};

use super::{Desk, Outcome, Refused};
use crate::{Event, GiftCommand, GiftEvent, Positive, Posting};

type GiftOutcome = Result<(GiftEvent, Vec<Posting>), Refused>;

pub(super) fn decide(desk: Desk<'_>, command: &GiftCommand) -> Outcome {
    let outcome = match command {
        GiftCommand::GivePoints { from, to, points } => {
            give::give(desk, *from, to, Positive::points(*points))
        }
        GiftCommand::ReverseGift { gift, reason } => give::reverse(desk, *gift, *reason),
        GiftCommand::RequestKin { volunteer, kin } => kin::request(&desk, *volunteer, *kin),
        GiftCommand::ConfirmKin { volunteer, kin } => kin::confirm(&desk, *volunteer, *kin),
        GiftCommand::EndKin { volunteer, kin } => kin::end(&desk, *volunteer, *kin),
        GiftCommand::NameBeneficiary { volunteer, beneficiary } => {
            kin::name_beneficiary(&desk, *volunteer, *beneficiary)
        }
        GiftCommand::RequestDraw { volunteer, pool, points, age_band } => {
            draw::request(&desk, *volunteer, pool, (points.points(), *age_band))
        }
        GiftCommand::ApproveDraw { draw } => draw::approve(desk, *draw),
        GiftCommand::RejectDraw { draw, reason } => draw::reject(&desk, *draw, *reason),
    };
    outcome.map(|(event, postings)| (Event::Gift(event), postings))
}
