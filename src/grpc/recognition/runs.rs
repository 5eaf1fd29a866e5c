//! Runs and objections: made, changed, shown.

use lovebank_ledger::{
    ActorNo, Event, HonourCommand, HonourEvent, Ledger, ObjectionNo, PassbookNo, Refusal, RunNo,
    RunRow, Verb, VolunteerRef,
};
use lovebank_wire::{
    Malformed, kinds, message,
    page::{self, Page},
    request, scalar, status, v1,
};
use tonic::Status;

use super::{
    super::{
        branch::may_read,
        door::{Caller, Change, read_seq, receipt},
        people::numbers_of,
    },
    people::{key, words},
    said::{self, note},
    selection::{ages_for, may_read_run},
};
use crate::writer::Receipt;

/// Objections of a page, at most: with their words and answers they stay below the 4 MiB that
/// clients take.
const OBJECTIONS_PAGE: usize = 400;

pub(super) async fn create(
    caller: &Caller,
    message: &v1::CreateRunRequest,
) -> Result<v1::RunResponse, Status> {
    let asked = request::selected(message.of.as_ref())?;
    let ages = ages_for(caller, &asked, "").await?;
    let made = caller.submit("CreateRun", message, request::create_run(asked, ages)).await?;
    changed(caller, &made).await
}

/// Submits a change of a run, and shows it.
pub(super) async fn change(
    caller: &Caller,
    (method, message): (&str, &impl Change),
    command: lovebank_ledger::Command,
) -> Result<v1::RunResponse, Status> {
    let made = caller.submit(method, message, command).await?;
    changed(caller, &made).await
}

pub(super) async fn propose(
    caller: &Caller,
    message: v1::ProposeExceptionRequest,
) -> Result<v1::RunResponse, Status> {
    let note = note("reason", &message.reason)?;
    let command = request::propose_exception(&message, &caller.resolve())?;
    let about = {
        let ledger = caller.bank.reader.ledger();
        caller.resolve()(&message.volunteer_number).ok().and_then(|it| ledger.resolve(it))
    };
    let made = said::submit(caller, ("ProposeException", message), command, (about, note)).await?;
    changed(caller, &made).await
}

pub(super) async fn object(
    caller: &Caller,
    message: v1::FileObjectionRequest,
) -> Result<v1::FileObjectionResponse, Status> {
    let note = note("text", &message.text)?;
    let run = request::run_no(message.run_no)?;
    let (about, passbook) = about(caller, run, &message)?;
    let command = lovebank_ledger::Command::Honour(HonourCommand::FileObjection { run, about });
    let made = said::submit(caller, ("FileObjection", message), command, (passbook, note)).await?;
    let mut objection_no = 0;
    if let Event::Honour(HonourEvent::ObjectionFiled(it)) = &made.entry.event {
        objection_no = it.no.get();
    }
    Ok(v1::FileObjectionResponse { receipt: Some(receipt(&made)), objection_no })
}

/// Whose place is in question.
fn about(
    caller: &Caller,
    run: RunNo,
    message: &v1::FileObjectionRequest,
) -> Result<(VolunteerRef, Option<PassbookNo>), Status> {
    use v1::file_objection_request::About;
    let ledger = caller.bank.reader.ledger();
    match scalar::given("about", message.about.as_ref())? {
        About::VolunteerNumber(number) => {
            let about = request::volunteer("volunteer_number", number, &caller.resolve())?;
            Ok((about, ledger.resolve(about)))
        }
        About::Row(no) => {
            let unknown = Refusal::RunUnknown { run };
            let row = ledger.run(run).ok_or(unknown).map_err(status::refused_read)?;
            let chosen = &row.result.chosen;
            let at = usize::try_from(*no).ok().and_then(|it| it.checked_sub(1));
            let winner = at.and_then(|it| chosen.get(it)).ok_or_else(|| {
                let most = i64::try_from(chosen.len()).unwrap_or(i64::MAX);
                Malformed::new("row", lovebank_wire::Fault::OutOfRange { least: 1, most })
            })?;
            Ok((VolunteerRef::Passbook(winner.passbook), Some(winner.passbook)))
        }
    }
}

