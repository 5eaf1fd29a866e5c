//! What a selection comes to, as messages and in words.

use lovebank_ledger::{
    Ledger,
    priority::{First, Key},
    recognition::{Candidate, Drift, Explained, Fate, Inputs, Seat, Standing},
};
use rust_decimal::Decimal;

use super::{branch_code, judged};
use crate::v1;

/// What became of someone.
pub fn fate(it: Option<Fate>) -> v1::Fate {
    match it {
        None => v1::Fate::NotLookedAt,
        Some(Fate::Chosen(Seat::Branch)) => v1::Fate::ChosenOfBranch,
        Some(Fate::Chosen(Seat::Best)) => v1::Fate::Chosen,
        Some(Fate::Chosen(Seat::Tie)) => v1::Fate::ChosenAsEqual,
        Some(Fate::NoPlace) => v1::Fate::NoPlace,
        Some(Fate::NotEligible) => v1::Fate::NotEligible,
        Some(Fate::Removed) => v1::Fate::Removed,
    }
}

/// One who was looked at; number and name are the edge's to add.
pub fn selection_row(ledger: &Ledger<'_>, it: &Candidate) -> v1::SelectionRow {
    v1::SelectionRow {
        passbook_no: it.passbook.get(),
        volunteer_number: String::new(),
        masked_name: String::new(),
        branch_code: branch_code(ledger, it.home),
        minutes: it.minutes.get(),
        fate: fate(Some(it.fate)).into(),
        place: it.place.unwrap_or(0),
        scores: it.scores.iter().map(|it| decimal(*it)).collect(),
        not_met: positions(it.failed),
        waived: positions(it.waived),
    }
}

/// The positions of bits, from 1.
fn positions(bits: u32) -> Vec<u32> {
    let set = (0..32_u32).filter(|it| bits.checked_shr(*it).unwrap_or(0) & 1 == 1);
    set.map(|it| it.saturating_add(1)).collect()
}

fn decimal(it: Option<Decimal>) -> String {
    it.map(|it| it.normalize().to_string()).unwrap_or_default()
}

/// Someone whose place would be another; number and name are the edge's to add.
pub fn drift(it: &Drift) -> v1::DriftRow {
    let standing = |it: Standing| v1::RunStanding {
        fate: fate(it.fate).into(),
        place: it.place.unwrap_or(0),
        minutes: it.minutes.get(),
    };
    v1::DriftRow {
        passbook_no: it.passbook.get(),
        volunteer_number: String::new(),
        masked_name: String::new(),
        then: Some(standing(it.then)),
        now: Some(standing(it.now)),
    }
}

/// What became of someone, and what would have been needed.
pub fn outcome(
    ledger: &Ledger<'_>,
    inputs: &Inputs<'_>,
    it: &Explained,
) -> v1::ExplainOutcomeResponse {
    let programme = inputs.programme;
    let conditions = programme.eligible.iter().zip(&it.conditions);
    let conditions = conditions.map(|(clause, (it, waived))| judged(clause, it, *waived));
    let keys = programme.order.iter().zip(&it.keys);
    let keys = keys.map(|(key, (own, last))| v1::ComparedKey {
        english: key.english.clone(),
        chinese: key.chinese.clone(),
        own: decimal(*own),
        last: decimal(*last),
        highest_first: key.first == First::Highest,
    });
    let mut shown = v1::ExplainOutcomeResponse {
        read_seq: 0,
        fate: fate(it.fate).into(),
        place: it.place.unwrap_or(0),
        minutes: it.minutes.get(),
        branch_code: branch_code(ledger, it.home),
        conditions: conditions.collect(),
        keys: keys.collect(),
        message: String::new(),
        message_zh: String::new(),
    };
    (shown.message, shown.message_zh) = words(&shown, it, &programme.order);
    shown
}

/// The same in words, in English and Chinese.
fn words(shown: &v1::ExplainOutcomeResponse, it: &Explained, keys: &[Key]) -> (String, String) {
    let place = shown.place;
    match it.fate {
        None => (
            "not looked at: no service on the days, and no nomination".to_owned(),
            "未列入：所评日期内没有服务，也未获提名".to_owned(),
        ),
        Some(Fate::Chosen(_)) => (format!("chosen, place {place}"), format!("入选，第 {place} 名")),
        Some(Fate::Removed) => ("out after an objection".to_owned(), "因异议成立而除名".to_owned()),
        Some(Fate::NoPlace) => {
            let (english, chinese) = behind(it, keys);
            (
                format!("eligible, place {place}, and no place was left{english}"),
                format!("符合条件，第 {place} 名，名额已满{chinese}"),
            )
        }
        Some(Fate::NotEligible) => {
            let unmet = shown.conditions.iter().filter(|it| !it.met && !it.waived);
            let (english, chinese): (Vec<_>, Vec<_>) = unmet.map(unmet_words).unzip();
            (
                format!("not eligible: {}", english.join("; ")),
                format!("不符合条件：{}", chinese.join("；")),
            )
        }
    }
}

/// What is missing of a condition.
fn unmet_words(it: &v1::JudgedCondition) -> (String, String) {
    let (mut english, mut chinese) = (it.english.clone(), it.chinese.clone());
    if !it.value.is_empty() {
        english = format!("{english} is {}", it.value);
        chinese = format!("{chinese}为 {}", it.value);
    }
    match it.missing.strip_prefix('-') {
        Some(over) => (format!("{english}, too much by {over}"), format!("{chinese}，超出 {over}")),
        None if it.missing.is_empty() => (english, chinese),
        None => (
            format!("{english}, short by {}", it.missing),
            format!("{chinese}，尚缺 {}", it.missing),
        ),
    }
}

/// By what someone came after the last who was chosen: the first key that tells them apart.
fn behind(it: &Explained, keys: &[Key]) -> (String, String) {
    let told = keys.iter().zip(&it.keys).find(|(_, (own, last))| own != last);
    let Some((key, (own, last))) = told else { return (String::new(), String::new()) };
    let (own, last) = (decimal(*own), decimal(*last));
    (
        format!(": {} is {own}, and of the last who was chosen {last}", key.english),
        format!("：{}为 {own}，最后一名入选者为 {last}", key.chinese),
    )
}
