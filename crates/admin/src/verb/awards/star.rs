//! Stars: who reached them, how far someone is, giving them.

use clap::Args;
use lovebank_wire::v1;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    fail::{Exit, Fail},
    session::{Change, Session},
    show::{Done, Items, Part},
};

/// The most stars of one request.
const BATCH_MAX: usize = 1000;

/// Which stars.
#[derive(Debug, Clone, Args)]
struct Which {
    /// The scheme, by its name in the rulebook
    scheme: String,
    /// The year, where the scheme is one of years [default: this year]
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1970..=9999))]
    year: Option<i32>,
}

#[derive(Debug, Args)]
pub(crate) struct Stars {
    #[command(flatten)]
    which: Which,
    /// Those at home in this branch or below it; without it the whole bank
    #[arg(long, value_name = "CODE")]
    branch: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Progress {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
pub(crate) struct Give {
    #[command(flatten)]
    which: Which,
    /// Volunteer number and star, as 0300000001:2
    #[arg(value_name = "NUMBER:STAR", value_parser = of_star, required_unless_present = "all", conflicts_with = "all")]
    stars: Vec<(String, u32)>,
    /// To all who reached one, as "awards stars" shows them
    #[arg(long)]
    all: bool,
    /// With --all: those at home in this branch or below it; without it the whole bank
    #[arg(long, value_name = "CODE", requires = "all")]
    branch: Option<String>,
    #[command(flatten)]
    change: Change,
}

fn of_star(text: &str) -> Result<(String, u32), String> {
    let star = text.rsplit_once(':').and_then(|(number, star)| {
        let star = star.parse().ok().filter(|it| (1..=10).contains(it))?;
        Some((number.to_owned(), star))
    });
    star.ok_or_else(|| {
        "write the volunteer number and a star from 1 to 10, as 0300000001:2".to_owned()
    })
}

async fn candidates(
    session: &Session,
    which: &Which,
    branch: Option<String>,
) -> Result<Vec<v1::StarCandidate>, Fail> {
    let request = v1::ListStarCandidatesRequest {
        min_seq: 0,
        scheme: which.scheme.clone(),
        year: which.year.unwrap_or(0),
        branch_code: branch.unwrap_or_default(),
    };
    let mut answers = session.bank.recognitions().list_star_candidates(request).await?.into_inner();
    let mut all = Vec::new();
    while let Some(answer) = answers.message().await? {
        all.extend(answer.candidates);
    }
    Ok(all)
}

/// The id of a later request of one command, which follows from the first.
fn following(first: Uuid, no: u32) -> Uuid {
    let digest = Sha256::new().chain_update(first.as_bytes()).chain_update(no.to_be_bytes());
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest.finalize()) {
        *to = from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

impl Stars {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let found = candidates(session, &self.which, self.branch).await?;
        session.show(&[Part::list("candidates", &found, &session.zone)])?;
        Ok(Exit::Done)
    }
}

impl Progress {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::ExplainStarsRequest {
            min_seq: 0,
            volunteer_number: self.number,
            scheme: self.which.scheme,
            year: self.which.year.unwrap_or(0),
        };
        let answer = session.bank.recognitions().explain_stars(request).await?.into_inner();
        session.show(&[Part::list("stars", &answer.stars, &session.zone)])?;
        Ok(Exit::Done)
    }
}

impl Give {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let stars = if self.all {
            let found = candidates(session, &self.which, self.branch.clone()).await?;
            found.into_iter().map(|it| (it.volunteer_number, it.level)).collect()
        } else {
            self.stars.clone()
        };
        let begun = self.change.begin();
        let first: Uuid = begun.id.parse().map_err(|err: uuid::Error| Fail::local(&err))?;
        let mut exit = Exit::Done;
        let mut parts = Vec::new();
        for (no, part) in (0_u32..).zip(stars.chunks(BATCH_MAX)) {
            // Each thousand has an id that follows from the first: the same command again gives
            // nothing twice.
            let id = if no == 0 { first } else { following(first, no) };
            let item = |(number, level): &(String, u32)| v1::StarItem {
                volunteer_number: number.clone(),
                level: *level,
            };
            let request = v1::AwardStarsRequest {
                request_id: id.to_string(),
                validate_only: begun.validate_only,
                scheme: self.which.scheme.clone(),
                year: self.which.year.unwrap_or(0),
                items: part.iter().map(item).collect(),
                mode: v1::BatchMode::ItemByItem.into(),
            };
            let answer = begun.end(session.bank.recognitions().award_stars(request).await)?;
            let of = part.iter().map(|(number, star)| format!("{number}:{star}")).collect();
            let done = answer.honours.iter().map(|it| {
                let passbook_no = it.passbook_no;
                (it.index, Done { outcome: "given", passbook_no, ..Done::default() })
            });
            let items = Items::new(of, done, answer.refused);
            if items.exit() != Exit::Done {
                exit = items.exit();
            }
            parts.push(items.part(session.lang));
        }
        session.show(&parts)?;
        Ok(exit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_typed_with_its_owner() {
        assert_eq!(of_star("0300:2"), Ok(("0300".to_owned(), 2)));
        assert_eq!(of_star("a:b:10"), Ok(("a:b".to_owned(), 10)));
        for wrong in ["0300", "0300:", "0300:0", "0300:11"] {
            assert!(of_star(wrong).is_err(), "{wrong}");
        }
    }
}
