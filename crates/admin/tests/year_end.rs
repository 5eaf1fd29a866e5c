//! The year-end job, as a scheduler runs it: two people, a notice, an objection, papers.

mod support;

use std::{path::Path, time::Duration};

use lovebank::clock::{Clock, ManualClock};
use lovebank_ledger::{DEFAULT_RULEBOOK, Timestamp};
use sha2::{Digest as _, Sha256};
use support::bank::Bank;

const BEST: &str = r#"
[programmes.best]
english = "The best"
chinese = "优秀志愿者"
level = "street"
notice_working_days = 3
places = { most = 2 }
ties = "oldest_first"
eligible = [
    { english = "minutes", chinese = "服务分钟数", value = "minutes", least = 90, waivable = true },
]
order = [{ english = "minutes", chinese = "服务分钟数", score = "minutes", first = "highest" }]

[star_schemes.own]
english = "Own"
chinese = "本社区"
stars = [{ level = 1, english = "One", chinese = "一星", hours = 2 }]
"#;

/// It is Monday, 2026-12-07. 01 served three hours, 02 two, 03 one.
async fn bank() -> (Bank, ManualClock) {
    let clock = ManualClock::at(Timestamp::from_micros(1_796_608_800_000_000));
    let bank = Bank::start_at(Clock::Manual(clock.clone())).await;
    let rules = bank.directory.path().join("rules.toml");
    std::fs::write(&rules, [DEFAULT_RULEBOOK, BEST].join("\n")).expect("written");
    for args in [
        &["rulebook", "adopt", "rules.toml"][..],
        &["token", "issue", "officer", "--grant", "award-officer@NW", "--out", "officer.token"],
        &["token", "issue", "other", "--grant", "award-officer@NW", "--out", "other.token"],
    ] {
        bank.operator(args).await.exits(0);
    }
    for (number, name, minutes) in
        [("01", "张三", 180), ("02", "欧阳小明", 120), ("03", "李四", 60)]
    {
        let line = format!("volunteer register {number} --branch NW-01 --name {name}");
        bank.types("clerk", &line).await.exits(0);
        let line = format!(
            "hours record {number} --branch NW-02 --activity 社区巡河 --date 2026-03-01 \
             --minutes {minutes}"
        );
        bank.types("clerk", &line).await.exits(0);
    }
    (bank, clock)
}

const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test(flavor = "multi_thread")]
async fn a_run_goes_from_a_try_to_a_notice_to_passbooks() {
    let (bank, clock) = bank().await;
    let tried =
        bank.types("officer", "awards try best --year 2026 --branch NW --format json").await;
    let tried = tried.exits(0).json();
    assert_eq!(tried["selection"]["chosen"], 2);
    assert_eq!(tried["candidates"][2]["fate"], "not-eligible");
    bank.types("officer", "awards try none --year 2026 --branch NW").await.exits(1);
    let create = "awards run create best --year 2026 --branch NW \
                  --request-id 6f2c1f0e-98a5-4f0e-8b1f-1d5f8f1d2a11 --format json";
    let run = bank.types("officer", create).await.exits(0).json();
    assert_eq!((&run["run"]["run_no"], &run["run"]["state"]), (&1.into(), &"draft".into()));
    // The same command again makes no second run.
    bank.types("officer", create).await.exits(0);
    let runs = bank.types("officer", "awards run list --format csv").await.exits(0).csv();
    assert_eq!(runs.len(), 2);

    // The sheet is what the digest is of.
    bank.types("officer", "awards run sheet 1 --out sheet.csv").await.exits(0);
    let sheet = std::fs::read(bank.directory.path().join("sheet.csv")).expect("written");
    let digest = hex::encode(Sha256::digest(&sheet));
    assert_eq!(run["run"]["digest"], digest);
    bank.types("officer", "awards run sheet 1 --out sheet.csv").await.exits(1);

    bank.types("officer", "awards run publish 1").await.exits(0);
    bank.types("officer", "awards certificate issue-run 1 --dir papers").await.exits(1);
    a_notice_names_the_chosen(&bank, &digest).await;

    let why = bank.types("officer", "awards why 1 03 --lang zh").await.exits(0);
    assert!(why.out.contains("服务分钟数为 60，尚缺 30"), "{}", why.out);
    bank.types("clerk", "awards objection file 1 --row 1 --text 重复登记").await.exits(0);
    clock.advance(DAY * 4);
    bank.types("officer", "awards run finalize 1").await.exits(1);
    let answer = "awards objection answer 1 --dismissed --text 已核实";
    bank.types("officer", answer).await.exits(0);
    let listed = bank.types("officer", "awards objection list 1 --format json").await.exits(0);
    assert_eq!(listed.json()[0]["answer"], "已核实");
    bank.types("officer", "awards run finalize 1").await.exits(0);
    let honours = bank.types("officer", "awards honours 01 --format csv").await.exits(0).csv();
    assert_eq!((honours.len(), &honours[1][3]), (2, "best"));

    everyone_gets_a_paper(&bank).await;

    // Nothing has changed, and then something has.
    bank.types("officer", "awards run drift 1").await.exits(0);
    bank.types("approver", "hours reverse 1 --reason not-served").await.exits(0);
    let drift = bank.types("officer", "awards run drift 1 --format csv").await.exits(3).csv();
    assert_eq!((&drift[1][0], &drift[1][6]), ("01", "not-looked-at"));
}

