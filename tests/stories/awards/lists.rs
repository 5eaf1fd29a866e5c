//! Lists of honours and runs, with every combination of filters, beside what was done.

use lovebank_wire::v1::{self, BranchKind, RunState, honour_title::Title};

use super::{Street, selection, street};
use crate::support::fresh;

/// An honour as it was given: whose, at home where, its number, and whether it is held.
struct Given {
    number: &'static str,
    home: &'static str,
    no: u64,
    held: bool,
}

const HOMES: [(&str, &str); 5] =
    [("1", "NW"), ("a", "NW-01"), ("b", "NW-01"), ("c", "NW-02"), ("d", "NW-02")];

impl Street {
    /// Writes down an award of each of some years for everybody, and takes every third back.
    async fn honoured(&self) -> Vec<Given> {
        let operator = self.bank.operator();
        for code in ["NW-01", "NW-02"] {
            operator.branch(code, BranchKind::Community, "NW").await;
        }
        for (number, home) in &HOMES[1..] {
            self.clerk.register(number, home).await;
        }
        let mut given = Vec::new();
        for year in 2020..2023 {
            for (number, home) in HOMES {
                let title = Title::Award(v1::AwardTitle {
                    programme: "best".to_owned(),
                    year,
                    level: v1::HonourLevel::Street.into(),
                });
                let item = v1::HonourItem {
                    volunteer_number: number.to_owned(),
                    title: Some(v1::HonourTitle { title: Some(title) }),
                    given_date: Some(v1::Date { year, month: 12, day: 5 }),
                };
                let message = v1::RecordHonoursRequest {
                    request_id: fresh(),
                    items: vec![item],
                    ..<_>::default()
                };
                let answer =
                    self.officer.recognitions().record_honours(self.officer.ask(message)).await;
                let honours = answer.expect("recorded").into_inner().honours;
                let no = honours.first().expect("an honour").honour_no;
                let held = no % 3 != 0;
                if !held {
                    let reason = v1::Reason::Other.into();
                    let (request_id, honour_no) = (fresh(), no);
                    let message =
                        v1::RevokeHonourRequest { request_id, honour_no, reason, ..<_>::default() };
                    let mut recognitions = self.officer.recognitions();
                    let taken = recognitions.revoke_honour(self.officer.ask(message));
                    taken.await.expect("taken back");
                }
                given.push(Given { number, home, no, held });
            }
        }
        given
    }

    /// The numbers of all pages.
    async fn honours(&self, asked: &v1::ListHonoursRequest) -> Vec<u64> {
        let (mut found, mut page_token) = (Vec::new(), String::new());
        loop {
            let message = v1::ListHonoursRequest { page_token, ..asked.clone() };
            let page = self.officer.recognitions().list_honours(self.officer.ask(message)).await;
            let page = page.expect("a page").into_inner();
            found.extend(page.honours.iter().map(|it| it.honour_no));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return found;
            }
        }
    }

    async fn runs(&self, asked: &v1::ListRunsRequest) -> Vec<u64> {
        let (mut found, mut page_token) = (Vec::new(), String::new());
        loop {
            let message = v1::ListRunsRequest { page_token, ..asked.clone() };
            let page = self.officer.recognitions().list_runs(self.officer.ask(message)).await;
            let page = page.expect("a page").into_inner();
            found.extend(page.runs.iter().map(|it| it.run_no));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return found;
            }
        }
    }
}

#[tokio::test]
async fn honours_are_listed_as_they_were_given_whatever_is_asked_for() {
    let street = street().await;
    let given = street.honoured().await;
    let expected = |fits: &dyn Fn(&Given) -> bool| {
        given.iter().rev().filter(|it| fits(it)).map(|it| it.no).collect::<Vec<_>>()
    };
    for page_size in [1, 2, 7, 1000] {
        for held_only in [false, true] {
            let base = v1::ListHonoursRequest { page_size, held_only, ..<_>::default() };
            for code in ["NW", "NW-01", "NW-02"] {
                let branch_code = code.to_owned();
                let asked = v1::ListHonoursRequest { branch_code, ..base.clone() };
                let fits =
                    |it: &Given| (code == "NW" || it.home == code) && (it.held || !held_only);
                assert_eq!(street.honours(&asked).await, expected(&fits), "{asked:?}");
            }
            for (number, _) in HOMES {
                let volunteer_number = number.to_owned();
                let asked = v1::ListHonoursRequest { volunteer_number, ..base.clone() };
                let fits = |it: &Given| it.number == number && (it.held || !held_only);
                assert_eq!(street.honours(&asked).await, expected(&fits), "{asked:?}");
            }
        }
    }
}

#[tokio::test]
async fn runs_are_listed_as_they_stand_whatever_is_asked_for() {
    let street = street().await;
    let officer = &street.officer;
    let mut made = Vec::new();
    for (no, year) in (1..).zip([2023, 2024, 2023, 2024, 2024, 2023]) {
        let of = Some(v1::SelectionOf { year, ..selection() });
        let message = v1::CreateRunRequest { request_id: fresh(), of, ..<_>::default() };
        officer.recognitions().create_run(officer.ask(message)).await.expect("a run");
        let state = match no % 3 {
            0 => RunState::Draft,
            1 => street.publish(no).await.state(),
            _ => {
                let reason = v1::Reason::Other.into();
                let (request_id, run_no) = (fresh(), no);
                let message =
                    v1::WithdrawRunRequest { request_id, run_no, reason, ..<_>::default() };
                officer.recognitions().withdraw_run(officer.ask(message)).await.expect("given up");
                RunState::Withdrawn
            }
        };
        made.push((no, year, state));
    }
    let states = [None, Some(RunState::Draft), Some(RunState::Published), Some(RunState::Final)];
    for page_size in [1, 4, 1000] {
        for (programme, known) in [("", true), ("best", true), ("none", false)] {
            for year in [0, 2022, 2023, 2024] {
                for state in states {
                    let asked = v1::ListRunsRequest {
                        programme: programme.to_owned(),
                        year,
                        state: state.map_or(0, i32::from),
                        page_size,
                        ..<_>::default()
                    };
                    let fits = |it: &&(u64, i32, RunState)| {
                        known && (year == 0 || it.1 == year) && state.is_none_or(|of| of == it.2)
                    };
                    let expected: Vec<_> = made.iter().rev().filter(fits).map(|it| it.0).collect();
                    assert_eq!(street.runs(&asked).await, expected, "{asked:?}");
                }
            }
        }
    }
}
