//! Stars, honours, runs and what comes of them.

use jiff::tz::TimeZone;
use lovebank_wire::v1;
use serde_json::Value;

use super::{Column, Shown, narrow, number, text, wide};
use crate::{
    import::sheet::minutes_text,
    when::{shown, shown_date},
    words::word,
};

impl Shown for v1::Honour {
    const COLUMNS: &'static [Column] = &[
        narrow("honour_no", "honour", "荣誉号"),
        narrow("volunteer_number", "volunteer", "义工号"),
        narrow("passbook_no", "passbook", "存折号"),
        narrow("name", "of", "方案"),
        narrow("star", "star", "星级"),
        narrow("year", "year", "年度"),
        narrow("level", "level", "级别"),
        narrow("english", "called", "英文名称"),
        narrow("chinese", "in Chinese", "名称"),
        narrow("given_date", "given", "授予日期"),
        wide("run_no", "run", "评选号"),
        wide("from_elsewhere", "from elsewhere", "外部荣誉"),
        narrow("revoked_seq", "taken back by entry", "撤销分录"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        use v1::honour_title::Title;
        let title = self.title.as_ref().and_then(|it| it.title.as_ref());
        let (name, star, year, level) = match title {
            Some(Title::Star(it)) => (text(&it.scheme), it.level.into(), it.year, Value::Null),
            Some(Title::Award(it)) => {
                let level = word::<v1::HonourLevel>(it.level);
                (text(&it.programme), Value::Null, it.year, level.into())
            }
            None => (Value::Null, Value::Null, 0, Value::Null),
        };
        vec![
            number(self.honour_no),
            text(&self.volunteer_number),
            number(self.passbook_no),
            name,
            star,
            if year == 0 { Value::Null } else { year.into() },
            level,
            text(&self.english),
            text(&self.chinese),
            shown_date(self.given_date.as_ref()).into(),
            number(self.run_no),
            self.from_elsewhere.into(),
            number(self.revoked_seq),
        ]
    }
}

impl Shown for v1::StarCandidate {
    const COLUMNS: &'static [Column] = &[
        narrow("volunteer_number", "volunteer", "义工号"),
        narrow("passbook_no", "passbook", "存折号"),
        narrow("masked_name", "name", "姓名"),
        narrow("branch_code", "branch", "社区"),
        narrow("level", "star", "星级"),
        narrow("held", "held", "已有星级"),
        narrow("minutes_total", "all minutes", "累计分钟"),
        narrow("hours", "h:mm", "时长"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![
            text(&self.volunteer_number),
            number(self.passbook_no),
            text(&self.masked_name),
            text(&self.branch_code),
            self.level.into(),
            self.held.into(),
            self.minutes_total.into(),
            minutes_text(self.minutes_total).into(),
        ]
    }
}

impl Shown for v1::StarReach {
    const COLUMNS: &'static [Column] = &[
        narrow("level", "star", "星级"),
        narrow("english", "called", "英文名称"),
        narrow("chinese", "in Chinese", "名称"),
        narrow("reached", "reached", "已达到"),
        narrow("missing", "missing", "尚缺"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        let unmet = self.conditions.iter().filter(|it| !it.met);
        let unmet: Vec<Value> = unmet.map(|it| lacking(it).into()).collect();
        vec![
            self.level.into(),
            text(&self.english),
            text(&self.chinese),
            self.reached.into(),
            if unmet.is_empty() { Value::Null } else { unmet.into() },
        ]
    }
}

/// What of a condition is not met: `minutes_total 5940 < 6000`.
fn lacking(it: &v1::JudgedCondition) -> String {
    let bound = match (it.least.as_str(), it.most.as_str()) {
        ("", "") => return it.formula.clone(),
        ("", most) => format!("> {most}"),
        (least, _) => format!("< {least}"),
    };
    format!("{} {} {bound}", it.formula, it.value)
}

