//! The commands, one file for each kind of thing.

mod activity;
mod anomalies;
mod audit;
mod awards;
mod backup;
mod branch;
mod export;
mod gift;
mod help;
mod hours;
mod import;
mod journal;
mod kin;
mod merge;
mod migrate;
mod need;
mod passbook;
mod pool;
mod queue;
mod redemption;
mod replay;
mod restore;
mod reward;
mod rulebook;
mod solvency;
mod tie;
mod token;
mod verify;
mod volunteer;
mod walk;

use clap::Subcommand;
use lovebank_wire::v1;

use crate::{
    client::Caller,
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
    /// Rewards: what can be had for points
    #[command(subcommand, after_help = "Example: lovebank-admin reward list --for NW-01")]
    Reward(reward::Reward),
    /// Redemptions: asking for a reward, getting it
    #[command(subcommand, after_help = "Example: lovebank-admin redemption request 0300000001 3")]
    Redemption(redemption::Redemption),
    /// Queues: who is served first, and why
    #[command(subcommand, after_help = "Example: lovebank-admin queue show 3")]
    Queue(queue::Queue),
    /// Gifts of points, to volunteers and to pools
    #[command(
        subcommand,
        after_help = "Example: lovebank-admin gift give 0300000001 4.50 --pool NW"
    )]
    Gift(gift::Gift),
    /// Kin, to whom points may be given
    #[command(subcommand, after_help = "Example: lovebank-admin kin list 0300000001")]
    Kin(kin::Kin),
    /// Who gets what is left when a passbook is closed
    #[command(
        subcommand,
        after_help = "Example: lovebank-admin beneficiary name 0300000001 --nobody"
    )]
    Beneficiary(kin::Beneficiary),
    /// Pools: points given to the community, drawn for those in need
    #[command(subcommand, after_help = "Example: lovebank-admin pool list NW")]
    Pool(pool::Pool),
    /// Help between volunteers (互助)
    #[command(subcommand, after_help = HELP)]
    Help(help::Help),
    /// Years of service, stars, award runs and certificates (表彰)
    #[command(subcommand, after_help = "Example: lovebank-admin awards list --year 2026")]
    Awards(awards::Awards),
    /// The rulebook: the numbers of policy
    #[command(subcommand, after_help = "Example: lovebank-admin rulebook show")]
    Rulebook(rulebook::Rulebook),
    /// Sheets of hours, lists of volunteers, catalogues of rewards
    #[command(
        subcommand,
        after_help = "Example: lovebank-admin import hours sheet.csv --branch NW-01"
    )]
    Import(import::Import),
    /// Statements, the journal and its totals for other programs
    #[command(subcommand, after_help = "Example: lovebank-admin export totals --out totals.csv")]
    Export(export::Export),
    /// The journal as it is stored, for auditors
    #[command(subcommand, after_help = "Example: lovebank-admin journal head")]
    Journal(journal::Journal),
    /// Audits the journal (审计): of a running bank, of a stopped one in its directory, or in backups
    #[command(after_help = audit::HELP)]
    Audit(audit::Audit),
    /// Backups (备份): written while the bank runs, checked, looked at
    #[command(subcommand, after_help = "Example: lovebank-admin backup create 2026-03-01.backup")]
    Backup(backup::Backup),
    /// Restores a bank from backups into an empty directory (恢复)
    #[command(after_help = restore::HELP)]
    Restore(restore::Restore),
    /// Moves the journal and the vault of a stopped bank into an empty directory, to another engine
    #[command(after_help = migrate::HELP)]
    Migrate(migrate::Migrate),
    /// Reads the whole journal and adds it up anew
    #[command(
        after_help = "Example: lovebank-admin verify\nExit code 4: the journal does not hold."
    )]
    Verify(verify::Verify),
    /// Reads the whole journal and reports whether what was promised can be kept (偿付)
    #[command(
        after_help = "Example: lovebank-admin solvency --as-of 2026-12-31\nExit code 4: the journal does not hold."
    )]
    Solvency(solvency::Report),
    /// Reads the whole journal and tells what an honest bank seldom shows (异常), with its evidence
    #[command(after_help = ANOMALIES)]
    Anomalies(anomalies::Report),
}

const ANOMALIES: &str = "\
Example: lovebank-admin anomalies --from 2026-01-01 --check
Exit code 3, with --check: something was found. Exit code 4: the journal does not hold.";

const HELP: &str = "\
Example: lovebank-admin help list
How a command is used is told with --help.";

impl Verb {
    /// Who asks it.
    pub(crate) fn caller(&self) -> Caller {
        let of_files = matches!(self, Self::Backup(it) if it.is_of_files())
            || matches!(self, Self::Audit(it) if it.is_of_files());
        if of_files || matches!(self, Self::Restore(_) | Self::Migrate(_)) {
            return Caller::Nobody;
        }
        let open = matches!(self, Self::Awards(it) if it.is_open());
        if open { Caller::Stranger } else { Caller::Holder }
    }

    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Branch(it) => it.run(session).await,
            Self::Volunteer(it) => it.run(session).await,
            Self::Token(it) => it.run(session).await,
            Self::Activity(it) => it.run(session).await,
            Self::Hours(it) => it.run(session).await,
            Self::Passbook(it) => it.run(session).await,
            Self::Reward(it) => it.run(session).await,
            Self::Redemption(it) => it.run(session).await,
            Self::Queue(it) => it.run(session).await,
            Self::Gift(it) => it.run(session).await,
            Self::Kin(it) => it.run(session).await,
            Self::Beneficiary(it) => it.run(session).await,
            Self::Pool(it) => it.run(session).await,
            Self::Help(it) => it.run(session).await,
            Self::Awards(it) => it.run(session).await,
            Self::Rulebook(it) => it.run(session).await,
            Self::Import(it) => it.run(session).await,
            Self::Export(it) => it.run(session).await,
            Self::Journal(it) => it.run(session).await,
            Self::Audit(it) => it.run(session).await,
            Self::Backup(it) => it.run(session).await,
            Self::Restore(it) => it.run(session),
            Self::Migrate(it) => it.run(session),
            Self::Verify(it) => it.run(session).await,
            Self::Solvency(it) => it.run(session).await,
            Self::Anomalies(it) => it.run(session).await,
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

/// Says where a list was cut.
fn remark_more(session: &Session, more: bool) {
    if more {
        session.remark("there are more: give --limit", "还有更多：请用 --limit");
    }
}

/// Shows a list, and says where it was cut.
fn listed<T: Shown>(session: &Session, name: &'static str, list: &Listed<T>) -> Result<Exit, Fail> {
    session.show(&[Part::list(name, &list.items, &session.zone)])?;
    remark_more(session, list.more);
    Ok(Exit::Done)
}
