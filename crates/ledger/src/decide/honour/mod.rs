//! Stars, awards, runs and certificates.

mod certificate;
mod give;
mod objection;
mod run;

use super::{Desk, Outcome, Refused, each};
use crate::{Event, HonourCommand, HonourEvent, Posting};

type HonourDecision = Result<(HonourEvent, Vec<Posting>), Refused>;

pub(super) fn decide(desk: Desk<'_>, command: &HonourCommand) -> Outcome {
    let decision = match command {
        HonourCommand::AwardStars { scheme, year, items, mode } => {
            give::stars(desk, (scheme, *year), items, *mode)
        }
        HonourCommand::RecordHonours { items, mode } => give::record(desk, items, *mode),
        HonourCommand::RevokeHonour { honour, reason } => give::revoke(desk, *honour, *reason),
        HonourCommand::Nominate { volunteer, programme, year } => {
            give::nominate(&desk, *volunteer, programme, *year)
        }
        HonourCommand::CreateRun { programme, year, cut_off, branch, as_of, ages } => {
            let scope = (branch.as_ref(), *as_of);
            run::create(&desk, (programme, *year, *cut_off), scope, ages)
        }
        HonourCommand::ProposeException { run, volunteer, condition } => {
            run::propose(&desk, *run, *volunteer, *condition)
        }
        HonourCommand::ConfirmException { run, volunteer, condition } => {
            run::confirm(&desk, *run, *volunteer, *condition)
        }
        HonourCommand::PublishRun { run } => run::publish(&desk, *run),
        HonourCommand::FileObjection { run, about } => objection::file(&desk, *run, *about),
        HonourCommand::ResolveObjection { objection, upheld } => {
            objection::resolve(&desk, *objection, *upheld)
        }
        HonourCommand::FinalizeRun { run } => run::finalize(desk, *run),
        HonourCommand::WithdrawRun { run, reason } => run::withdraw(&desk, *run, *reason),
        HonourCommand::IssueCertificate { volunteer, of } => {
            certificate::issue(&desk, *volunteer, *of)
        }
    };
    decision.map(|(event, postings)| (Event::Honour(event), postings))
}
