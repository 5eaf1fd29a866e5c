//! Selections: tried, of runs, explained, compared with what is known now.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lovebank_ledger::{
    EntryNo, Ledger, PassbookNo, Refusal, ResultDigest, RulebookVersion, RunNo, RunState, Verb,
    recognition::{self, Ages, Candidate, Fate, Inputs, Programme, Selection},
};
use lovebank_wire::{
    Fault, Malformed, message,
    request::{self, Selected},
    status, v1,
};
use tonic::Status;

use super::{
    super::{
        branch::may_read,
        door::{Caller, read_seq},
        parts::{ROWS, Stream, in_messages, in_parts},
        status::unreadable,
    },
    people::{ages, shown},
};

/// Bytes of the sheet in one message.
const SHEET_BYTES: usize = 1024 * 1024;

/// Selections of runs that are kept at hand; at a million volunteers each is some 100 MB.
const KEPT: usize = 2;

/// A selection with what is to be known of it.
#[derive(Debug)]
pub(super) struct Found {
    digest: ResultDigest,
    selection: Selection,
    sheet: Vec<u8>,
}

/// The selections that were asked for last, each of a run as an entry left it.
#[derive(Debug, Clone, Default)]
pub(super) struct Selections {
    kept: Arc<Mutex<Kept>>,
    /// Held while one is computed: a hundred who ask at once wait for one computation.
    turn: Arc<tokio::sync::Mutex<()>>,
}

type Kept = VecDeque<(RunNo, EntryNo, Arc<Found>)>;

impl Selections {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The selection of a run as it stands, where it is at hand.
    fn of(&self, ledger: &Ledger<'_>, run: RunNo) -> Option<Arc<Found>> {
        self.get(run, ledger.run(run)?.decided)
    }

    fn get(&self, run: RunNo, decided: EntryNo) -> Option<Arc<Found>> {
        let kept = self.kept();
        kept.iter().find(|it| (it.0, it.1) == (run, decided)).map(|it| Arc::clone(&it.2))
    }

    fn put(&self, run: RunNo, decided: EntryNo, found: &Arc<Found>) {
        let mut kept = self.kept();
        kept.retain(|it| it.0 != run);
        kept.push_front((run, decided, Arc::clone(found)));
        kept.truncate(KEPT);
    }
}

impl Found {
    pub(super) fn select(ledger: &Ledger<'_>, inputs: &Inputs<'_>, sheet: bool) -> Self {
        let selection = recognition::select(ledger, inputs);
        let digest = recognition::digest(ledger, inputs, &selection);
        let mut text = Vec::new();
        if sheet {
            recognition::sheet(ledger, inputs, &selection, |it| text.extend(it.as_bytes()));
        }
        Self { digest, selection, sheet: text }
    }
}

/// The programme that is asked for, in the rules of today or in a rulebook to try.
fn with_programme<T>(
    caller: &Caller,
    ledger: &Ledger<'_>,
    (asked, text): (&Selected, &str),
    work: impl FnOnce(&Programme, RulebookVersion) -> T,
) -> Result<T, Status> {
    let name = &asked.programme;
    let unknown = || Refusal::ProgrammeUnknown { programme: name.clone() };
    if text.is_empty() {
        let today = ledger.zone().map(|it| it.date_at(caller.bank.clock.now()));
        let rules = today.and_then(|it| ledger.rulebook_on(it));
        let programme = rules.and_then(|it| Some((it.rules.programme(name)?, it.version)));
        let (programme, version) = programme.ok_or_else(unknown).map_err(status::refused_read)?;
        return Ok(work(programme, version));
    }
    let rules = lovebank_ledger::Rulebook::parse(text).map_err(|err| {
        let english = err.to_string();
        let chinese = format!("规则集有误：{}", err.chinese());
        Malformed::new("rulebook", Fault::Other { english, chinese })
    })?;
    let programme = rules.programme(name).ok_or_else(unknown).map_err(status::refused_read)?;
    let version = ledger.rulebooks().last().map_or(RulebookVersion::FIRST, |it| it.version.next());
    Ok(work(programme, version))
}

