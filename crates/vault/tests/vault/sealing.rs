//! A vault leaves the bank sealed, and comes back beside a journal of another moment.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{collections::HashSet, fs};

use lovebank_ledger::{NumberTag, Seal, VolunteerId};
use lovebank_vault::{
    Beside, Fitted, MayLack, SealError, SealedHeader, Standing, Vault, VaultKey, VolunteerNumber,
    WriteError, check_sealed, unseal,
};
use tempfile::TempDir;

use crate::support::{id, known, named, occurrences, request, vault, whole};

fn header(key: &VaultKey) -> SealedHeader {
    SealedHeader { made_at: 5, head: 7, seal: Some(Seal::new([9; 32])), recipient: key.recipient() }
}

/// A vault of three people, sealed; the directory it was opened into, and its vault.
fn reopened(vault: &Vault) -> (TempDir, Vault) {
    let key = VaultKey::generate().unwrap();
    let data = TempDir::new().unwrap();
    let path = data.path().join("sealed");
    vault.seal_into(&header(&key), fs::File::create(&path).unwrap()).unwrap();
    let bytes = fs::read(&path).unwrap();
    for secret in ["测试甲", "13800138000", "SQLite"] {
        assert!(!bytes.windows(secret.len()).any(|it| it == secret.as_bytes()), "{secret}");
    }
    assert_eq!(check_sealed(&path).unwrap(), header(&key));
    assert_eq!(unseal(&path, &key, data.path()).unwrap(), header(&key));
    let vault = Vault::open(data.path()).unwrap();
    (data, vault)
}

fn three() -> (TempDir, Vault) {
    let (data, vault) = vault();
    let people = (0..3).map(|n| (id(n), whole(&n.to_string(), "测试甲", "13800138000", "备注")));
    vault.put(&people.collect::<Vec<_>>()).unwrap();
    vault.settle(&[id(0), id(1), id(2)], &[]).unwrap();
    (data, vault)
}

fn tag(vault: &Vault, n: u64) -> NumberTag {
    vault.tag(&VolunteerNumber::parse(&n.to_string()).unwrap())
}

/// Fits a vault to a journal of these volunteers, of whom it may lack anyone or not.
fn fit(vault: &Vault, journal: &[u64], erased: &[u64], anyone: bool) -> Result<Fitted, WriteError> {
    fit_sealed_at(0, vault, journal, (erased, anyone))
}

/// The same of a vault that was sealed at an entry; the journal ends with entry 7.
fn fit_sealed_at(
    knew_until: u64,
    vault: &Vault,
    journal: &[u64],
    (erased, anyone): (&[u64], bool),
) -> Result<Fitted, WriteError> {
    let standing = |it: &VolunteerId| {
        let found = journal.iter().find(|n| *it == id(**n));
        found.map_or(Standing::Unknown, |n| known(vault, *n))
    };
    let people = u64::try_from(journal.len()).unwrap();
    let beside = Beside { head: 7, people, standing: &standing, request: &|_| true };
    let mut everyone = journal.iter().map(|n| (id(*n), tag(vault, *n)));
    let erased: HashSet<_> = erased.iter().map(|n| id(*n)).collect();
    vault.fit(beside, &mut everyone, MayLack { erased: &erased, knew_until, anyone })
}

fn swept(vault: &Vault, journal: &[u64]) -> Result<(), WriteError> {
    let standing = |it: &VolunteerId| {
        let found = journal.iter().find(|n| *it == id(**n));
        found.map_or(Standing::Unknown, |n| known(vault, *n))
    };
    let people = u64::try_from(journal.len()).unwrap();
    let beside = Beside { head: 7, people, standing: &standing, request: &|_| true };
    vault.sweep(beside).map(|_| ())
}

#[test]
fn a_sealed_vault_comes_back_with_its_people_and_its_secret() {
    let (data, vault) = three();
    let (_again, reopened) = reopened(&vault);
    assert_eq!(reopened.get(id(1)).unwrap(), vault.get(id(1)).unwrap());
    assert_eq!(tag(&reopened, 1), tag(&vault, 1));
    assert_eq!(fs::read_dir(data.path().join("vault")).unwrap().count(), 2, "no copy is left");
}

#[test]
fn a_copy_that_a_crash_left_is_gone_at_the_next_open() {
    let (data, vault) = three();
    vault.copy_to(&data.path().join("vault/sealing.sqlite")).unwrap();
    drop(vault);
    let name = occurrences(data.path(), "测试甲");
    Vault::open(data.path()).unwrap();
    assert!(occurrences(data.path(), "测试甲") < name);
    assert!(!data.path().join("vault/sealing.sqlite").exists());
}

#[test]
fn one_seals_at_a_time() {
    struct Nested<'a>(&'a Vault, &'a VaultKey);
    impl std::io::Write for Nested<'_> {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let second = self.0.seal_into(&header(self.1), Vec::new()).unwrap_err();
            assert!(matches!(second, SealError::Busy));
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (_data, vault) = three();
    let key = VaultKey::generate().unwrap();
    vault.seal_into(&header(&key), Nested(&vault, &key)).unwrap();
    vault.seal_into(&header(&key), std::io::sink()).unwrap();
}

#[test]
fn who_came_after_the_restored_entry_goes_and_the_bank_opens() {
    let (_data, old) = three();
    let (data, vault) = reopened(&old);
    // A start never does it.
    assert!(matches!(swept(&vault, &[0, 1]), Err(WriteError::StrangeJournal { .. })));
    assert_eq!(fit(&vault, &[0, 1], &[], false).unwrap(), Fitted { people: 1, ..<_>::default() });
    assert_eq!(vault.get(id(2)).unwrap(), None);
    swept(&vault, &[0, 1]).unwrap();
    drop(vault);
    assert_eq!(
        occurrences(data.path(), "测试甲"),
        3 * 2,
        "the name, its key and its place in an index, of two"
    );
}

