//! `queue`: who is served first, and why.

use clap::{Args, Subcommand};
use lovebank_wire::v1;
use serde_json::Value;

use super::remark_more;
use crate::{
    cli::Lang,
    fail::{Exit, Fail},
    pages::Limit,
    session::Session,
    show::{Column, Part, narrow},
};

/// Queues.
#[derive(Debug, Subcommand)]
pub(crate) enum Queue {
    /// Show who waits for a reward, in the order in which they are served
    #[command(after_help = "Example: lovebank-admin queue show 3")]
    Show(Show),
    /// Say why a request stands where it stands, and what would change it
    #[command(after_help = "Example: lovebank-admin queue explain 7")]
    Explain(Explain),
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The number of the reward
    reward: u64,
    #[command(flatten)]
    limit: Limit,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The number of the redemption
    redemption: u64,
}

const QUEUE: &[Column] = &[
    narrow("policy", "policy", "优先规则"),
    narrow("rulebook_version", "rulebook", "规则版本"),
    narrow("places", "places to give", "可分配名额"),
];
const PLACES: &[Column] = &[
    narrow("rank", "place", "名次"),
    narrow("redemption_no", "redemption", "兑换号"),
    narrow("volunteer_number", "volunteer", "义工号"),
    narrow("passbook_no", "passbook", "存折号"),
    narrow("scores", "scores", "得分"),
];
const WHY: &[Column] = &[
    narrow("rank", "place", "名次"),
    narrow("of", "of", "总人数"),
    narrow("places", "places to give", "名额"),
    narrow("why", "why", "说明"),
    narrow("allocation_seq", "found out in entry", "分配流水号"),
];
const SCORES: &[Column] = &[
    narrow("key", "key", "依据"),
    narrow("score", "score", "得分"),
    narrow("first", "comes first", "优先"),
];

impl Queue {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Show(it) => it.run(session).await,
            Self::Explain(it) => it.run(session).await,
        }
    }
}

impl Show {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.redemptions();
        let (reward_no, mut head) = (self.reward, None);
        let list = self.limit.of(async |page_size, page_token| {
            let request = v1::ListQueueRequest { min_seq: 0, reward_no, page_size, page_token };
            let answer = client.list_queue(request).await?;
            let it = answer.get_ref();
            head.get_or_insert((it.policy.clone(), it.rulebook_version, it.places));
            Ok(answer)
        });
        let list = list.await?;
        let (policy, rulebook, places) = head.unwrap_or_default();
        let rows = list.items.iter().map(|it| place(it, session.lang)).collect();
        session.show(&[
            Part::row("queue", QUEUE, vec![policy.into(), rulebook.into(), places.into()]),
            Part::rows("places_in_line", PLACES, rows).base(),
        ])?;
        remark_more(session, list.more);
        Ok(Exit::Done)
    }
}

fn place(it: &v1::QueuePlace, lang: Lang) -> Vec<Value> {
    let seen = |it: &str| if it.is_empty() { Value::Null } else { it.into() };
    let number = |it: u64| if it == 0 { Value::Null } else { it.into() };
    let scores = it.scores.iter().map(|it| format!("{} {}", key(it, lang), value(it)));
    vec![
        it.rank.into(),
        number(it.redemption_no),
        seen(&it.volunteer_number),
        number(it.passbook_no),
        seen(&scores.collect::<Vec<_>>().join("; ")),
    ]
}

fn key(it: &v1::Score, lang: Lang) -> &str {
    lang.pick(it.key.as_str(), it.key_zh.as_str())
}

fn value(it: &v1::Score) -> &str {
    if it.value.is_empty() { "–" } else { &it.value }
}

impl Explain {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::ExplainPriorityRequest { min_seq: 0, redemption_no: self.redemption };
        let it = session.bank.redemptions().explain_priority(request).await?.into_inner();
        let lang = session.lang;
        let why = lang.pick(it.message.as_str(), it.message_zh.as_str());
        let found = Some(it.allocation_seq).filter(|it| *it != 0);
        let row = vec![it.rank.into(), it.of.into(), it.places.into(), why.into(), found.into()];
        let score = |it: &v1::Score| {
            let first = if it.lowest_first {
                lang.pick("the lowest", "最低者")
            } else {
                lang.pick("the highest", "最高者")
            };
            vec![key(it, lang).into(), value(it).into(), first.into()]
        };
        let scores = it.scores.iter().map(score).collect();
        session.show(&[Part::row("place", WHY, row), Part::rows("scores", SCORES, scores)])?;
        Ok(Exit::Done)
    }
}
