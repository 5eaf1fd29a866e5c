//! Events, to be stored.

use lovebank_ledger::{Event, ImportPart, Moves, Reason, RecordNo};

use crate::codec::{
    scalar::{digits, each, stored},
    v1::{self, entry::Event as Stored},
};

impl From<&Event> for Stored {
    #[expect(clippy::too_many_lines, reason = "one arm for each event, all of them plain")]
    fn from(it: &Event) -> Self {
        match it {
            Event::BankOpened(it) => Self::BankOpened(it.into()),
            Event::BranchCreated(it) => {
                Self::BranchCreated(v1::BranchCreated { branch: Some(it.into()) })
            }
            Event::BranchRenamed { branch, name } => Self::BranchRenamed(v1::BranchRenamed {
                branch_no: stored(branch.get()),
                name: name.as_str().to_owned(),
            }),
            Event::VolunteersRegistered { volunteers, refused } => {
                Self::VolunteersRegistered(v1::VolunteersRegistered {
                    volunteers: each(volunteers),
                    refused: each(refused),
                })
            }
            Event::VolunteerMoved { passbook, branch } => {
                Self::VolunteerMoved(v1::VolunteerMoved {
                    passbook_no: stored(passbook.get()),
                    branch_no: stored(branch.get()),
                })
            }
            Event::VolunteerStatusChanged { passbook, status, gift, moves } => {
                Self::VolunteerStatusChanged(v1::VolunteerStatusChanged {
                    passbook_no: stored(passbook.get()),
                    status: v1::VolunteerStatus::from(*status).into(),
                    gift: gift.as_ref().map(Into::into),
                    moves: Some(moves).filter(|it| **it != Moves::default()).map(Into::into),
                })
            }
            Event::PersonErased { passbook } => {
                Self::PersonErased(v1::PersonErased { passbook_no: stored(passbook.get()) })
            }
            Event::ActivityCreated(it) => {
                Self::ActivityCreated(v1::ActivityCreated { activity: Some(it.into()) })
            }
            Event::HoursRecorded { activities, records, refused } => {
                Self::HoursRecorded(v1::HoursRecorded {
                    activities: each(activities),
                    records: each(records),
                    refused: each(refused),
                })
            }
            Event::HoursApproved { records, refused } => Self::HoursApproved(v1::HoursApproved {
                records: each(records),
                refused: each(refused),
            }),
            Event::HoursRejected { records, reason: why, refused } => {
                Self::HoursRejected(v1::HoursRejected {
                    record_nos: numbers(records),
                    reason: reason(*why),
                    refused: each(refused),
                })
            }
            Event::HoursReversed { records, reason: why, refused } => {
                Self::HoursReversed(v1::HoursReversed {
                    record_nos: numbers(records),
                    reason: reason(*why),
                    refused: each(refused),
                })
            }
            Event::HoursCorrected { old, reason: why, activities, new } => {
                Self::HoursCorrected(v1::HoursCorrected {
                    old_record_no: stored(old.get()),
                    reason: reason(*why),
                    activities: each(activities),
                    new_record: Some(new.into()),
                })
            }
            Event::HoursDeducted { activities, record, reason: why } => {
                Self::HoursDeducted(v1::HoursDeducted {
                    activities: each(activities),
                    record: Some(record.into()),
                    reason: reason(*why),
                })
            }
            Event::HoursEvaluated { record, evaluation } => {
                Self::HoursEvaluated(v1::HoursEvaluated {
                    record_no: stored(record.get()),
                    evaluation: Some((*evaluation).into()),
                })
            }
            Event::HoursImported { import, activities, rows } => {
                let ImportPart { batch, part, last, file } = import;
                Self::HoursImported(v1::HoursImported {
                    batch_key: batch.as_bytes().to_vec(),
                    part: *part,
                    last: *last,
                    activities: each(activities),
                    rows: each(rows),
                    file_digest: file.map_or_else(Vec::new, |it| it.as_bytes().to_vec()),
                })
            }
            Event::ImportUndone { batch, debts, looked_at, last, reversed, rejected, restored } => {
                Self::ImportUndone(v1::ImportUndone {
                    batch_key: batch.as_bytes().to_vec(),
                    debts: *debts,
                    looked_at: *looked_at,
                    last: *last,
                    reversed_record_nos: numbers(reversed),
                    rejected_record_nos: numbers(rejected),
                    restored: each(restored),
                })
            }
            Event::CheckedIn { passbook, activity, at } => Self::CheckedIn(v1::CheckedIn {
                passbook_no: stored(passbook.get()),
                activity_no: stored(activity.get()),
                at_minute: at.get(),
            }),
            Event::CheckedOut(it) => Self::CheckedOut(v1::CheckedOut { closed: Some(it.into()) }),
            Event::CheckInCancelled { passbook } => {
                Self::CheckInCancelled(v1::CheckInCancelled { passbook_no: stored(passbook.get()) })
            }
            Event::CheckInsClosed { closed } => {
                Self::CheckInsClosed(v1::CheckInsClosed { closed: each(closed) })
            }
            Event::RulebookAdopted { version, in_force_from, text } => {
                Self::RulebookAdopted(v1::RulebookAdopted {
                    version: stored(version.get()),
                    in_force_from_date: digits(*in_force_from),
                    text: text.clone(),
                })
            }
            Event::NeedClassSet { passbook, class } => Self::NeedClassSet(v1::NeedClassSet {
                passbook_no: stored(passbook.get()),
                class: class.get().into(),
            }),
            Event::Reward(it) => Self::Reward(it.into()),
            Event::Gift(it) => Self::Gift(it.into()),
            Event::PointsExpired { as_of, passbooks } => Self::PointsExpired(v1::PointsExpired {
                as_of_micros: as_of.micros(),
                passbook_nos: passbooks.iter().map(|it| stored(it.get())).collect(),
            }),
            Event::Help(it) => Self::Help(it.into()),
            Event::Honour(it) => Self::Honour(it.into()),
            Event::Merge(it) => Self::Merge(it.into()),
            Event::TokenIssued(it) => Self::TokenIssued(v1::TokenIssued { token: Some(it.into()) }),
            Event::TokenRevoked { token } => {
                Self::TokenRevoked(v1::TokenRevoked { token_no: stored(token.get()) })
            }
        }
    }
}

fn reason(it: Reason) -> i32 {
    v1::Reason::from(it).into()
}

fn numbers(records: &[RecordNo]) -> Vec<u32> {
    records.iter().map(|it| stored(it.get())).collect()
}
