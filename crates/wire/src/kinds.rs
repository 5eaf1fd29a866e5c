//! Enums both ways.

use lovebank_ledger as ledger;

use crate::{Fault, Malformed, Parsed, v1};

macro_rules! kinds {
    ($parse:ident, $show:ident, $message:ident, $domain:path { $($from:ident => $to:ident),+ $(,)? }) => {
        /// The value a message asks for.
        pub fn $parse(field: &str, value: i32) -> Parsed<$domain> {
            use $domain as Domain;
            match v1::$message::try_from(value) {
                $(Ok(v1::$message::$from) => Ok(Domain::$to),)+
                Ok(v1::$message::Unspecified) => Err(Malformed::new(field, Fault::Missing)),
                Err(_) => Err(Malformed::new(field, Fault::NotAnOption)),
            }
        }

        /// The value as a message.
        pub fn $show(it: $domain) -> v1::$message {
            use $domain as Domain;
            match it {
                $(Domain::$to => v1::$message::$from),+
            }
        }
    };
}

kinds!(branch_kind, to_branch_kind, BranchKind, ledger::BranchKind {
    District => District, Street => Street, Community => Community,
});
kinds!(volunteer_status, to_volunteer_status, VolunteerStatus, ledger::VolunteerStatus {
    Active => Active, Suspended => Suspended, Closed => Closed,
});
kinds!(role, to_role, Role, ledger::Role {
    Volunteer => Volunteer, Clerk => Clerk, Approver => Approver, AwardOfficer => AwardOfficer,
    Auditor => Auditor, Operator => Operator, Partner => Partner,
});
kinds!(provenance, to_provenance, Provenance, ledger::Provenance {
    Scanned => Scanned, Clerk => Clerk, Paper => Paper, Import => Import,
    SelfReported => SelfReported, Opening => Opening, Help => Help,
});
kinds!(record_state, to_record_state, RecordState, ledger::RecordState {
    Pending => Pending, Posted => Posted, Rejected => Rejected, Reversed => Reversed,
});
kinds!(timeliness, to_timeliness, Timeliness, ledger::Timeliness {
    Due => Due, InTime => InTime, Late => Late, Overdue => Overdue,
});
kinds!(reason, to_reason, Reason, ledger::Reason {
    Duplicate => Duplicate, NotServed => NotServed, WrongTime => WrongTime,
    WrongVolunteer => WrongVolunteer, WrongActivity => WrongActivity, RuleBroken => RuleBroken,
    Resent => Resent, Other => Other, Undone => Undone,
});
kinds!(level, to_level, ApprovalLevel, ledger::Level { Branch => Branch, Above => Above });
kinds!(line_kind, to_line_kind, LineKind, ledger::LineKind {
    Earned => Earned, Opened => Opened, Deducted => Deducted, Reversed => Reversed,
    Redeemed => Redeemed, Given => Given, Received => Received, Drawn => Drawn, Paid => Paid,
    Helped => Helped, Expired => Expired, Honoured => Honoured, Revoked => Revoked,
    Merged => Merged, Parted => Parted,
});
kinds!(honour_level, to_honour_level, HonourLevel, ledger::HonourLevel {
    Community => Community, Street => Street, District => District, City => City,
    Province => Province, Nation => Nation,
});
kinds!(run_state, to_run_state, RunState, ledger::RunState {
    Draft => Draft, Published => Published, Final => Final, Withdrawn => Withdrawn,
});
kinds!(reward_kind, to_reward_kind, RewardKind, ledger::RewardKind {
    Goods => Goods, Service => Service, Privilege => Privilege, Admission => Admission,
});
kinds!(period, to_period, Period, ledger::Period {
    Month => Month, Quarter => Quarter, Year => Year, Ever => Ever,
});
kinds!(redemption_state, to_redemption_state, RedemptionState, ledger::RedemptionState {
    Waiting => Waiting, Allocated => Allocated, Fulfilled => Fulfilled, Cancelled => Cancelled,
    NoShow => NoShow, Expired => Expired, Reversed => Reversed,
});
kinds!(draw_state, to_draw_state, DrawState, ledger::DrawState {
    Waiting => Waiting, Approved => Approved, Rejected => Rejected,
});
kinds!(help_state, to_help_state, HelpState, ledger::HelpState {
    Open => Open, Agreed => Agreed, Said => Said, Disputed => Disputed, Confirmed => Confirmed,
    Cancelled => Cancelled, Expired => Expired,
});
kinds!(merge_state, to_merge_state, MergeState, ledger::MergeState {
    Proposed => Proposed, Merged => Merged, UndoProposed => UndoProposed, Undone => Undone,
    Refused => Refused,
});
kinds!(purpose, to_purpose, AccountPurpose, ledger::Purpose {
    Issuance => Issuance, Pool => Pool, Opening => Opening, Adjustment => Adjustment,
    Redeemed => Redeemed, Expired => Expired,
});

/// The way hours came to be known, as a caller says it; which of them a caller may say is a rule.
pub fn recorded_provenance(value: i32) -> Parsed<ledger::Provenance> {
    if value == 0 { Ok(ledger::Provenance::Clerk) } else { provenance("provenance", value) }
}

/// A reason as a caller may give it.
pub fn given_reason(value: i32) -> Parsed<ledger::Reason> {
    let it = reason("reason", value)?;
    if matches!(it, ledger::Reason::Resent | ledger::Reason::Undone) {
        return Err(Malformed::new("reason", Fault::NotAnOption));
    }
    Ok(it)
}
