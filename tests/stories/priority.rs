//! Who comes first, what other rules would change, and who may see what of it.

use lovebank_ledger::DEFAULT_RULEBOOK;
use lovebank_wire::v1::{
    self,
    RedemptionState::{Allocated, Waiting},
    Role,
};

use crate::{
    redemption::{Street, explain, get, request, reward, street},
    support::{Client, fresh, reason},
};

async fn listed(client: &Client, reward_no: u64) -> Vec<v1::QueuePlace> {
    let message = v1::ListQueueRequest { reward_no, ..<_>::default() };
    let answer = client.redemptions().list_queue(client.ask(message)).await.expect("a queue");
    answer.into_inner().places_in_line
}

async fn order(client: &Client, reward_no: u64) -> Vec<u64> {
    listed(client, reward_no).await.iter().map(|it| it.redemption_no).collect()
}

async fn redemptions(
    client: &Client,
    message: v1::ListRedemptionsRequest,
) -> v1::ListRedemptionsResponse {
    let answer = client.redemptions().list_redemptions(client.ask(message)).await;
    answer.expect("listed").into_inner()
}

/// A street of four on the waiting list of a reward without places.
async fn waiting(stock: u32) -> (Street, u64) {
    let street = street(4).await;
    let it = v1::Reward { waiting_list: true, ..reward(stock, "1") };
    let reward_no = street.publish(it).await.expect("published");
    for number in ["1", "2", "3", "4"] {
        request(&street.clerk, number, reward_no).await.expect("asked");
    }
    (street, reward_no)
}

pub(crate) async fn adopt(
    operator: &Client,
    text: &str,
    validate_only: bool,
) -> v1::AdoptRulebookResponse {
    let message = v1::AdoptRulebookRequest {
        request_id: fresh(),
        validate_only,
        text: text.to_owned(),
        ..<_>::default()
    };
    let answer = operator.rulebooks().adopt_rulebook(operator.ask(message)).await;
    answer.expect("fine rules").into_inner()
}

#[tokio::test]
async fn the_dry_run_of_a_rulebook_names_exactly_those_who_move() {
    let (street, reward_no) = waiting(0).await;
    let operator = street.bank.operator();
    let before = order(&street.clerk, reward_no).await;
    assert_eq!(before, [4, 3, 2, 1], "who served most comes first");
    // Who served less than three hours is first, then who served most: 2 and 1, then 4 and 3.
    let rules = DEFAULT_RULEBOOK.replacen(
        "[[priority.default]]\nenglish = \"need class\"\nchinese = \"困难等级\"\nscore = \"need_class\"",
        "[[priority.default]]\nenglish = \"newcomer\"\nchinese = \"新人\"\nscore = \"minutes < 150 ? 1 : 0\"",
        1,
    );
    assert_ne!(rules, DEFAULT_RULEBOOK);
    let tried = adopt(&operator, &rules, true).await;
    assert!(tried.receipt.as_ref().is_some_and(|it| it.validated_only));
    let moves: Vec<_> =
        tried.moves.iter().map(|it| (it.redemption_no, it.from_rank, it.to_rank)).collect();
    assert_eq!(moves, [(2, 3, 1), (1, 4, 2), (4, 1, 3), (3, 2, 4)]);
    assert!(tried.moves.iter().all(|it| it.reward_no == reward_no && it.reward_name == "粮油券"));
    assert_eq!(tried.more_moves, 0);
    assert_eq!(order(&street.clerk, reward_no).await, before, "it was only tried");

    // The same order by other words moves nobody.
    let same = format!("{DEFAULT_RULEBOOK}\n# 同样的规则\n");
    assert!(adopt(&operator, &same, true).await.moves.is_empty());

    let adopted = adopt(&operator, &rules, false).await;
    assert!(adopted.moves.is_empty() && adopted.version == tried.version);
    let after = order(&street.clerk, reward_no).await;
    let rank = |order: &[u64], no: u64| {
        let at = order.iter().position(|it| *it == no).expect("it waits");
        u32::try_from(at + 1).expect("a few")
    };
    for (redemption_no, from, to) in moves {
        let ranks = (rank(&before, redemption_no), rank(&after, redemption_no));
        assert_eq!(ranks, (from, to), "as it was told");
    }
    let told = explain(&street.clerk, 3).await;
    assert!(told.message.starts_with("Place 4 of 4"), "{}", told.message);
}

