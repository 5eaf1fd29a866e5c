//! Sending one sheet; a connection that breaks is taken up again by sending all of it again.

use std::time::Duration;

use lovebank_wire::v1::{self, import_hours_request::Kind};
use tonic::Status;
use tonic_types::StatusExt as _;

use super::plan::Plan;
use crate::{
    fail::{Fail, may_retry},
    progress::Progress,
    session::Session,
};

/// How often it is tried again without getting any further.
const TRIES: u32 = 6;
/// The first wait; each is twice the one before.
const WAIT: Duration = Duration::from_millis(250);
/// The longest wait that a bank may ask for.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// What came of a sheet.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// The answers, from the first part on.
    pub(super) answers: Vec<v1::ImportHoursResponse>,
    /// Whether the connection was made anew on the way.
    pub(super) resumed: bool,
    /// Whether the whole of it was taken in before this run.
    pub(super) all_before: bool,
    /// Whether the bank refused what comes next, so that no more of it was recorded.
    pub(super) refused: bool,
    /// Why there are no more.
    pub(super) failed: Option<Fail>,
}

/// Sends a sheet.
pub(super) async fn send(session: &Session, plan: &Plan, progress: &Progress) -> Sent {
    let mut sent = Sent::default();
    if plan.parts.is_empty() {
        return sent;
    }
    let (mut tries, mut connections) = (0_u32, 0_u32);
    loop {
        connections = connections.saturating_add(1);
        let before = sent.answers.len();
        let Err(status) = once(session, plan, progress, &mut sent.answers).await else {
            // After a new connection, what this run recorded is answered as a replay too.
            let replayed = |it: &v1::ImportHoursResponse| it.receipt.is_some_and(|it| it.replayed);
            sent.all_before = connections == 1 && sent.answers.iter().all(replayed);
            return sent;
        };
        tries = if before < sent.answers.len() { 1 } else { tries.saturating_add(1) };
        if TRIES < tries || !may_retry(&status) {
            sent.refused = !may_retry(&status);
            sent.failed = Some(Fail::from(status));
            return sent;
        }
        sent.resumed = true;
        let wait = wait(&status, tries);
        let why = Fail::from(status);
        let (english, chinese) = (
            format!("{}: {}; trying again ({tries} of {TRIES})", plan.label, why.english),
            format!("{}：{}；重试（{tries}/{TRIES}）", plan.label, why.chinese),
        );
        session.remark_beside(progress, &english, &chinese);
        tokio::time::sleep(wait).await;
    }
}

/// As long as the bank says, or twice as long each time.
fn wait(status: &Status, tries: u32) -> Duration {
    let told = status.get_details_retry_info().and_then(|it| it.retry_delay);
    let doubled = WAIT.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)));
    // A bank that is asked too early asks for patience again: each time a little more.
    told.map_or(doubled, |told| told.saturating_mul(tries)).min(WAIT_MAX)
}

/// Sends all of it; answers to parts that had none are added.
async fn once(
    session: &Session,
    plan: &Plan,
    progress: &Progress,
    answers: &mut Vec<v1::ImportHoursResponse>,
) -> Result<(), Status> {
    let header = std::iter::once(Kind::Header(plan.header.clone()));
    let kinds = header.chain(plan.parts.iter().cloned().map(Kind::Part));
    let messages: Vec<_> = kinds.map(|kind| v1::ImportHoursRequest { kind: Some(kind) }).collect();
    let stream = session.bank.hours().import_hours(tokio_stream::iter(messages)).await?;
    let mut stream = stream.into_inner();
    for (at, part) in plan.parts.iter().enumerate() {
        let ended = || Status::unavailable("the connection ended before the last part");
        let answer = stream.message().await?.ok_or_else(ended)?;
        let lines = answer.verdicts.iter().map(|it| it.line);
        if answer.part != part.part || !lines.eq(part.rows.iter().map(|it| it.line)) {
            return Err(Status::data_loss("the answer is to other rows than were sent"));
        }
        if let Some(known) = answers.get_mut(at) {
            // A rehearsal is made anew; its registrations were counted.
            *known = v1::ImportHoursResponse { registered: known.registered, ..answer };
        } else {
            answers.push(answer);
            progress.further(1);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use tonic_types::ErrorDetails;

    use super::*;

    #[test]
    fn a_wait_is_as_long_as_told_or_doubles_up_to_a_bound() {
        let told = |seconds| {
            let details = ErrorDetails::with_retry_info(Some(Duration::from_secs(seconds)));
            Status::with_error_details(Code::Unavailable, "later", details)
        };
        assert_eq!(wait(&told(3), 1), Duration::from_secs(3));
        assert_eq!(wait(&told(3), 2), Duration::from_secs(6));
        assert_eq!(wait(&told(3600), 1), WAIT_MAX);
        assert_eq!(wait(&Status::unavailable(""), 1), WAIT);
        assert_eq!(wait(&Status::unavailable(""), 3), WAIT * 4);
        assert_eq!(wait(&Status::unavailable(""), 40), WAIT_MAX);
    }
}
