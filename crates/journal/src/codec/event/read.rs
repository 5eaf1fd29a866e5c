//! Events, as stored.

use lovebank_ledger::{
    ActivityNo, BatchKey, BranchName, BranchNo, Event, FileDigest, ImportPart, NeedClass,
    PassbookNo, Reason, RecordNo, RulebookVersion, Timestamp, TokenNo,
};

use crate::codec::{
    BadEntry,
    kinds::{self, kind, volunteer_status},
    scalar::{bytes, date, maybe, minute, number, present, text, try_each},
    v1::{self, entry::Event as Stored},
};

impl TryFrom<Stored> for Event {
    type Error = BadEntry;

    fn try_from(it: Stored) -> Result<Self, BadEntry> {
        Ok(match it {
            Stored::BankOpened(it) => Self::BankOpened(it.try_into()?),
            Stored::BranchCreated(it) => {
                Self::BranchCreated(present(it.branch, "BranchCreated.branch")?)
            }
            Stored::BranchRenamed(it) => branch_renamed(&it)?,
            Stored::VolunteersRegistered(it) => Self::VolunteersRegistered {
                volunteers: try_each(it.volunteers)?,
                refused: try_each(it.refused)?,
            },
            Stored::VolunteerMoved(it) => volunteer_moved(it)?,
            Stored::VolunteerStatusChanged(it) => volunteer_status_changed(it)?,
            Stored::PersonErased(it) => Self::PersonErased {
                passbook: passbook(it.passbook_no, "PersonErased.passbook_no")?,
            },
            Stored::ActivityCreated(it) => {
                Self::ActivityCreated(present(it.activity, "ActivityCreated.activity")?)
            }
            Stored::HoursRecorded(it) => hours_recorded(it)?,
            Stored::HoursApproved(it) => Self::HoursApproved {
                records: try_each(it.records)?,
                refused: try_each(it.refused)?,
            },
            Stored::HoursRejected(it) => hours_rejected(it)?,
            Stored::HoursReversed(it) => hours_reversed(it)?,
            Stored::HoursCorrected(it) => hours_corrected(it)?,
            Stored::HoursDeducted(it) => hours_deducted(it)?,
            Stored::HoursEvaluated(it) => hours_evaluated(it)?,
            Stored::HoursImported(it) => hours_imported(it)?,
            Stored::ImportUndone(it) => import_undone(it)?,
            Stored::CheckedIn(it) => checked_in(it)?,
            Stored::CheckedOut(it) => Self::CheckedOut(present(it.closed, "CheckedOut.closed")?),
            Stored::CheckInCancelled(it) => Self::CheckInCancelled {
                passbook: passbook(it.passbook_no, "CheckInCancelled.passbook_no")?,
            },
            Stored::CheckInsClosed(it) => Self::CheckInsClosed { closed: try_each(it.closed)? },
            Stored::RulebookAdopted(it) => rulebook_adopted(it)?,
            Stored::NeedClassSet(it) => need_class_set(it)?,
            Stored::PointsExpired(it) => points_expired(&it)?,
            Stored::Reward(it) => Self::Reward(it.try_into()?),
            Stored::Gift(it) => Self::Gift(it.try_into()?),
            Stored::Help(it) => Self::Help(it.try_into()?),
            Stored::Honour(it) => Self::Honour(it.try_into()?),
            Stored::Merge(it) => Self::Merge(it.try_into()?),
            Stored::TokenIssued(it) => Self::TokenIssued(present(it.token, "TokenIssued.token")?),
            Stored::TokenRevoked(it) => Self::TokenRevoked {
                token: number(it.token_no, TokenNo::new, "TokenRevoked.token_no")?,
            },
        })
    }
}

fn branch_renamed(it: &v1::BranchRenamed) -> Result<Event, BadEntry> {
    Ok(Event::BranchRenamed {
        branch: number(it.branch_no, BranchNo::new, "BranchRenamed.branch_no")?,
        name: text(&it.name, BranchName::new, "BranchRenamed.name")?,
    })
}

fn volunteer_moved(it: v1::VolunteerMoved) -> Result<Event, BadEntry> {
    Ok(Event::VolunteerMoved {
        passbook: passbook(it.passbook_no, "VolunteerMoved.passbook_no")?,
        branch: number(it.branch_no, BranchNo::new, "VolunteerMoved.branch_no")?,
    })
}

fn volunteer_status_changed(it: v1::VolunteerStatusChanged) -> Result<Event, BadEntry> {
    Ok(Event::VolunteerStatusChanged {
        passbook: passbook(it.passbook_no, "VolunteerStatusChanged.passbook_no")?,
        status: kind(it.status, volunteer_status, "VolunteerStatusChanged.status")?,
        gift: maybe(it.gift)?,
        moves: maybe(it.moves)?.unwrap_or_default(),
    })
}

fn need_class_set(it: v1::NeedClassSet) -> Result<Event, BadEntry> {
    let class = NeedClass::new(it.class);
    Ok(Event::NeedClassSet {
        passbook: passbook(it.passbook_no, "NeedClassSet.passbook_no")?,
        class: class.ok_or(BadEntry::Invalid { field: "NeedClassSet.class" })?,
    })
}

