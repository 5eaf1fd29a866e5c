//! Taking in a sheet, part by part. Every row gets a verdict.
//!
//! A row that names the same volunteer, activity and time as a record is the same again, or a
//! correction of it: of totals, the last value sent for a volunteer and an activity counts.

use super::{
    Desk, Outcome,
    desk::{Assent, Booking},
};
use crate::{
    ActivityNo, BranchNo, Event, ImportHours, ImportRow, Minutes, NamedActivity, NewRecord,
    PassbookNo, Provenance, RecordNo, RecordRow, RecordState, Refusal, RowOutcome, RowService,
    RowVerdict, Service, ServiceTime, Standing, Verb, ledger::Total,
};

/// The verb of the rows that only an approver's import takes in.
const BY_APPROVER: Verb = Verb::CorrectHours;

pub(super) fn decide(mut desk: Desk<'_>, it: &ImportHours) -> Outcome {
    let branch = desk.branch(&it.branch)?.no;
    desk.authority.on_branch(Verb::ImportHours, branch)?;
    let known = desk.ledger.import(&it.part.batch);
    known.map_or(Ok(()), |it| it.stands())?;
    let expected = known.map_or(0, |it| it.parts);
    if known.is_some_and(|it| it.ended) {
        return Err(Refusal::ImportEnded.into());
    }
    if expected != it.part.part {
        return Err(Refusal::ImportOutOfOrder { expected }.into());
    }
    let approver = desk.authority.on_branch(BY_APPROVER, branch).is_ok();
    let total = |row: &ImportRow| matches!(row.service, RowService::Total(_));
    if !approver && (it.opening || it.rows.iter().any(total)) {
        return Err(Refusal::ImportNeedsApprover.into());
    }
    let sheet = Sheet { import: it, branch, approver };
    let rows = it.rows.iter().map(|row| {
        let activities = desk.activities.len();
        let verdict = sheet.verdict(&mut desk, row).unwrap_or_else(|refusal| {
            // What only a refused row names is not made.
            desk.activities.truncate(activities);
            RowVerdict::Refused(refusal.note())
        });
        RowOutcome { line: row.line, verdict }
    });
    let rows = rows.collect();
    let activities = std::mem::take(&mut desk.activities);
    Ok((Event::HoursImported { import: it.part, activities, rows }, desk.postings()?))
}

struct Sheet<'a> {
    import: &'a ImportHours,
    branch: BranchNo,
    approver: bool,
}

