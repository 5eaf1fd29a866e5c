//! The words of the ledger's enums, as texts and reports show them.

use std::fmt;

use crate::{
    BranchKind, Level, LineKind, Provenance, Reason, Role, VolunteerStatus, ledger::RecordState,
};

macro_rules! words {
    ($name:ident { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $word),+ })
            }
        }
    };
}

words!(Role {
    Volunteer => "volunteer", Clerk => "clerk", Approver => "approver",
    AwardOfficer => "award officer", Auditor => "auditor", Operator => "operator",
});
words!(BranchKind { District => "district", Street => "street", Community => "community" });
words!(VolunteerStatus { Active => "active", Suspended => "suspended", Closed => "closed" });
words!(Level { Branch => "the organising branch", Above => "the branch above" });
words!(RecordState {
    Pending => "pending", Posted => "posted", Rejected => "rejected", Reversed => "reversed",
});
words!(LineKind {
    Earned => "earned", Opened => "opened", Deducted => "deducted", Reversed => "reversed",
});
words!(Provenance {
    Scanned => "scanned", Clerk => "clerk", Paper => "paper", Import => "import",
    SelfReported => "self-reported", Opening => "opening",
});
words!(Reason {
    Duplicate => "duplicate", NotServed => "not served", WrongTime => "wrong time",
    WrongVolunteer => "wrong volunteer", WrongActivity => "wrong activity",
    RuleBroken => "rule broken", Resent => "sent again", Other => "other",
});
