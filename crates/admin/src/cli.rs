//! The commands and their help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::{Date, DateTime};

/// The command line of a Love Bank (爱心银行)
#[derive(Debug, Parser)]
#[command(version, after_help = "Example: lovebank-admin branch list")]
pub struct Cli {
    /// Address of the bank
    #[arg(long, global = true, env = "LOVEBANK_SERVER", default_value = "http://127.0.0.1:50051")]
    pub server: String,
    /// File that holds the token
    #[arg(long, global = true, env = "LOVEBANK_TOKEN_FILE", default_value = "data/operator.token")]
    pub token_file: PathBuf,
    /// How to print: a table for eyes, or JSON for programs
    #[arg(long, global = true, value_enum, default_value = "table")]
    pub format: Format,
    /// Language of messages
    #[arg(long, global = true, value_enum, env = "LOVEBANK_LANG", default_value = "en")]
    pub lang: Lang,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for eyes.
    Table,
    /// JSON for programs.
    Json,
    /// Comma-separated values for spreadsheets.
    Csv,
}

/// The language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// English.
    En,
    /// 中文。
    Zh,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Branches: districts, streets, communities
    #[command(subcommand)]
    Branch(BranchCommand),
    /// Volunteers
    #[command(subcommand)]
    Volunteer(VolunteerCommand),
    /// Tokens: who may do what
    #[command(subcommand)]
    Token(TokenCommand),
    /// Hours of service
    #[command(subcommand)]
    Hours(HoursCommand),
    /// Passbooks
    #[command(subcommand)]
    Passbook(PassbookCommand),
    /// Imports of sheets
    #[command(subcommand)]
    Import(ImportCommand),
    /// Reads the whole journal and adds it up anew
    #[command(
        after_help = "Example: lovebank-admin verify\nExit code 4: the journal does not hold."
    )]
    Verify,
}

/// Branches.
#[derive(Debug, Subcommand)]
pub enum BranchCommand {
    /// Adds a branch to the tree
    #[command(
        after_help = "Example: lovebank-admin branch create NW-01 南湾社区 --kind community --parent NW"
    )]
    Create {
        /// Code
        code: String,
        /// Name
        name: String,
        /// What it is
        #[arg(long, value_enum)]
        kind: Kind,
        /// Code of the branch above it
        #[arg(long, default_value = "")]
        parent: String,
    },
    /// Lists branches
    #[command(after_help = "Example: lovebank-admin branch list --below NW")]
    List {
        /// Only this branch and what is below it
        #[arg(long, default_value = "")]
        below: String,
    },
}

/// What a branch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// 区.
    District,
    /// 街道.
    Street,
    /// 社区.
    Community,
}

/// Volunteers.
#[derive(Debug, Subcommand)]
pub enum VolunteerCommand {
    /// Registers a volunteer
    #[command(
        after_help = "Example: lovebank-admin volunteer register 0300000001 --branch NW-01 --name 测试甲"
    )]
    Register {
        /// Volunteer number (义工号)
        number: String,
        /// Home branch
        #[arg(long)]
        branch: String,
        /// Name
        #[arg(long, default_value = "")]
        name: String,
        /// Phone number
        #[arg(long, default_value = "")]
        phone: String,
    },
    /// Finds volunteers by number, name or phone
    #[command(after_help = "Example: lovebank-admin volunteer find 测试")]
    Find {
        /// What to look for
        query: String,
    },
}

/// Tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Issues a token
    #[command(
        after_help = "Example: lovebank-admin token issue clerk-1 --role clerk --branch NW-01 --out clerk.token"
    )]
    Issue {
        /// The actor: a post rather than a person
        handle: String,
        /// What the actor may do
        #[arg(long, value_enum)]
        role: Role,
        /// On this branch and what is below it; left out: in the whole bank
        #[arg(long)]
        branch: Option<String>,
        /// For the role of a volunteer: whose passbook
        #[arg(long)]
        volunteer: Option<String>,
        /// Write the secret to this file, readable by its owner only, instead of printing it
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Lists tokens
    #[command(after_help = "Example: lovebank-admin token list")]
    List,
    /// Revokes a token at once
    #[command(after_help = "Example: lovebank-admin token revoke 2")]
    Revoke {
        /// Its number
        number: u64,
    },
}

