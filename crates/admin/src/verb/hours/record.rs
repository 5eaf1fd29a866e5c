//! Making records: record, correct, deduct.

use clap::Args;
use jiff::civil::Date;
use lovebank_wire::v1::{self, correct_hours_request, hours_item};

use crate::{
    fail::{Exit, Fail},
    session::{Begun, Change, Session},
    verb::changed,
    when::{Time, When, date, day_minutes},
    words::{Source, Why},
};

pub(super) const RECORD: &str = "\
Times are civil times of the bank's zone (--zone). An activity of this branch and name is made on
first use.

Examples:
  lovebank-admin hours record 0300207442 --branch NW-01 --activity 巡河 --start \"2026-03-01 09:00\" --end \"2026-03-01 11:30\"
  lovebank-admin hours record 0300207442 --activity-no 5 --date 2026-03-01 --minutes 90 --source paper";

/// At what, by description or by number.
#[derive(Debug, Clone, Default, Args)]
#[group(id = "at", multiple = true, args = ["activity", "activity_no"])]
pub(crate) struct At {
    /// The branch that organised it
    #[arg(long, value_name = "CODE", requires = "activity")]
    branch: Option<String>,
    /// What it is called
    #[arg(long, value_name = "NAME", requires = "branch")]
    activity: Option<String>,
    /// Its category (服务类别)
    #[arg(long, requires = "activity")]
    category: Option<String>,
    /// Where it was
    #[arg(long, requires = "activity")]
    place: Option<String>,
    /// The number of an activity that is known, instead of all of these
    #[arg(long, value_name = "NO", conflicts_with = "activity")]
    activity_no: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct Record {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    when: When,
    /// How it came to be known
    #[arg(long, value_enum, default_value_t = Source::Clerk)]
    source: Source,
    #[command(flatten)]
    beside: Beside,
    #[command(flatten)]
    change: Change,
}

/// What is written beside a record.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Beside {
    /// Who attests it (证明人)
    #[arg(long, value_name = "NAME")]
    attestor: Option<String>,
    /// Who wrote it down (录入人)
    #[arg(long, value_name = "NAME")]
    recorder: Option<String>,
    /// A note
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Correct {
    /// The number of the record
    no: u64,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    when: When,
    /// Why
    #[arg(long, value_enum)]
    reason: Why,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Deduct {
    /// The volunteer number (义工号)
    number: String,
    #[command(flatten)]
    at: At,
    /// The day
    #[arg(long, value_parser = date)]
    date: Date,
    /// How many minutes are taken off, 1 to 1440
    #[arg(long, value_parser = clap::value_parser!(i32).range(1..=1440))]
    minutes: i32,
    /// Why
    #[arg(long, value_enum)]
    reason: Why,
    #[command(flatten)]
    beside: Beside,
    #[command(flatten)]
    change: Change,
}

impl At {
    fn given(self) -> Option<v1::Activity> {
        if self.activity.is_none() && self.activity_no.is_none() {
            return None;
        }
        Some(v1::Activity {
            activity_no: self.activity_no.unwrap_or(0),
            branch_code: self.branch.unwrap_or_default(),
            name: self.activity.unwrap_or_default(),
            category: self.category.unwrap_or_default(),
            place: self.place.unwrap_or_default(),
            ..v1::Activity::default()
        })
    }

    fn needed(self) -> Result<v1::Activity, Fail> {
        self.given().ok_or_else(|| {
            Fail::usage(
                "say at what: --branch and --activity, or --activity-no",
                "请说明活动：--branch 和 --activity，或 --activity-no",
            )
        })
    }
}

impl Beside {
    fn message(self) -> Option<v1::Annotation> {
        if self.attestor.is_none() && self.recorder.is_none() && self.note.is_none() {
            return None;
        }
        Some(v1::Annotation {
            attestor: self.attestor.unwrap_or_default(),
            recorder: self.recorder.unwrap_or_default(),
            note: self.note.unwrap_or_default(),
        })
    }
}

impl Record {
    fn request(self, begun: &Begun, session: &Session) -> Result<v1::RecordHoursRequest, Fail> {
        let time = match self.when.time(&session.zone)? {
            Time::Interval(it) => hours_item::Time::Interval(it),
            Time::Day(it) => hours_item::Time::Day(it),
        };
        let item = v1::HoursItem {
            volunteer_number: self.number,
            time: Some(time),
            evaluation: None,
            annotation: self.beside.message(),
        };
        Ok(v1::RecordHoursRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            activity: Some(self.at.needed()?),
            provenance: self.source.into(),
            item: Some(item),
        })
    }

    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = self.request(&begun, session)?;
        let answer = begun.end(session.bank.hours().record_hours(request).await)?;
        let made = answer.record.as_ref().map(|it| ("record", it));
        changed(session, answer.receipt.as_ref(), made)
    }
}