#[tokio::test]
async fn the_dry_run_of_other_stars_names_who_moves_by_them() {
    let (street, reward_no) = waiting(0).await;
    let operator = street.bank.operator();
    // All have the same need and redeemed nothing, so that the star decides, then the minutes: the
    // fewest first, to tell the two apart.
    let key = "score = \"minutes_12_months\"\nfirst = ";
    let fewest = |stars: &str| {
        let rules = DEFAULT_RULEBOOK
            .replacen(&format!("{key}\"highest\""), &format!("{key}\"lowest\""), 1)
            .replacen("[stars]\nscheme = \"national\"", stars, 1);
        assert!(rules.contains(stars));
        rules
    };
    adopt(&operator, &fewest("[stars]\nhours = [100]"), false).await;
    assert_eq!(order(&street.clerk, reward_no).await, [1, 2, 3, 4]);
    let rules = fewest("[stars]\nhours = [3]");
    let tried = adopt(&operator, &rules, true).await;
    let moves: Vec<_> =
        tried.moves.iter().map(|it| (it.redemption_no, it.from_rank, it.to_rank)).collect();
    assert_eq!(moves, [(3, 3, 1), (4, 4, 2), (1, 1, 3), (2, 2, 4)], "three hours are a star");
    adopt(&operator, &rules, false).await;
    assert_eq!(order(&street.clerk, reward_no).await, [3, 4, 1, 2]);
}

#[tokio::test]
async fn a_list_explains_the_order_of_now_and_passes_places_on() {
    let (street, reward_no) = waiting(1).await;
    assert_eq!(get(&street.clerk, 1).await.state(), Allocated, "who came first had the place");
    let told = explain(&street.clerk, 3).await;
    assert_eq!((told.rank, told.of, told.allocation_seq), (2, 3, 0));
    assert!(told.message.contains("minutes served in the last 12 months: 240 against 180"));
    assert!(told.message_zh.contains("对方240，本人180"), "{}", told.message_zh);
    let message =
        v1::CancelRedemptionRequest { request_id: fresh(), redemption_no: 1, ..<_>::default() };
    let clerk = &street.clerk;
    clerk.redemptions().cancel_redemption(clerk.ask(message)).await.expect("cancelled");
    assert_eq!(get(clerk, 4).await.state(), Allocated);
    assert_eq!(order(clerk, reward_no).await, [3, 2]);
    // Who got the place is told by the order that gave it, the next by that of now.
    let told = explain(clerk, 4).await;
    assert!(0 < told.allocation_seq && told.rank == 1, "{told:?}");
    let told = explain(clerk, 3).await;
    assert_eq!((told.rank, told.of, told.allocation_seq), (1, 2, 0));
}

#[tokio::test]
async fn pages_are_of_one_order_and_a_policy_in_use_stays() {
    let (street, reward_no) = waiting(0).await;
    let clerk = &street.clerk;
    let page = async |page_token: &str| {
        let page_token = page_token.to_owned();
        let message =
            v1::ListQueueRequest { reward_no, page_size: 1, page_token, ..<_>::default() };
        let answer = clerk.redemptions().list_queue(clerk.ask(message)).await;
        answer.map(tonic::Response::into_inner)
    };
    let first = page("").await.expect("a page");
    assert_eq!(first.places_in_line[0].redemption_no, 4);
    let second = page(&first.next_page_token).await.expect("the next");
    assert_eq!((second.places_in_line[0].redemption_no, second.places_in_line[0].rank), (3, 2));
    let message =
        v1::CancelRedemptionRequest { request_id: fresh(), redemption_no: 4, ..<_>::default() };
    clerk.redemptions().cancel_redemption(clerk.ask(message)).await.expect("cancelled");
    let refused = page(&second.next_page_token).await.expect_err("another order");
    assert_eq!(reason(&refused), "MALFORMED");
    assert!(refused.message().contains("changed since that page"), "{}", refused.message());

    let operator = street.bank.operator();
    let text = DEFAULT_RULEBOOK.replace("priority.default", "priority.other");
    let adopt = |text: String| {
        let message = v1::AdoptRulebookRequest { request_id: fresh(), text, ..<_>::default() };
        let request = operator.ask(message);
        let mut rulebooks = operator.rulebooks();
        async move { rulebooks.adopt_rulebook(request).await }
    };
    let refused = adopt(text.clone()).await.expect_err("it is in use");
    assert_eq!(reason(&refused), "POLICY_IN_USE");
    let message = v1::WithdrawRewardRequest { request_id: fresh(), reward_no, ..<_>::default() };
    let approver = &street.approver;
    approver.redemptions().withdraw_reward(approver.ask(message)).await.expect("withdrawn");
    adopt(text).await.expect("nobody waits by it");
}

