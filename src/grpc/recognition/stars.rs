//! Stars and honours: who reached them, who holds them.

use jiff::civil::Date;
use lovebank_ledger::{
    Event, HonourEvent, HonourRow, Ledger, PassbookNo, Refusal, Verb,
    recognition::{Ages, Reaching, StarCandidate},
};
use lovebank_wire::{
    Fault, Malformed, message,
    page::{self, Page},
    request, scalar, status, v1,
};
use tonic::Status;

use super::{
    super::{
        branch::{may_read, within},
        door::{Caller, all_refused, read_seq, receipt},
        parts::{Stream, in_parts},
        people::numbers_of,
        register::today,
        status::unreadable,
    },
    people::{ages, shown},
};

/// Honours that one page looks at, at most: a page may be short and still not be the last.
const LOOKED_AT_MAX: usize = 20_000;

/// The year that is asked for, or this one.
fn year(given: i32, today: Date) -> Result<i16, Status> {
    if given == 0 { Ok(today.year()) } else { Ok(request::year("year", given)?) }
}

/// The day on which ages count: the last that the scheme looks at; none where it asks for none.
fn day_of_ages(
    caller: &Caller,
    (scheme, year): (&str, i16),
    today: Date,
) -> Result<Option<Date>, Status> {
    let ledger = caller.bank.reader.ledger();
    let rules = ledger.rulebook_on(today);
    let name = request::programme_name("scheme", scheme)?;
    let scheme = rules.and_then(|it| it.rules.scheme(&name));
    let scheme = scheme.filter(|it| !it.age_bands.is_empty());
    Ok(scheme.and_then(|it| it.days(year, today)).map(|it| it.until))
}

/// The ages of all, where a scheme asks for them.
async fn ages_of(
    caller: &Caller,
    of: (&str, i16),
    today: Date,
) -> Result<Vec<(PassbookNo, u8)>, Status> {
    match day_of_ages(caller, of, today)? {
        Some(day) => ages(caller, day).await,
        None => Ok(Vec::new()),
    }
}

/// The age of one volunteer, where a scheme asks for it.
async fn age_of(
    caller: &Caller,
    no: PassbookNo,
    of: (&str, i16),
    today: Date,
) -> Result<Vec<(PassbookNo, u8)>, Status> {
    let volunteer = caller.bank.reader.ledger().volunteer(no).map(|it| it.volunteer);
    let day = day_of_ages(caller, of, today)?;
    let Some((volunteer, day)) = volunteer.zip(day) else { return Ok(Vec::new()) };
    let person = caller.vault(move |vault| vault.get(volunteer)).await?;
    let birth = person.and_then(|it| it.birth);
    Ok(birth.map(|it| (no, it.age(day))).into_iter().collect())
}

