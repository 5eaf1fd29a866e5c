//! Help requests as they are shown: in which order, and what of them is whose to see.

use lovebank_ledger::{HelpNo, HelpRow, HelpState, Ledger, PassbookNo, Refusal, Verb, priority};
use lovebank_vault::{Annotation, AnnotationKey, Note};
use lovebank_wire::{
    Fault, Malformed, kinds, message,
    page::{self, Page},
    scalar, status, v1,
};
use tonic::Status;

use super::{
    door::{Caller, read_seq},
    status::unreadable,
};

/// What of a request a caller may see.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    /// All of it: its sides, and the staff.
    Whole,
    /// What is open, so as to offer: not who asks, nor at which address.
    Open,
}

/// One request.
pub(super) async fn get(caller: &Caller, help: HelpNo) -> Result<(u64, v1::Help), Status> {
    let (seq, found) = {
        let ledger = caller.bank.reader.ledger();
        let row = ledger.help(help).ok_or(Refusal::HelpUnknown { help });
        let row = row.map_err(status::refused_read)?;
        let shown = shown(caller, &ledger, (help, row))?;
        (read_seq(&ledger), shown.ok_or(Refusal::HelpUnknown { help }))
    };
    let mut found = vec![found.map_err(status::refused_read)?];
    add_places(caller, &mut found).await?;
    let (help, _) = found.swap_remove(0);
    Ok((seq, help))
}

pub(super) async fn list(
    caller: &Caller,
    message: &v1::ListHelpRequestsRequest,
) -> Result<v1::ListHelpRequestsResponse, Status> {
    let size = scalar::page_size(message.page_size)?;
    let cleared = v1::ListHelpRequestsRequest {
        min_seq: 0,
        page_size: 0,
        page_token: String::new(),
        ..message.clone()
    };
    let question = page::question("ListHelpRequests", &cleared);
    let page = Page::parse(&message.page_token, &question)?;
    let order = order(caller, message).await?;
    let view = page::view(order.iter().map(|it| it.get()));
    if page.as_ref().is_some_and(|it| it.detail != view) {
        return Err(Malformed::new("page_token", Fault::Changed).into());
    }
    let first = page.map_or(0, |it| usize::try_from(it.cursor).unwrap_or(usize::MAX));
    let rows = order.iter().skip(first).take(size);
    let (seq, mut found) = {
        let ledger = caller.bank.reader.ledger();
        let rows = rows.filter_map(|no| Some((*no, ledger.help(*no)?)));
        let rows = rows.filter_map(|it| shown(caller, &ledger, it).transpose());
        (read_seq(&ledger), rows.collect::<Result<Vec<_>, Status>>()?)
    };
    add_places(caller, &mut found).await?;
    let next = first.saturating_add(size);
    let cursor = u64::try_from(next).unwrap_or(u64::MAX);
    let more = (next < order.len()).then(|| Page { seq, cursor, detail: view }.token(&question));
    Ok(v1::ListHelpRequestsResponse {
        read_seq: seq,
        help_requests: found.into_iter().map(|it| it.0).collect(),
        next_page_token: more.unwrap_or_default(),
    })
}

/// Those that are asked for and that the caller may see, in their order.
async fn order(
    caller: &Caller,
    message: &v1::ListHelpRequestsRequest,
) -> Result<Vec<HelpNo>, Status> {
    let state = match message.state {
        0 => None,
        other => Some(kinds::help_state("state", other)?),
    };
    let (of, viewer) = {
        let ledger = caller.bank.reader.ledger();
        let of = match message.volunteer_number.as_str() {
            "" => None,
            text => Some(caller.passbook(&ledger, Verb::ReadHelp, text)?),
        };
        (of, caller.authority(&ledger)?.own_passbook())
    };
    let (bank, now) = (caller.bank.clone(), caller.bank.clock.now());
    // Ranking takes a while, and blocks.
    let ranked = tokio::task::spawn_blocking(move || {
        let ledger = bank.reader.ledger();
        match state.filter(|it| !can_change(*it)) {
            Some(_) => ledger.helps_newest_first().map(|it| it.0).collect(),
            None => priority::helps(&ledger, viewer, now),
        }
    });
    let ranked = ranked.await.map_err(|err| unreadable(&err))?;
    let ledger = caller.bank.reader.ledger();
    // All that the person is a side of; of a number that was merged, what stands under it.
    let of = of.map(|of| match ledger.numbers(of, None).collect::<Vec<_>>() {
        none if none.is_empty() => vec![of],
        numbers => numbers,
    });
    let mut order = Vec::new();
    for no in ranked {
        let Some(row) = ledger.help(no).filter(|it| sides(it, of.as_deref())) else { continue };
        if state.is_none_or(|it| it == row.state) && view(caller, &ledger, row)?.is_some() {
            order.push(no);
        }
    }
    Ok(order)
}

