//! What must hold of lots.

use super::{Breach, breach, passbooks};
use crate::{Ledger, Points};

/// Check 12 of [`check`](super::check).
pub(super) fn check(ledger: &Ledger, breaches: &mut Vec<Breach>) {
    for no in passbooks(ledger) {
        let row = ledger.passbook(no).copied().unwrap_or_default();
        let mut sum = Points::ZERO;
        for (lot, points) in ledger.lots(no) {
            sum = sum.plus(points).unwrap_or_default();
            if points <= Points::ZERO {
                breach(breaches, 12, &format!("a lot of passbook {no} holds {points}"));
            }
            if row.held.is_zero() && !ledger.expects_expiry(no, lot.expires) {
                let expires = lot.expires;
                breach(breaches, 12, &format!("nobody looks at a lot of passbook {no}: {expires}"));
            }
        }
        if sum != row.in_lots || row.points.max(Points::ZERO) < sum {
            let (points, said) = (row.points, row.in_lots);
            let what = format!("the lots of passbook {no} are {sum}, said {said}, of {points}");
            breach(breaches, 12, &what);
        }
    }
}
