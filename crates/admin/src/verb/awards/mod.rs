//! `awards`: years of service, stars, award runs, certificates.

mod chart;
mod honour;
mod notice;
mod objection;
mod paper;
mod papers;
mod result;
mod run;
mod star;
mod year;

use clap::Subcommand;

use crate::{
    fail::{Exit, Fail},
    session::Session,
};

/// Recognition.
#[derive(Debug, Subcommand)]
pub(crate) enum Awards {
    /// Show a volunteer's year: by month, by branch, by category
    #[command(after_help = "Example: lovebank-admin awards summary 0300000001 --year 2026")]
    Summary(year::Summary),
    /// Show those who served in a year, most minutes first
    #[command(
        after_help = "Example: lovebank-admin awards list --year 2026 --branch NW --least-hours 100"
    )]
    List(year::List),
    /// Show what a branch organised in a year: by month and category, and by branch
    #[command(after_help = "Example: lovebank-admin awards statistics --year 2026 --branch NW")]
    Statistics(year::Statistics),
    /// Draw the year of a branch: hours by month and by branch
    #[command(
        after_help = "Example: lovebank-admin awards chart --year 2026 --branch NW --out year.svg"
    )]
    Chart(chart::Chart),
    /// Show those who reached a higher star than they hold
    #[command(after_help = "Example: lovebank-admin awards stars national --branch NW")]
    Stars(star::Stars),
    /// Show how far a volunteer is with each star
    #[command(after_help = "Example: lovebank-admin awards progress 0300000001 national")]
    Progress(star::Progress),
    /// Give stars to those who reached them
    #[command(
        after_help = "Example: lovebank-admin awards give-stars national --all --branch NW\nExit code 3: some of them were refused."
    )]
    GiveStars(star::Give),
    /// Write down an honour that was given before the bank, or outside of it
    #[command(
        after_help = "Example: lovebank-admin awards record 0300000001 --award hundred --year 2024 --level city --given 2024-12-05"
    )]
    Record(honour::Record),
    /// Take an honour back; it stays visible
    #[command(after_help = "Example: lovebank-admin awards revoke 7 --reason not-served")]
    Revoke(honour::Revoke),
    /// Show honours, newest first
    #[command(after_help = "Example: lovebank-admin awards honours 0300000001")]
    Honours(honour::List),
    /// Nominate a volunteer for a programme and a year (提名)
    #[command(
        after_help = "Example: lovebank-admin awards nominate 0300000001 hundred --year 2026"
    )]
    Nominate(honour::Nominate),
    /// Try a programme: who would be chosen, who not, and why; records nothing
    #[command(
        after_help = "Example: lovebank-admin awards try baoan-2022 --year 2026 --branch LG --chosen"
    )]
    Try(result::Try),
    /// Runs of programmes: made, hung out, finished
    #[command(subcommand, after_help = "Example: lovebank-admin awards run list")]
    Run(run::Runs),
    /// Exceptions of a run (破格), proposed by one and confirmed by another
    #[command(
        subcommand,
        after_help = "Example: lovebank-admin awards exception propose 3 0300000001 --condition 2 --reason 救人"
    )]
    Exception(run::Exceptions),
    /// Objections to a run (异议), and their answers
    #[command(subcommand, after_help = "Example: lovebank-admin awards objection list 3")]
    Objection(objection::Objections),
    /// Say what became of a volunteer in a run, and what would have been needed
    #[command(after_help = "Example: lovebank-admin awards why 3 0300000001")]
    Why(result::Why),
    /// Write the notice of a run for the board (公示), with masked names
    #[command(
        after_help = "Example: lovebank-admin awards notice 3 --out notice.html --contact 0755-12345678"
    )]
    Notice(notice::Notice),
    /// Certificates of service and of honours (证明)
    #[command(
        subcommand,
        after_help = "Example: lovebank-admin awards certificate issue 0300000001 --from 2026-01-01 --until 2026-12-31"
    )]
    Certificate(paper::Certificates),
}

impl Awards {
    /// Whether it asks for nothing that a token is needed for.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self, Self::Certificate(paper::Certificates::Verify(_)))
    }

    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Summary(it) => it.run(session).await,
            Self::List(it) => it.run(session).await,
            Self::Statistics(it) => it.run(session).await,
            Self::Chart(it) => it.run(session).await,
            Self::Stars(it) => it.run(session).await,
            Self::Progress(it) => it.run(session).await,
            Self::GiveStars(it) => it.run(session).await,
            Self::Record(it) => it.run(session).await,
            Self::Revoke(it) => it.run(session).await,
            Self::Honours(it) => it.run(session).await,
            Self::Nominate(it) => it.run(session).await,
            Self::Try(it) => it.run(session).await,
            Self::Run(it) => it.run(session).await,
            Self::Exception(it) => it.run(session).await,
            Self::Objection(it) => it.run(session).await,
            Self::Why(it) => it.run(session).await,
            Self::Notice(it) => it.run(session).await,
            Self::Certificate(it) => it.run(session).await,
        }
    }
}

/// A day as a message.
fn date(it: jiff::civil::Date) -> lovebank_wire::v1::Date {
    lovebank_wire::scalar::to_date(it)
}
