//! Check-outs that never came: the bank closed the check-in at the end of its activity.

use std::collections::BTreeMap;

use super::{Anomaly, AnomalyKind, AnomalyRules, Trail, figure, trail::Forgotten};
use crate::{Ledger, PassbookNo};

pub(super) fn find(ledger: &Ledger<'_>, rules: &AnomalyRules, trail: &Trail) -> Vec<Anomaly> {
    let Some(zone) = ledger.zone() else { return Vec::new() };
    let mut years: BTreeMap<(PassbookNo, i16), Vec<&Forgotten>> = BTreeMap::new();
    for it in &trail.forgotten {
        let year = zone.date_at(it.at).year();
        years.entry((ledger.person(it.passbook), year)).or_default().push(it);
    }
    years.retain(|_, it| rules.forgotten <= it.len());
    let told = years.into_iter().map(|((passbook, year), it)| {
        let (count, recorded) = (it.len(), it.iter().filter(|it| it.record.is_some()).count());
        let said = (
            format!(
                "passbook {passbook} never checked out {count} times in {year}; {recorded} times \
                 hours were recorded all the same"
            ),
            format!(
                "存折 {passbook} 在 {year} 年有 {count} 次未签退，其中 {recorded} 次仍记录了时长"
            ),
        );
        let days = it.iter().map(|it| zone.date_at(it.at));
        let figures = vec![("check_ins", figure(count)), ("recorded", figure(recorded))];
        Anomaly {
            passbooks: vec![passbook],
            days: days.clone().min().zip(days.max()),
            records: it.iter().filter_map(|it| it.record).collect(),
            entries: it.iter().map(|it| it.entry).collect(),
            ..Anomaly::new(AnomalyKind::ForgottenCheckOuts, figures, said)
        }
    });
    told.collect()
}