pub(super) async fn resolve(
    caller: &Caller,
    message: v1::ResolveObjectionRequest,
) -> Result<v1::ResolveObjectionResponse, Status> {
    let note = note("answer", &message.answer)?;
    let command = request::resolve_objection(&message)?;
    let about = {
        let ledger = caller.bank.reader.ledger();
        let no = ObjectionNo::new(message.objection_no).ok();
        no.and_then(|it| ledger.objection(it)).map(|it| it.about)
    };
    let made = said::submit(caller, ("ResolveObjection", message), command, (about, note)).await?;
    let shown = changed(caller, &made).await?;
    Ok(v1::ResolveObjectionResponse { receipt: shown.receipt, run: shown.run })
}

/// The run that an entry changed, as it stands.
async fn changed(caller: &Caller, made: &Receipt) -> Result<v1::RunResponse, Status> {
    let receipt = Some(receipt(made));
    if made.validated_only {
        return Ok(v1::RunResponse { receipt, run: None });
    }
    let no = {
        let ledger = caller.bank.reader.ledger();
        run_of(&ledger, &made.entry.event)
    };
    let run = match no {
        Some(no) => Some(get_run(caller, no).await?),
        None => None,
    };
    Ok(v1::RunResponse { receipt, run })
}

fn run_of(ledger: &Ledger<'_>, event: &Event) -> Option<RunNo> {
    let Event::Honour(event) = event else { return None };
    match event {
        HonourEvent::RunCreated(it) => Some(it.no),
        HonourEvent::ExceptionProposed { run, .. }
        | HonourEvent::ExceptionConfirmed { run, .. }
        | HonourEvent::RunPublished { run, .. }
        | HonourEvent::RunFinalized { run, .. }
        | HonourEvent::RunWithdrawn { run, .. } => Some(*run),
        HonourEvent::ObjectionFiled(it) => Some(it.run),
        HonourEvent::ObjectionResolved { objection, .. } => {
            ledger.objection(*objection).map(|it| it.run)
        }
        HonourEvent::HonoursGiven { .. }
        | HonourEvent::HonourRevoked { .. }
        | HonourEvent::Nominated { .. }
        | HonourEvent::CertificateIssued(_) => None,
    }
}

pub(super) async fn get(
    caller: &Caller,
    message: &v1::GetRunRequest,
) -> Result<v1::GetRunResponse, Status> {
    let run = request::run_no(message.run_no)?;
    may_read_run(caller, run)?;
    let shown = get_run(caller, run).await?;
    let read_seq = read_seq(&caller.bank.reader.ledger());
    Ok(v1::GetRunResponse { read_seq, run: Some(shown) })
}

/// A run with the words of its exceptions.
async fn get_run(caller: &Caller, no: RunNo) -> Result<v1::Run, Status> {
    let (mut run, keys) = {
        let ledger = caller.bank.reader.ledger();
        let unknown = Refusal::RunUnknown { run: no };
        let row = ledger.run(no).ok_or(unknown).map_err(status::refused_read)?;
        let keys = row.exceptions.iter().map(|(of, it)| key(&ledger, it.request, of.0));
        (message::run(&ledger, row), keys.collect())
    };
    let words = words(caller, keys).await?;
    let numbers = numbers_of(caller, run.exceptions.iter().map(|it| it.passbook_no)).await?;
    for (it, reason) in run.exceptions.iter_mut().zip(words) {
        it.reason = reason;
        it.volunteer_number = numbers.get(&it.passbook_no).cloned().unwrap_or_default();
    }
    Ok(run)
}

pub(super) fn list(
    caller: &Caller,
    message: &v1::ListRunsRequest,
) -> Result<v1::ListRunsResponse, Status> {
    let size = scalar::page_size(message.page_size)?;
    let state = match message.state {
        0 => None,
        state => Some(kinds::run_state("state", state)?),
    };
    let cleared = v1::ListRunsRequest {
        min_seq: 0,
        page_size: 0,
        page_token: String::new(),
        ..message.clone()
    };
    let question = page::question("ListRuns", &cleared);
    let before = Page::parse(&message.page_token, &question)?.map_or(u64::MAX, |it| it.cursor);
    let ledger = caller.bank.reader.ledger();
    let fits = |it: &&RunRow| {
        it.run.no.get() < before
            && (message.programme.is_empty() || it.run.programme.as_str() == message.programme)
            && (message.year == 0 || i32::from(it.run.year) == message.year)
            && state.is_none_or(|state| state == it.state)
            && may_read(caller, &ledger, it.run.branch).is_ok()
    };
    let mut rows = ledger.runs().rev().filter(fits);
    let found: Vec<_> = rows.by_ref().take(size).collect();
    let seq = read_seq(&ledger);
    let next = found.last().filter(|_| rows.next().is_some());
    let next = next.map(|it| Page { seq, cursor: it.run.no.get(), detail: Vec::new() });
    let shown =
        found.iter().map(|it| v1::Run { exceptions: Vec::new(), ..message::run(&ledger, it) });
    Ok(v1::ListRunsResponse {
        read_seq: seq,
        runs: shown.collect(),
        next_page_token: next.map(|it| it.token(&question)).unwrap_or_default(),
    })
}

