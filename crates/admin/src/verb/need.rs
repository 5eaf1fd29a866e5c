//! `volunteer need`: how much a volunteer is in need, which priority may count.

use clap::Args;
use lovebank_wire::v1;

use super::done;
use crate::{
    fail::{Exit, Fail},
    session::{Change, Session},
};

#[derive(Debug, Args)]
pub(crate) struct SetNeed {
    /// The volunteer number (义工号)
    number: String,
    /// 0, not at all, to 9
    #[arg(value_parser = clap::value_parser!(u32).range(0..=9))]
    class: u32,
    #[command(flatten)]
    change: Change,
}

impl SetNeed {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::SetNeedClassRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
            need_class: self.class,
        };
        let answer = begun.end(session.bank.volunteers().set_need_class(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}
