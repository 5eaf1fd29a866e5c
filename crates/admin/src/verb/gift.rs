//! `gift`: points that are given away, and taken back.

use clap::{Args, Subcommand};
use lovebank_wire::v1::{self, give_points_request::To};

use super::{changed, done};
use crate::{
    amount::points,
    fail::{Exit, Fail},
    session::{Begun, Change, Session},
    words::Why,
};

/// Gifts.
#[derive(Debug, Subcommand)]
pub(crate) enum Gift {
    /// Give points to a volunteer, or to the pool of a branch
    #[command(after_help = "Example: lovebank-admin gift give 0300000001 4.50 --to 0300000002")]
    Give(Give),
    /// Take a gift back (冲正); the taker may come below zero
    #[command(after_help = "Example: lovebank-admin gift reverse 3 --reason other")]
    Reverse(Reverse),
}

#[derive(Debug, Args)]
pub(crate) struct Give {
    /// Who gives: a volunteer number (义工号); "me" for the owner of the token
    from: String,
    /// How many points, above zero, with at most 2 decimals
    #[arg(value_parser = points)]
    points: v1::Decimal,
    #[command(flatten)]
    taker: Taker,
    #[command(flatten)]
    change: Change,
}

/// Who gets it: one of the two.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Taker {
    /// To this volunteer, by number
    #[arg(long, value_name = "NUMBER")]
    to: Option<String>,
    /// To the pool of this branch (公益池)
    #[arg(long, value_name = "CODE")]
    pool: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Reverse {
    /// The number of the gift
    no: u64,
    /// Why
    #[arg(long, value_enum)]
    reason: Why,
    #[command(flatten)]
    change: Change,
}

impl Gift {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Give(it) => it.run(session).await,
            Self::Reverse(it) => it.run(session).await,
        }
    }
}

impl Give {
    fn request(self, begun: &Begun) -> v1::GivePointsRequest {
        let pool = self.taker.pool.map(To::ToPoolBranchCode);
        v1::GivePointsRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.from,
            to: self.taker.to.map(To::ToVolunteerNumber).or(pool),
            points: Some(self.points),
        }
    }

    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = self.request(&begun);
        let answer = begun.end(session.bank.gifts().give_points(request).await)?;
        let made = answer.gift.as_ref().map(|it| ("gift", it));
        changed(session, answer.receipt.as_ref(), made)
    }
}

impl Reverse {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::ReverseGiftRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            gift_no: self.no,
            reason: self.reason.into(),
        };
        let answer = begun.end(session.bank.gifts().reverse_gift(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::{cli::Cli, verb::Verb};

    fn typed(line: &str) -> Option<Gift> {
        let words = ["x", "gift"].into_iter().chain(line.split_whitespace());
        let verb = Cli::try_parse_from(words).ok()?.verb;
        let Verb::Gift(it) = verb else { panic!("{verb:?}") };
        Some(it)
    }

    #[test]
    fn a_gift_goes_to_a_volunteer_or_to_a_pool() {
        let to = |line: &str| {
            let Some(Gift::Give(it)) = typed(line) else { panic!("{line}") };
            it.request(&Change::default().begin()).to
        };
        assert_eq!(to("give 1 4.50 --to 02"), Some(To::ToVolunteerNumber("02".to_owned())));
        assert_eq!(to("give 1 4.50 --pool NW"), Some(To::ToPoolBranchCode("NW".to_owned())));
    }

    #[test]
    fn a_gift_without_one_taker_or_without_points_is_not_understood() {
        for line in [
            "give 1 4.50",
            "give 1 4.50 --to 2 --pool NW",
            "give 1 0 --to 2",
            "give 1 -1 --to 2",
            "give 1 4.505 --to 2",
            "give 1 much --to 2",
            "reverse 3",
        ] {
            assert!(typed(line).is_none(), "{line}");
        }
    }
}
