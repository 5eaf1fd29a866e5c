//! Verdicts: what came of a row. One word each, with a code that never changes.

use serde::Serialize;

/// What came of one row, or would come of it in a dry run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Recorded and in effect.
    New,
    /// Recorded, waiting for notice or approval.
    NewPending,
    /// Already there with the same value.
    Same,
    /// Already there with another value; the difference was booked.
    Correction,
    /// Zero after a value; the value was taken back.
    Reversal,
    /// A negative value, booked as one.
    Deduction,
    /// The same service with the same value twice in one file; it counts once.
    DuplicateInFile,
    /// Nobody of that number.
    UnknownVolunteer,
    /// More in a day than anybody may approve.
    OverLadder,
    /// At the same time as another service of the volunteer.
    Overlap,
    /// Zero with nothing to take back.
    Zero,
    /// Not understood.
    Malformed,
    /// Not sent, or sent without an answer: to be sent again with its whole file.
    NotSent,
    /// Refused by a rule that no other verdict stands for.
    Refused {
        /// The server's reason.
        code: String,
    },
}

impl Verdict {
    /// A name for scripts that never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::NewPending => "NEW_PENDING",
            Self::Same => "SAME",
            Self::Correction => "CORRECTION",
            Self::Reversal => "REVERSAL",
            Self::Deduction => "DEDUCTION",
            Self::DuplicateInFile => "DUPLICATE_IN_FILE",
            Self::UnknownVolunteer => "UNKNOWN_VOLUNTEER",
            Self::OverLadder => "OVER_LADDER",
            Self::Overlap => "OVERLAP",
            Self::Zero => "ZERO",
            Self::Malformed => "MALFORMED",
            Self::NotSent => "NOT_SENT",
            Self::Refused { .. } => "REFUSED",
        }
    }

    /// The server's reason, where the verdict carries one.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Refused { code } => Some(code),
            Self::New
            | Self::NewPending
            | Self::Same
            | Self::Correction
            | Self::Reversal
            | Self::Deduction
            | Self::DuplicateInFile
            | Self::UnknownVolunteer
            | Self::OverLadder
            | Self::Overlap
            | Self::Zero
            | Self::Malformed
            | Self::NotSent => None,
        }
    }

    /// For people, in English.
    pub fn english(&self) -> &'static str {
        match self {
            Self::New => "recorded",
            Self::NewPending => "recorded, pending",
            Self::Same => "already there",
            Self::Correction => "corrected",
            Self::Reversal => "reversed",
            Self::Deduction => "deducted",
            Self::DuplicateInFile => "twice in the file",
            Self::UnknownVolunteer => "unknown volunteer",
            Self::OverLadder => "too much in a day",
            Self::Overlap => "overlaps another service",
            Self::Zero => "zero, nothing to do",
            Self::Malformed => "not understood",
            Self::NotSent => "not sent: send again",
            Self::Refused { .. } => "refused",
        }
    }

    /// For people, in Chinese.
    pub fn chinese(&self) -> &'static str {
        match self {
            Self::New => "已记录",
            Self::NewPending => "已记录，待生效",
            Self::Same => "已有，相同",
            Self::Correction => "已更正",
            Self::Reversal => "已冲正",
            Self::Deduction => "已扣减",
            Self::DuplicateInFile => "文件内重复",
            Self::UnknownVolunteer => "查无此志愿者",
            Self::OverLadder => "超出单日上限",
            Self::Overlap => "时间重叠",
            Self::Zero => "零时长，无需处理",
            Self::Malformed => "看不懂",
            Self::NotSent => "未送达，请重新导入",
            Self::Refused { .. } => "被拒绝",
        }
    }

    /// True when somebody has to mend the row and send it again.
    pub fn needs_mending(&self) -> bool {
        match self {
            Self::UnknownVolunteer
            | Self::OverLadder
            | Self::Overlap
            | Self::Malformed
            | Self::Refused { .. } => true,
            Self::New
            | Self::NewPending
            | Self::Same
            | Self::Correction
            | Self::Reversal
            | Self::Deduction
            | Self::DuplicateInFile
            | Self::Zero
            | Self::NotSent => false,
        }
    }
}

/// A row with its verdict, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// The file it stands in.
    pub file: String,
    /// The line of the file, from 1.
    pub line: usize,
    /// Who served, as the sheet says.
    pub volunteer: String,
    /// At what.
    pub activity: String,
    /// How long, where that was understood.
    pub minutes: Option<i64>,
    /// What came of it.
    #[serde(serialize_with = "code")]
    pub verdict: Verdict,
    /// Why: the server's reason, or the fault's code.
    pub reason: Option<String>,
    /// What to do about it.
    pub message: Option<String>,
}

fn code<S: serde::Serializer>(verdict: &Verdict, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(verdict.code())
}
