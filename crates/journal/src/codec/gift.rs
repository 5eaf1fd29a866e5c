//! Gifts, kin and draws on pools.

use lovebank_ledger::{
    BranchNo, DrawApproved, DrawNo, GiftEvent, GiftNo, Kin, NewDraw, NewGift, PassbookNo, Points,
    Reason, Taker,
};

use super::{
    BadEntry,
    kinds::{self, kind},
    reward::{age_band, ranked, stored_ranked},
    scalar::{maybe_number, number, stored},
    v1::{self, gift_event::Event as Stored, new_gift::To},
};

impl From<&GiftEvent> for v1::GiftEvent {
    fn from(it: &GiftEvent) -> Self {
        let reason = |it: Reason| v1::Reason::from(it).into();
        Self {
            event: Some(match it {
                GiftEvent::PointsGiven(it) => Stored::PointsGiven(it.into()),
                GiftEvent::GiftReversed { gift, reason: why } => {
                    Stored::GiftReversed(v1::GiftReversed {
                        gift_no: stored(gift.get()),
                        reason: reason(*why),
                    })
                }
                GiftEvent::KinRequested(it) => Stored::KinRequested((*it).into()),
                GiftEvent::KinConfirmed(it) => Stored::KinConfirmed((*it).into()),
                GiftEvent::KinEnded(it) => Stored::KinEnded((*it).into()),
                GiftEvent::BeneficiaryNamed { passbook, beneficiary } => {
                    Stored::BeneficiaryNamed(v1::BeneficiaryNamed {
                        passbook_no: stored(passbook.get()),
                        beneficiary_passbook_no: beneficiary.map_or(0, |it| stored(it.get())),
                    })
                }
                GiftEvent::DrawRequested(it) => Stored::DrawRequested(it.into()),
                GiftEvent::DrawApproved(it) => Stored::DrawApproved(it.into()),
                GiftEvent::DrawRejected { draw, reason: why } => {
                    Stored::DrawRejected(v1::DrawRejected {
                        draw_no: stored(draw.get()),
                        reason: reason(*why),
                    })
                }
            }),
        }
    }
}

impl TryFrom<v1::GiftEvent> for GiftEvent {
    type Error = BadEntry;

    fn try_from(it: v1::GiftEvent) -> Result<Self, BadEntry> {
        let event = it.event.ok_or(BadEntry::Missing { field: "GiftEvent.event" })?;
        Ok(match event {
            Stored::PointsGiven(it) => Self::PointsGiven(it.try_into()?),
            Stored::GiftReversed(it) => Self::GiftReversed {
                gift: number(it.gift_no, GiftNo::new, "GiftReversed.gift_no")?,
                reason: kind(it.reason, kinds::reason, "GiftReversed.reason")?,
            },
            Stored::KinRequested(it) => Self::KinRequested(it.try_into()?),
            Stored::KinConfirmed(it) => Self::KinConfirmed(it.try_into()?),
            Stored::KinEnded(it) => Self::KinEnded(it.try_into()?),
            Stored::BeneficiaryNamed(it) => {
                let field = "BeneficiaryNamed.beneficiary_passbook_no";
                let beneficiary = maybe_number(it.beneficiary_passbook_no, PassbookNo::new, field)?;
                let field = "BeneficiaryNamed.passbook_no";
                let passbook = number(it.passbook_no, PassbookNo::new, field)?;
                Self::BeneficiaryNamed { passbook, beneficiary }
            }
            Stored::DrawRequested(it) => Self::DrawRequested(it.try_into()?),
            Stored::DrawApproved(it) => Self::DrawApproved(it.try_into()?),
            Stored::DrawRejected(it) => Self::DrawRejected {
                draw: number(it.draw_no, DrawNo::new, "DrawRejected.draw_no")?,
                reason: kind(it.reason, kinds::reason, "DrawRejected.reason")?,
            },
        })
    }
}

