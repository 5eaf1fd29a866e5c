//! Activities, and who is checked in at them.

use jiff::tz::TimeZone;
use lovebank_wire::v1;
use serde_json::Value;

use super::{Column, Shown, narrow, number, text};
use crate::when::shown;

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
