//! Requests into commands: one file a service. A request has been understood, or says which of
//! its fields have not.

mod access;
mod award;
mod branch;
mod help;
mod honour;
mod hours;
mod import;
mod merge;
mod redemption;
mod rulebook;
mod service;
mod settle;
mod transfer;
mod volunteer;

use lovebank_ledger::{ActivityNo, BranchCode, RecordNo, TokenNo, VolunteerRef};

use crate::{
    Fault, Malformed, Parsed,
    scalar::{number, optional_text, text},
};

pub use access::{GRANTS_MAX, issue_token, revoke_token};
pub use award::{
    Selected, confirm_exception, create_run, finalize_run, nominate_volunteer, propose_exception,
    publish_run, resolve_objection, run_no, selected, withdraw_run,
};
pub use branch::{create_branch, rename_branch};
pub use help::{
    accept_offer, ask_for_help, cancel_help, confirm_help, offer_help, resolve_help, withdraw_offer,
};
pub use honour::{
    award_stars, issue_certificate, programme_name, record_honours, revoke_honour, year,
};
pub use hours::{
    batch_record_hours, cancel_check_in, check_in, check_out, create_activity, record_hours,
};
pub use import::{import_hours, import_state, undo_import};
pub use merge::{
    confirm_merge, confirm_merge_undo, propose_merge, propose_merge_undo, refuse_merge,
};
pub use redemption::{
    add_stock, cancel_redemption, fulfill_redemption, mark_no_show, publish_reward,
    request_redemption, reverse_redemption, withdraw_reward,
};
pub use rulebook::adopt_rulebook;
pub use service::evaluation;
pub use settle::{
    approve_hours, correct_hours, deduct_hours, evaluate_hours, reject_hours, reverse_hours,
};
pub use transfer::{
    approve_draw, confirm_kin, end_kin, give_points, name_beneficiary, positive, reject_draw,
    request_draw, request_kin, reverse_gift,
};
pub use volunteer::{erase_person, move_volunteer, set_volunteer_status};

/// Looks up whom a volunteer number names, in the words of the caller: the number, or "me".
pub type Resolve<'a> = &'a dyn Fn(&str) -> Result<VolunteerRef, Fault>;

/// Whom a number names.
pub fn volunteer(field: &str, number: &str, resolve: Resolve<'_>) -> Parsed<VolunteerRef> {
    resolve(number).map_err(|fault| Malformed::new(field, fault))
}

/// The code of a branch.
pub fn branch_code(field: &str, code: &str) -> Parsed<BranchCode> {
    text(field, code, BranchCode::new)
}

/// The code of a branch, or none where it is empty.
pub fn optional_branch_code(field: &str, code: &str) -> Parsed<Option<BranchCode>> {
    optional_text(field, code, BranchCode::new)
}

/// The number of a record.
pub fn record_no(field: &str, no: u64) -> Parsed<RecordNo> {
    number(field, no, RecordNo::new)
}

/// The number of an activity.
pub fn activity_no(field: &str, no: u64) -> Parsed<ActivityNo> {
    number(field, no, ActivityNo::new)
}

/// The number of a token.
pub fn token_no(field: &str, no: u64) -> Parsed<TokenNo> {
    number(field, no, TokenNo::new)
}
