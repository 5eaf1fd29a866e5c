//! What was written beside the hours.

use lovebank_vault::{Annotation, AnnotationKey, Note, PersonName, WriteError};

use crate::support::{id, named, request, vault};

fn key(of: u8, item: u32, volunteer: u64) -> AnnotationKey {
    AnnotationKey { request: request(of), item, volunteer: id(volunteer) }
}

fn attested(by: &str) -> Annotation {
    let attestor = Some(PersonName::parse(by).expect("a name"));
    Annotation { attestor, recorder: None, note: Some(Note::parse("雨").expect("a note")) }
}

#[test]
fn annotations_are_told_by_request_and_by_hours() {
    let (_data, vault) = vault();
    vault.put(&[(id(1), named("1", "李")), (id(2), named("2", "王"))]).unwrap();
    let last = (key(1, u32::MAX, 1), attested("丙"));
    let some = [(key(1, 1, 2), attested("甲")), (key(1, 0, 1), attested("乙")), last.clone()];
    assert_eq!(vault.put_annotations(&some, 1).unwrap().len(), 3);
    vault.put_annotations(&[(key(2, 0, 1), attested("丁"))], 1).unwrap();
    let of_one = vault.annotations_of(request(1)).unwrap();
    assert_eq!(of_one, [some[1].clone(), some[0].clone(), last]);
    let told = vault.get_annotations(&[key(2, 0, 1), key(2, 0, 2), key(1, 1, 2)]).unwrap();
    assert_eq!(told, [Some(attested("丁")), None, Some(attested("甲"))]);
}

#[test]
fn a_misused_request_id_harms_no_earlier_annotation() {
    let (_data, vault) = vault();
    vault.put(&[(id(1), named("1", "李"))]).unwrap();
    let first = (key(1, 0, 1), attested("甲"));
    assert_eq!(vault.put_annotations(std::slice::from_ref(&first), 1).unwrap(), [key(1, 0, 1)]);
    let misuse = [(key(1, 0, 1), attested("乙")), (key(1, 1, 1), attested("乙"))];
    let fresh = vault.put_annotations(&misuse, 1).unwrap();
    assert_eq!(fresh, [key(1, 1, 1)]);
    assert_eq!(vault.remove_annotations(&fresh).unwrap(), 1);
    assert_eq!(vault.annotations_of(request(1)).unwrap(), [first]);
}

#[test]
fn hours_of_a_stranger_are_not_annotated_and_neither_is_the_rest() {
    let (_data, vault) = vault();
    vault.put(&[(id(1), named("1", "李"))]).unwrap();
    let some = [(key(1, 0, 1), attested("甲")), (key(1, 1, 9), attested("乙"))];
    let refused = vault.put_annotations(&some, 1).unwrap_err();
    assert!(matches!(refused, WriteError::UnknownVolunteer(it) if it == id(9)));
    assert_eq!(vault.annotations_of(request(1)).unwrap(), []);
}

#[test]
fn an_update_of_the_person_leaves_their_annotations() {
    let (_data, vault) = vault();
    vault.put(&[(id(1), named("1", "李"))]).unwrap();
    vault.put_annotations(&[(key(1, 0, 1), attested("甲"))], 1).unwrap();
    vault.update(id(1), &named("2", "李")).unwrap();
    vault.put(&[(id(1), named("3", "李"))]).unwrap();
    assert_eq!(vault.annotations_of(request(1)).unwrap().len(), 1);
    assert_eq!(vault.remove(&[id(1)]).unwrap(), 1);
    assert_eq!(vault.annotations_of(request(1)).unwrap(), []);
}

#[test]
fn a_batch_is_one_thousand_at_most() {
    let (_data, vault) = vault();
    vault.put(&[(id(1), named("1", "李"))]).unwrap();
    let many: Vec<_> = (0..1_001).map(|item| (key(1, item, 1), attested("甲"))).collect();
    let keys: Vec<_> = many.iter().map(|(key, _)| *key).collect();
    assert!(matches!(vault.put_annotations(&many, 1), Err(WriteError::TooMany { .. })));
    assert!(vault.get_annotations(&keys).is_err());
    assert!(vault.remove_annotations(&keys).is_err());
    assert_eq!(vault.put_annotations(&many[..1_000], 1).unwrap().len(), 1_000);
}
