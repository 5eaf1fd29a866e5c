//! Events of rewards, gifts and help.

use lovebank_formula::Value;
use lovebank_ledger::*;
use proptest::{collection::vec, option, prelude::*, sample::select};
use rust_decimal::Decimal;

use super::{
    hours::{activity, reason, record},
    scalar::{amount, interval, no, points as hundredths, text, timestamp},
};

pub(super) fn points() -> BoxedStrategy<Event> {
    let class = (0..10_u32).prop_filter_map("a class", NeedClass::new);
    prop_oneof![
        1 => (no(PassbookNo::new), class)
            .prop_map(|(passbook, class)| Event::NeedClassSet { passbook, class }),
        4 => rewards().prop_map(Event::Reward),
        3 => gifts().prop_map(Event::Gift),
        2 => merges().prop_map(Event::Merge),
        3 => helps().prop_map(Event::Help),
    ]
    .boxed()
}

fn rewards() -> BoxedStrategy<RewardEvent> {
    let requested = (
        (no(RedemptionNo::new), no(RewardNo::new), no(PassbookNo::new)),
        option::of(any::<u8>()),
        timestamp(),
        option::of(hold()),
    );
    let requested = requested.prop_map(|((no, reward, passbook), age_band, ends, hold)| {
        NewRedemption { no, reward, passbook, age_band, ends, hold }
    });
    prop_oneof![
        reward().prop_map(RewardEvent::RewardPublished),
        (no(RewardNo::new), any::<u32>(), moves()).prop_map(|(reward, places, moves)| {
            RewardEvent::StockAdded { reward, places, moves }
        }),
        (no(RewardNo::new), moves())
            .prop_map(|(reward, moves)| RewardEvent::RewardWithdrawn { reward, moves }),
        (requested, moves()).prop_map(|(redemption, moves)| {
            RewardEvent::RedemptionRequested { redemption, moves }
        }),
        moves().prop_map(RewardEvent::RedemptionCancelled),
        moves().prop_map(RewardEvent::RedemptionFulfilled),
        moves().prop_map(RewardEvent::RedemptionMissed),
        (no(RedemptionNo::new), reason()).prop_map(|(redemption, reason)| {
            RewardEvent::RedemptionReversed { redemption, reason }
        }),
        allocation().prop_map(RewardEvent::WindowClosed),
        (timestamp(), moves())
            .prop_map(|(as_of, moves)| RewardEvent::RedemptionsExpired { as_of, moves }),
    ]
    .boxed()
}

fn reward() -> BoxedStrategy<Reward> {
    let kind = select(vec![
        RewardKind::Goods,
        RewardKind::Service,
        RewardKind::Privilege,
        RewardKind::Admission,
    ]);
    let period = select(vec![Period::Month, Period::Quarter, Period::Year, Period::Ever]);
    let limit = (any::<u32>(), period).prop_map(|(count, period)| Limit { count, period });
    let eligibility = option::of("[a-z >=0-9]{1,30}".prop_map(|it| it.as_str().into()));
    (
        (no(RewardNo::new), no(BranchNo::new), text(RewardName::new)),
        (option::of(text(RewardText::new)), kind, hundredths(), any::<u32>()),
        (option::of(limit), eligibility, mode()),
    )
        .prop_map(|((no, branch, name), (text, kind, price, stock), (limit, eligibility, mode))| {
            Reward { no, branch, name, text, kind, price, stock, limit, eligibility, mode }
        })
        .boxed()
}

fn mode() -> BoxedStrategy<RewardMode> {
    let window = (timestamp(), 1..1_000_000_i64, 1..1_000_000_i64);
    let window = window.prop_filter_map("in order", |(opens, a, b)| {
        let at = |more: i64| opens.micros().checked_add(more).map(Timestamp::from_micros);
        Window::new(opens, at(a)?, at(a + b)?).ok()
    });
    prop_oneof![
        Just(RewardMode::FirstCome),
        (window, text(PolicyName::new))
            .prop_map(|(window, policy)| RewardMode::Window { window, policy }),
        text(PolicyName::new).prop_map(|policy| RewardMode::WaitingList { policy }),
    ]
    .boxed()
}

