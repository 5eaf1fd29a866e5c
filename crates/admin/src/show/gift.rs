//! Gifts, kin, draws and help between volunteers.

use jiff::tz::TimeZone;
use lovebank_wire::v1;
use serde_json::Value;

use super::{Column, Shown, decimal, narrow, number, text, wide};
use crate::{when::shown, words::word};

impl Shown for v1::Gift {
    const COLUMNS: &'static [Column] = &[
        narrow("gift_no", "gift", "捐赠号"),
        narrow("from_passbook_no", "from passbook", "捐赠人存折号"),
        narrow("to_passbook_no", "to passbook", "受赠人存折号"),
        narrow("to_pool_branch_code", "to the pool of", "受赠公益池"),
        narrow("points", "points", "积分"),
        narrow("overflow", "overflow", "溢出积分"),
        narrow("reversed", "reversed", "已冲正"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        use v1::gift::To;
        let (passbook, pool) = match &self.to {
            Some(To::ToPassbookNo(no)) => (number(*no), Value::Null),
            Some(To::ToPoolBranchCode(code)) => (Value::Null, text(code)),
            None => (Value::Null, Value::Null),
        };
        vec![
            number(self.gift_no),
            number(self.from_passbook_no),
            passbook,
            pool,
            decimal(self.points.as_ref()),
            decimal(self.overflow.as_ref()),
            self.reversed.into(),
        ]
    }
}

impl Shown for v1::Kin {
    const COLUMNS: &'static [Column] =
        &[narrow("passbook_no", "passbook", "存折号"), narrow("confirmed", "confirmed", "已确认")];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![number(self.passbook_no), self.confirmed.into()]
    }
}

impl Shown for v1::Draw {
    const COLUMNS: &'static [Column] = &[
        narrow("rank", "place", "名次"),
        narrow("draw_no", "draw", "领用号"),
        narrow("passbook_no", "passbook", "存折号"),
        narrow("pool_branch_code", "pool of", "公益池"),
        narrow("points", "points", "积分"),
        narrow("state", "state", "状态"),
        narrow("requested_at", "asked", "申请时间"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        vec![
            number(self.rank.into()),
            number(self.draw_no),
            number(self.passbook_no),
            text(&self.pool_branch_code),
            decimal(self.points.as_ref()),
            word::<v1::DrawState>(self.state).into(),
            shown(self.requested_at.as_ref(), zone).into(),
        ]
    }
}

impl Shown for v1::Help {
    const COLUMNS: &'static [Column] = &[
        narrow("help_no", "help", "互助号"),
        narrow("asker_passbook_no", "asker's passbook", "求助者存折号"),
        narrow("branch_code", "branch", "社区"),
        narrow("activity", "activity", "活动"),
        wide("category", "category", "类别"),
        narrow("place", "place", "地点"),
        narrow("from", "from", "开始"),
        narrow("to", "to", "结束"),
        narrow("points", "points", "积分"),
        narrow("state", "state", "状态"),
        narrow("offer_passbook_nos", "offered by", "响应者存折号"),
        narrow("helper_passbook_no", "helper's passbook", "帮助者存折号"),
        wide("said_minutes", "minutes said", "所报分钟"),
        wide("said_by", "said by", "申报方"),
        wide("answered_minutes", "minutes said by the other", "对方所报分钟"),
        wide("due_at", "due", "到期"),
        wide("record_no", "record", "记录号"),
        wide("requested_at", "asked", "申请时间"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        let activity = self.activity.clone().unwrap_or_default();
        let window = self.window.unwrap_or_default();
        let by = self.said.map(|it| if it.by_asker { "asker" } else { "helper" });
        vec![
            number(self.help_no),
            number(self.asker_passbook_no),
            text(&activity.branch_code),
            text(&activity.name),
            text(&activity.category),
            text(&activity.place),
            shown(window.start_time.as_ref(), zone).into(),
            shown(window.end_time.as_ref(), zone).into(),
            decimal(self.points.as_ref()),
            word::<v1::HelpState>(self.state).into(),
            self.offer_passbook_nos.iter().map(|it| Value::from(*it)).collect(),
            number(self.helper_passbook_no),
            self.said.map(|it| it.minutes).into(),
            by.into(),
            self.answered.map(|it| it.minutes).into(),
            shown(self.due_at.as_ref(), zone).into(),
            number(self.record_no),
            shown(self.requested_at.as_ref(), zone).into(),
        ]
    }
}
