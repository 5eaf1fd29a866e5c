//! What the ledger says, as messages.

mod award;
mod honour;
mod import;
mod line;
mod merge;
mod outcome;
mod redemption;
mod transfer;

use lovebank_ledger::{
    Activity, ActivityDeadline, Balance, Branch, Entry, Event, Interval, Ledger, NewRecord,
    PassbookNo, Purpose, Reason, RecordNo, RecordRow, RowOutcome, RowVerdict, Scope, ServiceTime,
    Standing, TokenRow,
};

pub use award::{certificate_number, objection, run};
pub use honour::{Names, honour, judged, reach, title};
pub use import::{import_batch, import_state, undone};
pub use line::line;
pub use merge::{merge, numbers};
pub use outcome::{drift, fate, outcome, selection_row};
pub use redemption::{comparison, hold, moves, redemption, reward, scores};
pub use transfer::{draw, gift, help, known_gift};

use crate::{kinds, scalar, status, v1};

/// A branch.
pub fn branch(ledger: &Ledger<'_>, it: &Branch) -> v1::Branch {
    let parent = it.parent.and_then(|no| ledger.branch(no));
    v1::Branch {
        code: it.code.to_string(),
        name: it.name.to_string(),
        kind: kinds::to_branch_kind(it.kind).into(),
        parent_code: parent.map(|it| it.code.to_string()).unwrap_or_default(),
    }
}

/// The code of a branch.
pub fn branch_code(ledger: &Ledger<'_>, no: lovebank_ledger::BranchNo) -> String {
    ledger.branch(no).map(|it| it.code.to_string()).unwrap_or_default()
}

/// An account of the bank's own.
pub fn bank_account(purpose: Purpose, it: Balance) -> v1::BankAccount {
    v1::BankAccount {
        purpose: kinds::to_purpose(purpose).into(),
        minutes: it.minutes.get(),
        points: Some(scalar::to_points(it.points)),
    }
}

/// An activity.
pub fn activity(ledger: &Ledger<'_>, it: &Activity) -> v1::Activity {
    let window = it.window.map(scalar::to_interval);
    v1::Activity {
        activity_no: it.no.get(),
        branch_code: branch_code(ledger, it.branch),
        name: it.name.to_string(),
        category: it.category.as_ref().map(ToString::to_string).unwrap_or_default(),
        place: it.place.as_ref().map(ToString::to_string).unwrap_or_default(),
        start_time: window.and_then(|it| it.start_time),
        end_time: window.and_then(|it| it.end_time),
    }
}

fn record_time(it: ServiceTime) -> v1::hours_record::Time {
    use v1::hours_record::Time;
    match it {
        ServiceTime::Interval(it) => Time::Interval(interval(it)),
        ServiceTime::Day(date) => Time::Day(scalar::to_date(date)),
        ServiceTime::Span(it) => Time::Span(scalar::to_span(it)),
    }
}

fn interval(it: Interval) -> v1::Interval {
    scalar::to_interval(it)
}

fn level(it: Option<lovebank_ledger::Level>) -> i32 {
    it.map_or(v1::ApprovalLevel::Unspecified, kinds::to_level).into()
}

/// How the hours of an activity were recorded.
pub fn activity_deadline(ledger: &Ledger<'_>, it: &ActivityDeadline) -> v1::ActivityDeadline {
    v1::ActivityDeadline {
        activity: ledger.activity(it.activity).map(|it| activity(ledger, it)),
        ended: Some(scalar::to_date(it.ended)),
        deadline: Some(scalar::to_date(it.deadline.date)),
        deadline_certain: it.deadline.certain,
        timeliness: kinds::to_timeliness(it.timeliness).into(),
        recorded: it.recorded,
        late: it.late,
        pending: it.pending,
        last_recorded: it.last.map(scalar::to_date),
        working_days_over: it.days_over,
    }
}

/// A record as it stands; the volunteer number and the annotation are the vault's to add.
pub fn record(ledger: &Ledger<'_>, no: RecordNo, it: &RecordRow) -> v1::HoursRecord {
    shown(ledger, no, it, ledger.activity(it.activity))
}

