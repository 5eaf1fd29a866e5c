//! `pool`: points given to the community, drawn for those in need.

use clap::{Args, Subcommand};
use lovebank_wire::v1;

use super::{changed, done, remark_more};
use crate::{
    amount::points,
    fail::{Exit, Fail},
    pages::Limit,
    session::{Change, Session},
    show::{Column, Part, narrow},
    words::Why,
};

/// Pools.
#[derive(Debug, Subcommand)]
pub(crate) enum Pool {
    /// Ask for points of a pool for someone in need (领用)
    #[command(after_help = "Example: lovebank-admin pool draw 0300000001 5 --from NW")]
    Draw(Draw),
    /// Pay a draw: the first in the published order that the pool can pay
    #[command(after_help = "Example: lovebank-admin pool approve 2")]
    Approve(Approve),
    /// Refuse a draw
    #[command(after_help = "Example: lovebank-admin pool reject 2 --reason other")]
    Reject(Reject),
    /// Show what is in a pool, and the draws that wait, in the published order
    #[command(after_help = "Example: lovebank-admin pool list NW")]
    List(List),
}

#[derive(Debug, Args)]
pub(crate) struct Draw {
    /// The volunteer number (义工号)
    number: String,
    /// How many points, above zero, with at most 2 decimals
    #[arg(value_parser = points)]
    points: v1::Decimal,
    /// The branch whose pool it is
    #[arg(long, value_name = "CODE")]
    from: String,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Approve {
    /// The number of the draw
    no: u64,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Reject {
    /// The number of the draw
    no: u64,
    /// Why
    #[arg(long, value_enum)]
    reason: Why,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The branch whose pool it is
    code: String,
    #[command(flatten)]
    limit: Limit,
}

const POOL: &[Column] =
    &[narrow("branch_code", "branch", "社区"), narrow("points", "points", "积分")];

impl Pool {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Draw(it) => it.run(session).await,
            Self::Approve(it) => it.run(session).await,
            Self::Reject(it) => it.run(session).await,
            Self::List(it) => it.run(session).await,
        }
    }
}

impl Draw {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::RequestDrawRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
            pool_branch_code: self.from,
            points: Some(self.points),
        };
        let answer = begun.end(session.bank.gifts().request_draw(request).await)?;
        let made = answer.draw.as_ref().map(|it| ("draw", it));
        changed(session, answer.receipt.as_ref(), made)
    }
}

impl Approve {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::ApproveDrawRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            draw_no: self.no,
        };
        let answer = begun.end(session.bank.gifts().approve_draw(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl Reject {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::RejectDrawRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            draw_no: self.no,
            reason: self.reason.into(),
        };
        let answer = begun.end(session.bank.gifts().reject_draw(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl List {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.gifts();
        let mut pool = None;
        let list = self.limit.of(async |page_size, page_token| {
            let pool_branch_code = self.code.clone();
            let request =
                v1::ListDrawsRequest { min_seq: 0, pool_branch_code, page_size, page_token };
            let answer = client.list_draws(request).await?;
            pool.get_or_insert_with(|| answer.get_ref().pool.clone().map(|it| it.value));
            Ok(answer)
        });
        let list = list.await?;
        session.show(&[
            Part::row("pool", POOL, vec![self.code.into(), pool.flatten().into()]),
            Part::list("draws", &list.items, &session.zone).base(),
        ])?;
        remark_more(session, list.more);
        Ok(Exit::Done)
    }
}
