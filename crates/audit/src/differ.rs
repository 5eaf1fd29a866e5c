//! In what two entries of one number differ.

use lovebank_journal::{chain::seal, codec};
use lovebank_ledger::{Entry, Posting};

/// The first thing in which they differ: its name, what the one says, and what the other.
pub(crate) fn differ(one: &[u8], other: &[u8]) -> (&'static str, String, String) {
    let seals = || ("seal", seal(one).to_string(), seal(other).to_string());
    match (codec::decode(one), codec::decode(other)) {
        (Ok(one), Ok(other)) => entries(&one, &other).unwrap_or_else(seals),
        (Ok(_) | Err(_), Err(_)) | (Err(_), Ok(_)) => seals(),
    }
}

type Difference = (&'static str, String, String);

fn entries(one: &Entry, other: &Entry) -> Option<Difference> {
    let counts = said("postings", &one.postings.len(), &other.postings.len());
    let lines = || one.postings.iter().zip(&other.postings).find_map(|(a, b)| postings(a, b));
    lines()
        .or(counts)
        .or_else(|| told("event", &format!("{:?}", one.event), &format!("{:?}", other.event)))
        .or_else(|| said("actor", &one.actor, &other.actor))
        .or_else(|| {
            told(
                "recorded_at",
                &format!("{:?}", one.recorded_at),
                &format!("{:?}", other.recorded_at),
            )
        })
        .or_else(|| said("request_id", &one.request, &other.request))
        .or_else(|| said("fingerprint", &one.fingerprint, &other.fingerprint))
        .or_else(|| said("rulebook_version", &one.rulebook, &other.rulebook))
        .or_else(|| said("previous_seal", &one.previous, &other.previous))
}

fn postings(one: &Posting, other: &Posting) -> Option<Difference> {
    told("account", &format!("{:?}", one.account), &format!("{:?}", other.account))
        .or_else(|| said("minutes", &one.minutes, &other.minutes))
        .or_else(|| said("points", &one.points, &other.points))
        .or_else(|| said("minutes_after", &one.minutes_after, &other.minutes_after))
        .or_else(|| said("points_after", &one.points_after, &other.points_after))
        .or_else(|| told("posting", &format!("{one:?}"), &format!("{other:?}")))
}

fn said<T: ToString>(field: &'static str, one: &T, other: &T) -> Option<Difference> {
    told(field, &one.to_string(), &other.to_string())
}

/// Long texts are cut: what they begin with may be the same.
fn told(field: &'static str, one: &str, other: &str) -> Option<Difference> {
    (one != other).then(|| {
        let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
        let from = same.saturating_sub(BEFORE);
        let cut = |it: &str| it.chars().skip(from).take(LONG).collect();
        (field, cut(one), cut(other))
    })
}

/// Characters that are shown, and how many of them before the difference.
const LONG: usize = 80;
const BEFORE: usize = 30;
