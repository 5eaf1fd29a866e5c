//! What a refusal about stars, awards, runs and certificates says to a person.

use super::{Texts, denied, exists, not_found, precondition};

/// In the order of checks, as the variants of [`Refusal`](crate::Refusal).
pub(super) static TEXTS: &[(&str, Texts)] = &[
    (
        "SCHEME_UNKNOWN",
        not_found(
            "the rulebook in force has no star scheme {scheme}: adopt one that has, or name another",
            "现行规则中没有星级方案 {scheme}：请先启用含该方案的规则集，或改用其他方案",
        ),
    ),
    (
        "STAR_UNKNOWN",
        not_found(
            "the scheme has no star {star}: name one of its stars",
            "该方案没有 {star} 星：请选择方案中的星级",
        ),
    ),
    (
        "PROGRAMME_UNKNOWN",
        not_found(
            "the rulebook in force has no award programme {programme}: adopt one that has, or name another",
            "现行规则中没有表彰方案 {programme}：请先启用含该方案的规则集，或改用其他方案",
        ),
    ),
    (
        "RUN_UNKNOWN",
        not_found(
            "there is no run {run}: list the runs to find it",
            "没有评选 {run}：请列出评选查找",
        ),
    ),
    (
        "EXCEPTION_UNKNOWN",
        not_found(
            "nobody proposed this exception of run {run}: propose it first",
            "尚无人对评选 {run} 提出此项破格：请先提出",
        ),
    ),
    (
        "OBJECTION_UNKNOWN",
        not_found(
            "there is no objection {objection}: check the number",
            "没有异议 {objection}：请核对编号",
        ),
    ),
    (
        "HONOUR_UNKNOWN",
        not_found(
            "the volunteer has no honour {honour}: check the number",
            "该志愿者没有荣誉 {honour}：请核对编号",
        ),
    ),
    (
        "ENTRY_UNKNOWN",
        not_found(
            "there is no entry {entry} yet: name one that is recorded",
            "尚无分录 {entry}：请指定已记录的分录",
        ),
    ),
    (
        "OWN_EXCEPTION",
        denied(
            "you proposed this exception of run {run}: someone else must confirm it",
            "评选 {run} 的此项破格由您提出：须由他人确认",
        ),
    ),
    (
        "OWN_OBJECTION",
        denied(
            "objection {objection} is yours, or about your place: someone else must answer it",
            "异议 {objection} 由您提出或涉及您本人：须由他人答复",
        ),
    ),
    (
        "RUN_STATE",
        precondition(
            "run {run} is {state}, which does not allow this",
            "评选 {run} 的状态为 {state}，不允许此操作",
        ),
    ),
    (
        "RUN_FINAL",
        exists(
            "run {run} gave this award of this year already: revoke single awards instead",
            "评选 {run} 已评定本年度此项表彰：如有错误请单独撤销",
        ),
    ),
    (
        "HONOUR_HELD",
        exists(
            "the volunteer holds it already: honour {honour}",
            "该志愿者已获此荣誉：编号 {honour}",
        ),
    ),
    ("HONOUR_REVOKED", precondition("honour {honour} was taken back", "荣誉 {honour} 已撤销")),
    (
        "OBJECTION_ANSWERED",
        precondition("objection {objection} was answered already", "异议 {objection} 已答复"),
    ),
    (
        "OBJECTIONS_OPEN",
        precondition(
            "objection {objection} is not answered: answer it first",
            "异议 {objection} 尚未答复：请先答复",
        ),
    ),
    (
        "NOTICE_NOT_OVER",
        precondition(
            "the notice period lasts until {last}: finish the run after that day",
            "公示期至 {last} 止：请在此日之后定案",
        ),
    ),
    (
        "NOTICE_OVER",
        precondition(
            "the notice period ended on {last}: objections are not taken any more",
            "公示期已于 {last} 结束：不再受理异议",
        ),
    ),
    (
        "YEAR_NOT_BEGUN",
        precondition(
            "{year} has no day up to the cut-off: name an earlier year, or a later cut-off",
            "{year} 年在截止日前没有任何一天：请选择更早的年度，或更晚的截止日",
        ),
    ),
    (
        "STAR_NOT_REACHED",
        precondition("star {star} is not reached: {missing}", "未达到 {star} 星条件：{missing}"),
    ),
    (
        "NOT_WAIVABLE",
        precondition(
            "condition {condition} of the programme cannot be waived: only those marked waivable can",
            "方案的第 {condition} 项条件不可破格：只有标明可破格的条件可以",
        ),
    ),
    (
        "EXCEPTIONS_FULL",
        precondition(
            "a run has at most {most} exceptions: change the programme instead",
            "一次评选最多 {most} 项破格：请修改方案",
        ),
    ),
    (
        "OBJECTIONS_FULL",
        precondition(
            "a run takes at most {most} objections: withdraw the run and look at the programme",
            "一次评选最多受理 {most} 项异议：请撤回评选并检查方案",
        ),
    ),
    (
        "TOO_MANY_CHOSEN",
        precondition(
            "{chosen} are chosen, and a run honours at most {most}: set places in the programme, or run it by branch",
            "入选 {chosen} 人，一次评选最多 {most} 人：请在方案中限定名额，或分社区评选",
        ),
    ),
    (
        "NOTHING_SERVED",
        precondition(
            "no service is recorded from {from} to {until}: choose other days",
            "{from} 至 {until} 没有服务记录：请选择其他日期",
        ),
    ),
];
