//! Records of service.

use jiff::tz::TimeZone;
use lovebank_wire::v1::{self, hours_record::Time};
use serde_json::Value;

use super::{Column, Shown, decimal, narrow, number, text, wide};
use crate::{
    import::sheet::minutes_text,
    when::{shown, shown_date},
    words::word,
};

impl Shown for v1::HoursRecord {
    const COLUMNS: &'static [Column] = &[
        narrow("record_no", "record", "记录号"),
        wide("seq", "entry", "流水号"),
        narrow("volunteer_number", "volunteer", "义工号"),
        wide("passbook_no", "passbook", "存折号"),
        narrow("branch_code", "branch", "社区"),
        wide("activity_no", "activity no.", "活动号"),
        narrow("activity", "activity", "活动"),
        wide("category", "category", "类别"),
        wide("place", "place", "地点"),
        wide("from", "from", "开始"),
        wide("to", "to", "结束"),
        narrow("date", "date", "日期"),
        wide("minutes", "minutes", "分钟"),
        narrow("hours", "h:mm", "时长"),
        narrow("state", "state", "状态"),
        narrow("level", "approver of", "审批级别"),
        narrow("points", "points", "积分"),
        wide("overflow", "overflow", "溢出积分"),
        wide("provenance", "source", "来源"),
        wide("recorder", "recorded by", "经办"),
        wide("grade", "grade", "评价"),
        wide("forgotten_check_out", "check-out forgotten", "漏签退"),
        wide("replaced_by", "replaced by", "更正为"),
        wide("decided_seq", "decided by entry", "处理流水号"),
        wide("reason", "reason", "原因"),
        wide("attestor", "attested by", "证明人"),
        wide("writer", "written by", "录入人"),
        wide("note", "note", "备注"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        let activity = self.activity.clone().unwrap_or_default();
        let beside = self.annotation.clone().unwrap_or_default();
        let (from, to) = span(self.time.as_ref(), zone);
        vec![
            number(self.record_no),
            number(self.seq),
            text(&self.volunteer_number),
            number(self.passbook_no),
            text(&activity.branch_code),
            number(activity.activity_no),
            text(&activity.name),
            text(&activity.category),
            text(&activity.place),
            from.into(),
            to.into(),
            shown_date(self.date.as_ref()).into(),
            self.minutes.into(),
            minutes_text(self.minutes).into(),
            word::<v1::RecordState>(self.state).into(),
            word::<v1::ApprovalLevel>(self.level).into(),
            decimal(self.points.as_ref()),
            decimal(self.overflow.as_ref()),
            word::<v1::Provenance>(self.provenance).into(),
            text(&self.recorder),
            self.evaluation.map(|it| it.grade).into(),
            self.forgotten_check_out.into(),
            number(self.replaced_by),
            number(self.decided_seq),
            word::<v1::Reason>(self.reason).into(),
            text(&beside.attestor),
            text(&beside.recorder),
            text(&beside.note),
        ]
    }
}

fn span(time: Option<&Time>, zone: &TimeZone) -> (Option<String>, Option<String>) {
    match time {
        Some(Time::Interval(it)) => {
            (shown(it.start_time.as_ref(), zone), shown(it.end_time.as_ref(), zone))
        }
        Some(Time::Span(it)) => (shown_date(it.from.as_ref()), shown_date(it.to.as_ref())),
        Some(Time::Day(_)) | None => (None, None),
    }
}
