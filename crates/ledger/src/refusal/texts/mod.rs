//! What a refusal says to a person, in English and Chinese, and which kind of no it is.

mod honours;
mod imports;
mod merges;
mod points;

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
    let all = TEXTS.iter().chain(points::TEXTS).chain(honours::TEXTS);
    let mut all = all.chain(imports::TEXTS).chain(merges::TEXTS);
    let known = all.find(|(known, _)| *known == code);
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
            "the volunteer is {status} and takes no part: make the volunteer active first",
            "该志愿者状态为 {status}，不能办理：请先恢复为正常",
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
        "TAKEN_BACK",
        precondition(
            "record {record} said the same and was {state} by a person, so no sheet brings it back: if it holds after all, record it by hand",
            "服务记录 {record} 内容相同，已由人工处理（{state}），表格不能使其恢复：如确属实，请单独登记",
        ),
    ),
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
        "POLICY_IN_USE",
        precondition(
            "the rules have no policy {policy}, by which reward {reward} is given",
            "规则中没有优先规则 {policy}，而回馈 {reward} 正按它分配",
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
mod tests;
