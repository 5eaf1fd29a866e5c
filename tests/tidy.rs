//! The shape of the code: what a reviewer would otherwise have to watch for.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// A part of the tree, and the crates and modules that its code must never name.
const WALLS: &[(&str, &[&str])] = &[
    (
        "crates/ledger/src/",
        &[
            "lovebank_journal",
            "lovebank_journal_sled",
            "lovebank_testkit",
            "lovebank_vault",
            "lovebank_wire",
            "prost",
            "sled",
            "std::env",
            "std::fs",
            "std::net",
            "std::time",
            "tokio",
            "tonic",
        ],
    ),
    (
        "crates/journal/src/",
        &["lovebank_journal_sled", "lovebank_vault", "lovebank_wire", "sled", "tokio", "tonic"],
    ),
    ("crates/journal-sled/src/", &["lovebank_vault", "lovebank_wire", "tonic"]),
    (
        "crates/vault/src/",
        &["lovebank_journal", "lovebank_journal_sled", "lovebank_wire", "sled", "tonic"],
    ),
    ("crates/wire/src/", &["lovebank_journal", "lovebank_journal_sled", "lovebank_vault", "sled"]),
    (
        "crates/formula/src/",
        &[
            "lovebank_ledger",
            "prost",
            "sled",
            "std::env",
            "std::fs",
            "std::net",
            "std::time",
            "tonic",
        ],
    ),
    (
        "crates/paper/src/",
        &[
            "lovebank_ledger",
            "lovebank_wire",
            "prost",
            "sled",
            "std::env",
            "std::time",
            "tokio",
            "tonic",
        ],
    ),
    ("crates/admin/src/", &["sled"]),
    ("crates/audit/src/", &["lovebank_journal_sled", "lovebank_wire", "sled", "tokio", "tonic"]),
    (
        "crates/backup/src/",
        &["lovebank_journal_sled", "lovebank_vault", "lovebank_wire", "sled", "tonic"],
    ),
    ("crates/bench/src/", &["lovebank_journal_sled", "sled"]),
    ("crates/proof/src/", &["lovebank_vault", "sled", "tonic"]),
    ("crates/testkit/src/", &["lovebank_journal_sled", "lovebank_wire", "sled", "tonic"]),
    ("src/", &["sled"]),
    ("src/grpc/", &["lovebank_journal_sled"]),
    ("src/writer/", &["lovebank_journal_sled", "lovebank_vault", "lovebank_wire", "tonic"]),
];

/// The only file of the service that names an engine.
const ENGINE: &str = "src/engine.rs";

/// The only part of the command line that names an engine: what is done to a stopped bank.
const ENGINE_OF_ADMIN: &str = "crates/admin/src/stopped/";

/// What the top level holds; what is ignored by git may lie there too.
const TOP: &[&str] = &[
    ".ci",
    ".clippy.toml",
    ".git",
    ".gitignore",
    ".rustfmt.toml",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "crates",
    "deploy",
    "proto",
    "src",
    "tests",
];

const LINES_MAX: usize = 400;

#[test]
fn rust_files_are_short_and_say_what_they_are() {
    let mut faults = Vec::new();
    for (name, text) in texts("rs") {
        if !text.starts_with("//!") {
            faults.push(format!("{name}: does not start with `//!`"));
        }
        let lines = text.lines().count();
        if LINES_MAX < lines {
            faults.push(format!("{name}: {lines} lines, at most {LINES_MAX} may be"));
        }
    }
    none(&faults);
}

#[test]
fn walls_hold_in_code() {
    let mut faults = Vec::new();
    for (name, text) in texts("rs") {
        let named = named(&text);
        for (part, banned) in WALLS.iter().filter(|(part, _)| name.starts_with(part)) {
            for it in banned.iter().filter(|it| named.contains(**it)) {
                faults.push(format!("{name}: {part} must not name {it}"));
            }
        }
        let engine = "lovebank_journal_sled";
        if name.starts_with("src/") && name != ENGINE && named.contains(engine) {
            faults.push(format!("{name}: only {ENGINE} names {engine}"));
        }
        let of_admin = name.starts_with("crates/admin/src/") && !name.starts_with(ENGINE_OF_ADMIN);
        if of_admin && named.contains(engine) {
            faults.push(format!("{name}: only {ENGINE_OF_ADMIN} names {engine}"));
        }
    }
    none(&faults);
}

