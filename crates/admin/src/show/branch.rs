//! Branches and what they organised.

use jiff::tz::TimeZone;
use lovebank_wire::v1;
use serde_json::Value;

use super::{Column, Shown, decimal, narrow, text};
use crate::{import::sheet::minutes_text, words::word};

impl Shown for v1::Branch {
    const COLUMNS: &'static [Column] = &[
        narrow("code", "code", "编号"),
        narrow("name", "name", "名称"),
        narrow("kind", "kind", "类别"),
        narrow("parent_code", "below", "上级"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![
            text(&self.code),
            text(&self.name),
            word::<v1::BranchKind>(self.kind).into(),
            text(&self.parent_code),
        ]
    }
}

impl Shown for v1::YearTotal {
    const COLUMNS: &'static [Column] = &[
        narrow("year", "year", "年份"),
        narrow("minutes", "minutes", "分钟"),
        narrow("hours", "h:mm", "时长"),
        narrow("points", "points", "积分"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![
            self.year.into(),
            self.minutes.into(),
            minutes_text(self.minutes).into(),
            decimal(self.points.as_ref()),
        ]
    }
}

impl Shown for v1::BankAccount {
    const COLUMNS: &'static [Column] = &[
        narrow("purpose", "account", "账户"),
        narrow("minutes", "minutes", "分钟"),
        narrow("hours", "h:mm", "时长"),
        narrow("points", "points", "积分"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![
            word::<v1::AccountPurpose>(self.purpose).into(),
            self.minutes.into(),
            minutes_text(self.minutes).into(),
            decimal(self.points.as_ref()),
        ]
    }
}