fn can_change(state: HelpState) -> bool {
    match state {
        HelpState::Open | HelpState::Agreed | HelpState::Said | HelpState::Disputed => true,
        HelpState::Confirmed | HelpState::Cancelled | HelpState::Expired => false,
    }
}

fn sides(row: &HelpRow, of: Option<&[PassbookNo]>) -> bool {
    let mut sides =
        [Some(row.asker), row.helper].into_iter().flatten().chain(row.offers.iter().copied());
    of.is_none_or(|of| sides.any(|it| of.contains(&it)))
}

fn view(caller: &Caller, ledger: &Ledger<'_>, row: &HelpRow) -> Result<Option<View>, Status> {
    let authority = caller.authority(ledger)?;
    let branch = ledger.activity(row.activity).map(|it| it.branch);
    let staff = branch.is_some_and(|it| authority.on_branch(Verb::ReadHelp, it).is_ok());
    let own = [Some(row.asker), row.helper].into_iter().flatten();
    let side = own.into_iter().any(|it| authority.on_passbook(Verb::ReadHelp, it).is_ok());
    Ok(match (staff || side, row.state) {
        (true, _) => Some(View::Whole),
        (false, HelpState::Open) => Some(View::Open),
        (
            false,
            HelpState::Agreed
            | HelpState::Said
            | HelpState::Disputed
            | HelpState::Confirmed
            | HelpState::Cancelled
            | HelpState::Expired,
        ) => None,
    })
}

/// A request as the caller may see it, and where its place is kept, if that is to be seen.
type Found = (v1::Help, Option<AnnotationKey>);

fn shown(
    caller: &Caller,
    ledger: &Ledger<'_>,
    (no, row): (HelpNo, &HelpRow),
) -> Result<Option<Found>, Status> {
    let Some(view) = view(caller, ledger, row)? else { return Ok(None) };
    let mut help = message::help(ledger, no, row);
    if view == View::Whole {
        let volunteer = ledger.volunteer(row.asker).map(|it| it.volunteer);
        let key =
            volunteer.map(|it| AnnotationKey { request: row.request, item: 0, volunteer: it });
        return Ok(Some((help, key)));
    }
    let own = caller.authority(ledger)?.own_passbook().map(PassbookNo::get);
    help.asker_passbook_no = 0;
    help.offer_passbook_nos.retain(|it| Some(*it) == own);
    if let Some(activity) = help.activity.as_mut() {
        activity.place.clear();
    }
    Ok(Some((help, None)))
}

/// Places are addresses of people: they stand in the vault.
async fn add_places(caller: &Caller, found: &mut [Found]) -> Result<(), Status> {
    let keys: Vec<AnnotationKey> = found.iter().filter_map(|it| it.1).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let kept = caller.vault(move |vault| vault.get_annotations(&keys)).await?;
    let wanted = found.iter_mut().filter(|it| it.1.is_some());
    for ((help, _), place) in wanted.zip(kept) {
        let place = place.and_then(|it: Annotation| it.note);
        if let (Some(activity), Some(place)) = (help.activity.as_mut(), place) {
            Note::as_str(&place).clone_into(&mut activity.place);
        }
    }
    Ok(())
}
