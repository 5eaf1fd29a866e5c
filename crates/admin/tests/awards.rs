//! Years of service, as an award officer types the questions.

mod support;

use support::bank::Bank;

#[tokio::test(flavor = "multi_thread")]
async fn a_year_is_listed_and_summed_up_in_every_form() {
    let bank = Bank::start().await;
    for (number, minutes) in [("01", 90), ("02", 120), ("03", 90)] {
        let line = format!("volunteer register {number} --branch NW-01");
        bank.types("clerk", &line).await.exits(0);
        let line = format!(
            "hours record {number} --branch NW-02 --activity 社区巡河 --category 环保 \
             --date 2026-03-01 --minutes {minutes}"
        );
        bank.types("clerk", &line).await.exits(0);
    }
    let list = "awards list --year 2026 --branch NW";
    let rows = bank.types("clerk", &format!("{list} --format csv")).await.exits(0).csv();
    let places: Vec<_> = rows[1..].iter().map(|it| (&it[0], &it[1], &it[5])).collect();
    assert_eq!(places, [("1", "02", "2:00"), ("2", "01", "1:30"), ("2", "03", "1:30")]);
    let some = bank.types("clerk", &format!("{list} --top 1 --least-hours 1 --lang zh")).await;
    let some = some.exits(0);
    assert!(some.err.contains("共 3 人，显示 1 人") && some.out.contains("名次"), "{}", some.out);
    let none = bank.types("clerk", &format!("{list} --served-at NW-01 --format json")).await;
    assert_eq!(none.exits(0).json(), serde_json::json!([]));
    bank.types("clerk", "awards list --year 2026").await.exits(1);
    bank.types("auditor", "awards list --year 2026 --active").await.exits(0);
    bank.types("auditor", "awards list --year 26").await.exits(2);

    let of = "awards statistics --year 2026 --branch NW --format csv";
    let rows = bank.types("clerk", of).await.exits(0).csv();
    assert_eq!((rows.len(), &rows[1][1], &rows[1][2], &rows[1][4]), (2, "环保", "300", "3"));

    let year = bank.types("clerk", "awards summary 01 --year 2026 --format json").await.exits(0);
    let year = year.json();
    assert_eq!(
        (&year["summary"]["minutes"], &year["months"][2]["minutes"]),
        (&90.into(), &90.into())
    );
    assert_eq!(year["branches"][0]["branch_code"], "NW-02");
    assert_eq!(year["categories"][0]["category"], "环保");
    let empty = bank.types("clerk", "awards summary 01 --year 2025 --lang zh").await.exits(0);
    assert!(empty.out.contains("月份"), "{}", empty.out);
}
