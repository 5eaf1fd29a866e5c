//! The page of the API says what is so: every refusal, every call and who may make it.

use std::collections::BTreeSet;

use lovebank_ledger::{Role, Verb, texts};
use lovebank_wire::{FILE_DESCRIPTOR_SET, MALFORMED, status};
use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorProto, FileDescriptorSet};

const PAGE: &str = include_str!("../../../../proto/README.md");
const REFUSALS: &str = include_str!("../../../ledger/src/refusal/mod.rs");

fn codes() -> Vec<&'static str> {
    let of_arm = |line: &'static str| line.split_once("=> \"")?.1.strip_suffix("\",");
    REFUSALS.lines().filter_map(of_arm).collect()
}

/// The cells of each row of a table whose first cell is a reason.
fn rows() -> Vec<Vec<&'static str>> {
    let upper = |it: char| it.is_ascii_uppercase();
    let reason = |it: &&str| it.strip_prefix("| `").is_some_and(|it| it.starts_with(upper));
    let rows = PAGE.lines().filter(reason);
    rows.map(|it| it.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// The names of what a text is filled with.
fn operands(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|it| it.split('}').next()).collect()
}

#[test]
fn every_refusal_has_texts_in_both_languages_and_stands_in_the_table_in_order() {
    let (codes, rows) = (codes(), rows());
    assert!(40 < codes.len() && codes.len() < rows.len());
    for (code, row) in codes.iter().zip(&rows) {
        assert_eq!(row[0], format!("`{code}`"), "in the order of checks");
        let spelled = format!("{:?}", status::code(code)).to_uppercase();
        assert_eq!(row[1].replace('_', ""), spelled, "{code}");
        let it = texts(code);
        assert!(it.english.is_ascii() && !it.chinese.is_ascii(), "{code}");
        let listed = row[2].split(", ").filter(|it| !it.is_empty()).collect();
        assert_eq!(operands(it.english), listed, "{code}");
    }
    assert!(PAGE.contains(&format!("| `{MALFORMED}` | INVALID_ARGUMENT |")));
}

#[test]
fn the_table_of_calls_is_that_of_authority() {
    // What falls due the bank settles by itself: no call asks for it.
    for verb in Verb::ALL.iter().filter(|it| **it != Verb::SettleDue) {
        let cell = format!("| {verb} |");
        let row = PAGE.lines().find(|it| it.replace(" ³", "").contains(&cell));
        let row = row.unwrap_or_else(|| panic!("{verb} is missing"));
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        for (role, cell) in Role::ALL.iter().zip(&cells[3..]) {
            assert_eq!(cell.starts_with('✓'), verb.roles().contains(role), "{verb} {role}");
        }
    }
}

#[test]
fn the_page_says_what_a_partner_may_do() {
    let verbs = Verb::ALL.iter().filter(|it| it.roles().contains(&Role::Partner));
    let verbs: Vec<String> = verbs.map(ToString::to_string).collect();
    let told = PAGE.split("the verbs ").nth(1).and_then(|it| it.split(" alone").next()).unwrap();
    let mut told: Vec<_> = told.split([',', ' ']).filter(|it| !it.is_empty()).collect();
    told.retain(|it| *it != "and");
    told.sort_unstable();
    let mut sorted = verbs.clone();
    sorted.sort_unstable();
    assert_eq!(told, sorted);
}

fn files() -> Vec<FileDescriptorProto> {
    let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).expect("what the build wrote");
    set.file.into_iter().filter(|it| it.package() == "lovebank.v1").collect()
}

fn requests() -> Vec<DescriptorProto> {
    let messages = files().into_iter().flat_map(|it| it.message_type);
    messages.filter(|it| it.name().ends_with("Request")).collect()
}

fn has(it: &DescriptorProto, field: &str) -> bool {
    it.field.iter().any(|it| it.name() == field)
}

#[test]
fn every_call_stands_in_the_table() {
    let services = files().into_iter().flat_map(|it| it.service);
    for method in services.flat_map(|it| it.method) {
        let listed = |it: &str| it.split(['|', ',', ' ']).any(|it| it == method.name());
        assert!(PAGE.lines().any(listed), "{}", method.name());
    }
}

#[test]
fn a_request_changes_once_or_reads_its_own_writes() {
    // A stream names its parts; a person is replaced; whoever one is, or watches, is as of now, and
    // so is what a stranger verifies.
    let others = [
        "ImportHoursRequest",
        "StreamEntriesRequest",
        "UpdatePersonRequest",
        "VerifyCertificateRequest",
        "WatchPassbookRequest",
        "WhoAmIRequest",
    ];
    for it in requests().iter().filter(|it| !others.contains(&it.name())) {
        let change = has(it, "request_id");
        assert_eq!(change, has(it, "validate_only"), "{}", it.name());
        assert_ne!(change, has(it, "min_seq"), "{}", it.name());
    }
}

#[test]
fn no_request_has_a_map_since_its_fingerprint_would_not_be_one() {
    let messages: Vec<_> = files().into_iter().flat_map(|it| it.message_type).collect();
    for it in messages.iter().filter(|it| !it.nested_type.is_empty()) {
        assert_eq!(it.name(), "Refusal", "only answers have one");
    }
}

#[test]
fn everything_is_commented() {
    for file in files() {
        let info = file.source_code_info.as_ref().unwrap();
        // 4 message, 5 enum, 6 service; within: 2 field, value or method, 8 oneof.
        let told = |it: &&prost_types::source_code_info::Location| {
            matches!(it.path[..], [4..=6, _] | [4..=6, _, 2 | 8, _])
        };
        for it in info.location.iter().filter(told) {
            let text = it.leading_comments().trim();
            assert!(!text.is_empty(), "{} {:?}", file.name(), it.path);
        }
    }
}
