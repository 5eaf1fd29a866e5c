//! Every way the rules say no.

mod texts;

use jiff::civil::Date;

use crate::{
    ActivityNo, BranchCode, EntryNo, Level, Minutes, Provenance, RecordNo, Role, RulebookVersion,
    TokenNo, Verb, VolunteerStatus, ledger::RecordState,
};

pub use texts::{Category as RefusalCategory, Texts, texts};

/// A command that was understood and refused.
///
/// Variants stand in the order of checks: when several apply, the first is given. Display is
/// the English text; [`texts`] has the Chinese one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the texts say what each variant and operand means")]
pub enum Refusal {
    TokenEnded { token: TokenNo },
    RoleRequired { verb: Verb, roles: Vec<Role> },
    RequestIdReused { entry: EntryNo },
    BranchUnknown { branch: BranchCode },
    VolunteerUnknown,
    ActivityUnknown { activity: ActivityNo },
    RecordUnknown { record: RecordNo },
    TokenUnknown { token: TokenNo },
    NotCheckedIn,
    BranchExists { branch: BranchCode },
    NumberTaken,
    OutOfScope { branch: BranchCode },
    NotYourPassbook,
    OwnRecord { record: RecordNo },
    HigherApproverRequired { record: RecordNo, level: Level },
    CorrectionNeedsApprover { record: RecordNo },
    ImportNeedsApprover,
    BranchOrder { branch: BranchCode },
    VolunteerNotActive { status: VolunteerStatus },
    NothingChanges,
    RecordState { record: RecordNo, state: RecordState },
    AlreadyCheckedIn { activity: ActivityNo },
    NoCheckInsHere { activity: ActivityNo },
    ActivityOver { activity: ActivityNo },
    TokenRevoked { token: TokenNo },
    ImportOutOfOrder { expected: u32 },
    ImportEnded,
    ZeroMinutes,
    Future { until: String, now: String },
    Overlap { record: RecordNo, from: String, until: String },
    SameDayTwice { record: RecordNo, date: Date },
    DayFull { date: Date, minutes: Minutes, most: Minutes },
    SpanFull { minutes: Minutes, most: Minutes },
    TotalsOnlyImported,
    CheckInsUsedUp { activity: ActivityNo, most: u32 },
    NotADeduction,
    ProvenanceReserved { provenance: Provenance },
    RulebookTooEarly { from: Date, today: Date },
    RulebookSame { version: RulebookVersion },
    ExpiresTooEarly { until: String, now: String },
    HandleReserved,
    GrantMismatch { role: Role },
    BankWideOnly { verb: Verb },
    OutOfRange,
}

/// A refusal as it is kept: a stable code, and what and how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalNote {
    /// The stable code, in upper snake case.
    pub code: String,
    /// Names and values, for the texts and for programs.
    pub operands: Vec<(String, String)>,
}

