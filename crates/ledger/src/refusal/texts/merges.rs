//! What a refusal about one person under two numbers says.

use super::{Texts, denied, exists, not_found, precondition};

/// In the order of checks.
pub(super) static TEXTS: &[(&str, Texts)] = &[
    (
        "MERGE_UNKNOWN",
        not_found(
            "there is no merge {merge}: list the merges to find it",
            "没有合并 {merge}：请列出合并查找",
        ),
    ),
    (
        "OWN_MERGE",
        denied(
            "merge {merge} is your own proposal, or is about you: another approver must confirm it",
            "合并 {merge} 由您本人提出或涉及您本人：须由另一位审核人确认",
        ),
    ),
    (
        "PASSBOOK_MERGED",
        precondition(
            "passbook {passbook} was merged into passbook {into}, which is the same person's: list the merges of this number to find the one to use",
            "存折 {passbook} 已并入同一人的存折 {into}：请列出此号码的合并，改用保留的号码",
        ),
    ),
    (
        "PASSBOOK_MERGED_AWAY",
        precondition(
            "passbook {passbook} was merged into one of a branch that you do not reach: ask the branch above for its number",
            "存折 {passbook} 已并入您无权查看的社区的存折：请向上级查询其号码",
        ),
    ),
    (
        "MERGE_STATE",
        precondition(
            "merge {merge} is {state}: look at it again",
            "合并 {merge} {state}：请重新查看",
        ),
    ),
    (
        "MERGE_WAITS",
        exists(
            "merge {merge} of one of these numbers waits for an approver: have it confirmed or refused first",
            "这两个号码之一的合并 {merge} 正等待确认：请先确认或拒绝",
        ),
    ),
    (
        "MERGES_FULL",
        precondition(
            "{most} proposals of merges wait already: have some confirmed or refused first",
            "已有 {most} 项合并等待确认：请先确认或拒绝一部分",
        ),
    ),
    (
        "NUMBERS_FULL",
        precondition(
            "one person has at most {most} numbers: check whether all of them are the same person",
            "一人最多 {most} 个号码：请核对是否确为同一人",
        ),
    ),
    (
        "PERSON_ERASED",
        precondition(
            "the personal data of passbook {passbook} was erased: nobody can tell any more whose it is",
            "存折 {passbook} 的个人信息已删除：已无法确认属于何人",
        ),
    ),
    (
        "KIN_OF_EACH_OTHER",
        precondition(
            "the two are said to be kin of each other, and so not one person: end that first if it is wrong",
            "这两人登记为亲属，因而不是同一人：如登记有误，请先解除",
        ),
    ),
    (
        "DRAW_WAITS",
        precondition(
            "draw {draw} of the number to be merged waits: have it approved or rejected first",
            "待合并号码的领用申请 {draw} 正等待处理：请先批准或驳回",
        ),
    ),
    (
        "RUN_OPEN",
        precondition(
            "one of the numbers has a part in run {run}, which is not finished: wait for its end or withdraw it",
            "相关号码涉及尚未结束的评选 {run}：请等其结束或撤回",
        ),
    ),
    (
        "HONOUR_SINCE",
        precondition(
            "honour {honour} was given to the two as one person: take it back first, and give it to whom it belongs after",
            "荣誉 {honour} 是合并后按同一人授予的：请先撤回，之后再授予应得者",
        ),
    ),
    (
        "CHOSEN_TWICE",
        precondition(
            "run {run} chose passbook {passbook} twice, under two numbers of one person: withdraw it and make it anew",
            "评选 {run} 以同一人的两个号码两次选中存折 {passbook}：请撤回后重新评选",
        ),
    ),
    (
        "MERGED_SINCE",
        precondition(
            "passbook {passbook} is one person with passbook {other} since, and sheets spoke of the same service under both: undo that merge first",
            "存折 {passbook} 此后与存折 {other} 合并为同一人，且表格在两个号码下都涉及同一服务：请先撤销该合并",
        ),
    ),
    (
        "SERVICES_CLASH",
        precondition(
            "one person cannot have served both of these at once, or that long on a day ({pairs} pairs of records: {records}): reverse one of each pair first",
            "同一人不可能同时完成这些服务，或一天服务如此之久（{pairs} 对记录：{records}）：请先冲正每对中的一条",
        ),
    ),
];
