//! The journal as plain-text accounting: what hledger reads, balances and asserts.
//!
//! Two commodities, `minutes` and `points`. A passbook is the account `passbook:7`, whichever
//! branch its volunteer moves to; an account of the bank's own lies under its branches, as
//! `branch:NW:NW-01:issuance`. Each posting asserts the balance after it, as the journal has it:
//! `hledger check` adds all of them up anew. An entry that moves nothing is left out.

use std::io::{self, Write};

use lovebank_ledger::{Account, Entry, Event, Posting};

use super::{
    event, instant,
    known::{Known, PURPOSES, purpose},
    posting::about,
};

/// Says accounts and commodities before they are used, so that a strict check finds no other.
const HEADER: &str = "\
; The journal of a Love Bank (爱心银行).
decimal-mark .
commodity 1000. minutes
commodity 1000.00 points
";

/// Writes entry after entry.
#[derive(Debug, Default)]
pub(crate) struct PlainText {
    known: Known,
}

impl PlainText {
    /// What stands before the first entry.
    pub(crate) fn begin(to: &mut impl Write) -> io::Result<()> {
        to.write_all(HEADER.as_bytes())
    }

    /// Writes the next entry; whether it moves anything.
    pub(crate) fn entry(&mut self, to: &mut impl Write, entry: &Entry) -> io::Result<bool> {
        self.known.take(entry);
        self.accounts(to, &entry.event)?;
        let moves = |it: &Posting| !it.minutes.is_zero() || !it.points.is_zero();
        if !entry.postings.iter().any(moves) {
            return Ok(false);
        }
        writeln!(
            to,
            "\n{} ({}) {}  ; recorded:{}, actor:{}, rulebook:{}",
            self.known.day(entry.recorded_at),
            entry.no,
            event::word(&entry.event),
            instant(entry.recorded_at),
            entry.actor,
            entry.rulebook,
        )?;
        entry.postings.iter().try_for_each(|it| self.posting(to, it))?;
        Ok(true)
    }

    /// The accounts that an entry opens.
    fn accounts(&self, to: &mut impl Write, event: &Event) -> io::Result<()> {
        if let Event::BranchCreated(branch) = event {
            for it in PURPOSES {
                writeln!(to, "account {}", self.name(Account::Bank(branch.no, it)))?;
            }
        }
        if let Event::VolunteersRegistered { volunteers, .. } = event {
            for it in volunteers {
                writeln!(to, "account {}", self.name(Account::Passbook(it.passbook)))?;
            }
        }
        Ok(())
    }

    fn name(&self, account: Account) -> String {
        match account {
            Account::Passbook(no) => format!("passbook:{no}"),
            Account::Bank(branch, of) => {
                format!("branch:{}:{}", self.known.path(branch).join(":"), purpose(of))
            }
        }
    }

    /// A posting, in each register that it moves.
    fn posting(&self, to: &mut impl Write, it: &Posting) -> io::Result<()> {
        let name = self.name(it.account);
        let line = it.line.map(|it| format!(", line:{it}")).unwrap_or_default();
        let about = it.about.map(about).map(|(word, no)| format!(", {word}:{no}"));
        let note = format!("kind:{}{line}{}", it.kind, about.unwrap_or_default());
        if !it.minutes.is_zero() {
            let (amount, after) = (it.minutes, it.minutes_after);
            writeln!(to, "    {name}  {amount} minutes = {after} minutes  ; {note}")?;
        }
        if !it.points.is_zero() {
            let (amount, after) = (it.points, it.points_after);
            writeln!(to, "    {name}  {amount} points = {after} points  ; {note}")?;
        }
        Ok(())
    }
}
