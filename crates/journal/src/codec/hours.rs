//! Activities and hours records.

use lovebank_ledger::{
    Activity, ActivityName, ActivityNo, BranchNo, Category, Credit, Credited, Evaluation, Grade,
    HelpNo, Interval, Minutes, NewRecord, PassbookNo, Place, Points, RecordNo, ServiceTime, Span,
    Standing,
};

use super::{
    BadEntry,
    kinds::{kind, level, provenance},
    scalar::{
        date, digits, maybe, maybe_number, maybe_text, minute, number, present, stored, text,
    },
    v1::{
        self,
        new_record::{Standing as StoredStanding, Time as StoredTime},
    },
};

impl From<&Activity> for v1::Activity {
    fn from(it: &Activity) -> Self {
        Self {
            no: stored(it.no.get()),
            branch_no: stored(it.branch.get()),
            name: it.name.as_str().to_owned(),
            category: it.category.as_ref().map_or_else(String::new, ToString::to_string),
            place: it.place.as_ref().map_or_else(String::new, ToString::to_string),
            window: it.window.map(Into::into),
        }
    }
}

impl TryFrom<v1::Activity> for Activity {
    type Error = BadEntry;

    fn try_from(it: v1::Activity) -> Result<Self, BadEntry> {
        Ok(Self {
            no: number(it.no, ActivityNo::new, "Activity.no")?,
            branch: number(it.branch_no, BranchNo::new, "Activity.branch_no")?,
            name: text(&it.name, ActivityName::new, "Activity.name")?,
            category: maybe_text(&it.category, Category::new, "Activity.category")?,
            place: maybe_text(&it.place, Place::new, "Activity.place")?,
            window: maybe(it.window)?,
        })
    }
}

impl From<&NewRecord> for v1::NewRecord {
    fn from(it: &NewRecord) -> Self {
        Self {
            no: stored(it.no.get()),
            index: it.index,
            passbook_no: stored(it.passbook.get()),
            activity_no: stored(it.activity.get()),
            time: Some(it.time.into()),
            date: digits(it.date),
            minutes: it.minutes.get(),
            provenance: v1::Provenance::from(it.provenance).into(),
            standing: Some(it.standing.into()),
            forgotten: it.forgotten,
            evaluation: it.evaluation.map(Into::into),
            help_no: it.help.map_or(0, |it| stored(it.get())),
        }
    }
}

impl TryFrom<v1::NewRecord> for NewRecord {
    type Error = BadEntry;

    fn try_from(it: v1::NewRecord) -> Result<Self, BadEntry> {
        Ok(Self {
            no: number(it.no, RecordNo::new, "NewRecord.no")?,
            index: it.index,
            passbook: number(it.passbook_no, PassbookNo::new, "NewRecord.passbook_no")?,
            activity: number(it.activity_no, ActivityNo::new, "NewRecord.activity_no")?,
            time: present(it.time, "NewRecord.time")?,
            date: date(it.date, "NewRecord.date")?,
            minutes: Minutes::new(it.minutes),
            provenance: kind(it.provenance, provenance, "NewRecord.provenance")?,
            standing: present(it.standing, "NewRecord.standing")?,
            forgotten: it.forgotten,
            evaluation: maybe(it.evaluation)?,
            help: maybe_number(it.help_no, HelpNo::new, "NewRecord.help_no")?,
        })
    }
}

impl From<ServiceTime> for StoredTime {
    fn from(it: ServiceTime) -> Self {
        match it {
            ServiceTime::Interval(it) => Self::Interval(it.into()),
            ServiceTime::Day(date) => Self::DayDate(digits(date)),
            ServiceTime::Span(it) => {
                Self::Span(v1::Span { from_date: digits(it.from()), to_date: digits(it.to()) })
            }
        }
    }
}

impl TryFrom<StoredTime> for ServiceTime {
    type Error = BadEntry;

    fn try_from(it: StoredTime) -> Result<Self, BadEntry> {
        Ok(match it {
            StoredTime::Interval(it) => Self::Interval(it.try_into()?),
            StoredTime::DayDate(day) => Self::Day(date(day, "NewRecord.day_date")?),
            StoredTime::Span(it) => {
                let from = date(it.from_date, "Span.from_date")?;
                let to = date(it.to_date, "Span.to_date")?;
                let span = Span::new(from, to);
                Self::Span(span.map_err(|_| BadEntry::Invalid { field: "Span.to_date" })?)
            }
        })
    }
}

impl From<Interval> for v1::Interval {
    fn from(it: Interval) -> Self {
        let minutes = it.end().get().saturating_sub(it.start().get());
        Self { start_minute: it.start().get(), minutes }
    }
}

impl TryFrom<v1::Interval> for Interval {
    type Error = BadEntry;

    fn try_from(it: v1::Interval) -> Result<Self, BadEntry> {
        let end = i64::from(it.start_minute).saturating_add(it.minutes.into());
        let start = minute(it.start_minute, "Interval.start_minute")?;
        let end = minute(end, "Interval.minutes")?;
        Self::new(start, end).map_err(|_| BadEntry::Invalid { field: "Interval.minutes" })
    }
}

impl From<Standing> for StoredStanding {
    fn from(it: Standing) -> Self {
        match it {
            Standing::Posted(credit) => Self::Posted(credit.into()),
            Standing::Pending(level) => Self::Pending(v1::Level::from(level).into()),
        }
    }
}

impl TryFrom<StoredStanding> for Standing {
    type Error = BadEntry;

    fn try_from(it: StoredStanding) -> Result<Self, BadEntry> {
        Ok(match it {
            StoredStanding::Posted(credit) => Self::Posted(credit.try_into()?),
            StoredStanding::Pending(it) => Self::Pending(kind(it, level, "NewRecord.pending")?),
        })
    }
}

impl From<Credit> for v1::Credit {
    fn from(it: Credit) -> Self {
        Self {
            points_hundredths: it.points.hundredths(),
            overflow_hundredths: it.overflow.hundredths(),
        }
    }
}

impl TryFrom<v1::Credit> for Credit {
    type Error = BadEntry;

    fn try_from(it: v1::Credit) -> Result<Self, BadEntry> {
        Ok(Self {
            points: Points::from_hundredths(it.points_hundredths),
            overflow: Points::from_hundredths(it.overflow_hundredths),
        })
    }
}

impl From<&Credited> for v1::Credited {
    fn from(it: &Credited) -> Self {
        Self { record_no: stored(it.record.get()), credit: Some(it.credit.into()) }
    }
}

impl TryFrom<v1::Credited> for Credited {
    type Error = BadEntry;

    fn try_from(it: v1::Credited) -> Result<Self, BadEntry> {
        Ok(Self {
            record: number(it.record_no, RecordNo::new, "Credited.record_no")?,
            credit: present(it.credit, "Credited.credit")?,
        })
    }
}

impl From<Evaluation> for v1::Evaluation {
    fn from(it: Evaluation) -> Self {
        Self { grade: it.grade.get(), date: digits(it.date) }
    }
}

impl TryFrom<v1::Evaluation> for Evaluation {
    type Error = BadEntry;

    fn try_from(it: v1::Evaluation) -> Result<Self, BadEntry> {
        let grade = Grade::new(it.grade);
        Ok(Self {
            grade: grade.ok_or(BadEntry::Invalid { field: "Evaluation.grade" })?,
            date: date(it.date, "Evaluation.date")?,
        })
    }
}
