//! Thresholds that were reached in December, and just so: of a year's hours, and of all hours that
//! make a star.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Anomaly, AnomalyKind, AnomalyRules, hours, stands};
use crate::{Ledger, PassbookNo, Provenance, RecordNo, RecordRow, RecordState, ServiceTime};

/// The month that is looked at.
const DECEMBER: i8 = 12;

/// Minutes of a year before December, and in it.
type Year = (i64, i64);

/// What was reached: hours of the year, or of all years.
#[derive(Clone, Copy)]
enum Of {
    Year,
    Ever,
}

pub(super) fn find(ledger: &Ledger<'_>, rules: &AnomalyRules) -> Vec<Anomaly> {
    let last = u64::try_from(ledger.volunteer_count()).unwrap_or(u64::MAX);
    let passbooks = (1..=last).filter_map(|it| PassbookNo::new(it).ok());
    let of_year: Vec<i64> =
        rules.year_end_hours.iter().map(|it| i64::from(*it).saturating_mul(60)).collect();
    passbooks.flat_map(|it| of(ledger, it, &of_year, rules)).collect()
}

fn of(
    ledger: &Ledger<'_>,
    passbook: PassbookNo,
    of_year: &[i64],
    rules: &AnomalyRules,
) -> Vec<Anomaly> {
    let mut years: BTreeMap<i16, Year> = BTreeMap::new();
    for (_, row) in ledger.records_of(passbook).filter(|(_, it)| counts(it)) {
        let (before, december) = years.entry(row.date.year()).or_default();
        let sum = if is_of_december(row) { december } else { before };
        *sum = sum.saturating_add(row.minutes.get());
    }
    let (mut earlier, mut found) = (0_i64, Vec::new());
    for (year, (before, december)) in years {
        let just = |before: i64, threshold: i64| {
            let total = before.saturating_add(december);
            let most = threshold.saturating_add(rules.year_end_margin);
            before < threshold && (threshold..=most).contains(&total)
        };
        let yearly = of_year.iter().filter(|it| just(before, **it));
        let yearly = yearly.map(|it| (Of::Year, *it, before));
        let ever = earlier.saturating_add(before);
        // In a first year both are the same, and told once.
        let told = |it: &i64| earlier == 0 && of_year.contains(it);
        let stars = stars(ledger, year).into_iter().filter(|it| just(ever, *it) && !told(it));
        let stars = stars.map(|it| (Of::Ever, it, ever));
        found.extend(yearly.chain(stars).map(|it| reached(ledger, passbook, (year, december), it)));
        earlier = ever.saturating_add(december);
    }
    found
}

/// Whether a record counts, for or against.
fn counts(row: &RecordRow) -> bool {
    matches!(row.state, RecordState::Posted | RecordState::Pending)
}

/// Whether it was served in December, as far as is known: a total, or a balance taken over, may be
/// of any month before.
fn is_of_december(row: &RecordRow) -> bool {
    let begun = match row.time {
        ServiceTime::Span(it) => it.from(),
        ServiceTime::Interval(_) | ServiceTime::Day(_) => row.date,
    };
    let in_december = (begun.year(), begun.month()) == (row.date.year(), DECEMBER);
    in_december && row.provenance != Provenance::Opening
}

/// Minutes that make a star, as the rules of a year's end say.
fn stars(ledger: &Ledger<'_>, year: i16) -> Vec<i64> {
    let end = Date::new(year, 12, 31).ok();
    let rules = end.and_then(|it| ledger.rulebook_on(it));
    rules.map(|it| it.rules.stars().iter().map(|it| it.get()).collect()).unwrap_or_default()
}

fn reached(
    ledger: &Ledger<'_>,
    passbook: PassbookNo,
    (year, december): (i16, i64),
    (of, threshold, before): (Of, i64, i64),
) -> Anomaly {
    let (whole, above) =
        (threshold.div_euclid(60), before.saturating_add(december).saturating_sub(threshold));
    let (english, chinese) = match of {
        Of::Year => (format!("{whole} hours of {year}"), format!("{year} 年 {whole} 小时")),
        Of::Ever => (format!("{whole} hours in all"), format!("累计 {whole} 小时")),
    };
    let before_it = hours(threshold.saturating_sub(before));
    let said = (
        format!(
            "passbook {passbook} lacked {before_it} of {english} before December {year} and \
             ended {above} minutes above"
        ),
        format!(
            "存折 {passbook} 在 {year} 年12月前距{chinese}还差 {before_it}，年末恰超出 {above} 分钟"
        ),
    );
    let figures = vec![
        ("december_minutes", december),
        ("threshold_minutes", threshold),
        ("above_minutes", above),
    ];
    let days = Date::new(year, 12, 1).ok().zip(Date::new(year, 12, 31).ok());
    let within = |day: Date| days.is_some_and(|(from, until)| from <= day && day <= until);
    let records = ledger
        .records_of(passbook)
        .filter(|(_, it)| stands(it) && is_of_december(it) && within(it.date));
    let records: Vec<RecordNo> = records.map(|it| it.0).collect();
    Anomaly {
        passbooks: vec![passbook],
        days,
        records,
        ..Anomaly::new(AnomalyKind::YearEnd, figures, said)
    }
}
