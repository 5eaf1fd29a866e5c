//! The chart of a year.

use std::{cmp::Reverse, path::PathBuf};

use clap::Args;
use lovebank_paper::{BARS_MAX, Bar, Fonts, chart_pdf, chart_svg};
use lovebank_wire::v1;

use super::{
    paper::{failed, paper_lang},
    year::Year,
};
use crate::{
    fail::{Exit, Fail},
    out,
    session::Session,
    verb::passbook::AsOf,
};

#[derive(Debug, Args)]
pub(crate) struct Chart {
    #[command(flatten)]
    year: Year,
    /// The branch, with what is below it; without it the whole bank
    #[arg(long, value_name = "CODE")]
    branch: Option<String>,
    /// Write it to this new file, .svg or .pdf, in the language of --lang
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The title [default: the branch and the year]
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    #[command(flatten)]
    as_of: AsOf,
}

impl Chart {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let extension = self.out.extension().and_then(|it| it.to_str()).unwrap_or_default();
        let pdf = match extension.to_ascii_lowercase().as_str() {
            "pdf" => true,
            "svg" => false,
            _ => {
                return Err(Fail::usage(
                    "--out: give a file that ends with .svg or .pdf",
                    "--out：文件名须以 .svg 或 .pdf 结尾",
                ));
            }
        };
        let request = v1::GetBranchStatisticsRequest {
            min_seq: 0,
            year: self.year.year,
            branch_code: self.branch.clone().unwrap_or_default(),
            as_of: self.as_of.message(),
        };
        let year = session.bank.recognitions().get_branch_statistics(request).await?.into_inner();
        let chart = self.drawn(session, &year).await?;
        let fonts = Fonts::installed().map_err(|err| failed(&err))?;
        let bytes = if pdf {
            chart_pdf(&fonts, &chart)
        } else {
            chart_svg(&fonts, &chart).map(String::into_bytes)
        };
        out::file(&self.out, &bytes.map_err(|err| failed(&err))?)?;
        Ok(Exit::Done)
    }

    async fn drawn(
        &self,
        session: &Session,
        it: &v1::GetBranchStatisticsResponse,
    ) -> Result<lovebank_paper::Chart, Fail> {
        let mut months = [0_i64; 12];
        for row in &it.rows {
            let at = usize::try_from(row.month).ok().and_then(|it| it.checked_sub(1));
            if let Some(month) = at.and_then(|it| months.get_mut(it)) {
                *month = month.saturating_add(row.minutes);
            }
        }
        let title = match (&self.title, &self.branch) {
            (Some(title), _) => title.clone(),
            (None, Some(code)) => self.title_of(session, &name(session, code).await?),
            (None, None) => self.title_of(session, ""),
        };
        Ok(lovebank_paper::Chart {
            title,
            minutes: it.minutes,
            volunteers: it.volunteers,
            months,
            branches: bars(session, &it.branches).await?,
            entry: it.read_seq,
            lang: paper_lang(session.lang),
        })
    }

    fn title_of(&self, session: &Session, branch: &str) -> String {
        let year = self.year.year;
        let english = match branch {
            "" => format!("Service in {year}"),
            _ => format!("{branch}: service in {year}"),
        };
        session.lang.pick(english, format!("{branch}{year}年志愿服务"))
    }
}

/// The branches with most minutes, and the others together.
async fn bars(session: &Session, branches: &[v1::BranchMinutes]) -> Result<Vec<Bar>, Fail> {
    let mut sorted: Vec<&v1::BranchMinutes> = branches.iter().collect();
    sorted.sort_by_key(|it| (Reverse(it.minutes), &it.branch_code));
    // One bar is left for the others, where there are any.
    let shown = if sorted.len() <= BARS_MAX { BARS_MAX } else { BARS_MAX.saturating_sub(1) };
    let others = sorted.split_off(shown.min(sorted.len()));
    let mut bars = Vec::new();
    for it in sorted {
        bars.push(Bar { name: name(session, &it.branch_code).await?, minutes: it.minutes });
    }
    if !others.is_empty() {
        let count = others.len();
        let name = session.lang.pick(format!("{count} others"), format!("其他 {count} 个"));
        let minutes = others.iter().fold(0, |sum: i64, it| sum.saturating_add(it.minutes));
        bars.push(Bar { name, minutes });
    }
    Ok(bars)
}

/// What a branch is called.
pub(super) async fn name(session: &Session, code: &str) -> Result<String, Fail> {
    let request = v1::GetBranchRequest { min_seq: 0, branch_code: code.to_owned() };
    let answer = session.bank.branches().get_branch(request).await?.into_inner();
    Ok(answer.branch.ok_or_else(|| Fail::incomplete("branch"))?.name)
}
