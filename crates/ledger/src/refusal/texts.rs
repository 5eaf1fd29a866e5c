//! What a refusal says to a person, in English and Chinese, and which kind of no it is.

/// The kind of a no, from which the edge takes its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// The token does not hold any more.
    Unauthenticated,
    /// The actor may not.
    Denied,
    /// What was named is not there.
    NotFound,
    /// What was to be made is there already.
    Exists,
    /// The state or a rule of the bank does not allow it.
    Precondition,
    /// The request can never be right.
    Invalid,
}

/// The texts of a code, with `{operand}` where a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Texts {
    /// The kind of no.
    pub category: Category,
    /// In English.
    pub english: &'static str,
    /// In Chinese.
    pub chinese: &'static str,
}

/// The texts of a code; a code of a later version has one that says so.
pub fn texts(code: &str) -> Texts {
    let known = TEXTS.iter().find(|(known, _)| *known == code);
    known.map_or(OF_LATER_VERSION, |(_, it)| *it)
}

const OF_LATER_VERSION: Texts = Texts {
    category: Category::Precondition,
    english: "refused for a reason of a later version of the bank",
    chinese: "因较新版本的规则被拒绝",
};

/// In the order of checks, as the variants of [`Refusal`](super::Refusal).
static TEXTS: &[(&str, Texts)] = &[
    (
        "TOKEN_ENDED",
        unauthenticated(
            "token {token} is revoked or expired: ask an operator for a new one",
            "令牌 {token} 已吊销或过期：请向运维人员申请新令牌",
        ),
    ),
    (
        "ROLE_REQUIRED",
        denied("{verb} needs one of these roles: {roles}", "{verb} 需要以下角色之一：{roles}"),
    ),
    (
        "REQUEST_ID_REUSED",
        exists(
            "this request_id was used for another request, which made entry {entry}: use a new UUID for each request",
            "该 request_id 已用于另一请求（分录 {entry}）：每个请求请使用新的 UUID",
        ),
    ),
    (
        "BRANCH_UNKNOWN",
        not_found(
            "there is no branch {branch}: check the code or create it first",
            "没有编号为 {branch} 的社区（街道、区）：请核对编号或先建立",
        ),
    ),
    (
        "VOLUNTEER_UNKNOWN",
        not_found(
            "no volunteer has this number: check it or register the volunteer first",
            "没有此义工号：请核对或先登记该志愿者",
        ),
    ),
    (
        "ACTIVITY_UNKNOWN",
        not_found(
            "there is no activity {activity}: check the number",
            "没有活动 {activity}：请核对编号",
        ),
    ),
    (
        "RECORD_UNKNOWN",
        not_found(
            "there is no hours record {record}: check the number",
            "没有服务记录 {record}：请核对编号",
        ),
    ),
    (
        "TOKEN_UNKNOWN",
        not_found(
            "there is no token {token}: list the tokens to find it",
            "没有令牌 {token}：请列出令牌查找",
        ),
    ),
    (
        "REWARD_UNKNOWN",
        not_found(
            "there is no reward {reward}: list the rewards to find it",
            "没有回馈 {reward}：请列出回馈查找",
        ),
    ),
    (
        "REDEMPTION_UNKNOWN",
        not_found(
            "there is no redemption {redemption}: check the number",
            "没有兑换 {redemption}：请核对编号",
        ),
    ),
    (
        "GIFT_UNKNOWN",
        not_found("there is no gift {gift}: check the number", "没有捐赠 {gift}：请核对编号"),
    ),
    (
        "KIN_UNKNOWN",
        not_found(
            "nobody said that these two are kin: ask for it first",
            "尚未登记这两人的亲属关系：请先申请",
        ),
    ),
    (
        "DRAW_UNKNOWN",
        not_found("there is no draw {draw}: check the number", "没有领用 {draw}：请核对编号"),
    ),
    (
        "HELP_UNKNOWN",
        not_found(
            "there is no help request {help}: check the number",
            "没有互助请求 {help}：请核对编号",
        ),
    ),
    (
        "POLICY_UNKNOWN",
        not_found(
            "the rulebook in force has no priority policy {policy}: adopt one that has, or name another",
            "现行规则中没有优先规则 {policy}：请先启用含该规则的规则集，或改用其他规则",
        ),
    ),
    (
        "NOT_CHECKED_IN",
        precondition(
            "the volunteer is not checked in: check in first, or record the hours",
            "该志愿者未签到：请先签到，或直接登记时长",
        ),
    ),
    (
        "BRANCH_EXISTS",
        exists(
            "there is a branch {branch} already: choose another code",
            "已有编号为 {branch} 的社区（街道、区）：请另选编号",
        ),
    ),
    (
        "NUMBER_TAKEN",
        exists(
            "a volunteer has this number already: look the volunteer up instead",
            "此义工号已登记：请直接查询该志愿者",
        ),
    ),
    (
        "OUT_OF_SCOPE",
        denied(
            "your role does not reach branch {branch}: ask someone whose role does",
            "您的角色管不到 {branch}：请联系有权限的人员",
        ),
    ),
    (
        "NOT_YOUR_PASSBOOK",
        denied(
            "this is another volunteer's passbook: a volunteer's token opens only one's own",
            "这是他人的存折：志愿者令牌只能查看本人存折",
        ),
    ),
    (
        "OWN_RECORD",
        denied(
            "record {record} is your own, or you recorded it: someone else must decide on it",
            "服务记录 {record} 属于您本人或由您登记：须由他人处理",
        ),
    ),
    (
        "OWN_REDEMPTION",
        denied(
            "redemption {redemption} is your own, or you handed it out: someone else must decide on it",
            "兑换 {redemption} 属于您本人或由您发放：须由他人处理",
        ),
    ),
    (
        "OWN_GIFT",
        denied(
            "gift {gift} is your own, or you made it: someone else must decide on it",
            "捐赠 {gift} 属于您本人或由您办理：须由他人处理",
        ),
    ),
    (
        "OWN_DRAW",
        denied(
            "draw {draw} is for yourself, or you asked for it: someone else must decide on it",
            "领用 {draw} 属于您本人或由您申请：须由他人处理",
        ),
    ),
    (
        "OWN_HELP",
        denied(
            "you are a side of help request {help}: someone else must decide on it",
            "您是互助请求 {help} 的一方：须由他人处理",
        ),
    ),
    (
        "NOT_IN_HELP",
        denied(
            "this volunteer is no side of help request {help}",
            "该志愿者不是互助请求 {help} 的一方",
        ),
    ),
    (
        "HELP_NEEDS_HIGHER",
        denied(
            "so long a service needs an approver of the branch above",
            "如此长的服务须由上级复核",
        ),
    ),
    (
        "OWN_KIN",
        denied(
            "it is your own kin, or you asked for it: someone else must confirm it",
            "此亲属关系涉及您本人或由您申请：须由他人确认",
        ),
    ),
    (
        "OWN_PASSBOOK",
        denied(
            "it is your own passbook: someone else must decide on it",
            "这是您本人的存折：须由他人处理",
        ),
    ),
    (
        "HIGHER_APPROVER_REQUIRED",
        denied(
            "record {record} needs an approver of {level}",
            "服务记录 {record} 须由 {level} 的审核人批准",
        ),
    ),
    (
        "CORRECTION_NEEDS_APPROVER",
        denied(
            "the row differs from record {record}, and only an approver may correct it",
            "此行与服务记录 {record} 不同，只有审核人可以更正",
        ),
    ),
    (
        "IMPORT_NEEDS_APPROVER",
        denied(
            "totals without days, opening balances and deductions are taken in only by an approver's import",
            "无日期的总时长、期初余额和扣减，只能由审核人导入",
        ),
    ),
    (
        "BRANCH_ORDER",
        precondition(
            "a branch stands below one of a higher kind (district, street, community); {branch} does not",
            "社区须在街道之下，街道须在区之下；{branch} 不符合",
        ),
    ),
    (
        "VOLUNTEER_NOT_ACTIVE",
        precondition(
            "the volunteer is {status} and earns no hours: make the volunteer active first",
            "该志愿者状态为 {status}，不能登记时长：请先恢复为正常",
        ),
    ),
    (
        "NOTHING_CHANGES",
        precondition("it is so already: nothing would change", "现状已如此：没有变化"),
    ),
    (
        "RECORD_STATE",
        precondition(
            "record {record} is {state}, which does not allow this",
            "服务记录 {record} 的状态为 {state}，不允许此操作",
        ),
    ),
    (
        "REDEMPTION_STATE",
        precondition(
            "redemption {redemption} is {state}, which does not allow this",
            "兑换 {redemption} 的状态为 {state}，不允许此操作",
        ),
    ),
    (
        "DRAW_STATE",
        precondition(
            "draw {draw} is {state}, which does not allow this",
            "领用 {draw} 的状态为 {state}，不允许此操作",
        ),
    ),
    (
        "HELP_STATE",
        precondition(
            "help request {help} is {state}, which does not allow this",
            "互助请求 {help} 的状态为 {state}，不允许此操作",
        ),
    ),
    (
        "NO_OFFER",
        precondition(
            "this volunteer made no offer for help request {help}",
            "该志愿者未响应互助请求 {help}",
        ),
    ),
    ("GIFT_REVERSED", precondition("gift {gift} was taken back before", "捐赠 {gift} 已冲正")),
    (
        "KIN_KNOWN",
        exists(
            "these two are kin already, or that waits for an approver",
            "这两人的亲属关系已登记或正等待确认",
        ),
    ),
    (
        "SAME_PASSBOOK",
        invalid("both are the same volunteer: name two", "两者是同一志愿者：请指定两人"),
    ),
    (
        "REDEMPTIONS_OPEN",
        precondition(
            "redemption {redemption} is still open: cancel or fulfill it first",
            "兑换 {redemption} 尚未结束：请先取消或完成",
        ),
    ),
    ("REWARD_WITHDRAWN", precondition("reward {reward} was withdrawn", "回馈 {reward} 已下架")),
    (
        "REWARD_NOT_OPEN",
        precondition(
            "requests are taken from {opens} until {closes}",
            "受理时间为 {opens} 至 {closes}",
        ),
    ),
    (
        "WINDOW_OVER",
        precondition(
            "the window closes at {closes}, and now it is {now}: give a later end",
            "申请截止时间 {closes} 已过（现在是 {now}）：请设定更晚的截止时间",
        ),
    ),
    (
        "NOT_OFFERED",
        precondition(
            "the reward is for volunteers of {branch} and below it",
            "该回馈仅面向 {branch} 及其下级的志愿者",
        ),
    ),
    (
        "ALREADY_WAITING",
        precondition(
            "redemption {redemption} of this reward waits already",
            "该回馈已有等待中的兑换 {redemption}",
        ),
    ),
    ("NOTHING_DUE", precondition("nothing is due", "没有到期事项")),
    (
        "ALREADY_CHECKED_IN",
        precondition(
            "the volunteer is checked in at activity {activity}: check out there first",
            "该志愿者已在活动 {activity} 签到：请先在那里签退",
        ),
    ),
    (
        "NO_CHECK_INS_HERE",
        precondition(
            "activity {activity} has no start and end, so nobody can check in: create one that has",
            "活动 {activity} 没有起止时间，不能签到：请建立有起止时间的活动",
        ),
    ),
    (
        "ACTIVITY_OVER",
        precondition(
            "activity {activity} is over: record the hours instead",
            "活动 {activity} 已结束：请改为登记时长",
        ),
    ),
    ("TOKEN_REVOKED", precondition("token {token} is revoked already", "令牌 {token} 已吊销")),
    (
        "IMPORT_OUT_OF_ORDER",
        precondition(
            "the next part of this import is {expected}: send the parts in order, or start the import again",
            "此次导入的下一部分应为 {expected}：请按顺序发送，或重新开始导入",
        ),
    ),
    (
        "IMPORT_ENDED",
        precondition(
            "this import has ended: nothing can be added to it",
            "此次导入已结束：不能再添加内容",
        ),
    ),
    (
        "ZERO_MINUTES",
        invalid(
            "zero minutes are no service: give the time served, or leave the row out",
            "时长为零不算服务：请填写实际时长，或删去此行",
        ),
    ),
    (
        "FUTURE",
        precondition(
            "the service ends {until}, and it is {now}: record it when it is over",
            "服务于 {until} 结束，而现在是 {now}：请在结束后登记",
        ),
    ),
    (
        "OVERLAP",
        precondition(
            "the volunteer served elsewhere at that time: record {record}, {from} to {until}; correct one of the two",
            "该志愿者此时段已有服务：记录 {record}，{from} 至 {until}；请更正其中之一",
        ),
    ),
    (
        "SAME_DAY_TWICE",
        precondition(
            "record {record} holds hours of this volunteer at this activity on {date} already: correct that one, or give start and end",
            "记录 {record} 已登记该志愿者 {date} 在此活动的时长：请更正该记录，或填写起止时间",
        ),
    ),
    (
        "DAY_FULL",
        precondition(
            "{date} would hold {minutes} minutes of this volunteer, and {most} is the most: check the times",
            "{date} 当天该志愿者将达 {minutes} 分钟，上限为 {most} 分钟：请核对时间",
        ),
    ),
    (
        "SPAN_FULL",
        precondition(
            "{minutes} minutes do not fit in the days given, which hold {most}: check the hours, or give the whole span",
            "{minutes} 分钟超出所给日期可容纳的 {most} 分钟：请核对时长，或填写完整的起止日期",
        ),
    ),
    (
        "TOTALS_ONLY_IMPORTED",
        precondition(
            "hours without a day are taken in only by an import: give a date or start and end",
            "无日期的时长只能通过导入登记：请填写日期或起止时间",
        ),
    ),
    (
        "CHECK_INS_USED_UP",
        precondition(
            "a volunteer checks in at most {most} times a day at an activity (activity {activity})",
            "同一活动每天最多签到 {most} 次（活动 {activity}）",
        ),
    ),
    (
        "NOT_A_DEDUCTION",
        invalid(
            "a deduction is below zero: give the minutes to take as a negative number",
            "扣减须为负数：请以负数填写要扣减的分钟",
        ),
    ),
    (
        "NOT_ELIGIBLE",
        precondition(
            "the reward is for those of whom this is true: {condition}; here {values}",
            "该回馈须满足条件：{condition}；目前 {values}",
        ),
    ),
    (
        "LIMIT_REACHED",
        precondition(
            "one person may have this reward {most} times a {period}",
            "每人每{period}限兑 {most} 次",
        ),
    ),
    (
        "GIFT_NOT_ALLOWED",
        precondition(
            "the rulebook does not allow gifts to this volunteer: only to confirmed kin, or to a pool",
            "现行规则不允许转赠给该志愿者：仅限已确认的亲属或公益池",
        ),
    ),
    (
        "NOT_FIRST",
        precondition(
            "draw {first} comes before it: decide on that first",
            "领用 {first} 排在其前：请先处理",
        ),
    ),
    (
        "KIN_FULL",
        precondition("a volunteer has at most {most} kin", "一名志愿者最多登记 {most} 名亲属"),
    ),
    (
        "HELP_TOO_LATE",
        precondition(
            "it begins at {from}, and now it is {now}: ask for a later time",
            "开始时间 {from} 已过（现在是 {now}）：请改约更晚的时间",
        ),
    ),
    (
        "HELP_FULL",
        precondition(
            "a volunteer has at most {most} open help requests",
            "一名志愿者最多有 {most} 个未结束的互助请求",
        ),
    ),
    (
        "OFFERS_FULL",
        precondition(
            "a help request has at most {most} offers",
            "一个互助请求最多有 {most} 名响应者",
        ),
    ),
    (
        "LINE_FULL",
        precondition(
            "{most} requests wait for this reward already, and no more are taken",
            "该回馈已有 {most} 个等待申请，不再受理",
        ),
    ),
    ("OUT_OF_STOCK", precondition("reward {reward} has no place left", "回馈 {reward} 已无名额")),
    (
        "STOCK_FULL",
        precondition(
            "the reward has {stock} places; with these it would have more than {most}",
            "该回馈已有 {stock} 个名额；增加后将超过 {most}",
        ),
    ),
    (
        "INSUFFICIENT_POINTS",
        precondition(
            "{points} points are needed, {available} are available",
            "需要 {points} 积分，可用 {available}",
        ),
    ),
    (
        "POOL_TOO_SMALL",
        precondition(
            "{points} points are needed, the pool has {available}",
            "需要 {points} 积分，公益池仅有 {available}",
        ),
    ),
    (
        "CAPTURE_TOO_LARGE",
        precondition(
            "{points} points are more than the {held} that are held",
            "{points} 积分超过已冻结的 {held}",
        ),
    ),
    (
        "PROVENANCE_RESERVED",
        invalid(
            "{provenance} is kept for check-ins and imports: hours entered by hand are a clerk's, from paper, or self-reported",
            "来源 {provenance} 仅用于签到和导入：手工登记请选择经办、纸质表或本人申报",
        ),
    ),
    (
        "RULEBOOK_TOO_EARLY",
        precondition(
            "a rulebook cannot come into force on {from}, before today, {today}",
            "规则不能自 {from} 生效，早于今天 {today}",
        ),
    ),
    (
        "RULEBOOK_SAME",
        precondition(
            "the text is that of version {version}, the last adopted: nothing would change",
            "内容与最近采用的第 {version} 版相同：没有变化",
        ),
    ),
    (
        "EXPIRES_TOO_EARLY",
        invalid(
            "the token would expire {until}, and it is {now}: give a later time",
            "令牌将于 {until} 过期，而现在是 {now}：请填写更晚的时间",
        ),
    ),
    (
        "HANDLE_RESERVED",
        invalid("the handle bank is the bank's own: choose another", "bank 为本行专用：请另选名称"),
    ),
    (
        "GRANT_MISMATCH",
        invalid(
            "the role {role} does not fit its scope: volunteer holds on a volunteer, every other role on a branch or the bank",
            "角色 {role} 与范围不符：志愿者角色对应一名志愿者，其他角色对应社区或全行",
        ),
    ),
    (
        "BANK_WIDE_ONLY",
        denied("{verb} here needs a role in the whole bank", "{verb} 在此需要全行范围的角色"),
    ),
    (
        "OUT_OF_RANGE",
        precondition(
            "the amount is larger than a passbook can hold: check it",
            "数额超出存折可容纳的范围：请核对",
        ),
    ),
];

