//! Round hours beyond chance: one clerk's hours are whole far more often than those of all others.
//!
//! How often others' are is taken for the chance p. Of n hours, k are whole. By Hoeffding's bound
//! chance makes so many with a probability of at most exp(−2n(k/n − p)²); it is compared in whole
//! numbers, with a logarithm that is rounded against the finding.

use std::collections::BTreeMap;

use super::{Anomaly, AnomalyKind, AnomalyRules, figure, handle, served};
use crate::{ActorNo, Ledger, Provenance, RecordNo, RecordRow};

/// The natural logarithm of 2, in ten thousandths, rounded up.
const LN_2: i128 = 6_932;
const TEN_THOUSAND: i128 = 10_000;
const MINUTES_OF_AN_HOUR: i64 = 60;

/// A clerk's hours.
#[derive(Default)]
struct Hours {
    all: i64,
    round: Vec<RecordNo>,
}

pub(super) fn find(ledger: &Ledger<'_>, rules: &AnomalyRules) -> Vec<Anomaly> {
    let mut clerks: BTreeMap<ActorNo, Hours> = BTreeMap::new();
    for (no, row) in served(ledger).filter(|(_, it)| is_typed(it)) {
        let hours = clerks.entry(row.recorder).or_default();
        hours.all = hours.all.saturating_add(1);
        if row.minutes.get().checked_rem(MINUTES_OF_AN_HOUR) == Some(0) {
            hours.round.push(no);
        }
    }
    let sum = |of: fn(&Hours) -> i64| clerks.values().map(of).fold(0, i64::saturating_add);
    let (all, round) = (sum(|it| it.all), sum(|it| figure(it.round.len())));
    let told = clerks.into_iter().filter_map(|(actor, it)| {
        let own = (figure(it.round.len()), it.all);
        let others = (round.saturating_sub(own.0), all.saturating_sub(own.1));
        is_beyond(own, others, rules).then(|| rounded(ledger, (actor, it), others))
    });
    told.collect()
}

/// Whether people, and not a clock, said how long it took.
fn is_typed(row: &RecordRow) -> bool {
    match row.provenance {
        Provenance::Clerk | Provenance::Paper | Provenance::Import | Provenance::SelfReported => {
            true
        }
        Provenance::Scanned | Provenance::Opening | Provenance::Help => false,
    }
}

/// Whether k of n are more than chance makes of them, where it makes p of q.
fn is_beyond((k, n): (i64, i64), (p, q): (i64, i64), rules: &AnomalyRules) -> bool {
    let least = figure(rules.round_records);
    if n < least || q < least {
        return false;
    }
    let [k, n, p, q] = [k, n, p, q].map(i128::from);
    // Above by (kq − pn) ÷ nq.
    let (Some(above), Some(of)) = (difference(k, q, p, n), n.checked_mul(q)) else { return false };
    let percent = i128::from(rules.round_excess_percent);
    let far = above.checked_mul(100).zip(of.checked_mul(percent)).is_some_and(|(a, b)| b <= a);
    far && is_seldom((above, n, q), rules.round_one_in)
}

fn difference(k: i128, q: i128, p: i128, n: i128) -> Option<i128> {
    k.checked_mul(q)?.checked_sub(p.checked_mul(n)?)
}

/// Whether 2n(above ÷ nq)² is at least the logarithm of `one_in`.
fn is_seldom((above, n, q): (i128, i128, i128), one_in: u32) -> bool {
    let binary = i128::from(one_in.checked_ilog2().unwrap_or(0).saturating_add(1));
    let squared = || above.checked_mul(above)?.checked_mul(TEN_THOUSAND.checked_mul(2)?);
    let bound = || n.checked_mul(q)?.checked_mul(q)?.checked_mul(binary.checked_mul(LN_2)?);
    // Numbers too large to be multiplied belong to no bank.
    squared().zip(bound()).is_some_and(|(squared, bound)| bound <= squared)
}

fn rounded(ledger: &Ledger<'_>, (actor, it): (ActorNo, Hours), (p, q): (i64, i64)) -> Anomaly {
    let percent = |part: i64, of: i64| part.saturating_mul(100).checked_div(of).unwrap_or(0);
    let (round, all) = (figure(it.round.len()), it.all);
    let (own, others, name) = (percent(round, all), percent(p, q), handle(ledger, actor));
    let said = (
        format!(
            "{round} of {all} records of {name} are whole hours, {own} of 100; of all others' \
             it is {others} of 100"
        ),
        format!("{name} 的 {all} 条记录中 {round} 条是整小时（{own}%），其他人为 {others}%"),
    );
    let figures = vec![
        ("round_percent", own),
        ("round_percent_of_others", others),
        ("round", round),
        ("records", all),
    ];
    Anomaly {
        actors: vec![actor],
        records: it.round,
        ..Anomaly::new(AnomalyKind::RoundHours, figures, said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_chance_is_beyond_the_exact_tail_too() {
        // Of 60, all are whole where half are by chance: 2^-60, far under one in a million.
        let rules = crate::Rulebook::parse(crate::DEFAULT_RULEBOOK).unwrap();
        let rules = rules.anomalies();
        assert!(is_beyond((60, 60), (500, 1000), rules));
        // Of 60, 42: above by 20 of 100, but Hoeffding gives e^-4.8 only.
        assert!(!is_beyond((42, 60), (500, 1000), rules));
        // Of 10,000, 51 of 100: surely no chance, and yet not far enough to tell.
        assert!(!is_beyond((5_600, 10_000), (500, 1000), rules));
        // Too few to compare with.
        assert!(!is_beyond((60, 60), (0, 49), rules));
        assert!(!is_beyond((49, 49), (0, 1000), rules));
        assert!(is_beyond((50, 50), (0, 50), rules));
        assert!(!is_beyond((0, 60), (1000, 1000), rules));
    }

    #[test]
    fn a_bank_of_ten_million_records_overflows_nothing() {
        let rules = crate::Rulebook::parse(crate::DEFAULT_RULEBOOK).unwrap();
        let most = 10_000_000;
        assert!(is_beyond((most, most), (0, most), rules.anomalies()));
        assert!(!is_beyond((most, i64::MAX), (0, i64::MAX), rules.anomalies()));
    }
}
