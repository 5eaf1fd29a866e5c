//! Posting what concerns activities, hours records, imports and check-ins.

use super::{Posted, at, expect};
use crate::{
    Activity, CheckInClosed, Credited, Entry, EntryNo, Event, NewRecord, Reason, RecordNo,
    ServiceTime,
    ledger::{
        Ledger, OpenCheckIn, RecordRow, RecordState, Said, ServiceClass, Total,
        diary::{Diary, Slot, SlotRow},
    },
};

impl Ledger<'_> {
    #[expect(clippy::too_many_lines, reason = "one arm for each event")]
    pub(super) fn post_hours(&mut self, entry: &Entry) -> Posted {
        self.post_activities(&entry.event)?;
        match &entry.event {
            Event::ActivityCreated(it) => self.post_activity(it),
            Event::HoursRecorded { records, .. } => {
                records.iter().try_for_each(|it| self.post_record(it, entry, None))
            }
            Event::HoursApproved { records, .. } => {
                records.iter().try_for_each(|it| self.post_approval(it, entry.no))
            }
            Event::HoursRejected { records, reason, .. } => {
                self.settle_all(records, RecordState::Rejected, (entry.no, *reason))
            }
            Event::HoursReversed { records, reason, .. } => {
                self.settle_all(records, RecordState::Reversed, (entry.no, *reason))
            }
            Event::HoursCorrected { old, reason, new, .. } => {
                self.replace(*old, new, *reason, entry)
            }
            Event::HoursDeducted { record, reason, .. } => {
                self.post_record(record, entry, Some(*reason))
            }
            Event::HoursEvaluated { record, evaluation } => {
                self.record_mut(*record).map(|it| it.evaluation = Some(*evaluation))
            }
            Event::HoursImported { import, rows, .. } => self.post_import(import, rows, entry),
            Event::ImportUndone { .. } => self.post_undo(entry),
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
            | Event::TokenRevoked { .. }
            | Event::NeedClassSet { .. }
            | Event::PointsExpired { .. }
            | Event::Gift(_)
            | Event::Help(_)
            | Event::Honour(_)
            | Event::Merge(_)
            | Event::Reward(_) => Err("it is no event of hours"),
        }
    }

    fn post_approval(&mut self, it: &Credited, entry: EntryNo) -> Posted {
        self.settle(it.record, RecordState::Posted, entry, None)?;
        let passbook = self.record(it.record).ok_or("no such record")?.passbook;
        let home = self.person_row(passbook).ok_or("no such passbook")?.branch;
        let row = self.record_mut(it.record)?;
        (row.credit, row.home) = (it.credit, home);
        Ok(())
    }

    fn post_activities(&mut self, event: &Event) -> Posted {
        if let Event::HoursRecorded { activities, .. }
        | Event::HoursCorrected { activities, .. }
        | Event::HoursDeducted { activities, .. }
        | Event::HoursImported { activities, .. } = event
        {
            activities.iter().try_for_each(|it| self.post_activity(it))?;
        }
        Ok(())
    }

    pub(super) fn post_activity(&mut self, it: &Activity) -> Posted {
        if it.window.is_none() {
            let key = (it.branch, it.name.clone(), it.category.clone(), it.place.clone());
            self.activity_keys.insert(key, it.no);
        }
        self.post_class(it)?;
        self.activities.push(it.clone());
        expect(it.no.get(), self.activities.len())
    }

    fn post_class(&mut self, it: &Activity) -> Posted {
        let class = ServiceClass { branch: it.branch, category: it.category.clone() };
        let known = self.class_nos.get(&class).copied();
        let next = u32::try_from(self.classes.len()).map_err(|_| "too many classes")?;
        if known.is_none() {
            self.classes.push(class.clone());
            self.class_nos.insert(class, next);
        }
        self.activity_classes.push(known.unwrap_or(next));
        Ok(())
    }

    fn post_closed(&mut self, it: &CheckInClosed, entry: &Entry) -> Posted {
        self.check_ins.remove(&it.passbook);
        it.record.as_ref().map_or(Ok(()), |it| self.post_record(it, entry, None))
    }

    pub(super) fn replace(
        &mut self,
        old: RecordNo,
        new: &NewRecord,
        reason: Reason,
        entry: &Entry,
    ) -> Posted {
        self.settle(old, RecordState::Reversed, entry.no, Some(reason))?;
        self.record_mut(old)?.replaced_by = Some(new.no);
        self.post_record(new, entry, None)
    }

    pub(super) fn post_record(
        &mut self,
        it: &NewRecord,
        entry: &Entry,
        reason: Option<Reason>,
    ) -> Posted {
        let passbook = self.passbooks.get_mut(at(it.passbook.get())).ok_or("no such passbook")?;
        let before = passbook.last_record.replace(it.no);
        let home = self.person_row(it.passbook).ok_or("no such passbook")?.branch;
        let made = RecordRow::new(it, (entry.no, entry.actor), home, reason);
        let row = RecordRow { before, ..made };
        if row.state == RecordState::Pending {
            let branch = self.activity(it.activity).ok_or("no such activity")?.branch;
            self.pending.insert((branch, it.no), ());
        }
        self.enter_agenda(it.no, &row)?;
        self.records.push(row);
        expect(it.no.get(), self.records.len())
    }

    fn enter_agenda(&mut self, no: RecordNo, row: &RecordRow) -> Posted {
        match row.time {
            ServiceTime::Span(_) => {
                self.totals.insert((row.passbook, row.activity), Total::Record(no));
            }
            ServiceTime::Day(_) | ServiceTime::Interval(_) if row.minutes.is_negative() => {}
            ServiceTime::Interval(it) => {
                let slot = SlotRow { start: it.start(), record: no, slot: Slot::Until(it.end()) };
                self.diary_mut(row.passbook)?.enter(slot);
            }
            ServiceTime::Day(date) => {
                let (midnight, _) = self.day(date).ok_or("its day is out of range")?;
                let minutes =
                    u16::try_from(row.minutes.get()).map_err(|_| "its day is too full")?;
                let slot = SlotRow { start: midnight, record: no, slot: Slot::Loose(minutes) };
                self.diary_mut(row.passbook)?.enter(slot);
            }
        }
        Ok(())
    }

    fn leave_agenda(&mut self, no: RecordNo, row: &RecordRow) -> Posted {
        match row.time {
            ServiceTime::Span(_) => {
                self.totals.insert((row.passbook, row.activity), Total::Zero);
            }
            ServiceTime::Interval(it) => {
                self.diary_mut(row.passbook)?.leave(it.start(), no);
            }
            ServiceTime::Day(date) => {
                let (midnight, _) = self.day(date).ok_or("its day is out of range")?;
                self.diary_mut(row.passbook)?.leave(midnight, no);
            }
        }
        Ok(())
    }

    fn settle_all(
        &mut self,
        records: &[RecordNo],
        state: RecordState,
        (entry, reason): (EntryNo, Reason),
    ) -> Posted {
        records.iter().try_for_each(|it| self.settle(*it, state, entry, Some(reason)))
    }

    /// Moves a record to its next state.
    pub(super) fn settle(
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
            RecordState::Rejected | RecordState::Reversed => {
                if !matches!(reason, Some(Reason::Resent | Reason::Undone)) {
                    let said = Said::new((row.time, row.minutes));
                    self.taken_back.insert((row.passbook, row.activity, said), no);
                }
                self.leave_agenda(no, &row)
            }
            RecordState::Pending | RecordState::Posted => Ok(()),
        }
    }

    pub(super) fn diary_mut(&mut self, no: crate::PassbookNo) -> Result<&mut Diary, &'static str> {
        self.diaries.get_mut(at(no.get())).ok_or("no such passbook")
    }

    pub(super) fn record_mut(&mut self, no: RecordNo) -> Result<&mut RecordRow, &'static str> {
        self.records.get_mut(at(no.get())).ok_or("no such record")
    }
}
