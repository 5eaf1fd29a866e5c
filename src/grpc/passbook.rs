//! `PassbookService`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use lovebank_ledger::{EntryNo, Ledger, LineRow, Minutes, PassbookNo, Points, Verb};
use lovebank_wire::{
    Fault, Malformed, message,
    page::{self, Page},
    scalar,
    v1::{self, passbook_service_server::PassbookService},
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{
    door::{Caller, Door, read_seq},
    people::numbers,
    status::STOPPING,
    watch::Watching,
};

/// Lines that one message of a watch carries.
const LINES_MAX: usize = 1000;
/// Days of expiry that are told of a passbook.
const EXPIRING_MAX: usize = 100;
/// Messages that may wait for a slow watcher.
const AHEAD: usize = 4;

#[derive(Debug, Clone)]
pub(super) struct Passbooks {
    pub(super) door: Door,
    pub(super) watching: Watching,
}

#[tonic::async_trait]
impl PassbookService for Passbooks {
    type WatchPassbookStream = ReceiverStream<Result<v1::WatchPassbookResponse, Status>>;

    async fn get_passbook(
        &self,
        call: Request<v1::GetPassbookRequest>,
    ) -> Result<Response<v1::GetPassbookResponse>, Status> {
        let caller = self.door.enter(&call, Verb::ReadPassbooks)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let (no, read_seq, mut passbook) = {
            let ledger = caller.bank.reader.ledger();
            let no = caller.passbook(&ledger, Verb::ReadPassbooks, &message.volunteer_number)?;
            let as_of = as_of(&ledger, message.as_of.as_ref())?;
            let seq = as_of.unwrap_or_else(|| read_seq(&ledger));
            (no, seq, passbook(&ledger, &caller, no, as_of))
        };
        passbook.volunteer_number = number_of(&caller, no).await?;
        let passbook = Some(passbook);
        Ok(Response::new(v1::GetPassbookResponse { read_seq, passbook }))
    }

    async fn list_passbook_lines(
        &self,
        call: Request<v1::ListPassbookLinesRequest>,
    ) -> Result<Response<v1::ListPassbookLinesResponse>, Status> {
        let caller = self.door.enter(&call, Verb::ReadPassbooks)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let size = scalar::page_size(message.page_size)?;
        let cleared = v1::ListPassbookLinesRequest {
            volunteer_number: message.volunteer_number.clone(),
            as_of: message.as_of,
            ..<_>::default()
        };
        let question = page::question("ListPassbookLines", &cleared);
        let page = Page::parse(&message.page_token, &question)?;
        let ledger = caller.bank.reader.ledger();
        let no = caller.passbook(&ledger, Verb::ReadPassbooks, &message.volunteer_number)?;
        let seq = match &page {
            Some(page) => page.seq,
            None => as_of(&ledger, message.as_of.as_ref())?.unwrap_or_else(|| read_seq(&ledger)),
        };
        // Lines have no gaps, so that the last line shown tells where the next page begins.
        let after = page.map_or(u64::MAX, |it| it.cursor);
        let lines = lines(&ledger, no, seq).filter(|it| it.no.get() < after);
        let lines: Vec<_> = lines.take(size).collect();
        let last = lines.last().map_or(1, |it| it.no.get());
        let next = Page { seq, cursor: last, detail: Vec::new() };
        Ok(Response::new(v1::ListPassbookLinesResponse {
            read_seq: seq,
            lines: lines.iter().map(|it| message::line(&ledger, no, it)).collect(),
            next_page_token: if 1 < last { next.token(&question) } else { String::new() },
        }))
    }

    async fn list_holds(
        &self,
        call: Request<v1::ListHoldsRequest>,
    ) -> Result<Response<v1::ListHoldsResponse>, Status> {
        let caller = self.door.enter(&call, Verb::ReadPassbooks)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let size = scalar::page_size(message.page_size)?;
        let cleared = v1::ListHoldsRequest {
            volunteer_number: message.volunteer_number.clone(),
            ..<_>::default()
        };
        let question = page::question("ListHolds", &cleared);
        let begin = Page::parse(&message.page_token, &question)?.map_or(u64::MAX, |it| it.cursor);
        let ledger = caller.bank.reader.ledger();
        let no = caller.passbook(&ledger, Verb::ReadPassbooks, &message.volunteer_number)?;
        let mut rest = ledger.open_holds(no).into_iter().filter(|(no, _)| no.get() < begin);
        let page: Vec<_> = rest.by_ref().take(size).collect();
        let more = rest.next().is_some();
        let cursor = page.last().map_or(0, |(no, _)| no.get());
        let seq = read_seq(&ledger);
        let next = Page { seq, cursor, detail: Vec::new() };
        Ok(Response::new(v1::ListHoldsResponse {
            read_seq: seq,
            holds: page.iter().map(|(no, it)| message::hold(&ledger, *no, it)).collect(),
            next_page_token: if more { next.token(&question) } else { String::new() },
        }))
    }

    async fn watch_passbook(
        &self,
        call: Request<v1::WatchPassbookRequest>,
    ) -> Result<Response<Self::WatchPassbookStream>, Status> {
        let caller = self.door.enter(&call, Verb::ReadPassbooks)?;
        let message = call.into_inner();
        let no = {
            let ledger = caller.bank.reader.ledger();
            caller.passbook(&ledger, Verb::ReadPassbooks, &message.volunteer_number)?
        };
        let place = self.watching.begin(&caller.bank.metrics, caller.token)?;
        let number = number_of(&caller, no).await?;
        let (sender, receiver) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            let _place = place;
            let ended = watch(&caller, (no, &number), message.after_line_no, &sender).await;
            if let Err(status) = ended {
                // A watcher that went away needs no word.
                sender.send(Err(status)).await.ok();
            }
        });
        Ok(Response::new(ReceiverStream::new(receiver)))
    }
}

