//! Honours and stars, as messages.

use lovebank_ledger::{
    HonourOrigin, HonourRow, HonourSource, Ledger, Rulebook, Title,
    recognition::{Clause, Judged, Reach},
};
use rust_decimal::Decimal;

use crate::{kinds, scalar, v1};

/// What an honour is called in the rulebook in force.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Names {
    /// In English.
    pub english: String,
    /// In Chinese.
    pub chinese: String,
}

impl Names {
    /// Of a title; empty where the rulebook does not know it.
    pub fn of(rules: &Rulebook, title: &Title) -> Self {
        let named = |english: &str, chinese: &str| Self {
            english: english.to_owned(),
            chinese: chinese.to_owned(),
        };
        let found = match title {
            Title::Star { scheme, level, .. } => rules.scheme(scheme).and_then(|it| {
                let star = it.stars.iter().find(|it| it.level == *level)?;
                Some(named(&star.english, &star.chinese))
            }),
            Title::Award { programme, .. } => {
                rules.programme(programme).map(|it| named(&it.english, &it.chinese))
            }
        };
        found.unwrap_or_default()
    }
}

/// What an honour is.
pub fn title(it: &Title) -> v1::HonourTitle {
    use v1::honour_title::Title as Shown;
    let title = match it {
        Title::Star { scheme, level, year } => Shown::Star(v1::StarTitle {
            scheme: scheme.to_string(),
            level: u32::from(*level),
            year: year.map_or(0, i32::from),
        }),
        Title::Award { programme, year, level } => Shown::Award(v1::AwardTitle {
            programme: programme.to_string(),
            year: i32::from(*year),
            level: kinds::to_honour_level(*level).into(),
        }),
    };
    v1::HonourTitle { title: Some(title) }
}

/// An honour as it stands; the volunteer's number is the edge's to add.
pub fn honour(ledger: &Ledger<'_>, rules: Option<&Rulebook>, row: &HonourRow) -> v1::Honour {
    let it = &row.honour;
    let names = rules.map(|rules| Names::of(rules, &it.title)).unwrap_or_default();
    let run = match row.origin {
        HonourOrigin::Run(run) => run.get(),
        HonourOrigin::Given(_) => 0,
    };
    v1::Honour {
        honour_no: it.no.get(),
        passbook_no: it.passbook.get(),
        volunteer_number: String::new(),
        title: Some(title(&it.title)),
        english: names.english,
        chinese: names.chinese,
        given_date: Some(scalar::to_date(it.given)),
        seq: row.entry.get(),
        recorded_at: ledger.recorded_at(row.entry).map(scalar::to_timestamp),
        run_no: run,
        from_elsewhere: row.origin == HonourOrigin::Given(HonourSource::Recorded),
        revoked_seq: scalar::seq(row.revoked),
    }
}

/// A condition, as it was judged.
pub fn judged(clause: &Clause, it: &Judged, waived: bool) -> v1::JudgedCondition {
    let text = |it: Option<Decimal>| it.map(|it| it.normalize().to_string()).unwrap_or_default();
    v1::JudgedCondition {
        english: clause.english.clone(),
        chinese: clause.chinese.clone(),
        formula: clause.text().to_owned(),
        met: it.met,
        value: text(it.value),
        least: text(it.least),
        most: text(it.most),
        missing: text(it.missing),
        waived,
        waivable: clause.waivable,
    }
}

/// How far someone is with a star.
pub fn reach(it: &Reach<'_>) -> v1::StarReach {
    let conditions = it.star.conditions.iter().zip(&it.conditions);
    v1::StarReach {
        level: u32::from(it.star.level),
        english: it.star.english.clone(),
        chinese: it.star.chinese.clone(),
        reached: it.is_reached(),
        conditions: conditions.map(|(clause, it)| judged(clause, it, false)).collect(),
    }
}
