//! Random histories beside a naive model: who served what under which number, and which numbers
//! are one person.

use std::collections::BTreeMap;

use lovebank_ledger::{EntryNo, MergeNo, Minutes, RecordNo};
use proptest::{collection::vec, prelude::*};

use crate::street::{Street, no};

/// How many numbers there are in the street.
const PEOPLE: u64 = 4;

#[derive(Debug, Clone)]
enum Op {
    /// A number serves for so many hours on a day of its own: nothing overlaps.
    Serve(u64, u8),
    /// A record is taken back.
    Reverse(usize),
    /// Points are given.
    Give(u64, u64, u8),
    /// One number is merged into another.
    Merge(u64, u64),
    /// A merge is undone.
    Undo(usize),
}

fn op() -> impl Strategy<Value = Op> {
    let who = || 1..=PEOPLE;
    prop_oneof![
        5 => (who(), 1..5_u8).prop_map(|(who, hours)| Op::Serve(who, hours)),
        2 => any::<prop::sample::Index>().prop_map(|it| Op::Reverse(it.index(100))),
        3 => (who(), who(), 1..5_u8).prop_map(|(a, b, points)| Op::Give(a, b, points)),
        3 => (who(), who()).prop_map(|(a, b)| Op::Merge(a, b)),
        2 => any::<prop::sample::Index>().prop_map(|it| Op::Undo(it.index(10))),
    ]
}

/// What is known of a bank, in the plainest way.
#[derive(Debug, Default, Clone)]
struct Model {
    /// Under which number, how many minutes, and whether it counts.
    records: Vec<(u64, i64, bool)>,
    /// Which number is which other's.
    into: BTreeMap<u64, u64>,
}

impl Model {
    fn person(&self, who: u64) -> u64 {
        self.into.get(&who).map_or(who, |it| self.person(*it))
    }

    fn minutes(&self, who: u64) -> i64 {
        if self.person(who) != who {
            return 0;
        }
        let own = self.records.iter().filter(|it| it.2 && self.person(it.0) == who);
        own.map(|it| it.1).sum()
    }
}

struct Run {
    street: Street,
    model: Model,
    merges: Vec<(MergeNo, u64)>,
    /// What counted for everybody after an entry.
    then: Vec<(EntryNo, Vec<i64>)>,
    day: i64,
}

impl Run {
    fn new() -> Self {
        let mut street = Street::new();
        // All within one street, so that its hands reach everybody.
        street.town.at("2026-12-20 09:00");
        let model = Model::default();
        Self { street, model, merges: Vec::new(), then: Vec::new(), day: 0 }
    }

    fn step(&mut self, op: &Op) {
        match *op {
            Op::Serve(who, hours) => self.serve(who, hours),
            Op::Reverse(at) => self.reverse(at),
            Op::Give(from, to, points) => {
                let _ = self.street.give(from, to, i64::from(points) * 100);
            }
            Op::Merge(from, into) => self.merge(from, into),
            Op::Undo(at) => self.undo(at),
        }
        self.compare();
    }

    fn serve(&mut self, who: u64, hours: u8) {
        self.day += 1;
        let date =
            lovebank_testkit::day("2026-01-01").checked_add(jiff::Span::new().days(self.day));
        let start = format!("{} 09:00", date.unwrap());
        let minutes = u32::from(hours) * 60;
        let served = self.street.try_serve(who, &start, minutes);
        assert_eq!(served.is_ok(), self.model.person(who) == who, "{served:?}");
        if served.is_ok() {
            self.model.records.push((who, i64::from(minutes), true));
        }
    }

    fn reverse(&mut self, at: usize) {
        let Some(place) = at.checked_rem(self.model.records.len()) else { return };
        let record = RecordNo::new(u64::try_from(place).unwrap() + 1).unwrap();
        let row = &mut self.model.records[place];
        assert_eq!(self.street.reverse(record).is_ok(), row.2);
        row.2 = false;
    }

    fn merge(&mut self, from: u64, into: u64) {
        let kept = |it| self.model.person(it) == it;
        let fits = from != into && kept(from) && kept(into);
        let proposed = self.street.propose(from, into);
        assert_eq!(proposed.is_ok(), fits, "{proposed:?}");
        if let Ok(merge) = proposed {
            let confirm = lovebank_ledger::MergeCommand::ConfirmMerge { merge };
            self.street.merge(self.street.approver, confirm).unwrap();
            self.model.into.insert(from, into);
            self.merges.push((merge, from));
        }
    }

    /// Refused where points are spent, or a later merge stands above it; then nothing changes.
    fn undo(&mut self, at: usize) {
        let Some(place) = at.checked_rem(self.merges.len()) else { return };
        let (merge, from) = self.merges[place];
        if self.street.undo(merge).is_ok() {
            self.model.into.remove(&from);
            self.merges.remove(place);
        }
    }

    fn compare(&mut self) {
        let ledger = self.street.town.ledger();
        let mut points = 0;
        let mut now = Vec::new();
        for who in 1..=PEOPLE {
            let minutes = self.model.minutes(who);
            let row = ledger.passbook(no(who)).unwrap();
            assert_eq!(row.minutes, Minutes::new(minutes), "{who}");
            assert_eq!(self.street.year(who, None), Minutes::new(minutes), "{who}");
            let months = ledger.passbook_months(no(who)).map(|it| it.2.get()).sum::<i64>();
            assert_eq!(months, minutes, "{who}");
            assert_eq!(ledger.person(no(who)), no(self.model.person(who)));
            if self.model.person(who) != who {
                assert!(row.points.is_zero());
            }
            points += row.points.hundredths();
            now.push(minutes);
        }
        let issued: i64 = self.model.records.iter().filter(|it| it.2).map(|it| it.1).sum();
        assert_eq!(points * 60, issued * 100, "no point is lost or made");
        self.then.push((self.street.head(), now));
    }

    fn end(&self) {
        for (entry, minutes) in &self.then {
            for (who, minutes) in (1..).zip(minutes) {
                let year = self.street.year(who, Some(*entry));
                assert_eq!(year, Minutes::new(*minutes), "{who} as of {entry}");
            }
        }
        assert_eq!(self.street.town.replayed(), *self.street.town.ledger());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn what_counts_is_what_the_numbers_of_a_person_served(ops in vec(op(), 1..25)) {
        let mut run = Run::new();
        for it in &ops {
            run.step(it);
        }
        run.end();
    }
}
