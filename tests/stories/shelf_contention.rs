//! Twenty at once want the same points, the same places or the same reward: nobody gets one too
//! many, none is lost, and who is refused is told what was available. A thousand rounds in all.

use std::time::Duration;

use lovebank_wire::v1::{self, Role, give_points_request::To};
use tokio::task::JoinSet;
use tonic::Status;
use tonic_types::StatusExt as _;

use crate::{
    redemption::{Street, fulfill, request, reward, street},
    support::{Client, audited, fresh, interval, reason, service},
};

/// How many want it at the same time.
const AT_ONCE: usize = 20;

/// A street whose volunteers 1 and 2 have so many hours, and as many points.
async fn saved(hours: [i64; 2]) -> Street {
    let street = street(0).await;
    for (number, hours) in ["1", "2"].into_iter().zip(hours) {
        street.clerk.register(number, "NW").await;
        for day in 0..hours / 8 {
            let time = interval(day * 1440, 480);
            street.clerk.record(service(number, "NW", time)).await.expect("recorded");
        }
    }
    street
}

/// The results of what is done by twenty at once.
async fn at_once<F, T>(work: impl Fn(usize) -> F) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let mut clients = JoinSet::new();
    for client in 0..AT_ONCE {
        clients.spawn(work(client));
    }
    clients.join_all().await
}

fn hundredths(points: &str) -> i64 {
    points.replace('.', "").parse().expect("two places")
}

fn decimal(hundredths: i64) -> v1::Decimal {
    v1::Decimal { value: format!("{}.{:02}", hundredths / 100, hundredths % 100) }
}

/// Points and how many of them are held, in hundredths.
async fn book(client: &Client, number: &str) -> (i64, i64) {
    let it = client.passbook(number).await;
    let of = |it: Option<v1::Decimal>| hundredths(&it.expect("points").value);
    (of(it.points), of(it.points_held))
}

/// What a refused one is told of one operand: in the details, and to both readers.
fn told(refused: &Status, operand: &str) -> String {
    let details = refused.get_error_details();
    let info = details.error_info().expect("a reason");
    let value = info.metadata.get(operand).unwrap_or_else(|| panic!("{operand} in {info:?}"));
    assert!(refused.message().contains(value), "{}", refused.message());
    value.clone()
}

/// The points that a refused one is told were available; never enough for what was wanted.
fn available(refused: &Status, wanted: i64) -> i64 {
    assert_eq!(reason(refused), "INSUFFICIENT_POINTS");
    assert_eq!(hundredths(&told(refused, "points")), wanted);
    let available = told(refused, "available");
    let details = refused.get_error_details();
    let chinese = &details.localized_message().expect("a text").message;
    assert!(chinese.contains(&available), "{chinese}");
    let available = hundredths(&available);
    assert!((0..wanted).contains(&available), "{available} are enough for {wanted}");
    available
}

async fn cancel(client: &Client, redemption_no: u64) {
    let message =
        v1::CancelRedemptionRequest { request_id: fresh(), redemption_no, ..<_>::default() };
    client.redemptions().cancel_redemption(client.ask(message)).await.expect("cancelled");
}

/// Gives some points of volunteer 1 to the pool, or to the kin.
async fn give(client: &Client, to: To, points: i64) -> Result<u64, Status> {
    let message = v1::GivePointsRequest {
        request_id: fresh(),
        volunteer_number: "1".to_owned(),
        to: Some(to),
        points: Some(decimal(points)),
        ..<_>::default()
    };
    let answer = client.transfers().give_points(client.ask(message)).await?;
    Ok(answer.into_inner().gift.expect("a gift").gift_no)
}

fn pool() -> To {
    To::ToPoolBranchCode("NW".to_owned())
}

/// An approver takes a gift back.
async fn take_back(approver: &Client, gift_no: u64) {
    let reason = v1::Reason::Other.into();
    let message = v1::ReverseGiftRequest { request_id: fresh(), gift_no, reason, ..<_>::default() };
    approver.transfers().reverse_gift(approver.ask(message)).await.expect("taken back");
}

