//! `activity`: what is served at.

use clap::{Args, Subcommand};
use jiff::civil::DateTime;
use lovebank_wire::v1;

use super::{changed, listed};
use crate::{
    fail::{Exit, Fail},
    pages::Limit,
    session::{Change, Session},
    show::Part,
    when::{interval, minute},
};

/// Activities.
#[derive(Debug, Subcommand)]
pub(crate) enum Activity {
    /// Create an activity with a time of its own, at which volunteers can check in
    #[command(
        after_help = "Example: lovebank-admin activity create 社区巡河 --branch NW-01 --start \"2026-03-01 14:00\" --end \"2026-03-01 16:30\""
    )]
    Create(Create),
    /// Show one activity
    #[command(after_help = "Example: lovebank-admin activity show 5")]
    Show(Show),
    /// Show activities, newest first
    #[command(after_help = "Example: lovebank-admin activity list --branch NW")]
    List(List),
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What it is called
    name: String,
    /// The branch that organises it
    #[arg(long, value_name = "CODE")]
    branch: String,
    /// When it begins, as "2026-03-01 14:00"
    #[arg(long, value_parser = minute, value_name = "WHEN")]
    start: DateTime,
    /// When it ends, at most 24 hours later
    #[arg(long, value_parser = minute, value_name = "WHEN")]
    end: DateTime,
    /// Its category (服务类别), by which a coefficient may be set
    #[arg(long, default_value = "", hide_default_value = true)]
    category: String,
    /// Where it is
    #[arg(long, default_value = "", hide_default_value = true)]
    place: String,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Its number
    no: u64,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only of this branch and what is below it
    #[arg(long, value_name = "CODE")]
    branch: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

impl Activity {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Create(it) => it.run(session).await,
            Self::Show(it) => it.run(session).await,
            Self::List(it) => it.run(session).await,
        }
    }
}

impl Create {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let time = interval(self.start, self.end, &session.zone)?;
        let activity = v1::Activity {
            activity_no: 0,
            branch_code: self.branch,
            name: self.name,
            category: self.category,
            place: self.place,
            start_time: time.start_time,
            end_time: time.end_time,
        };
        let request = v1::CreateActivityRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            activity: Some(activity),
        };
        let answer = begun.end(session.bank.hours().create_activity(request).await)?;
        let made = answer.activity.as_ref().map(|it| ("activity", it));
        changed(session, answer.receipt.as_ref(), made)
    }
}

impl Show {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::GetActivityRequest { min_seq: 0, activity_no: self.no };
        let answer = session.bank.hours().get_activity(request).await?.into_inner();
        let activity = answer.activity.ok_or_else(|| Fail::incomplete("activity"))?;
        session.show(&[Part::one("activity", &activity, &session.zone)])?;
        Ok(Exit::Done)
    }
}

impl List {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.hours();
        let branch_code = self.branch.unwrap_or_default();
        let list = self.limit.of(async |page_size, page_token| {
            let branch_code = branch_code.clone();
            let request =
                v1::ListActivitiesRequest { min_seq: 0, branch_code, page_size, page_token };
            client.list_activities(request).await
        });
        listed(session, "activities", &list.await?)
    }
}
