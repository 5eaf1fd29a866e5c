//! Checking in and out at an activity, now.

use clap::Args;
use lovebank_wire::v1;

use crate::{
    fail::{Exit, Fail},
    pages::Limit,
    session::{Change, Session},
    verb::{changed, done, listed},
};

#[derive(Debug, Args)]
pub(crate) struct CheckIn {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    /// The number of the activity
    #[arg(long, value_name = "NO")]
    activity_no: u64,
    #[command(flatten)]
    change: Change,
}

/// Whose check-in.
#[derive(Debug, Args)]
pub(crate) struct Whose {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct CheckIns {
    /// Only at the activity of this number
    #[arg(long, value_name = "NO", default_value_t = 0, hide_default_value = true)]
    activity_no: u64,
    #[command(flatten)]
    limit: Limit,
}

impl CheckIn {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::CheckInRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
            activity_no: self.activity_no,
        };
        let answer = begun.end(session.bank.hours().check_in(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl Whose {
    pub(super) async fn check_out(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::CheckOutRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
        };
        let answer = begun.end(session.bank.hours().check_out(request).await)?;
        let made = answer.record.as_ref().map(|it| ("record", it));
        changed(session, answer.receipt.as_ref(), made)
    }

    pub(super) async fn cancel(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::CancelCheckInRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
        };
        let answer = begun.end(session.bank.hours().cancel_check_in(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl CheckIns {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.hours();
        let activity_no = self.activity_no;
        let list = self.limit.of(async |page_size, page_token| {
            let request =
                v1::ListCheckInsRequest { min_seq: 0, activity_no, page_size, page_token };
            client.list_check_ins(request).await
        });
        listed(session, "check_ins", &list.await?)
    }
}
