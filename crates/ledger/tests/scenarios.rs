//! Runs every file of `scenarios/`: given, when and then, as a clerk reads them.
//!
//! A scenario begins at a line with `#`. Each has the town of the testkit, volunteers 1 to 3 at
//! home in N1 and 4 in N2, and it is 2026-03-10 12:00. Who acts comes first: `operator` (the whole
//! bank), `operator-nw`, `clerk` and `approver` (N1), `clerk-2` and `approver-2` (N2), `street` and
//! `district` (approvers of NW and LG), `officer`, `auditor`, `volunteer-1`, `volunteer-2`,
//! `clerk-3` (clerk of N1 who is volunteer 3), `approver-3` (approver of N1, the same), and `bank`.
//! `given` must be done; what a `when` came to, the first line of its `then` says.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    reason = "a scenario that cannot be read fails its test"
)]

#[path = "scenarios/act.rs"]
mod act;
#[path = "scenarios/say.rs"]
mod say;

use std::{collections::BTreeMap, panic::AssertUnwindSafe, path::Path};

use lovebank_ledger::{
    ActivityNo, Command, DEFAULT_RULEBOOK, Decision, Entry, ItemRefused, NewGrant, NewScope,
    Refusal, RequestId, Role, TokenNo, Verb,
};
use lovebank_testkit::Town;

/// What a step came to.
enum Outcome {
    Done(Box<Entry>),
    Replayed,
    Refused(Refusal, Vec<ItemRefused>),
    Malformed(String),
}

/// A scenario under way.
struct Scene {
    town: Town,
    tokens: BTreeMap<String, Option<TokenNo>>,
    /// Activities created for check-ins, by name.
    activities: BTreeMap<String, ActivityNo>,
    last: Option<RequestId>,
    outcome: Option<Outcome>,
}

impl Scene {
    fn new() -> Self {
        let mut town = Town::new();
        for (volunteer, home) in [("1", "N1"), ("2", "N1"), ("3", "N1"), ("4", "N2")] {
            town.volunteer(volunteer, home);
        }
        let mut tokens = BTreeMap::from([
            ("operator".to_owned(), Some(town.operator())),
            ("bank".to_owned(), None),
        ]);
        let mut staff = |town: &mut Town, handle: &str, role, branch| {
            let token = town.staff(handle, role, branch);
            tokens.insert(handle.to_owned(), Some(token));
        };
        staff(&mut town, "operator-nw", Role::Operator, Some("NW"));
        staff(&mut town, "clerk", Role::Clerk, Some("N1"));
        staff(&mut town, "clerk-2", Role::Clerk, Some("N2"));
        staff(&mut town, "approver", Role::Approver, Some("N1"));
        staff(&mut town, "approver-2", Role::Approver, Some("N2"));
        staff(&mut town, "street", Role::Approver, Some("NW"));
        staff(&mut town, "district", Role::Approver, Some("LG"));
        staff(&mut town, "officer", Role::AwardOfficer, Some("LG"));
        staff(&mut town, "auditor", Role::Auditor, None);
        for volunteer in ["1", "2"] {
            let handle = format!("volunteer-{volunteer}");
            let token = town.own_token(&handle, volunteer);
            tokens.insert(handle, Some(token));
        }
        for (handle, role) in [("clerk-3", Role::Clerk), ("approver-3", Role::Approver)] {
            let own = NewScope::Volunteer(Town::volunteer_ref("3"));
            let grants = vec![
                NewGrant { role, scope: NewScope::Branch(Town::code("N1")) },
                NewGrant { role: Role::Volunteer, scope: own },
            ];
            tokens.insert(handle.to_owned(), Some(town.token(handle, grants)));
        }
        town.at("2026-03-10 12:00");
        Self { town, tokens, activities: BTreeMap::new(), last: None, outcome: None }
    }

    fn step(&mut self, line: &str) {
        if let Some(time) = line.strip_prefix("it is ") {
            return self.town.at(time);
        }
        let (again, line) = match line.strip_prefix("again ") {
            Some(line) => (true, line),
            None => (false, line),
        };
        let (actor, line) = line.split_once(' ').unwrap();
        let token = *self.tokens.get(actor).unwrap_or_else(|| panic!("nobody is called {actor}"));
        self.outcome = Some(match act::command(self, line) {
            Ok(command) => self.ask(token, &command, again, line),
            Err(malformed) => Outcome::Malformed(malformed),
        });
    }

