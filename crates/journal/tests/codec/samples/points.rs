//! Entries about rewards, redemptions, gifts and help.

use lovebank_formula::Value;
use lovebank_ledger::*;
use rust_decimal::Decimal;

use super::{branch, hours::a_record, passbook};

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(1_772_326_200_000_000 + micros)
}

fn points(hundredths: i64) -> Points {
    Points::from_hundredths(hundredths)
}

fn redemption(no: u64) -> RedemptionNo {
    RedemptionNo::new(no).unwrap()
}

fn reward_no() -> RewardNo {
    RewardNo::new(21).unwrap()
}

fn policy() -> PolicyName {
    PolicyName::new("default").unwrap()
}

fn hold() -> NewHold {
    NewHold { no: HoldNo::new(31).unwrap(), points: points(250) }
}

/// An entry whose lines move lots, with the one that only such entries are.
pub(super) fn expired() -> Entry {
    let as_of = at(2);
    let event = Event::PointsExpired { as_of, passbooks: vec![passbook(7), passbook(8)] };
    let lot = |month, class, hundredths| LotMove {
        lot: Lot { expires: jiff::civil::date(2029, month, 1), class },
        points: points(hundredths),
    };
    let mut entry = super::entry(event);
    for posting in &mut entry.postings {
        if posting.line.is_some() {
            posting.about = None;
            posting.lots = vec![lot(3, LotClass::Given, -150), lot(12, LotClass::Earned, 50)];
        }
    }
    entry
}

pub(super) fn rewards() -> Vec<Event> {
    let events = vec![
        RewardEvent::RewardPublished(reward()),
        RewardEvent::StockAdded { reward: reward_no(), places: 5, moves: moves() },
        RewardEvent::RewardWithdrawn { reward: reward_no(), moves: moves() },
        RewardEvent::RedemptionRequested {
            redemption: NewRedemption {
                no: redemption(41),
                reward: reward_no(),
                passbook: passbook(7),
                age_band: Some(60),
                ends: at(9),
                hold: Some(hold()),
            },
            moves: Moves::default(),
        },
        RewardEvent::RedemptionCancelled(moves()),
        RewardEvent::RedemptionFulfilled(moves()),
        RewardEvent::RedemptionMissed(moves()),
        RewardEvent::RedemptionReversed { redemption: redemption(41), reason: Reason::Other },
        RewardEvent::WindowClosed(allocation()),
        RewardEvent::RedemptionsExpired { as_of: at(1), moves: moves() },
    ];
    let need = Event::NeedClassSet { passbook: passbook(7), class: NeedClass::new(4).unwrap() };
    [need].into_iter().chain(events.into_iter().map(Event::Reward)).collect()
}

fn reward() -> Reward {
    Reward {
        no: reward_no(),
        branch: branch(2),
        name: RewardName::new("粮油券").unwrap(),
        text: RewardText::new("凭码到社区服务中心领取").ok(),
        kind: RewardKind::Goods,
        price: points(250),
        stock: 500,
        limit: Some(Limit { count: 1, period: Period::Quarter }),
        eligibility: Some("minutes >= 6000".into()),
        mode: RewardMode::Window {
            window: Window::new(at(0), at(1), at(2)).unwrap(),
            policy: policy(),
        },
    }
}

fn moves() -> Moves {
    Moves {
        ended: vec![Ended {
            redemption: redemption(41),
            state: RedemptionState::Fulfilled,
            captured: points(150),
        }],
        placed: vec![Placed { redemption: redemption(42), ends: at(9) }],
        allocation: Some(allocation()),
    }
}

fn allocation() -> Allocation {
    Allocation {
        reward: reward_no(),
        as_of: at(1),
        rulebook: RulebookVersion::new(3).unwrap(),
        policy: policy(),
        places: 1,
        ends: at(9),
        ranked: vec![ranked(redemption(41), 180), ranked(redemption(42), 120)],
    }
}

/// An order of so many: by 4 keys as usual, or by more, with the longest values there are.
pub(crate) fn order(rows: usize, keys: usize) -> Event {
    let worst = 4 < keys;
    let variables = if worst { 14 } else { 6 };
    let decimal = Value::Decimal(Decimal::new(i64::MIN, 2));
    let value = |at: u8| match at {
        8 => decimal.clone(),
        13 => Value::Text("x".repeat(32)),
        _ => Value::Int(if worst { i64::MIN } else { 123_456 }),
    };
    let row = |no: usize| Ranked {
        no: redemption(u64::try_from(no).unwrap() + 4_000_000_000),
        inputs: (0..variables).map(|it| Input { variable: it, value: value(it) }).collect(),
        scores: vec![
            Some(if worst { Decimal::MIN / Decimal::from(7) } else { 123_456.into() });
            keys
        ],
    };
    let ranked = (0..rows).map(row).collect();
    Event::Reward(RewardEvent::WindowClosed(Allocation { ranked, ..allocation() }))
}

/// One of those ranked, with every kind of value.
pub(crate) fn ranked<N>(no: N, minutes: i64) -> Ranked<N> {
    let input = |variable, value| Input { variable, value };
    Ranked {
        no,
        inputs: vec![
            input(0, Value::Int(0)),
            input(5, Value::Int(minutes)),
            input(8, Value::Decimal("12.50".parse().unwrap())),
            input(12, Value::Int(-1)),
            input(13, Value::Text("NW-01".to_owned())),
            input(14, Value::Bool(false)),
        ],
        scores: vec![Some(0.into()), Some("12.5".parse().unwrap()), None, Some(minutes.into())],
    }
}

