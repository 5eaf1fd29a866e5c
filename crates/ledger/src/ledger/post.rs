//! Posting (过账): adding an entry to the ledger. Decides nothing.

use jiff::civil::Date;
use thiserror::Error;

use super::{Bank, Ledger, Slot, rows::*};
use crate::{
    Account, Activity, ActorNo, BankOpened, CheckInClosed, Entry, EntryNo, Event, Handle, LineKind,
    Minutes, NewRecord, PassbookNo, Points, Posting, Reason, RecordNo, Registration, RowVerdict,
    Rulebook, RulebookVersion, Seal, ServiceTime, Standing, TokenGrant, VolunteerStatus, Zone,
};

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

type Posted = Result<(), &'static str>;

impl Ledger {
    /// Adds the entry after the head, with the seal over its stored bytes.
    ///
    /// An entry that [`Ledger::decide`] made never fails. One that was changed since may, and
    /// leaves a ledger that must not be used.
    pub fn post(&mut self, entry: &Entry, seal: Seal) -> Result<(), Damage> {
        self.try_post(entry, seal).map_err(|what| Damage { entry: entry.no, what })
    }

    fn try_post(&mut self, entry: &Entry, seal: Seal) -> Posted {
        if entry.no != self.next_entry() {
            return Err("its number is not the next");
        }
        if entry.previous != self.seal.unwrap_or(Seal::NONE) {
            return Err("it names another seal before it");
        }
        if self.recorded.last().is_some_and(|last| entry.recorded_at <= *last) {
            return Err("it was recorded before the entry before it");
        }
        self.recorded.push_back(entry.recorded_at);
        self.seal = Some(seal);
        if self.requests.insert(entry.request, (entry.no, entry.fingerprint)).is_some() {
            return Err("its request made an entry before");
        }
        self.post_event(entry)?;
        self.post_postings(entry)
    }

