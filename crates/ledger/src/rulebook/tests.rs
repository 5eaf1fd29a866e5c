//! Documents that are taken, and what is said of others.

use super::*;

fn with(from: &str, to: &str) -> Result<Rulebook, BadRulebook> {
    assert!(DEFAULT.contains(from));
    Rulebook::parse(&DEFAULT.replace(from, to))
}

#[test]
fn the_default_is_that_of_the_field() {
    let it = Rulebook::parse(DEFAULT).unwrap();
    let Ladder { at_once, branch, most } = it.ladder();
    assert_eq!((at_once.get(), branch.get(), most.get()), (480, 720, 1440));
    assert_eq!(it.coefficient(None), Coefficient::ONE);
    assert_eq!((it.points_cap(), it.check_in_pairs()), (None, 3));
}

#[test]
fn a_ladder_rises_and_ends_within_the_day() {
    assert!(with("day_minutes = 1440", "day_minutes = 1441").is_err());
    assert!(with("branch_minutes = 720", "branch_minutes = 1441").is_err());
    assert!(with("at_once_minutes = 480", "at_once_minutes = 721").is_err());
    assert!(with("at_once_minutes = 480", "at_once_minutes = 720").is_ok());
}

#[test]
fn a_fault_names_its_place() {
    let err = with("format = 1", "formt = 1").unwrap_err().to_string();
    assert!(err.contains("line"), "{err}");
    let err = with("points_per_hour = \"1\"", "points_per_hour = \"1,5\"").unwrap_err();
    assert!(err.to_string().starts_with("earning.points_per_hour"), "{err}");
    let chinese = err.chinese();
    assert_eq!(chinese, "earning.points_per_hour：\"1,5\" 不是小数：请填如 \"1.5\"");
    let err = with("day_minutes = 1440", "day_minutes = 1441").unwrap_err();
    let english = "ladder.day_minutes: 1441 is out of range: give 1 to 1440";
    assert_eq!(err.to_string(), english);
    assert_eq!(err.chinese(), "ladder.day_minutes：1441 超出范围，应为 1 至 1440");
    let err = with("format = 1", "format = 1\nformat = 2").unwrap_err().chinese();
    assert!(err.contains("行：同一项写了两次"), "{err}");
    let long = format!("{DEFAULT}\n#{}", "x".repeat(BYTES_MAX));
    assert!(matches!(Rulebook::parse(&long), Err(BadRulebook::TooLong { .. })));
}

#[test]
fn a_category_may_earn_more() {
    let it = with("[earning.categories]", "[earning.categories]\n\"急救\" = \"1.5\"").unwrap();
    let aid = Category::new("急救").unwrap();
    assert_eq!(it.coefficient(Some(&aid)).to_string(), "1.5");
    assert_eq!(it.coefficient(None), Coefficient::ONE);
}
