//! Years of service.

use jiff::civil::Date;
use lovebank_ledger::{
    AnnualFilter, AnnualRow, BranchNo, Category, EntryNo, Ledger, Minutes, Month, PassbookNo,
    StatisticsRow, Verb, annual_recognition, annual_summary, branch_statistics,
};
use lovebank_wire::{Fault, Malformed, message, request, scalar, v1};
use tonic::Status;

use super::super::{
    branch::{may_read, within},
    door::{Caller, read_seq},
    parts::{Stream, in_parts},
    passbook::as_of,
    people::numbers_of,
    status::unreadable,
};

/// The most stars that a rulebook has.
const STARS_MAX: i32 = 10;

pub(super) async fn get(
    caller: &Caller,
    message: &v1::GetAnnualSummaryRequest,
) -> Result<v1::GetAnnualSummaryResponse, Status> {
    let year = request::year("year", message.year)?;
    let (read_seq, mut summary) = {
        let ledger = caller.bank.reader.ledger();
        let no = caller.passbook(&ledger, Verb::ReadPassbooks, &message.volunteer_number)?;
        let moment = as_of(&ledger, message.as_of.as_ref())?;
        (moment.unwrap_or_else(|| read_seq(&ledger)), summary(&ledger, no, year, moment))
    };
    let no = summary.passbook_no;
    let numbers = numbers_of(caller, std::iter::once(no)).await?;
    summary.volunteer_number = numbers.get(&no).cloned().unwrap_or_default();
    Ok(v1::GetAnnualSummaryResponse { read_seq, summary: Some(summary) })
}

pub(super) async fn list(
    caller: Caller,
    message: &v1::ListAnnualRecognitionRequest,
) -> Result<Stream<v1::ListAnnualRecognitionResponse>, Status> {
    let asked = Asked::parse(&caller, message)?;
    let bank = caller.bank.clone();
    // A million volunteers take a while, and block.
    let found = tokio::task::spawn_blocking(move || {
        let ledger = bank.reader.ledger();
        let rows = annual_recognition(&ledger, asked.year, &asked.filter, asked.entry());
        let shown = rows.iter().take(asked.limit).map(|it| row(&ledger, it)).collect();
        (asked.seq.unwrap_or_else(|| read_seq(&ledger)), rows.len(), shown)
    });
    let (read_seq, count, rows): (u64, usize, Vec<v1::AnnualRow>) =
        found.await.map_err(|err| unreadable(&err))?;
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    Ok(in_parts(rows, move |mut rows| {
        let caller = caller.clone();
        async move {
            let numbers = numbers_of(&caller, rows.iter().map(|it| it.passbook_no)).await?;
            for it in &mut rows {
                it.volunteer_number = numbers.get(&it.passbook_no).cloned().unwrap_or_default();
            }
            Ok(v1::ListAnnualRecognitionResponse { read_seq, count, rows })
        }
    }))
}

pub(super) async fn statistics(
    caller: &Caller,
    message: &v1::GetBranchStatisticsRequest,
) -> Result<v1::GetBranchStatisticsResponse, Status> {
    let year = request::year("year", message.year)?;
    let (branch, moment) = {
        let ledger = caller.bank.reader.ledger();
        let branch = within(&ledger, &message.branch_code)?;
        may_read(caller, &ledger, branch)?;
        (branch, as_of(&ledger, message.as_of.as_ref())?)
    };
    let bank = caller.bank.clone();
    // A million volunteers take a while, and block.
    let found = tokio::task::spawn_blocking(move || {
        let ledger = bank.reader.ledger();
        // Before the first entry nobody had served; entry 1 knew of none either.
        let entry = moment.map(|it| EntryNo::new(it).unwrap_or(EntryNo::FIRST));
        let it = branch_statistics(&ledger, year, branch, entry);
        let row = |(key, row): (&(Month, Option<Category>), &StatisticsRow)| v1::StatisticsRow {
            month: i32::try_from(key.0.index()).unwrap_or(0).saturating_add(1),
            category: key.1.as_ref().map(ToString::to_string).unwrap_or_default(),
            minutes: row.minutes.get(),
            volunteers: row.volunteers,
        };
        let of_branch = |(no, minutes): (&BranchNo, &Minutes)| v1::BranchMinutes {
            branch_code: message::branch_code(&ledger, *no),
            minutes: minutes.get(),
        };
        v1::GetBranchStatisticsResponse {
            read_seq: moment.unwrap_or_else(|| read_seq(&ledger)),
            minutes: it.minutes.get(),
            volunteers: it.volunteers,
            rows: it.rows.iter().map(row).collect(),
            branches: it.branches.iter().map(of_branch).collect(),
        }
    });
    found.await.map_err(|err| unreadable(&err))
}

