//! One person under two numbers: two hands make them one, both passbooks stay and name each other,
//! and two hands tell them apart again.

#![expect(clippy::unnecessary_wraps, reason = "fields of messages are optional")]

use lovebank_wire::v1::{self, BranchKind, LineKind, MergeState, Role};

use crate::{
    import::{import, total},
    redemption::{request, reward},
    support::{Client, TestBank, fresh, interval, reason, service},
};

struct Street {
    bank: TestBank,
    clerk: Client,
    approver: Client,
}

/// A street in which volunteers 1 and 2 served 10 hours each, on days of their own.
async fn street() -> Street {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk-1", Role::Clerk, "NW").await);
    let approver = bank.with(&operator.token("approver-1", Role::Approver, "NW").await);
    for (number, first) in [("1", 0), ("2", 2)] {
        clerk.register(number, "NW").await;
        for day in 0..2 {
            let time = interval((first + day) * 1440, 300);
            clerk.record(service(number, "NW", time)).await.expect("recorded");
        }
    }
    Street { bank, clerk, approver }
}

impl Street {
    async fn propose(&self, number: &str, into: &str) -> Result<u64, tonic::Status> {
        let message = v1::ProposeMergeRequest {
            request_id: fresh(),
            volunteer_number: number.to_owned(),
            into_volunteer_number: into.to_owned(),
            ..<_>::default()
        };
        let answer = self.clerk.merges().propose_merge(self.clerk.ask(message)).await?;
        Ok(answer.into_inner().merge_no)
    }

    async fn confirm(&self, who: &Client, merge_no: u64) -> Result<i64, tonic::Status> {
        let request_id = fresh();
        let message = v1::ConfirmMergeRequest { request_id, merge_no, ..<_>::default() };
        let answer = who.merges().confirm_merge(who.ask(message)).await?;
        Ok(answer.into_inner().minutes)
    }

    async fn undo(&self, merge_no: u64) -> Result<i64, tonic::Status> {
        let request_id = fresh();
        let message = v1::ProposeMergeUndoRequest { request_id, merge_no, ..<_>::default() };
        self.clerk.merges().propose_merge_undo(self.clerk.ask(message)).await?;
        let request_id = fresh();
        let message = v1::ConfirmMergeUndoRequest { request_id, merge_no, ..<_>::default() };
        let approver = &self.approver;
        let answer = approver.merges().confirm_merge_undo(approver.ask(message)).await?;
        Ok(answer.into_inner().minutes)
    }

    async fn merges(&self) -> Vec<v1::Merge> {
        let message = v1::ListMergesRequest::default();
        let answer = self.clerk.merges().list_merges(self.clerk.ask(message)).await;
        answer.expect("listed").into_inner().merges
    }

    async fn minutes(&self, number: &str) -> i64 {
        self.clerk.passbook(number).await.minutes
    }
}

#[tokio::test]
async fn two_numbers_become_one_person_and_two_again() {
    let street = street().await;
    let merge = street.propose("1", "2").await.expect("proposed");
    let waits = street.merges().await;
    assert_eq!(
        (waits[0].volunteer_number.as_str(), waits[0].into_volunteer_number.as_str()),
        ("1", "2")
    );
    assert_eq!(waits[0].state(), MergeState::Proposed);
    let refused = street.confirm(&street.clerk, merge).await.expect_err("a clerk's");
    assert_eq!(reason(&refused), "ROLE_REQUIRED");
    assert_eq!(street.confirm(&street.approver, merge).await.expect("confirmed"), 600);

    let (old, kept) = (street.clerk.passbook("1").await, street.clerk.passbook("2").await);
    assert_eq!((old.minutes, old.merged_into_passbook_no), (0, 2));
    assert_eq!((kept.minutes, kept.merged_passbook_nos), (1200, vec![1]));
    assert_eq!((old.years.len(), kept.years[0].minutes), (0, 1200));
    let line = old.last_line.expect("a line");
    assert_eq!((line.kind(), line.merge_no), (LineKind::Merged, merge));
    assert_eq!((line.counterparty_passbook_no, line.minutes), (2, -600));
    let late = service("1", "NW", interval(5 * 1440, 60));
    let refused = street.clerk.record(late).await.expect_err("an old number");
    assert_eq!(reason(&refused), "PASSBOOK_MERGED");

    assert_eq!(street.undo(merge).await.expect("undone"), 600);
    assert_eq!((street.minutes("1").await, street.minutes("2").await), (600, 600));
    assert_eq!(street.merges().await[0].state(), MergeState::Undone);
}

