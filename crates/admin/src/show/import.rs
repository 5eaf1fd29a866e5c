//! Import batches, and what undoing one did.

use jiff::tz::TimeZone;
use lovebank_wire::v1;
use serde_json::Value;

use super::{Column, Shown, decimal, narrow, number, text, wide};
use crate::{when::shown, words::word};

/// Digits of a batch that a table of many shows.
const DIGITS: usize = 12;

impl Shown for v1::ImportBatch {
    const COLUMNS: &'static [Column] = &[
        narrow("batch", "batch", "批次"),
        wide("batch_key", "whole name", "批次全名"),
        wide("file_sha256", "SHA-256 of the file", "文件 SHA-256"),
        narrow("state", "state", "状态"),
        narrow("branch_code", "branch", "社区"),
        narrow("actor", "taken in by", "导入人"),
        narrow("begun", "begun", "开始时间"),
        wide("ended", "last part", "最后一部分"),
        wide("first_seq", "first entry", "首条分录"),
        wide("last_seq", "last entry", "末条分录"),
        wide("parts", "parts", "部分数"),
        narrow("new_rows", "new", "新增行"),
        narrow("corrected_rows", "corrected", "更正行"),
        narrow("same_rows", "same", "相同行"),
        narrow("refused_rows", "refused", "拒绝行"),
        narrow("minutes", "minutes", "分钟"),
        narrow("points", "points", "积分"),
        wide("undone_by", "undone by", "撤销人"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        let key = hex::encode(&self.batch_key);
        vec![
            key.chars().take(DIGITS).collect::<String>().into(),
            key.into(),
            text(&hex::encode(&self.file_digest)),
            word::<v1::ImportState>(self.state).into(),
            text(&self.branch_code),
            text(&self.actor),
            shown(self.begin_time.as_ref(), zone).into(),
            shown(self.end_time.as_ref(), zone).into(),
            number(self.first_seq),
            number(self.last_seq),
            self.parts.into(),
            self.new_rows.into(),
            self.corrected_rows.into(),
            self.same_rows.into(),
            self.refused_rows.into(),
            self.minutes.into(),
            decimal(self.points.as_ref()),
            self.undo.as_ref().map_or(Value::Null, |it| text(&it.actor)),
        ]
    }
}

impl Shown for v1::ImportUndo {
    const COLUMNS: &'static [Column] = &[
        narrow("actor", "undone by", "撤销人"),
        narrow("begun", "begun", "开始时间"),
        wide("ended", "last part", "最后一部分"),
        wide("first_seq", "first entry", "首条分录"),
        wide("last_seq", "last entry", "末条分录"),
        narrow("taken_back", "taken back", "撤回记录"),
        narrow("restored", "count again", "恢复记录"),
        narrow("minutes", "minutes", "分钟"),
        narrow("points", "points", "积分"),
        narrow("debts", "debts allowed", "允许记欠"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        vec![
            text(&self.actor),
            shown(self.begin_time.as_ref(), zone).into(),
            shown(self.end_time.as_ref(), zone).into(),
            number(self.first_seq),
            number(self.last_seq),
            self.taken_back.into(),
            self.restored.into(),
            self.minutes.into(),
            decimal(self.points.as_ref()),
            self.debts.into(),
        ]
    }
}

impl Shown for v1::UndoImportResponse {
    const COLUMNS: &'static [Column] = &[
        narrow("taken_back", "taken back", "撤回记录"),
        narrow("restored", "count again", "恢复记录"),
        narrow("minutes", "minutes", "分钟"),
        narrow("points", "points", "积分"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![
            self.taken_back.into(),
            self.restored.into(),
            self.minutes.into(),
            decimal(self.points.as_ref()),
        ]
    }
}