#[tokio::test]
async fn names_are_for_those_who_may_see_them() {
    let (street, reward_no) = waiting(0).await;
    let places = listed(&street.clerk, reward_no).await;
    let numbers: Vec<&str> = places.iter().map(|it| it.volunteer_number.as_str()).collect();
    assert_eq!(numbers, ["4", "3", "2", "1"]);
    assert_eq!(places[0].scores[3].value, "240");

    let token = street.bank.operator().token("v3", Role::Volunteer, "3").await;
    let own = street.bank.with(&token);
    // Of others, a volunteer sees that they wait, and not how much they are in need.
    let places = listed(&own, reward_no).await;
    let seen: Vec<_> = places.iter().map(|it| (it.redemption_no, it.scores.len())).collect();
    assert_eq!(seen, [(0, 0), (3, 4), (0, 0), (0, 0)]);
    let places = listed(&own, reward_no).await;
    let numbers: Vec<&str> = places.iter().map(|it| it.volunteer_number.as_str()).collect();
    assert_eq!(numbers, ["", "3", "", ""], "one's own only");
    let mine = v1::ListRedemptionsRequest { reward_no, ..<_>::default() };
    let shown = redemptions(&own, mine).await.redemptions;
    assert_eq!(shown.iter().map(|it| it.redemption_no).collect::<Vec<_>>(), [3]);
    let other = v1::ExplainPriorityRequest { redemption_no: 4, ..<_>::default() };
    let refused = own.redemptions().explain_priority(own.ask(other)).await.expect_err("another's");
    assert_eq!(reason(&refused), "NOT_YOUR_PASSBOOK");
}

#[tokio::test]
async fn redemptions_of_a_reward_are_listed_page_by_page_and_holds_while_they_last() {
    let (street, reward_no) = waiting(2).await;
    let clerk = &street.clerk;
    let mut ask = v1::ListRedemptionsRequest { reward_no, page_size: 1, ..<_>::default() };
    ask.set_state(Waiting);
    let first = redemptions(clerk, ask.clone()).await;
    ask.page_token = first.next_page_token;
    let second = redemptions(clerk, ask.clone()).await;
    let shown: Vec<_> = first.redemptions.iter().chain(&second.redemptions).collect();
    assert_eq!(shown.iter().map(|it| it.redemption_no).collect::<Vec<_>>(), [4, 3]);
    assert_eq!(shown[0].volunteer_number, "4");
    ask.page_token = second.next_page_token;
    let end = redemptions(clerk, ask).await;
    assert!(end.redemptions.is_empty() && end.next_page_token.is_empty());

    let message = v1::ListHoldsRequest { volunteer_number: "4".to_owned(), ..<_>::default() };
    let holds = clerk.passbooks().list_holds(clerk.ask(message.clone())).await.expect("listed");
    let holds = holds.into_inner().holds;
    assert_eq!(holds.len(), 1);
    assert_eq!((holds[0].redemption_no, holds[0].reward_name.as_str()), (4, "粮油券"));
    assert_eq!(holds[0].remaining.as_ref().expect("points").value, "1.00");
    let cancel =
        v1::CancelRedemptionRequest { request_id: fresh(), redemption_no: 4, ..<_>::default() };
    clerk.redemptions().cancel_redemption(clerk.ask(cancel)).await.expect("cancelled");
    let holds = clerk.passbooks().list_holds(clerk.ask(message)).await.expect("listed");
    assert!(holds.into_inner().holds.is_empty());
}

