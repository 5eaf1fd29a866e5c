//! Deciding on records that are there: approve, reject, reverse.

use clap::Args;
use lovebank_wire::v1;

use crate::{
    fail::{Exit, Fail},
    session::{Change, Session},
    show::{Column, Part, narrow},
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
            record_nos: self.which.nos,
        };
        settled(session, &begun.end(session.bank.hours().approve_hours(request).await)?)
    }
}

impl Refuse {
    pub(super) async fn reject(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.which.change.begin();
        let request = v1::RejectHoursRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            mode: self.which.mode(),
            record_nos: self.which.nos,
            reason: self.reason.into(),
        };
        settled(session, &begun.end(session.bank.hours().reject_hours(request).await)?)
    }

    pub(super) async fn reverse(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.which.change.begin();
        let request = v1::ReverseHoursRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            mode: self.which.mode(),
            record_nos: self.which.nos,
            reason: self.reason.into(),
        };
        settled(session, &begun.end(session.bank.hours().reverse_hours(request).await)?)
    }
}

/// Shows what was settled and what was not.
fn settled(session: &Session, answer: &v1::SettleHoursResponse) -> Result<Exit, Fail> {
    const COLUMNS: &[Column] = &[narrow("record_no", "record", "记录号")];
    let rows = answer.record_nos.iter().map(|it| vec![(*it).into()]).collect();
    let mut parts = vec![Part { name: "settled", columns: COLUMNS, rows, one: false }];
    if !answer.refused.is_empty() {
        parts.push(Part::list("refused", &answer.refused, &session.zone));
    }
    if let Some(receipt) = &answer.receipt {
        parts.push(Part::one("receipt", receipt, &session.zone));
    }
    session.show(&parts)?;
    Ok(if answer.refused.is_empty() { Exit::Done } else { Exit::Rejected })
}
