//! `passbook`: the registers of a volunteer and their lines.

use clap::{Args, Subcommand};
use jiff::civil::Date;
use lovebank_wire::{scalar, v1};

use super::listed;
use crate::{
    cli::Format,
    fail::{Exit, Fail},
    out,
    pages::Limit,
    session::Session,
    show::{Part, Shown as _, line_text},
    when::date,
};

/// Passbooks.
#[derive(Debug, Subcommand)]
pub(crate) enum Passbook {
    /// Show where a passbook stands, now or as of a day or an entry
    #[command(
        after_help = "Example:\n  lovebank-admin passbook show 0300207442 --as-of-date 2025-12-31"
    )]
    Show(Show),
    /// Show the lines of a passbook, newest first
    #[command(after_help = "Example:\n  lovebank-admin passbook lines 0300207442 --limit 20")]
    Lines(Lines),
    /// Show where a passbook stands, then each new line as it comes, until interrupted
    #[command(after_help = "Example:\n  lovebank-admin passbook watch 0300207442")]
    Watch(Watch),
}

/// As of when.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct AsOf {
    /// As of after this entry
    #[arg(long, value_name = "N", conflicts_with = "as_of_date")]
    as_of_seq: Option<u64>,
    /// As of the end of this day, as the bank then knew it
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of_date: Option<Date>,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
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
            Self::Watch(it) => it.run(session).await,
        }
    }
}

impl AsOf {
    fn message(self) -> Option<v1::AsOf> {
        use v1::as_of::Moment;
        let date = self.as_of_date.map(|it| Moment::Date(scalar::to_date(it)));
        let moment = self.as_of_seq.map(Moment::Seq).or(date)?;
        Some(v1::AsOf { moment: Some(moment) })
    }
}

async fn get(
    session: &Session,
    number: &str,
    as_of: Option<v1::AsOf>,
) -> Result<v1::Passbook, Fail> {
    let volunteer_number = number.to_owned();
    let request = v1::GetPassbookRequest { min_seq: 0, volunteer_number, as_of };
    let answer = session.bank.passbooks().get_passbook(request).await?.into_inner();
    answer.passbook.ok_or_else(|| Fail::incomplete("passbook"))
}

impl Show {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let it = get(session, &self.number, self.as_of.message()).await?;
        let mut parts = vec![Part::one("passbook", &it, &session.zone)];
        if !it.years.is_empty() {
            parts.push(Part::list("years", &it.years, &session.zone));
        }
        session.show(&parts)?;
        Ok(Exit::Done)
    }
}

impl Lines {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.passbooks();
        let list = self.limit.of(async |page_size, page_token| {
            let request = v1::ListPassbookLinesRequest {
                min_seq: 0,
                volunteer_number: self.number.clone(),
                as_of: self.as_of.message(),
                page_size,
                page_token,
            };
            client.list_passbook_lines(request).await
        });
        listed(session, "lines", &list.await?)
    }
}

impl Watch {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let after_line_no = match self.after {
            Some(after) => after,
            None => get(session, &self.number, None).await?.lines,
        };
        let request = v1::WatchPassbookRequest { volunteer_number: self.number, after_line_no };
        let mut news = session.bank.passbooks().watch_passbook(request).await?.into_inner();
        let mut first = true;
        while let Some(it) = news.message().await? {
            let stands = it.passbook.filter(|_| std::mem::take(&mut first));
            if let Some(passbook) = stands.filter(|_| session.format == Format::Table) {
                session.show(&[Part::one("passbook", &passbook, &session.zone)])?;
            }
            for line in &it.lines {
                out::answer(&told(session, line)?)?;
            }
        }
        Err(Fail::error("the bank ended the watch", "服务器结束了关注"))
    }
}

/// A line by itself: for people, as an object, or as a row.
fn told(session: &Session, line: &v1::PassbookLine) -> Result<String, Fail> {
    match session.format {
        Format::Table => Ok(line_text(line)),
        Format::Json => {
            let keys = v1::PassbookLine::COLUMNS.iter().map(|it| it.key.to_owned());
            let fields = keys.zip(line.cells(&session.zone));
            let object = serde_json::Value::Object(fields.collect());
            serde_json::to_string(&object).map_err(|err| Fail::local(&err))
        }
        Format::Csv => {
            let part = Part::list("lines", std::slice::from_ref(line), &session.zone);
            let text = crate::show::render(&[part], Format::Csv, session.lang)?;
            Ok(text.lines().skip(1).collect::<Vec<_>>().join("\n"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passbook_is_asked_for_as_of_an_entry_or_a_day_or_now() {
        use v1::as_of::Moment;
        let as_of = |as_of_seq, as_of_date: Option<&str>| {
            let as_of_date = as_of_date.map(|it| date(it).unwrap());
            AsOf { as_of_seq, as_of_date }.message().and_then(|it| it.moment)
        };
        assert_eq!(as_of(None, None), None);
        assert_eq!(as_of(Some(7), None), Some(Moment::Seq(7)));
        let day = v1::Date { year: 2025, month: 12, day: 31 };
        assert_eq!(as_of(None, Some("2025-12-31")), Some(Moment::Date(day)));
    }
}
