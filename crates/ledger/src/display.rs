//! The words of the ledger's enums, as texts and reports show them.

use std::fmt;

use crate::{
    BranchKind, Level, LineKind, Period, Provenance, Reason, RedemptionState, RewardKind, Role,
    VolunteerStatus, ledger::RecordState,
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
    Redeemed => "redeemed", Given => "given", Received => "received", Drawn => "drawn",
    Paid => "paid", Helped => "helped", Expired => "expired",
});
words!(RedemptionState {
    Waiting => "waiting", Allocated => "allocated", Fulfilled => "fulfilled",
    Cancelled => "cancelled", NoShow => "missed", Expired => "expired", Reversed => "reversed",
});
words!(RewardKind {
    Goods => "goods", Service => "service", Privilege => "privilege", Admission => "admission",
});
words!(Period { Month => "month", Quarter => "quarter", Year => "year", Ever => "life" });
words!(Provenance {
    Scanned => "scanned", Clerk => "clerk", Paper => "paper", Import => "import",
    SelfReported => "self-reported", Opening => "opening",
});
words!(Reason {
    Duplicate => "duplicate", NotServed => "not served", WrongTime => "wrong time",
    WrongVolunteer => "wrong volunteer", WrongActivity => "wrong activity",
    RuleBroken => "rule broken", Resent => "sent again", Other => "other",
});
