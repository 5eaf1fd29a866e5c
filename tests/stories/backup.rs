//! The vault leaves the bank sealed, to nobody but whom the settings name.

use lovebank_vault::{Vault, VaultKey, check_sealed, unseal};
use lovebank_wire::v1::{self, BranchKind, Role};
use tonic::{Code, Status};

use crate::support::{Client, TestBank, config_in, reason};

async fn sealed(client: &Client, check_only: bool) -> Result<(String, u64, Vec<u8>), Status> {
    let message = v1::SealVaultRequest { check_only, ..<_>::default() };
    let parts = client.backups().seal_vault(client.ask(message)).await?;
    let mut parts = parts.into_inner();
    let first = parts.message().await?.expect("a first message");
    let mut bytes = first.sealed;
    while let Some(part) = parts.message().await? {
        assert!(part.sealed.len() <= 64 * 1024 && part.recipient.is_empty());
        bytes.extend(part.sealed);
    }
    Ok((first.recipient, first.read_seq, bytes))
}

#[tokio::test]
async fn a_sealed_vault_opens_with_the_key_alone_and_has_everyone() {
    let key = VaultKey::generate().expect("randomness");
    let directory = tempfile::tempdir().expect("a directory");
    let mut config = config_in(directory.path());
    config.vault_recipient = Some(key.recipient());
    let bank = TestBank::start_with(directory, config, None).await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk", Role::Clerk, "NW").await);
    clerk.register("0300207442", "NW").await;

    let (recipient, _, none) = sealed(&operator, true).await.expect("told");
    assert_eq!((recipient, none.len()), (key.recipient().to_string(), 0));
    let (_, seq, bytes) = sealed(&operator, false).await.expect("sealed");
    for secret in ["0300207442", "测试甲", "SQLite format"] {
        assert!(!bytes.windows(secret.len()).any(|it| it == secret.as_bytes()), "{secret}");
    }
    let aside = tempfile::tempdir().expect("a directory");
    let path = aside.path().join("sealed");
    std::fs::write(&path, bytes).expect("written");
    assert_eq!(check_sealed(&path).expect("whole").head, seq);
    let other = VaultKey::generate().expect("randomness");
    unseal(&path, &other, &aside.path().join("x")).expect_err("another key");
    unseal(&path, &key, aside.path()).expect("the key");
    let vault = Vault::open(aside.path()).expect("a vault");
    assert!(!vault.is_empty().expect("readable"));
    let beside = std::fs::read_dir(bank.directory.path().join("vault")).expect("a directory");
    assert_eq!(beside.count(), 2, "no copy is left beside the vault");

    let scoped = bank.with(&operator.token("branch-operator", Role::Operator, "NW").await);
    let refused = sealed(&scoped, true).await.expect_err("of the whole bank only");
    assert_eq!(refused.code(), Code::PermissionDenied, "{refused:?}");
}

#[tokio::test]
async fn without_a_recipient_no_vault_leaves_the_bank() {
    let bank = TestBank::start().await;
    for check_only in [true, false] {
        let refused = sealed(&bank.operator(), check_only).await.expect_err("nobody is named");
        assert_eq!(refused.code(), Code::FailedPrecondition);
        assert_eq!(reason(&refused), "NO_RECIPIENT");
    }
}
