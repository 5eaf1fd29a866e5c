//! Service outside of the times at which there is any.

use std::collections::BTreeMap;

use super::{Anomaly, AnomalyKind, AnomalyRules, figure, served};
use crate::{Activity, ActivityNo, Ledger, RecordNo, RecordRow, ServiceTime};

pub(super) fn find(ledger: &Ledger<'_>, rules: &AnomalyRules) -> Vec<Anomaly> {
    let mut activities: BTreeMap<ActivityNo, Vec<RecordNo>> = BTreeMap::new();
    for (no, row) in served(ledger).filter(|(_, it)| is_outside(ledger, it, rules)) {
        activities.entry(row.activity).or_default().push(no);
    }
    let named = activities.into_iter().filter_map(|(no, it)| Some((ledger.activity(no)?, it)));
    let told = named.filter(|(it, _)| !is_of_the_night(it, rules));
    told.filter_map(|(activity, it)| outside(ledger, activity, it)).collect()
}

fn is_of_the_night(activity: &Activity, rules: &AnomalyRules) -> bool {
    activity.category.as_ref().is_some_and(|it| rules.night_categories.contains(it))
}

fn is_outside(ledger: &Ledger<'_>, row: &RecordRow, rules: &AnomalyRules) -> bool {
    let ServiceTime::Interval(it) = row.time else { return false };
    let (opens, closes) = rules.opening;
    ledger.day(row.date).is_some_and(|(midnight, _)| {
        midnight.until(it.start()) < opens || closes < midnight.until(it.end())
    })
}

fn outside(ledger: &Ledger<'_>, activity: &Activity, records: Vec<RecordNo>) -> Option<Anomaly> {
    let rows: Vec<&RecordRow> = records.iter().filter_map(|it| ledger.record(*it)).collect();
    let first = rows.first()?;
    let days = rows.iter().fold((first.date, first.date), |(from, until), it| {
        (from.min(it.date), until.max(it.date))
    });
    let ServiceTime::Interval(time) = first.time else { return None };
    let zone = ledger.zone()?;
    let (name, count) = (&activity.name, records.len());
    let (from, until) = (zone.text(time.start()), zone.text(time.end()));
    let said = (
        format!("{count} records at {name} are outside opening times, such as {from} to {until}"),
        format!("“{name}”有 {count} 条记录在开放时间之外，例如 {from} 至 {until}"),
    );
    let mut passbooks: Vec<_> = rows.iter().map(|it| ledger.person(it.passbook)).collect();
    passbooks.sort_unstable();
    passbooks.dedup();
    let figures = vec![("records", figure(count)), ("volunteers", figure(passbooks.len()))];
    Some(Anomaly {
        passbooks,
        days: Some(days),
        records,
        ..Anomaly::new(AnomalyKind::OutsideOpening, figures, said)
    })
}
