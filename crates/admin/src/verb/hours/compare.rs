//! Who signed in against who was to take part (签到与名单).

use std::{path::Path, str::FromStr};

use clap::Args;
use jiff::civil::Date;
use lovebank_wire::v1;
use serde_json::Value;

use crate::{
    fail::{Exit, Fail},
    import::{
        attendance::{self, Attendance, Attendee},
        compare::{Compared, Difference, Differs, compare},
        sheet::minutes_text,
    },
    pages::Limit,
    session::Session,
    show::{Column, Part, narrow, wide},
    when::{date, shown, shown_date},
};

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The sign-in: a sheet, or the bank's check-ins as activity:NO
    #[arg(value_name = "SIGN-IN")]
    signed: Side,
    /// Who was to take part, or is said to have: a sheet, or the bank's records as activity:NO
    #[arg(value_name = "PARTICIPANTS")]
    listed: Side,
    /// Only this day; rows without a day count for any
    #[arg(long, value_name = "DAY", value_parser = date)]
    on: Option<Date>,
    /// Minutes by which times may differ
    #[arg(long, value_name = "MINUTES", default_value_t = 15)]
    #[arg(value_parser = clap::value_parser!(i64).range(0..=1440))]
    tolerance: i64,
}

/// Where a list comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Side {
    Sheet(std::path::PathBuf),
    Activity(u64),
}

impl FromStr for Side {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some(no) = text.strip_prefix("activity:") else { return Ok(Self::Sheet(text.into())) };
        let no = no.parse().ok().filter(|it| *it != 0);
        no.map(Self::Activity).ok_or_else(|| "write the number as in activity:5".to_owned())
    }
}

const COUNTS: &[Column] =
    &[narrow("difference", "difference", "差异"), narrow("count", "volunteers", "人数")];

const DIFFERS: &[Column] = &[
    narrow("difference", "difference", "差异"),
    narrow("volunteer_number", "volunteer", "义工号"),
    narrow("name", "name", "姓名"),
    narrow("date", "date", "日期"),
    narrow("signed_in", "signed in", "签到"),
    narrow("signed_out", "signed out", "签退"),
    wide("signed_minutes", "minutes signed", "签到分钟"),
    narrow("signed", "h:mm signed", "签到时长"),
    wide("listed_minutes", "minutes on the list", "名单分钟"),
    narrow("listed", "h:mm on the list", "名单时长"),
    narrow("signed_line", "line of the sign-in", "签到表行"),
    narrow("listed_line", "line of the list", "名单行"),
];

impl Compare {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let signed = self.signed.read(session, true).await?;
        let listed = self.listed.read(session, false).await?;
        let (signed, listed) = (self.of_day(signed), self.of_day(listed));
        let compared = compare(&signed, &listed, self.tolerance);
        show(session, &compared)?;
        let malformed = signed.malformed.len().saturating_add(listed.malformed.len());
        let agree = compared.differs.is_empty() && malformed == 0;
        if agree {
            let people = compared.people;
            session.remark(
                &format!("both lists agree on {people} volunteers"),
                &format!("两份名单一致，共 {people} 人"),
            );
        }
        Ok(if agree { Exit::Done } else { Exit::Rejected })
    }

    fn of_day(&self, mut list: Attendance) -> Attendance {
        list.rows.retain(|it| self.on.is_none_or(|on| it.date.is_none_or(|date| date == on)));
        list
    }
}

impl Side {
    /// The list; of an activity what was scanned, or all that is recorded.
    async fn read(&self, session: &Session, scanned: bool) -> Result<Attendance, Fail> {
        match self {
            Self::Sheet(path) => sheet(session, path),
            Self::Activity(no) => of_bank(session, *no, scanned).await,
        }
    }
}

fn sheet(session: &Session, path: &Path) -> Result<Attendance, Fail> {
    let bytes = Fail::reading(path)?;
    let list = attendance::read(&bytes).map_err(|err| Fail::sheet(&path.display(), &err))?;
    let shown = path.display();
    for it in &list.malformed {
        let (line, fault) = (it.line, &it.fault);
        session.remark(
            &format!("{shown}: line {line} is left out: {}", fault.english()),
            &format!("{shown}：未计第 {line} 行：{}", fault.chinese()),
        );
    }
    if !list.unread.is_empty() {
        let unread = list.unread.join(", ");
        session.remark(
            &format!("{shown}: columns that are not read: {unread}"),
            &format!("{shown}：未读取的列：{unread}"),
        );
    }
    Ok(list)
}

