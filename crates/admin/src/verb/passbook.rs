//! `passbook`: the registers of a volunteer and their lines.

use std::time::Duration;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use lovebank_wire::{scalar, v1};
use tonic::Status;

use super::listed;
use crate::{
    cli::Format,
    fail::{Exit, Fail, may_retry},
    out,
    pages::{Limit, Listed},
    session::Session,
    show::{Part, row_text},
    when::date,
};

/// Passbooks.
#[derive(Debug, Subcommand)]
pub(crate) enum Passbook {
    /// Show where a passbook stands, now or as of a day or an entry
    #[command(after_help = "Example: lovebank-admin passbook show 0300000001 --as-of 2025-12-31")]
    Show(Show),
    /// Show the lines of a passbook, newest first
    #[command(after_help = "Example: lovebank-admin passbook lines 0300000001 --limit 20")]
    Lines(Lines),
    /// Show points that are set aside (冻结), newest first
    #[command(after_help = "Example: lovebank-admin passbook holds 0300000001")]
    Holds(Holds),
    /// Show where a passbook stands, then each new line as it comes, until interrupted
    #[command(after_help = "Example: lovebank-admin passbook watch 0300000001")]
    Watch(Watch),
}

/// As of when.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct AsOf {
    /// As of after this entry (流水号), or the end of this day as the bank then knew it
    #[arg(long, value_name = "ENTRY|DAY", value_parser = moment)]
    as_of: Option<Moment>,
}

/// After an entry, or at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    Entry(u64),
    Day(Date),
}

fn moment(text: &str) -> Result<Moment, String> {
    match text.parse() {
        Ok(seq) if seq != 0 => Ok(Moment::Entry(seq)),
        Ok(_) => Err("entries are numbered from 1".to_owned()),
        Err(_) => date(text)
            .map(Moment::Day)
            .map_err(|_| "write the number of an entry, or a day as 2026-03-01".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    /// How many of the last lines to show with it
    #[arg(long, value_name = "N", default_value_t = 20)]
    lines: usize,
    #[command(flatten)]
    as_of: AsOf,
}

#[derive(Debug, Args)]
pub(crate) struct Lines {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    as_of: AsOf,
}

#[derive(Debug, Args)]
pub(crate) struct Holds {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    #[command(flatten)]
    limit: Limit,
}

#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    /// Show lines after this one too; 0: all of them [default: only new ones]
    #[arg(long, value_name = "N")]
    after: Option<u64>,
}

impl Passbook {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Show(it) => it.run(session).await,
            Self::Lines(it) => it.run(session).await,
            Self::Holds(it) => it.run(session).await,
            Self::Watch(it) => it.run(session).await,
        }
    }
}

impl AsOf {
    pub(crate) fn message(self) -> Option<v1::AsOf> {
        let moment = match self.as_of? {
            Moment::Entry(seq) => v1::as_of::Moment::Seq(seq),
            Moment::Day(day) => v1::as_of::Moment::Date(scalar::to_date(day)),
        };
        Some(v1::AsOf { moment: Some(moment) })
    }
}

pub(super) async fn get(
    session: &Session,
    number: &str,
    as_of: Option<v1::AsOf>,
) -> Result<v1::Passbook, Fail> {
    let volunteer_number = number.to_owned();
    let request = v1::GetPassbookRequest { min_seq: 0, volunteer_number, as_of };
    let answer = session.bank.passbooks().get_passbook(request).await?.into_inner();
    answer.passbook.ok_or_else(|| Fail::incomplete("passbook"))
}

pub(super) async fn lines(
    session: &Session,
    number: &str,
    as_of: AsOf,
    limit: Limit,
) -> Result<Listed<v1::PassbookLine>, Fail> {
    let mut client = session.bank.passbooks();
    let list = limit.of(async |page_size, page_token| {
        let request = v1::ListPassbookLinesRequest {
            min_seq: 0,
            volunteer_number: number.to_owned(),
            as_of: as_of.message(),
            page_size,
            page_token,
        };
        client.list_passbook_lines(request).await
    });
    list.await
}

