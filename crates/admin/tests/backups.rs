//! Backups and restores as a person types them, and what is refused.

mod support;

use std::{fs, path::Path};

use lovebank_vault::{Recipient, SealedHeader, Vault, VaultKey, unseal};
use serde_json::Value;
use support::{Run, admin, bank::Bank};

/// Runs the command line where no bank is.
async fn alone(bank: &Bank, line: &str) -> Run {
    let directory = bank.directory.path();
    let args: Vec<&str> = line.split_whitespace().collect();
    admin("http://127.0.0.1:1", Path::new("none"), directory, &args).await
}

async fn operator(bank: &Bank, line: &str) -> Run {
    bank.operator(&line.split_whitespace().collect::<Vec<_>>()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_is_backed_up_shown_verified_and_restored_to_an_entry() {
    let bank = Bank::start().await;
    // Nobody is named to seal the vault to, and nothing is half done.
    let refused = operator(&bank, "backup create full.backup").await.exits(1);
    assert!(refused.err.contains("NO_RECIPIENT") && refused.err.contains("--journal-only"));
    assert!(!bank.directory.path().join("full.backup").exists());
    operator(&bank, "backup create full.backup --journal-only").await.exits(0);
    let twice = operator(&bank, "backup create full.backup --journal-only").await.exits(1);
    assert!(twice.err.contains("is there already"), "{}", twice.err);
    let nothing = "backup create none.backup --after full.backup --journal-only";
    let nothing = operator(&bank, nothing).await.exits(0);
    assert!(nothing.err.contains("nothing new"), "{}", nothing.err);
    assert!(!bank.directory.path().join("none.backup").exists());
    operator(&bank, "branch rename NW 南湾").await.exits(0);
    let on = "backup create on.backup --after full.backup --journal-only --format json";
    let on = operator(&bank, on).await.exits(0).json();
    assert_eq!(on["first_seq"], on["last_seq"]);

    let shown =
        alone(&bank, "backup show full.backup on.backup --format json").await.exits(0).json();
    assert_eq!((&shown[0]["kind"], &shown[1]["kind"]), (&"full".into(), &"increment".into()));
    let chinese = alone(&bank, "backup show full.backup --lang zh").await.exits(0);
    assert!(chinese.out.contains("完整"), "{}", chinese.out);
    alone(&bank, "backup verify full.backup on.backup").await.exits(0);
    let part = alone(&bank, "backup verify on.backup").await.exits(0);
    assert!(part.err.contains("the full backup before them"), "{}", part.err);
    let order = alone(&bank, "backup verify on.backup full.backup --lang zh").await.exits(4);
    assert!(order.err.contains("请按顺序给出"), "{}", order.err);

    let whole = alone(&bank, "restore full.backup on.backup --into whole --format json").await;
    assert_eq!(whole.exits(0).json()["seq"], on["last_seq"]);
    let over = alone(&bank, "restore full.backup --into whole").await.exits(1);
    assert!(over.err.contains("is not empty"), "{}", over.err);
    let to = "restore full.backup on.backup --to-entry 3 --into three --format json";
    assert_eq!(alone(&bank, to).await.exits(0).json()["seq"], 3);
    let beyond = alone(&bank, "restore full.backup --to-entry 999 --into beyond").await.exits(1);
    assert!(beyond.err.contains("there is no entry 999"), "{}", beyond.err);
    let left = fs::read_dir(bank.directory.path().join("beyond")).unwrap().count();
    assert_eq!(left, 0, "nothing half done is left");

    // The same walk moves what was restored to another directory.
    let moved = "migrate --from whole --into moved --mirror second --format json";
    assert_eq!(alone(&bank, moved).await.exits(0).json()["seq"], on["last_seq"]);
    for it in ["moved/journal/db", "second/journal/db"] {
        assert!(bank.directory.path().join(it).exists(), "{it}");
    }
    alone(&bank, "migrate --from nowhere --into elsewhere").await.exits(2);
    let running = alone(&bank, "migrate --from data --into elsewhere").await.exits(1);
    assert!(running.err.contains("in use"), "{}", running.err);
    let chinese = alone(&bank, "migrate --from data --into elsewhere --lang zh").await.exits(1);
    assert!(chinese.err.contains("请先停止服务"), "{}", chinese.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_file_is_named_and_restores_nothing() {
    let bank = Bank::start().await;
    operator(&bank, "backup create full.backup --journal-only").await.exits(0);
    let path = bank.directory.path().join("full.backup");
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    fs::write(bank.directory.path().join("flipped.backup"), &bytes).unwrap();
    fs::write(bank.directory.path().join("cut.backup"), &bytes[..at]).unwrap();
    for name in ["flipped.backup", "cut.backup"] {
        let refused = alone(&bank, &format!("backup verify {name}")).await.exits(4);
        assert!(refused.err.contains(name), "{}", refused.err);
        alone(&bank, &format!("restore {name} --into restored")).await.exits(4);
        let left = fs::read_dir(bank.directory.path().join("restored"));
        assert!(left.map_or(true, |mut it| it.next().is_none()), "nothing is left");
    }
    let none = alone(&bank, "backup show data/operator.token").await.exits(4);
    assert!(none.err.contains("no backup"), "{}", none.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_come_back_only_with_the_vault_and_are_missed_only_when_told() {
    let bank = Bank::start().await;
    bank.types("clerk", "volunteer register 0300000001 --branch NW-01 --name 测试甲")
        .await
        .exits(0);
    operator(&bank, "backup create full.backup --journal-only").await.exits(0);
    let refused = alone(&bank, "restore full.backup --into restored").await.exits(2);
    assert!(refused.err.contains("--accept-lost-names"), "{}", refused.err);
    let lost = "restore full.backup --accept-lost-names --into restored --format json";
    assert_eq!(alone(&bank, lost).await.exits(0).json()["absent"], 1);
    let mistaken = alone(&bank, "restore data/operator.token --into other").await.exits(4);
    assert!(mistaken.err.contains("no backup"), "{}", mistaken.err);
}

/// A bank that seals its vault, with two volunteers of whom the second came after `full.backup`.
async fn sealing() -> (Bank, Recipient) {
    let key = VaultKey::generate().expect("a key");
    let bank = Bank::start_sealing(key.recipient()).await;
    fs::write(bank.directory.path().join("vault.key"), key.reveal()).expect("written");
    let register = "volunteer register 0300000001 --branch NW-01 --name 测试甲";
    bank.types("clerk", register).await.exits(0);
    // By whom the vault is known to be this bank's, whoever of the others is erased.
    let register = "volunteer register 0300000009 --branch NW-01 --name 测试壬";
    bank.types("clerk", register).await.exits(0);
    operator(&bank, "backup create full.backup").await.exits(0);
    let register = "volunteer register 0300000002 --branch NW-01 --name 测试乙";
    bank.types("clerk", register).await.exits(0);
    (bank, key.recipient())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_that_was_restored_without_names_backs_up_and_restores_like_any_other() {
    let (bank, recipient) = sealing().await;
    operator(&bank, "backup create on.backup --after full.backup --journal-only").await.exits(0);
    // The vault is older than the journal.
    let restore = "restore full.backup on.backup --vault full.backup.vault --key vault.key \
                   --into restored --format json";
    let refused = alone(&bank, restore).await.exits(1);
    assert!(refused.err.contains("knows 1 volunteers of whom"), "{}", refused.err);
    let accepted = alone(&bank, &format!("{restore} --accept-lost-names")).await.exits(0);
    assert_eq!(accepted.json()["absent"], 1);
    assert!(accepted.err.contains("1 volunteers have no names here"), "{}", accepted.err);

    let restored = bank.beside("restored", recipient.clone()).await;
    operator(&restored, "backup create again.backup").await.exits(0);
    let again = "restore again.backup --vault again.backup.vault --key vault.key --format json";
    let once_more = alone(&bank, &format!("{again} --into again")).await.exits(0);
    assert_eq!(once_more.json()["absent"], 1);
    let again = bank.beside("again", recipient).await;
    for (number, name) in [("0300000001", "测试甲".into()), ("0300000002", Value::Null)] {
        let show = format!("volunteer show {number} --format json");
        assert_eq!(again.types("clerk", &show).await.exits(0).json()["name"], name, "{number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_was_erased_after_the_last_entry_restored_is_not_missed() {
    let (bank, recipient) = sealing().await;
    bank.types("approver", "volunteer erase 0300000001 --yes").await.exits(0);
    // The entry that erases is in this one, and this one is not given.
    operator(&bank, "backup create later.backup --after full.backup").await.exits(0);
    let restore = "restore full.backup --vault later.backup.vault --key vault.key \
                   --into restored --format json";
    let run = alone(&bank, restore).await.exits(0);
    assert!(run.err.contains("is not in these files"), "{}", run.err);
    let restored = run.json();
    // The second volunteer came later.
    assert_eq!((&restored["absent"], &restored["removed"]), (&1.into(), &1.into()));
    bank.beside("restored", recipient).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_tells_of_which_history_it_is() {
    let (bank, recipient) = sealing().await;
    let restore = "restore full.backup --vault full.backup.vault --key vault.key --into second";
    let run = alone(&bank, restore).await.exits(0);
    assert!(!run.err.contains("judged"), "{}", run.err);
    // From here on there are two histories; the first bank goes on, and nobody can tell by time.
    let second = bank.beside("second", recipient).await;
    let register = "volunteer register 0300000003 --branch NW-01 --name 测试丙";
    second.types("clerk", register).await.exits(0);
    operator(&second, "backup create second.backup").await.exits(0);
    operator(&bank, "backup create first.backup").await.exits(0);
    let shown = "backup show second.backup second.backup.vault first.backup.vault --format json";
    let shown = alone(&bank, shown).await.exits(0).json();
    assert_eq!(shown[0]["last_seq"], shown[2]["last_seq"], "one entry after the common ones");
    assert_eq!(shown[0]["seal"], shown[1]["seal"]);
    assert_ne!(shown[0]["seal"], shown[2]["seal"]);

    let other = "restore second.backup --vault first.backup.vault --key vault.key --into other";
    let refused = alone(&bank, other).await.exits(4);
    assert!(refused.err.contains("of another history, or of another bank"), "{}", refused.err);
    assert!(refused.err.contains("--accept-lost-names"), "{}", refused.err);
    let left = fs::read_dir(bank.directory.path().join("other")).unwrap().count();
    assert_eq!(left, 0, "nothing half done is left");
    let refused = alone(&bank, &format!("{other} --lang zh")).await.exits(4);
    assert!(refused.err.contains("另一段历史"), "{}", refused.err);
    let verify = alone(&bank, "backup verify second.backup first.backup.vault").await.exits(4);
    assert!(verify.err.contains("first.backup.vault: "), "{}", verify.err);
    let verify = alone(&bank, "backup verify second.backup second.backup.vault").await.exits(0);
    assert!(!verify.err.contains("judged"), "{}", verify.err);
    let verify = "backup verify full.backup second.backup.vault";
    let untold = "second.backup.vault: the entry at which this vault was sealed is not in these";
    let told = alone(&bank, verify).await.exits(0);
    assert!(told.err.contains(untold), "{}", told.err);
    let told = alone(&bank, &format!("{verify} --lang zh")).await.exits(0);
    assert!(told.err.contains("second.backup.vault：此个人信息库加密时的流水不在"), "{}", told.err);
    let accepted = format!("{other} --accept-lost-names --format json");
    let accepted = alone(&bank, &accepted).await.exits(0).json();
    assert_eq!((&accepted["absent"], &accepted["removed"]), (&1.into(), &1.into()));

    // To an earlier entry than that of the vault, which is in the files: it is compared all the
    // same, and whom only later entries know is removed.
    let to = shown[0]["last_seq"].as_u64().unwrap() - 1;
    let earlier = format!("--key vault.key --to-entry {to} --format json");
    let refused = format!("restore second.backup --vault first.backup.vault --into none {earlier}");
    alone(&bank, &refused).await.exits(4);
    let right = format!("restore first.backup --vault first.backup.vault --into right {earlier}");
    let right = alone(&bank, &right).await.exits(0);
    assert!(!right.err.contains("judged"), "{}", right.err);
    assert_eq!((&right.json()["absent"], &right.json()["removed"]), (&0.into(), &1.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_an_earlier_release_sealed_is_judged_by_time_and_that_is_told() {
    let (bank, _) = sealing().await;
    let key = fs::read_to_string(bank.directory.path().join("vault.key")).unwrap();
    bank.types("approver", "volunteer erase 0300000001 --yes").await.exits(0);
    operator(&bank, "backup create later.backup").await.exits(0);
    let path = |name: &str| bank.directory.path().join(name);
    let key: VaultKey = key.parse().unwrap();
    let header = unseal(&path("later.backup.vault"), &key, &path("")).unwrap();
    let vault = Vault::open(&path("")).unwrap();
    for (name, made_at) in [("earlier", header.made_at), ("set-back", 0)] {
        let header = SealedHeader { made_at, seal: None, ..header.clone() };
        vault.seal_into(&header, fs::File::create(path(name)).unwrap()).unwrap();
    }
    let restore = "restore full.backup --key vault.key --format json";
    let told = alone(&bank, &format!("{restore} --vault earlier --into a")).await.exits(0);
    assert!(told.err.contains("an earlier release"), "{}", told.err);
    assert_eq!(told.json()["absent"], 1);
    let told = alone(&bank, &format!("{restore} --vault earlier --into b --lang zh")).await;
    assert!(told.exits(0).err.contains("由较早的版本加密"));
    let told = alone(&bank, "backup verify full.backup earlier").await.exits(0);
    assert!(told.err.contains("earlier: this vault was sealed by an earlier"), "{}", told.err);
    // It lacks somebody, and was sealed before the last entry.
    let refused = alone(&bank, &format!("{restore} --vault set-back --into c")).await.exits(1);
    assert!(refused.err.contains("knows 1 volunteers of whom"), "{}", refused.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_is_writing_is_left_alone() {
    let (bank, _) = sealing().await;
    let path = |name: &str| bank.directory.path().join(name);
    let others = ["second.backup.unfinished", "second.backup.vault.abc123.unfinished"].map(path);
    for it in &others {
        fs::write(it, "of another").expect("written");
    }
    operator(&bank, "backup create second.backup").await.exits(1);
    operator(&bank, "backup create third.backup --vault second.backup.vault").await.exits(0);
    for it in &others {
        assert_eq!(fs::read_to_string(it).expect("it is there"), "of another");
    }
    let left = fs::read_dir(path("")).expect("a directory");
    let left = left.filter(|it| {
        let name = it.as_ref().expect("an entry").file_name();
        name.to_str().is_some_and(|it| it.ends_with(".unfinished"))
    });
    assert_eq!(left.count(), 2, "its own are gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_made_once_and_never_written_over() {
    let bank = Bank::start().await;
    let key = alone(&bank, "backup key --out vault.key --format json").await.exits(0).json();
    assert!(key["vault_recipient"].as_str().unwrap().starts_with("lovebank-recipient-"));
    let kept = fs::read_to_string(bank.directory.path().join("vault.key")).unwrap();
    assert!(kept.contains("lovebank-key-"));
    alone(&bank, "backup key --out vault.key").await.exits(1);
    assert_eq!(fs::read_to_string(bank.directory.path().join("vault.key")).unwrap(), kept);
}
