//! `HelpService`.

use lovebank_ledger::{Command, HelpCommand, HelpNo, Minutes, PassbookNo, VolunteerRef};

use super::{Resolve, service::described, volunteer};
use crate::{
    Fault, Malformed, Parsed, both,
    scalar::{self, given, number},
    v1,
};

/// `AskForHelp`; the age comes from the vault.
pub fn ask_for_help(
    it: &v1::AskForHelpRequest,
    resolve: Resolve<'_>,
    age_band: Option<u8>,
) -> Parsed<Command> {
    let activity = given("activity", it.activity.as_ref()).and_then(|it| {
        if it.activity_no == 0 {
            described(it)
        } else {
            Err(Malformed::new("activity.activity_no", Fault::Surplus))
        }
    });
    let window = given("window", it.window.as_ref()).and_then(|it| scalar::interval("window", it));
    let of = volunteer("volunteer_number", &it.volunteer_number, resolve);
    let (volunteer, (activity, window)) = both(of, both(activity, window))?;
    Ok(Command::Help(HelpCommand::AskForHelp { volunteer, activity, window, age_band }))
}

fn help_no(no: u64) -> Parsed<HelpNo> {
    number("help_no", no, HelpNo::new)
}

/// `OfferHelp`.
pub fn offer_help(it: &v1::OfferHelpRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let of = volunteer("volunteer_number", &it.volunteer_number, resolve);
    let (help, volunteer) = both(help_no(it.help_no), of)?;
    Ok(Command::Help(HelpCommand::OfferHelp { help, volunteer }))
}

/// `WithdrawOffer`.
pub fn withdraw_offer(it: &v1::WithdrawOfferRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let of = volunteer("volunteer_number", &it.volunteer_number, resolve);
    let (help, volunteer) = both(help_no(it.help_no), of)?;
    Ok(Command::Help(HelpCommand::WithdrawOffer { help, volunteer }))
}

/// `AcceptOffer`.
pub fn accept_offer(it: &v1::AcceptOfferRequest) -> Parsed<Command> {
    let helper = number("helper_passbook_no", it.helper_passbook_no, PassbookNo::new);
    let (help, helper) = both(help_no(it.help_no), helper)?;
    Ok(Command::Help(HelpCommand::AcceptOffer { help, helper: VolunteerRef::Passbook(helper) }))
}

/// `CancelHelp`.
pub fn cancel_help(it: &v1::CancelHelpRequest) -> Parsed<Command> {
    Ok(Command::Help(HelpCommand::CancelHelp { help: help_no(it.help_no)? }))
}

/// `ConfirmHelp`.
pub fn confirm_help(it: &v1::ConfirmHelpRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let of = volunteer("volunteer_number", &it.volunteer_number, resolve);
    let (help, (volunteer, minutes)) = both(help_no(it.help_no), both(of, minutes(it.minutes)))?;
    Ok(Command::Help(HelpCommand::ConfirmHelp { help, volunteer, minutes }))
}

/// `ResolveHelp`.
pub fn resolve_help(it: &v1::ResolveHelpRequest) -> Parsed<Command> {
    let (help, minutes) = both(help_no(it.help_no), minutes(it.minutes))?;
    Ok(Command::Help(HelpCommand::ResolveHelp { help, minutes }))
}

/// Minutes of one service: 0 to a day's.
fn minutes(it: i64) -> Parsed<Minutes> {
    let most = lovebank_ledger::INTERVAL_MINUTES_MAX;
    if (0..=most).contains(&it) {
        return Ok(Minutes::new(it));
    }
    let fault = Fault::Other {
        english: format!("it is out of range: give 0 to {most}"),
        chinese: format!("超出范围：请填写 0 至 {most}"),
    };
    Err(Malformed::new("minutes", fault))
}
