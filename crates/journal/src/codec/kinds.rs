//! Closed lists: each value and its stored number.

use lovebank_ledger::{
    BranchKind, Level, LineKind, LotClass, Period, Provenance, Purpose, Reason, RedemptionState,
    RewardKind, Role, VolunteerStatus,
};

use super::{BadEntry, v1};

/// A value of a closed list, from its stored number.
pub(super) fn kind<S, T>(
    value: i32,
    meaning: fn(S) -> Option<T>,
    field: &'static str,
) -> Result<T, BadEntry>
where
    S: TryFrom<i32>,
{
    if value == 0 {
        return Err(BadEntry::Missing { field });
    }
    S::try_from(value).ok().and_then(meaning).ok_or(BadEntry::Unknown { field, value })
}

pub(super) fn purpose(it: v1::Purpose) -> Option<Purpose> {
    match it {
        v1::Purpose::Unspecified => None,
        v1::Purpose::Issuance => Some(Purpose::Issuance),
        v1::Purpose::Pool => Some(Purpose::Pool),
        v1::Purpose::Opening => Some(Purpose::Opening),
        v1::Purpose::Adjustment => Some(Purpose::Adjustment),
        v1::Purpose::Redeemed => Some(Purpose::Redeemed),
        v1::Purpose::Expired => Some(Purpose::Expired),
    }
}

impl From<Purpose> for v1::Purpose {
    fn from(it: Purpose) -> Self {
        match it {
            Purpose::Issuance => Self::Issuance,
            Purpose::Pool => Self::Pool,
            Purpose::Opening => Self::Opening,
            Purpose::Adjustment => Self::Adjustment,
            Purpose::Redeemed => Self::Redeemed,
            Purpose::Expired => Self::Expired,
        }
    }
}

pub(super) fn line_kind(it: v1::LineKind) -> Option<LineKind> {
    match it {
        v1::LineKind::Unspecified => None,
        v1::LineKind::Earned => Some(LineKind::Earned),
        v1::LineKind::Opened => Some(LineKind::Opened),
        v1::LineKind::Deducted => Some(LineKind::Deducted),
        v1::LineKind::Reversed => Some(LineKind::Reversed),
        v1::LineKind::Redeemed => Some(LineKind::Redeemed),
        v1::LineKind::Given => Some(LineKind::Given),
        v1::LineKind::Received => Some(LineKind::Received),
        v1::LineKind::Drawn => Some(LineKind::Drawn),
        v1::LineKind::Paid => Some(LineKind::Paid),
        v1::LineKind::Helped => Some(LineKind::Helped),
        v1::LineKind::Expired => Some(LineKind::Expired),
        v1::LineKind::Honoured => Some(LineKind::Honoured),
        v1::LineKind::Revoked => Some(LineKind::Revoked),
        v1::LineKind::Merged => Some(LineKind::Merged),
        v1::LineKind::Parted => Some(LineKind::Parted),
    }
}

pub(super) fn lot_class(it: v1::LotClass) -> Option<LotClass> {
    match it {
        v1::LotClass::Unspecified => None,
        v1::LotClass::Given => Some(LotClass::Given),
        v1::LotClass::Earned => Some(LotClass::Earned),
    }
}

impl From<LotClass> for v1::LotClass {
    fn from(it: LotClass) -> Self {
        match it {
            LotClass::Given => Self::Given,
            LotClass::Earned => Self::Earned,
        }
    }
}

impl From<LineKind> for v1::LineKind {
    fn from(it: LineKind) -> Self {
        match it {
            LineKind::Earned => Self::Earned,
            LineKind::Opened => Self::Opened,
            LineKind::Deducted => Self::Deducted,
            LineKind::Reversed => Self::Reversed,
            LineKind::Redeemed => Self::Redeemed,
            LineKind::Given => Self::Given,
            LineKind::Received => Self::Received,
            LineKind::Drawn => Self::Drawn,
            LineKind::Paid => Self::Paid,
            LineKind::Helped => Self::Helped,
            LineKind::Expired => Self::Expired,
            LineKind::Honoured => Self::Honoured,
            LineKind::Revoked => Self::Revoked,
            LineKind::Merged => Self::Merged,
            LineKind::Parted => Self::Parted,
        }
    }
}