/// Who a volunteer objects as, who reads nothing but the own objections; none: staff.
fn objects_as(caller: &Caller) -> Result<Option<ActorNo>, Status> {
    let ledger = caller.bank.reader.ledger();
    let authority = caller.authority(&ledger)?;
    Ok(authority.only_as_volunteer(Verb::ReadHonours).then(|| authority.actor()))
}

/// How many of them a page has.
fn objections_page(asked: u32) -> Result<usize, Malformed> {
    match asked {
        0 => Ok(OBJECTIONS_PAGE),
        asked => Ok(scalar::page_size(asked)?.min(OBJECTIONS_PAGE)),
    }
}

pub(super) async fn objections(
    caller: &Caller,
    message: &v1::ListObjectionsRequest,
) -> Result<v1::ListObjectionsResponse, Status> {
    let run = request::run_no(message.run_no)?;
    let own = objects_as(caller)?;
    if own.is_none() {
        may_read_run(caller, run)?;
    }
    let size = objections_page(message.page_size)?;
    let cleared = v1::ListObjectionsRequest {
        min_seq: 0,
        page_size: 0,
        page_token: String::new(),
        ..message.clone()
    };
    let question = page::question("ListObjections", &cleared);
    let page = Page::parse(&message.page_token, &question)?;
    let (seq, mut shown, asked, answers, next) = {
        let ledger = caller.bank.reader.ledger();
        let seq = page.as_ref().map_or_else(|| read_seq(&ledger), |it| it.seq);
        let after = page.map_or(0, |it| it.cursor);
        let nos = ledger.run(run).map(|it| it.objections.clone()).unwrap_or_default();
        let nos = nos.into_iter().filter(|it| after < it.get());
        let mut rows = nos
            .filter_map(|no| Some((no, ledger.objection(no)?)))
            .filter(|it| it.1.entry.get() <= seq && own.is_none_or(|own| own == it.1.actor));
        let found: Vec<_> = rows.by_ref().take(size).collect();
        let next = found.last().filter(|_| rows.next().is_some()).map(|it| it.0.get());
        let shown: Vec<_> =
            found.iter().map(|(no, it)| message::objection(&ledger, *no, it)).collect();
        let asked: Vec<_> = found.iter().map(|it| key(&ledger, it.1.request, it.1.about)).collect();
        let answer =
            |it: &lovebank_ledger::ObjectionRow| key(&ledger, it.answer?.request, it.about);
        let answers: Vec<_> = found.iter().map(|it| answer(it.1)).collect();
        (seq, shown, asked, answers, next)
    };
    let (asked, answers) = (words(caller, asked).await?, words(caller, answers).await?);
    let numbers = numbers_of(caller, shown.iter().map(|it| it.passbook_no)).await?;
    for ((it, text), answer) in shown.iter_mut().zip(asked).zip(answers) {
        (it.text, it.answer) = (text, answer);
        it.volunteer_number = numbers.get(&it.passbook_no).cloned().unwrap_or_default();
        if own.is_some() {
            // Whoever objected knew a row of the notice, and learns of nobody more than that.
            (it.passbook_no, it.volunteer_number) = (0, String::new());
        }
    }
    let next = next.map(|cursor| Page { seq, cursor, detail: Vec::new() });
    Ok(v1::ListObjectionsResponse {
        read_seq: seq,
        objections: shown,
        next_page_token: next.map(|it| it.token(&question)).unwrap_or_default(),
    })
}
