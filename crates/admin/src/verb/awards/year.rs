//! Years of service: one volunteer's, and who served most.

use clap::Args;
use lovebank_wire::v1;

use crate::{
    fail::{Exit, Fail},
    session::Session,
    show::{Column, Part, narrow},
    verb::passbook::AsOf,
};

/// Which year.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Year {
    /// The calendar year
    #[arg(long, value_parser = clap::value_parser!(i32).range(1970..=9999))]
    pub(super) year: i32,
}

#[derive(Debug, Args)]
pub(crate) struct Summary {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    #[command(flatten)]
    year: Year,
    #[command(flatten)]
    as_of: AsOf,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    year: Year,
    /// Those at home in this branch or below it; without it the whole bank
    #[arg(long, value_name = "CODE")]
    branch: Option<String>,
    /// Only what this branch, or one below it, organised
    #[arg(long, value_name = "CODE")]
    served_at: Option<String>,
    /// At least so many hours of the year
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(i64).range(0..=8784))]
    least_hours: i64,
    /// At least this star, by all minutes of all years
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(i32).range(0..=10))]
    least_star: i32,
    /// Only those who take part
    #[arg(long)]
    active: bool,
    /// Show at most so many [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    top: Option<u32>,
    #[command(flatten)]
    as_of: AsOf,
}

#[derive(Debug, Args)]
pub(crate) struct Statistics {
    #[command(flatten)]
    year: Year,
    /// The branch, with what is below it; without it the whole bank
    #[arg(long, value_name = "CODE")]
    branch: Option<String>,
    #[command(flatten)]
    as_of: AsOf,
}

const LISTED: &[Column] = &[
    narrow("rank", "place", "名次"),
    narrow("volunteer_number", "volunteer", "义工号"),
    narrow("passbook_no", "passbook", "存折号"),
    narrow("branch_code", "branch", "社区"),
    narrow("minutes", "minutes", "分钟"),
    narrow("hours", "h:mm", "时长"),
    narrow("minutes_total", "all minutes", "累计分钟"),
    narrow("star", "star", "星级"),
];

impl Summary {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::GetAnnualSummaryRequest {
            min_seq: 0,
            volunteer_number: self.number,
            year: self.year.year,
            as_of: self.as_of.message(),
        };
        let mut client = session.bank.recognitions();
        let answer = client.get_annual_summary(request).await?.into_inner();
        let it = answer.summary.ok_or_else(|| Fail::incomplete("summary"))?;
        let mut parts = vec![Part::one("summary", &it, &session.zone)];
        parts.push(Part::list("months", &it.months, &session.zone));
        if !it.branches.is_empty() {
            parts.push(Part::list("branches", &it.branches, &session.zone));
            parts.push(Part::list("categories", &it.categories, &session.zone));
        }
        session.show(&parts)?;
        Ok(Exit::Done)
    }
}

impl List {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::ListAnnualRecognitionRequest {
            min_seq: 0,
            year: self.year.year,
            branch_code: self.branch.unwrap_or_default(),
            served_branch_code: self.served_at.unwrap_or_default(),
            least_minutes: self.least_hours.saturating_mul(60),
            least_star: self.least_star,
            active_only: self.active,
            limit: self.top.unwrap_or(0),
            as_of: self.as_of.message(),
        };
        let mut client = session.bank.recognitions();
        let mut answers = client.list_annual_recognition(request).await?.into_inner();
        let (mut rows, mut count) = (Vec::new(), 0);
        while let Some(answer) = answers.message().await? {
            count = answer.count;
            rows.extend(answer.rows.iter().map(row));
        }
        let shown = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        session.show(&[Part::rows("volunteers", LISTED, rows)])?;
        if shown < count {
            session.remark(
                &format!("{shown} of {count} are shown"),
                &format!("共 {count} 人，显示 {shown} 人"),
            );
        }
        Ok(Exit::Done)
    }
}

impl Statistics {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::GetBranchStatisticsRequest {
            min_seq: 0,
            year: self.year.year,
            branch_code: self.branch.unwrap_or_default(),
            as_of: self.as_of.message(),
        };
        let mut client = session.bank.recognitions();
        let it = client.get_branch_statistics(request).await?.into_inner();
        session.show(&[
            Part::one("total", &it, &session.zone),
            Part::list("months", &it.rows, &session.zone).base(),
            Part::list("branches", &it.branches, &session.zone),
        ])?;
        Ok(Exit::Done)
    }
}

fn row(it: &v1::AnnualRow) -> Vec<serde_json::Value> {
    use crate::{import::sheet::minutes_text, show::text};
    vec![
        it.rank.into(),
        text(&it.volunteer_number),
        it.passbook_no.into(),
        text(&it.branch_code),
        it.minutes.into(),
        minutes_text(it.minutes).into(),
        it.minutes_total.into(),
        it.star.into(),
    ]
}