pub(super) fn branch_kind(it: v1::BranchKind) -> Option<BranchKind> {
    match it {
        v1::BranchKind::Unspecified => None,
        v1::BranchKind::District => Some(BranchKind::District),
        v1::BranchKind::Street => Some(BranchKind::Street),
        v1::BranchKind::Community => Some(BranchKind::Community),
    }
}

impl From<BranchKind> for v1::BranchKind {
    fn from(it: BranchKind) -> Self {
        match it {
            BranchKind::District => Self::District,
            BranchKind::Street => Self::Street,
            BranchKind::Community => Self::Community,
        }
    }
}

pub(super) fn volunteer_status(it: v1::VolunteerStatus) -> Option<VolunteerStatus> {
    match it {
        v1::VolunteerStatus::Unspecified => None,
        v1::VolunteerStatus::Active => Some(VolunteerStatus::Active),
        v1::VolunteerStatus::Suspended => Some(VolunteerStatus::Suspended),
        v1::VolunteerStatus::Closed => Some(VolunteerStatus::Closed),
    }
}

impl From<VolunteerStatus> for v1::VolunteerStatus {
    fn from(it: VolunteerStatus) -> Self {
        match it {
            VolunteerStatus::Active => Self::Active,
            VolunteerStatus::Suspended => Self::Suspended,
            VolunteerStatus::Closed => Self::Closed,
        }
    }
}

pub(super) fn role(it: v1::Role) -> Option<Role> {
    match it {
        v1::Role::Unspecified => None,
        v1::Role::Volunteer => Some(Role::Volunteer),
        v1::Role::Clerk => Some(Role::Clerk),
        v1::Role::Approver => Some(Role::Approver),
        v1::Role::AwardOfficer => Some(Role::AwardOfficer),
        v1::Role::Auditor => Some(Role::Auditor),
        v1::Role::Operator => Some(Role::Operator),
        v1::Role::Partner => Some(Role::Partner),
    }
}

impl From<Role> for v1::Role {
    fn from(it: Role) -> Self {
        match it {
            Role::Volunteer => Self::Volunteer,
            Role::Clerk => Self::Clerk,
            Role::Approver => Self::Approver,
            Role::AwardOfficer => Self::AwardOfficer,
            Role::Auditor => Self::Auditor,
            Role::Operator => Self::Operator,
            Role::Partner => Self::Partner,
        }
    }
}

pub(super) fn level(it: v1::Level) -> Option<Level> {
    match it {
        v1::Level::Unspecified => None,
        v1::Level::Branch => Some(Level::Branch),
        v1::Level::Above => Some(Level::Above),
    }
}

impl From<Level> for v1::Level {
    fn from(it: Level) -> Self {
        match it {
            Level::Branch => Self::Branch,
            Level::Above => Self::Above,
        }
    }
}

pub(super) fn provenance(it: v1::Provenance) -> Option<Provenance> {
    match it {
        v1::Provenance::Unspecified => None,
        v1::Provenance::Scanned => Some(Provenance::Scanned),
        v1::Provenance::Clerk => Some(Provenance::Clerk),
        v1::Provenance::Paper => Some(Provenance::Paper),
        v1::Provenance::Import => Some(Provenance::Import),
        v1::Provenance::SelfReported => Some(Provenance::SelfReported),
        v1::Provenance::Opening => Some(Provenance::Opening),
        v1::Provenance::Help => Some(Provenance::Help),
    }
}

impl From<Provenance> for v1::Provenance {
    fn from(it: Provenance) -> Self {
        match it {
            Provenance::Scanned => Self::Scanned,
            Provenance::Clerk => Self::Clerk,
            Provenance::Paper => Self::Paper,
            Provenance::Import => Self::Import,
            Provenance::SelfReported => Self::SelfReported,
            Provenance::Opening => Self::Opening,
            Provenance::Help => Self::Help,
        }
    }
}

