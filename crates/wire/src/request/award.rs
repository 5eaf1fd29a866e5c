//! `RecognitionService`: award programmes, runs and objections.

use jiff::civil::Date;
use lovebank_ledger::{
    BranchCode, Command, EntryNo, HonourCommand, ObjectionNo, PassbookNo, ProgrammeName, RunNo,
    recognition::CLAUSES_MAX,
};

use super::{
    Resolve,
    honour::{programme_name, year},
    optional_branch_code, volunteer,
};
use crate::{
    Fault, Malformed, Parsed, both, kinds,
    scalar::{given, number, optional_date},
    v1,
};

/// What a selection is to be made of, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    /// Of which programme.
    pub programme: ProgrammeName,
    /// For which year.
    pub year: i16,
    /// Later days do not count.
    pub cut_off: Option<Date>,
    /// Of which branch and what is below it; none: the whole bank.
    pub branch: Option<BranchCode>,
    /// What was known after this entry; none: now.
    pub as_of: Option<EntryNo>,
}

/// What a selection is to be made of.
pub fn selected(it: Option<&v1::SelectionOf>) -> Parsed<Selected> {
    let it = given("of", it)?;
    let entry = if it.as_of_seq == 0 {
        Ok(None)
    } else {
        number("as_of_seq", it.as_of_seq, EntryNo::new).map(Some)
    };
    let named = both(programme_name("programme", &it.programme), year("year", it.year));
    let scope = both(optional_branch_code("branch_code", &it.branch_code), entry);
    let parsed = both(named, both(optional_date("cut_off", it.cut_off.as_ref()), scope));
    let ((programme, year), (cut_off, (branch, as_of))) = parsed.map_err(|err| err.within("of"))?;
    Ok(Selected { programme, year, cut_off, branch, as_of })
}

/// `CreateRun`; ages come from the vault.
pub fn create_run(it: Selected, ages: Vec<(PassbookNo, u8)>) -> Command {
    let Selected { programme, year, cut_off, branch, as_of } = it;
    Command::Honour(HonourCommand::CreateRun { programme, year, cut_off, branch, as_of, ages })
}

/// The number of a run.
pub fn run_no(no: u64) -> Parsed<RunNo> {
    number("run_no", no, RunNo::new)
}

/// A condition by its place, from 1; commands count from 0.
fn condition(no: u32) -> Parsed<u8> {
    let most = i64::try_from(CLAUSES_MAX).unwrap_or(i64::MAX);
    let place = u8::try_from(no).ok().filter(|it| usize::from(*it) <= CLAUSES_MAX);
    let place = place.and_then(|it| it.checked_sub(1));
    place.ok_or_else(|| Malformed::new("condition", Fault::OutOfRange { least: 1, most }))
}

/// `NominateVolunteer`.
pub fn nominate_volunteer(
    it: &v1::NominateVolunteerRequest,
    resolve: Resolve<'_>,
) -> Parsed<Command> {
    let of = volunteer("volunteer_number", &it.volunteer_number, resolve);
    let award = both(programme_name("programme", &it.programme), year("year", it.year));
    let (volunteer, (programme, year)) = both(of, award)?;
    Ok(Command::Honour(HonourCommand::Nominate { volunteer, programme, year }))
}

/// `ProposeException`, but for its reason.
pub fn propose_exception(
    it: &v1::ProposeExceptionRequest,
    resolve: Resolve<'_>,
) -> Parsed<Command> {
    let of = volunteer("volunteer_number", &it.volunteer_number, resolve);
    let what = both(run_no(it.run_no), condition(it.condition));
    let (volunteer, (run, condition)) = both(of, what)?;
    Ok(Command::Honour(HonourCommand::ProposeException { run, volunteer, condition }))
}

/// `ConfirmException`.
pub fn confirm_exception(
    it: &v1::ConfirmExceptionRequest,
    resolve: Resolve<'_>,
) -> Parsed<Command> {
    let of = volunteer("volunteer_number", &it.volunteer_number, resolve);
    let what = both(run_no(it.run_no), condition(it.condition));
    let (volunteer, (run, condition)) = both(of, what)?;
    Ok(Command::Honour(HonourCommand::ConfirmException { run, volunteer, condition }))
}

/// `PublishRun`.
pub fn publish_run(it: &v1::PublishRunRequest) -> Parsed<Command> {
    Ok(Command::Honour(HonourCommand::PublishRun { run: run_no(it.run_no)? }))
}

/// `FinalizeRun`.
pub fn finalize_run(it: &v1::FinalizeRunRequest) -> Parsed<Command> {
    Ok(Command::Honour(HonourCommand::FinalizeRun { run: run_no(it.run_no)? }))
}

/// `WithdrawRun`.
pub fn withdraw_run(it: &v1::WithdrawRunRequest) -> Parsed<Command> {
    let (run, reason) = both(run_no(it.run_no), kinds::given_reason(it.reason))?;
    Ok(Command::Honour(HonourCommand::WithdrawRun { run, reason }))
}

/// `ResolveObjection`, but for its answer.
pub fn resolve_objection(it: &v1::ResolveObjectionRequest) -> Parsed<Command> {
    let objection = number("objection_no", it.objection_no, ObjectionNo::new)?;
    Ok(Command::Honour(HonourCommand::ResolveObjection { objection, upheld: it.upheld }))
}
