//! `kin` and `beneficiary`: who may be given to, and who gets what is left.

use clap::{Args, Subcommand};
use lovebank_wire::v1;
use serde_json::Value;

use super::done;
use crate::{
    fail::{Exit, Fail},
    session::{Change, Session},
    show::{Column, Part, narrow},
};

/// Kin.
#[derive(Debug, Subcommand)]
pub(crate) enum Kin {
    /// Say that two volunteers are kin; it waits for an approver
    #[command(after_help = "Example: lovebank-admin kin request 0300000001 0300000002")]
    Request(Pair),
    /// Confirm that two volunteers are kin
    #[command(after_help = "Example: lovebank-admin kin confirm 0300000001 0300000002")]
    Confirm(Pair),
    /// Say that two volunteers are kin no more
    #[command(after_help = "Example: lovebank-admin kin end 0300000001 0300000002")]
    End(Pair),
    /// Show the kin of a volunteer, and who gets what is left
    #[command(after_help = "Example: lovebank-admin kin list 0300000001")]
    List(List),
}

/// Beneficiaries.
#[derive(Debug, Subcommand)]
pub(crate) enum Beneficiary {
    /// Name who gets what is left when a passbook is closed; nobody named: the pool
    #[command(after_help = "Example: lovebank-admin beneficiary name 0300000001 --to 0300000002")]
    Name(Name),
}

/// Two volunteers.
#[derive(Debug, Args)]
pub(crate) struct Pair {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    /// The volunteer number of the other
    kin: String,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
}

#[derive(Debug, Args)]
pub(crate) struct Name {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    #[command(flatten)]
    heir: Heir,
    #[command(flatten)]
    change: Change,
}

/// Somebody or nobody.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Heir {
    /// This volunteer, by number
    #[arg(long, value_name = "NUMBER")]
    to: Option<String>,
    /// Nobody any more
    #[arg(long)]
    nobody: bool,
}

const BENEFICIARY: &[Column] = &[narrow("passbook_no", "beneficiary's passbook", "受益人存折号")];

impl Kin {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Request(it) => it.request(session).await,
            Self::Confirm(it) => it.confirm(session).await,
            Self::End(it) => it.end(session).await,
            Self::List(it) => it.run(session).await,
        }
    }
}

impl Pair {
    async fn request(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::RequestKinRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
            kin_volunteer_number: self.kin,
        };
        let answer = begun.end(session.bank.gifts().request_kin(request).await)?;
        done(session, answer.receipt.as_ref())
    }

    async fn confirm(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::ConfirmKinRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
            kin_volunteer_number: self.kin,
        };
        let answer = begun.end(session.bank.gifts().confirm_kin(request).await)?;
        done(session, answer.receipt.as_ref())
    }

    async fn end(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::EndKinRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
            kin_volunteer_number: self.kin,
        };
        let answer = begun.end(session.bank.gifts().end_kin(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl List {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::ListKinRequest { min_seq: 0, volunteer_number: self.number };
        let answer = session.bank.gifts().list_kin(request).await?.into_inner();
        let heir = match answer.beneficiary_passbook_no {
            0 => Value::Null,
            no => no.into(),
        };
        session.show(&[
            Part::list("kin", &answer.kin, &session.zone),
            Part::row("beneficiary", BENEFICIARY, vec![heir]),
        ])?;
        if answer.beneficiary_passbook_no == 0 {
            session.remark(
                "nobody is named: what is left goes to the pool of the home branch",
                "未指定受益人：余额归所属社区的公益池",
            );
        }
        Ok(Exit::Done)
    }
}

impl Beneficiary {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Name(it) => it.run(session).await,
        }
    }
}

impl Name {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::NameBeneficiaryRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
            beneficiary_volunteer_number: self.heir.to.unwrap_or_default(),
        };
        let answer = begun.end(session.bank.gifts().name_beneficiary(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}
