//! The certificates of all whom a run honoured: issued, and written one by one.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt as _, path::PathBuf};

use clap::Args;
use lovebank_paper::Fonts;
use lovebank_wire::v1::{self, issue_certificate_request::Of};
use sha2::{Digest as _, Sha256};
use tonic::{Code, Status};
use uuid::Builder;

use super::{
    paper::{PaperWords, fonts},
    result::whole,
};
use crate::{
    fail::{Exit, Fail},
    out,
    progress::Progress,
    session::Session,
    show::{Done, Items},
};

#[derive(Debug, Args)]
pub(crate) struct IssueRun {
    /// The number of the run
    no: u64,
    /// Write them into this directory, named by volunteer number and honour
    #[arg(long)]
    dir: PathBuf,
    #[command(flatten)]
    words: PaperWords,
}

impl IssueRun {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let fonts = fonts()?;
        // A number may be an e-mail address: who was honoured is nobody else's to read.
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.dir);
        made.map_err(|err| Fail::file(&self.dir, &err))?;
        let numbers = self.honoured(session).await?;
        let progress = Progress::of(session, u64::try_from(numbers.len()).unwrap_or(u64::MAX));
        let (mut done, mut refused) = (Vec::new(), Vec::new());
        for (index, number) in (0..).zip(&numbers) {
            match self.one(session, &fonts, number).await? {
                Ok(it) => done.push((index, it)),
                Err(refusal) => {
                    refused.push(v1::RefusedItem { index, refusal: Some(refusal) });
                }
            }
            progress.further(1);
        }
        progress.end();
        let items = Items::new(numbers, done, refused);
        session.show(&[items.part(session.lang)])?;
        Ok(items.exit())
    }

    /// Whom the run chose, by their numbers, in its order.
    async fn honoured(&self, session: &Session) -> Result<Vec<String>, Fail> {
        let mut client = session.bank.recognitions();
        let run_no = self.no;
        let run = client.get_run(v1::GetRunRequest { min_seq: 0, run_no }).await?.into_inner().run;
        if run.ok_or_else(|| Fail::incomplete("run"))?.state() != v1::RunState::Final {
            return Err(Fail::error(
                format!("run {run_no} is not final: it has honoured nobody yet"),
                format!("评选 {run_no} 尚未定案，还没有人获得荣誉"),
            ));
        }
        let request =
            v1::ListRunResultRequest { min_seq: 0, run_no, chosen_only: true, sheet: false };
        let (_, rows, _) = whole(client.list_run_result(request).await?.into_inner()).await?;
        // Who was erased, or whose name was lost, has neither number nor name for a paper.
        let (known, nameless): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|it| !it.volunteer_number.is_empty());
        let nameless: Vec<String> = nameless.iter().map(|it| it.passbook_no.to_string()).collect();
        if !nameless.is_empty() {
            let list = nameless.join(", ");
            session.remark(
                &format!("no paper for passbooks without a name: {list}"),
                &format!("以下存折没有姓名，不能出证书：{list}"),
            );
        }
        Ok(known.into_iter().map(|it| it.volunteer_number).collect())
    }

    /// The certificate of one; inside: why there is none.
    async fn one(
        &self,
        session: &Session,
        fonts: &Fonts,
        number: &str,
    ) -> Result<Result<Done, v1::Refusal>, Fail> {
        match self.issued(session, number).await {
            // A name that no font can show is no reason to leave the next without a paper.
            Ok(Issued::Paper(path, it)) => match self.words.pdf(session.lang, fonts, &it) {
                Ok(pdf) => {
                    out::file(&path, &pdf)?;
                    Ok(Ok(Done { outcome: "issued", ..Done::default() }))
                }
                Err(fail) => Ok(Err(refusal(fail))),
            },
            Ok(Issued::No(outcome)) => Ok(Ok(Done { outcome, ..Done::default() })),
            Err(status) if is_of_one(&status) => Ok(Err(refusal(status.into()))),
            Err(status) => Err(status.into()),
        }
    }

    /// Issues it, under a name that is the same each time.
    async fn issued(&self, session: &Session, number: &str) -> Result<Issued, Status> {
        let mut client = session.bank.recognitions();
        let request = v1::ListHonoursRequest {
            volunteer_number: number.to_owned(),
            held_only: true,
            page_size: 1000,
            ..v1::ListHonoursRequest::default()
        };
        let held = client.list_honours(request).await?.into_inner().honours;
        let Some(honour_no) = held.iter().find(|it| it.run_no == self.no).map(|it| it.honour_no)
        else {
            return Ok(Issued::No("not-held"));
        };
        let path = self.dir.join(file_name(number, honour_no));
        if path.exists() {
            return Ok(Issued::No("there-already"));
        }
        let request = v1::IssueCertificateRequest {
            request_id: request_id(self.no, honour_no),
            validate_only: false,
            volunteer_number: number.to_owned(),
            of: Some(Of::HonourNo(honour_no)),
        };
        let it = client.issue_certificate(request).await?.into_inner().certificate;
        it.map(|it| Issued::Paper(path, Box::new(it)))
            .ok_or_else(|| Status::internal("the bank's answer lacks the certificate"))
    }
}

/// What came of one.
enum Issued {
    /// It is to be written to this file.
    Paper(PathBuf, Box<v1::Certificate>),
    /// There is nothing to write.
    No(&'static str),
}

/// A number may be an e-mail address, or hold what a path must not; the honour tells two apart.
fn file_name(number: &str, honour: u64) -> String {
    let number = number.chars().map(|it| if it.is_alphanumeric() { it } else { '_' });
    format!("{}-{honour}.pdf", number.collect::<String>())
}

/// Whether it is about this one, and not about the run or the bank.
fn is_of_one(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::FailedPrecondition | Code::InvalidArgument | Code::NotFound | Code::PermissionDenied
    )
}

fn refusal(fail: Fail) -> v1::Refusal {
    let Fail { reason, english, chinese, .. } = fail;
    let reason = reason.unwrap_or_default();
    v1::Refusal { reason, message: english, message_zh: chinese, ..v1::Refusal::default() }
}

/// Of what is asked for, so that a command that was cut off issues nothing twice.
fn request_id(run: u64, honour: u64) -> String {
    let digest = Sha256::digest(format!("certificate of honour {honour} by run {run}"));
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    Builder::from_random_bytes(bytes).into_uuid().to_string()
}