const fn unauthenticated(english: &'static str, chinese: &'static str) -> Texts {
    Texts { category: Category::Unauthenticated, english, chinese }
}

const fn denied(english: &'static str, chinese: &'static str) -> Texts {
    Texts { category: Category::Denied, english, chinese }
}

const fn not_found(english: &'static str, chinese: &'static str) -> Texts {
    Texts { category: Category::NotFound, english, chinese }
}

const fn exists(english: &'static str, chinese: &'static str) -> Texts {
    Texts { category: Category::Exists, english, chinese }
}

const fn precondition(english: &'static str, chinese: &'static str) -> Texts {
    Texts { category: Category::Precondition, english, chinese }
}

const fn invalid(english: &'static str, chinese: &'static str) -> Texts {
    Texts { category: Category::Invalid, english, chinese }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_texts_in_the_order_of_checks() {
        let source = include_str!("mod.rs");
        let of_arm = |line: &'static str| line.split_once("=> \"")?.1.strip_suffix("\",");
        let codes: Vec<_> = source.lines().filter_map(of_arm).collect();
        let known: Vec<_> = TEXTS.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, known);
    }

    #[test]
    fn both_languages_name_the_same_operands() {
        let operands = |text: &str| {
            let mut found: Vec<_> = text
                .split('{')
                .skip(1)
                .map(|it| it.split('}').next().unwrap().to_owned())
                .collect();
            found.sort();
            found.dedup();
            found
        };
        for (code, it) in TEXTS {
            assert_eq!(operands(it.english), operands(it.chinese), "{code}");
        }
    }
}
