//! The files are private, checked, and refused with advice.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use lovebank_vault::{OpenError, Standing, Vault, VolunteerNumber, copy_stopped};
use tempfile::TempDir;

use crate::support::{id, named, sweep, vault};

fn file(data: &Path) -> PathBuf {
    data.join("vault/vault.sqlite")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

#[test]
fn directory_file_and_journal_are_this_users_alone() {
    let (data, vault) = vault();
    vault.put(&[(id(1), named("1", "李"))]).unwrap();
    let modes = || {
        let directory = data.path().join("vault");
        [directory.clone(), directory.join("vault.sqlite"), directory.join("vault.sqlite-journal")]
            .map(|it| mode(&it))
    };
    assert_eq!(modes(), [0o700, 0o600, 0o600]);
    drop(vault);
    fs::set_permissions(file(data.path()), Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(data.path().join("vault"), Permissions::from_mode(0o755)).unwrap();
    Vault::open(data.path()).unwrap();
    assert_eq!(modes()[..2], [0o700, 0o600]);
}

#[test]
fn a_damaged_file_is_refused_with_advice() {
    let (data, vault) = vault();
    vault.put(&(0..500).map(|n| (id(n), named(&n.to_string(), "李"))).collect::<Vec<_>>()).unwrap();
    drop(vault);
    let mut bytes = fs::read(file(data.path())).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8_192].fill(0xA5);
    fs::write(file(data.path()), bytes).unwrap();
    let error = Vault::open(data.path()).unwrap_err();
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
    assert!(error.to_string().contains("restore the backup"), "{error}");
}

#[test]
fn a_file_of_something_else_is_refused_and_left_alone() {
    let data = TempDir::new().unwrap();
    fs::create_dir(data.path().join("vault")).unwrap();
    fs::write(file(data.path()), "a letter, long enough to have a header, from someone").unwrap();
    assert!(matches!(Vault::open(data.path()), Err(OpenError::Damaged { .. })));

    fs::remove_file(file(data.path())).unwrap();
    let other = rusqlite::Connection::open(file(data.path())).unwrap();
    other.execute_batch("CREATE TABLE theirs (it TEXT)").unwrap();
    assert!(matches!(Vault::open(data.path()), Err(OpenError::NotAVault { .. })));
    let tables: u32 =
        other.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);
}

#[test]
fn a_later_schema_is_refused() {
    let (data, vault) = vault();
    drop(vault);
    let file = rusqlite::Connection::open(file(data.path())).unwrap();
    file.pragma_update(None, "user_version", 9).unwrap();
    let error = Vault::open(data.path()).unwrap_err();
    assert!(matches!(error, OpenError::Newer { found: 9, known: 5 }), "{error:?}");
}

#[test]
fn a_file_of_the_first_schema_is_brought_up_and_loses_nobody() {
    let (data, vault) = vault();
    vault.put(&[(id(1), named("0300", "李"))]).unwrap();
    drop(vault);
    let old = rusqlite::Connection::open(file(data.path())).unwrap();
    old.execute_batch(
        "DROP TABLE absent;
         DROP TRIGGER person_replaced;
         ALTER TABLE person DROP COLUMN pending;
         ALTER TABLE person DROP COLUMN birth;
         ALTER TABLE vault DROP COLUMN head;
         ALTER TABLE vault DROP COLUMN erasing;
         CREATE TRIGGER person_replaced AFTER UPDATE ON person
             BEGIN UPDATE vault SET residue = 1 WHERE residue = 0; END;
         PRAGMA user_version = 1;",
    )
    .unwrap();
    drop(old);
    let vault = Vault::open(data.path()).unwrap();
    assert_eq!(vault.get(id(1)).unwrap(), Some(named("0300", "李")));
    // The journal had answered for everyone who was there before.
    assert!(sweep(&vault, 0, |_| Standing::Unknown, |_| true).is_err());
}

#[test]
fn a_copy_is_whole_private_and_never_written_over_another() {
    let (_data, vault) = vault();
    vault.put(&[(id(1), named("0300", "李"))]).unwrap();
    let other = TempDir::new().unwrap();
    fs::create_dir(other.path().join("vault")).unwrap();
    vault.copy_to(&file(other.path())).unwrap();
    assert!(vault.copy_to(&file(other.path())).is_err());
    assert_eq!(mode(&file(other.path())), 0o600);

    let copy = Vault::open(other.path()).unwrap();
    assert_eq!(copy.get(id(1)).unwrap(), Some(named("0300", "李")));
    let number = VolunteerNumber::parse("0300").unwrap();
    assert_eq!(copy.tag(&number), vault.tag(&number));
}

#[test]
fn the_vault_of_a_bank_that_crashed_is_copied_without_a_byte_of_it_changing() {
    let (data, vault) = vault();
    let people: Vec<_> = (0..500).map(|n| (id(n), named(&n.to_string(), "李"))).collect();
    vault.put(&people).unwrap();
    drop(vault);
    // A change of which a part reached the file, and an older schema.
    let crashed = TempDir::new().unwrap();
    fs::create_dir(crashed.path().join("vault")).unwrap();
    let mut writer = rusqlite::Connection::open(file(data.path())).unwrap();
    writer
        .execute_batch(
            "DROP TABLE absent; PRAGMA user_version = 4; PRAGMA journal_mode = TRUNCATE;
             PRAGMA cache_size = 5; PRAGMA cache_spill = 5;",
        )
        .unwrap();
    let change = writer.transaction().unwrap();
    change.execute("UPDATE person SET name = '王', note = hex(randomblob(200))", []).unwrap();
    for name in ["vault.sqlite", "vault.sqlite-journal"] {
        let path = |it: &Path| it.join("vault").join(name);
        fs::copy(path(data.path()), path(crashed.path())).unwrap();
    }
    drop(change);
    let files = |it: &Path| -> Vec<_> {
        let names = ["vault.sqlite", "vault.sqlite-journal"].iter();
        names.map(|name| fs::read(it.join("vault").join(name)).unwrap()).collect()
    };
    let before = files(crashed.path());
    assert!(before[0].windows(3).any(|it| it == "王".as_bytes()), "a part of it was written");

    let new = TempDir::new().unwrap();
    assert!(copy_stopped(crashed.path(), new.path()).unwrap());
    assert_eq!(files(new.path()), before);
    assert_eq!(mode(&file(new.path())), 0o600);
    let copy = Vault::open(new.path()).unwrap();
    for (id, person) in people {
        assert_eq!(copy.get(id).unwrap(), Some(person));
    }
    assert_eq!(files(crashed.path()), before, "nothing about it was changed");
    assert_eq!(fs::read_dir(crashed.path().join("vault")).unwrap().count(), 2);
    // Nothing is written over, and where there is none, none is made.
    copy_stopped(crashed.path(), new.path()).unwrap_err();
    let (none, fresh) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    assert!(!copy_stopped(none.path(), fresh.path()).unwrap());
    assert_eq!(fs::read_dir(fresh.path()).unwrap().count(), 0);
}