impl Sheet<'_> {
    fn verdict(&self, desk: &mut Desk<'_>, row: &ImportRow) -> Result<RowVerdict, Refusal> {
        let passbook = desk.person(row.volunteer)?;
        let service = self.service(row)?;
        let activity = desk.intern(self.branch, &self.activity(row));
        let Some((old, known)) = earlier(desk, passbook, activity, service) else {
            return self.first(desk, row, (passbook, activity, service));
        };
        if (known.time, known.minutes) == (service.time(), service.minutes())
            || is_total(service) && known.minutes == service.minutes()
        {
            return Ok(self.same(desk, old, service));
        }
        not_taken_back(desk, (passbook, activity, service))?;
        if known.state != RecordState::Posted {
            return Err(Refusal::RecordState { record: old, state: known.state });
        }
        // A sheet may mend what a sheet brought; what one entered oneself is another's to mend.
        let own = known.recorder == desk.authority.actor();
        let brought = desk.ledger.brought_by(old).is_some();
        let by_hand = desk.ledger.record(old).is_some() && !brought;
        let helped = known.help.is_some();
        if !self.approver || helped || own && by_hand || desk.authority.is_own(passbook) {
            return Err(Refusal::CorrectionNeedsApprover { record: old });
        }
        desk.attempt((passbook, old), |desk| {
            desk.reversal_lines(&known, old)?;
            if service.minutes().is_zero() {
                desk.say_zero(passbook, activity, is_total(service));
                return Ok(RowVerdict::Reversed(old));
            }
            // What is mended stays under the number it stood under.
            let new = self.book(desk, row, (known.passbook, activity, service), true)?;
            match new.standing {
                Standing::Posted(_) => Ok(RowVerdict::Corrected { old: Some(old), new }),
                Standing::Pending(level) => {
                    Err(Refusal::HigherApproverRequired { record: old, level })
                }
            }
        })
    }

    /// A row that no record stands for. A total of zero is remembered: of totals the last value
    /// sent counts, whatever it was before.
    fn first(
        &self,
        desk: &mut Desk<'_>,
        row: &ImportRow,
        (passbook, activity, service): (PassbookNo, ActivityNo, Service),
    ) -> Result<RowVerdict, Refusal> {
        not_taken_back(desk, (passbook, activity, service))?;
        let total = is_total(service);
        let was_zero = total && desk.said_zero(passbook, activity);
        if total && service.minutes().is_zero() {
            desk.say_zero(passbook, activity, true);
            let first = RowVerdict::Zero { passbook, activity };
            let same = RowVerdict::SameZero(Some((passbook, activity)));
            return Ok(if was_zero { same } else { first });
        }
        let new = self.book(desk, row, (passbook, activity, service), false)?;
        Ok(if was_zero { RowVerdict::Corrected { old: None, new } } else { RowVerdict::New(new) })
    }

    /// Of totals the last value counts, within a file too, so that none is a duplicate.
    fn same(&self, desk: &Desk<'_>, old: RecordNo, service: Service) -> RowVerdict {
        let known = desk.ledger.record(old).map(|it| it.entry);
        let batch = self.import.part.batch;
        let earlier = known.is_some_and(|entry| desk.ledger.imported_by(entry) != Some(batch));
        if earlier || is_total(service) {
            RowVerdict::Same(old)
        } else {
            RowVerdict::Duplicate(old)
        }
    }

    fn activity(&self, row: &ImportRow) -> NamedActivity {
        NamedActivity {
            branch: self.import.branch.clone(),
            name: row.name.clone(),
            category: row.category.clone(),
            place: row.place.clone(),
        }
    }

    fn service(&self, row: &ImportRow) -> Result<Service, Refusal> {
        Ok(match row.service {
            RowService::Interval(it) => Service::interval(it),
            RowService::Day(date, minutes) => Service::day(date, minutes),
            RowService::Total(minutes) => {
                let span = self.import.span.ok_or(Refusal::TotalsOnlyImported)?;
                Service::span(span, minutes)
            }
        })
    }

    fn book(
        &self,
        desk: &mut Desk<'_>,
        row: &ImportRow,
        (passbook, activity, service): (PassbookNo, ActivityNo, Service),
        mends: bool,
    ) -> Result<NewRecord, Refusal> {
        if service.minutes().is_negative() && !self.approver {
            return Err(Refusal::ImportNeedsApprover);
        }
        let opening = self.import.opening;
        desk.book(Booking {
            index: row.line,
            passbook,
            activity,
            service,
            provenance: if opening { Provenance::Opening } else { Provenance::Import },
            evaluation: None,
            forgotten: false,
            mends,
            paid: None,
            assent: if desk.authority.is_own(passbook) { Assent::Wanted } else { Assent::Ladder },
        })
    }
}

/// What a person rejected, or took back by hand, no sheet brings back.
fn not_taken_back(
    desk: &Desk<'_>,
    (passbook, activity, service): (PassbookNo, ActivityNo, Service),
) -> Result<(), Refusal> {
    let (time, minutes) = (service.time(), service.minutes());
    let Some(record) = desk.ledger.taken_back(passbook, activity, (time, minutes)) else {
        return Ok(());
    };
    Err(Refusal::TakenBack { record, state: desk.record(record)?.state })
}

fn is_total(service: Service) -> bool {
    matches!(service.time(), ServiceTime::Span(_))
}

/// The record that a row says again, or otherwise.
fn earlier(
    desk: &Desk<'_>,
    passbook: PassbookNo,
    activity: ActivityNo,
    service: Service,
) -> Option<(RecordNo, RecordRow)> {
    let starts = |time: ServiceTime| match (time, service.time()) {
        (ServiceTime::Interval(a), ServiceTime::Interval(b)) => a.start() == b.start(),
        (ServiceTime::Day(a), ServiceTime::Day(b)) => a == b,
        (ServiceTime::Span(_), ServiceTime::Span(_)) => true,
        _ => false,
    };
    let fits = |it: ActivityNo, time: ServiceTime| it == activity && starts(time);
    // A deduction of a day stands beside the service of that day.
    let signs = |it: &NewRecord| {
        is_total(service) || it.minutes.is_negative() == service.minutes().is_negative()
    };
    let mut new = desk.new_records(passbook);
    let in_hand = new.find(|it| fits(it.activity, it.time) && signs(it)).map(|it| it.no);
    let in_ledger = || match service.time() {
        ServiceTime::Span(_) => match desk.ledger.total(passbook, activity)? {
            Total::Record(no) => Some(no),
            Total::Zero => None,
        },
        ServiceTime::Interval(it) => desk.starting(passbook, it.start(), fits),
        ServiceTime::Day(date) if service.minutes() < Minutes::ZERO => {
            desk.deducted(passbook, activity, date)
        }
        ServiceTime::Day(date) => desk.starting(passbook, desk.ledger.day(date)?.0, fits),
    };
    let no = in_hand.or_else(|| in_ledger().filter(|it| !desk.is_gone(*it)))?;
    Some((no, desk.record(no).ok()?))
}
