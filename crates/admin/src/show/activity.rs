//! Activities, and who is checked in at them.

use jiff::tz::TimeZone;
use lovebank_wire::v1;
use serde_json::Value;

use super::{Column, Shown, narrow, number, text, wide};
use crate::{
    when::{shown, shown_date},
    words::word,
};

impl Shown for v1::Activity {
    const COLUMNS: &'static [Column] = &[
        narrow("activity_no", "activity", "活动号"),
        narrow("branch_code", "branch", "社区"),
        narrow("name", "name", "名称"),
        narrow("category", "category", "类别"),
        narrow("place", "place", "地点"),
        narrow("start_time", "begins", "开始"),
        narrow("end_time", "ends", "结束"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        vec![
            number(self.activity_no),
            text(&self.branch_code),
            text(&self.name),
            text(&self.category),
            text(&self.place),
            shown(self.start_time.as_ref(), zone).into(),
            shown(self.end_time.as_ref(), zone).into(),
        ]
    }
}

impl Shown for v1::OpenCheckIn {
    const COLUMNS: &'static [Column] = &[
        narrow("volunteer_number", "volunteer", "义工号"),
        narrow("passbook_no", "passbook", "存折号"),
        narrow("activity_no", "activity", "活动号"),
        narrow("since", "since", "签到时间"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        vec![
            text(&self.volunteer_number),
            number(self.passbook_no),
            number(self.activity_no),
            shown(self.since.as_ref(), zone).into(),
        ]
    }
}

impl Shown for v1::BranchDeadlines {
    const COLUMNS: &'static [Column] = &[
        narrow("branch_code", "branch", "社区"),
        narrow("in_time", "in time", "按时"),
        narrow("late", "late", "迟录"),
        narrow("overdue", "overdue", "逾期未录"),
        narrow("due", "due", "未到期"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        let Self { in_time, late, overdue, due, .. } = *self;
        vec![text(&self.branch_code), in_time.into(), late.into(), overdue.into(), due.into()]
    }
}

impl Shown for v1::ActivityDeadline {
    const COLUMNS: &'static [Column] = &[
        narrow("branch_code", "branch", "社区"),
        narrow("activity_no", "activity no.", "活动号"),
        narrow("name", "activity", "活动"),
        narrow("ended", "ended", "结束日期"),
        narrow("deadline", "deadline", "记录时限"),
        narrow("timeliness", "stands", "情况"),
        narrow("working_days_over", "working days over", "超过工作日"),
        narrow("recorded", "records", "记录数"),
        narrow("late", "of them late", "其中迟录"),
        narrow("pending", "pending", "待审"),
        wide("last_recorded", "last recorded", "最后记录日期"),
        wide("deadline_certain", "deadline certain", "时限确定"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        let activity = self.activity.clone().unwrap_or_default();
        vec![
            text(&activity.branch_code),
            number(activity.activity_no),
            text(&activity.name),
            shown_date(self.ended.as_ref()).into(),
            shown_date(self.deadline.as_ref()).into(),
            word::<v1::Timeliness>(self.timeliness).into(),
            self.working_days_over.into(),
            self.recorded.into(),
            self.late.into(),
            self.pending.into(),
            shown_date(self.last_recorded.as_ref()).into(),
            self.deadline_certain.into(),
        ]
    }
}