fn shown(
    ledger: &Ledger<'_>,
    no: RecordNo,
    it: &RecordRow,
    served: Option<&Activity>,
) -> v1::HoursRecord {
    let handle = ledger.handle(it.recorder);
    v1::HoursRecord {
        record_no: no.get(),
        seq: it.entry.get(),
        volunteer_number: String::new(),
        passbook_no: it.passbook.get(),
        activity: served.map(|it| activity(ledger, it)),
        time: Some(record_time(it.time)),
        date: Some(scalar::to_date(it.date)),
        minutes: it.minutes.get(),
        provenance: kinds::to_provenance(it.provenance).into(),
        state: kinds::to_record_state(it.state).into(),
        level: level(it.level),
        points: Some(scalar::to_points(it.credit.points)),
        overflow: Some(scalar::to_points(it.credit.overflow)),
        recorder: handle.map(ToString::to_string).unwrap_or_default(),
        evaluation: it.evaluation.map(evaluation),
        forgotten_check_out: it.forgotten,
        replaced_by: it.replaced_by.map_or(0, RecordNo::get),
        decided_seq: scalar::seq(it.decided),
        reason: it.reason.map_or(v1::Reason::Unspecified, kinds::to_reason).into(),
        annotation: None,
    }
}

fn evaluation(it: lovebank_ledger::Evaluation) -> v1::Evaluation {
    v1::Evaluation { grade: it.grade.get(), date: Some(scalar::to_date(it.date)) }
}

/// The first record that an entry made, as it was when made: a replay gives it again.
pub fn first_record(ledger: &Ledger<'_>, entry: &Entry) -> Option<v1::HoursRecord> {
    let (made, it, reason) = record_of(&entry.event)?;
    let home = ledger.volunteer(it.passbook)?.branch;
    let row = RecordRow::new(it, (entry.no, entry.actor), home, reason);
    // The ledger does not know the activities of an entry that is only tried.
    let known = ledger.activity(it.activity);
    let served = known.or_else(|| made.iter().find(|made| made.no == it.activity));
    Some(shown(ledger, it.no, &row, served))
}

/// The first record that an event made, with the activities made with it, and why.
fn record_of(event: &Event) -> Option<(&[Activity], &NewRecord, Option<Reason>)> {
    if let Event::HoursRecorded { activities, records, .. } = event {
        return Some((activities, records.first()?, None));
    }
    if let Event::HoursCorrected { activities, new, .. } = event {
        return Some((activities, new, None));
    }
    if let Event::HoursDeducted { activities, record, reason } = event {
        return Some((activities, record, Some(*reason)));
    }
    if let Event::CheckedOut(closed) = event {
        return Some((&[], closed.record.as_ref()?, None));
    }
    None
}

/// A record of a sheet.
pub fn recorded(it: &NewRecord) -> v1::RecordedHours {
    v1::RecordedHours {
        index: it.index,
        record_no: it.no.get(),
        state: kinds::to_record_state(it.standing.state()).into(),
        level: level(it.standing.level()),
    }
}

/// A token, all but its secret.
pub fn token(ledger: &Ledger<'_>, it: &TokenRow) -> v1::Token {
    use v1::grant::Scope as Shown;
    let grant = |it: &lovebank_ledger::Grant| v1::Grant {
        role: kinds::to_role(it.role).into(),
        scope: Some(match it.scope {
            Scope::Bank => Shown::Bank(true),
            Scope::Branch(no) => Shown::BranchCode(branch_code(ledger, no)),
            Scope::Passbook(no) => Shown::PassbookNo(PassbookNo::get(no)),
        }),
    };
    v1::Token {
        token_no: it.grant.no.get(),
        handle: it.grant.handle.to_string(),
        grants: it.grant.grants.iter().map(grant).collect(),
        expire_time: it.grant.expires.map(scalar::to_timestamp),
        revoked: it.revoked,
    }
}

/// The verdict on a row.
pub fn verdict(it: &RowOutcome) -> v1::RowVerdict {
    let mut message = v1::RowVerdict { line: it.line, ..v1::RowVerdict::default() };
    let verdict = match &it.verdict {
        RowVerdict::New(new) => {
            message.record_no = new.no.get();
            message.level = level(new.standing.level());
            match new.standing {
                Standing::Pending(_) => v1::Verdict::NewPending,
                Standing::Posted(_) if new.minutes.is_negative() => v1::Verdict::Deduction,
                Standing::Posted(_) => v1::Verdict::New,
            }
        }
        RowVerdict::Same(no) => {
            message.record_no = no.get();
            v1::Verdict::Same
        }
        RowVerdict::SameZero(_) => v1::Verdict::Same,
        RowVerdict::Duplicate(no) => {
            message.record_no = no.get();
            v1::Verdict::Duplicate
        }
        RowVerdict::Corrected { old, new } => {
            message.record_no = new.no.get();
            message.replaced_record_no = old.map_or(0, RecordNo::get);
            v1::Verdict::Corrected
        }
        RowVerdict::Reversed(old) => {
            message.replaced_record_no = old.get();
            v1::Verdict::Reversed
        }
        RowVerdict::Zero { .. } => v1::Verdict::Zero,
        RowVerdict::Refused(note) => {
            message.refusal = Some(status::refusal(note));
            v1::Verdict::Refused
        }
    };
    message.verdict = verdict.into();
    message
}