fn hold() -> impl Strategy<Value = NewHold> {
    (no(HoldNo::new), hundredths()).prop_map(|(no, points)| NewHold { no, points })
}

pub(super) fn moves() -> BoxedStrategy<Moves> {
    let state = select(vec![
        RedemptionState::Waiting,
        RedemptionState::Allocated,
        RedemptionState::Fulfilled,
        RedemptionState::Cancelled,
        RedemptionState::NoShow,
        RedemptionState::Expired,
        RedemptionState::Reversed,
    ]);
    let ended = (no(RedemptionNo::new), state, hundredths())
        .prop_map(|(redemption, state, captured)| Ended { redemption, state, captured });
    let placed = (no(RedemptionNo::new), timestamp())
        .prop_map(|(redemption, ends)| Placed { redemption, ends });
    (vec(ended, 0..3), vec(placed, 0..3), option::of(allocation()))
        .prop_map(|(ended, placed, allocation)| Moves { ended, placed, allocation })
        .boxed()
}

fn allocation() -> BoxedStrategy<Allocation> {
    (
        (no(RewardNo::new), timestamp(), no(RulebookVersion::new), text(PolicyName::new)),
        (any::<u32>(), timestamp(), vec(ranked(no(RedemptionNo::new)), 0..3)),
    )
        .prop_map(|((reward, as_of, rulebook, policy), (places, ends, ranked))| Allocation {
            reward,
            as_of,
            rulebook,
            policy,
            places,
            ends,
            ranked,
        })
        .boxed()
}

/// Short ones, the widest there are, and zero with either sign.
fn decimal() -> impl Strategy<Value = Decimal> {
    let most = Decimal::MAX.mantissa();
    let short = (any::<i64>(), 0..20_u32).prop_map(|(digits, scale)| Decimal::new(digits, scale));
    let wide = (-most..=most, 0..=28_u32);
    let wide = wide.prop_map(|(digits, scale)| Decimal::from_i128_with_scale(digits, scale));
    let zero = (any::<bool>(), 0..=28_u32).prop_map(|(is_negative, scale)| {
        let mut zero = Decimal::new(0, scale);
        zero.set_sign_negative(is_negative);
        zero
    });
    prop_oneof![3 => short, 2 => wide, 1 => zero]
}

fn ranked<N: std::fmt::Debug + 'static>(
    no: impl Strategy<Value = N> + 'static,
) -> BoxedStrategy<Ranked<N>> {
    let value = prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        decimal().prop_map(Value::Decimal),
        ".{0,8}".prop_map(Value::Text),
    ];
    let input = (any::<u8>(), value).prop_map(|(variable, value)| Input { variable, value });
    (no, vec(input, 0..4), vec(option::of(decimal()), 0..4))
        .prop_map(|(no, inputs, scores)| Ranked { no, inputs, scores })
        .boxed()
}

fn gifts() -> BoxedStrategy<GiftEvent> {
    let kin = || {
        (no(PassbookNo::new), no(PassbookNo::new)).prop_filter_map("two", |(a, b)| Kin::new(a, b))
    };
    let draw = (
        (no(DrawNo::new), no(PassbookNo::new), no(BranchNo::new)),
        hundredths(),
        option::of(any::<u8>()),
    );
    let draw = draw.prop_map(|((no, passbook, pool), points, age_band)| NewDraw {
        no,
        passbook,
        pool,
        points,
        age_band,
    });
    let approved = (no(DrawNo::new), hundredths(), vec(ranked(no(DrawNo::new)), 0..3));
    let approved = approved.prop_map(|(draw, left, ranked)| DrawApproved { draw, left, ranked });
    prop_oneof![
        gift().prop_map(GiftEvent::PointsGiven),
        (no(GiftNo::new), reason())
            .prop_map(|(gift, reason)| GiftEvent::GiftReversed { gift, reason }),
        kin().prop_map(GiftEvent::KinRequested),
        kin().prop_map(GiftEvent::KinConfirmed),
        kin().prop_map(GiftEvent::KinEnded),
        (no(PassbookNo::new), option::of(no(PassbookNo::new))).prop_map(
            |(passbook, beneficiary)| GiftEvent::BeneficiaryNamed { passbook, beneficiary }
        ),
        draw.prop_map(GiftEvent::DrawRequested),
        approved.prop_map(GiftEvent::DrawApproved),
        (no(DrawNo::new), reason())
            .prop_map(|(draw, reason)| GiftEvent::DrawRejected { draw, reason }),
    ]
    .boxed()
}