#[test]
fn walls_hold_in_manifests() {
    let mut faults = Vec::new();
    for it in fs::read_dir(root().join("crates")).expect("a directory") {
        let part = format!("crates/{}/src/", it.expect("an entry").file_name().display());
        if !WALLS.iter().any(|wall| wall.0 == part) {
            faults.push(format!("{part}: has no wall"));
        }
    }
    for (part, banned) in WALLS.iter().filter(|(part, _)| part.starts_with("crates/")) {
        let manifest = part.replace("src/", "Cargo.toml");
        let text = fs::read_to_string(root().join(&manifest)).expect("each part is a crate");
        let lines = text.lines().skip_while(|it| *it != "[dependencies]").skip(1);
        let lines = lines.take_while(|it| !it.starts_with('['));
        let depended: BTreeSet<String> = lines
            .map(|it| it.split(['.', ' ', '=']).next().unwrap_or_default().replace('-', "_"))
            .collect();
        for it in banned.iter().filter(|it| depended.contains(**it)) {
            faults.push(format!("{manifest}: {part} must not depend on {it}"));
        }
    }
    none(&faults);
}

#[test]
fn the_top_level_holds_what_tools_demand() {
    let ignored = ignored();
    let entries = fs::read_dir(root()).expect("a directory");
    let names = entries.map(|it| it.expect("an entry").file_name().into_string().expect("UTF-8"));
    let foreign = |it: &String| !TOP.contains(&it.as_str()) && !ignored.contains(it);
    let faults = names.filter(foreign).map(|it| format!("{it}: has no place at the top level"));
    none(&faults.collect::<Vec<_>>());
}

#[test]
fn every_refusal_is_in_the_table() {
    let table = fs::read_to_string(root().join("proto/README.md")).expect("proto/README.md");
    let listed: BTreeSet<&str> = table.split(|it: char| !is_of_name(it)).collect();
    let refusals = texts("rs").into_iter();
    let codes: BTreeSet<String> = refusals
        .filter(|(name, _)| name.starts_with("crates/ledger/src/refusal/"))
        .flat_map(|(_, text)| codes(&text))
        .collect();
    assert!(!codes.is_empty(), "no code was found, so that this test says nothing");
    let missing = codes.iter().filter(|it| !listed.contains(it.as_str()));
    let faults = missing.map(|it| format!("proto/README.md: {it} is missing in the table"));
    none(&faults.collect::<Vec<_>>());
}

#[test]
fn every_finding_of_the_audit_is_in_the_runbook() {
    let runbook = fs::read_to_string(root().join("deploy/README.md")).expect("the runbook");
    let source = fs::read_to_string(root().join("crates/audit/src/finding.rs")).expect("its codes");
    let codes = codes(&source);
    assert!(!codes.is_empty(), "no code was found, so that this test says nothing");
    let missing = codes.iter().filter(|it| !runbook.contains(&format!("| `{it}` |")));
    let faults = missing.map(|it| format!("deploy/README.md: {it} is missing in the table"));
    none(&faults.collect::<Vec<_>>());
}

#[test]
fn nothing_names_a_place_on_one_machine() {
    let mut faults = Vec::new();
    let written = read_where(|_| true);
    for it in [".ci/run", ".gitignore", ".service", "Containerfile", ".txt", ".csv", ".typ"] {
        assert!(written.iter().any(|(name, _)| name.ends_with(it)), "{it} is looked at");
    }
    for (name, text) in written {
        for (no, line) in (1..).zip(text.lines()).filter(|(_, it)| names_a_machine(it)) {
            faults.push(format!("{name}:{no}: names a place on one machine: {line}"));
        }
    }
    none(&faults);
}

