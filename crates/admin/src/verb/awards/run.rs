//! Runs and their exceptions.

use clap::{Args, Subcommand};
use lovebank_wire::v1;

use super::result::{Drift, Listing, Of, Sheet};
use crate::{
    fail::{Exit, Fail},
    pages::Limit,
    session::{Change, Session},
    show::Part,
    verb::{listed, proven},
    words::{RunState, Why},
};

/// Runs.
#[derive(Debug, Subcommand)]
pub(crate) enum Runs {
    /// Make a run, a draft
    #[command(
        after_help = "Example: lovebank-admin awards run create baoan-2022 --year 2026 --branch LG"
    )]
    Create(Create),
    /// Show runs, newest first
    #[command(after_help = "Example: lovebank-admin awards run list --state published")]
    List(List),
    /// Show a run, with its exceptions
    #[command(after_help = "Example: lovebank-admin awards run show 3")]
    Show(Which),
    /// Show the result of a run: the chosen, the near misses, the excluded
    #[command(after_help = "Example: lovebank-admin awards run result 3 --chosen --format csv")]
    Result(Listing),
    /// Write the sheet of a run, whose SHA-256 is the run's digest
    #[command(
        after_help = "Example: lovebank-admin awards run sheet 3 --out run-3.csv\nExit code 4: the digest is another."
    )]
    Sheet(Sheet),
    /// Hang a run out (公示)
    #[command(after_help = "Example: lovebank-admin awards run publish 3")]
    Publish(Changed),
    /// Give the awards of a run whose notice period is over
    #[command(after_help = "Example: lovebank-admin awards run finalize 3")]
    Finalize(Changed),
    /// Give a run up
    #[command(after_help = "Example: lovebank-admin awards run withdraw 3 --reason other")]
    Withdraw(Withdraw),
    /// Say what later entries would change in a run; changes nothing
    #[command(
        after_help = "Example: lovebank-admin awards run drift 3\nExit code 3: someone would be chosen, or not, against the run."
    )]
    Drift(Drift),
}

/// Exceptions.
#[derive(Debug, Subcommand)]
pub(crate) enum Exceptions {
    /// Propose that a condition be waived for a volunteer of a draft
    #[command(
        after_help = "Example: lovebank-admin awards exception propose 3 0300000001 --condition 2 --reason 救人"
    )]
    Propose(Propose),
    /// Confirm it: someone else
    #[command(
        after_help = "Example: lovebank-admin awards exception confirm 3 0300000001 --condition 2"
    )]
    Confirm(Confirm),
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    #[command(flatten)]
    of: Of,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only of this programme
    #[arg(long, value_name = "NAME")]
    programme: Option<String>,
    /// Only for this year
    #[arg(long, value_parser = clap::value_parser!(i32).range(1970..=9999))]
    year: Option<i32>,
    /// Only in this state
    #[arg(long, value_enum)]
    state: Option<RunState>,
    #[command(flatten)]
    limit: Limit,
}

/// Which run.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The number of the run
    no: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Changed {
    /// The number of the run
    no: u64,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Withdraw {
    /// The number of the run
    no: u64,
    /// Why
    #[arg(long, value_enum)]
    reason: Why,
    #[command(flatten)]
    change: Change,
}

/// For whom, of what.
#[derive(Debug, Args)]
struct Exception {
    /// The number of the run
    no: u64,
    /// The volunteer number (义工号)
    number: String,
    /// The condition, by its place in the programme, from 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=16))]
    condition: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Propose {
    #[command(flatten)]
    of: Exception,
    /// The written reason
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Confirm {
    #[command(flatten)]
    of: Exception,
    #[command(flatten)]
    change: Change,
}

impl Runs {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Create(it) => it.run(session).await,
            Self::List(it) => it.run(session).await,
            Self::Show(it) => it.run(session).await,
            Self::Result(it) => it.run(session).await,
            Self::Sheet(it) => it.run(session).await,
            Self::Publish(it) => it.publish(session).await,
            Self::Finalize(it) => it.finalize(session).await,
            Self::Withdraw(it) => it.run(session).await,
            Self::Drift(it) => it.run(session).await,
        }
    }
}

impl Exceptions {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Propose(it) => it.run(session).await,
            Self::Confirm(it) => it.run(session).await,
        }
    }
}