impl Correct {
    fn request(self, begun: &Begun, session: &Session) -> Result<v1::CorrectHoursRequest, Fail> {
        let time = match self.when.time(&session.zone)? {
            Time::Interval(it) => correct_hours_request::Time::Interval(it),
            Time::Day(it) => correct_hours_request::Time::Day(it),
        };
        Ok(v1::CorrectHoursRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            record_no: self.no,
            activity: self.at.given(),
            reason: self.reason.into(),
            time: Some(time),
        })
    }

    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = self.request(&begun, session)?;
        let answer = begun.end(session.bank.hours().correct_hours(request).await)?;
        let made = answer.record.as_ref().map(|it| ("record", it));
        changed(session, answer.receipt.as_ref(), made)
    }
}

impl Deduct {
    fn request(self, begun: &Begun) -> Result<v1::DeductHoursRequest, Fail> {
        Ok(v1::DeductHoursRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
            activity: Some(self.at.needed()?),
            day: Some(day_minutes(self.date, self.minutes.saturating_neg())),
            reason: self.reason.into(),
            annotation: self.beside.message(),
        })
    }

    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = self.request(&begun)?;
        let answer = begun.end(session.bank.hours().deduct_hours(request).await)?;
        let made = answer.record.as_ref().map(|it| ("record", it));
        changed(session, answer.receipt.as_ref(), made)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::{cli::Cli, verb::{Verb, hours::Hours}};

    fn typed(line: &str) -> Result<(Session, Hours), clap::Error> {
        let words = ["x", "--token", "abc", "hours"].into_iter().chain(line.split_whitespace());
        let cli = Cli::try_parse_from(words)?;
        let session = Session::new(cli.globals).unwrap();
        match cli.verb {
            Verb::Hours(it) => Ok((session, it)),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_service_is_recorded_as_typed() {
        let line = "record 0300 --branch NW --activity 巡河 --start 2026-03-01T09:00 \
                    --end 2026-03-01T11:30 --source paper --attestor 李";
        let (session, Hours::Record(it)) = typed(line).unwrap() else { panic!("a record") };
        let request = it.request(&Change::default().begin(), &session).unwrap();
        assert_eq!(request.provenance(), v1::Provenance::Paper);
        assert_eq!(request.activity.unwrap().name, "巡河");
        let item = request.item.unwrap();
        assert_eq!(item.annotation.unwrap().attestor, "李");
        let Some(hours_item::Time::Interval(time)) = item.time else { panic!("an interval") };
        assert_eq!(time.start_time.unwrap().seconds, 1_772_326_800);
    }

    #[tokio::test]
    async fn a_deduction_is_below_zero() {
        let line = "deduct 0300 --activity-no 5 --date 2026-03-01 --minutes 60 --reason other";
        let (_, Hours::Deduct(it)) = typed(line).unwrap() else { panic!("a deduction") };
        let request = it.request(&Change::default().begin()).unwrap();
        assert_eq!(request.day.unwrap().minutes, -60);
        assert_eq!(request.activity.unwrap().activity_no, 5);
    }

    #[tokio::test]
    async fn a_correction_may_leave_the_activity_as_it_is() {
        let line = "correct 17 --date 2026-03-01 --minutes 90 --reason wrong-time";
        let (session, Hours::Correct(it)) = typed(line).unwrap() else { panic!("a correction") };
        let request = it.request(&Change::default().begin(), &session).unwrap();
        assert_eq!((request.record_no, request.activity.is_none()), (17, true));
        assert_eq!(request.reason(), v1::Reason::WrongTime);
    }

    #[tokio::test]
    async fn what_contradicts_itself_is_not_understood() {
        for line in [
            "record 1 --branch NW --activity a --start 2026-03-01T09:00",
            "record 1 --branch NW --activity a --date 2026-03-01",
            "record 1 --activity a --date 2026-03-01 --minutes 5",
            "record 1 --branch NW --activity a --activity-no 5 --date 2026-03-01 --minutes 5",
            "deduct 1 --activity-no 5 --date 2026-03-01 --minutes -5 --reason other",
            "reject 17",
            "approve",
        ] {
            assert!(typed(line).is_err(), "{line}");
        }
    }
}
