//! Entries of every event, as wide as the ledger's types allow.

mod event;
mod honours;
mod hours;
mod points;
mod scalar;

use lovebank_ledger::*;
use proptest::{collection::vec, option, prelude::*};

use scalar::{amount, bytes, date, no, points, timestamp};

/// Any entry.
pub(crate) fn entry() -> impl Strategy<Value = Entry> {
    let head = (
        any::<u64>().prop_filter_map("0 is no number", |it| EntryNo::new(it).ok()),
        timestamp(),
        bytes(Seal::new),
        no(ActorNo::new),
        bytes(RequestId::new),
        bytes(Fingerprint::new),
        no(RulebookVersion::new),
    );
    (head, event::event(), vec(posting(), 0..5)).prop_map(|(head, event, postings)| {
        let (no, recorded_at, previous, actor, request, fingerprint, rulebook) = head;
        Entry { no, recorded_at, previous, actor, request, fingerprint, rulebook, event, postings }
    })
}

fn posting() -> BoxedStrategy<Posting> {
    let kind = prop::sample::select(vec![
        LineKind::Earned,
        LineKind::Opened,
        LineKind::Deducted,
        LineKind::Reversed,
        LineKind::Redeemed,
        LineKind::Given,
        LineKind::Received,
        LineKind::Drawn,
        LineKind::Paid,
        LineKind::Helped,
        LineKind::Expired,
        LineKind::Honoured,
        LineKind::Revoked,
        LineKind::Merged,
        LineKind::Parted,
    ]);
    (
        (account(), kind),
        (amount(), amount()),
        (points(), points()),
        option::of(no(LineNo::new)),
        option::of(about()),
        vec(lot_move(), 0..3),
    )
        .prop_map(|((account, kind), minutes, points, line, about, lots)| Posting {
            account,
            kind,
            minutes: minutes.0,
            minutes_after: minutes.1,
            points: points.0,
            points_after: points.1,
            line,
            about,
            lots,
        })
        .boxed()
}

fn lot_move() -> impl Strategy<Value = LotMove> {
    let class = prop::sample::select(vec![LotClass::Given, LotClass::Earned]);
    (date(), class, points())
        .prop_map(|(expires, class, points)| LotMove { lot: Lot { expires, class }, points })
}

fn about() -> impl Strategy<Value = About> {
    prop_oneof![
        no(RecordNo::new).prop_map(About::Record),
        no(RedemptionNo::new).prop_map(About::Redemption),
        no(GiftNo::new).prop_map(About::Gift),
        no(DrawNo::new).prop_map(About::Draw),
        no(HelpNo::new).prop_map(About::Help),
        no(HonourNo::new).prop_map(About::Honour),
        no(MergeNo::new).prop_map(About::Merge),
    ]
}

fn account() -> impl Strategy<Value = Account> {
    let purpose = prop::sample::select(vec![
        Purpose::Issuance,
        Purpose::Pool,
        Purpose::Opening,
        Purpose::Adjustment,
        Purpose::Redeemed,
        Purpose::Expired,
    ]);
    prop_oneof![
        no(PassbookNo::new).prop_map(Account::Passbook),
        (no(BranchNo::new), purpose).prop_map(|(branch, it)| Account::Bank(branch, it)),
    ]
}
