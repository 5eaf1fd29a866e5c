//! The audit (审计): whether a journal is what was once written, and adds up to what it should.
//!
//! A source gives stored bytes in the order in which it keeps them: a running bank over gRPC, the
//! copies of a stopped one, a file. [`Audit`] takes one such line; [`copies`] compares several,
//! entry by entry, and audits what they hold together. Both check the chain of seals and the
//! numbers, post every entry with the `post` of the bank itself, and ask for every invariant at the
//! end. Both go on after a fault where that is possible, and say what they found as [`Finding`]s.

mod copies;
mod differ;
mod finding;
mod findings;
mod fold;
mod line;
mod texts;

use lovebank_journal::Head;
use lovebank_ledger::{Ledger, StateSummary};

pub use copies::{Copy, Piece, copies};
pub use finding::{Finding, Severity, What};
pub use findings::{More, OF_A_CODE_MAX};
pub use texts::{Said, Texts, invariant};

use findings::Findings;
use fold::Fold;
use line::{Line, Link};

/// A head that is known from elsewhere: the journal must have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The entry and its seal.
    pub head: Head,
    /// Who says so.
    pub by: MarkedBy,
}

/// Who knows a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkedBy {
    /// The note beside a copy.
    Note,
    /// The running bank.
    Bank,
    /// Someone who wrote it down.
    Witness,
}

/// What an audit found.
#[derive(Debug)]
pub struct Report {
    /// The last entry that there is.
    pub head: Head,
    /// The last entry that was added up; less than the head where a fault stopped that.
    pub added_up: u64,
    /// What those entries add up to; not to be trusted where the journal does not hold.
    pub ledger: Ledger<'static>,
    /// Its digest.
    pub state: StateSummary,
    /// What is wrong, the worst first, then by entry.
    pub findings: Vec<Finding>,
    /// How many more there are of a code than are listed.
    pub more: Vec<More>,
}

impl Report {
    /// The worst of what was found.
    pub fn severity(&self) -> Option<Severity> {
        self.findings.iter().map(Finding::severity).max()
    }
}

/// The audit of one line of entries.
#[derive(Debug)]
pub struct Audit {
    line: Line,
    fold: Fold,
    findings: Findings,
}

impl Audit {
    /// Begins; `entries`: about how many there will be.
    pub fn begin(marks: Vec<Mark>, entries: u64) -> Self {
        Self {
            line: Line::new(None, marks),
            fold: Fold::with_room(entries),
            findings: Findings::default(),
        }
    }

    /// Takes the next stored bytes, and the number under which they are kept.
    pub fn take(&mut self, place: u64, bytes: Vec<u8>) {
        self.line.take(Link::of(place, bytes), &mut self.findings);
        self.fold();
    }

    /// That something is kept there that is no entry.
    pub fn no_entry(&mut self, place: u64, why: String) {
        self.findings.add(Finding::at(place, What::CopyMalformed { why }));
    }

    /// There is no more.
    pub fn end(mut self) -> Report {
        self.line.end(&mut self.findings);
        self.fold();
        report(self.line.head(), self.fold, (self.findings, 0))
    }

    fn fold(&mut self) {
        while let Some(it) = self.line.next() {
            self.fold.take(&it, &mut self.findings);
        }
    }
}

fn report(head: Head, fold: Fold, (mut findings, copies): (Findings, usize)) -> Report {
    let (ledger, added_up) = fold.end(&mut findings);
    let state = ledger.state_digest();
    let (findings, more) = findings.end(copies);
    Report { head, added_up, ledger, state, findings, more }
}
