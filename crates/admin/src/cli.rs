//! What is given to every command: where the bank is, who asks, and how the answer looks.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};

use crate::verb::Verb;

/// The command line of a Love Bank (爱心银行)
#[derive(Debug, Parser)]
#[command(name = "lovebank-admin", version, after_help = AFTER, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

const AFTER: &str = "\
Example: lovebank-admin branch list
Exit codes: 0 done, 1 it failed, 2 the command was not understood, 3 some rows or items were
rejected, 4 the journal does not hold.";

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Every command")]
pub(crate) struct Globals {
    /// Address of the bank: http://… or https://…
    #[arg(long, global = true, env = "LOVEBANK_SERVER", default_value = "http://127.0.0.1:50051")]
    pub(crate) server: String,
    /// File that holds the token
    #[arg(
        long,
        global = true,
        env = "LOVEBANK_TOKEN_FILE",
        default_value = "data/operator.token",
        value_name = "FILE"
    )]
    pub(crate) token_file: PathBuf,
    /// PEM file of the authority that signed the bank's certificate
    #[arg(long, global = true, env = "LOVEBANK_TLS_CA", value_name = "FILE")]
    pub(crate) tls_ca: Option<PathBuf>,
    /// Time zone of the times that are given and shown: that of the bank
    #[arg(long, global = true, env = "LOVEBANK_ZONE", default_value = "Asia/Shanghai")]
    pub(crate) zone: String,
    /// A table for eyes, JSON or CSV for programs, a workbook for Excel
    #[arg(long, global = true, value_enum, default_value = "table")]
    pub(crate) format: Format,
    /// Write the answer to this file, which must not be there yet
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
    /// Language of messages: en or zh
    #[arg(long, global = true, value_enum, env = "LOVEBANK_LANG", default_value = "en")]
    pub(crate) lang: Lang,
    /// Only answers and errors: no remarks, no progress
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for eyes (表格)
    Table,
    /// JSON for programs (程序用)
    Json,
    /// Comma-separated values for spreadsheets (表格软件用)
    Csv,
    /// A workbook for Excel (Excel 工作簿)
    Xlsx,
}

/// The language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// English
    En,
    /// 中文
    Zh,
}

impl Lang {
    /// That of the two which is in this language.
    pub(crate) fn pick<T>(self, english: T, chinese: T) -> T {
        match self {
            Self::En => english,
            Self::Zh => chinese,
        }
    }
}