pub(super) fn reason(it: v1::Reason) -> Option<Reason> {
    match it {
        v1::Reason::Unspecified => None,
        v1::Reason::Duplicate => Some(Reason::Duplicate),
        v1::Reason::NotServed => Some(Reason::NotServed),
        v1::Reason::WrongTime => Some(Reason::WrongTime),
        v1::Reason::WrongVolunteer => Some(Reason::WrongVolunteer),
        v1::Reason::WrongActivity => Some(Reason::WrongActivity),
        v1::Reason::RuleBroken => Some(Reason::RuleBroken),
        v1::Reason::Resent => Some(Reason::Resent),
        v1::Reason::Other => Some(Reason::Other),
        v1::Reason::Undone => Some(Reason::Undone),
    }
}

impl From<Reason> for v1::Reason {
    fn from(it: Reason) -> Self {
        match it {
            Reason::Duplicate => Self::Duplicate,
            Reason::NotServed => Self::NotServed,
            Reason::WrongTime => Self::WrongTime,
            Reason::WrongVolunteer => Self::WrongVolunteer,
            Reason::WrongActivity => Self::WrongActivity,
            Reason::RuleBroken => Self::RuleBroken,
            Reason::Resent => Self::Resent,
            Reason::Other => Self::Other,
            Reason::Undone => Self::Undone,
        }
    }
}

pub(super) fn reward_kind(it: v1::RewardKind) -> Option<RewardKind> {
    match it {
        v1::RewardKind::Unspecified => None,
        v1::RewardKind::Goods => Some(RewardKind::Goods),
        v1::RewardKind::Service => Some(RewardKind::Service),
        v1::RewardKind::Privilege => Some(RewardKind::Privilege),
        v1::RewardKind::Admission => Some(RewardKind::Admission),
    }
}

impl From<RewardKind> for v1::RewardKind {
    fn from(it: RewardKind) -> Self {
        match it {
            RewardKind::Goods => Self::Goods,
            RewardKind::Service => Self::Service,
            RewardKind::Privilege => Self::Privilege,
            RewardKind::Admission => Self::Admission,
        }
    }
}

pub(super) fn period(it: v1::Period) -> Option<Period> {
    match it {
        v1::Period::Unspecified => None,
        v1::Period::Month => Some(Period::Month),
        v1::Period::Quarter => Some(Period::Quarter),
        v1::Period::Year => Some(Period::Year),
        v1::Period::Ever => Some(Period::Ever),
    }
}

impl From<Period> for v1::Period {
    fn from(it: Period) -> Self {
        match it {
            Period::Month => Self::Month,
            Period::Quarter => Self::Quarter,
            Period::Year => Self::Year,
            Period::Ever => Self::Ever,
        }
    }
}

pub(super) fn redemption_state(it: v1::RedemptionState) -> Option<RedemptionState> {
    match it {
        v1::RedemptionState::Unspecified => None,
        v1::RedemptionState::Waiting => Some(RedemptionState::Waiting),
        v1::RedemptionState::Allocated => Some(RedemptionState::Allocated),
        v1::RedemptionState::Fulfilled => Some(RedemptionState::Fulfilled),
        v1::RedemptionState::Cancelled => Some(RedemptionState::Cancelled),
        v1::RedemptionState::NoShow => Some(RedemptionState::NoShow),
        v1::RedemptionState::Expired => Some(RedemptionState::Expired),
        v1::RedemptionState::Reversed => Some(RedemptionState::Reversed),
    }
}

impl From<RedemptionState> for v1::RedemptionState {
    fn from(it: RedemptionState) -> Self {
        match it {
            RedemptionState::Waiting => Self::Waiting,
            RedemptionState::Allocated => Self::Allocated,
            RedemptionState::Fulfilled => Self::Fulfilled,
            RedemptionState::Cancelled => Self::Cancelled,
            RedemptionState::NoShow => Self::NoShow,
            RedemptionState::Expired => Self::Expired,
            RedemptionState::Reversed => Self::Reversed,
        }
    }
}