/// Tells a watcher what is new until it goes away, its token ends, or the bank stops.
async fn watch(
    caller: &Caller,
    (no, number): (PassbookNo, &str),
    mut after: u64,
    sender: &mpsc::Sender<Result<v1::WatchPassbookResponse, Status>>,
) -> Result<(), Status> {
    let (mut head, mut stopping) = (caller.bank.reader.head(), caller.bank.stopping.clone());
    let mut first = true;
    loop {
        head.borrow_and_update();
        loop {
            let news = news(caller, (no, number), after)?;
            let last = news.lines.last().map(|it| it.line_no);
            if !first && last.is_none() {
                break;
            }
            first = false;
            let more = news.lines.len() == LINES_MAX;
            if sender.send(Ok(news)).await.is_err() {
                return Ok(());
            }
            after = last.unwrap_or(after);
            if !more {
                break;
            }
        }
        tokio::select! {
            changed = head.changed() => changed.map_err(|_| STOPPING)?,
            () = crate::stopped(&mut stopping) => return Err(STOPPING.into()),
            () = sender.closed() => return Ok(()),
        }
    }
}

fn news(
    caller: &Caller,
    (no, number): (PassbookNo, &str),
    after: u64,
) -> Result<v1::WatchPassbookResponse, Status> {
    let ledger = caller.bank.reader.ledger();
    let authority = caller.authority(&ledger)?;
    let allowed = authority.on_passbook(Verb::ReadPassbooks, no);
    allowed.map_err(lovebank_wire::status::refused_read)?;
    let lines = ledger.lines(no, None).take_while(|it| after < it.no.get());
    let mut lines: Vec<_> = lines.collect();
    lines.reverse();
    lines.truncate(LINES_MAX);
    let mut passbook = passbook(&ledger, caller, no, None);
    number.clone_into(&mut passbook.volunteer_number);
    Ok(v1::WatchPassbookResponse {
        read_seq: read_seq(&ledger),
        passbook: Some(passbook),
        lines: lines.iter().map(|it| message::line(&ledger, no, it)).collect(),
    })
}

async fn number_of(caller: &Caller, no: PassbookNo) -> Result<String, Status> {
    let volunteer = caller.bank.reader.ledger().volunteer(no).map(|it| it.volunteer);
    let Some(volunteer) = volunteer else { return Ok(String::new()) };
    let found = numbers(caller, vec![volunteer]).await?;
    Ok(found.into_iter().flatten().next().map(|it| it.as_str().to_owned()).unwrap_or_default())
}

/// The entry that a question is asked as of; none: now.
pub(super) fn as_of(ledger: &Ledger<'_>, it: Option<&v1::AsOf>) -> Result<Option<u64>, Status> {
    use v1::as_of::Moment;
    let head = read_seq(ledger);
    match it.and_then(|it| it.moment.as_ref()) {
        None => Ok(None),
        Some(Moment::Seq(seq)) if (1..=head).contains(seq) => Ok(Some(*seq)),
        Some(Moment::Seq(_)) => {
            let most = i64::try_from(head).unwrap_or(i64::MAX);
            Err(Malformed::new("as_of.seq", Fault::OutOfRange { least: 1, most }).into())
        }
        Some(Moment::Date(date)) => {
            let date = scalar::date("as_of.date", date)?;
            let last = ledger.zone().and_then(|it| it.last_of(date).ok());
            Ok(Some(last.and_then(|it| ledger.entry_at(it)).map_or(0, EntryNo::get)))
        }
    }
}