/// Shows a run as it stands after a change, and the proof of that.
pub(super) fn stands(
    session: &Session,
    receipt: Option<&v1::Receipt>,
    run: Option<&v1::Run>,
) -> Result<Exit, Fail> {
    proven(session, run.map(|it| parts(session, it)).unwrap_or_default(), receipt)
}

fn parts(session: &Session, run: &v1::Run) -> Vec<Part> {
    let mut parts = vec![Part::one("run", run, &session.zone)];
    if !run.exceptions.is_empty() {
        parts.push(Part::list("exceptions", &run.exceptions, &session.zone));
    }
    parts
}

impl Create {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::CreateRunRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            of: Some(self.of.message()),
        };
        let answer = begun.end(session.bank.recognitions().create_run(request).await)?;
        stands(session, answer.receipt.as_ref(), answer.run.as_ref())
    }
}

impl List {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.recognitions();
        let request = v1::ListRunsRequest {
            programme: self.programme.unwrap_or_default(),
            year: self.year.unwrap_or(0),
            state: self.state.map_or(0, i32::from),
            ..v1::ListRunsRequest::default()
        };
        let list = self.limit.of(async |page_size, page_token| {
            let page = v1::ListRunsRequest { page_size, page_token, ..request.clone() };
            client.list_runs(page).await
        });
        listed(session, "runs", &list.await?)
    }
}

impl Which {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::GetRunRequest { min_seq: 0, run_no: self.no };
        let answer = session.bank.recognitions().get_run(request).await?.into_inner();
        let run = answer.run.ok_or_else(|| Fail::incomplete("run"))?;
        session.show(&parts(session, &run))?;
        Ok(Exit::Done)
    }
}

impl Changed {
    async fn publish(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::PublishRunRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            run_no: self.no,
        };
        let answer = begun.end(session.bank.recognitions().publish_run(request).await)?;
        let uncertain = answer.run.as_ref().is_some_and(|it| !it.notice_certain);
        let exit = stands(session, answer.receipt.as_ref(), answer.run.as_ref())?;
        if uncertain {
            session.remark(
                "the calendar of the rulebook does not know all days of the notice period: holidays may lengthen it",
                "规则集的日历未覆盖公示期的全部日期：如遇节假日，公示期应延长",
            );
        }
        Ok(exit)
    }

    async fn finalize(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::FinalizeRunRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            run_no: self.no,
        };
        let answer = begun.end(session.bank.recognitions().finalize_run(request).await)?;
        stands(session, answer.receipt.as_ref(), answer.run.as_ref())
    }
}

impl Withdraw {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::WithdrawRunRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            run_no: self.no,
            reason: self.reason.into(),
        };
        let answer = begun.end(session.bank.recognitions().withdraw_run(request).await)?;
        stands(session, answer.receipt.as_ref(), answer.run.as_ref())
    }
}

impl Propose {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::ProposeExceptionRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            run_no: self.of.no,
            volunteer_number: self.of.number,
            condition: self.of.condition,
            reason: self.reason,
        };
        let answer = begun.end(session.bank.recognitions().propose_exception(request).await)?;
        stands(session, answer.receipt.as_ref(), answer.run.as_ref())
    }
}

impl Confirm {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::ConfirmExceptionRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            run_no: self.of.no,
            volunteer_number: self.of.number,
            condition: self.of.condition,
        };
        let answer = begun.end(session.bank.recognitions().confirm_exception(request).await)?;
        stands(session, answer.receipt.as_ref(), answer.run.as_ref())
    }
}
