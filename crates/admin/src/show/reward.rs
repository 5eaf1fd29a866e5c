//! Rewards and redemptions.

use jiff::tz::TimeZone;
use lovebank_wire::v1;
use serde_json::Value;

use super::{Column, Shown, decimal, narrow, number, text, wide};
use crate::{when::shown, words::word};

impl Shown for v1::Reward {
    const COLUMNS: &'static [Column] = &[
        narrow("reward_no", "reward", "回馈号"),
        narrow("name", "name", "名称"),
        narrow("branch_code", "branch", "社区"),
        narrow("kind", "kind", "类别"),
        narrow("price", "price", "积分"),
        narrow("stock", "places", "名额"),
        narrow("left", "left", "剩余"),
        narrow("waiting", "waiting", "等待人数"),
        narrow("mode", "given", "分配方式"),
        wide("policy", "policy", "优先规则"),
        wide("limit", "limit", "限次"),
        wide("period", "per", "周期"),
        wide("eligibility", "for whom", "条件"),
        narrow("opens_at", "opens", "开始"),
        narrow("closes_at", "closes", "截止"),
        wide("fulfill_until", "until", "使用截止"),
        wide("allocated", "allocated", "已分配"),
        narrow("withdrawn", "withdrawn", "已下架"),
        wide("text", "text", "说明"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        let window = self.window.unwrap_or_default();
        let mode = match (self.window.is_some(), self.waiting_list) {
            (true, _) => "window",
            (false, true) => "waiting-list",
            (false, false) => "first-come",
        };
        vec![
            number(self.reward_no),
            text(&self.name),
            text(&self.branch_code),
            word::<v1::RewardKind>(self.kind).into(),
            decimal(self.price.as_ref()),
            self.stock.into(),
            self.left.into(),
            self.waiting.into(),
            mode.into(),
            text(&self.policy),
            self.limit.map(|it| it.count).into(),
            self.limit.and_then(|it| word::<v1::Period>(it.period)).into(),
            text(&self.eligibility),
            shown(window.opens_at.as_ref(), zone).into(),
            shown(window.closes_at.as_ref(), zone).into(),
            shown(window.fulfill_until.as_ref(), zone).into(),
            self.allocated.into(),
            self.withdrawn.into(),
            text(&self.text),
        ]
    }
}

impl Shown for v1::Redemption {
    const COLUMNS: &'static [Column] = &[
        narrow("redemption_no", "redemption", "兑换号"),
        narrow("reward_no", "reward", "回馈号"),
        narrow("reward_name", "name", "名称"),
        narrow("volunteer_number", "volunteer", "义工号"),
        narrow("passbook_no", "passbook", "存折号"),
        narrow("state", "state", "状态"),
        narrow("rank", "place", "名次"),
        narrow("held", "points set aside", "冻结积分"),
        narrow("captured", "points taken", "已扣积分"),
        narrow("code", "code", "兑换码"),
        wide("requested_at", "asked", "申请时间"),
        narrow("ends_at", "until", "有效期至"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        vec![
            number(self.redemption_no),
            number(self.reward_no),
            text(&self.reward_name),
            text(&self.volunteer_number),
            number(self.passbook_no),
            word::<v1::RedemptionState>(self.state).into(),
            number(self.rank.into()),
            decimal(self.held.as_ref()),
            decimal(self.captured.as_ref()),
            text(&self.code),
            shown(self.requested_at.as_ref(), zone).into(),
            shown(self.ends_at.as_ref(), zone).into(),
        ]
    }
}
