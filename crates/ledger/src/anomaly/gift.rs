//! Bursts of gifts: many give to one account within days; one person is one, under whatever number.

use std::collections::{BTreeMap, BTreeSet};

use super::{Anomaly, AnomalyKind, AnomalyRules, figure};
use crate::{GiftNo, GiftRow, Ledger, PassbookNo, Points, Taker, Timestamp};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// A gift, and when it was given.
#[derive(Clone, Copy)]
struct Given<'a> {
    no: GiftNo,
    at: Timestamp,
    row: &'a GiftRow,
}

pub(super) fn find(ledger: &Ledger<'_>, rules: &AnomalyRules) -> Vec<Anomaly> {
    let numbers = (1_u64..).map_while(|it| GiftNo::new(it).ok());
    let gifts = numbers.map_while(|it| Some((it, ledger.gift(it)?)));
    let mut taken: BTreeMap<PassbookNo, Vec<Given<'_>>> = BTreeMap::new();
    for (no, row) in gifts.filter(|(_, it)| it.reversed.is_none()) {
        if let (Taker::Passbook(to), Some(at)) = (row.gift.to, ledger.recorded_at(row.entry)) {
            taken.entry(ledger.person(to)).or_default().push(Given { no, at, row });
        }
    }
    let told = taken.into_iter().flat_map(|(to, given)| bursts(ledger, to, &given, rules));
    told.collect()
}

/// Bursts that have no gift in common, the earliest first. Gifts stand in the order of their time.
fn bursts(
    ledger: &Ledger<'_>,
    to: PassbookNo,
    given: &[Given<'_>],
    rules: &AnomalyRules,
) -> Vec<Anomaly> {
    let (mut rest, mut found) = (given, Vec::new());
    while let Some((first, after)) = rest.split_first() {
        let end = first.at.micros().saturating_add(rules.gift_days.saturating_mul(DAY));
        let count = rest.partition_point(|it| it.at.micros() < end);
        let (within, later) = rest.split_at(count);
        let givers = within.iter().map(|it| ledger.person(it.row.gift.from));
        let givers: BTreeSet<PassbookNo> = givers.filter(|it| *it != to).collect();
        if rules.gift_givers <= givers.len() {
            found.push(burst(ledger, to, within, &givers));
            rest = later;
        } else {
            rest = after;
        }
    }
    found
}

fn burst(
    ledger: &Ledger<'_>,
    to: PassbookNo,
    given: &[Given<'_>],
    givers: &BTreeSet<PassbookNo>,
) -> Anomaly {
    let sum = |sum: Points, it: &Given<'_>| sum.plus(it.row.gift.points).unwrap_or(sum);
    let points = given.iter().fold(Points::ZERO, sum);
    let day = |it: &Given<'_>| ledger.zone().map(|zone| zone.date_at(it.at));
    let days = given.first().and_then(day).zip(given.last().and_then(day));
    let (from, until) = days.unwrap_or_default();
    let (count, gifts) = (givers.len(), given.len());
    let said = (
        format!(
            "{count} volunteers gave passbook {to} {points} points in {gifts} gifts from {from} \
             to {until}"
        ),
        format!("{from} 至 {until}，{count} 人分 {gifts} 次捐给存折 {to} 共 {points} 积分"),
    );
    let figures = vec![
        ("givers", figure(count)),
        ("gifts", figure(gifts)),
        ("points_hundredths", points.hundredths()),
    ];
    Anomaly {
        passbooks: [to].into_iter().chain(givers.iter().copied()).collect(),
        days,
        gifts: given.iter().map(|it| it.no).collect(),
        ..Anomaly::new(AnomalyKind::GiftBurst, figures, said)
    }
}
