//! `help`: help between volunteers.

use clap::{Args, Subcommand};
use jiff::{civil::DateTime, tz::TimeZone};
use lovebank_wire::v1;

use super::{changed, done, hours::At, listed};
use crate::{
    fail::{Exit, Fail},
    pages::Limit,
    session::{Begun, Change, Session},
    show::Part,
    when::{interval, minute},
    words::HelpState,
};

/// Help between volunteers.
#[derive(Debug, Subcommand)]
pub(crate) enum Help {
    /// Ask for help; the points it may cost are set aside
    #[command(
        after_help = "Example: lovebank-admin help ask 0300000001 --branch NW-01 --activity 陪同就医 --start \"2027-03-01 09:00\" --end \"2027-03-01 10:00\""
    )]
    Ask(Ask),
    /// Offer to help
    #[command(after_help = "Example: lovebank-admin help offer 3 0300000002")]
    Offer(Side),
    /// Take an offer back; where it was accepted, the request is open again
    #[command(after_help = "Example: lovebank-admin help withdraw 3 0300000002")]
    Withdraw(Side),
    /// Accept an offer
    #[command(after_help = "Example: lovebank-admin help accept 3 --passbook-no 2")]
    Accept(Accept),
    /// Give a request up
    #[command(after_help = "Example: lovebank-admin help cancel 3")]
    Cancel(Cancel),
    /// Say for one side how long it took; it is settled where both say the same
    #[command(after_help = "Example: lovebank-admin help confirm 3 0300000002 --minutes 60")]
    Confirm(Confirm),
    /// Have the last word on help that is disputed
    #[command(after_help = "Example: lovebank-admin help resolve 3 --minutes 45")]
    Resolve(Resolve),
    /// Show one request
    #[command(after_help = "Example: lovebank-admin help show 3")]
    Show(Which),
    /// Show requests that still can change, those of first priority first
    #[command(after_help = "Example: lovebank-admin help list --state open")]
    List(List),
}

#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    #[command(flatten)]
    at: At,
    /// When it begins, as "2026-03-01 14:00"
    #[arg(long, value_parser = minute)]
    start: DateTime,
    /// When it ends, at most 24 hours later
    #[arg(long, value_parser = minute)]
    end: DateTime,
    #[command(flatten)]
    change: Change,
}

/// Which request.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The number of the request
    no: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Side {
    #[command(flatten)]
    which: Which,
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Accept {
    #[command(flatten)]
    which: Which,
    /// Whose offer, by the number of the passbook
    #[arg(long, value_name = "NO")]
    passbook_no: u64,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Cancel {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    change: Change,
}

/// How long it took.
#[derive(Debug, Clone, Copy, Args)]
struct Took {
    /// How many minutes, 0 to 1440; 0: it did not take place
    #[arg(long, value_parser = clap::value_parser!(i64).range(0..=1440))]
    minutes: i64,
}

#[derive(Debug, Args)]
pub(crate) struct Confirm {
    #[command(flatten)]
    side: Side,
    #[command(flatten)]
    took: Took,
}

#[derive(Debug, Args)]
pub(crate) struct Resolve {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    took: Took,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only those that this volunteer asked for or helps with; "me" for the owner of the token
    #[arg(long, value_name = "NUMBER")]
    volunteer: Option<String>,
    /// Only in this state
    #[arg(long, value_enum)]
    state: Option<HelpState>,
    #[command(flatten)]
    limit: Limit,
}

impl Help {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Ask(it) => it.run(session).await,
            Self::Offer(it) => it.offer(session).await,
            Self::Withdraw(it) => it.withdraw(session).await,
            Self::Accept(it) => it.run(session).await,
            Self::Cancel(it) => it.run(session).await,
            Self::Confirm(it) => it.run(session).await,
            Self::Resolve(it) => it.run(session).await,
            Self::Show(it) => it.run(session).await,
            Self::List(it) => it.run(session).await,
        }
    }
}

/// Shows a request as it stands after a change, and the proof of that.
fn stands(
    session: &Session,
    receipt: Option<&v1::Receipt>,
    help: Option<&v1::Help>,
) -> Result<Exit, Fail> {
    changed(session, receipt, help.map(|it| ("help", it)))
}

