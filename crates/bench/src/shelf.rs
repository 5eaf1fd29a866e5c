//! Rewards: how fast points are set aside, and how long an order of the largest size takes.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use lovebank_journal::codec;
use lovebank_ledger::{
    ActivityRef, BatchMode, Command, Decision, Event, HoursItem, NewVolunteer, Points, PolicyName,
    Price, Provenance, PublishReward, QUEUE_MAX, RecordHours, RewardCommand, RewardEvent,
    RewardKind, RewardMode, RewardName, RewardNo, Role, Service, Stock, Window,
};
use lovebank_testkit::{Town, interval, number, timestamp, volunteer_id};
use lovebank_wire::v1::{self, redemption_service_client::RedemptionServiceClient};

use crate::{
    bank::{Bank, VOLUNTEERS, ask},
    limits,
    load::rate_of,
    table::Figure,
};

/// Calls at a time.
const IN_FLIGHT: usize = 64;
/// Places of the window.
const PLACES: u32 = 500;
/// Services of each volunteer in the window.
const SERVICES: u64 = 12;

/// Asking for a reward and giving it up again, beside calls that do nothing.
pub(crate) async fn holds() -> anyhow::Result<Vec<Figure>> {
    let limit = limits::empty_calls(IN_FLIGHT).await?;
    let mut figures = Vec::new();
    for mirrors in [true, false] {
        let bank = Bank::start(mirrors).await?;
        let reward_no = offered(&bank).await?;
        let calling = bank.clone();
        let pairs = rate_of(IN_FLIGHT, move |no| ask_and_cancel(&calling, reward_no, no)).await?;
        let what = format!("holds made and released, {IN_FLIGHT} in flight, {}", on(mirrors));
        figures.push(Figure::beside(what, pairs.saturating_mul(2), ("empty call", limit)));
        bank.stop().await;
    }
    Ok(figures)
}

fn on(mirrors: bool) -> &'static str {
    if mirrors { "mirrors on" } else { "mirrors off" }
}

/// A reward that everyone has the points for.
async fn offered(bank: &Bank) -> anyhow::Result<u64> {
    for sheet in 0..VOLUNTEERS.div_ceil(1000) {
        bank.sheet(sheet, 1000).await;
    }
    let reward = v1::Reward {
        branch_code: "NW".to_owned(),
        name: "粮油券".to_owned(),
        kind: v1::RewardKind::Goods.into(),
        price: Some(v1::Decimal { value: "0.25".to_owned() }),
        stock: 1_000_000,
        ..<_>::default()
    };
    let request_id = uuid::Uuid::new_v4().to_string();
    let message = v1::PublishRewardRequest { request_id, reward: Some(reward), ..<_>::default() };
    let mut client = RedemptionServiceClient::new(bank.channel());
    Ok(client.publish_reward(ask(bank.approver(), message)).await?.into_inner().reward_no)
}

fn ask_and_cancel(bank: &Bank, reward_no: u64, no: u64) -> impl Future<Output = ()> + Send + use<> {
    let mut client = RedemptionServiceClient::new(bank.channel());
    let clerk = bank.clerk().to_owned();
    async move {
        let message = v1::RequestRedemptionRequest {
            request_id: uuid::Uuid::new_v4().to_string(),
            volunteer_number: format!("{:010}", no % VOLUNTEERS),
            reward_no,
            ..<_>::default()
        };
        let made = client.request_redemption(ask(&clerk, message)).await.expect("held");
        let redemption = made.into_inner().redemption.expect("a redemption");
        let message = v1::CancelRedemptionRequest {
            request_id: uuid::Uuid::new_v4().to_string(),
            redemption_no: redemption.redemption_no,
            ..<_>::default()
        };
        client.cancel_redemption(ask(&clerk, message)).await.expect("released");
    }
}

/// The order of a window of the largest size: decided, encoded and posted, as the writer does.
pub(crate) fn allocation() -> anyhow::Result<Figure> {
    let town = waiting()?;
    let context = town.context(None, lovebank_ledger::RequestId::new([7; 16]), &Command::SettleDue);
    let begun = Instant::now();
    let Decision::New(entry) = town.ledger().decide(&context, &Command::SettleDue)? else {
        anyhow::bail!("the request id was used before");
    };
    let decided = begun.elapsed();
    let sealed = codec::seal(&entry);
    let mut ahead = town.ledger().above();
    ahead.post(&entry, sealed.seal())?;
    let all = begun.elapsed();
    let Event::Reward(RewardEvent::WindowClosed(it)) = &entry.event else {
        anyhow::bail!("something else was due");
    };
    anyhow::ensure!(it.ranked.len() == QUEUE_MAX && it.places == PLACES, "not all were ranked");
    let what = format!("a window of {QUEUE_MAX} requests for {PLACES} places allocated");
    let kib = sealed.bytes().len() / 1024;
    let measured = format!("{} ms, of which {} decide; {kib} KiB", millis(all), millis(decided));
    Ok(Figure::said(what, measured, "1000 ms".to_owned()))
}

fn millis(it: Duration) -> u128 {
    it.as_millis()
}

/// A town in which a window is about to close.
fn waiting() -> anyhow::Result<Town> {
    let mut town = Town::new();
    town.at("2026-03-10 09:00");
    let clerk = town.staff("clerk", Role::Clerk, Some("NW"));
    let approver = town.staff("approver", Role::Approver, Some("NW"));
    town.must(approver, &publish()?);
    let count = u64::try_from(QUEUE_MAX)?;
    for no in 0..count {
        let item = NewVolunteer {
            volunteer: volunteer_id(no),
            tag: number(&no.to_string()),
            branch: Town::code("N1"),
            joined: lovebank_testkit::day("2020-01-01"),
        };
        let mode = BatchMode::Atomic;
        town.must(clerk, &Command::RegisterVolunteers { items: vec![item], mode });
        let volunteer = Town::volunteer_ref(&no.to_string());
        for month in 0..no % (SERVICES + 1) {
            let start = format!("2025-{:02}-03 09:00", month.saturating_add(1));
            let minutes = u32::try_from(no % 240)?.saturating_add(1);
            let service = Service::interval(interval(&start, minutes));
            let items = vec![HoursItem { volunteer, service, evaluation: None }];
            let activity: ActivityRef = Town::activity("N1", "社区巡河");
            let provenance = Provenance::Clerk;
            let hours = RecordHours { activity, provenance, items, mode };
            town.must(clerk, &Command::RecordHours(hours));
        }
        let reward = RewardNo::FIRST;
        let request = RewardCommand::RequestRedemption { volunteer, reward, age_band: Some(60) };
        town.must(clerk, &Command::Reward(request));
    }
    town.at("2026-03-20 00:00");
    Ok(town)
}

fn publish() -> anyhow::Result<Command> {
    let at = |text| timestamp(text);
    let window =
        Window::new(at("2026-03-10 00:00"), at("2026-03-20 00:00"), at("2026-04-01 00:00"))?;
    let none = || anyhow::anyhow!("out of bounds");
    Ok(Command::Reward(RewardCommand::PublishReward(PublishReward {
        branch: Town::code("N1"),
        name: RewardName::new("粮油券")?,
        text: None,
        kind: RewardKind::Goods,
        price: Price::new(Points::ZERO).ok_or_else(none)?,
        stock: Stock::new(PLACES).ok_or_else(none)?,
        limit: None,
        eligibility: None,
        mode: RewardMode::Window { window, policy: PolicyName::new("default")? },
    })))
}
