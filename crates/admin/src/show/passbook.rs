//! Passbooks and their lines.

use jiff::tz::TimeZone;
use lovebank_wire::v1;
use serde_json::Value;

use super::{Column, Shown, decimal, narrow, number, text, wide};
use crate::{
    import::sheet::minutes_text,
    when::{shown, shown_date},
    words::word,
};

impl Shown for v1::Passbook {
    const COLUMNS: &'static [Column] = &[
        narrow("passbook_no", "passbook", "存折号"),
        narrow("volunteer_number", "volunteer", "义工号"),
        narrow("branch_code", "branch", "社区"),
        narrow("minutes", "minutes", "分钟"),
        narrow("hours", "h:mm", "服务时长"),
        narrow("points", "points", "积分"),
        narrow("points_available", "points to spend", "可用积分"),
        narrow("points_debt", "points owed", "欠积分"),
        narrow("in_debt", "in debt", "欠账"),
        narrow("minutes_this_year", "minutes this year", "本年分钟"),
        narrow("lines", "lines", "行数"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![
            number(self.passbook_no),
            text(&self.volunteer_number),
            text(&self.branch_code),
            self.minutes.into(),
            minutes_text(self.minutes).into(),
            decimal(self.points.as_ref()),
            decimal(self.points_available.as_ref()),
            decimal(self.points_debt.as_ref()),
            self.in_debt.into(),
            self.minutes_this_year.into(),
            self.lines.into(),
        ]
    }
}

impl Shown for v1::PassbookYear {
    const COLUMNS: &'static [Column] = &[
        narrow("year", "year", "年份"),
        narrow("branch_code", "branch", "社区"),
        narrow("minutes", "minutes", "分钟"),
        narrow("hours", "h:mm", "时长"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![
            self.year.into(),
            text(&self.branch_code),
            self.minutes.into(),
            minutes_text(self.minutes).into(),
        ]
    }
}

impl Shown for v1::PassbookLine {
    const COLUMNS: &'static [Column] = &[
        narrow("line_no", "line", "行号"),
        wide("seq", "entry", "流水号"),
        wide("recorded_at", "recorded", "登记时间"),
        narrow("service_date", "date", "日期"),
        narrow("kind", "kind", "摘要"),
        narrow("activity_name", "activity", "活动"),
        narrow("branch_code", "branch", "社区"),
        wide("minutes", "minutes", "分钟"),
        narrow("hours", "h:mm", "时长"),
        wide("minutes_after", "minutes after", "累计分钟"),
        narrow("hours_after", "h:mm after", "累计时长"),
        narrow("points", "points", "积分"),
        narrow("points_after", "points after", "积分余额"),
        narrow("record_no", "record", "记录号"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        vec![
            number(self.line_no),
            number(self.seq),
            shown(self.recorded_at.as_ref(), zone).into(),
            shown_date(self.service_date.as_ref()).into(),
            word::<v1::LineKind>(self.kind).into(),
            text(&self.activity_name),
            text(&self.branch_code),
            self.minutes.into(),
            minutes_text(self.minutes).into(),
            self.minutes_after.into(),
            minutes_text(self.minutes_after).into(),
            decimal(self.points.as_ref()),
            decimal(self.points_after.as_ref()),
            number(self.record_no),
        ]
    }
}
