//! `reward`: what can be had for points.

use clap::{Args, Subcommand};
use jiff::{civil::DateTime, tz::TimeZone};
use lovebank_wire::v1;

use super::{changed, done, listed, proven};
use crate::{
    amount::price,
    fail::{Exit, Fail},
    pages::Limit,
    session::{Change, Session},
    show::{Column, Part, narrow},
    when::{instant, minute},
    words::{Per, RewardKind},
};

/// Rewards.
#[derive(Debug, Subcommand)]
pub(crate) enum Reward {
    /// Publish a reward; without a window or a waiting list, who comes first is served first
    #[command(
        after_help = "Example: lovebank-admin reward publish 粮油券 --branch NW-01 --kind goods --stock 50 --price 20\n\
        By priority when a window closes: --opens \"2026-12-01 09:00\" --closes \"2026-12-10 18:00\" \
        --until \"2026-12-31 18:00\""
    )]
    Publish(Box<Publish>),
    /// Add places to a reward; who waits gets them at once
    #[command(after_help = "Example: lovebank-admin reward stock 3 --add 10")]
    Stock(Stock),
    /// Withdraw a reward: who waits is set free, who has a place keeps it
    #[command(after_help = "Example: lovebank-admin reward withdraw 3")]
    Withdraw(Withdraw),
    /// Show one reward
    #[command(after_help = "Example: lovebank-admin reward show 3")]
    Show(Which),
    /// Show rewards, newest first
    #[command(after_help = "Example: lovebank-admin reward list --for NW-01 --open")]
    List(List),
}

#[derive(Debug, Args)]
pub(crate) struct Publish {
    #[command(flatten)]
    offer: Offer,
    #[command(flatten)]
    change: Change,
}

/// A reward as it is typed.
#[derive(Debug, Args)]
pub(crate) struct Offer {
    /// What it is called
    pub(crate) name: String,
    /// The branch that offers it, to its own volunteers and those below
    #[arg(long, value_name = "CODE")]
    pub(crate) branch: String,
    /// What kind it is
    #[arg(long, value_enum)]
    pub(crate) kind: RewardKind,
    /// How many places there are
    #[arg(long, value_name = "N")]
    pub(crate) stock: u32,
    /// What one place costs in points [default: nothing]
    #[arg(long, value_parser = price, value_name = "POINTS")]
    pub(crate) price: Option<v1::Decimal>,
    /// What it is, where and how to get it
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) text: String,
    /// How often one person may have it
    #[arg(long, requires = "per", value_name = "N")]
    pub(crate) limit: Option<u32>,
    /// In which calendar period
    #[arg(long, value_enum, requires = "limit")]
    pub(crate) per: Option<Per>,
    /// Who may have it: a formula such as "minutes >= 6000 && star >= 1"
    #[arg(long, value_name = "FORMULA", default_value = "", hide_default_value = true)]
    pub(crate) eligibility: String,
    /// From when on requests are taken, as "2026-12-01 09:00"
    #[arg(long, value_parser = minute, requires_all = ["closes", "until"])]
    pub(crate) opens: Option<DateTime>,
    /// When places are given by priority
    #[arg(long, value_parser = minute, requires_all = ["opens", "until"])]
    pub(crate) closes: Option<DateTime>,
    /// Until when a place can be used
    #[arg(long, value_parser = minute, requires_all = ["opens", "closes"])]
    pub(crate) until: Option<DateTime>,
    /// Requests wait for places, which go by priority as they come free
    #[arg(long, conflicts_with = "opens")]
    pub(crate) waiting_list: bool,
    /// The priority policy of the rulebook [default: default]
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    pub(crate) policy: String,
}

#[derive(Debug, Args)]
pub(crate) struct Stock {
    /// The number of the reward
    no: u64,
    /// How many places more
    #[arg(long, value_name = "N")]
    add: u32,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Withdraw {
    /// The number of the reward
    no: u64,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The number of the reward
    no: u64,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Those that a volunteer of this branch can have
    #[arg(long = "for", value_name = "CODE")]
    of: Option<String>,
    /// Those that this branch and those below it offer
    #[arg(long, value_name = "CODE", conflicts_with = "of")]
    below: Option<String>,
    /// Only those that can be asked for now
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    limit: Limit,
}

const PUBLISHED: &[Column] = &[narrow("reward_no", "reward", "回馈号")];

impl Reward {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Publish(it) => it.run(session).await,
            Self::Stock(it) => it.run(session).await,
            Self::Withdraw(it) => it.run(session).await,
            Self::Show(it) => it.run(session).await,
            Self::List(it) => it.run(session).await,
        }
    }
}