/// The ages that a programme asks for; none where it asks for none.
pub(super) async fn ages_for(
    caller: &Caller,
    asked: &Selected,
    rulebook: &str,
) -> Result<Vec<(PassbookNo, u8)>, Status> {
    let day = {
        let ledger = caller.bank.reader.ledger();
        with_programme(caller, &ledger, (asked, rulebook), |programme, _| {
            let days = programme.days(asked.year, asked.cut_off);
            days.filter(|_| programme.asks_age()).map(|it| it.until)
        })?
    };
    match day {
        Some(day) => ages(caller, day).await,
        None => Ok(Vec::new()),
    }
}

pub(super) async fn evaluate(
    caller: Caller,
    message: v1::EvaluateProgrammeRequest,
) -> Result<Stream<v1::SelectionPart>, Status> {
    let asked = request::selected(message.of.as_ref())?;
    let branch = {
        let ledger = caller.bank.reader.ledger();
        let code = asked.branch.as_ref().map(ToString::to_string).unwrap_or_default();
        let branch = super::super::branch::within(&ledger, &code)?;
        may_read(&caller, &ledger, branch)?;
        branch
    };
    let ages = ages_for(&caller, &asked, &message.rulebook).await?;
    let (worker, sheet, chosen_only) = (caller.clone(), message.sheet, message.chosen_only);
    let found = tokio::task::spawn_blocking(move || {
        let ledger = worker.bank.reader.ledger();
        let head = ledger.head().ok_or(Refusal::OutOfRange).map_err(status::refused_read)?;
        let as_of = asked.as_of.unwrap_or(head);
        if head < as_of {
            return Err(status::refused_read(Refusal::EntryUnknown { entry: as_of }));
        }
        let year = asked.year;
        with_programme(&worker, &ledger, (&asked, &message.rulebook), |programme, version| {
            let days = programme.days(year, asked.cut_off);
            let days = days.ok_or(Refusal::YearNotBegun { year }).map_err(status::refused_read)?;
            let mut inputs = Inputs::new(&ledger, (programme, version), (year, days), as_of);
            inputs.branch = branch;
            inputs.view.ages = Ages::of_years(&programme.age_bands, ages);
            Ok(Found::select(&ledger, &inputs, sheet))
        })?
    });
    let found = found.await.map_err(|err| unreadable(&err))??;
    Ok(parts(caller, Arc::new(found), chosen_only))
}

/// The selection of a run, which is the same for ever: computed once for those who ask.
pub(super) async fn of_run(
    (caller, selections): (&Caller, &Selections),
    run: RunNo,
    sheet: bool,
) -> Result<Arc<Found>, Status> {
    let (bank, selections) = (caller.bank.clone(), selections.clone());
    let at_hand = || selections.of(&bank.reader.ledger(), run).filter(|_| !sheet);
    if let Some(found) = at_hand() {
        return Ok(found);
    }
    // Who waits for the turn holds neither the ledger nor a thread.
    let turn = Arc::clone(&selections.turn).lock_owned().await;
    if let Some(found) = at_hand() {
        return Ok(found);
    }
    let found = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let ledger = bank.reader.ledger();
        let unknown = || status::refused_read(Refusal::RunUnknown { run });
        let decided = ledger.run(run).ok_or_else(unknown)?.decided;
        let inputs = Inputs::of_run(&ledger, run).ok_or_else(unknown)?;
        let found = Arc::new(Found::select(&ledger, &inputs, sheet));
        if !sheet {
            selections.put(run, decided, &found);
        }
        Ok(found)
    });
    found.await.map_err(|err| unreadable(&err))?
}

pub(super) async fn list(
    caller: Caller,
    selections: &Selections,
    message: &v1::ListRunResultRequest,
) -> Result<Stream<v1::SelectionPart>, Status> {
    let run = request::run_no(message.run_no)?;
    may_read_run(&caller, run)?;
    let found = of_run((&caller, selections), run, message.sheet).await?;
    Ok(parts(caller, found, message.chosen_only))
}