#[tokio::test]
async fn the_same_service_twice_is_named_and_a_person_is_erased_under_both_numbers() {
    let street = street().await;
    let twice = service("2", "NW", interval(60, 60));
    street.clerk.record(twice).await.expect("recorded");
    let refused = street.propose("1", "2").await.expect_err("a clash");
    assert_eq!(reason(&refused), "SERVICES_CLASH");
    assert!(refused.message().contains("1 + 5"), "{}", refused.message());
    let message = v1::ReverseHoursRequest {
        request_id: fresh(),
        record_nos: vec![5],
        reason: v1::Reason::Duplicate.into(),
        ..<_>::default()
    };
    street.approver.hours().reverse_hours(street.approver.ask(message)).await.expect("reversed");
    let merge = street.propose("1", "2").await.expect("proposed");
    street.confirm(&street.approver, merge).await.expect("confirmed");

    let message = v1::ErasePersonRequest {
        request_id: fresh(),
        volunteer_number: "1".to_owned(),
        ..<_>::default()
    };
    let approver = &street.approver;
    approver.volunteers().erase_person(approver.ask(message)).await.expect("erased");
    let message = v1::ListVolunteersRequest::default();
    let all = approver.volunteers().list_volunteers(approver.ask(message)).await.expect("listed");
    let all = all.into_inner().volunteers;
    assert!(all.iter().all(|it| it.erased && it.person.is_none()), "{all:?}");
    drop(street.bank);
}

#[tokio::test]
async fn what_stood_under_the_old_number_is_listed_under_both() {
    let street = street().await;
    let (clerk, approver) = (&street.clerk, &street.approver);
    clerk.register("3", "NW").await;
    let kin = v1::RequestKinRequest {
        request_id: fresh(),
        volunteer_number: "1".to_owned(),
        kin_volunteer_number: "3".to_owned(),
        ..<_>::default()
    };
    clerk.transfers().request_kin(clerk.ask(kin)).await.expect("asked");
    let (request_id, reward) = (fresh(), Some(reward(1, "1")));
    let publish = v1::PublishRewardRequest { request_id, reward, ..<_>::default() };
    let publish = approver.redemptions().publish_reward(approver.ask(publish)).await;
    let reward_no = publish.expect("published").into_inner().reward_no;
    let asked = request(clerk, "1", reward_no).await.expect("held");
    let cancel = v1::CancelRedemptionRequest {
        request_id: fresh(),
        redemption_no: asked.redemption_no,
        ..<_>::default()
    };
    clerk.redemptions().cancel_redemption(clerk.ask(cancel)).await.expect("cancelled");
    let merge = street.propose("1", "2").await.expect("proposed");
    street.confirm(&street.approver, merge).await.expect("confirmed");

    for (number, records) in [("1", 2), ("2", 4)] {
        let volunteer_number = number.to_owned();
        let list = v1::ListRedemptionsRequest { volunteer_number, ..<_>::default() };
        let listed = clerk.redemptions().list_redemptions(clerk.ask(list)).await.expect("listed");
        assert_eq!(listed.into_inner().redemptions.len(), 1, "redemptions of {number}");
        let volunteer_number = number.to_owned();
        let list = v1::ListKinRequest { volunteer_number, ..<_>::default() };
        let listed = clerk.transfers().list_kin(clerk.ask(list)).await.expect("listed");
        assert_eq!(listed.into_inner().kin.len(), 1, "kin of {number}");
        let volunteer_number = number.to_owned();
        let list = v1::ListHoursRecordsRequest { volunteer_number, ..<_>::default() };
        let listed = clerk.hours().list_hours_records(clerk.ask(list)).await.expect("listed");
        assert_eq!(listed.into_inner().records.len(), records, "records of {number}");
    }
}

impl Street {
    /// Asks for help in the name of a number, and gives it up; writes an award of a year down.
    async fn helped_and_honoured(&self, officer: &Client, number: &str, help_no: u64, year: i32) {
        let (clerk, volunteer_number) = (&self.clerk, number.to_owned());
        let activity = v1::Activity {
            branch_code: "NW".to_owned(),
            name: "陪同就医".to_owned(),
            ..<_>::default()
        };
        let ask = v1::AskForHelpRequest {
            request_id: fresh(),
            volunteer_number: volunteer_number.clone(),
            activity: Some(activity),
            // In a hundred years.
            window: Some(interval(100 * 366 * 1440, 60)),
            ..<_>::default()
        };
        clerk.helps().ask_for_help(clerk.ask(ask)).await.expect("asked");
        let cancel = v1::CancelHelpRequest { request_id: fresh(), help_no, ..<_>::default() };
        clerk.helps().cancel_help(clerk.ask(cancel)).await.expect("given up");
        let title = v1::honour_title::Title::Award(v1::AwardTitle {
            programme: "best".to_owned(),
            year,
            level: v1::HonourLevel::Street.into(),
        });
        let item = v1::HonourItem {
            volunteer_number,
            title: Some(v1::HonourTitle { title: Some(title) }),
            given_date: Some(v1::Date { year, month: 12, day: 5 }),
        };
        let (request_id, items) = (fresh(), vec![item]);
        let record = v1::RecordHonoursRequest { request_id, items, ..<_>::default() };
        officer.recognitions().record_honours(officer.ask(record)).await.expect("written down");
    }

