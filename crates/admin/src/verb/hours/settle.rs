//! Deciding on records that are there: approve, reject, reverse.

use clap::Args;
use lovebank_wire::v1;

use crate::{
    fail::{Exit, Fail},
    session::{Change, Session},
    show::{Done, Items},
    verb::proven,
    words::Why,
};

/// Which records, and whether they stand or fall as one.
#[derive(Debug, Clone, Args)]
pub(crate) struct Which {
    /// Numbers of records
    #[arg(required = true, value_name = "NO")]
    nos: Vec<u64>,
    /// Each for itself [default: one that is refused refuses all]
    #[arg(long)]
    each: bool,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Approve {
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
pub(crate) struct Refuse {
    #[command(flatten)]
    which: Which,
    /// Why
    #[arg(long, value_enum)]
    reason: Why,
}

impl Which {
    fn mode(&self) -> i32 {
        if self.each { v1::BatchMode::ItemByItem.into() } else { v1::BatchMode::Atomic.into() }
    }
}

impl Approve {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.which.change.begin();
        let request = v1::ApproveHoursRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            mode: self.which.mode(),
            record_nos: self.which.nos.clone(),
        };
        let answer = begun.end(session.bank.hours().approve_hours(request).await)?;
        settled(session, &self.which.nos, answer)
    }
}

impl Refuse {
    pub(super) async fn reject(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.which.change.begin();
        let request = v1::RejectHoursRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            mode: self.which.mode(),
            record_nos: self.which.nos.clone(),
            reason: self.reason.into(),
        };
        let answer = begun.end(session.bank.hours().reject_hours(request).await)?;
        settled(session, &self.which.nos, answer)
    }

    pub(super) async fn reverse(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.which.change.begin();
        let request = v1::ReverseHoursRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            mode: self.which.mode(),
            record_nos: self.which.nos.clone(),
            reason: self.reason.into(),
        };
        let answer = begun.end(session.bank.hours().reverse_hours(request).await)?;
        settled(session, &self.which.nos, answer)
    }
}

/// Shows of each record what came of it.
fn settled(
    session: &Session,
    asked: &[u64],
    answer: v1::SettleHoursResponse,
) -> Result<Exit, Fail> {
    let done = (0_u32..).zip(asked).filter(|(_, no)| answer.record_nos.contains(no));
    let refused: Vec<u32> = answer.refused.iter().map(|it| it.index).collect();
    let done = done.filter(|(index, _)| !refused.contains(index));
    let done =
        done.map(|(index, no)| (index, Done { outcome: "done", record_no: *no, ..<_>::default() }));
    let of = asked.iter().map(u64::to_string).collect();
    let items = Items::new(of, done, answer.refused);
    proven(session, vec![items.part(session.lang)], answer.receipt.as_ref())?;
    Ok(items.exit())
}
