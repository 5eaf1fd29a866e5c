//! Objections to a run, and their answers.

use clap::{Args, Subcommand};
use lovebank_wire::v1;

use super::run::stands;
use crate::{
    fail::{Exit, Fail},
    pages::Limit,
    session::{Change, Session},
    show::{Column, Part, narrow},
    verb::{listed, proven},
};

const FILED: &[Column] = &[narrow("objection_no", "objection", "异议号")];

/// Objections.
#[derive(Debug, Subcommand)]
pub(crate) enum Objections {
    /// Object to a place of a run that hangs out
    #[command(
        after_help = "Example: lovebank-admin awards objection file 3 --row 1 --text 本人未参加"
    )]
    File(File),
    /// Answer an objection
    #[command(
        after_help = "Example: lovebank-admin awards objection answer 7 --dismissed --text 已核实"
    )]
    Answer(Answer),
    /// Show the objections to a run, oldest first
    #[command(after_help = "Example: lovebank-admin awards objection list 3")]
    List(List),
}

#[derive(Debug, Args)]
pub(crate) struct File {
    /// The number of the run
    no: u64,
    /// The row of the notice, from 1
    #[arg(
        long,
        value_name = "N",
        required_unless_present = "volunteer",
        conflicts_with = "volunteer"
    )]
    row: Option<u32>,
    /// The volunteer number (义工号); "me" for the owner of the token
    #[arg(long, value_name = "NUMBER")]
    volunteer: Option<String>,
    /// What is wrong
    #[arg(long, value_name = "TEXT")]
    text: String,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Answer {
    /// The number of the objection
    no: u64,
    /// It is right: who was chosen is out; of one who was not, the run is given up
    #[arg(long, required_unless_present = "dismissed", conflicts_with = "dismissed")]
    upheld: bool,
    /// It is not right
    #[arg(long)]
    dismissed: bool,
    /// The answer
    #[arg(long, value_name = "TEXT")]
    text: String,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The number of the run
    no: u64,
    #[command(flatten)]
    limit: Limit,
}

impl Objections {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::File(it) => it.run(session).await,
            Self::Answer(it) => it.run(session).await,
            Self::List(it) => it.run(session).await,
        }
    }
}

impl File {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        use v1::file_objection_request::About;
        let begun = self.change.begin();
        let about = match (self.row, self.volunteer) {
            (Some(row), _) => About::Row(row),
            (None, volunteer) => About::VolunteerNumber(volunteer.unwrap_or_default()),
        };
        let request = v1::FileObjectionRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            run_no: self.no,
            about: Some(about),
            text: self.text,
        };
        let answer = begun.end(session.bank.recognitions().file_objection(request).await)?;
        let part = Part::row("objection", FILED, vec![answer.objection_no.into()]);
        proven(session, vec![part], answer.receipt.as_ref())
    }
}

impl Answer {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::ResolveObjectionRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            objection_no: self.no,
            upheld: self.upheld,
            answer: self.text,
        };
        let answer = begun.end(session.bank.recognitions().resolve_objection(request).await)?;
        stands(session, answer.receipt.as_ref(), answer.run.as_ref())
    }
}

impl List {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.recognitions();
        let request = v1::ListObjectionsRequest { run_no: self.no, ..<_>::default() };
        let list = self.limit.of(async |page_size, page_token| {
            let page = v1::ListObjectionsRequest { page_size, page_token, ..request.clone() };
            client.list_objections(page).await
        });
        listed(session, "objections", &list.await?)
    }
}