pub(super) fn gifts() -> Vec<Event> {
    let kin = Kin::new(passbook(7), passbook(3)).unwrap();
    let draw = DrawNo::new(51).unwrap();
    let events = vec![
        GiftEvent::PointsGiven(gift(Taker::Passbook(passbook(3)))),
        GiftEvent::GiftReversed { gift: GiftNo::new(61).unwrap(), reason: Reason::RuleBroken },
        GiftEvent::KinRequested(kin),
        GiftEvent::KinConfirmed(kin),
        GiftEvent::KinEnded(kin),
        GiftEvent::BeneficiaryNamed { passbook: passbook(7), beneficiary: Some(passbook(3)) },
        GiftEvent::DrawRequested(NewDraw {
            no: draw,
            passbook: passbook(7),
            pool: branch(2),
            points: points(500),
            age_band: Some(80),
        }),
        GiftEvent::DrawApproved(DrawApproved {
            draw,
            left: points(50),
            ranked: vec![ranked(draw, 60)],
        }),
        GiftEvent::DrawRejected { draw, reason: Reason::Other },
    ];
    events.into_iter().map(Event::Gift).collect()
}

/// A gift, as a passbook that is closed makes it too.
pub(super) fn gift(to: Taker) -> NewGift {
    let no = GiftNo::new(61).unwrap();
    NewGift { no, from: passbook(7), to, points: points(300), overflow: points(20) }
}

pub(super) fn helps() -> Vec<Event> {
    let help = HelpNo::new(71).unwrap();
    let helper = passbook(3);
    let start = Minute::new(29_538_000).unwrap();
    let settled = HelpSettled {
        help,
        record: Some(NewRecord { help: Some(help), ..a_record() }),
        captured: points(200),
    };
    let said = |outcome| HelpSaid { help, side: Side::Helper, minutes: Minutes::new(90), outcome };
    let events = vec![
        HelpEvent::HelpAsked {
            activities: Vec::new(),
            help: NewHelp {
                no: help,
                asker: passbook(7),
                activity: ActivityNo::new(5).unwrap(),
                window: Interval::new(start, Minute::new(29_538_120).unwrap()).unwrap(),
                hold: Some(hold()),
                age_band: Some(70),
            },
        },
        HelpEvent::HelpOffered { help, helper },
        HelpEvent::OfferWithdrawn { help, helper },
        HelpEvent::OfferAccepted { help, helper, due: at(5) },
        HelpEvent::HelpCancelled { help },
        HelpEvent::HelpConfirmed(said(HelpOutcome::Settled(settled))),
        HelpEvent::HelpSilent { as_of: at(7), said: said(HelpOutcome::Disputed) },
        HelpEvent::HelpResolved(HelpSettled { record: None, captured: Points::ZERO, ..settled }),
        HelpEvent::HelpExpired { as_of: at(7), help },
    ];
    events.into_iter().map(Event::Help).collect()
}

pub(super) fn name_of_reward(event: &RewardEvent) -> &'static str {
    match event {
        RewardEvent::RewardPublished(_) => "reward_published",
        RewardEvent::StockAdded { .. } => "reward_stock_added",
        RewardEvent::RewardWithdrawn { .. } => "reward_withdrawn",
        RewardEvent::RedemptionRequested { .. } => "reward_requested",
        RewardEvent::RedemptionCancelled(_) => "reward_cancelled",
        RewardEvent::RedemptionFulfilled(_) => "reward_fulfilled",
        RewardEvent::RedemptionMissed(_) => "reward_missed",
        RewardEvent::RedemptionReversed { .. } => "reward_reversed",
        RewardEvent::WindowClosed(_) => "reward_window_closed",
        RewardEvent::RedemptionsExpired { .. } => "reward_expired",
    }
}

pub(super) fn name_of_gift(event: &GiftEvent) -> &'static str {
    match event {
        GiftEvent::PointsGiven(_) => "gift_points_given",
        GiftEvent::GiftReversed { .. } => "gift_gift_reversed",
        GiftEvent::KinRequested(_) => "gift_kin_requested",
        GiftEvent::KinConfirmed(_) => "gift_kin_confirmed",
        GiftEvent::KinEnded(_) => "gift_kin_ended",
        GiftEvent::BeneficiaryNamed { .. } => "gift_beneficiary_named",
        GiftEvent::DrawRequested(_) => "gift_draw_requested",
        GiftEvent::DrawApproved(_) => "gift_draw_approved",
        GiftEvent::DrawRejected { .. } => "gift_draw_rejected",
    }
}

pub(super) fn name_of_help(event: &HelpEvent) -> &'static str {
    match event {
        HelpEvent::HelpAsked { .. } => "help_asked",
        HelpEvent::HelpOffered { .. } => "help_offered",
        HelpEvent::OfferWithdrawn { .. } => "help_offer_withdrawn",
        HelpEvent::OfferAccepted { .. } => "help_offer_accepted",
        HelpEvent::HelpCancelled { .. } => "help_cancelled",
        HelpEvent::HelpConfirmed(_) => "help_confirmed",
        HelpEvent::HelpSilent { .. } => "help_silent",
        HelpEvent::HelpResolved(_) => "help_resolved",
        HelpEvent::HelpExpired { .. } => "help_expired",
    }
}