impl From<&NewGift> for v1::NewGift {
    fn from(it: &NewGift) -> Self {
        Self {
            no: stored(it.no.get()),
            from_passbook_no: stored(it.from.get()),
            to: Some(match it.to {
                Taker::Passbook(no) => To::ToPassbookNo(stored(no.get())),
                Taker::Pool(no) => To::ToPoolBranchNo(stored(no.get())),
            }),
            points_hundredths: it.points.hundredths(),
            overflow_hundredths: it.overflow.hundredths(),
        }
    }
}

impl TryFrom<v1::NewGift> for NewGift {
    type Error = BadEntry;

    fn try_from(it: v1::NewGift) -> Result<Self, BadEntry> {
        let to = match it.to.ok_or(BadEntry::Missing { field: "NewGift.to" })? {
            To::ToPassbookNo(no) => {
                Taker::Passbook(number(no, PassbookNo::new, "NewGift.to_passbook_no")?)
            }
            To::ToPoolBranchNo(no) => {
                Taker::Pool(number(no, BranchNo::new, "NewGift.to_pool_branch_no")?)
            }
        };
        Ok(Self {
            no: number(it.no, GiftNo::new, "NewGift.no")?,
            from: number(it.from_passbook_no, PassbookNo::new, "NewGift.from_passbook_no")?,
            to,
            points: Points::from_hundredths(it.points_hundredths),
            overflow: Points::from_hundredths(it.overflow_hundredths),
        })
    }
}

impl From<Kin> for v1::Kin {
    fn from(it: Kin) -> Self {
        Self {
            first_passbook_no: stored(it.first().get()),
            second_passbook_no: stored(it.second().get()),
        }
    }
}

impl TryFrom<v1::Kin> for Kin {
    type Error = BadEntry;

    fn try_from(it: v1::Kin) -> Result<Self, BadEntry> {
        let first = number(it.first_passbook_no, PassbookNo::new, "Kin.first_passbook_no")?;
        let second = number(it.second_passbook_no, PassbookNo::new, "Kin.second_passbook_no")?;
        let kin = Self::new(first, second).filter(|it| it.first() == first);
        kin.ok_or(BadEntry::Invalid { field: "Kin.second_passbook_no" })
    }
}

impl From<&NewDraw> for v1::NewDraw {
    fn from(it: &NewDraw) -> Self {
        Self {
            no: stored(it.no.get()),
            passbook_no: stored(it.passbook.get()),
            pool_branch_no: stored(it.pool.get()),
            points_hundredths: it.points.hundredths(),
            age_band: it.age_band.map(u32::from),
        }
    }
}

impl TryFrom<v1::NewDraw> for NewDraw {
    type Error = BadEntry;

    fn try_from(it: v1::NewDraw) -> Result<Self, BadEntry> {
        Ok(Self {
            no: number(it.no, DrawNo::new, "NewDraw.no")?,
            passbook: number(it.passbook_no, PassbookNo::new, "NewDraw.passbook_no")?,
            pool: number(it.pool_branch_no, BranchNo::new, "NewDraw.pool_branch_no")?,
            points: Points::from_hundredths(it.points_hundredths),
            age_band: age_band(it.age_band, "NewDraw.age_band")?,
        })
    }
}

impl From<&DrawApproved> for v1::DrawApproved {
    fn from(it: &DrawApproved) -> Self {
        Self {
            draw_no: stored(it.draw.get()),
            left_hundredths: it.left.hundredths(),
            ranked: it.ranked.iter().map(|it| stored_ranked(it, it.no.get())).collect(),
        }
    }
}

impl TryFrom<v1::DrawApproved> for DrawApproved {
    type Error = BadEntry;

    fn try_from(it: v1::DrawApproved) -> Result<Self, BadEntry> {
        let rows = it.ranked.into_iter().map(|it| ranked(it, DrawNo::new));
        Ok(Self {
            draw: number(it.draw_no, DrawNo::new, "DrawApproved.draw_no")?,
            left: Points::from_hundredths(it.left_hundredths),
            ranked: rows.collect::<Result<_, _>>()?,
        })
    }
}
