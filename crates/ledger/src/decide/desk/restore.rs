//! Booking anew what counted before, exactly as it was.

use super::{Assent, Booking, Desk};
use crate::{NewRecord, PassbookNo, Points, RecordRow, Refusal, Service, ServiceTime, Standing};

impl Desk<'_> {
    /// Books what a record said, with the points it had: by the rules on time, as something else
    /// may have taken its time since.
    pub(in crate::decide) fn restore(&mut self, row: &RecordRow) -> Result<NewRecord, Refusal> {
        let service = match row.time {
            ServiceTime::Interval(it) => Service::interval(it),
            ServiceTime::Day(date) => Service::day(date, row.minutes),
            ServiceTime::Span(span) => Service::span(span, row.minutes),
        };
        let (passbook, activity) = (row.passbook, row.activity);
        self.check_time(&Booking {
            index: row.index,
            passbook,
            activity,
            service,
            provenance: row.provenance,
            evaluation: row.evaluation,
            forgotten: row.forgotten,
            mends: true,
            paid: None,
            assent: Assent::Ladder,
        })?;
        let record = NewRecord {
            no: self.next_record(),
            index: row.index,
            passbook,
            activity,
            time: row.time,
            date: row.date,
            minutes: row.minutes,
            provenance: row.provenance,
            standing: Standing::Posted(row.credit),
            forgotten: row.forgotten,
            evaluation: row.evaluation,
            help: None,
        };
        self.credit_lines(row, record.no, row.credit)?;
        self.keep(record);
        Ok(record)
    }

    /// The points of a passbook, with what this command moved.
    pub(in crate::decide) fn points_in_hand(&mut self, passbook: PassbookNo) -> Points {
        self.book_of(passbook).balance.points
    }
}
