//! What does not follow from what is there is not posted, and is told in words.

use lovebank_ledger::{
    About, Activity, BatchMode, Command, Event, GiftEvent, GiftNo, LineKind, LotMove, Moves,
    PassbookNo, Placed, Points, Reason, RecordNo, RedemptionNo, RedemptionState, RewardEvent,
    RewardMode, ServiceTime,
};
use lovebank_testkit::{day, interval, timestamp};

use crate::{
    holds::{ended, lot},
    street::{HOUR, Street, made},
};

const NOT_NEXT: &str = "a number it gives is not the next";

fn at_eleven() -> ServiceTime {
    ServiceTime::Interval(interval("2026-03-01 11:00", 60))
}

#[test]
fn a_number_that_is_not_the_next_is_not_posted() {
    let mut street = Street::new();
    let record = street.record(at_eleven(), HOUR);
    for no in [RecordNo::FIRST, record.no.next()] {
        let event = made(lovebank_ledger::NewRecord { no, ..record });
        assert_eq!(street.not_posted(event, Vec::new()), NOT_NEXT);
    }
    let activity = street.town.ledger().activity(record.activity).unwrap();
    let again: Activity = activity.clone();
    assert_eq!(street.not_posted(Event::ActivityCreated(again), Vec::new()), NOT_NEXT);
    let branch = street.town.ledger().branches().next().unwrap().clone();
    assert_eq!(street.not_posted(Event::BranchCreated(branch), Vec::new()), NOT_NEXT);
}

#[test]
fn what_is_of_nobody_is_not_posted() {
    let mut street = Street::new();
    let nobody = PassbookNo::new(2).unwrap();
    let mut record = street.record(at_eleven(), HOUR);
    record.passbook = nobody;
    assert_eq!(street.not_posted(made(record), Vec::new()), "no such passbook");
    let (records, reason) = (vec![RecordNo::new(2).unwrap()], Reason::Other);
    let event = Event::HoursReversed { records, reason, refused: Vec::new() };
    assert_eq!(street.not_posted(event, Vec::new()), "no such record");
    let event = Event::PersonErased { passbook: nobody };
    assert_eq!(street.not_posted(event, Vec::new()), "no such passbook");
    let event = || Event::PersonErased { passbook: PassbookNo::FIRST };
    let said = (LineKind::Earned, About::Record(RecordNo::new(2).unwrap()));
    let line = street.line(said, (0, 0), Vec::new());
    assert_eq!(street.not_posted(event(), line), "no such record");
    let said = (LineKind::Earned, About::Record(RecordNo::FIRST));
    let mut line = street.line(said, (0, 0), Vec::new());
    line[0].line = None;
    assert_eq!(street.not_posted(event(), line), "a passbook's posting has no line");
}

#[test]
fn a_bank_opens_once() {
    let mut street = Street::new();
    let opened = street.town.journal()[0].0.event.clone();
    assert_eq!(street.not_posted(opened, Vec::new()), "the bank was opened before");
}

#[test]
fn a_hold_gives_what_it_has_and_no_more() {
    let mut street = Street::new();
    street.publish(100, RewardMode::FirstCome);
    street.request();
    let more = "more is captured than was held";
    let got = |points| ended(1, RedemptionState::Fulfilled, points);
    assert_eq!(street.not_posted(got(101), Vec::new()), more);
    assert_eq!(street.not_posted(got(-1), Vec::new()), more);
    street.forge(got(0), Vec::new());
    street.found(&[]);
    for state in [RedemptionState::Cancelled, RedemptionState::Expired] {
        assert_eq!(street.not_posted(ended(1, state, 0), Vec::new()), "it ended before");
    }
}

#[test]
fn a_place_is_given_once_to_one_who_waits_and_while_there_are_any() {
    let mut street = Street::new();
    street.publish(0, RewardMode::FirstCome);
    street.request();
    let place = || {
        let ends = timestamp("2026-04-01 00:00");
        let placed = vec![Placed { redemption: RedemptionNo::FIRST, ends }];
        let moves = Moves { placed, ..Moves::default() };
        Event::Reward(RewardEvent::RedemptionFulfilled(moves))
    };
    assert_eq!(street.not_posted(place(), Vec::new()), "it does not wait");
    // The next one gets the place that the first already has.
    let first = street.town.journal().last().unwrap().0.event.clone();
    let Event::Reward(RewardEvent::RedemptionRequested { mut redemption, mut moves }) = first
    else {
        panic!("asked")
    };
    redemption.no = redemption.no.next();
    moves.placed[0].redemption = redemption.no;
    let next = Event::Reward(RewardEvent::RedemptionRequested { redemption, moves });
    assert_eq!(street.not_posted(next, Vec::new()), "there is no place left");
}

#[test]
fn what_was_taken_back_is_not_taken_back_again() {
    let mut street = Street::new();
    street.publish(0, RewardMode::FirstCome);
    street.request();
    street.forge(ended(1, RedemptionState::Fulfilled, 0), Vec::new());
    let (redemption, reason) = (RedemptionNo::FIRST, Reason::Other);
    let reverse = || Event::Reward(RewardEvent::RedemptionReversed { redemption, reason });
    street.forge(reverse(), Vec::new());
    street.found(&[]);
    assert_eq!(street.not_posted(reverse(), Vec::new()), "it was taken back before");
    let gift = Event::Gift(GiftEvent::GiftReversed { gift: GiftNo::FIRST, reason });
    assert_eq!(street.not_posted(gift, Vec::new()), "no such gift");
}

#[test]
fn no_more_comes_out_of_a_lot_than_lies_in_it() {
    let mut street = Street::new();
    let mut lots = |points| {
        let said = (LineKind::Earned, About::Record(RecordNo::FIRST));
        let moved = LotMove { lot: lot(), points: Points::from_hundredths(points) };
        let mut postings = street.line(said, (0, 0), vec![moved]);
        postings[0].about = None;
        let event = Event::PersonErased { passbook: PassbookNo::FIRST };
        let entry = street.entry(event, postings);
        let posted =
            street.town.ledger().above().post(&entry, entry.previous).map_err(|it| it.what);
        if posted.is_ok() {
            street.town.post(entry);
        }
        posted
    };
    let more = Err("more is taken out of a lot than lay in it");
    assert_eq!(lots(-1), more);
    assert_eq!(lots(100), Ok(()));
    assert_eq!(lots(-101), more);
    assert_eq!(lots(-100), Ok(()));
    street.found(&[]);
    assert_eq!(street.town.ledger().next_due(), None, "an empty lot is not looked at");
    let (as_of, passbooks) = (timestamp("2026-06-01 00:00"), vec![PassbookNo::FIRST]);
    let looked_at = Event::PointsExpired { as_of, passbooks };
    assert_eq!(street.not_posted(looked_at, Vec::new()), "no lot of it was due");
}

#[test]
fn a_day_of_more_minutes_than_can_be_written_is_not_posted() {
    let mut street = Street::new();
    let time = ServiceTime::Day(day("2026-03-02"));
    let most = i64::from(u16::MAX);
    let record = street.record(time, (most + 1, 0));
    assert_eq!(street.not_posted(made(record), Vec::new()), "its day is too full");
    street.serve(time, most);
    street.found(&[(4, "2026-03-02 of passbook 1 holds 65535 minutes")]);
    let records = vec![RecordNo::new(2).unwrap()];
    let (reason, mode) = (Reason::Other, BatchMode::Atomic);
    street.town.must(street.approver, &Command::ReverseHours { records, reason, mode });
    street.found(&[]);
}
