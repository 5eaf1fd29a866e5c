//! Hours of kin, and hours for hours: whose word made whose own hours count.
//!
//! A word is a record that takes effect, or an approval. Whose passbook is whose own is known from
//! tokens: by any that an actor ever had.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Anomaly, AnomalyKind, AnomalyRules, Trail, figure, handle, hours, served};
use crate::{ActorNo, Kin, Ledger, PassbookNo, RecordNo, RecordRow};

/// Records by one actor's word.
#[derive(Default)]
struct Words {
    records: Vec<RecordNo>,
    minutes: i64,
    days: Option<(Date, Date)>,
}

impl Words {
    fn add(&mut self, no: RecordNo, row: &RecordRow) {
        self.records.push(no);
        self.minutes = self.minutes.saturating_add(row.minutes.get());
        let (from, until) = self.days.unwrap_or((row.date, row.date));
        self.days = Some((from.min(row.date), until.max(row.date)));
    }
}

/// Whose own each person is, and the persons that each actor is.
#[derive(Default)]
struct Owners {
    of: BTreeMap<PassbookNo, BTreeSet<ActorNo>>,
    by: BTreeMap<ActorNo, BTreeSet<PassbookNo>>,
}

impl Owners {
    fn read(ledger: &Ledger<'_>) -> Self {
        let mut owners = Self::default();
        for ((actor, passbook), ()) in ledger.own_passbooks.iter() {
            let person = ledger.person(*passbook);
            owners.of.entry(person).or_default().insert(*actor);
            owners.by.entry(*actor).or_default().insert(person);
        }
        owners
    }

    fn of(&self, person: PassbookNo) -> impl Iterator<Item = &ActorNo> {
        self.of.get(&person).into_iter().flatten()
    }

    fn by(&self, actor: ActorNo) -> impl Iterator<Item = &PassbookNo> {
        self.by.get(&actor).into_iter().flatten()
    }
}

/// Service that somebody recorded. What help comes to is said by both sides, and one of them pays.
fn recorded<'a>(ledger: &'a Ledger<'a>) -> impl Iterator<Item = (RecordNo, &'a RecordRow)> {
    served(ledger).filter(|(_, it)| it.help.is_none())
}

/// Who stands behind a record: who recorded it, and who approved it.
fn behind(trail: &Trail, no: RecordNo, row: &RecordRow) -> BTreeSet<ActorNo> {
    let approver = trail.approvers.get(&no).map(|it| it.0);
    [row.recorder].into_iter().chain(approver).collect()
}

/// Clerks and approvers whose word made hours of their kin count.
pub(super) fn kin(ledger: &Ledger<'_>, rules: &AnomalyRules, trail: &Trail) -> Vec<Anomaly> {
    let owners = Owners::read(ledger);
    let mut words: BTreeMap<(ActorNo, PassbookNo), Words> = BTreeMap::new();
    for (no, row) in recorded(ledger) {
        let person = ledger.person(row.passbook);
        for actor in behind(trail, no, row) {
            let related =
                |own: &PassbookNo| Kin::new(*own, person).is_some_and(|it| ledger.is_kin(it));
            if owners.by(actor).any(related) {
                words.entry((actor, person)).or_default().add(no, row);
            }
        }
    }
    words.retain(|_, it| rules.kin_records <= it.records.len());
    let told = words.into_iter().map(|((actor, passbook), it)| {
        let (name, count, served) = (handle(ledger, actor), it.records.len(), hours(it.minutes));
        let said = (
            format!(
                "{name} recorded or approved {count} records, {served} hours, of passbook \
                 {passbook}: they are kin"
            ),
            format!("{name} 登记或审核了亲属存折 {passbook} 的 {count} 条记录，共 {served} 小时"),
        );
        let figures = vec![("minutes", it.minutes), ("records", figure(count))];
        Anomaly {
            passbooks: vec![passbook],
            actors: vec![actor],
            days: it.days,
            entries: approvals(trail, &it.records),
            records: it.records,
            ..Anomaly::new(AnomalyKind::KinApproved, figures, said)
        }
    });
    told.collect()
}

/// Two actors, each of whose word made the other's own hours count.
pub(super) fn traded(ledger: &Ledger<'_>, rules: &AnomalyRules, trail: &Trail) -> Vec<Anomaly> {
    let owners = Owners::read(ledger);
    let mut words: BTreeMap<(ActorNo, ActorNo), Words> = BTreeMap::new();
    for (no, row) in recorded(ledger) {
        for owner in owners.of(ledger.person(row.passbook)) {
            for actor in behind(trail, no, row).into_iter().filter(|it| it != owner) {
                words.entry((actor, *owner)).or_default().add(no, row);
            }
        }
    }
    words.retain(|_, it| rules.traded_records <= it.records.len());
    let once = words.iter().filter(|((one, other), _)| one < other);
    let both = once.filter_map(|((one, other), there)| {
        Some(trade(ledger, trail, (*one, *other), (there, words.get(&(*other, *one))?)))
    });
    both.collect()
}

fn trade(
    ledger: &Ledger<'_>,
    trail: &Trail,
    (one, other): (ActorNo, ActorNo),
    (there, back): (&Words, &Words),
) -> Anomaly {
    let (a, b) = (handle(ledger, one), handle(ledger, other));
    let (to, fro) = (there.records.len(), back.records.len());
    let said = (
        format!("{a} recorded or approved {to} records of {b}'s own, and {b} {fro} of {a}'s own"),
        format!("{a} 登记或审核了 {b} 本人的 {to} 条记录，{b} 也登记或审核了 {a} 本人的 {fro} 条"),
    );
    let records: Vec<RecordNo> = there.records.iter().chain(&back.records).copied().collect();
    let of = |no: &RecordNo| ledger.record(*no).map(|it| ledger.person(it.passbook));
    let passbooks: BTreeSet<PassbookNo> = records.iter().filter_map(of).collect();
    let days = there.days.zip(back.days);
    let figures = vec![
        ("records", figure(records.len())),
        ("minutes_there", there.minutes),
        ("minutes_back", back.minutes),
    ];
    Anomaly {
        passbooks: passbooks.into_iter().collect(),
        actors: vec![one, other],
        days: days.map(|(a, b)| (a.0.min(b.0), a.1.max(b.1))),
        entries: approvals(trail, &records),
        records,
        ..Anomaly::new(AnomalyKind::TradedApprovals, figures, said)
    }
}

/// The entries that approved some records.
fn approvals(trail: &Trail, records: &[RecordNo]) -> Vec<crate::EntryNo> {
    records.iter().filter_map(|it| trail.approvers.get(it)).map(|it| it.1).collect()
}
