//! `RecognitionService`: years of service.

use jiff::civil::Date;
use lovebank_ledger::{
    AnnualFilter, AnnualRow, EntryNo, Ledger, Minutes, PassbookNo, Verb, annual_recognition,
    annual_summary,
};
use lovebank_wire::{
    Fault, Malformed, Parsed, message, scalar, status,
    v1::{self, recognition_service_server::RecognitionService},
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{
    branch::within,
    door::{Caller, Door, read_seq},
    passbook::as_of,
    people::numbers_of,
    status::unreadable,
};

/// Rows of one message.
const ROWS: usize = 1000;
/// Messages that may wait for a slow reader.
const AHEAD: usize = 4;
/// The most stars that a rulebook has.
const STARS_MAX: i32 = 10;

type Answer = Result<v1::ListAnnualRecognitionResponse, Status>;

#[derive(Debug, Clone)]
pub(super) struct Recognitions(pub(super) Door);

#[tonic::async_trait]
impl RecognitionService for Recognitions {
    type ListAnnualRecognitionStream = ReceiverStream<Answer>;

    async fn get_annual_summary(
        &self,
        call: Request<v1::GetAnnualSummaryRequest>,
    ) -> Result<Response<v1::GetAnnualSummaryResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadPassbooks)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let year = year(message.year)?;
        let (read_seq, mut summary) = {
            let ledger = caller.bank.reader.ledger();
            let no = caller.passbook(&ledger, Verb::ReadPassbooks, &message.volunteer_number)?;
            let moment = as_of(&ledger, message.as_of.as_ref())?;
            (moment.unwrap_or_else(|| read_seq(&ledger)), summary(&ledger, no, year, moment))
        };
        let no = summary.passbook_no;
        let numbers = numbers_of(&caller, std::iter::once(no)).await?;
        summary.volunteer_number = numbers.get(&no).cloned().unwrap_or_default();
        let summary = Some(summary);
        Ok(Response::new(v1::GetAnnualSummaryResponse { read_seq, summary }))
    }

    async fn list_annual_recognition(
        &self,
        call: Request<v1::ListAnnualRecognitionRequest>,
    ) -> Result<Response<Self::ListAnnualRecognitionStream>, Status> {
        let caller = self.0.enter(&call, Verb::ReadRecognition)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let asked = Asked::parse(&caller, &message)?;
        let bank = caller.bank.clone();
        // A million volunteers take a while, and block.
        let found = tokio::task::spawn_blocking(move || {
            let ledger = bank.reader.ledger();
            let rows = annual_recognition(&ledger, asked.year, &asked.filter, asked.entry());
            let shown = rows.iter().take(asked.limit).map(|it| row(&ledger, it)).collect();
            (asked.seq.unwrap_or_else(|| read_seq(&ledger)), rows.len(), shown)
        });
        let found: (u64, usize, Vec<v1::AnnualRow>) =
            found.await.map_err(|err| unreadable(&err))?;
        let (sender, receiver) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            if let Err(status) = send(&caller, found, &sender).await {
                // A reader that went away needs no word.
                sender.send(Err(status)).await.ok();
            }
        });
        Ok(Response::new(ReceiverStream::new(receiver)))
    }
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
        let year = year(it.year)?;
        if !(0..=STARS_MAX).contains(&it.least_star) {
            let fault = Fault::OutOfRange { least: 0, most: STARS_MAX.into() };
            return Err(Malformed::new("least_star", fault).into());
        }
        let ledger = caller.bank.reader.ledger();
        let home = within(&ledger, &it.branch_code)?;
        let authority = caller.authority(&ledger)?;
        let verb = Verb::ReadRecognition;
        match home {
            Some(branch) => authority.on_branch(verb, branch).map_err(status::refused_read)?,
            None if authority.in_bank(verb) => {}
            None => {
                let refusal = lovebank_ledger::Refusal::BankWideOnly { verb };
                return Err(status::refused_read(refusal));
            }
        }
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

fn served(ledger: &Ledger<'_>, code: &str) -> Result<Option<lovebank_ledger::BranchNo>, Status> {
    if code.is_empty() {
        return Ok(None);
    }
    super::branch::known(ledger, "served_branch_code", code).map(Some)
}

fn year(year: i32) -> Parsed<i16> {
    let fault = Fault::OutOfRange { least: 1970, most: 9999 };
    let known = (1970..=9999).contains(&year).then_some(year);
    let year = known.and_then(|it| i16::try_from(it).ok());
    year.ok_or_else(|| Malformed::new("year", fault))
}

async fn send(
    caller: &Caller,
    (read_seq, count, rows): (u64, usize, Vec<v1::AnnualRow>),
    sender: &mpsc::Sender<Answer>,
) -> Result<(), Status> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    if rows.is_empty() {
        let answer = v1::ListAnnualRecognitionResponse { read_seq, count, rows };
        sender.send(Ok(answer)).await.ok();
        return Ok(());
    }
    for part in rows.chunks(ROWS) {
        let numbers = numbers_of(caller, part.iter().map(|it| it.passbook_no)).await?;
        let mut rows = part.to_vec();
        for it in &mut rows {
            it.volunteer_number = numbers.get(&it.passbook_no).cloned().unwrap_or_default();
        }
        let answer = v1::ListAnnualRecognitionResponse { read_seq, count, rows };
        if sender.send(Ok(answer)).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
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
