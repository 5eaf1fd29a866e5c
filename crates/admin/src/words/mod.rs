//! Kinds, roles, states and reasons as they are typed and shown: one word each, both ways.

mod chinese;
mod seldom;

use clap::ValueEnum;
use lovebank_wire::v1;

pub(crate) use chinese::chinese;
pub(crate) use seldom::Seldom;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident = $message:ident { $($(#[$of:meta])* $word:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
        pub(crate) enum $name {
            $($(#[$of])* $word),+
        }

        impl From<$name> for i32 {
            fn from(it: $name) -> Self {
                match it {
                    $($name::$word => v1::$message::$word.into()),+
                }
            }
        }
    };
}

words!(
    /// What a branch is.
    Kind = BranchKind {
        /// District (区)
        District,
        /// Street (街道)
        Street,
        /// Community (社区)
        Community,
    }
);
words!(
    /// Whether a volunteer takes part.
    Status = VolunteerStatus {
        /// Takes part (正常)
        Active,
        /// Takes no part for now (暂停)
        Suspended,
        /// Takes no part any more (注销)
        Closed,
    }
);
words!(
    /// What an actor may do.
    Role = Role {
        /// The owner of a passbook (志愿者本人)
        Volunteer,
        /// Registers volunteers, records hours (经办)
        Clerk,
        /// Approves, reverses, corrects (复核)
        Approver,
        /// Runs the year-end selection (表彰)
        AwardOfficer,
        /// Reads the journal (审计)
        Auditor,
        /// Branches, tokens, rulebooks (运维)
        Operator,
        /// Hands out rewards by their codes, sees nobody's data (合作商户)
        Partner,
    }
);
words!(
    /// Whether hours were recorded in time.
    Timely = Timeliness {
        /// Something lacks, and the deadline is not over (未到期)
        Due,
        /// All were (按时)
        InTime,
        /// All are recorded, some after the deadline (迟录)
        Late,
        /// Something lacks after the deadline (逾期未录)
        Overdue,
    }
);
words!(
    /// Whether a record counts.
    State = RecordState {
        /// Waits for an approver (待审)
        Pending,
        /// Counts (已生效)
        Posted,
        /// Was refused (已拒绝)
        Rejected,
        /// Was taken back (已冲正)
        Reversed,
    }
);
words!(
    /// How a record came to be known.
    Source = Provenance {
        /// Entered by a clerk (经办录入)
        Clerk,
        /// From a paper sheet (纸质表)
        Paper,
        /// By the volunteer's own word; waits for an approver (本人申报)
        SelfReported,
    }
);
words!(
    /// Why hours are taken back, refused or deducted.
    Why = Reason {
        /// Recorded already (重复)
        Duplicate,
        /// Did not take place (未服务)
        NotServed,
        /// Wrong date or time (时间有误)
        WrongTime,
        /// Someone else (人员有误)
        WrongVolunteer,
        /// Another activity (活动有误)
        WrongActivity,
        /// A rule was broken (违反规定)
        RuleBroken,
        /// Something else (其他)
        Other,
    }
);

words!(
    /// How an import stands.
    ImportState = ImportState {
        /// Its last part was not sent yet (未完)
        Begun,
        /// All of it was taken in (已导入)
        Ended,
        /// It is undone in part (撤销中)
        Undoing,
        /// All of it is undone (已撤销)
        Undone,
    }
);
words!(
    /// What kind a reward is.
    RewardKind = RewardKind {
        /// Goods (实物)
        Goods,
        /// A service (服务)
        Service,
        /// A privilege (优待)
        Privilege,
        /// Entry to an event or a place (入场)
        Admission,
    }
);
words!(
    /// A calendar period.
    Per = Period {
        /// A month (月)
        Month,
        /// A quarter (季度)
        Quarter,
        /// A year (年)
        Year,
        /// As long as the bank stands (不限)
        Ever,
    }
);
words!(
    /// Where a redemption stands.
    RedemptionState = RedemptionState {
        /// Waits for a place (等待中)
        Waiting,
        /// Has a place (已有名额)
        Allocated,
        /// Was got (已领取)
        Fulfilled,
        /// Was given up (已取消)
        Cancelled,
        /// The volunteer did not come (未到)
        NoShow,
        /// Its time ran out (已过期)
        Expired,
        /// Was got, and taken back (已冲正)
        Reversed,
    }
);
words!(
    /// Where help stands.
    HelpState = HelpState {
        /// Waits for offers, or for the asker to accept one (待响应)
        Open,
        /// An offer was accepted (已约定)
        Agreed,
        /// One side said how long it took (一方已确认)
        Said,
        /// Waits for an approver (有争议)
        Disputed,
        /// Was served and paid for (已完成)
        Confirmed,
        /// Was given up (已取消)
        Cancelled,
        /// Nobody came in time (已过期)
        Expired,
    }
);

words!(
    /// Where a run stands.
    RunState = RunState {
        /// Can be looked at (草稿)
        Draft,
        /// Hangs out (公示中)
        Published,
        /// Its awards are given (已定)
        Final,
        /// Was given up (已撤回)
        Withdrawn,
    }
);
words!(
    /// Who honours.
    HonourLevel = HonourLevel {
        /// 社区
        Community,
        /// 街道
        Street,
        /// 区
        District,
        /// 市
        City,
        /// 省
        Province,
        /// 国家
        Nation,
    }
);

/// An enum of messages that is shown as one word.
pub(crate) trait Word: TryFrom<i32> {
    /// Its name in the proto file, and what that begins with.
    fn named(&self) -> (&'static str, &'static str);
}

macro_rules! shown {
    ($($message:ident: $prefix:literal),+ $(,)?) => {
        $(impl Word for v1::$message {
            fn named(&self) -> (&'static str, &'static str) {
                (self.as_str_name(), $prefix)
            }
        })+
    };
}

shown!(
    BranchKind: "BRANCH_KIND_",
    AccountPurpose: "ACCOUNT_PURPOSE_",
    VolunteerStatus: "VOLUNTEER_STATUS_",
    Role: "ROLE_",
    Provenance: "PROVENANCE_",
    RecordState: "RECORD_STATE_",
    Timeliness: "TIMELINESS_",
    ApprovalLevel: "APPROVAL_LEVEL_",
    Reason: "REASON_",
    ImportState: "IMPORT_STATE_",
    LineKind: "LINE_KIND_",
    DrawState: "DRAW_STATE_",
    HelpState: "HELP_STATE_",
    MergeState: "MERGE_STATE_",
    RewardKind: "REWARD_KIND_",
    Period: "PERIOD_",
    RedemptionState: "REDEMPTION_STATE_",
    RunState: "RUN_STATE_",
    HonourLevel: "HONOUR_LEVEL_",
    Fate: "FATE_",
);

/// The word of a value: `self-reported`; none where it is not given, the number of a later one.
pub(crate) fn word<T: Word>(value: i32) -> Option<String> {
    if value == 0 {
        return None;
    }
    Some(match T::try_from(value) {
        Ok(it) => {
            let (name, prefix) = it.named();
            name.strip_prefix(prefix).unwrap_or(name).to_lowercase().replace('_', "-")
        }
        Err(_) => value.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_typed_is_the_word_that_is_shown() {
        fn check<T: ValueEnum + Into<i32> + Copy, M: Word>() {
            for it in T::value_variants() {
                let typed = it.to_possible_value().map(|it| it.get_name().to_owned());
                assert_eq!(word::<M>((*it).into()), typed);
            }
        }
        check::<Kind, v1::BranchKind>();
        check::<Status, v1::VolunteerStatus>();
        check::<Role, v1::Role>();
        check::<State, v1::RecordState>();
        check::<Timely, v1::Timeliness>();
        check::<Source, v1::Provenance>();
        check::<Why, v1::Reason>();
        check::<HelpState, v1::HelpState>();
        check::<RewardKind, v1::RewardKind>();
        check::<Per, v1::Period>();
        check::<RedemptionState, v1::RedemptionState>();
    }

    #[test]
    fn what_is_not_given_has_no_word() {
        assert_eq!(word::<v1::Reason>(0), None);
        assert_eq!(word::<v1::Reason>(99), Some("99".to_owned()));
    }

    #[test]
    fn every_word_that_is_shown_has_its_chinese() {
        fn check<M: Word>(column: &str) {
            for value in (1..100).filter(|it| M::try_from(*it).is_ok()) {
                let word = word::<M>(value).unwrap();
                assert!(chinese(column, &word).is_some(), "{column}: {word}");
            }
        }
        check::<v1::BranchKind>("kind");
        check::<v1::LineKind>("kind");
        check::<v1::RewardKind>("kind");
        check::<v1::AccountPurpose>("purpose");
        check::<v1::VolunteerStatus>("status");
        check::<v1::RecordState>("state");
        check::<v1::Timeliness>("timeliness");
        check::<v1::DrawState>("state");
        check::<v1::HelpState>("state");
        check::<v1::MergeState>("state");
        check::<v1::RedemptionState>("state");
        check::<v1::ApprovalLevel>("level");
        check::<v1::Provenance>("provenance");
        check::<v1::Reason>("reason");
        check::<v1::Period>("period");
        check::<v1::RunState>("state");
        check::<v1::HonourLevel>("level");
        check::<v1::Fate>("fate");
    }
}
