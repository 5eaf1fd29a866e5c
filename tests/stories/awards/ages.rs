//! Stars and awards that go by age: which day counts, and who has none.

use lovebank_wire::v1;

use super::{Street, street};
use crate::support::{fresh, interval, service};

/// A star for children, higher from 11 on; and an award for those of 60.
const BY_AGE: &str = r#"
[star_schemes.young]
english = "Young"
chinese = "少年"
age_bands = [5, 11]
days = { begins = "01-01" }
stars = [
    { level = 1, english = "One", chinese = "一星", hours = 1, age_band = 5 },
    { level = 1, english = "One", chinese = "一星", hours = 2, age_band = 11 },
]

[programmes.best]
english = "Elders"
chinese = "长者"
level = "street"
age_bands = [0, 60]
eligible = [{ english = "age", chinese = "年龄", condition = "age_band == 60" }]
order = [{ english = "minutes", chinese = "服务分钟数", score = "minutes", first = "highest" }]
"#;

impl Street {
    /// Adopts the rules, and registers someone born on a day.
    async fn by_age(&self) {
        let operator = self.bank.operator();
        let text = [lovebank_ledger::DEFAULT_RULEBOOK, BY_AGE].join("\n");
        let message = v1::AdoptRulebookRequest { request_id: fresh(), text, ..<_>::default() };
        operator.rulebooks().adopt_rulebook(operator.ask(message)).await.expect("adopted");
    }

    async fn born(&self, number: &str, (year, month, day): (i32, i32, i32)) {
        let birth_date = Some(v1::Date { year, month, day });
        let person = v1::Person { name: "测试乙".to_owned(), birth_date, ..<_>::default() };
        let volunteer = v1::NewVolunteer {
            volunteer_number: number.to_owned(),
            branch_code: "NW".to_owned(),
            joined: None,
            person: Some(person),
        };
        let message = v1::RegisterVolunteerRequest {
            request_id: fresh(),
            volunteer: Some(volunteer),
            ..<_>::default()
        };
        let registered = self.clerk.volunteers().register_volunteer(self.clerk.ask(message)).await;
        registered.expect("registered");
    }

    /// Who reached a star of a year.
    async fn young(&self, year: i32) -> Vec<String> {
        let message = v1::ListStarCandidatesRequest {
            scheme: "young".to_owned(),
            year,
            branch_code: "NW".to_owned(),
            ..<_>::default()
        };
        let clerk = &self.clerk;
        let answer = clerk.recognitions().list_star_candidates(clerk.ask(message)).await;
        let mut parts = answer.expect("a list").into_inner();
        let mut found = Vec::new();
        while let Some(part) = parts.message().await.expect("a part") {
            found.extend(part.candidates.into_iter().map(|it| it.volunteer_number));
        }
        found
    }
}

/// Minutes before 2024-03-01: on 2023-12-01.
const DECEMBER: i64 = -91 * 24 * 60;

#[tokio::test]
async fn a_star_of_last_year_goes_by_the_age_at_its_end() {
    let street = street().await;
    street.by_age().await;
    // Both turn 11: one before the year ended, one after, before the list is made.
    street.born("a", (2012, 12, 31)).await;
    street.born("b", (2013, 1, 1)).await;
    for number in ["a", "b"] {
        let message = service(number, "NW", interval(DECEMBER, 60));
        street.clerk.record(message).await.expect("recorded");
    }
    assert_eq!(street.young(2023).await, ["b"], "nobody else's birth date is known");
    let item = |number: &str| v1::StarItem { volunteer_number: number.to_owned(), level: 1 };
    let message = v1::AwardStarsRequest {
        request_id: fresh(),
        scheme: "young".to_owned(),
        year: 2023,
        items: vec![item("a"), item("b"), item("1")],
        mode: v1::BatchMode::ItemByItem.into(),
        ..<_>::default()
    };
    let approver = &street.approver;
    let given = approver.recognitions().award_stars(approver.ask(message)).await;
    let given = given.expect("given").into_inner();
    assert_eq!(given.honours.iter().map(|it| it.index).collect::<Vec<_>>(), [1]);
    assert_eq!(given.refused.len(), 2);
    assert!(street.young(2023).await.is_empty());
}

#[tokio::test]
async fn drift_knows_the_age_of_one_whose_hours_came_late() {
    let street = street().await;
    street.by_age().await;
    street.born("e", (1950, 5, 1)).await;
    street.born("f", (1999, 5, 1)).await;
    assert_eq!(street.create().await.chosen, 0);
    for number in ["e", "f"] {
        let message = service(number, "NW", interval(0, 60));
        street.clerk.record(message).await.expect("recorded");
    }
    let message = v1::CheckDriftRequest { min_seq: 0, run_no: 1 };
    let officer = &street.officer;
    let answer = officer.recognitions().check_drift(officer.ask(message)).await;
    let part = answer.expect("an answer").into_inner().message().await.expect("a part");
    let part = part.expect("one at least");
    let seen: Vec<_> = part.rows.iter().map(|it| it.volunteer_number.as_str()).collect();
    assert_eq!((seen, part.moved), (vec!["e"], 1));
}
