//! Undoing an import: what its rows said is taken for unsaid, and what was said before or beside
//! it counts. Totals are then those of a bank that never took it in; but for what others were
//! refused, or were cut off by a cap, while it stood: that is not decided anew.

use super::{Desk, Outcome, Refused};
use crate::{
    BatchKey, BatchNo, Event, PassbookNo, Points, RecordNo, RecordState, Refusal, Restored, Verb,
    ledger::imports::Matter,
};

/// What one entry looks at, at most; a volunteer's part in a batch is taken back at once, where
/// it is no larger.
pub const UNDO_MAX: usize = 1000;

/// Takes the next part of a batch back.
pub(super) fn decide(desk: Desk<'_>, batch: BatchKey, debts: bool) -> Outcome {
    let known = desk.ledger.import(&batch).ok_or(Refusal::ImportUnknown)?;
    if let Some(branch) = known.branch {
        desk.authority.on_branch(Verb::UndoImport, branch)?;
    }
    if desk.ledger.took_part(desk.authority.actor(), known.no) {
        return Err(Refusal::OwnImport.into());
    }
    if let Some(undo) = known.undo.filter(|it| it.done) {
        return Err(Refusal::ImportUndone { entry: undo.last }.into());
    }
    let mut undoing = Undoing::new(desk, known.no);
    // Nothing else changes who is one person.
    if known.undo.is_none_or(|it| undoing.desk.ledger.merged_since(it.last)) {
        undoing.can_be_told()?;
    }
    let last = undoing.all()?;
    undoing.owes(debts)?;
    let Undoing { desk, looked_at, reversed, rejected, restored, .. } = undoing;
    let looked_at = u32::try_from(looked_at).unwrap_or(u32::MAX);
    let event = Event::ImportUndone { batch, debts, looked_at, last, reversed, rejected, restored };
    Ok((event, desk.postings()?))
}

/// The record that stands, and the one that is to stand.
type Change = (Option<RecordNo>, Option<RecordNo>);

struct Undoing<'a> {
    desk: Desk<'a>,
    batch: BatchNo,
    looked_at: usize,
    reversed: Vec<RecordNo>,
    rejected: Vec<RecordNo>,
    restored: Vec<Restored>,
    /// Who would owe points, and how many.
    owing: Vec<(PassbookNo, Points)>,
}

impl<'a> Undoing<'a> {
    fn new(desk: Desk<'a>, batch: BatchNo) -> Self {
        let (reversed, rejected, restored) = (Vec::new(), Vec::new(), Vec::new());
        Self { desk, batch, looked_at: 0, reversed, rejected, restored, owing: Vec::new() }
    }

    /// Looks at one volunteer after the other, as many as go into an entry; whether it is the
    /// last.
    fn all(&mut self) -> Result<bool, Refusal> {
        let mut after = None;
        loop {
            let next = self.desk.ledger.next_said(self.batch, after, UNDO_MAX);
            let Some((passbook, matters)) = next else { return Ok(true) };
            let looked_at = self.looked_at.saturating_add(matters.len());
            if UNDO_MAX < looked_at {
                return Ok(false);
            }
            self.volunteer(passbook, &matters)?;
            self.looked_at = looked_at;
            after = matters.last().map(|it| (passbook, *it));
        }
    }

    /// Looks at all that the batch still says of people with several numbers, before any more of it
    /// is undone: they may have become one since the last part.
    fn can_be_told(&self) -> Result<(), Refusal> {
        let ledger = self.desk.ledger;
        let mut after = None;
        while ledger.merges().next().is_some()
            && let Some((passbook, matters)) = ledger.next_said(self.batch, after, UNDO_MAX)
        {
            if ledger.numbers(ledger.person(passbook), None).nth(1).is_some() {
                self.changes(passbook, &matters)?;
            }
            after = matters.last().map(|it| (passbook, *it));
        }
        Ok(())
    }