impl Shown for v1::JudgedCondition {
    const COLUMNS: &'static [Column] = &[
        narrow("english", "condition", "英文条件"),
        narrow("chinese", "in Chinese", "条件"),
        wide("formula", "formula", "公式"),
        narrow("met", "met", "符合"),
        narrow("value", "value", "数值"),
        narrow("least", "at least", "至少"),
        narrow("most", "at most", "至多"),
        narrow("missing", "missing", "尚缺"),
        narrow("waived", "waived", "破格"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![
            text(&self.english),
            text(&self.chinese),
            text(&self.formula),
            self.met.into(),
            text(&self.value),
            text(&self.least),
            text(&self.most),
            text(&self.missing),
            self.waived.into(),
        ]
    }
}

impl Shown for v1::ComparedKey {
    const COLUMNS: &'static [Column] = &[
        narrow("english", "key", "英文次序"),
        narrow("chinese", "in Chinese", "次序"),
        narrow("own", "own", "本人"),
        narrow("last", "last who was chosen", "最后入选者"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![text(&self.english), text(&self.chinese), text(&self.own), text(&self.last)]
    }
}

impl Shown for v1::Run {
    const COLUMNS: &'static [Column] = &[
        narrow("run_no", "run", "评选号"),
        narrow("programme", "programme", "方案"),
        narrow("year", "year", "年度"),
        narrow("branch_code", "branch", "社区"),
        narrow("state", "state", "状态"),
        narrow("chosen", "chosen", "入选人数"),
        narrow("first_date", "from", "起"),
        narrow("last_date", "until", "止"),
        narrow("as_of_seq", "as of entry", "截至分录"),
        wide("rulebook_version", "rulebook", "规则集版本"),
        narrow("notice_first_date", "notice from", "公示起"),
        narrow("notice_last_date", "notice until", "公示止"),
        wide("notice_certain", "calendar complete", "日历完整"),
        narrow("open_objections", "open objections", "未答复异议"),
        wide("objections", "objections", "异议"),
        wide("digest", "digest", "摘要"),
        wide("created_by", "made by", "创建人"),
        wide("recorded_at", "made", "创建时间"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        vec![
            number(self.run_no),
            text(&self.programme),
            self.year.into(),
            text(&self.branch_code),
            word::<v1::RunState>(self.state).into(),
            self.chosen.into(),
            shown_date(self.first_date.as_ref()).into(),
            shown_date(self.last_date.as_ref()).into(),
            number(self.as_of_seq),
            self.rulebook_version.into(),
            shown_date(self.notice_first_date.as_ref()).into(),
            shown_date(self.notice_last_date.as_ref()).into(),
            self.notice_last_date.as_ref().map(|_| self.notice_certain).into(),
            self.open_objections.into(),
            self.objections.into(),
            text(&self.digest),
            text(&self.created_by),
            shown(self.recorded_at.as_ref(), zone).into(),
        ]
    }
}

impl Shown for v1::RunException {
    const COLUMNS: &'static [Column] = &[
        narrow("volunteer_number", "volunteer", "义工号"),
        narrow("passbook_no", "passbook", "存折号"),
        narrow("condition", "condition", "条件"),
        narrow("reason", "reason", "理由"),
        narrow("proposed_by", "proposed by", "提出人"),
        narrow("confirmed_by", "confirmed by", "确认人"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![
            text(&self.volunteer_number),
            number(self.passbook_no),
            self.condition.into(),
            text(&self.reason),
            text(&self.proposed_by),
            text(&self.confirmed_by),
        ]
    }
}

impl Shown for v1::SelectionPart {
    const COLUMNS: &'static [Column] = &[
        narrow("candidates", "looked at", "参评人数"),
        narrow("chosen", "chosen", "入选人数"),
        narrow("near_misses", "no place left", "未获名额"),
        narrow("chosen_minutes", "minutes of the chosen", "入选者分钟"),
        narrow("digest", "digest", "摘要"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![
            self.candidates.into(),
            self.chosen.into(),
            self.near_misses.into(),
            self.chosen_minutes.into(),
            text(&self.digest),
        ]
    }
}

