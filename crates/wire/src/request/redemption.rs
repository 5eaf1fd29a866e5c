//! `RedemptionService`.

use lovebank_formula::Formula;
use lovebank_ledger::{
    Command, LIMIT_MAX, Limit, Points, PolicyName, Price, PublishReward, RedemptionNo,
    RewardCommand, RewardMode, RewardName, RewardNo, RewardText, STOCK_MAX, Stock, Window,
    priority::VARIABLES,
};

use super::{Resolve, branch_code, volunteer};
use crate::{
    Fault, Malformed, Parsed, both, kinds,
    scalar::{self, given, number, optional_text, text},
    v1,
};

/// `PublishReward`.
pub fn publish_reward(it: &v1::PublishRewardRequest) -> Parsed<Command> {
    let reward = given("reward", it.reward.as_ref())?;
    let it = parse_reward(reward).map_err(|err| err.within("reward"))?;
    Ok(Command::Reward(RewardCommand::PublishReward(it)))
}

fn parse_reward(it: &v1::Reward) -> Parsed<PublishReward> {
    let names = both(
        both(branch_code("branch_code", &it.branch_code), text("name", &it.name, RewardName::new)),
        both(optional_text("text", &it.text, RewardText::new), kinds::reward_kind("kind", it.kind)),
    );
    let numbers = both(both(price("price", it.price.as_ref()), stock(it.stock)), limit(it.limit));
    let rules = both(eligibility(&it.eligibility), mode(it));
    let (((branch, name), (text, kind)), (((price, stock), limit), (eligibility, mode))) =
        both(names, both(numbers, rules))?;
    Ok(PublishReward { branch, name, text, kind, price, stock, limit, eligibility, mode })
}

/// A price: zero or more; not given: nothing.
fn price(field: &str, it: Option<&v1::Decimal>) -> Parsed<Price> {
    let points = it.map_or(Ok(Points::ZERO), |it| scalar::points(field, it))?;
    Price::new(points).ok_or_else(|| {
        let fault = Fault::Other {
            english: "it is below zero".to_owned(),
            chinese: "不能小于零".to_owned(),
        };
        Malformed::new(field, fault)
    })
}

fn stock(places: u32) -> Parsed<Stock> {
    let fault = Fault::OutOfRange { least: 0, most: STOCK_MAX.into() };
    Stock::new(places).ok_or_else(|| Malformed::new("stock", fault))
}

fn limit(it: Option<v1::RewardLimit>) -> Parsed<Option<Limit>> {
    let Some(it) = it else { return Ok(None) };
    let count = if (1..=LIMIT_MAX).contains(&it.count) {
        Ok(it.count)
    } else {
        let fault = Fault::OutOfRange { least: 1, most: LIMIT_MAX.into() };
        Err(Malformed::new("limit.count", fault))
    };
    let (count, period) = both(count, kinds::period("limit.period", it.period))?;
    Ok(Some(Limit { count, period }))
}

fn eligibility(text: &str) -> Parsed<Option<Formula>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Formula::condition(text, VARIABLES).map(Some).map_err(|err| {
        let chinese = format!("公式有误：{}", err.chinese());
        let fault = Fault::Other { english: err.to_string(), chinese };
        Malformed::new("eligibility", fault)
    })
}

fn mode(it: &v1::Reward) -> Parsed<RewardMode> {
    let named = if it.policy.is_empty() { "default" } else { it.policy.as_str() };
    let policy = || text("policy", named, PolicyName::new);
    match (&it.window, it.waiting_list) {
        (Some(_), true) => Err(Malformed::new("waiting_list", Fault::Surplus)),
        (Some(window), false) => {
            let (window, policy) = both(parse_window(window), policy())?;
            Ok(RewardMode::Window { window, policy })
        }
        (None, true) => Ok(RewardMode::WaitingList { policy: policy()? }),
        (None, false) if it.policy.is_empty() => Ok(RewardMode::FirstCome),
        (None, false) => Err(Malformed::new("policy", Fault::Surplus)),
    }
}

fn parse_window(it: &v1::RewardWindow) -> Parsed<Window> {
    let at = |field: &str, it: Option<&prost_types::Timestamp>| {
        given(field, it).and_then(|it| scalar::timestamp(field, it))
    };
    let (opens, (closes, until)) = both(
        at("window.opens_at", it.opens_at.as_ref()),
        both(
            at("window.closes_at", it.closes_at.as_ref()),
            at("window.fulfill_until", it.fulfill_until.as_ref()),
        ),
    )?;
    Window::new(opens, closes, until).map_err(|_| {
        let fault = Fault::Other {
            english: "it opens before it closes, and closes before fulfill_until".to_owned(),
            chinese: "开始须早于截止，截止须早于使用期限".to_owned(),
        };
        Malformed::new("window", fault)
    })
}

fn reward_no(no: u64) -> Parsed<RewardNo> {
    number("reward_no", no, RewardNo::new)
}

fn redemption_no(no: u64) -> Parsed<RedemptionNo> {
    number("redemption_no", no, RedemptionNo::new)
}

/// `AddStock`.
pub fn add_stock(it: &v1::AddStockRequest) -> Parsed<Command> {
    let places = if (1..=STOCK_MAX).contains(&it.places) {
        Ok(it.places)
    } else {
        let fault = Fault::OutOfRange { least: 1, most: STOCK_MAX.into() };
        Err(Malformed::new("places", fault))
    };
    let (reward, places) = both(reward_no(it.reward_no), places)?;
    Ok(Command::Reward(RewardCommand::AddStock { reward, places }))
}

/// `WithdrawReward`.
pub fn withdraw_reward(it: &v1::WithdrawRewardRequest) -> Parsed<Command> {
    let reward = reward_no(it.reward_no)?;
    Ok(Command::Reward(RewardCommand::WithdrawReward { reward }))
}

/// `RequestRedemption`; the age comes from the vault.
pub fn request_redemption(
    it: &v1::RequestRedemptionRequest,
    resolve: Resolve<'_>,
    age_band: Option<u8>,
) -> Parsed<Command> {
    let of = volunteer("volunteer_number", &it.volunteer_number, resolve);
    let (volunteer, reward) = both(of, reward_no(it.reward_no))?;
    Ok(Command::Reward(RewardCommand::RequestRedemption { volunteer, reward, age_band }))
}

/// `CancelRedemption`.
pub fn cancel_redemption(it: &v1::CancelRedemptionRequest) -> Parsed<Command> {
    let redemption = redemption_no(it.redemption_no)?;
    Ok(Command::Reward(RewardCommand::CancelRedemption { redemption }))
}

/// `FulfillRedemption`, of the redemption that its code is of.
pub fn fulfill_redemption(
    it: &v1::FulfillRedemptionRequest,
    redemption: RedemptionNo,
) -> Parsed<Command> {
    let points = it.points.as_ref().map(|it| price("points", Some(it))).transpose()?;
    Ok(Command::Reward(RewardCommand::FulfillRedemption { redemption, points }))
}

/// `MarkNoShow`.
pub fn mark_no_show(it: &v1::MarkNoShowRequest) -> Parsed<Command> {
    let redemption = redemption_no(it.redemption_no)?;
    Ok(Command::Reward(RewardCommand::MissRedemption { redemption }))
}

/// `ReverseRedemption`.
pub fn reverse_redemption(it: &v1::ReverseRedemptionRequest) -> Parsed<Command> {
    let redemption = redemption_no(it.redemption_no);
    let (redemption, reason) = both(redemption, kinds::given_reason(it.reason))?;
    Ok(Command::Reward(RewardCommand::ReverseRedemption { redemption, reason }))
}