#[test]
fn who_was_erased_later_stays_erased_in_an_old_backup() {
    let (_data, old) = three();
    let (data, vault) = reopened(&old);
    let fitted = fit(&vault, &[0, 1, 2], &[1], false).unwrap();
    assert_eq!(fitted, Fitted { people: 1, requests: 0, absent: 1 });
    assert_eq!(vault.get(id(1)).unwrap(), None);
    // The journal of that entry still knows the person, and the bank opens.
    swept(&vault, &[0, 1, 2]).unwrap();
    // Once it says so itself, nothing is noted any more.
    swept(&vault, &[0, 2]).unwrap();
    drop(vault);
    assert_eq!(occurrences(data.path(), "测试甲"), 3 * 2);
}

#[test]
fn a_vault_older_than_its_journal_is_fitted_only_where_names_may_lack() {
    let (_data, old) = three();
    let (_again, vault) = reopened(&old);
    let refused = fit(&vault, &[0, 1, 2, 3], &[], false).unwrap_err();
    assert!(matches!(refused, WriteError::Lacking { known: 3, lacking: 1 }), "{refused}");
    assert_eq!(fit(&vault, &[0, 1, 2, 3], &[], true).unwrap().absent, 1);
    swept(&vault, &[0, 1, 2, 3]).unwrap();
    // One who is absent is taken up again under the own number only.
    assert!(!vault.update(id(3), &named("4", "乙")).unwrap());
    assert!(vault.update(id(3), &named("3", "乙")).unwrap());
    assert!(!vault.update(id(9), &named("9", "乙")).unwrap());
    swept(&vault, &[0, 1, 2, 3]).unwrap();
    assert!(swept(&vault, &[0, 1, 2, 3, 4]).is_err(), "another who lacks is told again");
}

#[test]
fn who_was_noted_as_absent_does_not_lack_again() {
    let (_data, old) = three();
    let (_again, vault) = reopened(&old);
    fit(&vault, &[0, 1, 2, 3, 4], &[], true).unwrap();
    let (_once_more, vault) = reopened(&vault);
    assert_eq!(fit(&vault, &[0, 1, 2, 3, 4], &[], false).unwrap().absent, 2);
    swept(&vault, &[0, 1, 2, 3, 4]).unwrap();
    // Another one does, whatever was noted.
    let refused = fit(&vault, &[0, 1, 2, 3, 4, 5], &[], false).unwrap_err();
    assert!(matches!(refused, WriteError::Lacking { known: 3, lacking: 1 }), "{refused}");
    // One who was taken up again, and one whom the journal does not know, are noted no more.
    assert!(vault.update(id(3), &named("3", "乙")).unwrap());
    assert_eq!(fit(&vault, &[0, 1, 2, 3], &[], false).unwrap(), Fitted::default());
    let refused = fit(&vault, &[0, 1, 2, 3, 4], &[], false).unwrap_err();
    assert!(matches!(refused, WriteError::Lacking { known: 4, lacking: 1 }), "{refused}");
}

#[test]
fn whom_a_vault_lacks_that_was_sealed_at_the_last_entry_or_later_was_erased_since() {
    let (_data, old) = three();
    old.erase(id(1)).unwrap();
    for (sealed_at, may) in [(0, false), (6, false), (7, true), (8, true)] {
        let (_again, vault) = reopened(&old);
        let fitted = fit_sealed_at(sealed_at, &vault, &[0, 1, 2], (&[], false));
        if may {
            assert_eq!(fitted.unwrap(), Fitted { absent: 1, ..<_>::default() }, "{sealed_at}");
            swept(&vault, &[0, 1, 2]).unwrap();
        } else {
            let refused = fitted.unwrap_err();
            assert!(matches!(refused, WriteError::Lacking { lacking: 1, .. }), "{sealed_at}");
            assert!(swept(&vault, &[0, 1, 2]).is_err(), "{sealed_at}: nothing was noted");
        }
    }
}

#[test]
fn one_who_is_erased_while_absent_is_not_taken_up_again() {
    let (_data, old) = three();
    let (_again, vault) = reopened(&old);
    fit(&vault, &[0, 1, 2, 3], &[], true).unwrap();
    assert!(vault.erase(id(3)).unwrap(), "there was a note of the one who is absent");
    assert!(!vault.update(id(3), &named("3", "乙")).unwrap());
    assert!(!vault.erase(id(3)).unwrap());
}

#[test]
fn the_vault_of_another_bank_is_not_fitted() {
    let (_data, old) = three();
    let (_again, vault) = reopened(&old);
    let (_other, other) = crate::support::vault();
    let beside = Beside {
        head: 1,
        people: 3,
        standing: &|_| known(&other, 0),
        request: &|it| *it == request(1),
    };
    let may_lack = MayLack { erased: &HashSet::new(), knew_until: 1, anyone: true };
    let refused = vault.fit(beside, &mut std::iter::empty(), may_lack);
    assert!(matches!(refused, Err(WriteError::StrangeVault { foreign: 3 })), "{refused:?}");
    assert!(vault.get(id(0)).unwrap().is_some());
}

#[test]
fn the_seal_of_a_bank_of_which_nobody_is_known_says_nothing_of_this_one() {
    let (_data, other) = three();
    // It was sealed long after the journal's last entry, and lacks all of its people.
    let refused = fit_sealed_at(9, &other, &[7, 8], (&[], false));
    assert!(matches!(refused, Err(WriteError::Lacking { known: 0, lacking: 2 })), "{refused:?}");
    assert!(other.get(id(1)).unwrap().is_some(), "nothing was changed");
}
