//! What a refusal about rewards, gifts and help says to a person.

use super::{Texts, denied, exists, invalid, not_found, precondition};

/// In the order of checks, as the variants of [`Refusal`](crate::Refusal).
pub(super) static TEXTS: &[(&str, Texts)] = &[
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
            "help request {help} took so long that it needs an approver of the branch above",
            "互助请求 {help} 时间过长，须由上级复核",
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
    (
        "OUT_OF_STOCK",
        precondition(
            "of the {stock} places of reward {reward}, {available} are available",
            "回馈 {reward} 共 {stock} 个名额，可用 {available}",
        ),
    ),
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
];
