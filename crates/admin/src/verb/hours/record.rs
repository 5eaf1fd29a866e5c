//! Making records: record, correct, deduct.

use clap::Args;
use jiff::{civil::Date, tz::TimeZone};
use lovebank_wire::v1::{self, correct_hours_request, hours_item};

use crate::{
    fail::{Exit, Fail},
    session::{Begun, Change, Session},
    show::{Done, Items},
    verb::{changed, proven},
    when::{Time, When, date, day_minutes},
    words::{Source, Why},
};

pub(super) const RECORD: &str = "\
Times are civil times of the bank's zone (--zone). An activity of this branch and name is made on
first use.

Example: lovebank-admin hours record 0300000001 --branch NW-01 --activity 社区巡河 --start \"2026-03-01 14:00\" --end \"2026-03-01 16:30\"
         lovebank-admin hours record 0300000001 0300000002 --activity-no 5 --date 2026-03-01 --minutes 90 --source paper";

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
    /// The volunteer number (义工号), or those of all on an activity sheet, up to 1,000; "me" for
    /// the owner of the token
    #[arg(required = true, value_name = "NUMBER")]
    numbers: Vec<String>,
    /// Of several volunteers, each for itself [default: one that is refused refuses all]
    #[arg(long)]
    each: bool,
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

    pub(crate) fn needed(self) -> Result<v1::Activity, Fail> {
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
    /// An item for each volunteer.
    fn items(&self, zone: &TimeZone) -> Result<Vec<v1::HoursItem>, Fail> {
        let time = match self.when.time(zone)? {
            Time::Interval(it) => hours_item::Time::Interval(it),
            Time::Day(it) => hours_item::Time::Day(it),
        };
        let item = |number: &String| v1::HoursItem {
            volunteer_number: number.clone(),
            time: Some(time),
            evaluation: None,
            annotation: self.beside.clone().message(),
        };
        Ok(self.numbers.iter().map(item).collect())
    }

    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut items = self.items(&session.zone)?;
        match (items.pop(), items.is_empty()) {
            (Some(item), true) => self.one(session, item).await,
            (last, _) => {
                items.extend(last);
                self.sheet(session, items).await
            }
        }
    }

    async fn one(self, session: &Session, item: v1::HoursItem) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::RecordHoursRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            activity: Some(self.at.needed()?),
            provenance: self.source.into(),
            item: Some(item),
        };
        let answer = begun.end(session.bank.hours().record_hours(request).await)?;
        let made = answer.record.as_ref().map(|it| ("record", it));
        changed(session, answer.receipt.as_ref(), made)
    }

    async fn sheet(self, session: &Session, items: Vec<v1::HoursItem>) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let mode = if self.each { v1::BatchMode::ItemByItem } else { v1::BatchMode::Atomic };
        let request = v1::BatchRecordHoursRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            activity: Some(self.at.needed()?),
            provenance: self.source.into(),
            items,
            mode: mode.into(),
        };
        let answer = begun.end(session.bank.hours().batch_record_hours(request).await)?;
        let done = answer.recorded.into_iter().map(|it| {
            let pending = it.state() == v1::RecordState::Pending;
            let outcome = if pending { "pending" } else { "posted" };
            (it.index, Done { outcome, record_no: it.record_no, ..Done::default() })
        });
        let items = Items::new(self.numbers, done, answer.refused);
        proven(session, vec![items.part(session.lang)], answer.receipt.as_ref())?;
        Ok(items.exit())
    }
}

impl Correct {
    fn request(self, begun: &Begun, zone: &TimeZone) -> Result<v1::CorrectHoursRequest, Fail> {
        let time = match self.when.time(zone)? {
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
        let request = self.request(&begun, &session.zone)?;
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
    use crate::{
        cli::Cli,
        verb::{Verb, hours::Hours},
    };

    fn typed(line: &str) -> Result<Hours, clap::Error> {
        let words = ["x", "hours"].into_iter().chain(line.split_whitespace());
        let verb = Cli::try_parse_from(words)?.verb;
        let Verb::Hours(it) = verb else { panic!("{verb:?}") };
        Ok(it)
    }

    fn zone() -> TimeZone {
        crate::when::zone("Asia/Shanghai").unwrap()
    }

    #[test]
    fn a_service_is_recorded_as_typed() {
        let line = "record 0300 0301 --branch NW --activity 巡河 --start 2026-03-01T09:00 \
                    --end 2026-03-01T11:30 --source paper --attestor 李";
        let Hours::Record(it) = typed(line).unwrap() else { panic!("a record") };
        let items = it.items(&zone()).unwrap();
        assert_eq!(items[1].volunteer_number, "0301");
        assert_eq!(items[0].annotation.as_ref().unwrap().attestor, "李");
        let Some(hours_item::Time::Interval(time)) = items[0].time else { panic!("an interval") };
        assert_eq!(time.start_time.unwrap().seconds, 1_772_326_800);
        assert_eq!(it.at.needed().unwrap().name, "巡河");
    }

    #[test]
    fn a_deduction_is_below_zero() {
        let line = "deduct 0300 --activity-no 5 --date 2026-03-01 --minutes 60 --reason other";
        let Hours::Deduct(it) = typed(line).unwrap() else { panic!("a deduction") };
        let request = it.request(&Change::default().begin()).unwrap();
        assert_eq!(request.day.unwrap().minutes, -60);
        assert_eq!(request.activity.unwrap().activity_no, 5);
    }

    #[test]
    fn a_correction_may_leave_the_activity_as_it_is() {
        let line = "correct 17 --date 2026-03-01 --minutes 90 --reason wrong-time";
        let Hours::Correct(it) = typed(line).unwrap() else { panic!("a correction") };
        let request = it.request(&Change::default().begin(), &zone()).unwrap();
        assert_eq!((request.record_no, request.activity.is_none()), (17, true));
        assert_eq!(request.reason(), v1::Reason::WrongTime);
    }

    #[test]
    fn what_contradicts_itself_is_not_understood() {
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
