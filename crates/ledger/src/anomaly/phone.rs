//! One telephone for several families. Which telephone it is, only the vault knows.

use super::{Anomaly, AnomalyKind, AnomalyRules, figure};
use crate::{Kin, Ledger, PassbookNo};

pub(super) fn find(
    ledger: &Ledger<'_>,
    rules: &AnomalyRules,
    phones: &[Vec<PassbookNo>],
) -> Vec<Anomaly> {
    let told = phones.iter().filter_map(|group| {
        let families = families(ledger, group);
        (rules.phone_families <= families).then(|| shared(group, families))
    });
    told.collect()
}

/// How many families there are among some: confirmed kin, and kin of kin, are one, and
/// so is one person under two numbers.
fn families(ledger: &Ledger<'_>, group: &[PassbookNo]) -> usize {
    let mut rest: Vec<PassbookNo> = group.to_vec();
    let mut families = 0_usize;
    while let Some(first) = rest.pop() {
        families = families.saturating_add(1);
        let mut family = vec![first];
        while let Some(one) = family.pop() {
            let is_kin = |it: PassbookNo| {
                ledger.person(one) == ledger.person(it)
                    || Kin::new(one, it).is_some_and(|it| ledger.is_kin(it))
            };
            let (kin, others) = rest.iter().partition::<Vec<PassbookNo>, _>(|it| is_kin(**it));
            family.extend(kin);
            rest = others;
        }
    }
    families
}

fn shared(group: &[PassbookNo], families: usize) -> Anomaly {
    let count = group.len();
    let said = (
        format!("{count} volunteers, who are not all kin, have the same telephone"),
        format!("{count} 名并非都是亲属的志愿者使用同一电话"),
    );
    let figures = vec![("volunteers", figure(count)), ("families", figure(families))];
    Anomaly { passbooks: group.to_vec(), ..Anomaly::new(AnomalyKind::SharedPhone, figures, said) }
}