    fn post_event(&mut self, entry: &Entry) -> Posted {
        match &entry.event {
            Event::BankOpened(it) => self.post_bank(it, entry),
            Event::BranchCreated(it) => {
                let code = it.code.as_str().to_ascii_lowercase();
                self.branch_codes.insert(code, it.no);
                self.branches.push_back(it.clone());
                expect(it.no.get(), self.branches.len())
            }
            Event::BranchRenamed { branch, name } => {
                let row = self.branches.get_mut(at(branch.get())).ok_or("no such branch")?;
                row.name = name.clone();
                Ok(())
            }
            Event::VolunteersRegistered { volunteers, .. } => {
                volunteers.iter().try_for_each(|it| self.post_registration(it))
            }
            Event::VolunteerMoved { passbook, branch } => {
                self.volunteer_mut(*passbook)?.branch = *branch;
                Ok(())
            }
            Event::VolunteerStatusChanged { passbook, status } => {
                self.volunteer_mut(*passbook)?.status = *status;
                Ok(())
            }
            Event::PersonErased { passbook } => {
                if let Some(tag) = self.volunteer_mut(*passbook)?.tag.take() {
                    self.volunteer_tags.remove(&tag);
                }
                Ok(())
            }
            Event::RulebookAdopted { version, in_force_from, text } => {
                self.post_rulebook(*version, *in_force_from, text)
            }
            Event::TokenIssued(it) => self.post_token(it),
            Event::TokenRevoked { token } => {
                self.tokens.get_mut(at(token.get())).ok_or("no such token")?.revoked = true;
                Ok(())
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
            | Event::CheckedIn { .. }
            | Event::CheckedOut(_)
            | Event::CheckInCancelled { .. }
            | Event::CheckInsClosed { .. } => self.post_hours(entry),
        }
    }

    fn post_hours(&mut self, entry: &Entry) -> Posted {
        match &entry.event {
            Event::ActivityCreated(it) => self.post_activity(it),
            Event::HoursRecorded { activities, records, .. } => {
                activities.iter().try_for_each(|it| self.post_activity(it))?;
                records.iter().try_for_each(|it| self.post_record(it, entry, None))
            }
            Event::HoursApproved { records, .. } => {
                for it in records {
                    self.settle(it.record, RecordState::Posted, entry.no, None)?;
                    self.record_mut(it.record)?.credit = it.credit;
                }
                Ok(())
            }
            Event::HoursRejected { records, reason, .. } => records.iter().try_for_each(|it| {
                self.settle(*it, RecordState::Rejected, entry.no, Some(*reason))
            }),
            Event::HoursReversed { records, reason, .. } => records.iter().try_for_each(|it| {
                self.settle(*it, RecordState::Reversed, entry.no, Some(*reason))
            }),
            Event::HoursCorrected { old, reason, activities, new } => {
                activities.iter().try_for_each(|it| self.post_activity(it))?;
                self.replace(*old, new, *reason, entry)
            }
            Event::HoursDeducted { activities, record, reason } => {
                activities.iter().try_for_each(|it| self.post_activity(it))?;
                self.post_record(record, entry, Some(*reason))
            }
            Event::HoursEvaluated { record, evaluation } => {
                self.record_mut(*record)?.evaluation = Some(*evaluation);
                Ok(())
            }
            Event::HoursImported { .. } => self.post_import(entry),
            Event::CheckedIn { passbook, activity, at } => {
                let open = OpenCheckIn { activity: *activity, at: *at, actor: entry.actor };
                self.check_ins.insert(*passbook, open);
                Ok(())
            }
            Event::CheckedOut(it) => self.post_closed(it, entry),
            Event::CheckInCancelled { passbook } => {
                self.check_ins.remove(passbook);
                Ok(())
            }
            Event::CheckInsClosed { closed } => {
                closed.iter().try_for_each(|it| self.post_closed(it, entry))
            }
            Event::BankOpened(_)
            | Event::BranchCreated(_)
            | Event::BranchRenamed { .. }
            | Event::VolunteersRegistered { .. }
            | Event::VolunteerMoved { .. }
            | Event::VolunteerStatusChanged { .. }
            | Event::PersonErased { .. }
            | Event::RulebookAdopted { .. }
            | Event::TokenIssued(_)
            | Event::TokenRevoked { .. } => Err("it is no event of hours"),
        }
    }

    fn post_bank(&mut self, it: &BankOpened, entry: &Entry) -> Posted {
        if entry.no != EntryNo::FIRST {
            return Err("the bank was opened before");
        }
        let zone = Zone::named(&it.zone).map_err(|_| "its time zone is not known")?;
        let today = zone.date_at(entry.recorded_at);
        self.bank = Some(Bank { name: it.name.clone(), zone });
        let bank = Handle::new("bank").map_err(|_| "the bank has no handle")?;
        self.post_actor(ActorNo::BANK, &bank)?;
        self.post_rulebook(RulebookVersion::FIRST, today, &it.rulebook)?;
        self.post_token(&it.operator)
    }

    fn post_actor(&mut self, no: ActorNo, handle: &Handle) -> Posted {
        if self.actor_handles.get(handle).is_some_and(|known| *known == no) {
            return Ok(());
        }
        self.actors.push_back(handle.clone());
        self.actor_handles.insert(handle.clone(), no);
        expect(no.get(), self.actors.len())
    }

    fn post_token(&mut self, it: &TokenGrant) -> Posted {
        self.post_actor(it.actor, &it.handle)?;
        self.token_hashes.insert(it.hash, it.no);
        self.tokens.push_back(TokenRow { grant: it.clone(), revoked: false });
        expect(it.no.get(), self.tokens.len())
    }

    fn post_rulebook(&mut self, version: RulebookVersion, from: Date, text: &str) -> Posted {
        let rules = Rulebook::parse(text).map_err(|_| "its rulebook cannot be read")?;
        let row = RulebookRow { version, in_force_from: from, rules: rules.into() };
        self.rulebooks.push_back(row);
        expect(version.get(), self.rulebooks.len())
    }

    fn post_registration(&mut self, it: &Registration) -> Posted {
        let row = VolunteerRow {
            volunteer: it.volunteer,
            tag: Some(it.tag),
            branch: it.branch,
            joined: it.joined,
            status: VolunteerStatus::Active,
        };
        self.volunteers.push_back(row);
        self.passbooks.push_back(PassbookRow::default());
        self.volunteer_tags.insert(it.tag, it.passbook);
        self.volunteer_ids.insert(it.volunteer, it.passbook);
        expect(it.passbook.get(), self.volunteers.len())
    }

    fn post_activity(&mut self, it: &Activity) -> Posted {
        if it.window.is_none() {
            let key = (it.branch, it.name.clone(), it.category.clone(), it.place.clone());
            self.activity_keys.insert(key, it.no);
        }
        self.activities.push_back(it.clone());
        expect(it.no.get(), self.activities.len())
    }

    fn post_import(&mut self, entry: &Entry) -> Posted {
        let Event::HoursImported { import, activities, rows } = &entry.event else {
            return Ok(());
        };
        activities.iter().try_for_each(|it| self.post_activity(it))?;
        for row in rows {
            match &row.verdict {
                RowVerdict::New(new) => self.post_record(new, entry, None)?,
                RowVerdict::Corrected { old: Some(old), new } => {
                    self.replace(*old, new, Reason::Resent, entry)?;
                }
                RowVerdict::Corrected { old: None, new } => self.post_record(new, entry, None)?,
                RowVerdict::Zero { passbook, activity } => {
                    self.totals.insert((*passbook, *activity), None);
                }
                RowVerdict::Reversed(old) => {
                    let reason = Some(Reason::Resent);
                    self.settle(*old, RecordState::Reversed, entry.no, reason)?;
                }
                RowVerdict::Same(_)
                | RowVerdict::SameZero
                | RowVerdict::Duplicate(_)
                | RowVerdict::Refused(_) => {}
            }
        }
        self.import_entries.insert(entry.no, import.batch);
        let parts = import.part.saturating_add(1);
        self.imports.insert(import.batch, ImportRowState { parts, ended: import.last });
        Ok(())
    }

    fn post_closed(&mut self, it: &CheckInClosed, entry: &Entry) -> Posted {
        self.check_ins.remove(&it.passbook);
        it.record.as_ref().map_or(Ok(()), |it| self.post_record(it, entry, None))
    }

    fn replace(&mut self, old: RecordNo, new: &NewRecord, reason: Reason, entry: &Entry) -> Posted {
        self.settle(old, RecordState::Reversed, entry.no, Some(reason))?;
        self.record_mut(old)?.replaced_by = Some(new.no);
        self.post_record(new, entry, None)
    }

    fn post_record(&mut self, it: &NewRecord, entry: &Entry, reason: Option<Reason>) -> Posted {
        let passbook = self.passbooks.get_mut(at(it.passbook.get())).ok_or("no such passbook")?;
        let before = passbook.last_record.replace(it.no);
        let (state, level, credit) = match it.standing {
            Standing::Posted(credit) => (RecordState::Posted, None, credit),
            Standing::Pending(level) => {
                (RecordState::Pending, Some(level), crate::Credit::default())
            }
        };
        let row = RecordRow {
            entry: entry.no,
            index: it.index,
            recorder: entry.actor,
            passbook: it.passbook,
            activity: it.activity,
            time: it.time,
            date: it.date,
            minutes: it.minutes,
            provenance: it.provenance,
            state,
            level,
            credit,
            forgotten: it.forgotten,
            evaluation: it.evaluation,
            decided: None,
            reason,
            replaced_by: None,
            before,
        };
        if state == RecordState::Pending {
            let branch = self.activity(it.activity).ok_or("no such activity")?.branch;
            self.pending.insert((branch, it.no));
        }
        self.enter_agenda(it.no, &row)?;
        self.records.push_back(row);
        expect(it.no.get(), self.records.len())
    }

    fn enter_agenda(&mut self, no: RecordNo, row: &RecordRow) -> Posted {
        match row.time {
            ServiceTime::Span(_) => {
                self.totals.insert((row.passbook, row.activity), Some(no));
            }
            ServiceTime::Day(_) | ServiceTime::Interval(_) if row.minutes.is_negative() => {}
            ServiceTime::Interval(it) => {
                self.agenda.insert((row.passbook, it.start(), no), Slot::Until(it.end()));
            }
            ServiceTime::Day(date) => {
                let (midnight, _) = self.day(date).ok_or("its day is out of range")?;
                self.agenda.insert((row.passbook, midnight, no), Slot::Loose(row.minutes));
            }
        }
        Ok(())
    }

    fn leave_agenda(&mut self, no: RecordNo, row: &RecordRow) -> Posted {
        match row.time {
            ServiceTime::Span(_) => {
                self.totals.insert((row.passbook, row.activity), None);
            }
            ServiceTime::Interval(it) => {
                self.agenda.remove(&(row.passbook, it.start(), no));
            }
            ServiceTime::Day(date) => {
                let (midnight, _) = self.day(date).ok_or("its day is out of range")?;
                self.agenda.remove(&(row.passbook, midnight, no));
            }
        }
        Ok(())
    }

    /// Moves a record to its next state.
    fn settle(
        &mut self,
        no: RecordNo,
        state: RecordState,
        entry: EntryNo,
        reason: Option<Reason>,
    ) -> Posted {
        let row = self.record_mut(no)?;
        row.state = state;
        row.decided = Some(entry);
        row.reason = reason;
        let row = *row;
        let branch = self.activity(row.activity).ok_or("no such activity")?.branch;
        self.pending.remove(&(branch, no));
        match state {
            RecordState::Rejected | RecordState::Reversed => self.leave_agenda(no, &row),
            RecordState::Pending | RecordState::Posted => Ok(()),
        }
    }

    fn post_postings(&mut self, entry: &Entry) -> Posted {
        let (mut minutes, mut points) = (Minutes::ZERO, Points::ZERO);
        for posting in &entry.postings {
            minutes = minutes.plus(posting.minutes).ok_or("its minutes are out of range")?;
            points = points.plus(posting.points).ok_or("its points are out of range")?;
            match posting.account {
                Account::Passbook(passbook) => self.post_line(passbook, posting, entry.no)?,
                Account::Bank(..) => self.post_account(posting)?,
            }
        }
        if minutes.is_zero() && points.is_zero() {
            return Ok(());
        }
        Err("its postings do not sum to zero")
    }

    fn post_account(&mut self, posting: &Posting) -> Posted {
        let before = self.accounts.get(&posting.account).copied().unwrap_or_default();
        let after = Balance { minutes: posting.minutes_after, points: posting.points_after };
        follows(before, posting, after)?;
        self.accounts.insert(posting.account, after);
        Ok(())
    }

    fn post_line(&mut self, no: PassbookNo, posting: &Posting, entry: EntryNo) -> Posted {
        let position = u32::try_from(self.lines.len()).map_err(|_| "too many lines")?;
        let row = self.passbooks.get_mut(at(no.get())).ok_or("no such passbook")?;
        let after = Balance { minutes: posting.minutes_after, points: posting.points_after };
        follows(Balance { minutes: row.minutes, points: row.points }, posting, after)?;
        let line = posting.line.ok_or("a passbook's posting has no line")?;
        let before = row.last_line;
        row.lines = row.lines.saturating_add(1);
        row.last_line = position.saturating_add(1);
        row.minutes = after.minutes;
        row.points = after.points;
        let lines = row.lines;
        self.lines.push_back(LineRow {
            no: line,
            entry,
            kind: posting.kind,
            record: posting.record,
            minutes: posting.minutes,
            minutes_after: after.minutes,
            points: posting.points,
            points_after: after.points,
            before,
        });
        self.post_year(no, posting)?;
        if line.get() == u64::from(lines) { Ok(()) } else { Err("its line is not the next") }
    }

    /// Totals by calendar year: of the civil date the record counts for.
    fn post_year(&mut self, no: PassbookNo, posting: &Posting) -> Posted {
        let Some(record) = posting.record else { return Ok(()) };
        let row = self.record(record).ok_or("no such record")?;
        let (year, credit) = (row.date.year(), row.credit);
        let branch = self.activity(row.activity).ok_or("no such activity")?.branch;
        let years = self.passbook_years.entry((no, year, branch)).or_insert(0);
        *years = years.checked_add(posting.minutes.get()).ok_or("a year is out of range")?;
        let overflow = match posting.kind {
            LineKind::Reversed => credit.overflow.negated(),
            LineKind::Earned | LineKind::Opened | LineKind::Deducted => credit.overflow,
        };
        let total = self.branch_years.entry((branch, year)).or_default();
        let points = total.points.plus(posting.points).and_then(|it| it.plus(overflow));
        total.minutes = total.minutes.plus(posting.minutes).ok_or("a year is out of range")?;
        total.points = points.ok_or("a year is out of range")?;
        Ok(())
    }

    fn volunteer_mut(&mut self, no: PassbookNo) -> Result<&mut VolunteerRow, &'static str> {
        self.volunteers.get_mut(at(no.get())).ok_or("no such passbook")
    }

    fn record_mut(&mut self, no: RecordNo) -> Result<&mut RecordRow, &'static str> {
        self.records.get_mut(at(no.get())).ok_or("no such record")
    }
}

fn follows(before: Balance, posting: &Posting, after: Balance) -> Posted {
    let minutes = before.minutes.plus(posting.minutes);
    let points = before.points.plus(posting.points);
    if (minutes, points) == (Some(after.minutes), Some(after.points)) {
        return Ok(());
    }
    Err("a balance is not the one before plus the amount")
}

/// Numbers are given in order, so a new one is the length of its table.
fn expect(no: u64, len: usize) -> Posted {
    if u64::try_from(len) == Ok(no) { Ok(()) } else { Err("a number it gives is not the next") }
}

/// The place of a number in its table.
pub(super) fn at(no: u64) -> usize {
    usize::try_from(no.saturating_sub(1)).unwrap_or(usize::MAX)
}
