//! Every way the rules say no.

mod texts;

use jiff::civil::Date;

use crate::{
    ActivityNo, BranchCode, DrawNo, DrawState, EntryNo, GiftNo, HelpNo, HelpState, HonourNo, Level,
    MergeNo, MergeState, Minutes, ObjectionNo, PassbookNo, Period, Points, PolicyName,
    ProgrammeName, Provenance, RecordNo, RedemptionNo, RedemptionState, RewardNo, Role, Roles,
    RulebookVersion, RunNo, RunState, TokenNo, Verb, VolunteerStatus, display, ledger::RecordState,
};

pub use texts::{Category as RefusalCategory, Texts, texts};

macro_rules! refusals {
    ($($name:ident $({ $($operand:ident: $kind:ty),+ })? => $code:literal,)+) => {
        /// A command that was understood and refused.
        ///
        /// Variants stand in the order of checks: when several apply, the first is given. Display
        /// is the English text; [`texts`] has the Chinese one.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the texts say what each variant and operand means")]
        pub enum Refusal {
            $($name $({ $($operand: $kind),+ })?,)+
        }

        impl Refusal {
            /// The stable code, sent to callers and counted in metrics.
            pub fn code(&self) -> &'static str {
                match self { $(Self::$name $({ $($operand: _),+ })? => $code,)+ }
            }

            /// What and how much, by name.
            fn operands(&self) -> Vec<(&'static str, String)> {
                match self {
                    $(Self::$name $({ $($operand),+ })? => {
                        vec![$($((stringify!($operand), $operand.to_string())),+)?]
                    })+
                }
            }
        }
    };
}

