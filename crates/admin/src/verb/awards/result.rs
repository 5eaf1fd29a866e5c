//! What a selection comes to: tried, of a run, for one, and what would be different now.

use std::{fs, path::PathBuf};

use clap::Args;
use jiff::civil::Date;
use lovebank_wire::v1;
use sha2::{Digest as _, Sha256};
use tonic::Streaming;

use super::date as of_day;
use crate::{
    fail::{Exit, Fail},
    out,
    session::Session,
    show::{Part, Shown as _},
    when::date,
};

/// Of what a selection is made.
#[derive(Debug, Clone, Args)]
pub(super) struct Of {
    /// The programme, by its name in the rulebook
    programme: String,
    /// The year
    #[arg(long, value_parser = clap::value_parser!(i32).range(1970..=9999))]
    year: i32,
    /// The cut-off (截止日): later days do not count [default: the last day of the year]
    #[arg(long, value_name = "DAY", value_parser = date)]
    cut_off: Option<Date>,
    /// Those at home in this branch or below it; without it the whole bank
    #[arg(long, value_name = "CODE")]
    branch: Option<String>,
    /// As it was known after this entry (流水号) [default: now]
    #[arg(long, value_name = "ENTRY", default_value_t = 0, hide_default_value = true)]
    as_of_entry: u64,
}

impl Of {
    pub(super) fn message(self) -> v1::SelectionOf {
        v1::SelectionOf {
            programme: self.programme,
            year: self.year,
            cut_off: self.cut_off.map(of_day),
            branch_code: self.branch.unwrap_or_default(),
            as_of_seq: self.as_of_entry,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Try {
    #[command(flatten)]
    of: Of,
    /// A rulebook to try instead of the one in force
    #[arg(long, value_name = "FILE")]
    rulebook: Option<PathBuf>,
    /// Only those who are chosen
    #[arg(long)]
    chosen: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Listing {
    /// The number of the run
    no: u64,
    /// Only those who are chosen
    #[arg(long)]
    chosen: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Sheet {
    /// The number of the run
    no: u64,
    /// Write the sheet to this new file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Why {
    /// The number of the run
    no: u64,
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
}

#[derive(Debug, Args)]
pub(crate) struct Drift {
    /// The number of the run
    no: u64,
}

/// All parts of a selection: the totals of the last, every row, and the sheet.
pub(super) async fn whole(
    mut parts: Streaming<v1::SelectionPart>,
) -> Result<(v1::SelectionPart, Vec<v1::SelectionRow>, Vec<u8>), Fail> {
    let (mut last, mut rows, mut sheet) = (v1::SelectionPart::default(), Vec::new(), Vec::new());
    while let Some(mut part) = parts.message().await? {
        sheet.extend(std::mem::take(&mut part.sheet));
        rows.extend(std::mem::take(&mut part.rows));
        last = part;
    }
    Ok((last, rows, sheet))
}

async fn shown(session: &Session, parts: Streaming<v1::SelectionPart>) -> Result<Exit, Fail> {
    let (totals, rows, _) = whole(parts).await?;
    let totals = Part::one("selection", &totals, &session.zone);
    session.show(&[totals, Part::list("candidates", &rows, &session.zone).base()])?;
    Ok(Exit::Done)
}

impl Try {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let rulebook = match &self.rulebook {
            Some(path) => fs::read_to_string(path).map_err(|err| Fail::file(path, &err))?,
            None => String::new(),
        };
        let request = v1::EvaluateProgrammeRequest {
            min_seq: 0,
            of: Some(self.of.message()),
            rulebook,
            chosen_only: self.chosen,
            sheet: false,
        };
        let parts = session.bank.recognitions().evaluate_programme(request).await?;
        shown(session, parts.into_inner()).await
    }
}

impl Listing {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let (run_no, chosen_only) = (self.no, self.chosen);
        let request = v1::ListRunResultRequest { min_seq: 0, run_no, chosen_only, sheet: false };
        let parts = session.bank.recognitions().list_run_result(request).await?;
        shown(session, parts.into_inner()).await
    }
}

impl Sheet {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.recognitions();
        let run_no = self.no;
        let asked = client.get_run(v1::GetRunRequest { min_seq: 0, run_no }).await?;
        let run = asked.into_inner().run.ok_or_else(|| Fail::incomplete("run"))?;
        let request =
            v1::ListRunResultRequest { min_seq: 0, run_no, chosen_only: true, sheet: true };
        let parts = client.list_run_result(request).await?;
        let (_, _, sheet) = whole(parts.into_inner()).await?;
        let digest = hex::encode(Sha256::digest(&sheet));
        out::file(&self.out, &sheet)?;
        if digest != run.digest {
            let english =
                format!("the sheet has the digest {digest}, and the run says {}", run.digest);
            let chinese = format!("评选表的摘要为 {digest}，评选记录为 {}", run.digest);
            return Err(Fail { exit: Exit::Broken, ..Fail::error(english, chinese) });
        }
        session.remark(
            &format!("its SHA-256 is that of the run: {digest}"),
            &format!("SHA-256 与评选记录一致：{digest}"),
        );
        Ok(Exit::Done)
    }
}

impl Why {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let (run_no, volunteer_number) = (self.no, self.number);
        let request = v1::ExplainOutcomeRequest { min_seq: 0, run_no, volunteer_number };
        let it = session.bank.recognitions().explain_outcome(request).await?.into_inner();
        let mut parts = vec![Part::one("outcome", &it, &session.zone)];
        parts.push(Part::list("conditions", &it.conditions, &session.zone));
        if !it.keys.is_empty() {
            parts.push(Part::list("order", &it.keys, &session.zone));
        }
        session.show(&parts)?;
        Ok(Exit::Done)
    }
}

impl Drift {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::CheckDriftRequest { min_seq: 0, run_no: self.no };
        let mut answers = session.bank.recognitions().check_drift(request).await?.into_inner();
        let (mut rows, mut moved) = (Vec::new(), 0);
        while let Some(answer) = answers.message().await? {
            moved = answer.moved;
            rows.extend(answer.rows);
        }
        let cells = rows.iter().map(|it| it.cells(&session.zone)).collect();
        session.show(&[Part::rows("drift", v1::DriftRow::COLUMNS, cells)])?;
        if moved == 0 {
            return Ok(Exit::Done);
        }
        session.remark(
            &format!("{moved} would be chosen or not, against the run"),
            &format!("与评选结果相比，{moved} 人的入选会有变化"),
        );
        Ok(Exit::Rejected)
    }
}
