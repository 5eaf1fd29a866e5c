//! The notice of a run for the board (公示).

use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;
use lovebank_paper::{Fonts, NoticeRow, notice_html, notice_pdf};
use lovebank_wire::v1;

use super::{
    chart::name,
    paper::{day, failed, paper_lang},
    result::whole,
};
use crate::{
    fail::{Exit, Fail},
    out,
    session::Session,
};

#[derive(Debug, Args)]
pub(crate) struct Notice {
    /// The number of the run
    no: u64,
    /// Write it to this new file, .html or .pdf, in the language of --lang
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Where to object: a telephone number, a desk, an address
    #[arg(long, value_name = "TEXT")]
    contact: String,
    /// The title [default: that of the language]
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Who publishes it [default: the branch of the run]
    #[arg(long, value_name = "TEXT")]
    unit: Option<String>,
}

impl Notice {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let extension = self.out.extension().and_then(|it| it.to_str()).unwrap_or_default();
        let pdf = match extension.to_ascii_lowercase().as_str() {
            "pdf" => true,
            "html" | "htm" => false,
            _ => {
                return Err(Fail::usage(
                    "--out: give a file that ends with .html or .pdf",
                    "--out：文件名须以 .html 或 .pdf 结尾",
                ));
            }
        };
        let mut client = session.bank.recognitions();
        let run_no = self.no;
        let asked = client.get_run(v1::GetRunRequest { min_seq: 0, run_no }).await?;
        let run = asked.into_inner().run.ok_or_else(|| Fail::incomplete("run"))?;
        let request =
            v1::ListRunResultRequest { min_seq: 0, run_no, chosen_only: true, sheet: false };
        let (_, rows, _) = whole(client.list_run_result(request).await?.into_inner()).await?;
        let notice = self.notice(session, &run, &rows).await?;
        let bytes = if pdf {
            let fonts = Fonts::installed().map_err(|err| failed(&err))?;
            notice_pdf(&fonts, &notice)
        } else {
            notice_html(&notice).map(String::into_bytes)
        };
        out::file(&self.out, &bytes.map_err(|err| failed(&err))?)?;
        Ok(Exit::Done)
    }

    async fn notice(
        &self,
        session: &Session,
        run: &v1::Run,
        rows: &[v1::SelectionRow],
    ) -> Result<lovebank_paper::Notice, Fail> {
        let lang = session.lang;
        let title = || lang.pick("Public notice", "公示").to_owned();
        let called = lang.pick(&run.english, &run.chinese);
        let names = names(session, rows.iter().map(|it| &it.branch_code)).await?;
        let unit = match &self.unit {
            Some(unit) => unit.clone(),
            None if run.branch_code.is_empty() => String::new(),
            None => name(session, &run.branch_code).await?,
        };
        let row = |it: &v1::SelectionRow| NoticeRow {
            place: it.place,
            name: it.masked_name.clone(),
            branch: names.get(&it.branch_code).cloned().unwrap_or_default(),
            minutes: it.minutes,
        };
        let optional = |it: Option<&v1::Date>| it.map(|it| day(Some(it))).transpose();
        Ok(lovebank_paper::Notice {
            title: self.title.clone().unwrap_or_else(title),
            programme: if called.is_empty() { run.programme.clone() } else { called.clone() },
            year: run.year,
            first: optional(run.notice_first_date.as_ref())?,
            last: optional(run.notice_last_date.as_ref())?,
            contact: self.contact.clone(),
            unit,
            rows: rows.iter().map(row).collect(),
            run: run.run_no,
            rulebook: run.rulebook_version,
            entry: run.as_of_seq,
            digest: run.digest.clone(),
            lang: paper_lang(lang),
        })
    }
}

/// What branches are called, each asked for once.
async fn names(
    session: &Session,
    codes: impl Iterator<Item = &String>,
) -> Result<BTreeMap<String, String>, Fail> {
    let mut names = BTreeMap::new();
    for code in codes {
        if !names.contains_key(code) {
            names.insert(code.clone(), name(session, code).await?);
        }
    }
    Ok(names)
}
