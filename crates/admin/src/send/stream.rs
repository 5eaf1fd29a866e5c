//! Sending one sheet; a connection that breaks is taken up again by sending all of it again.

use lovebank_wire::v1::{self, import_hours_request::Kind};
use tonic::Status;

use super::plan::Plan;
use crate::{
    again::Patience,
    fail::{Fail, may_retry},
    progress::Progress,
    session::Session,
};

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
    let (mut patience, mut connections) = (Patience::default(), 0_u32);
    loop {
        connections = connections.saturating_add(1);
        let before = sent.answers.len();
        let Err(status) = once(session, plan, progress, &mut sent.answers).await else {
            // After a new connection, what this run recorded is answered as a replay too.
            let replayed = |it: &v1::ImportHoursResponse| it.receipt.is_some_and(|it| it.replayed);
            sent.all_before = connections == 1 && sent.answers.iter().all(replayed);
            return sent;
        };
        if before < sent.answers.len() {
            patience.further();
        }
        let refused = !may_retry(&status);
        let label = (plan.label.as_str(), plan.label.as_str());
        if let Err(failed) = patience.wait(status, (session, progress), label).await {
            (sent.refused, sent.failed) = (refused, Some(failed));
            return sent;
        }
        sent.resumed = true;
    }
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