/// What an actor may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// The owner of a passbook.
    Volunteer,
    /// 经办.
    Clerk,
    /// 复核.
    Approver,
    /// Runs the year-end selection.
    AwardOfficer,
    /// 审计.
    Auditor,
    /// Installs, backs up, issues tokens.
    Operator,
}

/// Hours.
#[derive(Debug, Subcommand)]
pub enum HoursCommand {
    /// Records a service; the times are those of --zone
    #[command(after_help = "Example: lovebank-admin hours record 0300000001 --branch NW-01 \
        --activity 社区巡河 --start 2026-03-01T14:00 --end 2026-03-01T16:30")]
    Record {
        /// Who served
        number: String,
        /// The branch that organised it
        #[arg(long)]
        branch: String,
        /// What was served at
        #[arg(long)]
        activity: String,
        /// When it began
        #[arg(long)]
        start: DateTime,
        /// When it ended
        #[arg(long)]
        end: DateTime,
        /// Time zone of both
        #[arg(long, default_value = "Asia/Shanghai")]
        zone: String,
    },
    /// Lets pending records take effect
    #[command(after_help = "Example: lovebank-admin hours approve 17 18")]
    Approve {
        /// Which
        #[arg(required = true)]
        records: Vec<u64>,
    },
}

/// Passbooks.
#[derive(Debug, Subcommand)]
pub enum PassbookCommand {
    /// Shows where a passbook stands, and its last lines
    #[command(after_help = "Example: lovebank-admin passbook show 0300000001")]
    Show {
        /// Volunteer number
        number: String,
        /// How many lines
        #[arg(long, default_value_t = 20)]
        lines: u32,
    },
}

/// Imports.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Takes in sheets of hours; rehearses unless told --commit
    #[command(
        after_help = "Example: lovebank-admin import hours sheet.csv --branch NW-01 --register-missing --commit\n\
        Exit code 3: some rows were rejected."
    )]
    Hours(Box<ImportHours>),
}

/// How sheets of hours are taken in.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct ImportHours {
    /// The sheets, in order
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// The branch whose sheets they are
    #[arg(long)]
    pub branch: String,
    /// auto, shenzhen or nss; or map with --map
    #[arg(long, default_value = "auto")]
    pub profile: String,
    /// Mapping file (TOML) of any other header
    #[arg(long)]
    pub map: Option<PathBuf>,
    /// The activity of rows that name none
    #[arg(long)]
    pub activity: Option<String>,
    /// First day of totals without days; left out: --span-days before the last
    #[arg(long)]
    pub from: Option<Date>,
    /// Last day of totals without days
    #[arg(long)]
    pub to: Option<Date>,
    /// Last day for each file: a CSV with the columns `file` and `uploaded_on`
    #[arg(long)]
    pub dates: Option<PathBuf>,
    /// Days of the span of totals, where --from is left out
    #[arg(long, default_value_t = 366)]
    pub span_days: u32,
    /// Time zone of the times in the sheets
    #[arg(long, default_value = "Asia/Shanghai")]
    pub zone: String,
    /// Take over opening balances rather than service
    #[arg(long)]
    pub opening: bool,
    /// Register unknown volunteers on the way
    #[arg(long)]
    pub register_missing: bool,
    /// Record; without it everything is only rehearsed
    #[arg(long)]
    pub commit: bool,
    /// Directory for rejected rows and the reasons
    #[arg(long)]
    pub rejects: Option<PathBuf>,
    /// List the verdict of every row
    #[arg(long)]
    pub rows: bool,
}
