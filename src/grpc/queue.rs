//! Who waits, in what order, and why.

use lovebank_ledger::{
    Allocation, EntryNo, Event, Ledger, Policy, Ranked, RedemptionNo, RedemptionRow, Refusal,
    RewardEvent, RewardNo, RewardRow, VolunteerStatus,
    priority::{self, Order},
};
use lovebank_wire::{
    Fault, Malformed, message,
    page::{self, Page},
    scalar, status, v1,
};
use tonic::Status;

use super::{
    door::{Caller, read_seq},
    list_rewards::may_see,
    people::numbers_of,
    status::unreadable,
};

/// An order in which requests are, or were, served; none where who comes first is served first.
#[derive(Default)]
struct Line {
    policy: Option<Policy>,
    rulebook: u64,
    places: usize,
    ranked: Vec<Ranked>,
    /// The entry that found it out; none: it is the order of now.
    entry: Option<EntryNo>,
}

pub(super) async fn list(
    caller: &Caller,
    message: &v1::ListQueueRequest,
) -> Result<v1::ListQueueResponse, Status> {
    let size = scalar::page_size(message.page_size)?;
    let reward = scalar::number("reward_no", message.reward_no, RewardNo::new)?;
    let cleared = v1::ListQueueRequest { reward_no: message.reward_no, ..<_>::default() };
    let question = page::question("ListQueue", &cleared);
    let page = Page::parse(&message.page_token, &question)?;
    let mut line = line_of(caller, reward)?;
    let view = view_of(caller, reward, &mut line);
    // Who went away between two pages must not move another past the next.
    if page.as_ref().is_some_and(|it| it.detail != view) {
        return Err(Malformed::new("page_token", Fault::Changed).into());
    }
    let mut answer = page_of(caller, &line, reward, (&question, view, page, size));
    let seen = answer.places_in_line.iter().map(|it| it.passbook_no).filter(|it| *it != 0);
    let numbers = numbers_of(caller, seen).await?;
    for it in &mut answer.places_in_line {
        it.volunteer_number = numbers.get(&it.passbook_no).cloned().unwrap_or_default();
    }
    Ok(answer)
}

/// Leaves those of an order who still wait, adds those who took no part when it was found out,
/// and names it.
fn view_of(caller: &Caller, reward: RewardNo, line: &mut Line) -> Vec<u8> {
    let ledger = caller.bank.reader.ledger();
    line.ranked.retain(|it| ledger.redemption(it.no).is_some_and(RedemptionRow::waits));
    if line.entry.is_some() {
        let unranked = ledger.waiting_for(reward).filter(|(_, it)| it.rank.is_none());
        let unranked =
            unranked.map(|(no, _)| Ranked { no, inputs: Vec::new(), scores: Vec::new() });
        line.ranked.extend(unranked);
    }
    page::view(line.ranked.iter().map(|it| it.no.get()))
}

fn page_of(
    caller: &Caller,
    line: &Line,
    reward: RewardNo,
    (question, view, page, size): (&[u8], Vec<u8>, Option<Page>, usize),
) -> v1::ListQueueResponse {
    let ledger = caller.bank.reader.ledger();
    let first = page.map_or(0, |it| usize::try_from(it.cursor).unwrap_or(usize::MAX));
    let rows = line.ranked.iter().enumerate().skip(first).take(size);
    let shown = rows.map(|(at, it)| place(caller, &ledger, line, (at, it)));
    let shown: Vec<v1::QueuePlace> = shown.collect();
    let next = first.saturating_add(shown.len());
    let seq = read_seq(&ledger);
    let cursor = u64::try_from(next).unwrap_or(u64::MAX);
    let more = next < line.ranked.len();
    let next = more.then(|| Page { seq, cursor, detail: view }.token(question));
    let left = ledger.reward(reward).map_or(0, |it| it.left);
    v1::ListQueueResponse {
        read_seq: seq,
        policy: line.policy.as_ref().map(|it| it.name().to_string()).unwrap_or_default(),
        rulebook_version: u32::try_from(line.rulebook).unwrap_or(u32::MAX),
        places: left,
        places_in_line: shown,
        next_page_token: next.unwrap_or_default(),
    }
}

fn place(
    caller: &Caller,
    ledger: &Ledger<'_>,
    line: &Line,
    (at, it): (usize, &Ranked),
) -> v1::QueuePlace {
    let row = ledger.redemption(it.no);
    let seen = row.filter(|it| may_see(caller, ledger, it).is_ok());
    let rank = u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1);
    let rank = row.and_then(|it| it.rank).unwrap_or(rank);
    // How much another is in need is for nobody but the staff to see.
    let Some(seen) = seen else { return v1::QueuePlace { rank, ..<_>::default() } };
    v1::QueuePlace {
        rank,
        redemption_no: it.no.get(),
        passbook_no: seen.passbook.get(),
        scores: line.policy.as_ref().map(|of| message::scores(of, it)).unwrap_or_default(),
        volunteer_number: String::new(),
    }
}

