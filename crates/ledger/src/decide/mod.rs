//! The rules. Each stands in one place; deciding changes nothing.

mod access;
mod branches;
mod check_in;
mod desk;
mod expire;
mod found;
mod gift;
mod help;
mod honour;
mod import_hours;
mod mend_hours;
mod merge;
mod record_hours;
mod reward;
mod settle_hours;
mod undo_import;
mod volunteers;

use crate::{
    Authority, BatchMode, Command, Context, Due, Entry, EntryNo, Event, ItemRefused, Ledger,
    Posting, Refusal, RulebookVersion, Verb,
};
use desk::Desk;
use reward::RewardDue;

pub use found::Founding;
pub use undo_import::UNDO_MAX;

/// What a command comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// A new entry, not yet posted.
    New(Box<Entry>),
    /// The same request made this entry before.
    Replay(EntryNo),
}

/// A command that makes no entry, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{refusal}")]
pub struct Refused {
    /// Why; of a batch, why its first refused item was.
    pub refusal: Refusal,
    /// The refused items of a batch: the first where it stands or falls as one, else all.
    pub items: Vec<ItemRefused>,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, items: Vec::new() }
    }
}

type Outcome = Result<(Event, Vec<Posting>), Refused>;

impl Ledger<'_> {
    /// Decides a command: the entry it would make, or why not. Changes nothing.
    ///
    /// Order of checks: authority for the verb, idempotency, existence, scope, state, policy,
    /// funds.
    pub fn decide(&self, context: &Context, command: &Command) -> Result<Decision, Refused> {
        let authority = match context.token {
            Some(token) => Authority::of(self, token, context.now)?,
            None => Authority::of_the_bank(self),
        };
        authority.may(command.verb())?;
        if let Some((entry, asked)) = self.request(&context.request) {
            let same = asked == context.fingerprint;
            return if same {
                Ok(Decision::Replay(entry))
            } else {
                Err(Refusal::RequestIdReused { entry }.into())
            };
        }
        let last = self.recorded_at(self.head().unwrap_or(EntryNo::FIRST));
        let recorded_at = last.map_or(context.now, |last| context.now.max(last.next()));
        // What fell due is decided by the rules of its day.
        let due = self.next_due().filter(|_| *command == Command::SettleDue);
        let day = due.map_or(context.now, |it| it.0.min(context.now));
        let desk = Desk::new(self, authority, (context.now, day))?;
        let rulebook = desk.rulebook();
        let (event, postings) = dispatch(desk, command)?;
        Ok(Decision::New(Box::new(Entry {
            no: self.next_entry(),
            recorded_at,
            previous: self.seal(),
            actor: authority.actor(),
            request: context.request,
            fingerprint: context.fingerprint,
            rulebook,
            event,
            postings,
        })))
    }
}

