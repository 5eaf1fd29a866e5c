//! Honours: written down, taken back, listed; nominations.

use clap::Args;
use jiff::civil::Date;
use lovebank_wire::v1;

use super::{date as of_day, year::Year};
use crate::{
    fail::{Exit, Fail},
    pages::Limit,
    session::{Change, Session},
    show::{Done, Items},
    verb::{done, listed, proven},
    when::date,
    words::{HonourLevel, Why},
};

#[derive(Debug, Args)]
pub(crate) struct Record {
    /// The volunteer number (义工号)
    number: String,
    /// A star: scheme and level, as national:3
    #[arg(
        long,
        value_name = "SCHEME:STAR",
        required_unless_present = "award",
        conflicts_with = "award"
    )]
    star: Option<String>,
    /// An award: the programme
    #[arg(long, value_name = "PROGRAMME", requires = "level", requires = "year")]
    award: Option<String>,
    /// Who honours
    #[arg(long, value_enum)]
    level: Option<HonourLevel>,
    /// The year it is for
    #[arg(long, value_parser = clap::value_parser!(i32).range(1970..=9999))]
    year: Option<i32>,
    /// The day it was given
    #[arg(long, value_parser = date)]
    given: Date,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The number of the honour
    no: u64,
    /// Why
    #[arg(long, value_enum)]
    reason: Why,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The volunteer number (义工号); "me" for the owner of the token; without it, all
    number: Option<String>,
    /// Of all: those at home in this branch or below it; without it the whole bank
    #[arg(long, value_name = "CODE", conflicts_with = "number")]
    branch: Option<String>,
    /// Only those that are held
    #[arg(long)]
    held: bool,
    #[command(flatten)]
    limit: Limit,
}

#[derive(Debug, Args)]
pub(crate) struct Nominate {
    /// The volunteer number (义工号)
    number: String,
    /// The programme, by its name in the rulebook
    programme: String,
    #[command(flatten)]
    year: Year,
    #[command(flatten)]
    change: Change,
}

impl Record {
    fn title(&self) -> Result<v1::HonourTitle, Fail> {
        use v1::honour_title::Title;
        let year = self.year.unwrap_or(0);
        let title = match (&self.star, &self.award) {
            (Some(star), _) => {
                let parts = star.rsplit_once(':');
                let parts = parts.and_then(|(scheme, level)| Some((scheme, level.parse().ok()?)));
                let (scheme, level) = parts.ok_or_else(|| {
                    Fail::usage(
                        "--star: write scheme and level, as national:3",
                        "--star：请写成 方案:星级，如 national:3",
                    )
                })?;
                Title::Star(v1::StarTitle { scheme: scheme.to_owned(), level, year })
            }
            (None, award) => Title::Award(v1::AwardTitle {
                programme: award.clone().unwrap_or_default(),
                year,
                level: self.level.map_or(0, i32::from),
            }),
        };
        Ok(v1::HonourTitle { title: Some(title) })
    }

    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let item = v1::HonourItem {
            volunteer_number: self.number.clone(),
            title: Some(self.title()?),
            given_date: Some(of_day(self.given)),
        };
        let request = v1::RecordHonoursRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            items: vec![item],
            mode: v1::BatchMode::Atomic.into(),
        };
        let answer = begun.end(session.bank.recognitions().record_honours(request).await)?;
        let given = answer.honours.iter().map(|it| {
            let passbook_no = it.passbook_no;
            (it.index, Done { outcome: "given", passbook_no, ..Done::default() })
        });
        let items = Items::new(vec![self.number], given, answer.refused);
        proven(session, vec![items.part(session.lang)], answer.receipt.as_ref())
    }
}

impl Revoke {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::RevokeHonourRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            honour_no: self.no,
            reason: self.reason.into(),
        };
        let answer = begun.end(session.bank.recognitions().revoke_honour(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl List {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.recognitions();
        let request = v1::ListHonoursRequest {
            volunteer_number: self.number.unwrap_or_default(),
            branch_code: self.branch.unwrap_or_default(),
            held_only: self.held,
            ..v1::ListHonoursRequest::default()
        };
        let list = self.limit.of(async |page_size, page_token| {
            let page = v1::ListHonoursRequest { page_size, page_token, ..request.clone() };
            client.list_honours(page).await
        });
        listed(session, "honours", &list.await?)
    }
}

impl Nominate {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::NominateVolunteerRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
            programme: self.programme,
            year: self.year.year,
        };
        let answer = begun.end(session.bank.recognitions().nominate_volunteer(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}
