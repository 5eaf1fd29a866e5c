//! Short ways to say times and identities. Civil times are those of Asia/Shanghai.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use jiff::civil::{Date, DateTime};
use lovebank_ledger::{
    Command, Fingerprint, Interval, Minute, NumberTag, Timestamp, VolunteerId, Zone,
};

/// The zone that texts are read in.
pub fn zone() -> Zone {
    Zone::named("Asia/Shanghai").expect("it is compiled in")
}

/// A date, from `2026-03-01`.
pub fn day(text: &str) -> Date {
    text.parse().expect("a date such as 2026-03-01")
}

/// A minute, from `2026-03-01 09:00`.
pub fn minute(text: &str) -> Minute {
    let at: DateTime = text.parse().expect("a date and time such as 2026-03-01 09:00");
    zone().minute_of(at.date(), at.time()).expect("a time since 1970")
}

/// An instant, from `2026-03-01 09:00`.
pub fn timestamp(text: &str) -> Timestamp {
    let micros = minute(text).seconds().checked_mul(1_000_000);
    Timestamp::from_micros(micros.expect("a time before 9999"))
}

/// An interval, from its start and its length in minutes.
pub fn interval(start: &str, minutes: u32) -> Interval {
    let start = minute(start);
    let end = i64::from(start.get()).checked_add(i64::from(minutes));
    let end = Minute::new(end.expect("a small number")).expect("a time before 9999");
    Interval::new(start, end).expect("1 to 1,440 minutes")
}

/// The tag that stands for a volunteer number.
pub fn number(number: &str) -> NumberTag {
    NumberTag::new(bytes(&("number", number)))
}

/// An id that no other volunteer of the test has.
pub fn volunteer_id(serial: u64) -> VolunteerId {
    VolunteerId::new(bytes(&("volunteer", serial)))
}

/// A digest of a command: the same for the same content.
pub fn fingerprint(command: &Command) -> Fingerprint {
    Fingerprint::new(bytes(&format!("{command:?}")))
}

fn bytes(it: &impl std::hash::Hash) -> [u8; 16] {
    let mut hasher = DefaultHasher::new();
    it.hash(&mut hasher);
    let first = hasher.finish();
    first.hash(&mut hasher);
    ((u128::from(first) << 64) | u128::from(hasher.finish())).to_be_bytes()
}
