//! What is true of an asker as of an instant: the values of variables.

use jiff::civil::Date;
use lovebank_formula::Value;
use rust_decimal::Decimal;

use super::{Asker, VARIABLES};
use crate::{
    Ledger, Minutes, RecordState, RedemptionState, Rulebook, Timestamp, time::whole_months,
};

/// What is true of an asker as of an instant, by some rules: they say which minutes are a star.
pub(crate) struct Facts<'a> {
    ledger: &'a Ledger<'a>,
    rules: &'a Rulebook,
    today: Date,
    as_of: Timestamp,
    asker: Asker,
}

impl<'a> Facts<'a> {
    pub(crate) fn new(
        (ledger, rules): (&'a Ledger<'_>, &'a Rulebook),
        as_of: Timestamp,
        asker: Asker,
    ) -> Self {
        let today = ledger.zone().map_or(Date::ZERO, |it| it.date_at(as_of));
        Self { ledger, rules, today, as_of, asker }
    }

    /// The value of a variable.
    pub(crate) fn of(&self, at: usize) -> Value {
        let name = VARIABLES.get(at).map_or("", |it| it.name);
        match name {
            "need_class" => Value::Int(self.need_class()),
            "star" => Value::Int(self.star()),
            "minutes" => Value::Int(self.minutes().get()),
            "minutes_3_months" => Value::Int(self.minutes_since(3)),
            "minutes_6_months" => Value::Int(self.minutes_since(6)),
            "minutes_12_months" => Value::Int(self.minutes_since(12)),
            "minutes_24_months" => Value::Int(self.minutes_since(24)),
            "minutes_36_months" => Value::Int(self.minutes_since(36)),
            "points" => Value::Decimal(self.points()),
            "tenure_months" => Value::Int(self.tenure_months()),
            "waiting_days" => Value::Int(self.waiting_days()),
            "redemptions_12_months" => Value::Int(self.redemptions()),
            "age_band" => Value::Int(self.asker.age_band.map_or(-1, i64::from)),
            "branch" => Value::Text(self.branch()),
            _ => Value::Int(0),
        }
    }
}

impl Facts<'_> {
    fn need_class(&self) -> i64 {
        self.ledger.volunteer(self.asker.passbook).map_or(0, |it| i64::from(it.need.get()))
    }

    fn minutes(&self) -> Minutes {
        self.ledger.passbook(self.asker.passbook).map_or(Minutes::ZERO, |it| it.minutes)
    }

    fn star(&self) -> i64 {
        self.rules.star(self.minutes())
    }

    /// Minutes of service in so many months up to the day.
    fn minutes_since(&self, months: i32) -> i64 {
        let from = months_before(self.today, months);
        let counts = self.ledger.records_of(self.asker.passbook).filter(|(_, row)| {
            row.state == RecordState::Posted && from < row.date && row.date <= self.today
        });
        counts.fold(0, |sum, (_, row)| sum.saturating_add(row.minutes.get()))
    }

    fn points(&self) -> Decimal {
        let row = self.ledger.passbook(self.asker.passbook);
        row.map_or(Decimal::ZERO, |it| it.points.decimal())
    }

    fn tenure_months(&self) -> i64 {
        let joined = self.ledger.joined(self.asker.passbook, None);
        joined.map_or(0, |it| whole_months(it, self.today))
    }

    fn waiting_days(&self) -> i64 {
        const DAY_MICROS: i64 = 86_400_000_000;
        let since = self.asker.since.unwrap_or(self.as_of);
        self.as_of.micros().saturating_sub(since.micros()).max(0) / DAY_MICROS
    }

    /// Places had or got in twelve months up to the day.
    fn redemptions(&self) -> i64 {
        let from = months_before(self.today, 12);
        let zone = self.ledger.zone();
        let counts = self.ledger.redemptions_of(self.asker.passbook).filter(|(_, row)| {
            let had = matches!(row.state, RedemptionState::Allocated | RedemptionState::Fulfilled);
            let date = zone.map_or(Date::ZERO, |it| it.date_at(row.requested_at));
            had && from < date && date <= self.today
        });
        i64::try_from(counts.count()).unwrap_or(i64::MAX)
    }

    fn branch(&self) -> String {
        let home = self.ledger.volunteer(self.asker.passbook).map(|it| it.branch);
        let branch = home.and_then(|it| self.ledger.branch(it));
        branch.map(|it| it.code.to_string()).unwrap_or_default()
    }
}

/// The day so many months before another; the last of its month where there is no such day.
pub(crate) fn months_before(date: Date, months: i32) -> Date {
    date.checked_sub(jiff::Span::new().months(months)).unwrap_or(Date::MIN)
}
