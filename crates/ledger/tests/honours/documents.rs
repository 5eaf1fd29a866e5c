//! Schemes and programmes as documents: those that ship, and what is wrong with others.

use lovebank_ledger::{
    BranchKind, DEFAULT_RULEBOOK, Minutes, Rulebook,
    recognition::{Rest, Ties},
};

use crate::town::name;

fn shipped() -> Rulebook {
    let awards = include_str!("../../../../deploy/awards.toml");
    Rulebook::parse(&[DEFAULT_RULEBOOK, awards].join("\n")).unwrap()
}

#[test]
fn those_that_ship_say_the_numbers_of_the_field() {
    let rules = shipped();
    let names: Vec<_> = rules.schemes().iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["longgang-2023", "national", "pvsa", "pvsa-lifetime", "shenzhen-5"]);
    // The star of hours is that of the national scheme.
    for (hours, star) in [(99, 0), (100, 1), (299, 1), (600, 3), (1499, 4), (1500, 5)] {
        assert_eq!(rules.star(Minutes::new(hours * 60)), star, "{hours}");
    }
    let longgang = rules.scheme(&name("longgang-2023")).unwrap();
    let by: Vec<_> = longgang.stars.iter().map(|it| it.approved_by).collect();
    let street = Some(BranchKind::Street);
    assert_eq!(by, [street, street, street, Some(BranchKind::District)]);
    let pvsa = rules.scheme(&name("pvsa")).unwrap();
    assert!(pvsa.is_yearly() && pvsa.age_bands == [5, 11, 16, 26] && pvsa.stars.len() == 12);

    let baoan = rules.programme(&name("baoan-2022")).unwrap();
    assert_eq!((baoan.places.most, baoan.ties), (Some(100), Ties::AllIn));
    let waivable: Vec<_> = baoan.eligible.iter().filter(|it| it.waivable).collect();
    assert_eq!(waivable.iter().map(|it| it.text()).collect::<Vec<_>>(), ["minutes"]);
    let hundred = rules.programme(&name("hundred")).unwrap();
    assert_eq!(hundred.places.per_branch, Some((BranchKind::Community, 1)));
    assert_eq!((hundred.places.rest, hundred.ties), (Rest::Best, Ties::OldestFirst));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_is_wrong_with_a_document_is_told() {
    let scheme =
        |rest: &str| format!("[star_schemes.x]\nenglish = \"x\"\nchinese = \"甲\"\n{rest}");
    let programme = |rest: &str| {
        format!("[programmes.x]\nenglish = \"x\"\nchinese = \"甲\"\nlevel = \"city\"\n{rest}")
    };
    let star = "{ level = 1, english = \"1\", chinese = \"一\", hours = 1 }";
    let clause = "{ english = \"a\", chinese = \"甲\", value = \"minutes\", least = 1 }";
    let many = |item: &str, count: usize| vec![item; count].join(", ");
    for (text, told) in [
        (scheme("stars = []"), "give 1 to 64"),
        (scheme(&format!("stars = [{}]", many(star, 65))), "it has 65 stars"),
        (scheme("stars = [{ level = 11, english = \"1\", chinese = \"一\", hours = 1 }]"), "level"),
        (scheme("stars = [{ level = 1, english = \"1\", chinese = \"一\" }]"), "no condition"),
        (
            scheme("stars = [{ level = 1, english = \"1\", chinese = \"一\", age_band = 5 }]"),
            "age_bands",
        ),
        (
            programme("eligible = [{ english = \"a\", chinese = \"甲\" }]"),
            "either condition, or value",
        ),
        (
            programme(
                "eligible = [{ english = \"a\", chinese = \"甲\", condition = \"minuts > 1\" }]",
            ),
            "minuts",
        ),
        (
            programme(
                "eligible = [{ english = \"a\", chinese = \"甲\", condition = \"age_band > 1\" }]",
            ),
            "age_bands",
        ),
        (programme(&format!("eligible = [{}]", many(clause, 17))), "it has 17 conditions"),
        (programme("notice_working_days = 0"), "notice_working_days"),
        (programme("places = { most = 10001 }"), "places.most"),
        (programme("places = { per_branch = 1 }"), "branch_kind"),
        (programme("places = { branch_kind = \"village\" }"), "no kind of branch"),
        (programme("days = { begins = \"02-29\" }"), "no day of every year"),
        (programme("age_bands = [18, 0]"), "rising ages"),
    ] {
        let err = Rulebook::parse(&[DEFAULT_RULEBOOK, &text].join("\n")).unwrap_err().to_string();
        assert!(err.contains(told), "{text}: {err}");
    }
    for fine in [
        scheme(&format!("stars = [{}]", many(star, 64))),
        programme(&format!("eligible = [{}]", many(clause, 16))),
        programme("places = { most = 10000 }"),
    ] {
        Rulebook::parse(&[DEFAULT_RULEBOOK, &fine].join("\n")).unwrap();
    }
}
