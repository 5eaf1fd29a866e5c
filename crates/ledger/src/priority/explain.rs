//! Why someone stands where they stand, and what would change it: values, and words for people.

use rust_decimal::Decimal;

use super::{First, Policy};
use crate::{Ranked, RedemptionNo};

/// Where a request stands in an order, and what decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The place in the order; 1 is first.
    pub rank: usize,
    /// How many stand in it.
    pub of: usize,
    /// How many of them are served.
    pub places: usize,
    /// Against the one before.
    pub before: Option<Compared>,
    /// Against the last who is served, for one who is not.
    pub last_served: Option<Compared>,
}

/// Two requests, and the first key on which they differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The other request.
    pub other: RedemptionNo,
    /// Its place in the order.
    pub other_rank: usize,
    /// The position of the key that decides; none: who asked first comes first.
    pub key: Option<usize>,
    /// One's own score there.
    pub own: Option<Decimal>,
    /// The other's.
    pub others: Option<Decimal>,
}

/// Explains the place of a request in an order of which so many are served.
pub fn explain(
    policy: &Policy,
    ranked: &[Ranked],
    redemption: RedemptionNo,
    places: usize,
) -> Option<Explanation> {
    let at = ranked.iter().position(|it| it.no == redemption)?;
    let own = ranked.get(at)?;
    let against = |other: usize| {
        let rank = other.checked_add(1)?;
        Some(compare(policy, own, ranked.get(other)?, rank))
    };
    let before = at.checked_sub(1).and_then(against);
    let last = places.checked_sub(1).filter(|it| *it < at);
    Some(Explanation {
        rank: at.saturating_add(1),
        of: ranked.len(),
        places: places.min(ranked.len()),
        before,
        last_served: last.and_then(against),
    })
}

fn compare(policy: &Policy, own: &Ranked, other: &Ranked, other_rank: usize) -> Compared {
    let score = |it: &Ranked, key: usize| it.scores.get(key).copied().flatten();
    let key = (0..policy.keys().len()).find(|key| score(own, *key) != score(other, *key));
    Compared {
        other: other.no,
        other_rank,
        key,
        own: key.and_then(|it| score(own, it)),
        others: key.and_then(|it| score(other, it)),
    }
}

impl Explanation {
    /// In English.
    pub fn english(&self, policy: &Policy) -> String {
        let Self { rank, of, places, .. } = self;
        let mut text = format!("Place {rank} of {of}; places to give: {places}.");
        if let Some(it) = self.last_served.as_ref().or(self.before.as_ref()) {
            text.push(' ');
            text.push_str(&it.english(policy));
        }
        text
    }

    /// In Chinese.
    pub fn chinese(&self, policy: &Policy) -> String {
        let Self { rank, of, places, .. } = self;
        let mut text = format!("排在第{rank}位，共{of}人，名额{places}个。");
        if let Some(it) = self.last_served.as_ref().or(self.before.as_ref()) {
            text.push_str(&it.chinese(policy));
        }
        text
    }
}

impl Compared {
    fn english(&self, policy: &Policy) -> String {
        let rank = self.other_rank;
        let Some(key) = self.key.and_then(|it| policy.keys().get(it)) else {
            return format!("Place {rank} is equal in everything and asked earlier.");
        };
        let (own, others) = (shown(self.own, "none"), shown(self.others, "none"));
        let (label, than) = match key.first {
            First::Highest => (&key.english, "more than"),
            First::Lowest => (&key.english, "less than"),
        };
        format!(
            "Place {rank} comes before by {label}: {others} against {own}. To come before it: \
             {than} {others}, or as much and ahead in what follows."
        )
    }

    fn chinese(&self, policy: &Policy) -> String {
        let rank = self.other_rank;
        let Some(key) = self.key.and_then(|it| policy.keys().get(it)) else {
            return format!("第{rank}位各项相同，但申请在先。");
        };
        let (own, others) = (shown(self.own, "无"), shown(self.others, "无"));
        let than = match key.first {
            First::Highest => "高于",
            First::Lowest => "低于",
        };
        let label = &key.chinese;
        format!(
            "第{rank}位在“{label}”上领先：对方{others}，本人{own}。要排到其前：该项须{than}{others}，\
             或相同且后续各项领先。"
        )
    }
}

fn shown(score: Option<Decimal>, none: &str) -> String {
    score.map_or_else(|| none.to_owned(), |it| it.normalize().to_string())
}
