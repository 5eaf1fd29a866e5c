//! Saying how good a service was.

use clap::Args;
use jiff::civil::Date;
use lovebank_wire::{scalar, v1};

use crate::{
    fail::{Exit, Fail},
    session::{Change, Session},
    verb::done,
    when::date,
};

#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    /// The number of the record
    no: u64,
    /// 1 (poor) to 5 (excellent)
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=5))]
    grade: u32,
    /// The day of the evaluation
    #[arg(long, value_parser = date)]
    date: Date,
    #[command(flatten)]
    change: Change,
}

impl Evaluate {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let date = Some(scalar::to_date(self.date));
        let request = v1::EvaluateHoursRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            record_no: self.no,
            evaluation: Some(v1::Evaluation { grade: self.grade, date }),
        };
        let answer = begun.end(session.bank.hours().evaluate_hours(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}