/// Works with the scheme of a name; none of its years has begun: refused.
fn reaching<T>(
    ledger: &Ledger<'_>,
    (scheme, year, today): (&str, i16, Date),
    ages: Vec<(PassbookNo, u8)>,
    work: impl FnOnce(&Reaching<'_>) -> T,
) -> Result<T, Status> {
    let name = request::programme_name("scheme", scheme)?;
    let rules = ledger.rulebook_on(today);
    let scheme = rules.and_then(|it| it.rules.scheme(&name));
    let unknown = Refusal::SchemeUnknown { scheme: name.clone() };
    let scheme = scheme.ok_or(unknown).map_err(status::refused_read)?;
    let as_of = ledger.head().ok_or(Refusal::OutOfRange).map_err(status::refused_read)?;
    let ages = Ages::of_years(&scheme.age_bands, ages);
    let reaching = Reaching::new(ledger, scheme, (year, today, as_of), ages);
    let reaching = reaching.ok_or(Refusal::YearNotBegun { year }).map_err(status::refused_read)?;
    Ok(work(&reaching))
}

pub(super) async fn candidates(
    caller: Caller,
    message: v1::ListStarCandidatesRequest,
) -> Result<Stream<v1::ListStarCandidatesResponse>, Status> {
    let today = today(&caller);
    let year = year(message.year, today)?;
    let branch = {
        let ledger = caller.bank.reader.ledger();
        let branch = within(&ledger, &message.branch_code)?;
        may_read(&caller, &ledger, branch)?;
        branch
    };
    let ages = ages_of(&caller, (&message.scheme, year), today).await?;
    let bank = caller.bank.clone();
    // A million volunteers take a while, and block.
    let found = tokio::task::spawn_blocking(move || {
        let ledger = bank.reader.ledger();
        let rows = reaching(&ledger, (&message.scheme, year, today), ages, |it| {
            it.candidates(branch).iter().map(|it| candidate(&ledger, it)).collect::<Vec<_>>()
        });
        rows.map(|rows| (read_seq(&ledger), rows))
    });
    let (read_seq, rows) = found.await.map_err(|err| unreadable(&err))??;
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    Ok(in_parts(rows, move |mut candidates| {
        let caller = caller.clone();
        async move {
            let known = shown(&caller, candidates.iter().map(|it| it.passbook_no)).await?;
            for it in &mut candidates {
                let person = known.get(&it.passbook_no).cloned().unwrap_or_default();
                (it.volunteer_number, it.masked_name) = (person.number, person.masked);
            }
            Ok(v1::ListStarCandidatesResponse { read_seq, count, candidates })
        }
    }))
}

fn candidate(ledger: &Ledger<'_>, it: &StarCandidate<'_>) -> v1::StarCandidate {
    v1::StarCandidate {
        passbook_no: it.passbook.get(),
        volunteer_number: String::new(),
        masked_name: String::new(),
        branch_code: message::branch_code(ledger, it.home),
        level: u32::from(it.star.level),
        held: u32::from(it.held),
        minutes_total: ledger.passbook(it.passbook).map_or(0, |it| it.minutes.get()),
    }
}

pub(super) async fn explain(
    caller: &Caller,
    message: &v1::ExplainStarsRequest,
) -> Result<v1::ExplainStarsResponse, Status> {
    let today = today(caller);
    let year = year(message.year, today)?;
    let no = {
        let ledger = caller.bank.reader.ledger();
        caller.passbook(&ledger, Verb::ReadHonours, &message.volunteer_number)?
    };
    let ages = age_of(caller, no, (&message.scheme, year), today).await?;
    let ledger = caller.bank.reader.ledger();
    let (held, stars) = reaching(&ledger, (&message.scheme, year, today), ages, |it| {
        (it.held(no), it.of(no).iter().map(message::reach).collect())
    })?;
    Ok(v1::ExplainStarsResponse { read_seq: read_seq(&ledger), held: u32::from(held), stars })
}

pub(super) async fn award(
    caller: &Caller,
    message: v1::AwardStarsRequest,
) -> Result<v1::GiveHonoursResponse, Status> {
    let today = today(caller);
    let of = year(message.year, today)?;
    let ages = ages_of(caller, (&message.scheme, of), today).await?;
    let ages: std::collections::HashMap<_, _> = ages.into_iter().collect();
    let command = {
        let ledger = caller.bank.reader.ledger();
        let age = |it| ages.get(&ledger.resolve(it)?).copied();
        request::award_stars(&message, &caller.resolve(), today.year(), &age)?
    };
    let result = caller.try_submit("AwardStars", &message, command).await?;
    given(result, message.mode)
}

pub(super) async fn record(
    caller: &Caller,
    message: v1::RecordHonoursRequest,
) -> Result<v1::GiveHonoursResponse, Status> {
    let command = request::record_honours(&message, &caller.resolve())?;
    let result = caller.try_submit("RecordHonours", &message, command).await?;
    given(result, message.mode)
}

fn given(
    result: Result<crate::writer::Receipt, crate::writer::NotPosted>,
    batch_mode: i32,
) -> Result<v1::GiveHonoursResponse, Status> {
    let made = match all_refused(result, batch_mode)? {
        Ok(made) => made,
        Err(refused) => {
            let refused = status::refused_items(&refused.items);
            return Ok(v1::GiveHonoursResponse { refused, ..<_>::default() });
        }
    };
    let mut answer = v1::GiveHonoursResponse { receipt: Some(receipt(&made)), ..<_>::default() };
    if let Event::Honour(HonourEvent::HonoursGiven { honours, refused, .. }) = &made.entry.event {
        let given = honours.iter().map(|it| v1::GivenHonour {
            index: it.index,
            honour_no: it.no.get(),
            passbook_no: it.passbook.get(),
        });
        answer.honours = given.collect();
        answer.refused = status::refused_items(refused);
    }
    Ok(answer)
}

pub(super) async fn list(
    caller: &Caller,
    message: &v1::ListHonoursRequest,
) -> Result<v1::ListHonoursResponse, Status> {
    let size = scalar::page_size(message.page_size)?;
    let cleared = v1::ListHonoursRequest {
        min_seq: 0,
        page_size: 0,
        page_token: String::new(),
        ..message.clone()
    };
    let question = page::question("ListHonours", &cleared);
    let page = Page::parse(&message.page_token, &question)?;
    let (seq, mut honours, next) = {
        let ledger = caller.bank.reader.ledger();
        let head = read_seq(&ledger);
        let seq = page.as_ref().map_or(head, |it| it.seq);
        let before = page.map_or(u64::MAX, |it| it.cursor);
        let (rows, next) = rows(caller, &ledger, message, (seq, before, size))?;
        let rules = ledger.rulebook_on(today_of(caller, &ledger)).map(|it| &*it.rules);
        let shown = rows.into_iter().map(|it| message::honour(&ledger, rules, it));
        (seq, shown.collect::<Vec<_>>(), next)
    };
    let numbers = numbers_of(caller, honours.iter().map(|it| it.passbook_no)).await?;
    for it in &mut honours {
        it.volunteer_number = numbers.get(&it.passbook_no).cloned().unwrap_or_default();
    }
    let next = next.map(|cursor| Page { seq, cursor, detail: Vec::new() });
    Ok(v1::ListHonoursResponse {
        read_seq: seq,
        honours,
        next_page_token: next.map(|it| it.token(&question)).unwrap_or_default(),
    })
}

fn today_of(caller: &Caller, ledger: &Ledger<'_>) -> Date {
    ledger.zone().map_or(Date::ZERO, |it| it.date_at(caller.bank.clock.now()))
}

type Rows<'a> = (Vec<&'a HonourRow>, Option<u64>);

