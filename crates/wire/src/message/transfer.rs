//! Gifts, draws and help, as messages.

use lovebank_ledger::{
    DrawNo, DrawRow, GiftRow, HelpNo, HelpRow, Ledger, Minutes, NewGift, Points, RecordNo, Side,
    Taker,
};

use super::{activity, branch_code};
use crate::{kinds, scalar, v1};

/// A gift as it was made.
pub fn gift(ledger: &Ledger<'_>, it: &NewGift, reversed: bool) -> v1::Gift {
    use v1::gift::To;
    v1::Gift {
        gift_no: it.no.get(),
        from_passbook_no: it.from.get(),
        to: Some(match it.to {
            Taker::Passbook(no) => To::ToPassbookNo(no.get()),
            Taker::Pool(branch) => To::ToPoolBranchCode(branch_code(ledger, branch)),
        }),
        points: Some(scalar::to_points(it.points)),
        overflow: Some(scalar::to_points(it.overflow)),
        reversed,
    }
}

/// A gift as it stands.
pub fn known_gift(ledger: &Ledger<'_>, it: &GiftRow) -> v1::Gift {
    gift(ledger, &it.gift, it.reversed.is_some())
}

/// A draw, and its place in the order of those that wait.
pub fn draw(ledger: &Ledger<'_>, no: DrawNo, it: &DrawRow, rank: u32) -> v1::Draw {
    v1::Draw {
        draw_no: no.get(),
        passbook_no: it.draw.passbook.get(),
        pool_branch_code: branch_code(ledger, it.draw.pool),
        points: Some(scalar::to_points(it.draw.points)),
        state: kinds::to_draw_state(it.state).into(),
        requested_at: Some(scalar::to_timestamp(it.requested_at)),
        rank,
    }
}

/// A help request as it stands.
pub fn help(ledger: &Ledger<'_>, no: HelpNo, it: &HelpRow) -> v1::Help {
    let hold = it.hold.and_then(|hold| ledger.hold(hold));
    let word = |by_asker: bool, minutes: Minutes| v1::HelpWord { minutes: minutes.get(), by_asker };
    let said = it.said.map(|(side, minutes)| word(side == Side::Asker, minutes));
    let answered = said.zip(it.answered).map(|(said, minutes)| word(!said.by_asker, minutes));
    v1::Help {
        help_no: no.get(),
        asker_passbook_no: it.asker.get(),
        activity: ledger.activity(it.activity).map(|it| activity(ledger, it)),
        window: Some(scalar::to_interval(it.window)),
        points: Some(scalar::to_points(hold.map_or(Points::ZERO, |it| it.points))),
        state: kinds::to_help_state(it.state).into(),
        offer_passbook_nos: it.offers.iter().map(|it| it.get()).collect(),
        helper_passbook_no: it.helper.map_or(0, lovebank_ledger::PassbookNo::get),
        said,
        due_at: it.due.map(scalar::to_timestamp),
        record_no: it.record.map_or(0, RecordNo::get),
        requested_at: Some(scalar::to_timestamp(it.requested_at)),
        answered,
    }
}
