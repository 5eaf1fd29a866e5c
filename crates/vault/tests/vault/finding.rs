//! People are found by what a clerk has in hand.

use std::collections::BTreeSet;

use lovebank_ledger::VolunteerId;
use lovebank_vault::{Cursor, Query, Vault};

use crate::support::{id, named, vault, whole};

/// The numbers found, in order, read in pages of this size.
fn found(vault: &Vault, query: &str, page: usize) -> Vec<String> {
    let query = Query::parse(query).expect("a query");
    let (mut numbers, mut after) = (Vec::new(), None::<Cursor>);
    loop {
        let found = vault.find(&query, page, after.as_ref()).expect("an answer");
        numbers.extend(found.people.iter().map(|(_, it)| it.number.as_str().to_owned()));
        match found.next {
            Some(next) => {
                let place = Cursor::from_bytes(vault, &next.to_bytes()).expect("an answer");
                assert!(place.is_some(), "its person is there");
                after = place;
            }
            None => return numbers,
        }
    }
}

fn street() -> (tempfile::TempDir, Vault) {
    let (data, vault) = vault();
    let people = [
        whole("0300", "李芳", "13800138000", "-"),
        named("03001", "王小明"),
        named("03002", "Zhang_Wei 100%"),
        named("300", "欧阳小明"),
        whole("Li@example.com", "Ｌｉ Na", "0755-2890 0300", "0300"),
        whole("77", "陈静 0300", "0300", "-"),
    ];
    let people: Vec<_> = (0..).map(id).zip(people).collect();
    vault.put(&people).expect("a put");
    (data, vault)
}

#[test]
fn the_very_number_comes_first_then_beginnings_names_and_phones() {
    let (_data, vault) = street();
    assert_eq!(found(&vault, "0300", 9), ["0300", "03001", "03002", "77"]);
    assert_eq!(found(&vault, "300", 9), ["300", "77"]);
    assert_eq!(found(&vault, "138 0013-8000", 9), ["0300"]);
    assert_eq!(found(&vault, "0755 28900300", 9), ["Li@example.com"]);
}

#[test]
fn names_are_found_in_part_without_case_and_width() {
    let (_data, vault) = street();
    assert_eq!(found(&vault, "小明", 9), ["03001", "300"]);
    assert_eq!(found(&vault, "zHANG", 9), ["03002"]);
    assert_eq!(found(&vault, "li n", 9), ["Li@example.com"]);
    assert_eq!(found(&vault, "ｌｉ＠ＥＸＡＭＰＬＥ", 9), ["Li@example.com"]);
    assert_eq!(found(&vault, "李", 9), ["0300"]);
}

#[test]
fn no_character_stands_for_another() {
    let (_data, vault) = street();
    assert_eq!(found(&vault, "%", 9), ["03002"]);
    assert_eq!(found(&vault, "_", 9), ["03002"]);
    for nothing in ["03_0", "*", "小%明", "\\", "'", "138%"] {
        assert!(found(&vault, nothing, 9).is_empty(), "{nothing}");
    }
}

#[test]
fn pages_of_any_size_tell_everyone_once_in_one_order() {
    let (_data, vault) = vault();
    let name = |n| if n % 3 == 0 { "明 5" } else { "明" };
    let phone = |n: u64| if n.is_multiple_of(5) { "555" } else { "5550" };
    let person = |n: u64| whole(&format!("{}", n * 7 % 60), name(n), phone(n), "-");
    vault.put(&(0..200).map(|n| (id(n), person(n))).collect::<Vec<_>>()).unwrap();
    for query in ["5", "明", "555"] {
        let all = found(&vault, query, 1_000);
        assert!(!all.is_empty());
        for page in [1, 2, 7, all.len() - 1, all.len(), all.len() + 1] {
            assert_eq!(found(&vault, query, page), all, "{query} by {page}");
        }
    }
}

