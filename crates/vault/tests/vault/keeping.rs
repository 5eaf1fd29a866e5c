//! What is kept stays kept.

use std::thread;

use lovebank_vault::{BATCH_MAX, Query, ReadError, Vault, VolunteerNumber, WriteError};

use crate::support::{id, named, vault, whole};

#[test]
fn people_and_tags_outlive_the_process() {
    let (data, vault) = vault();
    let li = whole("0300207442", "李芳", "+86 138 0013 8000", "每周三下午");
    let number = VolunteerNumber::parse("0300207442").unwrap();
    vault.put(&[(id(1), li.clone())]).unwrap();
    let tag = vault.tag(&number);
    drop(vault);

    let vault = Vault::open(data.path()).unwrap();
    assert_eq!(vault.get(id(1)).unwrap(), Some(li));
    assert_eq!(vault.tag(&number), tag);
}

#[test]
fn every_bank_has_a_secret_of_its_own() {
    let ((_one, first), (_other, second)) = (vault(), vault());
    let number = VolunteerNumber::parse("0300207442").unwrap();
    assert_ne!(first.tag(&number), second.tag(&number));
}

#[test]
fn a_batch_is_one_thousand_at_most_and_all_or_none() {
    let (_data, vault) = vault();
    let crowd =
        |n: u64| (0..n).map(|it| (id(it), named(&format!("{it:06}"), "李"))).collect::<Vec<_>>();
    let refused = vault.put(&crowd(1_001)).unwrap_err();
    assert!(matches!(refused, WriteError::TooMany { given: 1_001, most: BATCH_MAX }));
    assert_eq!(vault.get(id(0)).unwrap(), None);
    vault.put(&crowd(1_000)).unwrap();

    let ids: Vec<_> = (0..1_001).map(id).collect();
    assert!(matches!(vault.get_many(&ids), Err(ReadError::TooMany { .. })));
    assert!(matches!(vault.remove(&ids), Err(WriteError::TooMany { .. })));
    assert_eq!(vault.get_many(&ids[..1_000]).unwrap().iter().flatten().count(), 1_000);
    assert_eq!(vault.remove(&ids[..1_000]).unwrap(), 1_000);
}

#[test]
fn many_are_told_in_the_order_asked_for() {
    let (_data, vault) = vault();
    let (li, wang) = (named("1", "李"), named("2", "王"));
    vault.put(&[(id(1), li.clone()), (id(2), wang.clone())]).unwrap();
    let told = vault.get_many(&[id(2), id(3), id(1), id(2)]).unwrap();
    assert_eq!(told, [Some(wang.clone()), None, Some(li), Some(wang)]);
}

#[test]
fn an_update_replaces_whom_there_is_and_makes_nobody() {
    let (_data, vault) = vault();
    vault.put(&[(id(1), whole("1", "李", "120", "旧"))]).unwrap();
    assert!(vault.update(id(1), &named("2", "王")).unwrap());
    assert_eq!(vault.get(id(1)).unwrap(), Some(named("2", "王")));
    assert!(!vault.update(id(2), &named("2", "王")).unwrap());
    assert_eq!(vault.get(id(2)).unwrap(), None);
}

#[test]
fn two_people_may_bring_one_number_for_the_ledger_is_the_judge() {
    let (_data, vault) = vault();
    vault.put(&[(id(1), named("a@b", "李")), (id(2), named("A@B", "王"))]).unwrap();
    let found = vault.find(&Query::parse("a@b").unwrap(), 10, None).unwrap();
    assert_eq!(found.people.len(), 2);
    assert_eq!(vault.remove(&[id(2), id(9)]).unwrap(), 1);
    assert_eq!(vault.get(id(2)).unwrap(), None);
}

#[test]
fn eight_threads_write_find_and_erase_at_once() {
    let (_data, vault) = vault();
    let work = |lane: u64| {
        let vault = vault.clone();
        move || {
            for n in (0..20).map(|it| lane * 1_000 + it) {
                let person = named(&format!("{n:08}"), "李");
                vault.put(&[(id(n), person.clone())]).unwrap();
                assert_eq!(vault.get(id(n)).unwrap(), Some(person));
                let query = Query::parse(&format!("{n:08}")).unwrap();
                assert_eq!(vault.find(&query, 5, None).unwrap().people.len(), 1);
                if n % 10 == 0 {
                    assert!(vault.erase(id(n)).unwrap());
                }
            }
        }
    };
    let lanes: Vec<_> = (0..8).map(|lane| thread::spawn(work(lane))).collect();
    for lane in lanes {
        lane.join().unwrap();
    }
    let all = vault.find(&Query::parse("李").unwrap(), 1_000, None).unwrap();
    assert_eq!(all.people.len(), 8 * 18);
}
