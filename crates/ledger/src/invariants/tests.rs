//! What no entry can make: rows of a small ledger that were damaged.

use jiff::civil::date;

use super::state;
use crate::{
    Activity, ActivityName, ActivityNo, BranchName, BranchNo, BranchYear, Context, Due, Entry,
    Event, Fingerprint, Founding, Handle, Ledger, Level, Lot, LotClass, Minutes, Month, Moves,
    NewRecord, NewRedemption, NumberTag, PassbookNo, Points, Provenance, RecordNo, RedemptionNo,
    Registration, RequestId, Reward, RewardEvent, RewardKind, RewardMode, RewardName, RewardNo,
    Rulebook, Seal, ServiceTime, Standing, Timestamp, TokenHash, VolunteerId, Zone,
};

const WHO: PassbookNo = PassbookNo::FIRST;

/// One volunteer, with a record that waits for an approver and a redemption that waits for a place.
fn ledger() -> Ledger<'static> {
    let founding = Founding {
        name: BranchName::new("爱心银行").unwrap(),
        zone: Zone::named("Asia/Shanghai").unwrap(),
        rulebook: Rulebook::parse(crate::DEFAULT_RULEBOOK).unwrap(),
        operator: Handle::new("operator").unwrap(),
        token: TokenHash::new([0; 32]),
    };
    let (request, fingerprint) = (RequestId::new([0; 16]), Fingerprint::new([0; 16]));
    let now = Timestamp::from_micros(1);
    let first = founding.entry(&Context { now, request, fingerprint, token: None });
    let mut ledger = Ledger::default();
    ledger.post(&first, Seal::NONE).unwrap();
    for event in [registered(), recorded(), published(), requested()] {
        let (no, recorded_at) = (ledger.next_entry(), ledger.recorded.last().unwrap().next());
        let request = RequestId::new([u8::try_from(no.get()).unwrap(); 16]);
        let first = first.clone();
        let entry = Entry { no, recorded_at, request, event, postings: Vec::new(), ..first };
        ledger.post(&entry, Seal::NONE).unwrap();
    }
    assert_eq!(found(&ledger), []);
    ledger
}

fn registered() -> Event {
    let it = Registration {
        index: 0,
        passbook: WHO,
        volunteer: VolunteerId::new([1; 16]),
        tag: NumberTag::new([1; 16]),
        branch: BranchNo::FIRST,
        joined: date(2026, 1, 1),
    };
    Event::VolunteersRegistered { volunteers: vec![it], refused: Vec::new() }
}

fn recorded() -> Event {
    let activity = Activity {
        no: ActivityNo::FIRST,
        branch: BranchNo::FIRST,
        name: ActivityName::new("敬老").unwrap(),
        category: None,
        place: None,
        window: None,
    };
    let record = NewRecord {
        no: RecordNo::FIRST,
        index: 0,
        passbook: WHO,
        activity: activity.no,
        time: ServiceTime::Day(date(2026, 3, 1)),
        date: date(2026, 3, 1),
        minutes: Minutes::new(60),
        provenance: Provenance::Clerk,
        standing: Standing::Pending(Level::Branch),
        forgotten: false,
        evaluation: None,
        help: None,
    };
    let (activities, records) = (vec![activity], vec![record]);
    Event::HoursRecorded { activities, records, refused: Vec::new() }
}

fn published() -> Event {
    Event::Reward(RewardEvent::RewardPublished(Reward {
        no: RewardNo::FIRST,
        branch: BranchNo::FIRST,
        name: RewardName::new("粮油券").unwrap(),
        text: None,
        kind: RewardKind::Goods,
        price: Points::ZERO,
        stock: 0,
        limit: None,
        eligibility: None,
        mode: RewardMode::FirstCome,
    }))
}

fn requested() -> Event {
    let redemption = NewRedemption {
        no: RedemptionNo::FIRST,
        reward: RewardNo::FIRST,
        passbook: WHO,
        age_band: None,
        ends: Timestamp::from_micros(9),
        hold: None,
    };
    Event::Reward(RewardEvent::RedemptionRequested { redemption, moves: Moves::default() })
}

fn found(ledger: &Ledger<'_>) -> Vec<(u8, String)> {
    let mut breaches = Vec::new();
    state(ledger, &mut breaches);
    breaches.into_iter().map(|it| (it.invariant, it.what)).collect()
}

/// What is found of a ledger that was damaged.
fn found_after(damage: impl FnOnce(&mut Ledger<'static>)) -> Vec<(u8, String)> {
    let mut ledger = ledger();
    damage(&mut ledger);
    found(&ledger)
}

fn says(invariant: u8, what: &str) -> Vec<(u8, String)> {
    vec![(invariant, what.to_owned())]
}

#[test]
fn totals_that_no_line_made_are_found() {
    let month = found_after(|it| {
        let diary = it.diaries.get_mut(0).unwrap();
        diary.add(Month::of(date(2026, 3, 1)), 0, Minutes::new(60)).unwrap();
    });
    assert_eq!(month, says(7, "the years of passbook 1 are not the sum of its lines"));
    let year = BranchYear { minutes: Minutes::new(60), points: Points::ZERO };
    let branch = found_after(|it| it.branch_years.insert((BranchNo::FIRST, 2026), year));
    assert_eq!(branch, says(7, "the totals of a branch are not the sum of its lines"));
}

#[test]
fn a_record_that_nobody_is_shown_to_approve_is_found() {
    let found = found_after(|it| it.pending.remove(&(BranchNo::FIRST, RecordNo::FIRST)));
    assert_eq!(found, says(8, "record 1 waits, or does not, against its state"));
}

#[test]
fn a_queue_that_is_shorter_or_longer_than_is_said_is_found() {
    let another = says(11, "reward 1: 1 wait, and its queue is another");
    let key = (RewardNo::FIRST, u32::MAX, RedemptionNo::FIRST);
    assert_eq!(found_after(|it| it.waiting.remove(&key)), another);
    assert_eq!(found_after(|it| it.rewards.get_mut(0).unwrap().waiting = 2), another);
}

#[test]
fn points_that_are_held_for_nothing_are_found() {
    let held = Points::from_hundredths(1);
    let found = found_after(|it| it.passbooks.get_mut(0).unwrap().held = held);
    assert_eq!(found, says(4, "passbook 1 holds 0.01; its holds keep 0.00"));
}

#[test]
fn lots_that_are_empty_or_do_not_add_up_are_found() {
    let one = Points::from_hundredths(100);
    let lot = |month| Lot { expires: date(2026, month, 1), class: LotClass::Earned };
    let fill = |it: &mut Ledger<'static>, month, points| {
        let due = it.expiry(lot(month)).unwrap();
        it.lots.insert((WHO, lot(month)), points);
        it.dues.insert((due, Due::Lots(WHO)), ());
        let row = it.passbooks.get_mut(0).unwrap();
        (row.points, row.in_lots) = (one, one);
    };
    // The point itself is of no line, and of no account.
    let of_lots = |found: Vec<(u8, String)>| -> Vec<(u8, String)> {
        found.into_iter().filter(|it| it.0 == 12).collect()
    };
    assert_eq!(of_lots(found_after(|it| fill(it, 4, one))), []);
    let empty = of_lots(found_after(|it| {
        fill(it, 4, one);
        fill(it, 5, Points::ZERO);
    }));
    assert_eq!(empty, says(12, "a lot of passbook 1 holds 0.00"));
    let less = of_lots(found_after(|it| fill(it, 4, Points::from_hundredths(99))));
    assert_eq!(less, says(12, "the lots of passbook 1 are 0.99, said 1.00, of 1.00"));
}
