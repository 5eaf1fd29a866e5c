//! What a refusal says: what and how much, in words of each language and of no other.

use lovebank_ledger::{
    ActivityName, BranchCode, DrawNo, DrawState, HelpNo, HelpState, Level, Period, Points,
    Provenance, RecordNo, RecordState, RedemptionNo, RedemptionState, Refusal, RefusalNote, Role,
    Roles, RunNo, RunState, Verb, VolunteerStatus,
};
use rust_decimal::Decimal;

/// Letters of the Latin alphabet, which a Chinese sentence needs for the names of verbs only.
fn latin(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphabetic).collect()
}

#[test]
fn a_refusal_says_how_much_in_both_languages() {
    let points = Points::from_hundredths;
    let it = Refusal::InsufficientPoints { available: points(1000), points: points(1001) };
    let note = it.note();
    assert_eq!(it.to_string(), note.english());
    for text in [note.english(), note.chinese()] {
        assert!(text.contains("10.00") && text.contains("10.01"), "{text}");
        assert!(!text.contains(['{', '}']), "{text}");
    }
    assert_ne!(latin(&note.english()), "");
    assert_eq!(latin(&note.chinese()), "");
}

#[test]
fn what_is_wrong_with_a_text_or_an_amount_is_said_in_chinese() {
    let text = |text: &str| ActivityName::new(text).unwrap_err().chinese();
    assert_eq!(text(" "), "不能为空");
    let long = "敬".repeat(1000);
    assert!(text(&long).starts_with("有 1000 个字符，最多 "), "{}", text(&long));
    assert_eq!(text("敬\u{7}老"), "含有字符 '\\u{7}'，只允许 可显示的字符");
    let amount = |it: Decimal| Points::new(it).unwrap_err().chinese();
    assert_eq!(amount(Decimal::new(1, 3)), "小数最多 2 位");
    assert!(amount(Decimal::MAX).starts_with("须在 -"), "{}", amount(Decimal::MAX));
}

#[test]
fn who_lacks_a_role_is_told_which_ones_would_do() {
    let roles = Roles::of(Verb::FulfillRedemption);
    let note = Refusal::RoleRequired { verb: Verb::FulfillRedemption, roles }.note();
    let english = "FulfillRedemption needs one of these roles: clerk, approver, partner";
    assert_eq!(note.english(), english);
    assert_eq!(note.chinese(), "FulfillRedemption 需要以下角色之一：经办、复核、合作商户");
}

#[test]
fn every_role_state_and_level_has_a_chinese_word() {
    for verb in Verb::ALL.iter().copied() {
        let note = Refusal::RoleRequired { verb, roles: Roles::of(verb) }.note();
        assert_eq!(latin(&note.chinese()), verb.to_string());
    }
    for role in Role::ALL {
        assert_eq!(latin(&Refusal::GrantMismatch { role }.note().chinese()), "");
    }
    let (record, redemption) = (RecordNo::FIRST, RedemptionNo::FIRST);
    let mut all = Vec::new();
    {
        use RecordState::{Pending, Posted, Rejected, Reversed};
        let states = [Pending, Posted, Rejected, Reversed];
        all.extend(states.map(|state| Refusal::RecordState { record, state }));
    }
    {
        use RedemptionState::{
            Allocated, Cancelled, Expired, Fulfilled, NoShow, Reversed, Waiting,
        };
        let states = [Waiting, Allocated, Fulfilled, Cancelled, NoShow, Expired, Reversed];
        all.extend(states.map(|state| Refusal::RedemptionState { redemption, state }));
    }
    {
        use HelpState::{Agreed, Cancelled, Confirmed, Disputed, Expired, Open, Said};
        let states = [Open, Agreed, Said, Disputed, Confirmed, Cancelled, Expired];
        all.extend(states.map(|state| Refusal::HelpState { help: HelpNo::FIRST, state }));
    }
    let states = [DrawState::Waiting, DrawState::Approved, DrawState::Rejected];
    all.extend(states.map(|state| Refusal::DrawState { draw: DrawNo::FIRST, state }));
    let states = [RunState::Draft, RunState::Published, RunState::Final, RunState::Withdrawn];
    all.extend(states.map(|state| Refusal::RunState { run: RunNo::FIRST, state }));
    let states = [VolunteerStatus::Active, VolunteerStatus::Suspended, VolunteerStatus::Closed];
    all.extend(states.map(|status| Refusal::VolunteerNotActive { status }));
    let periods = [Period::Month, Period::Quarter, Period::Year, Period::Ever];
    all.extend(periods.map(|period| Refusal::LimitReached { most: 1, period }));
    let kinds = [Provenance::Opening, Provenance::Import, Provenance::Help, Provenance::Scanned];
    all.extend(kinds.map(|provenance| Refusal::ProvenanceReserved { provenance }));
    for it in all {
        let text = it.note().chinese();
        assert_eq!(latin(&text), "", "{text}");
        assert!(!text.contains(['{', '}']), "{text}");
    }
}

#[test]
fn a_word_that_a_caller_gave_is_told_as_it_was_given() {
    // A branch may be called as a role is: it is no role.
    let branch = BranchCode::new("clerk").unwrap();
    let text = Refusal::OutOfScope { branch }.note().chinese();
    assert!(text.contains("clerk"), "{text}");
}

#[test]
fn a_reason_of_a_later_version_is_told_as_one() {
    let note = RefusalNote { code: "NOT_YET_KNOWN".to_owned(), operands: Vec::new() };
    assert_eq!(note.english(), "refused for a reason of a later version of the bank");
    assert_eq!(note.chinese(), "因较新版本的规则被拒绝");
    assert_ne!(Level::Branch.to_string(), Level::Above.to_string());
}
