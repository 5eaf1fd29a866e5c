//! A line of a passbook, as a person reads it: what it is about, and who is on the other side.

use lovebank_ledger::{
    About, BranchNo, HelpRow, Ledger, LineKind, LineRow, NewGift, PassbookNo, RecordNo, Taker,
};

use super::branch_code;
use crate::{kinds, scalar, v1};

/// Who is on the other side of a line.
#[derive(Default)]
struct Other {
    passbook: Option<PassbookNo>,
    branch: Option<BranchNo>,
}

/// A line of a passbook.
pub fn line(ledger: &Ledger<'_>, passbook: PassbookNo, it: &LineRow) -> v1::PassbookLine {
    let mut shown = v1::PassbookLine {
        line_no: it.no.get(),
        seq: it.entry.get(),
        recorded_at: ledger.recorded_at(it.entry).map(scalar::to_timestamp),
        kind: kinds::to_line_kind(it.kind).into(),
        minutes: it.minutes.get(),
        minutes_after: it.minutes_after.get(),
        points: Some(scalar::to_points(it.points)),
        points_after: Some(scalar::to_points(it.points_after)),
        ..<_>::default()
    };
    let mut other = Other::default();
    match it.about {
        Some(About::Record(no)) => other = record(ledger, no, &mut shown),
        Some(About::Redemption(no)) => {
            shown.redemption_no = no.get();
            let reward = ledger.redemption(no).and_then(|it| ledger.reward(it.reward));
            shown.reward_name = reward.map(|it| it.reward.name.to_string()).unwrap_or_default();
            other.branch = reward.map(|it| it.reward.branch);
        }
        Some(About::Gift(no)) => {
            shown.gift_no = no.get();
            other = ledger.gift(no).map(|row| gift(&row.gift, it)).unwrap_or_default();
        }
        Some(About::Draw(no)) => {
            shown.draw_no = no.get();
            other.branch = ledger.draw(no).map(|it| it.draw.pool);
        }
        Some(About::Help(no)) => {
            shown.help_no = no.get();
            other = ledger.help(no).map(|it| help(ledger, it, &mut shown)).unwrap_or_default();
        }
        Some(About::Honour(no)) => {
            shown.honour_no = no.get();
            shown.honour_title = ledger.honour(no).map(|it| super::title(&it.honour.title));
        }
        Some(About::Merge(no)) => {
            shown.merge_no = no.get();
            let sides = ledger.merge(no).map(|it| (it.merge.from, it.merge.into));
            other.passbook = sides.map(|(from, into)| if from == passbook { into } else { from });
        }
        None => {}
    }
    if let Some(branch) = other.branch {
        shown.branch_code = branch_code(ledger, branch);
    }
    shown.counterparty_passbook_no = other.passbook.map_or(0, PassbookNo::get);
    shown
}

fn record(ledger: &Ledger<'_>, no: RecordNo, shown: &mut v1::PassbookLine) -> Other {
    shown.record_no = no.get();
    let Some(row) = ledger.record(no) else { return Other::default() };
    let activity = ledger.activity(row.activity);
    shown.service_date = Some(scalar::to_date(row.date));
    shown.activity_name = activity.map(|it| it.name.to_string()).unwrap_or_default();
    shown.help_no = row.help.map_or(0, lovebank_ledger::HelpNo::get);
    let asker = row.help.and_then(|it| ledger.help(it)).map(|it| it.asker);
    Other { passbook: asker, branch: activity.map(|it| it.branch) }
}

/// What the asker paid for, and whom.
fn help(ledger: &Ledger<'_>, row: &HelpRow, shown: &mut v1::PassbookLine) -> Other {
    let activity = ledger.activity(row.activity);
    shown.activity_name = activity.map(|it| it.name.to_string()).unwrap_or_default();
    Other { passbook: row.helper, branch: activity.map(|it| it.branch) }
}

/// Of a gift, the giver's lines name the taker, and the taker's the giver.
fn gift(gift: &NewGift, line: &LineRow) -> Other {
    let givers = match line.kind {
        LineKind::Given => true,
        LineKind::Reversed => !line.points.is_negative(),
        LineKind::Earned
        | LineKind::Opened
        | LineKind::Deducted
        | LineKind::Redeemed
        | LineKind::Received
        | LineKind::Drawn
        | LineKind::Paid
        | LineKind::Helped
        | LineKind::Expired
        | LineKind::Honoured
        | LineKind::Revoked
        | LineKind::Merged
        | LineKind::Parted => false,
    };
    match gift.to {
        Taker::Passbook(taker) => {
            Other { passbook: Some(if givers { taker } else { gift.from }), branch: None }
        }
        Taker::Pool(branch) => Other { passbook: None, branch: Some(branch) },
    }
}