impl Ask {
    fn request(self, begun: &Begun, zone: &TimeZone) -> Result<v1::AskForHelpRequest, Fail> {
        Ok(v1::AskForHelpRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
            activity: Some(self.at.needed()?),
            window: Some(interval(self.start, self.end, zone)?),
        })
    }

    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = self.request(&begun, &session.zone)?;
        let answer = begun.end(session.bank.help().ask_for_help(request).await)?;
        stands(session, answer.receipt.as_ref(), answer.help_request.as_ref())
    }
}

impl Side {
    async fn offer(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::OfferHelpRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            help_no: self.which.no,
            volunteer_number: self.number,
        };
        let answer = begun.end(session.bank.help().offer_help(request).await)?;
        done(session, answer.receipt.as_ref())
    }

    async fn withdraw(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::WithdrawOfferRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            help_no: self.which.no,
            volunteer_number: self.number,
        };
        let answer = begun.end(session.bank.help().withdraw_offer(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl Accept {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::AcceptOfferRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            help_no: self.which.no,
            helper_passbook_no: self.passbook_no,
        };
        let answer = begun.end(session.bank.help().accept_offer(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl Cancel {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::CancelHelpRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            help_no: self.which.no,
        };
        let answer = begun.end(session.bank.help().cancel_help(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl Confirm {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.side.change.begin();
        let request = v1::ConfirmHelpRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            help_no: self.side.which.no,
            volunteer_number: self.side.number,
            minutes: self.took.minutes,
        };
        let answer = begun.end(session.bank.help().confirm_help(request).await)?;
        stands(session, answer.receipt.as_ref(), answer.help_request.as_ref())
    }
}

impl Resolve {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::ResolveHelpRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            help_no: self.which.no,
            minutes: self.took.minutes,
        };
        let answer = begun.end(session.bank.help().resolve_help(request).await)?;
        stands(session, answer.receipt.as_ref(), answer.help_request.as_ref())
    }
}

impl Which {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::GetHelpRequestRequest { min_seq: 0, help_no: self.no };
        let answer = session.bank.help().get_help_request(request).await?.into_inner();
        let help = answer.help_request.ok_or_else(|| Fail::incomplete("help request"))?;
        session.show(&[Part::one("help", &help, &session.zone)])?;
        Ok(Exit::Done)
    }
}

impl List {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.help();
        let volunteer = self.volunteer.unwrap_or_default();
        let state = self.state.map_or(0, i32::from);
        let list = self.limit.of(async |page_size, page_token| {
            let volunteer_number = volunteer.clone();
            let request = v1::ListHelpRequestsRequest {
                min_seq: 0,
                volunteer_number,
                state,
                page_size,
                page_token,
            };
            client.list_help_requests(request).await
        });
        listed(session, "help", &list.await?)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::{cli::Cli, verb::Verb};

    fn typed(line: &str) -> Result<Help, clap::Error> {
        let words = ["x", "help"].into_iter().chain(line.split_whitespace());
        let verb = Cli::try_parse_from(words)?.verb;
        let Verb::Help(it) = verb else { panic!("{verb:?}") };
        Ok(it)
    }

    #[test]
    fn help_is_asked_for_as_typed_and_is_not_the_help_of_the_program() {
        let line = "ask me --branch NW --activity 陪同就医 --place 医院 --start 2026-03-01T09:00 \
                    --end 2026-03-01T10:30";
        let Help::Ask(it) = typed(line).unwrap() else { panic!("a request") };
        let zone = crate::when::zone("Asia/Shanghai").unwrap();
        let request = it.request(&Change::default().begin(), &zone).unwrap();
        assert_eq!(request.volunteer_number, "me");
        let activity = request.activity.unwrap();
        assert_eq!((activity.name.as_str(), activity.place.as_str()), ("陪同就医", "医院"));
        assert_eq!(request.window.unwrap().start_time.unwrap().seconds, 1_772_326_800);
    }

    #[test]
    fn minutes_of_more_than_a_day_are_not_understood() {
        assert!(typed("confirm 3 me --minutes 0").is_ok());
        assert!(typed("resolve 3 --minutes 1440").is_ok());
        for line in ["confirm 3 me --minutes 1441", "resolve 3 --minutes -1", "accept 3", "show"] {
            assert!(typed(line).is_err(), "{line}");
        }
    }
}
