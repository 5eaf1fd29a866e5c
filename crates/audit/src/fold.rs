//! Adding the journal up anew, with the `post` of the bank itself.

use lovebank_journal::codec;
use lovebank_ledger::{Account, Entry, Event, Fault, Ledger, invariants};

use crate::{Finding, What, findings::Findings, line::Item};

/// The most entries that room is made for at once.
const ROOM_MAX: u64 = 2_000_000;

/// What was added up so far.
#[derive(Debug)]
pub(crate) struct Fold {
    ledger: Ledger<'static>,
    added_up: u64,
    /// Whether an entry was missing or impossible: nothing can be added up after it.
    stopped: bool,
}

impl Fold {
    pub(crate) fn with_room(entries: u64) -> Self {
        let room = usize::try_from(entries.min(ROOM_MAX)).unwrap_or_default();
        Self { ledger: Ledger::with_room(room), added_up: 0, stopped: false }
    }

    /// How many entries were added up.
    pub(crate) fn added_up(&self) -> u64 {
        self.added_up
    }

    /// Takes the next entry.
    pub(crate) fn take(&mut self, it: &Item, findings: &mut Findings) {
        let entry = match codec::decode(&it.bytes) {
            Ok(entry) => entry,
            Err(why) => {
                self.stopped = true;
                let why = why.to_string();
                return findings.add(Finding::at(it.no, What::Unreadable { why }));
            }
        };
        // What is missing was told.
        self.stopped = self.stopped || it.no != self.added_up.saturating_add(1);
        if self.stopped {
            return;
        }
        let known = matches!(entry.event, Event::BankOpened(_))
            || self.ledger.handle(entry.actor).is_some();
        if !known {
            findings.add(Finding::at(it.no, What::ActorUnknown { actor: entry.actor }));
        }
        let mut faults = Vec::new();
        let posted = self.ledger.post_as_stated(&entry, it.seal, &mut faults);
        for fault in faults {
            if let Some(what) = said(&entry, &fault) {
                findings.add(Finding::at(it.no, what));
            }
        }
        match posted {
            Ok(()) => self.added_up = it.no,
            Err(damage) => {
                self.stopped = true;
                findings.add(Finding::at(it.no, What::Impossible { why: damage.what }));
            }
        }
    }

    /// The ledger, and how many entries it is of. One that an impossible entry left is asked for
    /// nothing more.
    pub(crate) fn end(self, findings: &mut Findings) -> (Ledger<'static>, u64) {
        if !self.stopped {
            let mut breaches = Vec::new();
            invariants::state(&self.ledger, &mut breaches);
            for it in breaches {
                let what = What::Invariant { number: it.invariant, what: it.what };
                findings.add(Finding::general(what));
            }
        }
        (self.ledger, self.added_up)
    }
}

/// What a fault says of an entry; nothing where the chain tells it.
fn said(entry: &Entry, fault: &Fault) -> Option<What> {
    Some(match *fault {
        Fault::Seal => return None,
        Fault::Time { before } => What::TimeWentBack { before, found: entry.recorded_at },
        Fault::Request { entry } => What::RequestTwice { first: entry },
        Fault::Sum { sum } => What::Unbalanced { sum },
        Fault::Balance { account, line, expected, found } => {
            What::Drifted { account, line, expected, found }
        }
        Fault::Line { passbook, expected } => {
            let of = |it: &&lovebank_ledger::Posting| it.account == Account::Passbook(passbook);
            let found = entry.postings.iter().find(of).and_then(|it| it.line);
            What::LineOutOfOrder { passbook, expected, found }
        }
    })
}
