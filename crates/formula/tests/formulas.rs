//! What a formula may say, what it comes to, and how one that is wrong is refused.

use lovebank_formula::{
    BadFormula, DEPTH_MAX, Formula, Kind, NODES_MAX, TEXT_MAX, Value, Variable,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

const VARIABLES: &[Variable] = &[
    Variable { name: "minutes", kind: Kind::Int },
    Variable { name: "points", kind: Kind::Decimal },
    Variable { name: "branch", kind: Kind::Text },
    Variable { name: "kin", kind: Kind::Bool },
];

fn of(at: usize) -> Value {
    match at {
        0 => Value::Int(6000),
        1 => Value::Decimal(Decimal::new(12_50, 2)),
        2 => Value::Text("NW-01".to_owned()),
        _ => Value::Bool(true),
    }
}

fn met(text: &str) -> bool {
    Formula::condition(text, VARIABLES).unwrap_or_else(|err| panic!("{text}: {err}")).is_met(&of)
}

fn number(text: &str) -> Option<String> {
    let it = Formula::score(text, VARIABLES).unwrap_or_else(|err| panic!("{text}: {err}"));
    it.number(&of).map(|it| it.normalize().to_string())
}

fn refused(text: &str) -> BadFormula {
    Formula::condition(text, VARIABLES).expect_err(text)
}

#[test]
fn conditions() {
    for text in [
        "minutes >= 6000",
        "minutes >= 6000 && points > 12",
        "points == 12.5",
        "points == 12.50",
        "branch == 'NW-01'",
        "branch in ['NW-01', 'NW-02']",
        "minutes in [1, 6000]",
        "minutes in [1, 6000.0]",
        "kin ? minutes > 1 : false",
        "!(minutes < 6000) || kin",
        "max(minutes, 7000) == 7000",
        "min(minutes, 0.5) == 0.5",
    ] {
        assert!(met(text), "{text}");
    }
    for text in ["minutes > 6000", "branch in []", "kin && false", "branch < 'NW'"] {
        assert!(!met(text), "{text}");
    }
}

#[test]
fn scores_are_exact() {
    for (text, expected) in [
        ("7 / 2", "3"),
        ("-7 / 2", "-3"),
        ("-7 % 2", "-1"),
        ("7 / 2.0", "3.5"),
        ("0.1 + 0.2", "0.3"),
        ("points * 2", "25"),
        ("-minutes", "-6000"),
        ("floor(points)", "12"),
        ("floor(-0.5)", "-1"),
        ("minutes / 60 * 3 - 1", "299"),
        ("1 - -1", "2"),
    ] {
        assert_eq!(number(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn what_cannot_be_computed_has_no_value() {
    for text in ["1 / 0", "1 % 0", "1.0 / 0", "9223372036854775807 + 1", "minutes / (1 - 1)"] {
        assert_eq!(number(text), None, "{text}");
    }
    assert!(!met("1 / 0 == 1"));
    // What is not reached does not matter.
    assert!(met("kin || 1 / 0 == 1"));
    assert!(!met("!kin && 1 / 0 == 1"));
}

#[test]
fn a_fault_names_its_place_and_the_mend() {
    let place = |text: &str| {
        let it = refused(text);
        (it.line, it.column)
    };
    assert_eq!(place("minutes >= hours"), (1, 12));
    assert_eq!(place("kin &&\n  minutes"), (2, 3));
    assert_eq!(place("branch == 1"), (1, 8));
    assert_eq!(place("'爱心' == minuten"), (1, 9));
    let text = refused("minutes >= hours").problem;
    assert!(text.contains("hours") && text.contains("minutes, points, branch, kin"), "{text}");
    for text in [
        "",
        "minutes >",
        "minutes",
        "minutes && kin",
        "branch + 'x' == 'y'",
        "kin + kin == 2",
        "[1, 2] == [1, 2]",
        "minutes in minutes",
        "branch in [1]",
        "{'a': 1}.a == 1",
        "minutes.hours == 1",
        "[1].all(it, it > 0)",
        "size('a') == 1",
        "'a'.size() == 1",
        "timestamp('2026-01-01T00:00:00Z') > timestamp('2025-01-01T00:00:00Z')",
        "b'a' == b'a'",
        "1u == 1u",
        "null == null",
        "min(minutes) == 1",
        "1.5e400 > 1.0",
        "99999999999999999999 > 1",
    ] {
        let it = refused(text);
        assert!(0 < it.line && 0 < it.column && !it.problem.is_empty(), "{text}: {it}");
        let chinese = it.chinese.chars().any(|it| ('一'..='鿿').contains(&it));
        assert!(chinese && it.chinese().starts_with("第"), "{text}: {}", it.chinese);
    }
    assert!(Formula::score("kin", VARIABLES).is_err());
}

#[test]
fn bounds_hold_at_and_one_past() {
    let long = |length: usize| format!("kin{}", " ".repeat(length - 3));
    assert!(Formula::condition(&long(TEXT_MAX), VARIABLES).is_ok());
    assert!(refused(&long(TEXT_MAX + 1)).problem.contains("1024"));

    // A list of n ints, sought in: n + 2 nodes.
    let nodes = |count: usize| format!("1 in [{}]", vec!["1"; count - 2].join(","));
    assert!(Formula::condition(&nodes(NODES_MAX), VARIABLES).is_ok());
    assert!(refused(&nodes(NODES_MAX + 1)).problem.contains("200 steps"));

    let deep = |levels: usize| format!("{}kin{}", "!(".repeat(levels - 1), ")".repeat(levels - 1));
    let levels = usize::from(DEPTH_MAX);
    assert!(Formula::condition(&deep(levels), VARIABLES).is_ok());
    assert!(Formula::condition(&deep(levels + 1), VARIABLES).is_err());
    assert!(Formula::condition(&deep(400), VARIABLES).is_err());
}

proptest! {
    #[test]
    fn nothing_that_is_written_hangs_or_panics(text in "[ -~爱\\n]{0,80}") {
        if let Ok(it) = Formula::condition(&text, VARIABLES) {
            it.is_met(&of);
        }
    }

    #[test]
    fn what_is_made_of_its_words_hangs_or_panics_neither(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "minutes", "points", "branch", "kin", "1", "0", "1.5", "'a'", "+", "-", "*", "/",
                "%", "==", "<", "&&", "||", "!", "?", ":", "(", ")", "in", "[", "]", ",", "min",
            ]),
            0..40,
        )
    ) {
        let text = words.join(" ");
        if let Ok(it) = Formula::score(&text, VARIABLES) {
            it.number(&of);
        }
    }
}
