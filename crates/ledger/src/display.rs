//! The words of the ledger's enums, as texts and reports show them.

use std::fmt;

use crate::{
    BranchKind, DrawState, HelpState, HonourLevel, Level, LineKind, MergeState, Period, Provenance,
    Reason, RedemptionState, RewardKind, Role, RunState, VolunteerStatus, ledger::RecordState,
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
    Partner => "partner",
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
    Paid => "paid", Helped => "helped", Expired => "expired", Honoured => "honoured",
    Revoked => "revoked", Merged => "merged", Parted => "parted",
});
words!(RedemptionState {
    Waiting => "waiting", Allocated => "allocated", Fulfilled => "fulfilled",
    Cancelled => "cancelled", NoShow => "missed", Expired => "expired", Reversed => "reversed",
});
words!(RewardKind {
    Goods => "goods", Service => "service", Privilege => "privilege", Admission => "admission",
});
words!(DrawState { Waiting => "waiting", Approved => "approved", Rejected => "rejected" });
words!(HelpState {
    Open => "open", Agreed => "agreed", Said => "said", Disputed => "disputed",
    Confirmed => "confirmed", Cancelled => "cancelled", Expired => "expired",
});
words!(RunState {
    Draft => "draft", Published => "published", Final => "final", Withdrawn => "withdrawn",
});
words!(HonourLevel {
    Community => "community", Street => "street", District => "district", City => "city",
    Province => "province", Nation => "nation",
});
words!(MergeState {
    Proposed => "proposed", Merged => "merged", UndoProposed => "undo proposed",
    Undone => "undone", Refused => "refused",
});
words!(Period { Month => "month", Quarter => "quarter", Year => "year", Ever => "life" });
words!(Provenance {
    Scanned => "scanned", Clerk => "clerk", Paper => "paper", Import => "import",
    SelfReported => "self-reported", Opening => "opening", Help => "help",
});
words!(Reason {
    Duplicate => "duplicate", NotServed => "not served", WrongTime => "wrong time",
    WrongVolunteer => "wrong volunteer", WrongActivity => "wrong activity",
    RuleBroken => "rule broken", Resent => "sent again", Undone => "import undone", Other => "other",
});

/// The Chinese word for a word of the enums above, for texts.
pub(crate) fn chinese(word: &str) -> Option<&'static str> {
    let known = WORDS.iter().find(|it| it.0 == word);
    known.map(|it| it.1)
}

const WORDS: &[(&str, &str)] = &[
    ("volunteer", "志愿者"),
    ("clerk", "经办"),
    ("approver", "复核"),
    ("award officer", "表彰"),
    ("auditor", "审计"),
    ("operator", "运维"),
    ("partner", "合作商户"),
    ("district", "区"),
    ("street", "街道"),
    ("community", "社区"),
    ("active", "正常"),
    ("suspended", "暂停"),
    ("closed", "已注销"),
    ("the organising branch", "主办社区"),
    ("the branch above", "上级"),
    ("pending", "待审核"),
    ("posted", "已入账"),
    ("rejected", "已驳回"),
    ("reversed", "已冲正"),
    ("waiting", "等待中"),
    ("allocated", "已获名额"),
    ("fulfilled", "已领取"),
    ("cancelled", "已取消"),
    ("missed", "未到场"),
    ("expired", "已过期"),
    ("approved", "已批准"),
    ("scanned", "扫码"),
    ("paper", "纸质"),
    ("import", "导入"),
    ("self-reported", "自报"),
    ("opening", "期初"),
    ("help", "互助"),
    ("open", "待响应"),
    ("agreed", "已约定"),
    ("said", "待对方确认"),
    ("disputed", "有争议"),
    ("confirmed", "已确认"),
    ("draft", "草稿"),
    ("published", "公示中"),
    ("final", "已定"),
    ("withdrawn", "已撤回"),
    ("proposed", "待确认"),
    ("merged", "已合并"),
    ("undo proposed", "撤销待确认"),
    ("undone", "合并已撤销"),
    ("refused", "已拒绝"),
    ("month", "月"),
    ("quarter", "季度"),
    ("year", "年"),
    ("life", "生"),
];
