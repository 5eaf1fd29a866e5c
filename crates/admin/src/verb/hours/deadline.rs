//! Whether hours were recorded in time (记录时限).

use clap::Args;
use jiff::civil::Date;
use lovebank_wire::{scalar, v1};

use crate::{
    fail::{Exit, Fail},
    session::Session,
    show::Part,
    when::date,
    words::Timely,
};

#[derive(Debug, Args)]
pub(crate) struct Deadlines {
    /// The branch, with what is below it; without it the whole bank
    #[arg(long, value_name = "CODE")]
    branch: Option<String>,
    /// Those that ended on this day or later
    #[arg(long, value_parser = date, value_name = "DAY")]
    from: Option<Date>,
    /// Those that ended on this day or earlier
    #[arg(long, value_parser = date, value_name = "DAY")]
    until: Option<Date>,
    /// Only those that stand so [default: overdue and late ones]
    #[arg(long, value_enum, value_name = "HOW")]
    only: Option<Timely>,
    /// End with exit code 3 where hours are overdue, for schedulers
    #[arg(long)]
    check: bool,
}

impl Deadlines {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::ListActivityDeadlinesRequest {
            min_seq: 0,
            branch_code: self.branch.unwrap_or_default(),
            from: self.from.map(scalar::to_date),
            until: self.until.map(scalar::to_date),
            timeliness: self.only.map_or(0, i32::from),
        };
        let mut answers = session.bank.hours().list_activity_deadlines(request).await?.into_inner();
        let (mut branches, mut activities) = (Vec::new(), Vec::new());
        while let Some(answer) = answers.message().await? {
            branches.extend(answer.branches);
            activities.extend(answer.activities);
        }
        let overdue = branches.iter().fold(0, |sum: u32, it| sum.saturating_add(it.overdue));
        session.show(&[
            Part::list("branches", &branches, &session.zone),
            Part::list("activities", &activities, &session.zone).base(),
        ])?;
        if activities.iter().any(|it| !it.deadline_certain) {
            session.remark(
                "the rulebook's calendar does not know all holidays of these years: some deadlines \
                 are counted by weekends alone",
                "规则中的日历没有这些年份的全部节假日：部分时限仅按周末计算",
            );
        }
        Ok(if self.check && 0 < overdue { Exit::Rejected } else { Exit::Done })
    }
}
