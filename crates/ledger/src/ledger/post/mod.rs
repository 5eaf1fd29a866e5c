//! Posting (过账): adding an entry to the ledger. Decides nothing.

mod gift;
mod help;
mod honour;
mod hours;
mod imports;
mod lots;
mod merge;
mod party;
mod postings;
mod redemption;

use thiserror::Error;

use super::{Balance, Ledger};
use crate::{Account, Entry, EntryNo, Event, LineNo, PassbookNo, Seal, Timestamp};

/// An entry that does not follow from those before it: the journal is damaged, or was tampered
/// with.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("entry {entry} does not follow from those before it: {what}")]
pub struct Damage {
    /// Which entry.
    pub entry: EntryNo,
    /// What is wrong with it.
    pub what: &'static str,
}

/// What does not follow in an entry, and can be taken over as the entry states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It names another seal before it.
    Seal,
    /// It was recorded no later than the entry before it.
    Time {
        /// When that one was.
        before: Timestamp,
    },
    /// Its request made another entry before.
    Request {
        /// Which.
        entry: EntryNo,
    },
    /// What it leaves on an account is not what lay there and its amount together.
    Balance {
        /// Whose.
        account: Account,
        /// The line of the passbook.
        line: Option<LineNo>,
        /// What it should leave.
        expected: Balance,
        /// What it says it leaves.
        found: Balance,
    },
    /// Its postings do not sum to zero.
    Sum {
        /// What they sum to.
        sum: Balance,
    },
    /// The line it adds to a passbook is not the next.
    Line {
        /// Whose.
        passbook: PassbookNo,
        /// Which line is the next.
        expected: LineNo,
    },
}

impl Fault {
    /// The invariant that it breaks, as [`check`](crate::invariants::check) lists them.
    pub(crate) fn invariant(&self) -> u8 {
        match self {
            Self::Seal | Self::Time { .. } => 1,
            Self::Sum { .. } => 2,
            Self::Balance { .. } | Self::Line { .. } => 3,
            Self::Request { .. } => 5,
        }
    }

    pub(crate) fn what(&self) -> &'static str {
        match self {
            Self::Seal => "it names another seal before it",
            Self::Time { .. } => "it was recorded before the entry before it",
            Self::Request { .. } => "its request made an entry before",
            Self::Balance { .. } => "a balance is not the one before plus the amount",
            Self::Sum { .. } => "its postings do not sum to zero",
            Self::Line { .. } => "its line is not the next",
        }
    }
}

type Posted = Result<(), &'static str>;
/// Takes a fault: an error where it is not to be gone on over.
type Sink<'a> = dyn FnMut(Fault) -> Posted + 'a;