fn lines(ledger: &Ledger<'_>, no: PassbookNo, seq: u64) -> impl Iterator<Item = LineRow> {
    let as_of = EntryNo::new(seq).ok();
    as_of.into_iter().flat_map(move |it| ledger.lines(no, Some(it)))
}

fn passbook(
    ledger: &Ledger<'_>,
    caller: &Caller,
    no: PassbookNo,
    as_of: Option<u64>,
) -> v1::Passbook {
    let seq = as_of.unwrap_or_else(|| read_seq(ledger));
    let (merged_into_passbook_no, merged_passbook_nos) = message::numbers(ledger, no);
    let last = lines(ledger, no, seq).next();
    let minutes = last.map_or(Minutes::ZERO, |it| it.minutes_after);
    let points = last.map_or(Points::ZERO, |it| it.points_after);
    let branch = ledger.volunteer(no).map(|it| message::branch_code(ledger, it.branch));
    // What was held at an earlier time is not told.
    let held = ledger.passbook(no).filter(|_| as_of.is_none()).map(|it| it.held);
    let held = held.unwrap_or_default();
    v1::Passbook {
        passbook_no: no.get(),
        volunteer_number: String::new(),
        branch_code: branch.unwrap_or_default(),
        minutes: minutes.get(),
        points: Some(scalar::to_points(points)),
        points_available: Some(scalar::to_points(
            points.minus(held).unwrap_or(points).max(Points::ZERO),
        )),
        points_held: Some(scalar::to_points(held)),
        points_debt: Some(scalar::to_points(points.min(Points::ZERO).negated())),
        in_debt: minutes.is_negative() || points.is_negative(),
        minutes_this_year: this_year(ledger, caller, no, as_of),
        years: if as_of.is_none() { years(ledger, no) } else { Vec::new() },
        lines: last.map_or(0, |it| it.no.get()),
        last_line: last.map(|it| message::line(ledger, no, &it)),
        merged_into_passbook_no,
        merged_passbook_nos,
        expiring: if as_of.is_none() { expiring(ledger, no) } else { Vec::new() },
    }
}

/// Points that will expire, by day.
fn expiring(ledger: &Ledger<'_>, no: PassbookNo) -> Vec<v1::ExpiringPoints> {
    let mut days: BTreeMap<Date, Points> = BTreeMap::new();
    for (lot, points) in ledger.lots(no) {
        let sum = days.entry(lot.expires).or_default();
        *sum = sum.plus(points).unwrap_or(*sum);
    }
    let told = days.into_iter().take(EXPIRING_MAX).map(|(date, points)| v1::ExpiringPoints {
        expire_date: Some(scalar::to_date(date)),
        points: Some(scalar::to_points(points)),
    });
    told.collect()
}

/// Minutes that count for the calendar year of the moment asked of.
fn this_year(ledger: &Ledger<'_>, caller: &Caller, no: PassbookNo, as_of: Option<u64>) -> i64 {
    let moment = as_of.and_then(|it| ledger.recorded_at(EntryNo::new(it).ok()?));
    let moment = moment.unwrap_or_else(|| caller.bank.clock.now());
    let year = ledger.zone().map_or(0, |it| it.date_at(moment).year());
    let Some(seq) = as_of else {
        let years = ledger.passbook_years(no).filter(|it| it.0 == year);
        return years.map(|it| it.2.get()).fold(0, i64::saturating_add);
    };
    let lines = EntryNo::new(seq).into_iter().flat_map(|it| ledger.service_lines(no, Some(it)));
    let minutes = lines.filter(|it| it.1.date.year() == year).map(|it| it.0.minutes.get());
    minutes.fold(0, i64::saturating_add)
}

fn years(ledger: &Ledger<'_>, no: PassbookNo) -> Vec<v1::PassbookYear> {
    let year = |(year, branch, minutes): (i16, _, Minutes)| v1::PassbookYear {
        year: i32::from(year),
        branch_code: message::branch_code(ledger, branch),
        minutes: minutes.get(),
    };
    ledger.passbook_years(no).map(year).collect()
}