fn hours_recorded(it: v1::HoursRecorded) -> Result<Event, BadEntry> {
    Ok(Event::HoursRecorded {
        activities: try_each(it.activities)?,
        records: try_each(it.records)?,
        refused: try_each(it.refused)?,
    })
}

fn hours_rejected(it: v1::HoursRejected) -> Result<Event, BadEntry> {
    Ok(Event::HoursRejected {
        records: records(&it.record_nos, "HoursRejected.record_nos")?,
        reason: reason(it.reason, "HoursRejected.reason")?,
        refused: try_each(it.refused)?,
    })
}

fn hours_reversed(it: v1::HoursReversed) -> Result<Event, BadEntry> {
    Ok(Event::HoursReversed {
        records: records(&it.record_nos, "HoursReversed.record_nos")?,
        reason: reason(it.reason, "HoursReversed.reason")?,
        refused: try_each(it.refused)?,
    })
}

fn hours_corrected(it: v1::HoursCorrected) -> Result<Event, BadEntry> {
    Ok(Event::HoursCorrected {
        old: record(it.old_record_no, "HoursCorrected.old_record_no")?,
        reason: reason(it.reason, "HoursCorrected.reason")?,
        activities: try_each(it.activities)?,
        new: present(it.new_record, "HoursCorrected.new_record")?,
    })
}

fn hours_deducted(it: v1::HoursDeducted) -> Result<Event, BadEntry> {
    Ok(Event::HoursDeducted {
        activities: try_each(it.activities)?,
        record: present(it.record, "HoursDeducted.record")?,
        reason: reason(it.reason, "HoursDeducted.reason")?,
    })
}

fn hours_evaluated(it: v1::HoursEvaluated) -> Result<Event, BadEntry> {
    Ok(Event::HoursEvaluated {
        record: record(it.record_no, "HoursEvaluated.record_no")?,
        evaluation: present(it.evaluation, "HoursEvaluated.evaluation")?,
    })
}

fn hours_imported(it: v1::HoursImported) -> Result<Event, BadEntry> {
    let batch = bytes(&it.batch_key, BatchKey::from_slice, "HoursImported.batch_key")?;
    let file = match it.file_digest.as_slice() {
        [] => None,
        it => Some(bytes(it, FileDigest::from_slice, "HoursImported.file_digest")?),
    };
    Ok(Event::HoursImported {
        import: ImportPart { batch, part: it.part, last: it.last, file },
        activities: try_each(it.activities)?,
        rows: try_each(it.rows)?,
    })
}

fn import_undone(it: v1::ImportUndone) -> Result<Event, BadEntry> {
    Ok(Event::ImportUndone {
        batch: bytes(&it.batch_key, BatchKey::from_slice, "ImportUndone.batch_key")?,
        debts: it.debts,
        looked_at: it.looked_at,
        last: it.last,
        reversed: records(&it.reversed_record_nos, "ImportUndone.reversed_record_nos")?,
        rejected: records(&it.rejected_record_nos, "ImportUndone.rejected_record_nos")?,
        restored: try_each(it.restored)?,
    })
}

fn checked_in(it: v1::CheckedIn) -> Result<Event, BadEntry> {
    Ok(Event::CheckedIn {
        passbook: passbook(it.passbook_no, "CheckedIn.passbook_no")?,
        activity: number(it.activity_no, ActivityNo::new, "CheckedIn.activity_no")?,
        at: minute(it.at_minute, "CheckedIn.at_minute")?,
    })
}

fn rulebook_adopted(it: v1::RulebookAdopted) -> Result<Event, BadEntry> {
    Ok(Event::RulebookAdopted {
        version: number(it.version, RulebookVersion::new, "RulebookAdopted.version")?,
        in_force_from: date(it.in_force_from_date, "RulebookAdopted.in_force_from_date")?,
        text: it.text,
    })
}

fn points_expired(it: &v1::PointsExpired) -> Result<Event, BadEntry> {
    let nos = it.passbook_nos.iter();
    let passbooks = nos.map(|no| passbook(*no, "PointsExpired.passbook_nos"));
    Ok(Event::PointsExpired {
        as_of: Timestamp::from_micros(it.as_of_micros),
        passbooks: passbooks.collect::<Result<_, _>>()?,
    })
}

fn passbook(no: u32, field: &'static str) -> Result<PassbookNo, BadEntry> {
    number(no, PassbookNo::new, field)
}

fn record(no: u32, field: &'static str) -> Result<RecordNo, BadEntry> {
    number(no, RecordNo::new, field)
}

fn records(nos: &[u32], field: &'static str) -> Result<Vec<RecordNo>, BadEntry> {
    nos.iter().map(|no| record(*no, field)).collect()
}

fn reason(value: i32, field: &'static str) -> Result<Reason, BadEntry> {
    kind(value, kinds::reason, field)
}