/// An approver gives back what a redemption took.
async fn give_back(approver: &Client, redemption_no: u64) {
    let reason = v1::Reason::Other.into();
    let message = v1::ReverseRedemptionRequest {
        request_id: fresh(),
        redemption_no,
        reason,
        ..<_>::default()
    };
    approver.redemptions().reverse_redemption(approver.ask(message)).await.expect("given back");
}

/// All of it is in the journal, and holds when it is added up again.
async fn holds_still(street: Street, books: [(i64, i64); 2]) {
    audited(&street.bank).await;
    let bank = street.bank.restart().await;
    let clerk = street.clerk.moved(&bank);
    assert_eq!([book(&clerk, "1").await, book(&clerk, "2").await], books);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_take_no_place_and_no_point_too_many() {
    let street = saved([8, 16]).await;
    // Places are short; then points, of which 1 has 8 and 2 has 16; then both, one just enough.
    let kinds = [(3, 70, 3), (20, 330, 2 + 4), (5, 190, 5), (7, 290, 2 + 5)];
    for (round, (stock, price, served)) in (0..300).zip(kinds.into_iter().cycle()) {
        let of = reward(stock, &decimal(price).value);
        let reward_no = street.publish(of).await.expect("published");
        let results = at_once(|client| {
            let (clerk, number) = (street.clerk.clone(), if client % 2 == 0 { "1" } else { "2" });
            async move { request(&clerk, number, reward_no).await }
        });
        let mut got = Vec::new();
        for result in results.await {
            match result {
                Ok(it) => got.push(it.redemption_no),
                Err(refused) if reason(&refused) == "OUT_OF_STOCK" => {
                    assert_eq!(told(&refused, "available"), "0");
                    assert_eq!(told(&refused, "stock"), stock.to_string());
                }
                Err(refused) => {
                    let left = available(&refused, price);
                    assert!((800 - left) % price == 0 || (1600 - left) % price == 0, "{left}");
                }
            }
        }
        assert_eq!(got.len(), served, "round {round}");
        let ((one, held_of_one), (two, held_of_two)) =
            (book(&street.clerk, "1").await, book(&street.clerk, "2").await);
        assert_eq!((one, two), (800, 1600), "they are only set aside");
        assert_eq!(held_of_one + held_of_two, price * i64::try_from(served).expect("a few"));
        assert!(held_of_one <= one && held_of_two <= two);
        for redemption_no in got {
            cancel(&street.clerk, redemption_no).await;
        }
    }
    holds_still(street, [(800, 0), (1600, 0)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gifts_give_no_point_too_many() {
    let street = saved([8, 8]).await;
    street.kin().await;
    for round in 0..200 {
        let results = at_once(|client| {
            let clerk = street.clerk.clone();
            let to_kin = client % 2 == 0;
            let to = if to_kin { To::ToVolunteerNumber("2".to_owned()) } else { pool() };
            let points = [30, 70, 110, 150, 190][client % 5];
            async move { (points, to_kin, give(&clerk, to, points).await) }
        });
        let results = results.await;
        let left = book(&street.clerk, "1").await.0;
        let (mut gifts, mut given, mut to_kin) = (Vec::new(), 0, 0);
        for (points, kin, result) in results {
            match result {
                Ok(gift_no) => {
                    gifts.push(gift_no);
                    given += points;
                    to_kin += if kin { points } else { 0 };
                }
                // It only became less since.
                Err(refused) => assert!(left <= available(&refused, points), "round {round}"),
            }
        }
        assert_eq!(left, 800 - given, "round {round}");
        assert!((0..190).contains(&left), "someone was refused who could have given");
        assert_eq!(book(&street.clerk, "2").await, (800 + to_kin, 0));
        for gift_no in gifts {
            take_back(&street.approver, gift_no).await;
        }
    }
    holds_still(street, [(800, 0), (800, 0)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_code_shown_at_twenty_desks_is_captured_once() {
    let street = saved([8, 0]).await;
    let reward_no = street.publish(reward(1000, "1")).await.expect("published");
    for round in 0..200 {
        let asked = request(&street.clerk, "1", reward_no).await.expect("asked");
        // Each desk takes another sum, so that it can be told who was first.
        let results = at_once(|desk| {
            let (clerk, code) = (street.clerk.clone(), asked.code.clone());
            let points = 5 + 5 * i64::try_from(desk).expect("a few");
            let message = v1::FulfillRedemptionRequest {
                request_id: fresh(),
                code,
                points: Some(decimal(points)),
                ..<_>::default()
            };
            async move {
                let call = clerk.ask(message);
                (points, clerk.redemptions().fulfill_redemption(call).await)
            }
        });
        let mut taken = Vec::new();
        for (points, result) in results.await {
            match result {
                Ok(_) => taken.push(points),
                Err(refused) => {
                    assert_eq!(reason(&refused), "REDEMPTION_STATE");
                    assert_eq!(told(&refused, "state"), "fulfilled");
                }
            }
        }
        assert_eq!(taken.len(), 1, "round {round}");
        assert_eq!(book(&street.clerk, "1").await, (800 - taken[0], 0), "round {round}");
        give_back(&street.approver, asked.redemption_no).await;
    }
    holds_still(street, [(800, 0), (0, 0)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn help_that_both_confirm_ten_times_is_paid_once() {
    let street = saved([8, 8]).await;
    // Two words of one hand are one word: each side has its own.
    let other = street.bank.operator().token("clerk-2", Role::Clerk, "NW").await;
    let hands = [street.clerk.clone(), street.bank.with(&other)];
    for round in 0..100_u64 {
        // They help each other in turn, every day an hour.
        let sides = if round % 2 == 0 { ["1", "2"] } else { ["2", "1"] };
        let help_no = street.agreed(sides, i64::try_from(round).expect("a few")).await;
        street.clock.advance(Duration::from_secs(24 * 3600));
        let results = at_once(|client| {
            let (clerk, number) = (hands[client % 2].clone(), sides[client % 2].to_owned());
            let message = v1::ConfirmHelpRequest {
                request_id: fresh(),
                help_no,
                volunteer_number: number,
                minutes: 60,
                ..<_>::default()
            };
            async move { clerk.helps().confirm_help(clerk.ask(message)).await }
        });
        let mut said = Vec::new();
        for result in results.await {
            match result {
                Ok(it) => said.push(it.into_inner().help_request.expect("a request").state()),
                Err(refused) => {
                    assert_eq!(reason(&refused), "HELP_STATE");
                    let state = told(&refused, "state");
                    assert!(["said", "confirmed"].contains(&state.as_str()), "{state}");
                }
            }
        }
        assert_eq!(said.len(), 2, "round {round}: one word of each side");
        assert!(said.contains(&v1::HelpState::Confirmed), "round {round}: {said:?}");
        let paid = if round % 2 == 0 { 100 } else { 0 };
        assert_eq!(book(&street.clerk, "1").await, (800 - paid, 0), "round {round}");
        assert_eq!(book(&street.clerk, "2").await, (800 + paid, 0), "round {round}");
    }
    holds_still(street, [(800, 0), (800, 0)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_gifts_and_captures_share_one_balance() {
    let street = saved([8, 0]).await;
    for round in 0..200 {
        let cheap = street.publish(reward(2, "0.60")).await.expect("published");
        let shown = [
            request(&street.clerk, "1", cheap).await.expect("asked"),
            request(&street.clerk, "1", cheap).await.expect("asked"),
        ];
        // Three places, and seven who want one; six gifts; the two codes at seven desks.
        let reward_no = street.publish(reward(3, "1.60")).await.expect("published");
        let results = at_once(|client| {
            let (clerk, code) = (street.clerk.clone(), shown[client % 2].code.clone());
            async move {
                let result = match client % 3 {
                    0 => request(&clerk, "1", reward_no).await.map(|it| it.redemption_no),
                    1 => give(&clerk, pool(), 110).await,
                    _ => fulfill(&clerk, &code).await.map(|it| it.redemption_no),
                };
                (client % 3, result)
            }
        });
        let results = results.await;
        let (points, held) = book(&street.clerk, "1").await;
        let mut done = [const { Vec::new() }; 3];
        for (kind, result) in results {
            match result {
                Ok(no) => done[kind].push(no),
                Err(refused) => match reason(&refused).as_str() {
                    "OUT_OF_STOCK" => assert_eq!(told(&refused, "available"), "0"),
                    "REDEMPTION_STATE" => assert_eq!(told(&refused, "state"), "fulfilled"),
                    _ => {
                        let left = available(&refused, [160, 110][kind]);
                        assert!(points - held <= left, "round {round}: it only became less");
                    }
                },
            }
        }
        let count = |it: &Vec<u64>| i64::try_from(it.len()).expect("at most twenty");
        let [asked, given, captured] = done.each_ref().map(count);
        assert_eq!(captured, 2, "round {round}: each code works once");
        assert!(asked <= 3, "round {round}: oversold");
        assert_eq!(held, 160 * asked, "round {round}");
        assert_eq!(points, 800 - 60 * captured - 110 * given, "round {round}");
        assert!((0..160).contains(&(points - held)), "round {round}: {points}, {held} held");
        street.undo(done).await;
    }
    holds_still(street, [(800, 0), (0, 0)]).await;
}

impl Street {
    /// Cancels redemptions, takes gifts back, and gives back what was captured.
    async fn undo(&self, [asked, given, captured]: [Vec<u64>; 3]) {
        for redemption_no in asked {
            cancel(&self.clerk, redemption_no).await;
        }
        for gift_no in given {
            take_back(&self.approver, gift_no).await;
        }
        for redemption_no in captured {
            give_back(&self.approver, redemption_no).await;
        }
    }

    /// Volunteers 1 and 2 are kin.
    async fn kin(&self) {
        let ask = v1::RequestKinRequest {
            request_id: fresh(),
            volunteer_number: "1".to_owned(),
            kin_volunteer_number: "2".to_owned(),
            ..<_>::default()
        };
        self.clerk.transfers().request_kin(self.clerk.ask(ask)).await.expect("asked");
        let confirm = v1::ConfirmKinRequest {
            request_id: fresh(),
            volunteer_number: "1".to_owned(),
            kin_volunteer_number: "2".to_owned(),
            ..<_>::default()
        };
        let approver = &self.approver;
        approver.transfers().confirm_kin(approver.ask(confirm)).await.expect("confirmed");
    }

    /// An hour of help on a day after the first of the clock, asked for, offered and accepted.
    async fn agreed(&self, [asker, helper]: [&str; 2], day: i64) -> u64 {
        let helps = || self.clerk.helps();
        let message = v1::AskForHelpRequest {
            request_id: fresh(),
            volunteer_number: asker.to_owned(),
            activity: service(asker, "NW", interval(0, 60)).activity,
            // The clock began 31 days after the first service, at nine.
            window: Some(interval((31 + day) * 1440 + 720, 60)),
            ..<_>::default()
        };
        let taken = helps().ask_for_help(self.clerk.ask(message)).await.expect("taken");
        let help_no = taken.into_inner().help_request.expect("a request").help_no;
        let (request_id, volunteer_number) = (fresh(), helper.to_owned());
        let offer =
            v1::OfferHelpRequest { request_id, help_no, volunteer_number, ..<_>::default() };
        helps().offer_help(self.clerk.ask(offer)).await.expect("offered");
        let helper_passbook_no = helper.parse().expect("they were registered in this order");
        let request_id = fresh();
        let accept =
            v1::AcceptOfferRequest { request_id, help_no, helper_passbook_no, ..<_>::default() };
        helps().accept_offer(self.clerk.ask(accept)).await.expect("accepted");
        help_no
    }
}