impl Offer {
    /// As a message; its times are civil times of a zone.
    pub(crate) fn message(self, zone: &TimeZone) -> Result<v1::Reward, Fail> {
        let limit = self.limit.zip(self.per);
        let window = match (self.opens, self.closes, self.until) {
            (Some(opens), Some(closes), Some(until)) => Some(v1::RewardWindow {
                opens_at: Some(once(opens, zone)?),
                closes_at: Some(once(closes, zone)?),
                fulfill_until: Some(once(until, zone)?),
            }),
            (None, None, None) => None,
            _ => {
                return Err(Fail::usage(
                    "opens, closes and until go together",
                    "开始、截止、使用截止须同时给出",
                ));
            }
        };
        Ok(v1::Reward {
            branch_code: self.branch,
            name: self.name,
            text: self.text,
            kind: self.kind.into(),
            price: self.price,
            stock: self.stock,
            limit: limit.map(|(count, per)| v1::RewardLimit { count, period: per.into() }),
            eligibility: self.eligibility,
            window,
            waiting_list: self.waiting_list,
            policy: self.policy,
            ..v1::Reward::default()
        })
    }
}

fn once(it: DateTime, zone: &TimeZone) -> Result<prost_types::Timestamp, Fail> {
    instant(it, zone).ok_or_else(|| {
        Fail::usage(
            format!("{it} does not exist, or exists twice: the clocks were changed then"),
            format!("{it} 不存在或出现两次：当时正在调整时钟"),
        )
    })
}

impl Publish {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::PublishRewardRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            reward: Some(self.offer.message(&session.zone)?),
        };
        let answer = begun.end(session.bank.redemptions().publish_reward(request).await)?;
        let row = vec![answer.reward_no.into()];
        proven(session, vec![Part::row("reward", PUBLISHED, row)], answer.receipt.as_ref())
    }
}

impl Stock {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::AddStockRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            reward_no: self.no,
            places: self.add,
        };
        let answer = begun.end(session.bank.redemptions().add_stock(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl Withdraw {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::WithdrawRewardRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            reward_no: self.no,
        };
        let answer = begun.end(session.bank.redemptions().withdraw_reward(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl Which {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::GetRewardRequest { min_seq: 0, reward_no: self.no };
        let answer = session.bank.redemptions().get_reward(request).await?.into_inner();
        changed(session, None, answer.reward.as_ref().map(|it| ("reward", it)))
    }
}

impl List {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.redemptions();
        let below = self.below.is_some();
        let branch_code = self.below.or(self.of).unwrap_or_default();
        let open_only = self.open;
        let list = self.limit.of(async |page_size, page_token| {
            let branch_code = branch_code.clone();
            let request = v1::ListRewardsRequest {
                min_seq: 0,
                branch_code,
                open_only,
                page_size,
                page_token,
                below,
            };
            client.list_rewards(request).await
        });
        listed(session, "rewards", &list.await?)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::{cli::Cli, verb::Verb};

    fn typed(line: &str) -> Option<v1::Reward> {
        let words = ["x", "reward", "publish"].into_iter().chain(line.split(' '));
        let verb = Cli::try_parse_from(words).ok()?.verb;
        let Verb::Reward(Reward::Publish(it)) = verb else { panic!("{verb:?}") };
        Some(it.offer.message(&crate::when::zone("Asia/Shanghai").unwrap()).unwrap())
    }

    #[test]
    fn a_reward_is_published_as_it_was_typed() {
        let least = "粮油券 --branch NW --kind goods --stock 5";
        let it = typed(least).unwrap();
        assert_eq!((it.name.as_str(), it.stock, it.kind()), ("粮油券", 5, v1::RewardKind::Goods));
        assert_eq!((it.price, it.limit, it.window, it.waiting_list), (None, None, None, false));
        let rest = "--price 2.5 --limit 1 --per quarter --opens 2026-12-01T09:00 \
                    --closes 2026-12-10T18:00 --until 2026-12-31T18:00 --policy pool";
        let it = typed(&format!("{least} {rest}")).unwrap();
        let period = v1::Period::Quarter.into();
        assert_eq!(it.limit, Some(v1::RewardLimit { count: 1, period }));
        assert_eq!(it.window.unwrap().opens_at.unwrap().seconds, 1_796_086_800);
        assert_eq!((it.price.unwrap().value.as_str(), it.policy.as_str()), ("2.5", "pool"));
    }

    #[test]
    fn what_belongs_together_is_given_together() {
        let least = "粮油券 --branch NW --kind goods --stock 5";
        for rest in [
            "--limit 1",
            "--per month",
            "--opens 2026-12-01T09:00",
            "--price -1",
            "--price 1.005",
            "--opens 2026-12-01T09:00 --closes 2026-12-02T09:00 --until 2026-12-03T09:00 \
             --waiting-list",
        ] {
            assert!(typed(&format!("{least} {rest}")).is_none(), "{rest}");
        }
    }
}
