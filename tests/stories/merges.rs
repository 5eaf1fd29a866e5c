//! One person under two numbers: two hands make them one, both passbooks stay and name each other,
//! and two hands tell them apart again.

use lovebank_wire::v1::{self, BranchKind, LineKind, MergeState, Role};

use crate::support::{Client, TestBank, fresh, interval, reason, service};

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
