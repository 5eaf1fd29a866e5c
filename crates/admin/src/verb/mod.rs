//! The commands, one file for each kind of thing.

mod activity;
mod branch;
mod hours;
mod import;
mod journal;
mod need;
mod passbook;
mod rulebook;
mod token;
mod verify;
mod volunteer;

use clap::Subcommand;
use lovebank_wire::v1;

use crate::{
    fail::{Exit, Fail},
    pages::Listed,
    session::Session,
    show::{Part, Shown},
};

pub(crate) use import::ImportHours;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Branches: districts, streets, communities
    #[command(subcommand, after_help = "Example: lovebank-admin branch list")]
    Branch(branch::Branch),
    /// Volunteers and their personal data
    #[command(subcommand, after_help = "Example: lovebank-admin volunteer find 测试")]
    Volunteer(volunteer::Volunteer),
    /// Tokens: who may do what, where
    #[command(subcommand, after_help = "Example: lovebank-admin token list")]
    Token(token::Token),
    /// Activities with a time of their own, at which volunteers can check in
    #[command(subcommand, after_help = "Example: lovebank-admin activity list --branch NW")]
    Activity(activity::Activity),
    /// Hours of service: records and check-ins
    #[command(subcommand, after_help = "Example: lovebank-admin hours list --state pending")]
    Hours(hours::Hours),
    /// Passbooks: both registers and their lines
    #[command(subcommand, after_help = "Example: lovebank-admin passbook show 0300000001")]
    Passbook(passbook::Passbook),
    /// The rulebook: the numbers of policy
    #[command(subcommand, after_help = "Example: lovebank-admin rulebook show")]
    Rulebook(rulebook::Rulebook),
    /// Sheets of hours, lists of volunteers
    #[command(
        subcommand,
        after_help = "Example: lovebank-admin import hours sheet.csv --branch NW-01"
    )]
    Import(import::Import),
    /// The journal as it is stored, for auditors
    #[command(subcommand, after_help = "Example: lovebank-admin journal head")]
    Journal(journal::Journal),
    /// Reads the whole journal and adds it up anew
    #[command(
        after_help = "Example: lovebank-admin verify\nExit code 4: the journal does not hold."
    )]
    Verify(verify::Verify),
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Branch(it) => it.run(session).await,
            Self::Volunteer(it) => it.run(session).await,
            Self::Token(it) => it.run(session).await,
            Self::Activity(it) => it.run(session).await,
            Self::Hours(it) => it.run(session).await,
            Self::Passbook(it) => it.run(session).await,
            Self::Rulebook(it) => it.run(session).await,
            Self::Import(it) => it.run(session).await,
            Self::Journal(it) => it.run(session).await,
            Self::Verify(it) => it.run(session).await,
        }
    }
}

/// Shows what was made, and the proof of it.
fn changed<T: Shown>(
    session: &Session,
    receipt: Option<&v1::Receipt>,
    made: Option<(&'static str, &T)>,
) -> Result<Exit, Fail> {
    let mut parts = Vec::new();
    parts.extend(made.map(|(name, it)| Part::one(name, it, &session.zone)));
    proven(session, parts, receipt)
}

/// Shows the proof of a change.
fn done(session: &Session, receipt: Option<&v1::Receipt>) -> Result<Exit, Fail> {
    proven(session, Vec::new(), receipt)
}

/// Shows parts, and the proof below them.
fn proven(
    session: &Session,
    mut parts: Vec<Part>,
    receipt: Option<&v1::Receipt>,
) -> Result<Exit, Fail> {
    parts.extend(receipt.map(|it| Part::one("receipt", it, &session.zone)));
    Fail::unless_enough(session.show(&parts))?;
    remark_on(session, receipt);
    Ok(Exit::Done)
}

/// Says where a change was none.
fn remark_on(session: &Session, receipt: Option<&v1::Receipt>) {
    if receipt.is_some_and(|it| it.validated_only) {
        session.remark("only checked, nothing recorded", "仅校验，未登记");
    } else if receipt.is_some_and(|it| it.replayed) {
        session.remark(
            "recorded before under this request id; nothing changes",
            "此请求号此前已登记，没有变化",
        );
    }
}

/// Shows a list, and says where it was cut.
fn listed<T: Shown>(session: &Session, name: &'static str, list: &Listed<T>) -> Result<Exit, Fail> {
    session.show(&[Part::list(name, &list.items, &session.zone)])?;
    if list.more {
        session.remark("there are more: give --limit", "还有更多：请用 --limit");
    }
    Ok(Exit::Done)
}
