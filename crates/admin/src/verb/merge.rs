//! `volunteer merge`: one person under two numbers, told by two hands.

use clap::{Args, Subcommand};
use lovebank_wire::v1;

use super::{done, listed, proven};
use crate::{
    fail::{Exit, Fail},
    pages::Limit,
    session::{Change, Session},
    show::{Column, Part, decimal, narrow, number},
    words::Why,
};

/// Merges.
#[derive(Debug, Subcommand)]
pub(crate) enum Merge {
    /// Say that two numbers are one person; it waits for an approver
    #[command(
        after_help = "Example: lovebank-admin volunteer merge propose 0300000007 --into 0300000001"
    )]
    Propose(Propose),
    /// Show merges, newest first
    #[command(after_help = "Example: lovebank-admin volunteer merge list --waiting")]
    List(List),
    /// Confirm that two numbers are one person: what the one has goes to the other
    #[command(after_help = "Example: lovebank-admin volunteer merge confirm 3")]
    Confirm(Which),
    /// Refuse a merge, or the undoing of one; your own proposal you take back so
    #[command(after_help = "Example: lovebank-admin volunteer merge refuse 3 --reason other")]
    Refuse(Refuse),
    /// Say that a merge was wrong; it waits for an approver
    #[command(after_help = "Example: lovebank-admin volunteer merge undo 3")]
    Undo(Which),
    /// Confirm that a merge was wrong: each number has its own again
    #[command(after_help = "Example: lovebank-admin volunteer merge confirm-undo 3")]
    ConfirmUndo(Which),
}

#[derive(Debug, Args)]
pub(crate) struct Propose {
    /// The duplicate, by number
    number: String,
    /// The number that is kept
    #[arg(long, value_name = "NUMBER")]
    into: String,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only those that wait for an approver
    #[arg(long)]
    waiting: bool,
    /// Only those of this volunteer, by number
    #[arg(long, value_name = "NUMBER")]
    of: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The number of the merge
    no: u64,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Refuse {
    /// The number of the merge
    no: u64,
    /// Why
    #[arg(long, value_enum)]
    reason: Why,
    #[command(flatten)]
    change: Change,
}

const PROPOSED: &[Column] = &[narrow("merge_no", "merge", "合并号")];
const MOVED: &[Column] =
    &[narrow("minutes", "minutes moved", "转移分钟"), narrow("points", "points moved", "转移积分")];

impl Merge {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Propose(it) => it.run(session).await,
            Self::List(it) => it.run(session).await,
            Self::Confirm(it) => it.confirm(session).await,
            Self::Refuse(it) => it.run(session).await,
            Self::Undo(it) => it.undo(session).await,
            Self::ConfirmUndo(it) => it.confirm_undo(session).await,
        }
    }
}

impl Propose {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::ProposeMergeRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
            into_volunteer_number: self.into,
        };
        let answer = begun.end(session.bank.merges().propose_merge(request).await)?;
        let made = Part::row("merge", PROPOSED, vec![number(answer.merge_no)]);
        proven(session, vec![made], answer.receipt.as_ref())
    }
}

impl List {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.merges();
        let volunteer_number = self.of.unwrap_or_default();
        let list = self.limit.of(async |page_size, page_token| {
            let request = v1::ListMergesRequest {
                min_seq: 0,
                waiting_only: self.waiting,
                volunteer_number: volunteer_number.clone(),
                page_size,
                page_token,
            };
            client.list_merges(request).await
        });
        listed(session, "merges", &list.await?)
    }
}

impl Which {
    async fn confirm(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::ConfirmMergeRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            merge_no: self.no,
        };
        let answer = begun.end(session.bank.merges().confirm_merge(request).await)?;
        let moved = vec![answer.minutes.into(), decimal(answer.points.as_ref())];
        proven(session, vec![Part::row("moved", MOVED, moved)], answer.receipt.as_ref())
    }

    async fn undo(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::ProposeMergeUndoRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            merge_no: self.no,
        };
        let answer = begun.end(session.bank.merges().propose_merge_undo(request).await)?;
        done(session, answer.receipt.as_ref())
    }

    async fn confirm_undo(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::ConfirmMergeUndoRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            merge_no: self.no,
        };
        let answer = begun.end(session.bank.merges().confirm_merge_undo(request).await)?;
        let moved = vec![answer.minutes.into(), decimal(answer.points.as_ref())];
        proven(session, vec![Part::row("moved", MOVED, moved)], answer.receipt.as_ref())
    }
}

impl Refuse {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::RefuseMergeRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            merge_no: self.no,
            reason: self.reason.into(),
        };
        let answer = begun.end(session.bank.merges().refuse_merge(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}