impl Refusal {
    /// The stable code, sent to callers and counted in metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TokenEnded { .. } => "TOKEN_ENDED",
            Self::RoleRequired { .. } => "ROLE_REQUIRED",
            Self::RequestIdReused { .. } => "REQUEST_ID_REUSED",
            Self::BranchUnknown { .. } => "BRANCH_UNKNOWN",
            Self::VolunteerUnknown => "VOLUNTEER_UNKNOWN",
            Self::ActivityUnknown { .. } => "ACTIVITY_UNKNOWN",
            Self::RecordUnknown { .. } => "RECORD_UNKNOWN",
            Self::TokenUnknown { .. } => "TOKEN_UNKNOWN",
            Self::NotCheckedIn => "NOT_CHECKED_IN",
            Self::BranchExists { .. } => "BRANCH_EXISTS",
            Self::NumberTaken => "NUMBER_TAKEN",
            Self::OutOfScope { .. } => "OUT_OF_SCOPE",
            Self::NotYourPassbook => "NOT_YOUR_PASSBOOK",
            Self::OwnRecord { .. } => "OWN_RECORD",
            Self::HigherApproverRequired { .. } => "HIGHER_APPROVER_REQUIRED",
            Self::CorrectionNeedsApprover { .. } => "CORRECTION_NEEDS_APPROVER",
            Self::ImportNeedsApprover => "IMPORT_NEEDS_APPROVER",
            Self::BranchOrder { .. } => "BRANCH_ORDER",
            Self::VolunteerNotActive { .. } => "VOLUNTEER_NOT_ACTIVE",
            Self::NothingChanges => "NOTHING_CHANGES",
            Self::RecordState { .. } => "RECORD_STATE",
            Self::AlreadyCheckedIn { .. } => "ALREADY_CHECKED_IN",
            Self::NoCheckInsHere { .. } => "NO_CHECK_INS_HERE",
            Self::ActivityOver { .. } => "ACTIVITY_OVER",
            Self::TokenRevoked { .. } => "TOKEN_REVOKED",
            Self::ImportOutOfOrder { .. } => "IMPORT_OUT_OF_ORDER",
            Self::ImportEnded => "IMPORT_ENDED",
            Self::ZeroMinutes => "ZERO_MINUTES",
            Self::Future { .. } => "FUTURE",
            Self::Overlap { .. } => "OVERLAP",
            Self::SameDayTwice { .. } => "SAME_DAY_TWICE",
            Self::DayFull { .. } => "DAY_FULL",
            Self::SpanFull { .. } => "SPAN_FULL",
            Self::TotalsOnlyImported => "TOTALS_ONLY_IMPORTED",
            Self::CheckInsUsedUp { .. } => "CHECK_INS_USED_UP",
            Self::NotADeduction => "NOT_A_DEDUCTION",
            Self::ProvenanceReserved { .. } => "PROVENANCE_RESERVED",
            Self::RulebookTooEarly { .. } => "RULEBOOK_TOO_EARLY",
            Self::RulebookSame { .. } => "RULEBOOK_SAME",
            Self::ExpiresTooEarly { .. } => "EXPIRES_TOO_EARLY",
            Self::HandleReserved => "HANDLE_RESERVED",
            Self::GrantMismatch { .. } => "GRANT_MISMATCH",
            Self::BankWideOnly { .. } => "BANK_WIDE_ONLY",
            Self::OutOfRange => "OUT_OF_RANGE",
        }
    }

    /// The refusal as it is kept.
    pub fn note(&self) -> RefusalNote {
        let operands = self.operands().into_iter().map(|(name, value)| (name.to_owned(), value));
        RefusalNote { code: self.code().to_owned(), operands: operands.collect() }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each variant")]
    fn operands(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TokenEnded { token }
            | Self::TokenUnknown { token }
            | Self::TokenRevoked { token } => named([("token", token)]),
            Self::RoleRequired { verb, roles } => {
                let roles: Vec<String> = roles.iter().map(ToString::to_string).collect();
                named([("verb", verb), ("roles", &roles.join(", "))])
            }
            Self::RequestIdReused { entry } => named([("entry", entry)]),
            Self::BranchUnknown { branch }
            | Self::BranchExists { branch }
            | Self::OutOfScope { branch }
            | Self::BranchOrder { branch } => named([("branch", branch)]),
            Self::ActivityUnknown { activity }
            | Self::AlreadyCheckedIn { activity }
            | Self::NoCheckInsHere { activity }
            | Self::ActivityOver { activity } => named([("activity", activity)]),
            Self::RecordUnknown { record }
            | Self::OwnRecord { record }
            | Self::CorrectionNeedsApprover { record } => named([("record", record)]),
            Self::HigherApproverRequired { record, level } => {
                named([("record", record), ("level", level)])
            }
            Self::VolunteerNotActive { status } => named([("status", status)]),
            Self::RecordState { record, state } => named([("record", record), ("state", state)]),
            Self::ImportOutOfOrder { expected } => named([("expected", expected)]),
            Self::GrantMismatch { role } => named([("role", role)]),
            Self::BankWideOnly { verb } => named([("verb", verb)]),
            Self::Future { until, now } | Self::ExpiresTooEarly { until, now } => {
                named([("until", until), ("now", now)])
            }
            Self::Overlap { record, from, until } => {
                named([("record", record), ("from", from), ("until", until)])
            }
            Self::SameDayTwice { record, date } => named([("record", record), ("date", date)]),
            Self::DayFull { date, minutes, most } => {
                named([("date", date), ("minutes", minutes), ("most", most)])
            }
            Self::SpanFull { minutes, most } => named([("minutes", minutes), ("most", most)]),
            Self::CheckInsUsedUp { activity, most } => {
                named([("activity", activity), ("most", most)])
            }
            Self::ProvenanceReserved { provenance } => named([("provenance", provenance)]),
            Self::RulebookTooEarly { from, today } => named([("from", from), ("today", today)]),
            Self::RulebookSame { version } => named([("version", version)]),
            Self::VolunteerUnknown
            | Self::NotCheckedIn
            | Self::NumberTaken
            | Self::NotYourPassbook
            | Self::ImportNeedsApprover
            | Self::NothingChanges
            | Self::ImportEnded
            | Self::ZeroMinutes
            | Self::TotalsOnlyImported
            | Self::NotADeduction
            | Self::HandleReserved
            | Self::OutOfRange => Vec::new(),
        }
    }
}

fn named<const N: usize>(
    operands: [(&'static str, &dyn ToString); N],
) -> Vec<(&'static str, String)> {
    operands.into_iter().map(|(name, value)| (name, value.to_string())).collect()
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.note().english())
    }
}

impl std::error::Error for Refusal {}

impl RefusalNote {
    /// The text in English.
    pub fn english(&self) -> String {
        self.fill(texts(&self.code).english)
    }

    /// The text in Chinese.
    pub fn chinese(&self) -> String {
        self.fill(texts(&self.code).chinese)
    }

    fn fill(&self, template: &str) -> String {
        let fill = |text: String, (name, value): &(String, String)| {
            text.replace(&format!("{{{name}}}"), value)
        };
        self.operands.iter().fold(template.to_owned(), fill)
    }
}
