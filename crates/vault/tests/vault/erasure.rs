//! What is erased is gone, down to the bytes.

use lovebank_ledger::VolunteerId;
use lovebank_vault::{Annotation, AnnotationKey, Note, PersonName, Query, Vault};

use crate::support::{id, named, occurrences, request, vault, whole};

#[test]
fn all_of_an_erased_person_leaves_the_file() {
    let (data, vault) = vault();
    let li = whole("gone-0300207442", "李要走了", "13800138000", "住在三楼的老人");
    vault.put(&[(id(1), li), (id(2), named("2", "王留下"))]).unwrap();
    let key = AnnotationKey { request: request(1), item: 0, volunteer: id(1) };
    let annotation = Annotation {
        attestor: Some(PersonName::parse("证明的张三").unwrap()),
        recorder: Some(PersonName::parse("录入的李四").unwrap()),
        note: Some(Note::parse("纸上写的话").unwrap()),
    };
    vault.put_annotations(&[(key, annotation)], 1).unwrap();
    let traces =
        ["gone-0300207442", "李要走了", "13800138000", "住在三楼", "张三", "李四", "写的话"];
    assert!(traces.iter().all(|it| occurrences(data.path(), it) != 0));

    assert!(vault.erase(id(1)).unwrap());
    assert_eq!(vault.get(id(1)).unwrap(), None);
    assert_eq!(vault.annotations_of(request(1)).unwrap(), []);
    assert!(vault.find(&Query::parse("李要走了").unwrap(), 9, None).unwrap().people.is_empty());
    assert_eq!(traces.map(|it| occurrences(data.path(), it)), [0; 7]);
    assert_eq!(vault.get(id(2)).unwrap(), Some(named("2", "王留下")));
    assert!(!vault.erase(id(1)).unwrap());
}

/// Pages split as they fill, and rows that move leave copies in unused parts of pages where
/// `secure_delete` does not reach; only rewriting the file gets them all.
#[test]
fn copies_left_by_page_splits_are_gone_too() {
    let (data, vault) = vault();
    let ids = fill(&vault);
    assert_eq!(vault.remove(&ids).unwrap(), 1_000);
    let copies = occurrences(data.path(), "erase-me");
    assert_ne!(copies, 0, "SQLite overwrites moved rows now: an erasure need not scrub");

    assert!(vault.scrub().unwrap());
    assert_eq!(occurrences(data.path(), "erase-me"), 0);
    assert!(occurrences(data.path(), "keep-me") >= 1_000);
    assert!(!vault.scrub().unwrap());
}

#[test]
fn an_erasure_cut_short_is_finished_at_the_next_open() {
    let (data, vault) = vault();
    let ids = fill(&vault);
    drop(vault);
    // As a crash after the deletion leaves it.
    let file = rusqlite::Connection::open(data.path().join("vault/vault.sqlite")).unwrap();
    file.execute_batch("PRAGMA foreign_keys = ON; BEGIN").unwrap();
    for id in &ids {
        file.execute("DELETE FROM person WHERE id = ?1", [id.as_bytes()]).unwrap();
    }
    file.execute_batch("UPDATE vault SET erasing = 1; COMMIT").unwrap();
    drop(file);
    assert_ne!(occurrences(data.path(), "erase-me"), 0);
    let vault = Vault::open(data.path()).unwrap();
    assert_eq!(occurrences(data.path(), "erase-me"), 0);
    assert!(!vault.scrub().unwrap());
}

#[test]
fn an_erasure_cut_short_is_finished_by_the_next() {
    let (data, vault) = vault();
    let ids = fill(&vault);
    // As a crash between deletion and scrubbing leaves it.
    vault.remove(&ids).unwrap();
    drop(vault);
    let vault = Vault::open(data.path()).unwrap();
    assert_eq!(vault.erase_many(&ids).unwrap(), 0);
    assert_eq!(occurrences(data.path(), "erase-me"), 0);
}

#[test]
fn what_an_update_replaced_goes_with_the_next_scrub() {
    let (data, vault) = vault();
    vault.put(&[(id(1), named("old-number", "旧名字"))]).unwrap();
    assert!(!vault.scrub().unwrap());
    vault.update(id(1), &named("new-number", "新名字")).unwrap();
    assert!(vault.scrub().unwrap());
    assert_eq!(occurrences(data.path(), "旧名字") + occurrences(data.path(), "old-number"), 0);
}

/// Fills the vault with 1,000 people to erase among 4,000 to keep, and has all of them change, so
/// that rows grow, shrink and move.
fn fill(vault: &Vault) -> Vec<VolunteerId> {
    let person = |n: u64, round: usize| {
        let word = if n.is_multiple_of(5) { "erase-me" } else { "keep-me" };
        let length =
            usize::try_from(n).map_or(0, |it| it.wrapping_mul(31).wrapping_add(round) % 90);
        whole(&format!("{}-{word}", id(n)), word, "120", &format!("{word}{}", "x".repeat(length)))
    };
    let everyone: Vec<u64> = (0..5_000).collect();
    for round in [0, 40, 70] {
        for batch in everyone.chunks(1_000) {
            let people: Vec<_> = batch.iter().map(|n| (id(*n), person(*n, round))).collect();
            vault.put(&people).expect("a put");
        }
    }
    everyone.into_iter().step_by(5).map(id).collect()
}