impl Ledger<'_> {
    /// Adds the entry after the head, with the seal over its stored bytes.
    ///
    /// An entry that [`Ledger::decide`] made never fails. One that was changed since may, and
    /// leaves a ledger that must not be used.
    pub fn post(&mut self, entry: &Entry, seal: Seal) -> Result<(), Damage> {
        let posted = self.try_post(entry, seal, &mut |it| Err(it.what()));
        posted.map_err(|what| Damage { entry: entry.no, what })
    }

    /// Adds it as [`Ledger::post`] does, for an audit that wants to hear of more than the first
    /// fault: what an entry states about itself is told where it is wrong, and taken over.
    ///
    /// After an error the ledger must not be used, nor for anything but auditing after a fault.
    pub fn post_as_stated(
        &mut self,
        entry: &Entry,
        seal: Seal,
        faults: &mut Vec<Fault>,
    ) -> Result<(), Damage> {
        let posted = self.try_post(entry, seal, &mut |it| {
            faults.push(it);
            Ok(())
        });
        posted.map_err(|what| Damage { entry: entry.no, what })
    }

    fn try_post(&mut self, entry: &Entry, seal: Seal, sink: &mut Sink<'_>) -> Posted {
        if entry.no != self.next_entry() {
            return Err("its number is not the next");
        }
        if entry.previous != self.seal.unwrap_or(Seal::NONE) {
            sink(Fault::Seal)?;
        }
        if let Some(before) = self.recorded.last().copied().filter(|it| entry.recorded_at <= *it) {
            sink(Fault::Time { before })?;
        }
        self.recorded.push(entry.recorded_at);
        self.seal = Some(seal);
        match self.requests.get(&entry.request).copied() {
            Some((entry, _)) => sink(Fault::Request { entry })?,
            None => self.requests.insert(entry.request, (entry.no, entry.fingerprint)),
        }
        self.post_event(entry)?;
        self.post_postings(entry, sink)
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each event")]
    fn post_event(&mut self, entry: &Entry) -> Posted {
        match &entry.event {
            Event::BankOpened(it) => self.post_bank(it, entry),
            Event::BranchCreated(it) => self.post_branch(it),
            Event::BranchRenamed { branch, name } => {
                self.branch_mut(*branch).map(|it| it.name = name.clone())
            }
            Event::VolunteersRegistered { volunteers, .. } => {
                volunteers.iter().try_for_each(|it| self.post_registration(it))
            }
            Event::VolunteerMoved { passbook, branch } => {
                let row = self.volunteer_mut(*passbook)?;
                let before = std::mem::replace(&mut row.branch, *branch);
                self.homes.insert((*passbook, entry.no), before);
                Ok(())
            }
            Event::VolunteerStatusChanged { passbook, status, gift, moves } => {
                let row = self.volunteer_mut(*passbook)?;
                let before = std::mem::replace(&mut row.status, *status);
                self.statuses.insert((*passbook, entry.no), before);
                self.post_moves(moves, (entry.no, entry.actor))?;
                gift.as_ref().map_or(Ok(()), |it| self.post_gift(it, entry))
            }
            Event::PersonErased { passbook } => self.post_erasure(*passbook, entry.no),
            Event::RulebookAdopted { version, in_force_from, text } => {
                self.post_rulebook(*version, *in_force_from, text)
            }
            Event::TokenIssued(it) => self.post_token(it),
            Event::TokenRevoked { token } => {
                let row = self.tokens.get_mut(at(token.get())).ok_or("no such token");
                row.map(|it| it.revoked = true)
            }
            Event::ActivityCreated(_)
            | Event::HoursRecorded { .. }
            | Event::HoursApproved { .. }
            | Event::HoursRejected { .. }
            | Event::HoursReversed { .. }
            | Event::HoursCorrected { .. }
            | Event::HoursDeducted { .. }
            | Event::HoursEvaluated { .. }
            | Event::HoursImported { .. }
            | Event::ImportUndone { .. }
            | Event::CheckedIn { .. }
            | Event::CheckedOut(_)
            | Event::CheckInCancelled { .. }
            | Event::CheckInsClosed { .. } => self.post_hours(entry),
            Event::NeedClassSet { passbook, class } => {
                self.volunteer_mut(*passbook).map(|it| it.need = *class)
            }
            Event::PointsExpired { as_of, passbooks } => self.post_expired(*as_of, passbooks),
            Event::Help(it) => self.post_help_event(it, entry),
            Event::Honour(it) => self.post_honour_event(it, entry),
            Event::Gift(it) => self.post_gift_event(it, entry),
            Event::Merge(it) => self.post_merge_event(it, entry),
            Event::Reward(it) => self.post_reward_event(it, entry),
        }
    }
}

/// Numbers are given in order, so a new one is the length of its table.
fn expect(no: u64, len: usize) -> Posted {
    if u64::try_from(len) == Ok(no) { Ok(()) } else { Err("a number it gives is not the next") }
}

/// The place of a number in its table.
pub(super) fn at(no: u64) -> usize {
    usize::try_from(no.saturating_sub(1)).unwrap_or(usize::MAX)
}