/// What is asked for, understood.
struct Asked {
    year: i16,
    filter: AnnualFilter,
    limit: usize,
    /// The entry asked as of; none: now.
    seq: Option<u64>,
}

impl Asked {
    fn parse(caller: &Caller, it: &v1::ListAnnualRecognitionRequest) -> Result<Self, Status> {
        let year = request::year("year", it.year)?;
        if !(0..=STARS_MAX).contains(&it.least_star) {
            let fault = Fault::OutOfRange { least: 0, most: STARS_MAX.into() };
            return Err(Malformed::new("least_star", fault).into());
        }
        let ledger = caller.bank.reader.ledger();
        let home = within(&ledger, &it.branch_code)?;
        may_read(caller, &ledger, home)?;
        let filter = AnnualFilter {
            home,
            served: served(&ledger, &it.served_branch_code)?,
            least: Minutes::new(it.least_minutes),
            star: it.least_star.into(),
            active: it.active_only,
        };
        let limit = usize::try_from(it.limit).unwrap_or(usize::MAX);
        let limit = if limit == 0 { usize::MAX } else { limit };
        Ok(Self { year, filter, limit, seq: as_of(&ledger, it.as_of.as_ref())? })
    }

    /// Before the first entry nobody had served: no entry is asked as of entry 1.
    fn entry(&self) -> Option<EntryNo> {
        self.seq.map(|it| EntryNo::new(it).unwrap_or(EntryNo::FIRST))
    }
}

fn served(ledger: &Ledger<'_>, code: &str) -> Result<Option<BranchNo>, Status> {
    if code.is_empty() {
        return Ok(None);
    }
    super::super::branch::known(ledger, "served_branch_code", code).map(Some)
}

fn row(ledger: &Ledger<'_>, it: &AnnualRow) -> v1::AnnualRow {
    v1::AnnualRow {
        rank: it.rank,
        passbook_no: it.passbook.get(),
        volunteer_number: String::new(),
        branch_code: message::branch_code(ledger, it.home),
        minutes: it.minutes.get(),
        minutes_total: it.total.get(),
        star: i32::try_from(it.star).unwrap_or(i32::MAX),
    }
}

fn summary(
    ledger: &Ledger<'_>,
    no: PassbookNo,
    year: i16,
    as_of: Option<u64>,
) -> v1::AnnualSummary {
    // Before the first entry there was no service; entry 1 knew of none either.
    let entry = as_of.map(|it| EntryNo::new(it).unwrap_or(EntryNo::FIRST));
    let it = annual_summary(ledger, no, year, entry);
    let months = (1..).zip(it.months);
    let months = months.map(|(month, it)| v1::MonthMinutes { month, minutes: it.get() });
    let branches = it.branches.iter().map(|(branch, it)| v1::BranchMinutes {
        branch_code: message::branch_code(ledger, *branch),
        minutes: it.get(),
    });
    let categories = it.categories.iter().map(|(category, it)| v1::CategoryMinutes {
        category: category.as_ref().map(ToString::to_string).unwrap_or_default(),
        minutes: it.get(),
    });
    let day = |pick: fn((Date, Date)) -> Date| it.days.map(|it| scalar::to_date(pick(it)));
    let home = ledger.home(no, entry);
    v1::AnnualSummary {
        passbook_no: no.get(),
        volunteer_number: String::new(),
        branch_code: home.map(|it| message::branch_code(ledger, it)).unwrap_or_default(),
        year: i32::from(year),
        minutes: it.minutes.get(),
        services: it.services,
        first_date: day(|it| it.0),
        last_date: day(|it| it.1),
        points: Some(scalar::to_points(it.points)),
        months: months.collect(),
        branches: branches.collect(),
        categories: categories.collect(),
    }
}
