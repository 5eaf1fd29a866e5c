//! Points on the move, as a person types it: to kin, to pools and out of them, for help; and
//! whether what was promised can be kept.

mod support;

use std::time::Duration;

use lovebank::clock::{Clock, ManualClock};
use lovebank_ledger::Timestamp;
use serde_json::Value;
use support::bank::Bank;

/// 2026-03-02 00:00 in Shanghai.
const NOW: i64 = 1_772_380_800;
const HOUR: Duration = Duration::from_secs(3600);

struct Street {
    bank: Bank,
    clock: ManualClock,
}

/// Volunteers 01 and 02 have 8 points each, and tokens `one` and `two`; 03 has nothing.
async fn street() -> Street {
    let clock = ManualClock::at(Timestamp::from_micros(NOW * 1_000_000));
    let bank = Bank::start_at(Clock::Manual(clock.clone())).await;
    for number in ["01", "02", "03"] {
        let line = format!("volunteer register {number} --branch NW-01");
        bank.types("clerk", &line).await.exits(0);
    }
    bank.types(
        "clerk",
        "hours record 01 02 --branch NW-01 --activity 社区巡河 --date 2026-03-01 --minutes 480",
    )
    .await
    .exits(0);
    for (handle, number) in [("one", "01"), ("two", "02")] {
        let (volunteer, file) = (format!("volunteer:{number}"), format!("{handle}.token"));
        bank.operator(&["token", "issue", handle, "--grant", &volunteer, "--out", &file])
            .await
            .exits(0);
    }
    Street { bank, clock }
}

impl Street {
    /// What is typed is done.
    async fn does(&self, who: &str, line: &str) {
        self.bank.types(who, line).await.exits(0);
    }

    /// What is typed is refused, for this reason.
    async fn refuses(&self, who: &str, line: &str, reason: &str) {
        let run = self.bank.types(who, line).await.exits(1);
        assert!(run.err.contains(reason), "{line}: {}", run.err);
    }

    async fn json(&self, who: &str, line: &str) -> Value {
        self.bank.types(who, &format!("{line} --format json")).await.exits(0).json()
    }

