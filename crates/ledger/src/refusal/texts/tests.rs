//! Every refusal has its words, in both languages.

use super::*;

#[test]
fn every_code_has_its_texts_in_the_order_of_checks() {
    let source = include_str!("../mod.rs");
    let of_arm = |line: &'static str| line.split_once("=> \"")?.1.strip_suffix("\",");
    let codes: Vec<_> = source.lines().filter_map(of_arm).collect();
    for table in [TEXTS, points::TEXTS, honours::TEXTS, imports::TEXTS, merges::TEXTS] {
        let own = codes.iter().copied().filter(|code| table.iter().any(|it| it.0 == *code));
        assert_eq!(own.collect::<Vec<_>>(), table.iter().map(|it| it.0).collect::<Vec<_>>());
    }
    let known = TEXTS.len() + points::TEXTS.len() + honours::TEXTS.len();
    assert_eq!(codes.len(), known + imports::TEXTS.len() + merges::TEXTS.len());
}

#[test]
fn both_languages_name_the_same_operands() {
    let operands = |text: &str| {
        let mut found: Vec<_> =
            text.split('{').skip(1).map(|it| it.split('}').next().unwrap().to_owned()).collect();
        found.sort();
        found.dedup();
        found
    };
    let all = TEXTS.iter().chain(points::TEXTS).chain(honours::TEXTS);
    for (code, it) in all.chain(imports::TEXTS).chain(merges::TEXTS) {
        assert_eq!(operands(it.english), operands(it.chinese), "{code}");
    }
}
