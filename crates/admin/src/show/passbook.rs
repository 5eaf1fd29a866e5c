//! Passbooks and their lines.

use jiff::tz::TimeZone;
use lovebank_wire::v1;
use serde_json::Value;

use super::{Column, Shown, decimal, narrow, number, numbers, text, wide};
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
        narrow("points_held", "points set aside", "冻结积分"),
        narrow("points_debt", "points owed", "欠积分"),
        narrow("in_debt", "in debt", "欠账"),
        narrow("minutes_this_year", "minutes this year", "本年分钟"),
        narrow("lines", "lines", "行数"),
        narrow("merged_into_passbook_no", "merged into passbook", "已并入存折号"),
        narrow("merged_passbook_nos", "merged passbooks", "并入的存折号"),
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
            decimal(self.points_held.as_ref()),
            decimal(self.points_debt.as_ref()),
            self.in_debt.into(),
            self.minutes_this_year.into(),
            self.lines.into(),
            number(self.merged_into_passbook_no),
            numbers(&self.merged_passbook_nos),
        ]
    }
}

impl Shown for v1::ExpiringPoints {
    const COLUMNS: &'static [Column] =
        &[narrow("expire_date", "gone on", "过期日"), narrow("points", "points", "积分")];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![shown_date(self.expire_date.as_ref()).into(), decimal(self.points.as_ref())]
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
        wide("service_date", "date of service", "服务日期"),
        narrow("day", "date", "日期"),
        narrow("kind", "kind", "摘要"),
        wide("activity_name", "activity", "活动"),
        wide("reward_name", "reward", "回馈"),
        narrow("about", "about", "事项"),
        narrow("branch_code", "branch", "社区"),
        narrow("counterparty_passbook_no", "other passbook", "对方存折号"),
        wide("minutes", "minutes", "分钟"),
        narrow("hours", "h:mm", "时长"),
        wide("minutes_after", "minutes after", "累计分钟"),
        narrow("hours_after", "h:mm after", "累计时长"),
        narrow("points", "points", "积分"),
        narrow("points_after", "points after", "积分余额"),
        narrow("record_no", "record", "记录号"),
        narrow("redemption_no", "redemption", "兑换号"),
        narrow("gift_no", "gift", "捐赠号"),
        narrow("draw_no", "draw", "领用号"),
        narrow("help_no", "help", "互助号"),
        narrow("honour_no", "honour", "荣誉号"),
        narrow("merge_no", "merge", "合并号"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        let recorded = shown(self.recorded_at.as_ref(), zone);
        let served = shown_date(self.service_date.as_ref());
        // What was not served has the day on which it was recorded.
        let day = served.clone().or_else(|| recorded.as_deref()?.get(..10).map(str::to_owned));
        let activity = text(&self.activity_name);
        let abouts = [activity.clone(), text(&self.reward_name), titled(self)];
        let about = abouts.into_iter().find(|it| !it.is_null()).unwrap_or_default();
        vec![
            number(self.line_no),
            number(self.seq),
            recorded.into(),
            served.into(),
            day.into(),
            word::<v1::LineKind>(self.kind).into(),
            activity,
            text(&self.reward_name),
            about,
            text(&self.branch_code),
            number(self.counterparty_passbook_no),
            self.minutes.into(),
            minutes_text(self.minutes).into(),
            self.minutes_after.into(),
            minutes_text(self.minutes_after).into(),
            decimal(self.points.as_ref()),
            decimal(self.points_after.as_ref()),
            number(self.record_no),
            number(self.redemption_no),
            number(self.gift_no),
            number(self.draw_no),
            number(self.help_no),
            number(self.honour_no),
            number(self.merge_no),
        ]
    }
}

/// The honour that a line is about: scheme or programme, star, year.
fn titled(it: &v1::PassbookLine) -> Value {
    use v1::honour_title::Title;
    let title = it.honour_title.as_ref().and_then(|it| it.title.as_ref());
    match title {
        Some(Title::Star(it)) if it.year == 0 => format!("{} {}", it.scheme, it.level).into(),
        Some(Title::Star(it)) => format!("{} {} {}", it.scheme, it.level, it.year).into(),
        Some(Title::Award(it)) => format!("{} {}", it.programme, it.year).into(),
        None => Value::Null,
    }
}

impl Shown for v1::Hold {
    const COLUMNS: &'static [Column] = &[
        narrow("hold_no", "hold", "冻结号"),
        wide("seq", "entry", "流水号"),
        narrow("recorded_at", "recorded", "登记时间"),
        narrow("points", "points", "积分"),
        narrow("remaining", "still set aside", "尚冻结"),
        narrow("expires_at", "until", "冻结至"),
        narrow("reward_name", "reward", "回馈"),
        narrow("redemption_no", "redemption", "兑换号"),
        narrow("help_no", "help", "互助号"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        vec![
            number(self.hold_no),
            number(self.seq),
            shown(self.recorded_at.as_ref(), zone).into(),
            decimal(self.points.as_ref()),
            decimal(self.remaining.as_ref()),
            shown(self.expires_at.as_ref(), zone).into(),
            text(&self.reward_name),
            number(self.redemption_no),
            number(self.help_no),
        ]
    }
}
