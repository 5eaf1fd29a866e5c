//! `hours`: records of service.

mod check;
mod compare;
mod deadline;
mod evaluate;
mod record;
mod settle;

use clap::{Args, Subcommand};
use lovebank_wire::v1;

pub(crate) use record::At;

use super::listed;
use crate::{
    fail::{Exit, Fail},
    pages::Limit,
    session::Session,
    show::Part,
    words::State,
};

/// Hours records.
#[derive(Debug, Subcommand)]
pub(crate) enum Hours {
    /// Record a service of a volunteer, or an activity sheet of several
    #[command(after_help = record::RECORD)]
    Record(record::Record),
    /// Let pending records take effect
    #[command(after_help = "Example: lovebank-admin hours approve 17 18 19 --each")]
    Approve(settle::Approve),
    /// Refuse pending records
    #[command(after_help = "Example: lovebank-admin hours reject 17 --reason not-served")]
    Reject(settle::Refuse),
    /// Take posted records back (冲正)
    #[command(after_help = "Example: lovebank-admin hours reverse 17 --reason duplicate")]
    Reverse(settle::Refuse),
    /// Take a posted record back and book it anew (更正)
    #[command(
        after_help = "Example: lovebank-admin hours correct 17 --date 2026-03-01 --minutes 90 --reason wrong-time"
    )]
    Correct(record::Correct),
    /// Deduct hours for a reason
    #[command(
        after_help = "Example: lovebank-admin hours deduct 0300000001 --branch NW-01 --activity 巡河 --date 2026-03-01 --minutes 60 --reason rule-broken"
    )]
    Deduct(record::Deduct),
    /// Say how good a service was
    #[command(after_help = "Example: lovebank-admin hours evaluate 17 --grade 5 --date 2026-03-02")]
    Evaluate(evaluate::Evaluate),
    /// Check a volunteer in at an activity, now
    #[command(after_help = "Example: lovebank-admin hours check-in 0300000001 --activity-no 5")]
    CheckIn(check::CheckIn),
    /// Check a volunteer out, now, which makes a record
    #[command(after_help = "Example: lovebank-admin hours check-out 0300000001")]
    CheckOut(check::Whose),
    /// Take a check-in back before it makes a record
    #[command(after_help = "Example: lovebank-admin hours cancel-check-in 0300000001")]
    CancelCheckIn(check::Whose),
    /// Show who is checked in
    #[command(after_help = "Example: lovebank-admin hours check-ins --activity-no 5")]
    CheckIns(check::CheckIns),
    /// Show by branch whether hours were recorded in time (记录时限), and which lack
    #[command(after_help = DEADLINES)]
    Deadlines(deadline::Deadlines),
    /// Compare who signed in with who was to take part (签到与名单)
    #[command(after_help = COMPARE)]
    Compare(compare::Compare),
    /// Show records, newest first
    #[command(after_help = "Example: lovebank-admin hours list --branch NW-01 --state pending")]
    List(List),
    /// Show one record, with what is written beside it
    #[command(after_help = "Example: lovebank-admin hours show 17")]
    Show(Show),
}

const COMPARE: &str = "\
Example: lovebank-admin hours compare signin.csv activity:5 --on 2026-03-01
Exit code 3: the lists differ, or a row is not understood.";

const DEADLINES: &str = "\
Example: lovebank-admin hours deadlines --branch NW --from 2026-01-01 --check
Exit code 3, with --check: hours are overdue.";

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only of this volunteer; "me" for the owner of the token
    #[arg(long, value_name = "NUMBER")]
    volunteer: Option<String>,
    /// Only at this branch and what is below it
    #[arg(long, value_name = "CODE")]
    branch: Option<String>,
    /// Only in this state
    #[arg(long, value_enum)]
    state: Option<State>,
    /// Only at the activity of this number
    #[arg(long, value_name = "NO")]
    activity_no: Option<u64>,
    #[command(flatten)]
    limit: Limit,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The number of the record
    no: u64,
}

impl Hours {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Record(it) => it.run(session).await,
            Self::Approve(it) => it.run(session).await,
            Self::Reject(it) => it.reject(session).await,
            Self::Reverse(it) => it.reverse(session).await,
            Self::Correct(it) => it.run(session).await,
            Self::Deduct(it) => it.run(session).await,
            Self::Evaluate(it) => it.run(session).await,
            Self::CheckIn(it) => it.run(session).await,
            Self::CheckOut(it) => it.check_out(session).await,
            Self::CancelCheckIn(it) => it.cancel(session).await,
            Self::CheckIns(it) => it.run(session).await,
            Self::Deadlines(it) => it.run(session).await,
            Self::Compare(it) => it.run(session).await,
            Self::List(it) => it.run(session).await,
            Self::Show(it) => it.run(session).await,
        }
    }
}

impl List {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.hours();
        let asked = v1::ListHoursRecordsRequest {
            volunteer_number: self.volunteer.unwrap_or_default(),
            branch_code: self.branch.unwrap_or_default(),
            state: self.state.map_or(0, i32::from),
            activity_no: self.activity_no.unwrap_or(0),
            ..v1::ListHoursRecordsRequest::default()
        };
        let list = self.limit.of(async |page_size, page_token| {
            let asked = asked.clone();
            let request = v1::ListHoursRecordsRequest { page_size, page_token, ..asked };
            client.list_hours_records(request).await
        });
        listed(session, "records", &list.await?)
    }
}

impl Show {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::GetHoursRecordRequest { min_seq: 0, record_no: self.no };
        let answer = session.bank.hours().get_hours_record(request).await?.into_inner();
        let record = answer.record.ok_or_else(|| Fail::incomplete("record"))?;
        session.show(&[Part::one("record", &record, &session.zone)])?;
        Ok(Exit::Done)
    }
}