    /// How many help requests that were given up, and which honours, are listed of a number.
    async fn listed(&self, number: &str) -> (Vec<u64>, Vec<u64>) {
        let (clerk, volunteer_number) = (&self.clerk, number.to_owned());
        let state = v1::HelpState::Cancelled.into();
        let list = v1::ListHelpRequestsRequest { volunteer_number, state, ..<_>::default() };
        let helps = clerk.helps().list_help_requests(clerk.ask(list)).await.expect("listed");
        let volunteer_number = number.to_owned();
        let list = v1::ListHonoursRequest { volunteer_number, ..<_>::default() };
        let honours = clerk.recognitions().list_honours(clerk.ask(list)).await.expect("listed");
        let helps = helps.into_inner().help_requests.iter().map(|it| it.help_no).collect();
        (helps, honours.into_inner().honours.iter().map(|it| it.honour_no).collect())
    }
}

#[tokio::test]
async fn help_and_honours_are_listed_for_the_person_and_for_what_each_number_did() {
    let street = street().await;
    let officer = street.bank.operator().token("officer", Role::AwardOfficer, "").await;
    let officer = street.bank.with(&officer);
    street.helped_and_honoured(&officer, "1", 1, 2020).await;
    street.helped_and_honoured(&officer, "2", 2, 2021).await;
    let apart = [(vec![1], vec![1]), (vec![2], vec![2])];
    assert_eq!([street.listed("1").await, street.listed("2").await], apart);
    let merge = street.propose("1", "2").await.expect("proposed");
    street.confirm(&street.approver, merge).await.expect("confirmed");
    assert_eq!(street.listed("1").await, (vec![1], vec![1]), "what stood under it");
    assert_eq!(street.listed("2").await, (vec![2, 1], vec![2, 1]), "all of the person");
    street.undo(merge).await.expect("undone");
    assert_eq!([street.listed("1").await, street.listed("2").await], apart);
}

#[tokio::test]
async fn who_reaches_one_side_proposes_an_undo_and_is_told_nothing_of_the_other() {
    let street = street().await;
    let operator = street.bank.operator();
    operator.branch("NW-02", BranchKind::Community, "NW").await;
    let there = street.bank.with(&operator.token("clerk-2", Role::Clerk, "NW-02").await);
    street.clerk.register("4", "NW-02").await;
    let served = service("4", "NW", interval(5 * 1440, 300));
    street.clerk.record(served).await.expect("recorded");
    let merge_no = street.propose("4", "1").await.expect("proposed");
    street.confirm(&street.approver, merge_no).await.expect("confirmed");
    let spent = v1::GivePointsRequest {
        request_id: fresh(),
        volunteer_number: "1".to_owned(),
        to: Some(v1::give_points_request::To::ToPoolBranchCode("NW".to_owned())),
        points: Some(v1::Decimal { value: "14.5".to_owned() }),
        ..<_>::default()
    };
    street.clerk.transfers().give_points(street.clerk.ask(spent)).await.expect("given");

    let undo = |who: &Client| {
        let request_id = fresh();
        who.ask(v1::ProposeMergeUndoRequest { request_id, merge_no, ..<_>::default() })
    };
    let refused = street.clerk.merges().propose_merge_undo(undo(&street.clerk)).await;
    assert_eq!(reason(&refused.expect_err("who sees both is told")), "INSUFFICIENT_POINTS");
    let answer = there.merges().propose_merge_undo(undo(&there)).await.expect("proposed");
    let receipt = answer.into_inner().receipt;
    assert!(receipt.is_some_and(|it| it.seq != 0));
    let (request_id, approver) = (fresh(), &street.approver);
    let confirm = v1::ConfirmMergeUndoRequest { request_id, merge_no, ..<_>::default() };
    let refused = approver.merges().confirm_merge_undo(approver.ask(confirm)).await;
    assert_eq!(reason(&refused.expect_err("it is spent")), "INSUFFICIENT_POINTS");
}

#[tokio::test]
async fn every_verdict_names_the_passbook_as_it_was_when_the_sheet_was_taken_in() {
    let street = street().await;
    let sheet = |key| {
        let header = v1::ImportHeader {
            batch_key: vec![key; 32],
            branch_code: "NW".to_owned(),
            span: Some(v1::Span { from: day(1), to: day(31) }),
            ..<_>::default()
        };
        import(&street.approver, header, vec![vec![total(2, "1", "社区巡河", 2)]])
    };
    let told =
        |answers: Vec<v1::ImportHoursResponse>| answers[0].verdicts[0].merged_into_passbook_no;
    assert_eq!(told(sheet(1).await.expect("taken in")), 0);
    let merge = street.propose("1", "2").await.expect("proposed");
    street.confirm(&street.approver, merge).await.expect("confirmed");
    assert_eq!(told(sheet(2).await.expect("taken in")), 2, "it is the same again");
    assert_eq!(told(sheet(1).await.expect("told again")), 0, "as it was told");
}

fn day(day: i32) -> Option<v1::Date> {
    Some(v1::Date { year: 2024, month: 3, day })
}