impl Shown for v1::SelectionRow {
    const COLUMNS: &'static [Column] = &[
        narrow("place", "place", "名次"),
        narrow("volunteer_number", "volunteer", "义工号"),
        narrow("passbook_no", "passbook", "存折号"),
        narrow("masked_name", "name", "姓名"),
        narrow("branch_code", "branch", "社区"),
        narrow("minutes", "minutes", "分钟"),
        narrow("hours", "h:mm", "时长"),
        narrow("fate", "outcome", "结果"),
        narrow("not_met", "not met", "不符条件"),
        narrow("waived", "waived", "破格"),
        wide("scores", "scores", "得分"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        let list = |it: &[u32]| if it.is_empty() { Value::Null } else { it.to_vec().into() };
        vec![
            number(self.place.into()),
            text(&self.volunteer_number),
            number(self.passbook_no),
            text(&self.masked_name),
            text(&self.branch_code),
            self.minutes.into(),
            minutes_text(self.minutes).into(),
            word::<v1::Fate>(self.fate).into(),
            list(&self.not_met),
            list(&self.waived),
            self.scores.clone().into(),
        ]
    }
}

impl Shown for v1::ExplainOutcomeResponse {
    const COLUMNS: &'static [Column] = &[
        narrow("fate", "outcome", "结果"),
        narrow("place", "place", "名次"),
        narrow("minutes", "minutes", "分钟"),
        narrow("branch_code", "branch", "社区"),
        narrow("message", "in words", "英文说明"),
        narrow("message_zh", "in Chinese", "说明"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        vec![
            word::<v1::Fate>(self.fate).into(),
            number(self.place.into()),
            self.minutes.into(),
            text(&self.branch_code),
            text(&self.message),
            text(&self.message_zh),
        ]
    }
}

impl Shown for v1::DriftRow {
    const COLUMNS: &'static [Column] = &[
        narrow("volunteer_number", "volunteer", "义工号"),
        narrow("passbook_no", "passbook", "存折号"),
        narrow("masked_name", "name", "姓名"),
        narrow("fate", "in the run", "评选结果"),
        narrow("place", "place", "名次"),
        narrow("minutes", "minutes", "分钟"),
        narrow("fate_now", "now", "现在结果"),
        narrow("place_now", "place now", "现在名次"),
        narrow("minutes_now", "minutes now", "现在分钟"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        let (then, now) = (self.then.unwrap_or_default(), self.now.unwrap_or_default());
        vec![
            text(&self.volunteer_number),
            number(self.passbook_no),
            text(&self.masked_name),
            word::<v1::Fate>(then.fate).into(),
            number(then.place.into()),
            then.minutes.into(),
            word::<v1::Fate>(now.fate).into(),
            number(now.place.into()),
            now.minutes.into(),
        ]
    }
}

impl Shown for v1::Objection {
    const COLUMNS: &'static [Column] = &[
        narrow("objection_no", "objection", "异议号"),
        narrow("volunteer_number", "about", "涉及义工号"),
        narrow("passbook_no", "passbook", "存折号"),
        narrow("filed_by", "by", "提出人"),
        narrow("filed_at", "filed", "提出时间"),
        narrow("text", "text", "内容"),
        narrow("answered", "answered", "已答复"),
        narrow("upheld", "upheld", "成立"),
        narrow("answer", "answer", "答复"),
        narrow("answered_by", "answered by", "答复人"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        vec![
            number(self.objection_no),
            text(&self.volunteer_number),
            number(self.passbook_no),
            text(&self.filed_by),
            shown(self.filed_at.as_ref(), zone).into(),
            text(&self.text),
            self.answered.into(),
            if self.answered { self.upheld.into() } else { Value::Null },
            text(&self.answer),
            text(&self.answered_by),
        ]
    }
}
