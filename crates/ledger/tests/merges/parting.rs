//! Which lots go back with the number that is told apart again.

use lovebank_ledger::{BatchMode, Command, Lot, LotClass, Points};
use lovebank_testkit::day;

use crate::street::{Street, no};

/// The day on which lots of earned points are gone, and hundredths of a point.
fn lots(street: &Street, who: u64) -> Vec<(String, i64)> {
    let earned = |(lot, points): (Lot, Points)| {
        assert_eq!(lot.class, LotClass::Earned);
        (lot.expires.to_string(), points.hundredths())
    };
    street.town.ledger().lots(no(who)).map(earned).collect()
}

fn lot(expires: &str, hundredths: i64) -> (String, i64) {
    (day(expires).to_string(), hundredths)
}

#[test]
fn each_number_gets_the_lots_that_were_its_own() {
    let mut street = Street::with("points_expire_months = 2");
    street.serve(2, "2026-03-01 09:00", 60);
    street.town.at("2026-04-10 09:00");
    street.serve(1, "2026-04-01 09:00", 60);
    let merge = street.merged(1, 2);
    assert_eq!(lots(&street, 2), [lot("2026-06-01", 100), lot("2026-07-01", 100)]);
    street.undo(merge).unwrap();
    assert_eq!(lots(&street, 1), [lot("2026-07-01", 100)]);
    assert_eq!(lots(&street, 2), [lot("2026-06-01", 100)]);
}

#[test]
fn what_only_a_hold_still_keeps_stays_where_it_is_held() {
    let mut street = Street::with("points_expire_months = 2");
    street.serve(2, "2026-03-01 09:00", 60);
    let waits = street.serve(1, "2026-03-02 09:00", 541);
    let merge = street.merged(1, 2);
    street.settled("2026-05-25 09:00");
    street.wish(2, 100);
    street.settled("2026-06-02 09:00");
    // The first lot is over, and held; what the other number served is approved only now.
    let approve = Command::ApproveHours { records: vec![waits], mode: BatchMode::Atomic };
    street.ask(street.approver, &approve).unwrap();
    assert_eq!(lots(&street, 2), [lot("2026-06-01", 100), lot("2026-09-01", 902)]);
    street.undo(merge).unwrap();
    assert_eq!(lots(&street, 1), [lot("2026-09-01", 902)]);
    assert_eq!(lots(&street, 2), [lot("2026-06-01", 100)]);
}
