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
