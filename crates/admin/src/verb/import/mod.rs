//! `import`: sheets of hours, lists of volunteers.

mod batches;
mod rewards;
mod volunteers;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use crate::{
    fail::{Exit, Fail},
    import::list::List,
    send,
    session::Session,
    when::date,
};

/// Imports.
#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Take in sheets of hours; rehearses unless told --commit
    #[command(
        after_help = "Example: lovebank-admin import hours sheet.csv --branch NW-01 --register-missing --commit\n\
        Exit code 3: some rows were rejected. Sending the same files again is safe: each is one \
        batch, and is taken in once."
    )]
    Hours(Box<ImportHours>),
    /// Register the volunteers of a list, up to 1,000
    #[command(
        after_help = "Example: lovebank-admin import volunteers list.csv --branch NW-01 --validate-only\n\
        The list is a CSV with a header: number (or 义工号), and if wanted name (姓名), \
        phone (电话), note (备注), branch (社区), joined (注册日期), born (出生日期), same_as \
        (同一人义工号): another number of the same person, which proposes a merge.\n\
        Exit code 3: some of them were refused."
    )]
    Volunteers(volunteers::ImportVolunteers),
    /// Publish the rewards of a catalogue; rehearses unless told --commit
    #[command(
        after_help = "Example: lovebank-admin import rewards catalogue.csv --branch NW-01 --commit\n\
        The catalogue is a CSV with a header: name (名称), kind (类别), stock (名额), and if wanted \
        branch (社区), price (积分), text (说明), limit (限次), per (周期), eligibility (条件), \
        opens (开始), closes (截止), until (使用截止), waiting_list (候补), policy (优先规则).\n\
        Exit code 3: some rows were refused. A row is published once, however often it is sent."
    )]
    Rewards(rewards::ImportRewards),
    /// Show which sheets were taken in, newest first
    #[command(after_help = "Example: lovebank-admin import list --branch NW")]
    List(batches::ListImports),
    /// Show one import batch
    #[command(after_help = "Example: lovebank-admin import show 3f9a1c")]
    Show(batches::ShowImport),
    /// Take back what an import brought (撤销导入); rehearses unless told --commit
    #[command(after_help = "Example: lovebank-admin import undo 3f9a1c --commit\n\
        By an approver who took in no part of it. Totals are then as if it had never been; an undo is \
        not undone.")]
    Undo(batches::UndoImport),
}

/// How sheets of hours are taken in.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct ImportHours {
    /// The sheets, in order
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The branch whose sheets they are
    #[arg(long, value_name = "CODE")]
    pub(crate) branch: String,
    /// auto, shenzhen, nss, timeoverflow or komunitin; or map with --map
    #[arg(long, default_value = "auto", value_name = "NAME")]
    pub(crate) profile: String,
    /// Mapping file (TOML) of any other header
    #[arg(long, value_name = "FILE", conflicts_with = "profile")]
    pub(crate) map: Option<PathBuf>,
    /// The activity of rows that name none
    #[arg(long, value_name = "NAME")]
    pub(crate) activity: Option<String>,
    /// First day of totals without days; without it, --span-days before the last
    #[arg(long, value_parser = date, value_name = "DAY")]
    pub(crate) from: Option<Date>,
    /// Last day of totals without days
    #[arg(long, value_parser = date, value_name = "DAY")]
    pub(crate) to: Option<Date>,
    /// Last day for each file: a CSV with the columns `file` and `uploaded_on`
    #[arg(long, value_name = "FILE")]
    pub(crate) dates: Option<PathBuf>,
    /// Days of the span of totals, where --from is left out
    #[arg(long, default_value_t = 366, value_name = "N")]
    pub(crate) span_days: u32,
    /// Take over opening balances (期初) rather than service
    #[arg(long)]
    pub(crate) opening: bool,
    /// Register unknown volunteers on the way
    #[arg(long)]
    pub(crate) register_missing: bool,
    /// The day on which those registered joined [default: today]
    #[arg(long, value_parser = date, requires = "register_missing", value_name = "DAY")]
    pub(crate) joined: Option<Date>,
    /// The sheet of a workbook, by its name or number [default: the only one that is not empty]
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// Take the file in again, once its import was undone: any word makes it another batch
    #[arg(long, value_name = "WORD")]
    pub(crate) edition: Option<String>,
    /// Record; without it everything is only rehearsed
    #[arg(long)]
    pub(crate) commit: bool,
    /// Directory for rejected rows and the reasons
    #[arg(long, value_name = "DIR")]
    pub(crate) rejects: Option<PathBuf>,
    /// List the verdict of every row
    #[arg(long)]
    pub(crate) rows: bool,
    /// Show the counts of every file beside the sum
    #[arg(long)]
    pub(crate) by_file: bool,
}

impl Import {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Hours(it) => send::run(session, &it).await,
            Self::Volunteers(it) => it.run(session).await,
            Self::Rewards(it) => it.run(session).await,
            Self::List(it) => it.run(session).await,
            Self::Show(it) => it.run(session).await,
            Self::Undo(it) => it.run(session).await,
        }
    }
}

/// Says what stands in a list and was not read.
fn remark_unread(session: &Session, list: &List) {
    if list.unread.is_empty() {
        return;
    }
    let unread = list.unread.join(", ");
    session
        .remark(&format!("columns that are not read: {unread}"), &format!("未读取的列：{unread}"));
}