#[test]
fn the_checks_see_what_they_look_for() {
    let found = named("use std::{\n    fs::{self, File},\n    sync::Arc, net,\n};\nstd::time::x()");
    for path in ["std::fs", "std::sync", "std::net", "std::time"] {
        assert!(found.contains(path), "{path} in {found:?}");
    }
    assert!(named("use sled::Db;").contains("sled"));
    assert!(named("a::b(tonic::Status::ok)").contains("tonic"));
    assert!(!named("// sled is named\nlet missled = sledge;").contains("sled"));
    assert!(!named("lovebank_journal_sled::X").contains("lovebank_journal"));
    assert_eq!(codes("\"DAY_FULL\", \"day_full\", \"OK\", \"A B\""), ["DAY_FULL", "OK"]);
    let home = ["", "home", "someone"].join("/");
    assert!(names_a_machine(&home) && names_a_machine(&format!("`{home}`")));
    assert!(!names_a_machine(&format!("https://bank.example{home}")));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The files of the tree whose names end so, each with its text.
fn texts(extension: &str) -> Vec<(String, String)> {
    read_where(|it| it.extension().is_some_and(|it| it == extension))
}

/// The files of the tree that are wanted and are text.
fn read_where(wanted: impl Fn(&PathBuf) -> bool) -> Vec<(String, String)> {
    let read = |path: PathBuf| {
        let name = path.strip_prefix(root()).expect("it lies in the tree");
        let text = String::from_utf8(fs::read(&path).expect("readable")).ok()?;
        Some((name.to_string_lossy().into_owned(), text))
    };
    files(root()).into_iter().filter(wanted).filter_map(read).collect()
}

/// What git ignores at the top level.
fn ignored() -> Vec<String> {
    let ignored = fs::read_to_string(root().join(".gitignore")).expect("readable");
    ignored.lines().map(|it| it.trim_matches('/').to_owned()).collect()
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("a directory");
    let entries = entries.map(|it| it.expect("an entry").path());
    let ignored = ignored();
    let foreign =
        |it: &PathBuf| it.ends_with(".git") || ignored.iter().any(|name| *it == root().join(name));
    let (directories, files): (Vec<_>, Vec<_>) =
        entries.filter(|it| !foreign(it)).partition(|it| it.is_dir());
    let deeper: Vec<PathBuf> = directories.iter().flat_map(|it| self::files(it)).collect();
    files.into_iter().chain(deeper).collect()
}

/// Every name that code names, and `std::x` for every part of the standard library; comments
/// may name what they like.
fn named(text: &str) -> BTreeSet<String> {
    let code: Vec<&str> = text.lines().filter(|it| !it.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let mut named: BTreeSet<String> =
        code.split(|it: char| !is_of_name(it)).map(str::to_owned).collect();
    for after in code.split("std::").skip(1) {
        let parts = after.strip_prefix('{').map_or_else(|| vec![head(after)], branches);
        named.extend(parts.into_iter().map(|it| format!("std::{it}")));
    }
    named
}

/// The first name of each branch of `{…}`, from after the brace on.
fn branches(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let ends = |it: char| {
        match it {
            '{' => depth = depth.saturating_add(1),
            '}' if depth == 0 => return true,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        false
    };
    let inside = text.split(ends).next().unwrap_or_default();
    let mut depth = 0_usize;
    let splits = |it: char| {
        match it {
            '{' => depth = depth.saturating_add(1),
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        it == ',' && depth == 0
    };
    inside.split(splits).map(|it| head(it.trim())).collect()
}

/// The name that a text starts with.
fn head(text: &str) -> &str {
    text.split(|it: char| !is_of_name(it)).next().unwrap_or_default()
}

fn is_of_name(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}

/// The literals that are codes: upper snake case.
fn codes(text: &str) -> Vec<String> {
    let literals = text.split('"').skip(1).step_by(2);
    let upper = |it: char| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_';
    let code = |it: &&str| {
        it.starts_with(|it: char| it.is_ascii_uppercase()) && 1 < it.len() && it.chars().all(upper)
    };
    literals.filter(code).map(str::to_owned).collect()
}

/// Whether a line names a directory that only one machine has.
fn names_a_machine(line: &str) -> bool {
    let places = ["work", "root", "home"].map(|it| format!("/{it}"));
    places.iter().any(|place| {
        line.match_indices(place.as_str()).any(|(at, _)| {
            let before = line.get(..at).and_then(|it| it.chars().next_back());
            let after = line.get(at..).and_then(|it| it.strip_prefix(place.as_str()));
            let after = after.and_then(|it| it.chars().next());
            let joined = |it: char| is_of_name(it) || matches!(it, '-' | '.' | '*' | '}' | ')');
            !before.is_some_and(joined) && !after.is_some_and(|it| is_of_name(it) || it == '-')
        })
    })
}