pub(super) fn explain(
    caller: &Caller,
    message: &v1::ExplainPriorityRequest,
) -> Result<v1::ExplainPriorityResponse, Status> {
    let redemption = scalar::number("redemption_no", message.redemption_no, RedemptionNo::new)?;
    let (row, seq, ranked) = {
        let ledger = caller.bank.reader.ledger();
        let row = ledger.redemption(redemption).copied();
        let row = row.ok_or(Refusal::RedemptionUnknown { redemption });
        let row = row.map_err(status::refused_read)?;
        may_see(caller, &ledger, &row)?;
        // On a list, who waits is ranked anew for every place.
        let ranked = ledger.reward(row.reward).is_some_and(RewardRow::is_ranked);
        (row, read_seq(&ledger), ranked)
    };
    let mut line = match row.ranked_by.filter(|_| ranked || !row.waits()) {
        Some(entry) => line_of_entry(caller, entry)?,
        None => line_of(caller, row.reward)?,
    };
    if ranked {
        line.places = served(caller, &line, redemption);
    }
    let status_of = caller.bank.reader.ledger().volunteer(row.passbook).map(|it| it.status);
    let inactive = status_of.filter(|it| *it != VolunteerStatus::Active);
    let state = Refusal::RedemptionState { redemption, state: row.state };
    let unranked = inactive.map_or(state, |status| Refusal::VolunteerNotActive { status });
    let told = line.policy.as_ref().and_then(|policy| {
        let told = priority::explain(policy, &line.ranked, redemption, line.places)?;
        Some((policy, told))
    });
    let (policy, told) = told.ok_or(unranked).map_err(status::refused_read)?;
    let own = line.ranked.iter().find(|it| it.no == redemption);
    let count = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    Ok(v1::ExplainPriorityResponse {
        read_seq: seq,
        rank: count(told.rank),
        of: count(told.of),
        places: count(told.places),
        scores: own.map(|it| message::scores(policy, it)).unwrap_or_default(),
        before: told.before.as_ref().map(|it| message::comparison(policy, it)),
        last_served: told.last_served.as_ref().map(|it| message::comparison(policy, it)),
        message: told.english(policy),
        message_zh: told.chinese(policy),
        allocation_seq: line.entry.map_or(0, EntryNo::get),
    })
}

/// How far down an order that was found out places went by now: also those that came free since.
/// Of one who was passed over and waits it is told how far they went before.
fn served(caller: &Caller, line: &Line, asked: RedemptionNo) -> usize {
    let ledger = caller.bank.reader.ledger();
    let placed = |it: &Ranked| ledger.redemption(it.no).is_some_and(|row| row.placed_by.is_some());
    let last = line.ranked.iter().rposition(placed).map_or(0, |it| it.saturating_add(1));
    let served = line.places.max(last);
    let waits = ledger.redemption(asked).is_some_and(RedemptionRow::waits);
    let own = line.ranked.iter().position(|it| it.no == asked);
    own.filter(|_| waits).map_or(served, |it| served.min(it))
}

/// The order of a reward: that which was found out when its window closed, or that of now.
fn line_of(caller: &Caller, reward: RewardNo) -> Result<Line, Status> {
    let found = {
        let ledger = caller.bank.reader.ledger();
        let row = ledger.reward(reward).ok_or(Refusal::RewardUnknown { reward });
        let ranked = row.map_err(status::refused_read)?.is_ranked();
        let first = ledger.waiting_for(reward).next();
        first.and_then(|(_, it)| it.ranked_by).filter(|_| ranked)
    };
    if let Some(entry) = found {
        return line_of_entry(caller, entry);
    }
    let ledger = caller.bank.reader.ledger();
    Ok(line_now(&ledger, reward, caller.bank.clock.now()))
}

fn line_now(ledger: &Ledger<'_>, reward: RewardNo, now: lovebank_ledger::Timestamp) -> Line {
    let places = ledger.reward(reward).map_or(0, |it: &RewardRow| it.left);
    let places = usize::try_from(places).unwrap_or(usize::MAX);
    let order = priority::order(ledger, reward, now);
    let Some(Order { rulebook, policy, ranked }) = order else {
        return Line::default();
    };
    Line { policy: Some(policy), rulebook: rulebook.get(), places, ranked, entry: None }
}

/// The order that an entry found out, as the journal keeps it.
fn line_of_entry(caller: &Caller, entry: EntryNo) -> Result<Line, Status> {
    let made = caller.bank.reader.entry(entry).map_err(|err| unreadable(&err))?;
    let lost = || unreadable(&crate::writer::WriterError::Lost(entry));
    let it = allocation(made.event).ok_or_else(lost)?;
    let ledger = caller.bank.reader.ledger();
    let mut versions = ledger.rulebooks();
    let rules = versions.find(|row| row.version == it.rulebook).map(|it| &it.rules);
    let policy = rules.and_then(|rules| rules.policy(&it.policy)).cloned();
    Ok(Line {
        policy: Some(policy.unwrap_or_else(|| Policy::by_request(it.policy))),
        rulebook: it.rulebook.get(),
        places: usize::try_from(it.places).unwrap_or(usize::MAX),
        ranked: it.ranked,
        entry: Some(entry),
    })
}

fn allocation(event: Event) -> Option<Allocation> {
    let Event::Reward(event) = event else { return None };
    match event {
        RewardEvent::WindowClosed(it) => Some(it),
        RewardEvent::StockAdded { moves, .. }
        | RewardEvent::RewardWithdrawn { moves, .. }
        | RewardEvent::RedemptionRequested { moves, .. }
        | RewardEvent::RedemptionCancelled(moves)
        | RewardEvent::RedemptionFulfilled(moves)
        | RewardEvent::RedemptionMissed(moves)
        | RewardEvent::RedemptionsExpired { moves, .. } => moves.allocation,
        RewardEvent::RewardPublished(_) | RewardEvent::RedemptionReversed { .. } => None,
    }
}
