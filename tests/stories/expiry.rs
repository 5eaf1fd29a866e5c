//! Points that expire where policy says so: told beforehand, and settled when a bank was down.

use lovebank_ledger::{DEFAULT_RULEBOOK, Timestamp};
use lovebank_wire::v1::{self, LineKind};

use crate::{
    priority::adopt,
    redemption::street,
    support::{interval, service},
};

/// 2024-06-02 09:00 in Shanghai: two months on.
const LATER: i64 = 1_717_290_000;

#[tokio::test(flavor = "multi_thread")]
async fn points_that_expire_are_told_beforehand_and_gone_after_their_day() {
    let street = street(1).await;
    let rules = "[passbook]\npoints_expire_months = 1";
    let rules = DEFAULT_RULEBOOK.replace("[passbook]", rules);
    adopt(&street.bank.operator(), &rules, false).await;
    assert!(street.clerk.passbook("1").await.expiring.is_empty(), "what was there before lasts");

    street.clerk.record(service("1", "NW", interval(2 * 1440, 90))).await.expect("recorded");
    let passbook = street.clerk.passbook("1").await;
    let date = Some(v1::Date { year: 2024, month: 6, day: 1 });
    let points = Some(v1::Decimal { value: "1.50".to_owned() });
    assert_eq!(passbook.expiring, [v1::ExpiringPoints { expire_date: date, points }]);

    let (clock, clerk) = (street.clock, street.clerk);
    let later = || clock.set(Timestamp::from_micros(LATER * 1_000_000));
    let bank = street.bank.stopped_while(later).await;
    let clerk = clerk.moved(&bank);
    let passbook = clerk.passbook("1").await;
    let value = |it: Option<v1::Decimal>| it.map(|it| it.value).unwrap_or_default();
    assert_eq!((value(passbook.points), passbook.minutes), ("1.00".to_owned(), 150));
    assert!(passbook.expiring.is_empty());
    let line = passbook.last_line.expect("a line");
    assert_eq!((line.kind(), value(line.points)), (LineKind::Expired, "-1.50".to_owned()));
}