    async fn points(&self, number: &str) -> String {
        let shown = self.json("clerk", &format!("passbook show {number}")).await;
        let points = shown.pointer("/passbook/points").and_then(Value::as_str);
        points.expect("points").to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn points_go_to_confirmed_kin_and_back() {
    let street = street().await;
    street.refuses("one", "gift give me 2.50 --to 02", "GIFT_NOT_ALLOWED").await;
    street.does("one", "kin request me 02").await;
    assert_eq!(street.json("one", "kin list me").await["kin"][0]["confirmed"], false);
    street.does("approver", "kin confirm 01 02 --validate-only").await;
    street.does("approver", "kin confirm 01 02").await;
    let kin = street.json("two", "kin list me").await;
    assert_eq!(
        (&kin["kin"][0]["passbook_no"], &kin["kin"][0]["confirmed"]),
        (&1.into(), &true.into())
    );
    let gift = street.json("one", "gift give me 2.50 --to 02").await;
    assert_eq!((&gift["gift"]["gift_no"], &gift["gift"]["to_passbook_no"]), (&1.into(), &2.into()));
    assert_eq!(
        (street.points("01").await, street.points("02").await),
        ("5.50".into(), "10.50".into())
    );

    let lines = street.json("one", "passbook lines me").await;
    let given = &lines[0];
    assert_eq!((&given["kind"], &given["points"]), (&"given".into(), &"-2.50".into()));
    assert_eq!((&given["day"], &given["service_date"]), (&"2026-03-02".into(), &Value::Null));
    assert_eq!(given["counterparty_passbook_no"], 2);
    let table = street.bank.types("two", "passbook lines me --lang zh").await.exits(0).out;
    for text in ["受赠", "对方存折号", "捐赠号", "社区巡河", "10.50"] {
        assert!(table.contains(text), "{table}");
    }
    assert!(!table.contains("领用号"), "{table}");

    street.does("one", "beneficiary name me --to 02").await;
    assert_eq!(street.json("one", "kin list me").await["beneficiary"]["passbook_no"], 2);
    street.does("one", "beneficiary name me --nobody").await;
    let nobody = street.bank.types("one", "kin list me --lang zh").await.exits(0);
    assert!(nobody.err.contains("公益池"), "{}", nobody.err);

    street.refuses("clerk", "gift reverse 1 --reason other", "ROLE_REQUIRED").await;
    street.does("approver", "gift reverse 1 --reason other").await;
    assert_eq!(street.points("01").await, "8.00");
    street.does("clerk", "kin end 01 02").await;
    street.refuses("one", "gift give me 1 --to 02", "GIFT_NOT_ALLOWED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_is_filled_and_drawn_in_the_published_order() {
    let street = street().await;
    street.does("one", "gift give me 6 --pool NW").await;
    street.does("clerk", "pool draw 02 3 --from NW").await;
    let asked = street.json("clerk", "pool draw 03 4 --from NW").await;
    assert_eq!(
        (&asked["draw"]["draw_no"], &asked["draw"]["state"]),
        (&2.into(), &"waiting".into())
    );
    street.refuses("one", "volunteer need 03 3", "ROLE_REQUIRED").await;
    street.does("approver", "volunteer need 03 3").await;
    assert_eq!(street.json("clerk", "volunteer show 03").await["need_class"], 3);

    let pool = street.json("clerk", "pool list NW").await;
    let order: Vec<_> =
        pool["draws"].as_array().expect("draws").iter().map(|it| it["draw_no"].clone()).collect();
    assert_eq!((&pool["pool"]["points"], order), (&"6.00".into(), vec![2.into(), 1.into()]));
    let chinese = street.bank.types("clerk", "pool list NW --lang zh").await.exits(0).out;
    assert!(chinese.contains("公益池") && chinese.contains("等待中"), "{chinese}");
    let csv = street.bank.types("clerk", "pool list NW --format csv").await.exits(0).csv();
    assert_eq!((csv.len(), &csv[1][1]), (3, "2"));

    street.refuses("approver", "pool approve 1", "NOT_FIRST").await;
    street.does("approver", "pool approve 2").await;
    street.refuses("approver", "pool approve 1", "POOL_TOO_SMALL").await;
    street.does("approver", "pool reject 1 --reason other").await;
    let lines = street.json("clerk", "passbook lines 03").await;
    assert_eq!((&lines[0]["kind"], &lines[0]["draw_no"]), (&"drawn".into(), &2.into()));
    assert_eq!(
        (&lines[0]["branch_code"], &lines[0]["points_after"]),
        (&"NW".into(), &"4.00".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn help_is_asked_for_offered_accepted_and_confirmed_by_both() {
    let street = street().await;
    let ask = "help ask me --branch NW-01 --activity 陪同就医 --place 医院 \
               --start 2026-03-02T09:00 --end 2026-03-02T10:00";
    let asked = street.json("one", ask).await;
    assert_eq!(
        (&asked["help"]["state"], &asked["help"]["points"]),
        (&"open".into(), &"1.00".into())
    );
    let book = street.json("one", "passbook show me").await;
    assert_eq!(book["passbook"]["points_held"], "1.00");
    assert_eq!(book["passbook"]["points_available"], "7.00");
    let holds = street.json("one", "passbook holds me").await;
    assert_eq!((&holds[0]["remaining"], &holds[0]["help_no"]), (&"1.00".into(), &1.into()));

    street.does("two", "help offer 1 me").await;
    street.does("two", "help withdraw 1 me").await;
    street.refuses("one", "help accept 1 --passbook-no 2", "NO_OFFER").await;
    street.does("two", "help offer 1 me").await;
    street.does("one", "help accept 1 --passbook-no 2").await;
    assert_eq!(street.json("two", "help list --volunteer me").await[0]["state"], "agreed");
    street.refuses("two", "help confirm 1 me --minutes 60", "FUTURE").await;
    street.clock.advance(11 * HOUR);
    let said = street.json("two", "help confirm 1 me --minutes 60").await;
    assert_eq!(
        (&said["help"]["state"], &said["help"]["said_by"]),
        (&"said".into(), &"helper".into())
    );
    street.does("one", "help confirm 1 me --minutes 60").await;
    let shown = street.bank.types("one", "help show 1 --lang zh").await.exits(0).out;
    assert!(shown.contains("陪同就医") && shown.contains("已完成"), "{shown}");

    let paid = street.json("one", "passbook show me").await;
    assert_eq!(
        (&paid["passbook"]["minutes"], &paid["passbook"]["points"]),
        (&480.into(), &"7.00".into())
    );
    assert_eq!(
        (&paid["lines"][0]["kind"], &paid["lines"][0]["help_no"]),
        (&"paid".into(), &1.into())
    );
    let served = street.json("two", "passbook show me").await;
    assert_eq!(
        (&served["passbook"]["minutes"], &served["passbook"]["points"]),
        (&540.into(), &"9.00".into())
    );
    let line = &served["lines"][0];
    assert_eq!((&line["kind"], &line["counterparty_passbook_no"]), (&"helped".into(), &1.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn help_that_is_disputed_is_resolved_and_what_is_not_wanted_is_cancelled() {
    let street = street().await;
    let ask = "help ask 01 --branch NW-01 --activity 陪同就医 --start 2026-03-02T09:00 --end";
    street.does("clerk", &format!("{ask} 2026-03-02T10:00")).await;
    street.does("clerk", "help offer 1 02").await;
    street.does("one", "help accept 1 --passbook-no 2").await;
    street.does("one", &format!("{} 2026-03-02T09:30", ask.replace("ask 01", "ask me"))).await;
    street.does("one", "help cancel 2").await;
    street.clock.advance(11 * HOUR);
    street.does("two", "help confirm 1 me --minutes 60").await;
    let other = street.json("one", "help confirm 1 me --minutes 30").await;
    assert_eq!(other["help"]["state"], "disputed");
    let list = street.bank.types("approver", "help list --state disputed --format csv").await;
    assert_eq!(list.exits(0).csv().len(), 2);
    let word = street.json("approver", "help resolve 1 --minutes 45").await;
    assert_eq!(word["help"]["state"], "confirmed");
    assert_eq!(street.points("01").await, "7.25");
}

#[tokio::test(flavor = "multi_thread")]
async fn solvency_is_reported_as_a_table_as_json_and_as_csv() {
    let street = street().await;
    street.clock.advance(24 * HOUR);
    street.does("one", "gift give me 3 --pool NW").await;
    street.refuses("clerk", "solvency", "ROLE_REQUIRED").await;
    let run = street.bank.types("auditor", "solvency").await.exits(0);
    assert!(run.out.contains("NW-01") && run.out.contains("never asked back"), "{}", run.out);
    assert!(run.err.contains("2 of 2 passbooks"), "{}", run.err);
    let chinese = street.bank.types("auditor", "solvency --lang zh").await.exits(0);
    assert!(
        chinese.out.contains("从未兑换") && chinese.err.contains("2 本从未兑换"),
        "{}",
        chinese.err
    );
    let report = street.json("auditor", "solvency").await;
    let (street_row, community) = (&report["branches"][0], &report["branches"][1]);
    assert_eq!((&street_row["branch_code"], &street_row["pool"]), (&"NW".into(), &"3.00".into()));
    assert_eq!(
        (&community["branch_code"], &community["outstanding"]),
        (&"NW-01".into(), &"13.00".into())
    );
    assert_eq!((&community["savers"], &community["never_drew"]), (&2.into(), &2.into()));
    let year = &report["years"][0];
    assert_eq!(
        (&year["year"], &year["earned"], &year["given"]),
        (&2026.into(), &"16.00".into(), &"3.00".into())
    );
    assert_eq!((&year["used_percent"], &report["waits"]["waiting"]), (&0.into(), &0.into()));

    let before = street.bank.types("auditor", "solvency --as-of 2026-03-02 --format csv -q").await;
    let before = before.exits(0);
    assert!(before.err.is_empty(), "{}", before.err);
    let csv = before.csv();
    assert_eq!((&csv[2][0], &csv[2][1], &csv[1][10]), ("NW-01", "16.00", "0.00"));
    assert_eq!(
        csv[0].iter().zip(&csv[1]).find(|it| it.0 == "waits_as_of").map(|it| it.1),
        Some("2026-03-02T23:59:59+08:00")
    );
    let none = street.json("auditor", "solvency --as-of 2020-01-01").await;
    assert_eq!(none["branches"].as_array().map(Vec::len), Some(0));
    // In the years to come, what nobody asks for grows old.
    let later = street.json("auditor", "solvency --as-of 2027-06-30").await;
    assert_eq!(later["branches"][1]["under_2_years"], "13.00");
}
