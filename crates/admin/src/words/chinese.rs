//! The Chinese of the words that are shown.

/// The Chinese of a word that is shown, by the column it stands in.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(crate) fn chinese(column: &str, word: &str) -> Option<&'static str> {
    let column = column.strip_suffix("_now").unwrap_or(column);
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
        "timeliness" => {
            &[("due", "未到期"), ("in-time", "按时"), ("late", "迟录"), ("overdue", "逾期未录")]
        }
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
            ("undone", "导入已撤销"),
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
    words.iter().find(|it| it.0 == word).map(|it| it.1).or_else(|| moved(column, word))
}

fn moved(column: &str, word: &str) -> Option<&'static str> {
    MOVED.iter().find(|it| (it.0, it.1) == (column, word)).map(|it| it.2)
}

/// The same of points on the move: column, word, its Chinese.
const MOVED: &[(&str, &str, &str)] = &[
    ("state", "begun", "未完"),
    ("state", "ended", "已导入"),
    ("state", "undoing", "撤销中"),
    ("state", "undone", "已撤销"),
    ("kind", "full", "完整"),
    ("kind", "increment", "增量"),
    ("kind", "vault", "个人信息库"),
    ("kind", "redeemed", "兑换"),
    ("kind", "given", "捐出"),
    ("kind", "received", "受赠"),
    ("kind", "drawn", "领用"),
    ("kind", "paid", "支付互助"),
    ("kind", "helped", "互助服务"),
    ("kind", "expired", "过期"),
    ("kind", "honoured", "荣誉"),
    ("kind", "revoked", "撤销"),
    ("purpose", "redeemed", "兑换"),
    ("purpose", "expired", "过期"),
    ("state", "waiting", "等待中"),
    ("state", "approved", "已批准"),
    ("state", "open", "待响应"),
    ("state", "agreed", "已约定"),
    ("state", "said", "一方已确认"),
    ("state", "disputed", "有争议"),
    ("state", "confirmed", "已完成"),
    ("state", "cancelled", "已取消"),
    ("state", "expired", "已过期"),
    ("state", "allocated", "已有名额"),
    ("state", "fulfilled", "已领取"),
    ("state", "no-show", "未到"),
    ("kind", "goods", "实物"),
    ("kind", "service", "服务"),
    ("kind", "privilege", "优待"),
    ("kind", "admission", "入场"),
    ("period", "month", "月"),
    ("period", "quarter", "季度"),
    ("period", "year", "年"),
    ("period", "ever", "不限"),
    ("mode", "first-come", "先到先得"),
    ("mode", "window", "截止时分配"),
    ("mode", "waiting-list", "候补"),
    ("outcome", "published", "已发布"),
    ("outcome", "published-before", "此前已发布"),
    ("outcome", "can-be-published", "可以发布"),
    ("provenance", "help", "互助"),
    ("state", "draft", "草稿"),
    ("state", "published", "公示中"),
    ("state", "final", "已定"),
    ("state", "withdrawn", "已撤回"),
    ("level", "community", "社区"),
    ("level", "street", "街道"),
    ("level", "district", "区"),
    ("level", "city", "市"),
    ("level", "province", "省"),
    ("level", "nation", "国家"),
    ("fate", "chosen", "入选"),
    ("fate", "chosen-of-branch", "入选（本社区名额）"),
    ("fate", "chosen-as-equal", "入选（并列）"),
    ("fate", "no-place", "名额已满"),
    ("fate", "not-eligible", "不符合条件"),
    ("fate", "removed", "除名"),
    ("fate", "not-looked-at", "未参评"),
    ("outcome", "given", "已授予"),
    ("said_by", "asker", "求助者"),
    ("said_by", "helper", "帮助者"),
    ("difference", "not-signed-in", "未签到"),
    ("difference", "not-on-list", "不在名单"),
    ("difference", "not-signed-out", "未签退"),
    ("difference", "over-time", "超时"),
    ("difference", "under-time", "不足名单时长"),
    ("anomaly", "impossible-day", "不可能的时长"),
    ("anomaly", "cloned-sheet", "雷同的活动表"),
    ("anomaly", "year-end", "年末恰好达标"),
    ("anomaly", "kin-approved", "经办亲属时长"),
    ("anomaly", "traded-approvals", "互相审核"),
    ("anomaly", "shared-phone", "电话相同"),
    ("anomaly", "round-hours", "整小时过多"),
    ("anomaly", "outside-opening", "开放时间之外"),
    ("anomaly", "forgotten-check-outs", "多次未签退"),
    ("anomaly", "gift-burst", "集中捐赠"),
];
