//! What must hold of people who have more than one number.

use std::collections::BTreeMap;

use super::{Breach, breach};
use crate::{BranchNo, Ledger, Minutes, PassbookNo};

/// Check 13 of [`check`](super::check), and 7 for a volunteer.
pub(super) fn check(ledger: &Ledger, no: PassbookNo, breaches: &mut Vec<Breach>) {
    let row = ledger.passbook(no).copied().unwrap_or_default();
    let person = ledger.person(no);
    if person != no && !(row.minutes.is_zero() && row.points.is_zero() && row.held.is_zero()) {
        breach(breaches, 13, &format!("passbook {no} is {person}'s, and still has something"));
    }
    if !ledger.numbers(person, None).any(|it| it == no) {
        breach(breaches, 13, &format!("passbook {no} is none of the numbers of {person}"));
    }
    let mut own: BTreeMap<(i16, BranchNo), Minutes> = BTreeMap::new();
    let mut sum = Minutes::ZERO;
    for (line, served) in ledger.service_lines(no, None) {
        let Some(branch) = ledger.activity(served.activity).map(|it| it.branch) else { continue };
        let year = own.entry((served.date.year(), branch)).or_default();
        *year = year.plus(line.minutes).unwrap_or_default();
        sum = sum.plus(line.minutes).unwrap_or_default();
    }
    let years = ledger.passbook_years(no).map(|(year, branch, it)| ((year, branch), it));
    if years.collect::<BTreeMap<_, _>>() != own {
        breach(breaches, 7, &format!("the years of passbook {no} are not the sum of its lines"));
    }
    if person == no && sum != row.minutes {
        let said = row.minutes;
        breach(
            breaches,
            13,
            &format!("passbook {no} has {said} minutes; its numbers served {sum}"),
        );
    }
}