impl Show {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let it = get(session, &self.number, self.as_of.message()).await?;
        let mut parts = vec![Part::one("passbook", &it, &session.zone)];
        if !it.years.is_empty() {
            parts.push(Part::list("years", &it.years, &session.zone));
        }
        if !it.expiring.is_empty() {
            parts.push(Part::list("expiring", &it.expiring, &session.zone));
        }
        let limit = Limit { limit: self.lines };
        if self.lines != 0 && it.lines != 0 {
            let lines = lines(session, &self.number, self.as_of, limit).await?;
            parts.push(Part::list("lines", &lines.items, &session.zone));
        }
        session.show(&parts)?;
        Ok(Exit::Done)
    }
}

impl Lines {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let list = lines(session, &self.number, self.as_of, self.limit).await?;
        listed(session, "lines", &list)
    }
}

impl Holds {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.passbooks();
        let list = self.limit.of(async |page_size, page_token| {
            let volunteer_number = self.number.clone();
            let request =
                v1::ListHoldsRequest { min_seq: 0, volunteer_number, page_size, page_token };
            client.list_holds(request).await
        });
        listed(session, "holds", &list.await?)
    }
}

impl Watch {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        session.must_print()?;
        let after_line_no = match self.after {
            Some(after) => after,
            None => get(session, &self.number, None).await?.lines,
        };
        let mut watching = Watching {
            session,
            number: self.number,
            after_line_no,
            first: true,
            header: session.format == Format::Csv,
            heard: false,
        };
        let mut tries = 0_u32;
        loop {
            let ended = watching.hear().await?;
            tries = if std::mem::take(&mut watching.heard) { 1 } else { tries.saturating_add(1) };
            if TRIES < tries || !may_retry(&ended) {
                return Err(Fail::from(ended));
            }
            let why = Fail::from(ended);
            session.remark(
                &format!("{}; trying again ({tries} of {TRIES})", why.english),
                &format!("{}；重试（{tries}/{TRIES}）", why.chinese),
            );
            tokio::time::sleep(WAIT.saturating_mul(tries)).await;
        }
    }
}

/// How often a watch is begun anew without hearing anything.
const TRIES: u32 = 6;
const WAIT: Duration = Duration::from_secs(1);

/// A watch, over one connection after the other: no line is told twice.
struct Watching<'a> {
    session: &'a Session,
    number: String,
    after_line_no: u64,
    first: bool,
    header: bool,
    heard: bool,
}

impl Watching<'_> {
    /// Tells what comes, until the connection ends.
    async fn hear(&mut self) -> Result<Status, Fail> {
        let request = v1::WatchPassbookRequest {
            volunteer_number: self.number.clone(),
            after_line_no: self.after_line_no,
        };
        let mut news = match self.session.bank.passbooks().watch_passbook(request).await {
            Ok(news) => news.into_inner(),
            Err(status) => return Ok(status),
        };
        loop {
            match news.message().await {
                Ok(Some(it)) => self.tell(it)?,
                Ok(None) => return Ok(Status::unavailable("the bank ended the watch")),
                Err(status) => return Ok(status),
            }
        }
    }

    fn tell(&mut self, it: v1::WatchPassbookResponse) -> Result<(), Fail> {
        self.heard = true;
        let stands = it.passbook.filter(|_| std::mem::take(&mut self.first));
        if let Some(passbook) = stands.filter(|_| self.session.format == Format::Table) {
            self.session.show(&[Part::one("passbook", &passbook, &self.session.zone)])?;
        }
        for line in &it.lines {
            let header = std::mem::take(&mut self.header);
            out::answer(row_text(self.session, line, header)?.as_bytes())?;
            self.after_line_no = line.line_no;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passbook_is_asked_for_as_of_an_entry_or_a_day_or_now() {
        let as_of = |text: Option<&str>| {
            let as_of = text.map(|it| moment(it).unwrap());
            AsOf { as_of }.message().and_then(|it| it.moment)
        };
        assert_eq!(as_of(None), None);
        assert_eq!(as_of(Some("7")), Some(v1::as_of::Moment::Seq(7)));
        let day = v1::Date { year: 2025, month: 12, day: 31 };
        assert_eq!(as_of(Some("2025-12-31")), Some(v1::as_of::Moment::Date(day)));
        for text in ["0", "31/12/2025", "", "-1"] {
            assert!(moment(text).is_err(), "{text}");
        }
    }
}
