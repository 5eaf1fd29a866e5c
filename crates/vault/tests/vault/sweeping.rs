//! What a crash between vault and journal left is swept, and nothing else.

use lovebank_ledger::VolunteerId;
use lovebank_vault::{Annotation, AnnotationKey, PersonName, Standing, Swept, Vault, WriteError};

use crate::support::{id, named, request, vault};

fn all_but_2(it: &VolunteerId) -> Standing {
    if *it == id(2) { Standing::Unknown } else { Standing::Known }
}

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

    let swept = vault.sweep(all_but_2, |it| *it == request(1)).unwrap();
    assert_eq!(swept, Swept { people: 1, requests: 1 });
    assert_eq!(vault.get(id(2)).unwrap(), None);
    assert_eq!(vault.get(id(1)).unwrap(), Some(named("1", "李")));
    assert_eq!(vault.annotations_of(request(1)).unwrap(), [beside(1, 0)]);
    assert_eq!(vault.annotations_of(request(2)).unwrap(), []);
    let again = vault.sweep(all_but_2, |it| *it == request(1)).unwrap();
    assert_eq!(again, Swept { people: 0, requests: 0 });
}

#[test]
fn a_journal_that_forgot_someone_costs_nobody() {
    let (_data, vault) = vault();
    crowd(&vault, 0..3);
    // The journal answered for 0, refused 2, and a crash left 1 open.
    vault.settle(&[id(0)], &[id(2)]).unwrap();
    assert_eq!(vault.get(id(2)).unwrap(), None);
    let refused = vault.sweep(|_| Standing::Unknown, |_| false).unwrap_err();
    assert!(matches!(refused, WriteError::StrangeJournal { known: 0, orphans: 1 }));
    assert!(vault.get(id(0)).unwrap().is_some() && vault.get(id(1)).unwrap().is_some());

    let known = |it: &VolunteerId| if *it == id(0) { Standing::Known } else { Standing::Unknown };
    assert_eq!(vault.sweep(known, |_| false).unwrap().people, 1);
    assert_eq!(vault.get(id(1)).unwrap(), None);
    let erased = |_: &VolunteerId| Standing::Erased;
    assert_eq!(vault.sweep(erased, |_| true).unwrap().people, 1);
    assert!(vault.is_empty().unwrap());
}

#[test]
fn many_whom_a_crash_left_open_go() {
    let (_data, vault) = vault();
    crowd(&vault, 0..4_000);
    assert_eq!(vault.sweep(|_| Standing::Unknown, |_| true).unwrap().people, 4_000);
}

#[test]
fn who_is_known_is_settled_by_the_sweep() {
    let (_data, vault) = vault();
    crowd(&vault, 0..2);
    assert_eq!(vault.sweep(|_| Standing::Known, |_| true).unwrap().people, 0);
    let refused = vault.sweep(|_| Standing::Unknown, |_| true).unwrap_err();
    assert!(matches!(refused, WriteError::StrangeJournal { known: 0, orphans: 2 }));
}