/// Those that fit, before a number; and where to go on, if there may be more.
fn rows<'a>(
    caller: &Caller,
    ledger: &'a Ledger<'_>,
    message: &v1::ListHonoursRequest,
    (seq, before, size): (u64, u64, usize),
) -> Result<Rows<'a>, Status> {
    let branch = within(ledger, &message.branch_code)?;
    let all: Box<dyn Iterator<Item = &HonourRow>> = if message.volunteer_number.is_empty() {
        may_read(caller, ledger, branch)?;
        let newest = usize::try_from(before).unwrap_or(usize::MAX);
        let skip = ledger.honour_count().saturating_sub(newest.saturating_sub(1));
        Box::new(ledger.honours().rev().skip(skip))
    } else {
        if branch.is_some() {
            return Err(Malformed::new("branch_code", Fault::Surplus).into());
        }
        let no = caller.passbook(ledger, Verb::ReadHonours, &message.volunteer_number)?;
        // Of a number that was merged, what stands under it.
        let person = ledger.person(no);
        let under = |it: &&HonourRow| person == no || it.honour.passbook == no;
        let mut own: Vec<_> = ledger.honours_of(person, None).filter(under).collect();
        own.sort_by_key(|it| std::cmp::Reverse(it.honour.no));
        Box::new(own.into_iter())
    };
    let fits = |it: &HonourRow| {
        let home = ledger.volunteer(it.honour.passbook).map(|it| it.branch);
        let within = branch
            .is_none_or(|top| home.is_some_and(|home| ledger.ancestry(home).any(|it| it == top)));
        let held = it.revoked.is_none_or(|it| seq < it.get());
        it.entry.get() <= seq && within && (held || !message.held_only)
    };
    let mut found = Vec::new();
    let mut last = None;
    let older = all.filter(|it| it.honour.no.get() < before);
    for (looked, row) in older.enumerate() {
        if found.len() == size || looked == LOOKED_AT_MAX {
            return Ok((found, last));
        }
        last = Some(row.honour.no.get());
        if fits(row) {
            found.push(row);
        }
    }
    Ok((found, None))
}
