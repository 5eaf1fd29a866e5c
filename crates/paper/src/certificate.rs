//! Certificates (志愿服务记录证明, 荣誉证书). What one of service must hold: 67号 Art. 15 and
//! 民发〔2015〕149号: time, content, unit, number, date, contact, and a way to verify it.

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    Fonts, Lang, PaperError,
    page::{day, hours},
    print, qr,
};

/// The most lines of what was served.
pub const LINES_MAX: usize = 1000;

/// The time that someone served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceCertificate {
    /// Its number, as it is printed.
    pub number: String,
    /// What the bank is called.
    pub bank: String,
    /// The unit that issues it.
    pub unit: String,
    /// Who served.
    pub name: String,
    /// By which number that one is known.
    pub volunteer_number: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Minutes served.
    pub minutes: i64,
    /// How many services.
    pub services: u32,
    /// What was served: up to [`LINES_MAX`].
    pub lines: Vec<ServedLine>,
    /// The day of issue.
    pub issued: Date,
    /// Where to ask about it: a telephone number, a desk; empty: it is not said.
    pub contact: String,
    /// The code by which it is verified.
    pub code: String,
    /// What the picture of the code says.
    pub verify: String,
    /// Its language.
    pub lang: Lang,
}

/// What was served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedLine {
    /// At what.
    pub activity: String,
    /// By whom it was organised.
    pub unit: String,
    /// Minutes.
    pub minutes: i64,
}

/// A star or an award that someone holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HonourCertificate {
    /// Its number, as it is printed.
    pub number: String,
    /// What the bank is called.
    pub bank: String,
    /// The unit that issues it.
    pub unit: String,
    /// Who is honoured.
    pub name: String,
    /// With what.
    pub honour: String,
    /// The year it is for.
    pub year: Option<i32>,
    /// The day it was given.
    pub given: Date,
    /// Where to ask about it: a telephone number, a desk; empty: it is not said.
    pub contact: String,
    /// The code by which it is verified.
    pub code: String,
    /// What the picture of the code says.
    pub verify: String,
    /// Its language.
    pub lang: Lang,
}

#[derive(Serialize)]
struct Facts<'a> {
    lang: Lang,
    number: &'a str,
    bank: &'a str,
    unit: &'a str,
    name: &'a str,
    volunteer_number: &'a str,
    from: String,
    until: String,
    hours: String,
    services: u32,
    lines: Vec<[String; 3]>,
    issued: String,
    contact: &'a str,
    code: &'a str,
    honour: &'a str,
    year: Option<i32>,
}

/// Sets a certificate of service.
pub fn service_pdf(fonts: &Fonts, it: &ServiceCertificate) -> Result<Vec<u8>, PaperError> {
    if LINES_MAX < it.lines.len() {
        let given = it.lines.len();
        return Err(PaperError::TooMany { what: "lines", given, most: LINES_MAX });
    }
    for text in [&it.bank, &it.unit, &it.name, &it.volunteer_number, &it.contact] {
        fonts.check(text)?;
    }
    for line in &it.lines {
        fonts.check(&line.activity)?;
        fonts.check(&line.unit)?;
    }
    let line = |line: &ServedLine| {
        [line.activity.clone(), line.unit.clone(), hours(line.minutes, it.lang)]
    };
    let facts = Facts {
        lang: it.lang,
        number: &it.number,
        bank: &it.bank,
        unit: &it.unit,
        name: &it.name,
        volunteer_number: &it.volunteer_number,
        from: day(it.from, it.lang),
        until: day(it.until, it.lang),
        hours: hours(it.minutes, it.lang),
        services: it.services,
        lines: it.lines.iter().map(line).collect(),
        issued: day(it.issued, it.lang),
        contact: &it.contact,
        code: &it.code,
        honour: "",
        year: None,
    };
    print::pdf(fonts, include_str!("templates/service.typ"), (&facts, qr::picture(&it.verify)?))
}

/// Sets a certificate of an honour.
pub fn honour_pdf(fonts: &Fonts, it: &HonourCertificate) -> Result<Vec<u8>, PaperError> {
    for text in [&it.bank, &it.unit, &it.name, &it.honour, &it.contact] {
        fonts.check(text)?;
    }
    let facts = Facts {
        lang: it.lang,
        number: &it.number,
        bank: &it.bank,
        unit: &it.unit,
        name: &it.name,
        volunteer_number: "",
        from: String::new(),
        until: String::new(),
        hours: String::new(),
        services: 0,
        lines: Vec::new(),
        issued: day(it.given, it.lang),
        contact: &it.contact,
        code: &it.code,
        honour: &it.honour,
        year: it.year,
    };
    print::pdf(fonts, include_str!("templates/honour.typ"), (&facts, qr::picture(&it.verify)?))
}
