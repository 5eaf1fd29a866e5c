//! `redemption`: asking for a reward, getting it, giving it up.

use clap::{Args, Subcommand};
use lovebank_wire::v1;

use super::{changed, done, listed};
use crate::{
    amount::price,
    fail::{Exit, Fail},
    pages::Limit,
    session::{Change, Session},
    words::{RedemptionState, Why},
};

/// Redemptions.
#[derive(Debug, Subcommand)]
pub(crate) enum Redemption {
    /// Ask for a reward; its points are set aside
    #[command(after_help = "Example: lovebank-admin redemption request 0300000001 3")]
    Request(Request),
    /// Give a request or a place up; the place goes to the next
    #[command(after_help = "Example: lovebank-admin redemption cancel 7")]
    Cancel(Which),
    /// Hand a reward out, by the code that the volunteer shows
    #[command(after_help = "Example: lovebank-admin redemption fulfill 7-9QXD2K7M")]
    Fulfill(Fulfill),
    /// Say that nobody came
    #[command(after_help = "Example: lovebank-admin redemption no-show 7")]
    NoShow(Which),
    /// Take a redemption back (冲正); the points come back
    #[command(after_help = "Example: lovebank-admin redemption reverse 7 --reason other")]
    Reverse(Reverse),
    /// Show one redemption, to its owner with the code
    #[command(after_help = "Example: lovebank-admin redemption show 7")]
    Show(Shown),
    /// Show redemptions of a volunteer or of a reward, newest first
    #[command(after_help = "Example: lovebank-admin redemption list --reward 3 --state allocated")]
    List(List),
}

#[derive(Debug, Args)]
pub(crate) struct Request {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    /// The number of the reward
    reward: u64,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The number of the redemption
    no: u64,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Fulfill {
    /// The one-time code
    code: String,
    /// Fewer points than are set aside [default: all of them]
    #[arg(long, value_parser = price)]
    points: Option<v1::Decimal>,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Reverse {
    /// The number of the redemption
    no: u64,
    /// Why
    #[arg(long, value_enum)]
    reason: Why,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Shown {
    /// The number of the redemption
    no: u64,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only of this volunteer; "me" for the owner of the token
    #[arg(long, value_name = "NUMBER", required_unless_present = "reward")]
    volunteer: Option<String>,
    /// Only of this reward
    #[arg(long, value_name = "NO")]
    reward: Option<u64>,
    /// Only in this state
    #[arg(long, value_enum)]
    state: Option<RedemptionState>,
    #[command(flatten)]
    limit: Limit,
}

impl Redemption {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Request(it) => it.run(session).await,
            Self::Cancel(it) => it.cancel(session).await,
            Self::Fulfill(it) => it.run(session).await,
            Self::NoShow(it) => it.no_show(session).await,
            Self::Reverse(it) => it.run(session).await,
            Self::Show(it) => it.run(session).await,
            Self::List(it) => it.run(session).await,
        }
    }
}

/// Shows a redemption as it stands after a change, and the proof of that.
fn stands(
    session: &Session,
    receipt: Option<&v1::Receipt>,
    it: Option<&v1::Redemption>,
) -> Result<Exit, Fail> {
    changed(session, receipt, it.map(|it| ("redemption", it)))
}

impl Request {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::RequestRedemptionRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
            reward_no: self.reward,
        };
        let answer = begun.end(session.bank.redemptions().request_redemption(request).await)?;
        stands(session, answer.receipt.as_ref(), answer.redemption.as_ref())
    }
}

impl Which {
    async fn cancel(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::CancelRedemptionRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            redemption_no: self.no,
        };
        let answer = begun.end(session.bank.redemptions().cancel_redemption(request).await)?;
        done(session, answer.receipt.as_ref())
    }

    async fn no_show(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::MarkNoShowRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            redemption_no: self.no,
        };
        let answer = begun.end(session.bank.redemptions().mark_no_show(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl Fulfill {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::FulfillRedemptionRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            code: self.code,
            points: self.points,
        };
        let answer = begun.end(session.bank.redemptions().fulfill_redemption(request).await)?;
        stands(session, answer.receipt.as_ref(), answer.redemption.as_ref())
    }
}

impl Reverse {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::ReverseRedemptionRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            redemption_no: self.no,
            reason: self.reason.into(),
        };
        let answer = begun.end(session.bank.redemptions().reverse_redemption(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl Shown {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::GetRedemptionRequest { min_seq: 0, redemption_no: self.no };
        let answer = session.bank.redemptions().get_redemption(request).await?.into_inner();
        stands(session, None, answer.redemption.as_ref())
    }
}

impl List {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.redemptions();
        let volunteer = self.volunteer.unwrap_or_default();
        let (reward_no, state) = (self.reward.unwrap_or(0), self.state.map_or(0, Into::into));
        let list = self.limit.of(async |page_size, page_token| {
            let request = v1::ListRedemptionsRequest {
                min_seq: 0,
                volunteer_number: volunteer.clone(),
                page_size,
                page_token,
                reward_no,
                state,
            };
            client.list_redemptions(request).await
        });
        listed(session, "redemptions", &list.await?)
    }
}
