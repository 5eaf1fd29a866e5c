//! Certificates.

use jiff::tz::TimeZone;
use lovebank_wire::v1;
use serde_json::Value;

use super::{Column, Shown, narrow, number, text};
use crate::{import::sheet::minutes_text, when::shown_date};

fn days(it: Option<&v1::DateSpan>) -> (Value, Value) {
    let day = |it: Option<v1::Date>| shown_date(it.as_ref()).into();
    it.map_or((Value::Null, Value::Null), |it| (day(it.first_date), day(it.last_date)))
}

fn honour(it: Option<&v1::Honour>) -> Value {
    it.map_or(Value::Null, |it| text(if it.chinese.is_empty() { &it.english } else { &it.chinese }))
}

impl Shown for v1::Certificate {
    const COLUMNS: &'static [Column] = &[
        narrow("certificate_number", "certificate", "证明编号"),
        narrow("certificate_no", "No.", "编号"),
        narrow("volunteer_number", "volunteer", "义工号"),
        narrow("passbook_no", "passbook", "存折号"),
        narrow("name", "name", "姓名"),
        narrow("issued_date", "issued", "签发日期"),
        narrow("branch_name", "by", "签发单位"),
        narrow("first_date", "from", "起"),
        narrow("last_date", "until", "止"),
        narrow("minutes", "minutes", "分钟"),
        narrow("hours", "h:mm", "时长"),
        narrow("services", "services", "次数"),
        narrow("honour", "honour", "荣誉"),
        narrow("code", "code", "验证码"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        let (first, last) = days(self.service.as_ref());
        let of_service = |it: Value| if self.service.is_some() { it } else { Value::Null };
        vec![
            text(&self.certificate_number),
            number(self.certificate_no),
            text(&self.volunteer_number),
            number(self.passbook_no),
            text(&self.name),
            shown_date(self.issued_date.as_ref()).into(),
            text(&self.branch_name),
            first,
            last,
            of_service(self.minutes.into()),
            of_service(minutes_text(self.minutes).into()),
            of_service(self.services.into()),
            honour(self.honour.as_ref()),
            text(&self.code),
        ]
    }
}

impl Shown for v1::VerifyCertificateResponse {
    const COLUMNS: &'static [Column] = &[
        narrow("certificate_number", "certificate", "证明编号"),
        narrow("holds", "holds", "有效"),
        narrow("masked_name", "name", "姓名"),
        narrow("issued_date", "issued", "签发日期"),
        narrow("branch_name", "by", "签发单位"),
        narrow("first_date", "from", "起"),
        narrow("last_date", "until", "止"),
        narrow("minutes", "minutes", "分钟"),
        narrow("minutes_now", "minutes now", "现在分钟"),
        narrow("honour", "honour", "荣誉"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        let (first, last) = days(self.service.as_ref());
        let of_service = |it: i64| if self.service.is_some() { it.into() } else { Value::Null };
        vec![
            text(&self.certificate_number),
            self.holds.into(),
            text(&self.masked_name),
            shown_date(self.issued_date.as_ref()).into(),
            text(&self.branch_name),
            first,
            last,
            of_service(self.minutes),
            of_service(self.minutes_now),
            honour(self.honour.as_ref()),
        ]
    }
}