/// Each honour has one certificate, however often the command is given, and wherever it was cut.
async fn everyone_gets_a_paper(bank: &Bank) {
    let issue = "awards certificate issue-run 1 --dir papers --contact 0755-12345678 --lang zh";
    let given = bank.types("clerk", &format!("{issue} --format json")).await.exits(0).json();
    let given: Vec<_> = given.as_array().expect("items").iter().map(|it| &it["outcome"]).collect();
    assert_eq!(given, ["issued", "issued"]);
    let papers = bank.directory.path().join("papers");
    assert!(std::fs::read(papers.join("02-2.pdf")).expect("a paper").starts_with(b"%PDF-"));
    assert_eq!(std::fs::read_dir(&papers).expect("papers").count(), 2);
    // Cut off in the midst of the second.
    let half = papers.join("02-2.pdf.abc123.unfinished");
    std::fs::rename(papers.join("02-2.pdf"), &half).expect("half of it");
    let again = bank.types("clerk", &format!("{issue} --format csv")).await.exits(0).csv();
    let again: Vec<&str> = again.iter().filter_map(|it| it.get(2)).collect();
    assert_eq!(again, ["outcome", "there-already", "issued"]);
    assert!(papers.join("02-2.pdf").exists(), "it was written anew, and has its name");
    bank.types("clerk", "awards certificate show 2").await.exits(0);
    bank.types("clerk", "awards certificate show 3").await.exits(1);
}