/// Whether the caller may see all of a run.
pub(super) fn may_read_run(caller: &Caller, run: RunNo) -> Result<(), Status> {
    let ledger = caller.bank.reader.ledger();
    let row = ledger.run(run).ok_or(Refusal::RunUnknown { run }).map_err(status::refused_read)?;
    may_read(caller, &ledger, row.run.branch)
}

/// A selection in parts: its sheet, where it is asked for, a slice in each, then its rows.
fn parts(caller: Caller, found: Arc<Found>, chosen_only: bool) -> Stream<v1::SelectionPart> {
    let candidates = &found.selection.candidates;
    let is_chosen = |it: &Candidate| matches!(it.fate, Fate::Chosen(_));
    let near = candidates.iter().filter(|it| it.fate == Fate::NoPlace).count();
    let chosen = found.selection.chosen();
    let head = v1::SelectionPart {
        read_seq: read_seq(&caller.bank.reader.ledger()),
        digest: found.digest.to_string(),
        candidates: u32::try_from(candidates.len()).unwrap_or(u32::MAX),
        chosen: found.selection.chosen_count(),
        near_misses: u32::try_from(near).unwrap_or(u32::MAX),
        chosen_minutes: chosen.fold(0, |sum, it| sum.saturating_add(it.minutes.get())),
        rows: Vec::new(),
        sheet: Vec::new(),
    };
    let wanted = |it: &usize| candidates.get(*it).is_some_and(|it| !chosen_only || is_chosen(it));
    let rows: Vec<usize> = (0..candidates.len()).filter(wanted).collect();
    let slices = found.sheet.len().div_ceil(SHEET_BYTES);
    let mut messages: Vec<Part> = (0..slices).map(Part::Sheet).collect();
    messages.extend(rows.chunks(ROWS).map(|it| Part::Candidates(it.to_vec())));
    if messages.is_empty() {
        messages.push(Part::Candidates(Vec::new()));
    }
    in_messages(messages.into_iter(), move |part| {
        let (caller, found, head) = (caller.clone(), Arc::clone(&found), head.clone());
        async move { message_of(&caller, &found, head, part).await }
    })
}

/// What a message is made of: a slice of the sheet, or some candidates.
#[derive(Debug, Clone)]
enum Part {
    Sheet(usize),
    Candidates(Vec<usize>),
}

async fn message_of(
    caller: &Caller,
    found: &Found,
    mut head: v1::SelectionPart,
    part: Part,
) -> Result<v1::SelectionPart, Status> {
    let rows = match part {
        Part::Sheet(at) => {
            let from = at.saturating_mul(SHEET_BYTES);
            let until = from.saturating_add(SHEET_BYTES).min(found.sheet.len());
            head.sheet = found.sheet.get(from..until).unwrap_or_default().to_vec();
            return Ok(head);
        }
        Part::Candidates(rows) => rows,
    };
    {
        let ledger = caller.bank.reader.ledger();
        let rows = rows.iter().filter_map(|it| found.selection.candidates.get(*it));
        head.rows.extend(rows.map(|it| message::selection_row(&ledger, it)));
    }
    let known = shown(caller, head.rows.iter().map(|it| it.passbook_no)).await?;
    for it in &mut head.rows {
        let person = known.get(&it.passbook_no).cloned().unwrap_or_default();
        (it.volunteer_number, it.masked_name) = (person.number, person.masked);
    }
    Ok(head)
}

