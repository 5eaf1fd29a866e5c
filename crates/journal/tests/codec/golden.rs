//! Bytes that never change. An entry of every event is pinned in `tests/golden/`, in hex, beside
//! the number of every field and value: a line there may be added, never altered.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::PathBuf};

use lovebank_journal::codec::{FILE_DESCRIPTOR_SET, decode, encode};
use prost::Message as _;
use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorSet};

use crate::samples;

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/golden", name].iter().collect()
}

/// Hex, 32 bytes a line.
fn text(bytes: &[u8]) -> String {
    bytes.chunks(32).map(|it| hex::encode(it) + "\n").collect()
}

fn descriptors() -> FileDescriptorSet {
    FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap()
}

#[test]
fn pinned_bytes_read_as_they_did_and_are_written_as_they_were() {
    for (name, entry) in samples::all() {
        let pinned = fs::read_to_string(file(&format!("{name}.hex"))).unwrap_or_default();
        assert_eq!(text(&encode(&entry)), pinned, "{name}: the bytes written have changed");
        let bytes = hex::decode(pinned.split_whitespace().collect::<String>()).unwrap();
        assert_eq!(decode(&bytes), Ok(entry), "{name}");
    }
}

#[test]
fn every_event_is_pinned() {
    let files = descriptors().file;
    let entry = files.iter().flat_map(|it| &it.message_type).find(|it| it.name() == "Entry");
    let events = entry.unwrap().field.iter().filter(|it| it.oneof_index.is_some());
    // Some are a family: they hold one of several events themselves.
    let family = |kind: &str| {
        let kind = kind.rsplit('.').next().filter(|it| it.ends_with("Event"))?;
        files.iter().flat_map(|it| &it.message_type).find(|it| it.name() == kind)
    };
    let mut names = BTreeSet::new();
    for event in events {
        match family(event.type_name()) {
            Some(of) => {
                names.extend(of.field.iter().map(|it| format!("{}_{}", event.name(), it.name())));
            }
            None => {
                names.insert(event.name().to_owned());
            }
        }
    }
    let events = names;
    let pinned: BTreeSet<String> = samples::all().into_iter().map(|it| it.0.to_owned()).collect();
    assert_eq!(pinned, events);
}

#[test]
fn no_number_changes() {
    let pinned = fs::read_to_string(file("numbers.txt")).unwrap_or_default();
    let numbers = numbers();
    let without = |these: &str, those: &str| -> Vec<String> {
        let those: BTreeSet<&str> = those.lines().collect();
        these.lines().filter(|it| !those.contains(it)).map(str::to_owned).collect()
    };
    assert_eq!(without(&pinned, &numbers), [""; 0], "pinned, but gone or changed");
    assert_eq!(without(&numbers, &pinned), [""; 0], "not pinned yet");
}

/// The number of every field and value.
fn numbers() -> String {
    let mut numbers = String::new();
    for file in descriptors().file {
        file.message_type.iter().for_each(|it| message(&mut numbers, it));
        file.enum_type.iter().for_each(|it| list(&mut numbers, it));
    }
    numbers
}

fn message(numbers: &mut String, it: &DescriptorProto) {
    for field in &it.field {
        let kind = if field.type_name().is_empty() {
            field.r#type().as_str_name().trim_start_matches("TYPE_").to_lowercase()
        } else {
            field.type_name().rsplit('.').next().unwrap_or_default().to_owned()
        };
        let many = if field.label().as_str_name() == "LABEL_REPEATED" { "repeated " } else { "" };
        let (message, name, number) = (it.name(), field.name(), field.number());
        writeln!(numbers, "{message}.{name} = {number} {many}{kind}").unwrap();
    }
}

fn list(numbers: &mut String, it: &EnumDescriptorProto) {
    for value in &it.value {
        writeln!(numbers, "{}.{} = {}", it.name(), value.name(), value.number()).unwrap();
    }
}

#[test]
#[ignore = "writes what is not pinned yet: run it once there is a new event, field or value"]
fn pin_what_is_new() {
    for (name, entry) in samples::all() {
        let file = file(&format!("{name}.hex"));
        if !file.exists() {
            fs::write(file, text(&encode(&entry))).unwrap();
        }
    }
    let (file, numbers) = (file("numbers.txt"), numbers());
    let pinned = fs::read_to_string(&file).unwrap_or_default();
    assert!(pinned.lines().all(|it| numbers.lines().any(|now| now == it)), "numbers changed");
    fs::write(file, numbers).unwrap();
}