#[test]
fn whoever_stays_is_told_once_whatever_is_written_between_pages() {
    let (_data, vault) = vault();
    let person = |n: u64| (id(n), named(&format!("{n:04}"), "明"));
    vault.put(&(0..100).map(person).collect::<Vec<_>>()).unwrap();
    let query = Query::parse("明").unwrap();
    let (mut told, mut after, mut round): (Vec<VolunteerId>, _, u64) = (Vec::new(), None, 0);
    loop {
        let found = vault.find(&query, 10, after.as_ref()).unwrap();
        told.extend(found.people.iter().map(|(id, _)| *id));
        let Some(next) = found.next else { break };
        // The one the cursor stands on goes, and others come before and behind it.
        vault.remove(&[*told.last().unwrap()]).unwrap();
        vault.put(&[person(1_000 + round), (id(2_000 + round), named("0000", "明"))]).unwrap();
        (after, round) = (Some(next), round + 1);
    }
    let once: BTreeSet<_> = told.iter().copied().collect();
    assert_eq!(once.len(), told.len());
    assert!((0..100).all(|n| once.contains(&id(n))));
}

#[test]
fn a_limit_is_held_to_its_bounds() {
    let (_data, vault) = vault();
    vault
        .put(&(0..1_000).map(|n| (id(n), named(&n.to_string(), "明"))).collect::<Vec<_>>())
        .unwrap();
    vault.put(&[(id(1_000), named("1000", "明"))]).unwrap();
    let query = Query::parse("明").unwrap();
    assert_eq!(vault.find(&query, 0, None).unwrap().people.len(), 1);
    let most = vault.find(&query, usize::MAX, None).unwrap();
    assert_eq!((most.people.len(), most.next.is_some()), (1_000, true));
}

#[test]
fn queries_and_cursors_are_understood_or_refused() {
    assert_eq!(Query::parse(" ").unwrap_err().code(), "TEXT_EMPTY");
    assert!(Query::parse(&"明".repeat(64)).is_ok());
    assert_eq!(Query::parse(&"明".repeat(65)).unwrap_err().code(), "TEXT_TOO_LONG");
    let (_data, vault) = vault();
    vault.put(&[(id(7), named("0300207442", "李"))]).unwrap();
    let of = |rank: u8, who: u64| [[rank].as_slice(), id(who).as_bytes()].concat();
    for bytes in [&[][..], &[0; 16], &[0xFF; 20], &of(4, 7), &of(3, 8)] {
        assert_eq!(Cursor::from_bytes(&vault, bytes).unwrap(), None);
    }
    let cursor = Cursor::from_bytes(&vault, &of(3, 7)).unwrap().unwrap();
    assert_eq!(cursor.to_bytes(), of(3, 7), "a rank and a random id, and no number");
}

#[test]
fn who_shares_a_telephone_is_grouped_and_the_telephone_is_not_told() {
    let (_data, vault) = vault();
    assert!(vault.shared_phones().expect("an answer").is_empty());
    let people = [
        whole("1", "李芳", "138 0013-8000", "-"),
        whole("2", "王小明", "13900139000", "-"),
        whole("3", "陈静", "13800138000", "-"),
        named("4", "欧阳"),
        named("5", "欧阳"),
        whole("6", "赵云", "１３９００１３９０００", "-"),
        whole("7", "钱进", "13700137000", "-"),
    ];
    let people: Vec<_> = (1..).map(id).zip(people).collect();
    vault.put(&people).expect("a put");
    let mut expected = [vec![id(1), id(3)], vec![id(2), id(6)]];
    for it in &mut expected {
        it.sort_unstable();
    }
    expected.sort_unstable();
    assert_eq!(vault.shared_phones().expect("an answer"), expected);
    assert!(vault.erase(id(1)).expect("erased"));
    assert_eq!(vault.shared_phones().expect("an answer").len(), 1);
}

#[test]
fn alike_are_those_of_one_name_and_telephone_and_only_who_may_be_told_is_counted() {
    let (_data, vault) = vault();
    let mut people: Vec<_> =
        (1..=20).map(|it| (id(it), whole(&it.to_string(), "李芳", "13800138000", "-"))).collect();
    people.push((id(21), whole("21", "王小明", "13800138000", "-")));
    people.push((id(22), named("22", "李芳")));
    vault.put(&people).expect("a put");
    let alike = |of, told: &dyn Fn(&VolunteerId) -> bool| {
        vault.alike(&[id(of)], |_, other| told(other)).expect("an answer")
    };
    assert_eq!(alike(1, &|_| true).len(), 8, "no more of one");
    let last = [id(19), id(20)];
    let found = alike(1, &|it| last.contains(it));
    assert_eq!(found.len(), 2, "who is not told of takes no place");
    assert!(found.iter().all(|it| it.0 == id(1) && last.contains(&it.1)));
    assert!(alike(21, &|_| true).is_empty() && alike(22, &|_| true).is_empty());
}