#[tokio::test]
async fn a_code_is_also_for_the_clerk_who_asked_and_for_no_other() {
    let street = street(1).await;
    let reward_no = street.publish(reward(5, "0.10")).await.expect("published");
    let message = v1::RequestRedemptionRequest {
        request_id: fresh(),
        validate_only: true,
        volunteer_number: "1".to_owned(),
        reward_no,
    };
    let clerk = &street.clerk;
    let tried = clerk.redemptions().request_redemption(clerk.ask(message)).await.expect("fine");
    assert!(tried.into_inner().redemption.is_none(), "no code of a redemption to come");
    let asked = request(clerk, "1", reward_no).await.expect("asked");
    assert!(!asked.code.is_empty());
    assert_eq!(get(clerk, asked.redemption_no).await.code, asked.code);
    let token = street.bank.operator().token("clerk-2", Role::Clerk, "NW").await;
    let other = street.bank.with(&token);
    assert_eq!(get(&other, asked.redemption_no).await.code, "");
    assert_eq!(get(&street.approver, asked.redemption_no).await.code, "");
    let token = street.bank.operator().token("v1", Role::Volunteer, "1").await;
    let owner = street.bank.with(&token);
    assert_eq!(get(&owner, asked.redemption_no).await.code, asked.code);
    // Read aloud, a nought is an O.
    let (no, digits) = asked.code.split_once('-').expect("a code");
    let spoken = format!("{no}-{}", digits.replace('0', "o").replace('1', "l"));
    crate::redemption::fulfill(&other, &spoken).await.expect("got");
}

#[tokio::test]
async fn an_age_is_known_by_its_decade_and_only_where_it_was_told() {
    let street = street(1).await;
    let it = v1::Reward { eligibility: "age_band >= 60".to_owned(), ..reward(5, "0") };
    let reward_no = street.publish(it).await.expect("published");
    let refused = request(&street.clerk, "1", reward_no).await.expect_err("not told");
    assert_eq!(reason(&refused), "NOT_ELIGIBLE");
    assert!(refused.message().contains("age_band = -1"), "{}", refused.message());
    let born = async |year, month, day| {
        let person = v1::Person {
            name: "测试甲".to_owned(),
            birth_date: Some(v1::Date { year, month, day }),
            ..<_>::default()
        };
        let message =
            v1::UpdatePersonRequest { volunteer_number: "1".to_owned(), person: Some(person) };
        street.clerk.volunteers().update_person(street.clerk.ask(message)).await
    };
    // Today is 2024-04-01.
    for (year, month, day) in [(2024, 4, 2), (1879, 12, 31), (1950, 2, 30)] {
        let refused = born(year, month, day).await.expect_err("no such birth");
        assert_eq!(reason(&refused), "MALFORMED");
        assert!(refused.message().contains("person.birth_date"), "{}", refused.message());
    }
    born(1964, 4, 2).await.expect("told");
    let refused = request(&street.clerk, "1", reward_no).await.expect_err("59 until tomorrow");
    assert!(refused.message().contains("age_band = 50"), "{}", refused.message());
    let updated = born(1964, 4, 1).await.expect("told").into_inner();
    let person = updated.volunteer.and_then(|it| it.person).expect("a person");
    assert_eq!(person.birth_date, Some(v1::Date { year: 1964, month: 4, day: 1 }));
    request(&street.clerk, "1", reward_no).await.expect("60 today");
}

#[tokio::test]
async fn rewards_are_listed_from_above_and_from_below() {
    let street = street(1).await;
    let operator = street.bank.operator();
    operator.branch("NW-01", v1::BranchKind::Community, "NW").await;
    let above = street.publish(reward(1, "1")).await.expect("published");
    let it = v1::Reward { branch_code: "NW-01".to_owned(), ..reward(0, "1") };
    let below = street.publish(it).await.expect("published");
    let list = async |branch: &str, below, open_only| {
        let branch_code = branch.to_owned();
        let message = v1::ListRewardsRequest { branch_code, below, open_only, ..<_>::default() };
        let answer = street.clerk.redemptions().list_rewards(street.clerk.ask(message)).await;
        let rewards = answer.expect("listed").into_inner().rewards;
        rewards.iter().map(|it| it.reward_no).collect::<Vec<_>>()
    };
    assert_eq!(list("NW-01", false, false).await, [below, above]);
    assert_eq!(list("NW", false, false).await, [above]);
    assert_eq!(list("NW", true, false).await, [below, above]);
    assert_eq!(list("NW-01", true, false).await, [below]);
    assert_eq!(list("", false, true).await, [above], "what has places");
}