fn merges() -> BoxedStrategy<MergeEvent> {
    let merge = || no(MergeNo::new);
    let proposed = (merge(), no(PassbookNo::new), no(PassbookNo::new));
    prop_oneof![
        proposed.prop_map(|(no, from, into)| MergeEvent::MergeProposed(NewMerge {
            no,
            from,
            into
        })),
        merge().prop_map(|merge| MergeEvent::MergeConfirmed { merge }),
        (merge(), reason()).prop_map(|(merge, reason)| MergeEvent::MergeRefused { merge, reason }),
        merge().prop_map(|merge| MergeEvent::MergeUndoProposed { merge }),
        (merge(), reason())
            .prop_map(|(merge, reason)| MergeEvent::MergeUndoRefused { merge, reason }),
        merge().prop_map(|merge| MergeEvent::MergeUndone { merge }),
    ]
    .boxed()
}

pub(super) fn gift() -> BoxedStrategy<NewGift> {
    let to = prop_oneof![
        no(PassbookNo::new).prop_map(Taker::Passbook),
        no(BranchNo::new).prop_map(Taker::Pool),
    ];
    (no(GiftNo::new), no(PassbookNo::new), to, (hundredths(), hundredths()))
        .prop_map(|(no, from, to, (points, overflow))| NewGift { no, from, to, points, overflow })
        .boxed()
}

fn helps() -> BoxedStrategy<HelpEvent> {
    let asked = (
        (no(HelpNo::new), no(PassbookNo::new), no(ActivityNo::new)),
        interval(),
        (option::of(hold()), option::of(any::<u8>())),
    );
    let asked = asked.prop_map(|((no, asker, activity), window, (hold, age_band))| NewHelp {
        no,
        asker,
        activity,
        window,
        hold,
        age_band,
    });
    let offer = || (no(HelpNo::new), no(PassbookNo::new));
    prop_oneof![
        (vec(activity(), 0..2), asked)
            .prop_map(|(activities, help)| HelpEvent::HelpAsked { activities, help }),
        offer().prop_map(|(help, helper)| HelpEvent::HelpOffered { help, helper }),
        offer().prop_map(|(help, helper)| HelpEvent::OfferWithdrawn { help, helper }),
        (offer(), timestamp())
            .prop_map(|((help, helper), due)| { HelpEvent::OfferAccepted { help, helper, due } }),
        no(HelpNo::new).prop_map(|help| HelpEvent::HelpCancelled { help }),
        said().prop_map(HelpEvent::HelpConfirmed),
        (timestamp(), said()).prop_map(|(as_of, said)| HelpEvent::HelpSilent { as_of, said }),
        settled().prop_map(HelpEvent::HelpResolved),
        (timestamp(), no(HelpNo::new))
            .prop_map(|(as_of, help)| HelpEvent::HelpExpired { as_of, help }),
    ]
    .boxed()
}

fn said() -> BoxedStrategy<HelpSaid> {
    let outcome = prop_oneof![
        timestamp().prop_map(HelpOutcome::Waits),
        settled().prop_map(HelpOutcome::Settled),
        Just(HelpOutcome::Disputed),
    ];
    (no(HelpNo::new), select(vec![Side::Asker, Side::Helper]), amount(), outcome)
        .prop_map(|(help, side, minutes, outcome)| HelpSaid { help, side, minutes, outcome })
        .boxed()
}

fn settled() -> BoxedStrategy<HelpSettled> {
    (no(HelpNo::new), option::of(record()), hundredths())
        .prop_map(|(help, record, captured)| HelpSettled { help, record, captured })
        .boxed()
}
