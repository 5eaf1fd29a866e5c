//! The help in Chinese: gifts, kin, pools, help between volunteers, need, solvency.

pub(super) const TEXTS: &[(&str, &str)] = &[
    ("Say how much a volunteer is in need (困难等级)", "设定困难等级"),
    ("0, not at all, to 9", "0（无困难）至 9"),
    ("Show points that are set aside (冻结), newest first", "列出冻结的积分，新的在前"),
    // Merges.
    (
        "One person under two numbers (合并): said by one, confirmed by another",
        "合并重复的志愿者：一人提出，另一人确认",
    ),
    (
        "Say that two numbers are one person; it waits for an approver",
        "提出两个号码为同一人，待审核",
    ),
    ("Show merges, newest first", "列出合并，新的在前"),
    (
        "Confirm that two numbers are one person: what the one has goes to the other",
        "确认两个号码为同一人：前者的时长和积分归后者",
    ),
    (
        "Refuse a merge, or the undoing of one; your own proposal you take back so",
        "拒绝合并或撤销；本人提出的也这样收回",
    ),
    ("Say that a merge was wrong; it waits for an approver", "提出撤销合并，待审核"),
    ("Confirm that a merge was wrong: each number has its own again", "确认撤销合并：各归各的"),
    ("The duplicate, by number", "重复的义工号"),
    ("The number that is kept", "保留的义工号"),
    ("Only those that wait for an approver", "只列待审核的"),
    ("Only those of this volunteer, by number", "只列该志愿者的"),
    ("The number of the merge", "合并号"),
    // Gifts and kin.
    ("Gifts of points, to volunteers and to pools", "捐赠积分给志愿者或公益池"),
    ("Give points to a volunteer, or to the pool of a branch", "捐赠积分给志愿者或社区公益池"),
    ("Take a gift back (冲正); the taker may come below zero", "冲正捐赠；受赠人的积分可能低于零"),
    (
        "Who gives: a volunteer number (义工号); \"me\" for the owner of the token",
        "捐赠人的义工号；“me” 为令牌本人",
    ),
    ("How many points, above zero, with at most 2 decimals", "积分数，大于零，最多两位小数"),
    ("To this volunteer, by number", "受赠人的义工号"),
    ("To the pool of this branch (公益池)", "受赠的公益池的社区编号"),
    ("The number of the gift", "捐赠号"),
    ("Kin, to whom points may be given", "亲属：可以捐赠积分给他们"),
    ("Say that two volunteers are kin; it waits for an approver", "申请登记两人为亲属，待审核"),
    ("Confirm that two volunteers are kin", "审核通过两人为亲属"),
    ("Say that two volunteers are kin no more", "解除两人的亲属登记"),
    ("Show the kin of a volunteer, and who gets what is left", "显示志愿者的亲属和受益人"),
    ("The volunteer number of the other", "对方的义工号"),
    ("Who gets what is left when a passbook is closed", "受益人：存折注销时谁得余额"),
    (
        "Name who gets what is left when a passbook is closed; nobody named: the pool",
        "指定存折注销时的受益人；未指定则归公益池",
    ),
    ("This volunteer, by number", "受益人的义工号"),
    ("Nobody any more", "不再指定任何人"),
    // Pools.
    (
        "Pools: points given to the community, drawn for those in need",
        "公益池：捐给社区、供困难者领用的积分",
    ),
    ("Ask for points of a pool for someone in need (领用)", "为困难者申请领用公益池积分"),
    (
        "Pay a draw: the first in the published order that the pool can pay",
        "批准领用：须是按公布次序、公益池付得起的第一笔",
    ),
    ("Refuse a draw", "拒绝领用"),
    (
        "Show what is in a pool, and the draws that wait, in the published order",
        "显示公益池的积分和等待的领用，按公布的次序",
    ),
    ("The branch whose pool it is", "公益池的社区编号"),
    ("The number of the draw", "领用号"),
    // Help.
    ("Help between volunteers (互助)", "互助：志愿者互相帮助"),
    ("How a command is used is told with --help.", "命令用法请用 --help 查看。"),
    ("Ask for help; the points it may cost are set aside", "求助；所需积分先冻结"),
    ("Offer to help", "响应求助"),
    (
        "Take an offer back; where it was accepted, the request is open again",
        "撤回响应；已约定的重新开放",
    ),
    ("Accept an offer", "接受响应"),
    ("Give a request up", "取消求助"),
    (
        "Say for one side how long it took; it is settled where both say the same",
        "一方申报服务分钟数；双方一致即完成",
    ),
    ("Have the last word on help that is disputed", "裁定有争议的互助"),
    ("Show one request", "显示一个互助请求"),
    (
        "Show requests that still can change, those of first priority first",
        "列出未结束的互助请求，优先的在前",
    ),
    ("The number of the request", "互助号"),
    ("Whose offer, by the number of the passbook", "响应者的存折号"),
    (
        "How many minutes, 0 to 1440; 0: it did not take place",
        "服务分钟数，0 至 1440；0 为没有进行",
    ),
    (
        "Only those that this volunteer asked for or helps with; \"me\" for the owner of the token",
        "只列此志愿者求助或帮助的；“me” 为令牌本人",
    ),
    // Solvency.
    (
        "Reads the whole journal and reports whether what was promised can be kept (偿付)",
        "读取全部总流水，报告积分能否兑付（偿付）",
    ),
    ("As of the end of this day [default: the last entry]", "截至某日终了 [默认：最后一条流水]"),
];