    /// What stands, and what is to stand without the batch, where that is not the same.
    fn changes(&self, passbook: PassbookNo, matters: &[Matter]) -> Result<Vec<Change>, Refusal> {
        let (ledger, batch) = (self.desk.ledger, self.batch);
        let numbers = ledger.numbers(ledger.person(passbook), None);
        let others: Vec<_> =
            numbers.filter(|it| *it != passbook).map(|it| (it, ledger.histories(it))).collect();
        let histories = ledger.histories(passbook);
        let mut changes = Vec::new();
        for matter in matters {
            let of_matter = histories.get(matter).into_iter().flatten();
            for history in of_matter.filter(|it| it.speaks(batch)) {
                let undone = |it| it == batch || ledger.is_undone(it, (passbook, *matter));
                let (stands, wanted) = (history.standing, history.without(undone));
                if stands.map(|it| ledger.origin(it)) == wanted {
                    continue;
                }
                // Which of two numbers has the say cannot be told while they are one person.
                if let Some((other, _)) = others.iter().find(|it| it.1.contains_key(matter)) {
                    return Err(Refusal::MergedSince { passbook, other: *other });
                }
                changes.push((stands, wanted));
            }
        }
        Ok(changes)
    }

    /// What goes leaves first, so that what comes back finds its time free.
    fn volunteer(&mut self, passbook: PassbookNo, matters: &[Matter]) -> Result<(), Refusal> {
        let person = self.desk.ledger.person(passbook);
        let before = self.desk.points_in_hand(person);
        let mut back = Vec::new();
        for (stands, wanted) in self.changes(passbook, matters)? {
            if self.desk.authority.is_own(passbook) {
                return Err(Refusal::OwnPassbook);
            }
            stands.map_or(Ok(()), |it| self.take_back(it))?;
            back.extend(wanted.map(|it| (it, stands)));
        }
        for (origin, instead_of) in back {
            self.restore(person, origin, instead_of)?;
        }
        self.weigh(person, before);
        Ok(())
    }

    fn take_back(&mut self, record: RecordNo) -> Result<(), Refusal> {
        let row = self.desk.record(record)?;
        if row.recorder == self.desk.authority.actor() {
            return Err(Refusal::OwnRecord { record });
        }
        let branch = self.desk.ledger.activity(row.activity).map(|it| it.branch);
        branch.map_or(Ok(()), |it| self.desk.authority.on_branch(Verb::UndoImport, it))?;
        if row.state == RecordState::Posted {
            self.desk.reversal_lines(&row, record)?;
            self.reversed.push(record);
        } else {
            self.desk.settle(record);
            self.rejected.push(record);
        }
        Ok(())
    }

    fn restore(
        &mut self,
        passbook: PassbookNo,
        origin: RecordNo,
        instead_of: Option<RecordNo>,
    ) -> Result<(), Refusal> {
        let ledger = self.desk.ledger;
        // It may have counted again before, and been evaluated since.
        let mut known = ledger.records_of(passbook).map(|it| it.0);
        let old = known.find(|it| ledger.origin(*it) == origin).unwrap_or(origin);
        let row = self.desk.record(old)?;
        let new = self.desk.restore(&row)?;
        self.restored.push(Restored { old, instead_of, new });
        Ok(())
    }

    /// Remembers who would lack points that are spent, or held for something.
    fn weigh(&mut self, passbook: PassbookNo, before: Points) {
        let after = self.desk.points_in_hand(passbook);
        let held = self.desk.ledger.passbook(passbook).map_or(Points::ZERO, |it| it.held);
        let available = after.minus(held).unwrap_or(after);
        if after < before && available.is_negative() {
            self.owing.retain(|it| it.0 != passbook);
            self.owing.push((passbook, available.negated()));
        }
    }

    fn owes(&self, debts: bool) -> Result<(), Refused> {
        match self.owing.first() {
            Some((passbook, missing)) if !debts => {
                let (passbook, missing) = (*passbook, *missing);
                let passbooks = self.owing.len();
                Err(Refusal::PointsSpent { passbook, missing, passbooks }.into())
            }
            _ => Ok(()),
        }
    }
}
