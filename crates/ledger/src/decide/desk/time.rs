//! The rules on time: nothing in the future, nothing twice, no day too full, and the ladder.

use jiff::civil::Date;

use super::{Booking, Desk};
use crate::{
    ActivityNo, Interval, Level, Minute, Minutes, PassbookNo, Refusal, ServiceTime, Span,
    ledger::Total,
};

impl Desk<'_> {
    pub(super) fn check_time(&self, it: &Booking) -> Result<Option<Level>, Refusal> {
        // Whatever number it stands under, it takes the time of the person.
        let it = &Booking { passbook: self.ledger.person(it.passbook), ..*it };
        let minutes = it.service.minutes();
        match it.service.time() {
            ServiceTime::Interval(interval) => {
                if self.this_minute < interval.end() {
                    let (until, now) = (self.local(interval.end()), self.local(self.this_minute));
                    return Err(Refusal::Future { until, now });
                }
                self.check_overlap(it.passbook, interval)?;
                self.check_days(it.passbook, interval)
            }
            ServiceTime::Day(date) => {
                self.check_past(date)?;
                let day = self.ledger.day(date).ok_or(Refusal::OutOfRange)?;
                if minutes.is_negative() {
                    return check_span(minutes, 1).map(|()| None);
                }
                self.check_twice(it, date, day.0)?;
                self.check_day(it.passbook, date, day, minutes)
            }
            ServiceTime::Span(span) => {
                self.check_past(span.to())?;
                self.check_total(it, span)?;
                check_span(minutes, span.days()).map(|()| None)
            }
        }
    }

    /// Of an activity a volunteer has one total without days.
    fn check_total(&self, it: &Booking, span: Span) -> Result<(), Refusal> {
        let in_ledger = match self.ledger.total(it.passbook, it.activity) {
            Some(Total::Record(no)) if !self.is_gone(no) => Some(no),
            Some(Total::Record(_) | Total::Zero) | None => None,
        };
        let in_hand = || {
            let total = |time: ServiceTime| matches!(time, ServiceTime::Span(_));
            let mut known = self.new_records(it.passbook);
            known.find(|new| new.activity == it.activity && total(new.time)).map(|it| it.no)
        };
        match in_ledger.or_else(in_hand) {
            Some(record) => Err(Refusal::SameDayTwice { record, date: span.to() }),
            None => Ok(()),
        }
    }

    pub(in crate::decide) fn check_past(&self, date: Date) -> Result<(), Refusal> {
        if self.today < date {
            let (until, now) = (date.to_string(), self.today.to_string());
            return Err(Refusal::Future { until, now });
        }
        Ok(())
    }

    fn check_overlap(&self, passbook: PassbookNo, interval: Interval) -> Result<(), Refusal> {
        let in_ledger = self.ledger.conflict(passbook, interval, |it| self.is_gone(it));
        let mut in_hand = self.new_records(passbook).filter_map(|it| match it.time {
            ServiceTime::Interval(other) if other.overlaps(interval) => Some((it.no, other)),
            ServiceTime::Interval(_) | ServiceTime::Day(_) | ServiceTime::Span(_) => None,
        });
        match in_ledger.map(|it| (it.record, it.interval)).or_else(|| in_hand.next()) {
            None => Ok(()),
            Some((record, it)) => {
                let (from, until) = (self.local(it.start()), self.local(it.end()));
                Err(Refusal::Overlap { record, from, until })
            }
        }
    }

    fn check_twice(&self, it: &Booking, date: Date, midnight: Minute) -> Result<(), Refusal> {
        let same = |activity: ActivityNo, time: ServiceTime| {
            activity == it.activity && time == ServiceTime::Day(date)
        };
        let mut in_ledger = self.ledger.starting_at(it.passbook, midnight);
        let known = in_ledger.find(|(no, row)| same(row.activity, row.time) && !self.is_gone(*no));
        let in_hand = || {
            // A deduction takes no time of the day.
            let mut new = self.new_records(it.passbook).filter(|it| !it.minutes.is_negative());
            new.find(|it| same(it.activity, it.time)).map(|it| it.no)
        };
        match known.map(|(no, _)| no).or_else(in_hand) {
            Some(record) => Err(Refusal::SameDayTwice { record, date }),
            None => Ok(()),
        }
    }

    fn check_days(
        &self,
        passbook: PassbookNo,
        interval: Interval,
    ) -> Result<Option<Level>, Refusal> {
        let mut level = None;
        for date in self.days_of(interval) {
            let day = self.ledger.day(date).ok_or(Refusal::OutOfRange)?;
            let common = interval.start().max(day.0).until(interval.end().min(day.1));
            let minutes = Minutes::new(common.max(0));
            level = level.max(self.check_day(passbook, date, day, minutes)?);
        }
        Ok(level)
    }

    /// The civil days that an interval touches.
    pub(in crate::decide) fn days_of(&self, interval: Interval) -> Vec<Date> {
        let Some(zone) = self.ledger.zone() else { return Vec::new() };
        let (first, last) = (zone.date_of(interval.start()), zone.date_of(interval.end().back(1)));
        let days = std::iter::successors(Some(first), |it| it.tomorrow().ok());
        days.take_while(|it| *it <= last).collect()
    }

    /// The most minutes of a day; one on which clocks go forward has fewer.
    fn most_on(&self, day: (Minute, Minute)) -> Option<Minutes> {
        let most = self.rules.as_ref()?.ladder().most;
        Some(most.min(Minutes::new(day.0.until(day.1))))
    }

    /// Whether a day would hold too much if several were one person.
    pub(in crate::decide) fn is_too_full(&self, date: Date, people: [PassbookNo; 2]) -> bool {
        let Some(day) = self.ledger.day(date) else { return false };
        let minutes = people.map(|it| self.ledger.minutes_on(it, day, |_| false).get());
        let sum = Minutes::new(minutes.into_iter().fold(0, i64::saturating_add));
        self.most_on(day).is_some_and(|it| it < sum)
    }

    /// What the ladder says of a day with these minutes added.
    fn check_day(
        &self,
        passbook: PassbookNo,
        date: Date,
        day: (Minute, Minute),
        minutes: Minutes,
    ) -> Result<Option<Level>, Refusal> {
        let ladder = self.rules.as_ref().ok_or(Refusal::OutOfRange)?.ladder();
        let most = self.most_on(day).ok_or(Refusal::OutOfRange)?;
        let known = self.ledger.minutes_on(passbook, day, |it| self.is_gone(it));
        let in_hand = self.new_records(passbook).map(|it| match it.time {
            ServiceTime::Interval(it) => it.start().max(day.0).until(it.end().min(day.1)).max(0),
            ServiceTime::Day(other) if other == date => it.minutes.get().max(0),
            ServiceTime::Day(_) | ServiceTime::Span(_) => 0,
        });
        let in_hand = Minutes::new(in_hand.fold(0, i64::saturating_add));
        let sum = known.plus(in_hand).and_then(|it| it.plus(minutes));
        match sum.ok_or(Refusal::OutOfRange)? {
            minutes if most < minutes => Err(Refusal::DayFull { date, minutes, most }),
            minutes if ladder.branch < minutes => Ok(Some(Level::Above)),
            minutes if ladder.at_once < minutes => Ok(Some(Level::Branch)),
            _ => Ok(None),
        }
    }
}

/// At most a whole day for each day of the span, either way.
fn check_span(minutes: Minutes, days: i64) -> Result<(), Refusal> {
    let most = Minutes::new(days.saturating_mul(1440));
    if minutes < most.negated() || most < minutes {
        return Err(Refusal::SpanFull { minutes, most });
    }
    Ok(())
}