pub(super) async fn explain(
    caller: &Caller,
    selections: &Selections,
    message: &v1::ExplainOutcomeRequest,
) -> Result<v1::ExplainOutcomeResponse, Status> {
    let run = request::run_no(message.run_no)?;
    let no = {
        let ledger = caller.bank.reader.ledger();
        let unknown = Refusal::RunUnknown { run };
        let row = ledger.run(run).ok_or(unknown).map_err(status::refused_read)?;
        let no = caller.passbook(&ledger, Verb::ReadHonours, &message.volunteer_number)?;
        // A draft is for those who work on it.
        let shown = matches!(row.state, RunState::Published | RunState::Final);
        if caller.authority(&ledger)?.only_as_volunteer(Verb::ReadHonours) && !shown {
            let refusal = Refusal::RunState { run, state: row.state };
            return Err(status::refused_read(refusal));
        }
        no
    };
    let found = of_run((caller, selections), run, false).await?;
    let ledger = caller.bank.reader.ledger();
    let unknown = || status::refused_read(Refusal::RunUnknown { run });
    let inputs = Inputs::of_run(&ledger, run).ok_or_else(unknown)?;
    let explained = recognition::explain(&ledger, &inputs, &found.selection, no);
    let explained = explained.ok_or(Refusal::VolunteerUnknown).map_err(status::refused_read)?;
    let mut shown = message::outcome(&ledger, &inputs, &explained);
    shown.read_seq = read_seq(&ledger);
    Ok(shown)
}

pub(super) async fn drift(
    caller: Caller,
    selections: &Selections,
    message: &v1::CheckDriftRequest,
) -> Result<Stream<v1::CheckDriftResponse>, Status> {
    let run = request::run_no(message.run_no)?;
    may_read_run(&caller, run)?;
    let then = of_run((&caller, selections), run, false).await?;
    let others = ages_of_others(&caller, run, &then.selection).await?;
    let bank = caller.bank.clone();
    let found = tokio::task::spawn_blocking(move || {
        let ledger = bank.reader.ledger();
        let unknown = || status::refused_read(Refusal::RunUnknown { run });
        let mut inputs = Inputs::of_run(&ledger, run).ok_or_else(unknown)?;
        let ages = std::mem::take(&mut inputs.view.ages);
        inputs.view.ages = ages.and(&inputs.programme.age_bands, others);
        let head = ledger.head().unwrap_or(EntryNo::FIRST);
        let now = recognition::select(&ledger, &inputs.served_as_of(&ledger, head));
        let rows = recognition::drift(&then.selection, &now);
        Ok::<_, Status>((read_seq(&ledger), rows.iter().map(message::drift).collect::<Vec<_>>()))
    });
    let (read_seq, rows) = found.await.map_err(|err| unreadable(&err))??;
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let moved = rows.iter().filter(|it| is_chosen(it.then.as_ref()) != is_chosen(it.now.as_ref()));
    let moved = u32::try_from(moved.count()).unwrap_or(u32::MAX);
    Ok(in_parts(rows, move |mut rows| {
        let caller = caller.clone();
        async move {
            let known = shown(&caller, rows.iter().map(|it| it.passbook_no)).await?;
            for it in &mut rows {
                let person = known.get(&it.passbook_no).cloned().unwrap_or_default();
                (it.volunteer_number, it.masked_name) = (person.number, person.masked);
            }
            Ok(v1::CheckDriftResponse { read_seq, count, moved, rows })
        }
    }))
}

/// The ages of those whom a run did not look at, where its programme asks for ages: hours that
/// were recorded late would have made them candidates.
async fn ages_of_others(
    caller: &Caller,
    run: RunNo,
    then: &Selection,
) -> Result<Vec<(PassbookNo, u8)>, Status> {
    let day = {
        let ledger = caller.bank.reader.ledger();
        let inputs = Inputs::of_run(&ledger, run).filter(|it| it.programme.asks_age());
        inputs.map(|it| it.view.days.until)
    };
    let Some(day) = day else { return Ok(Vec::new()) };
    let known: HashSet<PassbookNo> = then.candidates.iter().map(|it| it.passbook).collect();
    let mut others = ages(caller, day).await?;
    others.retain(|it| !known.contains(&it.0));
    Ok(others)
}

fn is_chosen(it: Option<&v1::RunStanding>) -> bool {
    let fate = it.map_or(v1::Fate::Unspecified, v1::RunStanding::fate);
    matches!(fate, v1::Fate::Chosen | v1::Fate::ChosenOfBranch | v1::Fate::ChosenAsEqual)
}
