//! What a crash between vault and journal left is swept, and nothing else.

use lovebank_vault::{Annotation, AnnotationKey, PersonName, Swept, Vault, WriteError};

use crate::support::{id, named, request, vault};

fn crowd(vault: &Vault, people: std::ops::Range<u64>) {
    let people: Vec<_> = people.map(|n| (id(n), named(&n.to_string(), "李"))).collect();
    people.chunks(1_000).for_each(|it| vault.put(it).expect("a put"));
}

#[test]
fn people_and_requests_unknown_to_the_journal_go() {
    let (_data, vault) = vault();
    crowd(&vault, 0..3);
    let attestor = PersonName::parse("甲").ok();
    let annotation = Annotation { attestor, recorder: None, note: None };
    let beside = |of, volunteer| {
        let key = AnnotationKey { request: request(of), item: 0, volunteer: id(volunteer) };
        (key, annotation.clone())
    };
    vault.put_annotations(&[beside(1, 0), beside(2, 0), beside(2, 1), beside(1, 2)]).unwrap();

    let swept = vault.sweep(|it| *it != id(2), |it| *it == request(1)).unwrap();
    assert_eq!(swept, Swept { people: 1, requests: 1 });
    assert_eq!(vault.get(id(2)).unwrap(), None);
    assert_eq!(vault.get(id(1)).unwrap(), Some(named("1", "李")));
    assert_eq!(vault.annotations_of(request(1)).unwrap(), [beside(1, 0)]);
    assert_eq!(vault.annotations_of(request(2)).unwrap(), []);
    let again = vault.sweep(|it| *it != id(2), |it| *it == request(1)).unwrap();
    assert_eq!(again, Swept { people: 0, requests: 0 });
}

#[test]
fn a_strange_journal_costs_nobody() {
    let (_data, vault) = vault();
    crowd(&vault, 0..1_001);
    let refused = vault.sweep(|_| false, |_| false).unwrap_err();
    assert!(matches!(refused, WriteError::StrangeJournal { known: 0, orphans: 1_001 }));
    assert!(vault.get(id(0)).unwrap().is_some());

    vault.remove(&[id(0)]).unwrap();
    assert_eq!(vault.sweep(|_| false, |_| false).unwrap().people, 1_000);
}

#[test]
fn many_orphans_go_where_the_journal_knows_as_many() {
    let (_data, vault) = vault();
    crowd(&vault, 0..2_400);
    let known = |it: &_| (0..1_200).any(|n| id(n) == *it);
    assert_eq!(vault.sweep(known, |_| true).unwrap().people, 1_200);
}
