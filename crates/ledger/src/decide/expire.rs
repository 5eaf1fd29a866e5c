//! Points whose day is over.

use super::{Desk, Outcome};
use crate::{Account, BATCH_MAX, Due, Event, LineKind, Purpose, Refusal, Timestamp};

/// Lets expire what fell due at one instant, of up to a batch of passbooks. What a hold keeps
/// stays until it ends.
pub(super) fn settle_due(mut desk: Desk<'_>, at: Timestamp) -> Outcome {
    let due = desk.ledger.due_at(at).filter_map(|due| match due {
        Due::Lots(passbook) => Some(passbook),
        Due::Window(_) | Due::Redemption(_) | Due::Help(_) => None,
    });
    let passbooks: Vec<_> = due.take(BATCH_MAX).collect();
    let date = desk.date_at(at);
    for passbook in &passbooks {
        let points = desk.expire(*passbook, date)?;
        let home = desk.ledger.volunteer(*passbook).ok_or(Refusal::VolunteerUnknown)?.branch;
        desk.bank_points(Account::Bank(home, Purpose::Expired), points, LineKind::Expired)?;
    }
    Ok((Event::PointsExpired { as_of: at, passbooks }, desk.postings()?))
}