refusals! {
    TokenEnded { token: TokenNo } => "TOKEN_ENDED",
    RoleRequired { verb: Verb, roles: Roles } => "ROLE_REQUIRED",
    RequestIdReused { entry: EntryNo } => "REQUEST_ID_REUSED",
    BranchUnknown { branch: BranchCode } => "BRANCH_UNKNOWN",
    VolunteerUnknown => "VOLUNTEER_UNKNOWN",
    ActivityUnknown { activity: ActivityNo } => "ACTIVITY_UNKNOWN",
    RecordUnknown { record: RecordNo } => "RECORD_UNKNOWN",
    ImportUnknown => "IMPORT_UNKNOWN",
    TokenUnknown { token: TokenNo } => "TOKEN_UNKNOWN",
    RewardUnknown { reward: RewardNo } => "REWARD_UNKNOWN",
    RedemptionUnknown { redemption: RedemptionNo } => "REDEMPTION_UNKNOWN",
    GiftUnknown { gift: GiftNo } => "GIFT_UNKNOWN",
    KinUnknown => "KIN_UNKNOWN",
    DrawUnknown { draw: DrawNo } => "DRAW_UNKNOWN",
    HelpUnknown { help: HelpNo } => "HELP_UNKNOWN",
    PolicyUnknown { policy: PolicyName } => "POLICY_UNKNOWN",
    SchemeUnknown { scheme: ProgrammeName } => "SCHEME_UNKNOWN",
    StarUnknown { star: u8 } => "STAR_UNKNOWN",
    ProgrammeUnknown { programme: ProgrammeName } => "PROGRAMME_UNKNOWN",
    RunUnknown { run: RunNo } => "RUN_UNKNOWN",
    ExceptionUnknown { run: RunNo } => "EXCEPTION_UNKNOWN",
    ObjectionUnknown { objection: ObjectionNo } => "OBJECTION_UNKNOWN",
    HonourUnknown { honour: HonourNo } => "HONOUR_UNKNOWN",
    EntryUnknown { entry: EntryNo } => "ENTRY_UNKNOWN",
    MergeUnknown { merge: MergeNo } => "MERGE_UNKNOWN",
    NotCheckedIn => "NOT_CHECKED_IN",
    BranchExists { branch: BranchCode } => "BRANCH_EXISTS",
    NumberTaken => "NUMBER_TAKEN",
    OutOfScope { branch: BranchCode } => "OUT_OF_SCOPE",
    NotYourPassbook => "NOT_YOUR_PASSBOOK",
    OwnRecord { record: RecordNo } => "OWN_RECORD",
    OwnImport => "OWN_IMPORT",
    OwnRedemption { redemption: RedemptionNo } => "OWN_REDEMPTION",
    OwnGift { gift: GiftNo } => "OWN_GIFT",
    OwnDraw { draw: DrawNo } => "OWN_DRAW",
    OwnHelp { help: HelpNo } => "OWN_HELP",
    NotInHelp { help: HelpNo } => "NOT_IN_HELP",
    HelpNeedsHigher { help: HelpNo } => "HELP_NEEDS_HIGHER",
    OwnKin => "OWN_KIN",
    OwnMerge { merge: MergeNo } => "OWN_MERGE",
    OwnPassbook => "OWN_PASSBOOK",
    OwnException { run: RunNo } => "OWN_EXCEPTION",
    OwnObjection { objection: ObjectionNo } => "OWN_OBJECTION",
    HigherApproverRequired { record: RecordNo, level: Level } => "HIGHER_APPROVER_REQUIRED",
    CorrectionNeedsApprover { record: RecordNo } => "CORRECTION_NEEDS_APPROVER",
    ImportNeedsApprover => "IMPORT_NEEDS_APPROVER",
    BranchOrder { branch: BranchCode } => "BRANCH_ORDER",
    PassbookMerged { passbook: PassbookNo, into: PassbookNo } => "PASSBOOK_MERGED",
    PassbookMergedAway { passbook: PassbookNo } => "PASSBOOK_MERGED_AWAY",
    VolunteerNotActive { status: VolunteerStatus } => "VOLUNTEER_NOT_ACTIVE",
    NothingChanges => "NOTHING_CHANGES",
    RecordState { record: RecordNo, state: RecordState } => "RECORD_STATE",
    TakenBack { record: RecordNo, state: RecordState } => "TAKEN_BACK",
    RedemptionState { redemption: RedemptionNo, state: RedemptionState } => "REDEMPTION_STATE",
    DrawState { draw: DrawNo, state: DrawState } => "DRAW_STATE",
    HelpState { help: HelpNo, state: HelpState } => "HELP_STATE",
    NoOffer { help: HelpNo } => "NO_OFFER",
    RunState { run: RunNo, state: RunState } => "RUN_STATE",
    RunFinal { run: RunNo } => "RUN_FINAL",
    HonourHeld { honour: HonourNo } => "HONOUR_HELD",
    HonourRevoked { honour: HonourNo } => "HONOUR_REVOKED",
    ObjectionAnswered { objection: ObjectionNo } => "OBJECTION_ANSWERED",
    ObjectionsOpen { objection: ObjectionNo } => "OBJECTIONS_OPEN",
    NoticeNotOver { last: Date } => "NOTICE_NOT_OVER",
    NoticeOver { last: Date } => "NOTICE_OVER",
    GiftReversed { gift: GiftNo } => "GIFT_REVERSED",
    KinKnown => "KIN_KNOWN",
    SamePassbook => "SAME_PASSBOOK",
    MergeState { merge: MergeNo, state: MergeState } => "MERGE_STATE",
    MergeWaits { merge: MergeNo } => "MERGE_WAITS",
    MergesFull { most: usize } => "MERGES_FULL",
    NumbersFull { most: usize } => "NUMBERS_FULL",
    PersonErased { passbook: PassbookNo } => "PERSON_ERASED",
    KinOfEachOther => "KIN_OF_EACH_OTHER",
    DrawWaits { draw: DrawNo } => "DRAW_WAITS",
    RunOpen { run: RunNo } => "RUN_OPEN",
    HonourSince { honour: HonourNo } => "HONOUR_SINCE",
    ChosenTwice { run: RunNo, passbook: PassbookNo } => "CHOSEN_TWICE",
    MergedSince { passbook: PassbookNo, other: PassbookNo } => "MERGED_SINCE",
    RedemptionsOpen { redemption: RedemptionNo } => "REDEMPTIONS_OPEN",
    RewardWithdrawn { reward: RewardNo } => "REWARD_WITHDRAWN",
    RewardNotOpen { opens: String, closes: String } => "REWARD_NOT_OPEN",
    WindowOver { closes: String, now: String } => "WINDOW_OVER",
    NotOffered { branch: BranchCode } => "NOT_OFFERED",
    AlreadyWaiting { redemption: RedemptionNo } => "ALREADY_WAITING",
    NothingDue => "NOTHING_DUE",
    AlreadyCheckedIn { activity: ActivityNo } => "ALREADY_CHECKED_IN",
    NoCheckInsHere { activity: ActivityNo } => "NO_CHECK_INS_HERE",
    ActivityOver { activity: ActivityNo } => "ACTIVITY_OVER",
    TokenRevoked { token: TokenNo } => "TOKEN_REVOKED",
    ImportUndone { entry: EntryNo } => "IMPORT_UNDONE",
    ImportOutOfOrder { expected: u32 } => "IMPORT_OUT_OF_ORDER",
    ImportEnded => "IMPORT_ENDED",
    ZeroMinutes => "ZERO_MINUTES",
    Future { until: String, now: String } => "FUTURE",
    Overlap { record: RecordNo, from: String, until: String } => "OVERLAP",
    SameDayTwice { record: RecordNo, date: Date } => "SAME_DAY_TWICE",
    ServicesClash { pairs: usize, records: String } => "SERVICES_CLASH",
    DayFull { date: Date, minutes: Minutes, most: Minutes } => "DAY_FULL",
    SpanFull { minutes: Minutes, most: Minutes } => "SPAN_FULL",
    TotalsOnlyImported => "TOTALS_ONLY_IMPORTED",
    CheckInsUsedUp { activity: ActivityNo, most: u32 } => "CHECK_INS_USED_UP",
    NotADeduction => "NOT_A_DEDUCTION",
    NotEligible { condition: String, values: String } => "NOT_ELIGIBLE",
    LimitReached { most: u32, period: Period } => "LIMIT_REACHED",
    GiftNotAllowed => "GIFT_NOT_ALLOWED",
    NotFirst { first: DrawNo } => "NOT_FIRST",
    KinFull { most: usize } => "KIN_FULL",
    HelpTooLate { from: String, now: String } => "HELP_TOO_LATE",
    HelpFull { most: usize } => "HELP_FULL",
    OffersFull { most: usize } => "OFFERS_FULL",
    YearNotBegun { year: i16 } => "YEAR_NOT_BEGUN",
    StarNotReached { star: u8, missing: String } => "STAR_NOT_REACHED",
    NotWaivable { condition: u8 } => "NOT_WAIVABLE",
    ExceptionsFull { most: usize } => "EXCEPTIONS_FULL",
    ObjectionsFull { most: usize } => "OBJECTIONS_FULL",
    TooManyChosen { chosen: usize, most: usize } => "TOO_MANY_CHOSEN",
    NothingServed { from: Date, until: Date } => "NOTHING_SERVED",
    LineFull { most: usize } => "LINE_FULL",
    OutOfStock { reward: RewardNo, available: u32, stock: u32 } => "OUT_OF_STOCK",
    StockFull { stock: u32, most: u32 } => "STOCK_FULL",
    InsufficientPoints { available: Points, points: Points } => "INSUFFICIENT_POINTS",
    PointsSpent { passbook: PassbookNo, missing: Points, passbooks: usize } => "POINTS_SPENT",
    PoolTooSmall { available: Points, points: Points } => "POOL_TOO_SMALL",
    CaptureTooLarge { held: Points, points: Points } => "CAPTURE_TOO_LARGE",
    ProvenanceReserved { provenance: Provenance } => "PROVENANCE_RESERVED",
    RulebookTooEarly { from: Date, today: Date } => "RULEBOOK_TOO_EARLY",
    RulebookSame { version: RulebookVersion } => "RULEBOOK_SAME",
    PolicyInUse { policy: PolicyName, reward: RewardNo } => "POLICY_IN_USE",
    ExpiresTooEarly { until: String, now: String } => "EXPIRES_TOO_EARLY",
    HandleReserved => "HANDLE_RESERVED",
    GrantMismatch { role: Role } => "GRANT_MISMATCH",
    BankWideOnly { verb: Verb } => "BANK_WIDE_ONLY",
    OutOfRange => "OUT_OF_RANGE",
}