#[expect(clippy::too_many_lines, reason = "one arm for each verb")]
fn dispatch(desk: Desk<'_>, command: &Command) -> Outcome {
    match command {
        Command::CreateBranch { code, name, kind, parent } => {
            branches::create(&desk, (code, name), *kind, parent.as_ref())
        }
        Command::RenameBranch { branch, name } => branches::rename(&desk, branch, name),
        Command::RegisterVolunteers { items, mode } => volunteers::register(&desk, items, *mode),
        Command::MoveVolunteer { volunteer, branch } => {
            volunteers::relocate(&desk, *volunteer, branch)
        }
        Command::SetVolunteerStatus { volunteer, status } => {
            volunteers::set_status(desk, *volunteer, *status)
        }
        Command::ErasePerson { volunteer } => volunteers::erase(&desk, *volunteer),
        Command::CreateActivity { activity, window } => {
            record_hours::create_activity(&desk, activity, *window)
        }
        Command::RecordHours(it) => record_hours::decide(desk, it),
        Command::ApproveHours { records, mode } => settle_hours::approve(desk, records, *mode),
        Command::RejectHours { records, reason, mode } => {
            settle_hours::reject(&desk, records, *reason, *mode)
        }
        Command::ReverseHours { records, reason, mode } => {
            settle_hours::reverse(desk, records, *reason, *mode)
        }
        Command::CorrectHours { record, activity, service, reason } => {
            mend_hours::correct(desk, *record, activity.as_ref(), *service, *reason)
        }
        Command::DeductHours { volunteer, activity, service, reason } => {
            mend_hours::deduct(desk, *volunteer, activity, *service, *reason)
        }
        Command::EvaluateHours { record, evaluation } => {
            mend_hours::evaluate(&desk, *record, *evaluation)
        }
        Command::ImportHours(it) => import_hours::decide(desk, it),
        Command::UndoImport { batch, debts } => undo_import::decide(desk, *batch, *debts),
        Command::CheckIn { volunteer, activity } => {
            check_in::check_in(&desk, *volunteer, *activity)
        }
        Command::CheckOut { volunteer } => check_in::check_out(desk, *volunteer),
        Command::CancelCheckIn { volunteer } => check_in::cancel(&desk, *volunteer),
        Command::CloseForgottenCheckIns => check_in::close_forgotten(desk),
        Command::AdoptRulebook { in_force_from, rulebook } => {
            access::adopt_rulebook(&desk, *in_force_from, rulebook)
        }
        Command::SetNeedClass { volunteer, class } => volunteers::need(&desk, *volunteer, *class),
        Command::Reward(it) => reward::decide(desk, it),
        Command::Gift(it) => gift::decide(desk, it),
        Command::Help(it) => help::decide(desk, it),
        Command::Honour(it) => honour::decide(desk, it),
        Command::Merge(it) => merge::decide(desk, it),
        Command::SettleDue => settle_due(desk),
        Command::IssueToken { hash, handle, grants, expires } => {
            access::issue_token(&desk, *hash, handle, grants, *expires)
        }
        Command::RevokeToken { token } => access::revoke_token(&desk, *token),
    }
}

/// Settles what fell due first, as of when it did.
fn settle_due(desk: Desk<'_>) -> Outcome {
    if !desk.authority.in_bank(Verb::SettleDue) {
        return Err(Refusal::BankWideOnly { verb: Verb::SettleDue }.into());
    }
    let (at, due) = desk.ledger.next_due().ok_or(Refusal::NothingDue)?;
    if desk.now < at {
        return Err(Refusal::NothingDue.into());
    }
    match due {
        Due::Window(reward) => reward::settle_due(&desk, at, RewardDue::Window(reward)),
        Due::Redemption(no) => reward::settle_due(&desk, at, RewardDue::Redemption(no)),
        Due::Help(no) => help::settle_due(desk, at, no),
        Due::Lots(_) => expire::settle_due(desk, at),
    }
}

/// What the items of a batch come to, and which of them were refused.
type Batch<T> = Result<(Vec<T>, Vec<ItemRefused>), Refused>;

/// Decides the items of a batch one after the other.
fn each<I: Copy, T>(
    items: impl IntoIterator<Item = I>,
    mode: BatchMode,
    mut decide: impl FnMut(u32, I) -> Result<T, Refusal>,
) -> Batch<T> {
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    let mut first = None;
    for (index, item) in (0..).zip(items) {
        match decide(index, item) {
            Ok(it) => done.push(it),
            Err(refusal) => {
                refused.push(ItemRefused { index, refusal: refusal.note() });
                first.get_or_insert(refusal);
                if mode == BatchMode::Atomic {
                    break;
                }
            }
        }
    }
    match first {
        Some(refusal) if mode == BatchMode::Atomic || done.is_empty() => {
            Err(Refused { refusal, items: refused })
        }
        _ => Ok((done, refused)),
    }
}

/// A rulebook's version, where none is adopted yet.
const UNFOUNDED: RulebookVersion = RulebookVersion::FIRST;