/// The page for the board tells who is chosen, masked, until when one may object, and the digest.
async fn a_notice_names_the_chosen(bank: &Bank, digest: &str) {
    let notice = "awards notice 1 --contact 0755-12345678 --lang zh --out";
    bank.types("officer", &format!("{notice} notice.html")).await.exits(0);
    let page = std::fs::read_to_string(bank.directory.path().join("notice.html")).expect("a page");
    let period = "2026年12月7日至2026年12月10日";
    for told in [
        "张*",
        "欧阳**",
        "3小时",
        "<td>南湾社区</td>",
        period,
        "0755-12345678",
        "南湾街道\n2026年12月7日",
        digest,
    ] {
        assert!(page.contains(told), "{told}");
    }
    assert!(!page.contains("张三") && !page.contains("李*"), "only the chosen, and masked");
    bank.types("officer", &format!("{notice} notice.pdf")).await.exits(0);
    bank.types("officer", &format!("{notice} notice.txt")).await.exits(2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_is_drawn() {
    let (bank, _) = bank().await;
    let chart = "awards chart --year 2026 --branch NW --lang zh --out";
    for (file, begins) in [("year.svg", "<svg"), ("year.pdf", "%PDF")] {
        bank.types("officer", &format!("{chart} {file}")).await.exits(0);
        let drawn = std::fs::read(bank.directory.path().join(file)).expect("a chart");
        assert!(drawn.starts_with(begins.as_bytes()), "{file}");
        bank.types("officer", &format!("{chart} {file}")).await.exits(1);
    }
    bank.types("officer", &format!("{chart} year.png")).await.exits(2);
    bank.types("officer", "awards chart --year 2026 --out bank.svg").await.exits(1);
    bank.types("auditor", "awards chart --year 1999 --out nothing.svg").await.exits(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn exceptions_take_two_and_stars_are_given_in_bulk() {
    let (bank, _) = bank().await;
    bank.types("officer", "awards run create best --year 2026 --branch NW").await.exits(0);
    let propose = "awards exception propose 1 03 --condition 1 --reason 救人于水火";
    bank.types("officer", propose).await.exits(0);
    let confirm = "awards exception confirm 1 03 --condition 1";
    bank.types("officer", confirm).await.exits(1);
    let run = bank.types("other", &format!("{confirm} --format json")).await.exits(0).json();
    assert_eq!(run["exceptions"][0]["confirmed_by"], "other");

    let stars = bank.types("clerk", "awards stars own --branch NW --format csv").await;
    let stars = stars.exits(0).csv();
    assert_eq!((stars.len(), &stars[1][2]), (3, "张*"));
    let progress = bank.types("clerk", "awards progress 03 own --format json").await.exits(0);
    assert_eq!(progress.json()[0]["missing"][0], "minutes_total 60 < 120");
    let give = "awards give-stars own 01:1 03:1 --request-id 0c0b1f0e-98a5-4f0e-8b1f-1d5f8f1d2a11";
    bank.types("approver", give).await.exits(3);
    bank.types("approver", "awards give-stars own --all --branch NW").await.exits(0);
    let held = bank.types("clerk", "awards honours --branch NW --held --format csv").await;
    assert_eq!(held.exits(0).csv().len(), 3);
    let record = "awards record 03 --award hundred --year 2024 --level city --given 2024-12-05";
    bank.types("officer", record).await.exits(0);
    bank.types("officer", record).await.exits(1);
    bank.types("officer", "awards revoke 3 --reason other").await.exits(0);
    bank.types("clerk", "awards nominate 03 best --year 2026").await.exits(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_written_and_anyone_verifies_it() {
    let (bank, _) = bank().await;
    let issue = "awards certificate issue 01 --from 2026-01-01 --until 2026-12-31 --lang zh \
                 --out paper.pdf --contact 0755-12345678 --verify-url https://bank.example/verify/ --format json";
    let issued = bank.types("clerk", issue).await.exits(0).json();
    let code = issued["certificate"]["code"].as_str().expect("a code").to_owned();
    assert_eq!(issued["certificate"]["minutes"], 180);
    let pdf = std::fs::read(bank.directory.path().join("paper.pdf")).expect("a paper");
    assert!(pdf.starts_with(b"%PDF-"));
    // A token file that is not there is not asked for.
    let stranger = Path::new("nobody.token");
    let verify =
        ["awards", "certificate", "verify", &format!("https://bank.example/verify/{code}")];
    let known = bank.command(stranger, &verify).output().expect("it runs");
    assert!(known.status.success(), "{}", String::from_utf8_lossy(&known.stderr));
    let shown = String::from_utf8_lossy(&known.stdout).into_owned();
    assert!(shown.contains("LB-000000001") && shown.contains("张*") && !shown.contains("张三"));
    bank.types("clerk", "awards certificate show 1 --out again.pdf --lang zh").await.exits(0);
    let none = "awards certificate issue 01 --from 2024-01-01 --until 2024-12-31";
    bank.types("clerk", none).await.exits(1);
    bank.types("approver", "hours reverse 1 --reason not-served").await.exits(0);
    let gone = bank.command(stranger, &verify).output().expect("it runs");
    assert_eq!(gone.status.code(), Some(4));
}