/// Operands whose values are words of an enum.
const ENUMS: [&str; 7] = ["state", "status", "role", "roles", "level", "provenance", "period"];

/// A refusal as it is kept: a stable code, and what and how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalNote {
    /// The stable code, in upper snake case.
    pub code: String,
    /// Names and values, for the texts and for programs.
    pub operands: Vec<(String, String)>,
}

impl Refusal {
    /// The refusal as it is kept.
    pub fn note(&self) -> RefusalNote {
        let operands = self.operands().into_iter().map(|(name, value)| (name.to_owned(), value));
        RefusalNote { code: self.code().to_owned(), operands: operands.collect() }
    }
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
        let words = |(name, value): &(String, String)| {
            let said: Vec<&str> =
                value.split(", ").map(|it| display::chinese(it).unwrap_or(it)).collect();
            (
                name.clone(),
                if ENUMS.contains(&name.as_str()) { said.join("、") } else { value.clone() },
            )
        };
        let operands = self.operands.iter().map(words).collect();
        Self { code: self.code.clone(), operands }.fill(texts(&self.code).chinese)
    }

    fn fill(&self, template: &str) -> String {
        let fill = |text: String, (name, value): &(String, String)| {
            text.replace(&format!("{{{name}}}"), value)
        };
        self.operands.iter().fold(template.to_owned(), fill)
    }
}
