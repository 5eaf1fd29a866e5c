//! What a crash between vault and journal left is swept, and nothing else.

use lovebank_ledger::VolunteerId;
use lovebank_vault::{
    Annotation, AnnotationKey, Beside, PersonName, Standing, Swept, Vault, WriteError,
};

use crate::support::{id, known, named, request, sweep, vault};

fn all_but_2(vault: &Vault) -> impl Fn(&VolunteerId) -> Standing + '_ {
    |it| (0..2).find(|n| *it == id(*n)).map_or(Standing::Unknown, |n| known(vault, n))
}

fn crowd(vault: &Vault, people: std::ops::Range<u64>) {
    let people: Vec<_> = people.map(|n| (id(n), named(&n.to_string(), "李"))).collect();
    people.chunks(1_000).for_each(|it| vault.put(it).expect("a put"));
}

fn beside(of: u8, volunteer: u64) -> (AnnotationKey, Annotation) {
    let attestor = PersonName::parse("甲").ok();
    let annotation = Annotation { attestor, recorder: None, note: None };
    (AnnotationKey { request: request(of), item: 0, volunteer: id(volunteer) }, annotation)
}

#[test]
fn people_and_requests_unknown_to_the_journal_go() {
    let (_data, vault) = vault();
    crowd(&vault, 0..3);
    let all = [beside(1, 0), beside(2, 0), beside(2, 1), beside(1, 2)];
    vault.put_annotations(&all, 1).unwrap();

    let swept = sweep(&vault, 2, all_but_2(&vault), |it| *it == request(1)).unwrap();
    assert_eq!(swept, Swept { people: 1, requests: 1 });
    assert_eq!(vault.get(id(2)).unwrap(), None);
    assert_eq!(vault.get(id(1)).unwrap(), Some(named("1", "李")));
    assert_eq!(vault.annotations_of(request(1)).unwrap(), [beside(1, 0)]);
    assert_eq!(vault.annotations_of(request(2)).unwrap(), []);
    let again = sweep(&vault, 2, all_but_2(&vault), |it| *it == request(1)).unwrap();
    assert_eq!(again, Swept { people: 0, requests: 0 });
}

#[test]
fn a_journal_that_forgot_someone_costs_nobody() {
    let (_data, vault) = vault();
    crowd(&vault, 0..3);
    // The journal answered for 0, refused 2, and a crash left 1 open.
    vault.settle(&[id(0)], &[id(2)]).unwrap();
    assert_eq!(vault.get(id(2)).unwrap(), None);
    let refused = sweep(&vault, 0, |_| Standing::Unknown, |_| false).unwrap_err();
    assert!(matches!(refused, WriteError::StrangeJournal { known: 0, orphans: 1 }));
    assert!(vault.get(id(0)).unwrap().is_some() && vault.get(id(1)).unwrap().is_some());

    let only_0 = |it: &VolunteerId| if *it == id(0) { known(&vault, 0) } else { Standing::Unknown };
    assert_eq!(sweep(&vault, 1, only_0, |_| false).unwrap().people, 1);
    assert_eq!(vault.get(id(1)).unwrap(), None);
    assert_eq!(sweep(&vault, 0, |_| Standing::Erased, |_| true).unwrap().people, 1);
    assert!(vault.is_empty().unwrap());
}

#[test]
fn an_older_journal_costs_nobody_what_was_written() {
    let (_data, vault) = vault();
    crowd(&vault, 0..1);
    vault.put_annotations(&[beside(1, 0)], 7).unwrap();
    let standing = |_: &VolunteerId| known(&vault, 0);
    let at = |head| Beside { head, people: 1, standing: &standing, request: &|_| false };
    let refused = vault.sweep(at(6)).unwrap_err();
    assert!(matches!(refused, WriteError::OlderJournal { head: 6, seen: 7 }));
    assert_eq!(vault.annotations_of(request(1)).unwrap(), [beside(1, 0)]);
    // As a crash leaves it: the journal took nothing after that.
    assert_eq!(vault.sweep(at(7)).unwrap().requests, 1);
    // What a sweep saw is seen, too.
    vault.sweep(at(9)).unwrap();
    assert!(matches!(vault.sweep(at(8)), Err(WriteError::OlderJournal { head: 8, seen: 9 })));
}

#[test]
fn a_vault_that_lacks_someone_is_not_taken() {
    let (_data, vault) = vault();
    crowd(&vault, 0..2);
    let refused = sweep(&vault, 3, all_but_2(&vault), |_| true).unwrap_err();
    assert!(matches!(refused, WriteError::Lacking { known: 2, lacking: 1 }));
    assert_eq!(sweep(&vault, 2, all_but_2(&vault), |_| true).unwrap().people, 0);
}

#[test]
fn the_vault_of_another_bank_is_not_taken() {
    let (_data, vault) = vault();
    crowd(&vault, 0..1);
    let (_other_data, other) = crate::support::vault();
    let refused = sweep(&vault, 1, |_| known(&other, 0), |_| true).unwrap_err();
    assert!(matches!(refused, WriteError::StrangeVault { foreign: 1 }));
}

#[test]
fn many_whom_a_crash_left_open_go() {
    let (_data, vault) = vault();
    crowd(&vault, 0..4_000);
    assert_eq!(sweep(&vault, 0, |_| Standing::Unknown, |_| true).unwrap().people, 4_000);
}

#[test]
fn who_is_known_is_settled_by_the_sweep() {
    let (_data, vault) = vault();
    crowd(&vault, 0..2);
    assert_eq!(sweep(&vault, 2, all_but_2(&vault), |_| true).unwrap().people, 0);
    let refused = sweep(&vault, 0, |_| Standing::Unknown, |_| true).unwrap_err();
    assert!(matches!(refused, WriteError::StrangeJournal { known: 0, orphans: 2 }));
}
