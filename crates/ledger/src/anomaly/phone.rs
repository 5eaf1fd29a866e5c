//! One telephone for several families. Which telephone it is, only the vault knows.

use std::collections::BTreeSet;

use super::{Anomaly, AnomalyKind, AnomalyRules, figure};
use crate::{Kin, Ledger, PassbookNo};

pub(super) fn find(
    ledger: &Ledger<'_>,
    rules: &AnomalyRules,
    phones: &[Vec<PassbookNo>],
) -> Vec<Anomaly> {
    let told = phones.iter().filter_map(|group| {
        let people: BTreeSet<PassbookNo> = group.iter().map(|it| ledger.person(*it)).collect();
        let families = families(ledger, people.iter().copied().collect());
        (rules.phone_families <= families).then(|| shared(people, families))
    });
    told.collect()
}

/// How many families there are among some people: confirmed kin, and kin of kin, are one.
fn families(ledger: &Ledger<'_>, mut rest: Vec<PassbookNo>) -> usize {
    let mut families = 0_usize;
    while let Some(first) = rest.pop() {
        families = families.saturating_add(1);
        let mut family = vec![first];
        while let Some(one) = family.pop() {
            let is_kin = |it| Kin::new(one, it).is_some_and(|it| ledger.is_kin(it));
            let (kin, others) = rest.iter().partition::<Vec<PassbookNo>, _>(|it| is_kin(**it));
            family.extend(kin);
            rest = others;
        }
    }
    families
}

fn shared(people: BTreeSet<PassbookNo>, families: usize) -> Anomaly {
    let count = people.len();
    let said = (
        format!("{count} volunteers, who are not all kin, have the same telephone"),
        format!("{count} 名并非都是亲属的志愿者使用同一电话"),
    );
    let figures = vec![("volunteers", figure(count)), ("families", figure(families))];
    let passbooks = people.into_iter().collect();
    Anomaly { passbooks, ..Anomaly::new(AnomalyKind::SharedPhone, figures, said) }
}
