//! Kinds, roles, states and reasons as they are typed and shown: one word each, both ways.

use clap::ValueEnum;
use lovebank_wire::v1;

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
        /// 区
        District,
        /// 街道
        Street,
        /// 社区
        Community,
    }
);
words!(
    /// Whether a volunteer takes part.
    Status = VolunteerStatus {
        /// 正常
        Active,
        /// 暂停
        Suspended,
        /// 注销
        Closed,
    }
);
words!(
    /// What an actor may do.
    Role = Role {
        /// 志愿者本人
        Volunteer,
        /// 经办
        Clerk,
        /// 复核
        Approver,
        /// 表彰
        AwardOfficer,
        /// 审计
        Auditor,
        /// 运维
        Operator,
    }
);
words!(
    /// Whether a record counts.
    State = RecordState {
        /// 待审
        Pending,
        /// 已生效
        Posted,
        /// 已拒绝
        Rejected,
        /// 已冲正
        Reversed,
    }
);
words!(
    /// How a record came to be known.
    Source = Provenance {
        /// 经办录入
        Clerk,
        /// 纸质表
        Paper,
        /// 本人申报
        SelfReported,
    }
);
words!(
    /// Why hours are taken back, refused or deducted.
    Why = Reason {
        /// 重复
        Duplicate,
        /// 未服务
        NotServed,
        /// 时间有误
        WrongTime,
        /// 人员有误
        WrongVolunteer,
        /// 活动有误
        WrongActivity,
        /// 违反规定
        RuleBroken,
        /// 其他
        Other,
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
    ApprovalLevel: "APPROVAL_LEVEL_",
    Reason: "REASON_",
    LineKind: "LINE_KIND_",
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

/// The Chinese of a word that is shown, by the column it stands in.
pub(crate) fn chinese(column: &str, word: &str) -> Option<&'static str> {
    let words: &[(&str, &str)] = match column {
        "kind" => &[
            ("district", "区"),
            ("street", "街道"),
            ("community", "社区"),
            ("earned", "服务"),
            ("opened", "期初"),
            ("deducted", "扣减"),
            ("reversed", "冲正"),
        ],
        "purpose" => {
            &[("issuance", "发放"), ("pool", "公益池"), ("opening", "期初"), ("adjustment", "扣减")]
        }
        "status" => &[("active", "正常"), ("suspended", "暂停"), ("closed", "注销")],
        "state" => &[
            ("pending", "待审"),
            ("posted", "已生效"),
            ("rejected", "已拒绝"),
            ("reversed", "已冲正"),
        ],
        "level" => &[("branch", "本级"), ("above", "上级")],
        "provenance" => &[
            ("scanned", "扫码"),
            ("clerk", "经办录入"),
            ("paper", "纸质表"),
            ("import", "导入"),
            ("self-reported", "本人申报"),
            ("opening", "期初"),
        ],
        "reason" => &[
            ("duplicate", "重复"),
            ("not-served", "未服务"),
            ("wrong-time", "时间有误"),
            ("wrong-volunteer", "人员有误"),
            ("wrong-activity", "活动有误"),
            ("rule-broken", "违反规定"),
            ("resent", "重新报送"),
            ("other", "其他"),
        ],
        "outcome" => &[
            ("done", "已处理"),
            ("refused", "被拒绝"),
            ("registered", "已登记"),
            ("posted", "已生效"),
            ("pending", "待审"),
            ("unknown", "不详"),
        ],
        _ => &[],
    };
    words.iter().find(|(english, _)| *english == word).map(|(_, chinese)| *chinese)
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
        check::<Source, v1::Provenance>();
        check::<Why, v1::Reason>();
    }

    #[test]
    fn what_is_not_given_has_no_word() {
        assert_eq!(word::<v1::Reason>(0), None);
        assert_eq!(word::<v1::Reason>(99), Some("99".to_owned()));
    }
}