/// What the bank knows of an activity: records that count or wait to, and who is checked in.
async fn of_bank(session: &Session, no: u64, scanned: bool) -> Result<Attendance, Fail> {
    let all = Limit { limit: usize::MAX };
    let mut client = session.bank.hours();
    // An activity that is not there has no records either, and would agree with nobody.
    client.get_activity(v1::GetActivityRequest { min_seq: 0, activity_no: no }).await?;
    let records = all.of(async |page_size, page_token| {
        let request = v1::ListHoursRecordsRequest {
            activity_no: no,
            page_size,
            page_token,
            ..v1::ListHoursRecordsRequest::default()
        };
        client.list_hours_records(request).await
    });
    let stands = |it: &v1::HoursRecord| {
        matches!(it.state(), v1::RecordState::Posted | v1::RecordState::Pending) && 0 < it.minutes
    };
    let wanted = |it: &v1::HoursRecord| {
        stands(it) && (!scanned || it.provenance() == v1::Provenance::Scanned)
    };
    let records = records.await?.items.into_iter().filter(wanted);
    let mut rows: Vec<Attendee> = records.map(|it| recorded(session, it)).collect();
    if scanned {
        let open = all.of(async |page_size, page_token| {
            let request =
                v1::ListCheckInsRequest { min_seq: 0, activity_no: no, page_size, page_token };
            client.list_check_ins(request).await
        });
        rows.extend(open.await?.items.into_iter().map(|it| checked_in(session, it)));
    }
    // Numbers of people whose data was erased are nobody's.
    rows.retain(|it| !it.number.is_empty());
    Ok(Attendance { rows, has_start: scanned, has_end: scanned, ..Attendance::default() })
}

fn recorded(session: &Session, it: v1::HoursRecord) -> Attendee {
    let (start, end) = match &it.time {
        Some(v1::hours_record::Time::Interval(time)) => {
            (minute_of(session, time.start_time), minute_of(session, time.end_time))
        }
        Some(v1::hours_record::Time::Day(_) | v1::hours_record::Time::Span(_)) | None => {
            (None, None)
        }
    };
    Attendee {
        line: None,
        date: shown_date(it.date.as_ref()).and_then(|it| date(&it).ok()),
        start,
        end: end.filter(|_| !it.forgotten_check_out),
        minutes: Some(it.minutes),
        number: it.volunteer_number,
        name: None,
    }
}

fn checked_in(session: &Session, it: v1::OpenCheckIn) -> Attendee {
    let day = shown(it.since.as_ref(), &session.zone);
    Attendee {
        date: day.and_then(|it| date(it.get(..10)?).ok()),
        start: minute_of(session, it.since),
        number: it.volunteer_number,
        ..Attendee::default()
    }
}

/// The minute of the day of an instant, in the zone of the bank.
fn minute_of(session: &Session, at: Option<prost_types::Timestamp>) -> Option<i64> {
    let at = at?;
    let time = jiff::Timestamp::new(at.seconds, at.nanos).ok()?.to_zoned(session.zone.clone());
    Some(i64::from(time.hour()).saturating_mul(60).saturating_add(i64::from(time.minute())))
}

fn show(session: &Session, compared: &Compared) -> Result<(), Fail> {
    let counts = Difference::ALL.into_iter().map(|it| {
        let count = compared.differs.iter().filter(|differs| differs.difference == it).count();
        vec![it.word().into(), count.into()]
    });
    let rows = compared.differs.iter().map(row).collect();
    Fail::unless_enough(session.show(&[
        Part::rows("differences", COUNTS, counts.collect()),
        Part::rows("volunteers", DIFFERS, rows).base(),
    ]))
}

fn row(it: &Differs) -> Vec<Value> {
    let time = |it: Option<i64>| it.map(minutes_text);
    vec![
        it.difference.word().into(),
        it.number.as_str().into(),
        it.name.as_deref().into(),
        it.date.map(|it| it.to_string()).into(),
        time(it.start).into(),
        time(it.end).into(),
        it.signed.into(),
        time(it.signed).into(),
        it.listed.into(),
        time(it.listed).into(),
        it.signed_line.into(),
        it.listed_line.into(),
    ]
}
