//! Volunteers and tokens.

use jiff::tz::TimeZone;
use lovebank_wire::v1;
use serde_json::Value;

use super::{Column, Shown, narrow, number, numbers, text, wide};
use crate::{
    when::{shown, shown_date},
    words::word,
};

impl Shown for v1::Volunteer {
    const COLUMNS: &'static [Column] = &[
        narrow("volunteer_number", "number", "义工号"),
        narrow("passbook_no", "passbook", "存折号"),
        narrow("branch_code", "branch", "社区"),
        narrow("joined", "joined", "注册日期"),
        narrow("status", "status", "状态"),
        narrow("name", "name", "姓名"),
        narrow("phone", "phone", "电话"),
        wide("note", "note", "备注"),
        wide("birth_date", "born", "出生日期"),
        wide("need_class", "need class", "困难等级"),
        wide("erased", "erased", "已删除个人信息"),
        wide("merged_into_passbook_no", "merged into passbook", "已并入存折号"),
        wide("merged_passbook_nos", "merged passbooks", "并入的存折号"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        let person = self.person.clone().unwrap_or_default();
        vec![
            text(&self.volunteer_number),
            number(self.passbook_no),
            text(&self.branch_code),
            shown_date(self.joined.as_ref()).into(),
            word::<v1::VolunteerStatus>(self.status).into(),
            text(&person.name),
            text(&person.phone),
            text(&person.note),
            shown_date(person.birth_date.as_ref()).into(),
            self.need_class.into(),
            self.erased.into(),
            number(self.merged_into_passbook_no),
            numbers(&self.merged_passbook_nos),
        ]
    }
}

impl Shown for v1::Merge {
    const COLUMNS: &'static [Column] = &[
        narrow("merge_no", "merge", "合并号"),
        narrow("volunteer_number", "duplicate", "重复义工号"),
        narrow("passbook_no", "its passbook", "其存折号"),
        narrow("into_volunteer_number", "kept", "保留义工号"),
        narrow("into_passbook_no", "its passbook", "其存折号"),
        narrow("state", "state", "状态"),
        narrow("proposed_at", "proposed", "提出时间"),
        wide("merged_seq", "merged by entry", "合并分录"),
        wide("undone_seq", "undone by entry", "撤销分录"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        vec![
            number(self.merge_no),
            text(&self.volunteer_number),
            number(self.passbook_no),
            text(&self.into_volunteer_number),
            number(self.into_passbook_no),
            word::<v1::MergeState>(self.state).into(),
            shown(self.proposed_at.as_ref(), zone).into(),
            number(self.merged_seq),
            number(self.undone_seq),
        ]
    }
}

impl Shown for v1::Token {
    const COLUMNS: &'static [Column] = &[
        narrow("token_no", "token", "令牌号"),
        narrow("handle", "handle", "持有人"),
        narrow("grants", "grants", "权限"),
        narrow("expire_time", "expires", "到期"),
        narrow("revoked", "revoked", "已吊销"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        vec![
            number(self.token_no),
            text(&self.handle),
            self.grants.iter().map(|it| Value::from(grant(it))).collect(),
            shown(self.expire_time.as_ref(), zone).into(),
            self.revoked.into(),
        ]
    }
}

/// A grant as it is typed: `clerk@NW-01`; `*` is the whole bank.
fn grant(it: &v1::Grant) -> String {
    use v1::grant::Scope;
    let role = word::<v1::Role>(it.role).unwrap_or_default();
    match &it.scope {
        Some(Scope::Bank(_)) => format!("{role}@*"),
        Some(Scope::BranchCode(code)) => format!("{role}@{code}"),
        Some(Scope::VolunteerNumber(number)) => format!("{role}:{number}"),
        Some(Scope::PassbookNo(no)) => format!("{role} of passbook {no}"),
        None => role,
    }
}
