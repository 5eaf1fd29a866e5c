//! Years of service.

use jiff::tz::TimeZone;
use lovebank_wire::v1;
use serde_json::Value;

use super::{Column, Shown, decimal, narrow, number, text};
use crate::{import::sheet::minutes_text, when::shown_date};

impl Shown for v1::AnnualSummary {
    const COLUMNS: &'static [Column] = &[
        narrow("passbook_no", "passbook", "存折号"),
        narrow("volunteer_number", "volunteer", "义工号"),
        narrow("branch_code", "branch", "社区"),
        narrow("year", "year", "年份"),
        narrow("minutes", "minutes", "分钟"),
        narrow("hours", "h:mm", "时长"),
        narrow("services", "services", "次数"),
        narrow("first_date", "first", "首次"),
        narrow("last_date", "last", "末次"),
        narrow("points", "points", "积分"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![
            number(self.passbook_no),
            text(&self.volunteer_number),
            text(&self.branch_code),
            self.year.into(),
            self.minutes.into(),
            minutes_text(self.minutes).into(),
            self.services.into(),
            shown_date(self.first_date.as_ref()).into(),
            shown_date(self.last_date.as_ref()).into(),
            decimal(self.points.as_ref()),
        ]
    }
}

/// The columns of something and its minutes.
macro_rules! minutes_of {
    ($($message:ident: $field:ident, $english:literal, $chinese:literal, $cell:expr;)+) => {
        $(impl Shown for v1::$message {
            const COLUMNS: &'static [Column] = &[
                narrow(stringify!($field), $english, $chinese),
                narrow("minutes", "minutes", "分钟"),
                narrow("hours", "h:mm", "时长"),
            ];

            fn cells(&self, _: &TimeZone) -> Vec<Value> {
                let cell: fn(&Self) -> Value = $cell;
                vec![cell(self), self.minutes.into(), minutes_text(self.minutes).into()]
            }
        })+
    };
}

minutes_of!(
    MonthMinutes: month, "month", "月份", |it| it.month.into();
    BranchMinutes: branch_code, "branch", "社区", |it| text(&it.branch_code);
    CategoryMinutes: category, "category", "类别", |it| text(&it.category);
);

impl Shown for v1::GetBranchStatisticsResponse {
    const COLUMNS: &'static [Column] = &[
        narrow("minutes", "minutes", "分钟"),
        narrow("hours", "h:mm", "时长"),
        narrow("volunteers", "volunteers", "人数"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![self.minutes.into(), minutes_text(self.minutes).into(), self.volunteers.into()]
    }
}

impl Shown for v1::StatisticsRow {
    const COLUMNS: &'static [Column] = &[
        narrow("month", "month", "月份"),
        narrow("category", "category", "类别"),
        narrow("minutes", "minutes", "分钟"),
        narrow("hours", "h:mm", "时长"),
        narrow("volunteers", "volunteers", "人数"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![
            self.month.into(),
            text(&self.category),
            self.minutes.into(),
            minutes_text(self.minutes).into(),
            self.volunteers.into(),
        ]
    }
}
