//! What came of the items of a batch, the rows of a sheet, and check-ins.

use lovebank_ledger::{
    ActivityNo, CheckInClosed, ItemRefused, PassbookNo, RecordNo, RefusalNote, Restored,
    RowOutcome, RowVerdict,
};

use super::{
    BadEntry,
    scalar::{maybe, maybe_number, number, present, stored},
    v1::{self, row_outcome::Verdict},
};

impl From<&ItemRefused> for v1::ItemRefused {
    fn from(it: &ItemRefused) -> Self {
        Self { index: it.index, refusal: Some((&it.refusal).into()) }
    }
}

impl TryFrom<v1::ItemRefused> for ItemRefused {
    type Error = BadEntry;

    fn try_from(it: v1::ItemRefused) -> Result<Self, BadEntry> {
        Ok(Self { index: it.index, refusal: present(it.refusal, "ItemRefused.refusal")? })
    }
}

impl From<&RefusalNote> for v1::Refusal {
    fn from(it: &RefusalNote) -> Self {
        let operand = |(name, value): &(String, String)| v1::Operand {
            name: name.clone(),
            value: value.clone(),
        };
        Self { code: it.code.clone(), operands: it.operands.iter().map(operand).collect() }
    }
}

impl TryFrom<v1::Refusal> for RefusalNote {
    type Error = BadEntry;

    fn try_from(it: v1::Refusal) -> Result<Self, BadEntry> {
        let operand = |it: v1::Operand| (it.name, it.value);
        Ok(Self { code: it.code, operands: it.operands.into_iter().map(operand).collect() })
    }
}

impl From<&RowOutcome> for v1::RowOutcome {
    fn from(it: &RowOutcome) -> Self {
        Self { line: it.line, verdict: Some((&it.verdict).into()) }
    }
}

impl TryFrom<v1::RowOutcome> for RowOutcome {
    type Error = BadEntry;

    fn try_from(it: v1::RowOutcome) -> Result<Self, BadEntry> {
        Ok(Self { line: it.line, verdict: present(it.verdict, "RowOutcome.verdict")? })
    }
}

impl From<&RowVerdict> for Verdict {
    fn from(it: &RowVerdict) -> Self {
        match it {
            RowVerdict::New(record) => Self::NewRecord(record.into()),
            RowVerdict::Same(no) => Self::SameRecordNo(stored(no.get())),
            RowVerdict::Duplicate(no) => Self::DuplicateRecordNo(stored(no.get())),
            RowVerdict::Corrected { old, new } => Self::Corrected(v1::RowCorrected {
                old_record_no: old.map_or(0, |it| stored(it.get())),
                new_record: Some(new.into()),
            }),
            RowVerdict::Reversed(no) => Self::ReversedRecordNo(stored(no.get())),
            RowVerdict::Zero { passbook, activity } => Self::Zero(v1::ZeroTotal {
                passbook_no: stored(passbook.get()),
                activity_no: stored(activity.get()),
            }),
            RowVerdict::SameZero(of) => Self::SameZero(v1::SameZero {
                passbook_no: of.map_or(0, |it| stored(it.0.get())),
                activity_no: of.map_or(0, |it| stored(it.1.get())),
            }),
            RowVerdict::Refused(note) => Self::Refused(note.into()),
        }
    }
}

impl TryFrom<Verdict> for RowVerdict {
    type Error = BadEntry;

    fn try_from(it: Verdict) -> Result<Self, BadEntry> {
        let record = |no: u32, field| number(no, RecordNo::new, field);
        Ok(match it {
            Verdict::NewRecord(it) => Self::New(it.try_into()?),
            Verdict::SameRecordNo(no) => Self::Same(record(no, "RowOutcome.same_record_no")?),
            Verdict::DuplicateRecordNo(no) => {
                Self::Duplicate(record(no, "RowOutcome.duplicate_record_no")?)
            }
            Verdict::Corrected(it) => Self::Corrected {
                old: maybe_number(it.old_record_no, RecordNo::new, "RowCorrected.old_record_no")?,
                new: present(it.new_record, "RowCorrected.new_record")?,
            },
            Verdict::ReversedRecordNo(no) => {
                Self::Reversed(record(no, "RowOutcome.reversed_record_no")?)
            }
            Verdict::Zero(it) => Self::Zero {
                passbook: number(it.passbook_no, PassbookNo::new, "ZeroTotal.passbook_no")?,
                activity: number(it.activity_no, ActivityNo::new, "ZeroTotal.activity_no")?,
            },
            Verdict::SameZero(it) => {
                let passbook =
                    maybe_number(it.passbook_no, PassbookNo::new, "SameZero.passbook_no")?;
                let activity =
                    maybe_number(it.activity_no, ActivityNo::new, "SameZero.activity_no")?;
                Self::SameZero(passbook.zip(activity))
            }
            Verdict::Refused(it) => Self::Refused(it.try_into()?),
        })
    }
}

impl From<&Restored> for v1::RecordRestored {
    fn from(it: &Restored) -> Self {
        Self {
            old_record_no: stored(it.old.get()),
            instead_of_record_no: it.instead_of.map_or(0, |it| stored(it.get())),
            new_record: Some((&it.new).into()),
        }
    }
}

impl TryFrom<v1::RecordRestored> for Restored {
    type Error = BadEntry;

    fn try_from(it: v1::RecordRestored) -> Result<Self, BadEntry> {
        let field = "RecordRestored.instead_of_record_no";
        Ok(Self {
            old: number(it.old_record_no, RecordNo::new, "RecordRestored.old_record_no")?,
            instead_of: maybe_number(it.instead_of_record_no, RecordNo::new, field)?,
            new: present(it.new_record, "RecordRestored.new_record")?,
        })
    }
}

impl From<&CheckInClosed> for v1::CheckInClosed {
    fn from(it: &CheckInClosed) -> Self {
        Self {
            passbook_no: stored(it.passbook.get()),
            record: it.record.as_ref().map(Into::into),
            refusal: it.refusal.as_ref().map(Into::into),
        }
    }
}

impl TryFrom<v1::CheckInClosed> for CheckInClosed {
    type Error = BadEntry;

    fn try_from(it: v1::CheckInClosed) -> Result<Self, BadEntry> {
        Ok(Self {
            passbook: number(it.passbook_no, PassbookNo::new, "CheckInClosed.passbook_no")?,
            record: maybe(it.record)?,
            refusal: maybe(it.refusal)?,
        })
    }
}