    fn ask(
        &mut self,
        token: Option<TokenNo>,
        command: &Command,
        again: bool,
        line: &str,
    ) -> Outcome {
        let fresh = self.town.fresh_request();
        let request = self.last.filter(|_| again).unwrap_or(fresh);
        self.last = Some(request);
        let context = self.town.context(token, request, command);
        let before = self.town.ledger().clone();
        let outcome = match self.town.request(&context, command) {
            Ok(Decision::New(entry)) => Outcome::Done(entry),
            Ok(Decision::Replay(_)) => Outcome::Replayed,
            Err(refused) => Outcome::Refused(refused.refusal, refused.items),
        };
        if !matches!(outcome, Outcome::Done(_)) {
            assert!(before == *self.town.ledger(), "{line}: it changed the ledger all the same");
        }
        assert_eq!(self.town.breaches(), [], "{line}");
        act::remember(self, &outcome, line);
        outcome
    }
}

fn run(lines: &[(usize, &str)]) {
    let mut scene = Scene::new();
    let mut part = "";
    for (number, line) in lines {
        let first = line.split_whitespace().next().unwrap();
        let text = match first {
            "given" | "when" | "then" => {
                part = first;
                line.trim_start().strip_prefix(first).unwrap()
            }
            _ => line,
        };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let step = AssertUnwindSafe(|| match part {
            "given" => {
                scene.outcome = None;
                scene.step(&text);
                if let Some(outcome) = scene.outcome.take() {
                    assert_eq!(say::outcome(&outcome), "done");
                }
            }
            "when" => scene.step(&text),
            "then" => say::check(&scene, &text),
            _ => panic!("a scenario begins with given or when"),
        });
        let said = std::panic::catch_unwind(step);
        assert!(said.is_ok(), "line {number}: {text}");
    }
}

#[test]
fn scenarios() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let (mut failed, mut count) = (Vec::new(), 0);
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|it| it.extension().is_some_and(|it| it == "txt")) {
        let text = std::fs::read_to_string(file).unwrap();
        let lines = (1..).zip(text.lines()).filter(|(_, it)| !it.trim().is_empty());
        let lines: Vec<(usize, &str)> = lines.collect();
        for scenario in lines.split(|(_, it)| it.starts_with('#')).filter(|it| !it.is_empty()) {
            count += 1;
            if let Err(err) = std::panic::catch_unwind(|| run(scenario)) {
                let why = err.downcast_ref::<String>().map_or("", String::as_str);
                failed.push(format!("{}, {why}", file.file_name().unwrap().display()));
            }
        }
    }
    assert!(failed.is_empty(), "{} of {count} failed:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn every_verb_that_changes_something_has_scenarios() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    for verb in Verb::ALL {
        let name = verb.to_string();
        if ["Read", "WhoAmI", "UpdatePerson", "BackUpVault"].iter().any(|it| name.starts_with(it)) {
            continue;
        }
        // These are told in Rust, since they need more than a line each.
        let told = [
            include_str!("redemptions.rs"),
            include_str!("gifts.rs"),
            include_str!("help/main.rs"),
            include_str!("merges/main.rs"),
            include_str!("honours/main.rs"),
        ];
        if told.iter().any(|it| it.contains(&name)) {
            continue;
        }
        let snake = name.chars().flat_map(|it| {
            let low = it.to_ascii_lowercase();
            if it.is_uppercase() { vec!['_', low] } else { vec![low] }
        });
        let snake: String = snake.skip(1).collect();
        assert!(folder.join(format!("{snake}.txt")).exists(), "{snake}.txt is missing");
    }
}

#[test]
fn the_default_rulebook_is_what_scenarios_change() {
    for key in ["at_once_minutes", "branch_minutes", "day_minutes", "points_cap", "pairs_per_day"] {
        assert!(DEFAULT_RULEBOOK.contains(key), "{key}");
    }
}
