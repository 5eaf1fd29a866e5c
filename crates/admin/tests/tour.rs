//! Every command against a real bank, as a person types it and as a program reads it.

mod support;

use std::fs;

use support::{Run, bank::Bank};

/// A volunteer with one posted record.
async fn with_a_record(bank: &Bank) {
    bank.types("clerk", "volunteer register 0300000001 --branch NW-01 --name 测试甲")
        .await
        .exits(0);
    bank.types(
        "clerk",
        "hours record 0300000001 --branch NW-01 --activity 社区巡河 \
         --start 2026-03-01T14:00 --end 2026-03-01T16:30",
    )
    .await
    .exits(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_a_table_json_and_csv() {
    let bank = Bank::start().await;
    with_a_record(&bank).await;
    for (who, line) in [
        ("clerk", "branch list"),
        ("clerk", "branch show NW --below"),
        ("clerk", "volunteer show 0300000001"),
        ("clerk", "volunteer find 测试"),
        ("clerk", "volunteer list --branch NW --status active"),
        ("clerk", "token whoami"),
        ("clerk", "activity list"),
        ("clerk", "activity show 1"),
        ("clerk", "hours list --volunteer 0300000001 --state posted"),
        ("clerk", "hours show 1"),
        ("clerk", "hours check-ins"),
        ("clerk", "passbook show 0300000001"),
        ("clerk", "passbook lines 0300000001"),
        ("clerk", "rulebook show"),
        (
            "clerk",
            "hours record 0300000001 --activity-no 1 --date 2026-03-02 --minutes 9 --validate-only",
        ),
        ("auditor", "journal head"),
        ("auditor", "verify"),
    ] {
        let table = bank.types(who, line).await.exits(0);
        assert!(!table.out.is_empty(), "{line}");
        bank.types(who, &format!("{line} --format json")).await.exits(0).json();
        let csv = bank.types(who, &format!("{line} --format csv")).await.exits(0).csv();
        assert!(!csv.is_empty(), "{line}");
        let chinese = bank.types(who, &format!("{line} --lang zh")).await.exits(0);
        let is_chinese = |it: char| ('\u{4e00}'..='\u{9fff}').contains(&it);
        assert!(chinese.out.contains(is_chinese), "{line}: {}", chinese.out);
    }
    let tokens = bank.operator(&["token", "list", "--format", "csv"]).await.exits(0).csv();
    assert_eq!(tokens.len(), 5);
    let entries = bank.types("auditor", "journal entries --from 2 --format csv").await.exits(0);
    let head = bank.types("auditor", "journal head --format json").await.exits(0).json();
    assert_eq!(u64::try_from(entries.csv().len()).ok(), head["seq"].as_u64());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volunteer_is_registered_changed_and_erased() {
    let bank = Bank::start().await;
    let joined = "volunteer register 0300000001 --branch NW-01 --joined 2024-02-29 --format json";
    let made = bank.types("clerk", joined).await.exits(0).json();
    assert_eq!(made["volunteer"]["joined"], "2024-02-29");
    bank.types("clerk", "volunteer update 0300000001 --phone 13800000000").await.exits(0);
    bank.types("clerk", "volunteer update 0300000001").await.exits(2);
    bank.types("clerk", "volunteer move 0300000001 --to NW-02").await.exits(0);
    bank.types("clerk", "volunteer status 0300000001 closed").await.exits(1);
    bank.types("approver", "volunteer status 0300000001 suspended").await.exits(0);
    let shown = bank.types("clerk", "volunteer show 0300000001 --lang zh").await.exits(0).out;
    for text in ["NW-02", "13800000000", "暂停"] {
        assert!(shown.contains(text), "{shown}");
    }
    bank.types("approver", "volunteer erase 0300000001").await.exits(2);
    bank.types("approver", "volunteer erase 0300000001 --validate-only").await.exits(0);
    let id = "6f2c1f0e-98a5-4f0e-8b1f-1d5f8f1d2a11";
    let erase = format!("volunteer erase --yes --request-id {id}");
    bank.types("approver", &format!("{erase} 0300000001")).await.exits(0);
    let again = bank.types("approver", &format!("{erase} 0300000001 --format json")).await;
    assert_eq!(again.exits(0).json()["replayed"], true);
    bank.types("clerk", "volunteer register 2 --branch NW-01").await.exits(0);
    bank.types("approver", "volunteer erase --passbook-no 2 --yes").await.exits(0);
    bank.types("clerk", "volunteer show 0300000001").await.exits(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_decided_on_corrected_and_deducted() {
    let bank = Bank::start().await;
    with_a_record(&bank).await;
    fs::write(bank.directory.path().join("list.csv"), "义工号,姓名\n02,乙\n0300000001,甲\n")
        .unwrap();
    let list = bank.types("clerk", "import volunteers list.csv --branch NW-01 --format csv").await;
    let list = list.exits(3).csv();
    assert_eq!((&list[1][2], &list[2][2], &list[2][5]), ("registered", "refused", "NUMBER_TAKEN"));
    let sheet = "hours record 0300000001 02 --activity-no 1 --start 2026-03-02T08:00 \
                 --end 2026-03-02T18:00 --format csv";
    let sheet = bank.types("clerk", sheet).await.exits(0).csv();
    assert_eq!((&sheet[1][2], &sheet[2][3]), ("pending", "3"));
    let own = bank.types("clerk", "hours approve 2 3").await.exits(1);
    assert!(own.err.contains("ROLE_REQUIRED"), "{}", own.err);
    bank.types("approver", "hours approve 2 --lang zh").await.exits(0);
    let each = bank.types("approver", "hours approve 2 3 --each --format csv").await.exits(3).csv();
    assert_eq!((&each[1][5], &each[2][2]), ("RECORD_STATE", "done"));
    let correct =
        "hours correct 2 --date 2026-03-02 --minutes 90 --reason wrong-time --format json";
    let correct = bank.types("approver", correct).await.exits(0).json();
    assert_eq!(correct["record"]["minutes"], 90);
    bank.types("approver", "hours reverse 1 --reason duplicate").await.exits(0);
    bank.types(
        "approver",
        "hours deduct 02 --activity-no 1 --date 2026-03-03 --minutes 30 --reason rule-broken",
    )
    .await
    .exits(0);
    bank.types("clerk", "hours evaluate 3 --grade 5 --date 2026-03-04").await.exits(0);
    bank.types("clerk", "hours evaluate 3 --grade 6 --date 2026-03-04").await.exits(2);
    let pending = "hours record 02 --activity-no 1 --start 2026-03-05T08:00 --end 2026-03-05T17:00";
    bank.types("clerk", pending).await.exits(0);
    let pending = bank.types("clerk", "hours list --state pending --format json").await.exits(0);
    let no = pending.json()[0]["record_no"].to_string();
    bank.types("approver", &format!("hours reject {no} --reason not-served")).await.exits(0);
    let passbook =
        bank.types("clerk", "passbook show 0300000001 --format json").await.exits(0).json();
    assert_eq!(passbook["passbook"]["minutes"], 90);
    assert_eq!(passbook["lines"].as_array().map(Vec::len), Some(5));
    let first = passbook["lines"][4]["seq"].to_string();
    let then = format!("passbook show 0300000001 --as-of {first} --format json");
    let then = bank.types("clerk", &then).await.exits(0).json();
    assert_eq!(then["passbook"]["points"], "2.50");
    let before = "passbook show 0300000001 --as-of 2020-01-01 --format csv";
    assert_eq!(&bank.types("clerk", before).await.exits(0).csv()[1][3], "0");
    bank.types("auditor", "verify --quiet").await.exits(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn check_ins_tokens_and_rulebooks_change_as_told() {
    let bank = Bank::start().await;
    bank.types("clerk", "volunteer register 1 --branch NW-01").await.exits(0);
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap());
    let at = |hours: i64| {
        let it = now.checked_add(jiff::Span::new().hours(hours)).unwrap();
        it.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    let create = format!("activity create 值班 --branch NW-01 --start {} --end {}", at(-1), at(1));
    bank.types("clerk", &create).await.exits(0);
    bank.types("clerk", "hours check-in 1 --activity-no 1").await.exits(0);
    let open = bank.types("clerk", "hours check-ins --activity-no 1 --format csv").await.exits(0);
    assert_eq!(&open.csv()[1][0], "1");
    let twice = bank.types("clerk", "hours check-in 1 --activity-no 1").await.exits(1);
    assert!(twice.err.contains("ALREADY_CHECKED_IN"), "{}", twice.err);
    bank.types("clerk", "hours check-out 1 --validate-only").await;
    bank.types("clerk", "hours cancel-check-in 1").await.exits(0);

    let issue =
        "token issue many --grant clerk@NW-01 --grant auditor@* --expires 2030-12-31 --format json";
    let issue: Vec<&str> = issue.split_whitespace().collect();
    let issued = bank.operator(&issue).await.exits(0).json();
    assert!(issued["token"]["secret"].as_str().is_some_and(|it| it.starts_with("lovebank_")));
    bank.operator(&["token", "issue", "x", "--grant", "clerk@NO", "--out", "x.token"])
        .await
        .exits(1);
    assert!(!bank.directory.path().join("x.token").exists());
    let kept = ["token", "issue", "x", "--grant", "clerk@NW", "--out", "clerk.token"];
    let kept = bank.operator(&kept).await.exits(1);
    assert!(kept.err.contains("no token was issued"), "{}", kept.err);
    let no = issued["token"]["token_no"].to_string();
    bank.operator(&["token", "revoke", &no]).await.exits(0);
    bank.operator(&["token", "revoke", &no, "--lang", "zh"]).await.exits(1);

    let shown = bank.operator(&["rulebook", "show", "--quiet"]).await.exits(0).out;
    let path = bank.directory.path().join("rules.toml");
    fs::write(&path, &shown).unwrap();
    let same = bank.operator(&["rulebook", "adopt", "rules.toml"]).await.exits(1);
    assert!(same.err.contains("RULEBOOK_SAME"), "{}", same.err);
    fs::write(&path, shown.replace("at_once_minutes = 480", "at_once_minutes = 420")).unwrap();
    let adopt = ["rulebook", "adopt", "rules.toml", "--format", "json"];
    assert_eq!(bank.operator(&adopt).await.exits(0).json()["rulebook"]["version"], 2);
    let csv = bank.operator(&["rulebook", "show", "--format", "csv"]).await.exits(0).csv();
    assert!(csv[1][2].contains("at_once_minutes = 420\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_id_changes_nothing_and_another_change_under_it_is_refused() {
    let bank = Bank::start().await;
    let id = "6f2c1f0e-98a5-4f0e-8b1f-1d5f8f1d2a11";
    let rename = |name: &'static str| ["branch", "rename", "NW", name, "--request-id", id];
    let first = bank.operator(&rename("甲")).await.exits(0);
    let again = bank.operator(&rename("甲")).await.exits(0);
    assert!(!first.err.contains("before") && again.err.contains("recorded before"));
    let other: Run = bank.operator(&rename("乙")).await.exits(1);
    assert!(other.err.contains("REQUEST_ID_REUSED"), "{}", other.err);
    let checked =
        bank.operator(&["branch", "rename", "NW", "丙", "--validate-only"]).await.exits(0);
    assert!(checked.err.contains("nothing recorded"), "{}", checked.err);
    let quiet = bank.operator(&["branch", "rename", "NW", "丙", "--validate-only", "-q"]).await;
    assert!(quiet.exits(0).err.is_empty());
    let shown = bank.operator(&["branch", "list", "--format", "json"]).await.exits(0).json();
    assert_eq!(shown[0]["name"], "甲");
}

#[tokio::test(flavor = "multi_thread")]
async fn sheets_are_rehearsed_taken_in_once_and_corrected_by_later_ones() {
    let bank = Bank::start().await;
    let sheet = |name: &str, text: &str| fs::write(bank.directory.path().join(name), text).unwrap();
    sheet("1.csv", "a@b.cn,巡河,2\nA@B.cn,护路,3\nb@b.cn,巡河,4\nnobody,巡河,1\n");
    sheet("2.csv", "a@b.cn,巡河,2.5\na@b.cn,护路,0\nb@b.cn,巡河,4\nb@b.cn,违规,-1\n");
    sheet("days.csv", "file,uploaded_on\n1.csv,2026-03-01\n2.csv,2026-03-02\n");
    let line = "import hours 1.csv 2.csv --branch NW-01 --profile nss --register-missing";
    bank.types("approver", line).await.exits(2);
    let line = format!("{line} --dates days.csv");
    let rehearsed = bank.types("approver", &line).await.exits(3);
    assert!(rehearsed.err.contains("nothing recorded"), "{}", rehearsed.err);
    let commit = format!("{line} --commit --rejects out --format json");
    let run = bank.types("approver", &commit).await.exits(3);
    let json = run.json();
    let counts = json["verdicts"].as_array().unwrap().iter();
    let counts: Vec<_> =
        counts.map(|it| (it["verdict"].as_str().unwrap(), it["rows"].as_u64().unwrap())).collect();
    let expected = [
        ("NEW", 3),
        ("SAME", 1),
        ("CORRECTION", 1),
        ("REVERSAL", 1),
        ("DEDUCTION", 1),
        ("MALFORMED", 1),
    ];
    assert_eq!(counts, expected);
    assert_eq!((&json["changed"], &json["registered"]), (&2.into(), &2.into()));
    let head = || bank.types("auditor", "journal head --format json");
    let before = head().await.exits(0).json();
    let again = bank.types("approver", &commit).await.exits(3);
    assert!(again.err.contains("taken in before"), "{}", again.err);
    assert_eq!(again.json()["verdicts"], json["verdicts"]);
    assert_eq!(again.json()["registered"], 0, "{}", again.err);
    assert_eq!(head().await.exits(0).json(), before);
    let reasons = fs::read_to_string(bank.directory.path().join("out/1.reasons.csv")).unwrap();
    assert!(reasons.contains("1.csv,4,1,VOLUNTEER_NOT_EMAIL"), "{reasons}");
    let clerk = bank.types("clerk", &line.replace("1.csv 2.csv", "1.csv")).await;
    assert_ne!(clerk.code, Some(0), "{}", clerk.out);
}
