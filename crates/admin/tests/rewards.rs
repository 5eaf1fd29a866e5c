//! Rewards as a clerk types them: published, asked for, waited for, got; and a whole catalogue.

mod support;

use std::fs;

use serde_json::Value;
use support::bank::Bank;

/// Volunteers 01, 02 and 03, who have served 1, 2 and 3 hours; 01 has a token.
async fn street() -> Bank {
    let bank = Bank::start().await;
    for (number, minutes) in [("01", 60), ("02", 120), ("03", 180)] {
        let line = format!("volunteer register {number} --branch NW-01");
        bank.types("clerk", &line).await.exits(0);
        let line = format!(
            "hours record {number} --branch NW-01 --activity 社区巡河 --date 2026-03-01 \
             --minutes {minutes}"
        );
        bank.types("clerk", &line).await.exits(0);
    }
    let grant = ["token", "issue", "one", "--grant", "volunteer:01", "--out", "one.token"];
    bank.operator(&grant).await.exits(0);
    bank
}

async fn json(bank: &Bank, who: &str, line: &str) -> Value {
    bank.types(who, &format!("{line} --format json")).await.exits(0).json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reward_is_published_asked_for_and_handed_out_by_its_code() {
    let bank = street().await;
    let publish = "reward publish 粮油券 --branch NW-01 --kind goods --stock 2 --price 0.75";
    bank.types("clerk", publish).await.exits(1);
    let published = json(&bank, "approver", publish).await;
    assert_eq!(published["reward"]["reward_no"], 1);
    let asked = json(&bank, "one", "redemption request me 1").await;
    assert_eq!(asked["redemption"]["state"], "allocated");
    let code = asked["redemption"]["code"].as_str().expect("a code").to_owned();
    let passbook = json(&bank, "one", "passbook show me").await;
    assert_eq!(passbook["passbook"]["points_available"], "0.25");
    let holds = json(&bank, "one", "passbook holds me").await;
    assert_eq!(holds[0]["points"], "0.75");
    let wrong = bank.types("clerk", "redemption fulfill 0000-0000").await.exits(1);
    assert!(wrong.err.contains("CODE"), "{}", wrong.err);
    let got = json(&bank, "clerk", &format!("redemption fulfill {code} --points 0.5")).await;
    assert_eq!(
        (&got["redemption"]["state"], &got["redemption"]["captured"]),
        (&"fulfilled".into(), &"0.50".into())
    );
    let lines = bank.types("one", "passbook lines me --lang zh").await.exits(0);
    assert!(lines.out.contains("兑换") && lines.out.contains("粮油券"), "{}", lines.out);
    bank.types("approver", "redemption reverse 1 --reason other").await.exits(0);
    let shown = json(&bank, "clerk", "redemption list --reward 1 --state reversed").await;
    assert_eq!(shown[0]["volunteer_number"], "01");
    bank.types("approver", "reward stock 1 --add 3").await.exits(0);
    assert_eq!(json(&bank, "one", "reward show 1").await["left"], 4);
    bank.types("clerk", "redemption request 02 1").await.exits(0);
    bank.types("clerk", "redemption no-show 2").await.exits(0);
    bank.types("approver", "reward withdraw 1").await.exits(0);
    assert_eq!(json(&bank, "one", "reward list --for NW-01 --open").await, Value::Array(vec![]));
    bank.types("auditor", "verify --quiet").await.exits(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_is_shown_and_explained_in_both_languages() {
    let bank = street().await;
    let publish = "reward publish 体检 --branch NW --kind service --stock 0 --waiting-list";
    bank.types("approver", publish).await.exits(0);
    for number in ["01", "02", "03"] {
        bank.types("clerk", &format!("redemption request {number} 1")).await.exits(0);
    }
    let queue = bank.types("clerk", "queue show 1 --format csv").await.exits(0).csv();
    let order: Vec<&str> = queue[1..].iter().map(|it| &it[2]).collect();
    assert_eq!(order, ["03", "02", "01"]);
    let some = bank.types("clerk", "queue show 1 --limit 2 --lang zh").await.exits(0);
    assert!(
        some.err.contains("还有更多") && some.out.contains("近12个月服务分钟数 180"),
        "{}",
        some.out
    );
    let why = bank.types("one", "queue explain 1").await.exits(0);
    assert!(why.out.contains("Place 3 of 3") && why.out.contains("120 against 60"), "{}", why.out);
    let why = bank.types("one", "queue explain 1 --lang zh").await.exits(0);
    assert!(why.out.contains("对方120，本人60"), "{}", why.out);
    let denied = bank.types("one", "queue explain 3").await.exits(1);
    assert!(denied.err.contains("error"), "{}", denied.err);
    bank.types("clerk", "redemption cancel 3").await.exits(0);
    let why = json(&bank, "one", "queue explain 1").await;
    assert_eq!((&why["place"]["rank"], &why["place"]["of"]), (&2.into(), &2.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_are_only_tried_show_who_would_move() {
    let bank = street().await;
    let publish = "reward publish 体检 --branch NW --kind service --stock 0 --waiting-list";
    bank.types("approver", publish).await.exits(0);
    for number in ["01", "02", "03"] {
        bank.types("clerk", &format!("redemption request {number} 1")).await.exits(0);
    }
    let rules = lovebank_ledger::DEFAULT_RULEBOOK;
    let key = "score = \"minutes_12_months\"\nfirst = ";
    let turned = rules.replace(&format!("{key}\"highest\""), &format!("{key}\"lowest\""));
    assert_ne!(turned, rules);
    for (name, text) in [("same.toml", format!("{rules}\n#\n")), ("turned.toml", turned)] {
        fs::write(bank.directory.path().join(name), text).unwrap();
    }
    let tried = ["rulebook", "adopt", "turned.toml", "--validate-only"];
    let shown = bank.operator(&tried).await.exits(0);
    assert!(shown.out.contains("place then") && shown.out.contains("体检"), "{}", shown.out);
    let rows = bank.operator(&[&tried[..], &["--format", "csv"]].concat()).await.exits(0).csv();
    let moves: Vec<_> = rows[1..].iter().map(|it| (&it[2], &it[6], &it[7])).collect();
    assert_eq!(moves, [("1", "3", "1"), ("3", "1", "3")], "{rows:?}");
    let none = ["rulebook", "adopt", "same.toml", "--validate-only", "--lang", "zh"];
    let shown = bank.operator(&none).await.exits(0);
    assert!(shown.err.contains("排队者的名次都不会变化"), "{}", shown.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_is_rehearsed_published_once_and_mended() {
    let bank = street().await;
    let file = |text: &str| fs::write(bank.directory.path().join("目录.csv"), text).unwrap();
    let head = "名称,类别,名额,积分,限次,周期,条件,开始,截止,使用截止,候补,备注\n";
    let good = "粮油券,实物,50,20,1,季度,minutes >= 60,,,,,\n\
                体检,服务,5,,,,,2027/1/1 09:00,2027-01-10 18:00,2027-02-01 18:00,,热门\n\
                剪发,服务,5,,,,,,,,是,\n";
    file(&format!("{head}{good}坐席,入场,5,,,,mnutes > 1,,,,,\n"));
    let line = "import rewards 目录.csv --branch NW-01";
    let tried = bank.types("approver", line).await.exits(3);
    assert!(tried.err.contains("nothing recorded") && tried.err.contains("not read: 备注"));
    assert!(tried.out.contains("mnutes") && tried.out.contains("MALFORMED"), "{}", tried.out);
    let tried = bank.types("approver", &format!("{line} --lang zh")).await.exits(3);
    let once = tried.out.matches("mnutes").count() == 1;
    assert!(once && tried.out.contains("第1行第1列：没有变量“mnutes”"), "{}", tried.out);
    assert_eq!(json(&bank, "clerk", "reward list").await, Value::Array(vec![]));

    let outcomes = async |code: i32| {
        let run = bank.types("approver", &format!("{line} --commit --format csv")).await;
        let rows = run.exits(code).csv();
        rows[1..].iter().map(|it| it[2].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(outcomes(3).await, ["published", "published", "published", "refused"]);
    // Mended, and sent again: what was published is not published again.
    file(&format!("{head}{good}坐席,入场,5,,,,minutes > 1,,,,,\n"));
    let before = "published-before";
    assert_eq!(outcomes(0).await, [before, before, before, "published"]);
    // Another text under the same name is no second reward, unless it is of another edition.
    file(&format!("{head}{}", good.replace("50,20", "50,25")));
    assert_eq!(outcomes(3).await, ["refused", before, before]);
    let other = format!("{line} --edition 2027 --format json");
    let other = bank.types("approver", &other).await.exits(0).json();
    assert_eq!(other[0]["outcome"], "can-be-published");
    let list = json(&bank, "clerk", "reward list --below NW").await;
    let modes: Vec<&str> =
        list.as_array().unwrap().iter().map(|it| it["mode"].as_str().unwrap()).collect();
    assert_eq!(modes, ["first-come", "waiting-list", "window", "first-come"]);
    assert_eq!(list[3]["limit"], 1);

    for (text, why) in [
        ("名称,类别,名额\n粮油券,食物,5\n", "类别“食物”看不懂"),
        ("名称,类别,名额\n粮油券,实物,许多\n", "名额“许多”看不懂"),
        ("名称,类别,名额,限次\n粮油券,实物,5,2\n", "须同时填写"),
        ("名称,类别,名额,开始\n粮油券,实物,5,明天\n", "请写成 2026-12-01 09:00"),
        ("名称,类别,名额\n粮油券,实物\n", "第 2 行"),
        ("名称,类别\n", "0 行"),
    ] {
        file(text);
        let run = bank.types("approver", &format!("{line} --lang zh")).await.exits(1);
        assert!(run.err.contains(why), "{}", run.err);
    }
}
